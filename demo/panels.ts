// What a laboratory measures in the demo: codes, units, limits, and the values around which a person's results lie.

export interface Test {
  /** LOINC. */
  code: string;
  words: string;
  unit: string;
  /** UCUM. */
  ucum: string;
  /** Reference limits; either may be absent. */
  low?: number;
  high?: number;
  middle: number;
  spread: number;
  decimals: number;
}

export interface Panel {
  code: string;
  words: string;
  tests: readonly Test[];
}

function test(
  code: string,
  words: string,
  [unit, ucum]: readonly [string, string],
  [low, high]: readonly [number | undefined, number | undefined],
  [middle, spread, decimals]: readonly [number, number, number],
): Test {
  return {
    code,
    words,
    unit,
    ucum,
    ...(low === undefined ? {} : { low }),
    ...(high === undefined ? {} : { high }),
    middle,
    spread,
    decimals,
  };
}

const perDecilitre = ['mg/dL', 'mg/dL'] as const;

const white = test('6690-2', 'White blood cells', ['10³/µL', '10*3/uL'], [4, 11], [7.2, 2, 1]);
const platelets = test('777-3', 'Platelets', ['10³/µL', '10*3/uL'], [150, 410], [255, 60, 0]);
const haemoglobin = (middle: number) =>
  test('718-7', 'Haemoglobin', ['g/dL', 'g/dL'], [12, 16.5], [middle, 0.8, 1]);
const potassium = test('2823-3', 'Potassium', ['mmol/L', 'mmol/L'], [3.5, 5.1], [4.4, 0.5, 1]);
const creatinine = (middle: number) =>
  test('2160-0', 'Creatinine', perDecilitre, [0.6, 1.2], [middle, 0.15, 2]);
const bloodCount = { code: '58410-2', words: 'Blood count' };
const kidney = { code: '24362-6', words: 'Kidney function' };

export const panels = {
  hba1c: {
    code: '4548-4',
    words: 'HbA1c',
    tests: [
      test('4548-4', 'HbA1c', ['%', '%'], [undefined, 7], [7.5, 0.6, 1]),
      test('1558-6', 'Glucose, fasting', perDecilitre, [70, 130], [138, 28, 0]),
    ],
  },
  inr: { code: '6301-6', words: 'INR', tests: [test('6301-6', 'INR', ['', '{INR}'], [2, 3], [2.6, 0.6, 1])] },
  lipids: {
    code: '57698-3',
    words: 'Lipid panel',
    tests: [
      test('2093-3', 'Cholesterol, total', perDecilitre, [undefined, 200], [188, 30, 0]),
      test('13457-7', 'Cholesterol, LDL', perDecilitre, [undefined, 100], [104, 24, 0]),
      test('2085-9', 'Cholesterol, HDL', perDecilitre, [40, undefined], [46, 8, 0]),
      test('2571-8', 'Triglycerides', perDecilitre, [undefined, 150], [152, 40, 0]),
    ],
  },
  kidney: { ...kidney, tests: [creatinine(0.92), potassium] },
  'kidney-low': { ...kidney, tests: [creatinine(1.9), potassium] },
  thyroid: {
    code: '3016-3',
    words: 'Thyroid (TSH)',
    tests: [test('3016-3', 'TSH', ['mIU/L', 'm[IU]/L'], [0.4, 4], [3.1, 1.6, 2])],
  },
  'blood-count': { ...bloodCount, tests: [haemoglobin(13.4), white, platelets] },
  'blood-count-low': { ...bloodCount, tests: [haemoglobin(9.8), white, platelets] },
} as const satisfies Record<string, Panel>;

export type PanelKey = keyof typeof panels;

export function panelOf(key: PanelKey): Panel {
  return panels[key];
}
