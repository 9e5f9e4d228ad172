// Finds people who might be the one described, over all records, by the coarse keys that the database keeps of each. Judges nothing.
import type { Queryable } from './queryable.ts';
import type { StoredVersion } from './resource-store.ts';

/** Keys that are worth a look when nothing better is known: a single word of a name is shared by many. */
const common = 'w:';

/**
 * Patients that share a key with the one described (`patient` is its JSON text) or were born on one of `birthDates`; those that share
 * most come first, at most `limit`.
 */
export async function findMatchCandidates(
  db: Queryable,
  patient: string,
  birthDates: readonly string[],
  limit: number,
): Promise<StoredVersion[]> {
  const keys = await db.query({
    name: 'match-keys',
    text: 'select key from match_keys($1::jsonb) key',
    values: [patient],
  });
  const all = (keys.rows as { key: string }[]).map(({ key }) => key);
  const telling = all.filter((key) => !key.startsWith(common));
  const asked = [...(telling.length > 0 ? telling : all), ...birthDates.map((date) => `d:${date}`)];
  const { rows } = await db.query({
    name: 'find-match-candidates',
    text: `with shared as materialized (
             select patient_id, count(*) as keys from match_key where key = any($1::text[])
              group by patient_id order by keys desc, patient_id limit $2
           )
           select r.patient_id as "patientId", r.resource_type as "resourceType", r.resource_id as "resourceId", r.version, r.deleted,
                  r.last_updated as "lastUpdated", r.entry_id as "entryId", r.content
             from shared s join resource r
               on r.patient_id = s.patient_id and r.resource_type = 'Patient' and r.resource_id = s.patient_id and not r.deleted
            order by s.keys desc, r.resource_id`,
    values: [[...new Set(asked)], limit],
  });
  return rows as StoredVersion[];
}
