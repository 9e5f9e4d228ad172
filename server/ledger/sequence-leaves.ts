// The sequencer's work, under its lock: gives every waiting leaf its place (index in the log, number and previous hash in the person's
// chain), extends the tiles, and signs what is durable. Each line where a crash matters says what it leaves behind.
import { setImmediate as requestsFirst } from 'node:timers/promises';
import { formatCheckpoint } from '../../core/ledger/checkpoint.ts';
import { encodeLeaf, firstPrev, leafKindOf } from '../../core/ledger/leaf.ts';
import { signNote } from '../../core/ledger/note.ts';
import type { RightEdge, TileContent } from '../../core/ledger/right-edge.ts';
import {
  appendLeafHashes,
  emptyRightEdge,
  readRightEdge,
  rootOfRightEdge,
} from '../../core/ledger/right-edge.ts';
import { rootFromTiles } from '../../core/ledger/tiles.ts';
import { emptyRoot, equalBytes, leafHash } from '../../core/ledger/tree.ts';
import type { ChainHead, LogHead, PendingLeaf } from '../storage/log-store.ts';
import {
  findChainHeads,
  findHead,
  findLatestCheckpoint,
  moveHead,
  queueStart,
  storeCheckpoint,
  storeLeaves,
  storeTiles,
  takePending,
} from '../storage/log-store.ts';
import type { Queryable } from '../storage/queryable.ts';
import type { SealingSources } from '../storage/sealed-entry.ts';
import { beginTransaction, commitTransaction, rollbackTransaction } from '../storage/transaction.ts';
import type { RotationPoint } from './key-rotation.ts';
import { rotateIfAsked } from './key-rotation.ts';
import type { LogKeys } from './log-key.ts';
import type { MarkStore, SignedMark } from './signed-mark.ts';
import { LogBehindError } from './signed-mark.ts';
import { TileMissingError } from '../storage/log-reads.ts';
import { tileReader } from './tile-reader.ts';

// A round as large as a burst would hold up answers while its rows are read and written; several small ones follow each other at once.
// After an outage, when thousands wait, larger ones cost less for each leaf; what one holds in memory stays below two megabytes.
const usualBatch = 1_000;
const largestBatch = 4_000;
/** Hashing this many takes about a millisecond: requests are answered in between, however many leaves wait. */
const leavesAtOnce = 128;
/** While a backlog is worked off a checkpoint is signed this often, not after each batch. */
const unsignedAtMostMs = 400;

export type SequencePoint = 'before-commit' | 'after-commit' | 'before-mark' | 'after-mark' | 'after-publish';

export interface SequencerWorkOptions {
  client: Queryable;
  dataDir: string;
  keys: LogKeys;
  sources: SealingSources;
  mark: MarkStore;
  at: (point: SequencePoint | RotationPoint) => Promise<void>;
}

export interface SequencerWork {
  /** One batch. True: there may be more that waits. */
  sequence(): Promise<boolean>;
  /** Throws `LogBehindError` unless the tree begins with what was signed. */
  requireContinuationOf(mark: SignedMark): Promise<void>;
}

/** Only under the lock. After any error the work is thrown away and opened again: it holds what it believes to be stored. */
export async function openWork(options: SequencerWorkOptions): Promise<SequencerWork> {
  const { client, dataDir, keys, sources, mark, at } = options;
  const storedHead = await findHead(client);
  const signed = await mark.read();
  if (signed) await requireContinuation(client, storedHead?.size ?? 0, signed);
  if (!storedHead) await moveHead(client, undefined, { size: 0, root: Buffer.from(emptyRoot()) });
  let head: LogHead = storedHead ?? { size: 0, root: Buffer.from(emptyRoot()) };
  let edge: RightEdge =
    head.size === 0 ? emptyRightEdge() : await readRightEdge(head.size, strictReader(client, head.size));
  if (!equalBytes(rootOfRightEdge(edge), head.root)) throw new LogBehindError(head.size, head.size);
  const published = await findLatestCheckpoint(client);
  if (published) await requireContinuation(client, head.size, published);
  let publishedSize = published?.size ?? -1;
  let publishedMs = 0;
  let batch = usualBatch;
  let place = queueStart;
  await keys.refresh();
  if (publishedSize < head.size) await publish();
  await rotate();

  /** Signs what is durable, never what is about to be. */
  async function publish(): Promise<void> {
    const next: SignedMark = { size: head.size, root: head.root };
    await at('before-mark');
    // A crash after this line leaves a mark without its checkpoint: the next start signs exactly that.
    await mark.advance(next);
    await at('after-mark');
    const nowMs = sources.now();
    const text = formatCheckpoint({
      origin: keys.origin,
      size: next.size,
      root: next.root,
      extensions: [],
    });
    await storeCheckpoint(client, {
      size: next.size,
      root: next.root,
      note: signNote(text, keys.signersFor(next.size, nowMs)),
      signedAtMs: nowMs,
    });
    publishedSize = next.size;
    publishedMs = nowMs;
    await at('after-publish');
  }

  /** Keys change only here: everything in the log is signed, and nothing new is in it. */
  function rotate(): Promise<boolean> {
    return rotateIfAsked({ db: client, dataDir, keys, sources, at }, publishedSize);
  }

  async function integrate(): Promise<number> {
    await beginTransaction(client);
    try {
      const pending = await takePending(client, batch, place);
      if (pending.leaves.length === 0) {
        await commitTransaction(client);
        return 0;
      }
      const { leaves, hashes, heads } = await chain(client, pending.leaves);
      const appended = await append(edge, hashes);
      const next: LogHead = { size: appended.edge.size, root: Buffer.from(rootOfRightEdge(appended.edge)) };
      await storeLeaves(client, head.size, leaves, heads);
      await storeTiles(client, appended.tiles);
      if (!(await moveHead(client, head.size, next))) throw new Error('another sequencer moved the head');
      await at('before-commit');
      await commitTransaction(client);
      // A crash here leaves leaves and tiles without a signature: the next start signs exactly this head.
      edge = appended.edge;
      head = next;
      place = pending.place;
      await at('after-commit');
      return leaves.length;
    } catch (error) {
      await rollbackTransaction(client).catch(() => undefined);
      throw error;
    }
  }

  return {
    requireContinuationOf: (one) => requireContinuation(client, head.size, one),
    async sequence() {
      const from = place;
      const taken = await integrate();
      const full = taken === batch;
      // What lies before the place where the search began may have been filled again. What came behind it since waits for the next round:
      // otherwise a steady stream would be sequenced a few leaves at a time, each few with their own syncs and signature.
      const wrapped = !full && from !== queueStart;
      if (!full) place = queueStart;
      batch = full ? Math.min(batch * 2, largestBatch) : usualBatch;
      const unsigned = publishedSize < head.size;
      if (unsigned && (!full || sources.now() - publishedMs >= unsignedAtMostMs)) await publish();
      if (publishedSize < head.size) return true;
      return (await rotate()) || full || wrapped;
    },
  };
}

