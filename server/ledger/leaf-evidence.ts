// GET /api/leaves/:index: what stands behind a printed code, for those who may see it. To everybody else it is as if there were nothing,
// and nothing is written down: the place of a leaf is public, and who asks about it is nobody's business.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { categoryOf, isSealed } from '../../core/access/categories.ts';
import type { Rule } from '../../core/access/decide.ts';
import { decide } from '../../core/access/decide.ts';
import { parseJson } from '../../core/fhir/json.ts';
import type { Resource } from '../../core/fhir/types.ts';
import type { PersonActor } from '../http/actor.ts';
import { agentFamily } from '../http/agent-family.ts';
import type { Deps } from '../http/deps.ts';
import { requirePerson, whoOfPerson } from '../http/require-person.ts';
import { heldNow } from '../storage/authorities.ts';
import type { StoredEntry } from '../storage/entries.ts';
import { findEntryOfLeaf } from '../storage/entries.ts';
import { findResource } from '../storage/resource-store.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import { absentEntry, proven, readStatement, recordOwnLook, ownStanding, stateOfEntry } from './entries.ts';

/**
 * The person's own entry comes with everything that proves it; of somebody else's record whoever may see the resource that was written
 * learns which one it is, and reads it where every reading is decided. Either is a look, in the log before the answer leaves.
 */
export const leafEvidence = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const actor = requirePerson(request);
  const { index } = request.params as { index: string };
  const found = /^(0|[1-9][0-9]{0,14})$/.test(index)
    ? await findEntryOfLeaf(deps.db.pool, Number(index))
    : undefined;
  if (!found) throw absentEntry();
  const { patientId, ...entry } = found;
  if (patientId === actor.patientId) {
    const answer = await proven(deps, entry);
    await recordOwnLook(deps, request, ownStanding(actor), 'verify', { count: 1, entry: entry.entryId });
    return reply.send({ ...answer, own: true });
  }
  return reply.send(await ofSomebodyElse(deps, request, actor, patientId, entry));
};

async function ofSomebodyElse(
  deps: Deps,
  request: FastifyRequest,
  actor: PersonActor,
  patientId: string,
  entry: StoredEntry,
): Promise<object> {
  const { on, content } = readStatement(entry.statement) ?? {};
  // Only what was written: who looked and what else was done there is for the person, and for whoever manages the record.
  if (on?.version === undefined || content === undefined) throw absentEntry();
  const standing = await findResource(deps.db.pool, on.type, on.id);
  if (!standing || standing.deleted || standing.patientId !== patientId) throw absentEntry();
  const resource = parseJson(standing.content) as Resource;
  const authorities = await heldNow(deps)(actor.accountId, [patientId]);
  const decision = decide({ kind: 'person', patientId: actor.patientId, authorities }, 'read', {
    patientId,
    resourceType: on.type,
    resourceId: on.id,
    category: categoryOf(resource),
    sealed: isSealed(resource),
  });
  if (!decision.allowed) throw absentEntry();
  const role = decision.rule === 'guardian' ? 'guardian' : 'professional';
  await deps.entries.store(
    sealEntry(
      patientId,
      {
        event: 'verify',
        outcome: 'done',
        who: { ...whoOfPerson(actor), role },
        basis: decision.rule,
        purpose: purposeOf(decision.rule),
        on: { type: on.type, id: on.id },
        agent: agentFamily(request.headers['user-agent']),
        detail: {
          count: 1,
          entry: entry.entryId,
          ...(decision.authority ? { authority: decision.authority.id } : {}),
        },
      },
      deps,
    ),
  );
  return { own: false, recordedAt: entry.recordedAt, ...(await stateOfEntry(deps, entry)), on };
}

function purposeOf(rule: Rule): string {
  if (rule === 'guardian') return 'FAMRQT';
  return rule === 'break-glass' ? 'BTG' : 'TREAT';
}
