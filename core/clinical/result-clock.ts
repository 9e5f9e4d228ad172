// A signed result as a task with an owner and a deadline: to whom it goes by the clock while nobody has acknowledged it, and when the
// person sees it. Times are arguments and come from what is stored: no job has to have run.

const minute = 60_000;
const hour = 60 * minute;
export const dayMs = 24 * hour;

/** Who has to look at it: its owner; also whoever ordered it; also the clinicians of their organisation, whose administrators are told. */
export const escalationSteps = ['owner', 'orderer', 'organization'] as const;
export type EscalationStep = (typeof escalationSteps)[number];

/** From signing: each step is added to those before it. The last is the deadline itself for the organisation. */
const escalatesAfterMs = {
  critical: { orderer: 15 * minute, organization: 30 * minute },
  usual: { orderer: 3 * dayMs, organization: 5 * dayMs },
} as const;

/** By when its owner has to have acknowledged it. */
export function resultDueAt(critical: boolean, signedAtMs: number): number {
  return signedAtMs + escalatesAfterMs[critical ? 'critical' : 'usual'].orderer;
}

/** When each step begins. */
export function stepBegins(critical: boolean, signedAtMs: number, step: EscalationStep): number {
  if (step === 'owner') return signedAtMs;
  return signedAtMs + escalatesAfterMs[critical ? 'critical' : 'usual'][step];
}

export function stepAt(critical: boolean, signedAtMs: number, nowMs: number): EscalationStep {
  const reached = escalationSteps.filter((step) => nowMs >= stepBegins(critical, signedAtMs, step));
  return reached.at(-1) ?? 'owner';
}

/** How a person wants to get their results. */
export const releaseRules = ['at-once', 'after-seen', 'after-days'] as const;
export type ReleaseRule = (typeof releaseRules)[number];

/** Longest that a result is kept back: nothing waits for somebody who never looks. */
export const longestHeldDays = 14;
/** A critical result is with the person as soon as all who were told had their time. */
const longestCriticalHeldMs = escalatesAfterMs.critical.organization;

export interface ReleaseChoice {
  readonly rule: ReleaseRule;
  /** With `after-days`: 1 to `longestHeldDays`. */
  readonly days?: number;
}

/**
 * The latest moment at which a person sees a result that was signed now; an acknowledgement may come before it, except with `after-days`.
 * @param hasClinician nobody is there to see it first: then there is nothing to wait for
 */
export function releaseAt(
  { rule, days }: ReleaseChoice,
  result: { readonly critical: boolean; readonly hasClinician: boolean; readonly signedAtMs: number },
): number {
  const { critical, hasClinician, signedAtMs } = result;
  if (rule === 'at-once' || !hasClinician) return signedAtMs;
  const held = rule === 'after-days' ? Math.min(days ?? 1, longestHeldDays) : longestHeldDays;
  const usual = signedAtMs + held * dayMs;
  return critical ? Math.min(usual, signedAtMs + longestCriticalHeldMs) : usual;
}

/** Whether the person may see it now. */
export function isReleased(
  choice: ReleaseChoice,
  result: {
    readonly critical: boolean;
    readonly releaseAtMs: number;
    readonly acknowledgedAtMs?: number | undefined;
  },
  nowMs: number,
): boolean {
  if (nowMs >= result.releaseAtMs) return true;
  if (result.acknowledgedAtMs === undefined) return false;
  return choice.rule !== 'after-days' || result.critical;
}
