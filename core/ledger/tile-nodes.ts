// A tile with the hashes above its own, each computed when it is first asked for and then kept: many proofs go through the same tiles.
import { copyBytes } from './bytes.ts';
import { LedgerError } from './errors.ts';
import { TILE_HEIGHT } from './tile-paths.ts';
import { HASH_BYTES, nodeHash } from './tree.ts';

/** The bytes must not be changed any more. */
export class TileNodes {
  readonly bytes: Uint8Array;
  /** Row by row from the pairs of hashes up; what is not computed yet is not known. */
  readonly #inner: Uint8Array;
  readonly #known: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    const pairs = Math.floor(bytes.length / HASH_BYTES / 2);
    const places = rowStart(pairs, TILE_HEIGHT);
    this.#inner = new Uint8Array(places * HASH_BYTES);
    this.#known = new Uint8Array(places);
  }

  /**
   * The hash over 2^`row` hashes of the tile, the `at`-th of its row; row 0 are the hashes themselves.
   * Throws `tile-wrong-length` if the tile holds too few.
   */
  node(row: number, at: number): Uint8Array {
    if (((at + 1) << row) * HASH_BYTES > this.bytes.length)
      throw new LedgerError('tile-wrong-length', 'the tile holds fewer hashes than asked for');
    const found = this.#view(row, at);
    return copyBytes(found, 0, HASH_BYTES);
  }

  #view(row: number, at: number): Uint8Array {
    if (row === 0) return this.bytes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES);
    const place = rowStart(Math.floor(this.bytes.length / HASH_BYTES / 2), row - 1) + at;
    const kept = this.#inner.subarray(place * HASH_BYTES, (place + 1) * HASH_BYTES);
    if (this.#known[place] === 1) return kept;
    kept.set(nodeHash(this.#view(row - 1, 2 * at), this.#view(row - 1, 2 * at + 1)));
    this.#known[place] = 1;
    return kept;
  }
}

/** How many nodes stand in the rows below this one, the lowest of them having `pairs`. */
function rowStart(pairs: number, rows: number): number {
  let places = 0;
  for (let row = 0, width = pairs; row < rows; row++, width = Math.floor(width / 2)) places += width;
  return places;
}
