// The few words by which a person knows an entry of any type again, for lists of what is shared. Reads the resource, decides nothing.
import { isJsonObject } from '../fhir/json.ts';
import type { JsonValue, Resource } from '../fhir/types.ts';
import { objectAt, objectsAt, textAt } from './elements.ts';
import { displayName } from './human-name.ts';

const named = [
  'code',
  'medicationCodeableConcept',
  'vaccineCode',
  'type',
  'class',
  'service',
  'topic',
  'serviceType',
  'category',
] as const;
const plain = ['title', 'description', 'name', 'summary'] as const;
const dated = [
  'effectiveDateTime',
  'onsetDateTime',
  'occurrenceDateTime',
  'performedDateTime',
  'recordedDate',
  'authoredOn',
  'issued',
  'date',
  'created',
  'started',
  'sent',
  'start',
] as const;

/** Undefined when the resource has no words of its own: then its type has to do. */
export function entryTitle(resource: Resource): string | undefined {
  if (resource.resourceType === 'Patient') return displayName(resource['name']) || undefined;
  for (const key of named) {
    const words = conceptText(resource[key]);
    if (words !== undefined) return words;
  }
  for (const key of plain) {
    const words = textAt(resource, key);
    if (words !== undefined) return words;
  }
  return undefined;
}

/** The day it speaks of, as it was written: a date, or the beginning of a period. */
export function entryDate(resource: Resource): string | undefined {
  for (const key of dated) {
    const day = textAt(resource, key);
    if (day !== undefined) return day.slice(0, 10);
  }
  const period =
    objectAt(resource, 'effectivePeriod') ??
    objectAt(resource, 'performedPeriod') ??
    objectAt(resource, 'period');
  return textAt(period, 'start')?.slice(0, 10);
}

function conceptText(value: JsonValue | undefined): string | undefined {
  const concepts = Array.isArray(value) ? value : [value];
  for (const concept of concepts) {
    if (!isJsonObject(concept)) continue;
    const words =
      textAt(concept, 'text') ??
      textAt(concept, 'display') ??
      objectsAt(concept, 'coding')
        .map((coding) => textAt(coding, 'display'))
        .find((each) => each !== undefined);
    if (words !== undefined) return words;
  }
  return undefined;
}
