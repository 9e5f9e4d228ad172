// AllergyIntolerance to allergies: current ones only, each substance once, the deadliest first.

import type { JsonObject } from '../fhir/types.ts';
import { allergens, reactions } from './code-lists/allergens.ts';
import { findEntry, identicalEntry } from './code-lists/code-list.ts';
import {
  codedText,
  codesOf,
  firstDate,
  noteText,
  objectAt,
  objectsAt,
  optional,
  statusCode,
  textAt,
  textsAt,
} from './elements.ts';
import type {
  Allergy,
  AllergyCategory,
  CodedText,
  Criticality,
  Fact,
  PartialDate,
  Section,
  Severity,
} from './facts.ts';
import { noneKnownIn, saysNothing } from './none-known.ts';
import { fact, factResource, readSource } from './read-source.ts';
import { resourcesOf, type RecordIndex } from './record-index.ts';
import {
  newerFirst,
  sameThing,
  section,
  sortFacts,
  withoutDoubles,
  type Denial,
} from './section-building.ts';

const categories: readonly AllergyCategory[] = ['medication', 'food', 'environment', 'biologic'];
const severities: readonly Severity[] = ['mild', 'moderate', 'severe'];

export function readAllergies(index: RecordIndex): Section<Allergy> {
  const facts: Fact<Allergy>[] = [];
  const denials: Denial[] = [];
  for (const resource of resourcesOf(index, 'AllergyIntolerance')) {
    if (!isCurrent(resource)) continue;
    const codes = codesOf(objectAt(resource, 'code'));
    if (noneKnownIn(codes).includes('allergies')) {
      denials.push({ source: readSource(index, resource), resource: factResource(resource) });
      continue;
    }
    const allergy = readAllergy(resource);
    if (allergy !== undefined) facts.push(fact(index, resource, allergy));
  }
  const once = withoutDoubles(
    facts,
    (value) =>
      sameThing(identicalEntry(allergens, value.codes, value.substance)?.id, value.codes, value.substance),
    (a, b) => danger(a.value) - danger(b.value) || newerFirst(a.source.date, b.source.date),
  );
  return section(sortFacts(once, danger), denials);
}

function isCurrent(resource: JsonObject): boolean {
  const verification = statusCode(resource, 'verificationStatus');
  if (verification === 'entered-in-error' || verification === 'refuted') return false;
  const clinical = statusCode(resource, 'clinicalStatus');
  return clinical !== 'inactive' && clinical !== 'resolved';
}

function readAllergy(resource: JsonObject): Allergy | undefined {
  const told = objectsAt(resource, 'reaction');
  const concept =
    codedText(objectAt(resource, 'code')) ??
    told.map((one) => codedText(objectAt(one, 'substance'))).find((one) => one !== undefined);
  if (concept === undefined || saysNothing(concept.codes, concept.text)) return undefined;
  const entry = findEntry(allergens, concept.codes, '');
  const substance = onlyDigits(concept.text) && entry !== undefined ? entry.en : substanceName(concept.text);
  const type = textAt(resource, 'type');
  const category = categories.find((one) => textsAt(resource, 'category').includes(one));
  const criticality = textAt(resource, 'criticality');
  const severity = worst(told.map((one) => textAt(one, 'severity')));
  const lastReaction = latest([
    firstDate(resource, ['lastOccurrence']),
    ...told.map((one) => firstDate(one, ['onset'])),
  ]);
  return {
    substance,
    codes: concept.codes,
    ...optional<'kind', 'allergy' | 'intolerance'>(
      'kind',
      type === 'allergy' || type === 'intolerance' ? type : undefined,
    ),
    ...optional('category', category),
    ...optional('criticality', isCriticality(criticality) ? criticality : undefined),
    reactions: told.flatMap(manifestations),
    ...optional('severity', severity),
    ...optional('since', firstDate(resource, ['onsetDateTime', 'onsetPeriod'])),
    ...optional('lastReaction', lastReaction),
    ...optional('note', noteText(resource)),
  };
}

/** R4 asks for a manifestation in every reaction; these words stand where nobody described one. */
export const reactionNotDescribed = 'Not described';

function manifestations(told: JsonObject): CodedText[] {
  const coded = objectsAt(told, 'manifestation')
    .map(codedText)
    .filter((one) => one !== undefined)
    .filter((one) => one.text !== reactionNotDescribed);
  if (coded.length > 0) return coded;
  const description = textAt(told, 'description');
  return description === undefined ? [] : [{ text: description, codes: [] }];
}

function isCriticality(text: string | undefined): text is Criticality {
  return text === 'low' || text === 'high' || text === 'unable-to-assess';
}

function worst(told: readonly (string | undefined)[]): Severity | undefined {
  return severities.findLast((severity) => told.includes(severity));
}

function latest(dates: readonly (PartialDate | undefined)[]): PartialDate | undefined {
  return [...dates].sort(newerFirst)[0];
}

function onlyDigits(text: string): boolean {
  return /^\d+$/u.test(text);
}

/** "Allergy to peanuts" and "Peanut allergy" are both an allergy to peanuts. */
export function substanceName(text: string): string {
  const bare =
    /^(?:allergy|allergic reaction|intolerance|hypersensitivity) to (?:the )?(.+)$/iu.exec(text)?.[1] ??
    /^(.+?) (?:allergy|intolerance|hypersensitivity|adverse reaction)$/iu.exec(text)?.[1] ??
    text;
  return bare.charAt(0).toUpperCase() + bare.slice(1);
}

/** True where the record says that a reaction threatened life, or could. */
export function isLifeThreatening(allergy: Allergy): boolean {
  return (
    allergy.criticality === 'high' ||
    allergy.severity === 'severe' ||
    allergy.reactions.some((one) => findEntry(reactions, one.codes, one.text)?.lifeThreatening === true)
  );
}

// Our list knows better than many senders that a dust mite is no food.
function danger(allergy: Allergy): number {
  const entry = findEntry(allergens, allergy.codes, allergy.substance);
  const category = entry?.category ?? allergy.category;
  const byMouthOrHand = category === 'medication' || category === 'biologic' || entry?.id === 'latex';
  const place = byMouthOrHand ? 0 : category === 'food' ? 1 : 2;
  const level = isLifeThreatening(allergy) ? 0 : allergy.severity === 'moderate' ? 1 : 2;
  return level * 3 + place;
}
