// A FHIR search as a closed tree: everything it says is understood, or it is refused by name. Contains no SQL.
// Unknown parameters are refused, not ignored: a misspelt filter must not return everything.

import { dateRange } from './dates.ts';
import { isResourceId } from './ids.ts';
import { parseReference } from './references.ts';
import { isResourceType, resourceTypes } from './resource-types.ts';
import { isOffered, type SearchKind, type SearchParameter, searchParametersOf } from './search-parameters.ts';
import type { IndexedKind } from './search-values.ts';
import { maxIndexedString, maxIndexedValue, searchableText } from './search-text.ts';

export type SearchErrorCode =
  | 'search-type-unknown'
  | 'search-parameter-unknown'
  | 'search-parameter-not-supported'
  | 'search-modifier-not-supported'
  | 'search-prefix-not-supported'
  | 'search-value-invalid'
  | 'search-value-empty'
  | 'search-value-too-long'
  | 'search-repeated'
  | 'search-too-many-parameters'
  | 'search-too-many-values';

/** A search that is not understood. `parameter` is the name as R4 defines it, or empty if it is none. */
export class SearchError extends Error {
  override readonly name = 'SearchError';
  readonly code: SearchErrorCode;
  readonly parameter: string;

  constructor(code: SearchErrorCode, parameter: string) {
    super(`${code}${parameter === '' ? '' : `: ${parameter}`}`);
    this.code = code;
    this.parameter = parameter;
  }
}

const comparisonPrefixes = ['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb'] as const;

export type ComparisonPrefix = (typeof comparisonPrefixes)[number];

/** `system` undefined: any; null: none. `code` undefined: any of the system. */
export interface TokenValue {
  readonly system: string | null | undefined;
  readonly code: string | undefined;
}

/** `lowMs` to `highMs` is what the date given covers, both ends included. */
export interface DateValue {
  readonly prefix: ComparisonPrefix;
  readonly lowMs: number;
  readonly highMs: number;
}

