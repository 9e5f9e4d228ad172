// The log's tables: leaves that wait, leaves in order, hash tiles, the head, signed checkpoints.
import type { Tile } from '../../core/ledger/tile-paths.ts';
import type { Queryable } from './queryable.ts';

export interface PendingLeaf {
  entryId: string;
  pseudonym: Buffer;
  kind: number;
  timeSeconds: number;
  commitment: Buffer;
}

export interface SequencedLeaf {
  leafIndex: number;
  entryId: string;
  pseudonym: Buffer;
  seq: number;
  leaf: Buffer;
}

export interface ChainHead {
  pseudonym: Buffer;
  seq: number;
  head: Buffer;
}

export interface LogHead {
  size: number;
  root: Buffer;
}

export async function oldestPendingSeconds(db: Queryable): Promise<number> {
  const { rows } = await db.query({
    name: 'oldest-pending',
    text: `select coalesce(extract(epoch from now()) - min(time_seconds), 0)::float8 as age from pending_leaf`,
  });
  return (rows[0] as { age: number }).age;
}

/** Whether leaves wait, or stand in the log without a signed checkpoint over them. */
export async function isBehind(db: Queryable): Promise<boolean> {
  const { rows } = await db.query({
    name: 'is-behind',
    text: `select exists (select 1 from pending_leaf)
               or coalesce((select size from log_head), 0) > coalesce((select max(size) from log_checkpoint), 0) as behind`,
  });
  return (rows[0] as { behind: boolean }).behind;
}

/** Takes up to `limit` waiting leaves away, oldest entry first. Only inside the transaction that puts them into the log. */
export async function takePending(client: Queryable, limit: number): Promise<PendingLeaf[]> {
  const { rows } = await client.query({
    name: 'take-pending',
    text: `delete from pending_leaf where ctid = any (array(select ctid from pending_leaf limit $1))
           returning entry_id as "entryId", pseudonym, kind, time_seconds as "timeSeconds", commitment`,
    values: [limit],
  });
  return (rows as PendingLeaf[]).sort((a, b) => (a.entryId < b.entryId ? -1 : 1));
}

export async function findChainHeads(client: Queryable, pseudonyms: readonly Buffer[]): Promise<ChainHead[]> {
  const { rows } = await client.query({
    name: 'find-chain-heads',
    text: 'select pseudonym, seq, head from log_chain where pseudonym = any($1::bytea[])',
    values: [pseudonyms],
  });
  return rows as ChainHead[];
}

export async function storeLeaves(
  client: Queryable,
  leaves: readonly SequencedLeaf[],
  heads: readonly ChainHead[],
): Promise<void> {
  await client.query({
    name: 'store-leaves',
    text: `with chain as (
             insert into log_chain (pseudonym, seq, head) select * from unnest($6::bytea[], $7::bigint[], $8::bytea[])
             on conflict (pseudonym) do update set seq = excluded.seq, head = excluded.head
           )
           insert into log_leaf (leaf_index, entry_id, pseudonym, seq, leaf)
           select * from unnest($1::bigint[], $2::uuid[], $3::bytea[], $4::bigint[], $5::bytea[])`,
    values: [
      leaves.map((l) => l.leafIndex),
      leaves.map((l) => l.entryId),
      leaves.map((l) => l.pseudonym),
      leaves.map((l) => l.seq),
      leaves.map((l) => l.leaf),
      heads.map((h) => h.pseudonym),
      heads.map((h) => h.seq),
      heads.map((h) => h.head),
    ],
  });
}

export async function storeTiles(
  client: Queryable,
  tiles: readonly { tile: Tile; bytes: Uint8Array }[],
): Promise<void> {
  await client.query({
    name: 'store-tiles',
    text: `insert into log_tile (level, tile_index, hashes) select * from unnest($1::smallint[], $2::bigint[], $3::bytea[])
           on conflict (level, tile_index) do update set hashes = excluded.hashes`,
    values: [
      tiles.map((t) => t.tile.level),
      tiles.map((t) => t.tile.index),
      tiles.map((t) => Buffer.from(t.bytes)),
    ],
  });
}

