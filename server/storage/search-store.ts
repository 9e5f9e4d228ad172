// Searches as statements: a page of hits, their number, what comes along with them. The records that may be looked into are part
// of the statement, before any filter: what is not in scope is neither found nor counted nor sorted.
import type { SearchQuery } from '../../core/fhir/search-query.ts';
import type { SearchSort } from '../../core/fhir/search-sort.ts';
import { SearchError } from '../../core/fhir/search-query.ts';
import type { Queryable } from './queryable.ts';
import { behind, isNumeric, orderBy, type SearchCursor, sortExpression } from './search-order.ts';
import { type SearchScope, SearchSql } from './search-sql.ts';

export type { SearchScope } from './search-sql.ts';
export type { SearchCursor } from './search-order.ts';

export interface FoundResource {
  readonly patientId: string;
  readonly resourceType: string;
  readonly resourceId: string;
  readonly version: number;
  readonly content: string;
}

export interface SearchPage {
  readonly found: readonly FoundResource[];
  /** Where the next page goes on; undefined on the last one. */
  readonly next: SearchCursor | undefined;
}

/** The pool of a server, or the one client of a transaction as both. */
export interface SearchedThrough {
  readonly pool: Queryable;
  /** For what is looked up inside a few records. */
  readonly asks: Queryable;
}

interface PageRow extends FoundResource {
  readonly [sortKey: `s${number}`]: string | number | null;
}

/**
 * @param page.people only these records, where the address or the search names them
 * @param page.sortLimit more hits over all records than this are not sorted by what a resource says
 * @throws SearchError when the search costs too much
 */
export async function searchPage(
  through: SearchedThrough,
  scope: SearchScope,
  query: Pick<SearchQuery, 'filters' | 'sort'>,
  page: {
    readonly limit: number;
    readonly after?: SearchCursor | undefined;
    readonly people?: readonly string[] | undefined;
    readonly sortLimit?: number;
  },
): Promise<SearchPage> {
  const { limit, after, people } = page;
  const { sort } = query;
  const sql = new SearchSql(scope);
  const { values } = sql;
  const { where, narrow } = hits(sql, query, people);
  if (
    !narrow &&
    page.sortLimit !== undefined &&
    sort.some(({ kind }) => kind !== 'id' && kind !== 'lastUpdated')
  ) {
    const counted = await countHits(through, scope, query, page.sortLimit + 1, people);
    if (counted > page.sortLimit) throw new SearchError('search-too-costly', '_sort');
  }
  const severalTypes = query.filters.length > 1 || query.filters[0]?.resourceType === undefined;
  const keys = sort.map((one, i) => `, ${sortExpression(one, values)} as s${i}`).join('');
  const rows = `select r.patient_id, r.resource_type, r.resource_id, r.version, r.content${keys} from resource r where ${where}`;
  const wrapped = sort.length === 0 && after === undefined ? `resource r where ${where}` : `(${rows}) r`;
  const rest = after === undefined ? '' : ` where ${behind(sort, after, severalTypes, values)}`;
  const text = `select r.patient_id as "patientId", r.resource_type as "resourceType", r.resource_id as "resourceId", r.version, r.content${sort.map((_, i) => `, r.s${i}`).join('')} from ${wrapped}${rest}
    order by ${orderBy(sort, severalTypes)} limit ${values.put(limit + 1)}`;
  // Inside a few records the index by patient serves whatever is asked: no plan of its own is needed, and it takes no long.
  const answer = await (narrow ? through.asks : through.pool).query({
    ...nameOf(text),
    text,
    values: values.list,
  });
  const found = answer.rows as PageRow[];
  const last = found.length > limit ? found[limit - 1] : undefined;
  return {
    found: found.slice(0, limit),
    next: last && cursorOf(last, sort),
  };
}

function cursorOf(row: PageRow, sort: readonly SearchSort[]): SearchCursor {
  const keys = sort.map((one, i) => {
    const value = row[`s${i}`] ?? null;
    return isNumeric(one) && typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
  });
  return { keys, resourceType: row.resourceType, resourceId: row.resourceId };
}

/** How many there are, counted up to `limit` and not further. */
export async function countHits(
  { pool, asks }: SearchedThrough,
  scope: SearchScope,
  query: Pick<SearchQuery, 'filters'>,
  limit: number,
  people?: readonly string[],
): Promise<number> {
  const sql = new SearchSql(scope);
  const { where, narrow } = hits(sql, query, people);
  const text = `select count(*) as total from (select from resource r where ${where} limit ${sql.values.put(limit)}) r`;
  const { rows } = await (narrow ? asks : pool).query({ ...nameOf(text), text, values: sql.values.list });
  return (rows[0] as { total: number }).total;
}

function hits(
  sql: SearchSql,
  { filters }: Pick<SearchQuery, 'filters'>,
  people: readonly string[] | undefined,
): { where: string; narrow: boolean } {
  const each = filters.map(({ resourceType, condition, patients }) => {
    const named = both(people, patients);
    return resourceType === undefined
      ? sql.rowsOfAnyType('r', condition, named)
      : sql.rows('r', resourceType, condition, named);
  });
  return {
    where:
      each.length === 1
        ? (each[0]?.where ?? 'false')
        : `(${each.map(({ where }) => `(${where})`).join(' or ')})`,
    narrow: each.every(({ narrow }) => narrow),
  };
}

function both(
  a: readonly string[] | undefined,
  b: readonly string[] | undefined,
): readonly string[] | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a.filter((id) => b.includes(id));
}

const namesKept = 200;
const names = new Map<string, string>();

/** The first shapes of search that are asked for are planned once for each connection; what comes after them, each time. */
function nameOf(text: string): { name?: string } {
  const known = names.get(text);
  if (known !== undefined) return { name: known };
  if (names.size >= namesKept || text.length > 4000) return {};
  const name = `search-${names.size}`;
  names.set(text, name);
  return { name };
}
