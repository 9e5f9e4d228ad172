// One frame of a stored image: as it lies in the file, and unpacked to samples. Reads from the store only the frame that is asked for.
import { createRequire } from 'node:module';
import type { Deps } from '../../http/deps.ts';
import type { DicomInstance, PixelsOfInstance } from '../../storage/dicom-instances.ts';
import { fileStore, readFileRange } from '../../storage/file-store.ts';
import { bigEndian } from './read-dicom.ts';

const mostFrameBytes = 256 * 1024 * 1024;
const mostFramePixels = 40_000_000;
const mostFragments = 100_000;

export type FrameProblem =
  'no-pixels' | 'no-such-frame' | 'frame-too-large' | 'image-damaged' | 'transfer-syntax-not-offered';

/** Explicit little endian. */
export const plainSyntax = '1.2.840.10008.1.2.1';
const uncompressed = new Set(['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', bigEndian]);
const jpegBaseline = '1.2.840.10008.1.2.4.50';
const jpeg2000 = new Set(['1.2.840.10008.1.2.4.90', '1.2.840.10008.1.2.4.91']);

/** The media type of a compressed frame, where it has one of its own. */
export function frameTypeOf({ transferSyntax }: PixelsOfInstance): string {
  if (/^1\.2\.840\.10008\.1\.2\.4\.(50|51|57|70)$/.test(transferSyntax)) return 'image/jpeg';
  if (jpeg2000.has(transferSyntax)) return 'image/jp2';
  if (/^1\.2\.840\.10008\.1\.2\.4\.8[01]$/.test(transferSyntax)) return 'image/jls';
  return 'application/octet-stream';
}

/** @param number from 1 */
export async function frameBytes(
  deps: Deps,
  { fileId, pixels }: DicomInstance,
  number: number,
): Promise<Buffer | FrameProblem> {
  if (!pixels) return 'no-pixels';
  if (number < 1 || number > pixels.frames) return 'no-such-frame';
  const { storageUrl } = deps.config;
  if (pixels.length === null) return fragmentsOf(storageUrl, fileId, pixels, number);
  const bits = pixels.rows * pixels.columns * pixels.samples * pixels.bitsAllocated;
  if (bits / 8 > mostFrameBytes) return 'frame-too-large';
  // Frames of one bit a pixel lie one after another without a gap; only the first begins on a byte for certain.
  if (bits % 8 !== 0 && number > 1) return 'transfer-syntax-not-offered';
  const size = Math.ceil(bits / 8);
  const start = (number - 1) * size;
  if (start + size > pixels.length) return 'image-damaged';
  const bytes = await readFileRange(storageUrl, fileId, { start: pixels.offset + start, length: size });
  return bytes.length === size ? bytes : 'image-damaged';
}

