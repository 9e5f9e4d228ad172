// Acts on the events that writes leave behind: today it tells people what others added to their record.
// Subscriptions hang here too; each event is acted on in the transaction that takes it away, by one process at a time, in order.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Deps } from '../http/deps.ts';
import type { StoredEvent } from '../storage/outbox.ts';
import { lockOutbox, noteRecordAdded, takeEvents } from '../storage/outbox.ts';
import type { Queryable } from '../storage/queryable.ts';
import { inTransaction } from '../storage/transaction.ts';
import { uuidV7 } from '../storage/uuid.ts';

const batchLimit = 1000;

export interface OutboxRelay {
  /** Settles when nothing waits any more. */
  flush(): Promise<void>;
  stop(): Promise<void>;
}

/** `alsoAct`: what else is to happen with the events, in the same transaction. */
export function startOutboxRelay(
  deps: Deps,
  pauseMs = 500,
  alsoAct: (client: Queryable, events: readonly StoredEvent[]) => Promise<void> = async () => undefined,
): OutboxRelay {
  let stopped = false;
  const controller = new AbortController();

  const round = (): Promise<number> =>
    inTransaction(deps.db.pool, async (client) => {
      await lockOutbox(client);
      const events = await takeEvents(client, batchLimit);
      const added = additionsByOthers(events, deps);
      if (added.length > 0) await noteRecordAdded(client, added, deps.now());
      await alsoAct(client, events);
      return events.length;
    });

  const loop = (async () => {
    while (!stopped) {
      const taken = await round().catch((error: unknown) => {
        deps.log.error(
          { name: (error as Error).name, code: (error as { code?: string }).code },
          'the outbox waits; trying again',
        );
        return 0;
      });
      if (taken < batchLimit)
        await sleep(pauseMs, undefined, { signal: controller.signal }).catch(() => undefined);
    }
  })();

  return {
    async flush() {
      while ((await round()) > 0);
    },
    async stop() {
      stopped = true;
      controller.abort();
      await loop;
    },
  };
}

function additionsByOthers(events: readonly StoredEvent[], deps: Deps) {
  const byPerson = new Map<string, { patientId: string; noticeId: string; entryId: string; count: number }>();
  for (const { topic, patientId, entryId, payload } of events) {
    const byOther = typeof payload.author === 'string' && payload.author !== 'patient';
    if (topic !== 'resource.written' || patientId === '' || !byOther) continue;
    const known = byPerson.get(patientId);
    if (known) Object.assign(known, { entryId, count: known.count + 1 });
    else
      byPerson.set(patientId, {
        patientId,
        noticeId: uuidV7(deps.now(), deps.randomBytes),
        entryId,
        count: 1,
      });
  }
  return [...byPerson.values()];
}
