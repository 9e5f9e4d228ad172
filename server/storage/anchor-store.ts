// Anchors: roots of the log on an Ethereum chain, and the signed transactions that carry them. One chain is its first block and the
// contract on it: what stands on another says nothing about this one.
import type { Queryable } from './queryable.ts';
import type { SealedEntry } from './sealed-entry.ts';

/** The contract of one chain. `genesis` tells two local chains of the same number apart. */
export interface AnchorPlace {
  chainId: number;
  genesis: Buffer;
  contract: Buffer;
}

export type AnchorState = 'pending' | 'sent' | 'anchored' | 'superseded';

export interface StoredAnchor extends AnchorPlace {
  anchorId: number;
  size: number;
  root: Buffer;
  state: AnchorState;
  nonce: number | null;
  transactionHash: Buffer | null;
  blockNumber: number | null;
  blockHash: Buffer | null;
  blockTime: Date | null;
  gasUsed: number | null;
  gasPriceWei: string | null;
  records: number | null;
  returned: number;
  madeAt: Date;
  anchoredAt: Date | null;
  entryId: string | null;
}

export interface AnchorAttempt {
  transactionHash: Buffer;
  signed: Buffer;
  nonce: number;
  feeWei: string;
  tipWei: string;
  signedAt: Date;
}

/** What the chain says of a transaction that it took. */
export interface MinedTransaction {
  transactionHash: Buffer;
  blockNumber: number;
  blockHash: Buffer;
  blockTimeSeconds: number;
  gasUsed: number;
  gasPriceWei: string;
}

const columns = `anchor_id as "anchorId", chain_id as "chainId", genesis, contract, size, root, state, nonce,
  transaction_hash as "transactionHash", block_number as "blockNumber", block_hash as "blockHash", block_time as "blockTime",
  gas_used as "gasUsed", gas_price_wei::text as "gasPriceWei", records, returned, made_at as "madeAt",
  anchored_at as "anchoredAt", entry_id as "entryId"`;
const here = 'genesis = $1 and contract = $2';

async function list(db: Queryable, name: string, text: string, values: unknown[]): Promise<StoredAnchor[]> {
  return (await db.query({ name, text: `select ${columns} from anchor ${text}`, values }))
    .rows as StoredAnchor[];
}

/** Newest first, before `beforeId` when given. Those that a larger one made needless are left out. */
export async function listAnchors(
  db: Queryable,
  limit: number,
  beforeId = Number.MAX_SAFE_INTEGER,
): Promise<StoredAnchor[]> {
  return list(
    db,
    'list-anchors',
    `where anchor_id < $2 and state <> 'superseded' order by anchor_id desc limit $1`,
    [limit, beforeId],
  );
}

/** The first confirmed anchor over the leaf at this index, on whichever chain. */
export async function findAnchorOver(db: Queryable, leafIndex: number): Promise<StoredAnchor | undefined> {
  const text = `where state = 'anchored' and size > $1 order by size, anchor_id desc limit 1`;
  return (await list(db, 'find-anchor-over', text, [leafIndex]))[0];
}

/** By leaf index: the first confirmed anchor over it; indexes without one are left out. */
export async function findAnchorsOver(
  db: Queryable,
  leafIndexes: readonly number[],
): Promise<Map<number, { chainId: number; blockNumber: number }>> {
  const { rows } = await db.query({
    name: 'find-anchors-over',
    text: `select i.leaf_index as "leafIndex", a.chain_id as "chainId", a.block_number as "blockNumber"
             from unnest($1::bigint[]) as i(leaf_index) cross join lateral (
               select chain_id, block_number from anchor where state = 'anchored' and size > i.leaf_index
                order by size, anchor_id desc limit 1
             ) a`,
    values: [leafIndexes],
  });
  return new Map(
    (rows as { leafIndex: number; chainId: number; blockNumber: number }[]).map(
      ({ leafIndex, ...anchor }) => [leafIndex, anchor],
    ),
  );
}

