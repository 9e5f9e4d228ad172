// What proofs are made of, read once for all who ask at the same time: the newest checkpoint, and hash tiles with what was computed from
// them. A tile of a given width never changes, so a bounded number is kept. Not for whoever must see what the database holds now.
import type { Tile } from '../../core/ledger/tile-paths.ts';
import type { ReadTile, ReadTileNodes } from '../../core/ledger/tiles.ts';
import { TileNodes } from '../../core/ledger/tile-nodes.ts';
import type { StoredCheckpoint } from './log-store.ts';
import { findLatestCheckpoint, findTiles } from './log-store.ts';
import type { Queryable } from './queryable.ts';

export interface LogReads {
  latestCheckpoint(): Promise<StoredCheckpoint | undefined>;
  readonly tileNodes: ReadTileNodes;
}

export function createLogReads(db: Queryable): LogReads {
  let asked: Promise<StoredCheckpoint | undefined> | undefined;
  return {
    latestCheckpoint: () => {
      // Shared within one turn, before it leaves: an answer is never older than its question.
      if (!asked) setImmediate(() => (asked = undefined));
      return (asked ??= findLatestCheckpoint(db));
    },
    tileNodes: keptTileNodes(db),
  };
}

/** A tile that the log should have is not there, or shorter than the log is long. */
export class TileMissingError extends Error {
  readonly code = 'tile-missing';
  constructor() {
    super('a hash tile of the log is missing');
    this.name = 'TileMissingError';
  }
}

/** 16 KB each: the tiles of the upper levels, and the newest ones, which are asked for most. */
const mostKept = 256;

/** The tiles asked for last are kept, with their nodes. @throws TileMissingError from the reader */
export function keptTileNodes(db: Queryable, most = mostKept): ReadTileNodes {
  const kept = new Map<string, Promise<TileNodes>>();
  const read = tilesTogether(db);
  return (level, index, width) => {
    const place = `${level}/${index}/${width}`;
    const known = kept.get(place);
    // To the end of the line: what was asked for longest ago goes first.
    if (known) kept.delete(place);
    const tile = known ?? read(level, index, width).then((bytes) => new TileNodes(bytes));
    kept.set(place, tile);
    if (!known) tile.catch(() => kept.get(place) === tile && kept.delete(place));
    for (const [oldest] of kept) {
      if (kept.size <= most) break;
      kept.delete(oldest);
    }
    return tile;
  };
}

interface Wanted {
  readonly tile: Tile;
  readonly found: (bytes: Uint8Array) => void;
  readonly failed: (error: unknown) => void;
}

/** What is asked for in one turn goes as one question. @throws TileMissingError from the reader */
export function tilesTogether(db: Queryable): ReadTile {
  let wanted: Wanted[] = [];

  async function readAll(batch: readonly Wanted[]): Promise<void> {
    try {
      const tiles = await findTiles(
        db,
        batch.map(({ tile }) => tile),
      );
      const byPlace = new Map(tiles.map(({ level, index, hashes }) => [`${level}/${index}`, hashes]));
      for (const { tile, found, failed } of batch) {
        const hashes = byPlace.get(`${tile.level}/${tile.index}`);
        if (hashes && hashes.length === tile.width * 32) found(hashes);
        else failed(new TileMissingError());
      }
    } catch (error) {
      for (const { failed } of batch) failed(error);
    }
  }

  return (level, index, width) =>
    new Promise<Uint8Array>((found, failed) => {
      wanted.push({ tile: { level, index, width }, found, failed });
      if (wanted.length > 1) return;
      queueMicrotask(() => {
        const batch = wanted;
        wanted = [];
        void readAll(batch);
      });
    });
}
