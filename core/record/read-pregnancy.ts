// Pregnancy status: Observation 82810-3 with its due date, or an active Condition that says the same.

import type { JsonObject } from '../fhir/types.ts';
import { loinc, snomed } from './code-systems.ts';
import {
  codesOf,
  dateAt,
  firstDate,
  hasCode,
  hasSnomed,
  objectAt,
  objectsAt,
  optional,
  statusCode,
  codedText,
} from './elements.ts';
import type { Code, Fact, Pregnancy, Section } from './facts.ts';
import { isObservationStated, observationsOf } from './read-observations.ts';
import { fact } from './read-source.ts';
import { resourcesOf, type RecordIndex } from './record-index.ts';
import { newerFirst, section } from './section-building.ts';

const pregnant = new Set(['77386006', '72892002', '47200007', '16356006', '65727000']);
const states: ReadonlyMap<string, Pregnancy['state']> = new Map([
  [`${snomed}|77386006`, 'pregnant'],
  [`${loinc}|LA15173-0`, 'pregnant'],
  [`${snomed}|60001007`, 'not-pregnant'],
  [`${loinc}|LA26683-5`, 'not-pregnant'],
  [`${snomed}|146799005`, 'possible'],
  [`${snomed}|152231000119106`, 'possible'],
  [`${snomed}|261665006`, 'unknown'],
  [`${loinc}|LA4489-6`, 'unknown'],
]);
const dueDate = new Set(['11778-8', '11779-6', '11780-4']);

/** The newest statement; an older one is history. */
export function readPregnancy(index: RecordIndex): Section<Pregnancy> {
  const facts: Fact<Pregnancy>[] = [];
  for (const resource of observationsOf(index, '82810-3')) {
    const said = codedText(objectAt(resource, 'valueCodeableConcept'));
    const state = stateOf(said?.codes ?? [], said?.text ?? '');
    if (state === undefined) continue;
    const date = firstDate(resource, ['effectiveDateTime', 'effectivePeriod', 'issued']);
    const due = dueOf(resource) ?? separateDueDate(index, date);
    facts.push(fact(index, resource, { state, ...optional('due', due), ...optional('date', date) }));
  }
  for (const resource of resourcesOf(index, 'Condition')) {
    const clinical = statusCode(resource, 'clinicalStatus') ?? 'active';
    const verification = statusCode(resource, 'verificationStatus');
    if (clinical !== 'active' || verification === 'entered-in-error' || verification === 'refuted') continue;
    if (!isPregnancyCondition(codesOf(objectAt(resource, 'code')))) continue;
    const date = firstDate(resource, ['onsetDateTime', 'onsetPeriod', 'recordedDate']);
    facts.push(fact(index, resource, { state: 'pregnant', ...optional('date', date) }));
  }
  const newest = facts.sort((a, b) =>
    newerFirst(a.value.date ?? a.source.date, b.value.date ?? b.source.date),
  );
  return section(newest.slice(0, 1));
}

export function isPregnancyCondition(codes: readonly Code[]): boolean {
  return hasSnomed(codes, pregnant);
}

function stateOf(codes: readonly Code[], text: string): Pregnancy['state'] | undefined {
  for (const code of codes) {
    const state = states.get(`${code.system}|${code.code}`);
    if (state !== undefined) return state;
  }
  if (/^not pregnant/iu.test(text)) return 'not-pregnant';
  if (/^pregnant/iu.test(text)) return 'pregnant';
  return undefined;
}

function dueOf(resource: JsonObject): string | undefined {
  for (const component of objectsAt(resource, 'component')) {
    if (hasCode(codesOf(objectAt(component, 'code')), loinc, dueDate))
      return dateAt(component, 'valueDateTime');
  }
  return undefined;
}

function separateDueDate(index: RecordIndex, stated: string | undefined): string | undefined {
  return resourcesOf(index, 'Observation')
    .filter((one) => isObservationStated(one) && hasCode(codesOf(objectAt(one, 'code')), loinc, dueDate))
    .map((one) => dateAt(one, 'valueDateTime'))
    .filter((date) => date !== undefined && (stated === undefined || date >= stated))
    .sort(newerFirst)[0];
}
