// read and vread (FHIR R4 RESTful API): one stored text, one entry in the log. A denial is answered as if nothing were there.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Subset } from '../../core/fhir/subset.ts';
import type { Deps } from '../http/deps.ts';
import { FhirError, fhirError } from '../errors.ts';
import type { StoredVersion } from '../storage/resource-store.ts';
import { findVersion } from '../storage/resource-store.ts';
import type { FhirAnswer } from './answer.ts';
import { sendAnswer, versionHeaders } from './answer.ts';
import type { RequestContext } from './asker.ts';
import { requireContext } from './asker.ts';
import { actingBy, decideOn, withAuthorities } from './authorise.ts';
import { recordLook } from './looks.ts';
import type { Conditional } from './preconditions.ts';
import { isKnown } from './preconditions.ts';
import { readProvenance } from './provenance.ts';
import { requireQuery, viewOf, viewParameters, viewText } from './prefer.ts';
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
): Promise<{ found: StoredVersion; rule: string; context: RequestContext }> {
  await requireScope(deps, context, 'read', type);
  const { ahead } = context;
  const found = await (ahead?.type === type && ahead.id === id ? ahead.found : deps.resources.find(type, id));
  if (!found) throw notFound();
  const inRecord = await withAuthorities(deps, context, [found.patientId]);
  const decision = decideOn(inRecord, 'read', found);
  if (!decision.allowed) {
    await recordLook(deps, context, found.patientId, {
      event: 'read',
      basis: decision.rule,
      outcome: 'refused',
      on: { type, id },
    });
    throw notFound();
  }
  return { found, rule: decision.rule, context: actingBy(inRecord, decision) };
}

/** What a read or vread answers, whoever carries it: the door, or an entry of a Bundle. */
export async function readAnswer(
  deps: Deps,
  asking: RequestContext,
  { type, id, vid }: Target,
  conditional: Conditional = {},
  view?: Subset,
): Promise<FhirAnswer> {
  requireType(type);
  requireId(id);
  if (vid !== undefined && !/^[1-9][0-9]{0,8}$/.test(vid)) throw notFound();
  if (type === 'Provenance' && (vid === undefined || vid === '1')) {
    await requireScope(deps, asking, 'read', type);
    const made = await readProvenance(deps, asking, id, (content) => viewText(content, view));
    if (made) return made;
  }
  const { found: current, rule, context } = await requireReadable(deps, asking, type, id);
  const found =
    vid === undefined ? current : await findVersion(deps.db.pool, current.patientId, type, id, Number(vid));
  // Each version is decided on by what it says: an earlier one may have been sealed.
  if (!found || !(found.deleted || decideOn(context, 'read', found).allowed)) throw notFound();
  if (found.deleted)
    throw fhirError(
      410,
      'deleted',
      vid === undefined ? 'This resource was deleted.' : 'This version is the deletion itself.',
    );
  await recordLook(deps, context, found.patientId, {
    event: vid === undefined ? 'read' : 'vread',
    basis: rule,
    on: { type, id, version: found.version },
  });
  const headers = versionHeaders(found);
  if (isKnown(conditional, found)) return { status: 304, headers };
  return { status: 200, headers, body: viewText(found.content, view) };
}

/** read, and vread where the address names a version. */
export const read = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const context = requireContext(request);
  const target = request.params as Target;
  const { 'if-none-match': ifNoneMatch, 'if-modified-since': ifModifiedSince } = request.headers;
  const view = viewOf(requireQuery(request, viewParameters), requireType(target.type));
  return sendAnswer(reply, await readAnswer(deps, context, target, { ifNoneMatch, ifModifiedSince }, view));
};
