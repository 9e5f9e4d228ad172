// Signed notes (C2SP signed-note): a text, an empty line, and one line for each signature.
// It knows the form and the signatures, not what the text says. Nothing of a note may be used before openNote.
import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { LedgerError } from './errors.ts';
import { verifyNoteSignature } from './note-signature.ts';
import { utf8 } from './text.ts';
import { SIGNATURE_TYPES, isKeyName, keyIdOf } from './verifier-key.ts';
import type { VerifierKey } from './verifier-key.ts';

/** One signature line; `keyId` is 8 lower-case hexadecimal digits, `signature` what follows the key id. */
export type NoteSignature = {
  readonly name: string;
  readonly keyId: string;
  readonly signature: Uint8Array;
};

/** `text` ends with a newline and is what is signed. */
export type Note = { readonly text: string; readonly signatures: readonly NoteSignature[] };

/** Whoever signs: the 32-byte public key, and a function that gives the 64-byte Ed25519 signature of a message. */
export type NoteSigner = {
  readonly name: string;
  readonly publicKey: Uint8Array;
  readonly sign: (message: Uint8Array) => Uint8Array;
};

/** A signature that holds; a witness's one also says when it was made, in unix seconds. */
export type VerifiedSignature = { readonly key: VerifierKey; readonly timeSeconds?: number };

export type NoteFailure = 'note-malformed' | 'keys-ambiguous' | 'signature-invalid' | 'no-known-signature';

export type OpenedNote =
  | { readonly ok: true; readonly text: string; readonly verified: readonly VerifiedSignature[] }
  | { readonly ok: false; readonly reason: NoteFailure };

const emDash = '\u2014';
const longestNoteLength = 1_000_000;
// C2SP asks for at least 16; each known one costs milliseconds to verify.
const mostSignatures = 64;
const ed25519SignatureBytes = 64;

/** Takes a note apart without verifying anything; throws `note-malformed`. */
export function parseNote(noteText: string): Note {
  if (noteText.length > longestNoteLength || !isNoteText(noteText)) throw malformed();
  const emptyLine = noteText.lastIndexOf('\n\n');
  if (emptyLine < 0) throw malformed();
  const text = noteText.slice(0, emptyLine + 1);
  const lines = noteText.slice(emptyLine + 2).split('\n');
  // What follows the last newline must be nothing.
  if (lines.pop() !== '' || lines.length === 0 || lines.length > mostSignatures) throw malformed();
  return { text, signatures: lines.map(parseSignatureLine) };
}

/** Writes a note; throws `note-malformed` if it could not be read back. */
export function formatNote(note: Note): string {
  const lines = note.signatures.map(formatSignatureLine).join('');
  const noteText = `${note.text}\n${lines}`;
  if (parseNote(noteText).text !== note.text) throw malformed();
  return noteText;
}

/** Signs a text (ending with a newline) with Ed25519 keys, first signer first. */
export function signNote(text: string, signers: readonly NoteSigner[]): string {
  const signatures = signers.map(({ name, publicKey, sign }) => {
    const signature = sign(utf8(text));
    if (signature.length !== ed25519SignatureBytes) {
      throw new LedgerError('signature-wrong-length', 'an Ed25519 signature has 64 bytes');
    }
    return { name, keyId: keyIdOf(name, SIGNATURE_TYPES.ed25519, publicKey), signature };
  });
  return formatNote({ text, signatures });
}

/** Adds signature lines, such as witnesses' cosignatures, to a note. */
export function addSignatures(noteText: string, signatures: readonly NoteSignature[]): string {
  const note = parseNote(noteText);
  return formatNote({ text: note.text, signatures: [...note.signatures, ...signatures] });
}

/**
 * Verifies a note with the keys one trusts. Never throws. Signatures of unknown keys are passed over; one bad
 * signature of a known key refuses the whole note, and so does the lack of any good one.
 */
export function openNote(noteText: string, keys: readonly VerifierKey[]): OpenedNote {
  const known = keysByNameAndId(keys);
  if (known === undefined) return { ok: false, reason: 'keys-ambiguous' };
  const note = tryParseNote(noteText);
  if (note === undefined) return { ok: false, reason: 'note-malformed' };
  const verified = new Map<VerifierKey, VerifiedSignature>();
  for (const { name, keyId, signature } of note.signatures) {
    const key = known.get(`${name}+${keyId}`);
    if (key === undefined) continue;
    const result = verifyNoteSignature(key, note.text, signature);
    if (!result.ok) return { ok: false, reason: 'signature-invalid' };
    // A key that signed twice counts once.
    if (!verified.has(key)) verified.set(key, { key, ...result.detail });
  }
  if (verified.size === 0) return { ok: false, reason: 'no-known-signature' };
  return { ok: true, text: note.text, verified: [...verified.values()] };
}

/** Undefined when two different keys share name and key id: no signature could be told from the other's. */
function keysByNameAndId(keys: readonly VerifierKey[]): Map<string, VerifierKey> | undefined {
  const known = new Map<string, VerifierKey>();
  for (const key of keys) {
    const label = `${key.name}+${key.keyId}`;
    const other = known.get(label);
    if (other !== undefined && (other.type !== key.type || !sameKey(other, key))) return undefined;
    if (other === undefined) known.set(label, key);
  }
  return known;
}

function sameKey(one: VerifierKey, other: VerifierKey): boolean {
  return bytesToHex(one.publicKey) === bytesToHex(other.publicKey);
}

function tryParseNote(noteText: string): Note | undefined {
  try {
    return parseNote(noteText);
  } catch {
    return undefined;
  }
}

function parseSignatureLine(line: string): NoteSignature {
  const parts = line.split(' ');
  const [dash, name = '', encoded = ''] = parts;
  if (parts.length !== 3 || dash !== emDash || !isKeyName(name)) throw malformed();
  const bytes = decodeSignature(encoded);
  if (bytes.length < 5) throw malformed();
  return { name, keyId: bytesToHex(bytes.subarray(0, 4)), signature: bytes.slice(4) };
}

function formatSignatureLine({ name, keyId, signature }: NoteSignature): string {
  return `${emDash} ${name} ${encodeBase64(concatBytes(hexToBytes(keyId), signature))}\n`;
}

/** Well-formed Unicode without control characters below U+0020 other than newline. */
function isNoteText(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return text.isWellFormed() && !/[\u0000-\u0009\u000b-\u001f]/.test(text);
}

function decodeSignature(encoded: string): Uint8Array {
  try {
    return decodeBase64(encoded);
  } catch {
    throw malformed();
  }
}

function malformed(): LedgerError {
  return new LedgerError('note-malformed', 'not a signed note');
}
