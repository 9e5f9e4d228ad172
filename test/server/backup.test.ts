// Backup, restore and the operator's whole check, by the real commands on real data folders: under load, into an empty place only, with
// everything acknowledged before, nothing that was erased since, and never two histories.
import assert from 'node:assert/strict';
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parseCheckpoint } from '../../core/ledger/checkpoint.ts';
import { parseNote } from '../../core/ledger/note.ts';
import { openLogKey } from '../../server/ledger/log-key.ts';
import { openDatabase } from '../../server/storage/database.ts';
import { runAdmin } from '../harness/admin-process.ts';
import type { Created, Person } from '../harness/client.ts';
import { goodPassword, newClient, signUp } from '../harness/client.ts';
import type { FreshDatabase } from '../harness/database.ts';
import { freshDatabase } from '../harness/database.ts';
import { verifyOverHttp } from '../harness/record.ts';
import { conditionOf } from '../harness/resources.ts';
import { freePort } from '../harness/free-port.ts';
import type { ServerProcess } from '../harness/server-process.ts';
import { startServerProcess } from '../harness/server-process.ts';
import { runVerifier } from '../harness/verifier.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe('CRASH-09 backup, restore and the whole check', () => {
  const top = mkdtempSync(join(tmpdir(), 'medallion-backup-'));
  const place = (name: string) => join(top, name);
  let port: number;
  let server: ServerProcess;
  let external: FreshDatabase;
  const environment = () => ({ DATABASE_URL: external.url });
  let asha: Person;
  let ravi: Person;
  let erased: Created;
  let letter: string;
  /** What was acknowledged before the backup was begun. */
  const acknowledged: Created[] = [];
  let publishedAfter = '';

  before(async () => {
    port = await freePort();
    external = await freshDatabase({ empty: true });
    server = startServerProcess(place('first'), port);
    await server.ready();
    asha = await signUp(server.url, { login: 'asha@example.org', name: 'Asha Rao' });
    ravi = await signUp(server.url, { login: 'ravi@example.org' });
    for (let i = 0; i < 8; i++)
      acknowledged.push(await asha.create(conditionOf(asha.patientId, `Before ${i}`)));
    erased = await ravi.create(conditionOf(ravi.patientId, 'Secretitis “”\\ "quoted"\n{1,NULL}'));
    const file = await asha.call('POST', '/api/files?title=Letter', {
      body: Buffer.from(`%PDF-1.4\n${'x'.repeat(70_000)}`),
      headers: { 'content-type': 'application/pdf' },
    });
    assert.equal(file.status, 201, file.text);
    letter = `/api/files/${file.json<{ fileId: string }>().fileId}`;
  });
  after(async () => {
    await server.stop();
    await external.drop();
    rmSync(top, { recursive: true, force: true });
  });

  test('beside a running server that is written to: one moment, with all that was acknowledged before', async () => {
    const stop = new AbortController();
    const writing = (async () => {
      for (let i = 0; !stop.signal.aborted; i++)
        await ravi.create(conditionOf(ravi.patientId, `During ${i}`));
    })();
    const made = await runAdmin(place('first'), ['backup', '--out', place('backup')]);
    stop.abort();
    await writing;
    assert.equal(made.code, 0, made.out);
    assert.match(made.out, /\d+ rows of \d+ tables, 1 files, .* in [\d.]+ s/);
    assert.match(made.out, /The keys are in it/);
    const whole = await runAdmin(place('first'), ['verify', place('backup')]);
    assert.deepEqual([whole.code, /are what was written/.test(whole.out)], [0, true], whole.out);
    for (const name of readdirSync(place('backup'), { recursive: true, encoding: 'utf8' }))
      assert.ok(!/owner|postgres/.test(name), name);
  });

  test('after it: an erasure, more entries, and the whole check holds on what runs', async () => {
    const gone = await ravi.call('POST', '/api/erasures', {
      body: { scope: 'resource', type: 'Condition', id: erased.id, confirm: 'erase for good' },
    });
    assert.equal(gone.status, 201, gone.text);
    await asha.create(conditionOf(asha.patientId, 'After'));
    const checked = await runAdmin(place('first'), ['verify']);
    assert.equal(checked.code, 0, checked.out);
    assert.match(checked.out, /2 records with \d+ entries and \d+ versions, 1 files/);
    assert.match(checked.out, /Everything holds\./);
    publishedAfter = (await asha.get('/log/checkpoint')).text;
    writeFileSync(place('seen'), publishedAfter);
    await server.stop();
  });

  test('restored elsewhere: the root that was signed, every acknowledged version, files and sign-ins; nothing signed until it starts', async () => {
    const restored = await runAdmin(place('drill'), ['restore', place('backup')]);
    assert.equal(restored.code, 0, restored.out);
    assert.match(restored.out, /with the root that was signed, in [\d.]+ s/);
    assert.match(restored.out, /Erasures after .* are not known/);
    assert.match(restored.out, /be sure that the old server is stopped/);
    const mark = readFileSync(join(place('drill'), 'log/last-signed.json'), 'utf8');
    const checked = await runAdmin(place('drill'), ['verify']);
    assert.equal(checked.code, 0, checked.out);
    assert.equal(
      readFileSync(join(place('drill'), 'log/last-signed.json'), 'utf8'),
      mark,
      'nothing was signed',
    );

    const twice = await runAdmin(place('drill'), ['restore', place('backup')]);
    assert.deepEqual([twice.code, /is not empty/.test(twice.out)], [1, true], twice.out);

    const drill = startServerProcess(place('drill'), port);
    try {
      await drill.ready();
      const again = newClient(drill.url);
      const signedIn = await again.call('POST', '/api/sessions', {
        body: { login: 'asha@example.org', password: goodPassword },
      });
      assert.equal(signedIn.status, 201, signedIn.text);
      for (const { id, text } of acknowledged)
        assert.equal((await again.get(`/fhir/R4/Condition/${id}`)).text, text);
      assert.equal((await again.get(letter)).bytes.length, 70_009);
      assert.equal((await verifyOverHttp({ ...asha, ...again })).verdict, 'passed');
      // A server that goes on from an old copy tells another story, and whoever saw the first one finds it.
      const key = (await again.get('/log/vkey')).text.trim();
      const other = await runVerifier(drill.url, '--no-state', '--key', key, '--checkpoint', place('seen'));
      assert.equal(other.exitCode, 6, JSON.stringify(other));
    } finally {
      await drill.stop();
    }
  });

  test('with the old folder log: erased again before anybody can see it, and no start on a log that was signed further', async () => {
    const log = join(place('first'), 'log');
    const restored = await runAdmin(place('behind'), ['restore', place('backup'), '--log', log]);
    const { size } = parseCheckpoint(parseNote(publishedAfter).text);
    assert.equal(restored.code, 1, restored.out);
    assert.match(restored.out, /1 erasures that came after the backup were carried out again/);
    assert.match(restored.out, new RegExp(`signed up to \\d+ entries: \\d+ more than this backup holds`));
    assert.ok(Number(/signed up to (\d+)/.exec(restored.out)?.[1]) >= size);
    const db = await openDatabase({ dataDir: place('behind'), databaseUrl: undefined }, silent);
    try {
      const { rows } = await db.pool.query(
        `select (select count(*) from resource where content like '%Secretitis%') + (select count(*) from resource_history where content like '%Secretitis%') as texts,
                (select count(*) from entry where entry_id = $1 and statement <> '') as statements`,
        [erased.entryId],
      );
      assert.deepEqual(rows, [{ texts: 0, statements: 0 }]);
    } finally {
      await db.stop();
    }
    const checked = await runAdmin(place('behind'), ['verify']);
    assert.deepEqual([checked.code, /it is behind/.test(checked.out)], [1, true], checked.out);
    const refused = startServerProcess(place('behind'), port);
    assert.notEqual(await refused.exited, 0);
    assert.match(refused.output(), /restored from an older copy[\s\S]*Restore the newest copy/);
  });

  test('where no newer copy exists the log ends, in words and for good; another begins, and whoever knew the old one finds it', async () => {
    const reason = 'The disk and its copies burnt';
    const confirm = ['--confirm', 'the newest entries are lost'];
    const newLog = (place: string, ...more: string[]) =>
      runAdmin(place, ['new-log', '--reason', reason, ...more]);
    const kept = (await asha.get('/log/checkpoint').catch(() => undefined))?.text ?? publishedAfter;
    const unconfirmed = await newLog(place('behind'));
    assert.deepEqual([unconfirmed.code, /This ends the log for good/.test(unconfirmed.out)], [1, true]);
    const oldKey = (await openLogKey(place('behind'), '', false)).vkey;
    const begun = await newLog(place('behind'), ...confirm);
    assert.equal(begun.code, 0, begun.out);
    assert.match(begun.out, /has ended\. It was signed up to \d+ entries, of which \d+ stand here/);
    const evidence = readFileSync(
      join(place('behind'), 'log', /ended-at-\d+/.exec(begun.out)?.[0] ?? '', 'evidence.json'),
      'utf8',
    );
    assert.ok(evidence.includes(oldKey) && evidence.includes(reason));

    const other = startServerProcess(place('behind'), await freePort());
    await other.ready();
    try {
      const stateFile = join(place('behind'), 'seen');
      const verify = (...more: string[]) => runVerifier(other.url, ...more);
      const vkey = (await (await fetch(`${other.url}/log/vkey`)).text()).trim();
      assert.match(vkey, /\/log-2\+/);
      const good = await verify('--no-state', '--key', vkey);
      assert.equal(good.exitCode, 0, JSON.stringify(good));
      assert.notEqual((await verify('--no-state', '--key', oldKey)).exitCode, 0, 'the old key');
      writeFileSync(place('kept-checkpoint'), kept);
      assert.notEqual(
        (await verify('--no-state', '--key', vkey, '--checkpoint', place('kept-checkpoint'))).exitCode,
        0,
        'a checkpoint of the old log',
      );
      writeFileSync(
        stateFile,
        JSON.stringify({
          origin: oldKey.split('+')[0],
          vkey: oldKey,
          checkpoint: kept,
          seenAt: new Date().toISOString(),
        }),
      );
      assert.notEqual((await verify('--state', stateFile)).exitCode, 0, 'a verifier that remembers');
    } finally {
      await other.stop();
    }
    const nothing = await newLog(place('behind'), ...confirm);
    assert.deepEqual([nothing.code, /Nothing that was signed is missing/.test(nothing.out)], [1, true]);
    const checked = await runAdmin(place('behind'), ['verify']);
    // What was erased since the copy stays erased; the entry that said so is among the lost ones.
    assert.deepEqual(
      [...checked.out.matchAll(/DOUBT: .*: ([a-z-]+)/g)].map(([, code]) => code),
      ['erasure-not-shown'],
      checked.out,
    );
    const db = await openDatabase({ dataDir: place('behind'), databaseUrl: undefined }, silent);
    try {
      const { rows } = await db.pool.query<{ statement: string; leaves: number }>(
        `select e.statement, count(l.leaf)::int as leaves from entry e left join log_leaf l using (entry_id)
          where e.statement like '%"endedLog"%' group by e.statement`,
      );
      assert.deepEqual(
        rows.map(({ leaves }) => leaves),
        [1],
        'what happened is an entry of the new log',
      );
      assert.ok(rows[0]?.statement.includes(reason));
    } finally {
      await db.stop();
    }
  });

  test('a backup that was changed or never finished is refused before anything is written', async () => {
    const parts = readdirSync(place('backup'), { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile() && one.name !== 'manifest.json')
      .map((one) => join(one.parentPath, one.name));
    for (const part of [parts.at(0)!, parts.at(-1)!]) {
      const bytes = readFileSync(part);
      appendFileSync(part, 'x');
      const refused = await runAdmin(place('nowhere'), ['restore', place('backup')]);
      assert.deepEqual([refused.code, /is not what was written/.test(refused.out)], [1, true], part);
      assert.throws(() => readdirSync(place('nowhere')), part);
      writeFileSync(part, bytes);
    }
    cpSync(place('backup'), place('unfinished'), { recursive: true });
    rmSync(join(place('unfinished'), 'manifest.json'));
    const refused = await runAdmin(place('nowhere'), ['restore', place('unfinished')]);
    assert.deepEqual([refused.code, /never finished/.test(refused.out)], [1, true], refused.out);
  });

  test('into another database: only an empty one, the same record, and out of it again', async () => {
    const restored = await runAdmin(place('external'), ['restore', place('backup')], environment());
    assert.equal(restored.code, 0, restored.out);
    assert.equal((await runAdmin(place('external'), ['verify'], environment())).code, 0);
    const second = await runAdmin(place('external-2'), ['restore', place('backup')], environment());
    assert.deepEqual([second.code, /database is not empty/.test(second.out)], [1, true], second.out);
    const copied = await runAdmin(
      place('external'),
      ['backup', '--out', place('backup-2'), '--without-keys'],
      environment(),
    );
    assert.equal(copied.code, 0, copied.out);
    assert.ok(!readdirSync(place('backup-2')).includes('keys'));
    // Row for row, but for what the restore itself added.
    const manifests = ['backup', 'backup-2'].map((name) => {
      const { tables } = JSON.parse(readFileSync(join(place(name), 'manifest.json'), 'utf8')) as {
        tables: { table: string; rows: number }[];
      };
      return tables
        .filter(({ table }) => table !== 'entry' && table !== 'pending_leaf')
        .map(({ table, rows }) => `${table} ${rows}`);
    });
    assert.deepEqual(manifests[1], manifests[0]);
  });

  test('the whole check names what was changed, taken away or put there, and ends with a number that is not 0', async () => {
    const file = readdirSync(join(place('external'), 'files'), { recursive: true, encoding: 'utf8' }).find(
      (name) => name.length > 20,
    );
    const { rows } = await external.pool.query(`select leaf_index as i from log_leaf order by 1 limit 1`);
    assert.equal((rows as { i: number }[])[0]?.i, 0);
    writeFileSync(join(place('external'), 'files', file ?? ''), 'another letter');
    await external.pool.query(
      `update resource set content = replace(content, 'Before 3', 'Before 4') where content like '%Before 3%'`,
    );
    await external.pool.query(
      `delete from entry where entry_id = (select entry_id from resource where content like '%Before 5%')`,
    );
    await external.pool.query(
      `update log_tile set hashes = set_byte(hashes, 40, get_byte(hashes, 40) # 1) where level = 0 and tile_index = 0`,
    );
    const { code, out } = await runAdmin(place('external'), ['verify'], environment());
    assert.equal(code, 1, out);
    for (const doubt of [
      /file .* is not what was stored/,
      new RegExp(`UHID ${asha.uhid}: content-differs, entry \\d+`),
      /1 leaves whose entry is gone without an erasure/,
      /log: tile-differs, tile 0\/0/,
      /\d+ doubts\. Stop, keep this database/,
    ])
      assert.match(out, doubt);
  });
});
