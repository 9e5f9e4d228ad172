// What every change of factors has in common: a fresh proof, the entry, the notice, the end of all other sessions and of whatever waits
// for a factor, a new token for this browser.
import type { FastifyRequest } from 'fastify';
import type { SecondFactor } from '../../core/sign-in/factors.ts';
import { secondStepOf } from '../../core/sign-in/factors.ts';
import type { StatementEvent } from '../../core/ledger/statement.ts';
import { makeRecoveryCode, recoveryCodeCount } from '../../core/sign-in/recovery-codes.ts';
import { ApiError } from '../errors.ts';
import { agentFamily } from '../http/agent-family.ts';
import type { PersonActor } from '../http/actor.ts';
import { challenge, requireProof, whoOfPerson } from '../http/require-person.ts';
import { findAccount } from '../storage/accounts.ts';
import type { Factors } from '../storage/factors.ts';
import { findFactors } from '../storage/factors.ts';
import { insertNotices } from '../storage/notices.ts';
import type { Queryable } from '../storage/queryable.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import { endStepsOf } from '../storage/second-steps.ts';
import { endOtherSessions } from '../storage/sessions.ts';
import { inTransaction } from '../storage/transaction.ts';
import { uuidV7 } from '../storage/uuid.ts';
import { writeBatch } from '../storage/write-batch.ts';
import type { Identity } from './identity.ts';
import { boundToAccount } from './judge-factor.ts';
import { startSession } from './start-session.ts';

/**
 * A fresh proof, and with it the second factor where the account has one. A session that was begun by a password alone, before a factor
 * came, cannot add another in its place. Throws as `requireProof`, and 403 `second-factor-required`.
 */
export async function requireFactorProof(
  identity: Identity,
  request: FastifyRequest,
): Promise<{ actor: PersonActor; factors: Factors }> {
  const actor = requireProof(request, identity.now());
  const factors = await findFactors(identity.db.pool, actor.accountId);
  if (actor.second === null && secondStepOf(factors).length > 0)
    throw new ApiError(
      403,
      'second-factor-required',
      'Sign in with the second factor that you have before you change anything about it.',
    );
  return { actor, factors };
}

export interface FactorChange {
  event: Extract<StatementEvent, 'factor-add' | 'factor-remove' | 'recovery-codes'>;
  detail: Record<string, string | number>;
  notice: 'factor-added' | 'factor-removed' | 'recovery-codes-made';
  /** By what this session counts as proved from now on. */
  second: SecondFactor | null;
}

/** Undefined, with nothing changed, when `act` says that there was nothing to do. */
export async function changeFactors(
  identity: Identity,
  request: FastifyRequest,
  actor: PersonActor,
  change: FactorChange,
  act: (client: Queryable, nowMs: number) => Promise<boolean>,
): Promise<{ token: string; entryId: string } | undefined> {
  const account = await findAccount(identity.db.pool, actor.accountId);
  if (!account) throw new ApiError(401, 'not-signed-in', 'Sign in first.', { headers: challenge });
  return inTransaction(identity.db.pool, async (client) => {
    const nowMs = identity.now();
    if (!(await act(client, nowMs))) return undefined;
    const started = await startSession(client, identity, request, account, change.second);
    if (!started)
      throw new ApiError(409, 'password-changed-meanwhile', 'The password was changed in another place.');
    await endOtherSessions(client, actor.accountId, started.sessionId, 'factor-changed', nowMs);
    await endStepsOf(client, actor.accountId);
    const entry = sealEntry(
      actor.patientId,
      {
        event: change.event,
        outcome: 'done',
        who: whoOfPerson(actor),
        basis: 'self',
        agent: agentFamily(request.headers['user-agent']),
        detail: change.detail,
      },
      identity,
      nowMs,
    );
    await writeBatch(client, { versions: [], entries: [entry] });
    await insertNotices(client, [
      {
        patientId: actor.patientId,
        noticeId: uuidV7(nowMs, identity.randomBytes),
        kind: change.notice,
        entryId: entry.entryId,
        detail: {},
        createdAtMs: nowMs,
      },
    ]);
    return { token: started.token, entryId: entry.entryId };
  });
}

/** Ten new codes and what is kept of them. */
export async function makeRecoveryCodes(
  identity: Identity,
  accountId: string,
): Promise<{ codes: string[]; hashes: string[] }> {
  const codes = Array.from({ length: recoveryCodeCount }, (_, slot) =>
    makeRecoveryCode(slot, identity.randomBytes),
  );
  const hashes = await Promise.all(
    codes.map((code) => identity.passwords.hash(boundToAccount(accountId, code))),
  );
  return { codes, hashes };
}

/** A factor that is the last one of somebody whose work needs one. Throws 409 `last-factor`. */
export function requireAnother({ staff, totp, passkeys }: Factors, without: 'totp' | 'passkey'): void {
  const left = (totp && without !== 'totp' ? 1 : 0) + passkeys - (without === 'passkey' ? 1 : 0);
  if (staff && left < 1)
    throw new ApiError(
      409,
      'last-factor',
      'Your work needs a second factor. Add another before you take this away.',
    );
}
