// Reference bands: what a measured value means, in which words and by whom. A band is `from` (included) up to the next one's. Not a
// diagnosis: a value in a band, and nothing else.
import type { Source } from './sources.ts';

const source = (name: string, year: number, address: string): Source => ({ name, year, address });
const obesity = source(
  'WHO Technical Report Series 894: obesity, preventing and managing the global epidemic',
  2000,
  'https://iris.who.int/handle/10665/42330',
);
const pressure = source(
  '2018 ESC/ESH Guidelines for the management of arterial hypertension. Eur Heart J 39:3021-3104',
  2018,
  'https://doi.org/10.1093/eurheartj/ehy339',
);
const warning = source(
  'Royal College of Physicians: National Early Warning Score (NEWS) 2',
  2017,
  'https://www.rcp.ac.uk/improving-care/resources/national-early-warning-score-news-2/',
);
const diabetes = source(
  'American Diabetes Association: Standards of Care in Diabetes, diagnosis and classification. Diabetes Care 47(S1):S20-S42',
  2024,
  'https://doi.org/10.2337/dc24-S002',
);
const lipids = source(
  'National Cholesterol Education Program, Adult Treatment Panel III: executive summary. JAMA 285:2486-2497',
  2001,
  'https://doi.org/10.1001/jama.285.19.2486',
);
const anaemia = source(
  'WHO: haemoglobin concentrations for the diagnosis of anaemia and assessment of severity (WHO/NMH/NHD/MNM/11.1)',
  2011,
  'https://iris.who.int/handle/10665/85839',
);
const depression = source(
  'Kroenke K, Spitzer RL, Williams JB. The PHQ-9. J Gen Intern Med 16:606-613',
  2001,
  'https://doi.org/10.1046/j.1525-1497.2001.016009606.x',
);
const anxiety = source(
  'Spitzer RL, Kroenke K, Williams JB, Lowe B. A brief measure for assessing generalized anxiety disorder: the GAD-7. Arch Intern Med 166:1092-1097',
  2006,
  'https://doi.org/10.1001/archinte.166.10.1092',
);
const urine = source(
  'Simerville JA, Maxted WC, Pahira JJ. Urinalysis: a comprehensive review. Am Fam Physician 71:1153-1162',
  2005,
  'https://www.aafp.org/pubs/afp/issues/2005/0315/p1153.html',
);

export type Tone = 'low' | 'normal' | 'raised' | 'high';

export interface Band {
  readonly id: string;
  readonly words: readonly [en: string, hi: string];
  readonly tone: Tone;
  /** Included. The first band has none. */
  readonly from?: number;
}

export interface Bands {
  readonly id: string;
  readonly source: Source;
  /** From low to high. */
  readonly bands: readonly Band[];
  /** For whom, where it is not for every adult. */
  readonly of?: readonly [en: string, hi: string];
}

type Row = readonly [from: number | undefined, tone: Tone, en: string, hi: string];

function bands(id: string, by: Source, rows: readonly Row[], of?: Bands['of']): Bands {
  return {
    id,
    source: by,
    ...(of === undefined ? {} : { of }),
    bands: rows.map(([from, tone, en, hi]) => ({
      id: en.toLowerCase().replace(/[^a-z0-9]+/g, '-'),
      words: [en, hi],
      tone,
      ...(from === undefined ? {} : { from }),
    })),
  };
}

const usual: readonly [string, string] = ['Usual', 'सामान्य'];
const low: readonly [string, string] = ['Low', 'कम'];
const high: readonly [string, string] = ['High', 'ज़्यादा'];

