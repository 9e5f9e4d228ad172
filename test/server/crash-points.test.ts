// kill -9 at every named point of a write, a look, the sequencing, the witnessing and a change of keys, hundreds of times: what was
// acknowledged is in the log exactly once, chains are whole, and nothing that anybody outside has seen is ever taken back.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { followKeyChain } from '../../core/ledger/key-chain.ts';
import { parseVerifierKey } from '../../core/ledger/verifier-key.ts';
import { prepareNextKey } from '../../server/ledger/key-rotation.ts';
import type { LogKeys } from '../../server/ledger/log-key.ts';
import { openLogKey } from '../../server/ledger/log-key.ts';
import { startSequencer } from '../../server/ledger/sequencer.ts';
import { insertPerson } from '../../server/storage/people.ts';
import type { WitnessEvent } from '../../witness/add-checkpoint.ts';
import { openSeenCheckpoints } from '../../witness/seen-checkpoints.ts';
import { openWitnessKey } from '../../witness/witness-key.ts';
import { serveWitness } from '../../witness/witness-server.ts';
import type { CrashOrder } from '../harness/crash-process.ts';
import type { FreshDatabase } from '../harness/database.ts';
import { freshDatabase } from '../harness/database.ts';
import type { FailPoint } from '../harness/fail-point.ts';
import { LogFollower } from '../harness/log-follower.ts';

const origin = 'log.test/log';
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const sources = { now: Date.now, randomBytes: (count: number) => randomBytes(count) };

/** Where the processes keep what they have compiled. */
const compiled = mkdtempSync(join(tmpdir(), 'medallion-compiled-'));

const statements = [
  // A write, and a look.
  'write-batch',
  'store-entries',
  // Sequencing, in its order.
  'try-sequencer-lock',
  'find-log-head',
  'BEGIN',
  'take-pending',
  'find-chain-heads',
  'store-leaves',
  'store-tiles',
  'move-log-head',
  'COMMIT',
  'store-checkpoint',
  // A witness's answer.
  'store-cosignature',
];
const ownPoints = ['before-commit', 'after-commit', 'before-mark', 'after-mark', 'after-publish'];
/** Only when the operator has asked for a new key. */
const keyPoints = [
  'before-key-file',
  'after-key-file',
  'before store-key-change',
  'after store-key-change',
  'after-next-key-removed',
];
/** Passed once at each start. */
const startPoints = new Set(['try-sequencer-lock', 'find-log-head']);

/** Each point at several of its occurrences: the first of a start, and later ones, when all else is under way. */
function roundsOf(): FailPoint[] {
  const rounds: FailPoint[] = [];
  for (const name of statements)
    for (const point of [`before ${name}`, `after ${name}`])
      for (const passes of startPoints.has(name) ? [0, 0] : [0, 1, 2, 3, 5, 8, 13])
        rounds.push({ point, passes });
  for (const point of ownPoints) for (const passes of [0, 1, 2, 3, 5, 8, 13]) rounds.push({ point, passes });
  for (const point of keyPoints) for (const passes of [0, 0]) rounds.push({ point, passes });
  return rounds;
}

interface Acknowledged {
  entryId: string;
  /** Of what was written; a look has none. */
  digest?: string;
}

/** Runs a process until its point ends it; resolves with what it had acknowledged. */
function runUntilKilled(order: CrashOrder): Promise<Acknowledged[]> {
  const program = join(import.meta.dirname, '../harness/crash-process.ts');
  const child = spawn(process.execPath, [program, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Hundreds of starts of the same program: compiled once.
    env: { PATH: process.env['PATH'] ?? '', NODE_COMPILE_CACHE: compiled },
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString('utf8')));
  return new Promise((resolve, reject) => {
    child.once('close', (code, signal) => {
      if (signal !== 'SIGKILL')
        return reject(new Error(`ended with ${code} instead of being killed ${order.point}: ${errors}`));
      // A last line without its end was not acknowledged to anybody.
      const lines = output.split('\n').slice(0, -1);
      resolve(
        lines.flatMap((line) => {
          const [what, entryId = '', digest] = line.split(' ');
          if (what === 'look') return [{ entryId }];
          return what === 'write' && digest !== undefined ? [{ entryId, digest }] : [];
        }),
      );
    });
  });
}

/** A log of its own, killed again and again. */
class Lane {
  readonly follower = new LogFollower();
  readonly acknowledged: Acknowledged[] = [];
  readonly told: WitnessEvent[] = [];
  readonly people = ['one', 'two'];
  dataDir = '';
  firstKey = '';
  #database: FreshDatabase | undefined;
  #witness: { vkey: string; url: string; stop(): Promise<void> } | undefined;
  #folders: string[] = [];

