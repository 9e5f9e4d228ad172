// A second, independent reading of RFC 6962 section 2.1: the recursive definitions as they stand, on node:crypto.
// Slow and obvious; tests hold the real implementation against it.
import { createHash } from 'node:crypto';

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
export const sha256 = (...parts: (Uint8Array | Buffer)[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
export const naiveLeaf = (entry: Uint8Array): Buffer => sha256(Buffer.of(0), entry);
export const naiveNode = (left: Uint8Array, right: Uint8Array): Buffer => sha256(Buffer.of(1), left, right);

function split(count: number): number {
  let k = 1;
  while (k * 2 < count) k *= 2;
  return k;
}

export class NaiveTree {
  readonly entries: readonly Uint8Array[];
  readonly #hashes = new Map<string, Buffer>();

  constructor(entries: readonly Uint8Array[]) {
    this.entries = entries;
  }

  /** MTH(D[begin:end]), remembered, or the quadratic definition would take minutes. */
  hash(begin: number, end: number): Buffer {
    const key = `${begin}-${end}`;
    const known = this.#hashes.get(key);
    if (known !== undefined) return known;
    const computed = this.#compute(begin, end);
    this.#hashes.set(key, computed);
    return computed;
  }

  root(size: number): Buffer {
    return this.hash(0, size);
  }

  path(index: number, begin: number, end: number): Buffer[] {
    const count = end - begin;
    if (count === 1) return [];
    const middle = begin + split(count);
    return index < middle
      ? [...this.path(index, begin, middle), this.hash(middle, end)]
      : [...this.path(index, middle, end), this.hash(begin, middle)];
  }

  inclusion(index: number, size: number): Buffer[] {
    return this.path(index, 0, size);
  }

  consistency(oldSize: number, newSize: number): Buffer[] {
    return oldSize === 0 ? [] : this.#subproof(oldSize, 0, newSize, true);
  }

  #subproof(oldSize: number, begin: number, end: number, whole: boolean): Buffer[] {
    const count = end - begin;
    if (oldSize === count) return whole ? [] : [this.hash(begin, end)];
    const k = split(count);
    return oldSize <= k
      ? [...this.#subproof(oldSize, begin, begin + k, whole), this.hash(begin + k, end)]
      : [...this.#subproof(oldSize - k, begin + k, end, false), this.hash(begin, begin + k)];
  }

  #compute(begin: number, end: number): Buffer {
    if (end === begin) return sha256();
    if (end - begin === 1) return naiveLeaf(this.entries[begin]!);
    const middle = begin + split(end - begin);
    return naiveNode(this.hash(begin, middle), this.hash(middle, end));
  }
}

/** The root that a proof leads to, or undefined when it has the wrong length. */
export function naiveRootOfInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
): Uint8Array | undefined {
  if (index < 0 || index >= size) return undefined;
  if (size === 1) return proof.length === 0 ? leaf : undefined;
  const last = proof.at(-1);
  if (last === undefined) return undefined;
  const k = split(size);
  const rest = proof.slice(0, -1);
  const inner =
    index < k
      ? naiveRootOfInclusion(leaf, index, k, rest)
      : naiveRootOfInclusion(leaf, index - k, size - k, rest);
  if (inner === undefined) return undefined;
  return index < k ? naiveNode(inner, last) : naiveNode(last, inner);
}

/** Both roots that a consistency proof leads to, or undefined when it has the wrong length. */
export function naiveRootsOfConsistency(
  oldSize: number,
  newSize: number,
  proof: readonly Uint8Array[],
  oldRoot: Uint8Array | undefined,
): { old: Uint8Array; new: Uint8Array } | undefined {
  if (oldSize < 1 || oldSize > newSize) return undefined;
  if (oldSize === newSize) {
    if (oldRoot !== undefined) return proof.length === 0 ? { old: oldRoot, new: oldRoot } : undefined;
    const [only] = proof;
    return only !== undefined && proof.length === 1 ? { old: only, new: only } : undefined;
  }
  const last = proof.at(-1);
  if (last === undefined) return undefined;
  const rest = proof.slice(0, -1);
  const k = split(newSize);
  if (oldSize <= k) {
    const inner = naiveRootsOfConsistency(oldSize, k, rest, oldRoot);
    return inner && { old: inner.old, new: naiveNode(inner.new, last) };
  }
  const inner = naiveRootsOfConsistency(oldSize - k, newSize - k, rest, undefined);
  return inner && { old: naiveNode(last, inner.old), new: naiveNode(last, inner.new) };
}

/** Entries that differ from each other, the first of them empty. */
export function sampleEntries(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, at) => new Uint8Array(Buffer.from(at === 0 ? '' : `entry ${at}`)));
}
