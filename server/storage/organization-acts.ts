// Where the acts of administrators stand in the log, by organisation. What each was is said by its entry, which is read here too.
import type { Queryable } from './queryable.ts';

export interface OrganizationAct {
  organizationId: string | null;
  organizationName: string | null;
  entryId: string;
  recordedAt: Date;
  /** Empty once it was erased. */
  statement: string;
}

/** In the transaction that stores the entry. */
export async function insertOrganizationAct(
  client: Queryable,
  act: { organizationId: string; entryId: string; chain: string },
): Promise<void> {
  await client.query({
    name: 'insert-organization-act',
    text: `insert into organization_act (organization_id, entry_id, chain) values ($1, $2, $3)`,
    values: [act.organizationId, act.entryId, act.chain],
  });
}

const columns = `e.entry_id as "entryId", e.recorded_at as "recordedAt", e.statement`;
const named = `left join resource o on o.patient_id = '' and o.resource_type = 'Organization' and o.resource_id = a.organization_id and not o.deleted`;

/** Newest first, before `beforeEntryId`; of these organisations, or of all with the acts of the operator's administrators. */
export async function listOrganizationActs(
  db: Queryable,
  of: readonly string[] | 'all',
  limit: number,
  beforeEntryId = 'ffffffff-ffff-ffff-ffff-ffffffffffff',
): Promise<OrganizationAct[]> {
  const { rows } = await db.query(
    of === 'all'
      ? {
          name: 'list-all-organization-acts',
          // Canonical text: a quotation mark inside a name is escaped, so nothing else reads like this.
          text: `with acts as (
                   select organization_id, entry_id, chain from organization_act where entry_id < $2
                   union all
                   select null, e.entry_id, '' from entry e where e.patient_id = '' and e.kind = 6 and e.entry_id < $2
                      and e.statement like '%"basis":"administrator"%'
                      and not exists (select from organization_act k where k.entry_id = e.entry_id)
                   order by entry_id desc limit $1)
                 select a.organization_id as "organizationId", o.content::json ->> 'name' as "organizationName", ${columns}
                   from acts a join entry e on e.patient_id = a.chain and e.entry_id = a.entry_id ${named} order by e.entry_id desc`,
          values: [limit, beforeEntryId],
        }
      : {
          name: 'list-organization-acts',
          text: `with acts as (
                   select organization_id, entry_id, chain from organization_act where organization_id = any($3::text[]) and entry_id < $2
                    order by entry_id desc limit $1)
                 select a.organization_id as "organizationId", o.content::json ->> 'name' as "organizationName", ${columns}
                   from acts a join entry e on e.patient_id = a.chain and e.entry_id = a.entry_id ${named} order by e.entry_id desc`,
          values: [limit, beforeEntryId, of],
        },
  );
  return rows as OrganizationAct[];
}
