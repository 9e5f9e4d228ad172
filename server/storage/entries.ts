// Reads of the audit trail: a person's entries, newest first, with their place in the log.
import type { Queryable } from './queryable.ts';

export interface StoredEntry {
  entryId: string;
  kind: number;
  recordedAt: Date;
  /** Empty, and the salt null, once the entry was erased. */
  statement: string;
  salt: Buffer | null;
  /** The entry of the erasure that emptied this one. */
  erasedBy: string | null;
  /** Null while the leaf waits for the sequencer. */
  leafIndex: number | null;
  seq: number | null;
  leaf: Buffer | null;
}

const columns = `e.entry_id as "entryId", e.kind, e.recorded_at as "recordedAt", e.statement, e.salt, e.erased_by as "erasedBy",
  l.leaf_index as "leafIndex", l.seq, l.leaf`;
const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Newest first, before `beforeEntryId` when given; `kinds` empty means all. */
export async function listEntries(
  db: Queryable,
  patientId: string,
  limit: number,
  beforeEntryId: string = lastId,
  kinds: readonly number[] = [],
  byGuardians = false,
  withDesk = false,
): Promise<StoredEntry[]> {
  const { rows } = await db.query({
    name: 'list-entries',
    text: `select ${columns} from entry e left join log_leaf l using (entry_id)
            where e.patient_id = $1 and e.entry_id < $3 and (cardinality($4::smallint[]) = 0 or e.kind = any($4) or ($6 and e.kind = 5 and e.statement like '%"event":"desk-%'))
              and (not $5 or e.statement like '%"role":"guardian"%')
            order by e.entry_id desc limit $2`,
    // Canonical text: a quotation mark inside a name is escaped, so nothing else reads like this.
    values: [patientId, limit, beforeEntryId, kinds, byGuardians, withDesk],
  });
  return rows as StoredEntry[];
}

export async function findEntry(
  db: Queryable,
  patientId: string,
  entryId: string,
): Promise<StoredEntry | undefined> {
  const { rows } = await db.query({
    name: 'find-entry',
    text: `select ${columns} from entry e left join log_leaf l using (entry_id) where e.patient_id = $1 and e.entry_id = $2`,
    values: [patientId, entryId],
  });
  return rows[0] as StoredEntry | undefined;
}

/** Whose entry stands at a place of the log, and the entry. */
export async function findEntryOfLeaf(
  db: Queryable,
  leafIndex: number,
): Promise<(StoredEntry & { patientId: string }) | undefined> {
  const { rows } = await db.query({
    name: 'find-entry-of-leaf',
    text: `select p.patient_id as "patientId", ${columns} from log_leaf l join person p using (pseudonym)
             join entry e on e.patient_id = p.patient_id and e.entry_id = l.entry_id where l.leaf_index = $1`,
    values: [leafIndex],
  });
  return rows[0] as (StoredEntry & { patientId: string }) | undefined;
}

/** Of those of these entries that are the person's: the place in the log, null while the leaf waits. */
export async function findLeafIndexes(
  db: Queryable,
  patientId: string,
  entryIds: readonly string[],
): Promise<{ entryId: string; leafIndex: number | null }[]> {
  const { rows } = await db.query({
    name: 'find-leaf-indexes',
    text: `select e.entry_id as "entryId", l.leaf_index as "leafIndex" from unnest($2::uuid[]) asked(entry_id)
            join entry e on e.patient_id = $1 and e.entry_id = asked.entry_id left join log_leaf l on l.entry_id = e.entry_id`,
    values: [patientId, entryIds],
  });
  return rows as { entryId: string; leafIndex: number | null }[];
}

/** A person's sequenced entries in chain order, from `fromSeq` on. */
export async function listChain(
  db: Queryable,
  patientId: string,
  fromSeq: number,
  limit: number,
): Promise<StoredEntry[]> {
  const { rows } = await db.query({
    name: 'list-chain',
    text: `select ${columns} from person p join log_leaf l using (pseudonym) join entry e on e.patient_id = p.patient_id and e.entry_id = l.entry_id
            where p.patient_id = $1 and l.seq >= $2 order by l.seq limit $3`,
    values: [patientId, fromSeq, limit],
  });
  return rows as StoredEntry[];
}
