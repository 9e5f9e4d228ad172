// Tiles that are kept for proofs: each is read once while it is kept, no more than so many are kept, one that is not there is asked for again,
// and of one that grew the earlier width stays what it was.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { verifyInclusion } from '../../core/ledger/inclusion.ts';
import { appendLeafHashes, emptyRightEdge, rootOfRightEdge } from '../../core/ledger/right-edge.ts';
import { inclusionProofFromTiles } from '../../core/ledger/tiles.ts';
import { leafHash } from '../../core/ledger/tree.ts';
import { createLogReads, keptTileNodes, TileMissingError } from '../../server/storage/log-reads.ts';
import { storeCheckpoint, storeTiles } from '../../server/storage/log-store.ts';
import type { Queryable } from '../../server/storage/queryable.ts';
import { freshDatabase } from '../harness/database.ts';

describe('tiles kept for proofs', () => {
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  const hashes = Array.from({ length: 1000 }, (_, at) => leafHash(Uint8Array.of(at >> 8, at & 255)));
  before(async () => {
    database = await freshDatabase();
  });
  after(() => database.drop());

  /** The real database, with a count of what is asked. */
  function counting(): Queryable & { asked: number } {
    const db = {
      asked: 0,
      query: (statement: Parameters<Queryable['query']>[0]) => {
        db.asked++;
        return database.pool.query(statement as never);
      },
    };
    return db;
  }

  test('proofs of every leaf hold at every width, before and after the log grew', async () => {
    const read = keptTileNodes(database.pool, 4);
    let edge = emptyRightEdge();
    for (const size of [1, 200, 256, 257, 700, 1000]) {
      const { edge: grown, tiles } = appendLeafHashes(edge, hashes.slice(edge.size, size));
      edge = grown;
      await storeTiles(database.pool, tiles);
      for (let index = 0; index < size; index += 1 + Math.floor(size / 40)) {
        const proof = await inclusionProofFromTiles(index, size, read);
        assert.deepEqual(
          verifyInclusion({ leafHash: hashes[index]!, index, size, proof, root: rootOfRightEdge(edge) }),
          { ok: true },
        );
      }
    }
  });

  test('what one proof needs is one question; kept, it is none; pushed out, it is asked for again', async () => {
    const db = counting();
    const read = keptTileNodes(db, 3);
    await inclusionProofFromTiles(5, 1000, read);
    assert.equal(db.asked, 1);
    await inclusionProofFromTiles(77, 1000, read);
    assert.equal(db.asked, 1, 'the same tiles');
    for (const index of [300, 600, 900]) await inclusionProofFromTiles(index, 1000, read);
    const before = db.asked;
    await inclusionProofFromTiles(5, 1000, read);
    assert.equal(db.asked, before + 1);
  });

  test('a tile that is not there, or not as wide, fails, and is there as soon as it is stored', async () => {
    const read = keptTileNodes(database.pool);
    await assert.rejects(read(0, 50, 256), TileMissingError);
    await assert.rejects(read(0, 3, 256), TileMissingError, 'it holds 232');
    const bytes = new Uint8Array(256 * 32).fill(7);
    await storeTiles(database.pool, [{ tile: { level: 0, index: 50, width: 256 }, bytes }]);
    assert.deepEqual((await read(0, 50, 256)).bytes, Buffer.from(bytes));
  });

  test('the newest checkpoint is never older than the question', async () => {
    const db = counting();
    const reads = createLogReads(db);
    const [one, other] = await Promise.all([reads.latestCheckpoint(), reads.latestCheckpoint()]);
    assert.deepEqual([one, other, db.asked], [undefined, undefined, 1]);
    for (const size of [1, 2, 3]) {
      const root = new Uint8Array(32);
      await storeCheckpoint(database.pool, { size, root, note: `${size}`, signedAtMs: 0 });
      assert.equal((await reads.latestCheckpoint())?.size, size);
    }
  });
});
