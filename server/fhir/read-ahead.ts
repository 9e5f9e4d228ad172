// What an address names is looked up while it is still being found out who asks: one wait instead of two. Nobody is shown anything
// before it is decided, and whoever brings no credentials costs no look-up.
import type { FastifyRequest } from 'fastify';
import { isResourceId } from '../../core/fhir/ids.ts';
import { isResourceType } from '../../core/fhir/resource-types.ts';
import type { Deps } from '../http/deps.ts';
import type { StoredVersion } from '../storage/resource-store.ts';

/** What stands under `type` and `id`, being looked up since the request came. */
export interface Ahead {
  type: string;
  id: string;
  found: Promise<StoredVersion | undefined>;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route reads what its address names: `type` and `id` of the path, or this type and `id`. */
    readsAhead?: true | 'Patient';
  }
  interface FastifyRequest {
    ahead: Ahead | undefined;
  }
}

/** An onRequest hook, before the one that finds out who asks. */
export const readAhead = (deps: Pick<Deps, 'resources'>) => async (request: FastifyRequest) => {
  const { readsAhead } = request.routeOptions.config;
  if (readsAhead === undefined) return;
  const { cookie, authorization } = request.headers;
  if (cookie === undefined && authorization === undefined) return;
  const { type, id } = { type: readsAhead, ...(request.params as { type?: string; id?: string }) };
  if (typeof type !== 'string' || !isResourceType(type) || !isResourceId(id)) return;
  const found = deps.resources.find(type, id);
  // Whoever waits for it is told; a request that is refused first waits for nothing.
  found.catch(() => undefined);
  request.ahead = { type, id, found };
};
