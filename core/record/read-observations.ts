// Observation to blood group, weight and height, and the organ-donor wish.
// Only stated values count (final, amended, corrected, preliminary); the newest says.

import { bloodGroups } from './code-lists/small-lists.ts';
import { plainKey } from './code-lists/code-list.ts';
import type { JsonObject } from '../fhir/types.ts';
import { loinc, organDonorCode, ownKnownFrom, snomed } from './code-systems.ts';
import {
  codedText,
  codesOf,
  firstDate,
  hasCode,
  numberAt,
  objectAt,
  objectsAt,
  optional,
  statusCode,
  textAt,
} from './elements.ts';
import type { BloodGroup, BodyMeasure, CodedText, Fact, OrganDonorWish, Section } from './facts.ts';
import { fact } from './read-source.ts';
import { resourcesOf, type RecordIndex } from './record-index.ts';
import { byTrust, newerFirst, section, withoutDoubles } from './section-building.ts';

const unstated = new Set(['entered-in-error', 'cancelled', 'registered', 'unknown']);

export function isObservationStated(resource: JsonObject): boolean {
  return !unstated.has(statusCode(resource, 'status') ?? 'final');
}

/** Stated observations with a LOINC code, the newest first. */
export function observationsOf(index: RecordIndex, ...codes: readonly string[]): readonly JsonObject[] {
  const wanted = new Set(codes);
  return resourcesOf(index, 'Observation')
    .filter((one) => isObservationStated(one) && hasCode(codesOf(objectAt(one, 'code')), loinc, wanted))
    .sort((a, b) => newerFirst(observedOn(a), observedOn(b)));
}

export function observedOn(resource: JsonObject): string | undefined {
  return firstDate(resource, ['effectiveDateTime', 'effectivePeriod', 'effectiveInstant', 'issued']);
}

type Abo = NonNullable<BloodGroup['abo']>;
type Rhesus = NonNullable<BloodGroup['rhesus']>;

const aboCodes: ReadonlyMap<string, Abo> = new Map([
  ['112144000', 'A'],
  ['112149005', 'B'],
  ['165743006', 'AB'],
  ['58460004', 'O'],
]);
const rhesusCodes: ReadonlyMap<string, Rhesus> = new Map([
  ['165747007', 'positive'],
  ['165746003', 'negative'],
]);

/**
 * ABO and Rh from one observation (882-1) or from two (883-9 and 10331-7). Groups that contradict each other are
 * all kept, verified first: which one is right is for a laboratory to say.
 */
export function readBloodGroup(index: RecordIndex): Section<BloodGroup> {
  const facts: Fact<BloodGroup>[] = [];
  const rhesusAlone = observationsOf(index, '10331-7').map((resource) => ({
    rhesus: groupOf(resource)?.rhesus,
    verified: fact(index, resource, '').source.verified,
  }));
  for (const resource of observationsOf(index, '882-1', '883-9')) {
    const group = groupOf(resource);
    if (group === undefined) continue;
    const plain = fact(index, resource, { ...group, ...optional('knownFrom', originOf(resource)) });
    // A verified ABO group joins only a verified Rh: half a self-report must not look like the laboratory's word.
    const rhesus = rhesusAlone.find(
      (one) => one.rhesus !== undefined && one.verified === plain.source.verified,
    )?.rhesus;
    const joined = group.rhesus === undefined && group.abo !== undefined && rhesus !== undefined;
    facts.push(joined ? { ...plain, value: { ...plain.value, ...named(group.abo, rhesus) } } : plain);
  }
  const once = withoutDoubles(facts, (value) => value.text);
  return section(once.sort((a, b) => byTrust(a.source, b.source)));
}

function originOf(resource: JsonObject): BloodGroup['knownFrom'] {
  const code = codesOf(objectAt(resource, 'method')).find((one) => one.system === ownKnownFrom)?.code;
  return code === 'lab-report' || code === 'card' || code === 'belief' ? code : undefined;
}

function named(abo: Abo, rhesus: Rhesus | undefined): BloodGroup {
  const sign = rhesus === undefined ? '' : rhesus === 'positive' ? '+' : '−';
  return { text: `${abo}${sign}`, abo, ...optional('rhesus', rhesus) };
}

function groupOf(resource: JsonObject): (BloodGroup & { readonly rhesus?: Rhesus }) | undefined {
  const said =
    codedText(objectAt(resource, 'valueCodeableConcept')) ??
    (textAt(resource, 'valueString') === undefined
      ? undefined
      : { text: textAt(resource, 'valueString') ?? '', codes: [] });
  if (said === undefined) return undefined;
  for (const code of said.codes) {
    if (code.system !== snomed) continue;
    const entry = bloodGroups.find((one) => one.codes[0]?.code === code.code);
    if (entry !== undefined) return named(entry.abo, entry.rhesus);
    const abo = aboCodes.get(code.code);
    if (abo !== undefined) return named(abo, undefined);
    const rhesus = rhesusCodes.get(code.code);
    if (rhesus !== undefined) return { text: said.text, rhesus };
  }
  return groupFromWords(said.text);
}

