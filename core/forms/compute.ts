// What is computed from other answers of the same form. Undefined where an answer is missing: nothing is guessed.
import type { Computation } from './form.ts';

/** A number by the linkId of its field; a choice of a scale counts with its code. */
export type NumberOf = (fieldId: string) => number | undefined;

const rounded = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits;

function ratio(above: number | undefined, below: number | undefined): number | undefined {
  return above === undefined || below === undefined || below <= 0 ? undefined : rounded(above / below, 2);
}

function sum(of: NumberOf, ids: readonly string[]): number | undefined {
  let total = 0;
  for (const id of ids) {
    const value = of(id);
    if (value === undefined) return undefined;
    total += value;
  }
  return total;
}

const numbered = (start: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${start}-${i + 1}`);

const computations: Readonly<Record<Computation, (of: NumberOf) => number | undefined>> = {
  bmi(of) {
    const weight = of('weight');
    const height = of('height');
    if (weight === undefined || height === undefined || height <= 0) return undefined;
    return rounded(weight / (height / 100) ** 2, 1);
  },
  'cholesterol-hdl-ratio': (of) => ratio(of('cholesterol'), of('hdl')),
  'ldl-hdl-ratio': (of) => ratio(of('ldl'), of('hdl')),
  // Friedewald, Levy and Fredrickson, Clin Chem 18:499-502, 1972: not above 400 mg/dL of triglycerides.
  vldl(of) {
    const triglycerides = of('triglycerides');
    return triglycerides === undefined || triglycerides > 400 ? undefined : rounded(triglycerides / 5, 0);
  },
  'phq-9': (of) => sum(of, numbered('phq', 9)),
  'gad-7': (of) => sum(of, numbered('gad', 7)),
};

export const compute = (what: Computation, of: NumberOf): number | undefined => computations[what](of);

/** A measured VLDL is as good as a computed one; the others are arithmetic, and a different result is a slip. */
const mayDiffer: ReadonlySet<Computation> = new Set(['vldl']);

/** Whether a given value is the computed one, but for rounding. */
export function agrees(what: Computation, given: number, computed: number): boolean {
  return mayDiffer.has(what) || Math.abs(given - computed) <= Math.max(0.1, Math.abs(computed) * 0.02);
}
