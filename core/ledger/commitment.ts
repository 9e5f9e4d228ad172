// What ties the public leaf to the private record: a keyed hash of the event's statement under its own salt.
// Without the salt nothing can be guessed; with salt and statement anybody can recompute it.
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { encodeBase64 } from './base64.ts';
import { LedgerError } from './errors.ts';
import { utf8 } from './text.ts';

export const SALT_BYTES = 32;
export const COMMITMENT_BYTES = 32;

/**
 * HMAC-SHA-256(key = salt, data = UTF-8 of the statement). The statement is hashed as stored.
 * Throws `salt-wrong-length` or `text-not-well-formed`.
 */
export function commitmentOf(statement: string, salt: Uint8Array): Uint8Array {
  // HMAC pads short keys with zeroes: a shorter salt would be a second key for the same commitment.
  if (salt.length !== SALT_BYTES) throw new LedgerError('salt-wrong-length', 'a salt has 32 bytes');
  return hmac(sha256, salt, utf8(statement));
}

/** Base64 of SHA-256 of a resource version's canonical text: the `content` of a write's statement. */
export function contentDigest(contentText: string): string {
  return encodeBase64(sha256(utf8(contentText)));
}
