// The check of a whole record on this device: fetches the evidence and lets core/ledger judge it. Knows no words.
import { decodeBase64 } from '../../core/ledger/base64.ts';
import type { RecordVerification } from '../../core/ledger/verify-record.ts';
import { verifyRecord } from '../../core/ledger/verify-record.ts';
import { readChain, readLogKey } from '../api/evidence.ts';
import { keyAsSeen } from './log-key-memory.ts';
import type { KeyMemory } from './log-key-memory.ts';

export interface RecordCheck extends RecordVerification {
  readonly key: KeyMemory;
  readonly vkey: string;
  readonly pseudonym: string;
  /** Place in the log of the newest entry that was checked. */
  readonly lastIndex: number;
  readonly tookMs: number;
}

/** `knownLength`: how many entries this device saw at its last check. */
export async function checkRecord(
  knownLength: number,
  onProgress: (links: number) => void,
  signal?: AbortSignal,
): Promise<RecordCheck> {
  const startedAt = performance.now();
  const [vkey, chain] = await Promise.all([readLogKey(signal), readChain(onProgress, signal)]);
  const verification = verifyRecord({
    checkpointNote: chain.checkpoint,
    verifierKeys: [vkey],
    expectedPseudonym: decodeBase64(chain.pseudonym),
    expectedLength: knownLength,
    links: chain.links.map((link) => ({
      entryId: link.entryId,
      leafBytes: decodeBase64(link.leaf),
      leafIndex: link.leafIndex,
      inclusionProof: link.hashes.map(decodeBase64),
      ...(link.statement === undefined ? {} : { statement: link.statement }),
      ...(link.salt === undefined ? {} : { salt: decodeBase64(link.salt) }),
      ...(link.erasedBy === undefined ? {} : { erasedBy: link.erasedBy }),
      ...(link.content === undefined ? {} : { content: link.content }),
    })),
  });
  return {
    ...verification,
    key: keyAsSeen(vkey),
    vkey,
    pseudonym: chain.pseudonym,
    lastIndex: chain.links.at(-1)?.leafIndex ?? 0,
    tookMs: performance.now() - startedAt,
  };
}
