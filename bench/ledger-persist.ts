// How many waiting leaves a second the sequencer brings into the log on the embedded database: chained, hashed, with tiles, head and
// signed checkpoints, everything synced to disk; and how long proofs of a log of ten million leaves take.
// Usage: node bench/ledger-persist.ts [leaves to integrate] [leaves of the large log]
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inclusionRanges, verifyInclusion } from '../core/ledger/inclusion.ts';
import { verifyConsistency } from '../core/ledger/consistency.ts';
import { encodeLeaf } from '../core/ledger/leaf.ts';
import { appendLeafHashes, emptyRightEdge, rootOfRightEdge } from '../core/ledger/right-edge.ts';
import { consistencyProofFromTiles, inclusionProofFromTiles } from '../core/ledger/tiles.ts';
import { leafHash } from '../core/ledger/tree.ts';
import { openLogKey } from '../server/ledger/log-key.ts';
import { startSequencer } from '../server/ledger/sequencer.ts';
import { tileReader } from '../server/ledger/tile-reader.ts';
import { openDatabase } from '../server/storage/database.ts';
import type { Database } from '../server/storage/database.ts';
import { storeTiles } from '../server/storage/log-store.ts';
import { migrate } from '../server/storage/migrate.ts';

const leaves = Number(process.argv[2] ?? 200_000);
const largeSize = Number(process.argv[3] ?? 10_000_000);
const proofs = 300;
const silent = { info: () => undefined, warn: () => undefined, error: console.error };
const folder = mkdtempSync(join(tmpdir(), 'medallion-persist-'));

const database = await openDatabase({ dataDir: folder, databaseUrl: undefined }, silent);
try {
  await migrate(database.pool);
  await integrate(database);
  await prove(database);
} finally {
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function integrate({ pool, connection }: Database): Promise<void> {
  const key = await openLogKey(folder, 'bench.example/log', true);
  // As many people as leaves would make for a busy day: every leaf needs the end of its chain.
  await pool.query(
    `insert into pending_leaf (entry_id, pseudonym, kind, time_seconds, commitment)
     select gen_random_uuid(), substring(sha256((i % 20000)::text::bytea) for 16), 2, i, sha256(i::text::bytea)
       from generate_series(1, $1) i`,
    [leaves],
  );
  const begin = performance.now();
  const sequencer = await startSequencer({
    connection,
    dataDir: folder,
    key,
    sources: { now: Date.now, randomBytes: (count) => randomBytes(count) },
    log: silent,
  });
  await sequencer.flush();
  const seconds = (performance.now() - begin) / 1000;
  await sequencer.stop();
  const { rows } = await pool.query<{ size: number }>('select max(size)::int as size from log_checkpoint');
  if (rows[0]?.size !== leaves) throw new Error(`${rows[0]?.size} leaves are in the log`);
  console.log(
    `${leaves} waiting leaves of 20000 chains in the log: ${Math.round(leaves / seconds)} leaves/s`,
  );
}

/** The tiles of a large log without its leaves: proofs need no more. */
async function prove({ pool }: Database): Promise<void> {
  await pool.query('truncate log_tile');
  const [pseudonym, prev, commitment] = [16, 32, 32].map((length) => new Uint8Array(length).fill(7));
  if (!pseudonym || !prev || !commitment) return;
  const oldSize = Math.floor(largeSize * 0.7) + 1;
  // One leaf's hash for all but a few: the tree does not care, and hashing ten million leaves would be most of the work.
  const same = leafHash(encodeLeaf({ kind: 'look', timeSeconds: 1, pseudonym, seq: 2, prev, commitment }));
  let edge = emptyRightEdge();
  let oldRoot = rootOfRightEdge(edge);
  while (edge.size < largeSize) {
    const next = edge.size < oldSize ? Math.min(oldSize, edge.size + 100_000) : edge.size + 100_000;
    const count = Math.min(next, largeSize) - edge.size;
    const appended = appendLeafHashes(edge, Array<Uint8Array>(count).fill(same));
    edge = appended.edge;
    if (edge.size === oldSize) oldRoot = rootOfRightEdge(edge);
    await storeTiles(pool, appended.tiles);
  }
  const root = rootOfRightEdge(edge);
  let most = 0;
  const inclusionMs: number[] = [];
  const consistencyMs: number[] = [];
  for (let count = 0; count < proofs; count++) {
    const index = Math.floor(Math.random() * largeSize);
    let begin = performance.now();
    const proof = await inclusionProofFromTiles(index, largeSize, tileReader(pool));
    inclusionMs.push(performance.now() - begin);
    most = Math.max(most, proof.length, inclusionRanges(index, largeSize).length);
    if (!verifyInclusion({ leafHash: same, index, size: largeSize, proof, root }).ok)
      throw new Error('a proof does not hold');
    begin = performance.now();
    const between = await consistencyProofFromTiles(oldSize, largeSize, tileReader(pool));
    consistencyMs.push(performance.now() - begin);
    most = Math.max(most, between.length);
    if (!verifyConsistency({ oldSize, newSize: largeSize, oldRoot, newRoot: root, proof: between }).ok)
      throw new Error('a proof does not hold');
  }
  const said = (times: number[]) => {
    const sorted = times.toSorted((a, b) => a - b);
    const at = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(2);
    return `median ${at(0.5)} ms, p95 ${at(0.95)} ms`;
  };
  console.log(
    `Log of ${largeSize} leaves, at most ${most} hashes a proof: inclusion ${said(inclusionMs)}; consistency ${said(consistencyMs)}`,
  );
}
