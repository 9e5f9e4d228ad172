// Group commit for looks: many requests wait for one insert, each answer leaves only when its entry is on disk.
// A notice that tells a person of a look goes in with its entry: neither exists without the other.
import { setImmediate as turnEnded } from 'node:timers/promises';
import { columnsOfEntries, entriesOf } from './entry-columns.ts';
import type { Queryable } from './queryable.ts';
import type { NewNotice } from './notices.ts';
import { noticeColumns } from './notices.ts';
import type { SealedEntry } from './sealed-entry.ts';

const text = `
with entry_in as (
  ${entriesOf(1, 8)}
), entered as (
  insert into entry (patient_id, entry_id, kind, recorded_at, statement, salt)
  select patient_id, entry_id, kind, to_timestamp(recorded_ms / 1000), statement, salt from entry_in
), pending as (
  insert into pending_leaf (entry_id, pseudonym, kind, time_seconds, commitment)
  select e.entry_id, p.pseudonym, e.kind, floor(e.recorded_ms / 1000)::bigint, e.commitment
    from entry_in e cross join lateral (
      select '\\x00000000000000000000000000000000'::bytea as pseudonym where e.patient_id = ''
      union all select pseudonym from person where patient_id = e.patient_id offset 0) p
  returning 1
), told as (
  insert into notice (patient_id, notice_id, kind, entry_id, detail, created_at)
  select patient_id, notice_id, kind, entry_id, detail, to_timestamp(created_ms / 1000)
    from unnest($10::text[], $11::uuid[], $12::text[], $13::uuid[], $14::jsonb[], $15::float8[])
      as n(patient_id, notice_id, kind, entry_id, detail, created_ms)
)
select refuse_unless_equal((select count(*) from pending), (select count(*) from entry_in))`;

export interface EntryQueue {
  /** Resolves when the entry and its notices are durable; rejects when they could not be stored: then the answer must not leave. */
  store(entry: SealedEntry, notices?: readonly NewNotice[]): Promise<void>;
}

/** The queue is full: the database is slower than what is asked of it. */
export class EntryQueueFullError extends Error {
  readonly code = 'database-unavailable';
  constructor() {
    super('too many looks wait to be stored');
    this.name = 'EntryQueueFullError';
  }
}

interface Waiting {
  entry: SealedEntry;
  notices: readonly NewNotice[];
  done: () => void;
  failed: (error: unknown) => void;
}

/** One insert in flight at a time; whatever arrives meanwhile goes into the next. At most `batchLimit` entries an insert. */
export function createEntryQueue(db: Queryable, limits = { batch: 500, waiting: 20_000 }): EntryQueue {
  let waiting: Waiting[] = [];
  let busy = false;

  async function insert(batch: readonly Waiting[]): Promise<void> {
    await db.query({
      name: 'store-entries',
      text,
      values: [
        ...columnsOfEntries(batch.map((w) => w.entry)),
        ...noticeColumns(batch.flatMap((w) => w.notices)),
      ],
    });
  }

  async function drain(): Promise<void> {
    busy = true;
    while (waiting.length > 0) {
      // What arrived in the same turn goes along.
      await turnEnded();
      const batch = waiting.splice(0, limits.batch);
      try {
        await insert(batch);
        for (const w of batch) w.done();
      } catch (error) {
        if (batch.length === 1) {
          batch[0]?.failed(error);
          continue;
        }
        // One bad entry must not fail its neighbours: after a failed group each is tried alone.
        for (const w of batch) await insert([w]).then(w.done, w.failed);
      }
    }
    busy = false;
  }

  return {
    store(entry, notices = []) {
      if (waiting.length >= limits.waiting) return Promise.reject(new EntryQueueFullError());
      return new Promise<void>((done, failed) => {
        waiting.push({ entry, notices, done, failed });
        if (!busy) void drain();
      });
    },
  };
}
