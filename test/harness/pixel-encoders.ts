// Frames packed as hospitals pack them: RLE, lossless JPEG, JPEG-LS. Knows nothing of the server's own unpacking.
import { createRequire } from 'node:module';

export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly samples: 1 | 3;
  /** Of a sample, as it lies in a file that is not compressed. */
  readonly bytesPerSample: 1 | 2;
  /** Samples of a pixel one after another, as they are stored: negative ones as their two's complement. */
  readonly values: readonly number[];
}

/** As it would lie in a file that is not compressed, little endian. */
export function plainFrame({ values, bytesPerSample }: Raster): Buffer {
  const bytes = Buffer.alloc(values.length * bytesPerSample);
  for (const [at, value] of values.entries())
    if (bytesPerSample === 1) bytes.writeUInt8(value, at);
    else bytes.writeUInt16LE(value, at * 2);
  return bytes;
}

/** PS3.5, Annex G: runs of three and more as runs, everything else as literals, lines by themselves. */
export function encodeRle(raster: Raster): Buffer {
  const { width, height, samples, bytesPerSample } = raster;
  const plain = plainFrame(raster);
  const segments: Buffer[] = [];
  for (let sample = 0; sample < samples; sample++)
    for (let byte = bytesPerSample - 1; byte >= 0; byte--) {
      const packed: number[] = [];
      for (let row = 0; row < height; row++) {
        const line = Array.from(
          { length: width },
          (_, column) => plain[((row * width + column) * samples + sample) * bytesPerSample + byte] ?? 0,
        );
        packed.push(...packedLine(line));
      }
      if (packed.length % 2 === 1) packed.push(0);
      segments.push(Buffer.from(packed));
    }
  const head = Buffer.alloc(64);
  head.writeUInt32LE(segments.length, 0);
  let offset = 64;
  for (const [at, segment] of segments.entries()) {
    head.writeUInt32LE(offset, 4 + at * 4);
    offset += segment.length;
  }
  return Buffer.concat([head, ...segments]);
}

function packedLine(line: readonly number[]): number[] {
  const packed: number[] = [];
  let literal: number[] = [];
  const flush = () => {
    for (let at = 0; at < literal.length; at += 128) {
      const piece = literal.slice(at, at + 128);
      packed.push(piece.length - 1, ...piece);
    }
    literal = [];
  };
  for (let at = 0; at < line.length;) {
    let run = 1;
    while (run < 128 && at + run < line.length && line[at + run] === line[at]) run += 1;
    if (run >= 3) {
      flush();
      // A byte that says nothing may stand anywhere.
      packed.push(128, 257 - run, line[at] ?? 0);
      at += run;
    } else {
      literal.push(line[at] ?? 0);
      at += 1;
    }
  }
  flush();
  return packed;
}

export interface LosslessOptions {
  /** Bits of a sample. */
  readonly precision: number;
  readonly predictor?: number;
  /** Lines from restart to restart. */
  readonly restartRows?: number;
  /** Lowest bits that are left out. */
  readonly shift?: number;
  /** Each component in a scan of its own. */
  readonly apart?: boolean;
  /** Codes from 1 to 16 bits instead of 5 each. */
  readonly longCodes?: boolean;
}

