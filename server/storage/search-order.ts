// The order of a search's results, and where a page goes on: by what the last row was sorted by, never by counting rows, so that
// a page stays whole while others write.
import type { SearchSort } from '../../core/fhir/search-sort.ts';
import { jsonPath } from './search-json-path.ts';
import type { Values } from './search-sql.ts';

/** What the last row of a page was sorted by. Times are milliseconds since 1970; infinite numbers are text. */
export interface SearchCursor {
  readonly keys: readonly (string | number | null)[];
  readonly resourceType: string;
  readonly resourceId: string;
}

/** One expression for each sort key, over the row `r`. */
export function sortExpression(sort: SearchSort, values: Values): string {
  const least = sort.descending ? 'max' : 'min';
  switch (sort.kind) {
    case 'id':
      return 'r.resource_id collate "C"';
    case 'lastUpdated':
      return 'extract(epoch from r.last_updated)::float8 * 1000';
    case 'range':
      return `(select ${least}(r.search_range_bounds[2 * i - ${sort.descending ? 0 : 1}]) from generate_subscripts(r.search_range_keys, 1) i
        where r.search_range_keys[i] = any(${values.put(sort.keys.map(String))}::bigint[]))`;
    case 'string':
      return `(select ${least}(substr(s, 5) collate "C") from unnest(r.search_strings) s where left(s, 4) = any(${values.put(sort.tags)}::text[]))`;
    case 'text':
      return `(select ${least}((v #>> '{}') collate "C") from unnest(${values.put(sort.paths.map(jsonPath))}::jsonpath[]) p,
        jsonb_path_query(nullif(r.content, '')::jsonb, p) v)`;
  }
}

export function orderBy(sorts: readonly SearchSort[], severalTypes: boolean): string {
  const keys = sorts.map((sort, i) => `r.s${i} ${sort.descending ? 'desc' : 'asc'} nulls last`);
  return [...keys, ...(severalTypes ? ['r.resource_type'] : []), 'r.resource_id'].join(', ');
}

/** True for the rows behind the cursor. */
export function behind(
  sorts: readonly SearchSort[],
  cursor: SearchCursor,
  severalTypes: boolean,
  values: Values,
): string {
  const id = values.put(cursor.resourceId);
  let after = severalTypes
    ? `(r.resource_type, r.resource_id) > (${values.put(cursor.resourceType)}, ${id})`
    : `r.resource_id > ${id}`;
  for (let i = sorts.length - 1; i >= 0; i -= 1) {
    const key = cursor.keys[i] ?? null;
    const column = `r.s${i}`;
    if (key === null) after = `(${column} is null and ${after})`;
    else {
      const placed = `${values.put(key)}${isNumeric(sorts[i]) ? '::float8' : ''}`;
      const further = sorts[i]?.descending === true ? '<' : '>';
      after = `(${column} ${further} ${placed} or ${column} is null or (${column} = ${placed} and ${after}))`;
    }
  }
  return after;
}

export function isNumeric(sort: SearchSort | undefined): boolean {
  return sort?.kind === 'range' || sort?.kind === 'lastUpdated';
}
