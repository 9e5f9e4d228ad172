// Group look-up for scans: many requests wait for one statement, as looks wait for one insert. One statement is in flight at a
// time; tokens that arrive meanwhile go into the next. What is known of a card is read after its request came, never before.
import { setImmediate as turnEnded } from 'node:timers/promises';
import type { Scanned } from './cards.ts';
import { findScannedAll } from './cards.ts';
import type { Queryable } from './queryable.ts';

export interface ScanLookup {
  /** Whatever stands behind a token: the same statement for every token. */
  find(tokenHash: Uint8Array): Promise<Scanned>;
}

interface Waiting {
  tokenHash: Uint8Array;
  done: (scanned: Scanned) => void;
  failed: (error: unknown) => void;
}

export function createScanLookup(db: Queryable, batchLimit = 100): ScanLookup {
  let waiting: Waiting[] = [];
  let busy = false;

  async function drain(): Promise<void> {
    busy = true;
    while (waiting.length > 0) {
      // What arrived in the same turn goes along.
      await turnEnded();
      const batch = waiting.splice(0, batchLimit);
      try {
        const found = await findScannedAll(
          db,
          batch.map((one) => one.tokenHash),
        );
        for (const [index, one] of batch.entries()) one.done(found[index] ?? { kind: 'unknown' });
      } catch (error) {
        for (const one of batch) one.failed(error);
      }
    }
    busy = false;
  }

  return {
    find: (tokenHash) =>
      new Promise((done, failed) => {
        waiting.push({ tokenHash, done, failed });
        if (!busy) void drain();
      }),
  };
}
