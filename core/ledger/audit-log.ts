// A whole log recomputed from its entries: every tile compared, every root that was ever signed found again, every person's chain followed.
// Bundles and tiles come through functions, from a server or a folder; nothing of them is believed.
import { bytesToHex } from '@noble/hashes/utils.js';
import { decodeEntryBundle } from './entry-bundle.ts';
import { decodeLeaf, firstPrev } from './leaf.ts';
import type { Leaf } from './leaf.ts';
import { appendLeafHashes, emptyRightEdge, rootOfRightEdge } from './right-edge.ts';
import type { RightEdge, TileContent } from './right-edge.ts';
import { TILE_WIDTH, tilesOfTree } from './tile-paths.ts';
import type { ReadTile } from './tiles.ts';
import { HASH_BYTES, equalBytes, leafHash } from './tree.ts';

/** Gives the bytes of an entry bundle, or throws. */
export type ReadBundle = (index: number, width: number) => Promise<Uint8Array>;

export type LogProblemCode =
  | 'bundle-unreadable'
  | 'tile-unreadable'
  | 'tile-differs'
  | 'leaf-malformed'
  | 'chain-number-differs'
  | 'chain-link-differs';

export type LogProblem = {
  readonly code: LogProblemCode;
  /** Index of the leaf, the bundle or the tile. */
  readonly index: number;
  readonly level?: number;
};

export type LogAuditOptions = {
  readonly size: number;
  readonly readBundle: ReadBundle;
  readonly readTile: ReadTile;
  /** Sizes of earlier checkpoints: the roots over so many leaves are given back. Those beyond `size` are passed over. */
  readonly rootsAt?: readonly number[];
  /** False for the log of another program, whose entries say nothing to us. */
  readonly hasOurLeaves?: boolean;
  /** Chains of which every leaf is to be given back, as pseudonyms. */
  readonly watched?: readonly Uint8Array[];
  readonly onProgress?: (leaves: number) => void;
};

export type WatchedLeaf = { readonly index: number; readonly hash: Uint8Array; readonly seq: number };

export type LogAudit = {
  /** The root over all leaves; undefined when not all could be read. */
  readonly root?: Uint8Array;
  readonly roots: ReadonlyMap<number, Uint8Array>;
  /** The first hundred. */
  readonly problems: readonly LogProblem[];
  readonly leaves: number;
  readonly tiles: number;
  readonly chains: number;
  /** By pseudonym in hexadecimal, in the order of the log. */
  readonly watched: ReadonlyMap<string, readonly WatchedLeaf[]>;
};

const mostProblems = 100;
/** Bundles asked for ahead of the one that is hashed. */
const ahead = 8;

/** Recomputes the whole log. Never throws for what the log holds. */
export async function auditLog(options: LogAuditOptions): Promise<LogAudit> {
  const { size, rootsAt = [], hasOurLeaves = true, watched = [] } = options;
  const problems: LogProblem[] = [];
  const report = (problem: LogProblem): void =>
    void (problems.length < mostProblems && problems.push(problem));
  const chains = new Chains(watched, report);
  const roots = new Map<number, Uint8Array>();
  const wanted = rootsAt.filter((at) => at >= 0 && at <= size).toSorted((a, b) => a - b);
  let edge = emptyRightEdge();
  let tiles = 0;
  const keepRoots = (): void => {
    while (wanted[0] === edge.size) roots.set(wanted.shift()!, rootOfRightEdge(edge));
  };
  keepRoots();

  const bundles = new Ahead(options);
  for (let index = 0; index * TILE_WIDTH < size; index++) {
    const entries = await bundles.take(index);
    if (entries === undefined) {
      report({ code: 'bundle-unreadable', index });
      return { roots, problems, leaves: edge.size, tiles, chains: chains.count, watched: chains.watched };
    }
    const hashes = entries.map(leafHash);
    if (hasOurLeaves)
      for (const [at, entry] of entries.entries()) chains.follow(index * TILE_WIDTH + at, entry, hashes[at]!);
    for (let from = 0; from < hashes.length;) {
      const until = Math.min(hashes.length, (wanted[0] ?? Infinity) - index * TILE_WIDTH);
      const appended = appendLeafHashes(edge, hashes.slice(from, until));
      edge = appended.edge;
      from = until;
      keepRoots();
      const full = appended.tiles.filter(({ tile }) => tile.width === TILE_WIDTH);
      await compareTiles(full, options.readTile, report);
      tiles += full.length;
    }
    options.onProgress?.(edge.size);
  }
  const partial = partialTiles(edge);
  await compareTiles(partial, options.readTile, report);
  return {
    root: rootOfRightEdge(edge),
    roots,
    problems,
    leaves: edge.size,
    tiles: tiles + partial.length,
    chains: chains.count,
    watched: chains.watched,
  };
}

