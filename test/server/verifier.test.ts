// The stand-alone verifier as people use it: on a running server, on a copy in a folder, on another program's log; and our copy read by
// a client that knows nothing of us.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { SIGNATURE_TYPES, formatVerifierKey, verifierKeyOf } from '../../core/ledger/verifier-key.ts';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { conditionOf } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';
import { readForeignLog } from '../harness/tlog-client.ts';
import { runVerifier, runVerifierProgram, temporaryFolder } from '../harness/verifier.ts';
import { testWithSharedData } from '../shared-data.ts';

describe('the stand-alone verifier', () => {
  let server: TestServer;
  let asha: Person;
  let vkey: string;
  const folder = temporaryFolder();
  const record = folder.path('record.medallion.json');
  before(async () => {
    server = await startServer();
    asha = await signUp(server.url);
    // More than one full tile, and a partial one beside it.
    const made = await asha.create(conditionOf(asha.patientId));
    for (let i = 0; i < 30; i++)
      await Promise.all(Array.from({ length: 10 }, () => asha.get(`/fhir/R4/Condition/${made.id}`)));
    const exported = await asha.get('/api/export');
    assert.equal(exported.status, 200, exported.text);
    writeFileSync(record, exported.bytes);
    await server.sequencer.flush();
    vkey = (await asha.get('/log/vkey')).text.trim();
  });
  after(async () => {
    folder.remove();
    await server.stop();
  });

  test('as a program: a report in words, and 0, when everything holds; a number that tells what does not', async () => {
    const state = folder.path('program.json');
    const good = await runVerifierProgram(server.url, '--state', state, '--record', record, '--key', vkey);
    assert.equal(good.exitCode, 0, good.out + good.err);
    assert.match(good.out, /ok {5}Signature: /);
    assert.match(good.out, /ok {5}Record .*record\.medallion\.json: \d+ entries without a gap/);
    assert.match(good.out, /Everything that was checked holds\.\n$/);
    const forged = folder.path('forged.json');
    writeFileSync(forged, readFileSync(record, 'utf8').replace('Asthma', 'Asthmb'));
    const bad = await runVerifierProgram(server.url, '--state', state, '--record', forged, '--key', vkey);
    assert.equal(bad.exitCode, 9, bad.out);
    assert.match(bad.out, /the text of the version is not what was written/);
  });

  test('remembers what it saw: the next run compares', async () => {
    const state = folder.path('memory.json');
    const first = await runVerifier(server.url, '--state', state);
    assert.deepEqual(
      [first.exitCode, outcomeOf(first, 'Key'), outcomeOf(first, 'History')],
      [0, 'not-checked', 'not-checked'],
    );
    await asha.get('/api/entries');
    await server.sequencer.flush();
    const second = await runVerifier(server.url, '--state', state);
    assert.deepEqual(
      [second.exitCode, outcomeOf(second, 'Key'), outcomeOf(second, 'History')],
      [0, 'passed', 'passed'],
    );
    assert.ok((second.size ?? 0) > (first.size ?? 0));
  });

  test('an exported record can be checked alone, with a key from elsewhere; with its own key alone nothing is proven', async () => {
    assert.equal((await runVerifier('--record', record, '--key', vkey)).exitCode, 0);
    const alone = await runVerifier('--record', record);
    assert.deepEqual([alone.exitCode, alone.codes], [4, ['key-from-file']]);
    const other = `${vkey.split('+')[0]}+${'0'.repeat(8)}+${vkey.split('+').slice(2).join('+')}`;
    assert.equal((await runVerifier('--record', record, '--key', other)).exitCode, 4);
  });

  test('a record of which the log has more than the file is found, whole as the file may look', async () => {
    // Under an older checkpoint of its own it would be an older record; under the newest it has been cut.
    const whole = JSON.parse(readFileSync(record, 'utf8')) as {
      entries: unknown[];
      chain: unknown;
      end: object;
    };
    const entries = whole.entries.slice(0, -2);
    const cut = folder.path('cut.json');
    writeFileSync(cut, JSON.stringify({ ...whole, entries, end: { ...whole.end, entries: entries.length } }));
    const { exitCode, codes } = await runVerifier(server.url, '--no-state', '--key', vkey, '--record', cut);
    assert.equal(exitCode, 9);
    assert.ok(codes.includes('entries-left-out'), codes.join());
  });

  test('a folder with a copy of the log holds what the server holds', async () => {
    const copy = folder.path('copy');
    const mirrored = await runVerifier(server.url, '--no-state', '--key', vkey, '--mirror', copy);
    assert.equal(mirrored.exitCode, 0, JSON.stringify(mirrored));
    const followed = await runVerifier(copy, '--no-state', '--key', vkey, '--record', record);
    assert.deepEqual([followed.exitCode, followed.root], [0, mirrored.root]);

    // A client that knows the C2SP texts and nothing of us reads the same log.
    const foreign = readForeignLog(copy, vkey);
    assert.equal(foreign.size, mirrored.size);
    assert.ok(foreign.size > 256 && foreign.entries.every((entry) => entry.length === 98));

    for (const file of filesOf(copy).filter((one) => /tile\//.test(one))) {
      const bytes = readFileSync(file);
      writeFileSync(file, bytes.with(bytes.length - 1, bytes[bytes.length - 1]! ^ 1));
      assert.equal((await runVerifier(copy, '--no-state', '--key', vkey)).exitCode, 5, file);
      assert.throws(() => readForeignLog(copy, vkey), file);
      writeFileSync(file, bytes);
    }
    assert.equal((await runVerifier(copy, '--no-state', '--key', vkey)).exitCode, 0);
  });

  test('what cannot be read, and a command line that cannot be understood, are never “holds”', async () => {
    assert.equal((await runVerifier('http://127.0.0.1:1', '--no-state', '--key', vkey)).exitCode, 3);
    assert.equal((await runVerifier(folder.path('nothing'), '--no-state', '--key', vkey)).exitCode, 3);
    assert.equal(
      (await runVerifier(server.url, '--no-state', '--key', vkey, '--record', folder.path('no'))).exitCode,
      3,
    );
    writeFileSync(folder.path('empty'), '');
    writeFileSync(folder.path('deep'), '['.repeat(100_000));
    writeFileSync(folder.path('wrong'), JSON.stringify({ format: 'medallion-record/1', entries: {} }));
    for (const name of ['empty', 'deep', 'wrong'])
      assert.equal((await runVerifier('--key', vkey, '--record', folder.path(name))).exitCode, 9, name);
    writeFileSync(folder.path('state-that-is-none'), '{}');
    const doubtful = await runVerifier(server.url, '--state', folder.path('state-that-is-none'));
    assert.equal(doubtful.exitCode, 3, 'a damaged memory is not begun anew');
    for (const args of [
      [],
      ['--nonsense'],
      [server.url, 'two'],
      [server.url, '--rpc', 'http://x'],
      ['--mirror', 'x'],
    ])
      assert.equal((await runVerifierProgram(...args)).exitCode, 2, args.join(' '));
  });

  test('a policy of witnesses that nobody fulfils is a doubt of its own', async () => {
    const policy = folder.path('policy');
    const witness = verifierKeyOf(
      'witness.example',
      SIGNATURE_TYPES.cosignatureV1,
      new Uint8Array(32).fill(7),
    );
    writeFileSync(policy, `witness W ${formatVerifierKey(witness)}\nquorum W\n`);
    const { exitCode, codes } = await runVerifier(
      server.url,
      '--no-state',
      '--key',
      vkey,
      '--policy',
      policy,
    );
    assert.deepEqual([exitCode, codes], [7, ['not-witnessed']]);
  });

  testWithSharedData('the log of another program holds by the same code', async (shared) => {
    const log = join(shared, 'tlog', 'example-log');
    const args = [log, '--key-file', join(shared, 'tlog', 'vkey'), '--no-state'];
    const { exitCode, size } = await runVerifier(...args, '--any-log');
    assert.deepEqual([exitCode, size], [0, 15]);
    assert.equal((await runVerifier(...args)).exitCode, 5, 'its entries are not taken for ours');
    const key = readFileSync(join(shared, 'tlog', 'vkey'), 'utf8').trim();
    assert.equal(readForeignLog(log, key).size, 15, 'and by the client that knows nothing of us');
    const older = await runVerifier(...args, '--any-log', '--checkpoint', join(log, 'checkpoint.7'));
    assert.deepEqual([older.exitCode, outcomeOf(older, 'History')], [0, 'passed'], JSON.stringify(older));
  });
});

function outcomeOf(
  { checks }: { checks: readonly { name: string; outcome: string }[] },
  name: string,
): string | undefined {
  return checks.find((check) => check.name === name)?.outcome;
}

function filesOf(folder: string): string[] {
  return existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .map((name) => join(folder, name))
        .filter((path) => statSync(path).isFile())
    : [];
}
