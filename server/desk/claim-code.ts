// The code by which a record that was begun at a desk is taken over: ten letters and digits that are hard to misread, printed once, kept
// only as a slow hash that is bound to its person.
import { hash, verify } from '@node-rs/argon2';

const hashing = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** Crockford's base 32: no I, L, O or U. */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const length = 10;

/** 50 random bits as `ABCDE-FGHJK`. */
export function makeClaimCode(randomBytes: (count: number) => Uint8Array): string {
  // 256 is a multiple of 32: each letter is as likely as any other.
  const code = Array.from(randomBytes(length), (byte) => letters.charAt(byte & 31)).join('');
  return `${code.slice(0, 5)}-${code.slice(5)}`;
}

/** As it was made, from how it was typed; undefined when it cannot be one. */
export function readClaimCode(text: string): string | undefined {
  if (text.length > 64) return undefined;
  const code = text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\u00a0-]/g, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1');
  return /^[0-9A-HJKMNP-TV-Z]{10}$/.test(code) ? `${code.slice(0, 5)}-${code.slice(5)}` : undefined;
}

export function hashClaimCode(
  patientId: string,
  code: string,
  randomBytes: (count: number) => Uint8Array,
): Promise<string> {
  return hash(bound(patientId, code), { ...hashing, salt: Buffer.from(randomBytes(16)) });
}

export const claimCodeMatches = (stored: string, patientId: string, code: string): Promise<boolean> =>
  verify(stored, bound(patientId, code));

const bound = (patientId: string, code: string): string => `${patientId}:${code}`;
