// Versions over time: of one resource, of a type, of everything in scope, newest first, in pages that nothing new can shift.
import type { Queryable } from './queryable.ts';
import type { StoredVersion } from './resource-store.ts';

export interface HistoryCursor {
  ms: number;
  type: string;
  id: string;
  version: number;
}

/** In these records; or of these types wherever they stand (`everywhere`), or only where they are in nobody's record. */
export type HistoryScope =
  | { readonly records: readonly string[] }
  | { readonly types: readonly string[]; readonly everywhere: boolean };

export interface HistoryQuery {
  scope: HistoryScope;
  type?: string;
  id?: string;
  sinceMs?: number;
  /** Versions that stood at some time from `lowMs` to `highMs`. */
  at?: { lowMs: number; highMs: number };
  /** Only these resources. */
  among?: readonly { type: string; id: string }[];
  /** The last of the page before. */
  after?: HistoryCursor;
  limit: number;
}

const order = 'v.last_updated desc, v.resource_type desc, v.resource_id desc, v.version desc';
const key = 'v.patient_id, v.resource_type, v.resource_id, v.version, v.last_updated';

/**
 * One statement text for each combination of conditions: only what is asked for is in it. Keys first, then the texts of one page.
 * Of a record no more is sorted than the record; of a type a page is read off the end of its index, which only who says `version > 0`
 * may use (migration 0038).
 */
export async function listHistory(db: Queryable, query: HistoryQuery): Promise<StoredVersion[]> {
  const values: unknown[] = [];
  const put = (value: unknown): string => `$${values.push(value)}`;
  const where = conditionsOf(query, put);
  const limit = put(query.limit);
  const { scope } = query;
  const inScope =
    'records' in scope
      ? { records: put(scope.records) }
      : { types: put(scope.types), and: scope.everywhere ? where : `v.patient_id = '' and ${where}` };
  const half = (table: string): string =>
    inScope.records === undefined
      ? `select v.* from unnest(${inScope.types}::text[]) as t(type) cross join lateral (
           select ${key}, '${table}' as place from ${table} v where v.resource_type = t.type and v.version > 0 and ${inScope.and}
            order by v.last_updated desc, v.resource_id desc, v.version desc limit ${limit}) v`
      : // A fence: a record is read by its own key, never by walking over everybody's versions until enough of them are its.
        `select ${key}, '${table}' as place from ${table} v
          where v.patient_id = any(${inScope.records}::text[]) and ${where} offset 0`;
  const cut = (table: string): string =>
    `(select * from (${half(table)}) v order by ${order} limit ${limit})`;
  const text = (table: string): string =>
    `select c.deleted, c.entry_id, c.content from ${table} c where v.place = '${table}'
        and (c.patient_id, c.resource_type, c.resource_id, c.version) = (v.patient_id, v.resource_type, v.resource_id, v.version)`;
  const { rows } = await db.query({
    text: `with page as materialized (
        select * from (${cut('resource')} union all ${cut('resource_history')}) v order by ${order} limit ${limit})
      select v.patient_id as "patientId", v.resource_type as "resourceType", v.resource_id as "resourceId", v.version, c.deleted,
             v.last_updated as "lastUpdated", c.entry_id as "entryId", c.content
        from page v cross join lateral (${text('resource')} union all ${text('resource_history')}) c order by ${order}`,
    values,
  });
  return rows as StoredVersion[];
}

function conditionsOf(query: HistoryQuery, put: (value: unknown) => string): string {
  const time = (ms: number): string => `to_timestamp(${put(ms)}::float8 / 1000)`;
  const conditions: string[] = [];
  if (query.type !== undefined) conditions.push(`v.resource_type = ${put(query.type)}`);
  if (query.id !== undefined) conditions.push(`v.resource_id = ${put(query.id)}`);
  if (query.sinceMs !== undefined) conditions.push(`v.last_updated >= ${time(query.sinceMs)}`);
  if (query.among) {
    const types = put(query.among.map(({ type }) => type));
    const ids = put(query.among.map(({ id }) => id));
    // By way of what stands, whose record each is in: versions have no key that begins with the id.
    conditions.push(
      `(v.patient_id, v.resource_type, v.resource_id) in (
         select r.patient_id, r.resource_type, r.resource_id from resource r
           join unnest(${types}::text[], ${ids}::text[]) as k(type, id) on r.resource_type = k.type and r.resource_id = k.id)`,
    );
  }
  if (query.at) {
    conditions.push(`v.last_updated <= ${time(query.at.highMs)}`);
    const low = time(query.at.lowMs);
    const next = (table: string): string =>
      `not exists (select from ${table} n where n.patient_id = v.patient_id and n.resource_type = v.resource_type
         and n.resource_id = v.resource_id and n.version = v.version + 1 and n.last_updated <= ${low})`;
    conditions.push(next('resource'), next('resource_history'));
  }
  if (query.after) {
    const { ms, type, id, version } = query.after;
    const then = time(ms);
    // Said by itself too, for the index by time.
    conditions.push(`v.last_updated <= ${then}`);
    conditions.push(
      `(v.last_updated, v.resource_type, v.resource_id, v.version) < (${then}, ${put(type)}, ${put(id)}, ${put(version)}::int)`,
    );
  }
  return conditions.length === 0 ? 'true' : conditions.join(' and ');
}
