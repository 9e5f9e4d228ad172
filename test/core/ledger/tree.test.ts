import assert from 'node:assert/strict';
import { test } from 'node:test';
import { proveConsistency, verifyConsistency } from '../../../core/ledger/consistency.ts';
import { proveInclusion, verifyInclusion } from '../../../core/ledger/inclusion.ts';
import {
  emptyRoot,
  leafHash,
  nodeHash,
  rootFromHashes,
  rootOfLeafHashes,
  splitPoint,
  subtreesOfRange,
} from '../../../core/ledger/tree.ts';
import vectors from '../../vectors/ledger/eight-leaves.json' with { type: 'json' };
import { NaiveTree, hex, sampleEntries } from './naive-tree.ts';

const entries = vectors.leaves.map((leaf) => new Uint8Array(Buffer.from(leaf, 'hex')));
const hashes = entries.map(leafHash);
const named = (name: string): string =>
  name.startsWith('L')
    ? vectors.leafHashes[Number(name.slice(1))]!
    : vectors.innerNodes[name as keyof typeof vectors.innerNodes];
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));

/** Perfect subtrees straight from the leaf hashes. */
const readHash = (level: number, index: number): Uint8Array =>
  rootOfLeafHashes(hashes.slice(index * 2 ** level, (index + 1) * 2 ** level));

test('the empty tree has the hash of nothing as its root', () => {
  assert.equal(hex(emptyRoot()), vectors.emptyRoot);
  assert.equal(hex(rootOfLeafHashes([])), vectors.emptyRoot);
  assert.equal(hex(rootFromHashes(0, readHash)), vectors.emptyRoot);
});

test('leaf hashes are those of the RFC 6962 test tree', () => {
  assert.deepEqual(hashes.map(hex), vectors.leafHashes);
});

test('roots of sizes 1 to 8 are those of the RFC 6962 test tree', () => {
  for (const [at, root] of vectors.roots.entries()) {
    assert.equal(hex(rootOfLeafHashes(hashes.slice(0, at + 1))), root);
    assert.equal(hex(rootFromHashes(at + 1, readHash)), root);
  }
});

test('inner nodes are those of the RFC 6962 test tree', () => {
  const range = (begin: number, end: number): string => hex(rootOfLeafHashes(hashes.slice(begin, end)));
  const found = {
    H01: range(0, 2),
    H23: range(2, 4),
    H45: range(4, 6),
    H67: range(6, 8),
    H03: range(0, 4),
    H47: range(4, 8),
    H46: range(4, 7),
  };
  assert.deepEqual(found, vectors.innerNodes);
});

test('inclusion proofs of the RFC 6962 test tree are produced and accepted', () => {
  for (const { index, size, proof } of vectors.inclusion) {
    const expected = proof.map(named);
    assert.deepEqual(proveInclusion(index, size, readHash).map(hex), expected);
    const root = bytes(vectors.roots[size - 1]!);
    const claim = { leafHash: hashes[index]!, index, size, proof: expected.map(bytes), root };
    assert.deepEqual(verifyInclusion(claim), { ok: true });
  }
});

test('consistency proofs of the RFC 6962 test tree are produced and accepted', () => {
  for (const { oldSize, newSize, proof } of vectors.consistency) {
    const expected = proof.map(named);
    assert.deepEqual(proveConsistency(oldSize, newSize, readHash).map(hex), expected);
    const oldRoot = bytes(vectors.roots[oldSize - 1]!);
    const newRoot = bytes(vectors.roots[newSize - 1]!);
    const claim = { oldSize, newSize, oldRoot, newRoot, proof: expected.map(bytes) };
    assert.deepEqual(verifyConsistency(claim), { ok: true });
  }
});

test('an entry made of two child hashes does not hash like their parent', () => {
  const [left, right] = hashes as [Uint8Array, Uint8Array];
  const forged = new Uint8Array([...left, ...right]);
  assert.notEqual(hex(leafHash(forged)), hex(nodeHash(left, right)));
  // Claimed as the only leaf of the left half, with the proof of that half, it does not lead to the root.
  const proof = proveInclusion(0, 4, readHash).slice(1);
  const claim = { leafHash: leafHash(forged), index: 0, size: 2, proof, root: bytes(vectors.roots[3]!) };
  assert.equal(verifyInclusion(claim).ok, false);
});

test('an entry that begins like a node does not hash like that node', () => {
  const [left, right] = hashes as [Uint8Array, Uint8Array];
  assert.notEqual(hex(leafHash(new Uint8Array([1, ...left, ...right]))), hex(nodeHash(left, right)));
});

test('doubling the last leaf changes the root', () => {
  const three = hashes.slice(0, 3);
  assert.notEqual(hex(rootOfLeafHashes(three)), hex(rootOfLeafHashes([...three, three[2]!])));
});

test('a node is refused unless both children have 32 bytes', () => {
  const hash = hashes[0]!;
  for (const wrong of [new Uint8Array(0), new Uint8Array(31), new Uint8Array(33)]) {
    assert.throws(() => nodeHash(wrong, hash), { name: 'LedgerError', code: 'hash-wrong-length' });
    assert.throws(() => nodeHash(hash, wrong), { name: 'LedgerError', code: 'hash-wrong-length' });
    assert.throws(() => rootOfLeafHashes([wrong]), { name: 'LedgerError', code: 'hash-wrong-length' });
  }
});

test('roots agree with the recursive definition at every size up to 130', () => {
  const sample = sampleEntries(130);
  const tree = new NaiveTree(sample);
  const sampleHashes = sample.map(leafHash);
  for (let size = 0; size <= 130; size++) {
    assert.equal(hex(rootOfLeafHashes(sampleHashes.slice(0, size))), hex(tree.root(size)));
  }
});

test('sizes stay exact past 2^31 and 2^32', () => {
  assert.equal(splitPoint(2 ** 32 + 1), 2 ** 32);
  assert.equal(splitPoint(2 ** 32), 2 ** 31);
  const size = 2 ** 40 + 2 ** 33 + 5;
  assert.deepEqual(subtreesOfRange({ begin: 0, end: size }), [
    { level: 40, index: 0 },
    { level: 33, index: 128 },
    { level: 2, index: (2 ** 40 + 2 ** 33) / 4 },
    { level: 0, index: 2 ** 40 + 2 ** 33 + 4 },
  ]);
});

test('proofs in a tree of more than 2^33 equal leaves are produced and accepted', () => {
  // All leaves alike: the subtree of a level is the same wherever it lies.
  const levels = [leafHash(new Uint8Array(0))];
  while (levels.length < 60) levels.push(nodeHash(levels.at(-1)!, levels.at(-1)!));
  const reader = (level: number): Uint8Array => levels[level]!;
  for (const size of [2 ** 33 + 3, 2 ** 40 - 1, 2 ** 52 + 12_345, Number.MAX_SAFE_INTEGER]) {
    const root = rootFromHashes(size, reader);
    for (const index of [0, 2 ** 31, 2 ** 32 + 1, size - 1]) {
      const proof = proveInclusion(index, size, reader);
      assert.deepEqual(verifyInclusion({ leafHash: levels[0]!, index, size, proof, root }), { ok: true });
    }
    for (const oldSize of [1, 2 ** 31 + 1, 2 ** 33, size - 1, size]) {
      const proof = proveConsistency(oldSize, size, reader);
      const claim = {
        oldSize,
        newSize: size,
        oldRoot: rootFromHashes(oldSize, reader),
        newRoot: root,
        proof,
      };
      assert.deepEqual(verifyConsistency(claim), { ok: true });
    }
  }
});
