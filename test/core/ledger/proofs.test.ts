import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { proveConsistency, verifyConsistency } from '../../../core/ledger/consistency.ts';
import type { ConsistencyClaim } from '../../../core/ledger/consistency.ts';
import { proveInclusion, verifyInclusion } from '../../../core/ledger/inclusion.ts';
import type { InclusionClaim } from '../../../core/ledger/inclusion.ts';
import { emptyRoot } from '../../../core/ledger/tree.ts';
import {
  NaiveTree,
  hex,
  naiveRootOfInclusion,
  naiveRootsOfConsistency,
  sampleEntries,
} from './naive-tree.ts';

const tree = new NaiveTree(sampleEntries(10_000));
const readHash = (level: number, index: number): Uint8Array =>
  tree.hash(index * 2 ** level, (index + 1) * 2 ** level);

function inclusionClaim(index: number, size: number): InclusionClaim {
  const proof = proveInclusion(index, size, readHash);
  return { leafHash: tree.hash(index, index + 1), index, size, proof, root: tree.root(size) };
}

function consistencyClaim(oldSize: number, newSize: number): ConsistencyClaim {
  const proof = proveConsistency(oldSize, newSize, readHash);
  return { oldSize, newSize, oldRoot: tree.root(oldSize), newRoot: tree.root(newSize), proof };
}

function flipped(hash: Uint8Array, bit: number): Uint8Array {
  const copy = Uint8Array.from(hash);
  const at = Math.floor(bit / 8) % copy.length;
  copy[at] = copy[at]! ^ (1 << (bit % 8));
  return copy;
}

/** Every proof with one hash changed, dropped, added, or exchanged with another one. */
function* mutatedProofs(proof: readonly Uint8Array[]): Generator<Uint8Array[], void, undefined> {
  for (const [at, hash] of proof.entries()) {
    yield proof.with(at, flipped(hash, at * 37));
    yield proof.with(at, new Uint8Array(32));
    yield proof.with(at, hash.slice(1));
    yield proof.toSpliced(at, 1);
    yield proof.toSpliced(at, 0, hash);
    for (let other = at + 1; other < proof.length; other++) {
      yield proof.with(at, proof[other]!).with(other, hash);
    }
  }
  yield [...proof, emptyRoot()];
  if (proof.length > 0) yield [];
  if (proof.length > 1) yield proof.toReversed();
}

const bigSizes = [255, 256, 257, 511, 512, 513, 1023, 1025, 2047, 2049, 4095, 4097, 8191, 8193, 10_000];

test('LOG-05 inclusion: every leaf of every size up to 130 is proven as by the recursive definition', () => {
  for (let size = 1; size <= 130; size++) {
    for (let index = 0; index < size; index++) {
      const claim = inclusionClaim(index, size);
      assert.deepEqual(claim.proof.map(hex), tree.inclusion(index, size).map(hex));
      assert.deepEqual(verifyInclusion(claim), { ok: true });
    }
  }
});

test('consistency: every pair of sizes up to 130 is proven as by the recursive definition', () => {
  for (let newSize = 0; newSize <= 130; newSize++) {
    for (let oldSize = 0; oldSize <= newSize; oldSize++) {
      const claim = consistencyClaim(oldSize, newSize);
      assert.deepEqual(claim.proof.map(hex), tree.consistency(oldSize, newSize).map(hex));
      assert.deepEqual(verifyConsistency(claim), { ok: true });
    }
  }
});

test('inclusion and consistency around powers of two and at 10 000 agree with the recursive definition', () => {
  fc.assert(
    fc.property(fc.constantFrom(...bigSizes), fc.nat(), (size, random) => {
      const index = random % size;
      const inclusion = inclusionClaim(index, size);
      assert.deepEqual(inclusion.proof.map(hex), tree.inclusion(index, size).map(hex));
      assert.deepEqual(verifyInclusion(inclusion), { ok: true });
      const consistency = consistencyClaim(index + 1, size);
      assert.deepEqual(consistency.proof.map(hex), tree.consistency(index + 1, size).map(hex));
      assert.deepEqual(verifyConsistency(consistency), { ok: true });
    }),
    { numRuns: 300 },
  );
});

test('inclusion: every mutation of a proof, the leaf, the root or the index is refused', () => {
  for (const size of [1, 2, 3, 4, 5, 6, 7, 8, 11, 64, 65, 127, 130, 1025, 10_000]) {
    for (const index of new Set([0, Math.floor(size / 3), Math.floor(size / 2), size - 1])) {
      const claim = inclusionClaim(index, size);
      for (const proof of mutatedProofs(claim.proof))
        assert.equal(verifyInclusion({ ...claim, proof }).ok, false);
      for (const bit of [0, 100, 255]) {
        assert.equal(verifyInclusion({ ...claim, leafHash: flipped(claim.leafHash, bit) }).ok, false);
        assert.equal(verifyInclusion({ ...claim, root: flipped(claim.root, bit) }).ok, false);
      }
      for (let other = 0; other < Math.min(size, 200); other++) {
        if (other !== index) assert.equal(verifyInclusion({ ...claim, index: other }).ok, false);
      }
    }
  }
});

