// Where bytes lie that are too big for a row: a local folder, or anything that speaks S3. Bytes go in and out as streams under
// random names; what they must hash to stands in `stored_file`. Knows no person and no table.
import { createHash } from 'node:crypto';
import { localFiles } from './local-files.ts';
import { s3Files } from './s3-files.ts';

export class FileDamagedError extends Error {
  readonly code = 'file-damaged';
  constructor() {
    super('the stored bytes are not what was stored');
    this.name = 'FileDamagedError';
  }
}

/** Bytes that are to be stored. `open` may be called again after a failure. */
export interface FileSource {
  readonly sizeBytes: number;
  readonly sha256: Buffer;
  open(): AsyncIterable<Uint8Array>;
}

export interface FileRange {
  readonly start: number;
  readonly length: number;
}

export interface FileStore {
  /** Durable when it returns. Throws `FileDamagedError` when the bytes are not those that were announced; nothing is left then. */
  put(fileId: string, source: FileSource): Promise<void>;
  /** The stored bytes piece by piece, unchecked. Throws with the code `ENOENT` when there is no such file. */
  read(fileId: string, pieceBytes: number, range?: FileRange): AsyncGenerator<Buffer>;
  /** Well too when there is none. */
  drop(fileId: string): Promise<void>;
}

const opened = new Map<string, FileStore>();

/** @param storageUrl `file:` or `s3:`; may carry a key: never log it */
export function fileStore(storageUrl: string): FileStore {
  let store = opened.get(storageUrl);
  if (!store) {
    store = storageUrl.startsWith('s3:') ? s3Files(storageUrl) : localFiles(storageUrl);
    if (opened.size > 100) opened.clear();
    opened.set(storageUrl, store);
  }
  return store;
}

/** Throws where a name could lead out of the store. */
export function requireFileId(fileId: string): string {
  if (!/^[a-z0-9-]{20,64}$/.test(fileId)) throw new TypeError('not a file id');
  return fileId;
}

/** Durable when it returns. Returns SHA-256 of the bytes. */
export async function putFile(storageUrl: string, fileId: string, bytes: Uint8Array): Promise<Buffer> {
  const sha256 = createHash('sha256').update(bytes).digest();
  const open = async function* () {
    yield bytes;
  };
  await fileStore(storageUrl).put(fileId, { sizeBytes: bytes.length, sha256, open });
  return sha256;
}

/** For what is known to be small. Throws `FileDamagedError` when the bytes do not hash to what was stored. */
export async function getFile(storageUrl: string, fileId: string, sha256: Uint8Array): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of fileStore(storageUrl).read(fileId, 1 << 20)) pieces.push(piece);
  const bytes = Buffer.concat(pieces);
  if (!createHash('sha256').update(bytes).digest().equals(sha256)) throw new FileDamagedError();
  return bytes;
}

/** The stored bytes piece by piece, unchecked: whoever reads them compares the digest. */
export function readFileInPieces(
  storageUrl: string,
  fileId: string,
  pieceBytes: number,
): AsyncGenerator<Buffer> {
  return fileStore(storageUrl).read(fileId, pieceBytes);
}

/** As `readFileInPieces`, but the last piece is held back until the whole is known to be what was stored. */
export async function* readWholeFile(
  storageUrl: string,
  file: { readonly fileId: string; readonly sha256: Uint8Array; readonly sizeBytes: number },
): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let held: Buffer | undefined;
  for await (const piece of fileStore(storageUrl).read(file.fileId, 1 << 18)) {
    hash.update(piece);
    if (held) yield held;
    held = piece;
  }
  if (!hash.digest().equals(file.sha256)) throw new FileDamagedError();
  if (held) yield held;
}

/** Part of a stored file, at most as long as asked. For what is known to be small. */
export async function readFileRange(storageUrl: string, fileId: string, range: FileRange): Promise<Buffer> {
  if (range.length <= 0) return Buffer.alloc(0);
  const pieces: Buffer[] = [];
  for await (const piece of fileStore(storageUrl).read(fileId, Math.min(range.length, 1 << 20), range))
    pieces.push(piece);
  return Buffer.concat(pieces);
}

export async function dropFile(storageUrl: string, fileId: string): Promise<void> {
  await fileStore(storageUrl).drop(fileId);
}
