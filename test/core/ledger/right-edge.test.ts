import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  appendLeafHashes,
  emptyRightEdge,
  readRightEdge,
  rootOfRightEdge,
} from '../../../core/ledger/right-edge.ts';
import type { RightEdge } from '../../../core/ledger/right-edge.ts';
import { tilePath, tilesOfTree } from '../../../core/ledger/tile-paths.ts';
import { rootFromTiles } from '../../../core/ledger/tiles.ts';
import { leafHash } from '../../../core/ledger/tree.ts';
import { NaiveTree, hex, sampleEntries } from './naive-tree.ts';

const entries = sampleEntries(66_500);
const tree = new NaiveTree(entries);
const hashes = entries.map(leafHash);

class TileStore {
  readonly tiles = new Map<string, Uint8Array>();
  edge: RightEdge = emptyRightEdge();
  written: string[] = [];

  append(count: number): void {
    const { edge, tiles } = appendLeafHashes(this.edge, hashes.slice(this.edge.size, this.edge.size + count));
    this.written = tiles.map(({ tile }) => tilePath(tile));
    for (const { tile, bytes } of tiles) this.tiles.set(tilePath(tile), bytes);
    this.edge = edge;
  }

  readonly read = (level: number, index: number, width: number): Promise<Uint8Array> => {
    const bytes = this.tiles.get(tilePath({ level, index, width }));
    return bytes === undefined ? Promise.reject(new Error('no such tile')) : Promise.resolve(bytes);
  };
}

test('the edge of nothing has the empty root', () => {
  assert.equal(hex(rootOfRightEdge(emptyRightEdge())), hex(tree.root(0)));
});

test('appending batches of any sizes gives the roots and all tiles of the recursive definition', async () => {
  const batch = fc.oneof(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 250, max: 600 }));
  await fc.assert(
    fc.asyncProperty(fc.array(batch, { minLength: 1, maxLength: 8 }), async (batches) => {
      const store = new TileStore();
      for (const count of batches) {
        store.append(count);
        const { size } = store.edge;
        assert.equal(hex(rootOfRightEdge(store.edge)), hex(tree.root(size)));
        assert.equal(hex(await rootFromTiles(size, store.read)), hex(tree.root(size)));
        assert.deepEqual(await readRightEdge(size, store.read), store.edge);
        for (const tile of tilesOfTree(size)) assert.ok(store.tiles.has(tilePath(tile)), tilePath(tile));
      }
    }),
    { numRuns: 40 },
  );
});

test('an append writes exactly the tiles whose content is new', () => {
  const store = new TileStore();
  store.append(255);
  assert.deepEqual(store.written, ['tile/0/000.p/255']);
  store.append(1);
  assert.deepEqual(store.written, ['tile/0/000', 'tile/1/000.p/1']);
  store.append(1);
  assert.deepEqual(store.written, ['tile/0/001.p/1']);
  store.append(0);
  assert.deepEqual(store.written, []);
  store.append(600);
  assert.deepEqual(store.written, ['tile/0/001', 'tile/0/002', 'tile/0/003.p/89', 'tile/1/000.p/3']);
});

test('a third level begins when a level-1 tile is full', async () => {
  const store = new TileStore();
  store.append(65_535);
  assert.ok(!store.written.some((path) => path.startsWith('tile/2')));
  store.append(1);
  assert.deepEqual(store.written, ['tile/0/255', 'tile/1/000', 'tile/2/000.p/1']);
  store.append(964);
  assert.deepEqual(
    store.edge.partialTiles.map(({ length }) => length / 32),
    [964 % 256, 3, 1],
  );
  assert.equal(hex(rootOfRightEdge(store.edge)), hex(tree.root(66_500)));
  assert.deepEqual(await readRightEdge(66_500, store.read), store.edge);
});

test('appending leaves the edge it was given as it was', () => {
  const { edge } = appendLeafHashes(emptyRightEdge(), hashes.slice(0, 300));
  const before = structuredClone(edge);
  const one = appendLeafHashes(edge, hashes.slice(300, 400));
  const other = appendLeafHashes(edge, hashes.slice(300, 400));
  assert.deepEqual(edge, before);
  assert.deepEqual(one, other);
});

test('an edge that does not belong to its size is refused', () => {
  const { edge } = appendLeafHashes(emptyRightEdge(), hashes.slice(0, 300));
  const malformed = { name: 'LedgerError', code: 'edge-malformed' };
  for (const wrong of [
    { ...edge, size: 299 },
    { ...edge, size: 556 + 65_536 },
    { ...edge, partialTiles: [] },
    { ...edge, partialTiles: edge.partialTiles.toReversed() },
    { ...edge, partialTiles: [...edge.partialTiles, new Uint8Array(32)] },
    { ...edge, subtrees: edge.subtrees.slice(1) },
    { ...edge, subtrees: edge.subtrees.with(0, new Uint8Array(31)) },
  ]) {
    assert.throws(() => appendLeafHashes(wrong, []), malformed);
    assert.throws(() => rootOfRightEdge(wrong), malformed);
  }
});

test('leaf hashes of a wrong length and sizes past 2^53 are refused', () => {
  const wrong = { name: 'LedgerError', code: 'hash-wrong-length' };
  assert.throws(() => appendLeafHashes(emptyRightEdge(), [new Uint8Array(31)]), wrong);
  const holes: Uint8Array[] = [];
  holes.length = 2;
  assert.throws(() => appendLeafHashes(emptyRightEdge(), holes), wrong);
  assert.throws(() => rootOfRightEdge({ ...emptyRightEdge(), size: 2 ** 53 }), {
    name: 'LedgerError',
    code: 'size-out-of-range',
  });
});

test('reading the edge leaves the tiles as they are, whatever kind of byte array they come in', async () => {
  const store = new TileStore();
  store.append(7767);
  const buffers = new Map([...store.tiles].map(([path, bytes]) => [path, Buffer.from(bytes)]));
  const read = (level: number, index: number, width: number): Promise<Uint8Array> =>
    Promise.resolve(buffers.get(tilePath({ level, index, width }))!);
  assert.equal(hex(await rootFromTiles(7767, read)), hex(tree.root(7767)));
  const edge = await readRightEdge(7767, read);
  for (const [path, bytes] of buffers) assert.equal(hex(bytes), hex(store.tiles.get(path)!), path);
  // What is appended to later must not reach back into what was read, either.
  for (const bytes of buffers.values()) bytes.fill(0);
  const { edge: grown } = appendLeafHashes(edge, hashes.slice(7767, 7768));
  assert.equal(hex(rootOfRightEdge(grown)), hex(tree.root(7768)));
  assert.equal(hex(grown.partialTiles[0]!.slice(0, 32)), hex(hashes[7680]!));
});
