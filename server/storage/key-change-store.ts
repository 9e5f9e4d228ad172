// Changes of the log's key as they are published: the note that both keys signed, and the entry that stands for it in the log.
import type { Queryable } from './queryable.ts';
import type { SealedEntry } from './sealed-entry.ts';
import { columnsOfEntries, entriesOf } from './entry-columns.ts';

export interface KeyChangeRow {
  position: number;
  note: string;
  /** Of the system's own chain. */
  entry: SealedEntry;
}

export interface PublishedKeyChange {
  note: string;
  entryId: string;
  statement: string;
  salt: Buffer;
  leafIndex: number | null;
}

export async function countKeyChanges(db: Queryable): Promise<number> {
  const { rows } = await db.query({
    name: 'count-key-changes',
    text: 'select count(*)::integer as count from log_key_change',
  });
  return (rows[0] as { count: number }).count;
}

/** The change, its entry and its waiting leaf in one statement; nothing when it is there already. */
export async function storeKeyChange(db: Queryable, { position, note, entry }: KeyChangeRow): Promise<void> {
  await db.query({
    name: 'store-key-change',
    text: `with entry_in as (
             select * from (${entriesOf(3, 10)}) e
              where not exists (select 1 from log_key_change where position = $1)
           ), changed as (
             insert into log_key_change (position, note, entry_id) select $1, $2, entry_id from entry_in
           ), entered as (
             insert into entry (patient_id, entry_id, kind, recorded_at, statement, salt)
             select patient_id, entry_id, kind, to_timestamp(recorded_ms / 1000), statement, salt from entry_in
           )
           insert into pending_leaf (entry_id, pseudonym, kind, time_seconds, commitment)
           select entry_id, '\\x00000000000000000000000000000000'::bytea, kind, floor(recorded_ms / 1000)::bigint, commitment
             from entry_in`,
    values: [position, note, ...columnsOfEntries([entry])],
  });
}

/** Oldest first. */
export async function listKeyChanges(db: Queryable): Promise<PublishedKeyChange[]> {
  const { rows } = await db.query({
    name: 'list-key-changes',
    text: `select c.note, c.entry_id as "entryId", e.statement, e.salt, l.leaf_index as "leafIndex"
             from log_key_change c join entry e on e.patient_id = '' and e.entry_id = c.entry_id
             left join log_leaf l on l.entry_id = c.entry_id order by c.position`,
  });
  return rows as PublishedKeyChange[];
}
