// How the web server is set up: limits of time and size, ids of requests, and a log in which no address can carry a card's token.
import type { FastifyServerOptions } from 'fastify';
import { LogController } from 'fastify';
import { answerError } from '../errors.ts';
import type { Deps } from './deps.ts';
import type { createLogStream } from './log-stream.ts';
import { setSecurityHeaders } from './security-headers.ts';

const megabyte = 1024 * 1024;

export function serverOptions(
  { config, randomBytes }: Pick<Deps, 'config' | 'randomBytes'>,
  logStream: ReturnType<typeof createLogStream>,
) {
  return {
    // Request lines would carry card tokens: only templates of routes are logged, in onResponse below.
    logger: { level: config.logLevel, stream: logStream },
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => Buffer.from(randomBytes(8)).toString('hex'),
    // Every line names its request itself.
    childLoggerFactory: (logger) => logger,
    requestIdHeader: false,
    trustProxy: config.trustProxy.length > 0 ? [...config.trustProxy] : false,
    bodyLimit: megabyte,
    requestTimeout: 30_000,
    connectionTimeout: 60_000,
    keepAliveTimeout: 10_000,
    // Addresses that cannot even be read reach no hook.
    frameworkErrors: (error, request, reply) => {
      setSecurityHeaders(reply, config.publicUrl.startsWith('https:'));
      reply.header('x-request-id', request.id);
      void answerError(error, request, reply);
    },
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: false },
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, allErrors: false } },
  } satisfies FastifyServerOptions;
}
