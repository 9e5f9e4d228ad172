// The words in which invariants are written: questions about an element that has the types R4 gives it.

import { dateRange } from './dates.ts';
import { DecimalLiteral, isJsonObject, numberOf } from './json.ts';
import type { JsonObject, JsonValue } from './types.ts';

export interface Invariant {
  /** The key that R4 gives it. */
  readonly key: string;
  readonly severity: 'error' | 'warning';
  readonly text: string;
  readonly holds: (element: JsonObject) => boolean;
}

/** Whether an element is there, with a value or only with extensions. */
export function has(element: JsonObject, name: string): boolean {
  return element[name] !== undefined || element[`_${name}`] !== undefined;
}

export function hasAny(element: JsonObject, ...names: readonly string[]): boolean {
  return names.some((name) => has(element, name));
}

/** The value of a choice such as value[x], in whatever type; undefined if absent or present by extensions only. */
export function choice(element: JsonObject, name: string): JsonValue | undefined {
  const property = choiceProperty(element, name);
  return property === undefined ? undefined : element[property];
}

function choiceProperty(element: JsonObject, name: string): string | undefined {
  for (const property in element) {
    const plain = property.charCodeAt(0) === 0x5f ? property.slice(1) : property;
    const next = plain.charCodeAt(name.length);
    if (next >= 0x41 && next <= 0x5a && plain.startsWith(name)) return property;
  }
  return undefined;
}

export function hasChoice(element: JsonObject, name: string): boolean {
  return choiceProperty(element, name) !== undefined;
}

export function list(value: JsonValue | undefined): readonly JsonValue[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

export function objects(value: JsonValue | undefined): readonly JsonObject[] {
  return list(value).filter(isJsonObject);
}

export function hasCode(
  concept: JsonValue | undefined,
  system: string,
  ...codes: readonly string[]
): boolean {
  return objects(concept)
    .flatMap((one) => objects(one['coding']))
    .some(
      (coding) =>
        coding['system'] === system && typeof coding['code'] === 'string' && codes.includes(coding['code']),
    );
}

export function is(element: JsonObject, name: string, ...values: readonly string[]): boolean {
  const value = element[name];
  return typeof value === 'string' && values.includes(value);
}

export function notBefore(later: JsonValue | undefined, earlier: JsonValue | undefined): boolean {
  if (typeof later !== 'string' || typeof earlier !== 'string') return true;
  const end = dateRange(later);
  const start = dateRange(earlier);
  return end === undefined || start === undefined || start.lowMs <= end.highMs;
}

export function decimal(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' || value instanceof DecimalLiteral ? numberOf(value) : undefined;
}

export function atMost(low: JsonValue | undefined, high: JsonValue | undefined): boolean {
  if (!isJsonObject(low) || !isJsonObject(high)) return true;
  const lowest = decimal(low['value']);
  const highest = decimal(high['value']);
  const comparable =
    low['code'] === high['code'] && low['unit'] === high['unit'] && low['system'] === high['system'];
  return !comparable || lowest === undefined || highest === undefined || lowest <= highest;
}

export function distinct(values: readonly (JsonValue | undefined)[]): boolean {
  const given = values.filter((value) => value !== undefined);
  return new Set(given).size === given.length;
}

export function nonNegative(value: JsonValue | undefined): boolean {
  return (decimal(value) ?? 0) >= 0;
}

export function rule(
  key: string,
  text: string,
  holds: Invariant['holds'],
  severity: Invariant['severity'] = 'error',
): Invariant {
  return { key, severity, text, holds };
}
