// Every operation of the sequencer on its store broken twice: failed, and stored although it was reported as failed. Whatever is broken,
// no acknowledged entry is lost or doubled, and what was signed is never signed otherwise.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, beforeEach, describe, test } from 'node:test';
import pg from 'pg';
import { followKeyChain } from '../../core/ledger/key-chain.ts';
import { openCheckpoint } from '../../core/ledger/checkpoint.ts';
import { parseVerifierKey } from '../../core/ledger/verifier-key.ts';
import { prepareNextKey } from '../../server/ledger/key-rotation.ts';
import { openLogKey } from '../../server/ledger/log-key.ts';
import type { Sequencer } from '../../server/ledger/sequencer.ts';
import { startSequencer } from '../../server/ledger/sequencer.ts';
import type { MarkStore } from '../../server/ledger/signed-mark.ts';
import { LogBehindError, markFile, markPath, MarkDamagedError } from '../../server/ledger/signed-mark.ts';
import { createEntryQueue } from '../../server/storage/entry-queue.ts';
import { insertPerson } from '../../server/storage/people.ts';
import { sealEntry } from '../../server/storage/sealed-entry.ts';
import type { FreshDatabase } from '../harness/database.ts';
import { freshDatabase } from '../harness/database.ts';
import { nameOf } from '../harness/fail-point.ts';
import { LogFollower } from '../harness/log-follower.ts';

const origin = 'log.test/log';
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const sources = { now: Date.now, randomBytes: (count: number) => randomBytes(count) };
const never = 3_600_000;

/** In the order in which a start and a round make them. */
const operations = [
  'try-sequencer-lock',
  'find-log-head',
  'find-latest-checkpoint',
  'find-tiles',
  'count-key-changes',
  'BEGIN',
  'take-pending',
  'find-chain-heads',
  'store-leaves',
  'store-tiles',
  'move-log-head',
  'COMMIT',
  'store-checkpoint',
  'store-key-change',
] as const;
const ways = ['failed', 'failed but stored'] as const;
type Way = (typeof ways)[number];

/** Armed: the next statement of this name fails once, in this way. */
interface Breaker {
  armed?: { operation: string; way: Way } | undefined;
  broken: number;
}

class BrokenOnPurpose extends Error {}

class BreakableClient extends pg.Client {
  readonly #breaker: Breaker;
  constructor(connection: pg.ClientConfig, breaker: Breaker) {
    super(connection);
    this.#breaker = breaker;
    const query = this.query.bind(this) as (...given: unknown[]) => Promise<unknown>;
    const watched = async (...given: unknown[]): Promise<unknown> => {
      const { armed } = this.#breaker;
      if (!armed || armed.operation !== nameOf(given[0])) return query(...given);
      this.#breaker.armed = undefined;
      this.#breaker.broken += 1;
      if (armed.way === 'failed but stored') await query(...given);
      throw new BrokenOnPurpose(armed.operation);
    };
    this.query = watched as unknown as pg.Client['query'];
  }
}

