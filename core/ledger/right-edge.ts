// The right edge of a growing tree: its partial tiles, which are all one needs to append.
// Appending hashes a batch onto the edge and gives back exactly the tiles that changed; no old leaf is read.
import { LedgerError } from './errors.ts';
import { TILE_WIDTH, hashesAtTileLevel, tileCounts } from './tile-paths.ts';
import type { Tile } from './tile-paths.ts';
import { foldHashes, nodeInTile, requireTileBytes, tileOfNode } from './tiles.ts';
import type { ReadTile } from './tiles.ts';
import { HASH_BYTES, isHash, requireTreeSize, rootFromHashes } from './tree.ts';

/** `partialTiles[level]` holds the hashes of the level's partial tile, none where the last tile is full. */
export type RightEdge = { readonly size: number; readonly partialTiles: readonly Uint8Array[] };

export type TileContent = { readonly tile: Tile; readonly bytes: Uint8Array };

export type Appended = {
  readonly edge: RightEdge;
  /** Every tile whose content is new, full and partial, lowest level first; to be stored before the checkpoint. */
  readonly tiles: readonly TileContent[];
};

const noHashes = new Uint8Array(0);

/** The edge of the tree without leaves. */
export function emptyRightEdge(): RightEdge {
  return { size: 0, partialTiles: [] };
}

/** Reads the edge of a tree of this size from its stored tiles, for example after a start. */
export async function readRightEdge(size: number, readTile: ReadTile): Promise<RightEdge> {
  const partialTiles = await Promise.all(
    tileCounts(size).map(async ({ level, full, partialWidth }) => {
      if (partialWidth === 0) return noHashes;
      const bytes = await readTile(level, full, partialWidth);
      requireTileBytes({ level, index: full, width: partialWidth }, bytes);
      return bytes.slice(0, partialWidth * HASH_BYTES);
    }),
  );
  return { size, partialTiles };
}

/**
 * Appends leaf hashes in order. The given edge is left as it is.
 * Throws `edge-malformed`, `hash-wrong-length` or `size-out-of-range`, before anything is computed.
 */
export function appendLeafHashes(edge: RightEdge, leafHashes: readonly Uint8Array[]): Appended {
  requireEdge(edge);
  const size = edge.size + leafHashes.length;
  requireTreeSize(size);
  if (!leafHashes.every(isHash)) throw new LedgerError('hash-wrong-length', 'a leaf hash has 32 bytes');

  const tiles: TileContent[] = [];
  const partialTiles: Uint8Array[] = [];
  let incoming = leafHashes;
  for (let level = 0; incoming.length > 0 || level < edge.partialTiles.length; level++) {
    const grown = growLevel(level, edge, incoming);
    tiles.push(...grown.tiles);
    partialTiles.push(grown.partialTile);
    incoming = grown.carried;
  }
  return { edge: { size, partialTiles }, tiles };
}

/** The root of the tree that the edge belongs to. */
export function rootOfRightEdge(edge: RightEdge): Uint8Array {
  requireEdge(edge);
  return rootFromHashes(edge.size, (level, index) => {
    const tile = tileOfNode({ level, index }, edge.size);
    return nodeInTile({ level, index }, edge.partialTiles[tile.level] ?? noHashes);
  });
}

type GrownLevel = { tiles: TileContent[]; partialTile: Uint8Array; carried: Uint8Array[] };

/** Fills the tiles of one level; the root of each tile that becomes full is carried to the level above. */
function growLevel(level: number, edge: RightEdge, incoming: readonly Uint8Array[]): GrownLevel {
  const before = edge.partialTiles[level] ?? noHashes;
  if (incoming.length === 0) return { tiles: [], partialTile: before, carried: [] };
  const tiles: TileContent[] = [];
  const carried: Uint8Array[] = [];
  let index = Math.floor(hashesAtTileLevel(edge.size, level) / TILE_WIDTH);
  let bytes = new Uint8Array(TILE_WIDTH * HASH_BYTES);
  bytes.set(before);
  let used = before.length;
  for (const hash of incoming) {
    bytes.set(hash, used);
    used += HASH_BYTES;
    if (used < bytes.length) continue;
    tiles.push({ tile: { level, index, width: TILE_WIDTH }, bytes });
    carried.push(foldHashes(bytes.slice()));
    index += 1;
    bytes = new Uint8Array(TILE_WIDTH * HASH_BYTES);
    used = 0;
  }
  const partialTile = bytes.slice(0, used);
  if (used > 0) tiles.push({ tile: { level, index, width: used / HASH_BYTES }, bytes: partialTile });
  return { tiles, partialTile, carried };
}

function requireEdge(edge: RightEdge): void {
  const counts = tileCounts(edge.size);
  const fits =
    counts.length === edge.partialTiles.length &&
    counts.every(({ level, partialWidth }) => edge.partialTiles[level]?.length === partialWidth * HASH_BYTES);
  if (!fits)
    throw new LedgerError('edge-malformed', 'the partial tiles do not belong to a tree of this size');
}
