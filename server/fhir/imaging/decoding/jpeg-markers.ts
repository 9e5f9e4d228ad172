// The marker segments of a JPEG or JPEG-LS stream (ITU-T T.81, Annex B; T.87, Annex C) up to and between its scans.
import { requireIntact } from './frame-shape.ts';

export interface Segment {
  /** The second byte of its marker. */
  readonly marker: number;
  /** What follows its length. */
  readonly data: Uint8Array;
  /** Where the next begins. */
  readonly next: number;
}

export const markers = { frameLossless: 0xc3, tables: 0xc4, begin: 0xd8, end: 0xd9, scan: 0xda } as const;

const isFrame = (marker: number): boolean =>
  (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) ||
  marker === 0xf7;

/** Undefined at the end of the image. Throws DamagedFrame. */
export function segmentAt(bytes: Uint8Array, from: number): Segment | undefined {
  let at = from;
  requireIntact(bytes[at] === 0xff, 'no marker');
  while (bytes[at] === 0xff) at += 1;
  const marker = bytes[at] ?? 0;
  if (marker === markers.end) return undefined;
  requireIntact(marker >= 0xc0 && !(marker >= 0xd0 && marker <= 0xd8), 'an unknown marker');
  const length = ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
  const next = at + 1 + length;
  requireIntact(length >= 2 && next <= bytes.length, 'a segment ends early');
  return { marker, data: bytes.subarray(at + 3, next), next };
}

export interface FrameHeader {
  readonly marker: number;
  /** Bits of a sample. */
  readonly precision: number;
  readonly width: number;
  readonly height: number;
  /** Their names, in order. */
  readonly components: readonly number[];
  /** All of one size. */
  readonly even: boolean;
}

export function frameHeaderOf({ marker, data }: Segment): FrameHeader | undefined {
  if (!isFrame(marker)) return undefined;
  const count = data[5] ?? 0;
  requireIntact(data.length === 6 + count * 3 && count > 0, 'a header of another length');
  const parts = Array.from({ length: count }, (_, at) => data.subarray(6 + at * 3, 9 + at * 3));
  return {
    marker,
    precision: data[0] ?? 0,
    height: ((data[1] ?? 0) << 8) | (data[2] ?? 0),
    width: ((data[3] ?? 0) << 8) | (data[4] ?? 0),
    components: parts.map((part) => part[0] ?? 0),
    even: count === 1 || parts.every((part) => part[1] === 0x11),
  };
}

/** The first of a stream. Throws DamagedFrame where there is none before its first scan. */
export function findFrameHeader(bytes: Uint8Array): FrameHeader {
  requireIntact(bytes[0] === 0xff && bytes[1] === markers.begin, 'no JPEG');
  for (let at = 2; ;) {
    const segment = segmentAt(bytes, at);
    requireIntact(segment !== undefined && segment.marker !== markers.scan, 'no header');
    const header = frameHeaderOf(segment);
    if (header) return header;
    at = segment.next;
  }
}
