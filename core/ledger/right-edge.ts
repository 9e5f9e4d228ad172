// The right edge of a growing tree: all one needs to append without reading an old leaf.
// Appending hashes a batch onto the edge and gives back exactly the tiles that changed.
import { LedgerError } from './errors.ts';
import { TILE_HEIGHT, TILE_WIDTH, hashesAtTileLevel, tileCounts } from './tile-paths.ts';
import type { Tile } from './tile-paths.ts';
import { nodeInTile, requireTileBytes, tileOfNode } from './tiles.ts';
import type { ReadTile } from './tiles.ts';
import { HASH_BYTES, emptyRoot, isHashList, nodeHash, requireTreeSize, subtreesOfRange } from './tree.ts';
import { copyBytes } from './bytes.ts';

export type RightEdge = {
  readonly size: number;
  /** By level: the hashes of the partial tile, none where the last tile is full. */
  readonly partialTiles: readonly Uint8Array[];
  /** Hashes of the perfect subtrees that make up the tree, the largest first. */
  readonly subtrees: readonly Uint8Array[];
};

export type TileContent = { readonly tile: Tile; readonly bytes: Uint8Array };

export type Appended = {
  readonly edge: RightEdge;
  /** Every tile whose content is new, full and partial, lowest level first; to be stored before the checkpoint. */
  readonly tiles: readonly TileContent[];
};

const noHashes = new Uint8Array(0);

/** The edge of the tree without leaves. */
export function emptyRightEdge(): RightEdge {
  return { size: 0, partialTiles: [], subtrees: [] };
}

/** Reads the edge of a tree of this size from its stored tiles, for example after a start. */
export async function readRightEdge(size: number, readTile: ReadTile): Promise<RightEdge> {
  const partialTiles = await Promise.all(
    tileCounts(size).map(async ({ level, full, partialWidth }) => {
      if (partialWidth === 0) return noHashes;
      const bytes = await readTile(level, full, partialWidth);
      requireTileBytes({ level, index: full, width: partialWidth }, bytes);
      return copyBytes(bytes, 0, partialWidth * HASH_BYTES);
    }),
  );
  // Each of the subtrees lies in the partial tile of its level: together they are the binary digits of the size.
  const subtrees = subtreesOfRange({ begin: 0, end: size }).map((node) =>
    nodeInTile(node, partialTiles[tileOfNode(node, size).level] ?? noHashes),
  );
  return { size, partialTiles, subtrees };
}

/**
 * Appends leaf hashes in order, with one node hash for each. The given edge is left as it is.
 * Throws `edge-malformed`, `hash-wrong-length` or `size-out-of-range`, before anything is computed.
 */
export function appendLeafHashes(edge: RightEdge, leafHashes: readonly Uint8Array[]): Appended {
  requireEdge(edge);
  requireTreeSize(edge.size + leafHashes.length);
  if (!isHashList(leafHashes)) throw new LedgerError('hash-wrong-length', 'a leaf hash has 32 bytes');

  const rows: TileRow[] = [];
  const rowOf = (level: number): TileRow => (rows[level] ??= new TileRow(level, edge));
  const subtrees = [...edge.subtrees];
  let size = edge.size;
  for (const leafHash of leafHashes) {
    rowOf(0).push(leafHash);
    let hash = leafHash;
    // As in counting: each trailing one of the size is a perfect subtree that now finds its right half.
    for (let rest = size, level = 1; rest % 2 === 1; rest = Math.floor(rest / 2), level++) {
      hash = nodeHash(subtrees.pop()!, hash);
      if (level % TILE_HEIGHT === 0) rowOf(level / TILE_HEIGHT).push(hash);
    }
    subtrees.push(hash);
    size += 1;
  }
  const partialTiles = tileCounts(size).map(({ level }) => {
    return rows[level]?.partialTile() ?? edge.partialTiles[level] ?? noHashes;
  });
  return { edge: { size, partialTiles, subtrees }, tiles: rows.flatMap((row) => row.changedTiles()) };
}

/** The root of the tree that the edge belongs to. */
export function rootOfRightEdge(edge: RightEdge): Uint8Array {
  requireEdge(edge);
  if (edge.size === 0) return emptyRoot();
  return edge.subtrees.reduceRight((right, left) => nodeHash(left, right));
}

/** The tiles of one level from the partial one on, while hashes are pushed. */
class TileRow {
  readonly #level: number;
  readonly #full: TileContent[] = [];
  #index: number;
  #bytes = new Uint8Array(TILE_WIDTH * HASH_BYTES);
  #used: number;

  constructor(level: number, edge: RightEdge) {
    const before = edge.partialTiles[level] ?? noHashes;
    this.#level = level;
    this.#index = Math.floor(hashesAtTileLevel(edge.size, level) / TILE_WIDTH);
    this.#bytes.set(before);
    this.#used = before.length;
  }

  push(hash: Uint8Array): void {
    this.#bytes.set(hash, this.#used);
    this.#used += HASH_BYTES;
    if (this.#used < this.#bytes.length) return;
    this.#full.push({
      tile: { level: this.#level, index: this.#index, width: TILE_WIDTH },
      bytes: this.#bytes,
    });
    this.#index += 1;
    this.#bytes = new Uint8Array(TILE_WIDTH * HASH_BYTES);
    this.#used = 0;
  }

  partialTile(): Uint8Array {
    return this.#bytes.slice(0, this.#used);
  }

  changedTiles(): TileContent[] {
    if (this.#used === 0) return this.#full;
    const tile = { level: this.#level, index: this.#index, width: this.#used / HASH_BYTES };
    return [...this.#full, { tile, bytes: this.partialTile() }];
  }
}

function requireEdge({ size, partialTiles, subtrees }: RightEdge): void {
  const counts = tileCounts(size);
  const fits =
    counts.length === partialTiles.length &&
    counts.every(({ level, partialWidth }) => partialTiles[level]?.length === partialWidth * HASH_BYTES) &&
    subtrees.length === subtreesOfRange({ begin: 0, end: size }).length &&
    isHashList(subtrees);
  if (!fits) throw new LedgerError('edge-malformed', 'the edge does not belong to a tree of this size');
}
