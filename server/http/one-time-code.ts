// One-time codes: six digits, sent to the person, kept only as a slow hash.
import { hash, verify } from '@node-rs/argon2';

const hashing = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const codeSpace = 1_000_000;
/** The largest multiple of the code space below 2^32: what is drawn above it is drawn again, so that every code is as likely. */
const fair = Math.floor(2 ** 32 / codeSpace) * codeSpace;

/** Six digits, each as likely as any other. */
export function makeCode(randomBytes: (count: number) => Uint8Array): string {
  for (;;) {
    const drawn = Buffer.from(randomBytes(4)).readUInt32BE();
    if (drawn < fair) return String(drawn % codeSpace).padStart(6, '0');
  }
}

/** Bound to its request: the same digits of another request do not match. */
export function hashCode(
  requestId: string,
  code: string,
  randomBytes: (count: number) => Uint8Array,
): Promise<string> {
  return hash(bound(requestId, code), { ...hashing, salt: Buffer.from(randomBytes(16)) });
}

export function codeMatches(stored: string, requestId: string, code: string): Promise<boolean> {
  return verify(stored, bound(requestId, code));
}

/** As typed, with spaces or in Devanagari digits; undefined when it is no code. */
export function readCode(text: string): string | undefined {
  const digits = text
    .normalize('NFKC')
    .replace(/[\u0966-\u096f]/g, (digit) => String(digit.charCodeAt(0) - 0x0966))
    .replace(/[\s-]/g, '');
  return /^\d{6}$/.test(digits) ? digits : undefined;
}

const bound = (requestId: string, code: string): string => `${requestId}:${code}`;
