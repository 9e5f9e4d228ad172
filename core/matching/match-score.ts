// How likely two descriptions speak of one person: weights of agreement and disagreement added up as Fellegi and Sunter proposed
// (log2 of how often a trait agrees for one person, over how often it does for two), then held down by rules that no sum may overrule.
import type { Likeness } from './name-sound.ts';
import { compareWords, moreAlike } from './name-sound.ts';
import type { PersonName, PersonTraits } from './person-traits.ts';

export type MatchGrade = 'certain' | 'probable' | 'possible' | 'certainly-not';

export interface Match {
  /** 0 to 1, three digits. */
  readonly score: number;
  readonly grade: MatchGrade;
}

/** Two people taken at random: one pair in some sixteen thousand is one person. */
const prior = -14;

const givenWeight: Record<Likeness, number> = { same: 7.5, sound: 6.5, near: 4.5, initial: 2, different: -6 };
const familyWeight: Record<Likeness, number> = {
  same: 5.5,
  sound: 5,
  near: 3.5,
  initial: 1,
  // A name changes with marriage, or is a father's in one place and a village's in another.
  different: -3,
};

export type BirthLikeness =
  | 'same'
  | 'same-placeholder'
  | 'swapped'
  | 'one-digit'
  | 'as-far-as-given'
  | 'year'
  | 'different'
  | 'unknown';

const birthWeight: Record<BirthLikeness, number> = {
  same: 13,
  'same-placeholder': 7,
  swapped: 9,
  'one-digit': 7,
  'as-far-as-given': 5.5,
  year: 1,
  different: -7,
  unknown: 0,
};

/** Systems in which one person has one number: two numbers are two people. */
const oneNumberEach = new Set([
  'urn:medallion:uhid',
  'https://healthid.ndhm.gov.in',
  'http://hl7.org/fhir/sid/us-ssn',
]);

export function compareBirthDates(a: string | undefined, b: string | undefined): BirthLikeness {
  if (a === undefined || b === undefined) return 'unknown';
  if (a === b && a.length === 10) return a.endsWith('-01-01') ? 'same-placeholder' : 'same';
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (short.length < 10) {
    if (long.startsWith(short)) return 'as-far-as-given';
    return short.slice(0, 4) === long.slice(0, 4) ? 'year' : 'different';
  }
  const [yearA, monthA, dayA] = a.split('-');
  const [yearB, monthB, dayB] = b.split('-');
  if (yearA === yearB && monthA === dayB && dayA === monthB) return 'swapped';
  const unlike = a.split('').filter((digit, i) => digit !== b[i]).length;
  if (unlike === 1) return 'one-digit';
  if (unlike === 2 && neighboursSwapped(a, b)) return 'swapped';
  return yearA === yearB ? 'year' : 'different';
}

/** 1981 and 1918, 12 and 21: two digits beside each other were exchanged. */
function neighboursSwapped(a: string, b: string): boolean {
  const at = a.split('').findIndex((digit, i) => digit !== b[i]);
  return a[at] === b[at + 1] && a[at + 1] === b[at];
}

export interface NameLikeness {
  /** Undefined: one of the two has no name. */
  readonly given: Likeness | undefined;
  /** Undefined: one of the two has no family name. */
  readonly family: Likeness | undefined;
  /** The given name of one is the family name of the other. */
  readonly crossed: boolean;
}

/** The best that any name of one and any name of the other give. */
export function compareNames(a: readonly PersonName[], b: readonly PersonName[]): NameLikeness {
  let best: NameLikeness = { given: undefined, family: undefined, crossed: false };
  for (const left of a)
    for (const right of b) {
      const one = comparePair(left, right);
      if (best.given === undefined || nameWeight(one) > nameWeight(best)) best = one;
    }
  return best;
}

function comparePair(a: PersonName, b: PersonName): NameLikeness {
  const straight = bestOf(a.given.slice(0, 1), b.given.slice(0, 1));
  // "Ramesh Kumar" is also "Kumar Ramesh", and "R Suresh" is "Suresh Ramesh": the first name of one may stand anywhere in the other.
  const anywhere = [
    bestOf(a.given.slice(0, 1), [...b.given, ...b.family]),
    bestOf(b.given.slice(0, 1), [...a.given, ...a.family]),
  ];
  const other = moreAlike(anywhere[0]!, anywhere[1]!) ? anywhere[1]! : anywhere[0]!;
  const crossed = moreAlike(other, straight);
  const given = crossed ? other : straight;
  const hasFamily = a.family.length > 0 && b.family.length > 0;
  if (!hasFamily) return { given, family: undefined, crossed };
  const family = crossed
    ? bestOf([...a.family, ...a.given.slice(1)], [...b.given, ...b.family])
    : bestOf(a.family, b.family);
  return { given, family, crossed };
}

