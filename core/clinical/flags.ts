// What a laboratory value means beside its range: low, high, or so far out that somebody must hear of it at once. A value and nothing
// else; not a diagnosis.
import type { CriticalLimit } from './critical-limits.ts';
import { criticalLimits } from './critical-limits.ts';
import type { Measured, ReferenceRange } from './reference-ranges.ts';

/** HL7 v3 ObservationInterpretation. */
export type Flag = 'LL' | 'L' | 'N' | 'H' | 'HH';

export const flagWords: Readonly<Record<Flag, string>> = {
  LL: 'Critical low',
  L: 'Low',
  N: 'Normal',
  H: 'High',
  HH: 'Critical high',
};

export const isCritical = (flag: Flag | undefined): boolean => flag === 'LL' || flag === 'HH';

/** The limit that holds for a person of this age; of one whose age is not known, that of grown people. */
export function criticalLimit(measure: string, { ageMonths }: Measured): CriticalLimit | undefined {
  const years = ageMonths === undefined ? 40 : Math.floor(ageMonths / 12);
  return criticalLimits.find(
    (one) =>
      one.measure === measure && (one.years === undefined || (years >= one.years[0] && years < one.years[1])),
  );
}

/** Undefined where neither range nor limit says anything: no flag is not "normal". */
export function flagOf(
  value: number,
  range: Pick<ReferenceRange, 'low' | 'high' | 'highIsOutside'> | undefined,
  limit: CriticalLimit | undefined,
): Flag | undefined {
  if (!Number.isFinite(value)) return undefined;
  if (limit !== undefined) {
    const { atMost, below, atLeast, above } = limit;
    if ((atMost !== undefined && value <= atMost) || (below !== undefined && value < below)) return 'LL';
    if ((atLeast !== undefined && value >= atLeast) || (above !== undefined && value > above)) return 'HH';
  }
  if (range === undefined || (range.low === undefined && range.high === undefined)) return undefined;
  if (range.low !== undefined && value < range.low) return 'L';
  if (range.high !== undefined && (range.highIsOutside ? value >= range.high : value > range.high))
    return 'H';
  return 'N';
}
