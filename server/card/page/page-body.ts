// A page as it leaves: bytes, plain and compressed, and the headers that keep it out of caches, indexes and other sites.
import { gzipSync } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { styleSource } from './style.ts';

export interface PageBody {
  plain: Buffer;
  gzip: Buffer;
}

export function pageBody(page: string): PageBody {
  const plain = Buffer.from(page, 'utf8');
  return { plain, gzip: gzipSync(plain, { level: 6 }) };
}

/** No script, no font, no frame, no other host. */
export const pagePolicy = [
  "default-src 'none'",
  "img-src 'self'",
  `style-src ${styleSource}`,
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

const headers = {
  'content-security-policy': pagePolicy,
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex, nofollow, noarchive',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
  vary: 'accept-encoding',
  'content-type': 'text/html; charset=utf-8',
} as const;

/** `framed`: our own pages may show it inside themselves. */
export function sendPage(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  body: PageBody,
  framed = false,
): FastifyReply {
  reply.code(status).headers(headers);
  if (framed) {
    reply.header(
      'content-security-policy',
      pagePolicy.replace("frame-ancestors 'none'", "frame-ancestors 'self'"),
    );
    reply.header('x-frame-options', 'SAMEORIGIN');
  }
  if (!acceptsGzip(request.headers['accept-encoding'])) return reply.send(body.plain);
  return reply.header('content-encoding', 'gzip').send(body.gzip);
}

function acceptsGzip(accepted: string | string[] | undefined): boolean {
  return /(^|[\s,])(gzip|\*)\s*(;\s*q=(0?\.\d*[1-9]|1))?\s*(,|$)/i.test(String(accepted ?? ''));
}
