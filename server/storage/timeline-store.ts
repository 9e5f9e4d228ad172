// A person's timeline: how many entries stand in each month, and the entries of some months, newest first. What may be seen is part of the
// statement, as in a search: what is not in scope is neither shown nor counted. Doses that were ticked have a page of their own.
import { tickPrefix } from '../../core/doses/tick.ts';
import type { SearchCondition } from '../../core/fhir/search-condition.ts';
import { typesOfNoTime } from '../../core/timeline/timeline-entry.ts';
import type { SearchScope } from './search-sql.ts';
import { SearchSql } from './search-sql.ts';
import type { Queryable } from './queryable.ts';
import type { StoredVersion } from './resource-store.ts';

export interface TimelineAsked {
  readonly scope: SearchScope;
  /** Whose rows: of one person, and what was merged into their record. */
  readonly patientIds: readonly string[];
  /** Numbers of parts (core/access/categories.ts). */
  readonly parts: readonly number[];
  readonly condition: SearchCondition;
  /** Only what was done there, as the resource or its visit names it. */
  readonly at?: string;
}

export interface MonthCount {
  /** `YYYY-MM` */
  readonly month: string;
  readonly part: number;
  readonly count: number;
}

// What names no day stands under the day it came.
const day = "coalesce(r.care_day, (r.last_updated at time zone 'UTC')::date)";

/** Newest month first. */
export async function countMonths(db: Queryable, asked: TimelineAsked): Promise<MonthCount[]> {
  const { sql, where } = rowsOf(asked);
  const { rows } = await db.query({
    text: `select to_char(${day}, 'YYYY-MM') as month, r.part::int as part, count(*)::int as count from resource r
            where ${where} group by 1, 2 order by 1 desc, 2`,
    values: sql.values.list,
  });
  return rows as MonthCount[];
}

/** What is stored is canonical JSON: a name stands at one place in it, and only there. */
const placeAfter = [
  '"serviceProvider":{"display":',
  '"custodian":{"display":',
  '"managingOrganization":{"display":',
  '"location":[{"location":{"display":',
  '"location":{"display":',
] as const;
const patternAfter = (before: string): string =>
  `${before.replaceAll(/[[{]/g, String.raw`\$&`)}${String.raw`"((?:[^"\\]|\\.)*)"`}`;
const typesWithPlace = ['Encounter', 'EpisodeOfCare', 'DocumentReference', 'Procedure', 'Immunization'];
const mostPlaces = 50;

/** The places that these entries name, the most frequent first; at most 50. */
export async function listPlaces(
  db: Queryable,
  { at: _at, ...asked }: TimelineAsked,
): Promise<{ readonly name: string; readonly count: number }[]> {
  const { sql, where } = rowsOf(asked);
  // As in core/timeline/timeline-entry.ts, in that order. The text of a JSON string ends at the first quote that is not escaped.
  const named = placeAfter.map(
    (before) => `substring(r.content from ${sql.values.put(patternAfter(before))})`,
  );
  const { rows } = await db.query({
    text: `select place, count(*)::int as count from (
             select coalesce(${named.join(', ')}) as place from resource r
              where ${where} and r.resource_type = any(${sql.values.put(typesWithPlace)}::text[])) named
            where place is not null group by place order by count(*) desc, place limit ${mostPlaces}`,
    values: sql.values.list,
  });
  return (rows as { place: string; count: number }[]).map(({ place, count }) => ({
    name: JSON.parse(`"${place}"`) as string,
    count,
  }));
}

export interface TimelinePlace {
  /** `YYYY-MM-DD` */
  readonly day: string;
  readonly resourceId: string;
}

export type TimelineRow = StoredVersion & { readonly day: string };

/**
 * Entries from the first day of `from` to the last of `to` (months, `YYYY-MM`), newest first.
 * @param page.after where the page before ended
 * @param page.containing only rows whose text may hold these words: whoever asks looks once more
 */
export async function listTimeline(
  db: Queryable,
  asked: TimelineAsked,
  page: {
    readonly from?: string | undefined;
    readonly to?: string | undefined;
    readonly after?: TimelinePlace | undefined;
    readonly containing?: string | undefined;
    readonly limit: number;
  },
): Promise<TimelineRow[]> {
  const { sql, where } = rowsOf(asked);
  const { values } = sql;
  const { from, to, after, containing, limit } = page;
  const tests = [
    where,
    ...(from === undefined ? [] : [`${day} >= ${values.put(`${from}-01`)}::date`]),
    ...(to === undefined ? [] : [`${day} < ${values.put(`${to}-01`)}::date + interval '1 month'`]),
    ...(after === undefined
      ? []
      : [`(${day}, r.resource_id) < (${values.put(after.day)}::date, ${values.put(after.resourceId)})`]),
    ...(containing === undefined
      ? []
      : [`position(${values.put(containing.toLowerCase())} in lower(r.content)) > 0`]),
  ];
  const { rows } = await db.query({
    text: `select r.patient_id as "patientId", r.resource_type as "resourceType", r.resource_id as "resourceId", r.version, r.deleted,
                  r.last_updated as "lastUpdated", r.entry_id as "entryId", r.content, ${day} as day
             from resource r where ${tests.join(' and ')} order by ${day} desc, r.resource_id desc limit ${values.put(limit)}`,
    values: values.list,
  });
  return rows as TimelineRow[];
}

function rowsOf({ scope, patientIds, parts, condition, at }: TimelineAsked): {
  sql: SearchSql;
  where: string;
} {
  const sql = new SearchSql(scope);
  const { where } = sql.rowsOfAnyType('r', condition, patientIds);
  const among = `r.part = any(${sql.values.put(parts)}::smallint[]) and r.resource_type <> all(${sql.values.put(typesOfNoTime)}::text[])
    and not (r.resource_type = 'MedicationAdministration' and r.resource_id like '${tickPrefix}%')`;
  if (at === undefined) return { sql, where: `${where} and ${among}` };
  const isThere = (row: string): string =>
    `(${placeAfter.map((before) => `position(${sql.values.put(before + JSON.stringify(at))} in ${row}.content) > 0`).join(' or ')})`;
  // And all of a visit there, whatever it is.
  const visits = `select e.resource_id from resource e where e.patient_id = any(${sql.values.put(patientIds)}::text[])
    and e.resource_type = 'Encounter' and not e.deleted and ${isThere('e')}`;
  const ofVisit = `substring(r.content from '"reference":"Encounter/([A-Za-z0-9.-]+)"') in (${visits})`;
  return { sql, where: `${where} and ${among} and (${isThere('r')} or ${ofVisit})` };
}
