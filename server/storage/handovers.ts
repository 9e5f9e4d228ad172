// Handover notes that are recent enough to stand at the top of a record.
import { atWork } from './members.ts';
import type { Queryable } from './queryable.ts';

export interface Handover {
  handoverId: string;
  communicationId: string;
  verified: boolean;
  leftAt: Date;
  until: Date;
  version: number;
  content: string;
}

export async function insertHandover(
  client: Queryable,
  one: Pick<Handover, 'handoverId' | 'communicationId' | 'verified'> & {
    patientId: string;
    leftAtMs: number;
    untilMs: number;
    /** Where they are being taken, where that was said. */
    organizationId?: string;
  },
): Promise<void> {
  await client.query({
    name: 'insert-handover',
    text: `insert into handover (patient_id, handover_id, communication_id, verified, left_at, until, organization_id)
           values ($1, $2, $3, $4, to_timestamp($5::float8 / 1000), to_timestamp($6::float8 / 1000), $7)`,
    values: [
      one.patientId,
      one.handoverId,
      one.communicationId,
      one.verified,
      one.leftAtMs,
      one.untilMs,
      one.organizationId ?? null,
    ],
  });
}

/** The newest first, at most 20; none that was removed from the record. */
export async function listRecentHandovers(
  db: Queryable,
  patientId: string,
  nowMs: number,
): Promise<Handover[]> {
  const { rows } = await db.query({
    name: 'list-recent-handovers',
    text: `select h.handover_id as "handoverId", h.communication_id as "communicationId", h.verified, h.left_at as "leftAt", h.until, r.version, r.content
             from handover h join resource r on r.patient_id = h.patient_id and r.resource_type = 'Communication'
              and r.resource_id = h.communication_id and not r.deleted
            where h.patient_id = $1 and h.until > to_timestamp($2::float8 / 1000) order by h.left_at desc, h.handover_id limit 20`,
    values: [patientId, nowMs],
  });
  return rows as Handover[];
}

export interface Receiving {
  id: string;
  name: string;
}

const receiving = `organization_member m
  join resource o on o.patient_id = '' and o.resource_type = 'Organization' and o.resource_id = m.organization_id and not o.deleted
  where m.role in ('doctor', 'nurse') and ${atWork('m')} and coalesce(o.content::json ->> 'name', '') <> ''`;

/** Organisations where somebody looks after people, by name; or the one of this id, if it is such. */
export async function listReceiving(
  db: Queryable,
  { id, limit }: { readonly id?: string; readonly limit: number },
): Promise<Receiving[]> {
  const { rows } = await db.query({
    name: 'list-receiving',
    text: `select m.organization_id as id, min(o.content::json ->> 'name') as name from ${receiving} and ($1::text is null or m.organization_id = $1)
            group by m.organization_id order by lower(min(o.content::json ->> 'name')), m.organization_id limit $2`,
    values: [id ?? null, limit],
  });
  return rows as Receiving[];
}

export interface Coming {
  handoverId: string;
  patientId: string;
  organizationId: string;
  organization: string | null;
  role: string;
  last4: string;
  verified: boolean;
  leftAt: Date;
}

/** Who is on the way to where this account is at work with people or at the desk: the newest first, at most 50, each once for each role. */
export async function listComing(db: Queryable, accountId: string, nowMs: number): Promise<Coming[]> {
  const { rows } = await db.query({
    name: 'list-coming',
    text: `select h.handover_id as "handoverId", h.patient_id as "patientId", h.organization_id as "organizationId",
                  o.content::json ->> 'name' as organization, m.role, right(p.uhid, 4) as last4, h.verified, h.left_at as "leftAt"
             from organization_member m
             join handover h on h.organization_id = m.organization_id and h.until > to_timestamp($2::float8 / 1000)
             join person p on p.patient_id = h.patient_id
             join resource r on r.patient_id = h.patient_id and r.resource_type = 'Communication' and r.resource_id = h.communication_id and not r.deleted
             left join resource o on o.patient_id = '' and o.resource_type = 'Organization' and o.resource_id = m.organization_id and not o.deleted
            where m.account_id = $1 and m.role in ('doctor', 'nurse', 'desk') and ${atWork('m')}
            order by h.left_at desc, h.handover_id, m.role limit 50`,
    values: [accountId, nowMs],
  });
  return rows as Coming[];
}
