// Encapsulated pixel data (PS3.5, A.4): a table of offsets, then fragments. Reads from the store what belongs to one frame, and heads.
import type { PixelsOfInstance } from '../../storage/dicom-instances.ts';
import { readFileRange } from '../../storage/file-store.ts';

const mostFragments = 100_000;
const item = 0xe000fffe;
const sequenceEnd = 0xe0ddfffe;

interface Encapsulated {
  readonly storageUrl: string;
  readonly fileId: string;
  readonly pixels: PixelsOfInstance;
}

interface Range {
  readonly start: number;
  readonly length: number;
}

/** With one frame all fragments are it. With several, those up to the next offset of the table; without a table, each is a frame. */
export async function fragmentsOf(
  { storageUrl, fileId, pixels }: Encapsulated,
  number: number,
  mostBytes: number,
): Promise<Buffer | 'image-damaged' | 'frame-too-large'> {
  /** 'end' behind the last. */
  const itemAt = async (at: number): Promise<Range | 'end' | undefined> => {
    const head = await readFileRange(storageUrl, fileId, { start: at, length: 8 });
    if (head.length < 8) return undefined;
    if (head.readUInt32LE(0) === sequenceEnd) return 'end';
    const length = head.readUInt32LE(4);
    return head.readUInt32LE(0) === item && length !== 0xffffffff ? { start: at + 8, length } : undefined;
  };
  const table = await itemAt(pixels.offset);
  if (table === undefined || table === 'end') return 'image-damaged';
  const first = table.start + table.length;
  const told = pixels.frames > 1 ? await toldIn(storageUrl, fileId, table, pixels.frames, number) : undefined;
  const isTold = told !== undefined && typeof (await itemAt(first + told.start)) === 'object';
  const wanted: Range[] = [];
  let total = 0;
  let at = isTold ? first + told.start : first;
  for (let place = 1; place <= mostFragments; place++) {
    if (isTold && told.end !== undefined && at >= first + told.end) break;
    const found = await itemAt(at);
    if (found === undefined) return 'image-damaged';
    if (found === 'end') break;
    if (isTold || pixels.frames === 1 || place === number) {
      wanted.push(found);
      total += found.length;
    }
    if (total > mostBytes) return 'frame-too-large';
    if (!isTold && pixels.frames > 1 && place === number) break;
    at = found.start + found.length;
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

/** Offsets from the first fragment, of a frame and of what follows it. Undefined: there is no table, or it makes no sense. */
async function toldIn(
  storageUrl: string,
  fileId: string,
  table: Range,
  frames: number,
  number: number,
): Promise<{ start: number; end: number | undefined } | undefined> {
  if (table.length !== frames * 4) return undefined;
  const isLast = number === frames;
  const place = { start: table.start + (number - 1) * 4, length: isLast ? 4 : 8 };
  const bytes = await readFileRange(storageUrl, fileId, place);
  if (bytes.length !== place.length) return undefined;
  const start = bytes.readUInt32LE(0);
  const end = isLast ? undefined : bytes.readUInt32LE(4);
  return end === undefined || end > start ? { start, end } : undefined;
}
