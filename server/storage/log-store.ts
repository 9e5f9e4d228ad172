// The log's tables: leaves that wait, leaves in order, hash tiles, the head, signed checkpoints.
import type { Tile } from '../../core/ledger/tile-paths.ts';
import type { Queryable } from './queryable.ts';

export interface PendingLeaf {
  /** 16 bytes. */
  entryId: Buffer;
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

// Any number but that of the migrations: the sequencer holds its lock as long as its connection lives.
const sequencerLock = 0x6c6f_6731;

/** Whether this connection is now the sequencer's, among all on this database. */
export async function trySequencerLock(client: Queryable): Promise<boolean> {
  const { rows } = await client.query({
    name: 'try-sequencer-lock',
    text: 'select pg_try_advisory_lock($1) as held',
    values: [sequencerLock],
  });
  return (rows[0] as { held: boolean }).held;
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

const pendingBytes = 74;

/** Where the search for waiting leaves goes on: past what was taken away before, so that a long queue is not walked again and again. */
export type QueuePlace = string;
export const queueStart: QueuePlace = '(0,0)';

/**
 * Takes up to `limit` waiting leaves away, in the order of their entries. Only inside the transaction that puts them into the log.
 * They come as one value: rows of thousands of leaves would be taken apart field by field.
 */
export async function takePending(
  client: Queryable,
  limit: number,
  after: QueuePlace = queueStart,
): Promise<{ leaves: PendingLeaf[]; place: QueuePlace }> {
  const { rows } = await client.query({
    name: 'take-pending',
    text: `with taken as (
             delete from pending_leaf
              where ctid = any (array(select ctid from pending_leaf where ctid > $2::tid limit $1))
             returning ctid, entry_id, pseudonym, kind, time_seconds, commitment
           )
           select string_agg(uuid_send(entry_id) || pseudonym || int2send(kind) || int8send(time_seconds) || commitment,
                             ''::bytea order by entry_id) as leaves,
                  max(ctid)::text as place
             from taken`,
    values: [limit, after],
  });
  const [row] = rows as { leaves: Buffer | null; place: string | null }[];
  const bytes = row?.leaves ?? Buffer.alloc(0);
  const leaves: PendingLeaf[] = [];
  for (let at = 0; at < bytes.length; at += pendingBytes) {
    leaves.push({
      entryId: bytes.subarray(at, at + 16),
      pseudonym: bytes.subarray(at + 16, at + 32),
      kind: bytes.readInt16BE(at + 32),
      timeSeconds: Number(bytes.readBigInt64BE(at + 34)),
      commitment: bytes.subarray(at + 42, at + pendingBytes),
    });
  }
  return { leaves, place: row?.place ?? queueStart };
}

const chainBytes = 56;

export async function findChainHeads(client: Queryable, pseudonyms: readonly Buffer[]): Promise<ChainHead[]> {
  const { rows } = await client.query({
    name: 'find-chain-heads',
    text: `select string_agg(pseudonym || int8send(seq) || head, ''::bytea) as heads from log_chain
            where pseudonym = any (array(select substring($1::bytea from i * 16 + 1 for 16) from generate_series(0, $2::int - 1) i))`,
    values: [Buffer.concat(pseudonyms), pseudonyms.length],
  });
  const bytes = (rows[0] as { heads: Buffer | null }).heads ?? Buffer.alloc(0);
  const heads: ChainHead[] = [];
  for (let at = 0; at < bytes.length; at += chainBytes) {
    heads.push({
      pseudonym: bytes.subarray(at, at + 16),
      seq: Number(bytes.readBigInt64BE(at + 16)),
      head: bytes.subarray(at + 24, at + chainBytes),
    });
  }
  return heads;
}

/** Leaves of `firstIndex` on, each of 98 bytes, its pseudonym and number being those that it holds; and the ends of their chains. */
export async function storeLeaves(
  client: Queryable,
  firstIndex: number,
  leaves: readonly { entryId: Buffer; leaf: Uint8Array }[],
  heads: readonly ChainHead[],
): Promise<void> {
  const seqs = Buffer.alloc(heads.length * 8);
  for (const [at, { seq }] of heads.entries()) seqs.writeBigInt64BE(BigInt(seq), at * 8);
  await client.query({
    name: 'store-leaves',
    text: `with chain as (
             insert into log_chain (pseudonym, seq, head)
             select substring($5::bytea from i * 16 + 1 for 16), ${bigEndian('substring($6::bytea from i * 8 + 1 for 8)')},
                    substring($7::bytea from i * 32 + 1 for 32)
               from generate_series(0, octet_length($5::bytea) / 16 - 1) i
             on conflict (pseudonym) do update set seq = excluded.seq, head = excluded.head
           ), one as materialized (
             select i, encode(substring($3::bytea from i * 16 + 1 for 16), 'hex')::uuid as entry_id,
                    substring($4::bytea from i * 98 + 1 for 98) as leaf
               from generate_series(0, $2::int - 1) i
           )
           insert into log_leaf (leaf_index, entry_id, pseudonym, seq, leaf)
           select $1::bigint + i, entry_id, substring(leaf from 11 for 16), ${bigEndian('substring(leaf from 27 for 8)')}, leaf
             from one`,
    values: [
      firstIndex,
      leaves.length,
      Buffer.concat(leaves.map((l) => l.entryId)),
      Buffer.concat(leaves.map((l) => l.leaf)),
      Buffer.concat(heads.map((h) => h.pseudonym)),
      seqs,
      Buffer.concat(heads.map((h) => h.head)),
    ],
  });
}

function bigEndian(bytes: string): string {
  return `('x' || encode(${bytes}, 'hex'))::bit(64)::bigint`;
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

/** Of each of these tiles its first `width` hashes, in one question; a tile that holds fewer is left out. */
export async function findTiles(
  db: Queryable,
  tiles: readonly Tile[],
): Promise<{ level: number; index: number; hashes: Buffer }[]> {
  const { rows } = await db.query({
    name: 'find-tiles',
    // Each by the key, whatever the planner believes of a log that grows.
    text: `select t.* from unnest($1::smallint[], $2::bigint[], $3::integer[]) as w(level, tile_index, width)
            cross join lateral (select level, tile_index as index, substring(hashes for w.width * 32) as hashes from log_tile
              where level = w.level and tile_index = w.tile_index and octet_length(hashes) >= w.width * 32 offset 0) t`,
    values: [
      tiles.map(({ level }) => level),
      tiles.map(({ index }) => index),
      tiles.map(({ width }) => width),
    ],
  });
  return rows as { level: number; index: number; hashes: Buffer }[];
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
  /** With the cosignatures that there are. */
  note: string;
  signedAt: Date;
}

const withCosignatures = `note || coalesce((select string_agg(c.line, '' order by c.witness)
  from log_cosignature c where c.size = log_checkpoint.size), '') as note`;

export async function findLatestCheckpoint(db: Queryable): Promise<StoredCheckpoint | undefined> {
  const { rows } = await db.query({
    name: 'find-latest-checkpoint',
    text: `select size, root, ${withCosignatures}, signed_at as "signedAt" from log_checkpoint order by size desc limit 1`,
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
    text: `select size, root, ${withCosignatures}, signed_at as "signedAt" from log_checkpoint where size = $1`,
    values: [size],
  });
  return rows[0] as StoredCheckpoint | undefined;
}
