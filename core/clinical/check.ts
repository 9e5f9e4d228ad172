// What is to be known before somebody is given a medicine: what speaks against it, how gravely, and who says so. Pure: the same record
// gives the same answer in any order, on the server and in a browser.
import type { PartialDate } from '../record/facts.ts';
import { crossReactions } from './allergy-rules.ts';
import { ageRules, dayRules, severeFrom, toleranceOf, weeklyRules, weightRules } from './dose-rules.ts';
import { interactionRules } from './interaction-rules.ts';
import type { Contents } from './ingredients.ts';
import { groupsOfName } from './ingredients.ts';
import type { Allergen, Medicine } from './read-record.ts';
import type { PairRule, Severity } from './rules.ts';
import { isMember } from './rules.ts';
import type { Source } from './sources.ts';
import { sources } from './sources.ts';

export interface Finding {
  readonly kind: 'allergy' | 'interaction' | 'duplicate' | 'dose';
  readonly severity: Severity;
  /** Id of the rule: stable. */
  readonly rule: string;
  /** Ingredients (or groups) that it is about, sorted. */
  readonly drugs: readonly string[];
  /** What else in the record it is about, as `Type/id`. */
  readonly with?: string;
  /** The day on which the record that holds it was joined to this one; absent for what stands in this one. YYYY-MM-DD. */
  readonly joinedOn?: PartialDate;
  /** Under which the words stand in other languages. */
  readonly wordsKey: string;
  /** In plain English, from the rule alone. */
  readonly words: string;
  readonly source: Source;
}

export interface Person {
  readonly birthDate?: PartialDate;
  readonly weightKg?: number;
}

/** All that speaks against one medicine, the gravest first, the rest in a fixed order. @param today YYYY-MM-DD */
export function checkMedicine(
  medicine: Medicine,
  record: { readonly medicines: readonly Medicine[]; readonly allergens: readonly Allergen[] },
  person: Person,
  today: PartialDate,
): Finding[] {
  const others = record.medicines.filter(({ key }) => key !== medicine.key);
  return sorted([
    ...record.allergens.flatMap((allergen) => checkAllergen(medicine, allergen)),
    ...others.flatMap((other) => checkPair(medicine, other)),
    ...others.flatMap((other) => checkDouble(medicine, other)),
    ...checkDose(medicine, person, today),
  ]);
}

/** The same findings, each with the day on which the record of what it is about was joined. `joinedOn`: by `Type/id`. */
export function markJoined(
  findings: readonly Finding[],
  joinedOn: ReadonlyMap<string, PartialDate>,
): readonly Finding[] {
  return findings.map((one) => {
    const on = one.with === undefined ? undefined : joinedOn.get(one.with);
    return on === undefined ? one : { ...one, joinedOn: on };
  });
}

/** The words of a finding with where that stands, in plain English. */
export function fullWords({ words, joinedOn }: Finding): string {
  return joinedOn === undefined ? words : `${words} In the record joined on ${joinedOn}.`;
}

/** Whether any rule about this medicine asks for the weight of the person. */
export function needsWeight(medicine: Medicine, { birthDate }: Person, today: PartialDate): boolean {
  const months = birthDate === undefined ? undefined : ageInMonths(birthDate, today);
  return (
    months !== undefined &&
    medicine.doses.some(({ mg }) => mg !== undefined) &&
    weightRules.some((rule) => months < rule.underMonths && isMember(medicine, rule.of))
  );
}

const finding = (
  kind: Finding['kind'],
  rule: { readonly id: string; readonly words: string; readonly source: Source },
  severity: Severity,
  drugs: readonly string[],
  other?: string,
): Finding => ({
  kind,
  severity,
  rule: rule.id,
  drugs: [...new Set(drugs)].sort(),
  ...(other === undefined ? {} : { with: other }),
  wordsKey: `clinical.${rule.id}`,
  words: rule.words,
  source: rule.source,
});

const sameAllergen = {
  id: 'allergy-same',
  words: 'An allergy to this very medicine is recorded.',
  source: sources.ownList,
};
const sameGroup = {
  id: 'allergy-group',
  words: 'An allergy to medicines of this kind is recorded.',
  source: sources.ownList,
};

function checkAllergen(medicine: Medicine, allergen: Allergen): Finding[] {
  const grave = (severity: Severity): Severity => (allergen.mild ? 'moderate' : severity);
  const same = [...allergen.ingredients].filter((name) => medicine.ingredients.has(name));
  if (same.length > 0) return [finding('allergy', sameAllergen, grave('severe'), same, allergen.key)];
  const crossed = crossReactions
    .filter((rule) => isMember(allergen, rule.one) && isMember(medicine, rule.other))
    .map((rule) =>
      finding('allergy', rule, grave(rule.severity), membersIn(medicine, rule.other), allergen.key),
    );
  const severe = crossed.filter(({ severity }) => severity === 'severe');
  if (crossed.length > 0) return severe.length > 0 ? severe : crossed;
  const group = [...allergen.named].filter((one) => medicine.groups.has(one));
  return group.length > 0
    ? [finding('allergy', sameGroup, grave('severe'), [...group, ...medicine.ingredients], allergen.key)]
    : [];
}