/** The first `width` hashes of a tile; undefined when it holds fewer. */
export async function findTile(
  db: Queryable,
  level: number,
  index: number,
  width: number,
): Promise<Buffer | undefined> {
  const { rows } = await db.query({
    name: 'find-tile',
    text: `select substring(hashes for $3 * 32) as hashes from log_tile
            where level = $1 and tile_index = $2 and octet_length(hashes) >= $3 * 32`,
    values: [level, index, width],
  });
  return (rows[0] as { hashes: Buffer } | undefined)?.hashes;
}

/** Leaves from `from` on, in order, at most `count`. */
export async function listLeaves(db: Queryable, from: number, count: number): Promise<SequencedLeaf[]> {
  const { rows } = await db.query({
    name: 'list-leaves',
    text: `select leaf_index as "leafIndex", entry_id as "entryId", pseudonym, seq, leaf from log_leaf
            where leaf_index >= $1 and leaf_index < $1 + $2 order by leaf_index`,
    values: [from, count],
  });
  return rows as SequencedLeaf[];
}

export async function findLeafOfEntry(db: Queryable, entryId: string): Promise<SequencedLeaf | undefined> {
  const { rows } = await db.query({
    name: 'find-leaf-of-entry',
    text: `select leaf_index as "leafIndex", entry_id as "entryId", pseudonym, seq, leaf from log_leaf where entry_id = $1`,
    values: [entryId],
  });
  return rows[0] as SequencedLeaf | undefined;
}

export async function findHead(db: Queryable): Promise<LogHead | undefined> {
  const { rows } = await db.query({ name: 'find-log-head', text: 'select size, root from log_head' });
  return rows[0] as LogHead | undefined;
}

/** Moves the head from exactly `fromSize`; false when somebody else moved it, and then the caller must roll back. */
export async function moveHead(
  client: Queryable,
  fromSize: number | undefined,
  head: LogHead,
): Promise<boolean> {
  const { rowCount } =
    fromSize === undefined
      ? await client.query({
          text: 'insert into log_head (size, root) values ($1, $2) on conflict do nothing',
          values: [head.size, head.root],
        })
      : await client.query({
          name: 'move-log-head',
          text: 'update log_head set size = $2, root = $3 where size = $1',
          values: [fromSize, head.size, head.root],
        });
  return rowCount === 1;
}

export interface StoredCheckpoint {
  size: number;
  root: Buffer;
  note: string;
  signedAt: Date;
}

export async function findLatestCheckpoint(db: Queryable): Promise<StoredCheckpoint | undefined> {
  const { rows } = await db.query({
    name: 'find-latest-checkpoint',
    text: `select size, root, note, signed_at as "signedAt" from log_checkpoint order by size desc limit 1`,
  });
  return rows[0] as StoredCheckpoint | undefined;
}

export async function storeCheckpoint(
  db: Queryable,
  checkpoint: { size: number; root: Uint8Array; note: string; signedAtMs: number },
): Promise<void> {
  await db.query({
    name: 'store-checkpoint',
    text: `insert into log_checkpoint (size, root, note, signed_at) values ($1, $2, $3, to_timestamp($4::float8 / 1000)) on conflict (size) do nothing`,
    values: [checkpoint.size, Buffer.from(checkpoint.root), checkpoint.note, checkpoint.signedAtMs],
  });
}

export async function findCheckpoint(db: Queryable, size: number): Promise<StoredCheckpoint | undefined> {
  const { rows } = await db.query({
    name: 'find-checkpoint',
    text: `select size, root, note, signed_at as "signedAt" from log_checkpoint where size = $1`,
    values: [size],
  });
  return rows[0] as StoredCheckpoint | undefined;
}
