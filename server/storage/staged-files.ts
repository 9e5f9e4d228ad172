// Bytes of files that are on their way, on the local disk: appended piece by piece, cut back to what is certain, dropped when their
// end is reached. Nothing here is served to anybody.
import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileSource } from './file-store.ts';
import { requireFileId } from './file-store.ts';
import { piecesOf, syncFolder } from './local-files.ts';

const pieceBytes = 1 << 18;
const folderOf = (dataDir: string) => join(dataDir, 'uploads');

export function stagedPath(dataDir: string, id: string): string {
  return join(folderOf(dataDir), requireFileId(id));
}

/** An empty file, whose name is on disk when it returns. */
export async function beginStaged(dataDir: string, id: string): Promise<void> {
  await mkdir(folderOf(dataDir), { recursive: true, mode: 0o700 });
  await (await open(stagedPath(dataDir, id), 'w', 0o600)).close();
  await syncFolder(folderOf(dataDir));
}

export interface Appended {
  /** How many bytes the file now has, all of them synced. */
  readonly offset: number;
  /** The stream broke off: what had come by then was kept, unless a digest was wanted. */
  readonly broken: boolean;
  readonly tooLong: boolean;
}

/**
 * Appends at `from`, whatever lay behind it. Every `syncEvery` bytes, `reached` is told how much is certain. With `hash`, the caller
 * judges the whole piece before any of it counts.
 */
export async function appendStaged(
  path: string,
  from: number,
  length: number,
  source: AsyncIterable<Uint8Array>,
  options: { readonly syncEvery: number; reached(offset: number): Promise<void>; readonly hash?: Hash },
): Promise<Appended> {
  const handle = await open(path, 'r+');
  let offset = from;
  let certain = from;
  let broken = false;
  let tooLong = false;
  try {
    await handle.truncate(from);
    try {
      for await (const piece of source) {
        const fits = piece.subarray(0, length - offset);
        await writeAll(handle, fits, offset);
        options.hash?.update(fits);
        offset += fits.length;
        tooLong = fits.length < piece.length;
        if (tooLong) break;
        if (options.hash || offset - certain < options.syncEvery) continue;
        await handle.sync();
        await options.reached(offset);
        certain = offset;
      }
    } catch (error) {
      if (!isBrokenStream(error)) throw error;
      broken = true;
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { offset, broken, tooLong };
}

async function writeAll(
  handle: Awaited<ReturnType<typeof open>>,
  bytes: Uint8Array,
  position: number,
): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

/** The other side went away, or was too slow. */
function isBrokenStream(error: unknown): boolean {
  const { code } = error as { code?: string };
  return code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ABORT_ERR';
}

/** A whole file on the local disk, as what can be stored. */
export async function stagedSource(path: string): Promise<FileSource> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const piece of piecesOf(path, pieceBytes)) {
    hash.update(piece);
    sizeBytes += piece.length;
  }
  return { sizeBytes, sha256: hash.digest(), open: () => piecesOf(path, pieceBytes) };
}

export async function firstBytes(path: string, count: number, start = 0): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of piecesOf(path, count, { start, length: count })) pieces.push(piece);
  return Buffer.concat(pieces);
}

export async function dropStaged(dataDir: string, id: string): Promise<void> {
  await rm(stagedPath(dataDir, id), { force: true, recursive: true });
}

/** Names of everything that is staged, and how old it is: for whoever clears away what a crash left. */
export async function listStaged(dataDir: string): Promise<{ id: string; changedAtMs: number }[]> {
  const names = await readdir(folderOf(dataDir)).catch(() => []);
  const found = await Promise.all(
    names.map(async (id) => ({ id, at: await stat(join(folderOf(dataDir), id)).catch(() => undefined) })),
  );
  return found.flatMap(({ id, at }) => (at ? [{ id, changedAtMs: at.mtimeMs }] : []));
}
