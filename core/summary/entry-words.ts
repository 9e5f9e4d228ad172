// What one resource is called in a summary's text, and when it was: plain words, never markup.

import { DecimalLiteral, isJsonObject } from '../fhir/json.ts';
import type { JsonObject, JsonValue } from '../fhir/types.ts';
import { codedText, firstDate, objectAt, objectsAt, statusCode, textAt } from '../record/elements.ts';
import { isNumber, shownNumber } from '../record/shown-number.ts';

const names = ['code', 'vaccineCode', 'medicationCodeableConcept', 'type'];
const dates = [
  'effectiveDateTime',
  'effectivePeriod',
  'effectiveInstant',
  'performedDateTime',
  'performedPeriod',
  'occurrenceDateTime',
  'onsetDateTime',
  'onsetPeriod',
  'timingDateTime',
  'timingPeriod',
  'recordedDate',
  'recordedOn',
  'authoredOn',
  'dateAsserted',
  'dateTime',
  'issued',
  'date',
  'created',
  'period',
];

export function entryDate(resource: JsonObject): string | undefined {
  return firstDate(resource, dates);
}

/** The name, then value or state, then the day: `Glucose: 5.50 mmol/L (2024-05-02)`. */
export function entryWords(resource: JsonObject, named: (reference: string) => string | undefined): string {
  const value = valueWords(resource);
  const parts = componentWords(resource);
  const detail = [
    textAt(resource, 'criticality') === 'high' ? 'high criticality' : undefined,
    value,
    ...parts,
    ...doseWords(resource),
    stateWords(resource),
  ].filter((word) => word !== undefined);
  const date = entryDate(resource);
  return [
    entryName(resource, named) + (detail.length > 0 ? `: ${detail.join('; ')}` : ''),
    ...(date === undefined ? [] : [`(${date})`]),
  ].join(' ');
}

function entryName(resource: JsonObject, named: (reference: string) => string | undefined): string {
  for (const key of names) {
    const said = codedText(objectAt(resource, key));
    if (said !== undefined) return said.text;
  }
  for (const key of ['medicationReference', 'device', 'vaccine']) {
    const reference = objectAt(resource, key);
    const name = textAt(reference, 'display') ?? named(textAt(reference, 'reference') ?? '') ?? undefined;
    if (name !== undefined) return name;
  }
  const title = textAt(resource, 'title') ?? textAt(resource, 'description') ?? textAt(resource, 'summary');
  const category = codedText(objectsAt(resource, 'category')[0])?.text;
  return title ?? category ?? textAt(resource, 'resourceType') ?? 'Entry';
}

/** The name of a resource that others point to. */
export function targetName(resource: JsonObject): string | undefined {
  const device = objectsAt(resource, 'deviceName')[0];
  return (
    codedText(objectAt(resource, 'code'))?.text ??
    textAt(device, 'name') ??
    codedText(objectAt(resource, 'type'))?.text
  );
}

function valueWords(holder: JsonObject): string | undefined {
  for (const [key, value] of Object.entries(holder)) {
    if (!key.startsWith('value')) continue;
    if (key === 'valueQuantity' && isJsonObject(value)) return quantityWords(value);
    if (key === 'valueCodeableConcept' && isJsonObject(value)) return codedText(value)?.text;
    if (key === 'valueBoolean') return value === true ? 'yes' : 'no';
    if (/^value(?:String|Integer|DateTime|Time)$/.test(key)) return scalarWords(value);
  }
  return undefined;
}

function componentWords(resource: JsonObject): string[] {
  return objectsAt(resource, 'component').flatMap((component) => {
    const name = codedText(objectAt(component, 'code'))?.text;
    const value = valueWords(component);
    return name === undefined || value === undefined ? [] : [`${name} ${value}`];
  });
}

function quantityWords(quantity: JsonObject): string | undefined {
  const number = quantity['value'];
  const value = isNumber(number) ? shownNumber(number) : scalarWords(number);
  if (value === undefined) return undefined;
  const unit = textAt(quantity, 'unit') ?? textAt(quantity, 'code');
  return `${textAt(quantity, 'comparator') ?? ''}${value}${unit === undefined ? '' : ` ${unit}`}`;
}

function scalarWords(value: JsonValue | undefined): string | undefined {
  if (value instanceof DecimalLiteral) return value.text;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function doseWords(resource: JsonObject): string[] {
  const doses = [...objectsAt(resource, 'dosage'), ...objectsAt(resource, 'dosageInstruction')];
  return doses.flatMap((dose) => textAt(dose, 'text') ?? []);
}

/** Told only where it is not the ordinary one. */
function stateWords(resource: JsonObject): string | undefined {
  const state = statusCode(resource, 'clinicalStatus') ?? statusCode(resource, 'status');
  return state === undefined || /^(?:active|completed|final|current|unknown)$/.test(state)
    ? undefined
    : state;
}
