// What a handler asks before it acts for somebody: that they signed in, and, for sensitive changes, that they did so just now.
import type { FastifyRequest } from 'fastify';
import type { StatementWho } from '../../core/ledger/statement.ts';
import { ApiError } from '../errors.ts';
import type { PersonActor } from './actor.ts';

/** How long the password, once given, stands for consent to a sensitive change. */
export const proofLastsMs = 10 * 60_000;

export const challenge = { 'www-authenticate': 'Bearer realm="medallion"' };

/** Throws 401 `not-signed-in`, and 403 `person-required` for programs. */
export function requirePerson(request: FastifyRequest): PersonActor {
  if (request.actor.kind === 'client' || request.actor.kind === 'app')
    throw new ApiError(403, 'person-required', 'This is for people who sign in, not for programs.');
  if (request.actor.kind !== 'person')
    throw new ApiError(401, 'not-signed-in', 'Sign in first.', { headers: challenge });
  return request.actor;
}

/** As `requirePerson`; also throws 403 `reauthentication-required` when the password was given too long ago. */
export function requireProof(request: FastifyRequest, nowMs: number): PersonActor {
  const actor = requirePerson(request);
  const ageMs = nowMs - actor.provedAtMs;
  if (ageMs > proofLastsMs) {
    throw new ApiError(
      403,
      'reauthentication-required',
      'Give your password once more: this change is a sensitive one.',
    );
  }
  return actor;
}

/** The actor as an entry names them. */
export function whoOfPerson(actor: Pick<PersonActor, 'accountId' | 'patientId' | 'name'>): StatementWho {
  return {
    role: 'patient',
    account: actor.accountId,
    reference: `Patient/${actor.patientId}`,
    ...(actor.name ? { name: actor.name } : {}),
  };
}
