// Lossless JPEG with Huffman codes (ITU-T T.81, Annex H, process 14, all predictors): the transfer syntaxes .57 and .70 of DICOM.
import type { FrameShape } from './frame-shape.ts';
import { requireIntact } from './frame-shape.ts';
import type { FrameHeader } from './jpeg-markers.ts';
import { frameHeaderOf, markers, segmentAt } from './jpeg-markers.ts';

const restartInterval = 0xdd;
const arithmetic = 0xcc;
const firstRestart = 0xd0;

/** By the next 16 bits: how long the code is, times 256, and what it says. 0: there is no such code. */
type Codes = Uint16Array;

/**
 * @returns samples of a pixel one after another, in one byte each or in two, little endian
 * @throws DamagedFrame where it is none, ends early, or is of another size than `shape`
 */
export function decodeLosslessJpeg(bytes: Uint8Array, shape: FrameShape): Uint8Array<ArrayBuffer> {
  const { width, height, samples, bytesPerSample } = shape;
  requireIntact(bytes[0] === 0xff && bytes[1] === markers.begin, 'no JPEG');
  const tables = new Map<number, Codes>();
  const values = new Uint16Array(width * height * samples);
  const done = new Set<number>();
  let header: FrameHeader | undefined;
  let rowsOfInterval = 0;
  for (let at = 2; done.size < samples;) {
    const segment = segmentAt(bytes, at);
    requireIntact(segment !== undefined, 'ends before its last component');
    const { marker, data, next } = segment;
    at = next;
    const frame = frameHeaderOf(segment);
    if (frame) {
      requireIntact(header === undefined && frame.marker === markers.frameLossless, 'not lossless');
      requireIntact(frame.width === width && frame.height === height, 'another size');
      requireIntact(frame.components.length === samples && frame.even, 'other components');
      requireIntact(frame.precision >= 2 && frame.precision <= bytesPerSample * 8, 'another depth');
      header = frame;
    } else if (marker === markers.tables) readTables(data, tables);
    else if (marker === restartInterval) {
      const interval = ((data[0] ?? 0) << 8) | (data[1] ?? 0);
      // H.1.1: whole lines.
      requireIntact(interval % width === 0, 'an interval that is no whole lines');
      rowsOfInterval = interval / width;
    } else if (marker === markers.scan) {
      requireIntact(header !== undefined, 'no header');
      at = readScan(bytes, at, { values, shape, header, tables, rowsOfInterval, data, done });
    } else requireIntact(marker !== arithmetic, 'arithmetic codes');
  }
  if (bytesPerSample === 2) return new Uint8Array(values.buffer);
  return Uint8Array.from(values);
}

/** C.2: codes of a length are numbers one after another, in the order of their values. */
function readTables(data: Uint8Array, tables: Map<number, Codes>): void {
  for (let at = 0; at < data.length;) {
    const name = data[at] ?? 0;
    const counts = data.subarray(at + 1, at + 17);
    const total = counts.reduce((sum, count) => sum + count, 0);
    requireIntact(at + 17 + total <= data.length, 'a table ends early');
    const said = data.subarray(at + 17, at + 17 + total);
    at += 17 + total;
    const codes = new Uint16Array(65_536);
    let from = 0;
    let which = 0;
    for (const [index, count] of counts.entries()) {
      const span = 1 << (15 - index);
      for (let one = 0; one < count; one++, which++, from += span) {
        requireIntact(from + span <= codes.length, 'more codes than there are');
        codes.fill(((index + 1) << 8) | (said[which] ?? 0), from, from + span);
      }
    }
    tables.set(name, codes);
  }
}

interface Scan {
  readonly values: Uint16Array;
  readonly shape: FrameShape;
  readonly header: FrameHeader;
  readonly tables: ReadonlyMap<number, Codes>;
  readonly rowsOfInterval: number;
  /** Of its own header. */
  readonly data: Uint8Array;
  /** Places of components that were read. */
  readonly done: Set<number>;
}

