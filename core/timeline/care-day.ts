// The day under which a resource stands in a person's timeline: the day of care as the resource writes it, in the place where the care was,
// not when it was recorded here. Knows nothing of how entries look.
import { isJsonObject } from '../fhir/json.ts';
import type { JsonObject, JsonValue, Resource } from '../fhir/types.ts';
import { objectAt, optional, partialDate, valueAt } from '../record/elements.ts';
import type { PartialDate } from '../record/facts.ts';

/** A Period counts with its start, a Timing with its first event. In the order of preference. */
const anyType = [
  'effectiveDateTime',
  'effectivePeriod',
  'effectiveInstant',
  'effectiveTiming',
  'performedDateTime',
  'performedPeriod',
  'occurrenceDateTime',
  'occurrencePeriod',
  'occurrenceTiming',
  'timingDateTime',
  'timingPeriod',
  'period',
  'started',
  'start',
  'whenHandedOver',
  'whenPrepared',
  'authoredOn',
  'date',
  'dateTime',
  'created',
  'sent',
  'received',
  'issued',
  'recordedOn',
  'dateAsserted',
  'recordedDate',
  'startDate',
  'onsetDateTime',
  'onsetPeriod',
];

const byType: Readonly<Record<string, readonly string[]>> = {
  // When it was found, or else when it began.
  Condition: ['recordedDate', 'onsetDateTime', 'onsetPeriod'],
  AllergyIntolerance: ['recordedDate', 'onsetDateTime', 'onsetPeriod', 'lastOccurrence'],
  MedicationRequest: ['authoredOn'],
  ServiceRequest: ['authoredOn', 'occurrenceDateTime', 'occurrencePeriod'],
  // A document tells of care at its context's time; `date` is when it was filed.
  DocumentReference: ['context.period', 'date'],
  Specimen: ['collection.collectedDateTime', 'collection.collectedPeriod', 'receivedTime'],
  Goal: ['startDate', 'statusDate'],
};

export interface CareMoment {
  /** As much of it as was written. */
  readonly date: PartialDate;
  /** `HH:MM` as written beside a day. */
  readonly time?: string;
}

/** Undefined where the resource names no time. @param resource of any type, sound or not */
export function careMoment(resource: Resource): CareMoment | undefined {
  for (const path of byType[resource.resourceType] ?? anyType) {
    const text = textOf(at(resource, path));
    const date = partialDate(text);
    if (date !== undefined) return { date, ...optional('time', /T(\d{2}:\d{2})/.exec(text ?? '')?.[1]) };
  }
  return undefined;
}

/** `YYYY-MM-DD`: a month or a year counts with its first day. */
export function careDay(resource: Resource): string | undefined {
  const date = careMoment(resource)?.date;
  if (date === undefined) return undefined;
  return date.length === 4 ? `${date}-01-01` : date.length === 7 ? `${date}-01` : date;
}

function at(resource: JsonObject, path: string): JsonValue | undefined {
  const [outer = '', inner] = path.split('.');
  return inner === undefined ? valueAt(resource, outer) : valueAt(objectAt(resource, outer), inner);
}

function textOf(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  if (!isJsonObject(value)) return undefined;
  const { start, end, event } = value;
  const [first] = Array.isArray(event) ? event : [];
  const bounds = objectAt(objectAt(value, 'repeat'), 'boundsPeriod');
  return [start, end, first, bounds?.start].find((one) => typeof one === 'string');
}