  get database(): FreshDatabase {
    assert.ok(this.#database);
    return this.#database;
  }

  async open(): Promise<void> {
    this.#database = await freshDatabase({ poolSize: 2 });
    this.dataDir = this.#folder('crash');
    this.firstKey = (await openLogKey(this.dataDir, origin, true)).vkey;
    for (const [at, patientId] of this.people.entries())
      await insertPerson(this.database.pool, {
        patientId,
        uhid: `1000000000000${at + 1}`,
        pseudonym: randomBytes(16),
        createdAtMs: 0,
      });
    const witnessDir = this.#folder('crash-witness');
    const key = await openWitnessKey(witnessDir, 'w.test');
    const seen = await openSeenCheckpoints(witnessDir, key.verifierKey);
    const logKeys = () => this.vkeys.map(parseVerifierKey);
    const server = await serveWitness(
      {
        key,
        // Its operator hears of every new key.
        get logKeys() {
          return logKeys();
        },
        seen,
        now: Date.now,
        tell: (event) => void this.told.push(event),
      },
      { host: '127.0.0.1', port: 0 },
    );
    this.#witness = { vkey: key.vkey, url: `http://127.0.0.1:${server.port}`, stop: () => server.stop() };
  }

  vkeys: string[] = [];

  async close(): Promise<void> {
    await this.#witness?.stop();
    await this.#database?.drop();
    for (const folder of this.#folders) rmSync(folder, { recursive: true, force: true });
  }

  async round(at: FailPoint, recover: boolean): Promise<void> {
    const when = `${at.point} (${at.passes})`;
    await this.#refreshKeys();
    if (keyPoints.includes(at.point)) {
      // A change that is still under way would be ended instead of a new one begun.
      await this.recover(`before ${when}`);
      this.vkeys.push(await prepareNextKey(this.dataDir, origin, 3_600_000));
    }
    const { url: databaseUrl } = this.database;
    const { vkey = '', url = '' } = this.#witness ?? {};
    const { dataDir, people } = this;
    this.acknowledged.push(
      ...(await runUntilKilled({ ...at, databaseUrl, dataDir, people, witness: { vkey, url } })),
    );
    // What anybody could see at the moment of the crash.
    await this.#follow(`${when}, as it fell`);
    if (recover) await this.recover(when);
  }

  async recover(when: string): Promise<void> {
    const keys = await this.#refreshKeys();
    const { pool } = this.database;
    const sequencer = await startSequencer({
      connection: pool.options,
      dataDir: this.dataDir,
      key: keys,
      sources,
      log: silent,
      pauseMs: 20,
    });
    // What the killed process had sent and nobody was told of, the database may still carry out: it comes a moment later, and no leaf stays.
    let counts = await this.#flushed(sequencer);
    for (let again = 0; again < 100 && counts.waiting > 0; again += 1) {
      await sleep(50);
      counts = await this.#flushed(sequencer);
    }
    await sequencer.stop();
    await this.#refreshKeys();
    await this.#follow(`${when}, after the restart`);
    for (const { entryId } of this.acknowledged)
      assert.ok(this.follower.entryIds.has(entryId), `${when}: an acknowledged entry is not in the log`);
    assert.deepEqual(
      [counts.waiting, counts.leaves],
      [0, counts.entries],
      `${when}: as many leaves as entries`,
    );
    await this.#assertWritten(when);
    const refused = this.told.filter(({ verdict }) => verdict !== 'cosign' && verdict !== 'other-size');
    assert.deepEqual(refused, [], `${when}: the witness saw one history`);
  }

  async #flushed(sequencer: {
    flush(): Promise<unknown>;
  }): Promise<{ entries: number; leaves: number; waiting: number }> {
    await sequencer.flush();
    const { rows } = await this.database.pool.query<{ entries: number; leaves: number; waiting: number }>(
      `select (select count(*)::int from entry) as entries, (select count(*)::int from log_leaf) as leaves,
              (select count(*)::int from pending_leaf) as waiting`,
    );
    const [row] = rows;
    assert.ok(row);
    return row;
  }

  async #assertWritten(when: string): Promise<void> {
    const { rows } = await this.database.pool.query<{ id: string; digest: string }>(
      `select entry_id as id, encode(sha256(convert_to(content, 'UTF8')), 'base64') as digest from resource
       union all
       select entry_id, encode(sha256(convert_to(content, 'UTF8')), 'base64') from resource_history`,
    );
    const stored = new Map(rows.map(({ id, digest }) => [id, digest]));
    assert.equal(stored.size, rows.length, `${when}: each version once`);
    for (const { entryId, digest } of this.acknowledged)
      if (digest !== undefined)
        assert.equal(stored.get(entryId), digest, `${when}: an acknowledged version is as it was`);
  }

  async #follow(when: string): Promise<void> {
    const { pool } = this.database;
    const { rows } = await pool.query<{ note: string }>('select note from log_key_change order by position');
    const chain = followKeyChain(
      this.firstKey,
      rows.map(({ note }) => note),
    );
    assert.ok(chain.ok);
    await this.follower.follow(pool, chain.tenures, when);
  }

  async #refreshKeys(): Promise<LogKeys> {
    const keys = await openLogKey(this.dataDir, origin, false);
    this.vkeys = [...new Set([...this.vkeys, ...keys.allVkeys()])];
    return keys;
  }

  #folder(name: string): string {
    const folder = mkdtempSync(join(tmpdir(), `medallion-${name}-`));
    this.#folders.push(folder);
    return folder;
  }
}

describe('kill -9 at named points', () => {
  const lanes = [new Lane(), new Lane()];
  after(async () => {
    for (const lane of lanes) await lane.close();
    rmSync(compiled, { recursive: true, force: true });
  });

  const rounds = roundsOf();
  test(`${rounds.length} rounds: nothing acknowledged is lost or doubled, nothing seen outside is taken back`, async () => {
    assert.ok(rounds.length >= 200);
    const waiting = [...rounds];
    await Promise.all(
      lanes.map(async (lane) => {
        await lane.open();
        for (let count = 1, round = waiting.shift(); round; round = waiting.shift(), count++)
          // Every third start meets what two crashes, one upon the other, have left.
          await lane.round(round, count % 3 !== 0);
        await lane.recover('in the end');
        assert.ok(lane.acknowledged.length > 200, `${lane.acknowledged.length} were acknowledged`);
        assert.ok(lane.told.some(({ verdict }) => verdict === 'cosign'));
      }),
    );
  });
});
