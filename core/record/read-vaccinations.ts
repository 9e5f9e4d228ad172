// Immunization to vaccinations given, the newest first.

import { findEntry } from './code-lists/code-list.ts';
import { vaccines } from './code-lists/vaccines.ts';
import type { JsonObject } from '../fhir/types.ts';
import {
  codedText,
  dateAt,
  numberAt,
  objectAt,
  objectsAt,
  optional,
  statusCode,
  textAt,
} from './elements.ts';
import type { Fact, Section, Vaccination } from './facts.ts';
import { noneKnownIn, saysNothing } from './none-known.ts';
import { fact, factResource, readSource } from './read-source.ts';
import { resourcesOf, type RecordIndex } from './record-index.ts';
import { newerFirst, section, withoutDoubles, type Denial } from './section-building.ts';

export function readVaccinations(index: RecordIndex): Section<Vaccination> {
  const facts: Fact<Vaccination>[] = [];
  const denials: Denial[] = [];
  for (const resource of resourcesOf(index, 'Immunization')) {
    const status = statusCode(resource, 'status') ?? 'completed';
    if (status === 'entered-in-error') continue;
    const concept = codedText(objectAt(resource, 'vaccineCode'));
    if (concept === undefined) continue;
    if (noneKnownIn(concept.codes).includes('vaccinations')) {
      denials.push({ source: readSource(index, resource), resource: factResource(resource) });
      continue;
    }
    if (status !== 'completed' || saysNothing(concept.codes, concept.text)) continue;
    const date = dateAt(resource, 'occurrenceDateTime') ?? dateAt(resource, 'recorded');
    facts.push(
      fact(index, resource, {
        vaccine: concept.text,
        codes: concept.codes,
        ...optional('date', date),
        ...optional('doseNumber', doseNumber(resource)),
        ...optional('lot', textAt(resource, 'lotNumber')),
      }),
    );
  }
  const once = withoutDoubles(
    facts,
    (value) => `${findEntry(vaccines, value.codes, value.vaccine)?.id ?? value.vaccine}|${value.date ?? ''}`,
  );
  return section(
    once.sort((a, b) => newerFirst(a.value.date, b.value.date)),
    denials,
  );
}

function doseNumber(resource: JsonObject): string | undefined {
  const protocol = objectsAt(resource, 'protocolApplied')[0];
  const number = numberAt(protocol, 'doseNumberPositiveInt');
  return number === undefined ? textAt(protocol, 'doseNumberString') : String(number);
}

/** True where a vaccination protects against tetanus, which every wound asks for. */
export function coversTetanus(vaccination: Vaccination): boolean {
  return (
    findEntry(vaccines, vaccination.codes, vaccination.vaccine)?.tetanus ??
    /tetanus/iu.test(vaccination.vaccine)
  );
}
