// Where a print stands in the public log, as the path behind the code on it: the place and the hash of the leaf, both public already.
import { setTimeout as sleep } from 'node:timers/promises';
import { leafHash } from '../../core/ledger/tree.ts';
import { findLeafOfEntry } from '../storage/log-store.ts';
import type { Queryable } from '../storage/queryable.ts';

const patienceMs = 5_000;

/** Waits for the sequencer, which works several times a second; undefined when it does not come to it. */
export async function placeOfPrint(db: Queryable, entryId: string): Promise<string | undefined> {
  for (const startedAt = performance.now(); performance.now() - startedAt < patienceMs; await sleep(50)) {
    const found = await findLeafOfEntry(db, entryId);
    if (found) return `/v/${found.leafIndex}/${Buffer.from(leafHash(found.leaf)).toString('base64url')}`;
  }
  return undefined;
}
