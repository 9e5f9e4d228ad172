// How one value at the end of a search parameter's path goes into the index, by the kind of the parameter and the value's R4 type.

import { dateRange, earliestMs, latestMs } from './dates.ts';
import { DecimalLiteral, isJsonObject, numberOf } from './json.ts';
import { parseReference } from './references.ts';
import type { HashSeed } from './search-hash.ts';
import { type Found, valuesAlong } from './search-found.ts';
import {
  codeForm,
  dayForm,
  ofTypeForm,
  pairForm,
  placeOf,
  prefixOf,
  soundsOf,
  stringTag,
  systemCodeForm,
  systemForm,
} from './search-keys.ts';
import type { CompositeAlternative, CompositePart, SearchKind, SearchPath } from './search-parameters.ts';
import { maxIndexedString, searchableText } from './search-text.ts';
import type { JsonObject, JsonValue } from './types.ts';

export type Leaf = (value: JsonValue, found: Found) => void;

export interface Bits {
  readonly bits: readonly number[];
  readonly byTarget: ReadonlyMap<string, readonly number[]>;
}

export function leafOf(resourceType: string, use: SearchKind | 'sound', path: SearchPath, bits: Bits): Leaf {
  const store = storeOf(resourceType, use, path, bits);
  return (value, found) => {
    found.mark(bits.bits);
    store(value, found);
  };
}

function storeOf(resourceType: string, use: SearchKind | 'sound', path: SearchPath, bits: Bits): Leaf {
  const place = (name: Parameters<typeof placeOf>[2]): HashSeed => placeOf(resourceType, path.text, name);
  switch (use) {
    case 'token':
      return tokenLeaf(path, place('token'));
    case 'string':
      return stringLeaf(stringTag(path), place('prefix'));
    case 'sound':
      return soundLeaf(place('sound'));
    case 'reference':
      return referenceLeaf(path, place('reference'), place('identifier'), bits);
    case 'uri':
      return (value, found) => {
        if (typeof value === 'string') found.key(value, place('uri'));
      };
    case 'date':
    case 'number':
    case 'quantity':
      return rangeLeaf(use, path, place('range'));
    case 'special':
      return positionLeaf(place('range'));
    case 'composite':
      return () => undefined;
  }
}

interface Token {
  readonly system?: string | undefined;
  readonly code?: string | undefined;
}

/** The tokens of a value, of whatever R4 type it is. */
function tokensOf(value: JsonValue, type: string): Token[] {
  if (typeof value === 'string') return [{ code: value }];
  if (typeof value === 'boolean') return [{ code: String(value) }];
  if (!isJsonObject(value)) return [];
  switch (type) {
    case 'CodeableConcept':
      return codingsOf(value).flatMap((coding) => tokensOf(coding, 'Coding'));
    case 'Coding':
      return [{ system: text(value['system']), code: text(value['code']) }];
    case 'Identifier':
      return [{ system: text(value['system']), code: text(value['value']) }];
    case 'ContactPoint':
      return [{ code: text(value['value']) }];
    case 'deceased':
      return [{ code: String(value['deceasedBoolean'] === true || value['deceasedDateTime'] !== undefined) }];
    default:
      return [];
  }
}

function codingsOf(concept: JsonObject): JsonObject[] {
  const { coding } = concept;
  return Array.isArray(coding) ? coding.filter(isJsonObject) : [];
}

