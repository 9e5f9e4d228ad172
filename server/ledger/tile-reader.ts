// Hash tiles out of the store for proofs: what one proof asks for in one turn goes as one question, and each tile is asked for once.
import type { Tile } from '../../core/ledger/tile-paths.ts';
import type { ReadTile } from '../../core/ledger/tiles.ts';
import { findTiles } from '../storage/log-store.ts';
import type { Queryable } from '../storage/queryable.ts';

/** A tile that the log should have is not there, or shorter than the log is long. */
export class TileMissingError extends Error {
  readonly code = 'tile-missing';
  constructor() {
    super('a hash tile of the log is missing');
    this.name = 'TileMissingError';
  }
}

interface Wanted {
  readonly tile: Tile;
  readonly found: (bytes: Uint8Array) => void;
  readonly failed: (error: unknown) => void;
}

/** For the proofs of one answer. @throws TileMissingError from the reader */
export function tileReader(db: Queryable): ReadTile {
  const asked = new Map<string, Promise<Uint8Array>>();
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

  return (level, index, width) => {
    const place = `${level}/${index}/${width}`;
    const known = asked.get(place);
    if (known) return known;
    const read = new Promise<Uint8Array>((found, failed) => {
      wanted.push({ tile: { level, index, width }, found, failed });
      if (wanted.length > 1) return;
      queueMicrotask(() => {
        const batch = wanted;
        wanted = [];
        void readAll(batch);
      });
    });
    asked.set(place, read);
    return read;
  };
}
