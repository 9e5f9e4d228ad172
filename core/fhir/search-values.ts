// What a resource can be found by: one flat value per row of the search index. Asks and stores nothing.
// `_id` and `_lastUpdated` are columns of the store and do not appear here.

import { dateRange, earliestMs, latestMs } from './dates.ts';
import { DecimalLiteral, isJsonObject, numberOf } from './json.ts';
import { parseReference } from './references.ts';
import { searchParametersOf, type SearchPath } from './search-parameters.ts';
import { maxIndexedString, maxIndexedValue, searchableText } from './search-text.ts';
import type { JsonObject, JsonValue, Resource } from './types.ts';

export type IndexedKind = 'token' | 'string' | 'reference' | 'date' | 'number' | 'quantity' | 'uri';

/**
 * token: `system` (absent if none) and `value`, the code (absent if only a system is given).
 * string: `value` as `searchableText` writes it, at most 256 units of it.
 * reference: `value` is `Type/id`, or the whole URL, urn or canonical if it is not on this server; versions are left out.
 * date: `low` and `high`, the first and last millisecond since 1970 covered.
 * number: `low` and `high`, equal unless the resource gives a range; infinite where a range is open.
 * quantity: as number, with `system` and `value`, the unit's code, or the unit as shown if it has no code.
 * uri: `value`.
 */
export interface SearchValue {
  readonly param: string;
  readonly kind: IndexedKind;
  readonly system?: string;
  readonly value?: string;
  readonly low?: number;
  readonly high?: number;
}

interface Extractor {
  readonly param: string;
  readonly kind: IndexedKind;
  readonly path: SearchPath;
}

type Extractors = ReadonlyMap<string, readonly Extractor[]>;

const extractorsOfType = new Map<string, Extractors>();

/** @param ownBase the server's FHIR base URL without a final slash: absolute references below it count as its own */
export function searchValues(resource: Resource, ownBase?: string): SearchValue[] {
  const extractors = extractorsFor(resource.resourceType);
  const found = new Found(ownBase);
  for (const property of Object.keys(resource))
    for (const extractor of extractors.get(property) ?? []) collect(resource, extractor, 0, found);
  return found.values;
}

/** By the first property of their path, so that absent elements cost nothing. */
function extractorsFor(resourceType: string): Extractors {
  const known = extractorsOfType.get(resourceType);
  if (known !== undefined) return known;
  const byProperty = new Map<string, Extractor[]>();
  for (const { name, kind, paths } of searchParametersOf(resourceType).values()) {
    if (kind === 'composite' || kind === 'special') continue;
    for (const path of paths) {
      const property = path.steps[0]?.property ?? '';
      const others = byProperty.get(property) ?? [];
      byProperty.set(property, [...others, { param: name, kind, path }]);
    }
  }
  extractorsOfType.set(resourceType, byProperty);
  return byProperty;
}

class Found {
  readonly values: SearchValue[] = [];
  readonly ownBase: string | undefined;
  readonly #seen = new Set<string>();

  constructor(ownBase: string | undefined) {
    this.ownBase = ownBase;
  }

