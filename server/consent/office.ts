// The records office: what its officers share. Which entry is theirs to put right is decided by `amend`, from who wrote what stands.
import type { FastifyRequest } from 'fastify';
import { categoryOf, isSealed } from '../../core/access/categories.ts';
import { decide } from '../../core/access/decide.ts';
import { parseJson } from '../../core/fhir/json.ts';
import type { Resource } from '../../core/fhir/types.ts';
import type { StatementWho } from '../../core/ledger/statement.ts';
import { ApiError } from '../errors.ts';
import type { PersonActor } from '../http/actor.ts';
import { requirePerson } from '../http/require-person.ts';
import { isAskedFor } from '../storage/corrections.ts';
import type { KeptEntry } from '../storage/keepers.ts';
import { findKept } from '../storage/keepers.ts';
import { listMemberships } from '../storage/members.ts';
import type { ConsentRoom } from './consent-room.ts';

export interface Office {
  actor: PersonActor;
  officerAt: readonly string[];
}

/** Throws 403 `officer-only`. Read at the time of the request: suspended is suspended. */
export async function requireOfficer(room: ConsentRoom, request: FastifyRequest): Promise<Office> {
  const actor = requirePerson(request);
  const members = await listMemberships(room.db.pool, actor.accountId);
  const officerAt = members
    .filter(({ role }) => role === 'records')
    .map(({ organizationId }) => organizationId);
  if (officerAt.length === 0)
    throw new ApiError(403, 'officer-only', 'Only a records officer of an organisation may do this.');
  return { actor, officerAt };
}

export interface EntryOfOffice extends KeptEntry {
  type: string;
  id: string;
  resource: Resource;
  organizationId: string;
}

/** Throws 404 as if there were no such entry. */
export async function requireKept(
  room: ConsentRoom,
  { actor, officerAt }: Office,
  type: string,
  id: string,
): Promise<EntryOfOffice> {
  const notThere = () =>
    new ApiError(404, 'not-found', 'There is no such entry, or your organisation did not write it.');
  const found = await findKept(room.db.pool, type, id);
  if (!found || found.organizationId === null) throw notThere();
  const { patientId, organizationId } = found;
  const resource = parseJson(found.content) as Resource;
  const sealed = isSealed(resource);
  const asked = sealed && (await isAskedFor(room.db.pool, patientId, { type, id }, officerAt));
  const decision = decide({ kind: 'person', patientId: actor.patientId, officerAt }, 'amend', {
    patientId,
    resourceType: type,
    resourceId: id,
    category: categoryOf(resource),
    sealed,
    keptBy: organizationId,
    asked,
  });
  if (!decision.allowed) throw notThere();
  return { ...found, type, id, resource, organizationId };
}

export const whoOfOfficer = (actor: PersonActor, organizationId: string): StatementWho => ({
  role: 'organization',
  account: actor.accountId,
  reference: `Organization/${organizationId}`,
  ...(actor.name ? { name: actor.name } : {}),
});
