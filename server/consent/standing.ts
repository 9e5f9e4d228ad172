// On what somebody stands here: a clinician with a valid licence, the person themself, or a guardian of the level that is needed.
import type { FastifyRequest } from 'fastify';
import type { Act } from '../../core/access/decide.ts';
import type { StatementWho } from '../../core/ledger/statement.ts';
import { ApiError } from '../errors.ts';
import type { Standing } from '../http/acting-for.ts';
import { requireActing } from '../http/acting-for.ts';
import type { PersonActor } from '../http/actor.ts';
import { requirePerson } from '../http/require-person.ts';
import { heldNow } from '../storage/authorities.ts';
import type { Member } from '../storage/members.ts';
import { isVerifiedClinician, listMemberships } from '../storage/members.ts';
import type { ConsentRoom } from './consent-room.ts';

/** Throws 403 `licence-needed`: also from the day on that the licence has lapsed. */
export async function requireClinician(
  room: ConsentRoom,
  request: FastifyRequest,
): Promise<{ actor: PersonActor; member: Member }> {
  const actor = requirePerson(request);
  const member = isVerifiedClinician(await listMemberships(room.db.pool, actor.accountId), room.now());
  if (!member)
    throw new ApiError(403, 'licence-needed', 'Only a clinician whose licence was checked may do this.');
  return { actor, member };
}

/** Who may answer, share or make guardians for this person. Throws 404 when it is as if there were no such record, else 403. */
export function requireStanding(
  room: ConsentRoom,
  request: FastifyRequest,
  act: Extract<Act, 'answer' | 'share' | 'guard'>,
  patientId: string,
): Promise<Standing> {
  return requireActing(requirePerson(request), act, patientId, heldNow(room));
}

export function whoOfClinician(actor: PersonActor, member: Member): StatementWho {
  return {
    role: 'professional',
    account: actor.accountId,
    reference: member.practitionerId
      ? `Practitioner/${member.practitionerId}`
      : `Organization/${member.organizationId}`,
    ...(actor.name ? { name: actor.name } : {}),
  };
}
