// On what somebody stands who acts in a record: their own, or that of one they are a guardian of, at the level that the act needs.
import type { FastifyRequest } from 'fastify';
import type { Authority } from '../../core/access/authority.ts';
import type { Act, Decision } from '../../core/access/decide.ts';
import { decide } from '../../core/access/decide.ts';
import type { StatementWho } from '../../core/ledger/statement.ts';
import { ApiError } from '../errors.ts';
import type { PersonActor } from './actor.ts';
import { whoOfPerson } from './require-person.ts';

export interface Standing {
  actor: PersonActor;
  patientId: string;
  decision: Decision;
  who: StatementWho;
}

/** What an account holds over these records at this moment. */
export type Held = (accountId: string, patientIds: readonly string[]) => Promise<readonly Authority[]>;

/** Throws 404 when it is as if there were no such record, 403 `guardian-level-too-low` or `custody-dispute`. */
export async function requireActing(
  actor: PersonActor,
  act: Extract<Act, 'answer' | 'share' | 'guard' | 'keep-card' | 'export' | 'read'>,
  patientId: string,
  held: Held,
  resourceType = 'Consent',
): Promise<Standing> {
  const authorities = patientId === actor.patientId ? [] : await held(actor.accountId, [patientId]);
  const asker = { kind: 'person', patientId: actor.patientId, authorities } as const;
  const decision = decide(asker, act, { patientId, resourceType, sealed: false });
  if (decision.allowed) return { actor, patientId, decision, who: whoFor(actor, patientId) };
  if (decision.rule === 'guardian-level-too-low')
    throw new ApiError(
      403,
      'guardian-level-too-low',
      'You may look after this record, but not do this for it.',
    );
  if (decision.rule === 'custody-dispute')
    throw new ApiError(
      403,
      'custody-dispute',
      'The guardians of this record are in dispute. This rests until it is settled; emergency data is open as before.',
    );
  throw new ApiError(404, 'not-found', 'There is no such thing, or you may not see it.');
}

/** As the entry names them: a guardian acts under their own name in the record of the one they stand for. */
export function whoFor(actor: PersonActor, patientId: string): StatementWho {
  const who = whoOfPerson(actor);
  return patientId === actor.patientId ? who : { ...who, role: 'guardian' };
}

/** The record that a route speaks of: the own one unless `?patient=` says another. */
export function patientNamed(request: FastifyRequest, actor: PersonActor): string {
  const { patient } = request.query as { patient?: unknown };
  return typeof patient === 'string' && patient !== '' ? patient.slice(0, 64) : actor.patientId;
}
