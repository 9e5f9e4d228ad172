// Computes anew what resources are found by, a few rows a statement: for a changed rule of search, or a new address of the server.
// Readers are never held up, writers for the moment of one step; whoever was written meanwhile is up to date already.
import { categoryOf, isSealed, partNumber } from '../../core/access/categories.ts';
import { parseJson } from '../../core/fhir/json.ts';
import { careDay } from '../../core/timeline/care-day.ts';
import { searchIndex } from '../../core/fhir/search-index.ts';
import type { Resource } from '../../core/fhir/types.ts';
import type { Queryable } from './queryable.ts';
import { searchColumns } from './search-columns.ts';

interface Place {
  readonly type: string;
  readonly id: string;
}

interface Row {
  patientId: string;
  type: string;
  id: string;
  version: number;
  content: string;
}

/** Where a run that was stopped goes on; the very beginning where none was. */
export async function reindexPlace(db: Queryable): Promise<Place> {
  const { rows } = await db.query({
    text: 'select after_type as "type", after_id as "id" from reindex_progress',
  });
  return (rows[0] as Place | undefined) ?? { type: '', id: '' };
}

/**
 * One step: what comes behind `after`, in the order of types and ids. Its progress is kept in the same statement.
 * @param stepBytes about how much text is read into memory at once
 * @returns undefined when there was nothing left; the next run then begins anew
 */
export async function reindexStep(
  db: Queryable,
  after: Place,
  ownBase: string,
  limits: { readonly rows: number; readonly stepBytes: number },
): Promise<{ last: Place; seen: number; changed: number } | undefined> {
  // The first one whatever its size, then as many as fit.
  const { rows } = await db.query({
    text: `with ahead as (
             select patient_id, resource_type, resource_id, version, content,
                    sum(length(content)) over (order by resource_type, resource_id) - length(content) as before
               from (select * from resource where (resource_type, resource_id) > ($1, $2)
                      order by resource_type, resource_id limit $3) r)
           select patient_id as "patientId", resource_type as "type", resource_id as "id", version, content
             from ahead where before <= $4 order by resource_type, resource_id`,
    values: [after.type, after.id, limits.rows, limits.stepBytes],
  });
  const read = rows as Row[];
  const last = read.at(-1);
  if (last === undefined) {
    await db.query({ text: 'delete from reindex_progress' });
    return undefined;
  }
  const standing = read.filter(({ content }) => content !== '');
  const columns = standing.map(({ patientId, content }) => {
    const resource = parseJson(content) as Resource;
    const part = patientId === '' ? null : partNumber(categoryOf(resource), isSealed(resource));
    const day = patientId === '' ? null : (careDay(resource) ?? null);
    return { part, day, ...searchColumns(searchIndex(resource, ownBase)) };
  });
  const { rows: written } = await db.query({
    text: `with computed as (
             select * from unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[], $10::smallint[], $13::date[])
               as t(patient_id, resource_type, resource_id, version, present, keys, range_keys, range_bounds, strings, part, care_day)
           ), written as (
             update resource r set search_present = c.present, search_keys = c.keys::bigint[], search_range_keys = c.range_keys::bigint[],
                    search_range_bounds = c.range_bounds::float8[], search_strings = c.strings::text[], part = c.part,
                    care_day = c.care_day
               from computed c
              where r.patient_id = c.patient_id and r.resource_type = c.resource_type and r.resource_id = c.resource_id and r.version = c.version
                and (r.search_present, r.search_keys, r.search_range_keys, r.search_range_bounds, r.search_strings, r.part, r.care_day)
                    is distinct from (c.present, c.keys::bigint[], c.range_keys::bigint[], c.range_bounds::float8[], c.strings::text[], c.part, c.care_day)
             returning 1
           ), kept as (
             insert into reindex_progress (after_type, after_id) values ($11, $12)
             on conflict (only_row) do update set after_type = excluded.after_type, after_id = excluded.after_id
           )
           select count(*)::int as changed from written`,
    values: [
      standing.map((one) => one.patientId),
      standing.map((one) => one.type),
      standing.map((one) => one.id),
      standing.map((one) => one.version),
      columns.map((one) => one.present),
      columns.map((one) => one.keys),
      columns.map((one) => one.rangeKeys),
      columns.map((one) => one.rangeBounds),
      columns.map((one) => one.strings),
      columns.map((one) => one.part),
      last.type,
      last.id,
      columns.map((one) => one.day),
    ],
  });
  const { changed } = written[0] as { changed: number };
  return { last: { type: last.type, id: last.id }, seen: read.length, changed };
}
