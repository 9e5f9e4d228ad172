// How often something may be tried, and by whom counted. The counters are in the database, so that all processes share them.
import { ApiError } from '../errors.ts';
import type { Deps } from '../http/deps.ts';
import { attemptKey, countAttempt, forgiveAttempts, pruneAttempts } from '../storage/attempts.ts';

const minuteMs = 60_000;

/** Documented in docs/decisions/sign-in-limits.md: change both. */
export const attemptLimits = {
  /** Failed sign-ins from one address, whatever the login. */
  'sign-in-address': { limit: 100, windowMs: 15 * minuteMs },
  /** Failed sign-ins to one login from one address. */
  'sign-in-login-address': { limit: 10, windowMs: 15 * minuteMs },
  /** Failed sign-ins to one login from everywhere; does not hold for addresses its owner has signed in from. */
  'sign-in-login': { limit: 300, windowMs: 60 * minuteMs },
  'sign-up-address': { limit: 20, windowMs: 60 * minuteMs },
  'setup-address': { limit: 20, windowMs: 60 * minuteMs },
  /** Wrong passwords inside a session. */
  'proof-account': { limit: 10, windowMs: 15 * minuteMs },
  /** Wrong second factors of one account, whoever gave them: the password was right. */
  'second-factor-account': { limit: 10, windowMs: 15 * minuteMs },
  'second-factor-day': { limit: 50, windowMs: 24 * 60 * minuteMs },
  /** Codes by mail for second steps of one account. */
  'second-mail-account': { limit: 10, windowMs: 60 * minuteMs },
  /** Dialogues with a passkey that an account begins to add one or to prove itself. */
  'passkey-account': { limit: 30, windowMs: 15 * minuteMs },
  /** Sign-ins with a passkey begun from one address: each stores a challenge. */
  'passkey-address': { limit: 200, windowMs: 15 * minuteMs },
  /** Recoveries begun from one address, and for one login; looks at them and their ends; at one desk; numbers given by one person. */
  'recovery-address': { limit: 10, windowMs: 60 * minuteMs },
  'recovery-login': { limit: 5, windowMs: 24 * 60 * minuteMs },
  'recovery-look': { limit: 120, windowMs: 15 * minuteMs },
  'recovery-desk': { limit: 20, windowMs: 60 * minuteMs },
  'recovery-vouch': { limit: 10, windowMs: 60 * minuteMs },
  /** Changes of alias: each tells whether an alias is taken. */
  'alias-account': { limit: 20, windowMs: 60 * minuteMs },
  /** Failed proofs of programs from one address, whichever client they named. */
  'token-address': { limit: 60, windowMs: 15 * minuteMs },
  /** Apps registered by the open door from one address. */
  'register-address': { limit: 20, windowMs: 60 * minuteMs },
  /** Access tokens given to one client: bounds the table of tokens. */
  'token-client': { limit: 600, windowMs: 10 * minuteMs },
} as const;
export type AttemptPurpose = keyof typeof attemptLimits;
export type AttemptLimits = Readonly<Record<AttemptPurpose, { limit: number; windowMs: number }>>;

/** Rows that the table of counters may hold; up to `pruneEvery` more for each process between two prunings. */
export const attemptCap = 100_000;
const pruneEvery = 200;

export interface Attempts {
  /** Counts an attempt before it is made. Throws 429 `too-many-attempts` with Retry-After in seconds. */
  take(purpose: AttemptPurpose, ...parts: string[]): Promise<void>;
  /** As `take`, but tells instead of throwing. */
  tryTake(purpose: AttemptPurpose, ...parts: string[]): Promise<{ allowed: boolean; retryAfterMs: number }>;
  /** Takes attempts back that went well: one of each, or with `forget` all of that key. */
  forgive(
    attempts: readonly { purpose: AttemptPurpose; parts: readonly string[]; forget?: boolean }[],
  ): Promise<void>;
}

export function createAttempts(
  deps: Pick<Deps, 'db' | 'now'>,
  limits: AttemptLimits = attemptLimits,
  cap = attemptCap,
): Attempts {
  let sincePrune = 0;
  const tryTake: Attempts['tryTake'] = async (purpose, ...parts) => {
    if (++sincePrune >= pruneEvery) {
      sincePrune = 0;
      await pruneAttempts(deps.db.pool, deps.now(), cap);
    }
    return countAttempt(deps.db.pool, { purpose, key: attemptKey(...parts), ...limits[purpose] }, deps.now());
  };
  return {
    tryTake,
    async take(purpose, ...parts) {
      const { allowed, retryAfterMs } = await tryTake(purpose, ...parts);
      if (!allowed) throw tooManyAttempts(retryAfterMs);
    },
    forgive: (attempts) =>
      forgiveAttempts(
        deps.db.pool,
        attempts.map(({ purpose, parts, forget = false }) => ({
          purpose,
          key: attemptKey(...parts),
          forget,
        })),
      ),
  };
}

export function tooManyAttempts(retryAfterMs: number): ApiError {
  const minutes = Math.max(1, Math.ceil(retryAfterMs / minuteMs));
  return new ApiError(
    429,
    'too-many-attempts',
    `Too many attempts. Try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`,
    {
      headers: { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1000))) },
    },
  );
}