/**
 * Of one chain of leaves under a tree of this size: the first confirmed anchor over each, and the newest that there is, oldest first;
 * of more than `limit` the newest.
 */
export async function listAnchorsOverChain(
  db: Queryable,
  pseudonym: Uint8Array,
  treeSize: number,
  limit: number,
): Promise<StoredAnchor[]> {
  const found = await list(
    db,
    'list-anchors-over-chain',
    `a where a.state = 'anchored' and a.size <= $2 and (
         a.size = (select max(size) from anchor where state = 'anchored' and size <= $2)
         or exists (select from log_leaf l where l.pseudonym = $1 and l.leaf_index < a.size and l.leaf_index >=
              coalesce((select max(b.size) from anchor b where b.state = 'anchored' and b.size < a.size), 0)))
       and a.anchor_id = (select max(c.anchor_id) from anchor c where c.state = 'anchored' and c.size = a.size)
     order by a.size desc limit $3`,
    [Buffer.from(pseudonym), treeSize, limit],
  );
  return found.toReversed();
}

/** The largest tree that stands on this chain. */
export async function findNewestAnchored(
  db: Queryable,
  place: AnchorPlace,
): Promise<StoredAnchor | undefined> {
  return (await listNewestAnchored(db, place, 1))[0];
}

export async function listNewestAnchored(
  db: Queryable,
  place: AnchorPlace,
  limit: number,
): Promise<StoredAnchor[]> {
  const text = `where ${here} and state = 'anchored' order by size desc limit $3`;
  return list(db, 'list-newest-anchored', text, [place.genesis, place.contract, limit]);
}

/** Anchors of this chain that are not confirmed, largest first. */
export async function listOpenAnchors(db: Queryable, place: AnchorPlace): Promise<StoredAnchor[]> {
  const text = `where ${here} and state in ('pending', 'sent') order by size desc limit 100`;
  return list(db, 'list-open-anchors', text, [place.genesis, place.contract]);
}

/** Whether the leaves from `fromSize` up to `size` tell of anything but anchors. */
export async function hasNews(db: Queryable, fromSize: number, size: number): Promise<boolean> {
  const { rows } = await db.query({
    name: 'has-news-to-anchor',
    text: `select exists (
             select from log_leaf l
              where l.leaf_index >= $1 and l.leaf_index < $2 and not exists (select from anchor_event a where a.entry_id = l.entry_id)
           ) as news`,
    values: [fromSize, size],
  });
  return (rows[0] as { news: boolean }).news;
}

/** A root that is to be anchored; undefined when there is one for this size already. */
export async function storeAnchor(
  db: Queryable,
  place: AnchorPlace,
  tree: { size: number; root: Uint8Array },
  atMs: number,
): Promise<StoredAnchor | undefined> {
  const { rows } = await db.query({
    name: 'store-anchor',
    text: `insert into anchor (chain_id, genesis, contract, size, root, state, made_at)
           values ($1, $2, $3, $4, $5, 'pending', to_timestamp($6::float8 / 1000))
           on conflict (genesis, contract, size) do nothing returning ${columns}`,
    values: [place.chainId, place.genesis, place.contract, tree.size, Buffer.from(tree.root), atMs],
  });
  return rows[0] as StoredAnchor | undefined;
}

/** Keeps a signed transaction before it is sent. */
export async function storeAttempt(
  db: Queryable,
  anchorId: number,
  attempt: Omit<AnchorAttempt, 'signedAt'>,
  atMs: number,
): Promise<void> {
  await db.query({
    name: 'store-anchor-attempt',
    text: `with attempt as (
             insert into anchor_attempt (transaction_hash, anchor_id, signed, nonce, fee_wei, tip_wei, signed_at)
             values ($2, $1, $3, $4, $5, $6, to_timestamp($7::float8 / 1000)) on conflict do nothing
           )
           update anchor set state = 'sent', nonce = $4 where anchor_id = $1`,
    values: [
      anchorId,
      attempt.transactionHash,
      attempt.signed,
      attempt.nonce,
      attempt.feeWei,
      attempt.tipWei,
      atMs,
    ],
  });
}

