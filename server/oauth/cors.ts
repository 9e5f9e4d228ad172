// Pages of registered apps may call the token door, FHIR, DICOMweb and the files that a DocumentReference names from a browser, with a
// token and never with a cookie.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Deps } from '../http/deps.ts';
import { originIsRegistered } from '../storage/app-clients.ts';

const reachable =
  /^\/((fhir\/R4|dicom-web)(\/|$|\?)|api\/files\/[^/?]+(\?|$)|oauth\/(token|revoke|introspect)$)/;
const openToAll = /^\/(fhir\/R4\/(metadata|\.well-known\/)|\.well-known\/|oauth\/jwks)/;

/** An onRequest hook. Costs nothing where no `Origin` was sent; answers the questions that browsers ask before. */
export const allowApps =
  (deps: Pick<Deps, 'db' | 'config'>) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const { origin } = request.headers;
    if (
      origin === undefined ||
      origin === 'null' ||
      !(reachable.test(request.url) || openToAll.test(request.url))
    )
      return undefined;
    const asks =
      request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined;
    const open = openToAll.test(request.url);
    if (!open && !(origin.length <= 300 && (await originIsRegistered(deps.db.pool, origin))))
      return undefined;
    reply.headers({
      'access-control-allow-origin': open ? '*' : origin,
      'access-control-expose-headers':
        'ETag, Location, Content-Location, Last-Modified, WWW-Authenticate, Ledger-Entry',
      ...(open ? {} : { vary: 'Origin' }),
      'cross-origin-resource-policy': 'cross-origin',
    });
    if (!asks) return undefined;
    return reply
      .code(204)
      .headers({
        'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
        'access-control-allow-headers':
          'Authorization, Content-Type, Accept, Prefer, If-Match, If-None-Match, If-None-Exist, If-Modified-Since',
        'access-control-max-age': '600',
      })
      .send();
  };