test('inclusion: a proof for one size is refused with the root of any other size', () => {
  for (let size = 1; size <= 40; size++) {
    const claim = inclusionClaim(Math.floor(size / 2), size);
    for (let other = 1; other <= 40; other++) {
      if (other !== size) {
        assert.equal(verifyInclusion({ ...claim, size: other, root: tree.root(other) }).ok, false);
      }
    }
  }
});

test('inclusion: with a wrong size the answer is the one that the recursive definition gives', () => {
  // A root does not name its size: leaf 0 of 3 and leaf 0 of 4 have proofs of one shape. The signed checkpoint
  // binds size and root together; here both readings of the RFC must at least agree.
  for (let size = 1; size <= 40; size++) {
    for (let index = 0; index < size; index++) {
      const claim = inclusionClaim(index, size);
      for (let other = 0; other <= 42; other++) {
        const root = naiveRootOfInclusion(claim.leafHash, index, other, claim.proof);
        const expected = root !== undefined && hex(root) === hex(claim.root);
        assert.equal(
          verifyInclusion({ ...claim, size: other }).ok,
          expected,
          `${index} of ${size} as ${other}`,
        );
      }
    }
  }
});

test('consistency: every mutation of a proof or a root is refused', () => {
  for (const newSize of [2, 3, 4, 5, 6, 7, 8, 11, 64, 65, 127, 130, 1025, 10_000]) {
    for (const oldSize of new Set([1, 2, Math.ceil(newSize / 3), Math.floor(newSize / 2), newSize - 1])) {
      const claim = consistencyClaim(oldSize, newSize);
      for (const proof of mutatedProofs(claim.proof)) {
        assert.equal(verifyConsistency({ ...claim, proof }).ok, false);
      }
      for (const bit of [0, 100, 255]) {
        assert.equal(verifyConsistency({ ...claim, oldRoot: flipped(claim.oldRoot, bit) }).ok, false);
        assert.equal(verifyConsistency({ ...claim, newRoot: flipped(claim.newRoot, bit) }).ok, false);
      }
      if (oldSize !== newSize) {
        const swapped = { ...claim, oldRoot: claim.newRoot, newRoot: claim.oldRoot };
        assert.equal(verifyConsistency(swapped).ok, false);
        assert.equal(verifyConsistency({ ...claim, oldSize: newSize, newSize: oldSize }).ok, false);
      }
    }
  }
});

test('consistency: with wrong sizes the answer is the one that the recursive definition gives', () => {
  for (let newSize = 1; newSize <= 24; newSize++) {
    for (let oldSize = 1; oldSize <= newSize; oldSize++) {
      const claim = consistencyClaim(oldSize, newSize);
      for (let otherNew = 1; otherNew <= 26; otherNew++) {
        for (let otherOld = 1; otherOld <= otherNew; otherOld++) {
          const roots = naiveRootsOfConsistency(otherOld, otherNew, claim.proof, claim.oldRoot);
          const expected =
            roots !== undefined &&
            hex(roots.old) === hex(claim.oldRoot) &&
            hex(roots.new) === hex(claim.newRoot);
          assert.equal(verifyConsistency({ ...claim, oldSize: otherOld, newSize: otherNew }).ok, expected);
        }
      }
    }
  }
});

test('consistency: a log that changed an old leaf cannot prove itself', () => {
  const entries = sampleEntries(50);
  const changed = new NaiveTree(entries.with(7, Buffer.from('changed')));
  for (let oldSize = 8; oldSize < 50; oldSize++) {
    const proof = changed.consistency(oldSize, 50);
    const claim = { oldSize, newSize: 50, oldRoot: tree.root(oldSize), newRoot: changed.root(50), proof };
    assert.equal(verifyConsistency(claim).ok, false);
  }
});

test('consistency: the empty tree is extended by every tree, but only under its own root', () => {
  const claim = consistencyClaim(0, 5);
  assert.deepEqual(claim.proof, []);
  assert.deepEqual(verifyConsistency(claim), { ok: true });
  assert.equal(verifyConsistency({ ...claim, oldRoot: tree.root(1) }).ok, false);
  assert.equal(verifyConsistency({ ...claim, proof: [tree.root(1)] }).ok, false);
});

test('proofs that cannot exist are refused with a named error', () => {
  const outside = { name: 'LedgerError', code: 'index-outside-tree' };
  const range = { name: 'LedgerError', code: 'size-out-of-range' };
  for (const index of [-1, 5, 1.5, Number.NaN, 2 ** 53]) {
    assert.throws(() => proveInclusion(index, 5, readHash), outside);
  }
  for (const size of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 2 ** 63]) {
    assert.throws(() => proveInclusion(0, size, readHash), range);
    assert.throws(() => proveConsistency(0, size, readHash), range);
  }
  assert.throws(() => proveInclusion(0, 0, readHash), outside);
  assert.throws(() => proveConsistency(6, 5, readHash), range);
});
