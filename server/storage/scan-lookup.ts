// Group look-up for scans: what is known of a card is read after its request came, with the same statement for every token.
import type { Scanned } from './cards.ts';
import { findScannedAll } from './cards.ts';
import { gathered } from './gathered.ts';
import type { Queryable } from './queryable.ts';

export interface ScanLookup {
  /** Whatever stands behind a token. */
  find(tokenHash: Uint8Array): Promise<Scanned>;
}

export function createScanLookup(db: Queryable, batch = 100): ScanLookup {
  return {
    find: gathered((tokenHashes) => findScannedAll(db, tokenHashes), { batch, waiting: 20_000 }),
  };
}
