import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { describe, test } from 'node:test';
import { formatCheckpoint } from '../../../core/ledger/checkpoint.ts';
import { cosign, withCosignatures } from '../../../core/ledger/cosign.ts';
import { proveInclusion } from '../../../core/ledger/inclusion.ts';
import { encodeLeaf, firstPrev } from '../../../core/ledger/leaf.ts';
import { signKeyChange } from '../../../core/ledger/key-change.ts';
import { signNote } from '../../../core/ledger/note.ts';
import { leafHash, nodeHash, rootOfLeafHashes } from '../../../core/ledger/tree.ts';
import { formatVerifierKey, SIGNATURE_TYPES, verifierKeyOf } from '../../../core/ledger/verifier-key.ts';
import type { PlaceEvidence } from '../../../core/ledger/verify-place.ts';
import { verifyPlace } from '../../../core/ledger/verify-place.ts';
import { testKey } from './signing-keys.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const origin = 'log.test/log';
const bytes = new Uint8Array(Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'));
const vkey = formatVerifierKey(verifierKeyOf(origin, SIGNATURE_TYPES.ed25519, bytes));
const key = {
  name: origin,
  publicKey: bytes,
  sign: (text: Uint8Array) => new Uint8Array(sign(null, text, privateKey)),
};

const leaves = Array.from({ length: 8 }, (_, index) =>
  encodeLeaf({
    kind: 'look',
    timeSeconds: 5,
    pseudonym: randomBytes(16),
    seq: 1,
    prev: firstPrev(),
    commitment: randomBytes(32).fill(index),
  }),
);
const hashes = leaves.map(leafHash);
const read = (level: number, index: number): Uint8Array =>
  level === 0
    ? (hashes[index] as Uint8Array)
    : nodeHash(read(level - 1, index * 2), read(level - 1, index * 2 + 1));
const rootAt = (size: number) => rootOfLeafHashes(hashes.slice(0, size));
const noteAt = (size: number, root = rootAt(size)) =>
  signNote(formatCheckpoint({ origin, size, root, extensions: [] }), [key]);

function evidence(index = 3): PlaceEvidence {
  return {
    leafBytes: leaves[index] as Uint8Array,
    leafIndex: index,
    statedHash: hashes[index] as Uint8Array,
    inclusionProof: proveInclusion(index, 8, read),
    checkpointNote: noteAt(8),
    logKey: vkey,
    anchor: {
      size: 5,
      root: rootAt(5),
      inclusionProof: proveInclusion(index, 5, read),
      checkpointNote: noteAt(5),
    },
  };
}

const failed = (one: PlaceEvidence) =>
  verifyPlace(one).steps.flatMap(({ code, outcome }) => (outcome === 'failed' ? [code] : []));

describe('a place of the log', () => {
  test('what is as it was printed passes, with an anchor or before there is one', () => {
    assert.equal(verifyPlace(evidence()).verdict, 'passed');
    const waiting = verifyPlace({ ...evidence(), anchor: undefined });
    assert.deepEqual([waiting.verdict, waiting.steps.at(-1)?.outcome], ['passed', 'not-checked']);
  });

  test('whatever differs is named', () => {
    const good = evidence();
    const anchor = good.anchor!;
    const other = leaves[4] as Uint8Array;
    const spoilt: [PlaceEvidence, string[]][] = [
      [{ ...good, statedHash: hashes[2] as Uint8Array }, ['hash-as-stated']],
      [{ ...good, statedHash: new Uint8Array(0) }, ['hash-as-stated']],
      [{ ...good, leafBytes: other }, ['hash-as-stated', 'leaf-in-tree', 'tree-anchored']],
      [
        { ...good, leafBytes: new Uint8Array(3) },
        ['hash-as-stated', 'leaf-well-formed', 'leaf-in-tree', 'tree-anchored'],
      ],
      [{ ...good, leafIndex: 4 }, ['leaf-in-tree', 'tree-anchored']],
      [{ ...good, leafIndex: -1 }, ['leaf-in-tree', 'tree-anchored']],
      [{ ...good, inclusionProof: [] }, ['leaf-in-tree']],
      [{ ...good, checkpointNote: 'x' }, ['leaf-in-tree', 'checkpoint-signed']],
      [{ ...good, logKey: 'x' }, ['leaf-in-tree', 'checkpoint-signed', 'tree-anchored']],
      [{ ...good, anchor: { ...anchor, root: rootAt(6) } }, ['tree-anchored']],
      [{ ...good, anchor: { ...anchor, size: 6 } }, ['tree-anchored']],
      [{ ...good, anchor: { ...anchor, checkpointNote: noteAt(5, rootAt(6)) } }, ['tree-anchored']],
      [{ ...good, anchor: { ...anchor, inclusionProof: [] } }, ['tree-anchored']],
    ];
    for (const [one, steps] of spoilt) assert.deepEqual(failed(one), steps);
  });

  test('a print outlives a change of keys: what the old key signed counts up to its size, and no further', () => {
    const [old, next] = [testKey(origin, 1), testKey(origin, 2)];
    const change = signKeyChange({ size: 6, timeSeconds: 9 }, old.signer, next.signer);
    const note = (size: number, by: typeof old) =>
      signNote(formatCheckpoint({ origin, size, root: rootAt(size), extensions: [] }), [by.signer]);
    const good = evidence();
    const rotated: PlaceEvidence = {
      ...good,
      logKey: next.verifierKeyText,
      keyChanges: [change],
      checkpointNote: note(8, next),
      anchor: { ...good.anchor!, checkpointNote: note(5, old) },
    };
    assert.equal(verifyPlace(rotated).verdict, 'passed');
    assert.deepEqual(failed({ ...rotated, checkpointNote: note(8, old) }), [
      'leaf-in-tree',
      'checkpoint-signed',
    ]);
    assert.deepEqual(failed({ ...rotated, keyChanges: [] }), ['tree-anchored']);
  });

  test('witnesses are named only when their signatures hold over a tree with the leaf in it', () => {
    const witness = testKey('witness.example', 7, 'witness');
    const good = evidence();
    const text = formatCheckpoint({ origin, size: 6, root: rootAt(6), extensions: [] });
    const cosigned = withCosignatures(noteAt(6), [cosign(text, 1234, witness.signer)]);
    const witnessed = {
      checkpointNote: cosigned,
      inclusionProof: proveInclusion(3, 6, read),
      witnessKeys: [witness.verifierKeyText],
    };
    const seen = verifyPlace({ ...good, witnessed });
    assert.deepEqual(
      [seen.verdict, seen.witnesses],
      ['passed', [{ name: 'witness.example', timeSeconds: 1234 }]],
    );
    const stranger = testKey('witness.example', 8, 'witness').verifierKeyText;
    for (const spoilt of [
      { ...witnessed, checkpointNote: noteAt(6) },
      { ...witnessed, inclusionProof: [] },
      { ...witnessed, witnessKeys: [stranger] },
      { ...witnessed, witnessKeys: ['x'] },
      { ...witnessed, checkpointNote: cosigned.replace(/\n6\n/, '\n7\n') },
    ]) {
      const result = verifyPlace({ ...good, witnessed: spoilt });
      assert.deepEqual([failed({ ...good, witnessed: spoilt }), result.witnesses], [['tree-witnessed'], []]);
    }
    assert.deepEqual(verifyPlace(good).witnesses, []);
  });
});