/** Reads "A+", "O neg", "AB RhD positive", "group B". */
export function groupFromWords(text: string): BloodGroup {
  const match =
    /^(?:blood )?(?:group |type )?\s*(AB|A|B|O|0)\s*(?:\(?rh?(?:\s*\(?d\)?)?\)?\s*)?(\+|-|−|–|pos(?:itive)?|neg(?:ative)?)?(?:ve)?$/iu.exec(
      text.trim(),
    );
  const letters = match?.[1]?.toUpperCase().replace('0', 'O');
  if (letters === undefined) {
    const word = /^(?:rh(?:esus)?\s*\(?d?\)?\s*)?(pos|neg)(?:itive|ative)?$/iu.exec(plainKey(text))?.[1];
    const alone: Rhesus | undefined =
      word === undefined ? undefined : word === 'pos' ? 'positive' : 'negative';
    return { text, ...optional('rhesus', alone) };
  }
  const sign = match?.[2]?.toLowerCase();
  const rhesus = sign === undefined ? undefined : /^(?:\+|pos)/u.test(sign) ? 'positive' : 'negative';
  return named(letters as Abo, rhesus);
}

const kilograms: ReadonlyMap<string, number> = new Map([
  ['kg', 1],
  ['g', 0.001],
  ['[lb_av]', 0.45359237],
  ['lb', 0.45359237],
  ['lbs', 0.45359237],
]);
const centimetres: ReadonlyMap<string, number> = new Map([
  ['cm', 1],
  ['m', 100],
  ['mm', 0.1],
  ['[in_i]', 2.54],
  ['in', 2.54],
  ['[ft_i]', 30.48],
]);

/** The newest weight in kg and the newest height in cm; values outside 0.3–500 kg and 20–260 cm are not believed. */
export function readBody(index: RecordIndex): Section<BodyMeasure> {
  const facts: Fact<BodyMeasure>[] = [];
  for (const resource of observationsOf(index, '29463-7', '3141-9', '3142-7')) {
    const value = measured(resource, kilograms, 0.3, 500);
    if (value === undefined) continue;
    facts.push(
      fact(index, resource, { kind: 'weight', value, unit: 'kg', ...optional('date', observedOn(resource)) }),
    );
    break;
  }
  for (const resource of observationsOf(index, '8302-2', '3137-7', '3138-5')) {
    const value = measured(resource, centimetres, 20, 260);
    if (value === undefined) continue;
    facts.push(
      fact(index, resource, { kind: 'height', value, unit: 'cm', ...optional('date', observedOn(resource)) }),
    );
    break;
  }
  return section(facts);
}

function measured(
  resource: JsonObject,
  units: ReadonlyMap<string, number>,
  least: number,
  most: number,
): number | undefined {
  const quantity = objectAt(resource, 'valueQuantity');
  const value = numberAt(quantity, 'value');
  const factor = units.get(textAt(quantity, 'code') ?? '') ?? units.get(textAt(quantity, 'unit') ?? '');
  if (value === undefined || factor === undefined) return undefined;
  const converted = Math.round(value * factor * 10) / 10;
  return converted >= least && converted <= most ? converted : undefined;
}

/** Weight divided by the square of height, kg/m², one decimal; undefined unless both are known. */
export function bodyMassIndex(body: Section<BodyMeasure>): number | undefined {
  if (body.state !== 'recorded') return undefined;
  const valueOf = (kind: BodyMeasure['kind']): number | undefined =>
    body.facts.find((one) => one.value.kind === kind)?.value.value;
  const weight = valueOf('weight');
  const height = valueOf('height');
  if (weight === undefined || height === undefined) return undefined;
  return Math.round((weight / (height / 100) ** 2) * 10) / 10;
}

const donorAnswers: ReadonlyMap<string, OrganDonorWish['answer']> = new Map([
  ['Y', 'yes'],
  ['F', 'yes'],
  ['N', 'no'],
  ['I', 'unsure'],
  ['R', 'relatives'],
  ['P', 'unsure'],
  ['U', 'unsure'],
]);

export function readOrganDonor(index: RecordIndex): Section<OrganDonorWish> {
  for (const resource of observationsOf(index, '75781-5')) {
    const said = codedText(objectAt(resource, 'valueCodeableConcept'));
    const code = said?.codes.find((one) => one.system === organDonorCode)?.code;
    const answer = donorAnswers.get(code ?? '');
    if (answer === undefined) continue;
    const organs = objectsAt(resource, 'component')
      .map((component) => codedText(objectAt(component, 'valueCodeableConcept')))
      .filter((organ): organ is CodedText => organ !== undefined);
    const some = answer === 'yes' && organs.length > 0;
    const date = observedOn(resource);
    return section([
      fact(index, resource, {
        answer: some ? ('some' as const) : answer,
        organs: some ? organs : [],
        ...optional('date', date),
      }),
    ]);
  }
  return section<OrganDonorWish>([]);
}
