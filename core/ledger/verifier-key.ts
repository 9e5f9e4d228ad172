// Verifier keys of signed notes (C2SP signed-note): the public half that a reader trusts, as one line of text.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes } from '@noble/hashes/utils.js';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { LedgerError } from './errors.ts';
import { utf8 } from './text.ts';

/** The signature types this code verifies: a log's Ed25519 signature and a witness's timestamped one. */
export const SIGNATURE_TYPES = { ed25519: 0x01, cosignatureV1: 0x04 } as const;

export type SignatureType = (typeof SIGNATURE_TYPES)[keyof typeof SIGNATURE_TYPES];

/** A trusted key; `keyId` is 8 lower-case hexadecimal digits, `publicKey` 32 bytes. */
export type VerifierKey = {
  readonly name: string;
  readonly keyId: string;
  readonly type: SignatureType;
  readonly publicKey: Uint8Array;
};

export const PUBLIC_KEY_BYTES = 32;
const longestKeyLength = 1024;

/** First four bytes, in hexadecimal, of SHA-256(name || newline || type || public key). */
export function keyIdOf(name: string, type: SignatureType, publicKey: Uint8Array): string {
  const input = concatBytes(utf8(name), Uint8Array.of(0x0a, type), publicKey);
  return bytesToHex(sha256(input).subarray(0, 4));
}

/** A verifier key from its parts; throws `key-malformed`. */
export function verifierKeyOf(name: string, type: SignatureType, publicKey: Uint8Array): VerifierKey {
  if (!isKeyName(name) || publicKey.length !== PUBLIC_KEY_BYTES) throw malformed();
  return { name, keyId: keyIdOf(name, type, publicKey), type, publicKey };
}

/** `name+keyid+base64(type || public key)`. */
export function formatVerifierKey(key: VerifierKey): string {
  const typed = concatBytes(Uint8Array.of(key.type), key.publicKey);
  return `${key.name}+${key.keyId}+${encodeBase64(typed)}`;
}

/** Reads a verifier key; throws `key-malformed`, or `key-type-unsupported` for a type other than 0x01 and 0x04. */
export function parseVerifierKey(text: string): VerifierKey {
  if (text.length > longestKeyLength) throw malformed();
  // The name holds no plus; the base64 part may.
  const [, name = '', keyId = '', encoded = ''] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text) ?? [];
  const typed = decodeTyped(encoded);
  const type = Object.values(SIGNATURE_TYPES).find((known) => known === typed[0]);
  if (typed.length > 0 && type === undefined) {
    throw new LedgerError('key-type-unsupported', 'neither an Ed25519 nor a cosignature/v1 key');
  }
  if (type === undefined) throw malformed();
  const key = verifierKeyOf(name, type, typed.slice(1));
  if (key.keyId !== keyId) throw malformed();
  return key;
}

/** Whether a text can name a key: not empty, no Unicode space, plus, or control character. */
export function isKeyName(name: string): boolean {
  return name !== '' && name.isWellFormed() && !/[\p{White_Space}\p{Cc}+]/u.test(name);
}

function decodeTyped(encoded: string): Uint8Array {
  try {
    return decodeBase64(encoded);
  } catch {
    throw malformed();
  }
}

function malformed(): LedgerError {
  return new LedgerError('key-malformed', 'not a verifier key');
}
