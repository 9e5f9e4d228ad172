// What the handlers of this room share: the platform's parts and the limits of asking.
import type { Deps } from '../http/deps.ts';

export type ConsentRoom = Deps;

/** Where requests are made: a card may name the person. */
export interface AskingRoom extends ConsentRoom {
  /** Undefined where the card opens nothing. */
  readonly holderOfCard: (scanned: string) => Promise<string | undefined>;
}

const minuteMs = 60_000;

/** Documented in docs/decisions/edit-grants.md: change both. */
export const codeLimits = {
  /** A code opens nothing later than this after it was sent. */
  lifetimeMs: 5 * minuteMs,
  /** Wrong and right, over the life of a request. */
  tries: 5,
  /** Codes that one request may send. */
  mostSent: 5,
} as const;

/** A request that nobody answers is over after this. */
export const requestLifetimeMs = 7 * 24 * 60 * minuteMs;

/** Requests and codes: of one clinician, and to one person from everybody. */
export const askingLimits = {
  'access-by-asker': { limit: 30, windowMs: 60 * minuteMs },
  'access-to-person': { limit: 20, windowMs: 60 * minuteMs },
  'doctor-ask-by-person': { limit: 10, windowMs: 24 * 60 * minuteMs },
  'card-grant-by-clinician': { limit: 40, windowMs: 60 * minuteMs },
  'card-grant-to-person': { limit: 8, windowMs: 24 * 60 * minuteMs },
  'clinician-search': { limit: 120, windowMs: 60 * minuteMs },
  'visit-told': { limit: 3, windowMs: 7 * 24 * 60 * minuteMs },
  'dispute-by-person': { limit: 20, windowMs: 24 * 60 * minuteMs },
  'office-look': { limit: 200, windowMs: 24 * 60 * minuteMs },
  'office-compare': { limit: 20, windowMs: 24 * 60 * minuteMs },
  'merge-propose': { limit: 30, windowMs: 24 * 60 * minuteMs },
  'office-amend': { limit: 100, windowMs: 24 * 60 * minuteMs },
  'break-glass-by-clinician': { limit: 10, windowMs: 24 * 60 * minuteMs },
} as const;