/** Numbers each leaf in its person's chain and links it to the one before. */
async function chain(
  client: Queryable,
  pending: readonly PendingLeaf[],
): Promise<{
  leaves: { entryId: Buffer; leaf: Uint8Array }[];
  hashes: Uint8Array[];
  heads: ChainHead[];
}> {
  const named = new Map(pending.map(({ pseudonym }) => [pseudonym.toString('latin1'), pseudonym]));
  const heads = new Map(
    (await findChainHeads(client, [...named.values()])).map((one) => [one.pseudonym.toString('latin1'), one]),
  );
  const leaves: { entryId: Buffer; leaf: Uint8Array }[] = [];
  const hashes: Uint8Array[] = [];
  for (const [offset, p] of pending.entries()) {
    if (offset % leavesAtOnce === 0) await requestsFirst();
    const name = p.pseudonym.toString('latin1');
    const before = heads.get(name);
    const kind = leafKindOf(p.kind);
    if (!kind) throw new Error('a waiting leaf has an unknown kind');
    const seq = (before?.seq ?? 0) + 1;
    const leaf = encodeLeaf({
      kind,
      timeSeconds: p.timeSeconds,
      pseudonym: p.pseudonym,
      seq,
      prev: before?.head ?? firstPrev(),
      commitment: p.commitment,
    });
    const hash = leafHash(leaf);
    heads.set(name, { pseudonym: p.pseudonym, seq, head: Buffer.from(hash) });
    hashes.push(hash);
    leaves.push({ entryId: p.entryId, leaf });
  }
  return { leaves, hashes, heads: [...heads.values()] };
}

/** As `appendLeafHashes`, a few at a time: a tile that grew in several steps is stored as it stands in the end. */
async function append(
  edge: RightEdge,
  hashes: readonly Uint8Array[],
): Promise<{ edge: RightEdge; tiles: TileContent[] }> {
  const tiles = new Map<string, TileContent>();
  let grown = edge;
  for (let from = 0; from < hashes.length; from += leavesAtOnce) {
    await requestsFirst();
    const appended = appendLeafHashes(grown, hashes.slice(from, from + leavesAtOnce));
    grown = appended.edge;
    for (const one of appended.tiles) tiles.set(`${one.tile.level}/${one.tile.index}`, one);
  }
  return { edge: grown, tiles: [...tiles.values()] };
}

async function requireContinuation(db: Queryable, size: number, mark: SignedMark): Promise<void> {
  if (size < mark.size) throw new LogBehindError(mark.size, size);
  const root =
    mark.size === 0 ? emptyRoot() : await rootFromTiles(mark.size, strictReader(db, size, mark.size));
  if (!equalBytes(root, mark.root)) throw new LogBehindError(mark.size, size);
}

/** A tree whose tiles are gone does not contain what was signed, whatever its head says. */
function strictReader(db: Queryable, size: number, signedSize: number = size) {
  const read = tileReader(db);
  return async (level: number, index: number, width: number): Promise<Uint8Array> => {
    try {
      return await read(level, index, width);
    } catch (error) {
      throw error instanceof TileMissingError ? new LogBehindError(signedSize, size) : error;
    }
  };
}
