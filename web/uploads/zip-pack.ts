// Many files as one: a ZIP that is never built. Its parts are the files themselves, not compressed, with their heads between them, so that
// a folder of any size takes no memory and the same files always give the same bytes. Knows nothing of the server.

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
/** Names are UTF-8. */
const FLAGS = 0x0800;
const VERSION = 20;
/** 1 January 1980: the same files give the same bytes on every day. */
const DAY = 0x0021;
const READ_AT_ONCE = 4 * 1024 * 1024;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit++) sum = (sum & 1) === 0 ? sum >>> 1 : 0xedb88320 ^ (sum >>> 1);
  return sum;
});

/** CRC-32 of what was before and these bytes. */
export function crc32(bytes: Uint8Array, before = 0): number {
  let sum = ~before;
  for (const byte of bytes) sum = (TABLE[(sum ^ byte) & 0xff] ?? 0) ^ (sum >>> 8);
  return ~sum >>> 0;
}

async function crcOf(file: Blob, signal: AbortSignal): Promise<number> {
  let sum = 0;
  for (let at = 0; at < file.size; at += READ_AT_ONCE) {
    signal.throwIfAborted();
    sum = crc32(new Uint8Array(await file.slice(at, at + READ_AT_ONCE).arrayBuffer()), sum);
  }
  return sum;
}

export interface NamedFile {
  readonly name: string;
  readonly file: Blob;
}

export interface Pack {
  readonly blob: Blob;
  /** Where each file ends in it, in their order. */
  readonly ends: readonly number[];
}

/** @param files their names differ; together they are less than 4 GB */
export async function packOf(files: readonly NamedFile[], signal: AbortSignal): Promise<Pack> {
  const parts: BlobPart[] = [];
  const directory: BlobPart[] = [];
  const ends: number[] = [];
  let offset = 0;
  let directorySize = 0;
  for (const { name, file } of files) {
    const bytes = new TextEncoder().encode(name);
    const crc = await crcOf(file, signal);
    const local = fields([4, LOCAL], [2, VERSION], ...shared(crc, file.size, bytes.length));
    const central = fields(
      [4, CENTRAL],
      [2, VERSION],
      [2, VERSION],
      ...shared(crc, file.size, bytes.length),
      // Comment, disk, attributes inside and outside.
      [2, 0],
      [2, 0],
      [2, 0],
      [4, 0],
      [4, offset],
    );
    parts.push(local, bytes, file);
    directory.push(central, bytes);
    offset += local.length + bytes.length + file.size;
    directorySize += central.length + bytes.length;
    ends.push(offset);
  }
  const end = fields(
    [4, END],
    [2, 0],
    [2, 0],
    [2, files.length],
    [2, files.length],
    [4, directorySize],
    [4, offset],
    [2, 0],
  );
  return { blob: new Blob([...parts, ...directory, end]), ends };
}

type Field = readonly [size: 2 | 4, value: number];

function shared(crc: number, size: number, nameLength: number): readonly Field[] {
  return [
    [2, FLAGS],
    // Stored, not compressed; time; day.
    [2, 0],
    [2, 0],
    [2, DAY],
    [4, crc],
    [4, size],
    [4, size],
    [2, nameLength],
    [2, 0],
  ];
}

function fields(...all: readonly Field[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(all.reduce((sum, [size]) => sum + size, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [size, value] of all) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += size;
  }
  return bytes;
}
