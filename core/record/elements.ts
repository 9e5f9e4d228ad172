// Careful reading of JSON elements of a FHIR resource: whatever is missing or odd reads as absent, never as an error.
// Knows the data types of FHIR (CodeableConcept, Reference, Period, Quantity), no resource.

import { isJsonObject, numberOf, DecimalLiteral } from '../fhir/json.ts';
import type { JsonObject, JsonValue } from '../fhir/types.ts';
import { snomed } from './code-systems.ts';
import type { Code, CodedText, PartialDate } from './facts.ts';

/** Longest text that is taken from a resource; the rest is cut, so that a page stays a page. */
export const maxTextLength = 1000;

export function valueAt(object: JsonObject | undefined, key: string): JsonValue | undefined {
  return object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined;
}

export function objectAt(object: JsonObject | undefined, key: string): JsonObject | undefined {
  const value = valueAt(object, key);
  return isJsonObject(value) ? value : undefined;
}

/** The objects of a list; a lone object counts as a list of one. */
export function objectsAt(object: JsonObject | undefined, key: string): JsonObject[] {
  const value = valueAt(object, key);
  if (Array.isArray(value)) return value.filter((item) => isJsonObject(item));
  return isJsonObject(value) ? [value] : [];
}

/** Text without control characters and outer space, or undefined where nothing is left. */
export function cleanText(value: JsonValue | undefined): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value
    .slice(0, maxTextLength)
    .replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .trim();
  return text === '' ? undefined : text;
}

export function textAt(object: JsonObject | undefined, key: string): string | undefined {
  return cleanText(valueAt(object, key));
}

export function textsAt(object: JsonObject | undefined, key: string): string[] {
  const value = valueAt(object, key);
  const values = Array.isArray(value) ? value : [value];
  return values.map((item) => cleanText(item)).filter((item) => item !== undefined);
}

export function booleanAt(object: JsonObject | undefined, key: string): boolean | undefined {
  const value = valueAt(object, key);
  return typeof value === 'boolean' ? value : undefined;
}

export function numberAt(object: JsonObject | undefined, key: string): number | undefined {
  const value = valueAt(object, key);
  if (typeof value !== 'number' && !(value instanceof DecimalLiteral)) return undefined;
  const number = numberOf(value);
  return Number.isFinite(number) ? number : undefined;
}

/** The day part of a FHIR date, dateTime or instant, when it is a day that exists. */
export function partialDate(value: JsonValue | undefined): PartialDate | undefined {
  if (typeof value !== 'string') return undefined;
  const match = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:$|T)/.exec(value);
  if (match === null) return undefined;
  const [, year, month, day] = match;
  if (year === undefined || year === '0000') return undefined;
  if (month === undefined) return year;
  const monthNumber = Number(month);
  if (monthNumber < 1 || monthNumber > 12) return undefined;
  if (day === undefined) return `${year}-${month}`;
  const dayNumber = Number(day);
  if (dayNumber < 1 || dayNumber > daysInMonth(Number(year), monthNumber)) return undefined;
  return `${year}-${month}-${day}`;
}

/** Days of a month of the Gregorian calendar; `month` 1 to 12. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

export function dateAt(object: JsonObject | undefined, key: string): PartialDate | undefined {
  return partialDate(valueAt(object, key));
}

/** The first of several elements that holds a date; a Period counts with its start. */
export function firstDate(object: JsonObject, keys: readonly string[]): PartialDate | undefined {
  for (const key of keys) {
    const date = dateAt(object, key) ?? dateAt(objectAt(object, key), 'start');
    if (date !== undefined) return date;
  }
  return undefined;
}

/** The codings of a CodeableConcept that have both system and code. */
export function codesOf(concept: JsonObject | undefined): Code[] {
  const codes: Code[] = [];
  for (const coding of objectsAt(concept, 'coding')) {
    const system = textAt(coding, 'system');
    const code = textAt(coding, 'code');
    const display = textAt(coding, 'display');
    if (system === undefined || code === undefined) continue;
    codes.push(display === undefined ? { system, code } : { system, code, display });
  }
  return codes;
}

/** Words and codes of a CodeableConcept: text, else a display, else the bare code; undefined where it says nothing. */
export function codedText(concept: JsonObject | undefined): CodedText | undefined {
  if (concept === undefined) return undefined;
  const codes = codesOf(concept);
  const text =
    textAt(concept, 'text') ??
    objectsAt(concept, 'coding')
      .map((coding) => textAt(coding, 'display'))
      .find((display) => display !== undefined) ??
    objectsAt(concept, 'coding')
      .map((coding) => textAt(coding, 'code'))
      .find((code) => code !== undefined);
  return text === undefined ? undefined : { text: withoutSemanticTag(text), codes };
}

const semanticTag =
  / \((?:disorder|finding|situation|substance|product|medicinal product|physical object|procedure|qualifier value|organism|event|morphologic abnormality|body structure|person|regime\/therapy|environment|occupation|observable entity)\)$/u;

/** SNOMED CT's "(disorder)" at the end of a name is for terminologists, not for readers. */
export function withoutSemanticTag(text: string): string {
  return text.replace(semanticTag, '');
}

export function hasCode(codes: readonly Code[], system: string, wanted: ReadonlySet<string>): boolean {
  return codes.some((code) => code.system === system && wanted.has(code.code));
}

export function hasSnomed(codes: readonly Code[], wanted: ReadonlySet<string>): boolean {
  return hasCode(codes, snomed, wanted);
}

/** The first code of a CodeableConcept ("active"); also where a bare code or Coding stands in its place. */
export function statusCode(object: JsonObject, key: string): string | undefined {
  const value = valueAt(object, key);
  if (typeof value === 'string') return cleanText(value);
  const concept = objectAt(object, key);
  for (const coding of objectsAt(concept, 'coding')) {
    const code = textAt(coding, 'code');
    if (code !== undefined) return code;
  }
  return textAt(concept, 'code');
}

/** The words of the notes of a resource, joined. */
export function noteText(resource: JsonObject): string | undefined {
  return cleanText(
    objectsAt(resource, 'note')
      .map((note) => textAt(note, 'text'))
      .filter((text) => text !== undefined)
      .join(' '),
  );
}

/** `{key: value}`, or nothing where the value is undefined, so that optional properties stay absent. */
export function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: V };
}
