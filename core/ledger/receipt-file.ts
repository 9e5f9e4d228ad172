// One entry with everything that proves it, as a file that is given to the person: the receipt of an erasure above all, whose text nobody
// else keeps. It knows the form and what the receipt claims; proofs are for verify-entry to judge.
import { decodeBase64 } from './base64.ts';
import { erasedDigest, readErasureClaim } from './erased-leaves.ts';
import type { ErasureClaim } from './erased-leaves.ts';
import { LedgerError } from './errors.ts';
import { isHashList, isTreeSize } from './tree.ts';
import { verifyEntry } from './verify-entry.ts';
import type { EntryVerification } from './verify-entry.ts';

export const RECEIPT_FORMAT = 'medallion-receipt/1';

export type ReceiptFile = {
  readonly madeAt: string;
  readonly log: {
    readonly origin: string;
    readonly keys: readonly string[];
    /** As in a record file. */
    readonly changes: readonly string[];
  };
  readonly leafIndex: number;
  readonly leaf: Uint8Array;
  readonly proof: readonly Uint8Array[];
  readonly statement: string;
  readonly salt: Uint8Array;
  readonly checkpoint: string;
  /** The leaves that were emptied, in the order of the log. */
  readonly erased: readonly { readonly leafIndex: number; readonly leafHash: Uint8Array }[];
};

/** Reads a receipt; throws `record-file-malformed`. */
export function parseReceiptFile(text: string): ReceiptFile {
  try {
    const file = JSON.parse(text) as Record<string, unknown>;
    const { madeAt, log, leafIndex, leaf, proof, statement, salt, checkpoint, erased } = file;
    const { origin, keys, changes = [] } = log as { origin: unknown; keys: unknown; changes?: unknown };
    const hashes = (proof as unknown[]).map(bytesOf);
    const receipt: ReceiptFile = {
      madeAt: textOf(madeAt),
      log: {
        origin: textOf(origin),
        keys: (keys as unknown[]).map(textOf),
        changes: (changes as unknown[]).map(textOf),
      },
      leafIndex: numberOf(leafIndex),
      leaf: bytesOf(leaf),
      proof: hashes,
      statement: textOf(statement),
      salt: bytesOf(salt),
      checkpoint: textOf(checkpoint),
      erased: (erased as { leafIndex: unknown; leafHash: unknown }[]).map((one) => ({
        leafIndex: numberOf(one.leafIndex),
        leafHash: bytesOf(one.leafHash),
      })),
    };
    const whole = file['format'] === RECEIPT_FORMAT && isHashList(hashes);
    if (!whole || !isHashList(receipt.erased.map(({ leafHash }) => leafHash))) throw malformed();
    return receipt;
  } catch {
    throw malformed();
  }
}

export type ReceiptVerification = {
  readonly verdict: 'passed' | 'failed';
  readonly entry: EntryVerification;
  readonly claim?: ErasureClaim;
  /** The list of leaves is the one whose digest the log committed to. */
  readonly listHolds: boolean;
};

/** Verifies a receipt with keys one trusts. Never throws. */
export function verifyReceiptFile(
  receipt: ReceiptFile,
  verifierKeys: readonly string[],
): ReceiptVerification {
  const entry = verifyEntry({
    leafBytes: receipt.leaf,
    leafIndex: receipt.leafIndex,
    statement: receipt.statement,
    salt: receipt.salt,
    inclusionProof: receipt.proof,
    checkpointNote: receipt.checkpoint,
    verifierKeys,
  });
  const claim = readErasureClaim(receipt.statement);
  const listHolds =
    claim?.count === receipt.erased.length &&
    claim.digest === erasedDigest(receipt.erased.map(({ leafHash }) => leafHash));
  return {
    verdict: entry.verdict === 'passed' && listHolds ? 'passed' : 'failed',
    entry,
    ...(claim ? { claim } : {}),
    listHolds,
  };
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw malformed();
  return value;
}

function numberOf(value: unknown): number {
  if (!isTreeSize(value)) throw malformed();
  return value;
}

function bytesOf(value: unknown): Uint8Array {
  return decodeBase64(textOf(value));
}

function malformed(): LedgerError {
  return new LedgerError('record-file-malformed', 'not a receipt');
}
