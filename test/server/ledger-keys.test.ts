// The log's key and the cards' key replaced: at work, beside a server, cut off at every step. Old proofs and printed cards stay good, the
// old key signs nothing after its time, and the change itself is an entry of the log, once.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { decodeBase64 } from '../../core/ledger/base64.ts';
import { openCheckpoint, parseCheckpoint } from '../../core/ledger/checkpoint.ts';
import { commitmentOf } from '../../core/ledger/commitment.ts';
import { followKeyChain, openCheckpointOfChain } from '../../core/ledger/key-chain.ts';
import { decodeLeaf } from '../../core/ledger/leaf.ts';
import { parseNote } from '../../core/ledger/note.ts';
import { parseVerifierKey } from '../../core/ledger/verifier-key.ts';
import { makeBlankBatch } from '../../server/card/blank-batch.ts';
import { openCardRoom } from '../../server/card/card-room.ts';
import { addCardKey, openCardKey, readCardKeys } from '../../server/card/card-key.ts';
import { rotateCardKey } from '../../server/card/rotate-card-key.ts';
import { prepareNextKey } from '../../server/ledger/key-rotation.ts';
import type { LogKeys } from '../../server/ledger/log-key.ts';
import { openLogKey } from '../../server/ledger/log-key.ts';
import type { Sequencer, SequencerPoint } from '../../server/ledger/sequencer.ts';
import { startSequencer } from '../../server/ledger/sequencer.ts';
import { createEntryQueue } from '../../server/storage/entry-queue.ts';
import { sealEntry } from '../../server/storage/sealed-entry.ts';
import type { Person } from '../harness/client.ts';
import { newClient, signUp } from '../harness/client.ts';
import type { FreshDatabase } from '../harness/database.ts';
import { freshDatabase } from '../harness/database.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const day = 24 * 3600 * 1000;
const origin = 'log.test/log';
const never = 3_600_000;

