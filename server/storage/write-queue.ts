// Group commit for writes: changes that come together go into one statement and share its sync to disk. What one of them
// must not do fails it alone. One statement is in flight at a time; whatever arrives meanwhile goes into the next.
import { setImmediate as turnEnded } from 'node:timers/promises';
import type { Queryable } from './queryable.ts';
import type { VersionWrite, WriteBatch } from './write-batch.ts';
import { UhidTakenError, VersionConflictError, writeBatch } from './write-batch.ts';

export interface WriteQueue {
  /** As `writeBatch`: durable and all-or-nothing when it resolves, and the same errors. */
  write(batch: WriteBatch): Promise<void>;
}

/** More is written than the database takes. */
export class WriteQueueFullError extends Error {
  readonly code = 'database-unavailable';
  constructor() {
    super('too many changes wait to be stored');
    this.name = 'WriteQueueFullError';
  }
}

interface Waiting {
  batch: WriteBatch;
  keys: readonly string[];
  done: () => void;
  failed: (error: unknown) => void;
}

/** `alone`: a batch of more versions has a statement of its own, so that it holds up nobody. `together`: versions a statement. */
export function createWriteQueue(
  pool: Queryable,
  limits = { alone: 100, together: 400, waiting: 5_000 },
): WriteQueue {
  let waiting: Waiting[] = [];
  let busy = false;

  async function drain(): Promise<void> {
    busy = true;
    while (waiting.length > 0) {
      // What arrived in the same turn goes along.
      await turnEnded();
      const { taken, left } = takeTogether(waiting, limits.together);
      waiting = left;
      await storeTogether(pool, taken);
    }
    busy = false;
  }

  return {
    write(batch) {
      if (batch.versions.length > limits.alone) return writeBatch(pool, batch);
      if (waiting.length >= limits.waiting) return Promise.reject(new WriteQueueFullError());
      return new Promise<void>((done, failed) => {
        waiting.push({ batch, keys: batch.versions.map(keyOf), done, failed });
        if (!busy) void drain();
      });
    },
  };
}

/**
 * The first that waits and all after it that fit and change nothing that another of them changes: the later of two changes of one
 * resource waits for the earlier, as it would for its row.
 */
function takeTogether(waiting: readonly Waiting[], together: number): { taken: Waiting[]; left: Waiting[] } {
  const taken: Waiting[] = [];
  const left: Waiting[] = [];
  const changed = new Set<string>();
  let versions = 0;
  for (const one of waiting) {
    const fits = taken.length === 0 || versions + one.keys.length <= together;
    if (fits && !one.keys.some((key) => changed.has(key))) {
      taken.push(one);
      versions += one.keys.length;
    } else left.push(one);
    // Also of those that stay: what comes after them must not overtake them.
    for (const key of one.keys) changed.add(key);
  }
  return { taken, left };
}

async function storeTogether(pool: Queryable, taken: readonly Waiting[]): Promise<void> {
  const [only] = taken;
  if (only && taken.length === 1) return writeBatch(pool, only.batch).then(only.done, only.failed);
  try {
    await writeBatch(pool, {
      versions: taken.flatMap(({ batch }) => batch.versions),
      people: taken.flatMap(({ batch }) => batch.people ?? []),
      entries: taken.flatMap(({ batch }) => batch.entries ?? []),
      outbox: taken.flatMap(({ batch }) => batch.outbox ?? []),
    });
    for (const one of taken) one.done();
  } catch (error) {
    if (!isRefusal(error)) {
      // The database did not answer: whether it stored them nobody knows, so none is sent again.
      for (const one of taken) one.failed(error);
      return;
    }
    // Nothing was stored. One of them is to blame and must not fail its neighbours: each is tried alone, in the order they came.
    for (const { batch, done, failed } of taken) await writeBatch(pool, batch).then(done, failed);
  }
}

/** The database looked at the statement and refused it: nothing of it is there. */
function isRefusal(error: unknown): boolean {
  if (error instanceof VersionConflictError || error instanceof UhidTakenError) return true;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  // Data exceptions, broken constraints, deadlock and serialization failure, limits of the statement (SQLSTATE classes).
  return /^(22|23|40|54|MD)[0-9A-Z]{3}$|^MD[0-9]{3}$/.test(code);
}

function keyOf({ resourceType, resourceId }: VersionWrite): string {
  return `${resourceType}/${resourceId}`;
}
