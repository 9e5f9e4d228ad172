// Which tiles a tree has and under which paths they lie (C2SP tlog-tiles). It knows no bytes and no storage.
import { LedgerError } from './errors.ts';
import { isTreeSize, requireTreeSize } from './tree.ts';

/** Hashes in a full tile, entries in a full bundle. */
export const TILE_WIDTH = 256;
/** Tree levels that one tile spans. */
export const TILE_HEIGHT = 8;

/** A tile of hashes; width 256 is a full tile, 1 to 255 a partial one. */
export type Tile = { readonly level: number; readonly index: number; readonly width: number };

/** A bundle of entries; width as in a tile. */
export type EntryBundle = { readonly index: number; readonly width: number };

export type TilePath =
  { readonly kind: 'tile'; readonly tile: Tile } | { readonly kind: 'entries'; readonly bundle: EntryBundle };

const highestLevel = 63;
const pathPattern =
  /^tile\/(entries|0|[1-9][0-9]?)\/((?:x[0-9]{3}\/){0,5}[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/;

/** `tile/<level>/<index>[.p/<width>]`, for example `tile/0/x001/x234/067.p/8`. */
export function tilePath(tile: Tile): string {
  if (!isTreeSize(tile.level) || tile.level > highestLevel) throw outOfRange();
  return `tile/${tile.level}/${indexAndWidth(tile)}`;
}

/** `tile/entries/<index>[.p/<width>]`. */
export function entryBundlePath(bundle: EntryBundle): string {
  return `tile/entries/${indexAndWidth(bundle)}`;
}

/** Reads a path without leading slash; undefined unless it is exactly how a tile or bundle path is written. */
export function parseTilePath(path: string): TilePath | undefined {
  const match = path.length > 64 ? null : pathPattern.exec(path);
  if (match === null) return undefined;
  const [, level = '', groups = '', partial] = match;
  const index = Number(groups.replace(/[x/]/g, ''));
  const width = partial === undefined ? TILE_WIDTH : Number(partial);
  if (!Number.isSafeInteger(index) || (partial !== undefined && width >= TILE_WIDTH)) return undefined;
  // A leading x000 is a second spelling of the same index.
  if (groups !== indexGroups(index)) return undefined;
  if (level === 'entries') return { kind: 'entries', bundle: { index, width } };
  if (Number(level) > highestLevel) return undefined;
  return { kind: 'tile', tile: { level: Number(level), index, width } };
}

/** How many hashes the tiles of a level hold together in a tree of this size. */
export function hashesAtTileLevel(size: number, level: number): number {
  return Math.floor(size / TILE_WIDTH ** level);
}

/** Per level: how many full tiles, and the width of the partial one (0: there is none). */
export function tileCounts(size: number): { level: number; full: number; partialWidth: number }[] {
  requireTreeSize(size);
  const counts: { level: number; full: number; partialWidth: number }[] = [];
  for (let level = 0, hashes = size; hashes > 0; level++, hashes = hashesAtTileLevel(size, level)) {
    counts.push({ level, full: Math.floor(hashes / TILE_WIDTH), partialWidth: hashes % TILE_WIDTH });
  }
  return counts;
}

/** Every tile of a tree, level by level, left to right, the partial tile of a level last. */
export function* tilesOfTree(size: number): Generator<Tile, void, undefined> {
  for (const { level, full, partialWidth } of tileCounts(size)) {
    for (let index = 0; index < full; index++) yield { level, index, width: TILE_WIDTH };
    if (partialWidth > 0) yield { level, index: full, width: partialWidth };
  }
}

/** Every entry bundle of a tree, left to right. */
export function* entryBundlesOfTree(size: number): Generator<EntryBundle, void, undefined> {
  requireTreeSize(size);
  for (let index = 0; index * TILE_WIDTH < size; index++) yield { index, width: tileWidth(size, 0, index) };
}

/** The width that a tile has in a tree of this size; 0 or less: the tree has no such tile. */
export function tileWidth(size: number, level: number, index: number): number {
  return Math.min(TILE_WIDTH, hashesAtTileLevel(size, level) - index * TILE_WIDTH);
}

function indexAndWidth({ index, width }: EntryBundle): string {
  if (!isTreeSize(index) || !isTreeSize(width) || width < 1 || width > TILE_WIDTH) throw outOfRange();
  return width === TILE_WIDTH ? indexGroups(index) : `${indexGroups(index)}.p/${width}`;
}

function indexGroups(index: number): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const groups = padded.match(/.{3}/g) ?? [];
  return groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/');
}

function outOfRange(): LedgerError {
  return new LedgerError('tile-out-of-range', 'no such tile');
}
