// A backup as a folder: parts written once and synced, each with its digest, and a list of them that is written last.
// Must not know a database: rows are lines of text here.
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { writeDurably } from '../ledger/durable-file.ts';
import type { Counter, TableCopy } from '../storage/table-copy.ts';

export const backupFormat = 'medallion-backup/1';

export interface Part {
  /** Below the folder, with `/`. */
  readonly path: string;
  readonly bytes: number;
  /** Hexadecimal, of the bytes as they lie there. */
  readonly sha256: string;
}

export interface Manifest {
  readonly format: typeof backupFormat;
  readonly madeAt: string;
  /** The newest checkpoint that the rows contain: a signed note. */
  readonly checkpoint: string;
  readonly migrations: readonly { readonly name: string; readonly checksum: string }[];
  readonly tables: readonly (TableCopy & { readonly rows: number; readonly part: string })[];
  readonly counters: readonly Counter[];
  readonly files: number;
  /** Files whose bytes were not what their rows say, or not there, when the backup was made. */
  readonly damagedFiles: readonly string[];
  readonly withKeys: boolean;
  readonly parts: readonly Part[];
}

/** The folder is no whole backup, or its bytes are not those that were written. */
export class BackupDamagedError extends Error {
  readonly code = 'backup-damaged';
}

/** Makes the folder, for its owner alone; it must not hold anything yet. */
export async function makeEmptyFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 0) throw new Error(`${folder} is not empty. Name a new folder.`);
}

/** Stores what comes; whole and on disk when it returns. */
export async function writePart(
  folder: string,
  path: string,
  content: AsyncIterable<Uint8Array | string>,
  compressed: boolean,
): Promise<Part> {
  const target = join(folder, path);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const hash = createHash('sha256');
  let bytes = 0;
  async function* counted(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const piece of pieces) {
      hash.update(piece);
      bytes += piece.length;
      yield piece;
    }
  }
  async function* asBytes(): AsyncGenerator<Buffer> {
    for await (const piece of content)
      yield typeof piece === 'string' ? Buffer.from(piece) : Buffer.from(piece);
  }
  const sink = createWriteStream(target, { flags: 'wx', mode: 0o600, flush: true });
  if (compressed) await pipeline(asBytes, createGzip({ level: 4 }), counted, sink);
  else await pipeline(asBytes, counted, sink);
  return { path, bytes, sha256: hash.digest('hex') };
}

/** Written last: without it the folder is no backup. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  await writeDurably(join(folder, 'manifest.json'), `${JSON.stringify(manifest, undefined, 1)}\n`);
}

/** Reads every byte of every part. @throws BackupDamagedError */
export async function readWholeManifest(folder: string): Promise<Manifest> {
  const manifest = await readManifest(folder);
  for (const { path, bytes, sha256 } of manifest.parts) {
    const hash = createHash('sha256');
    let length = 0;
    try {
      for await (const piece of createReadStream(join(folder, path)) as AsyncIterable<Buffer>) {
        hash.update(piece);
        length += piece.length;
      }
    } catch {
      throw new BackupDamagedError(`${path} of the backup cannot be read.`);
    }
    if (length !== bytes || hash.digest('hex') !== sha256)
      throw new BackupDamagedError(`${path} of the backup is not what was written. Take another backup.`);
  }
  return manifest;
}

async function readManifest(folder: string): Promise<Manifest> {
  let manifest: Manifest;
  try {
    manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Manifest;
  } catch {
    throw new BackupDamagedError(
      `${folder} is no backup, or it was never finished: it has no manifest.json.`,
    );
  }
  if (manifest.format !== backupFormat)
    throw new BackupDamagedError(`${folder} is a backup of another kind than this version reads.`);
  const named = [...manifest.parts.map(({ path }) => path), ...manifest.tables.map(({ part }) => part)];
  // Only inside the folder: a manifest from elsewhere must not reach out of it.
  if (!named.every((path) => /^[a-z0-9_.-]+(\/[a-z0-9_-][a-z0-9_.-]*)*$/i.test(path)))
    throw new BackupDamagedError('The backup names a part outside of its folder.');
  return manifest;
}

/** One JSON text a line. */
export async function* readLines(folder: string, part: string): AsyncGenerator<string> {
  const lines = createReadStream(join(folder, part)).pipe(createGunzip());
  let rest: string[] = [];
  lines.setEncoding('utf8');
  for await (const piece of lines as AsyncIterable<string>) {
    const ends = piece.split('\n');
    const last = ends.pop() ?? '';
    for (const end of ends) {
      yield rest.join('') + end;
      rest = [];
    }
    if (last !== '') rest.push(last);
  }
  if (rest.length > 0) throw new BackupDamagedError(`${part} of the backup ends in the middle of a line.`);
}
