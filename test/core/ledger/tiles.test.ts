import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeEntryBundle, encodeEntryBundle } from '../../../core/ledger/entry-bundle.ts';
import {
  TILE_WIDTH,
  entryBundlePath,
  entryBundlesOfTree,
  parseTilePath,
  tileCounts,
  tilePath,
  tilesOfTree,
} from '../../../core/ledger/tile-paths.ts';
import {
  consistencyProofFromTiles,
  inclusionProofFromTiles,
  rootFromTiles,
  tilesForConsistency,
  tilesForInclusion,
  tilesForRoot,
} from '../../../core/ledger/tiles.ts';
import type { ReadTile } from '../../../core/ledger/tiles.ts';
import vectors from '../../vectors/ledger/tile-paths.json' with { type: 'json' };
import { NaiveTree, hex, sampleEntries } from './naive-tree.ts';

const tree = new NaiveTree(sampleEntries(70_000));

/** Tiles as the specification defines them: MTH(D[(n * 256 + i) * 256^l : (n * 256 + i + 1) * 256^l]). */
function tileBytes(level: number, index: number, width: number): Uint8Array {
  const hashes = Array.from({ length: width }, (_, i) => {
    const span = 256 ** level;
    const begin = (index * 256 + i) * span;
    return tree.hash(begin, begin + span);
  });
  return new Uint8Array(Buffer.concat(hashes));
}

const readTile: ReadTile = (level, index, width) => Promise.resolve(tileBytes(level, index, width));

test('tile and bundle paths are written and read as in the specification', () => {
  for (const { path, level, index, width } of vectors.valid) {
    if (level === undefined) {
      assert.equal(entryBundlePath({ index, width }), path);
      assert.deepEqual(parseTilePath(path), { kind: 'entries', bundle: { index, width } });
    } else {
      assert.equal(tilePath({ level, index, width }), path);
      assert.deepEqual(parseTilePath(path), { kind: 'tile', tile: { level, index, width } });
    }
  }
});

test('any other spelling of a path is refused', () => {
  for (const path of vectors.refused) assert.equal(parseTilePath(path), undefined, path);
  assert.equal(parseTilePath(`tile/0/${'x001/'.repeat(1_000_000)}000`), undefined);
});

test('a path that is read is written back the same, and a tile that is written is read back the same', () => {
  const fields = {
    level: fc.integer({ min: 0, max: 63 }),
    index: fc.maxSafeNat(),
    width: fc.integer({ min: 1, max: 256 }),
  };
  const tile = fc.record(fields, { noNullPrototype: true });
  fc.assert(
    fc.property(tile, (t) => assert.deepEqual(parseTilePath(tilePath(t)), { kind: 'tile', tile: t })),
  );
});

test('tiles that cannot exist have no path', () => {
  const outOfRange = { name: 'LedgerError', code: 'tile-out-of-range' };
  for (const wrong of [-1, 0.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY]) {
    assert.throws(() => tilePath({ level: wrong, index: 0, width: 1 }), outOfRange);
    assert.throws(() => tilePath({ level: 0, index: wrong, width: 1 }), outOfRange);
    assert.throws(() => tilePath({ level: 0, index: 0, width: wrong }), outOfRange);
    assert.throws(() => entryBundlePath({ index: wrong, width: 1 }), outOfRange);
  }
  for (const width of [0, 257]) assert.throws(() => tilePath({ level: 0, index: 0, width }), outOfRange);
  assert.throws(() => tilePath({ level: 64, index: 0, width: 1 }), outOfRange);
});

test('a tree of 70 000 has 273 full tiles and one of 112, one full and one of 17, and one of 1', () => {
  assert.deepEqual(tileCounts(70_000), [
    { level: 0, full: 273, partialWidth: 112 },
    { level: 1, full: 1, partialWidth: 17 },
    { level: 2, full: 0, partialWidth: 1 },
  ]);
  const tiles = [...tilesOfTree(70_000)];
  assert.equal(tiles.length, 273 + 1 + 1 + 1 + 1);
  assert.deepEqual(tiles[272], { level: 0, index: 272, width: 256 });
  assert.deepEqual(tiles[273], { level: 0, index: 273, width: 112 });
  assert.deepEqual(tiles[274], { level: 1, index: 0, width: 256 });
  const bundles = [...entryBundlesOfTree(70_000)];
  assert.deepEqual([bundles.length, bundles.at(-1)], [274, { index: 273, width: 112 }]);
});

test('trees at the edges of tiles have no empty tiles', () => {
  assert.deepEqual([...tilesOfTree(0)], []);
  assert.deepEqual([...entryBundlesOfTree(0)], []);
  assert.deepEqual([...tilesOfTree(1)], [{ level: 0, index: 0, width: 1 }]);
  assert.deepEqual(
    [...tilesOfTree(256)],
    [
      { level: 0, index: 0, width: 256 },
      { level: 1, index: 0, width: 1 },
    ],
  );
  assert.deepEqual(tileCounts(65_536), [
    { level: 0, full: 256, partialWidth: 0 },
    { level: 1, full: 1, partialWidth: 0 },
    { level: 2, full: 0, partialWidth: 1 },
  ]);
  assert.equal(tileCounts(Number.MAX_SAFE_INTEGER).length, 7);
});

