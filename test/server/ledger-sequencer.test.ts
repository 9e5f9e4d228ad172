// The sequencer broken at each of its points, beside a rival, on a database that lost something: there is never a second root for a
// size, no acknowledged entry is lost, and none is in the log twice.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, beforeEach, describe, test } from 'node:test';
import { openCheckpoint } from '../../core/ledger/checkpoint.ts';
import { decodeLeaf } from '../../core/ledger/leaf.ts';
import { equalBytes, leafHash, rootOfLeafHashes } from '../../core/ledger/tree.ts';
import { parseVerifierKey } from '../../core/ledger/verifier-key.ts';
import type { LogKeys } from '../../server/ledger/log-key.ts';
import { LogKeyMissingError, openLogKey } from '../../server/ledger/log-key.ts';
import type { Sequencer, SequencerPoint } from '../../server/ledger/sequencer.ts';
import { startSequencer } from '../../server/ledger/sequencer.ts';
import {
  LogBehindError,
  MarkDamagedError,
  advanceMark,
  markPath,
  readMark,
} from '../../server/ledger/signed-mark.ts';
import { createEntryQueue } from '../../server/storage/entry-queue.ts';
import { insertPerson } from '../../server/storage/people.ts';
import { sealEntry } from '../../server/storage/sealed-entry.ts';
import type { FreshDatabase } from '../harness/database.ts';
import { freshDatabase } from '../harness/database.ts';
import { until } from '../harness/servers.ts';

const points: SequencerPoint[] = [
  'before-commit',
  'after-commit',
  'before-mark',
  'after-mark',
  'after-publish',
];
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const sources = { now: Date.now, randomBytes: (count: number) => randomBytes(count) };
/** So long that only what a test asks for happens. */
const never = 3_600_000;

