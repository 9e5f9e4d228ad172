// The witness as a process of its own, met by an honest log, a forked one, one put back to an older state, and by strangers.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { formatAddCheckpoint } from '../../core/ledger/add-checkpoint.ts';
import { formatCheckpoint } from '../../core/ledger/checkpoint.ts';
import { readCosignature } from '../../core/ledger/cosign.ts';
import { openNote, signNote } from '../../core/ledger/note.ts';
import { parseVerifierKey } from '../../core/ledger/verifier-key.ts';
import { NaiveTree, sampleEntries } from '../core/ledger/naive-tree.ts';
import { testKey } from '../core/ledger/signing-keys.ts';
import type { WitnessProcess } from '../harness/witness-process.ts';
import { startWitness } from '../harness/witness-process.ts';

const origin = 'log.example/log';
const log = testKey(origin, 1);
const newLogKey = testKey(origin, 2);
const thief = testKey(origin, 3);
const tree = new NaiveTree(sampleEntries(60));
const fork = new NaiveTree([...sampleEntries(5), ...sampleEntries(61).slice(6)]);

const noteOf = (of: NaiveTree, size: number, signers = [log.signer]) =>
  signNote(formatCheckpoint({ origin, size, root: of.root(size), extensions: [] }), signers);
const requestOf = (of: NaiveTree, oldSize: number, size: number, signers = [log.signer]) =>
  formatAddCheckpoint({
    oldSize,
    proof: oldSize === 0 || oldSize > size ? [] : of.consistency(oldSize, size),
    checkpointNote: noteOf(of, size, signers),
  });
const originHash = createHash('sha256').update(origin).digest('hex');

