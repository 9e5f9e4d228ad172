// Which organisation answers for an entry: whoever wrote the version that stands, as its own entry in the chain says. Decides nothing.
import type { Queryable } from './queryable.ts';

export interface KeptEntry {
  patientId: string;
  version: number;
  content: string;
  entryId: string;
  /** Canonical statement of the version; null when it was erased. */
  statement: string | null;
  /** Null: nobody of any organisation wrote it. */
  organizationId: string | null;
  organization: string | null;
}

/** Undefined where nothing stands. The Patient of somebody enrolled at a desk is the desk's until somebody has taken the record over. */
export async function findKept(db: Queryable, type: string, id: string): Promise<KeptEntry | undefined> {
  const { rows } = await db.query({
    name: 'find-kept-entry',
    text: `with standing as (
             select r.patient_id, r.version, r.content, r.entry_id, case when e.erased_by is null then e.statement::json end as said
               from resource r join entry e on e.patient_id = r.patient_id and e.entry_id = r.entry_id
              where r.resource_type = $1 and r.resource_id = $2 and not r.deleted and r.patient_id <> ''),
           kept as (
             select s.*, coalesce(
               (select a.organization_id from authority a where a.patient_id = s.patient_id and a.authority_id::text = s.said -> 'detail' ->> 'authority'),
               case when s.said -> 'who' ->> 'reference' like 'Organization/%' then substr(s.said -> 'who' ->> 'reference', 14) end,
               case when s.said -> 'who' ->> 'role' in ('professional', 'organization') then
                 (select m.organization_id from organization_member m where m.account_id::text = s.said -> 'who' ->> 'account' order by m.started_at limit 1) end,
               case when $1 = 'Patient' and not exists (select from account a where a.patient_id = s.patient_id) then
                 (select d.organization_id from desk_enrolment d where d.patient_id = s.patient_id) end) as organization_id
               from standing s)
           select k.patient_id as "patientId", k.version, k.content, k.entry_id as "entryId", k.said::text as statement,
                  k.organization_id as "organizationId", o.content::json ->> 'name' as organization
             from kept k left join resource o on o.patient_id = '' and o.resource_type = 'Organization' and o.resource_id = k.organization_id and not o.deleted`,
    values: [type, id],
  });
  return rows[0] as KeptEntry | undefined;
}