describe('the sequencer', () => {
  let database: FreshDatabase;
  let dataDir: string;
  let key: LogKeys;
  let running: Sequencer[] = [];
  /** Ids of all entries whose storing was acknowledged. */
  let acknowledged: string[] = [];
  const folders: string[] = [];

  beforeEach(async () => {
    database = await freshDatabase();
    dataDir = mkdtempSync(join(tmpdir(), 'medallion-log-'));
    folders.push(dataDir);
    key = await openLogKey(dataDir, 'log.test/log', true);
    running = [];
    acknowledged = [];
    for (const patientId of ['one', 'two'])
      await insertPerson(database.pool, {
        patientId,
        uhid: patientId === 'one' ? '10000000000001' : '10000000000002',
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

  async function start(
    at?: (point: SequencerPoint) => void | Promise<void>,
    pauseMs = never,
  ): Promise<Sequencer> {
    const sequencer = await startSequencer({
      connection: database.pool.options,
      dataDir,
      key,
      sources,
      log: silent,
      pauseMs,
      ...(at ? { at } : {}),
    });
    running.push(sequencer);
    return sequencer;
  }

  /** Stores looks at both people and at nobody. */
  async function storeEntries(count: number): Promise<void> {
    const queue = createEntryQueue(database.pool);
    await Promise.all(
      Array.from({ length: count }, async (_, index) => {
        const who = { role: 'system' } as const;
        const entry = sealEntry(
          ['one', 'two', ''][index % 3] ?? '',
          { event: 'read', outcome: 'done', who, basis: 'self' },
          sources,
        );
        await queue.store(entry);
        acknowledged.push(entry.entryId);
      }),
    );
  }

  async function rows<T>(text: string): Promise<T[]> {
    return (await database.pool.query(text)).rows as T[];
  }

  /** Everything that must hold whatever happened; `settled` also that nothing waits and the newest root is signed. */
  async function assertSound(settled = true): Promise<void> {
    const leaves = await rows<{
      leafIndex: number;
      entryId: string;
      pseudonym: Buffer;
      seq: number;
      leaf: Buffer;
    }>(
      `select leaf_index as "leafIndex", entry_id as "entryId", pseudonym, seq::int, leaf from log_leaf order by leaf_index`,
    );
    leaves.forEach(({ leafIndex }, index) => assert.equal(leafIndex, index, 'no gap'));
    const waiting = (await rows<{ id: string }>('select entry_id as id from pending_leaf')).map(
      ({ id }) => id,
    );
    const known = [...leaves.map(({ entryId }) => entryId), ...waiting];
    assert.deepEqual(
      known.toSorted(),
      acknowledged.toSorted(),
      'each acknowledged entry once, logged or waiting',
    );

    const chains = new Map<string, { seq: number; hash: Uint8Array }>();
    for (const { pseudonym, seq, leaf } of leaves) {
      const name = pseudonym.toString('hex');
      const before = chains.get(name) ?? { seq: 0, hash: new Uint8Array(32) };
      const decoded = decodeLeaf(leaf);
      assert.deepEqual([seq, decoded.seq], [before.seq + 1, before.seq + 1], 'chains count without gap');
      assert.ok(equalBytes(decoded.prev, before.hash), 'each leaf names the one before');
      chains.set(name, { seq, hash: leafHash(leaf) });
    }
    const hashes = leaves.map(({ leaf }) => leafHash(leaf));
    const verifierKey = parseVerifierKey(key.vkey);
    const checkpoints = await rows<{ size: number; root: Buffer; note: string }>(
      'select size::int, root, note from log_checkpoint order by size',
    );
    for (const { size, root, note } of checkpoints) {
      const opened = openCheckpoint(note, [verifierKey]);
      assert.ok(opened.ok && opened.checkpoint.size === size);
      assert.ok(equalBytes(opened.checkpoint.root, root));
      assert.ok(
        equalBytes(rootOfLeafHashes(hashes.slice(0, size)), root),
        `the root signed at ${size} still holds`,
      );
    }
    const mark = await readMark(dataDir);
    if (mark && mark.size > 0)
      assert.ok(
        equalBytes(rootOfLeafHashes(hashes.slice(0, mark.size)), mark.root),
        'what was signed last holds',
      );
    if (!settled) return;
    assert.deepEqual(waiting, []);
    assert.equal(checkpoints.at(-1)?.size, leaves.length);
    assert.equal(mark?.size, leaves.length);
  }

  for (const point of points) {
    test('what comes while a round is at work waits for the next: a steady stream costs a round for each pause, not one after the other', async () => {
      let rounds = 0;
      const sequencer = await start(async (point) => {
        if (point !== 'after-commit') return;
        rounds++;
        // Ends by itself, so that the rule and not this test's patience is what fails.
        if (rounds < 20) await storeEntries(3);
      });
      await storeEntries(3);
      await sequencer.flush();
      assert.equal(rounds, 1);
      await sequencer.flush();
      assert.equal(rounds, 2);
      await assertSound(false);
    });

    test(`an error ${point} loses nothing and signs nothing twice; the next round goes on`, async () => {
      let armed = false;
      const sequencer = await start((here) => {
        if (!armed || here !== point) return;
        armed = false;
        throw new Error('broken on purpose');
      });
      await storeEntries(7);
      await sequencer.flush();
      for (let round = 0; round < 3; round++) {
        await storeEntries(5);
        armed = true;
        await assert.rejects(sequencer.flush(), /broken on purpose/);
        await assertSound(false);
        await sequencer.flush();
        await assertSound();
      }
    });

    test(`a process that dies ${point} is followed by another that ends its work`, async () => {
      const reached = Promise.withResolvers<void>();
      const release = Promise.withResolvers<void>();
      let armed = false;
      const dying = await start(async (here) => {
        if (!armed || here !== point) return;
        reached.resolve();
        await release.promise;
      });
      await storeEntries(7);
      await dying.flush();
      await storeEntries(6);
      armed = true;
      const last = dying.flush().catch(() => undefined);
      await reached.promise;
      await cutConnections();
      const heir = await start();
      await storeEntries(4);
      await heir.flush();
      await assertSound();
      // The dead one stirs once more: whatever it still does must change nothing.
      release.resolve();
      await last;
      await assertSound(false);
      await storeEntries(3);
      await heir.flush();
      await assertSound();
    });
  }

  /** Ends the sequencer's connections as a crash of its process would. */
  async function cutConnections(): Promise<void> {
    await database.pool.query(
      `select pg_terminate_backend(l.pid) from pg_locks l join pg_stat_activity a using (pid)
        where l.locktype = 'advisory' and a.datname = current_database() and l.pid <> pg_backend_pid()`,
    );
  }

  const holders = async () =>
    (
      await rows(
        `select distinct l.pid from pg_locks l join pg_database d on d.oid = l.database
          where l.locktype = 'advisory' and l.granted and d.datname = current_database()`,
      )
    ).length;

  test('of two only one works; when it stops the other takes over', async () => {
    const first = await start();
    const second = await start(undefined, 20);
    await storeEntries(30);
    await Promise.all([first.flush(), second.flush()]);
    await assertSound();
    assert.equal(await holders(), 1);
    await first.stop();
    await storeEntries(30);
    await second.flush();
    await assertSound();
    assert.equal(await holders(), 1);
  });

  test('flush of one that only watches waits until the other has signed', async () => {
    const gate = Promise.withResolvers<void>();
    let held = false;
    const worker = await start(async (point) => {
      if (held && point === 'before-mark') await gate.promise;
    });
    const watcher = await start(undefined, 20);
    await storeEntries(3);
    held = true;
    const working = worker.flush();
    let settled = false;
    const watching = watcher.flush().then(() => {
      settled = true;
    });
    await storeEntries(1);
    assert.equal(settled, false);
    gate.resolve();
    await working;
    await worker.flush();
    await watching;
    await assertSound();
  });

  test('a lost connection is opened again by itself', async () => {
    const sequencer = await start(undefined, 10);
    await storeEntries(5);
    await sequencer.flush();
    for (let round = 0; round < 3; round++) {
      await cutConnections();
      await storeEntries(5);
      // The round that meets the dead connection may fail; the loop goes on.
      await until(() =>
        sequencer.flush().then(
          () => true,
          () => false,
        ),
      );
      await assertSound();
    }
  });

  test('entries stored while rounds run are all in the log in the end', async () => {
    const sequencer = await start(undefined, 1);
    await Promise.all([storeEntries(300), storeEntries(300), storeEntries(300)]);
    await sequencer.flush();
    await assertSound();
  });

  test('a database that holds less than was signed, or something else, is not continued', async () => {
    const sequencer = await start();
    await storeEntries(20);
    await sequencer.flush();
    await sequencer.stop();
    running = [];
    const signed = readFileSync(markPath(dataDir), 'utf8');
    const mark = await readMark(dataDir);
    assert.equal(mark?.size, 20);
    const root = Buffer.from(mark.root).toString('base64');
    const otherRoot = randomBytes(32).toString('base64');
    for (const other of [
      { size: 21, root },
      { size: 2 ** 40, root },
      { size: 20, root: otherRoot },
      { size: 13, root },
    ]) {
      writeFileSync(markPath(dataDir), JSON.stringify(other));
      await assert.rejects(start(), LogBehindError);
    }
    writeFileSync(markPath(dataDir), signed);
    await (await start()).stop();
    running = [];
    await assertSound();

    // As after putting back a copy from before the first entry.
    await database.pool.query('truncate log_leaf, log_chain, log_tile, log_head, log_checkpoint');
    await assert.rejects(start(), (error) => {
      assert.ok(error instanceof LogBehindError);
      assert.match(error.message, /signed at 20 entries.*Restore the newest copy/s);
      return true;
    });
    assert.deepEqual(await rows('select * from log_checkpoint'), [], 'nothing was signed');
    assert.equal(readFileSync(markPath(dataDir), 'utf8'), signed);
  });

  test('tiles that do not give the head’s root are not continued', async () => {
    const sequencer = await start();
    await storeEntries(9);
    await sequencer.flush();
    await sequencer.stop();
    running = [];
    await database.pool.query(
      'update log_tile set hashes = set_byte(hashes, 40, get_byte(hashes, 40) # 1) where level = 0 and tile_index = 0',
    );
    await assert.rejects(start(), LogBehindError);
  });

  test('the mark never goes back and never takes a second root for a size', async () => {
    const root = randomBytes(32);
    await advanceMark(dataDir, { size: 5, root });
    await advanceMark(dataDir, { size: 5, root });
    await assert.rejects(advanceMark(dataDir, { size: 5, root: randomBytes(32) }), LogBehindError);
    await assert.rejects(advanceMark(dataDir, { size: 4, root }), LogBehindError);
    assert.deepEqual(await readMark(dataDir), { size: 5, root: new Uint8Array(root) });
  });

  test('whatever a crash leaves of the mark that was being written, the one before it stands', async () => {
    const roots = [randomBytes(32), randomBytes(32), randomBytes(32)] as const;
    await advanceMark(dataDir, { size: 5, root: roots[0] });
    for (const length of [0, 1, 20, 60, 4095, 4096]) {
      rmSync(markPath(dataDir));
      await advanceMark(dataDir, { size: 5, root: roots[0] });
      await advanceMark(dataDir, { size: 9, root: roots[1] });
      const whole = readFileSync(markPath(dataDir));
      const from = whole.indexOf('{"size":9');
      writeFileSync(markPath(dataDir), whole.fill('\0', from + length, from + 4096));
      const kept = length < 4096 ? { size: 5, root: roots[0] } : { size: 9, root: roots[1] };
      assert.deepEqual(await readMark(dataDir), { ...kept, root: new Uint8Array(kept.root) }, `${length}`);
      await advanceMark(dataDir, { size: 12, root: roots[2] });
      await assert.rejects(advanceMark(dataDir, { size: 9, root: roots[1] }), LogBehindError);
    }
    writeFileSync(markPath(dataDir), Buffer.alloc(8192));
    await assert.rejects(readMark(dataDir), MarkDamagedError);
  });

  test('a log that was signed is not continued under a new key', async () => {
    rmSync(join(dataDir, 'keys'), { recursive: true });
    await assert.rejects(openLogKey(dataDir, 'log.test/log', false), LogKeyMissingError);
  });

  test('the key and the name are kept, and the key is nobody else’s to read', async () => {
    const again = await openLogKey(dataDir, 'another.test/log', false);
    assert.deepEqual([again.vkey, again.origin], [key.vkey, 'log.test/log']);
    assert.equal(statSync(join(dataDir, 'keys', 'log-key.json')).mode & 0o077, 0);
  });
});