/** Adults, at sea level, not pregnant, unless `of` says otherwise. */
export const allBands: readonly Bands[] = [
  bands('bmi', obesity, [
    [undefined, 'low', 'Underweight', 'वज़न कम'],
    [18.5, 'normal', ...usual],
    [25, 'raised', 'Overweight', 'वज़न ज़्यादा'],
    [30, 'high', 'Obese', 'मोटापा'],
  ]),
  bands('systolic', pressure, [
    [undefined, 'low', ...low],
    [90, 'normal', ...usual],
    [130, 'raised', 'High normal', 'सामान्य से कुछ ऊपर'],
    [140, 'high', ...high],
    [180, 'high', 'Very high', 'बहुत ज़्यादा'],
  ]),
  bands('diastolic', pressure, [
    [undefined, 'low', ...low],
    [60, 'normal', ...usual],
    [85, 'raised', 'High normal', 'सामान्य से कुछ ऊपर'],
    [90, 'high', ...high],
    [110, 'high', 'Very high', 'बहुत ज़्यादा'],
  ]),
  bands('pulse', warning, [
    [undefined, 'low', ...low],
    [51, 'normal', ...usual],
    [91, 'raised', 'Somewhat high', 'कुछ ज़्यादा'],
    [111, 'high', ...high],
  ]),
  bands('temperature', warning, [
    [undefined, 'low', ...low],
    [36.1, 'normal', ...usual],
    [38.1, 'raised', 'Fever', 'बुख़ार'],
    [39.1, 'high', 'High fever', 'तेज़ बुख़ार'],
  ]),
  bands('respiratory-rate', warning, [
    [undefined, 'low', ...low],
    [12, 'normal', ...usual],
    [21, 'raised', 'Somewhat high', 'कुछ ज़्यादा'],
    [25, 'high', ...high],
  ]),
  bands('oxygen-saturation', warning, [
    [undefined, 'low', ...low],
    [96, 'normal', ...usual],
  ]),
  bands(
    'haemoglobin',
    anaemia,
    [
      [undefined, 'low', 'Anaemia', 'ख़ून की कमी'],
      [13, 'normal', ...usual],
    ],
    ['Men', 'पुरुष'],
  ),
  bands(
    'haemoglobin',
    anaemia,
    [
      [undefined, 'low', 'Anaemia', 'ख़ून की कमी'],
      [12, 'normal', ...usual],
    ],
    ['Women', 'महिलाएँ'],
  ),
  bands('glucose-fasting', diabetes, [
    [undefined, 'low', ...low],
    [70, 'normal', ...usual],
    [100, 'raised', 'Prediabetes', 'मधुमेह से पहले'],
    [126, 'high', 'In the range of diabetes', 'मधुमेह की सीमा में'],
  ]),
  bands('glucose-random', diabetes, [
    [undefined, 'low', ...low],
    [70, 'normal', ...usual],
    [200, 'high', 'In the range of diabetes', 'मधुमेह की सीमा में'],
  ]),
  bands('glucose-post-prandial', diabetes, [
    [undefined, 'low', ...low],
    [70, 'normal', ...usual],
    [140, 'raised', 'Prediabetes', 'मधुमेह से पहले'],
    [200, 'high', 'In the range of diabetes', 'मधुमेह की सीमा में'],
  ]),
  bands('hba1c', diabetes, [
    [undefined, 'normal', ...usual],
    [5.7, 'raised', 'Prediabetes', 'मधुमेह से पहले'],
    [6.5, 'high', 'In the range of diabetes', 'मधुमेह की सीमा में'],
  ]),
  bands('cholesterol', lipids, [
    [undefined, 'normal', 'Desirable', 'ठीक'],
    [200, 'raised', 'Borderline high', 'सीमा पर'],
    [240, 'high', ...high],
  ]),
  bands('triglycerides', lipids, [
    [undefined, 'normal', ...usual],
    [150, 'raised', 'Borderline high', 'सीमा पर'],
    [200, 'high', ...high],
    [500, 'high', 'Very high', 'बहुत ज़्यादा'],
  ]),
  bands('hdl', lipids, [
    [undefined, 'low', ...low],
    [40, 'normal', ...usual],
  ]),
  bands('ldl', lipids, [
    [undefined, 'normal', 'Optimal', 'सबसे अच्छा'],
    [100, 'normal', 'Near optimal', 'ठीक'],
    [130, 'raised', 'Borderline high', 'सीमा पर'],
    [160, 'high', ...high],
    [190, 'high', 'Very high', 'बहुत ज़्यादा'],
  ]),
  bands('urine-ph', urine, [
    [undefined, 'low', ...low],
    [4.5, 'normal', ...usual],
    [8, 'high', ...high],
  ]),
  bands('urine-pus-cells', urine, [
    [undefined, 'normal', ...usual],
    [6, 'high', ...high],
  ]),
  bands('urine-red-cells', urine, [
    [undefined, 'normal', ...usual],
    [4, 'high', ...high],
  ]),
  bands('phq-9', depression, [
    [undefined, 'normal', 'None to minimal', 'बहुत कम'],
    [5, 'raised', 'Mild', 'हल्का'],
    [10, 'raised', 'Moderate', 'मध्यम'],
    [15, 'high', 'Moderately severe', 'मध्यम से गंभीर'],
    [20, 'high', 'Severe', 'गंभीर'],
  ]),
  bands('gad-7', anxiety, [
    [undefined, 'normal', 'Minimal', 'बहुत कम'],
    [5, 'raised', 'Mild', 'हल्का'],
    [10, 'raised', 'Moderate', 'मध्यम'],
    [15, 'high', 'Severe', 'गंभीर'],
  ]),
];

/** All bands of a measure: one, or one for each sort of people. */
export const bandsOf = (id: string): readonly Bands[] => allBands.filter((one) => one.id === id);

/** The band a value lies in; undefined for what is no number. */
export function bandOf({ bands: list }: Bands, value: number): Band | undefined {
  return Number.isNaN(value) ? undefined : list.findLast(({ from }) => from === undefined || value >= from);
}
