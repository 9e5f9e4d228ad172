// Inclusion: "this leaf stands at this place in the tree with this root" (RFC 6962 2.1.1, RFC 9162 2.1.3).
// Verifying takes whatever an attacker sends and answers with a closed result, never with an exception.
import { LedgerError } from './errors.ts';
import {
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

/** Why a proof does not hold. */
export type ProofFailure =
  'size-out-of-range' | 'index-outside-tree' | 'hash-wrong-length' | 'proof-wrong-length' | 'root-differs';

export type ProofResult = { readonly ok: true } | { readonly ok: false; readonly reason: ProofFailure };

export type InclusionClaim = {
  readonly leafHash: Uint8Array;
  readonly index: number;
  readonly size: number;
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
};

/** The ranges whose hashes form the proof, from the leaf's sibling up to the root's child. */
export function inclusionRanges(index: number, size: number): LeafRange[] {
  requireTreeSize(size);
  if (!isTreeSize(index) || index >= size) throw new LedgerError('index-outside-tree', 'no such leaf');
  const ranges: LeafRange[] = [];
  let begin = 0;
  let end = size;
  while (end - begin > 1) {
    const middle = begin + splitPoint(end - begin);
    if (index < middle) {
      ranges.push({ begin: middle, end });
      end = middle;
    } else {
      ranges.push({ begin, end: middle });
      begin = middle;
    }
  }
  return ranges.toReversed();
}

/** The inclusion proof of a leaf; throws `index-outside-tree` or `size-out-of-range`. */
export function proveInclusion(index: number, size: number, readHash: HashReader): Uint8Array[] {
  return inclusionRanges(index, size).map((range) => rangeHash(range, readHash));
}

/** Whether the leaf is at `index` of the tree of `size` leaves with this root. Never throws. */
export function verifyInclusion(claim: InclusionClaim): ProofResult {
  const { leafHash, index, size, proof, root } = claim;
  if (!isTreeSize(size)) return { ok: false, reason: 'size-out-of-range' };
  if (!isTreeSize(index) || index >= size) return { ok: false, reason: 'index-outside-tree' };
  // The length follows from index and size; checked first, so that a huge proof costs nothing.
  if (!hasLength(proof, inclusionProofLength(index, size))) {
    return { ok: false, reason: 'proof-wrong-length' };
  }
  if (!isHash(leafHash) || !isHash(root) || !isHashList(proof)) {
    return { ok: false, reason: 'hash-wrong-length' };
  }
  let hash = leafHash;
  let node = index;
  let last = size - 1;
  let used = 0;
  while (last > 0) {
    if (node % 2 === 1) hash = nodeHash(proof[used++]!, hash);
    else if (node < last) hash = nodeHash(hash, proof[used++]!);
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return equalBytes(hash, root) ? { ok: true } : { ok: false, reason: 'root-differs' };
}

/** On each level there is a sibling unless the node is the last of its row and stands alone. */
function inclusionProofLength(index: number, size: number): number {
  let length = 0;
  for (
    let node = index, last = size - 1;
    last > 0;
    node = Math.floor(node / 2), last = Math.floor(last / 2)
  ) {
    if (node % 2 === 1 || node < last) length += 1;
  }
  return length;
}
