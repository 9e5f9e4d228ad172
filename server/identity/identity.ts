// What every handler of this room shares: the platform's parts, and the one queue of hashing and one set of limits of this process.
import type { Deps } from '../http/deps.ts';
import { type AttemptLimits, type Attempts, createAttempts } from './attempt-limits.ts';
import { createPasswords, type Passwords } from './passwords.ts';

export interface Identity extends Deps {
  passwords: Passwords;
  attempts: Attempts;
}

/** `limits` and `hashing` differ from the built-in ones in tests only. */
export function createIdentity(
  deps: Deps,
  options: {
    limits?: AttemptLimits;
    attemptCap?: number;
    hashing?: { running: number; waiting: number };
  } = {},
): Identity {
  return {
    ...deps,
    passwords: createPasswords(deps.randomBytes, options.hashing),
    attempts: createAttempts(deps, options.limits, options.attemptCap),
  };
}
