// read and vread (FHIR R4 RESTful API): one stored text, one entry in the log. A denial is answered as if nothing were there.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { decide } from '../../core/access/decide.ts';
import type { Deps } from '../http/deps.ts';
import { FhirError, fhirError } from '../errors.ts';
import type { StoredVersion } from '../storage/resource-store.ts';
import { findVersion } from '../storage/resource-store.ts';
import { sendVersion } from './answer.ts';
import type { RequestContext } from './asker.ts';
import { requireContext } from './asker.ts';
import { recordLook } from './looks.ts';
import { requireScope } from './require-scope.ts';
import { requireId, requireType } from './resource-types.ts';

interface Target {
  type: string;
  id: string;
  vid?: string;
}

export function notFound(): FhirError {
  return fhirError(404, 'not-found', 'There is no such resource, or you may not see it.');
}

/** What stands under type and id when the asker may read it; a refused look is logged and answered like an absent one. */
export async function requireReadable(
  deps: Deps,
  context: RequestContext,
  type: string,
  id: string,
): Promise<{ found: StoredVersion; rule: string }> {
  await requireScope(deps, context, 'read', type);
  const found = await deps.resources.find(type, id);
  if (!found) throw notFound();
  const decision = decide(context.asker, 'read', { patientId: found.patientId, resourceType: type });
  if (!decision.allowed) {
    await recordLook(deps, context, found.patientId, {
      event: 'read',
      basis: decision.rule,
      outcome: 'refused',
      on: { type, id },
    });
    throw notFound();
  }
  return { found, rule: decision.rule };
}

export const read = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const context = requireContext(request);
  const { type, id } = request.params as Target;
  requireType(type);
  requireId(id);
  const { found, rule } = await requireReadable(deps, context, type, id);
  if (found.deleted) throw fhirError(410, 'deleted', 'This resource was deleted.');
  await recordLook(deps, context, found.patientId, {
    event: 'read',
    basis: rule,
    on: { type, id, version: found.version },
  });
  if (request.headers['if-none-match'] === `W/"${found.version}"`)
    return reply.code(304).header('etag', `W/"${found.version}"`).send();
  return sendVersion(reply, found);
};

export const vread = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const context = requireContext(request);
  const { type, id, vid } = request.params as Target;
  requireType(type);
  requireId(id);
  if (!/^[1-9][0-9]{0,8}$/.test(vid ?? '')) throw notFound();
  const { found: current, rule } = await requireReadable(deps, context, type, id);
  const found = await findVersion(deps.db.pool, current.patientId, type, id, Number(vid));
  if (!found) throw notFound();
  if (found.deleted) throw fhirError(410, 'deleted', 'This version is the deletion itself.');
  await recordLook(deps, context, found.patientId, {
    event: 'vread',
    basis: rule,
    on: { type, id, version: found.version },
  });
  return sendVersion(reply, found);
};
