// Bytes on disk under random names: written to a temporary name, synced, then renamed, so a name that exists is whole.
import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export class FileDamagedError extends Error {
  readonly code = 'file-damaged';
  constructor() {
    super('the stored bytes are not what was stored');
    this.name = 'FileDamagedError';
  }
}

function pathOf(storageUrl: string, fileId: string): string {
  if (!/^[a-z0-9-]{20,64}$/.test(fileId)) throw new TypeError('not a file id');
  return join(fileURLToPath(storageUrl), fileId.slice(-2), fileId);
}

/** Durable when it returns. Returns SHA-256 of the bytes. */
export async function putFile(storageUrl: string, fileId: string, bytes: Uint8Array): Promise<Buffer> {
  const path = pathOf(storageUrl, fileId);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.part`;
  const handle = await open(temporary, 'w', 0o600);
  try {
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    // A disk without room must not be kept full by what did not fit.
    await rm(temporary, { force: true });
    throw error;
  }
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
  return createHash('sha256').update(bytes).digest();
}

/** Throws `FileDamagedError` when the bytes do not hash to what was stored. */
export async function getFile(storageUrl: string, fileId: string, sha256: Uint8Array): Promise<Buffer> {
  const bytes = await readFile(pathOf(storageUrl, fileId));
  if (!createHash('sha256').update(bytes).digest().equals(sha256)) throw new FileDamagedError();
  return bytes;
}

/** The stored bytes piece by piece, unchecked: whoever reads them compares the digest. */
export async function* readFileInPieces(
  storageUrl: string,
  fileId: string,
  pieceBytes: number,
): AsyncGenerator<Buffer> {
  const handle = await open(pathOf(storageUrl, fileId), 'r');
  try {
    for (;;) {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(pieceBytes), 0, pieceBytes);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

export async function dropFile(storageUrl: string, fileId: string): Promise<void> {
  await rm(pathOf(storageUrl, fileId), { force: true });
}