/** T.81, Annex H. */
export function encodeLosslessJpeg(raster: Raster, options: LosslessOptions): Buffer {
  const { width, height, samples, values } = raster;
  const { precision, predictor = 1, restartRows = 0, shift = 0, apart = false, longCodes = false } = options;
  const places = Array.from({ length: samples }, (_, at) => at);
  const parts: Buffer[] = [
    Buffer.from('ffd8', 'hex'),
    segment(0xe0, Buffer.from('JFIF\0')),
    codeTable(longCodes),
  ];
  if (restartRows > 0) parts.push(segment(0xdd, two(restartRows * width)));
  const frame = [precision, ...two(height), ...two(width), samples];
  parts.push(segment(0xc3, Buffer.from([...frame, ...places.flatMap((place) => [place + 1, 0x11, 0])])));
  for (const scan of apart ? places.map((place) => [place]) : [places]) {
    const named = scan.flatMap((place) => [place + 1, 0]);
    parts.push(segment(0xda, Buffer.from([scan.length, ...named, predictor, 0, shift])));
    let bits = '';
    const flush = () => {
      while (bits.length % 8 !== 0) bits += '1';
      const bytes = (bits.match(/.{8}/g) ?? []).flatMap((one) => {
        const byte = Number.parseInt(one, 2);
        return byte === 0xff ? [0xff, 0] : [byte];
      });
      bits = '';
      parts.push(Buffer.from(bytes));
    };
    const at = (row: number, column: number, place: number) =>
      (values[(row * width + column) * samples + place] ?? 0) >> shift;
    for (let row = 0; row < height; row++) {
      const restarts = restartRows > 0 && row > 0 && row % restartRows === 0;
      if (restarts) {
        flush();
        parts.push(Buffer.from([0xff, 0xd0 + ((row / restartRows - 1) % 8)]));
      }
      const isFirst = row === 0 || restarts;
      for (let column = 0; column < width; column++)
        for (const place of scan) {
          const a = column > 0 ? at(row, column - 1, place) : 0;
          const b = row > 0 ? at(row - 1, column, place) : 0;
          const c = row > 0 && column > 0 ? at(row - 1, column - 1, place) : 0;
          const guesses = [0, a, b, c, a + b - c, a + ((b - c) >> 1), b + ((a - c) >> 1), (a + b) >> 1];
          const start = 2 ** (precision - shift - 1);
          const guess = isFirst ? (column === 0 ? start : a) : column === 0 ? b : (guesses[predictor] ?? 0);
          const modulo = (at(row, column, place) - guess) & 0xffff;
          bits += difference(modulo > 32_768 ? modulo - 65_536 : modulo, longCodes);
        }
    }
    flush();
  }
  return Buffer.concat([...parts, Buffer.from('ffd9', 'hex')]);
}

const two = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);
const segment = (marker: number, data: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0xff, marker]), two(data.length + 2), data]);

/** Of 17 numbers: 5 bits each, or the shortest for the smallest. */
function codeTable(long: boolean): Buffer {
  const counts = Array.from({ length: 16 }, (_, at) => (long ? (at === 15 ? 2 : 1) : at === 4 ? 17 : 0));
  return segment(0xc4, Buffer.from([0, ...counts, ...Array.from({ length: 17 }, (_, at) => at)]));
}

function difference(value: number, long: boolean): string {
  const length = value === 0 ? 0 : Math.floor(Math.log2(Math.abs(value))) + 1;
  const code = long
    ? `${'1'.repeat(Math.min(length, 15))}${length === 15 ? '0' : length === 16 ? '1' : '0'}`
    : length.toString(2).padStart(5, '0');
  if (length === 0 || length === 16) return code;
  return code + (value > 0 ? value : value + 2 ** length - 1).toString(2).padStart(length, '0');
}

interface Encoder {
  getDecodedBuffer(info: object): Uint8Array;
  getEncodedBuffer(): Uint8Array;
  setNearLossless(most: number): void;
  setInterleaveMode(mode: number): void;
  encode(): void;
  delete(): void;
}

/** T.87. `interleave` 0: each component by itself, 1: by lines, 2: by pixels. */
export async function encodeJpegLs(
  raster: Raster,
  { precision, near = 0, interleave = 0 }: { precision: number; near?: number; interleave?: 0 | 1 | 2 },
): Promise<Buffer> {
  const make = createRequire(import.meta.url)('@cornerstonejs/codec-charls/wasmjs') as () => Promise<{
    JpegLSEncoder: new () => Encoder;
  }>;
  const { JpegLSEncoder } = await make();
  const { width, height, samples, values } = raster;
  const mixed = interleave === 0 && samples > 1 ? values.map((_, at) => planar(raster, at)) : values;
  const encoder = new JpegLSEncoder();
  const input = encoder.getDecodedBuffer({
    width,
    height,
    bitsPerSample: precision,
    componentCount: samples,
  });
  input.set(plainFrame({ ...raster, bytesPerSample: precision <= 8 ? 1 : 2, values: mixed }));
  encoder.setNearLossless(near);
  encoder.setInterleaveMode(samples === 1 ? 0 : interleave);
  encoder.encode();
  const encoded = Buffer.from(encoder.getEncodedBuffer());
  encoder.delete();
  return encoded;
}

/** What stands at this place where each component lies by itself. */
function planar({ values, samples }: Raster, at: number): number {
  const plane = values.length / samples;
  return values[(at % plane) * samples + Math.floor(at / plane)] ?? 0;
}
