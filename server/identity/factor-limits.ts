// How long a second step waits and how many tries it has. Reasons: docs/decisions/second-factors.md.
const minuteMs = 60_000;

export const stepLimits = {
  /** Between the right password and the second factor. */
  lastsMs: 10 * minuteMs,
  tries: 5,
  codeLastsMs: 5 * minuteMs,
  /** Codes by mail for one step. */
  mostSent: 3,
} as const;
