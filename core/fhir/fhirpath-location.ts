// The part of FHIRPath with which a patch says where: names, indexes, where(), first(), last(), extension(), ofType().
// Anything else is refused, never guessed at. Yields places in a resource, not copies of values.

import { isJsonObject, numberOf } from './json.ts';
import { findStructure } from './structures.ts';
import type { Structure } from './structures.ts';
import type { JsonObject, JsonValue, Resource } from './types.ts';

/** One value in its holder: `holder[property]`, or `holder[property][index]` where the element repeats. */
export interface Place {
  readonly holder: JsonObject;
  readonly property: string;
  readonly index?: number;
  /** Name of the type or backbone element of the value, as `findStructure` knows it. */
  readonly type: string;
  /** The element's name where the property says its type as well: `value` of `valueQuantity`. */
  readonly choice?: string;
}

/** The path is not understood here, or names an element that does not exist in R4. */
export class LocationError extends Error {
  override readonly name = 'LocationError';
  readonly code: 'path-not-supported' | 'path-unknown-element';
  constructor(code: LocationError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

const mostPathCharacters = 1000;

type Step =
  | { kind: 'name'; name: string }
  | { kind: 'index'; index: number }
  | { kind: 'first' | 'last' }
  | { kind: 'where'; conditions: readonly Condition[] }
  | { kind: 'extension'; url: string }
  | { kind: 'type'; type: string };

interface Condition {
  path: readonly string[];
  equal: boolean;
  value: string | number | boolean;
}

function notSupported(): never {
  throw new LocationError(
    'path-not-supported',
    'Paths of patches are names, [n], first(), last(), where(a = b and …), extension(url) and ofType(T)',
  );
}

const literal = String.raw`'(?:[^'\\]|\\['"\\])*'|-?\d{1,15}(?:\.\d{1,15})?|true|false`;
const comparison = String.raw`\s*[A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z][A-Za-z0-9]*)*\s*!?=\s*(?:${literal})\s*`;
const stepPattern = new RegExp(
  String.raw`^(?:\.?(?:(first|last)\(\)|extension\(\s*('(?:[^'\\]|\\['"\\])*')\s*\)|where\((${comparison}(?:and${comparison})*)\)|ofType\(\s*(?:FHIR\.)?([A-Za-z0-9]+)\s*\))|\[\s*(\d{1,9})\s*\]|\.?([A-Za-z][A-Za-z0-9]*)(?!\())`,
);
const comparisonPattern = new RegExp(
  String.raw`^\s*([A-Za-z][A-Za-z0-9.]*)\s*(!?=)\s*(${literal})\s*(?:and|$)`,
);

function readPath(text: string): Step[] {
  if (text.length > mostPathCharacters) notSupported();
  const steps: Step[] = [];
  let rest = text;
  while (rest !== '') {
    if (steps.length > 0 && !/^[.[]/.test(rest)) notSupported();
    const match = stepPattern.exec(rest);
    if (match === null) notSupported();
    const [whole, end, url, conditions, type, index, name] = match;
    if (end === 'first' || end === 'last') steps.push({ kind: end });
    else if (url !== undefined) steps.push({ kind: 'extension', url: unquote(url) });
    else if (conditions !== undefined) steps.push({ kind: 'where', conditions: readConditions(conditions) });
    else if (type !== undefined) steps.push({ kind: 'type', type });
    else if (index !== undefined) steps.push({ kind: 'index', index: Number(index) });
    else steps.push({ kind: 'name', name: name ?? '' });
    rest = rest.slice(whole.length);
  }
  return steps;
}

function readConditions(text: string): Condition[] {
  const conditions: Condition[] = [];
  let rest = text;
  while (rest.trim() !== '') {
    const match = comparisonPattern.exec(rest);
    if (match === null) notSupported();
    const [whole, path = '', operator, value = ''] = match;
    conditions.push({ path: path.split('.'), equal: operator === '=', value: readLiteral(value) });
    rest = rest.slice(whole.length);
  }
  return conditions;
}

function unquote(text: string): string {
  return text.slice(1, -1).replace(/\\(.)/g, '$1');
}

function readLiteral(text: string): string | number | boolean {
  if (text.startsWith("'")) return unquote(text);
  return text === 'true' || text === 'false' ? text === 'true' : Number(text);
}

/**
 * All places that a path such as `Patient.name[0].given` leads to, in order; none where nothing stands there.
 * @throws LocationError
 */
export function locate(resource: Resource, text: string): readonly Place[] {
  const steps = readPath(text);
  const [first, ...others] = steps;
  if (first?.kind !== 'name') notSupported();
  const start: Place = { holder: { self: resource }, property: 'self', type: resource.resourceType };
  const named = first.name === resource.resourceType;
  let places: readonly Place[] = [start];
  for (const step of named ? others : steps) places = take(places, step);
  return places;
}

export function valueAt({ holder, property, index }: Place): JsonValue | undefined {
  const value = holder[property];
  return index === undefined ? value : Array.isArray(value) ? value[index] : undefined;
}

function take(places: readonly Place[], step: Step): readonly Place[] {
  switch (step.kind) {
    case 'name':
      return places.flatMap((place) => childrenOf(place, step.name));
    case 'index':
      return places.slice(step.index, step.index + 1);
    case 'first':
      return places.slice(0, 1);
    case 'last':
      return places.slice(-1);
    case 'where':
      return places.filter((place) => step.conditions.every((condition) => holds(place, condition)));
    case 'extension':
      return places
        .flatMap((place) => childrenOf(place, 'extension'))
        .filter((place) => holds(place, { path: ['url'], equal: true, value: step.url }));
    case 'type':
      return places.filter((place) => place.type === step.type);
  }
}

function holds(place: Place, { path, equal, value }: Condition): boolean {
  let found: readonly Place[] = [place];
  for (const name of path) found = found.flatMap((one) => childrenOf(one, name));
  const [only, ...more] = found;
  if (only === undefined || more.length > 0) return false;
  const is = valueAt(only);
  const same =
    typeof value === 'number' &&
    is !== undefined &&
    is !== null &&
    !Array.isArray(is) &&
    typeof is !== 'string'
      ? (typeof is === 'number' || !isJsonObject(is)) && typeof is !== 'boolean' && numberOf(is) === value
      : is === value;
  return same === equal;
}

function childrenOf(place: Place, name: string): Place[] {
  const holder = valueAt(place);
  if (!isJsonObject(holder)) return [];
  return rulesFor(structureOf(place, holder), name).flatMap(({ property, type, choice }): Place[] => {
    const value = Object.hasOwn(holder, property) ? holder[property] : undefined;
    if (value === undefined) return [];
    if (!Array.isArray(value)) return [{ holder, property, type, ...(choice ? { choice: name } : {}) }];
    return value.map((_, index) => ({ holder, property, index, type }));
  });
}

/** What the value at a place is made of; undefined for a primitive. */
export function structureOf(place: Place, value: JsonObject): Structure | undefined {
  const own = value['resourceType'];
  return findStructure(place.type === 'Resource' && typeof own === 'string' ? own : place.type);
}

/** The properties in which an element of this name may stand: one, or one for each type of a choice. */
export function rulesFor(
  structure: Structure | undefined,
  name: string,
): readonly { property: string; type: string; many: boolean; choice: boolean }[] {
  const rules = [...(structure?.rules.values() ?? [])].filter(
    (rule) => rule.element === name || rule.property === name,
  );
  if (rules.length === 0)
    throw new LocationError('path-unknown-element', 'The path names an element that there is not');
  return rules.map(({ property, type, many, choiceBit }) => ({
    property,
    type,
    many,
    choice: choiceBit !== 0,
  }));
}
