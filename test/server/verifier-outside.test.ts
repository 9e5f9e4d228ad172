// The stand-alone verifier against everything that is outside of the server: a live chain that holds the anchors, a witness in a process of
// its own with a policy of the reader's, and keys that were replaced. Each doubt has its number.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { commitmentOf } from '../../core/ledger/commitment.ts';
import { decodeLeaf } from '../../core/ledger/leaf.ts';
import { SIGNATURE_TYPES, formatVerifierKey, verifierKeyOf } from '../../core/ledger/verifier-key.ts';
import { openLogKey } from '../../server/ledger/log-key.ts';
import { runAdmin } from '../harness/admin-process.ts';
import type { TestChain } from '../harness/chain.ts';
import { startTestChain } from '../harness/chain.ts';
import type { Person } from '../harness/client.ts';
import { goodPassword, signUp } from '../harness/client.ts';
import type { FreshDatabase } from '../harness/database.ts';
import { freshDatabase } from '../harness/database.ts';
import { conditionOf } from '../harness/resources.ts';
import { freePort } from '../harness/free-port.ts';
import type { ServerProcess } from '../harness/server-process.ts';
import { startServerProcess } from '../harness/server-process.ts';
import { until } from '../harness/servers.ts';
import { runVerifier, temporaryFolder } from '../harness/verifier.ts';
import type { WitnessProcess } from '../harness/witness-process.ts';
import { startWitness } from '../harness/witness-process.ts';

const origin = 'log.example/log';

