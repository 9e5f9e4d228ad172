// From which value on a laboratory must tell somebody at once. Data with their source; a hospital reads them against its own
// before it relies on them. A measure is named as in the forms: `form.field`.
import type { Source } from './sources.ts';

export const criticalSource: Source = {
  name: 'Royal College of Pathologists: The communication of critical and unexpected pathology results (G158)',
  year: 2017,
  address: 'https://www.rcpath.org/profession/guidelines/clinical-guidelines.html',
};

/** Each bound is one that is critical itself: `atMost` and `atLeast` included, `below` and `above` not. */
export interface CriticalLimit {
  readonly measure: string;
  readonly atMost?: number;
  readonly below?: number;
  readonly atLeast?: number;
  readonly above?: number;
  /** Whole years, from included, to not. */
  readonly years?: readonly [from: number, to: number];
}

/** 2.5, 15 and 25 mmol/L. */
const sugar = ['glucose.random', 'glucose.fasting', 'glucose.post-prandial'].flatMap(
  (measure): CriticalLimit[] => [
    { measure, below: 45, above: 270, years: [0, 16] },
    { measure, below: 45, above: 450, years: [16, 200] },
  ],
);

export const criticalLimits: readonly CriticalLimit[] = [
  { measure: 'electrolytes.sodium', atMost: 130, atLeast: 155, years: [0, 16] },
  { measure: 'electrolytes.sodium', atMost: 120, atLeast: 155, years: [16, 200] },
  { measure: 'electrolytes.potassium', atMost: 2.5, atLeast: 6.5 },
  { measure: 'haematology.haemoglobin', below: 7 },
  { measure: 'haematology.platelets', below: 30 },
  ...sugar,
];
