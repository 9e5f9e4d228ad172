// How much of a medicine is taken, read from FHIR Dosage: milligrams in a dose, doses in a day. What is not said plainly is not guessed.
import type { JsonObject } from '../fhir/types.ts';
import { booleanAt, numberAt, objectAt, objectsAt, textAt } from '../record/elements.ts';

export interface Dose {
  /** Milligrams at a time; absent where it is told in drops or spoons. */
  readonly mg?: number;
  /** The most doses in a day. */
  readonly timesPerDay?: number;
  readonly asNeeded: boolean;
  /** False where another route than the mouth is named. */
  readonly byMouth: boolean;
}

const milligrams: Readonly<Record<string, number>> = {
  mg: 1,
  milligram: 1,
  milligrams: 1,
  g: 1000,
  gram: 1000,
  grams: 1000,
  gm: 1000,
  ug: 0.001,
  mcg: 0.001,
  µg: 0.001,
  μg: 0.001,
  microgram: 0.001,
  micrograms: 0.001,
};

const pieces = /^(?:\{?(?:tbl|tablets?|tabs?|capsules?|caps?|pills?|unit dose|dose form)\}?(?:\(s\))?|1)$/i;

const timesOfCode: Readonly<Record<string, number>> = {
  QD: 1,
  OD: 1,
  AM: 1,
  PM: 1,
  BED: 1,
  HS: 1,
  QOD: 0.5,
  BID: 2,
  TID: 3,
  QID: 4,
  Q1H: 24,
  Q2H: 12,
  Q3H: 8,
  Q4H: 6,
  Q6H: 4,
  Q8H: 3,
  WK: 1 / 7,
};

const daysOf: Readonly<Record<string, number>> = {
  s: 1 / 86_400,
  min: 1 / 1440,
  h: 1 / 24,
  d: 1,
  wk: 7,
  mo: 30,
  a: 365,
};

/** @param name as written: a tablet's strength stands there ("Paracetamol 500 mg tablet") */
export function readDose(dosage: JsonObject, name: string): Dose {
  const rate = objectsAt(dosage, 'doseAndRate')[0];
  const range = objectAt(rate, 'doseRange');
  const quantity = objectAt(rate, 'doseQuantity') ?? objectAt(range, 'high');
  const mg = milligramsOf(quantity, name);
  const timesPerDay = timesOf(objectAt(dosage, 'timing'));
  const route = objectAt(dosage, 'route');
  const words = [
    textAt(route, 'text'),
    ...objectsAt(route, 'coding').flatMap((coding) => [textAt(coding, 'display'), textAt(coding, 'code')]),
  ].filter((word) => word !== undefined);
  return {
    ...(mg === undefined ? {} : { mg }),
    ...(timesPerDay === undefined ? {} : { timesPerDay }),
    asNeeded:
      booleanAt(dosage, 'asNeededBoolean') === true ||
      objectAt(dosage, 'asNeededCodeableConcept') !== undefined,
    // SNOMED CT 26643006: oral route.
    byMouth: words.length === 0 || words.some((word) => /\boral|mouth|^po$|^26643006$/i.test(word)),
  };
}

function milligramsOf(quantity: JsonObject | undefined, name: string): number | undefined {
  const value = numberAt(quantity, 'value');
  if (value === undefined || value <= 0) return undefined;
  const unit = (textAt(quantity, 'code') ?? textAt(quantity, 'unit') ?? '').trim();
  const factor = milligrams[unit.toLowerCase()];
  if (factor !== undefined) return value * factor;
  if (!pieces.test(unit)) return undefined;
  const strength = strengthIn(name);
  return strength === undefined ? undefined : value * strength;
}

/** Milligrams in one piece; undefined where the name has several strengths, as of a compound, or one in a volume. */
export function strengthIn(name: string): number | undefined {
  const found = [...name.slice(0, 300).matchAll(/(\d+(?:\.\d+)?)\s*(mg|g|gm|mcg|ug|µg|μg)\b(\s*\/)?/gi)];
  const [only] = found;
  if (only === undefined || found.length > 1 || only[3] !== undefined) return undefined;
  const factor = milligrams[(only[2] ?? '').toLowerCase()];
  return factor === undefined ? undefined : Number(only[1]) * factor;
}

function timesOf(timing: JsonObject | undefined): number | undefined {
  const repeat = objectAt(timing, 'repeat');
  const period = numberAt(repeat, 'period');
  const days = daysOf[textAt(repeat, 'periodUnit') ?? ''];
  if (period !== undefined && days !== undefined && period > 0) {
    const times = numberAt(repeat, 'frequencyMax') ?? numberAt(repeat, 'frequency') ?? 1;
    return times > 0 ? times / (period * days) : undefined;
  }
  const code = objectAt(timing, 'code');
  const words = [textAt(code, 'text'), ...objectsAt(code, 'coding').map((coding) => textAt(coding, 'code'))];
  for (const word of words) {
    const times = timesOfCode[(word ?? '').toUpperCase()];
    if (times !== undefined) return times;
  }
  return undefined;
}
