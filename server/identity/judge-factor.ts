// Whether a second factor is right, and its use: judged first, used up in the transaction of what it opens, so that of many at once
// with one code exactly one gets in.
import { readRecoveryCode } from '../../core/sign-in/recovery-codes.ts';
import type { SecondFactor } from '../../core/sign-in/factors.ts';
import { readSixDigits, stepOfCode } from '../../core/sign-in/totp.ts';
import { ApiError } from '../errors.ts';
import { findRecoveryCode, findTotp, useRecoveryCode, useTotpStep } from '../storage/factors.ts';
import type { Queryable } from '../storage/queryable.ts';
import type { SecondStep } from '../storage/second-steps.ts';
import type { Identity } from './identity.ts';
import { openTotpSecret } from './totp-secret.ts';

/** Those that are given as a code; a passkey has its own dialogue. */
export type CodeFactor = Exclude<SecondFactor, 'passkey'>;
export const codeFactors = ['totp', 'mail', 'recovery-code'] as const satisfies readonly CodeFactor[];

export interface RightFactor {
  /** Inside the caller's transaction. False when it was used meanwhile. */
  use(client: Queryable): Promise<boolean>;
}

/** The code as it is compared. Throws 422 `code-malformed`: what cannot be a code takes no try. */
export function requireCode(factor: CodeFactor, text: string): string {
  const code = factor === 'recovery-code' ? readRecoveryCode(text)?.code : readSixDigits(text);
  if (code !== undefined) return code;
  throw new ApiError(
    422,
    'code-malformed',
    factor === 'recovery-code'
      ? 'A recovery code has twelve letters and digits. No try was taken.'
      : 'The code has six digits. No try was taken.',
    { fields: [{ field: 'code', code: 'malformed' }] },
  );
}

/** Undefined when it is wrong. `token` is the name of the step, to which a code by mail is bound. */
export async function judgeFactor(
  identity: Identity,
  step: Pick<SecondStep, 'accountId' | 'codeHash' | 'codeUntil'>,
  token: string,
  factor: CodeFactor,
  code: string,
): Promise<RightFactor | undefined> {
  switch (factor) {
    case 'totp':
      return judgeTotp(identity, step.accountId, code);
    case 'recovery-code':
      return judgeRecoveryCode(identity, step.accountId, code);
    case 'mail': {
      const { codeHash, codeUntil } = step;
      if (codeHash === null || codeUntil === null || identity.now() >= codeUntil.getTime()) return undefined;
      // Its step is used up with it: there is nothing more to use.
      return (await identity.passwords.verify(codeHash, boundToStep(token, code)))
        ? { use: async () => true }
        : undefined;
    }
  }
}

async function judgeTotp(
  identity: Identity,
  accountId: string,
  code: string,
): Promise<RightFactor | undefined> {
  const totp = await findTotp(identity.db.pool, accountId);
  if (!totp?.confirmed) return undefined;
  const secret = await openTotpSecret(identity, accountId, totp.sealedSecret);
  const step = stepOfCode(secret, code, identity.now());
  if (step === undefined || step <= totp.lastStep) return undefined;
  return { use: (client) => useTotpStep(client, accountId, step) };
}

async function judgeRecoveryCode(
  identity: Identity,
  accountId: string,
  code: string,
): Promise<RightFactor | undefined> {
  const slot = Number(code[0]);
  const hash = await findRecoveryCode(identity.db.pool, accountId, slot);
  // As much work for a code that was used as for one that was not.
  const right = await identity.passwords.verify(hash, boundToAccount(accountId, code));
  if (!right || hash === undefined) return undefined;
  return { use: (client) => useRecoveryCode(client, accountId, slot, hash, identity.now()) };
}

/** The same digits for another step do not match. */
export const boundToStep = (token: string, code: string): string => `${token}:${code}`;
export const boundToAccount = (accountId: string, code: string): string => `${accountId}:${code}`;
