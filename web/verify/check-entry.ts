// The check of one entry on this device: the text of the version, its statement, its leaf, the signed root. Knows no words.
import { decodeBase64 } from '../../core/ledger/base64.ts';
import type { EntryVerification } from '../../core/ledger/verify-entry.ts';
import { verifyEntry } from '../../core/ledger/verify-entry.ts';
import type { EntryAnswer } from '../api/evidence.ts';
import { readEntry, readLogKey, readVersionText } from '../api/evidence.ts';
import { keyAsSeen } from './log-key-memory.ts';
import type { KeyMemory } from './log-key-memory.ts';

export type EntryTarget =
  | { readonly kind: 'entry'; readonly entryId: string }
  | {
      readonly kind: 'version';
      readonly type: string;
      readonly id: string;
      readonly version?: string | undefined;
    };

export interface EntryCheck {
  /** Absent while the entry waits for its place in the log. */
  readonly verification?: EntryVerification;
  readonly entry: EntryAnswer;
  readonly key: KeyMemory;
  readonly vkey: string;
}

/** Throws ApiError when the server does not hand the evidence over. */
export async function checkEntry(target: EntryTarget, signal?: AbortSignal): Promise<EntryCheck> {
  const [vkey, { entry, text }] = await Promise.all([readLogKey(signal), gather(target, signal)]);
  const { evidence, checkpoint } = entry;
  const key = keyAsSeen(vkey);
  if (!evidence) return { entry, key, vkey };
  const verification = verifyEntry({
    leafBytes: decodeBase64(evidence.leaf),
    leafIndex: evidence.leafIndex,
    ...(evidence.statement === undefined ? {} : { statement: evidence.statement }),
    ...(evidence.salt === undefined ? {} : { salt: decodeBase64(evidence.salt) }),
    inclusionProof: evidence.hashes.map(decodeBase64),
    checkpointNote: checkpoint,
    verifierKeys: [vkey],
    expectedSeq: evidence.seq,
    ...(text === undefined ? {} : { contentText: text }),
  });
  return { verification, entry, key, vkey };
}

async function gather(
  target: EntryTarget,
  signal?: AbortSignal,
): Promise<{ entry: EntryAnswer; text?: string | undefined }> {
  if (target.kind === 'version') {
    const { text, entryId } = await readVersionText(target.type, target.id, target.version, signal);
    return { entry: await readEntry(entryId ?? '', signal), text };
  }
  const entry = await readEntry(target.entryId, signal);
  const { on } = entry;
  const writes = ['create', 'update'].includes(entry.event) && on?.version !== undefined;
  if (!writes) return { entry };
  const { text } = await readVersionText(on.type, on.id, String(on.version), signal);
  return { entry, text };
}