describe('the log’s key', () => {
  let database: FreshDatabase;
  let dataDir: string;
  let first: string;
  let nowMs = Date.UTC(2026, 0, 1);
  let running: Sequencer[] = [];
  const folders: string[] = [];
  const sources = { now: () => nowMs, randomBytes: (count: number) => randomBytes(count) };

  beforeEach(async () => {
    database = await freshDatabase();
    dataDir = mkdtempSync(join(tmpdir(), 'medallion-keys-'));
    folders.push(dataDir);
    first = (await openLogKey(dataDir, origin, true)).vkey;
    nowMs = Date.UTC(2026, 0, 1);
    running = [];
  });
  afterEach(async () => {
    for (const sequencer of running) await sequencer.stop();
    await database.drop();
  });
  after(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  /** A process of its own: it knows of the keys what the folder says. */
  async function start(at?: (point: SequencerPoint) => void): Promise<Sequencer & { keys: LogKeys }> {
    const keys = await openLogKey(dataDir, origin, false);
    const sequencer = await startSequencer({
      connection: database.pool.options,
      dataDir,
      key: keys,
      sources,
      log: silent,
      pauseMs: never,
      ...(at ? { at } : {}),
    });
    running.push(sequencer);
    return { ...sequencer, keys };
  }

  async function storeEntry(): Promise<void> {
    const who = { role: 'system' } as const;
    await createEntryQueue(database.pool).store(
      sealEntry('', { event: 'read', outcome: 'done', who, basis: 'self' }, sources),
    );
  }

  async function rows<T>(text: string): Promise<T[]> {
    return (await database.pool.query(text)).rows as T[];
  }
  const checkpoints = async () =>
    (await rows<{ note: string }>('select note from log_checkpoint order by size')).map(({ note }) => note);
  const changes = async () =>
    (await rows<{ note: string }>('select note from log_key_change order by position')).map(
      ({ note }) => note,
    );

  /** Whoever knows the first key, or any later one, can judge every checkpoint there is. */
  async function assertChain(current: string, count: number): Promise<void> {
    const notes = await changes();
    assert.equal(notes.length, count);
    const logged = await rows(
      `select from log_key_change c join entry e on e.patient_id = '' and e.entry_id = c.entry_id
         join log_leaf l on l.entry_id = c.entry_id`,
    );
    assert.equal(logged.length, count, 'each change is an entry and a leaf, once');
    assert.equal(
      (await rows(`select from entry where statement like '%"event":"key"%'`)).length,
      count,
      'and there is no other',
    );
    for (const trusted of [first, current]) {
      const chain = followKeyChain(trusted, notes);
      assert.ok(chain.ok);
      for (const note of await checkpoints())
        assert.equal(openCheckpointOfChain(note, chain.tenures).ok, true, note);
    }
  }

  test('is replaced between two checkpoints; both sign until the overlap ends, then the old one is gone', async () => {
    const sequencer = await start();
    for (let made = 0; made < 3; made++) await storeEntry();
    await sequencer.flush();
    const second = await prepareNextKey(dataDir, origin, 10 * day);
    await sequencer.flush();
    assert.equal(sequencer.keys.vkey, second);
    await assertChain(second, 1);
    const [newest = ''] = (await checkpoints()).slice(-1);
    for (const vkey of [first, second]) assert.ok(openCheckpoint(newest, [parseVerifierKey(vkey)]).ok);

    nowMs += 11 * day;
    await storeEntry();
    await sequencer.flush();
    const [late = ''] = (await checkpoints()).slice(-1);
    assert.equal(parseNote(late).signatures.length, 1);
    assert.ok(!openCheckpoint(late, [parseVerifierKey(first)]).ok);
    await sequencer.flush();
    const file = readFileSync(join(dataDir, 'keys', 'log-key.json'), 'utf8');
    assert.equal(file.match(/PRIVATE KEY-----\\n/g)?.length, 2, 'one private key: begin and end');
    assert.ok(!existsSync(join(dataDir, 'keys', 'log-key-next.json')));

    const third = await prepareNextKey(dataDir, origin, 0);
    await sequencer.flush();
    await storeEntry();
    await sequencer.flush();
    await assertChain(third, 2);
  });

  test('the statement in the log names exactly the note, and its leaf commits to it', async () => {
    const sequencer = await start();
    await prepareNextKey(dataDir, origin, day);
    await sequencer.flush();
    const [row] = await rows<{ note: string; statement: string; salt: Buffer; leaf: Buffer }>(
      `select c.note, e.statement, e.salt, l.leaf from log_key_change c
         join entry e on e.patient_id = '' and e.entry_id = c.entry_id join log_leaf l on l.entry_id = c.entry_id`,
    );
    assert.ok(row);
    const { detail } = JSON.parse(row.statement) as { detail: Record<string, string> };
    assert.equal(detail['note'], createHash('sha256').update(row.note).digest('base64'));
    assert.deepEqual(decodeLeaf(row.leaf).commitment, commitmentOf(row.statement, row.salt));
  });

  const points: SequencerPoint[] = [
    'before-key-file',
    'after-key-file',
    'after-key-change',
    'after-next-key-removed',
    'before-mark',
    'after-mark',
    'after-publish',
  ];
  for (const point of points)
    for (const how of ['an error', 'the end of the process'])
      test(`${how} ${point} of a change leaves one change, and every checkpoint good`, async () => {
        let armed = false;
        const sequencer = await start((here) => {
          if (!armed || here !== point) return;
          armed = false;
          throw new Error('broken on purpose');
        });
        await storeEntry();
        await sequencer.flush();
        const second = await prepareNextKey(dataDir, origin, day);
        await storeEntry();
        armed = true;
        await assert.rejects(sequencer.flush(), /broken on purpose/);
        if (how !== 'an error') await sequencer.stop();
        const heir = how === 'an error' ? sequencer : await start();
        await heir.flush();
        await storeEntry();
        await heir.flush();
        assert.equal(heir.keys.vkey, second);
        await assertChain(second, 1);
      });

  test('a second wish while one is under way does not replace it', async () => {
    const one = await prepareNextKey(dataDir, origin, day);
    assert.equal(await prepareNextKey(dataDir, origin, day), one);
    const sequencer = await start();
    await sequencer.flush();
    await assertChain(one, 1);
  });

  test('LOG-08 what the old key signs after its time is refused by whoever follows the chain', async () => {
    const keptOld = readFileSync(join(dataDir, 'keys', 'log-key.json'), 'utf8');
    const sequencer = await start();
    await storeEntry();
    await sequencer.flush();
    await prepareNextKey(dataDir, origin, 0);
    await sequencer.flush();
    const chain = followKeyChain(first, await changes());
    assert.ok(chain.ok);
    // A thief with the old key and a copy of the log goes on by himself.
    await sequencer.stop();
    running = [];
    const thiefDir = mkdtempSync(join(tmpdir(), 'medallion-thief-'));
    folders.push(thiefDir);
    await openLogKey(thiefDir, origin, true);
    writeFileSync(join(thiefDir, 'keys', 'log-key.json'), keptOld);
    dataDir = thiefDir;
    const thief = await start();
    await storeEntry();
    await thief.flush();
    const [forged = ''] = (await checkpoints()).slice(-1);
    assert.ok(openCheckpoint(forged, [parseVerifierKey(first)]).ok, 'the signature itself is good');
    assert.deepEqual(openCheckpointOfChain(forged, chain.tenures), {
      ok: false,
      reason: 'signed-by-retired-key',
    });
  });
});

describe('keys of a server at work', () => {
  let server: TestServer;
  let asha: Person;
  before(async () => {
    server = await startServer();
    asha = await signUp(server.url);
  });
  after(() => server.stop());

  test('`rotate-keys` beside it changes both; the log, its keys and a printed card go on', async () => {
    const stranger = newClient(server.url);
    const old = (await stranger.get('/log/vkey')).text.trim();
    await server.sequencer.flush();
    const oldCheckpoint = (await stranger.get('/log/checkpoint')).text;
    const issued = await asha.call('POST', '/api/emergency-card', { body: {} });
    assert.ok(issued.status < 300, issued.text);
    const cardUrl = async () => (await asha.get('/api/emergency-card')).json<{ url: string }>().url;
    const printed = await cardUrl();

    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(import.meta.dirname, '../../server/admin.ts'), 'rotate-keys', '--overlap-days', '7'],
      {
        env: {
          PATH: process.env['PATH'] ?? '',
          NODE_ENV: 'test',
          DATA_DIR: server.dataDir,
          DATABASE_URL: server.databaseUrl,
          PUBLIC_URL: server.url,
        },
      },
    );
    assert.match(stdout, /The log's new key: \S+\+[0-9a-f]{8}\+/);
    assert.match(stdout, /The cards have a new key. 1 tokens were sealed anew/);

    const vkey = (await stranger.get('/log/vkey')).text.trim();
    assert.notEqual(vkey, old);
    const { current, changes } = (await stranger.get('/log/keys')).json<{
      current: string;
      changes: { note: string; entryId: string; leafIndex: number; statement: string; salt: string }[];
    }>();
    assert.equal(current, vkey);
    const chain = followKeyChain(
      old,
      changes.map(({ note }) => note),
    );
    assert.ok(chain.ok);
    const newest = (await stranger.get('/log/checkpoint')).text;
    assert.ok(
      parseCheckpoint(parseNote(newest).text).size > parseCheckpoint(parseNote(oldCheckpoint).text).size,
    );
    for (const note of [oldCheckpoint, newest]) assert.ok(openCheckpointOfChain(note, chain.tenures).ok);
    const leaf = await stranger.get(`/log/leaf/${changes[0]?.leafIndex}`);
    assert.deepEqual(
      decodeLeaf(new Uint8Array(leaf.bytes)).commitment,
      commitmentOf(changes[0]?.statement ?? '', decodeBase64(changes[0]?.salt ?? '')),
    );

    assert.equal(await cardUrl(), printed, 'the running server opens what was sealed anew');
    assert.equal((await stranger.get(new URL(printed).pathname)).status, 200);
  });

  test('a change of the card key that is cut off anywhere is ended by the next, and nothing is lost', async () => {
    const { deps } = server;
    const printed = (await asha.get('/api/emergency-card')).json<{ url: string }>().url;
    const sealed = async () =>
      (
        await server.pool.query<{ sealed: Buffer; hash: Buffer }>(
          'select sealed_token as sealed, token_hash as hash from card',
        )
      ).rows;
    // Cut off before anything was sealed anew.
    await addCardKey(server.dataDir);
    assert.equal((await asha.get('/api/emergency-card')).json<{ url: string }>().url, printed);
    const ended = await rotateCardKey(deps);
    assert.deepEqual([ended.changed, ended.resealed > 0 || ended.keptForBlanks === 0], [false, true]);
    const [present] = await readCardKeys(server.dataDir);
    for (const { sealed: bytes, hash } of await sealed()) assert.ok(present?.open(bytes, hash));
    // And a whole one.
    const whole = await rotateCardKey(deps);
    assert.equal(whole.changed, true);
    assert.equal((await readCardKeys(server.dataDir)).length, 1, 'no old key is kept without need');
    assert.equal((await asha.get('/api/emergency-card')).json<{ url: string }>().url, printed);
  });

  test('a pre-printed card of the old key is still claimed after the change', async () => {
    const room = await openCardRoom(server.deps);
    const { cards } = await makeBlankBatch(room, { count: 2, label: '', who: { role: 'operator' } });
    const rotated = await rotateCardKey(server.deps);
    assert.equal(rotated.keptForBlanks, 1);
    const claimed = await asha.call('POST', '/api/emergency-card/claim', {
      body: { claimCode: cards[0]?.claimCode },
    });
    assert.ok(claimed.status < 300, claimed.text);
    assert.ok(await openCardKey(server.dataDir));
  });
});
