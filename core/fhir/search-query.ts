// A FHIR search as a closed tree: everything it says is understood, or it is refused by name. Contains no SQL.
// Unknown parameters are refused, not ignored: a misspelt filter must not return everything. Only a lenient search leaves them out.

import { compartmentPaths } from './compartment.ts';
import { isResourceType, resourceTypes } from './resource-types.ts';
import { and, type SearchCondition } from './search-condition.ts';
import type { CodesMeant, SearchContext } from './search-context.ts';
import { SearchError, searchLimits } from './search-error.ts';
import { parseFilter } from './search-filter.ts';
import { parseInclude, type SearchInclude } from './search-include.ts';
import { searchParametersOf } from './search-parameters.ts';
import { referenceTexts } from './search-references.ts';
import { parseSort, type SearchSort } from './search-sort.ts';
import { splitValues } from './search-split.ts';
import { findStructure } from './structures.ts';
import { hasElement } from './subset.ts';

export { SearchError, type SearchErrorCode, searchLimits } from './search-error.ts';

export type NamedValue = readonly [name: string, value: string];

/** What is asked of one type; `resourceType` undefined: of every type alike. */
export interface TypeFilter {
  readonly resourceType: string | undefined;
  readonly condition: SearchCondition;
  /** The patients in whose records all hits must stand, because a parameter names them; undefined if none does. */
  readonly patients?: readonly string[];
}

export interface SearchQuery {
  readonly filters: readonly TypeFilter[];
  readonly sort: readonly SearchSort[];
  readonly includes: readonly SearchInclude[];
  /** Page size; undefined for the server's own. 0 asks for the count only. */
  readonly count: number | undefined;
  readonly total: 'none' | 'estimate' | 'accurate' | undefined;
  readonly summary: 'true' | 'text' | 'data' | 'count' | 'false' | undefined;
  readonly elements: readonly string[] | undefined;
  /** What of the query was understood and used, in its order. */
  readonly used: readonly NamedValue[];
  /** Names that a lenient search left out. */
  readonly ignored: readonly string[];
}

export interface SearchOptions {
  /** The server's FHIR base URL without a final slash. */
  readonly ownBase?: string;
  /** For `ap` dates. */
  readonly nowMs: number;
  /** Leave out what is unknown instead of refusing it. */
  readonly lenient?: boolean;
  readonly codesMeant?: CodesMeant | undefined;
}

/** Answer formats, which every FHIR request may carry; they are the HTTP layer's to read. */
const formatParameters = new Set(['_format', '_pretty']);

/** Parameters of R4 that are known and not offered. */
export const refusedParameters: readonly string[] = [
  '_content',
  '_filter',
  '_query',
  '_text',
  '_contained',
  '_containedType',
];
const refusedByName = new Set(refusedParameters);

const resultParameters = new Set([
  '_sort',
  '_count',
  '_total',
  '_summary',
  '_elements',
  '_type',
  '_contained',
]);

const includeName = /^_(?:include|revinclude)(?=$|:)/;

/**
 * Parses the decoded name and value pairs of a search.
 * @param resourceType undefined for a search over several types, which `_type` names
 * @throws SearchError
 */
export function parseSearch(
  resourceType: string | undefined,
  pairs: readonly NamedValue[],
  options: SearchOptions,
): SearchQuery {
  if (resourceType !== undefined && !isResourceType(resourceType))
    throw new SearchError('search-type-unknown', '');
  if (pairs.length > searchLimits.parameters) throw new SearchError('search-too-many-parameters', '');
  const results = new Map<string, string>();
  const includes: [NamedValue, string][] = [];
  const filters: NamedValue[] = [];
  for (const pair of pairs) {
    const [name, value] = pair;
    if (formatParameters.has(name)) continue;
    if (resultParameters.has(name)) {
      if (results.has(name)) throw new SearchError('search-repeated', name);
      if (value === '') throw new SearchError('search-value-empty', name);
      results.set(name, value);
    } else if (includeName.test(name)) includes.push([pair, value]);
    else filters.push(pair);
  }
  const types = readTypes(resourceType, results.get('_type'));
  const { lenient = false } = options;
  const ignored: string[] = [];
  const conditions = types.map((): SearchCondition[] => []);
  const context: SearchContext = {
    ownBase: options.ownBase,
    nowMs: options.nowMs,
    codesMeant: options.codesMeant,
    left: { tests: searchLimits.tests, chains: searchLimits.chains, codes: searchLimits.codes },
  };
  for (const [name, value] of filters) {
    const read = attempt(lenient, () => types.map((type) => filterOf(type, name, value, context)));
    if (read === undefined) ignored.push(name);
    else read.forEach((condition, i) => conditions[i]?.push(condition));
  }
  if (results.get('_contained') !== undefined && results.get('_contained') !== 'false')
    throw new SearchError('search-parameter-not-supported', '_contained');
  if (includes.length > searchLimits.includes) throw new SearchError('search-too-costly', '_include');
  return {
    filters: types.map((type, i): TypeFilter => {
      const patients = type === undefined ? undefined : patientsNamed(type, filters, options.ownBase);
      const filter = { resourceType: type, condition: and(conditions[i] ?? []) };
      return patients === undefined ? filter : { ...filter, patients };
    }),
    sort: parseSort(types, results.get('_sort')),
    includes: includes.map(([[name, value]]) => parseInclude(name, value)),
    count: parseCount(results.get('_count')),
    total: oneOf('_total', results.get('_total'), ['none', 'estimate', 'accurate']),
    summary: oneOf('_summary', results.get('_summary'), ['true', 'text', 'data', 'count', 'false']),
    elements: parseElements(types, results.get('_elements')),
    used: pairs.filter(([name]) => !ignored.includes(name)),
    ignored: [...new Set(ignored)],
  };
}