function text(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function tokenLeaf(path: SearchPath, place: HashSeed): Leaf {
  const { type } = path;
  const display = stringTag(path, 'display');
  return (value, found) => {
    for (const { system, code } of tokensOf(value, type)) {
      if (code !== undefined) {
        found.key(codeForm(code), place);
        found.key(systemCodeForm(system ?? '', code), place);
      }
      if (system !== undefined) found.key(systemForm(system), place);
    }
    if (!isJsonObject(value)) return;
    for (const shown of displaysOf(value, type)) {
      const searched = searchableText(shown).slice(0, maxIndexedString);
      if (searched !== '') found.strings.add(display + searched);
    }
    if (type === 'Identifier') ofTypeKeys(value, place, found);
  };
}

/** The texts that `:text` looks into. */
function displaysOf(value: JsonObject, type: string): string[] {
  const texts =
    type === 'CodeableConcept'
      ? [value['text'], ...codingsOf(value).map((coding) => coding['display'])]
      : type === 'Coding'
        ? [value['display']]
        : type === 'Identifier' && isJsonObject(value['type'])
          ? [value['type']['text']]
          : [];
  return texts.filter((shown) => typeof shown === 'string');
}

function ofTypeKeys(identifier: JsonObject, place: HashSeed, found: Found): void {
  const { type, value } = identifier;
  if (!isJsonObject(type) || typeof value !== 'string') return;
  for (const { system, code } of tokensOf(type, 'CodeableConcept'))
    if (code !== undefined) found.key(ofTypeForm(system ?? '', code, value), place);
}

function stringLeaf(tag: string, place: HashSeed): Leaf {
  return (value, found) => {
    if (typeof value !== 'string') return;
    const searched = searchableText(value.slice(0, 2 * maxIndexedString)).slice(0, maxIndexedString);
    if (searched === '') return;
    found.strings.add(tag + searched);
    const prefix = prefixOf(searched);
    if (prefix !== undefined) found.key(prefix, place);
  };
}

function soundLeaf(place: HashSeed): Leaf {
  const nameParts = ['family', 'given', 'text', 'prefix', 'suffix'];
  return (value, found) => {
    const texts = isJsonObject(value) ? nameParts.flatMap((part) => value[part] ?? []) : [value];
    for (const one of texts)
      if (typeof one === 'string') for (const sound of soundsOf(searchableText(one))) found.key(sound, place);
  };
}

/** What a reference is found by: `Type/id`, or the whole URL, urn or canonical of what is elsewhere; versions are left out. */
function referenceTexts(
  value: JsonValue,
  path: SearchPath,
  found: Found,
): { texts: string[]; type?: string | undefined } {
  if (path.type === 'Resource') {
    if (!isJsonObject(value)) return { texts: [] };
    const { resourceType: type, id } = value;
    return typeof type === 'string' && typeof id === 'string'
      ? { texts: [`${type}/${id}`], type }
      : { texts: [] };
  }
  if (typeof value === 'string') {
    const bar = value.indexOf('|');
    return { texts: bar > 0 ? [value.slice(0, bar), value] : [value] };
  }
  const written = isJsonObject(value) ? value['reference'] : undefined;
  const named = isJsonObject(value) ? text(value['type']) : undefined;
  if (typeof written !== 'string') return { texts: [], type: named };
  const reference = parseReference(written, found.ownBase);
  switch (reference.kind) {
    case 'local':
      return { texts: [`${reference.type}/${reference.id}`], type: reference.type };
    case 'contained':
      return { texts: [], type: named ?? containedType(found, reference.id) };
    case 'foreign':
    case 'urn': {
      const [whole = '', type] = /^.*?\/([A-Z][A-Za-z]+)\/[^/]+(?=\/_history\/[^/]+$|$)/.exec(written) ?? [];
      return { texts: [whole === '' ? written : whole], type: named ?? type };
    }
    case 'conditional':
    case 'invalid':
      return { texts: [], type: named };
  }
}

function containedType(found: Found, id: string): string | undefined {
  const { contained } = found.resource;
  const one = Array.isArray(contained) ? contained.find((c) => isJsonObject(c) && c['id'] === id) : undefined;
  return isJsonObject(one) ? text(one['resourceType']) : undefined;
}

function referenceLeaf(path: SearchPath, place: HashSeed, identified: HashSeed, bits: Bits): Leaf {
  return (value, found) => {
    const { texts, type } = referenceTexts(value, path, found);
    for (const one of texts) found.key(one, place);
    if (type !== undefined) found.mark(bits.byTarget.get(type) ?? []);
    const identifier = isJsonObject(value) && path.type === 'Reference' ? value['identifier'] : undefined;
    if (!isJsonObject(identifier)) return;
    for (const { system, code } of tokensOf(identifier, 'Identifier')) {
      if (code !== undefined) {
        found.key(codeForm(code), identified);
        found.key(systemCodeForm(system ?? '', code), identified);
      }
      if (system !== undefined) found.key(systemForm(system), identified);
    }
  };
}

interface Span {
  readonly low: number;
  readonly high: number;
}

function rangeLeaf(kind: 'date' | 'number' | 'quantity', path: SearchPath, place: HashSeed): Leaf {
  if (kind === 'date')
    return (value, found) => {
      const span = dateSpan(value);
      if (span !== undefined) found.range('', place, span.low, span.high);
      if (path.type === 'date' && typeof value === 'string' && value.length === 10)
        found.key(dayForm(value), place);
    };
  return (value, found) => {
    const span = numberSpan(value, path.type);
    if (span === undefined) return;
    for (const unit of unitForms(value, path.type)) found.range(unit, place, span.low, span.high);
  };
}

/** The time that a date, Period or Timing covers; of a Timing only the outer limits matter (R4). */
function dateSpan(value: JsonValue): Span | undefined {
  if (typeof value === 'string') {
    const range = dateRange(value);
    return range === undefined ? undefined : { low: range.lowMs, high: range.highMs };
  }
  if (!isJsonObject(value)) return undefined;
  if (value['event'] === undefined && value['repeat'] === undefined) return periodSpan(value);
  const events = Array.isArray(value['event']) ? value['event'] : [];
  const bounds = isJsonObject(value['repeat']) ? value['repeat']['boundsPeriod'] : undefined;
  const spans = [...events, bounds].flatMap((one) => (one === undefined ? [] : (dateSpan(one) ?? [])));
  if (spans.length === 0) return undefined;
  return { low: Math.min(...spans.map((s) => s.low)), high: Math.max(...spans.map((s) => s.high)) };
}

function periodSpan({ start, end }: JsonObject): Span | undefined {
  const first = typeof start === 'string' ? dateRange(start) : undefined;
  const last = typeof end === 'string' ? dateRange(end) : undefined;
  if (first === undefined && last === undefined) return undefined;
  return { low: first?.lowMs ?? earliestMs, high: last?.highMs ?? latestMs };
}

function decimal(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' || value instanceof DecimalLiteral ? numberOf(value) : undefined;
}

function numberSpan(value: JsonValue, type: string): Span | undefined {
  const plain = decimal(value);
  if (plain !== undefined) return { low: plain, high: plain };
  if (!isJsonObject(value)) return undefined;
  if (type === 'Range') {
    const low = isJsonObject(value['low']) ? decimal(value['low']['value']) : undefined;
    const high = isJsonObject(value['high']) ? decimal(value['high']['value']) : undefined;
    return low === undefined && high === undefined
      ? undefined
      : { low: low ?? -Infinity, high: high ?? Infinity };
  }
  const exact = decimal(value['value']);
  if (exact === undefined) return undefined;
  const comparator = text(value['comparator']) ?? '';
  return {
    low: comparator.startsWith('<') ? -Infinity : exact,
    high: comparator.startsWith('>') ? Infinity : exact,
  };
}

/** No unit at all, the unit by code or as shown, and by system and code. */
function unitForms(value: JsonValue, type: string): string[] {
  if (!isJsonObject(value)) return [''];
  if (type === 'Range') {
    const end = value['low'] ?? value['high'];
    return isJsonObject(end) ? unitForms(end, 'Quantity') : [''];
  }
  const currency = text(value['currency']);
  if (currency !== undefined)
    return ['', codeForm(currency), systemCodeForm('urn:iso:std:iso:4217', currency)];
  const { system, code, unit } = {
    system: text(value['system']),
    code: text(value['code']),
    unit: text(value['unit']),
  };
  return [
    '',
    ...(code === undefined ? [] : [codeForm(code)]),
    ...(unit === undefined || unit === code ? [] : [codeForm(unit)]),
    ...(code === undefined || system === undefined ? [] : [systemCodeForm(system, code)]),
  ];
}

function positionLeaf(place: HashSeed): Leaf {
  return (value, found) => {
    if (!isJsonObject(value)) return;
    const latitude = decimal(value['latitude']);
    const longitude = decimal(value['longitude']);
    if (latitude !== undefined && longitude !== undefined) found.range('', place, latitude, longitude);
  };
}

/** What the parts of one element have together: keys, or spans under the key of the first part and the unit. */
export function pairLeaf(resourceType: string, alternative: CompositeAlternative): Leaf {
  const place = placeOf(resourceType, pairPath(alternative), 'pair');
  const [first, second] = alternative.parts.filter((part) => !part.ofResource);
  return (value, found) => {
    if (!isJsonObject(value) || first === undefined || second === undefined) return;
    if (first.kind === 'number') {
      // Two numbers of one element are kept as the ends of one span.
      const [low] = spansOf(value, first);
      const [high] = spansOf(value, second);
      if (low !== undefined && high !== undefined) found.range('', place, low.span.low, high.span.high);
      return;
    }
    for (const one of tokenForms(value, first)) {
      if (second.kind === 'quantity')
        for (const { span, units } of spansOf(value, second))
          for (const unit of units) found.range(pairForm(one, unit), place, span.low, span.high);
      else for (const other of otherForms(value, second, found)) found.key(pairForm(one, other), place);
    }
  };
}

/** Names the alternative: composites of one type may share an element. */
export function pairPath({ elementText, parts }: CompositeAlternative): string {
  const own = parts.filter((part) => !part.ofResource);
  return `${elementText}(${own.map((part) => part.paths.map((path) => path.text).join(',')).join('&')})`;
}

function tokenForms(element: JsonObject, part: CompositePart): string[] {
  return part.paths.flatMap((path) =>
    valuesAlong(element, path.steps).flatMap((value) =>
      tokensOf(value, path.type).flatMap(({ system, code }) =>
        code === undefined ? [] : [codeForm(code), systemCodeForm(system ?? '', code)],
      ),
    ),
  );
}

function otherForms(element: JsonObject, part: CompositePart, found: Found): string[] {
  if (part.kind === 'token') return tokenForms(element, part);
  return part.paths.flatMap((path) =>
    valuesAlong(element, path.steps).flatMap((value) => referenceTexts(value, path, found).texts),
  );
}

function spansOf(element: JsonObject, part: CompositePart): { span: Span; units: string[] }[] {
  return part.paths.flatMap((path) =>
    valuesAlong(element, path.steps).flatMap((value) => {
      const span = numberSpan(value, path.type);
      return span === undefined ? [] : [{ span, units: unitForms(value, path.type) }];
    }),
  );
}
