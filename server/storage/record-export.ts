// Reads for a record that leaves as a file: the chain as the log has it, entry and version rows as they stand, files, and what fits nowhere.
// Rows that do not fit together are handed out as they are: whoever checks the file must see them.
import type { Queryable } from './queryable.ts';

export interface ExportedEntry {
  leafIndex: number;
  entryId: string;
  seq: number;
  leaf: Buffer;
  /** Null where the log has a leaf and the table no entry. */
  kind: number | null;
  recordedAt: Date | null;
  statement: string | null;
  salt: Buffer | null;
  erasedBy: string | null;
}

export interface ExportedVersion {
  entryId: string;
  resourceType: string;
  resourceId: string;
  version: number;
  deleted: boolean;
  lastUpdated: Date;
  current: boolean;
  content: string;
}

/** A chain's leaves in order from `fromSeq`, below `treeSize`, each with its entry. */
export async function listChainPage(
  db: Queryable,
  page: { patientId: string; pseudonym: Uint8Array; fromSeq: number; treeSize: number; limit: number },
): Promise<ExportedEntry[]> {
  const { rows } = await db.query({
    name: 'list-chain-page',
    text: `select l.leaf_index as "leafIndex", l.entry_id as "entryId", l.seq, l.leaf, e.kind, e.recorded_at as "recordedAt",
                  nullif(e.statement, '') as statement, e.salt, e.erased_by as "erasedBy"
             from log_leaf l left join entry e on e.patient_id = $1 and e.entry_id = l.entry_id
            where l.pseudonym = $2 and l.seq >= $3 and l.leaf_index < $4 order by l.seq limit $5`,
    values: [page.patientId, Buffer.from(page.pseudonym), page.fromSeq, page.treeSize, page.limit],
  });
  return rows as ExportedEntry[];
}

const versionColumns = `entry_id as "entryId", resource_type as "resourceType", resource_id as "resourceId", version, deleted,
  last_updated as "lastUpdated", content`;

/** The versions that these entries wrote, current and former. */
export async function listVersionsOfEntries(
  db: Queryable,
  patientId: string,
  entryIds: readonly string[],
): Promise<ExportedVersion[]> {
  const { rows } = await db.query({
    name: 'list-versions-of-entries',
    text: `select ${versionColumns}, true as current from resource where patient_id = $1 and entry_id = any($2::uuid[])
           union all
           select ${versionColumns}, false as current from resource_history where patient_id = $1 and entry_id = any($2::uuid[])
           order by "resourceType", "resourceId", version`,
    values: [patientId, entryIds],
  });
  return rows as ExportedVersion[];
}

/** Versions that no entry of this person speaks for. At most `limit`: one is enough to know. */
export async function listStrayVersions(
  db: Queryable,
  patientId: string,
  limit: number,
): Promise<{ type: string; id: string; version: number }[]> {
  const { rows } = await db.query({
    name: 'list-stray-versions',
    text: `select resource_type as type, resource_id as id, version
             from (select patient_id, resource_type, resource_id, version, entry_id from resource where patient_id = $1
                   union all
                   select patient_id, resource_type, resource_id, version, entry_id from resource_history where patient_id = $1) v
            where not exists (select 1 from entry e where e.patient_id = $1 and e.entry_id = v.entry_id and e.kind = 1)
            order by 1, 2, 3 limit $2`,
    values: [patientId, limit],
  });
  return rows as { type: string; id: string; version: number }[];
}

/** Entries that the person's chain below `treeSize` does not hold; with `leafIndex` when the log has them in somebody else's. */
export async function listEntriesOutsideChain(
  db: Queryable,
  person: { patientId: string; pseudonym: Uint8Array; treeSize: number; limit: number },
): Promise<{ entryId: string; recordedAt: Date; leafIndex: number | null }[]> {
  const { rows } = await db.query({
    name: 'list-entries-outside-chain',
    text: `select e.entry_id as "entryId", e.recorded_at as "recordedAt",
                  case when l.leaf_index < $3 then l.leaf_index end as "leafIndex"
             from entry e left join log_leaf l using (entry_id)
            where e.patient_id = $1 and (l.leaf_index is null or l.leaf_index >= $3 or l.pseudonym <> $2)
            order by e.entry_id limit $4`,
    values: [person.patientId, Buffer.from(person.pseudonym), person.treeSize, person.limit],
  });
  return rows as { entryId: string; recordedAt: Date; leafIndex: number | null }[];
}

export async function findChainEnd(
  db: Queryable,
  pseudonym: Uint8Array,
): Promise<{ seq: number; head: Buffer } | undefined> {
  const { rows } = await db.query({
    name: 'find-chain-end',
    text: 'select seq, head from log_chain where pseudonym = $1',
    values: [Buffer.from(pseudonym)],
  });
  return rows[0] as { seq: number; head: Buffer } | undefined;
}