describe('the witness program', () => {
  const folders: string[] = [];
  const running: WitnessProcess[] = [];
  const newFolder = () => {
    const folder = mkdtempSync(join(tmpdir(), 'medallion-witness-'));
    folders.push(folder);
    return folder;
  };
  const start = async (...how: Parameters<typeof startWitness>) => {
    const witness = await startWitness(...how);
    running.push(witness);
    return witness;
  };
  after(async () => {
    for (const witness of running) await witness.stop();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  async function ask(witness: WitnessProcess, body: string | Uint8Array, path = '/add-checkpoint') {
    const answer = await fetch(`${witness.url}${path}`, { method: 'POST', body: Buffer.from(body) });
    return {
      status: answer.status,
      type: answer.headers.get('content-type') ?? '',
      text: await answer.text(),
    };
  }
  const seenSize = async (witness: WitnessProcess) => {
    const answer = await fetch(`${witness.url}/${originHash}/checkpoint`);
    return answer.status === 200 ? Number((await answer.text()).split('\n')[1]) : undefined;
  };

  describe('answers as the specification says', () => {
    let witness: WitnessProcess;
    before(async () => {
      witness = await start(newFolder(), [log.verifierKeyText], { name: 'w.example' });
    });

    test('a first checkpoint, an extension and the same again are cosigned, and the latest is served', async () => {
      const key = parseVerifierKey(witness.vkey);
      assert.equal(await seenSize(witness), undefined);
      for (const [oldSize, size] of [
        [0, 7],
        [7, 20],
        [20, 20],
      ] as const) {
        const beforeSeconds = Math.floor(Date.now() / 1000);
        const answer = await ask(witness, requestOf(tree, oldSize, size));
        assert.equal(answer.status, 200, answer.text);
        assert.match(answer.text, /^\u2014 w\.example [A-Za-z0-9+/=]+\n$/);
        const cosignature = readCosignature(noteOf(tree, size), answer.text, key);
        assert.ok(cosignature && cosignature.timeSeconds >= beforeSeconds);
        const served = await fetch(`${witness.url}/${originHash}/checkpoint`);
        assert.match(served.headers.get('content-type') ?? '', /^text\/plain/);
        const note = await served.text();
        const opened = openNote(note, [log.verifierKey, key]);
        assert.ok(opened.ok && opened.verified.length === 2);
        assert.equal(opened.text, formatCheckpoint({ origin, size, root: tree.root(size), extensions: [] }));
      }
      assert.equal((await (await fetch(`${witness.url}/vkey`)).text()).trim(), witness.vkey);
    });

    const refusals: [string, string | Uint8Array, number, RegExp][] = [
      ['an old size that it does not know', requestOf(tree, 7, 30), 409, /^20\n$/],
      ['nothing as the old size', requestOf(tree, 0, 30), 409, /^20\n$/],
      ['a checkpoint of before', requestOf(tree, 7, 9), 409, /^20\n$/],
      ['another root of the same size', requestOf(fork, 20, 20), 409, /another root/],
      ['a fork', requestOf(fork, 20, 30), 422, /./],
      [
        'no proof',
        formatAddCheckpoint({ oldSize: 20, proof: [], checkpointNote: noteOf(tree, 30) }),
        422,
        /./,
      ],
      ['an old size above the new one', requestOf(tree, 20, 9), 400, /./],
      ['an unknown log', requestOf(tree, 20, 30).replaceAll(origin, 'other.example'), 404, /./],
      ['a key it does not trust', requestOf(tree, 20, 30, [thief.signer]), 403, /./],
      ['a changed size', requestOf(tree, 20, 30).replace('\n30\n', '\n31\n'), 403, /./],
      ['nothing', '', 400, /./],
      ['no UTF-8', new Uint8Array([0xff, 0xfe, 0x0a, 0x0a]), 400, /./],
      ['a byte order mark', `\ufeff${requestOf(tree, 20, 30)}`, 400, /./],
      ['CRLF', requestOf(tree, 20, 30).replaceAll('\n', '\r\n'), 400, /./],
      ['64 proof lines', `old 20\n${`${'A'.repeat(43)}=\n`.repeat(64)}\n${noteOf(tree, 30)}`, 400, /./],
      ['very much', 'x'.repeat(100_000), 413, /./],
    ];
    for (const [what, body, status, text] of refusals)
      test(`${what}: ${status}, and nothing changes`, async () => {
        const answer = await ask(witness, body);
        assert.equal(answer.status, status, answer.text);
        assert.match(answer.text, text);
        if (/^\d+\n$/.test(answer.text)) assert.equal(answer.type, 'text/x.tlog.size');
        else assert.ok(!answer.type.includes('tlog.size'), 'only a size is a size');
        assert.ok(!answer.text.includes('\u2014'), 'no signature');
        assert.equal(await seenSize(witness), 20);
      });

    test('other ways and addresses lead nowhere', async () => {
      const get = async (path: string) => (await fetch(`${witness.url}${path}`)).status;
      assert.equal(await get('/add-checkpoint'), 405);
      for (const path of [
        '/',
        '/add-checkpoint/',
        `/${originHash}`,
        `/${originHash.toUpperCase()}/checkpoint`,
        `/${'0'.repeat(64)}/checkpoint`,
        '/../witness-key.json',
        '/%2e%2e/witness-key.json',
        `/..%2f..%2fwitness-key.json/checkpoint`,
      ])
        assert.equal(await get(path), 404, path);
      assert.equal((await ask(witness, requestOf(tree, 20, 30), '/x')).status, 404);
    });

    test('a line that is never ended and a body that never comes do not hold others up', async () => {
      const { port, hostname } = new URL(witness.url);
      const slow = Array.from({ length: 20 }, (_, at) => {
        const socket = connect(Number(port), hostname);
        socket.on('error', () => undefined);
        socket.write(
          at % 2 === 0
            ? 'POST /add-ch'
            : 'POST /add-checkpoint HTTP/1.1\r\nhost: w\r\ncontent-length: 900\r\n\r\nold',
        );
        return socket;
      });
      assert.equal((await ask(witness, requestOf(tree, 20, 20))).status, 200);
      for (const socket of slow) socket.destroy();
    });

    test('of many askers at once each size is passed on one after the other', async () => {
      const sizes = Array.from({ length: 12 }, (_, at) => 49 + at);
      await Promise.all(
        sizes.map(async (size) => {
          let oldSize = 20;
          for (;;) {
            const answer = await ask(witness, requestOf(tree, oldSize, size));
            if (answer.status !== 409) return assert.equal(answer.status, 200);
            oldSize = Number(answer.text);
            if (oldSize > size) return;
          }
        }),
      );
      assert.equal(await seenSize(witness), 60);
    });
  });

  test('what it signed is known again after kill -9, and two histories leave their evidence', async () => {
    const folder = newFolder();
    let witness = await start(folder, [log.verifierKeyText], { name: 'w.example' });
    const { vkey } = witness;
    let known = 0;
    for (let round = 0; round < 3; round++) {
      const size = known + 3;
      assert.equal((await ask(witness, requestOf(tree, known, size))).status, 200);
      known = size;
      const last = ask(witness, requestOf(tree, known, known + 1)).catch(() => undefined);
      await witness.kill();
      await last;
      witness = await start(folder, [log.verifierKeyText]);
      assert.equal(witness.vkey, vkey, 'the same witness');
      const now = await seenSize(witness);
      assert.ok(now === known || now === known + 1, `${now} after ${known}`);
      known = now;
    }
    assert.equal((await ask(witness, requestOf(fork, known, known + 9))).status, 422);
    assert.equal((await ask(witness, requestOf(fork, known, known))).status, 409);
    const evidence = readdirSync(join(folder, 'evidence')).map((name) =>
      readFileSync(join(folder, 'evidence', name), 'utf8'),
    );
    assert.deepEqual(evidence.toSorted(), [noteOf(fork, known), noteOf(fork, known + 9)].toSorted());
    assert.match(witness.output(), /"level":"error".*"verdict":"not-consistent"/);
  });

  test('during a change of keys either signature is enough, afterwards only the new one', async () => {
    const folder = newFolder();
    const both = await start(folder, [log.verifierKeyText, newLogKey.verifierKeyText], { name: 'w.example' });
    assert.equal((await ask(both, requestOf(tree, 0, 5))).status, 200);
    assert.equal((await ask(both, requestOf(tree, 5, 6, [newLogKey.signer, log.signer]))).status, 200);
    assert.equal((await ask(both, requestOf(tree, 6, 7, [newLogKey.signer]))).status, 200);
    await both.stop();
    const later = await start(folder, [newLogKey.verifierKeyText]);
    assert.equal((await ask(later, requestOf(tree, 7, 8))).status, 403);
    assert.equal((await ask(later, requestOf(tree, 7, 8, [newLogKey.signer]))).status, 200);
    await later.stop();
  });

  test('a second one on the same folder, a damaged memory or key, and a wrong command line are refused in words', async () => {
    const folder = newFolder();
    const witness = await start(folder, [log.verifierKeyText], { name: 'w.example' });
    assert.equal((await ask(witness, requestOf(tree, 0, 5))).status, 200);
    await assert.rejects(startWitness(folder, [log.verifierKeyText]), /did not start.*in use/s);
    assert.equal(await witness.stop(), 0);
    assert.equal(statSync(join(folder, 'witness-key.json')).mode & 0o077, 0);

    await assert.rejects(startWitness(folder, [log.verifierKeyText], { name: 'x.example' }), /belongs to/);
    await assert.rejects(startWitness(folder, []), /No log to witness/);
    await assert.rejects(startWitness(folder, ['x+1+y']), /key of a log/);
    await assert.rejects(startWitness(folder, [witness.vkey]), /key of a log/);
    await assert.rejects(startWitness(newFolder(), [log.verifierKeyText]), /needs a name/);
    await assert.rejects(startWitness(newFolder(), [log.verifierKeyText], { name: 'a b' }), /name/);

    const seen = join(folder, 'checkpoints', originHash);
    const memory = readFileSync(seen, 'utf8');
    // Set back by hand: the witness's own signature does not fit.
    for (const damaged of ['', memory.replace('\n5\n', '\n4\n'), noteOf(tree, 3)]) {
      writeFileSync(seen, damaged);
      await assert.rejects(startWitness(folder, [log.verifierKeyText]), /did not start.*damaged/s);
    }
    writeFileSync(seen, memory);
    await (await start(folder, [log.verifierKeyText])).stop();
    writeFileSync(join(folder, 'witness-key.json'), '{}');
    await assert.rejects(startWitness(folder, [log.verifierKeyText]), /damaged/);
  });

  test('what cannot be stored is not signed', async () => {
    const folder = newFolder();
    const witness = await start(folder, [log.verifierKeyText], { name: 'w.example' });
    // A folder where the file belongs: no name can take its place.
    mkdirSync(join(folder, 'checkpoints', `${originHash}.part`));
    const answer = await ask(witness, requestOf(tree, 0, 5));
    assert.deepEqual([answer.status, answer.text], [500, 'not stored\n']);
    rmSync(join(folder, 'checkpoints', `${originHash}.part`), { recursive: true });
    assert.equal((await ask(witness, requestOf(tree, 0, 5))).status, 200);
  });
});
