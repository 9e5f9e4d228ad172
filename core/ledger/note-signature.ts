// The two signature algorithms of a note: plain Ed25519 (type 0x01), and the cosignature of a witness
// (C2SP tlog-cosignature, type 0x04), which signs the note's text together with the time.
import { ed25519 } from '@noble/curves/ed25519.js';
import { utf8 } from './text.ts';
import { SIGNATURE_TYPES } from './verifier-key.ts';
import type { VerifierKey } from './verifier-key.ts';

/** `detail.timeSeconds` is there for a cosignature. */
export type SignatureResult =
  { readonly ok: true; readonly detail: { readonly timeSeconds?: number } } | { readonly ok: false };

const signatureBytes = 64;
const timestampBytes = 8;

/** What a witness signs: two lines and the checkpoint's text. */
export function cosignedMessage(text: string, timeSeconds: number): Uint8Array {
  return utf8(`cosignature/v1\ntime ${timeSeconds}\n${text}`);
}

/** The bytes of a cosignature: time, big-endian, then the Ed25519 signature of `cosignedMessage`. */
export function encodeCosignature(timeSeconds: number, signature: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(timestampBytes + signature.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(timeSeconds));
  bytes.set(signature, timestampBytes);
  return bytes;
}

/** Whether a signature over a note's text was made with this key. Never throws. */
export function verifyNoteSignature(key: VerifierKey, text: string, signature: Uint8Array): SignatureResult {
  if (key.type === SIGNATURE_TYPES.cosignatureV1) return verifyCosignature(key.publicKey, text, signature);
  return verifyEd25519(key.publicKey, utf8(text), signature) ? { ok: true, detail: {} } : { ok: false };
}

function verifyCosignature(publicKey: Uint8Array, text: string, cosignature: Uint8Array): SignatureResult {
  if (cosignature.length !== timestampBytes + signatureBytes) return { ok: false };
  const view = new DataView(cosignature.buffer, cosignature.byteOffset, timestampBytes);
  const timeSeconds = Number(view.getBigUint64(0));
  if (!Number.isSafeInteger(timeSeconds)) return { ok: false };
  const message = cosignedMessage(text, timeSeconds);
  const holds = verifyEd25519(publicKey, message, cosignature.subarray(timestampBytes));
  return holds ? { ok: true, detail: { timeSeconds } } : { ok: false };
}

function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== signatureBytes) return false;
  try {
    // The strict rules of RFC 8032: no second encoding of a point, no key of small order.
    return ed25519.verify(signature, message, publicKey, { zip215: false });
  } catch {
    return false;
  }
}
