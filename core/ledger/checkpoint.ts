// Checkpoints (C2SP tlog-checkpoint): a log's name, size and root as the text of a signed note.
import { decodeBase64, encodeBase64 } from './base64.ts';
import { LedgerError } from './errors.ts';
import { openNote } from './note.ts';
import type { NoteFailure, VerifiedSignature } from './note.ts';
import { parseDecimal } from './text.ts';
import { isHash, isTreeSize } from './tree.ts';
import { SIGNATURE_TYPES } from './verifier-key.ts';
import type { VerifierKey } from './verifier-key.ts';

/** `extensions` are opaque lines of other logs; a log of this code writes none. */
export type Checkpoint = {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  readonly extensions: readonly string[];
};

export type CheckpointFailure = NoteFailure | 'checkpoint-malformed' | 'not-signed-by-its-log';

export type OpenedCheckpoint =
  | {
      readonly ok: true;
      readonly checkpoint: Checkpoint;
      /** The log's own signature. */
      readonly signedBy: VerifiedSignature;
      /** Known witnesses whose cosignatures hold, each once. */
      readonly cosignedBy: readonly VerifiedSignature[];
    }
  | { readonly ok: false; readonly reason: CheckpointFailure };

/** The text to be signed; throws `checkpoint-malformed` if it could not be read back. */
export function formatCheckpoint(checkpoint: Checkpoint): string {
  const { origin, size, root, extensions } = checkpoint;
  const lines = [origin, String(size), encodeBase64(root), ...extensions];
  const whole = lines.every((line) => line !== '' && !line.includes('\n') && line.isWellFormed());
  if (!whole || !isTreeSize(size) || !isHash(root)) throw malformed();
  return lines.map((line) => `${line}\n`).join('');
}

/** Reads a checkpoint's text (without signatures); throws `checkpoint-malformed`. */
export function parseCheckpoint(text: string): Checkpoint {
  const lines = text.split('\n');
  if (lines.pop() !== '' || lines.length < 3 || lines.includes('')) throw malformed();
  const [origin = '', sizeText = '', rootText = '', ...extensions] = lines;
  const size = parseDecimal(sizeText);
  const root = decodeRoot(rootText);
  if (size === undefined || !isHash(root)) throw malformed();
  return { origin, size, root, extensions };
}

/**
 * Verifies a signed checkpoint with the keys one trusts. Never throws. It counts only when an Ed25519 key that
 * is named like the origin signed it: a witness alone, or the key of another log, does not make it this log's.
 */
export function openCheckpoint(noteText: string, keys: readonly VerifierKey[]): OpenedCheckpoint {
  const note = openNote(noteText, keys);
  if (!note.ok) return note;
  const checkpoint = tryParseCheckpoint(note.text);
  if (checkpoint === undefined) return { ok: false, reason: 'checkpoint-malformed' };
  const signedBy = note.verified.find(
    ({ key }) => key.type === SIGNATURE_TYPES.ed25519 && key.name === checkpoint.origin,
  );
  if (signedBy === undefined) return { ok: false, reason: 'not-signed-by-its-log' };
  const cosignedBy = note.verified.filter(({ key }) => key.type === SIGNATURE_TYPES.cosignatureV1);
  return { ok: true, checkpoint, signedBy, cosignedBy };
}

function tryParseCheckpoint(text: string): Checkpoint | undefined {
  try {
    return parseCheckpoint(text);
  } catch {
    return undefined;
  }
}

function decodeRoot(text: string): Uint8Array | undefined {
  try {
    return decodeBase64(text);
  } catch {
    return undefined;
  }
}

function malformed(): LedgerError {
  return new LedgerError('checkpoint-malformed', 'not a checkpoint');
}
