import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { verifyConsistency } from '../../../core/ledger/consistency.ts';
import type { ConsistencyClaim } from '../../../core/ledger/consistency.ts';
import { verifyInclusion } from '../../../core/ledger/inclusion.ts';
import type { InclusionClaim } from '../../../core/ledger/inclusion.ts';
import { NaiveTree, sampleEntries } from './naive-tree.ts';

const tree = new NaiveTree(sampleEntries(7));
const inclusion: InclusionClaim = {
  leafHash: tree.hash(2, 3),
  index: 2,
  size: 7,
  proof: tree.inclusion(2, 7),
  root: tree.root(7),
};
const consistency: ConsistencyClaim = {
  oldSize: 3,
  newSize: 7,
  oldRoot: tree.root(3),
  newRoot: tree.root(7),
  proof: tree.consistency(3, 7),
};

const wrongNumbers: unknown[] = [
  2 ** 63,
  2 ** 53,
  -1,
  -0.5,
  6.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  7n,
  '7',
  [7],
  null,
  undefined,
  {},
];
const wrongHashes: unknown[] = [
  new Uint8Array(0),
  new Uint8Array(31),
  new Uint8Array(33),
  new Uint8Array(10_000_000),
  Array.from({ length: 32 }, () => 0),
  'a'.repeat(32),
  null,
  undefined,
  {},
];
const hash = tree.root(1);
const holes: Uint8Array[] = [];
holes.length = 3;
const wrongProofs: unknown[] = [
  [],
  [hash],
  [hash, hash],
  [hash, hash, hash, hash],
  Array.from({ length: 64 }, () => hash),
  Array.from({ length: 312_500 }, () => hash),
  holes,
  [hash, hash, null],
  [hash, hash, 'junk'],
  'proof',
  { length: 3, 0: hash, 1: hash, 2: hash },
  null,
  undefined,
];

test('the claims that the tables below spoil hold as they are', () => {
  assert.deepEqual(verifyInclusion(inclusion), { ok: true });
  assert.deepEqual(verifyConsistency(consistency), { ok: true });
});

test('inclusion: hostile numbers, hashes and proofs are refused without an exception', () => {
  for (const size of wrongNumbers) {
    assert.deepEqual(verifyInclusion({ ...inclusion, size } as InclusionClaim), {
      ok: false,
      reason: 'size-out-of-range',
    });
  }
  for (const index of [...wrongNumbers, 7, 8]) {
    assert.deepEqual(verifyInclusion({ ...inclusion, index } as InclusionClaim), {
      ok: false,
      reason: 'index-outside-tree',
    });
  }
  for (const wrong of wrongHashes) {
    const reason = 'hash-wrong-length';
    assert.deepEqual(verifyInclusion({ ...inclusion, leafHash: wrong } as InclusionClaim), {
      ok: false,
      reason,
    });
    assert.deepEqual(verifyInclusion({ ...inclusion, root: wrong } as InclusionClaim), { ok: false, reason });
    const proof = [wrong, ...inclusion.proof.slice(1)];
    assert.deepEqual(verifyInclusion({ ...inclusion, proof } as InclusionClaim), { ok: false, reason });
  }
  for (const proof of wrongProofs) {
    assert.equal(verifyInclusion({ ...inclusion, proof } as InclusionClaim).ok, false);
  }
});

test('inclusion: nothing is in the empty tree', () => {
  assert.equal(verifyInclusion({ ...inclusion, index: 0, size: 0, proof: [], root: tree.root(0) }).ok, false);
});

test('inclusion: an empty proof is refused for a tree of more than one leaf', () => {
  for (const size of [2, 3, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
    const claim = { ...inclusion, index: 0, size, proof: [], root: inclusion.leafHash };
    assert.deepEqual(verifyInclusion(claim), { ok: false, reason: 'proof-wrong-length' });
  }
});

test('consistency: hostile numbers, hashes and proofs are refused without an exception', () => {
  for (const wrong of wrongNumbers) {
    const reason = 'size-out-of-range';
    assert.deepEqual(verifyConsistency({ ...consistency, oldSize: wrong } as ConsistencyClaim), {
      ok: false,
      reason,
    });
    assert.deepEqual(verifyConsistency({ ...consistency, newSize: wrong } as ConsistencyClaim), {
      ok: false,
      reason,
    });
  }
  for (const wrong of wrongHashes) {
    const reason = 'hash-wrong-length';
    for (const spoiled of [
      { ...consistency, oldRoot: wrong },
      { ...consistency, newRoot: wrong },
      { ...consistency, proof: [wrong, ...consistency.proof.slice(1)] },
    ]) {
      assert.deepEqual(verifyConsistency(spoiled as ConsistencyClaim), { ok: false, reason });
    }
  }
  for (const proof of wrongProofs) {
    assert.equal(verifyConsistency({ ...consistency, proof } as ConsistencyClaim).ok, false);
  }
});

test('LOG-12 whatever is thrown at them, the verifiers answer and never say yes', () => {
  const anyHash = fc.oneof(fc.anything(), fc.uint8Array({ minLength: 32, maxLength: 32 }));
  const anyProof = fc.oneof(fc.anything(), fc.array(anyHash, { maxLength: 70 }));
  const anyNumber = fc.oneof(fc.anything(), fc.integer({ min: -2, max: 300 }), fc.maxSafeNat(), fc.double());
  fc.assert(
    fc.property(anyNumber, anyNumber, anyHash, anyProof, (index, size, leafHash, proof) => {
      const claim = { leafHash, index, size, proof, root: tree.root(7) } as InclusionClaim;
      assert.equal(verifyInclusion(claim).ok, false);
      const other = { oldSize: index, newSize: size, oldRoot: leafHash, newRoot: tree.root(7), proof };
      // The empty tree under its own root is the one old tree that needs no hash.
      fc.pre(index !== 0);
      assert.equal(verifyConsistency(other as ConsistencyClaim).ok, false);
    }),
    { numRuns: 2000 },
  );
});
