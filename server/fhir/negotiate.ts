// What every FHIR route agrees with its client before anything else: JSON and nothing else, laid out if asked for, an id for the
// request, and which methods an address takes.
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { prettyJson } from '../../core/fhir/pretty-json.ts';
import { FhirError, fhirError } from '../errors.ts';

const jsonFormats = new Set([
  'json',
  'application/json',
  'application/fhir+json',
  'text/json',
  '*/*',
  'application/*',
]);
const formatNames: Readonly<Record<string, string>> = {
  xml: 'XML',
  'text/xml': 'XML',
  'application/xml': 'XML',
  'application/fhir+xml': 'XML',
  'application/xml-patch+xml': 'XML Patch',
  ttl: 'Turtle',
  turtle: 'Turtle',
  'text/turtle': 'Turtle',
  'application/fhir+turtle': 'Turtle',
  html: 'HTML',
  'text/html': 'HTML',
};
const allMethods = ['DELETE', 'GET', 'PATCH', 'POST', 'PUT'] as const;

/** An onRequest hook. Throws 406 when the answer would be in nothing the client takes; `_format` counts before `Accept`. */
export async function agreeOnFormat(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const given = request.headers['x-request-id'];
  if (typeof given === 'string' && /^[A-Za-z0-9._:-]{1,64}$/.test(given)) reply.header('x-request-id', given);
  // PostgreSQL holds no such character, and no name, id, code or address has one.
  if (request.url.includes('%00'))
    throw fhirError(400, 'value', 'An address holds no character with the code 0.', 'http.query');
  // Discovery is JSON whatever is accepted (SMART App Launch); files of an export are what they are.
  if (/\/(\.well-known|\$bulk-file)\//.test(request.routeOptions.url ?? '')) return;
  const { _format: format } = request.query as Record<string, unknown>;
  if (format !== undefined) {
    // A plus sign that was not escaped arrives as a space.
    const wanted = typeof format === 'string' ? format.trim().replace(' ', '+').toLowerCase() : '';
    requireAcceptable(wanted.split(','), 'http._format');
  } else if (request.headers.accept !== undefined) {
    requireAcceptable(request.headers.accept.split(','), 'http.Accept');
  }
}

function requireAcceptable(formats: readonly string[], expression: string): void {
  const wanted = formats.map((one) => mediaType(one));
  if (wanted.some(({ type, version }) => jsonFormats.has(type) && isVersionFour(version))) return;
  const named = wanted.map(({ type }) => formatNames[type]).find((name) => name !== undefined);
  throw fhirError(
    406,
    'not-supported',
    `${named ?? 'This format'} is not offered; answers are application/fhir+json of FHIR 4.0.`,
    expression,
  );
}

function mediaType(text: string): { type: string; version: string | undefined } {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  return {
    type,
    version: parameters
      .map((one) => /^fhirversion="?([0-9.]+)"?$/.exec(one)?.[1])
      .find((one) => one !== undefined),
  };
}

const isVersionFour = (version: string | undefined): boolean =>
  version === undefined || /^4\.0(\.1)?$/.test(version);

/** For content types that no route takes: 415, by name. */
export function refuseContentType(request: FastifyRequest): FhirError {
  const { type } = mediaType(request.headers['content-type'] ?? '');
  const name = formatNames[type] ?? 'This kind of content';
  return fhirError(
    415,
    'not-supported',
    `${name} is not taken here; send application/fhir+json, or application/json-patch+json to patch.`,
    'http.Content-Type',
  );
}

/** A preParsing check: a body that says it is of another FHIR version is refused. */
export async function requireBodyVersion(request: FastifyRequest): Promise<void> {
  const header = request.headers['content-type'];
  if (header === undefined) return;
  const { version } = mediaType(header);
  if (!isVersionFour(version))
    throw fhirError(415, 'not-supported', 'Resources are of FHIR 4.0 here.', 'http.Content-Type');
  const charset = /charset="?([A-Za-z0-9_-]+)/i.exec(header)?.[1];
  if (charset !== undefined && !/^utf-?8$/i.test(charset))
    throw fhirError(415, 'not-supported', 'Text is in UTF-8 here.', 'http.Content-Type');
}

/** An onSend hook. */
export async function layOut(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<unknown> {
  const { _pretty: pretty } = request.query as Record<string, unknown>;
  if (pretty !== 'true' || typeof payload !== 'string' || payload === '') return payload;
  if (!String(reply.getHeader('content-type') ?? '').startsWith('application/fhir+json')) return payload;
  reply.removeHeader('content-length');
  return prettyJson(payload);
}

/** Every route of the plugin as it is added, by address: what runs is what is said. */
export type OfferedRoutes = Map<string, Set<string>>;

export function collectRoutes(app: FastifyInstance): OfferedRoutes {
  const offered: OfferedRoutes = new Map();
  app.addHook('onRoute', ({ url: address, method }: RouteOptions) => {
    // The base is added with and without its slash.
    const url = address.replace(/\/$/, '');
    const methods = offered.get(url) ?? new Set<string>();
    for (const one of [method].flat()) methods.add(one);
    offered.set(url, methods);
  });
  return offered;
}

/** Gives every address an answer to the methods that it does not take: 405 and what it takes. Call after the last route. */
export function refuseOtherMethods(app: FastifyInstance, offered: OfferedRoutes, prefix: string): void {
  // A copy: each route added is collected in its turn.
  for (const [url, methods] of Array.from(offered)) {
    const others = allMethods.filter((method) => !methods.has(method));
    if (others.length === 0) continue;
    const allow = [...methods].toSorted().join(', ');
    app.route({
      method: [...others],
      url: url.slice(prefix.length) || '/',
      // Before a body is read.
      onRequest: async () => {
        throw new FhirError(
          405,
          [{ severity: 'error', code: 'not-supported', diagnostics: `This address takes ${allow}.` }],
          { allow },
        );
      },
      handler: async () => undefined,
    });
  }
}
