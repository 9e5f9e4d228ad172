// Handover notes that are recent enough to stand at the top of a record.
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
  },
): Promise<void> {
  await client.query({
    name: 'insert-handover',
    text: `insert into handover (patient_id, handover_id, communication_id, verified, left_at, until)
           values ($1, $2, $3, $4, to_timestamp($5::float8 / 1000), to_timestamp($6::float8 / 1000))`,
    values: [one.patientId, one.handoverId, one.communicationId, one.verified, one.leftAtMs, one.untilMs],
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
