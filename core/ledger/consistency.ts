// Consistency: "the larger tree begins with exactly the leaves of the smaller" (RFC 6962 2.1.2, RFC 9162 2.1.4).
// Verifying takes whatever an attacker sends and answers with a closed result, never with an exception.
import { LedgerError } from './errors.ts';
import type { ProofResult } from './inclusion.ts';
import {
  emptyRoot,
  equalBytes,
  hasLength,
  isHash,
  isHashList,
  isTreeSize,
  nodeHash,
  rangeHash,
  requireTreeSize,
  splitPoint,
} from './tree.ts';
import type { HashReader, LeafRange } from './tree.ts';

export type ConsistencyClaim = {
  readonly oldSize: number;
  readonly newSize: number;
  readonly oldRoot: Uint8Array;
  readonly newRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
};

/** The ranges whose hashes form the proof; none when a size is 0 or both are equal. */
export function consistencyRanges(oldSize: number, newSize: number): LeafRange[] {
  requireTreeSize(oldSize);
  requireTreeSize(newSize);
  if (oldSize > newSize)
    throw new LedgerError('size-out-of-range', 'the old tree is larger than the new one');
  if (oldSize === 0) return [];
  const ranges: LeafRange[] = [];
  let begin = 0;
  let end = newSize;
  while (end !== oldSize) {
    const middle = begin + splitPoint(end - begin);
    if (oldSize <= middle) {
      ranges.push({ begin: middle, end });
      end = middle;
    } else {
      ranges.push({ begin, end: middle });
      begin = middle;
    }
  }
  // When the old tree is itself a left subtree of the new one, the verifier knows its root already.
  if (begin > 0) ranges.push({ begin, end });
  return ranges.toReversed();
}

/** The consistency proof between two sizes of one tree; throws `size-out-of-range`. */
export function proveConsistency(oldSize: number, newSize: number, readHash: HashReader): Uint8Array[] {
  return consistencyRanges(oldSize, newSize).map((range) => rangeHash(range, readHash));
}

/**
 * Whether the new tree extends the old one. Never throws. The empty tree is extended by every tree, but its root
 * must be the root of the empty tree.
 */
export function verifyConsistency(claim: ConsistencyClaim): ProofResult {
  const { oldSize, newSize, oldRoot, newRoot, proof } = claim;
  if (!isTreeSize(oldSize) || !isTreeSize(newSize) || oldSize > newSize) {
    return { ok: false, reason: 'size-out-of-range' };
  }
  // The length follows from the sizes; checked first, so that a huge proof costs nothing.
  if (!hasLength(proof, consistencyRanges(oldSize, newSize).length)) {
    return { ok: false, reason: 'proof-wrong-length' };
  }
  if (!isHash(oldRoot) || !isHash(newRoot) || !isHashList(proof)) {
    return { ok: false, reason: 'hash-wrong-length' };
  }
  if (oldSize === 0 && !equalBytes(oldRoot, emptyRoot())) return { ok: false, reason: 'root-differs' };
  if (oldSize === newSize) return verdict(equalBytes(oldRoot, newRoot));
  if (oldSize === 0) return { ok: true };
  return verdict(climb(claim));
}

/** Rebuilds both roots from the proof; sizes and lengths are checked, 0 < oldSize < newSize. */
function climb({ oldSize, newSize, oldRoot, newRoot, proof }: ConsistencyClaim): boolean {
  let node = oldSize - 1;
  let last = newSize - 1;
  while (node % 2 === 1) {
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  // node is 0 now exactly when the old size is a power of two: then the old root itself is the first hash.
  const [first, ...others] = node === 0 ? [oldRoot, ...proof] : proof;
  let oldHash = first!;
  let newHash = oldHash;
  for (const hash of others) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      oldHash = nodeHash(hash, oldHash);
      newHash = nodeHash(hash, newHash);
      while (node % 2 === 0 && node !== 0) {
        node = Math.floor(node / 2);
        last = Math.floor(last / 2);
      }
    } else {
      newHash = nodeHash(newHash, hash);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && equalBytes(oldHash, oldRoot) && equalBytes(newHash, newRoot);
}

function verdict(holds: boolean): ProofResult {
  return holds ? { ok: true } : { ok: false, reason: 'root-differs' };
}