function bestOf(left: readonly string[], right: readonly string[]): Likeness {
  let best: Likeness = 'different';
  for (const a of left)
    for (const b of right) {
      const one = compareWords(a, b);
      if (moreAlike(one, best)) best = one;
    }
  return best;
}

function nameWeight({ given, family, crossed }: NameLikeness): number {
  return (
    (given === undefined ? 0 : givenWeight[given]) +
    (family === undefined ? 0 : familyWeight[family]) -
    (crossed ? 1 : 0)
  );
}

const shares = (a: readonly string[], b: readonly string[]): boolean => a.some((one) => b.includes(one));

function sharedWeight(a: readonly string[], b: readonly string[], same: number, other: number): number {
  if (a.length === 0 || b.length === 0) return 0;
  return shares(a, b) ? same : other;
}

function compareLines(a: PersonTraits['lines'], b: PersonTraits['lines']): boolean {
  return a.some((left) =>
    b.some((right) => {
      const common = left.filter((word) => right.includes(word)).length;
      return common >= 2 && common / Math.min(left.length, right.length) >= 0.6;
    }),
  );
}

export function scoreMatch(a: PersonTraits, b: PersonTraits): Match {
  const name = compareNames(a.names, b.names);
  const birth = compareBirthDates(a.birthDate, b.birthDate);
  const sexes = a.gender !== undefined && b.gender !== undefined;
  const sameSex = sexes && a.gender === b.gender;
  const sameNumber = a.identifiers.some((one) =>
    b.identifiers.some((other) => one.system === other.system && one.value === other.value),
  );
  const otherNumber = [...oneNumberEach].some((system) => {
    const of = (traits: PersonTraits) =>
      traits.identifiers.filter((one) => one.system === system).map((one) => one.value);
    return of(a).length > 0 && of(b).length > 0 && !shares(of(a), of(b));
  });
  const sameLine = compareLines(a.lines, b.lines);
  const sum =
    nameWeight(name) +
    birthWeight[birth] +
    (sexes ? (sameSex ? 1 : -4) : 0) +
    sharedWeight(a.phones, b.phones, 8, -0.5) +
    sharedWeight(a.emails, b.emails, 9, -0.5) +
    sharedWeight(a.postalCodes, b.postalCodes, 3, -0.5) +
    sharedWeight(a.cities, b.cities, 1.5, -0.5) +
    (sameLine ? 3 : 0) +
    (sameNumber ? 18 : 0) +
    (otherNumber ? -10 : 0);
  const confirmed =
    sameNumber ||
    shares(a.phones, b.phones) ||
    shares(a.emails, b.emails) ||
    (sameLine && shares(a.postalCodes, b.postalCodes));
  const likely = 1 / (1 + 2 ** -(sum + prior));
  return graded(
    Math.min(likely, ceiling({ name, birth, sexes, sameSex, sameNumber, otherNumber, confirmed })),
  );
}

interface Facts {
  readonly name: NameLikeness;
  readonly birth: BirthLikeness;
  readonly sexes: boolean;
  readonly sameSex: boolean;
  readonly sameNumber: boolean;
  readonly otherNumber: boolean;
  readonly confirmed: boolean;
}

/** What no sum may exceed. Twins share all but the given name; a phone is often a whole family's; a card is sometimes lent. */
function ceiling({ name, birth, sexes, sameSex, sameNumber, otherNumber, confirmed }: Facts): number {
  const limits = [1];
  if (name.given === 'different') limits.push(sexes && !sameSex ? 0.2 : 0.6);
  if (name.given === undefined) limits.push(sameNumber ? 0.95 : 0.45);
  // Twins are often named alike, so that a name that is only near says less than it seems to.
  if (name.given === 'near' || name.given === 'initial') limits.push(sameNumber ? 1 : 0.95);
  if (birth === 'different') limits.push(sameNumber ? 0.85 : 0.45);
  if (birth === 'year') limits.push(sameNumber ? 0.95 : 0.7);
  if (birth !== 'same' && birth !== 'same-placeholder') limits.push(sameNumber ? 0.99 : 0.95);
  if (name.family === 'different' && !sameNumber) limits.push(0.95);
  if (sexes && !sameSex) limits.push(0.9);
  if (otherNumber) limits.push(0.45);
  // Many share a name and a birthday in a large country: something else must agree too.
  if (!confirmed) limits.push(0.98);
  return Math.min(...limits);
}

function graded(probability: number): Match {
  const score = Math.round(probability * 1000) / 1000;
  const grade =
    score >= 0.99 ? 'certain' : score >= 0.8 ? 'probable' : score >= 0.5 ? 'possible' : 'certainly-not';
  return { score, grade };
}
