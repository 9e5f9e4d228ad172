// Whether a witness may cosign a checkpoint (C2SP tlog-witness): one total function of what it saw last and what it is asked now.
// It knows no storage and no HTTP; the caller must hold what it saw last still until the answer is stored.
import { parseAddCheckpoint } from './add-checkpoint.ts';
import type { AddCheckpoint } from './add-checkpoint.ts';
import { parseCheckpoint } from './checkpoint.ts';
import type { Checkpoint } from './checkpoint.ts';
import { verifyConsistency } from './consistency.ts';
import { openNote, parseNote } from './note.ts';
import { emptyRoot, equalBytes } from './tree.ts';
import { SIGNATURE_TYPES } from './verifier-key.ts';
import type { VerifierKey } from './verifier-key.ts';

/** The latest checkpoint cosigned for an origin. */
export type SeenCheckpoint = { readonly size: number; readonly root: Uint8Array };

export type Judgement =
  | { readonly verdict: 'cosign'; readonly checkpoint: Checkpoint; readonly text: string }
  /** Nothing of the request can be used. */
  | { readonly verdict: 'malformed' }
  | { readonly verdict: 'unknown-origin' }
  | { readonly verdict: 'not-signed' }
  | { readonly verdict: 'old-size-too-large' }
  /** The log is to ask again from the size that this witness knows. */
  | { readonly verdict: 'other-size'; readonly size: number }
  /** Signed by the log and not an extension of what it signed before: the evidence of two histories. */
  | { readonly verdict: 'other-root'; readonly checkpoint: Checkpoint }
  | { readonly verdict: 'not-consistent'; readonly checkpoint: Checkpoint };

/** The request as far as it can be read before anything is trusted; undefined when malformed. */
export type ReadRequest = {
  readonly request: AddCheckpoint;
  readonly checkpoint: Checkpoint;
  readonly text: string;
};

export function readRequest(body: string): ReadRequest | undefined {
  try {
    const request = parseAddCheckpoint(body);
    const { text } = parseNote(request.checkpointNote);
    return { request, checkpoint: parseCheckpoint(text), text };
  } catch {
    return undefined;
  }
}

/**
 * Judges in the order of the specification. `logKeys` are those trusted for the origin that the request names (none: the origin
 * is unknown); `seen` is undefined when nothing was ever cosigned for it.
 */
export function judgeCheckpoint(
  read: ReadRequest | undefined,
  logKeys: readonly VerifierKey[],
  seen: SeenCheckpoint | undefined,
): Judgement {
  if (read === undefined) return { verdict: 'malformed' };
  const { request, checkpoint, text } = read;
  const trusted = logKeys.filter(
    ({ name, type }) => name === checkpoint.origin && type === SIGNATURE_TYPES.ed25519,
  );
  if (trusted.length === 0) return { verdict: 'unknown-origin' };
  if (!isSignedBy(request.checkpointNote, trusted)) return { verdict: 'not-signed' };
  const { oldSize, proof } = request;
  if (oldSize > checkpoint.size) return { verdict: 'old-size-too-large' };
  const old = seen ?? { size: 0, root: emptyRoot() };
  if (oldSize !== old.size) return { verdict: 'other-size', size: old.size };
  if (checkpoint.size === old.size && !equalBytes(checkpoint.root, old.root)) {
    return { verdict: 'other-root', checkpoint };
  }
  const result = verifyConsistency({
    oldSize,
    newSize: checkpoint.size,
    oldRoot: old.root,
    newRoot: checkpoint.root,
    proof,
  });
  return result.ok ? { verdict: 'cosign', checkpoint, text } : { verdict: 'not-consistent', checkpoint };
}

/** One good signature of one trusted key is enough: each is tried alone, so that a bad one of another does not refuse it. */
function isSignedBy(noteText: string, trusted: readonly VerifierKey[]): boolean {
  return trusted.some((key) => openNote(noteText, [key]).ok);
}
