// The keys of a log one after the other, each vouched for by the one before: whoever knows any of them can judge every checkpoint,
// and a key that was given up signs nothing after its time.
import { openCheckpoint, parseCheckpoint } from './checkpoint.ts';
import type { CheckpointFailure, OpenedCheckpoint } from './checkpoint.ts';
import { openKeyChange } from './key-change.ts';
import { openNote, parseNote } from './note.ts';
import { isTreeSize } from './tree.ts';
import { formatVerifierKey, parseVerifierKey } from './verifier-key.ts';
import type { VerifierKey } from './verifier-key.ts';

/** The tree sizes whose checkpoints a key must have signed, both ends included; without `to` it rules now. */
export type KeyTenure = { readonly key: VerifierKey; readonly from: number; readonly to?: number };

export type KeyChainFailure =
  'key-malformed' | 'change-malformed' | 'chain-broken' | 'trusted-key-not-in-chain' | 'too-many-changes';

export type KeyChain =
  | { readonly ok: true; readonly origin: string; readonly tenures: readonly KeyTenure[] }
  | { readonly ok: false; readonly reason: KeyChainFailure; readonly position?: number };

const mostChanges = 1000;

/**
 * Follows the changes, oldest first, from or to the key one trusts. Never throws. Every change is signed by both of its keys, so
 * the trusted key vouches for those after it and for those before.
 */
export function followKeyChain(trustedVkey: string, changes: readonly string[]): KeyChain {
  const trusted = tryParse(trustedVkey);
  if (trusted === undefined) return { ok: false, reason: 'key-malformed' };
  if (changes.length > mostChanges) return { ok: false, reason: 'too-many-changes' };
  const tenures: KeyTenure[] = [];
  let from = 0;
  let last = changes.length === 0 ? trusted : undefined;
  for (const [position, noteText] of changes.entries()) {
    const change = openKeyChange(noteText);
    if (change === undefined) return { ok: false, reason: 'change-malformed', position };
    const follows = last === undefined || isSame(change.oldKey, last);
    // A key that comes back would be trusted again after it was given up.
    const known = [...tenures.map(({ key }) => key), change.oldKey].some((key) => isSame(key, change.newKey));
    if (!follows || known || change.origin !== trusted.name || change.size < from - 1) {
      return { ok: false, reason: 'chain-broken', position };
    }
    tenures.push({ key: change.oldKey, from, to: change.size });
    from = change.size + 1;
    last = change.newKey;
  }
  if (last !== undefined) tenures.push({ key: last, from });
  if (!tenures.some(({ key }) => isSame(key, trusted)))
    return { ok: false, reason: 'trusted-key-not-in-chain' };
  return { ok: true, origin: trusted.name, tenures };
}

/** The key that must have signed a checkpoint of this size. */
export function keyForSize(tenures: readonly KeyTenure[], size: number): VerifierKey | undefined {
  // Of two changes without an entry between them the later one rules.
  return tenures.findLast(({ from, to }) => size >= from && (to === undefined || size <= to))?.key;
}

export type ChainedCheckpoint =
  | (OpenedCheckpoint & { readonly ok: true })
  | { readonly ok: false; readonly reason: CheckpointFailure | 'signed-by-retired-key' };

/** As `openCheckpoint`, but only the key whose turn it was counts as the log's. Never throws. */
export function openCheckpointOfChain(
  noteText: string,
  tenures: readonly KeyTenure[],
  witnesses: readonly VerifierKey[] = [],
): ChainedCheckpoint {
  const size = claimedSize(noteText);
  const key = size === undefined ? undefined : keyForSize(tenures, size);
  if (key === undefined) return { ok: false, reason: 'checkpoint-malformed' };
  const opened = openCheckpoint(noteText, [key, ...witnesses]);
  if (opened.ok) return opened;
  const byAnother = tenures.some((tenure) => tenure.key !== key && openNote(noteText, [tenure.key]).ok);
  return { ok: false, reason: byAnother ? 'signed-by-retired-key' : opened.reason };
}

function claimedSize(noteText: string): number | undefined {
  try {
    const { size } = parseCheckpoint(parseNote(noteText).text);
    return isTreeSize(size) ? size : undefined;
  } catch {
    return undefined;
  }
}

function tryParse(vkey: string): VerifierKey | undefined {
  try {
    return parseVerifierKey(vkey);
  } catch {
    return undefined;
  }
}

function isSame(one: VerifierKey, other: VerifierKey): boolean {
  return formatVerifierKey(one) === formatVerifierKey(other);
}
