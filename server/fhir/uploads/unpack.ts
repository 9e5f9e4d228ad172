// Opens an archive of images: by its table of contents, and only after that was judged, so that a bomb costs nothing. One that holds
// no image is kept closed, as a file like any other.
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Entry, ZipFile } from 'yauzl';
import { firstBytes } from '../../storage/staged-files.ts';
import { contentKindOf, headBytes } from './content-kind.ts';
import { archiveLimits } from './limits.ts';

export interface Unpacked {
  /** As the archive has it. */
  readonly name: string;
  readonly path?: string;
  readonly problem?: string;
}

/** 'whole': nothing in it is an image, and it is not said to be pages. Any other word: why it is refused. */
export async function unpack(
  path: string,
  folder: string,
  as: 'images' | 'pages' = 'images',
): Promise<readonly Unpacked[] | 'whole' | ArchiveProblem> {
  const { openPromise } = await import('yauzl');
  let archive: ZipFile;
  try {
    archive = await openPromise(path, { autoClose: false, lazyEntries: true, validateEntrySizes: true });
  } catch {
    return 'archive-damaged';
  }
  try {
    const listed = await list(archive);
    if (typeof listed === 'string') return listed;
    const found: Unpacked[] = [];
    let images = 0;
    for (const [at, entry] of listed.entries()) {
      const name = entry.fileName;
      const to = join(folder, String(at));
      const problem = await writeOut(archive, entry, to);
      if (problem) found.push({ name, problem });
      else {
        found.push({ name, path: to });
        if (contentKindOf(await firstBytes(to, headBytes)) === 'dicom') images += 1;
      }
    }
    return images === 0 && as === 'images' ? 'whole' : found;
  } finally {
    archive.close();
  }
}

export type ArchiveProblem =
  | 'archive-damaged'
  | 'archive-encrypted'
  | 'archive-too-many-files'
  | 'archive-too-large'
  | 'archive-ratio'
  | 'archive-overlapping';

/** The files in it, judged by what the table of contents says. What lies about its size is found when it is read. */
async function list(archive: ZipFile): Promise<Entry[] | ArchiveProblem> {
  if (archive.entryCount > archiveLimits.files) return 'archive-too-many-files';
  const entries: Entry[] = [];
  let unpackedBytes = 0;
  let packedBytes = 0;
  try {
    for await (const entry of archive.eachEntry()) {
      if (entry.isEncrypted()) return 'archive-encrypted';
      unpackedBytes += entry.uncompressedSize;
      packedBytes += entry.compressedSize;
      if (unpackedBytes > archiveLimits.bytes) return 'archive-too-large';
      if (isBomb(entry.compressedSize, entry.uncompressedSize)) return 'archive-ratio';
      if (!entry.fileName.endsWith('/')) entries.push(entry);
    }
  } catch {
    return 'archive-damaged';
  }
  if (isBomb(packedBytes, unpackedBytes)) return 'archive-ratio';
  // The same packed bytes under many names: each entry alone looks honest.
  const places = entries.toSorted((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader);
  for (const [at, entry] of places.entries()) {
    const before = places[at - 1];
    if (
      before &&
      before.relativeOffsetOfLocalHeader + before.compressedSize + 30 > entry.relativeOffsetOfLocalHeader
    )
      return 'archive-overlapping';
  }
  return entries;
}

function isBomb(packed: number, unpacked: number): boolean {
  return unpacked > archiveLimits.ratioFrom && unpacked > packed * archiveLimits.ratio;
}

/** Why it could not be read, if so. */
async function writeOut(archive: ZipFile, entry: Entry, to: string): Promise<string | undefined> {
  try {
    let length = 0;
    const counted = new Transform({
      transform(piece: Buffer, _encoding, done) {
        length += piece.length;
        done(length > entry.uncompressedSize ? new Error('longer than announced') : null, piece);
      },
    });
    const stream = await archive.openReadStreamPromise(entry);
    await pipeline(stream, counted, createWriteStream(to, { mode: 0o600 }));
    return undefined;
  } catch {
    return 'unreadable';
  }
}
