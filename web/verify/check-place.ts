// The check of one place of the public log on this device, for anybody: leaf, signed tree, anchor. Knows no words and no person.
import { decodeBase64 } from '../../core/ledger/base64.ts';
import { leafHash } from '../../core/ledger/tree.ts';
import type { PlaceVerification } from '../../core/ledger/verify-place.ts';
import { verifyPlace } from '../../core/ledger/verify-place.ts';
import { readLogKey } from '../api/evidence.ts';
import type { Anchor } from '../api/ledger.ts';
import { readAnchorOver, readCheckpoint, readKeyChanges, readPlace, readWitnessed } from '../api/ledger.ts';

export interface PlaceCheck extends PlaceVerification {
  readonly leafBytes: Uint8Array;
  readonly index: number;
  readonly vkey: string;
  readonly note: string;
  readonly anchor: Anchor | undefined;
}

/** `statedHash`: as the code on paper gives it; left out when only the place is known. Throws ApiError. */
export async function checkPlace(
  index: number,
  statedHash: Uint8Array | undefined,
  signal?: AbortSignal,
): Promise<PlaceCheck> {
  const [vkey, keyChanges, place, anchor, witnessed] = await Promise.all([
    readLogKey(signal),
    readKeyChanges(signal),
    readPlace(index, undefined, signal),
    readAnchorOver(index, signal),
    readWitnessed(signal),
  ]);
  const seen = witnessed !== undefined && index < witnessed.size ? witnessed : undefined;
  const [note, inAnchor, inWitnessed] = await Promise.all([
    place.checkpoint ?? readCheckpoint(signal),
    anchor === undefined ? undefined : readPlace(index, anchor.size, signal),
    seen === undefined ? undefined : readPlace(index, seen.size, signal),
  ]);
  const leafBytes = decodeBase64(place.leaf);
  const verification = verifyPlace({
    leafBytes,
    leafIndex: index,
    statedHash: statedHash ?? leafHash(leafBytes),
    inclusionProof: place.hashes.map(decodeBase64),
    checkpointNote: note,
    logKey: vkey,
    keyChanges,
    witnessed:
      seen === undefined || inWitnessed === undefined
        ? undefined
        : {
            checkpointNote: seen.note,
            inclusionProof: inWitnessed.hashes.map(decodeBase64),
            witnessKeys: seen.keys,
          },
    anchor:
      anchor === undefined || inAnchor === undefined
        ? undefined
        : {
            size: anchor.size,
            root: decodeBase64(anchor.root),
            inclusionProof: inAnchor.hashes.map(decodeBase64),
            checkpointNote: anchor.checkpoint ?? '',
          },
  });
  return { ...verification, leafBytes, index, vkey, note, anchor };
}

/** The 32 bytes that a printed code names; undefined for any other text. */
export function readPrintedHash(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9_-]{43}$/.test(text)) return undefined;
  try {
    return decodeBase64(`${text.replaceAll('-', '+').replaceAll('_', '/')}=`);
  } catch {
    return undefined;
  }
}

export function readIndex(text: string): number | undefined {
  return /^(0|[1-9]\d{0,14})$/.test(text) ? Number(text) : undefined;
}
