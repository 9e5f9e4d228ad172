// The second step after a right password: begun here, judged here, for signing in and for proving oneself anew. What it opens is the
// caller's. Tries are counted before they are made, in the step and in the account, and stay counted whatever fails later.
import type { FastifyRequest } from 'fastify';
import type { SecondFactor } from '../../core/sign-in/factors.ts';
import { secondStepOf } from '../../core/sign-in/factors.ts';
import type { StatementWho } from '../../core/ledger/statement.ts';
import { ApiError } from '../errors.ts';
import { agentFamily } from '../http/agent-family.ts';
import { makeCode } from '../http/one-time-code.ts';
import { challenge } from '../http/require-person.ts';
import { hashToken, newToken } from '../http/session-cookie.ts';
import { findAccount } from '../storage/accounts.ts';
import { findFactors } from '../storage/factors.ts';
import { insertNotices } from '../storage/notices.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import type { SecondStep, StepPurpose } from '../storage/second-steps.ts';
import { findStep, insertStep, setStepCode, takeStepTry } from '../storage/second-steps.ts';
import { inTransaction } from '../storage/transaction.ts';
import { uuidV7 } from '../storage/uuid.ts';
import { writeBatch } from '../storage/write-batch.ts';
import { stepLimits } from './factor-limits.ts';
import type { Identity } from './identity.ts';
import type { CodeFactor, RightFactor } from './judge-factor.ts';
import { boundToStep, judgeFactor, requireCode } from './judge-factor.ts';

export interface StepAnswer {
  secondStep: { token: string; factors: SecondFactor[]; until: Date };
}

/** Undefined when the password is enough. */
export async function beginStep(
  identity: Identity,
  account: { accountId: string; passwordHash: string },
  of: { purpose: StepPurpose; sessionId: string | null },
): Promise<StepAnswer | undefined> {
  const factors = secondStepOf(await findFactors(identity.db.pool, account.accountId));
  if (factors.length === 0) return undefined;
  const { token, until } = await openStep(identity, account, of);
  return { secondStep: { token, factors, until } };
}

export async function openStep(
  identity: Identity,
  account: { accountId: string; passwordHash: string },
  of: { purpose: StepPurpose; sessionId: string | null },
): Promise<{ token: string; until: Date }> {
  const { token, tokenHash } = newToken(identity.randomBytes);
  const nowMs = identity.now();
  const step = { accountId: account.accountId, passwordHash: account.passwordHash, ...of };
  await insertStep(
    identity.db.pool,
    tokenHash,
    { ...step, triesLeft: stepLimits.tries },
    nowMs,
    stepLimits.lastsMs,
  );
  return { token, until: new Date(nowMs + stepLimits.lastsMs) };
}

/** Throws 401 `second-step-over`. */
export async function requireStep(
  identity: Identity,
  token: string,
  of: { purpose: StepPurpose; sessionId: string | null },
): Promise<SecondStep> {
  const step = await findStep(identity.db.pool, hashToken(token), of, identity.now());
  if (!step) throw stepOver();
  return step;
}

export const stepOver = () =>
  new ApiError(401, 'second-step-over', 'This took too long, or was tried too often. Begin again.', {
    headers: challenge,
  });

/** Sends a code by mail for this step. Throws 409 `code-not-sent`, 429. */
export async function sendStepCode(identity: Identity, token: string, step: SecondStep): Promise<void> {
  const { db, messenger, now, passwords, randomBytes } = identity;
  await identity.attempts.take('second-mail-account', step.accountId);
  const account = await findAccount(db.pool, step.accountId);
  if (!account || account.disabled) throw stepOver();
  const code = makeCode(randomBytes);
  const untilMs = now() + stepLimits.codeLastsMs;
  const hash = await passwords.hash(boundToStep(token, code));
  if (!(await setStepCode(db.pool, hashToken(token), { hash, untilMs, mostSent: stepLimits.mostSent })))
    throw new ApiError(429, 'too-many-attempts', 'Too many codes were sent. Begin again.');
  const sent = await messenger.sendCode({ patientId: account.patientId }, code, untilMs, 'sign-in');
  if (sent === 'none')
    throw new ApiError(409, 'code-not-sent', 'The code could not be sent. Use another factor, or try later.');
}

/** The factor, right and still to be used. Throws 422 `code-malformed`, 403 `code-wrong`, 401 `second-step-over`, 429. */
export async function requireFactor(
  identity: Identity,
  request: FastifyRequest,
  step: SecondStep,
  given: { token: string; factor: CodeFactor; code: string },
): Promise<RightFactor> {
  const code = requireCode(given.factor, given.code);
  const left = await takeStepTry(identity.db.pool, hashToken(given.token));
  if (left === undefined) throw stepOver();
  await takeFactorTry(identity, step.accountId);
  const offered =
    step.purpose === 'mail' ? ['mail'] : secondStepOf(await findFactors(identity.db.pool, step.accountId));
  const right = offered.includes(given.factor)
    ? await judgeFactor(identity, step, given.token, given.factor, code)
    : undefined;
  if (right) return right;
  await recordWrong(identity, request, step, given.factor, left);
  throw codeWrong();
}

export const codeWrong = () =>
  new ApiError(403, 'code-wrong', 'This code is not right, or it was used before.', {
    fields: [{ field: 'code', code: 'wrong' }],
  });

/** Counted for the account over all its steps: a right password buys no endless tries. */
export async function takeFactorTry(identity: Identity, accountId: string): Promise<void> {
  await identity.attempts.take('second-factor-account', accountId);
  await identity.attempts.take('second-factor-day', accountId);
}

export async function forgiveFactorTry(identity: Identity, accountId: string): Promise<void> {
  await identity.attempts.forgive([
    { purpose: 'second-factor-account', parts: [accountId], forget: true },
    { purpose: 'second-factor-day', parts: [accountId] },
  ]);
}

/** Whoever failed here knew the password: its owner is told at the first wrong code and at the last. */
async function recordWrong(
  identity: Identity,
  request: FastifyRequest,
  { accountId, purpose }: SecondStep,
  factor: CodeFactor,
  left: number,
): Promise<void> {
  const account = await findAccount(identity.db.pool, accountId);
  if (!account || purpose !== 'sign-in') return;
  const who: StatementWho = { role: 'anonymous' };
  const agent = agentFamily(request.headers['user-agent']);
  await inTransaction(identity.db.pool, async (client) => {
    const nowMs = identity.now();
    const entry = sealEntry(
      account.patientId,
      {
        event: 'sign-in-refused',
        outcome: 'refused',
        who,
        basis: 'not-signed-in',
        agent,
        detail: { with: factor },
      },
      identity,
      nowMs,
    );
    await writeBatch(client, { versions: [], entries: [entry] });
    if (left !== stepLimits.tries - 1 && left !== 0) return;
    await insertNotices(client, [
      {
        patientId: account.patientId,
        noticeId: uuidV7(nowMs, identity.randomBytes),
        kind: 'second-factor-wrong',
        entryId: entry.entryId,
        detail: {},
        createdAtMs: nowMs,
      },
    ]);
  });
}