/** Items of encapsulated pixel data: the table of offsets, then fragments; with one frame all of them are it, else each is one. */
async function fragmentsOf(
  storageUrl: string,
  fileId: string,
  pixels: PixelsOfInstance,
  number: number,
): Promise<Buffer | FrameProblem> {
  const wanted: { start: number; length: number }[] = [];
  let at = pixels.offset;
  let total = 0;
  for (let item = 0; item < mostFragments; item++) {
    const head = await readFileRange(storageUrl, fileId, { start: at, length: 8 });
    if (head.length < 8) return 'image-damaged';
    const tag = head.readUInt32LE(0);
    const length = head.readUInt32LE(4);
    // Sequence delimitation.
    if (tag === 0xe0ddfffe) break;
    if (tag !== 0xe000fffe || length === 0xffffffff) return 'image-damaged';
    const isWanted = item > 0 && (pixels.frames === 1 || item === number);
    if (isWanted) {
      wanted.push({ start: at + 8, length });
      total += length;
    }
    if (total > mostFrameBytes) return 'frame-too-large';
    if (item === number && pixels.frames > 1) break;
    at += 8 + length;
  }
  if (wanted.length === 0) return 'image-damaged';
  const pieces: Buffer[] = [];
  for (const range of wanted) {
    const piece = await readFileRange(storageUrl, fileId, range);
    if (piece.length !== range.length) return 'image-damaged';
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** Samples of a frame, one after another for each pixel. */
export interface Samples {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly values: Uint8Array | Uint16Array | Int16Array | Int8Array | Uint32Array | Int32Array;
  /** Already in red, green and blue. */
  readonly isRgb: boolean;
}

export async function samplesOf(
  deps: Deps,
  instance: DicomInstance,
  number: number,
): Promise<Samples | FrameProblem> {
  const { pixels } = instance;
  if (!pixels) return 'no-pixels';
  if (pixels.rows * pixels.columns > mostFramePixels) return 'frame-too-large';
  const { transferSyntax } = pixels;
  const isPlain = uncompressed.has(transferSyntax) && pixels.length !== null;
  if (!isPlain && transferSyntax !== jpegBaseline && !jpeg2000.has(transferSyntax))
    return 'transfer-syntax-not-offered';
  const bytes = await frameBytes(deps, instance, number);
  if (typeof bytes === 'string') return bytes;
  try {
    if (isPlain) return plainSamples(bytes, pixels);
    return transferSyntax === jpegBaseline ? await jpegSamples(bytes, pixels) : await jpeg2000Samples(bytes);
  } catch {
    return 'image-damaged';
  }
}

/** Grey values as they would lie in a file that is not compressed. */
export async function plainBytes(
  deps: Deps,
  instance: DicomInstance,
  number: number,
): Promise<Buffer | FrameProblem> {
  const samples = await samplesOf(deps, instance, number);
  if (typeof samples === 'string') return samples;
  const bits = instance.pixels?.bitsAllocated;
  if (samples.channels !== 1 || (bits !== 8 && bits !== 16)) return 'transfer-syntax-not-offered';
  const { values } = samples;
  const bytes = Buffer.alloc((values.length * bits) / 8);
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? 0;
    if (bits === 8) bytes[at] = value;
    else bytes.writeUInt16LE(value & 0xffff, at * 2);
  }
  return bytes;
}

function plainSamples(bytes: Buffer, pixels: PixelsOfInstance): Samples | FrameProblem {
  const { rows: height, columns: width, samples, bitsAllocated, bitsStored, signed } = pixels;
  if (samples !== 1 && samples !== 3) return 'transfer-syntax-not-offered';
  const count = width * height * samples;
  const shape = {
    width,
    height,
    channels: samples,
    isRgb: samples === 3 && pixels.photometric === 'RGB',
  } as const;
  if (bitsAllocated === 1) {
    const values = new Uint8Array(count);
    for (let at = 0; at < count; at++) values[at] = ((bytes[at >> 3] ?? 0) >> (at & 7)) & 1;
    return { ...shape, values };
  }
  if (bitsAllocated === 8) return { ...shape, values: together(new Uint8Array(bytes), pixels) };
  if (bitsAllocated !== 16 && bitsAllocated !== 32) return 'transfer-syntax-not-offered';
  const size = bitsAllocated / 8;
  const little = pixels.transferSyntax !== bigEndian;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shift = 32 - Math.min(Math.max(bitsStored, 1), bitsAllocated);
  const values = signed ? new Int32Array(count) : new Uint32Array(count);
  for (let at = 0; at < count; at++) {
    const raw = size === 2 ? view.getUint16(at * 2, little) : view.getUint32(at * 4, little);
    // Bits above those that are stored hold overlays, or nothing.
    values[at] = signed ? (raw << shift) >> shift : (raw << shift) >>> shift;
  }
  return { ...shape, values: together(values, pixels) };
}

/** Planes of one colour each become pixels. */
function together<T extends Uint8Array | Uint32Array | Int32Array>(values: T, pixels: PixelsOfInstance): T {
  if (pixels.samples !== 3 || !pixels.planar) return values;
  const plane = values.length / 3;
  const mixed = values.slice() as T;
  for (let at = 0; at < plane; at++)
    for (let channel = 0; channel < 3; channel++) mixed[at * 3 + channel] = values[channel * plane + at] ?? 0;
  return mixed;
}

async function jpegSamples(bytes: Buffer, pixels: PixelsOfInstance): Promise<Samples | FrameProblem> {
  const { default: sharp } = await import('sharp');
  const picture = sharp(bytes, { limitInputPixels: mostFramePixels, failOn: 'error' });
  // Grey stays grey: as colour it would have no window.
  const { data, info } = await (pixels.samples === 1 ? picture.toColourspace('b-w') : picture)
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  if (channels !== 1 && channels !== 3) return 'transfer-syntax-not-offered';
  return { width, height, channels, values: new Uint8Array(data), isRgb: channels === 3 };
}

interface Jpeg2000Decoder {
  getEncodedBuffer(length: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  readHeader?(): void;
  getFrameInfo(): {
    width: number;
    height: number;
    bitsPerSample: number;
    componentCount: number;
    isSigned: boolean;
  };
  decode(): void;
  delete(): void;
}

let codec: Promise<{ J2KDecoder: new () => Jpeg2000Decoder }> | undefined;

async function jpeg2000Samples(bytes: Buffer): Promise<Samples | FrameProblem> {
  const load = createRequire(import.meta.url);
  codec ??= (load('@cornerstonejs/codec-openjpeg/decodewasmjs') as () => typeof codec & object)();
  const { J2KDecoder } = await codec;
  const decoder = new J2KDecoder();
  try {
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.readHeader?.();
    const announced = decoder.getFrameInfo();
    if (announced.width * announced.height > mostFramePixels) return 'frame-too-large';
    decoder.decode();
    const { width, height, bitsPerSample, componentCount, isSigned } = decoder.getFrameInfo();
    if (componentCount !== 1 && componentCount !== 3) return 'transfer-syntax-not-offered';
    const decoded = decoder.getDecodedBuffer().slice();
    const values =
      bitsPerSample <= 8
        ? isSigned
          ? new Int8Array(decoded.buffer)
          : decoded
        : isSigned
          ? new Int16Array(decoded.buffer)
          : new Uint16Array(decoded.buffer);
    return { width, height, channels: componentCount, values, isRgb: componentCount === 3 };
  } finally {
    decoder.delete();
  }
}

/** Where the whole of a file is asked for. */
export function wholeInstance(deps: Deps, { fileId }: DicomInstance): AsyncGenerator<Buffer> {
  return fileStore(deps.config.storageUrl).read(fileId, 1 << 18);
}