/** Newest first. */
export async function listAttempts(db: Queryable, anchorId: number): Promise<AnchorAttempt[]> {
  const { rows } = await db.query({
    name: 'list-anchor-attempts',
    text: `select transaction_hash as "transactionHash", signed, nonce, fee_wei::text as "feeWei", tip_wei::text as "tipWei",
                  signed_at as "signedAt"
             from anchor_attempt where anchor_id = $1 order by signed_at desc, fee_wei desc limit 50`,
    values: [anchorId],
  });
  return rows as AnchorAttempt[];
}

/**
 * A confirmed anchor, the event that says so, and its leaf: all or none. Smaller ones that still waited are needless now.
 * False when it was confirmed already.
 */
export async function confirmAnchor(
  db: Queryable,
  anchor: StoredAnchor,
  mined: MinedTransaction,
  records: number,
  entry: SealedEntry,
): Promise<boolean> {
  const { rows } = await db.query({
    name: 'confirm-anchor',
    text: `with confirmed as (
             update anchor set state = 'anchored', transaction_hash = $2, block_number = $3, block_hash = $4,
                    block_time = to_timestamp($5::bigint), gas_used = $6, gas_price_wei = $7::numeric, records = $8,
                    anchored_at = to_timestamp($12::float8 / 1000), entry_id = $9::uuid
              where anchor_id = $1::bigint and state <> 'anchored' returning genesis, contract, size
           ), entered as (
             insert into entry (patient_id, entry_id, kind, recorded_at, statement, salt)
             select '', $9::uuid, $10::smallint, to_timestamp($12::float8 / 1000), $11::text, $13::bytea from confirmed
           ), waits as (
             insert into pending_leaf (entry_id, pseudonym, kind, time_seconds, commitment)
             select $9::uuid, '\\x00000000000000000000000000000000'::bytea, $10::smallint, floor($12::float8 / 1000)::bigint, $14::bytea
               from confirmed
           ), told as (
             insert into anchor_event (entry_id, anchor_id) select $9::uuid, $1::bigint from confirmed
           ), needless as (
             update anchor a set state = 'superseded' from confirmed c
              where a.genesis = c.genesis and a.contract = c.contract and a.size < c.size and a.state in ('pending', 'sent')
           )
           select 1 from confirmed`,
    values: [
      anchor.anchorId,
      mined.transactionHash,
      mined.blockNumber,
      mined.blockHash,
      mined.blockTimeSeconds,
      mined.gasUsed,
      mined.gasPriceWei,
      records,
      entry.entryId,
      entry.kind,
      entry.statement,
      entry.recordedAtMs,
      entry.salt,
      entry.commitment,
    ],
  });
  return rows.length === 1;
}

/** The chain no longer holds it: it waits again. Its signed transactions stay, they may be taken once more. */
export async function takeAnchorBack(db: Queryable, anchorId: number): Promise<void> {
  await db.query({
    name: 'take-anchor-back',
    text: `update anchor set state = 'pending', transaction_hash = null, block_number = null, block_hash = null, block_time = null,
                  gas_used = null, gas_price_wei = null, records = null, anchored_at = null, returned = returned + 1
            where anchor_id = $1 and state in ('anchored', 'sent')`,
    values: [anchorId],
  });
}

/** A larger tree stands on the chain: this one cannot be anchored there any more, and need not be. */
export async function supersedeAnchor(db: Queryable, anchorId: number): Promise<void> {
  await db.query({
    name: 'supersede-anchor',
    text: `update anchor set state = 'superseded' where anchor_id = $1 and state in ('pending', 'sent')`,
    values: [anchorId],
  });
}
