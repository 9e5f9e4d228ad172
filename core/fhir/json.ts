// Strict, lossless JSON: one text has one meaning or is refused, and numbers stay as written.
// Knows nothing of FHIR. The caller limits the size of the text before it comes here.

import { JsonError, type JsonErrorCode, pathAt } from './json-error.ts';
import type { JsonObject, JsonValue } from './types.ts';

export { JsonError, type JsonErrorCode } from './json-error.ts';

/** Deepest nesting of arrays and objects that `parseJson` accepts unless told otherwise. */
export const maxJsonDepth = 64;

/** Most digits (mantissa and exponent together) that one number may have. */
export const maxNumberDigits = 40;

/** A number whose text JavaScript would not write back as it was: 1.10, -0, 1e2, 12345678901234567890. */
export class DecimalLiteral {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** The numeric value of a parsed number; always finite. */
export function numberOf(value: number | DecimalLiteral): number {
  return typeof value === 'number' ? value : Number(value.text);
}

/** The text of a parsed number, as it was written. */
export function numberText(value: number | DecimalLiteral): string {
  return typeof value === 'number' ? String(value) : value.text;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof DecimalLiteral)
  );
}

// One scanner, used by one call at a time: parsing never yields.
let source = '';
let position = 0;
let end = 0;
let depthLimit = maxJsonDepth;

class Refusal {
  readonly code: JsonErrorCode;
  readonly position: number;

  constructor(code: JsonErrorCode, at: number) {
    this.code = code;
    this.position = at;
  }
}

/**
 * Parses RFC 8259 JSON more strictly than `JSON.parse`: also refuses duplicate keys, the keys `__proto__`,
 * `constructor` and `prototype`, control characters below the space (but tab, LF, CR), lone surrogates, a byte order
 * mark, deep nesting, and numbers that are too long or beyond the range of a double.
 * @throws JsonError
 */
export function parseJson(text: string, options?: { readonly maxDepth?: number }): JsonValue {
  source = text;
  position = 0;
  end = text.length;
  depthLimit = options?.maxDepth ?? maxJsonDepth;
  try {
    if (end > 0 && text.charCodeAt(0) === 0xfeff) return refuse('json-byte-order-mark', 0);
    skipSpace();
    if (position >= end) return refuse('json-empty', 0);
    const value = readValue(0);
    skipSpace();
    if (position < end) return refuse('json-syntax', position);
    return value;
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    throw new JsonError(refusal.code, refusal.position, pathAt(text, refusal.position));
  } finally {
    source = '';
  }
}

function refuse(code: JsonErrorCode, at: number): never {
  throw new Refusal(code, at);
}

function skipSpace(): void {
  while (position < end) {
    const c = source.charCodeAt(position);
    if (c !== 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09) return;
    position += 1;
  }
}

function readValue(depth: number): JsonValue {
  const c = source.charCodeAt(position);
  if (c === 0x22) return readString();
  if (c === 0x7b) return readObject(depth + 1);
  if (c === 0x5b) return readArray(depth + 1);
  if (c === 0x2d || (c >= 0x30 && c <= 0x39)) return readNumber();
  if (c === 0x74) return readWord('true', true);
  if (c === 0x66) return readWord('false', false);
  if (c === 0x6e) return readWord('null', null);
  return refuse('json-syntax', position);
}

function readWord<T>(word: string, value: T): T {
  if (!source.startsWith(word, position)) return refuse('json-syntax', position);
  position += word.length;
  return value;
}

function readObject(depth: number): JsonObject {
  if (depth > depthLimit) return refuse('json-too-deep', position);
  const object: JsonObject = {};
  position += 1;
  skipSpace();
  if (source.charCodeAt(position) === 0x7d) {
    position += 1;
    return object;
  }
  for (;;) {
    const keyPosition = position;
    if (source.charCodeAt(position) !== 0x22) return refuse('json-syntax', position);
    const key = readString();
    // Values are never undefined, so an ordinary look-up settles nearly all keys without an own-property check.
    if (object[key] !== undefined) {
      if (key === '__proto__' || key === 'constructor') return refuse('json-unsafe-key', keyPosition);
      if (Object.hasOwn(object, key)) return refuse('json-duplicate-key', keyPosition);
    } else if (key === 'prototype') return refuse('json-unsafe-key', keyPosition);
    if (source.charCodeAt(position) !== 0x3a) {
      skipSpace();
      if (source.charCodeAt(position) !== 0x3a) return refuse('json-syntax', position);
    }
    position += 1;
    skipSpace();
    object[key] = readValue(depth);
    if (source.charCodeAt(position) !== 0x2c) {
      skipSpace();
      const c = source.charCodeAt(position);
      if (c === 0x7d) {
        position += 1;
        return object;
      }
      if (c !== 0x2c) return refuse('json-syntax', position);
    }
    position += 1;
    skipSpace();
  }
}