  add(value: SearchValue): void {
    const { param, system, low, high } = value;
    if ((system?.length ?? 0) > maxIndexedValue || (value.value?.length ?? 0) > maxIndexedValue) return;
    const key = `${param}\n${system ?? '\t'}\n${value.value ?? '\t'}\n${low}\n${high}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.values.push(value);
  }
}

function collect(holder: JsonObject, extractor: Extractor, step: number, found: Found): void {
  const { steps } = extractor.path;
  const { property, filter } = steps[step]!;
  const value = holder[property];
  if (value === undefined) return;
  for (const item of Array.isArray(value) ? value : [value]) {
    if (filter !== undefined && !(isJsonObject(item) && item[filter.property] === filter.value)) continue;
    if (step + 1 === steps.length) addValue(item, extractor, found);
    else if (isJsonObject(item)) collect(item, extractor, step + 1, found);
  }
}

function addValue(value: JsonValue, extractor: Extractor, found: Found): void {
  switch (extractor.kind) {
    case 'token':
      return addToken(value, extractor, found);
    case 'string':
      return addString(value, extractor.param, found);
    case 'reference':
      return addReference(value, extractor, found);
    case 'date':
      return addDate(value, extractor, found);
    case 'number':
    case 'quantity':
      return addQuantity(value, extractor, found);
    case 'uri':
      if (typeof value === 'string') found.add({ param: extractor.param, kind: 'uri', value });
      return;
  }
}

function text(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function addToken(value: JsonValue, { param, path }: Extractor, found: Found): void {
  const add = (system: string | undefined, code: string | undefined): void => {
    if (system === undefined && code === undefined) return;
    found.add({
      param,
      kind: 'token',
      ...(system === undefined ? {} : { system }),
      ...(code === undefined ? {} : { value: code }),
    });
  };
  if (path.type === 'deceased') add(undefined, value === false ? 'false' : 'true');
  else if (typeof value === 'string') add(undefined, text(value));
  else if (typeof value === 'boolean') add(undefined, String(value));
  else if (!isJsonObject(value)) return;
  else if (path.type === 'CodeableConcept')
    for (const coding of Array.isArray(value['coding']) ? value['coding'] : [])
      addToken(coding, { param, kind: 'token', path: { steps: [], type: 'Coding' } }, found);
  else if (path.type === 'Coding') add(text(value['system']), text(value['code']));
  else if (path.type === 'Identifier') add(text(value['system']), text(value['value']));
  else if (path.type === 'ContactPoint') add(undefined, text(value['value']));
}

const searchedParts = 'text family given prefix suffix line city district state postalCode country'.split(
  ' ',
);

function addString(value: JsonValue, param: string, found: Found): void {
  if (typeof value === 'string') {
    const searched = searchableText(value.slice(0, 2 * maxIndexedString)).slice(0, maxIndexedString);
    if (searched !== '') found.add({ param, kind: 'string', value: searched });
  } else if (Array.isArray(value)) for (const item of value) addString(item, param, found);
  else if (isJsonObject(value))
    for (const part of searchedParts) {
      const partValue = value[part];
      if (typeof partValue === 'string' || Array.isArray(partValue)) addString(partValue, param, found);
    }
}

function addReference(value: JsonValue, { param, path }: Extractor, found: Found): void {
  if (typeof value === 'string') {
    const canonical = value.split('|')[0];
    if (canonical !== undefined && canonical !== '')
      found.add({ param, kind: 'reference', value: canonical });
    return;
  }
  const written = isJsonObject(value) ? value['reference'] : undefined;
  if (typeof written !== 'string') return;
  const reference = parseReference(written, found.ownBase);
  if (reference.kind === 'local') {
    if (path.target === undefined || path.target === reference.type)
      found.add({ param, kind: 'reference', value: `${reference.type}/${reference.id}` });
  } else if (reference.kind === 'foreign' || reference.kind === 'urn') {
    const named = isJsonObject(value) ? value['type'] : undefined;
    const type = text(named) ?? /\/([A-Z][A-Za-z]+)\/[^/]+(?:\/_history\/[^/]+)?$/.exec(written)?.[1];
    if (path.target === undefined || path.target === type)
      found.add({ param, kind: 'reference', value: written });
  }
}

function addDate(value: JsonValue, { param, path }: Extractor, found: Found): void {
  if (typeof value === 'string') {
    const range = dateRange(value);
    if (range !== undefined) found.add({ param, kind: 'date', low: range.lowMs, high: range.highMs });
  } else if (!isJsonObject(value)) return;
  else if (path.type === 'Period') {
    const start = typeof value['start'] === 'string' ? dateRange(value['start']) : undefined;
    const end = typeof value['end'] === 'string' ? dateRange(value['end']) : undefined;
    if (start !== undefined || end !== undefined)
      found.add({ param, kind: 'date', low: start?.lowMs ?? earliestMs, high: end?.highMs ?? latestMs });
  } else if (path.type === 'Timing') {
    const moment: Extractor = { param, kind: 'date', path: { steps: [], type: 'dateTime' } };
    for (const event of Array.isArray(value['event']) ? value['event'] : []) addDate(event, moment, found);
    const bounds = isJsonObject(value['repeat']) ? value['repeat']['boundsPeriod'] : undefined;
    if (bounds !== undefined)
      addDate(bounds, { param, kind: 'date', path: { steps: [], type: 'Period' } }, found);
  }
}

function decimal(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' || value instanceof DecimalLiteral ? numberOf(value) : undefined;
}

function addQuantity(value: JsonValue, { param, kind, path }: Extractor, found: Found): void {
  const plain = decimal(value);
  if (plain !== undefined) found.add({ param, kind, low: plain, high: plain });
  if (!isJsonObject(value)) return;
  if (path.type === 'Range') {
    const low = isJsonObject(value['low']) ? value['low'] : undefined;
    const high = isJsonObject(value['high']) ? value['high'] : undefined;
    const ends = { low: decimal(low?.['value']) ?? -Infinity, high: decimal(high?.['value']) ?? Infinity };
    if (ends.low > -Infinity || ends.high < Infinity)
      found.add({ param, kind, ...unitOf(low ?? high ?? {}), ...ends });
    return;
  }
  const exact = decimal(value['value']);
  if (exact === undefined) return;
  const comparator = text(value['comparator']) ?? '';
  found.add({
    param,
    kind,
    ...unitOf(value),
    low: comparator.startsWith('<') ? -Infinity : exact,
    high: comparator.startsWith('>') ? Infinity : exact,
  });
}

function unitOf(quantity: JsonObject): { system?: string; value?: string } {
  const currency = text(quantity['currency']);
  if (currency !== undefined) return { system: 'urn:iso:std:iso:4217', value: currency };
  const system = text(quantity['system']);
  const unit = text(quantity['code']) ?? text(quantity['unit']);
  return { ...(system === undefined ? {} : { system }), ...(unit === undefined ? {} : { value: unit }) };
}
