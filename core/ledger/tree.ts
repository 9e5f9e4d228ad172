// RFC 6962 Merkle tree hashing (section 2.1): leaves, nodes and the root of a list of leaf hashes.
// Sizes and indexes are plain numbers up to 2^53 - 1, divided and never shifted, so they stay exact past 2^31.
import { sha256 } from '@noble/hashes/sha2.js';
import { LedgerError } from './errors.ts';

export const HASH_BYTES = 32;

// The prefixes keep an entry from passing as a node, and a node as an entry.
const leafPrefix = Uint8Array.of(0);
const nodePrefix = Uint8Array.of(1);

/** A perfect subtree: the leaves from index * 2^level up to, not including, (index + 1) * 2^level. */
export type TreeNode = { readonly level: number; readonly index: number };

/** The leaves from begin up to, not including, end. */
export type LeafRange = { readonly begin: number; readonly end: number };

/** Gives the 32-byte hash of a perfect subtree. */
export type HashReader = (level: number, index: number) => Uint8Array;

/** SHA-256(0x00 || entry): the hash of a leaf. */
export function leafHash(entry: Uint8Array): Uint8Array {
  return freshHasher().update(leafPrefix).update(entry).digest();
}

/** SHA-256(0x01 || left || right); throws `hash-wrong-length` unless both are 32 bytes. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  if (left.length !== HASH_BYTES || right.length !== HASH_BYTES) {
    throw new LedgerError('hash-wrong-length', 'a node is made of two 32-byte hashes');
  }
  return freshHasher().update(nodePrefix).update(left).update(right).digest();
}

// A tree is millions of small hashes: one hasher set back each time costs a third less than a new one.
const untouched = sha256.create();
let hasher = sha256.create();

function freshHasher(): typeof hasher {
  hasher = untouched._cloneInto(hasher);
  return hasher;
}

/** The root of a tree without leaves: SHA-256 of nothing. */
export function emptyRoot(): Uint8Array {
  return sha256(new Uint8Array(0));
}

/** The root over leaf hashes given in order. */
export function rootOfLeafHashes(leafHashes: readonly Uint8Array[]): Uint8Array {
  if (leafHashes.length === 0) return emptyRoot();
  let row = leafHashes;
  while (row.length > 1) {
    const above: Uint8Array[] = [];
    for (let at = 0; at < row.length; at += 2) {
      const left = row[at]!;
      const right = row[at + 1];
      // An odd last hash moves up unchanged; doubling it would let two different lists share a root.
      above.push(right === undefined ? left : nodeHash(left, right));
    }
    row = above;
  }
  return requireHash(row[0]);
}

/** The root of a tree of `size` leaves whose perfect subtrees `readHash` can give. */
export function rootFromHashes(size: number, readHash: HashReader): Uint8Array {
  requireTreeSize(size);
  return size === 0 ? emptyRoot() : rangeHash({ begin: 0, end: size }, readHash);
}

/**
 * The perfect subtrees that make up a range, left to right. The range must be one that the RFC 6962 split
 * produces: its begin is a multiple of every power of two up to its length.
 */
export function subtreesOfRange(range: LeafRange): TreeNode[] {
  const nodes: TreeNode[] = [];
  let begin = range.begin;
  while (begin < range.end) {
    const left = range.end - begin;
    let level = 0;
    let width = 1;
    while (width * 2 <= left) {
      width *= 2;
      level += 1;
    }
    nodes.push({ level, index: begin / width });
    begin += width;
  }
  return nodes;
}

/** The RFC 6962 hash of a range, folded from its perfect subtrees. */
export function rangeHash(range: LeafRange, readHash: HashReader): Uint8Array {
  const hashes = subtreesOfRange(range).map((node) => readHash(node.level, node.index));
  return hashes.reduceRight((right, left) => nodeHash(left, right));
}

/** The largest power of two strictly below `count` (count > 1): where RFC 6962 splits a tree. */
export function splitPoint(count: number): number {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}

/** Whether a value can be a tree size: a whole number from 0 to 2^53 - 1. */
export function isTreeSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** Throws `size-out-of-range` unless the value can be a tree size. */
export function requireTreeSize(value: number): void {
  if (!isTreeSize(value)) throw new LedgerError('size-out-of-range', 'not a tree size');
}

/** Whether a value is a 32-byte hash. */
export function isHash(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array && value.length === HASH_BYTES;
}

/** Whether a value is a list of this length. */
export function hasLength(value: unknown, length: number): boolean {
  return Array.isArray(value) && value.length === length;
}

/** Whether a list holds nothing but 32-byte hashes, and no holes. */
export function isHashList(value: readonly unknown[]): value is readonly Uint8Array[] {
  // Not every(): it skips the holes of a sparse array.
  for (const hash of value) if (!isHash(hash)) return false;
  return true;
}

/** Whether two byte strings are the same; all values compared here are public, so it may stop early. */
export function equalBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

function requireHash(hash: Uint8Array | undefined): Uint8Array {
  if (!isHash(hash)) throw new LedgerError('hash-wrong-length', 'a hash has 32 bytes');
  return hash;
}
