// Gives every waiting leaf its place: index in the log, number and previous hash in the person's chain; extends the tiles and signs.
// One at a time among all processes on a database: whoever holds the advisory lock, on the one connection that also does the work.
import { setImmediate as requestsFirst, setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
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
import type { Log } from '../http/deps.ts';
import type { ChainHead, LogHead, PendingLeaf, SequencedLeaf } from '../storage/log-store.ts';
import {
  findChainHeads,
  findHead,
  findLatestCheckpoint,
  findTile,
  isBehind,
  moveHead,
  storeCheckpoint,
  storeLeaves,
  storeTiles,
  takePending,
} from '../storage/log-store.ts';
import type { Queryable } from '../storage/queryable.ts';
import type { LogKey } from './log-key.ts';
import type { SignedMark } from './signed-mark.ts';
import { advanceMark, LogBehindError, readMark } from './signed-mark.ts';

// Any number but that of the migrations: the sequencer holds its lock as long as it lives.
const lockKey = 0x6c6f_6731;
// A round as large as a burst would hold up answers while its rows are read and written; several small ones follow each other at once.
const batchLimit = 500;
/** Hashing this many takes about a millisecond: requests are answered in between, however many leaves wait. */
const leavesAtOnce = 128;

export interface SequencerOptions {
  connection: pg.ClientConfig;
  dataDir: string;
  key: LogKey;
  now: () => number;
  log: Log;
  pauseMs?: number;
  /** For tests: called at named points, may throw. */
  at?: (point: SequencerPoint) => void | Promise<void>;
}
export type SequencerPoint =
  'before-commit' | 'after-commit' | 'before-mark' | 'after-mark' | 'after-publish';

export interface Sequencer {
  /** Settles when everything that waits now is in the log and under a signed checkpoint. */
  flush(): Promise<void>;
  stop(): Promise<void>;
}

/** Throws `LogBehindError` when the database does not contain what was signed. Runs until stopped. */
export async function startSequencer(options: SequencerOptions): Promise<Sequencer> {
  const pauseMs = options.pauseMs ?? 250;
  let stopped = false;
  let client: pg.Client | undefined;
  let work: Work | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  const controller = new AbortController();

  /** One round under the lock; elects itself when nobody else is. Returns how many leaves went in. */
  async function round(): Promise<number> {
    if (!client) {
      const fresh = new pg.Client(options.connection);
      fresh.on('error', () => {
        client = undefined;
        work = undefined;
      });
      await fresh.connect();
      client = fresh;
    }
    if (!work) {
      const { rows } = await client.query('select pg_try_advisory_lock($1) as held', [lockKey]);
      if (!(rows[0] as { held: boolean }).held) return 0;
      work = await openWork(client, options);
    }
    const { taken } = await work.sequence();
    return taken;
  }

  async function reset(): Promise<void> {
    const old = client;
    client = undefined;
    work = undefined;
    await old?.end().catch(() => undefined);
  }

  /** After a failure what became of the transaction is not known: everything is read again before the next round. */
  async function tryRound(): Promise<number> {
    try {
      return await round();
    } catch (error) {
      await reset();
      throw error;
    }
  }

  /** Another process sequences: true, after a pause, as long as leaves wait for it. */
  async function othersAreAtWork(): Promise<boolean> {
    if (stopped || work || !client || !(await isBehind(client))) return false;
    await sleep(pauseMs, undefined, { signal: controller.signal }).catch(() => undefined);
    return true;
  }

  const exclusively = <T>(act: () => Promise<T>): Promise<T> => {
    const next = turn.then(act, act);
    turn = next.catch(() => undefined);
    return next;
  };

  // The first round runs before the server listens: a log that must not be continued keeps the server from starting.
  await exclusively(tryRound);

  const loop = (async () => {
    while (!stopped) {
      try {
        const taken = await exclusively(tryRound);
        if (taken >= batchLimit) continue;
      } catch (error) {
        options.log.error(
          { code: (error as { code?: string }).code, name: (error as Error).name },
          'the log could not be extended; trying again',
        );
        if (error instanceof LogBehindError)
          await sleep(5000, undefined, { signal: controller.signal }).catch(() => undefined);
      }
      await sleep(pauseMs, undefined, { signal: controller.signal }).catch(() => undefined);
    }
  })();

  return {
    async flush() {
      while ((await exclusively(tryRound)) > 0 || (await othersAreAtWork()));
    },
    async stop() {
      stopped = true;
      controller.abort();
      await loop;
      await exclusively(reset);
    },
  };
}

interface Work {
  sequence(): Promise<{ taken: number }>;
}

async function openWork(client: pg.Client, options: SequencerOptions): Promise<Work> {
  const { key, dataDir, now } = options;
  const at = async (point: SequencerPoint): Promise<void> => options.at?.(point);
  let head: LogHead | undefined = await findHead(client);
  await requireContinuation(client, head, await readMark(dataDir));
  if (!head) {
    head = { size: 0, root: Buffer.from(emptyRoot()) };
    await moveHead(client, undefined, head);
  }
  let edge: RightEdge =
    head.size === 0 ? emptyRightEdge() : await readRightEdge(head.size, tileReader(client));
  if (!equalBytes(rootOfRightEdge(edge), head.root)) throw new LogBehindError(head.size, head.size);
  let current = head;
  const published = await findLatestCheckpoint(client);
  if (!published || published.size < current.size) await publish();

  /** Signs what is durable, never what is about to be. */
  async function publish(): Promise<void> {
    const next: SignedMark = { size: current.size, root: current.root };
    await at('before-mark');
    await advanceMark(dataDir, next);
    await at('after-mark');
    const text = formatCheckpoint({ origin: key.origin, size: next.size, root: next.root, extensions: [] });
    await storeCheckpoint(client, {
      size: next.size,
      root: next.root,
      note: signNote(text, [key]),
      signedAtMs: now(),
    });
    await at('after-publish');
  }

  return {
    async sequence() {
      await client.query('begin');
      try {
        const pending = await takePending(client, batchLimit);
        if (pending.length === 0) {
          await client.query('commit');
          return { taken: 0 };
        }
        const { leaves, hashes, heads } = await chain(client, pending, current.size);
        const appended = await append(edge, hashes);
        const next: LogHead = { size: appended.edge.size, root: Buffer.from(rootOfRightEdge(appended.edge)) };
        await storeLeaves(client, leaves, heads);
        await storeTiles(client, appended.tiles);
        if (!(await moveHead(client, current.size, next)))
          throw new Error('another sequencer moved the head');
        await at('before-commit');
        await client.query('commit');
        // A crash here leaves leaves and tiles without a signature: the next start signs exactly this head.
        edge = appended.edge;
        current = next;
        await at('after-commit');
        await publish();
        return { taken: pending.length };
      } catch (error) {
        await client.query('rollback').catch(() => undefined);
        throw error;
      }
    },
  };
}

/** Numbers each leaf in its person's chain and links it to the one before. */
async function chain(
  client: Queryable,
  pending: readonly PendingLeaf[],
  firstIndex: number,
): Promise<{ leaves: SequencedLeaf[]; hashes: Uint8Array[]; heads: ChainHead[] }> {
  const named = new Map(pending.map((p) => [p.pseudonym.toString('hex'), p.pseudonym]));
  const heads = new Map(
    (await findChainHeads(client, [...named.values()])).map((h) => [h.pseudonym.toString('hex'), h]),
  );
  const leaves: SequencedLeaf[] = [];
  const hashes: Uint8Array[] = [];
  for (const [offset, p] of pending.entries()) {
    if (offset % leavesAtOnce === 0) await requestsFirst();
    const name = p.pseudonym.toString('hex');
    const before = heads.get(name);
    const kind = leafKindOf(p.kind);
    if (!kind) throw new Error('a waiting leaf has an unknown kind');
    const seq = (before?.seq ?? 0) + 1;
    const bytes = encodeLeaf({
      kind,
      timeSeconds: p.timeSeconds,
      pseudonym: p.pseudonym,
      seq,
      prev: before?.head ?? firstPrev(),
      commitment: p.commitment,
    });
    const hash = leafHash(bytes);
    heads.set(name, { pseudonym: p.pseudonym, seq, head: Buffer.from(hash) });
    hashes.push(hash);
    leaves.push({
      leafIndex: firstIndex + offset,
      entryId: p.entryId,
      pseudonym: p.pseudonym,
      seq,
      leaf: Buffer.from(bytes),
    });
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

async function requireContinuation(
  db: Queryable,
  head: LogHead | undefined,
  mark: SignedMark | undefined,
): Promise<void> {
  if (!mark) return;
  const size = head?.size ?? 0;
  if (size < mark.size) throw new LogBehindError(mark.size, size);
  const root = mark.size === 0 ? emptyRoot() : await rootFromTiles(mark.size, tileReader(db));
  if (!equalBytes(root, mark.root)) throw new LogBehindError(mark.size, size);
}

function tileReader(db: Queryable) {
  return async (level: number, index: number, width: number): Promise<Uint8Array> => {
    const bytes = await findTile(db, level, index, width);
    if (!bytes) throw new Error('a hash tile of the log is missing');
    return bytes;
  };
}