/** Gives back where the next marker is. */
function readScan(bytes: Uint8Array, from: number, scan: Scan): number {
  const { values, shape, header, tables, rowsOfInterval, data, done } = scan;
  const { width, height, samples } = shape;
  const count = data[0] ?? 0;
  requireIntact(count >= 1 && data.length === 4 + count * 2, 'a scan of another length');
  const predictor = data[1 + count * 2] ?? 0;
  const shift = (data[3 + count * 2] ?? 0) & 15;
  requireIntact(predictor >= 1 && predictor <= 7 && shift < header.precision, 'no such predictor');
  const parts = Array.from({ length: count }, (_, at) => {
    const place = header.components.indexOf(data[1 + at * 2] ?? 0);
    const codes = tables.get((data[2 + at * 2] ?? 0) >> 4);
    requireIntact(place >= 0 && !done.has(place) && codes !== undefined, 'no such component or table');
    done.add(place);
    return { place, codes };
  });
  const bits = bitsOf(bytes, from);
  const first = 1 << (header.precision - shift - 1);
  const line = width * samples;
  for (let row = 0; row < height; row++) {
    const restarts = rowsOfInterval > 0 && row > 0 && row % rowsOfInterval === 0;
    if (restarts) bits.restart((row / rowsOfInterval - 1) % 8);
    const isFirst = row === 0 || restarts;
    for (let column = 0; column < width; column++)
      for (let part = 0; part < parts.length; part++) {
        const { place, codes } = parts[part] as (typeof parts)[number];
        const at = row * line + column * samples + place;
        const left = column === 0 ? 0 : (values[at - samples] ?? 0);
        let guess: number;
        if (isFirst) guess = column === 0 ? first : left;
        else {
          const above = values[at - line] ?? 0;
          guess = column === 0 ? above : predicted(predictor, left, above, values[at - line - samples] ?? 0);
        }
        // Modulo 2^16, which an array of 16 bits does by itself.
        values[at] = guess + bits.difference(codes);
      }
  }
  const mask = (1 << header.precision) - 1;
  for (const { place } of parts)
    for (let at = place; at < values.length; at += samples) values[at] = ((values[at] ?? 0) << shift) & mask;
  return bits.next();
}

/** Table H.1. */
function predicted(predictor: number, left: number, above: number, before: number): number {
  switch (predictor) {
    case 1:
      return left;
    case 2:
      return above;
    case 3:
      return before;
    case 4:
      return left + above - before;
    case 5:
      return left + ((above - before) >> 1);
    case 6:
      return above + ((left - before) >> 1);
    default:
      return (left + above) >> 1;
  }
}

interface Bits {
  /** H.1.2.2: a code says how many bits follow, and those are the difference. */
  difference(codes: Codes): number;
  /** Goes on behind the restart marker of this number. */
  restart(number: number): void;
  /** Where the next marker is. */
  next(): number;
}

/** Throws DamagedFrame where more is asked for than lies before the next marker. */
function bitsOf(bytes: Uint8Array, from: number): Bits {
  let at = from;
  let hold = 0;
  let held = 0;
  /** Of those that are held, not in the stream. */
  let beyond = 0;
  const fill = () => {
    while (held <= 24) {
      const byte = bytes[at];
      const isMarker = byte === undefined || (byte === 0xff && bytes[at + 1] !== 0);
      hold = (hold << 8) | (isMarker ? 0 : byte);
      held += 8;
      if (isMarker) beyond += 8;
      // A zero is put behind each such byte, so that it is no marker.
      else at += byte === 0xff ? 2 : 1;
    }
  };
  const take = (count: number) => {
    held -= count;
    requireIntact(held >= beyond, 'ends early');
  };
  const toMarker = (): number => {
    let place = at;
    while (place < bytes.length && !(bytes[place] === 0xff && bytes[place + 1] !== 0)) place += 1;
    return place;
  };
  return {
    difference(codes) {
      fill();
      const code = codes[(hold >>> (held - 16)) & 0xffff] ?? 0;
      requireIntact(code !== 0, 'no such code');
      take(code >> 8);
      const length = code & 0xff;
      if (length === 0) return 0;
      requireIntact(length <= 16, 'no such difference');
      if (length === 16) return 32_768;
      fill();
      const value = (hold >>> (held - length)) & ((1 << length) - 1);
      take(length);
      return value < 1 << (length - 1) ? value - (1 << length) + 1 : value;
    },
    restart(number) {
      let place = toMarker();
      while (bytes[place + 1] === 0xff) place += 1;
      requireIntact(bytes[place + 1] === firstRestart + number, 'no restart');
      at = place + 2;
      hold = 0;
      held = 0;
      beyond = 0;
    },
    next: toMarker,
  };
}
