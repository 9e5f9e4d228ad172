// The leaf: what the public log holds about one event, in 98 bytes that nobody can guess back to a person.
// One leaf has exactly one encoding and one encoding exactly one leaf.
import { LedgerError } from './errors.ts';
import { HASH_BYTES } from './tree.ts';
import { copyBytes } from './bytes.ts';

/** What happened; the numbers are the kind byte of the leaf and never change their meaning. */
export const LEAF_KINDS = {
  /** A resource version was written. */
  write: 1,
  /** Somebody read, searched or scanned. */
  look: 2,
  /** A look was refused. */
  refusedLook: 3,
  /** A card was issued, rotated, revoked, reported lost, or its settings or access code changed. */
  card: 4,
  /** Sign-up, sign-in, sign-out, password. */
  account: 5,
  /** Import, key, batch. */
  administration: 6,
  /** Somebody asked to be let in, was let in, was shut out or broke the glass. */
  access: 7,
} as const;

export type LeafKind = keyof typeof LEAF_KINDS;

// oxlint-disable-next-line no-unsafe-type-assertion -- the keys of a closed map
const leafKinds = Object.keys(LEAF_KINDS) as LeafKind[];

export type Leaf = {
  readonly kind: LeafKind;
  /** Unix seconds. */
  readonly timeSeconds: number;
  /** 16 random bytes for a person; 16 zero bytes for the system's own chain. */
  readonly pseudonym: Uint8Array;
  /** Place in the person's chain, from 1. */
  readonly seq: number;
  /** Leaf hash of the person's previous leaf; 32 zero bytes exactly when seq is 1. */
  readonly prev: Uint8Array;
  /** 32 bytes, see commitment.ts. */
  readonly commitment: Uint8Array;
};

export const LEAF_VERSION = 1;
export const LEAF_BYTES = 98;
export const PSEUDONYM_BYTES = 16;

const timeAt = 2;
const pseudonymAt = 10;
const seqAt = pseudonymAt + PSEUDONYM_BYTES;
const prevAt = seqAt + 8;
const commitmentAt = prevAt + HASH_BYTES;

/** The 98 bytes of a leaf; throws `leaf-malformed` for what decodeLeaf would refuse. */
export function encodeLeaf(leaf: Leaf): Uint8Array {
  requireLeaf(leaf);
  const bytes = new Uint8Array(LEAF_BYTES);
  const view = new DataView(bytes.buffer);
  bytes[0] = LEAF_VERSION;
  bytes[1] = LEAF_KINDS[leaf.kind];
  view.setBigUint64(timeAt, BigInt(leaf.timeSeconds));
  bytes.set(leaf.pseudonym, pseudonymAt);
  view.setBigUint64(seqAt, BigInt(leaf.seq));
  bytes.set(leaf.prev, prevAt);
  bytes.set(leaf.commitment, commitmentAt);
  return bytes;
}

/** Reads a leaf; throws `leaf-malformed` for any other length, version, kind, number or first link. */
export function decodeLeaf(bytes: Uint8Array): Leaf {
  if (bytes.length !== LEAF_BYTES || bytes[0] !== LEAF_VERSION) throw malformed();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kind = leafKindOf(bytes[1]);
  if (kind === undefined) throw malformed();
  const leaf: Leaf = {
    kind,
    timeSeconds: Number(view.getBigUint64(timeAt)),
    pseudonym: copyBytes(bytes, pseudonymAt, seqAt),
    seq: Number(view.getBigUint64(seqAt)),
    prev: copyBytes(bytes, prevAt, commitmentAt),
    commitment: copyBytes(bytes, commitmentAt),
  };
  requireLeaf(leaf);
  return leaf;
}

/** The kind that a kind byte stands for; undefined for an unknown one. */
export function leafKindOf(kindByte: number | undefined): LeafKind | undefined {
  return leafKinds.find((kind) => LEAF_KINDS[kind] === kindByte);
}

/** The link of the first leaf of a chain: 32 zero bytes. */
export function firstPrev(): Uint8Array {
  return new Uint8Array(HASH_BYTES);
}

/** The pseudonym of the system's own chain: 16 zero bytes. */
export function systemPseudonym(): Uint8Array {
  return new Uint8Array(PSEUDONYM_BYTES);
}

function requireLeaf({ kind, timeSeconds, pseudonym, seq, prev, commitment }: Leaf): void {
  const whole =
    Object.hasOwn(LEAF_KINDS, kind) &&
    Number.isSafeInteger(timeSeconds) &&
    timeSeconds >= 0 &&
    pseudonym.length === PSEUDONYM_BYTES &&
    Number.isSafeInteger(seq) &&
    seq >= 1 &&
    prev.length === HASH_BYTES &&
    (seq === 1) === prev.every((byte) => byte === 0) &&
    commitment.length === HASH_BYTES;
  if (!whole) throw malformed();
}

function malformed(): LedgerError {
  return new LedgerError('leaf-malformed', 'not a leaf');
}
