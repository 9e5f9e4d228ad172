// Standard base64 with padding (RFC 4648, section 4), as signed notes and checkpoints use it.
// Only the canonical spelling is read: one byte string has exactly one text, so a text can be compared or hashed.
import { LedgerError } from './errors.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const invalid = 255;
const valueOfCode = new Uint8Array(128).fill(invalid);
for (let value = 0; value < 64; value++) valueOfCode[alphabet.charCodeAt(value)] = value;

/** Padded standard base64 of any bytes. */
export function encodeBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    text += alphabet.charAt(group >> 18) + alphabet.charAt((group >> 12) & 63);
    text += left > 1 ? alphabet.charAt((group >> 6) & 63) : '=';
    text += left > 2 ? alphabet.charAt(group & 63) : '=';
  }
  return text;
}

/** Bytes of a padded standard base64 text; throws `base64-malformed` for anything but the canonical spelling. */
export function decodeBase64(text: string): Uint8Array {
  if (text.length % 4 !== 0) throw malformed();
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  const digits = text.length - padding;
  let written = 0;
  let bits = 0;
  let bitCount = 0;
  for (let at = 0; at < digits; at++) {
    const value = valueOfCode[text.charCodeAt(at)] ?? invalid;
    if (value === invalid) throw malformed();
    bits = ((bits << 6) | value) & 0xffff;
    bitCount += 6;
    if (bitCount >= 8) {
      bitCount -= 8;
      bytes[written++] = (bits >> bitCount) & 0xff;
    }
  }
  // Left-over bits that are not zero would be a second spelling of the same bytes.
  if ((bits & ((1 << bitCount) - 1)) !== 0) throw malformed();
  return bytes;
}

function malformed(): LedgerError {
  return new LedgerError('base64-malformed', 'not canonical standard base64');
}