function partialTiles(edge: RightEdge): TileContent[] {
  return [...tilesOfTree(edge.size)]
    .filter(({ width }) => width < TILE_WIDTH)
    .map((tile) => ({ tile, bytes: edge.partialTiles[tile.level] ?? new Uint8Array(0) }));
}

async function compareTiles(
  computed: readonly TileContent[],
  readTile: ReadTile,
  report: (problem: LogProblem) => void,
): Promise<void> {
  await Promise.all(
    computed.map(async ({ tile, bytes }) => {
      const { level, index, width } = tile;
      const served = await readTile(level, index, width).catch(() => undefined);
      if (served === undefined) report({ code: 'tile-unreadable', level, index });
      // A partial tile may have been replaced by the full one since: its first hashes are the same.
      else if (!equalBytes(served.subarray(0, width * HASH_BYTES), bytes))
        report({ code: 'tile-differs', level, index });
    }),
  );
}

/** Reads some bundles ahead; undefined for one that cannot be read or is not a bundle of its width. */
class Ahead {
  readonly #options: LogAuditOptions;
  readonly #coming = new Map<number, Promise<Uint8Array[] | undefined>>();

  constructor(options: LogAuditOptions) {
    this.#options = options;
  }

  async take(index: number): Promise<Uint8Array[] | undefined> {
    const { size } = this.#options;
    for (let next = index; next < index + ahead && next * TILE_WIDTH < size; next++)
      if (!this.#coming.has(next)) this.#coming.set(next, this.#read(next));
    const entries = await this.#coming.get(index);
    this.#coming.delete(index);
    return entries;
  }

  async #read(index: number): Promise<Uint8Array[] | undefined> {
    const width = Math.min(TILE_WIDTH, this.#options.size - index * TILE_WIDTH);
    try {
      return decodeEntryBundle(await this.#options.readBundle(index, width), width);
    } catch {
      return undefined;
    }
  }
}

/** Each person's chain through the whole log: numbers without a gap, each leaf naming the one before. */
class Chains {
  readonly #ends = new Map<string, { seq: number; hash: Uint8Array }>();
  readonly #report: (problem: LogProblem) => void;
  readonly watched: Map<string, WatchedLeaf[]>;

  constructor(watched: readonly Uint8Array[], report: (problem: LogProblem) => void) {
    this.watched = new Map(watched.map((pseudonym) => [bytesToHex(pseudonym), []]));
    this.#report = report;
  }

  get count(): number {
    return this.#ends.size;
  }

  follow(index: number, entry: Uint8Array, hash: Uint8Array): void {
    const leaf = tryDecodeLeaf(entry);
    if (leaf === undefined) return this.#report({ code: 'leaf-malformed', index });
    const name = bytesToHex(leaf.pseudonym);
    const end = this.#ends.get(name) ?? { seq: 0, hash: firstPrev() };
    if (leaf.seq !== end.seq + 1) this.#report({ code: 'chain-number-differs', index });
    if (!equalBytes(leaf.prev, end.hash)) this.#report({ code: 'chain-link-differs', index });
    this.#ends.set(name, { seq: leaf.seq, hash });
    this.watched.get(name)?.push({ index, hash, seq: leaf.seq });
  }
}

function tryDecodeLeaf(entry: Uint8Array): Leaf | undefined {
  try {
    return decodeLeaf(entry);
  } catch {
    return undefined;
  }
}