/** Between two medicines; the same whichever comes first. */
export function checkPair(one: Contents & { key: string }, other: Contents & { key: string }): Finding[] {
  return interactionRules.flatMap((rule) => {
    const drugs = [...pairOf(rule, one, other), ...pairOf(rule, other, one)];
    return drugs.length === 0 ? [] : [finding('interaction', rule, rule.severity, drugs, other.key)];
  });
}

/** The members of both sides; none where it is one ingredient on both. */
function pairOf(rule: PairRule, one: Contents, other: Contents): string[] {
  if (!isMember(one, rule.one) || !isMember(other, rule.other)) return [];
  const left = membersIn(one, rule.one);
  const right = membersIn(other, rule.other);
  const differ = left.some((a) => right.some((b) => a !== b));
  return differ ? [...left, ...right] : [];
}

/** Ingredients that are members; the groups where only a code told. */
function membersIn(contents: Contents, members: readonly string[]): string[] {
  const named = [...contents.ingredients].filter(
    (name) => members.includes(name) || groupsOfName(name).some((group) => members.includes(group)),
  );
  return named.length > 0 ? named : [...contents.groups].filter((group) => members.includes(group));
}

const double = {
  id: 'duplicate',
  words: 'The same active ingredient is already among the medicines.',
  source: sources.ownList,
};

function checkDouble(one: Medicine, other: Medicine): Finding[] {
  if (one.continues.has(other.key) || other.continues.has(one.key)) return [];
  const same = [...one.ingredients].filter((name) => other.ingredients.has(name));
  const unknown = one.ingredients.size === 0 && one.name !== '' && one.name === other.name;
  return same.length > 0 || unknown ? [finding('duplicate', double, 'moderate', same, other.key)] : [];
}

function checkDose(medicine: Medicine, person: Person, today: PartialDate): Finding[] {
  const months = person.birthDate === undefined ? undefined : ageInMonths(person.birthDate, today);
  const found: Finding[] = [];
  for (const rule of ageRules)
    if (months !== undefined && months < rule.underMonths && isMember(medicine, rule.of))
      found.push(finding('dose', rule, rule.severity, membersIn(medicine, rule.of)));
  // What is in a compound has no dose of its own.
  if (medicine.ingredients.size !== 1) return found;
  const perDay = medicine.doses.reduce(
    (sum, { mg, timesPerDay, byMouth }) => sum + (byMouth ? (mg ?? 0) * (timesPerDay ?? 0) : 0),
    0,
  );
  const single = Math.max(0, ...medicine.doses.map(({ mg, byMouth }) => (byMouth ? (mg ?? 0) : 0)));
  const drugs = [...medicine.ingredients];
  const above = (rule: (typeof dayRules)[number] | (typeof weightRules)[number], ratio: number): void => {
    if (ratio > toleranceOf)
      found.push(finding('dose', rule, ratio >= severeFrom ? 'severe' : 'moderate', drugs));
  };
  for (const rule of dayRules)
    if (isMember(medicine, rule.of)) above(rule, Math.max(perDay, single) / rule.mgPerDay);
  if (person.weightKg !== undefined && months !== undefined)
    for (const rule of weightRules)
      if (months < rule.underMonths && isMember(medicine, rule.of))
        above(
          rule,
          Math.max(
            single / ((rule.mgPerKgDose ?? Infinity) * person.weightKg),
            perDay / ((rule.mgPerKgDay ?? Infinity) * person.weightKg),
          ),
        );
  const daily = medicine.doses.some(({ byMouth, timesPerDay }) => byMouth && (timesPerDay ?? 0) > 0.5);
  for (const rule of weeklyRules)
    if (daily && isMember(medicine, rule.of)) found.push(finding('dose', rule, rule.severity, drugs));
  return found;
}

/** Whole months lived. Of half a birth date the latest day counts: who may be a child is treated as one. */
export function ageInMonths(birthDate: PartialDate, today: PartialDate): number | undefined {
  const [year = 0, month = 12, day = 31] = birthDate.split('-').map(Number);
  const [nowYear = 0, nowMonth = 1, nowDay = 1] = today.split('-').map(Number);
  const months = (nowYear - year) * 12 + (nowMonth - month) - (nowDay < day ? 1 : 0);
  return Number.isFinite(months) ? Math.max(0, months) : undefined;
}

function sorted(findings: readonly Finding[]): Finding[] {
  const once = new Map(findings.map((one) => [orderOf(one), one]));
  return [...once].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, one]) => one);
}

const orderOf = ({ severity, kind, rule, drugs, with: other = '' }: Finding): string =>
  [severity === 'severe' ? 0 : 1, kind, rule, other, ...drugs].join(' ');
