// FHIRPath Patch (R4): a Parameters resource whose operations add, insert, delete, replace or move elements.

import { LocationError, locate, rulesFor, structureOf, valueAt } from './fhirpath-location.ts';
import type { Place } from './fhirpath-location.ts';
import { isJsonObject } from './json.ts';
import { maxPatchOperations } from './json-patch.ts';
import { findStructure } from './structures.ts';
import type { Structure } from './structures.ts';
import type { JsonObject, JsonValue, Resource } from './types.ts';

export type FhirPathPatchErrorCode =
  'patch-malformed' | 'patch-too-costly' | 'patch-path' | 'patch-not-supported';

/** A patch that is wrong or does not fit the resource. `operation` counts from 0. Neither repeats a value. */
export class FhirPathPatchError extends Error {
  override readonly name = 'FhirPathPatchError';
  readonly code: FhirPathPatchErrorCode;
  readonly operation: number;
  constructor(code: FhirPathPatchErrorCode, operation: number, message: string) {
    super(message);
    this.code = code;
    this.operation = operation;
  }
}

type Refuse = (code: FhirPathPatchErrorCode, message: string) => never;

/**
 * The resource after all operations, in order; the one given stays as it is.
 * @throws FhirPathPatchError
 */
export function applyFhirPathPatch(resource: Resource, parameters: Resource): Resource {
  const list = parameters['parameter'];
  const operations = Array.isArray(list) ? list : [];
  if (parameters.resourceType !== 'Parameters' || operations.length === 0)
    throw new FhirPathPatchError('patch-malformed', 0, 'A Parameters resource with operations is expected');
  if (operations.length > maxPatchOperations)
    throw new FhirPathPatchError(
      'patch-too-costly',
      maxPatchOperations,
      `A patch has at most ${maxPatchOperations} operations`,
    );
  const result = clone(resource) as Resource;
  for (const [index, one] of operations.entries()) {
    const refuse: Refuse = (code, message) => {
      throw new FhirPathPatchError(code, index, message);
    };
    try {
      apply(result, readOperation(one, refuse), refuse);
    } catch (error) {
      if (!(error instanceof LocationError)) throw error;
      refuse(error.code === 'path-not-supported' ? 'patch-not-supported' : 'patch-path', error.message);
    }
  }
  return result;
}

function clone(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(clone);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, clone(one)]));
}

interface Part {
  readonly name: string;
  /** What stands under `valueX`, with X. */
  readonly value?: JsonValue;
  readonly valueType?: string;
  /** What stands under `_valueX`. */
  readonly extra?: JsonValue;
  readonly parts: readonly Part[];
}

interface Operation {
  readonly type: string;
  readonly path: string;
  readonly parts: ReadonlyMap<string, Part>;
}

function readOperation(value: JsonValue, refuse: Refuse): Operation {
  const operation = readPart(value, refuse, 0);
  if (operation.name !== 'operation')
    return refuse('patch-malformed', 'Each parameter of a patch is an operation');
  const parts = new Map(operation.parts.map((part) => [part.name, part]));
  if (parts.size !== operation.parts.length)
    return refuse('patch-malformed', 'A part of an operation is given once');
  const type = parts.get('type')?.value;
  const path = parts.get('path')?.value;
  if (typeof type !== 'string' || typeof path !== 'string')
    return refuse('patch-malformed', 'An operation has a type and a path');
  return { type, path, parts };
}

function readPart(value: JsonValue, refuse: Refuse, depth: number): Part {
  if (!isJsonObject(value) || typeof value['name'] !== 'string' || depth > 20)
    return refuse('patch-malformed', 'A parameter is an object with a name');
  const keys = Object.keys(value).filter((key) => /^value[A-Z]/.test(key));
  const inner = value['part'] ?? [];
  if (keys.length > 1 || !Array.isArray(inner))
    return refuse('patch-malformed', 'A parameter has one value or parts');
  const [key] = keys;
  const extraKey = Object.keys(value).find((one) => /^_value[A-Z]/.test(one));
  const resource = value['resource'];
  return {
    name: value['name'],
    ...(key === undefined ? {} : { value: value[key]!, valueType: key.slice(5) }),
    ...(extraKey === undefined ? {} : { extra: value[extraKey]!, valueType: extraKey.slice(6) }),
    ...(resource === undefined ? {} : { value: resource, valueType: 'Resource' }),
    parts: inner.map((part) => readPart(part, refuse, depth + 1)),
  };
}

