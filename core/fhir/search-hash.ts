// The 64-bit hash under which values stand in the search index: the same as PostgreSQL's `hashtextextended(text, seed)`,
// so that a statement can make a key from a row's own id. Bob Jenkins' lookup3, as PostgreSQL has it since version 11.
// It keeps nothing secret: see docs/decisions/search-index.md for what a collision could and could not do.

export interface HashSeed {
  readonly high: number;
  readonly low: number;
}

export const noSeed: HashSeed = { high: 0, low: 0 };

// Results of the last run; a tuple for each value would be most of the work.
let high = 0;
let low = 0;

const halves = new Uint32Array(2);
const whole = new BigInt64Array(halves.buffer);
const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Signed, as PostgreSQL shows a bigint. */
export function hash64(text: string, seed: HashSeed = noSeed): bigint {
  run(text, seed);
  halves[littleEndian ? 0 : 1] = low;
  halves[littleEndian ? 1 : 0] = high;
  return whole[0] ?? 0n;
}

/** The hash of a name as the seed of another hash. */
export function seedOf(text: string): HashSeed {
  run(text, noSeed);
  return { high, low };
}

/** The seed as the statement needs it. */
export function seedNumber(seed: HashSeed): bigint {
  return BigInt.asIntN(64, (BigInt(seed.high) << 32n) | BigInt(seed.low));
}

let bytes = new Uint8Array(512);

/** UTF-8 into `bytes`; lone surrogates become U+FFFD, but nothing stored or asked has any. */
function encode(text: string): number {
  if (bytes.length < 3 * text.length) bytes = new Uint8Array(6 * text.length);
  let length = 0;
  for (let i = 0; i < text.length; i += 1) {
    let c = text.charCodeAt(i);
    if (c < 0x80) {
      bytes[length] = c;
      length += 1;
      continue;
    }
    if (c < 0x800) bytes[length++] = 0xc0 | (c >> 6);
    else {
      const next = text.charCodeAt(i + 1);
      if (c >= 0xd800 && c < 0xdc00 && next >= 0xdc00 && next < 0xe000) {
        i += 1;
        c = 0x10000 + ((c & 0x3ff) << 10) + (next & 0x3ff);
        bytes[length++] = 0xf0 | (c >> 18);
        bytes[length++] = 0x80 | ((c >> 12) & 0x3f);
      } else {
        if (c >= 0xd800 && c < 0xe000) c = 0xfffd;
        bytes[length++] = 0xe0 | (c >> 12);
      }
      bytes[length++] = 0x80 | ((c >> 6) & 0x3f);
    }
    bytes[length++] = 0x80 | (c & 0x3f);
  }
  return length;
}

function word(at: number, end: number): number {
  let value = 0;
  for (let i = Math.min(at + 4, end) - 1; i >= at; i -= 1) value = (value << 8) | (bytes[i] ?? 0);
  return value;
}

function run(text: string, seed: HashSeed): void {
  const length = encode(text);
  let a = (0x9e3779b9 + length + 3923095) | 0;
  let b = a;
  let c = a;
  const mix = (): void => {
    a = (a - c) ^ rotate(c, 4);
    c = (c + b) | 0;
    b = (b - a) ^ rotate(a, 6);
    a = (a + c) | 0;
    c = (c - b) ^ rotate(b, 8);
    b = (b + a) | 0;
    a = (a - c) ^ rotate(c, 16);
    c = (c + b) | 0;
    b = (b - a) ^ rotate(a, 19);
    a = (a + c) | 0;
    c = (c - b) ^ rotate(b, 4);
    b = (b + a) | 0;
  };
  if (seed.high !== 0 || seed.low !== 0) {
    a = (a + seed.high) | 0;
    b = (b + seed.low) | 0;
    mix();
  }
  let at = 0;
  for (; length - at >= 12; at += 12) {
    a = (a + word(at, length)) | 0;
    b = (b + word(at + 4, length)) | 0;
    c = (c + word(at + 8, length)) | 0;
    mix();
  }
  a = (a + word(at, length)) | 0;
  b = (b + word(at + 4, length)) | 0;
  // The lowest byte of the last word is kept for the length.
  c = (c + (word(at + 8, length) << 8)) | 0;
  c = ((c ^ b) - rotate(b, 14)) | 0;
  a = ((a ^ c) - rotate(c, 11)) | 0;
  b = ((b ^ a) - rotate(a, 25)) | 0;
  c = ((c ^ b) - rotate(b, 16)) | 0;
  a = ((a ^ c) - rotate(c, 4)) | 0;
  b = ((b ^ a) - rotate(a, 14)) | 0;
  c = ((c ^ b) - rotate(b, 24)) | 0;
  high = b >>> 0;
  low = c >>> 0;
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}
