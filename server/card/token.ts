// The secret in a card's code, and the short code printed on a blank. Random, unrelated to the person, written in capitals and
// digits so that a QR code stays small and a person can read it out. Knows no storage.
import { createHash } from 'node:crypto';
import type { CardKey } from './card-key.ts';

/** Crockford's base 32: no I, L, O or U to be misread. */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const tokenBytes = 20;

/** 160 random bits as 32 characters. */
export function makeToken(randomBytes: (count: number) => Uint8Array): string {
  return base32(randomBytes(tokenBytes));
}

/** The token as it was made, from how it was typed or scanned; undefined when it cannot be one. */
export function readToken(text: string): string | undefined {
  if (text.length > 64) return undefined;
  const token = asWritten(text);
  return /^[0-9A-HJKMNP-TV-Z]{32}$/.test(token) ? token : undefined;
}

/** What the database knows a token by. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(`medallion card ${token}`, 'utf8').digest();
}

/** The address in the code of a card. */
export function cardUrl(publicUrl: string, token: string): string {
  return `${publicUrl}/e/${token}`;
}

/** 8 characters, 40 random bits: enough with few tries, short enough to type. */
export function makeClaimCode(randomBytes: (count: number) => Uint8Array): string {
  const code = base32(randomBytes(5));
  return `${code.slice(0, 4)}-${code.slice(4)}`;
}

/** Undefined when it cannot be a claim code. */
export function readClaimCode(text: string): string | undefined {
  if (text.length > 32) return undefined;
  const code = asWritten(text);
  return /^[0-9A-HJKMNP-TV-Z]{8}$/.test(code) ? `${code.slice(0, 4)}-${code.slice(4)}` : undefined;
}

/** Keyed, because 40 bits alone could be tried through from a copy of the database. */
export function hashClaimCode(key: Pick<CardKey, 'sign'>, claimCode: string): Buffer {
  return key.sign('claim', claimCode);
}

/** The hashes by which a claim code may be known: a blank is printed once and stays good when keys change. */
export function claimHashes(key: Pick<CardKey, 'signAll'>, claimCode: string): Buffer[] {
  return key.signAll('claim', claimCode);
}

function asWritten(text: string): string {
  return text
    .toUpperCase()
    .replace(/[\s\u00a0-]/g, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1');
}

/** `bytes` in groups of five. */
function base32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += letters.charAt((value >>> bits) & 31);
    }
    value &= (1 << bits) - 1;
  }
  return text;
}
