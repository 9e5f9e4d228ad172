// The verifier as one HTML file, to be taken away: always a download, because its script stands inside it and needs no server.
import { readFile } from 'node:fs/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../errors.ts';

export const verifierPage = (path: string) => async (_request: FastifyRequest, reply: FastifyReply) => {
  const page = await readFile(path).catch(() => undefined);
  if (!page) throw new ApiError(404, 'not-built', 'The verifier is not built here. Run: npm run build');
  return reply
    .type('text/html; charset=utf-8')
    .header('content-disposition', 'attachment; filename="medallion-verify.html"')
    .header('cache-control', 'no-cache')
    .send(page);
};
