// The store of bytes in a local folder: written to a temporary name, synced, then renamed, so a name that exists is whole.
import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FileRange, FileSource, FileStore } from './file-store.ts';
import { FileDamagedError, requireFileId } from './file-store.ts';

export function localFiles(storageUrl: string): FileStore {
  const root = fileURLToPath(storageUrl);
  const pathOf = (fileId: string) => join(root, requireFileId(fileId).slice(-2), fileId);
  return {
    async put(fileId, source) {
      const path = pathOf(fileId);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const temporary = `${path}.part`;
      try {
        await writeSynced(temporary, source);
        await rename(temporary, path);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
      await syncFolder(dirname(path));
    },
    async *read(fileId, pieceBytes, range) {
      yield* piecesOf(pathOf(fileId), pieceBytes, range);
    },
    async drop(fileId) {
      await rm(pathOf(fileId), { force: true });
    },
  };
}

async function writeSynced(path: string, source: FileSource): Promise<void> {
  const handle = await open(path, 'w', 0o600);
  try {
    const hash = createHash('sha256');
    let length = 0;
    for await (const piece of source.open()) {
      hash.update(piece);
      length += piece.length;
      await handle.writeFile(piece);
    }
    if (length !== source.sizeBytes || !hash.digest().equals(source.sha256)) throw new FileDamagedError();
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A name that was written into a folder is there after a power cut only once the folder was synced. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** A file of the local disk piece by piece, or part of it. */
export async function* piecesOf(path: string, pieceBytes: number, range?: FileRange): AsyncGenerator<Buffer> {
  const handle = await open(path, 'r');
  try {
    let position = range?.start ?? 0;
    let left = range?.length ?? Number.POSITIVE_INFINITY;
    while (left > 0) {
      const wanted = Math.min(pieceBytes, left);
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(wanted), 0, wanted, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      left -= bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}
