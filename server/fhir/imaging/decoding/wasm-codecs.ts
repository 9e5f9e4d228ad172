// JPEG-LS and JPEG 2000 by CharLS and OpenJPEG as WebAssembly, each loaded with the first such image. What a stream announces is judged
// before the library is given it: it takes the memory that it is told to.
import { createRequire } from 'node:module';
import type { FrameShape } from './frame-shape.ts';
import { DamagedFrame, requireIntact } from './frame-shape.ts';
import { jpeg2000SizeOf } from './jpeg2000-size.ts';
import { findFrameHeader, markers } from './jpeg-markers.ts';

interface WasmDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  getFrameInfo(): {
    width: number;
    height: number;
    bitsPerSample: number;
    componentCount: number;
    isSigned?: boolean;
  };
  /** 0: each component by itself. */
  getInterleaveMode?(): number;
  decode(): void;
  delete(): void;
}

type Codec<Name extends string> = Record<Name, new () => WasmDecoder>;

const endOfImage = [0xff, markers.end];

let openJpeg: Promise<Codec<'J2KDecoder'>> | undefined;
let charLs: Promise<Codec<'JpegLSDecoder'>> | undefined;

function load<Name extends string>(path: string): Promise<Codec<Name>> {
  const make = createRequire(import.meta.url)(path) as (options: object) => Promise<Codec<Name>>;
  // What they say of a stream is nothing for the log.
  return make({ print: () => undefined, printErr: () => undefined });
}

export interface WithSign {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  readonly bits: number;
  readonly signed: boolean;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** @throws DamagedFrame */
export async function decodeJpeg2000(bytes: Uint8Array, shape: FrameShape): Promise<WithSign> {
  const announced = jpeg2000SizeOf(bytes);
  requireIntact(announced.width === shape.width && announced.height === shape.height, 'another size');
  requireIntact(announced.components === shape.samples, 'other components');
  openJpeg ??= load('@cornerstonejs/codec-openjpeg/decodewasmjs');
  const decoder = new (await openJpeg).J2KDecoder();
  try {
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
    const { width, height, bitsPerSample: bits, componentCount, isSigned } = decoder.getFrameInfo();
    const data = new Uint8Array(decoder.getDecodedBuffer());
    requireIntact(data.length === width * height * componentCount * (bits <= 8 ? 1 : 2), 'cut short');
    return { width, height, components: componentCount, bits, signed: isSigned === true, data };
  } catch (error) {
    // Whatever state it is in now, the next image has a new one.
    openJpeg = undefined;
    throw asDamaged(error);
  } finally {
    if (openJpeg) decoder.delete();
  }
}

/**
 * @returns samples of a pixel one after another, in one byte each or in two, little endian
 * @throws DamagedFrame
 */
export async function decodeJpegLs(bytes: Uint8Array, shape: FrameShape): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height, samples, bytesPerSample } = shape;
  const header = findFrameHeader(bytes);
  requireIntact(header.marker === 0xf7, 'not JPEG-LS');
  requireIntact(header.width === width && header.height === height, 'another size');
  requireIntact(header.components.length === samples && header.even, 'other components');
  requireIntact(header.precision >= 2 && header.precision <= bytesPerSample * 8, 'another depth');
  charLs ??= load('@cornerstonejs/codec-charls/decodewasmjs');
  const decoder = new (await charLs).JpegLSDecoder();
  try {
    // Where a stream is cut short the library would wait for its end for ever.
    const input = decoder.getEncodedBuffer(bytes.length + endOfImage.length);
    input.set(bytes);
    input.set(endOfImage, bytes.length);
    decoder.decode();
    const decoded = new Uint8Array(decoder.getDecodedBuffer());
    const size = header.precision <= 8 ? 1 : 2;
    requireIntact(decoded.length === width * height * samples * size, 'cut short');
    const values = size === 1 ? decoded : new Uint16Array(decoded.buffer);
    const apart = samples > 1 && decoder.getInterleaveMode?.() === 0;
    const mixed = apart ? together(values, samples) : values;
    const out = bytesPerSample === size ? mixed : Uint16Array.from(mixed);
    return new Uint8Array(out.buffer);
  } catch (error) {
    charLs = undefined;
    throw asDamaged(error);
  } finally {
    if (charLs) decoder.delete();
  }
}

/** Planes of one component each become pixels. */
function together(
  values: Uint8Array | Uint16Array,
  samples: number,
): Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> {
  const mixed = values instanceof Uint8Array ? new Uint8Array(values.length) : new Uint16Array(values.length);
  const plane = values.length / samples;
  for (let sample = 0; sample < samples; sample++)
    for (let at = 0; at < plane; at++) mixed[at * samples + sample] = values[sample * plane + at] ?? 0;
  return mixed;
}

function asDamaged(error: unknown): DamagedFrame {
  return error instanceof DamagedFrame ? error : new DamagedFrame(String(error));
}
