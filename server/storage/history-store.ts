// Versions over time: of one resource, of a type, of everything in scope, newest first, in pages that nothing new can shift.
import type { Queryable } from './queryable.ts';
import type { StoredVersion } from './resource-store.ts';

export interface HistoryCursor {
  ms: number;
  type: string;
  id: string;
  version: number;
}

export interface HistoryQuery {
  /** Whose versions; 'everyone' for all records and the directory. */
  scope: 'everyone' | readonly string[];
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

const columns = `v.patient_id as "patientId", v.resource_type as "resourceType", v.resource_id as "resourceId", v.version, v.deleted,
  v.last_updated as "lastUpdated", v.entry_id as "entryId", v.content`;

/** How far back is looked first for what is newest over all records: there the next to free index by time is of use. */
const windowsMs = [60_000, 3_600_000, 7 * 24 * 3_600_000];

/**
 * As `listHistory`, for histories over all records without a beginning: looks back a little, then further, so that the newest page of
 * many millions of versions is not sorted out of all of them.
 */
export async function listNewest(
  db: Queryable,
  query: HistoryQuery,
  nowMs: number,
): Promise<StoredVersion[]> {
  const unbounded = query.scope === 'everyone' && query.id === undefined && query.sinceMs === undefined;
  if (unbounded && query.at === undefined && query.among === undefined)
    for (const windowMs of windowsMs) {
      const sinceMs = (query.after?.ms ?? nowMs) - windowMs;
      const found = await listHistory(db, { ...query, sinceMs });
      if (found.length >= query.limit) return found;
    }
  return listHistory(db, query);
}

/** One statement text for each combination of conditions: only what is asked for is in it, so that the planner can use the keys. */
export async function listHistory(db: Queryable, query: HistoryQuery): Promise<StoredVersion[]> {
  const values: unknown[] = [];
  const put = (value: unknown): string => `$${values.push(value)}`;
  const time = (ms: number): string => `to_timestamp(${put(ms)}::float8 / 1000)`;
  const conditions: string[] = [];
  if (query.scope !== 'everyone') conditions.push(`v.patient_id = any(${put(query.scope)}::text[])`);
  if (query.type !== undefined) conditions.push(`v.resource_type = ${put(query.type)}`);
  if (query.id !== undefined) conditions.push(`v.resource_id = ${put(query.id)}`);
  if (query.sinceMs !== undefined) conditions.push(`v.last_updated >= ${time(query.sinceMs)}`);
  if (query.among)
    conditions.push(
      `(v.resource_type, v.resource_id) in (select * from unnest(${put(query.among.map((k) => k.type))}::text[], ${put(query.among.map((k) => k.id))}::text[]))`,
    );
  if (query.at) {
    conditions.push(`v.last_updated <= ${time(query.at.highMs)}`);
    const next = (table: string): string =>
      `not exists (select from ${table} n where n.patient_id = v.patient_id and n.resource_type = v.resource_type
         and n.resource_id = v.resource_id and n.version = v.version + 1 and n.last_updated <= ${time(query.at?.lowMs ?? 0)})`;
    conditions.push(next('resource'), next('resource_history'));
  }
  if (query.after) {
    const { ms, type, id, version } = query.after;
    // Said by itself too, for the index by time.
    conditions.push(`v.last_updated <= ${time(ms)}`);
    conditions.push(
      `(v.last_updated, v.resource_type, v.resource_id, v.version) < (${time(ms)}, ${put(type)}, ${put(id)}, ${put(version)}::int)`,
    );
  }
  const where = conditions.length === 0 ? 'true' : conditions.join(' and ');
  const order = 'v.last_updated desc, v.resource_type desc, v.resource_id desc, v.version desc';
  const limit = put(query.limit);
  // Each half is cut before the halves are joined: neither is sorted beyond a page.
  const half = (table: string): string =>
    `(select v.patient_id, v.resource_type, v.resource_id, v.version, v.deleted, v.last_updated, v.entry_id, v.content
        from ${table} v where ${where} order by ${order} limit ${limit})`;
  const { rows } = await db.query({
    text: `select ${columns} from (${half('resource')} union all ${half('resource_history')}) v order by ${order} limit ${limit}`,
    values,
  });
  return rows as StoredVersion[];
}