/** For `eq` and `ne` the precision as written counts: 100 is `low` 99.5 up to but not including `high` 100.5. */
export interface NumberValue {
  readonly prefix: ComparisonPrefix;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface QuantityValue extends NumberValue {
  readonly system: string | undefined;
  readonly unit: string | undefined;
}

/** All filters must hold; within one, any of its values. `not` also finds resources that have no value at all. */
export type SearchFilter =
  | { readonly kind: 'missing'; readonly param: string; readonly of: IndexedKind; readonly missing: boolean }
  | {
      readonly kind: 'token';
      readonly param: string;
      readonly not: boolean;
      readonly values: readonly TokenValue[];
    }
  | {
      readonly kind: 'string';
      readonly param: string;
      /** Values are as `searchableText` writes them. `exact` compares the whole of it; case and accents are the caller's to check on the resource. */
      readonly match: 'prefix' | 'exact' | 'contains';
      readonly values: readonly string[];
      /** The values as given, at the same places. */
      readonly written: readonly string[];
    }
  /** Each value is an indexed value: `Type/id` or an absolute URL. */
  | { readonly kind: 'reference'; readonly param: string; readonly values: readonly string[] }
  | { readonly kind: 'date'; readonly param: string; readonly values: readonly DateValue[] }
  | { readonly kind: 'number'; readonly param: string; readonly values: readonly NumberValue[] }
  | { readonly kind: 'quantity'; readonly param: string; readonly values: readonly QuantityValue[] }
  | { readonly kind: 'uri'; readonly param: string; readonly values: readonly string[] }
  | { readonly kind: 'id'; readonly not: boolean; readonly values: readonly string[] }
  | { readonly kind: 'lastUpdated'; readonly values: readonly DateValue[] };

export interface SearchSort {
  /** `_id`, `_lastUpdated` or a search parameter. */
  readonly param: string;
  readonly kind: IndexedKind | 'id' | 'lastUpdated';
  readonly descending: boolean;
}

export interface SearchQuery {
  readonly resourceType: string;
  readonly filters: readonly SearchFilter[];
  readonly sort: readonly SearchSort[];
  /** Page size; undefined for the server's own. 0 asks for the count only. */
  readonly count: number | undefined;
  readonly total: 'none' | 'estimate' | 'accurate' | undefined;
  readonly summary: 'true' | 'text' | 'data' | 'count' | 'false' | undefined;
  readonly elements: readonly string[] | undefined;
}

export const maxSearchParameters = 50;
export const maxSearchValues = 200;
export const maxSearchCount = 1000;

/** Answer formats, which every FHIR request may carry; they are the HTTP layer's to read. */
const formatParameters = new Set(['_format', '_pretty']);

const refusedByName = new Set([
  '_contained',
  '_containedType',
  '_content',
  '_filter',
  '_has',
  '_include',
  '_list',
  '_query',
  '_revinclude',
  '_text',
  '_type',
]);

/**
 * Parses the decoded name and value pairs of a search of one type.
 * @param ownBase the server's FHIR base URL without a final slash
 * @throws SearchError
 */
export function parseSearch(
  resourceType: string,
  pairs: readonly (readonly [name: string, value: string])[],
  ownBase?: string,
): SearchQuery {
  if (!isResourceType(resourceType)) throw new SearchError('search-type-unknown', '');
  if (pairs.length > maxSearchParameters) throw new SearchError('search-too-many-parameters', '');
  const filters: SearchFilter[] = [];
  const results = new Map<string, string>();
  for (const [name, value] of pairs) {
    if (formatParameters.has(name)) continue;
    if (isResultParameter(name)) {
      if (results.has(name)) throw new SearchError('search-repeated', name);
      if (value === '') throw new SearchError('search-value-empty', name);
      results.set(name, value);
    } else filters.push(parseFilter(resourceType, name, value, ownBase));
  }
  return {
    resourceType,
    filters,
    sort: parseSort(resourceType, results.get('_sort')),
    count: parseCount(results.get('_count')),
    total: oneOf('_total', results.get('_total'), ['none', 'estimate', 'accurate']),
    summary: oneOf('_summary', results.get('_summary'), ['true', 'text', 'data', 'count', 'false']),
    elements: parseElements(results.get('_elements')),
  };
}

function isResultParameter(name: string): boolean {
  return (
    name === '_sort' || name === '_count' || name === '_total' || name === '_summary' || name === '_elements'
  );
}

function oneOf<T extends string>(
  name: string,
  value: string | undefined,
  allowed: readonly T[],
): T | undefined {
  if (value === undefined) return undefined;
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw new SearchError('search-value-invalid', name);
  return found;
}

function parseCount(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (!/^\d{1,9}$/.test(value)) throw new SearchError('search-value-invalid', '_count');
  return Math.min(Number(value), maxSearchCount);
}

function parseElements(value: string | undefined): readonly string[] | undefined {
  if (value === undefined) return undefined;
  const elements = value.split(',');
  if (
    elements.length > maxSearchValues ||
    !elements.every((element) => /^[a-z][A-Za-z0-9]{0,63}$/.test(element))
  )
    throw new SearchError('search-value-invalid', '_elements');
  return elements;
}

function parseSort(resourceType: string, value: string | undefined): SearchSort[] {
  if (value === undefined) return [];
  const keys = value.split(',');
  if (keys.length > 5) throw new SearchError('search-too-many-values', '_sort');
  return keys.map((key) => {
    const descending = key.startsWith('-');
    const param = descending ? key.slice(1) : key;
    if (param === '_id') return { param, kind: 'id', descending };
    if (param === '_lastUpdated') return { param, kind: 'lastUpdated', descending };
    const parameter = searchParametersOf(resourceType).get(param);
    if (parameter === undefined || !isOffered(parameter))
      throw new SearchError('search-value-invalid', '_sort');
    return { param, kind: indexed(parameter), descending };
  });
}

function indexed(parameter: SearchParameter): IndexedKind {
  const kind: SearchKind = parameter.kind;
  if (kind === 'composite' || kind === 'special')
    throw new SearchError('search-parameter-not-supported', parameter.name);
  return kind;
}

function parseFilter(
  resourceType: string,
  name: string,
  value: string,
  ownBase: string | undefined,
): SearchFilter {
  const colon = name.indexOf(':');
  const param = colon < 0 ? name : name.slice(0, colon);
  const modifier = colon < 0 ? '' : name.slice(colon + 1);
  if (refusedByName.has(param)) throw new SearchError('search-parameter-not-supported', param);
  const parameters = searchParametersOf(resourceType);
  const chained = param.split('.')[0] ?? '';
  if (chained !== param && parameters.has(chained))
    throw new SearchError('search-parameter-not-supported', chained);
  if (param === '_id') return parseIdFilter(modifier, value);
  if (param === '_lastUpdated') {
    if (modifier !== '') throw new SearchError('search-modifier-not-supported', param);
    return { kind: 'lastUpdated', values: splitValues(param, value).map((part) => parseDate(param, part)) };
  }
  const parameter = parameters.get(param);
  if (parameter === undefined) throw new SearchError('search-parameter-unknown', '');
  if (!isOffered(parameter)) throw new SearchError('search-parameter-not-supported', param);
  if (modifier === 'missing') {
    if (value !== 'true' && value !== 'false') throw new SearchError('search-value-invalid', param);
    return { kind: 'missing', param, of: indexed(parameter), missing: value === 'true' };
  }
  // A chain is written subject:Patient.name, so that the dot stands in the modifier.
  if (modifier.includes('.')) throw new SearchError('search-parameter-not-supported', param);
  return parseValues(parameter, modifier, splitValues(param, value), ownBase);
}

function parseIdFilter(modifier: string, value: string): SearchFilter {
  if (modifier !== '' && modifier !== 'not') throw new SearchError('search-modifier-not-supported', '_id');
  const values = splitValues('_id', value).map((part) => unescape('_id', part));
  if (!values.every(isResourceId)) throw new SearchError('search-value-invalid', '_id');
  return { kind: 'id', not: modifier === 'not', values };
}

function parseValues(
  parameter: SearchParameter,
  modifier: string,
  parts: readonly string[],
  ownBase: string | undefined,
): SearchFilter {
  const param = parameter.name;
  const kind = indexed(parameter);
  const unmodified = (): void => {
    if (modifier !== '') throw new SearchError('search-modifier-not-supported', param);
  };
  switch (kind) {
    case 'token':
      if (modifier !== '' && modifier !== 'not')
        throw new SearchError('search-modifier-not-supported', param);
      return { kind, param, not: modifier === 'not', values: parts.map((part) => parseToken(param, part)) };
    case 'string':
      return parseString(param, modifier, parts);
    case 'reference':
      return {
        kind,
        param,
        values: parts.flatMap((part) => parseTarget(parameter, modifier, part, ownBase)),
      };
    case 'date':
      unmodified();
      return { kind, param, values: parts.map((part) => parseDate(param, part)) };
    case 'number':
      unmodified();
      return { kind, param, values: parts.map((part) => parseNumber(param, part)) };
    case 'quantity':
      unmodified();
      return { kind, param, values: parts.map((part) => parseQuantity(param, part)) };
    case 'uri':
      break;
  }
  unmodified();
  return { kind, param, values: parts.map((part) => unescape(param, part)) };
}

/** Splits at commas that are not escaped; the parts keep their escapes. */
function splitValues(param: string, value: string): string[] {
  const parts = splitAt(value, ',');
  if (parts.length > maxSearchValues) throw new SearchError('search-too-many-values', param);
  for (const part of parts) {
    if (part === '') throw new SearchError('search-value-empty', param);
    if (part.length > 2 * maxIndexedValue) throw new SearchError('search-value-too-long', param);
    if (/[\p{Cc}\p{Cs}]/u.test(part)) throw new SearchError('search-value-invalid', param);
  }
  return parts;
}

function splitAt(value: string, separator: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let i = 0; i < value.length; i += 1) {
    if (value[i] === '\\') i += 1;
    else if (value[i] === separator) {
      parts.push(value.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(value.slice(start));
  return parts;
}

/** R4 escapes: `\,` `\|` `\$` and `\\`; a backslash before anything else is refused. */
function unescape(param: string, text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(.?)/gsu, (_, escaped: string) => {
    if (escaped !== '' && ',|$\\'.includes(escaped)) return escaped;
    throw new SearchError('search-value-invalid', param);
  });
}

function parseToken(param: string, part: string): TokenValue {
  const [first = '', second, third] = splitAt(part, '|').map((text) => unescape(param, text));
  if (third !== undefined) throw new SearchError('search-value-invalid', param);
  if (second === undefined) return { system: undefined, code: first };
  if (first === '' && second === '') throw new SearchError('search-value-empty', param);
  return { system: first === '' ? null : first, code: second === '' ? undefined : second };
}

function parseString(param: string, modifier: string, parts: readonly string[]): SearchFilter {
  const match = modifier === '' ? 'prefix' : modifier;
  if (match !== 'prefix' && match !== 'exact' && match !== 'contains')
    throw new SearchError('search-modifier-not-supported', param);
  const written = parts.map((part) => unescape(param, part));
  const values = written.map(searchableText);
  if (values.includes('')) throw new SearchError('search-value-empty', param);
  if (values.some((value) => value.length > maxIndexedString))
    throw new SearchError('search-value-too-long', param);
  return { kind: 'string', param, match, values, written };
}

function parseTarget(
  parameter: SearchParameter,
  modifier: string,
  part: string,
  ownBase: string | undefined,
): readonly string[] {
  const param = parameter.name;
  if (modifier !== '' && !isResourceType(modifier))
    throw new SearchError('search-modifier-not-supported', param);
  if (modifier !== '' && parameter.targets?.includes(modifier) === false)
    throw new SearchError('search-modifier-not-supported', param);
  const value = unescape(param, part);
  if (isResourceId(value)) {
    const types = modifier === '' ? narrowest(parameter) : [modifier];
    return types.map((type) => `${type}/${value}`);
  }
  const reference = parseReference(value, ownBase);
  if (reference.kind === 'local' && isResourceType(reference.type)) {
    if (modifier !== '' && modifier !== reference.type) throw new SearchError('search-value-invalid', param);
    return [`${reference.type}/${reference.id}`];
  }
  if ((reference.kind === 'foreign' || reference.kind === 'urn') && modifier === '')
    return [value.split('|')[0] ?? ''];
  throw new SearchError('search-value-invalid', param);
}

/** The types a bare id may mean: `patient=123` names a Patient even where subjects may be groups or devices. */
function narrowest(parameter: SearchParameter): readonly string[] {
  const wanted = new Set(parameter.paths.map((path) => path.target));
  if (!wanted.has(undefined)) return [...wanted].filter((type) => type !== undefined);
  return parameter.targets ?? resourceTypes;
}

const prefixed = /^(eq|ne|gt|lt|ge|le|sa|eb|ap)(?=[-+.\d])/;

function splitPrefix(param: string, part: string): [ComparisonPrefix, string] {
  const prefix = prefixed.exec(part)?.[1];
  if (prefix === 'ap') throw new SearchError('search-prefix-not-supported', param);
  const known = comparisonPrefixes.find((one) => one === prefix);
  return known === undefined ? ['eq', part] : [known, part.slice(2)];
}

function parseDate(param: string, part: string): DateValue {
  const [prefix, text] = splitPrefix(param, part);
  const range = dateRange(text);
  if (range === undefined) throw new SearchError('search-value-invalid', param);
  return { prefix, lowMs: range.lowMs, highMs: range.highMs };
}

function parseNumber(param: string, part: string): NumberValue {
  const [prefix, text] = splitPrefix(param, part);
  const form = /^[-+]?\d{1,30}(?:\.(\d{1,30}))?(?:[eE]([-+]?\d{1,3}))?$/.exec(text);
  const value = Number(text);
  if (form === null || !Number.isFinite(value)) throw new SearchError('search-value-invalid', param);
  const half = 0.5 * 10 ** (Number(form[2] ?? '0') - (form[1] ?? '').length);
  return { prefix, value, low: value - half, high: value + half };
}

function parseQuantity(param: string, part: string): QuantityValue {
  const [number = '', system, unit, more] = splitAt(part, '|').map((text) => unescape(param, text));
  if (more !== undefined || (system !== undefined && unit === undefined))
    throw new SearchError('search-value-invalid', param);
  return { ...parseNumber(param, number), system: orAny(system), unit: orAny(unit) };
}

function orAny(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
