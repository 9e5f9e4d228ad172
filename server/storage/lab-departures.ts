// Orders that went elsewhere, as the laboratories that had them in their lists are told for some days. Knows when, and no more of an order
// than the number that stands on it.
import type { Queryable } from './queryable.ts';

export interface Departure {
  orderId: string;
  /** Canonical text of the ServiceRequest: its number is read from it, and nothing else. */
  content: string;
  /** When it had come into the list. */
  cameAt: Date;
  leftAt: Date;
}

/** In the transaction that sends it, before it is written: from whom it goes, and that whoever gets it has it (again). */
export async function saveDepartures(
  client: Queryable,
  { patientId, orderId }: { readonly patientId: string; readonly orderId: string },
  from: readonly string[],
  to: string,
  nowMs: number,
): Promise<void> {
  await client.query({
    name: 'forget-lab-departure',
    text: 'delete from lab_departure where patient_id = $1 and order_id = $2 and organization_id = $3',
    values: [patientId, orderId, to],
  });
  await client.query({
    name: 'save-lab-departures',
    text: `insert into lab_departure (patient_id, order_id, organization_id, came_at, left_at)
           select r.patient_id, r.resource_id, gone.id, coalesce(o.accepted_at, r.last_updated), to_timestamp($4::float8 / 1000)
             from resource r cross join (select distinct id from unnest($3::text[]) id) gone
             left join lab_order o on o.patient_id = r.patient_id and o.order_id = r.resource_id and o.organization_id = gone.id
            where r.patient_id = $1 and r.resource_type = 'ServiceRequest' and r.resource_id = $2
           on conflict (patient_id, order_id, organization_id) do update set came_at = excluded.came_at, left_at = excluded.left_at`,
    values: [patientId, orderId, from, nowMs],
  });
}

/** What left these laboratories since then and stands somewhere; the newest first. */
export async function listDepartures(
  db: Queryable,
  organizationIds: readonly string[],
  sinceMs: number,
  limit: number,
): Promise<Departure[]> {
  const { rows } = await db.query({
    name: 'list-lab-departures',
    text: `select d.order_id as "orderId", r.content, d.came_at as "cameAt", d.left_at as "leftAt"
             from lab_departure d
             join resource r on r.patient_id = d.patient_id and r.resource_type = 'ServiceRequest' and r.resource_id = d.order_id and not r.deleted
            where d.organization_id = any($1::text[]) and d.left_at >= to_timestamp($2::float8 / 1000)
            order by d.left_at desc, d.order_id limit $3`,
    values: [organizationIds, sinceMs, limit],
  });
  return rows as Departure[];
}

/** What nobody is told of any more. */
export async function dropDepartures(db: Queryable, beforeMs: number, limit: number): Promise<number> {
  const { rowCount } = await db.query({
    name: 'drop-lab-departures',
    text: `delete from lab_departure where ctid in (
             select ctid from lab_departure where left_at < to_timestamp($1::float8 / 1000) order by left_at limit $2)`,
    values: [beforeMs, limit],
  });
  return rowCount ?? 0;
}
