// How much is too much, and for whom a medicine is not made, as data. Milligrams of the active ingredient by mouth, unless said otherwise.
import type { Member, Severity } from './rules.ts';
import type { Source } from './sources.ts';
import { sources } from './sources.ts';

interface Named {
  readonly id: string;
  readonly of: readonly Member[];
  readonly words: string;
  readonly source: Source;
}

/** Not for anybody younger. */
export interface AgeRule extends Named {
  readonly underMonths: number;
  readonly severity: Severity;
}

/** The most in a day. Above it is to be known; far above it (`severeFrom` times) not without a reason. */
export interface DayRule extends Named {
  readonly mgPerDay: number;
}

/** For children of a known weight. */
export interface WeightRule extends Named {
  readonly underMonths: number;
  readonly mgPerKgDose?: number;
  readonly mgPerKgDay?: number;
}

/** Once a week, never every day. */
export interface WeeklyRule extends Named {
  readonly severity: Severity;
}

/** A dose that is this many times the most is refused, not only named. Below, rounding to whole tablets is at work. */
export const severeFrom = 1.5;
/** What a rounded dose may be above the most without a word. */
export const toleranceOf = 1.05;

const { labels } = sources;
const year = 12;

export const ageRules: readonly AgeRule[] = [
  {
    id: 'age-aspirin',
    of: ['aspirin'],
    underMonths: 16 * year,
    severity: 'severe',
    words: 'Aspirin is not for anybody under 16 unless a specialist asks for it: Reye’s syndrome.',
    source: sources.aspirinInChildren,
  },
  {
    id: 'age-codeine',
    of: ['codeine', 'tramadol'],
    underMonths: 12 * year,
    severity: 'severe',
    words: 'Codeine and tramadol are not for children under 12: breathing may stop.',
    source: sources.codeineInChildren,
  },
  {
    id: 'age-promethazine',
    of: ['promethazine'],
    underMonths: 2 * year,
    severity: 'severe',
    words: 'Promethazine is not for children under 2: breathing may stop.',
    source: labels,
  },
  {
    id: 'age-loperamide',
    of: ['loperamide'],
    underMonths: 2 * year,
    severity: 'severe',
    words: 'Loperamide is not for children under 2.',
    source: labels,
  },
  {
    id: 'age-tetracycline',
    of: ['tetracycline'],
    underMonths: 8 * year,
    severity: 'moderate',
    words: 'A tetracycline stains the teeth of children under 8.',
    source: labels,
  },
];

const most: readonly (readonly [mgPerDay: number, ...names: string[]])[] = [
  [4000, 'paracetamol'],
  [3200, 'ibuprofen'],
  [1500, 'naproxen'],
  [200, 'diclofenac'],
  [800, 'celecoxib'],
  [400, 'tramadol'],
  [2550, 'metformin'],
  [20, 'escitalopram'],
  [200, 'sertraline'],
  [80, 'fluoxetine', 'atorvastatin', 'lisinopril'],
  [60, 'paroxetine'],
  [375, 'venlafaxine'],
  [300, 'amitriptyline'],
  [40, 'rosuvastatin', 'ketorolac'],
  [10, 'amlodipine', 'zolpidem'],
  [20, 'ramipril'],
  [100, 'losartan'],
  [200, 'atenolol'],
  [100, 'carvedilol'],
  [3600, 'gabapentin'],
  [600, 'pregabalin'],
  [800, 'allopurinol'],
];

export const dayRules: readonly DayRule[] = [
  ...most.flatMap(([mgPerDay, ...names]) =>
    names.map((name) => ({
      id: `day-${name}`,
      of: [name],
      mgPerDay,
      words: `More than ${mgPerDay} mg of ${name} in a day is above what is approved.`,
      source: labels,
    })),
  ),
  {
    id: 'day-citalopram',
    of: ['citalopram'],
    mgPerDay: 40,
    words: 'More than 40 mg of citalopram in a day disturbs the heart’s rhythm.',
    source: sources.citalopram,
  },
  {
    id: 'day-simvastatin',
    of: ['simvastatin'],
    mgPerDay: 80,
    words: 'More than 80 mg of simvastatin in a day is above what is approved.',
    source: sources.simvastatin,
  },
];

export const weightRules: readonly WeightRule[] = [
  {
    id: 'weight-paracetamol',
    of: ['paracetamol'],
    underMonths: 12 * year,
    mgPerKgDose: 15,
    mgPerKgDay: 75,
    words: 'Paracetamol for a child: at most 15 mg per kg in a dose and 75 mg per kg in a day.',
    source: sources.formularyForChildren,
  },
  {
    id: 'weight-ibuprofen',
    of: ['ibuprofen'],
    underMonths: 12 * year,
    mgPerKgDose: 10,
    mgPerKgDay: 40,
    words: 'Ibuprofen for a child: at most 10 mg per kg in a dose and 40 mg per kg in a day.',
    source: sources.formularyForChildren,
  },
  {
    id: 'weight-amoxicillin',
    of: ['amoxicillin'],
    underMonths: 12 * year,
    mgPerKgDay: 90,
    words: 'Amoxicillin for a child: at most 90 mg per kg in a day.',
    source: sources.middleEar,
  },
];

export const weeklyRules: readonly WeeklyRule[] = [
  {
    id: 'weekly-methotrexate',
    of: ['methotrexate'],
    severity: 'severe',
    words: 'Methotrexate by mouth is taken once a week; every day it has killed.',
    source: sources.methotrexateWeekly,
  },
];
