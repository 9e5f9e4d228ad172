// Time-based one-time codes (RFC 6238 over RFC 4226) with what every authenticator app uses: SHA-1, thirty seconds, six digits.
// Knows no clock: the instant is an argument.
import { hmac } from '@noble/hashes/hmac.js';
import { sha1 } from '@noble/hashes/legacy.js';
import { toBase32 } from './base32.ts';

export const stepSeconds = 30;
export const totpDigits = 6;
/** As long as the hash, as RFC 4226 recommends. */
export const totpSecretBytes = 20;
/** Steps before and after this one whose code is taken too: clocks of phones are not quite right (RFC 6238, section 5.2). */
const tolerance = 1;

/** RFC 4226, section 5.3. */
export function hotp(secret: Uint8Array, counter: number, digits: number = totpDigits): string {
  const message = new Uint8Array(8);
  const view = new DataView(message.buffer);
  view.setUint32(0, Math.floor(counter / 2 ** 32));
  view.setUint32(4, counter >>> 0);
  const mac = hmac(sha1, secret, message);
  const offset = (mac[19] ?? 0) & 15;
  const cut = new DataView(mac.buffer, mac.byteOffset).getUint32(offset) & 0x7fffffff;
  return String(cut % 10 ** digits).padStart(digits, '0');
}

export function stepAt(atMs: number): number {
  return Math.floor(atMs / 1000 / stepSeconds);
}

/** The step whose code this is, the earliest first; undefined when it is none that counts at this instant. Takes the same time for each. */
export function stepOfCode(secret: Uint8Array, code: string, atMs: number): number | undefined {
  const now = stepAt(atMs);
  let found: number | undefined;
  for (let step = now + tolerance; step >= now - tolerance; step--)
    if (step >= 0 && sameText(hotp(secret, step), code)) found = step;
  return found;
}

/** What a QR code for an authenticator app holds. */
export function totpAddress(secret: Uint8Array, issuer: string, login: string): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(login)}`;
  return `otpauth://totp/${label}?secret=${toBase32(secret)}&issuer=${encodeURIComponent(issuer)}`;
}

/** Six digits as people type or paste them, with spaces or in Devanagari digits; undefined when it is no code. */
export function readSixDigits(text: string): string | undefined {
  const digits = text
    .normalize('NFKC')
    .replace(/[\u0966-\u096f]/g, (digit) => String(digit.charCodeAt(0) - 0x0966))
    .replace(/[\s-]/g, '');
  return /^\d{6}$/.test(digits) ? digits : undefined;
}

function sameText(one: string, other: string): boolean {
  let difference = one.length ^ other.length;
  for (let i = 0; i < one.length; i++) difference |= one.charCodeAt(i) ^ (other.charCodeAt(i) || 0);
  return difference === 0;
}
