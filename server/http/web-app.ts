// Serves the built web app: hashed files for a year, the page itself never from a cache.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** `folder` holds index.html and assets/. Unknown paths that look like pages get the app, which knows its own routes. */
export async function serveWebApp(app: FastifyInstance, folder: string): Promise<void> {
  const indexPath = join(folder, 'index.html');
  const built = existsSync(indexPath);
  const page = built
    ? await readFile(indexPath, 'utf8')
    : '<!doctype html><title>Medallion</title><p>The web app is not built. Run: npm run build';
  if (built) {
    await app.register(fastifyStatic, {
      root: folder,
      index: false,
      wildcard: false,
      preCompressed: true,
      cacheControl: false,
      setHeaders: (response, path) => {
        response.header(
          'cache-control',
          path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
        );
      },
    });
  }
  const sendPage = (reply: FastifyReply, status: number) =>
    reply.code(status).header('cache-control', 'no-cache').type('text/html; charset=utf-8').send(page);
  app.get('/', (_request, reply) => sendPage(reply, 200));
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    const isPage =
      (request.method === 'GET' || request.method === 'HEAD') &&
      !/^\/(api|fhir|log|oauth|e|dicom-web|shl|assets|\.well-known)(\/|$)|\.[a-z0-9]{2,5}$/.test(path);
    if (isPage) return sendPage(reply, 200);
    if (path.startsWith('/fhir/')) {
      return reply
        .code(404)
        .type('application/fhir+json; charset=utf-8')
        .send(
          '{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"not-found","diagnostics":"There is no such address on this server."}]}',
        );
    }
    return reply.code(404).type('application/problem+json; charset=utf-8').send({
      type: 'about:blank',
      title: 'There is nothing at this address.',
      status: 404,
      code: 'not-found',
      requestId: request.id,
    });
  });
}
