// Opens an archive of images: by its table of contents, and only after that was judged, so that a bomb costs nothing. A file in it
// that is not taken says why and harms no other. An archive that holds no image is kept closed, as a file like any other.
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import type { Entry, ZipFile } from 'yauzl';
import { firstBytes } from '../../storage/staged-files.ts';
import { contentKindOf, headBytes } from './content-kind.ts';
import { archiveLimits } from './limits.ts';

export interface Unpacked {
  /** As the archive has it, cut where it is too long for a name, without signs that are none. */
  readonly name: string;
  readonly path?: string;
  readonly problem?: MemberProblem;
}

/** Why one file of an archive is not taken. */
export type MemberProblem =
  'archive-encrypted' | 'archive-name' | 'archive-name-twice' | 'archive-method' | 'unreadable';

/** Why nothing of an archive is taken. */
export type ArchiveProblem =
  | 'archive-damaged'
  | 'archive-encrypted'
  | 'archive-too-many-files'
  | 'archive-too-large'
  | 'archive-ratio'
  | 'archive-overlapping'
  | 'archive-name'
  | 'archive-name-twice';

/** 'whole': nothing in it is an image, and it is not said to be pages. Any other word: why it is refused. */
export async function unpack(
  path: string,
  folder: string,
  as: 'images' | 'pages' = 'images',
): Promise<readonly Unpacked[] | 'whole' | ArchiveProblem> {
  const { openPromise, getFileNameLowLevel, validateFileName } = await import('yauzl');
  let archive: ZipFile;
  try {
    // Names and sizes are judged here, a file at a time: the library would end the whole archive for one of them.
    archive = await openPromise(path, {
      autoClose: false,
      lazyEntries: true,
      decodeStrings: false,
      validateEntrySizes: false,
    });
  } catch {
    return 'archive-damaged';
  }
  const nameOf = ({ generalPurposeBitFlag, fileNameRaw, extraFields }: Entry): string =>
    getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false);
  try {
    const listed = await list(archive);
    if (typeof listed === 'string') return listed;
    const found: Unpacked[] = [];
    const names = new Set<string>();
    const unannounced = { bytes: 0 };
    let images = 0;
    for (const [at, entry] of listed.entries()) {
      const name = nameOf(entry);
      if (name.endsWith('/')) continue;
      const problem = problemOf(entry, name, names, validateFileName);
      names.add(name);
      const to = join(folder, String(at));
      const told = problem ?? (await writeOut(archive, entry, to, unannounced));
      // What comes out of it was told smaller than it is, and by far: all that is still to come is not believed either.
      if (unannounced.bytes > archiveLimits.ratioFrom) return 'archive-ratio';
      if (told) found.push({ name: shown(name), problem: told });
      else {
        found.push({ name, path: to });
        if (contentKindOf(await firstBytes(to, headBytes)) === 'dicom') images += 1;
      }
    }
    return images === 0 && as === 'images' ? closed(found) : found;
  } finally {
    archive.close();
  }
}

/** One that is kept as it came is one file: it is whole, or refused for what is wrong in it. */
function closed(found: readonly Unpacked[]): 'whole' | ArchiveProblem {
  // Packed in a way that is not opened here, it is whole all the same.
  const [first] = found.flatMap(({ problem = 'archive-method' }) =>
    problem === 'archive-method' ? [] : [problem],
  );
  return first === undefined ? 'whole' : first === 'unreadable' ? 'archive-damaged' : first;
}

/** What the table of contents alone says against a file. */
function problemOf(
  entry: Entry,
  name: string,
  before: ReadonlySet<string>,
  wrongName: (name: string) => string | null,
): MemberProblem | undefined {
  if (entry.isEncrypted()) return 'archive-encrypted';
  if (name === '' || name !== shown(name) || wrongName(name) !== null) return 'archive-name';
  // Which of the two is meant, programs do not agree on.
  if (before.has(name)) return 'archive-name-twice';
  return entry.compressionMethod === 0 || entry.compressionMethod === 8 ? undefined : 'archive-method';
}

const shown = (name: string): string =>
  name
    .replaceAll(/\p{Cc}/gu, '\u{fffd}')
    .slice(0, archiveLimits.nameLength)
    .toWellFormed();

/** What is in it, judged by what the table of contents says. What lies about its size is found when it is read. */
async function list(archive: ZipFile): Promise<Entry[] | ArchiveProblem> {
  if (archive.entryCount > archiveLimits.files) return 'archive-too-many-files';
  const entries: Entry[] = [];
  let unpackedBytes = 0;
  let packedBytes = 0;
  try {
    for await (const entry of archive.eachEntry()) {
      unpackedBytes += entry.uncompressedSize;
      packedBytes += entry.compressedSize;
      if (unpackedBytes > archiveLimits.bytes) return 'archive-too-large';
      if (isBomb(entry.compressedSize, entry.uncompressedSize)) return 'archive-ratio';
      entries.push(entry);
    }
  } catch (error) {
    return String(error).includes('strong encryption') ? 'archive-encrypted' : 'archive-damaged';
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

/**
 * Why it could not be read, if so: its length and its sum are those of the table of contents, or it is not what was packed.
 * @param unannounced bytes that came out of the archive so far beyond what it had said; counted here, and written nowhere
 */
async function writeOut(
  archive: ZipFile,
  entry: Entry,
  to: string,
  unannounced: { bytes: number },
): Promise<'unreadable' | undefined> {
  const said = entry.uncompressedSize;
  let length = 0;
  let sum = 0;
  const counted = new Transform({
    transform(piece: Buffer, _encoding, done) {
      const within = piece.subarray(0, Math.max(0, said - length));
      length += piece.length;
      unannounced.bytes += piece.length - within.length;
      sum = crc32(within, sum);
      done(unannounced.bytes > archiveLimits.ratioFrom ? new Error('longer than announced') : null, within);
    },
  });
  try {
    const stream = await archive.openReadStreamPromise(entry);
    await pipeline(stream, counted, createWriteStream(to, { mode: 0o600 }));
  } catch {
    return 'unreadable';
  }
  return length === said && sum === entry.crc32 ? undefined : 'unreadable';
}
