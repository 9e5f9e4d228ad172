// Whether one resource meets a condition, answered from its search index and its own elements: for subscriptions, for
// decisions that must not rest on a hash alone, and as the second opinion on what the database finds.

import { dateRange } from './dates.ts';
import { isJsonObject } from './json.ts';
import type { RangeTest, SearchCondition } from './search-condition.ts';
import { type SearchIndex, valuesAlong } from './search-found.ts';
import { searchIndex } from './search-index.ts';
import type { SearchQuery } from './search-query.ts';
import type { JsonValue, Resource } from './types.ts';

/** A chain or `_has` asks about other resources, which one resource alone cannot answer. */
export class NeedsOtherResourcesError extends Error {
  readonly code = 'search-needs-other-resources';
  constructor() {
    super('the condition speaks about other resources');
    this.name = 'NeedsOtherResourcesError';
  }
}

/** @throws NeedsOtherResourcesError */
export function matches(resource: Resource, query: Pick<SearchQuery, 'filters'>, ownBase?: string): boolean {
  const index = searchIndex(resource, ownBase);
  return query.filters.some(
    ({ resourceType, condition }) =>
      (resourceType === undefined || resourceType === resource.resourceType) &&
      meets(resource, index, condition),
  );
}

/** Whether the condition can be answered from one resource alone. */
export function standsAlone(condition: SearchCondition): boolean {
  if (condition.kind === 'and' || condition.kind === 'or') return condition.of.every(standsAlone);
  if (condition.kind === 'not') return standsAlone(condition.of);
  return condition.kind !== 'chain' && condition.kind !== 'reverse';
}

export function meets(resource: Resource, index: SearchIndex, condition: SearchCondition): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.of.every((one) => meets(resource, index, one));
    case 'or':
      return condition.of.some((one) => meets(resource, index, one));
    case 'not':
      return !meets(resource, index, condition.of);
    case 'keys':
      return condition.keys.some((key) => index.keys.includes(key));
    case 'range':
      return index.rangeKeys.some(
        (key, i) => condition.keys.includes(key) && passes(condition.test, spanAt(index, i)),
      );
    case 'string': {
      const { tags, match, value } = condition;
      return index.strings.some(
        (text) => tags.includes(text.slice(0, 4)) && compares(match, text.slice(4), value),
      );
    }
    case 'present':
      return Math.floor(index.present / 2 ** condition.bit) % 2 === 1;
    case 'id':
      return condition.ids.some((id) => id === resource['id']);
    case 'lastUpdated': {
      const { meta } = resource;
      const written = isJsonObject(meta) ? meta['lastUpdated'] : undefined;
      const range = typeof written === 'string' ? dateRange(written) : undefined;
      return range !== undefined && passes(condition.test, [range.lowMs, range.lowMs]);
    }
    case 'near': {
      const at = index.rangeKeys.indexOf(condition.key);
      return at >= 0 && metresBetween(condition, spanAt(index, at)) <= condition.metres;
    }
    case 'text':
      return condition.paths.some((path) =>
        valuesAlong(resource, path.steps).some((value) => says(value, condition.match, condition.value)),
      );
    case 'chain':
    case 'reverse':
      throw new NeedsOtherResourcesError();
  }
}

function spanAt({ rangeBounds }: SearchIndex, i: number): [number, number] {
  return [rangeBounds[2 * i] ?? Number.NaN, rangeBounds[2 * i + 1] ?? Number.NaN];
}

function passes(test: RangeTest, [low, high]: readonly [number, number]): boolean {
  return test.some((bounds) =>
    bounds.every(({ end, is, value }) => {
      const stored = end === 'low' ? low : high;
      switch (is) {
        case '<':
          return stored < value;
        case '<=':
          return stored <= value;
        case '>':
          return stored > value;
        case '>=':
          return stored >= value;
      }
    }),
  );
}

function compares(match: 'prefix' | 'contains' | 'whole', text: string, value: string): boolean {
  if (match === 'whole') return text === value;
  return match === 'prefix' ? text.startsWith(value) : text.includes(value);
}

function says(value: JsonValue, match: 'exact' | 'below', asked: string): boolean {
  if (typeof value !== 'string') return false;
  return match === 'exact' ? value === asked : value === asked || value.startsWith(belowUrl(asked));
}

/** What the URLs below one begin with. */
export function belowUrl(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}

const earthRadiusMetres = 6_371_008.8;

/** Great-circle distance; `position` is latitude and longitude in degrees. */
function metresBetween(
  { latitude, longitude }: { readonly latitude: number; readonly longitude: number },
  [otherLatitude, otherLongitude]: readonly [number, number],
): number {
  const rad = Math.PI / 180;
  const a =
    Math.sin(((otherLatitude - latitude) * rad) / 2) ** 2 +
    Math.cos(latitude * rad) *
      Math.cos(otherLatitude * rad) *
      Math.sin(((otherLongitude - longitude) * rad) / 2) ** 2;
  return 2 * earthRadiusMetres * Math.asin(Math.min(1, Math.sqrt(a)));
}
