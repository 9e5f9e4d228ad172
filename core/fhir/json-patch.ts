// JSON Patch (RFC 6902) on lossless JSON: what is not touched keeps its text, decimals included. Knows nothing of FHIR.
// The document given is never changed: what an operation touches is copied along its path.

import { isJsonObject, numberOf } from './json.ts';
import type { JsonNumber, JsonObject, JsonValue } from './types.ts';

export type JsonPatchErrorCode =
  | 'patch-malformed'
  | 'patch-too-costly'
  /** There is nothing at this path, or nothing can be put there. */
  | 'patch-path'
  | 'patch-test-failed';

/** A patch that is wrong or does not fit the document. `operation` counts from 0. Neither repeats a value. */
export class JsonPatchError extends Error {
  override readonly name = 'JsonPatchError';
  readonly code: JsonPatchErrorCode;
  readonly operation: number;

  constructor(code: JsonPatchErrorCode, operation: number, message: string) {
    super(message);
    this.code = code;
    this.operation = operation;
  }
}

export const maxPatchOperations = 1000;
/** Values that all operations together may add: `copy` in a row would double without end. */
const maxAddedValues = 200_000;

type Refuse = (code: JsonPatchErrorCode, message: string) => never;

type Operation =
  | { op: 'add' | 'replace' | 'test'; path: readonly string[]; value: JsonValue }
  | { op: 'remove'; path: readonly string[] }
  | { op: 'move' | 'copy'; path: readonly string[]; from: readonly string[] };

/**
 * The document after all operations, in order; all or none.
 * @throws JsonPatchError
 */
export function applyJsonPatch(document: JsonValue, patch: JsonValue): JsonValue {
  if (!Array.isArray(patch))
    throw new JsonPatchError('patch-malformed', 0, 'A JSON Patch is an array of operations');
  if (patch.length > maxPatchOperations)
    throw new JsonPatchError(
      'patch-too-costly',
      maxPatchOperations,
      `A patch has at most ${maxPatchOperations} operations`,
    );
  let result = document;
  let added = 0;
  for (const [index, one] of patch.entries()) {
    const refuse: Refuse = (code, message) => {
      throw new JsonPatchError(code, index, message);
    };
    const operation = readOperation(one, refuse);
    if (operation.op === 'copy') {
      added += countValues(get(result, operation.from, refuse), maxAddedValues - added);
      if (added >= maxAddedValues)
        return refuse('patch-too-costly', 'The patch makes too much of its document');
    }
    result = apply(result, operation, refuse);
  }
  return result;
}

function readOperation(value: JsonValue, refuse: Refuse): Operation {
  if (!isJsonObject(value)) return refuse('patch-malformed', 'An operation is an object');
  const op = typeof value['op'] === 'string' ? value['op'] : '';
  const path = readPointer(value['path'], 'path', refuse);
  switch (op) {
    case 'add':
    case 'replace':
    case 'test':
      if (value['value'] === undefined) return refuse('patch-malformed', 'The operation has no value');
      return { op, path, value: value['value'] };
    case 'remove':
      return { op, path };
    case 'move':
    case 'copy':
      return { op, path, from: readPointer(value['from'], 'from', refuse) };
    default:
      return refuse('patch-malformed', 'op is add, remove, replace, move, copy or test');
  }
}

/** RFC 6901. */
function readPointer(text: JsonValue | undefined, name: string, refuse: Refuse): readonly string[] {
  if (typeof text !== 'string' || (text !== '' && !text.startsWith('/')))
    return refuse('patch-malformed', `${name} is a JSON Pointer: empty, or beginning with /`);
  if (/~(?![01])/.test(text)) return refuse('patch-malformed', `${name} has a ~ that escapes nothing`);
  const steps = text
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (steps.length > 64) return refuse('patch-malformed', `${name} is too deep`);
  return steps;
}

function apply(document: JsonValue, operation: Operation, refuse: Refuse): JsonValue {
  switch (operation.op) {
    case 'add':
      return put(document, operation.path, operation.value, refuse);
    case 'remove':
      return remove(document, operation.path, refuse);
    case 'replace':
      return replace(document, operation.path, operation.value, refuse);
    case 'copy':
      return put(document, operation.path, get(document, operation.from, refuse), refuse);
    case 'move': {
      const { from, path } = operation;
      const value = get(document, from, refuse);
      if (path.length === from.length && path.every((step, i) => step === from[i])) return document;
      if (path.length > from.length && from.every((step, i) => step === path[i]))
        return refuse('patch-path', 'Nothing can be moved into itself');
      return put(remove(document, from, refuse), path, value, refuse);
    }
    case 'test':
      if (!equals(get(document, operation.path, refuse), operation.value))
        return refuse('patch-test-failed', 'The value tested for is not the one that stands there');
      return document;
  }
}

