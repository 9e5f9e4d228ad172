// Events that came with a write, taken away in the order they happened, exactly once, by whichever process is first.
import type { Queryable } from './queryable.ts';

export interface StoredEvent {
  eventId: number;
  topic: string;
  patientId: string;
  entryId: string;
  payload: Record<string, unknown>;
  createdAt: Date;
}

/** One process at a time, until its transaction ends: what follows from events then stands in their order. */
export async function lockOutbox(client: Queryable): Promise<void> {
  await client.query({
    name: 'lock-outbox',
    text: `select pg_advisory_xact_lock(hashtextextended('outbox', 0))`,
  });
}

/** Only inside the transaction in which the events are acted on: a crash puts them back. */
export async function takeEvents(client: Queryable, limit: number): Promise<StoredEvent[]> {
  const { rows } = await client.query({
    name: 'take-events',
    text: `delete from outbox where event_id in (select event_id from outbox order by event_id limit $1 for update skip locked)
           returning event_id as "eventId", topic, patient_id as "patientId", entry_id as "entryId", payload, created_at as "createdAt"`,
    values: [limit],
  });
  return (rows as StoredEvent[]).sort((a, b) => a.eventId - b.eventId);
}

/** Counts additions by others into one unread notice a person, so that an import is one notice and not two thousand. */
export async function noteRecordAdded(
  client: Queryable,
  added: readonly { patientId: string; noticeId: string; entryId: string; count: number }[],
  nowMs: number,
): Promise<void> {
  await client.query({
    name: 'note-record-added',
    text: `with added as (
             select * from unnest($1::text[], $2::uuid[], $3::uuid[], $4::int[]) as t(patient_id, notice_id, entry_id, count)
           ), counted as (
             update notice n set detail = jsonb_build_object('count', (n.detail->>'count')::int + a.count), entry_id = a.entry_id
               from added a where n.patient_id = a.patient_id and n.kind = 'record-added' and n.read_at is null
             returning n.patient_id
           )
           insert into notice (patient_id, notice_id, kind, entry_id, detail, created_at)
           select patient_id, notice_id, 'record-added', entry_id, jsonb_build_object('count', count), to_timestamp($5::float8 / 1000)
             from added where patient_id not in (select patient_id from counted)`,
    values: [
      added.map((a) => a.patientId),
      added.map((a) => a.noticeId),
      added.map((a) => a.entryId),
      added.map((a) => a.count),
      nowMs,
    ],
  });
}
