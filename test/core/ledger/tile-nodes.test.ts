// The nodes above the hashes of a tile: the same whether computed now or kept, of full and partial tiles, and none that the tile does not hold.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sha256 } from '@noble/hashes/sha2.js';
import { LedgerError } from '../../../core/ledger/errors.ts';
import { TileNodes } from '../../../core/ledger/tile-nodes.ts';
import { rootOfLeafHashes } from '../../../core/ledger/tree.ts';

const hashes = Array.from({ length: 256 }, (_, at) => sha256(Uint8Array.of(at)));
const tileOf = (width: number): Uint8Array => {
  const bytes = new Uint8Array(width * 32);
  for (let at = 0; at < width; at++) bytes.set(hashes[at]!, at * 32);
  return bytes;
};

test('every node of every width is the root over its hashes, asked from the top, from the bottom, and again', () => {
  for (const width of [1, 2, 3, 7, 8, 100, 127, 128, 129, 255, 256]) {
    const places: [number, number][] = [];
    for (let row = 0; row <= 8; row++)
      for (let at = 0; (at + 1) * 2 ** row <= width; at++) places.push([row, at]);
    for (const order of [places, places.toReversed()]) {
      const nodes = new TileNodes(tileOf(width));
      for (const [row, at] of [...order, ...order])
        assert.deepEqual(
          nodes.node(row, at),
          rootOfLeafHashes(hashes.slice(at * 2 ** row, (at + 1) * 2 ** row)),
          `width ${width}, row ${row}, ${at}`,
        );
    }
  }
});

test('a node that the tile does not hold whole is refused', () => {
  for (const [width, row, at] of [
    [0, 0, 0],
    [3, 1, 1],
    [3, 2, 0],
    [255, 8, 0],
    [256, 0, 256],
    [256, 8, 1],
  ] as const)
    assert.throws(
      () => new TileNodes(tileOf(width)).node(row, at),
      (error) => error instanceof LedgerError && error.code === 'tile-wrong-length',
    );
});

test('what is handed out is a copy: changing it changes no later answer', () => {
  const nodes = new TileNodes(tileOf(4));
  for (const [row, at] of [
    [0, 1],
    [2, 0],
  ] as const) {
    const before = nodes.node(row, at);
    nodes.node(row, at).fill(0);
    assert.deepEqual(nodes.node(row, at), before);
  }
});
