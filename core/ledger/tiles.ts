// Roots and proofs out of tiles: which tiles are needed, and the hashes inside them (C2SP tlog-tiles).
// Tiles come through a function, from a store or over the network; a proof made of untrusted tiles is only
// worth what its verification against a signed root says.
import { consistencyRanges, proveConsistency } from './consistency.ts';
import { LedgerError } from './errors.ts';
import { inclusionRanges, proveInclusion } from './inclusion.ts';
import { TILE_HEIGHT, TILE_WIDTH, tileWidth } from './tile-paths.ts';
import type { Tile } from './tile-paths.ts';
import { HASH_BYTES, nodeHash, requireTreeSize, rootFromHashes, subtreesOfRange } from './tree.ts';
import type { HashReader, LeafRange, TreeNode } from './tree.ts';
import { copyBytes } from './bytes.ts';
import { TileNodes } from './tile-nodes.ts';

/** Gives the bytes of a tile: width * 32, or the full tile that has since replaced the partial one. */
export type ReadTile = (level: number, index: number, width: number) => Promise<Uint8Array>;

/** The same with the nodes that were computed before. */
export type ReadTileNodes = (level: number, index: number, width: number) => Promise<TileNodes>;

/** The tiles that the root of a tree is computed from. */
export function tilesForRoot(size: number): Tile[] {
  requireTreeSize(size);
  return tilesForRanges([{ begin: 0, end: size }], size);
}

/** The tiles that an inclusion proof is computed from. */
export function tilesForInclusion(index: number, size: number): Tile[] {
  return tilesForRanges(inclusionRanges(index, size), size);
}

/** The tiles (of the new tree) that a consistency proof is computed from. */
export function tilesForConsistency(oldSize: number, newSize: number): Tile[] {
  return tilesForRanges(consistencyRanges(oldSize, newSize), newSize);
}

/** The root of a tree out of its tiles. */
export async function rootFromTiles(size: number, readTile: ReadTile): Promise<Uint8Array> {
  return rootFromHashes(size, await readHashes(tilesForRoot(size), size, readTile));
}

/** The inclusion proof of a leaf out of tiles; throws `index-outside-tree` or `size-out-of-range`. */
export async function inclusionProofFromTiles(
  index: number,
  size: number,
  readTile: ReadTile | ReadTileNodes,
): Promise<Uint8Array[]> {
  return proveInclusion(index, size, await readHashes(tilesForInclusion(index, size), size, readTile));
}

/** The consistency proof between two sizes out of the tiles of the larger; throws `size-out-of-range`. */
export async function consistencyProofFromTiles(
  oldSize: number,
  newSize: number,
  readTile: ReadTile | ReadTileNodes,
): Promise<Uint8Array[]> {
  const tiles = tilesForConsistency(oldSize, newSize);
  return proveConsistency(oldSize, newSize, await readHashes(tiles, newSize, readTile));
}

/** The tile of a tree of this size in which a perfect subtree lies. */
export function tileOfNode(node: TreeNode, size: number): Tile {
  const level = Math.floor(node.level / TILE_HEIGHT);
  const index = Math.floor((node.index * 2 ** (node.level % TILE_HEIGHT)) / TILE_WIDTH);
  return { level, index, width: tileWidth(size, level, index) };
}

/** The hash of a perfect subtree out of the bytes of its tile; throws `tile-wrong-length` if they are too few. */
export function nodeInTile(node: TreeNode, bytes: Uint8Array): Uint8Array {
  const count = 2 ** (node.level % TILE_HEIGHT);
  const start = ((node.index * count) % TILE_WIDTH) * HASH_BYTES;
  const end = start + count * HASH_BYTES;
  if (bytes.length < end)
    throw new LedgerError('tile-wrong-length', 'the tile holds fewer hashes than asked for');
  return foldHashes(copyBytes(bytes, start, end));
}

/** The root over a power of two of concatenated hashes; overwrites its input. */
function foldHashes(hashes: Uint8Array): Uint8Array {
  for (let length = hashes.length; length > HASH_BYTES; length /= 2) {
    for (let at = 0; at < length; at += 2 * HASH_BYTES) {
      const middle = at + HASH_BYTES;
      const parent = nodeHash(hashes.subarray(at, middle), hashes.subarray(middle, middle + HASH_BYTES));
      hashes.set(parent, at / 2);
    }
  }
  return copyBytes(hashes, 0, HASH_BYTES);
}

/** Throws `tile-wrong-length` unless the bytes are this tile or the full tile that replaced it. */
export function requireTileBytes(tile: Tile, bytes: Uint8Array): void {
  const full = TILE_WIDTH * HASH_BYTES;
  if (bytes.length !== tile.width * HASH_BYTES && bytes.length !== full) {
    throw new LedgerError('tile-wrong-length', 'the tile has not the length of its width');
  }
}

function tilesForRanges(ranges: readonly LeafRange[], size: number): Tile[] {
  const tiles = new Map<string, Tile>();
  for (const node of ranges.flatMap(subtreesOfRange)) {
    const tile = tileOfNode(node, size);
    tiles.set(`${tile.level}/${tile.index}`, tile);
  }
  return [...tiles.values()];
}

/** Fetches the tiles side by side, then answers from memory. */
async function readHashes(
  tiles: readonly Tile[],
  size: number,
  readTile: ReadTile | ReadTileNodes,
): Promise<HashReader> {
  const loaded = new Map<string, TileNodes>();
  await Promise.all(
    tiles.map(async (tile) => {
      const read = await readTile(tile.level, tile.index, tile.width);
      const nodes = read instanceof TileNodes ? read : new TileNodes(read);
      requireTileBytes(tile, nodes.bytes);
      loaded.set(`${tile.level}/${tile.index}`, nodes);
    }),
  );
  return (level, index) => {
    const tile = tileOfNode({ level, index }, size);
    const row = level % TILE_HEIGHT;
    const nodes = loaded.get(`${tile.level}/${tile.index}`) ?? new TileNodes(new Uint8Array(0));
    return nodes.node(row, index % 2 ** (TILE_HEIGHT - row));
  };
}
