// Where a log is read from: a server's address, or a folder with the same files (a mirror). Believes nothing of what it reads.
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReadBundle } from '../core/ledger/audit-log.ts';
import { decodeEntryBundle, encodeEntryBundle } from '../core/ledger/entry-bundle.ts';
import { TILE_WIDTH, entryBundlePath, tilePath } from '../core/ledger/tile-paths.ts';
import type { ReadTile } from '../core/ledger/tiles.ts';
import { SourceError } from './source-error.ts';

export interface LogSource {
  /** As it was given. */
  readonly name: string;
  /** The text of a small file; undefined when there is none. Throws `SourceError`. */
  readText(path: string): Promise<string | undefined>;
  readonly readTile: ReadTile;
  readonly readBundle: ReadBundle;
}

const timeoutMs = 30_000;
const textLimit = 4_000_000;
const tileLimit = TILE_WIDTH * 32;
const bundleLimit = TILE_WIDTH * (2 + 0xffff);

type Read = (path: string, limit: number) => Promise<Uint8Array | undefined>;

/** `place` is an http(s) address, with or without `/log` at its end, or a folder. */
export function openSource(place: string): LogSource {
  if (!/^https?:\/\//.test(place)) return sourceOf(place, readFromFolder(place));
  const bare = place.replace(/\/+$/, '');
  return sourceOf(place, readFromServer(bare.endsWith('/log') ? bare : `${bare}/log`));
}

function sourceOf(name: string, read: Read): LogSource {
  /** A mirror may keep the full file alone once there is one: the partial one is its beginning. */
  const readPart = async (paths: readonly [string, string], limit: number): Promise<Uint8Array> => {
    const found = (await read(paths[0], limit)) ?? (await read(paths[1], limit));
    if (!found) throw new SourceError(`${name} has no ${paths[0]}`);
    return found;
  };
  return {
    name,
    readText: async (path) => {
      const bytes = await read(path, textLimit);
      return bytes && new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    },
    readTile: async (level, index, width) => {
      const full = tilePath({ level, index, width: TILE_WIDTH });
      const bytes = await readPart([tilePath({ level, index, width }), full], tileLimit);
      return bytes.subarray(0, width * 32);
    },
    readBundle: async (index, width) => {
      const part = await read(entryBundlePath({ index, width }), bundleLimit);
      if (part) return part;
      if (width === TILE_WIDTH) throw new SourceError(`${name} has no ${entryBundlePath({ index, width })}`);
      const full = await readPart(
        [entryBundlePath({ index, width: TILE_WIDTH }), entryBundlePath({ index, width: TILE_WIDTH })],
        bundleLimit,
      );
      return encodeEntryBundle(decodeEntryBundle(full, TILE_WIDTH).slice(0, width));
    },
  };
}

function readFromServer(base: string): Read {
  return async (path, limit) => {
    try {
      const answer = await fetch(`${base}/${path}`, { signal: AbortSignal.timeout(timeoutMs) });
      if (answer.status === 404) {
        await answer.body?.cancel();
        return undefined;
      }
      if (!answer.ok) throw new SourceError(`${base}/${path} answers ${answer.status}`);
      return await readLimited(answer, limit, `${base}/${path}`);
    } catch (error) {
      if (error instanceof SourceError) throw error;
      throw new SourceError(`${base}/${path} cannot be reached`, { cause: error });
    }
  };
}

async function readLimited(answer: Response, limit: number, name: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of answer.body ?? []) {
    length += piece.length;
    if (length > limit) throw new SourceError(`${name} is larger than it can be`);
    pieces.push(piece);
  }
  return new Uint8Array(Buffer.concat(pieces));
}

function readFromFolder(folder: string): Read {
  return async (path, limit) => {
    try {
      const handle = await open(join(folder, path), 'r');
      try {
        if ((await handle.stat()).size > limit) throw new SourceError(`${path} is larger than it can be`);
        return new Uint8Array(await handle.readFile());
      } finally {
        await handle.close();
      }
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
      if (error instanceof SourceError) throw error;
      throw new SourceError(`${join(folder, path)} cannot be read`, { cause: error });
    }
  };
}

/** A file that the user named. Throws `SourceError`. */
export async function readNamedFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new SourceError(`${path} cannot be read`, { cause: error });
  }
}
