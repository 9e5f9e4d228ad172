// The public log read by a stranger who knows only its address and key: checkpoint, tiles, bundles and proofs over HTTP, all
// judged by core/ledger. Nothing in it may lead to a person.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { decodeBase64 } from '../../core/ledger/base64.ts';
import type { Checkpoint } from '../../core/ledger/checkpoint.ts';
import { openCheckpoint } from '../../core/ledger/checkpoint.ts';
import { verifyConsistency } from '../../core/ledger/consistency.ts';
import { decodeEntryBundle } from '../../core/ledger/entry-bundle.ts';
import { verifyInclusion } from '../../core/ledger/inclusion.ts';
import { decodeLeaf, LEAF_BYTES } from '../../core/ledger/leaf.ts';
import { entryBundlePath, entryBundlesOfTree, tilePath, tilesOfTree } from '../../core/ledger/tile-paths.ts';
import {
  consistencyProofFromTiles,
  inclusionProofFromTiles,
  rootFromTiles,
} from '../../core/ledger/tiles.ts';
import { equalBytes, leafHash, rootOfLeafHashes } from '../../core/ledger/tree.ts';
import { parseVerifierKey } from '../../core/ledger/verifier-key.ts';
import { verifyEntry } from '../../core/ledger/verify-entry.ts';
import type { Client, Person } from '../harness/client.ts';
import { newClient, signUp } from '../harness/client.ts';
import { fetchRecord, verifyOverHttp } from '../harness/record.ts';
import { conditionOf, postEntry, transactionOf, weightOf } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

