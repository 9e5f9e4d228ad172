// Somebody with the database and the log's own key in their hands, who knows the formats as well as we do: rewrites the log so that it
// is whole in itself. Must not know how the verifier finds out.
import { formatCheckpoint } from '../../core/ledger/checkpoint.ts';
import { decodeLeaf, encodeLeaf, firstPrev } from '../../core/ledger/leaf.ts';
import type { NoteSigner } from '../../core/ledger/note.ts';
import { signNote } from '../../core/ledger/note.ts';
import { appendLeafHashes, emptyRightEdge, rootOfRightEdge } from '../../core/ledger/right-edge.ts';
import { leafHash } from '../../core/ledger/tree.ts';
import type { LogKey } from '../../server/ledger/log-key.ts';
import { moveHead, storeCheckpoint, storeLeaves, storeTiles } from '../../server/storage/log-store.ts';
import type { TestServer } from './server.ts';

export interface LeafRow {
  readonly entryId: string;
  readonly leaf: Buffer;
}

const logTables = ['log_leaf', 'log_chain', 'log_tile', 'log_head', 'log_checkpoint'];

/** All leaves as they stand. */
export async function readLeaves({ pool }: TestServer): Promise<LeafRow[]> {
  const { rows } = await pool.query('select entry_id as "entryId", leaf from log_leaf order by leaf_index');
  return rows as LeafRow[];
}

/** Sets the log aside; the returned function puts it back as it was. */
export async function keepLog({ pool }: TestServer): Promise<() => Promise<void>> {
  for (const table of logTables) {
    await pool.query(`drop table if exists kept_${table}`);
    await pool.query(`create table kept_${table} as select * from ${table}`);
  }
  return async () => {
    for (const table of logTables) {
      await pool.query(`delete from ${table}`);
      await pool.query(`insert into ${table} select * from kept_${table}`);
    }
  };
}

/** Throws the log away and makes another of these leaves, hashed and signed by all the rules. `rechain` numbers and links them anew. */
export async function rewriteLog(
  { pool }: TestServer,
  leaves: readonly LeafRow[],
  key: NoteSigner & Pick<LogKey, 'origin'>,
  { rechain = false } = {},
): Promise<void> {
  for (const table of logTables) await pool.query(`delete from ${table}`);
  const ends = new Map<string, { seq: number; head: Buffer; pseudonym: Buffer }>();
  const rows = leaves.map(({ entryId, leaf }) => {
    const was = decodeLeaf(leaf);
    const pseudonym = Buffer.from(was.pseudonym);
    const name = pseudonym.toString('hex');
    const end = ends.get(name);
    const now = rechain ? { ...was, seq: (end?.seq ?? 0) + 1, prev: end?.head ?? firstPrev() } : was;
    const bytes = Buffer.from(encodeLeaf(now));
    ends.set(name, { seq: now.seq, head: Buffer.from(leafHash(bytes)), pseudonym });
    return { entryId, leaf: bytes };
  });
  const { edge, tiles } = appendLeafHashes(
    emptyRightEdge(),
    rows.map(({ leaf }) => leafHash(leaf)),
  );
  await pool.query('alter table log_leaf drop constraint if exists log_leaf_pseudonym_seq_key');
  await storeLeaves(
    pool,
    0,
    rows.map(({ entryId, leaf }) => ({ entryId: Buffer.from(entryId.replaceAll('-', ''), 'hex'), leaf })),
    [...ends.values()],
  );
  await storeTiles(pool, tiles);
  const root = Buffer.from(rootOfRightEdge(edge));
  await moveHead(pool, undefined, { size: edge.size, root });
  const text = formatCheckpoint({ origin: key.origin, size: edge.size, root, extensions: [] });
  await storeCheckpoint(pool, { size: edge.size, root, note: signNote(text, [key]), signedAtMs: Date.now() });
}
