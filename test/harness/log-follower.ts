// Somebody outside who reads every checkpoint and every new leaf and believes nothing: what was once seen must stay the beginning of all
// that follows. Must not know how the log is written.
import assert from 'node:assert/strict';
import type pg from 'pg';
import type { KeyTenure } from '../../core/ledger/key-chain.ts';
import { openCheckpointOfChain } from '../../core/ledger/key-chain.ts';
import { decodeLeaf } from '../../core/ledger/leaf.ts';
import type { RightEdge } from '../../core/ledger/right-edge.ts';
import { appendLeafHashes, emptyRightEdge, rootOfRightEdge } from '../../core/ledger/right-edge.ts';
import { equalBytes, leafHash } from '../../core/ledger/tree.ts';
import { findLatestCheckpoint, listLeaves } from '../../server/storage/log-store.ts';

export class LogFollower {
  #edge: RightEdge = emptyRightEdge();
  readonly #chains = new Map<string, { seq: number; hash: Uint8Array }>();
  /** Entries that stand in the log under a checkpoint. */
  readonly entryIds = new Set<string>();

  get size(): number {
    return this.#edge.size;
  }

  /** Reads what is published now. Fails when it does not continue what was seen before. */
  async follow(pool: pg.Pool, tenures: readonly KeyTenure[], when: string): Promise<void> {
    const latest = await findLatestCheckpoint(pool);
    if (!latest) return assert.equal(this.size, 0, `${when}: the log is gone`);
    const opened = openCheckpointOfChain(latest.note, tenures);
    assert.ok(opened.ok, `${when}: the checkpoint is signed`);
    const { size, root } = opened.checkpoint;
    assert.ok(size >= this.size, `${when}: ${size} after ${this.size}`);
    const leaves = await listLeaves(pool, this.size, size - this.size);
    assert.equal(leaves.length, size - this.size, `${when}: every leaf under the checkpoint is there`);
    for (const { entryId, leaf, leafIndex } of leaves) {
      assert.equal(leafIndex, this.entryIds.size, `${when}: no place is left out`);
      assert.ok(!this.entryIds.has(entryId), `${when}: an entry is in the log twice`);
      this.entryIds.add(entryId);
      const { pseudonym, seq, prev } = decodeLeaf(leaf);
      const name = Buffer.from(pseudonym).toString('hex');
      const before = this.#chains.get(name) ?? { seq: 0, hash: new Uint8Array(32) };
      assert.equal(seq, before.seq + 1, `${when}: chains count without gap`);
      assert.ok(equalBytes(prev, before.hash), `${when}: each leaf names the one before`);
      this.#chains.set(name, { seq, hash: leafHash(leaf) });
    }
    const hashes = leaves.map(({ leaf }) => leafHash(leaf));
    this.#edge = appendLeafHashes(this.#edge, hashes).edge;
    assert.ok(
      equalBytes(rootOfRightEdge(this.#edge), root),
      `${when}: the root at ${size} is that of the leaves, those seen before among them`,
    );
  }
}