describe('the stand-alone verifier, a chain, a witness and a change of keys', () => {
  const folder = temporaryFolder();
  const dataDir = folder.path('data');
  let chain: TestChain;
  let database: FreshDatabase;
  let witness: WitnessProcess;
  let server: ServerProcess;
  let asha: Person;
  let firstKey: string;
  let environment: Record<string, string>;

  before(async () => {
    chain = await startTestChain();
    await chain.openLog(origin);
    database = await freshDatabase();
    firstKey = (await openLogKey(dataDir, origin, true)).vkey;
    witness = await startWitness(folder.path('witness'), [firstKey], { name: 'hospital.example' });
    environment = {
      DATABASE_URL: database.url,
      WITNESSES: `1 of ${witness.vkey} ${witness.url}`,
      CHAIN_RPC_URL: chain.url,
      CHAIN_CONTRACT: chain.contract,
      CHAIN_PRIVATE_KEY_FILE: chain.keyFile,
      CHAIN_CONFIRMATIONS: '1',
    };
    server = startServerProcess(dataDir, await freePort(), environment);
    await server.ready();
    asha = await signUp(server.url);
    for (let i = 0; i < 3; i++) await asha.create(conditionOf(asha.patientId, `Asthma ${i}`));
    writeFileSync(folder.path('trusts'), `witness hospital ${witness.vkey}\nquorum hospital\n`);
    const stranger = formatVerifierKey(
      verifierKeyOf('court.example', SIGNATURE_TYPES.cosignatureV1, new Uint8Array(32).fill(7)),
    );
    writeFileSync(
      folder.path('trusts-both'),
      `witness hospital ${witness.vkey}\nwitness court ${stranger}\ngroup both all hospital court\nquorum both\n`,
    );
  });
  after(async () => {
    await server.stop();
    await witness.stop();
    await chain.stop();
    await database.drop();
    folder.remove();
  });

  const check = (...args: string[]) => runVerifier(server.url, '--no-state', '--key', firstKey, ...args);
  const found = (result: Awaited<ReturnType<typeof runVerifier>>, name: string) =>
    result.checks.find((one) => one.name === name)?.outcome;

  test('`admin anchor` puts the newest root on the chain, and the verifier finds it there by itself', async () => {
    const anchored = await runAdmin(dataDir, ['anchor'], environment);
    assert.equal(anchored.code, 0, anchored.out);
    assert.match(
      anchored.out,
      /Anchored: the tree of \d+ entries, chain \d+, block \d+, transaction 0x[0-9a-f]{64}, \d+ gas/,
    );
    // A reader believes final blocks only.
    await chain.rpc.call('anvil_mine', ['0x100']);
    const rpc = ['--rpc', chain.url, '--contract', chain.contract];
    const good = await check(...rpc);
    assert.deepEqual([good.exitCode, found(good, 'Anchors')], [0, 'passed'], JSON.stringify(good));
    const leaves = (await asha.get('/log/anchors')).json<{ anchors: { state: string; size: number }[] }>();
    assert.ok(leaves.anchors.some(({ state }) => state === 'anchored'));

    const later = await check(...rpc, '--from-block', '200');
    assert.deepEqual([later.exitCode, later.codes], [8, ['no-anchor']]);
    const elsewhere = await check('--rpc', chain.url, '--contract', `0x${'1'.repeat(40)}`);
    assert.deepEqual([elsewhere.exitCode, elsewhere.codes], [8, ['no-anchor']]);
    assert.equal((await check('--rpc', 'http://127.0.0.1:1', '--contract', chain.contract)).exitCode, 3);
  });

  test('an exported record brings its anchors: a node confirms them, and a forged, altered or removed one is found', async () => {
    const exported = await asha.get('/api/export');
    assert.equal(exported.status, 200, exported.text);
    const file = folder.path('anchored.json');
    writeFileSync(file, exported.bytes);
    const alone = (...more: string[]) => runVerifier('--record', file, '--key', firstKey, ...more);
    const rpc = ['--rpc', chain.url, '--contract', chain.contract];
    const named = 'Anchors of ' + file;
    const unasked = await alone();
    assert.deepEqual([unasked.exitCode, found(unasked, named)], [0, 'not-checked']);
    assert.match(
      unasked.checks.find(({ name }) => name === named)?.detail ?? '',
      /^the file says that \d+ of \d+ entries are anchored in block \d+ of chain 31337 .* transaction 0x[0-9a-f]{64}; no node was asked/,
    );
    const good = await alone(...rpc);
    assert.deepEqual([good.exitCode, found(good, named)], [0, 'passed'], JSON.stringify(good));
    assert.equal(found(await check('--record', file, ...rpc), named), 'passed', 'beside the log as well');
    const elsewhere = await alone('--rpc', chain.url, '--contract', `0x${'1'.repeat(40)}`);
    assert.deepEqual([elsewhere.exitCode, elsewhere.codes], [8, ['no-anchor']]);

    interface Anchor {
      size: number;
      root: string;
      proof: string[];
      transaction: string;
      block: number;
    }
    const whole = JSON.parse(exported.text) as { anchors: Anchor[]; checkpoint: string };
    const [anchor] = whole.anchors;
    assert.ok(anchor);
    // A true root of this log that nobody anchored: the checkpoint's own.
    const [, size = '', root = ''] = whole.checkpoint.split('\n');
    const forged: [string, Anchor[], number, string][] = [
      [
        'another root',
        [{ ...anchor, root: Buffer.alloc(32, 7).toString('base64') }],
        8,
        'anchor-not-of-this-log',
      ],
      ['another size', [{ ...anchor, size: anchor.size + 1 }], 8, 'anchor-not-of-this-log'],
      [
        'a root that was never anchored',
        [{ ...anchor, size: Number(size), root, proof: [] }],
        8,
        'anchor-not-on-chain',
      ],
      ['another transaction', [{ ...anchor, transaction: `0x${'a'.repeat(64)}` }], 8, 'anchor-differs'],
      ['another block', [{ ...anchor, block: anchor.block + 1 }], 8, 'anchor-differs'],
      ['no anchor at all', [], 8, 'no-anchor-in-file'],
    ];
    for (const [what, anchors, exitCode, code] of forged) {
      writeFileSync(file, JSON.stringify({ ...whole, anchors }));
      const result = await alone(...rpc);
      assert.ok(result.codes.includes(code), `${what}: ${JSON.stringify(result)}`);
      assert.equal(result.exitCode, exitCode, what);
    }
  });

  test('a root on the chain that this log does not contain is a doubt of its own', async () => {
    const copy = folder.path('copy');
    assert.equal((await check('--mirror', copy)).exitCode, 0);
    // The copy is older than what is anchored next: the chain knows more than it shows.
    await asha.create(conditionOf(asha.patientId, 'Newer'));
    assert.equal((await runAdmin(dataDir, ['anchor'], environment)).code, 0);
    await chain.rpc.call('anvil_mine', ['0x100']);
    const behind = await runVerifier(
      copy,
      '--no-state',
      '--key',
      firstKey,
      '--rpc',
      chain.url,
      '--contract',
      chain.contract,
    );
    assert.deepEqual([behind.exitCode, behind.codes], [8, ['anchor-beyond-log']]);
  });

  test('a policy that the witness fulfils holds; one that asks for another witness too does not', async () => {
    await until(async () => (await fetch(`${server.url}/log/checkpoint/witnessed`)).ok);
    const good = await check('--policy', folder.path('trusts'));
    assert.equal(good.exitCode, 0, JSON.stringify(good));
    assert.equal(found(good, 'Witnesses'), 'passed');
    const both = await check('--policy', folder.path('trusts-both'));
    assert.deepEqual([both.exitCode, both.codes], [7, ['not-witnessed']]);
  });

  test('an export carries the cosignatures: the file alone is enough for a policy', async () => {
    writeFileSync(folder.path('record.json'), (await asha.get('/api/export')).bytes);
    const alone = ['--record', folder.path('record.json'), '--key', firstKey];
    const good = await runVerifier(...alone, '--policy', folder.path('trusts'));
    assert.deepEqual([good.exitCode, found(good, 'Witnesses')], [0, 'passed'], JSON.stringify(good));
    const both = await runVerifier(...alone, '--policy', folder.path('trusts-both'));
    assert.deepEqual([both.exitCode, both.codes], [7, ['not-witnessed']]);
  });

  test('after a change of keys the first key is still enough, for the log and for a file alone; without the vouching note it is not', async () => {
    const rotated = await runAdmin(dataDir, ['rotate-keys', 'log', '--overlap-days', '0'], environment);
    assert.equal(rotated.code, 0, rotated.out);
    await until(async () => (await asha.get('/log/vkey')).text.trim() !== firstKey);
    await asha.create(conditionOf(asha.patientId, 'After the change'));
    writeFileSync(folder.path('newer.json'), (await asha.get('/api/export')).bytes);
    const file = folder.path('newer.json');
    const log = await check('--record', file, '--record', folder.path('record.json'));
    assert.deepEqual([log.exitCode, log.codes], [0, []], JSON.stringify(log));
    const alone = await runVerifier('--record', file, '--key', firstKey);
    assert.deepEqual([alone.exitCode, alone.codes], [0, []], JSON.stringify(alone));
    const whole = JSON.parse(readFileSync(file, 'utf8')) as { log: { changes: string[] } };
    assert.equal(whole.log.changes.length, 1);
    for (const changes of [[], [whole.log.changes[0]!.replace(/size \d+|\n\d+\n/, '\n1\n')]]) {
      writeFileSync(folder.path('bare.json'), JSON.stringify({ ...whole, log: { ...whole.log, changes } }));
      const bare = await runVerifier('--record', folder.path('bare.json'), '--key', firstKey);
      assert.notEqual(bare.exitCode, 0, JSON.stringify(bare));
    }
  });

  test('a version, a look, a sign-in, an act of the administrator, an export, an erasure, an anchor, a change of keys and a backup: each is exactly one leaf that commits to it', async () => {
    const made = await asha.create(conditionOf(asha.patientId, 'Soon gone'));
    await asha.get(`/fhir/R4/Condition/${made.id}`);
    const again = await asha.call('POST', '/api/sessions', {
      body: { login: asha.login, password: goodPassword },
    });
    assert.equal(again.status, 201, again.text);
    const gone = await asha.call('POST', '/api/erasures', {
      body: { scope: 'resource', type: 'Condition', id: made.id, confirm: 'erase for good' },
    });
    assert.equal(gone.status, 201, gone.text);
    const client = await runAdmin(
      dataDir,
      ['create-client', '--name', 'Lab', '--scope', 'system/*.rs'],
      environment,
    );
    assert.equal(client.code, 0, client.out);
    const kept = await runAdmin(dataDir, ['backup', '--out', folder.path('kept')], environment);
    assert.equal(kept.code, 0, kept.out);
    await until(async () => {
      const { rows } = await database.pool.query('select count(*) as waiting from pending_leaf');
      return (rows[0] as { waiting: number }).waiting === 0;
    });
    const { rows } = await database.pool.query(
      `select e.statement, e.salt, array_agg(l.leaf) as leaves from entry e left join log_leaf l using (entry_id)
        where e.statement <> '' group by e.entry_id, e.statement, e.salt`,
    );
    const events = new Set<string>();
    for (const { statement, salt, leaves } of rows as {
      statement: string;
      salt: Buffer;
      leaves: Buffer[];
    }[]) {
      assert.equal(leaves.length, 1, statement);
      assert.deepEqual(
        Buffer.from(decodeLeaf(leaves[0]!).commitment),
        Buffer.from(commitmentOf(statement, salt)),
        statement,
      );
      events.add((JSON.parse(statement) as { event: string }).event);
    }
    for (const event of [
      'create',
      'read',
      'sign-up',
      'sign-in',
      'client-create',
      'export',
      'erase',
      'anchor',
      'key',
      'backup',
    ])
      assert.ok(events.has(event), `${event} is an entry`);
  });
});
