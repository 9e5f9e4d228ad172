// The values that FHIRPath works on: how elements, choices and extension-only primitives are reached and compared.

import { DecimalLiteral, isJsonObject, numberOf } from '../json.ts';
import type { JsonObject, JsonValue } from '../types.ts';

/** A value on the way, with its type where a choice such as value[x] tells it. */
export interface PathItem {
  readonly value: JsonValue;
  readonly type?: string;
}

export interface PathContext {
  readonly root: JsonObject;
  /** What a Reference points to, for `resolve()`; undefined when that is not known. */
  readonly resolve?: (reference: JsonObject) => JsonObject | undefined;
}

export type CompiledPath = (focus: readonly PathItem[], context: PathContext) => readonly PathItem[];

export class PathNotSupportedError extends Error {
  override readonly name = 'PathNotSupportedError';
}

// Elements that only look like one type of a choice: beside each stands an element of the shorter name.
const ownElements = new Set(
  (
    'cTerminalModificationId conclusionCode dataPeriod formCode instantiatesCanonical instantiatesUri nTerminalModificationId ' +
    'organismId paymentDate preAuthRefPeriod reasonCode reasonReference responseCode sequenceAttachment sourceId statusDate ' +
    'subscriberId typeReference'
  ).split(' '),
);

const choiceTypes = new Set(
  (
    'Base64Binary Boolean Canonical Code Date DateTime Decimal Id Instant Integer Markdown Oid PositiveInt String Time ' +
    'UnsignedInt Uri Url Uuid Address Age Annotation Attachment CodeableConcept Coding ContactPoint Count Distance Duration ' +
    'HumanName Identifier Money Period Quantity Range Ratio Reference SampledData Signature Timing ContactDetail Contributor ' +
    'DataRequirement Expression ParameterDefinition RelatedArtifact TriggerDefinition UsageContext Dosage Meta'
  ).split(' '),
);

export function child(name: string): CompiledPath {
  return (focus) => focus.flatMap(({ value }) => childItems(value, name));
}

/** The items of an element; those of a primitive that has only extensions are objects that hold these. */
export function childItems(holder: JsonValue, name: string): readonly PathItem[] {
  if (!isJsonObject(holder)) return [];
  if (name === holder['resourceType'] && /^[A-Z]/.test(name)) return [{ value: holder }];
  const own = itemsAt(holder, name);
  if (own.length > 0) return own;
  for (const key of Object.keys(holder)) {
    const plain = key.startsWith('_') ? key.slice(1) : key;
    if (!plain.startsWith(name) || plain.length === name.length || ownElements.has(plain)) continue;
    const suffix = plain.slice(name.length);
    if (choiceTypes.has(suffix)) {
      const type = primitiveType(suffix);
      return itemsAt(holder, plain).map(({ value }) => ({ value, type }));
    }
  }
  return [];
}

function primitiveType(suffix: string): string {
  const lower = suffix.charAt(0).toLowerCase() + suffix.slice(1);
  return /^(?:base64Binary|boolean|canonical|code|date|dateTime|decimal|id|instant|integer|markdown|oid|positiveInt|string|time|unsignedInt|uri|url|uuid)$/.test(
    lower,
  )
    ? lower
    : suffix;
}

export function itemsAt(holder: JsonObject, name: string): PathItem[] {
  const value = Object.hasOwn(holder, name) ? holder[name] : undefined;
  const sibling = Object.hasOwn(holder, `_${name}`) ? holder[`_${name}`] : undefined;
  if (value === undefined)
    return listOf(sibling).flatMap((one) => (isJsonObject(one) ? [{ value: one }] : []));
  return listOf(value).flatMap((one, i) => {
    if (one !== null) return [{ value: one }];
    const beside = Array.isArray(sibling) ? sibling[i] : undefined;
    return isJsonObject(beside) ? [{ value: beside }] : [];
  });
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

export function truth(items: readonly PathItem[]): boolean | undefined {
  if (items.length === 0) return undefined;
  return items.length === 1 && typeof items[0]?.value === 'boolean' ? items[0].value : true;
}

export const said = (value: boolean | undefined): readonly PathItem[] =>
  value === undefined ? [] : [{ value }];

export function numberIn(value: JsonValue): number | undefined {
  return typeof value === 'number' || value instanceof DecimalLiteral ? numberOf(value) : undefined;
}

export function same(a: JsonValue, b: JsonValue): boolean {
  const [x, y] = [numberIn(a), numberIn(b)];
  if (x !== undefined || y !== undefined) return x === y;
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((one, i) => same(one, b[i] ?? null));
  if (!isJsonObject(a)) return a === b;
  if (!isJsonObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && same(a[key] ?? null, b[key] ?? null))
  );
}

export function distinctItems(items: readonly PathItem[]): PathItem[] {
  const found: PathItem[] = [];
  const plain = new Set<JsonValue>();
  for (const item of items) {
    if (typeof item.value === 'string') {
      if (plain.has(item.value)) continue;
      plain.add(item.value);
    } else if (found.some((other) => same(other.value, item.value))) continue;
    found.push(item);
  }
  return found;
}

export function textOf(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  if (value instanceof DecimalLiteral) return value.text;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
