// The doors that the authorization library answers itself: authorize and its way back, keys. Nothing of a proof goes further than our
// own door, and no session of the library's survives between two questions.
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Oauth } from './oauth.ts';
import type { AppProvider } from './provider.ts';

/**
 * The request as the library gets it: a stream of its own, so that its body is read once and by it. To the library every connection is
 * a secure one, as it is to browsers; addresses are those of the configuration, never what a request says of itself.
 */
export function forLibrary(
  oauth: Oauth,
  { raw }: FastifyRequest,
  change: { url?: string; form?: URLSearchParams } = {},
): IncomingMessage {
  const { host } = new URL(oauth.config.publicUrl);
  const body = Buffer.from(change.form?.toString() ?? '');
  const { authorization: _proved, ...headers } = raw.headers;
  return Object.assign(Readable.from(body.length > 0 ? [body] : [], { objectMode: false }), {
    method: raw.method,
    url: change.url ?? raw.url,
    httpVersion: raw.httpVersion,
    httpVersionMajor: raw.httpVersionMajor,
    httpVersionMinor: raw.httpVersionMinor,
    socket: raw.socket,
    complete: true,
    headers: {
      ...headers,
      host,
      'x-forwarded-host': host,
      'x-forwarded-proto': 'https',
      ...(change.form ? { 'content-length': String(body.length) } : {}),
    },
  }) as unknown as IncomingMessage;
}

/** Answers with what the library says. `form`: the body to take in place of the one that was read. */
export function handOn(
  oauth: Oauth,
  { provider, cameWith }: AppProvider,
  request: FastifyRequest,
  reply: FastifyReply,
  change: { url?: string; form?: URLSearchParams; withoutSession?: true } = {},
): FastifyReply {
  const asked = forLibrary(oauth, request, change);
  if (change.withoutSession && asked.headers.cookie !== undefined)
    asked.headers.cookie = asked.headers.cookie
      .split(';')
      .filter((part) => !/^\s*__Host-oauth(\.sig)?=/.test(part))
      .join(';');
  cameWith.set(asked, request);
  reply.hijack();
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) reply.raw.setHeader(name, value);
  void provider.callback()(asked, reply.raw);
  return reply;
}

export const authorize =
  (oauth: Oauth, open: () => Promise<AppProvider>) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const app = await open();
    const url = new URL(request.raw.url ?? '', oauth.config.publicUrl);
    // An app that wants to come back alone is asked about each time, so it need not say that it wants the question (OIDC, section 11).
    const scope = url.searchParams.getAll('scope');
    if (
      scope.length === 1 &&
      !url.searchParams.has('prompt') &&
      /(^| )offline_access( |$)/.test(scope[0] ?? '')
    )
      url.searchParams.set('prompt', 'consent');
    return handOn(oauth, app, request, reply, { url: `${url.pathname}${url.search}`, withoutSession: true });
  };

/** SMART asks for POST as well: the same question, asked by GET. */
export const authorizeByPost =
  () =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const form = typeof request.body === 'string' ? request.body : '';
    return reply.redirect(`/oauth/authorize?${new URLSearchParams(form).toString()}`, 303);
  };

/** The way back from the question, and the public keys. */
export const handOnAsIs =
  (oauth: Oauth, open: () => Promise<AppProvider>) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
    handOn(oauth, await open(), request, reply);
