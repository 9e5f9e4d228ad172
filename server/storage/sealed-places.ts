// Where sealed entries of a record came from, for those who may know that there are any: place and month, and nothing else of them.
import { firstSealedPart } from '../../core/access/categories.ts';
import type { Queryable } from './queryable.ts';

export interface SealedPlace {
  /** Name of the organisation that wrote it, or of the program; null: the person themself, or nobody knows. */
  place: string | null;
  /** YYYY-MM in which it came into the record. */
  month: string;
}

export const mostSealedPlaces = 200;

/** One line for each sealed entry, the newest first. @param author only those that this account wrote first */
export async function listSealedPlaces(
  db: Queryable,
  patientId: string,
  author?: string,
): Promise<SealedPlace[]> {
  const { rows } = await db.query({
    name: 'list-sealed-places',
    text: `with sealed as (
             select coalesce(h.entry_id, r.entry_id) as entry_id from resource r
               left join resource_history h on h.patient_id = r.patient_id and h.resource_type = r.resource_type
                and h.resource_id = r.resource_id and h.version = 1
              where r.patient_id = $1 and not r.deleted and r.part >= ${firstSealedPart}),
           told as (
             select e.recorded_at, e.entry_id, case when e.erased_by is null then e.statement::json end as said
               from sealed s join entry e on e.patient_id = $1 and e.entry_id = s.entry_id)
           select to_char(t.recorded_at at time zone 'UTC', 'YYYY-MM') as month,
                  coalesce(o.content::json ->> 'name', case when t.said -> 'who' ->> 'role' = 'client' then t.said -> 'who' ->> 'name' end) as place
             from told t
             left join authority a on a.patient_id = $1 and a.authority_id::text = t.said -> 'detail' ->> 'authority'
             left join resource o on o.patient_id = '' and o.resource_type = 'Organization' and not o.deleted
              and o.resource_id = coalesce(a.organization_id, case when t.said -> 'who' ->> 'reference' like 'Organization/%'
                then substr(t.said -> 'who' ->> 'reference', 14) end)
            where $2::text is null or t.said -> 'who' ->> 'account' = $2
            order by t.recorded_at desc, t.entry_id limit ${mostSealedPlaces}`,
    values: [patientId, author ?? null],
  });
  return rows as SealedPlace[];
}
