// RLE of DICOM (PS3.5, Annex G): each byte of each sample is a segment of its own, packed as runs and literals.
import type { FrameShape } from './frame-shape.ts';
import { requireIntact } from './frame-shape.ts';

const headerLength = 64;
const mostSegments = 15;

/**
 * @returns samples of a pixel one after another, little endian
 * @throws DamagedFrame where a segment is missing, ends early, or is longer than its pixels
 */
export function decodeRle(frame: Uint8Array, shape: FrameShape): Uint8Array<ArrayBuffer> {
  const { width, height, samples, bytesPerSample } = shape;
  const pixels = width * height;
  const segments = samples * bytesPerSample;
  requireIntact(frame.length >= headerLength, 'no header');
  const head = new DataView(frame.buffer, frame.byteOffset, headerLength);
  requireIntact(
    segments <= mostSegments && head.getUint32(0, true) === segments,
    'another number of segments',
  );
  const out = new Uint8Array(pixels * segments);
  for (let segment = 0; segment < segments; segment++) {
    const start = head.getUint32(4 + segment * 4, true);
    const end = segment + 1 < segments ? head.getUint32(8 + segment * 4, true) : frame.length;
    requireIntact(start >= headerLength && start <= end && end <= frame.length, 'segments out of place');
    const sample = Math.floor(segment / bytesPerSample);
    // The most significant byte comes first.
    const byte = bytesPerSample - 1 - (segment % bytesPerSample);
    unpackSegment(frame.subarray(start, end), out, sample * bytesPerSample + byte, segments);
  }
  return out;
}

/** Fills every `step`th byte of `out` from `first` on. */
function unpackSegment(packed: Uint8Array, out: Uint8Array, first: number, step: number): void {
  let at = 0;
  let to = first;
  while (to < out.length) {
    requireIntact(at + 1 < packed.length, 'a segment ends early');
    const control = packed[at] ?? 0;
    at += 1;
    // Says nothing.
    if (control === 128) continue;
    const isRun = control > 128;
    const count = isRun ? 257 - control : control + 1;
    const fits = Math.min(count, Math.ceil((out.length - to) / step));
    // Where the number of pixels is odd, some encoders pack one more.
    requireIntact(count - fits <= 1, 'a segment is too long');
    requireIntact(at + (isRun ? 1 : count) <= packed.length, 'a segment ends early');
    for (let done = 0; done < fits; done++, to += step) out[to] = packed[isRun ? at : at + done] ?? 0;
    at += isRun ? 1 : count;
  }
}