describe('the public log', () => {
  let server: TestServer;
  let asha: Person;
  let stranger: Client;
  const checkpoints: Checkpoint[] = [];

  before(async () => {
    server = await startServer();
    stranger = newClient(server.url);
    asha = await signUp(server.url, { login: 'asha.canary@example.org', name: 'Asha Canary' });
    await server.sequencer.flush();
    checkpoints.push(await fetchCheckpoint());
    for (const count of [1, 2, 60, 195, 300]) {
      await write(count);
      await server.sequencer.flush();
      checkpoints.push(await fetchCheckpoint());
    }
  });
  after(() => server.stop());

  async function write(count: number): Promise<void> {
    const body = transactionOf(
      ...Array.from({ length: count }, (_, index) => postEntry(weightOf(asha.patientId, index + 1))),
    );
    assert.equal((await asha.call('POST', '/fhir/R4', { body })).status, 200);
  }

  async function fetchCheckpoint(): Promise<Checkpoint> {
    const key = parseVerifierKey((await stranger.get('/log/vkey')).text.trim());
    const answer = await stranger.get('/log/checkpoint');
    assert.match(answer.headers.get('content-type') ?? '', /^text\/plain/);
    assert.equal(answer.headers.get('cache-control'), 'no-cache');
    const opened = openCheckpoint(answer.text, [key]);
    assert.ok(opened.ok, 'the checkpoint is signed with the published key');
    assert.equal(opened.checkpoint.origin, `${new URL(server.url).host}/log`);
    return opened.checkpoint;
  }

  async function fetchBytes(path: string): Promise<Uint8Array> {
    const answer = await stranger.get(`/log/${path}`);
    assert.equal(answer.status, 200, path);
    assert.match(answer.headers.get('cache-control') ?? '', /immutable/);
    assert.equal(answer.headers.get('access-control-allow-origin'), '*');
    return new Uint8Array(answer.bytes);
  }

  const readTile = (level: number, index: number, width: number) =>
    fetchBytes(tilePath({ level, index, width }));

  async function fetchLeaves(size: number): Promise<Uint8Array[]> {
    const leaves: Uint8Array[] = [];
    for (const bundle of entryBundlesOfTree(size))
      leaves.push(...decodeEntryBundle(await fetchBytes(entryBundlePath(bundle)), bundle.width));
    return leaves;
  }

  test('the root of each checkpoint is that of the tiles and that of the entries, over more than one tile', async () => {
    for (const { size, root } of checkpoints) {
      assert.ok(equalBytes(await rootFromTiles(size, readTile), root), `tiles of size ${size}`);
      const leaves = await fetchLeaves(size);
      assert.equal(leaves.length, size);
      assert.ok(leaves.every((bytes) => bytes.length === LEAF_BYTES));
      assert.ok(equalBytes(rootOfLeafHashes(leaves.map(leafHash)), root), `entries of size ${size}`);
      for (const tile of tilesOfTree(size))
        assert.equal((await fetchBytes(tilePath(tile))).length, tile.width * 32);
    }
    assert.ok((checkpoints.at(-1)?.size ?? 0) > 512);
  });

  test('every checkpoint continues every earlier one, by the served proof and by one made from tiles', async () => {
    for (const [i, older] of checkpoints.entries())
      for (const newer of checkpoints.slice(i)) {
        const answer = await stranger.get(`/log/proof/consistency?from=${older.size}&to=${newer.size}`);
        const served = answer.json<{ hashes: string[] }>().hashes.map((hash) => decodeBase64(hash));
        const own = await consistencyProofFromTiles(older.size, newer.size, readTile);
        for (const proof of [served, own])
          assert.deepEqual(
            verifyConsistency({
              oldSize: older.size,
              newSize: newer.size,
              oldRoot: older.root,
              newRoot: newer.root,
              proof,
            }),
            { ok: true },
          );
      }
  });

  test('every leaf is proven in the checkpoint, by the served proof and by one made from tiles', async () => {
    const { size, root } = checkpoints.at(-1) as Checkpoint;
    for (const index of [0, 1, 2, 254, 255, 256, 257, 511, 512, size - 2, size - 1]) {
      const answer = await stranger.get(`/log/proof/inclusion?index=${index}&size=${size}`);
      const served = answer.json<{ leaf: string; hashes: string[]; index: number; entry: string }>();
      const leaf = decodeBase64(served.leaf);
      assert.deepEqual((await stranger.get(`/log/leaf/${index}`)).bytes, Buffer.from(leaf));
      const byEntry = await stranger.get(`/log/proof/inclusion?entry=${served.entry}&size=${size}`);
      assert.deepEqual(byEntry.json(), answer.json());
      const own = await inclusionProofFromTiles(index, size, readTile);
      for (const proof of [served.hashes.map((hash) => decodeBase64(hash)), own])
        assert.deepEqual(verifyInclusion({ leafHash: leafHash(leaf), index, size, proof, root }), {
          ok: true,
        });
    }
  });

  test('a partial tile that became full is still served, and nothing beyond what there is', async () => {
    const { size } = checkpoints.at(-1) as Checkpoint;
    const full = await fetchBytes('tile/0/000');
    const part = await fetchBytes('tile/0/000.p/7');
    assert.deepEqual(part, full.slice(0, 7 * 32));
    for (const path of [
      `tile/0/002.p/${(size % 256) + 20}`,
      'tile/0/003',
      'tile/1/000.p/9',
      'tile/entries/009',
    ])
      assert.equal((await stranger.get(`/log/${path}`)).status, 404, path);
  });

  test('a person’s whole record verifies on their own device: writes, looks and all', async () => {
    const evidence = await fetchRecord(asha);
    const result = await verifyOverHttp(asha);
    assert.deepEqual([result.verdict, result.failures], ['passed', []]);
    assert.ok(result.writes > 550 && result.others >= 1);
    const wrong = await signUp(server.url);
    await server.sequencer.flush();
    assert.equal((await verifyOverHttp(wrong)).verdict, 'passed');
    assert.notDeepEqual((await fetchRecord(wrong)).expectedPseudonym, evidence.expectedPseudonym);
  });

  test('one entry verifies with the resource that the FHIR API gives', async () => {
    const made = await asha.create(conditionOf(asha.patientId));
    const early = await asha.get(`/api/entries/${made.entryId}`);
    assert.equal(early.status, 200);
    await server.sequencer.flush();
    const answer = await asha.get(`/api/entries/${made.entryId}`);
    const { evidence, checkpoint, state } = answer.json<{
      state: string;
      checkpoint: string;
      evidence: {
        leaf: string;
        leafIndex: number;
        seq: number;
        statement: string;
        salt: string;
        hashes: string[];
      };
    }>();
    assert.equal(state, 'logged');
    const content = await asha.get(`/fhir/R4/Condition/${made.id}`);
    const vkey = (await stranger.get('/log/vkey')).text.trim();
    const check = (contentText: string) =>
      verifyEntry({
        leafBytes: decodeBase64(evidence.leaf),
        leafIndex: evidence.leafIndex,
        statement: evidence.statement,
        salt: decodeBase64(evidence.salt),
        contentText,
        inclusionProof: evidence.hashes.map((hash) => decodeBase64(hash)),
        checkpointNote: checkpoint,
        verifierKeys: [vkey],
        expectedSeq: evidence.seq,
      });
    assert.equal(check(content.text).verdict, 'passed');
    assert.equal(check(content.text.replace('Asthma', 'Asthmb')).verdict, 'failed');
    assert.equal(content.headers.get('ledger-entry'), made.entryId);
  });

  test('nothing in the log leads to a person: no name, id or number, and no hash that could be guessed', async () => {
    const { size } = checkpoints.at(-1) as Checkpoint;
    const leaves = await fetchLeaves(size);
    const everything = Buffer.concat(leaves);
    const { rows } = await server.pool.query<{ id: string; content: string }>(
      'select resource_id as id, content from resource where patient_id = $1',
      [asha.patientId],
    );
    const guesses = ['Asha Canary', 'asha.canary@example.org', asha.patientId, asha.accountId, asha.uhid];
    for (const { id, content } of rows) guesses.push(id, content, JSON.stringify(JSON.parse(content)));
    for (const guess of guesses) {
      assert.ok(!everything.includes(guess));
      assert.ok(!everything.includes(createHash('sha256').update(guess).digest()));
      if (/^[0-9a-f-]{36}$/.test(guess))
        assert.ok(!everything.includes(Buffer.from(guess.replaceAll('-', ''), 'hex')));
    }
    const commitments = new Set(
      leaves.map((bytes) => Buffer.from(decodeLeaf(bytes).commitment).toString('hex')),
    );
    assert.equal(commitments.size, leaves.length, 'equal events have unequal commitments');
  });
});