function apply(resource: Resource, operation: Operation, refuse: Refuse): void {
  switch (operation.type) {
    case 'add':
      return add(resource, operation, refuse);
    case 'insert':
      return insert(resource, operation, refuse);
    case 'delete':
      return remove(resource, operation, refuse);
    case 'replace':
      return replace(resource, operation, refuse);
    case 'move':
      return move(resource, operation, refuse);
    default:
      return refuse('patch-malformed', 'type is add, insert, delete, replace or move');
  }
}

function onlyPlace(resource: Resource, path: string, refuse: Refuse): Place {
  const [place, ...more] = locate(resource, path);
  if (place === undefined) return refuse('patch-path', 'There is nothing at this path');
  if (more.length > 0) return refuse('patch-path', 'The path leads to more than one element');
  return place;
}

function add(resource: Resource, { path, parts }: Operation, refuse: Refuse): void {
  const place = onlyPlace(resource, path, refuse);
  const name = parts.get('name')?.value;
  const part = parts.get('value');
  if (typeof name !== 'string' || part === undefined)
    return refuse('patch-malformed', 'add has a name and a value');
  const holder = valueAt(place);
  if (!isJsonObject(holder)) return refuse('patch-path', 'Nothing can be added to a plain value');
  put(holder, structureOf(place, holder), name, part, refuse);
}

/** Puts a value under an element's name: at the end where it repeats, else only where there is none yet. */
function put(
  holder: JsonObject,
  structure: Structure | undefined,
  name: string,
  part: Part,
  refuse: Refuse,
): void {
  const { property, type, many } = ruleOf(structure, name, part, refuse);
  const { value, extra } = built(part, type, refuse);
  if (!many) {
    const taken = rulesFor(structure, name).some((rule) => holder[rule.property] !== undefined);
    if (taken) return refuse('patch-path', 'This element stands already and does not repeat');
    if (value !== undefined) holder[property] = value;
    if (extra !== undefined) holder[`_${property}`] = extra;
    return;
  }
  const list = holder[property] ?? [];
  if (!Array.isArray(list)) return refuse('patch-path', 'This element repeats and is no array');
  splice(holder, property, list.length, 0, { value, extra });
}

/** For a choice the type of the value says which property it is. */
function ruleOf(structure: Structure | undefined, name: string, { valueType }: Part, refuse: Refuse) {
  const rules = rulesFor(structure, name);
  const [first] = rules;
  if (first !== undefined && rules.length === 1) return first;
  const found = rules.find(({ property }) => property === `${name}${valueType ?? ''}`);
  return found ?? refuse('patch-path', 'This element cannot have a value of this type');
}

function built(part: Part, type: string, refuse: Refuse): { value?: JsonValue; extra?: JsonValue } {
  const { value, extra, parts } = part;
  if (parts.length === 0)
    return value === undefined && extra === undefined
      ? refuse('patch-malformed', 'The operation has no value')
      : {
          ...(value === undefined ? {} : { value: clone(value) }),
          ...(extra === undefined ? {} : { extra: clone(extra) }),
        };
  const structure = findStructure(type);
  const object: JsonObject = {};
  for (const inner of parts) put(object, structure, inner.name, inner, refuse);
  return { value: object };
}

/** Changes a list and the list of extensions beside it alike, so that they stay in step. */
function splice(
  holder: JsonObject,
  property: string,
  at: number,
  count: number,
  item?: { value?: JsonValue | undefined; extra?: JsonValue | undefined },
): { value: JsonValue; extra?: JsonValue | undefined }[] {
  const list = [...((holder[property] as JsonValue[] | undefined) ?? [])];
  const beside = holder[`_${property}`];
  const extras = Array.isArray(beside) ? [...beside] : undefined;
  const inserted = item ? [item.value ?? null] : [];
  const removed = list.splice(at, count, ...inserted);
  if (list.length === 0) delete holder[property];
  else holder[property] = list;
  if (extras === undefined && item?.extra === undefined) return removed.map((value) => ({ value }));
  const kept = extras ?? Array<JsonValue>(list.length - inserted.length + removed.length).fill(null);
  const removedExtras = kept.splice(at, count, ...(item ? [item.extra ?? null] : []));
  if (kept.every((one) => one === null)) delete holder[`_${property}`];
  else holder[`_${property}`] = kept;
  return removed.map((value, i) => ({ value, extra: removedExtras[i] }));
}