/** Undefined where a lenient search does not know the parameter. What it knows but cannot read, it still refuses. */
function attempt<T>(lenient: boolean, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!lenient || !(error instanceof SearchError)) throw error;
    if (error.code !== 'search-parameter-unknown' && error.code !== 'search-parameter-not-supported')
      throw error;
    return undefined;
  }
}

function filterOf(
  type: string | undefined,
  name: string,
  value: string,
  context: SearchContext,
): SearchCondition {
  const param = /^[^:.]*/.exec(name)?.[0] ?? '';
  if (refusedByName.has(param)) throw new SearchError('search-parameter-not-supported', param);
  if (type !== undefined) return parseFilter(type, name, value, context);
  // Over every type, only what every type has: any type stands for all of them.
  if (!param.startsWith('_') || name.startsWith('_has:'))
    throw new SearchError('search-parameter-not-supported', '_type');
  if (param === '_list') throw new SearchError('search-parameter-not-supported', '_list');
  return parseFilter('Basic', name, value, context);
}

/**
 * Whose record all hits stand in, because a parameter names the person: only one that reads the element by which a resource of
 * this type is put into a record. Whom it names elsewhere may have a record of their own.
 */
function patientsNamed(
  type: string,
  filters: readonly NamedValue[],
  ownBase: string | undefined,
): readonly string[] | undefined {
  const [owner = ''] = compartmentPaths(type);
  // Where the element repeats, what names two people is in neither's record.
  const once = findStructure(type)?.rules.get(owner)?.many === false;
  for (const [name, value] of filters) {
    if (type === 'Patient' && name === '_id') return value.split(',');
    const parameter = searchParametersOf(type).get(name.replace(/:Patient$/, ''));
    if (!once || parameter?.kind !== 'reference') continue;
    if (!parameter.paths.every(({ text }) => text.startsWith(`${owner}:`))) continue;
    const modifier = name.endsWith(':Patient') ? 'Patient' : '';
    const texts = splitValues(name, value).flatMap((part) =>
      referenceTexts(parameter, part, ownBase, modifier),
    );
    if (texts.length > 0 && texts.every((text) => text.startsWith('Patient/')))
      return [...new Set(texts.map((text) => text.slice('Patient/'.length)))];
  }
  return undefined;
}

function readTypes(resourceType: string | undefined, written: string | undefined): (string | undefined)[] {
  if (written === undefined) return [resourceType];
  if (resourceType !== undefined) throw new SearchError('search-parameter-not-supported', '_type');
  const types = [...new Set(written.split(','))];
  if (!types.every((type) => resourceTypes.includes(type)))
    throw new SearchError('search-value-invalid', '_type');
  if (types.length > searchLimits.types) throw new SearchError('search-too-many-values', '_type');
  return types;
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
  return Math.min(Number(value), searchLimits.count);
}

function parseElements(
  types: readonly (string | undefined)[],
  value: string | undefined,
): readonly string[] | undefined {
  if (value === undefined) return undefined;
  const elements = value.split(',');
  // `Type.element` names the type too.
  const plain = elements.map((element) => element.replace(/^[A-Z][A-Za-z]*\./, ''));
  if (elements.length > searchLimits.elements || !plain.every((one) => /^[a-z][A-Za-z0-9]{0,63}$/.test(one)))
    throw new SearchError('search-value-invalid', '_elements');
  // What no type has is misspelt, and would leave the answer without it.
  const has = (element: string): boolean => {
    const [named = '', name] = element.split('.');
    if (name !== undefined) return hasElement(named, name);
    return types.some((type) => type === undefined || hasElement(type, named));
  };
  if (!elements.every(has)) throw new SearchError('search-value-invalid', '_elements');
  return elements;
}
