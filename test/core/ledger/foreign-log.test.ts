// A log that other people's software made (transparency-dev/tessera), read with core/ledger alone.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { openCheckpoint } from '../../../core/ledger/checkpoint.ts';
import type { Checkpoint } from '../../../core/ledger/checkpoint.ts';
import { verifyConsistency } from '../../../core/ledger/consistency.ts';
import { decodeEntryBundle } from '../../../core/ledger/entry-bundle.ts';
import { verifyInclusion } from '../../../core/ledger/inclusion.ts';
import { appendLeafHashes, emptyRightEdge, rootOfRightEdge } from '../../../core/ledger/right-edge.ts';
import { entryBundlePath, parseTilePath, tilePath } from '../../../core/ledger/tile-paths.ts';
import {
  consistencyProofFromTiles,
  inclusionProofFromTiles,
  rootFromTiles,
} from '../../../core/ledger/tiles.ts';
import type { ReadTile } from '../../../core/ledger/tiles.ts';
import { leafHash, rootOfLeafHashes } from '../../../core/ledger/tree.ts';
import { parseVerifierKey } from '../../../core/ledger/verifier-key.ts';
import { testWithSharedData } from '../../shared-data.ts';
import { hex } from './naive-tree.ts';

const size = 15;

function openForeignLog(shared: string) {
  const folder = path.join(shared, 'tlog', 'example-log');
  const key = parseVerifierKey(readFileSync(path.join(shared, 'tlog', 'vkey'), 'utf8').trim());
  const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8');
  const checkpoint = (name: string): Checkpoint => {
    const opened = openCheckpoint(read(name), [key]);
    assert.ok(opened.ok, name);
    return opened.checkpoint;
  };
  const readTile: ReadTile = async (level, index, width) =>
    new Uint8Array(await readFile(path.join(folder, tilePath({ level, index, width }))));
  const entries = (width: number): Uint8Array[] =>
    decodeEntryBundle(readFileSync(path.join(folder, entryBundlePath({ index: 0, width }))), width);
  const checkpoints = Array.from({ length: size + 1 }, (_, at) => checkpoint(`checkpoint.${at}`));
  return { folder, key, read, checkpoint, checkpoints, readTile, entries };
}

testWithSharedData('foreign log: every checkpoint opens with the key of the log', (shared) => {
  const { checkpoint, checkpoints } = openForeignLog(shared);
  for (const [at, { origin, size: found }] of checkpoints.entries()) {
    assert.deepEqual([origin, found], ['example.com/log/testdata', at]);
  }
  assert.deepEqual(checkpoint('checkpoint'), checkpoints.at(-1));
});

testWithSharedData('foreign log: no checkpoint opens when one byte of it is changed', (shared) => {
  const { read, key } = openForeignLog(shared);
  const text = read('checkpoint');
  for (let at = 0; at < text.length; at++) {
    const changed = text.slice(0, at) + (text[at] === 'x' ? 'y' : 'x') + text.slice(at + 1);
    assert.equal(openCheckpoint(changed, [key]).ok, false);
  }
});

testWithSharedData('foreign log: tiles lead to the signed roots', async (shared) => {
  const { checkpoints, readTile } = openForeignLog(shared);
  for (const { size: at, root } of checkpoints)
    assert.equal(hex(await rootFromTiles(at, readTile)), hex(root));
});

testWithSharedData('foreign log: entries hash to the tiles and to the signed roots', async (shared) => {
  const { checkpoints, readTile, entries } = openForeignLog(shared);
  for (let width = 1; width <= size; width++) {
    const hashes = entries(width).map(leafHash);
    assert.equal(hex(Buffer.concat(hashes)), hex(await readTile(0, 0, width)));
    assert.equal(hex(rootOfLeafHashes(hashes)), hex(checkpoints[width]!.root));
  }
});

testWithSharedData(
  'foreign log: appending its entries writes its tiles and reaches its roots',
  async (shared) => {
    const { checkpoints, readTile, entries } = openForeignLog(shared);
    let edge = emptyRightEdge();
    for (const [at, entry] of entries(size).entries()) {
      const appended = appendLeafHashes(edge, [leafHash(entry)]);
      edge = appended.edge;
      assert.equal(hex(rootOfRightEdge(edge)), hex(checkpoints[at + 1]!.root));
      assert.equal(hex(appended.tiles[0]!.bytes), hex(await readTile(0, 0, at + 1)));
    }
  },
);

testWithSharedData(
  'foreign log: every pair of checkpoints is consistent, and not with a third root',
  async (shared) => {
    const { checkpoints, readTile } = openForeignLog(shared);
    for (const older of checkpoints) {
      for (const newer of checkpoints.slice(older.size)) {
        const proof = await consistencyProofFromTiles(older.size, newer.size, readTile);
        const sizes = { oldSize: older.size, newSize: newer.size };
        const claim = { ...sizes, oldRoot: older.root, newRoot: newer.root, proof };
        assert.deepEqual(verifyConsistency(claim), { ok: true });
        const third = checkpoints[(newer.size + 1) % checkpoints.length]!;
        if (older.size > 0) assert.equal(verifyConsistency({ ...claim, newRoot: third.root }).ok, false);
      }
    }
  },
);

testWithSharedData(
  'foreign log: every entry is included in every checkpoint that covers it',
  async (shared) => {
    const { checkpoints, readTile, entries } = openForeignLog(shared);
    const all = entries(size);
    for (const { size: at, root } of checkpoints) {
      for (let index = 0; index < at; index++) {
        const proof = await inclusionProofFromTiles(index, at, readTile);
        const claim = { leafHash: leafHash(all[index]!), index, size: at, proof, root };
        assert.deepEqual(verifyInclusion(claim), { ok: true });
        const wrong = leafHash(all[(index + 1) % size]!);
        assert.equal(verifyInclusion({ ...claim, leafHash: wrong }).ok, false);
      }
    }
  },
);

testWithSharedData('foreign log: all its files lie under paths that are understood', (shared) => {
  const { folder } = openForeignLog(shared);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('checkpoint'))
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
  assert.equal(files.length, 2 * size);
  for (const file of files) assert.notEqual(parseTilePath(file), undefined, file);
});