test('roots and proofs out of tiles are those of the recursive definition', async () => {
  for (const size of [0, 1, 2, 3, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 70_000]) {
    assert.equal(hex(await rootFromTiles(size, readTile)), hex(tree.root(size)), `root of ${size}`);
    for (const index of new Set([0, 1, 255, 256, Math.floor(size / 2), size - 2, size - 1])) {
      if (index < 0 || index >= size) continue;
      const inclusion = await inclusionProofFromTiles(index, size, readTile);
      assert.deepEqual(inclusion.map(hex), tree.inclusion(index, size).map(hex), `${index} in ${size}`);
      const consistency = await consistencyProofFromTiles(index + 1, size, readTile);
      assert.deepEqual(
        consistency.map(hex),
        tree.consistency(index + 1, size).map(hex),
        `${index + 1} to ${size}`,
      );
    }
  }
});

test('a proof asks for the announced tiles only, each once, and all of them exist in the tree', async () => {
  const size = 70_000;
  const existing = new Set([...tilesOfTree(size)].map(tilePath));
  const asked: string[] = [];
  const recording: ReadTile = (level, index, width) => {
    asked.push(tilePath({ level, index, width }));
    return readTile(level, index, width);
  };
  await inclusionProofFromTiles(12_345, size, recording);
  assert.deepEqual(asked.splice(0).sort(), tilesForInclusion(12_345, size).map(tilePath).sort());
  await consistencyProofFromTiles(300, size, recording);
  assert.deepEqual(asked.splice(0).sort(), tilesForConsistency(300, size).map(tilePath).sort());
  await rootFromTiles(size, recording);
  assert.deepEqual(asked.splice(0).sort(), tilesForRoot(size).map(tilePath).sort());
  for (const tile of [
    ...tilesForRoot(size),
    ...tilesForInclusion(69_999, size),
    ...tilesForConsistency(65_537, size),
  ]) {
    assert.ok(existing.has(tilePath(tile)), tilePath(tile));
  }
});

test('a full tile may stand in for the partial one it replaced, any other length is refused', async () => {
  const grown: ReadTile = (level, index, width) =>
    Promise.resolve(
      level === 0 && index === 0 ? tileBytes(0, 0, TILE_WIDTH) : tileBytes(level, index, width),
    );
  assert.equal(hex(await rootFromTiles(100, grown)), hex(tree.root(100)));
  for (const length of [0, 31, 99 * 32, 101 * 32, 257 * 32]) {
    const wrong: ReadTile = () => Promise.resolve(new Uint8Array(length));
    await assert.rejects(rootFromTiles(100, wrong), { name: 'LedgerError', code: 'tile-wrong-length' });
  }
});

test('a failure to read a tile reaches the caller', async () => {
  const failing: ReadTile = () => Promise.reject(new Error('disk gone'));
  await assert.rejects(inclusionProofFromTiles(5, 100, failing), { message: 'disk gone' });
});

test('entry bundles are written and read back', () => {
  const entry = fc.uint8Array({ maxLength: 300 });
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1, maxLength: 256 }), (entries) => {
      assert.deepEqual(decodeEntryBundle(encodeEntryBundle(entries), entries.length), entries);
    }),
  );
  const longest = new Uint8Array(65_535).fill(7);
  assert.deepEqual(decodeEntryBundle(encodeEntryBundle([longest]), 1), [longest]);
});

test('bundles that are cut off, too long, or of another width are refused', () => {
  const malformed = { name: 'LedgerError', code: 'bundle-malformed' };
  const bundle = encodeEntryBundle([Uint8Array.of(1, 2, 3), new Uint8Array(0), Uint8Array.of(4)]);
  assert.equal(hex(bundle), '0003010203_0000_000104'.replaceAll('_', ''));
  for (let length = 0; length < bundle.length; length++) {
    assert.throws(() => decodeEntryBundle(bundle.slice(0, length), 3), malformed);
  }
  assert.throws(() => decodeEntryBundle(Uint8Array.of(...bundle, 0), 3), malformed);
  for (const width of [-1, 0, 2, 4, 256, Number.NaN]) {
    assert.throws(() => decodeEntryBundle(bundle, width), malformed);
  }
  assert.throws(() => decodeEntryBundle(new Uint8Array(0), 0), malformed);
  assert.throws(() => decodeEntryBundle(new Uint8Array(10_000_000), 256), malformed);
  assert.throws(() => encodeEntryBundle([]), malformed);
  assert.throws(() => encodeEntryBundle([new Uint8Array(65_536)]), malformed);
  assert.throws(() => encodeEntryBundle(Array.from({ length: 257 }, () => Uint8Array.of(1))), malformed);
});

test('a bundle may lie anywhere in a larger buffer', () => {
  const bundle = encodeEntryBundle([Uint8Array.of(9, 8), Uint8Array.of(7)]);
  const inside = new Uint8Array([1, 1, 1, ...bundle, 1]).subarray(3, 3 + bundle.length);
  assert.deepEqual(decodeEntryBundle(inside, 2), [Uint8Array.of(9, 8), Uint8Array.of(7)]);
});
