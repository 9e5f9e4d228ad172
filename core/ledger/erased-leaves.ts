// What an erasure says of the leaves that it emptied: how many, and a digest over their hashes. Both stand in its own statement, so that
// nobody can call an entry erased that its owner's erasure does not name.
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { encodeBase64 } from './base64.ts';

/** Base64 SHA-256 over the hashes of the erased leaves, in the order of the log. */
export function erasedDigest(leafHashes: readonly Uint8Array[]): string {
  return encodeBase64(sha256(concatBytes(...leafHashes)));
}

export type ErasureClaim = { readonly count: number; readonly digest: string };

/** What the statement of an erasure claims; undefined for any other statement. */
export function readErasureClaim(statement: string): ErasureClaim | undefined {
  try {
    const { event, detail } = JSON.parse(statement) as {
      event?: unknown;
      detail?: { erased?: unknown; leaves?: unknown };
    };
    const [count, digest] = [detail?.erased, detail?.leaves];
    if (event !== 'erase' || typeof count !== 'number' || typeof digest !== 'string') return undefined;
    return { count, digest };
  } catch {
    return undefined;
  }
}
