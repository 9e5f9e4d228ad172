// One frame of a stored image: as it lies in the file, and unpacked to samples. Reads from the store only the frame that is asked for.
import { ApiError } from '../../errors.ts';
import type { Deps } from '../../http/deps.ts';
import type { DicomInstance, PixelsOfInstance } from '../../storage/dicom-instances.ts';
import { fileStore, readFileRange } from '../../storage/file-store.ts';
import type { Coding } from './decoding/decoders.ts';
import { decodeFrame } from './decoding/decoders.ts';
import { findFrameHeader } from './decoding/jpeg-markers.ts';
import { fragmentsOf } from './fragments.ts';
import { bigEndian } from './read-dicom.ts';

const mostFrameBytes = 256 * 1024 * 1024;
const mostFramePixels = 40_000_000;

export type FrameProblem =
  'no-pixels' | 'no-such-frame' | 'frame-too-large' | 'image-damaged' | 'transfer-syntax-not-offered';

/** Explicit little endian. */
export const plainSyntax = '1.2.840.10008.1.2.1';
const uncompressed = new Set(['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', bigEndian]);

/** Its bytes are those of explicit little endian as they are. */
export const isUncompressed = ({ transferSyntax, bitsAllocated }: PixelsOfInstance): boolean =>
  uncompressed.has(transferSyntax) && (transferSyntax !== bigEndian || bitsAllocated <= 8);

/** How a frame is packed (PS3.5, Annex A), and the media type of such a frame (PS3.18, table 8.7.3-5). */
const packings: Readonly<Record<string, { readonly coding?: Coding; readonly type: string }>> = {
  '1.2.840.10008.1.2.5': { coding: 'rle', type: 'image/dicom-rle' },
  '1.2.840.10008.1.2.4.50': { type: 'image/jpeg' },
  '1.2.840.10008.1.2.4.51': { type: 'image/jpeg' },
  '1.2.840.10008.1.2.4.57': { coding: 'jpeg-lossless', type: 'image/jpeg' },
  '1.2.840.10008.1.2.4.70': { coding: 'jpeg-lossless', type: 'image/jpeg' },
  '1.2.840.10008.1.2.4.80': { coding: 'jpeg-ls', type: 'image/jls' },
  '1.2.840.10008.1.2.4.81': { coding: 'jpeg-ls', type: 'image/jls' },
  '1.2.840.10008.1.2.4.90': { coding: 'jpeg-2000', type: 'image/jp2' },
  '1.2.840.10008.1.2.4.91': { coding: 'jpeg-2000', type: 'image/jp2' },
};

/** The media type of a compressed frame, where it has one of its own. */
export function frameTypeOf({ transferSyntax }: PixelsOfInstance): string {
  return packings[transferSyntax]?.type ?? 'application/octet-stream';
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
  if (pixels.length === null) return fragmentsOf({ storageUrl, fileId, pixels }, number, mostFrameBytes);
  const bits = bitsOfFrame(pixels);
  if (bits / 8 > mostFrameBytes) return 'frame-too-large';
  // Frames of one bit a pixel lie one after another without a gap; only the first begins on a byte for certain.
  if (bits % 8 !== 0 && number > 1) return 'transfer-syntax-not-offered';
  const size = Math.ceil(bits / 8);
  const start = (number - 1) * size;
  if (start + size > pixels.length) return 'image-damaged';
  const bytes = await readFileRange(storageUrl, fileId, { start: pixels.offset + start, length: size });
  return bytes.length === size ? bytes : 'image-damaged';
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

/** Throws 503 `busy`. */
export async function samplesOf(
  deps: Deps,
  instance: DicomInstance,
  number: number,
): Promise<Samples | FrameProblem> {
  const { pixels } = instance;
  if (!pixels) return 'no-pixels';
  if (pixels.rows * pixels.columns > mostFramePixels) return 'frame-too-large';
  if (bitsOfFrame(pixels) / 8 > mostFrameBytes) return 'frame-too-large';
  const isPlain = uncompressed.has(pixels.transferSyntax) && pixels.length !== null;
  const packing = pixels.length === null ? packings[pixels.transferSyntax] : undefined;
  if (!isPlain && !packing) return 'transfer-syntax-not-offered';
  const bytes = await frameBytes(deps, instance, number);
  if (typeof bytes === 'string') return bytes;
  try {
    if (isPlain) return plainSamples(bytes, pixels);
    return await (packing?.coding === undefined
      ? jpegSamples(bytes, pixels)
      : unpackedSamples(packing.coding, bytes, pixels));
  } catch (error) {
    if (error instanceof ApiError) throw error;
    return 'image-damaged';
  }
}

const bitsOfFrame = ({ rows, columns, samples, bitsAllocated }: PixelsOfInstance): number =>
  rows * columns * samples * bitsAllocated;

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

/** Baseline, and extended of 8 bits a sample, which is the same but for its name. */
async function jpegSamples(bytes: Buffer, pixels: PixelsOfInstance): Promise<Samples | FrameProblem> {
  const { default: sharp } = await import('sharp');
  if (findFrameHeader(bytes).precision !== 8) return 'transfer-syntax-not-offered';
  const picture = sharp(bytes, { limitInputPixels: mostFramePixels, failOn: 'error' });
  // Grey stays grey: as colour it would have no window.
  const { data, info } = await (pixels.samples === 1 ? picture.toColourspace('b-w') : picture)
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  if (channels !== 1 && channels !== 3) return 'transfer-syntax-not-offered';
  return { width, height, channels, values: new Uint8Array(data), isRgb: channels === 3 };
}

async function unpackedSamples(
  coding: Coding,
  bytes: Buffer,
  pixels: PixelsOfInstance,
): Promise<Samples | FrameProblem> {
  const { rows: height, columns: width, samples, bitsAllocated } = pixels;
  if (samples !== 1 && samples !== 3) return 'transfer-syntax-not-offered';
  if (bitsAllocated !== 8 && bitsAllocated !== 16 && !(bitsAllocated === 32 && coding === 'rle'))
    return 'transfer-syntax-not-offered';
  const shape = { width, height, samples, bytesPerSample: bitsAllocated / 8 };
  const { data, form } = await decodeFrame(coding, bytes, shape);
  if (!data) return 'image-damaged';
  // All but JPEG 2000 know nothing of signs and colours: what they give is what would lie in a file that is not compressed.
  if (!form)
    return plainSamples(Buffer.from(data.buffer), { ...pixels, planar: false, transferSyntax: plainSyntax });
  const { bits, signed } = form;
  const wide = signed ? Int16Array : Uint16Array;
  const values = bits > 8 ? new wide(data.buffer) : signed ? new Int8Array(data.buffer) : data;
  return { width, height, channels: samples, values, isRgb: samples === 3 };
}

/** Where the whole of a file is asked for. */
export function wholeInstance(deps: Deps, { fileId }: DicomInstance): AsyncGenerator<Buffer> {
  return fileStore(deps.config.storageUrl).read(fileId, 1 << 18);
}
