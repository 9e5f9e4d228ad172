// Stores and checks passwords: argon2id over exactly the bytes that were given. Knows no rules of what makes a good one.
import { availableParallelism } from 'node:os';
import { hash, parseOptions, verify } from '@node-rs/argon2';
import { createWorkQueue } from './work-queue.ts';

/** 19 MiB, two passes, one lane: the first choice of the OWASP password storage cheat sheet; about 10 ms. Written into each hash. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export interface Passwords {
  hash(password: string): Promise<string>;
  /** With no stored hash does the same work and answers false, so that an unknown login takes as long as a known one. */
  verify(stored: string | undefined, password: string): Promise<boolean>;
  /** True for a hash made with less work than is spent today. */
  isWeak(stored: string): boolean;
}

/** Hashing runs on the threads that files and DNS use too: at least one of the four stays free. */
const defaultLimits = { running: Math.max(1, Math.min(3, availableParallelism() - 1)), waiting: 256 };

export function createPasswords(
  randomBytes: (count: number) => Uint8Array,
  limits: { running: number; waiting: number } = defaultLimits,
): Passwords {
  const queue = createWorkQueue(limits);
  // UTF-8 bytes, never a C string: no cut at 72 bytes or at NUL, no normalisation. Lone surrogates were refused before.
  const bytes = (password: string) => Buffer.from(password, 'utf8');
  let decoy: Promise<string> | undefined;
  const decoyHash = () => (decoy ??= hash(Buffer.from(randomBytes(32)), cost));
  // Made now, so that not even the first stranger is told apart by time.
  decoyHash().catch(() => (decoy = undefined));
  return {
    hash: (password) =>
      queue.run(() => hash(bytes(password), { ...cost, salt: Buffer.from(randomBytes(16)) })),
    async verify(stored, password) {
      const against = stored ?? (await decoyHash());
      const matches = await queue.run(() => verify(against, bytes(password)));
      return matches && stored !== undefined;
    },
    isWeak(stored) {
      const used = parseOptions(stored);
      return used.memoryCost < cost.memoryCost || used.timeCost < cost.timeCost;
    },
  };
}
