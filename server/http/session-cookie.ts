// The cookie that carries a session's token, and the only form in which the token is ever stored: its SHA-256.
import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** `__Host-`: browsers then insist on Secure, Path=/ and no Domain, so no sister host can plant one. */
const cookieName = '__Host-session';
const attributes = 'Path=/; Secure; HttpOnly; SameSite=Lax';

/** What the browser sent. No `tokenHash` when there is no cookie, or one that cannot hold a token of ours. */
export function readSessionCookie(request: FastifyRequest): { present: boolean; tokenHash?: Buffer } {
  const values = (request.headers.cookie ?? '')
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(`${cookieName}=`))
    .map((part) => part.slice(cookieName.length + 1));
  const [token] = values;
  // Two of one name: somebody interfered. Neither is believed.
  if (token === undefined || values.length > 1 || !/^[A-Za-z0-9_-]{43}$/.test(token)) {
    return { present: values.length > 0 };
  }
  return { present: true, tokenHash: hashToken(token) };
}

/** A new token: 256 random bits. */
export function newToken(randomBytes: (count: number) => Uint8Array): { token: string; tokenHash: Buffer } {
  const token = Buffer.from(randomBytes(32)).toString('base64url');
  return { token, tokenHash: hashToken(token) };
}

export function hashToken(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}

/** Without an age: the browser forgets it when it closes; the server ends it by its own clock in any case. */
export function setSessionCookie(reply: FastifyReply, token: string): void {
  send(reply, `${cookieName}=${token}; ${attributes}`);
}

export function clearSessionCookie(reply: FastifyReply): void {
  send(reply, `${cookieName}=; Max-Age=0; ${attributes}`);
}

/** In place of what was said of this cookie before: a dead one is taken away first, and a sign-in then sets its own. */
function send(reply: FastifyReply, line: string): void {
  const others = [reply.getHeader('set-cookie') ?? []]
    .flat()
    .filter((one) => !String(one).startsWith(`${cookieName}=`));
  reply.removeHeader('set-cookie');
  reply.header('set-cookie', [...others.map(String), line]);
}