function readArray(depth: number): JsonValue[] {
  if (depth > depthLimit) return refuse('json-too-deep', position);
  const array: JsonValue[] = [];
  position += 1;
  skipSpace();
  if (source.charCodeAt(position) === 0x5d) {
    position += 1;
    return array;
  }
  for (;;) {
    array.push(readValue(depth));
    skipSpace();
    const c = source.charCodeAt(position);
    if (c === 0x5d) {
      position += 1;
      return array;
    }
    if (c !== 0x2c) return refuse('json-syntax', position);
    position += 1;
    skipSpace();
  }
}

function readString(): string {
  const start = position + 1;
  let i = start;
  for (;;) {
    const c = source.charCodeAt(i);
    // The comparison is false for NaN too, which charCodeAt gives past the end.
    if (!(c >= 0x20 && c < 0x7f && c !== 0x22 && c !== 0x5c)) {
      if (c === 0x22) break;
      i = checkUncommon(c, i);
      if (c === 0x5c) return readEscapedString(start, i);
    }
    i += 1;
  }
  position = i + 1;
  return source.slice(start, i);
}

/** Checks one code unit outside printable ASCII and gives the index of the last unit it belongs to. */
function checkUncommon(c: number, i: number): number {
  if (Number.isNaN(c)) return refuse('json-syntax', end);
  if (c === 0x5c) return i;
  if (c < 0x20)
    return refuse(c === 0x09 || c === 0x0a || c === 0x0d ? 'json-syntax' : 'json-control-character', i);
  if (c < 0xd800 || c > 0xdfff) return i;
  const next = source.charCodeAt(i + 1);
  if (c > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) return refuse('json-lone-surrogate', i);
  return i + 1;
}

function readEscapedString(start: number, firstEscape: number): string {
  let text = source.slice(start, firstEscape);
  let i = firstEscape;
  let runStart = i;
  for (;;) {
    const c = source.charCodeAt(i);
    if (c === 0x22) break;
    if (c === 0x5c) {
      text += source.slice(runStart, i);
      const decoded = readEscape(i);
      text += decoded;
      i += source.charCodeAt(i + 1) === 0x75 ? 6 * decoded.length : 2;
      runStart = i;
      continue;
    }
    if (!(c >= 0x20 && c < 0x7f)) i = checkUncommon(c, i);
    i += 1;
  }
  position = i + 1;
  return text + source.slice(runStart, i);
}

/** Decodes the escape at `at`; a surrogate pair must be written as two `\u` escapes and comes back as two units. */
function readEscape(at: number): string {
  switch (source.charCodeAt(at + 1)) {
    case 0x22:
      return '"';
    case 0x5c:
      return '\\';
    case 0x2f:
      return '/';
    case 0x6e:
      return '\n';
    case 0x72:
      return '\r';
    case 0x74:
      return '\t';
    case 0x62:
    case 0x66:
      return refuse('json-control-character', at);
    case 0x75:
      break;
    default:
      return refuse('json-syntax', at);
  }
  const unit = readHex(at + 2);
  if (unit < 0x20 && unit !== 0x09 && unit !== 0x0a && unit !== 0x0d)
    return refuse('json-control-character', at);
  if (unit < 0xd800 || unit > 0xdfff) return String.fromCharCode(unit);
  if (unit > 0xdbff || !source.startsWith('\\u', at + 6)) return refuse('json-lone-surrogate', at);
  const low = readHex(at + 8);
  if (low < 0xdc00 || low > 0xdfff) return refuse('json-lone-surrogate', at);
  return String.fromCharCode(unit, low);
}

function readHex(at: number): number {
  let unit = 0;
  for (let i = at; i < at + 4; i += 1) {
    const c = source.charCodeAt(i);
    const digit =
      c >= 0x30 && c <= 0x39 ? c - 0x30 : (c | 0x20) >= 0x61 && (c | 0x20) <= 0x66 ? (c | 0x20) - 0x57 : -1;
    if (digit < 0) return refuse('json-syntax', at);
    unit = unit * 16 + digit;
  }
  return unit;
}

