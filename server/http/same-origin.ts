// Requests that change something under a cookie come from our own pages only: no reliance on SameSite alone.
import type { FastifyRequest } from 'fastify';
import { ApiError } from '../errors.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Throws 403 `cross-origin` when a browser says that another site sent this. Programs without a cookie are not concerned. */
export function requireSameOrigin(request: FastifyRequest, publicOrigin: string): void {
  if (safeMethods.has(request.method) || request.headers.cookie === undefined) return;
  const site = request.headers['sec-fetch-site'];
  const { origin } = request.headers;
  // A page with `Referrer-Policy: no-referrer` sends its own forms with `Origin: null`; which site it is says the browser alone.
  if (origin === 'null' && site === 'same-origin') return;
  if (
    origin !== undefined
      ? isOwnOrigin(origin, publicOrigin)
      : site === undefined || site === 'same-origin' || site === 'none'
  )
    return;
  throw new ApiError(403, 'cross-origin', 'This was sent from another site. Nothing was changed.');
}

export function isOwnOrigin(origin: string, publicOrigin: string): boolean {
  return [publicOrigin, ...loopbackTwins(publicOrigin)].includes(origin);
}

/** On a developer's machine `localhost` and `127.0.0.1` are one place under two names. */
function loopbackTwins(origin: string): string[] {
  const url = new URL(origin);
  if (!['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)) return [];
  const port = url.port ? `:${url.port}` : '';
  return ['localhost', '127.0.0.1', '[::1]'].map((host) => `${url.protocol}//${host}${port}`);
}