function get(document: JsonValue, path: readonly string[], refuse: Refuse): JsonValue {
  let value = document;
  for (const step of path) value = child(value, step, refuse);
  return value;
}

function child(value: JsonValue, step: string, refuse: Refuse): JsonValue {
  if (Array.isArray(value)) {
    const found = value[indexOf(step, value.length - 1, refuse)];
    return found === undefined ? refuse('patch-path', 'There is nothing at this path') : found;
  }
  const found = isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  return found === undefined ? refuse('patch-path', 'There is nothing at this path') : found;
}

function indexOf(step: string, highest: number, refuse: Refuse): number {
  if (!/^(0|[1-9][0-9]{0,8})$/.test(step)) return refuse('patch-path', 'An array has whole numbers as steps');
  const index = Number(step);
  return index <= highest ? index : refuse('patch-path', 'The array is shorter than this');
}

/** Walks to the holder of the last step, lets `change` copy it, and copies what holds it in turn. */
function along(
  value: JsonValue,
  path: readonly string[],
  refuse: Refuse,
  change: (holder: JsonValue, last: string) => JsonValue,
): JsonValue {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (rest.length === 0) return change(value, step);
  const inner = along(child(value, step, refuse), rest, refuse, change);
  if (Array.isArray(value)) return value.with(Number(step), inner);
  return { ...(value as JsonObject), [step]: inner };
}

function put(document: JsonValue, path: readonly string[], value: JsonValue, refuse: Refuse): JsonValue {
  if (path.length === 0) return value;
  return along(document, path, refuse, (holder, last) => {
    if (Array.isArray(holder))
      return holder.toSpliced(last === '-' ? holder.length : indexOf(last, holder.length, refuse), 0, value);
    if (!isJsonObject(holder)) return refuse('patch-path', 'Nothing can be put into a plain value');
    if (last === '__proto__' || last === 'constructor' || last === 'prototype')
      return refuse('patch-path', 'This key is never allowed');
    return { ...holder, [last]: value };
  });
}

function remove(document: JsonValue, path: readonly string[], refuse: Refuse): JsonValue {
  if (path.length === 0) return refuse('patch-path', 'The whole document cannot be removed');
  return along(document, path, refuse, (holder, last) => {
    child(holder, last, refuse);
    if (Array.isArray(holder)) return holder.toSpliced(Number(last), 1);
    const { [last]: _, ...kept } = holder as JsonObject;
    return kept;
  });
}

function replace(document: JsonValue, path: readonly string[], value: JsonValue, refuse: Refuse): JsonValue {
  if (path.length === 0) return value;
  return along(document, path, refuse, (holder, last) => {
    child(holder, last, refuse);
    return Array.isArray(holder)
      ? holder.with(Number(last), value)
      : { ...(holder as JsonObject), [last]: value };
  });
}

/** RFC 6902, section 4.6: numbers by their value, objects whatever the order of their keys. */
function equals(a: JsonValue, b: JsonValue): boolean {
  if (Array.isArray(a) || Array.isArray(b))
    return (
      Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((one, i) => equals(one, b[i]!))
    );
  if (isJsonObject(a) || isJsonObject(b)) {
    if (!isJsonObject(a) || !isJsonObject(b)) return false;
    const keys = Object.keys(a);
    return (
      keys.length === Object.keys(b).length &&
      keys.every((key) => Object.hasOwn(b, key) && equals(a[key]!, b[key]!))
    );
  }
  if (isNumber(a) && isNumber(b)) return numberOf(a) === numberOf(b);
  return a === b;
}

function isNumber(value: JsonValue): value is JsonNumber {
  return typeof value === 'number' || (typeof value === 'object' && value !== null && !Array.isArray(value));
}

/** How many values there are, itself included; stops at `limit`. */
function countValues(value: JsonValue, limit: number): number {
  const children = Array.isArray(value) ? value : isJsonObject(value) ? Object.values(value) : [];
  let count = 1;
  for (const one of children) {
    if (count >= limit) return count;
    count += countValues(one, limit - count);
  }
  return count;
}
