// Condition to diseases and disabilities. Circumstances of life that some systems record as conditions
// (education, work, housing) are neither; pregnancies and implants recorded as conditions are read elsewhere.

import type { JsonObject } from '../fhir/types.ts';
import { findEntry, identicalEntry } from './code-lists/code-list.ts';
import { conditions } from './code-lists/conditions.ts';
import { disabilities } from './code-lists/small-lists.ts';
import { icd10, icd10Cm, snomed } from './code-systems.ts';
import {
  codedText,
  codesOf,
  firstDate,
  hasSnomed,
  noteText,
  objectAt,
  objectsAt,
  optional,
  statusCode,
  valueAt,
} from './elements.ts';
import type { Code, CodedText, Condition, ConditionStatus, Disability, Fact, Section } from './facts.ts';
import { isImplantFinding } from './read-implants.ts';
import { noneKnownIn, saysNothing } from './none-known.ts';
import { isPregnancyCondition } from './read-pregnancy.ts';
import { fact, factResource, readSource } from './read-source.ts';
import { resourcesOf, type RecordIndex } from './record-index.ts';
import { sameThing, section, sortFacts, withoutDoubles, type Denial } from './section-building.ts';

const statuses: readonly string[] = ['active', 'recurrence', 'relapse', 'remission', 'inactive', 'resolved'];

export function readConditions(index: RecordIndex): Section<Condition> {
  const facts: Fact<Condition>[] = [];
  const denials: Denial[] = [];
  for (const resource of resourcesOf(index, 'Condition')) {
    if (!isStated(resource) || isDisability(resource)) continue;
    const codes = codesOf(objectAt(resource, 'code'));
    if (isActive(resource) && noneKnownIn(codes).includes('conditions')) {
      denials.push({ source: readSource(index, resource), resource: factResource(resource) });
      continue;
    }
    const concept = codedText(objectAt(resource, 'code'));
    if (
      concept === undefined ||
      saysNothing(concept.codes, concept.text) ||
      isCircumstance(resource, concept)
    )
      continue;
    if (isPregnancyCondition(concept.codes) || isImplantFinding(concept.codes)) continue;
    if (isActive(resource)) facts.push(fact(index, resource, readCondition(resource, concept)));
  }
  const once = withoutDoubles(facts, (value) => sameDisease(value.codes, value.name));
  return section(sortFacts(once, urgencyOf), denials);
}

export function readDisabilities(index: RecordIndex): Section<Disability> {
  const facts: Fact<Disability>[] = [];
  const denials: Denial[] = [];
  for (const resource of resourcesOf(index, 'Condition')) {
    if (!isStated(resource) || !isActive(resource)) continue;
    const concept = codedText(objectAt(resource, 'code'));
    const codes = concept?.codes ?? [];
    if (noneKnownIn(codes).includes('disabilities')) {
      denials.push({ source: readSource(index, resource), resource: factResource(resource) });
      continue;
    }
    if (concept === undefined || saysNothing(codes, concept.text) || !isDisability(resource)) continue;
    facts.push(
      fact(index, resource, {
        name: concept.text,
        codes,
        ...optional('since', onset(resource)),
        ...optional('note', noteText(resource)),
      }),
    );
  }
  const once = withoutDoubles(facts, (value) =>
    sameThing(findEntry(disabilities, value.codes, value.name)?.id, value.codes, value.name),
  );
  return section(
    sortFacts(once, () => 0),
    denials,
  );
}

// By code rather than by list entry: an entry gathers narrower diseases, and the narrower name must not be lost.
function sameDisease(codes: readonly Code[], name: string): string {
  const known =
    codes.find((code) => code.system === snomed) ?? identicalEntry(conditions, [], name)?.codes[0];
  return known === undefined ? sameThing(undefined, codes, name) : `${known.system}|${known.code}`;
}

/** 1: changes the first minutes; 2: the first hours; 3: later; 4: not on our list; 5: a thing of the past. */
export function urgencyOf(condition: Condition): number {
  const entry = findEntry(conditions, condition.codes, condition.name);
  if (entry !== undefined) return entry.urgency;
  return /^history of /iu.test(condition.name) ? 5 : 4;
}

function readCondition(resource: JsonObject, concept: CodedText): Condition {
  const clinical = statusCode(resource, 'clinicalStatus') ?? '';
  const verification = statusCode(resource, 'verificationStatus');
  return {
    name: concept.text,
    codes: concept.codes,
    status: statuses.includes(clinical) ? (clinical as ConditionStatus) : 'active',
    ...optional('severity', severityOf(objectAt(resource, 'severity'))),
    ...optional('since', onset(resource)),
    uncertain:
      verification === 'provisional' || verification === 'differential' || verification === 'unconfirmed',
    ...optional('note', noteText(resource)),
  };
}

