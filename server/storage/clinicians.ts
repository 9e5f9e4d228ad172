// Clinicians with a licence that is valid today, as anybody who looks for their doctor may find them.
import type { MemberRole } from './members.ts';
import { atWork } from './members.ts';
import type { Queryable } from './queryable.ts';

export interface FoundClinician {
  accountId: string;
  patientId: string;
  /** `name` of their Patient resource. */
  name: unknown;
  role: MemberRole;
  organizationId: string;
  organization: string | null;
  /** Town of the organisation. */
  place: string | null;
  licenceUntil: string;
}

/** Whose name, organisation or its place has all these words, at most `limit`. */
export async function findClinicians(
  db: Queryable,
  words: readonly string[],
  nowMs: number,
  limit: number,
): Promise<FoundClinician[]> {
  const { rows } = await db.query({
    name: 'find-clinicians',
    text: `select m.account_id as "accountId", a.patient_id as "patientId", r.content::json -> 'name' as name, m.role,
             m.organization_id as "organizationId", o.content::json ->> 'name' as organization, m.licence_until::text as "licenceUntil",
             case json_typeof(o.content::json -> 'address') when 'array' then o.content::json -> 'address' -> 0 ->> 'city' end as place
             from organization_member m join account a on a.account_id = m.account_id and a.disabled_at is null
             join resource r on r.patient_id = a.patient_id and r.resource_type = 'Patient' and r.resource_id = a.patient_id and not r.deleted
             left join resource o on o.patient_id = '' and o.resource_type = 'Organization' and o.resource_id = m.organization_id and not o.deleted
            where ${atWork('m')} and m.role in ('doctor', 'nurse')
              and m.licence_until >= (to_timestamp($2::float8 / 1000) at time zone 'UTC')::date
              and not exists (select 1 from unnest($1::text[]) as word
                where position(word in lower((r.content::json -> 'name')::text || ' ' || coalesce(o.content::json ->> 'name', '') || ' '
                  || coalesce(case json_typeof(o.content::json -> 'address') when 'array' then
                    (select string_agg(concat_ws(' ', x ->> 'city', x ->> 'district', x ->> 'state', x ->> 'postalCode'), ' ')
                       from json_array_elements(o.content::json -> 'address') x) end, ''))) = 0)
            order by m.started_at, m.member_id limit $3`,
    values: [words.map((word) => word.toLowerCase()), nowMs, limit],
  });
  return rows as FoundClinician[];
}