/** The list a path names: `Patient.name`, also when it is empty yet. */
function listAt(
  resource: Resource,
  path: string,
  refuse: Refuse,
): { holder: JsonObject; property: string; type: string; length: number } {
  const places = locate(resource, path);
  const [first] = places;
  if (first === undefined) {
    const dot = path.lastIndexOf('.');
    const name = path.slice(dot + 1);
    if (!/^[A-Za-z][A-Za-z0-9]*$/.test(name)) return refuse('patch-path', 'There is nothing at this path');
    const place = onlyPlace(resource, dot < 0 ? resource.resourceType : path.slice(0, dot), refuse);
    const holder = valueAt(place);
    if (!isJsonObject(holder)) return refuse('patch-path', 'Nothing can be added to a plain value');
    const [rule] = rulesFor(structureOf(place, holder), name);
    if (!rule?.many) return refuse('patch-path', 'This element does not repeat');
    return { holder, property: rule.property, type: rule.type, length: 0 };
  }
  const { holder, property, type } = first;
  const list = holder[property];
  const whole =
    Array.isArray(list) &&
    places.length === list.length &&
    places.every((place) => place.holder === holder && place.property === property);
  if (!whole) return refuse('patch-path', 'The path does not lead to one whole list');
  return { holder, property, type, length: list.length };
}

function whole(parts: ReadonlyMap<string, Part>, name: string, highest: number, refuse: Refuse): number {
  const value = parts.get(name)?.value;
  if (typeof value !== 'number' || !Number.isInteger(value))
    return refuse('patch-malformed', `${name} is a whole number`);
  return value >= 0 && value <= highest ? value : refuse('patch-path', `${name} lies outside the list`);
}

function insert(resource: Resource, { path, parts }: Operation, refuse: Refuse): void {
  const { holder, property, type, length } = listAt(resource, path, refuse);
  const part = parts.get('value');
  if (part === undefined) return refuse('patch-malformed', 'insert has a value');
  const at = whole(parts, 'index', length, refuse);
  splice(holder, property, at, 0, built(part, type, refuse));
}

function move(resource: Resource, { path, parts }: Operation, refuse: Refuse): void {
  const { holder, property, length } = listAt(resource, path, refuse);
  const source = whole(parts, 'source', length - 1, refuse);
  const destination = whole(parts, 'destination', length - 1, refuse);
  const [taken] = splice(holder, property, source, 1);
  if (taken) splice(holder, property, destination, 0, taken);
}

/** What is not there need not be deleted. */
function remove(resource: Resource, { path }: Operation, refuse: Refuse): void {
  const [place, ...more] = locate(resource, path);
  if (place === undefined) return;
  if (more.length > 0) return refuse('patch-path', 'The path leads to more than one element');
  refuseWhole(resource, place, refuse);
  const { holder, property, index } = place;
  if (index !== undefined) splice(holder, property, index, 1);
  else {
    delete holder[property];
    delete holder[`_${property}`];
  }
}

function replace(resource: Resource, { path, parts }: Operation, refuse: Refuse): void {
  const place = onlyPlace(resource, path, refuse);
  const part = parts.get('value');
  if (part === undefined) return refuse('patch-malformed', 'replace has a value');
  refuseWhole(resource, place, refuse);
  const { holder, property, index, type, choice } = place;
  if (index !== undefined) {
    splice(holder, property, index, 1, built(part, type, refuse));
    return;
  }
  // A value of another type stands under another property.
  const wanted =
    choice !== undefined && part.valueType !== undefined ? `${choice}${part.valueType}` : property;
  const item = built(part, type, refuse);
  delete holder[property];
  delete holder[`_${property}`];
  if (item.value !== undefined) holder[wanted] = item.value;
  if (item.extra !== undefined) holder[`_${wanted}`] = item.extra;
}

function refuseWhole(resource: Resource, place: Place, refuse: Refuse): void {
  if (valueAt(place) === resource) refuse('patch-path', 'The whole resource is replaced by an update');
}
