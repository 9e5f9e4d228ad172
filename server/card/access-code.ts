// The holder's access code for the second tier: chosen, hashed slowly, and tried a limited number of times in its whole life.
import { hash, verify } from '@node-rs/argon2';
import { ApiError } from '../errors.ts';
import type { Queryable } from '../storage/queryable.ts';
import { giveBackCodeTry, takeCodeTry } from '../storage/cards.ts';

/** Wrong tries that one code survives. Setting a new code is the only way to get more. */
export const codeTries = 10;

export const shortestCode = 6;
export const longestCode = 12;

/** argon2id, RFC 9106 second choice scaled to a page that must answer at once. */
const hashing = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/**
 * 6 to 12 digits, as written with spaces or hyphens.
 * @throws ApiError `invalid` with the field's reason: `length`, `digits` or `too-easy`
 */
export function requireNewCode(value: unknown): string {
  const code = typeof value === 'string' ? normalCode(value) : '';
  const problem = codeProblem(code);
  if (problem) {
    const title = {
      digits: 'The code may hold digits only.',
      length: `Choose a code of ${shortestCode} to ${longestCode} digits.`,
      'too-easy': 'That code is too easy to guess. Choose another.',
    }[problem];
    throw new ApiError(422, 'invalid', title, { fields: [{ field: 'code', code: problem }] });
  }
  return code;
}

function codeProblem(code: string): 'digits' | 'length' | 'too-easy' | undefined {
  if (!/^\d*$/.test(code)) return 'digits';
  if (code.length < shortestCode || code.length > longestCode) return 'length';
  const digits = Array.from(code, Number);
  const steps = new Set(digits.slice(1).map((digit, index) => (digit - (digits[index] ?? 0) + 10) % 10));
  return steps.size === 1 || new Set(code).size <= 2 ? 'too-easy' : undefined;
}

/** Digits of any script a phone keyboard gives become ASCII; spaces and hyphens go. */
export function normalCode(text: string): string {
  return text
    .slice(0, 64)
    .normalize('NFKC')
    .replace(/[\u0966-\u096f]/g, (digit) => String(digit.charCodeAt(0) - 0x0966))
    .replace(/[\s\u00a0-]/g, '');
}

export function hashCode(code: string): Promise<string> {
  return hash(code, hashing);
}

export type CodeAnswer =
  | { kind: 'right' }
  | { kind: 'wrong'; triesLeft: number }
  /** Not a code at all: nothing was compared, no try was taken. */
  | { kind: 'malformed' }
  /** No code is set, or all its tries are used up. */
  | { kind: 'closed' };

/**
 * Tries a code. The try is taken and committed before the code is compared, and given back only when it was right:
 * however many come at once, no more than the tries left are ever compared.
 */
export async function tryCode(db: Queryable, patientId: string, code: string): Promise<CodeAnswer> {
  if (!/^\d{6,12}$/.test(code)) return { kind: 'malformed' };
  const taken = await takeCodeTry(db, patientId);
  if (!taken) return { kind: 'closed' };
  if (await verify(taken.hash, code, hashing)) {
    await giveBackCodeTry(db, patientId, taken.codeNumber);
    return { kind: 'right' };
  }
  return { kind: 'wrong', triesLeft: taken.triesLeft };
}
