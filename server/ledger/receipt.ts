// The receipt of an erasure: its entry with everything that proves it, and the list of leaves that it emptied. Given once for a whole
// person, again whenever asked for part of a record.
import { encodeBase64 } from '../../core/ledger/base64.ts';
import { RECEIPT_FORMAT } from '../../core/ledger/receipt-file.ts';
import { inclusionProofFromTiles } from '../../core/ledger/tiles.ts';
import type { Deps } from '../http/deps.ts';
import { listKeyChanges } from '../storage/key-change-store.ts';
import { findLatestCheckpoint, findLeafOfEntry } from '../storage/log-store.ts';
import type { Erased } from './erase.ts';
import { awaitLogged } from './record-export.ts';
import { tileReader } from './tile-reader.ts';

export interface ReceiptSource extends Pick<Erased, 'erased'> {
  entry: Pick<Erased['entry'], 'entryId' | 'statement' | 'salt'>;
}

/** Undefined when the log has not taken the erasure in within `limitMs`. */
export async function writeReceipt(
  deps: Deps,
  log: { origin: string; vkey: string },
  { entry, erased }: ReceiptSource,
  limitMs = 20_000,
): Promise<string | undefined> {
  if (!(await awaitLogged(deps, entry.entryId, limitMs))) return undefined;
  const [leaf, checkpoint] = [
    await findLeafOfEntry(deps.db.pool, entry.entryId),
    await findLatestCheckpoint(deps.db.pool),
  ];
  if (!leaf || !checkpoint) return undefined;
  const changes = await listKeyChanges(deps.db.pool);
  const proof = await inclusionProofFromTiles(leaf.leafIndex, checkpoint.size, tileReader(deps.db.pool));
  return `${JSON.stringify(
    {
      format: RECEIPT_FORMAT,
      madeAt: new Date(deps.now()).toISOString(),
      log: { origin: log.origin, keys: [log.vkey], changes: changes.map(({ note }) => note) },
      leafIndex: leaf.leafIndex,
      leaf: encodeBase64(leaf.leaf),
      proof: proof.map(encodeBase64),
      statement: entry.statement,
      salt: encodeBase64(entry.salt),
      checkpoint: checkpoint.note,
      erased: erased.map((one) => ({ leafIndex: one.leafIndex, leafHash: encodeBase64(one.leafHash) })),
    },
    undefined,
    1,
  )}\n`;
}