function onset(resource: JsonObject): string | undefined {
  return firstDate(resource, ['onsetDateTime', 'onsetPeriod']);
}

export function isStated(resource: JsonObject): boolean {
  const verification = statusCode(resource, 'verificationStatus');
  return verification !== 'entered-in-error' && verification !== 'refuted';
}

/** Remission is kept: a responder still needs to know of a cancer or an epilepsy that sleeps. */
export function isActive(resource: JsonObject): boolean {
  const clinical = statusCode(resource, 'clinicalStatus');
  if (clinical === 'inactive' || clinical === 'resolved') return false;
  if (clinical !== undefined) return true;
  return !Object.keys(resource).some(
    (key) => key.startsWith('abatement') && valueAt(resource, key) !== false,
  );
}

function severityOf(concept: JsonObject | undefined): Condition['severity'] {
  const said = codedText(concept);
  if (said === undefined) return undefined;
  if (hasSnomed(said.codes, new Set(['24484000'])) || /^severe/iu.test(said.text)) return 'severe';
  if (hasSnomed(said.codes, new Set(['6736007'])) || /^moderate/iu.test(said.text)) return 'moderate';
  if (hasSnomed(said.codes, new Set(['255604002'])) || /^mild/iu.test(said.text)) return 'mild';
  return undefined;
}

const disabilityCodes = new Set(disabilities.flatMap((entry) => entry.codes.map((code) => code.code)));

export function isDisability(resource: JsonObject): boolean {
  const filed = objectsAt(resource, 'category').some(
    (category) =>
      hasSnomed(codesOf(category), new Set(['21134002'])) ||
      codedText(category)?.text.toLowerCase() === 'disability',
  );
  return filed || hasSnomed(codesOf(objectAt(resource, 'code')), disabilityCodes);
}

// SNOMED CT findings about how somebody lives.
const circumstanceCodes = new Set([
  '224299000', // Received higher education
  '160903007', // Full-time employment
  '160904001', // Part-time employment
  '741062008', // Not in labor force
  '73438004', // Unemployed
  '224363007', // Employed
  '160906004', // Self-employed
  '422650009', // Social isolation
  '423315002', // Limited social contact
  '73595000', // Stress
  '424393004', // Reports of violence in the environment
  '266948004', // Has a criminal record
  '706893006', // Victim of intimate partner abuse
  '160968000', // Risk activity involvement
  '713458007', // Lack of access to transportation
  '32911000', // Homeless
  '446654005', // Refugee
  '314529007', // Medication review due
  '105531004', // Housing unsatisfactory
  '266935003', // Housing lack
  '224295006', // Only received primary school education
  '224355006', // Served in armed forces
  '473461003', // Educated to high school level
  '5251000175109', // Received certificate of high school equivalency
  '266934004', // Transport problem
]);
const circumstanceWords =
  /\b(?:education|educated|school|employ(?:ed|ment)|unemployed|labou?r force|housing|homeless|social (?:contact|isolation)|stress|criminal record|armed forces|refugee|transport(?:ation)?|violence in the environment|intimate partner abuse|risk activity|review due|income|insurance)\b/iu;

export function isCircumstance(resource: JsonObject, concept: CodedText): boolean {
  if (hasSnomed(concept.codes, circumstanceCodes)) return true;
  if (concept.codes.some(isSocialIcd10)) return true;
  const filed = objectsAt(resource, 'category').flatMap(codesOf);
  if (filed.some((code) => code.code === 'social-history' || code.code === 'sdoh')) return true;
  return isFinding(resource, concept.codes) && circumstanceWords.test(concept.text);
}

/** ICD-10 Z55 to Z65: hazards from socioeconomic and psychosocial circumstances. */
function isSocialIcd10(code: Code): boolean {
  return (code.system === icd10 || code.system === icd10Cm) && /^Z(?:5[5-9]|6[0-5])/u.test(code.code);
}

// Words alone would hide a "stress fracture (disorder)"; only what calls itself a finding or a situation is judged.
function isFinding(resource: JsonObject, codes: readonly Code[]): boolean {
  const written = [
    valueAt(objectAt(resource, 'code'), 'text'),
    ...codes.filter((code) => code.system === snomed).map((code) => code.display),
  ];
  return written.some(
    (text) => typeof text === 'string' && /\((?:finding|situation|person)\)\s*$/u.test(text),
  );
}
