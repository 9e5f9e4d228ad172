// One value of a search parameter without modifier as a condition, by the kind of the parameter.

import type { SearchCondition } from './search-condition.ts';
import { and, or } from './search-condition.ts';
import { SearchError } from './search-error.ts';
import type { SearchContext } from './search-context.ts';
import { referenceTexts } from './search-references.ts';
import {
  codeForm,
  dayForm,
  keyOf,
  placeOf,
  prefixOf,
  soundsOf,
  stringTag,
  systemCodeForm,
  systemForm,
} from './search-keys.ts';
import type { SearchParameter, SearchPath } from './search-parameters.ts';
import { dateAsked, numberTest } from './search-ranges.ts';
import { splitAt, unescapeValue } from './search-split.ts';
import { searchableText } from './search-text.ts';

/** @param type of a reference, where a modifier names one */
export function valueCondition(
  resourceType: string,
  parameter: Pick<SearchParameter, 'name' | 'kind' | 'paths' | 'targets'> & SearchParameter,
  part: string,
  context: SearchContext,
  type = '',
): SearchCondition {
  const { name, kind, paths } = parameter;
  const keys = (forms: readonly string[], use: 'token' | 'reference' | 'uri' | 'range'): bigint[] =>
    paths.flatMap((path) => forms.map((form) => keyOf(form, placeOf(resourceType, path.text, use))));
  switch (kind) {
    case 'token':
      return { kind: 'keys', keys: keys([tokenForm(name, part)], 'token') };
    case 'string':
      return name === 'phonetic'
        ? soundCondition(resourceType, paths, name, part)
        : stringCondition(resourceType, paths, name, part);
    case 'reference':
      return { kind: 'keys', keys: referenceKeys(resourceType, parameter, part, context, type) };
    case 'uri':
      return { kind: 'keys', keys: keys([unescapeValue(name, part)], 'uri') };
    case 'date': {
      const { test, day } = dateAsked(name, part, context.nowMs);
      const within: SearchCondition = { kind: 'range', keys: keys([''], 'range'), test };
      // A whole day of an element that holds dates is also a key, which is found over all records.
      return day !== undefined && paths.every((path) => path.type === 'date')
        ? { kind: 'keys', keys: keys([dayForm(day)], 'range') }
        : within;
    }
    case 'number':
      return { kind: 'range', keys: keys([''], 'range'), test: numberTest(name, unescapeValue(name, part)) };
    case 'quantity': {
      const { number, unit } = quantityAsked(name, part);
      return { kind: 'range', keys: keys([unit], 'range'), test: numberTest(name, number) };
    }
    case 'special':
      return nearCondition(resourceType, parameter, part);
    case 'composite':
      throw new SearchError('search-parameter-not-supported', name);
  }
}

/** How a token is stored that this value asks for. */
export function tokenForm(param: string, part: string): string {
  const [first = '', second, third] = splitAt(part, '|').map((text) => unescapeValue(param, text));
  if (third !== undefined) throw new SearchError('search-value-invalid', param);
  if (second === undefined) return codeForm(first);
  if (second !== '') return systemCodeForm(first, second);
  if (first === '') throw new SearchError('search-value-empty', param);
  return systemForm(first);
}

/** `number`, `number|system|code` or `number||code`. */
export function quantityAsked(param: string, part: string): { number: string; unit: string } {
  const [number = '', system = '', code, more] = splitAt(part, '|').map((text) => unescapeValue(param, text));
  const bars = splitAt(part, '|').length;
  if (more !== undefined || bars === 2 || (system !== '' && !code))
    throw new SearchError('search-value-invalid', param);
  if (!code) return { number, unit: '' };
  return { number, unit: system === '' ? codeForm(code) : systemCodeForm(system, code) };
}

function referenceKeys(
  resourceType: string,
  parameter: SearchParameter,
  part: string,
  context: SearchContext,
  type: string,
): bigint[] {
  const texts = referenceTexts(parameter, part, context.ownBase, type);
  return texts.flatMap((text) =>
    parameter.paths
      .filter(
        ({ target }) =>
          target === undefined || !/^[A-Z]\w*\/[^/]+$/.test(text) || text.startsWith(`${target}/`),
      )
      .map((path) => keyOf(text, placeOf(resourceType, path.text, 'reference'))),
  );
}

function stringCondition(
  resourceType: string,
  paths: readonly SearchPath[],
  param: string,
  part: string,
): SearchCondition {
  const value = searchableText(unescapeValue(param, part));
  if (value === '') throw new SearchError('search-value-empty', param);
  const starts: SearchCondition = {
    kind: 'string',
    tags: paths.map((path) => stringTag(path)),
    match: 'prefix',
    value,
  };
  const prefix = prefixOf(value);
  if (prefix === undefined) return starts;
  const keys = paths.map((path) => keyOf(prefix, placeOf(resourceType, path.text, 'prefix')));
  return and([{ kind: 'keys', keys }, starts]);
}

/** Each word sounds like a word of the name. */
function soundCondition(
  resourceType: string,
  paths: readonly SearchPath[],
  param: string,
  part: string,
): SearchCondition {
  const sounds = soundsOf(searchableText(unescapeValue(param, part)));
  if (sounds.length === 0) throw new SearchError('search-value-empty', param);
  return and(
    sounds.map((sound) =>
      or([
        { kind: 'keys', keys: paths.map((path) => keyOf(sound, placeOf(resourceType, path.text, 'sound'))) },
      ]),
    ),
  );
}

const metresOf: Readonly<Record<string, number>> = {
  '': 1000,
  km: 1000,
  m: 1,
  '[mi_i]': 1609.344,
  mi: 1609.344,
};
const defaultDistanceKm = '10';

/** `latitude|longitude|distance|units`; without a distance, ten kilometres. */
function nearCondition(
  resourceType: string,
  { name, paths }: SearchParameter,
  part: string,
): SearchCondition {
  const [latitude = '', longitude = '', distance = defaultDistanceKm, units = '', more] = splitAt(part, '|');
  const [lat, lon, far] = [latitude, longitude, distance].map((text) =>
    /^[-+]?\d{1,9}(\.\d{1,20})?$/.test(text) ? Number(text) : Number.NaN,
  ) as [number, number, number];
  const metres = metresOf[units];
  const possible = Math.abs(lat) <= 90 && Math.abs(lon) <= 180 && far >= 0;
  if (!possible || metres === undefined || more !== undefined)
    throw new SearchError('search-value-invalid', name);
  const [path] = paths;
  const key = keyOf('', placeOf(resourceType, path?.text ?? '', 'range'));
  return { kind: 'near', key, latitude: lat, longitude: lon, metres: far * metres };
}
