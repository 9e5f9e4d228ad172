// Version 7 UUIDs (RFC 9562): time first, so that a person's entries lie in the order they happened; those of one millisecond and one process are
// counted in the twelve bits after the version (section 6.2, method 1).

const mostCounted = 0xfff;
let countedMs = -1;
let counter = 0;

/** `randomBytes` gives the 62 random bits; `nowMs` is epoch milliseconds. Beyond 4,096 in one millisecond the order is left to chance. */
export function uuidV7(nowMs: number, randomBytes: (count: number) => Uint8Array): string {
  counter = nowMs === countedMs ? Math.min(counter + 1, mostCounted) : 0;
  countedMs = nowMs;
  const bytes = randomBytes(16);
  const high = Math.floor(nowMs / 2 ** 16);
  bytes[0] = (high >>> 24) & 0xff;
  bytes[1] = (high >>> 16) & 0xff;
  bytes[2] = (high >>> 8) & 0xff;
  bytes[3] = high & 0xff;
  bytes[4] = (nowMs >>> 8) & 0xff;
  bytes[5] = nowMs & 0xff;
  bytes[6] = 0x70 | (counter >>> 8);
  bytes[7] = counter & 0xff;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, 16).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
