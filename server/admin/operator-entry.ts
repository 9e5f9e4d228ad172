// What an operator did to the platform as a whole: an entry of the system's own chain.
import type { StatementEvent } from '../../core/ledger/statement.ts';
import { createRandomBytes } from '../random-bytes.ts';
import type { Queryable } from '../storage/queryable.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import { writeBatch } from '../storage/write-batch.ts';

/** Durable when it returns; the server gives it its place in the log. */
export async function storeOperatorEntry(
  db: Queryable,
  event: Extract<StatementEvent, 'backup' | 'restore' | 'log-check'>,
  detail: Record<string, string | number | boolean>,
  now: () => number = Date.now,
): Promise<void> {
  const entry = sealEntry(
    '',
    { event, outcome: 'done', who: { role: 'operator', name: 'operator' }, basis: 'operator', detail },
    { now, randomBytes: createRandomBytes() },
  );
  await writeBatch(db, { versions: [], entries: [entry] });
}
