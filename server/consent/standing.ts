// On what somebody stands here: a clinician with a valid licence, the person themself, or a guardian of the level that is needed.
import type { FastifyRequest } from 'fastify';
import type { Act, Asker, Decision } from '../../core/access/decide.ts';
import { decide } from '../../core/access/decide.ts';
import type { StatementWho } from '../../core/ledger/statement.ts';
import { ApiError } from '../errors.ts';
import type { PersonActor } from '../http/actor.ts';
import { requirePerson, whoOfPerson } from '../http/require-person.ts';
import { listAuthorities } from '../storage/authorities.ts';
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

export interface Standing {
  actor: PersonActor;
  patientId: string;
  decision: Decision;
  who: StatementWho;
}

/** Who may answer, share or make guardians for this person. Throws 404 when it is as if there were no such record, else 403. */
export async function requireStanding(
  room: ConsentRoom,
  request: FastifyRequest,
  act: Extract<Act, 'answer' | 'share' | 'guard'>,
  patientId: string,
): Promise<Standing> {
  const actor = requirePerson(request);
  const authorities =
    patientId === actor.patientId
      ? []
      : await listAuthorities(room.db.pool, actor.accountId, room.now(), [patientId]);
  const asker: Asker = { kind: 'person', patientId: actor.patientId, authorities };
  const decision = decide(asker, act, { patientId, resourceType: 'Consent' });
  if (decision.allowed) return { actor, patientId, decision, who: whoFor(actor, patientId) };
  if (decision.rule === 'guardian-level-too-low')
    throw new ApiError(
      403,
      'guardian-level-too-low',
      'You may look after this record, but not do this for it.',
    );
  throw new ApiError(404, 'not-found', 'There is no such thing, or you may not see it.');
}

/** As the entry names them: a guardian acts under their own name in the record of the one they stand for. */
export function whoFor(actor: PersonActor, patientId: string): StatementWho {
  const who = whoOfPerson(actor);
  return patientId === actor.patientId ? who : { ...who, role: 'guardian' };
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

/** The record that a route speaks of: the own one unless `?patient=` or the body says another. */
export function patientNamed(request: FastifyRequest, actor: PersonActor): string {
  const { patient } = request.query as { patient?: unknown };
  return typeof patient === 'string' && patient !== '' ? patient.slice(0, 64) : actor.patientId;
}