function readNumber(): number | DecimalLiteral {
  const start = position;
  let i = start;
  if (source.charCodeAt(i) === 0x2d) i += 1;
  const wholeStart = i;
  let c = source.charCodeAt(i);
  let value = 0;
  while (c >= 0x30 && c <= 0x39) {
    value = value * 10 + (c - 0x30);
    i += 1;
    c = source.charCodeAt(i);
  }
  const wholeDigits = i - wholeStart;
  if (wholeDigits === 0) return refuse('json-syntax', start);
  if (wholeDigits > 1 && source.charCodeAt(wholeStart) === 0x30) return refuse('json-syntax', start);
  let digits = wholeDigits;
  let simple = wholeDigits <= 15 && (wholeStart === start || value !== 0);
  if (c === 0x2e) {
    simple = false;
    const after = skipDigits(i + 1);
    digits += after - i - 1;
    i = after;
    c = source.charCodeAt(i);
  }
  if (c === 0x65 || c === 0x45) {
    simple = false;
    i += 1;
    c = source.charCodeAt(i);
    if (c === 0x2b || c === 0x2d) i += 1;
    const after = skipDigits(i);
    digits += after - i;
    i = after;
  }
  if (digits > maxNumberDigits) return refuse('json-number-too-long', start);
  position = i;
  if (simple) return wholeStart === start ? value : -value;
  return exactNumber(source.slice(start, i), start);
}

function skipDigits(from: number): number {
  let i = from;
  let c = source.charCodeAt(i);
  while (c >= 0x30 && c <= 0x39) {
    i += 1;
    c = source.charCodeAt(i);
  }
  if (i === from) return refuse('json-syntax', from);
  return i;
}

function exactNumber(text: string, start: number): number | DecimalLiteral {
  const value = Number(text);
  if (String(value) === text) return value;
  const underflows = value === 0 && /^[^eE]*[1-9]/.test(text);
  if (!Number.isFinite(value) || underflows) return refuse('json-number-out-of-range', start);
  return new DecimalLiteral(text);
}

// Everything that cannot stand between quotes as it is, and half surrogates, which `u` mode sees as single units.
// eslint-disable-next-line no-control-regex
const needsEscape = /["\\\u0000-\u001f\p{Cs}]/u;
// eslint-disable-next-line no-control-regex
const neverInStrings = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/u;

/**
 * The one canonical text of a value: keys in UTF-16 code unit order, no white space, numbers as they were written,
 * shortest string escapes. Properties that are `undefined` are left out. `parseJson` reads it back to the same text.
 * @throws JsonError for values that `parseJson` would refuse: NaN, control characters, lone surrogates, unsafe keys
 */
export function canonicalJson(value: JsonValue): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'object' && value !== null) {
    if (Array.isArray(value)) return canonicalArray(value);
    if (value instanceof DecimalLiteral) return value.text;
    return canonicalObject(value);
  }
  if (typeof value === 'boolean' || value === null || (typeof value === 'number' && Number.isFinite(value)))
    return String(value);
  throw new JsonError('json-not-a-value', 0, '$');
}

function canonicalArray(array: readonly JsonValue[]): string {
  let text = '[';
  for (let i = 0; i < array.length; i += 1) {
    if (i > 0) text += ',';
    text += canonicalJson(array[i]!);
  }
  return text + ']';
}

function canonicalObject(object: JsonObject): string {
  const keys = Object.keys(object);
  sortKeys(keys);
  let text = '{';
  for (const key of keys) {
    const value = object[key];
    if (value === undefined) continue;
    if (text !== '{') text += ',';
    text += quotedKey(key) + ':' + canonicalJson(value);
  }
  return text + '}';
}

/** Insertion sort: objects have few keys, and those read from storage are in order already. */
function sortKeys(keys: string[]): void {
  if (keys.length > 40) {
    keys.sort();
    return;
  }
  for (let i = 1; i < keys.length; i += 1) {
    const key = keys[i]!;
    let j = i - 1;
    while (j >= 0 && keys[j]! > key) {
      keys[j + 1] = keys[j]!;
      j -= 1;
    }
    keys[j + 1] = key;
  }
}

const plainKey = /^[A-Za-z_][A-Za-z0-9_]*$/;

function quotedKey(key: string): string {
  if (key === '__proto__' || key === 'constructor' || key === 'prototype')
    throw new JsonError('json-unsafe-key', 0, '$');
  return plainKey.test(key) ? '"' + key + '"' : quote(key);
}

function quote(text: string): string {
  if (!needsEscape.test(text)) return '"' + text + '"';
  if (!text.isWellFormed()) throw new JsonError('json-lone-surrogate', 0, '$');
  if (neverInStrings.test(text)) throw new JsonError('json-control-character', 0, '$');
  return JSON.stringify(text);
}
