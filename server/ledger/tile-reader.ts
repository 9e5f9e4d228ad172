// Hash tiles as the database holds them now: what one proof asks for in one turn goes as one question, and each tile is asked for once.
import type { ReadTile } from '../../core/ledger/tiles.ts';
import { tilesTogether } from '../storage/log-reads.ts';
import type { Queryable } from '../storage/queryable.ts';

/** For one answer, or one step of the sequencer. @throws TileMissingError from the reader */
export function tileReader(db: Queryable): ReadTile {
  const asked = new Map<string, Promise<Uint8Array>>();
  const read = tilesTogether(db);
  return (level, index, width) => {
    const place = `${level}/${index}/${width}`;
    const known = asked.get(place);
    if (known) return known;
    const tile = read(level, index, width);
    asked.set(place, tile);
    return tile;
  };
}
