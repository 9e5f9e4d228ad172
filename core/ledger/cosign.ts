// Making a cosignature, and moving the ones that hold from a witness's answer to one's own copy of a checkpoint.
import { LedgerError } from './errors.ts';
import { cosignedMessage, encodeCosignature } from './note-signature.ts';
import { addSignatures, formatNote, openNote, parseNote } from './note.ts';
import type { NoteSignature, NoteSigner } from './note.ts';
import { keyIdOf, SIGNATURE_TYPES } from './verifier-key.ts';
import type { VerifierKey } from './verifier-key.ts';

const mostAnswerLines = 16;

/** A witness's signature of a checkpoint's text at a time in unix seconds (C2SP tlog-cosignature, Ed25519). */
export function cosign(text: string, timeSeconds: number, signer: NoteSigner): NoteSignature {
  const signature = signer.sign(cosignedMessage(text, timeSeconds));
  return {
    name: signer.name,
    keyId: keyIdOf(signer.name, SIGNATURE_TYPES.cosignatureV1, signer.publicKey),
    signature: encodeCosignature(timeSeconds, signature),
  };
}

/** The signature lines alone, as a witness answers them. */
export function formatSignatureLines(text: string, signatures: readonly NoteSignature[]): string {
  return formatNote({ text, signatures }).slice(text.length + 1);
}

export type Cosignature = {
  readonly witness: VerifierKey;
  readonly timeSeconds: number;
  readonly signature: NoteSignature;
};

/**
 * The cosignature of `witness` in its answer, over exactly this checkpoint; undefined when there is none, or none that holds.
 * Never throws; lines of other keys are passed over.
 */
export function readCosignature(
  checkpointNote: string,
  answer: string,
  witness: VerifierKey,
): Cosignature | undefined {
  if (answer.split('\n').length > mostAnswerLines + 1) return undefined;
  try {
    const { text } = parseNote(checkpointNote);
    const answered = parseNote(`${text}\n${answer}`);
    if (answered.text !== text) return undefined;
    const signature = answered.signatures.find(
      ({ name, keyId }) => name === witness.name && keyId === witness.keyId,
    );
    if (signature === undefined) return undefined;
    const opened = openNote(formatNote({ text, signatures: [signature] }), [witness]);
    const timeSeconds = opened.ok ? opened.verified[0]?.timeSeconds : undefined;
    return timeSeconds === undefined ? undefined : { witness, timeSeconds, signature };
  } catch (error) {
    if (error instanceof LedgerError) return undefined;
    throw error;
  }
}

/** The checkpoint with further signature lines; one that is there already is not doubled. */
export function withCosignatures(checkpointNote: string, signatures: readonly NoteSignature[]): string {
  const present = new Set(parseNote(checkpointNote).signatures.map(({ name, keyId }) => `${name}+${keyId}`));
  const missing = signatures.filter(({ name, keyId }) => !present.has(`${name}+${keyId}`));
  return missing.length === 0 ? checkpointNote : addSignatures(checkpointNote, missing);
}
