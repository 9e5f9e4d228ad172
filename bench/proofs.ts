// What a proof of inclusion costs in a large log: asked over HTTP, one at a time and sixteen at once, for places all over the log and for
// the newest ones, each proof verified under the signed root. The log has all its tiles; of its leaves a million rows, evenly spread.
// Usage: node bench/proofs.ts [leaves, 10,000,000 unless told] [folder of another version to measure in turns]
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { decodeBase64 } from '../core/ledger/base64.ts';
import { verifyInclusion } from '../core/ledger/inclusion.ts';
import { encodeLeaf } from '../core/ledger/leaf.ts';
import { appendLeafHashes, emptyRightEdge, rootOfRightEdge } from '../core/ledger/right-edge.ts';
import { leafHash } from '../core/ledger/tree.ts';
import { openDatabase } from '../server/storage/database.ts';
import { storeTiles } from '../server/storage/log-store.ts';
import { openConnection, request } from './connection.ts';
import { embeddedUrl } from './import-rate.ts';
import { measure, median } from './load.ts';
import type { Program } from './programs.ts';
import { startProgram } from './programs.ts';

const size = Number(process.argv[2] ?? 10_000_000);
const other = process.argv[3];
const rounds = 5;
const rows = Math.min(size, 1_000_000);
const every = Math.floor(size / rows);
const folder = mkdtempSync(join(tmpdir(), 'medallion-proofs-'));
const dataDir = join(folder, 'data');
const filler = (length: number): Uint8Array => new Uint8Array(length).fill(7);
const leafAt = (index: number): Uint8Array =>
  encodeLeaf({
    kind: 'look',
    timeSeconds: index,
    pseudonym: filler(16),
    seq: 2,
    prev: filler(32),
    commitment: filler(32),
  });
const programs: Program[] = [];
try {
  await (await startProgram('server/main.ts', { DATA_DIR: dataDir }, '/log/checkpoint')).stop();
  const root = await makeLog();
  const ours = await startProgram('server/main.ts', { DATA_DIR: dataDir }, '/log/checkpoint');
  programs.push(ours);
  const sides = [{ name: 'this version', program: ours }];
  if (other !== undefined) {
    for (const part of ['log', 'keys'])
      cpSync(join(dataDir, part), join(folder, 'other', part), { recursive: true });
    const environment = { DATA_DIR: join(folder, 'other'), DATABASE_URL: embeddedUrl(dataDir) };
    const theirs = await startProgram(resolve(other, 'server/main.ts'), environment, '/log/checkpoint');
    programs.push(theirs);
    sides.unshift({ name: 'other version', program: theirs });
  }
  await holds(ours.url, root);
  for (const [where, from] of [
    ['all over the log', 0],
    ['among the newest', rows - Math.min(rows, 1000)],
  ] as const) {
    const next = () =>
      request(
        'GET',
        `/log/proof/inclusion?index=${(from + Math.floor(Math.random() * (rows - from))) * every}`,
      );
    for (const connections of [1, 16]) {
      const results = sides.map((side) => ({
        ...side,
        p50: [] as number[],
        p99: [] as number[],
        rate: [] as number[],
        cpu: [] as number[],
      }));
      for (let round = -1; round < rounds; round++)
        for (const { program, p50, p99, rate, cpu } of results) {
          const cpuMs = () => program.cpuMs() + ours.databaseCpuMs();
          const beforeMs = cpuMs();
          const load = await measure({ url: program.url, connections, seconds: 2, next, expect: [200] });
          if (round < 0) continue;
          p50.push(load.p50);
          p99.push(load.p99);
          rate.push(load.perSecond);
          cpu.push(((cpuMs() - beforeMs) * 1000) / load.requests);
        }
      for (const { name, p50, p99, rate, cpu } of results)
        console.log(
          `${where}, ${connections} at once, ${name}: ${Math.round(median(rate))}/s, median ${median(p50).toFixed(2)} ms, p99 ${median(p99).toFixed(2)} ms, ${Math.round(median(cpu))} µs of processor time`,
        );
    }
  }
} finally {
  for (const program of programs.toReversed()) await program.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** Puts the made-up log in place of the server's own; what it signs next is the root of this one. Returns that root. */
async function makeLog(): Promise<Uint8Array> {
  const silent = { info: () => undefined, warn: () => undefined, error: console.error };
  const database = await openDatabase({ dataDir, databaseUrl: undefined }, silent);
  const { pool } = database;
  try {
    await pool.query('truncate log_leaf, log_chain, log_tile, log_checkpoint, log_head, pending_leaf');
    rmSync(join(dataDir, 'log', 'last-signed.json'));
    let edge = emptyRightEdge();
    while (edge.size < size) {
      const from = edge.size;
      const count = Math.min(100_000, size - from);
      const hashes = Array.from({ length: count }, (_, at) => leafHash(leafAt(from + at)));
      const appended = appendLeafHashes(edge, hashes);
      edge = appended.edge;
      await storeTiles(pool, appended.tiles);
    }
    const root = rootOfRightEdge(edge);
    for (let from = 0; from < rows; from += 20_000)
      await pool.query(
        `insert into log_leaf (leaf_index, entry_id, pseudonym, seq, leaf)
         select i * $3::bigint, gen_random_uuid(), substring(sha256(i::text::bytea) for 16), 1,
                substring($4::bytea for 2) || int8send(i * $3::bigint) || substring($4::bytea from 11)
           from generate_series($1::bigint, $2::bigint) i`,
        [from, Math.min(rows, from + 20_000) - 1, every, Buffer.from(leafAt(0))],
      );
    await pool.query('insert into log_head (size, root) values ($1, $2)', [size, Buffer.from(root)]);
    await pool.query('analyze log_leaf, log_tile');
    const { rows: sizes } = await pool.query<{ tiles: string; bytes: string }>(
      `select count(*) as tiles, pg_size_pretty(pg_total_relation_size('log_tile')) as bytes from log_tile`,
    );
    console.log(`A log of ${size} leaves: ${sizes[0]?.tiles} tiles, ${sizes[0]?.bytes} on disk.`);
    return root;
  } finally {
    await database.stop();
  }
}

async function holds(url: string, root: Uint8Array): Promise<void> {
  const connection = await openConnection(url);
  let most = 0;
  for (let count = 0; count < 300; count++) {
    const index = Math.floor(Math.random() * rows) * every;
    const { body } = await connection.send(
      request('GET', `/log/proof/inclusion?index=${index}&size=${size}`),
    );
    const { hashes } = JSON.parse(body.toString()) as { hashes: string[] };
    most = Math.max(most, hashes.length);
    const proof = hashes.map(decodeBase64);
    if (!verifyInclusion({ leafHash: leafHash(leafAt(index)), index, size, proof, root }).ok)
      throw new Error(`the proof of ${index} does not hold`);
  }
  connection.close();
  console.log(`300 proofs hold under the signed root, none with more than ${most} hashes.`);
}
