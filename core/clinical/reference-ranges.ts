// Where a measured value usually lies, for a person of this age and sex, and who says so. Where no source is known there is no range:
// then the laboratory's own stands, or none. A measure is named as in the forms: `form.field`.
import { allBands } from './bands.ts';
import type { Source } from './sources.ts';

export type Sex = 'female' | 'male';

/** Whose value it is. Age in whole months; absent where it is not known: then only what holds for every age does. */
export interface Measured {
  readonly sex?: Sex;
  readonly ageMonths?: number;
}

export interface ReferenceRange {
  readonly low?: number;
  readonly high?: number;
  /** Both bounds belong to the range. A bound that comes from a band does not: the next band begins there. */
  readonly highIsOutside?: true;
  /** For whom, in English and Hindi. */
  readonly of: readonly [en: string, hi: string];
  readonly source: Source;
}

interface Row extends ReferenceRange {
  readonly measure: string;
  readonly sex?: Sex;
  /** From included, to not. */
  readonly months: readonly [from: number, to: number];
}

const anaemia = bandSource('haemoglobin');
const harmony: Source = {
  name: 'Pathology Harmony: harmonised reference intervals for adults in the United Kingdom',
  year: 2011,
  address: 'https://www.pathologyharmony.co.uk/',
};
const practical: Source = {
  name: 'Bain BJ, Bates I, Laffan MA. Dacie and Lewis Practical Haematology, 12th edition, table 2.1',
  year: 2017,
  address: 'ISBN 978-0-7020-6696-2',
};

const everAfter = 12 * 200;
const adults: readonly [string, string] = ['Adults', 'वयस्क'];
const women: readonly [string, string] = ['Women', 'महिलाएँ'];
const men: readonly [string, string] = ['Men', 'पुरुष'];
const grown = [12 * 18, everAfter] as const;
const fromFifteen = [12 * 15, everAfter] as const;

const rows: readonly Row[] = [
  {
    measure: 'haematology.haemoglobin',
    months: [6, 60],
    low: 11,
    of: ['Children under 5', '5 साल से छोटे बच्चे'],
    source: anaemia,
  },
  {
    measure: 'haematology.haemoglobin',
    months: [60, 144],
    low: 11.5,
    of: ['Children of 5 to 11', '5 से 11 साल के बच्चे'],
    source: anaemia,
  },
  {
    measure: 'haematology.haemoglobin',
    months: [144, 180],
    low: 12,
    of: ['Children of 12 to 14', '12 से 14 साल के बच्चे'],
    source: anaemia,
  },
  {
    measure: 'haematology.haemoglobin',
    months: fromFifteen,
    sex: 'female',
    low: 12,
    of: women,
    source: anaemia,
  },
  { measure: 'haematology.haemoglobin', months: fromFifteen, sex: 'male', low: 13, of: men, source: anaemia },
  {
    measure: 'haematology.red-cells',
    months: grown,
    sex: 'female',
    low: 3.8,
    high: 4.8,
    of: women,
    source: practical,
  },
  {
    measure: 'haematology.red-cells',
    months: grown,
    sex: 'male',
    low: 4.5,
    high: 5.5,
    of: men,
    source: practical,
  },
  {
    measure: 'haematology.haematocrit',
    months: grown,
    sex: 'female',
    low: 36,
    high: 46,
    of: women,
    source: practical,
  },
  {
    measure: 'haematology.haematocrit',
    months: grown,
    sex: 'male',
    low: 40,
    high: 50,
    of: men,
    source: practical,
  },
  { measure: 'haematology.white-cells', months: grown, low: 4, high: 10, of: adults, source: practical },
  { measure: 'haematology.platelets', months: grown, low: 150, high: 410, of: adults, source: practical },
  { measure: 'electrolytes.sodium', months: grown, low: 133, high: 146, of: adults, source: harmony },
  { measure: 'electrolytes.potassium', months: grown, low: 3.5, high: 5.3, of: adults, source: harmony },
];

/** Bands that hold for children as well: the criteria for diabetes do. */
const everyAge = new Set(['glucose-fasting', 'glucose-random', 'glucose-post-prandial', 'hba1c']);

/** @param bands the bands that the field is read by (core/clinical/bands.ts), where it has any */
export function referenceRange(
  measure: string,
  person: Measured,
  bands?: string,
): ReferenceRange | undefined {
  const { ageMonths, sex } = person;
  const own = rows.find(
    (row) =>
      row.measure === measure &&
      ageMonths !== undefined &&
      ageMonths >= row.months[0] &&
      ageMonths < row.months[1] &&
      (row.sex === undefined || row.sex === sex),
  );
  if (own !== undefined) {
    const { measure: _measure, sex: _sex, months: _months, ...range } = own;
    return range;
  }
  return bands === undefined ? undefined : rangeOfBands(bands, ageMonths);
}

function rangeOfBands(id: string, ageMonths: number | undefined): ReferenceRange | undefined {
  const known = allBands.filter((one) => one.id === id && one.of === undefined);
  const [only] = known;
  if (only === undefined || known.length > 1) return undefined;
  if (!everyAge.has(id) && (ageMonths === undefined || ageMonths < grown[0])) return undefined;
  const first = only.bands.findIndex(({ tone }) => tone === 'normal');
  if (first < 0) return undefined;
  const low = only.bands[first]?.from;
  const high = only.bands.slice(first).find(({ tone }) => tone !== 'normal')?.from;
  return {
    ...(low === undefined ? {} : { low }),
    ...(high === undefined ? {} : { high, highIsOutside: true }),
    of: everyAge.has(id) ? ['Every age', 'हर उम्र'] : adults,
    source: only.source,
  };
}

function bandSource(id: string): Source {
  const found = allBands.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no bands ${id}`);
  return found.source;
}
