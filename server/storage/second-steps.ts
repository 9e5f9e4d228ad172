// Sign-ins and proofs whose password was right and that wait for a second factor. Tries are counted in statements of their own, so that
// they count whatever becomes of the request. Knows no codes.
import type { Queryable } from './queryable.ts';

export type StepPurpose = 'sign-in' | 'prove' | 'mail';

export interface SecondStep {
  accountId: string;
  purpose: StepPurpose;
  sessionId: string | null;
  passwordHash: string;
  codeHash: string | null;
  codeUntil: Date | null;
  triesLeft: number;
}

const columns = `account_id as "accountId", purpose, session_id as "sessionId", password_hash as "passwordHash",
  code_hash as "codeHash", code_until as "codeUntil", tries_left as "triesLeft"`;

/** Stores a step and forgets those that are over. */
export async function insertStep(
  db: Queryable,
  tokenHash: Buffer,
  step: Pick<SecondStep, 'accountId' | 'purpose' | 'sessionId' | 'passwordHash' | 'triesLeft'>,
  nowMs: number,
  lastsMs: number,
): Promise<void> {
  await db.query({
    name: 'insert-second-step',
    text: `with old as (
             delete from second_step where token_hash in
               (select token_hash from second_step where expires_at < to_timestamp($7::float8 / 1000) limit 100 for update skip locked)
           )
           insert into second_step (token_hash, account_id, purpose, session_id, password_hash, tries_left, expires_at)
           values ($1, $2, $3, $4, $5, $6, to_timestamp(($7::float8 + $8::float8) / 1000))`,
    values: [
      tokenHash,
      step.accountId,
      step.purpose,
      step.sessionId,
      step.passwordHash,
      step.triesLeft,
      nowMs,
      lastsMs,
    ],
  });
}

/** The step of this purpose and session while it is open. */
export async function findStep(
  db: Queryable,
  tokenHash: Buffer,
  of: Pick<SecondStep, 'purpose' | 'sessionId'>,
  nowMs: number,
): Promise<SecondStep | undefined> {
  const { rows } = await db.query({
    name: 'find-second-step',
    text: `select ${columns} from second_step where token_hash = $1 and purpose = $2 and session_id is not distinct from $3::uuid
              and expires_at > to_timestamp($4::float8 / 1000)`,
    values: [tokenHash, of.purpose, of.sessionId, nowMs],
  });
  return rows[0] as SecondStep | undefined;
}

/** Takes one try before it is made. Undefined when none was left. */
export async function takeStepTry(db: Queryable, tokenHash: Buffer): Promise<number | undefined> {
  const { rows } = await db.query({
    name: 'take-second-step-try',
    text: `update second_step set tries_left = tries_left - 1 where token_hash = $1 and tries_left > 0 returning tries_left as left`,
    values: [tokenHash],
  });
  return (rows[0] as { left: number } | undefined)?.left;
}

/** A new code in place of the last; tries stay as they are. False when as many were sent as may be. */
export async function setStepCode(
  db: Queryable,
  tokenHash: Buffer,
  code: { hash: string; untilMs: number; mostSent: number },
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'set-second-step-code',
    text: `update second_step set code_hash = $2, code_until = to_timestamp($3::float8 / 1000), codes_sent = codes_sent + 1
            where token_hash = $1 and codes_sent < $4 and tries_left > 0`,
    values: [tokenHash, code.hash, code.untilMs, code.mostSent],
  });
  return rowCount === 1;
}

/** Uses the step up. False when that was done before: of several at once exactly one gets true. */
export async function endStep(db: Queryable, tokenHash: Buffer): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'end-second-step',
    text: `delete from second_step where token_hash = $1`,
    values: [tokenHash],
  });
  return rowCount === 1;
}

/** Whatever waits for a factor of this account waits in vain from now on. */
export async function endStepsOf(db: Queryable, accountId: string): Promise<void> {
  await db.query({
    name: 'end-second-steps-of',
    text: `delete from second_step where account_id = $1`,
    values: [accountId],
  });
}