describe('the sequencer on a store that breaks', () => {
  let database: FreshDatabase;
  let dataDir: string;
  let breaker: Breaker;
  let acknowledged: string[];
  let follower: LogFollower;
  let firstKey: string;
  let running: Sequencer[];
  const folders: string[] = [];

  beforeEach(async () => {
    database = await freshDatabase();
    dataDir = mkdtempSync(join(tmpdir(), 'medallion-broken-'));
    folders.push(dataDir);
    firstKey = (await openLogKey(dataDir, origin, true)).vkey;
    breaker = { broken: 0 };
    acknowledged = [];
    follower = new LogFollower();
    running = [];
    await insertPerson(database.pool, {
      patientId: 'one',
      uhid: '10000000000001',
      pseudonym: randomBytes(16),
      createdAtMs: 0,
    });
  });
  afterEach(async () => {
    for (const sequencer of running) await sequencer.stop();
    await database.drop();
  });
  after(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  async function start(mark?: MarkStore): Promise<Sequencer> {
    const sequencer = await startSequencer({
      connection: database.pool.options,
      connect: (connection) => new BreakableClient(connection, breaker),
      dataDir,
      key: await openLogKey(dataDir, origin, false),
      sources,
      log: silent,
      pauseMs: never,
      ...(mark ? { mark } : {}),
    });
    running.push(sequencer);
    return sequencer;
  }

  async function storeEntries(count: number): Promise<void> {
    const queue = createEntryQueue(database.pool);
    for (let made = 0; made < count; made++) {
      const entry = sealEntry(
        made % 2 === 0 ? 'one' : '',
        { event: 'read', outcome: 'done', who: { role: 'system' }, basis: 'self' },
        sources,
      );
      await queue.store(entry);
      acknowledged.push(entry.entryId);
    }
  }

  async function assertSound(when: string, keyChanges = 0): Promise<void> {
    const { pool } = database;
    const { rows: changes } = await pool.query<{ note: string }>(
      'select note from log_key_change order by position',
    );
    const chain = followKeyChain(
      firstKey,
      changes.map(({ note }) => note),
    );
    assert.ok(chain.ok);
    await follower.follow(pool, chain.tenures, when);
    const { rows: waiting } = await pool.query<{ id: string }>('select entry_id as id from pending_leaf');
    // In the log, but not yet under a signature.
    const { rows: placed } = await pool.query<{ id: string }>('select entry_id as id from log_leaf');
    const known = new Set([...placed, ...waiting].map(({ id }) => id));
    for (const entryId of acknowledged)
      assert.ok(known.has(entryId), `${when}: an acknowledged entry is lost`);
    const { rows: doubled } = await pool.query('select from pending_leaf join log_leaf using (entry_id)');
    assert.equal(doubled.length, 0, `${when}: an entry waits and stands in the log`);
    assert.ok(changes.length <= keyChanges, `${when}: a change of keys is there once`);
  }

  for (const way of ways)
    test(`every operation ${way}: the next round goes on, through ${operations.length} of them`, async () => {
      let sequencer = await start();
      for (const [at, operation] of operations.entries()) {
        const changes = at + 1;
        await storeEntries(3);
        await sequencer.flush();
        await assertSound(`before ${operation}`, at);
        await prepareNextKey(dataDir, origin, never);
        await storeEntries(2);
        if (at <= operations.indexOf('count-key-changes')) {
          await sequencer.flush();
          await storeEntries(2);
          await sequencer.stop();
          breaker.armed = { operation, way };
          await assert.rejects(start(), BrokenOnPurpose, operation);
          await assertSound(`${operation} broken at the start`, changes);
          sequencer = await start();
        } else {
          breaker.armed = { operation, way };
          await assert.rejects(sequencer.flush(), BrokenOnPurpose, operation);
          await assertSound(`${operation} broken`, changes);
        }
        assert.equal(breaker.broken, changes, `${operation} was reached`);
        await sequencer.flush();
        await assertSound(`${operation} mended`, changes);
        assert.equal(
          follower.size,
          acknowledged.length + changes,
          'each entry once, and the changes of keys',
        );
      }
    });

  for (const way of ways)
    test(`the mark ${way}: the same is signed in the next round, and nothing else`, async () => {
      const file = markFile(dataDir);
      let armed = false;
      const sequencer = await start({
        read: () => file.read(),
        async advance(next) {
          if (!armed) return file.advance(next);
          armed = false;
          if (way === 'failed but stored') await file.advance(next);
          throw new BrokenOnPurpose('mark');
        },
      });
      await storeEntries(5);
      await sequencer.flush();
      for (let round = 0; round < 3; round++) {
        await storeEntries(3);
        armed = true;
        await assert.rejects(sequencer.flush(), BrokenOnPurpose);
        await assertSound('broken');
        await storeEntries(2);
        await sequencer.flush();
        await assertSound('mended');
      }
      assert.equal(follower.size, acknowledged.length);
    });

  test('a mark that cannot be read keeps the log from being signed, and says what to do', async () => {
    const sequencer = await start();
    await storeEntries(3);
    await sequencer.flush();
    await sequencer.stop();
    for (const damaged of ['', '{', '{"size":3}', '{"size":-1,"root":""}', '{"size":"3","root":"AAAA"}']) {
      writeFileSync(markPath(dataDir), damaged);
      await assert.rejects(start(), (error) => {
        assert.ok(error instanceof MarkDamagedError, String(error));
        assert.match(error.message, /Put it back from your newest backup/);
        return true;
      });
    }
  });

  test('a copy that was continued elsewhere is not continued here: what a witness holds is enough to know', async () => {
    const sequencer = await start();
    await storeEntries(6);
    await sequencer.flush();
    await sequencer.stop();
    // The mark went back together with the database: only somebody outside knows better.
    const copy = mkdtempSync(join(tmpdir(), 'medallion-copy-'));
    folders.push(copy);
    cpSync(dataDir, copy, { recursive: true });
    const { rows } = await database.pool.query<{ note: string }>(
      'select note from log_checkpoint order by size',
    );
    const seen = rows.map(({ note }) => {
      const opened = openCheckpoint(note, [parseVerifierKey(firstKey)]);
      assert.ok(opened.ok);
      return opened.checkpoint;
    });
    const restart = (marks: readonly { size: number; root: Uint8Array }[]) =>
      openLogKey(copy, origin, false).then((key) =>
        startSequencer({
          connection: database.pool.options,
          dataDir: copy,
          key,
          sources,
          log: silent,
          pauseMs: never,
          signedElsewhere: marks,
        }),
      );
    running.push(await restart(seen));
    await running.at(-1)?.stop();
    for (const wrong of [
      { size: 7, root: randomBytes(32) },
      { size: 6, root: randomBytes(32) },
      { size: 2, root: randomBytes(32) },
      { size: 2 ** 50, root: randomBytes(32) },
    ])
      await assert.rejects(restart([...seen, wrong]), LogBehindError);
    // The same word at work.
    const atWork = await start();
    await storeEntries(2);
    atWork.learnSigned({ size: 100, root: randomBytes(32) });
    await assert.rejects(atWork.flush(), LogBehindError);
    await assert.rejects(atWork.flush(), LogBehindError, 'and it stays so');
    await assertSound('refused');
    assert.equal(follower.size, 6, 'nothing more is signed');
  });

  test('a long queue is worked off in batches, in bounded memory and whole', async () => {
    const count = 12_345;
    await database.pool.query(
      `with made as (
         insert into entry (patient_id, entry_id, kind, recorded_at, statement, salt)
         select '', gen_random_uuid(), 2, now(), '{}', sha256(i::text::bytea) from generate_series(1, $1) i returning entry_id
       )
       insert into pending_leaf (entry_id, pseudonym, kind, time_seconds, commitment)
       select entry_id, substring(sha256((random() * 50)::int::text::bytea) for 16), 2, 1, sha256(entry_id::text::bytea) from made`,
      [count],
    );
    const sequencer = await start();
    await sequencer.flush();
    await assertSound('worked off');
    assert.equal(follower.size, count);
    // The space that was taken away and filled again is not overlooked.
    await database.pool.query('vacuum pending_leaf');
    await storeEntries(20);
    await sequencer.flush();
    await assertSound('and again');
    assert.equal(follower.size, count + 20);
  });
});
