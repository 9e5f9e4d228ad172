// Takes away, now and then, the signed checkpoints that nobody can need again. Only the process that sequences does so.
import type { Log } from '../http/deps.ts';
import { pruneCheckpoints } from '../storage/checkpoint-pruning.ts';
import type { Queryable } from '../storage/queryable.ts';

const everyMs = 10 * 60_000;

export function startKeepingCheckpoints(deps: {
  readonly db: Queryable;
  readonly leads: () => boolean;
  readonly now: () => number;
  readonly log: Log;
}): { stop(): Promise<void> } {
  let running: Promise<void> = Promise.resolve();
  const prune = async () => {
    if (!deps.leads()) return;
    try {
      await pruneCheckpoints(deps.db, deps.now());
    } catch (error) {
      deps.log.warn({ code: (error as { code?: string }).code }, 'old checkpoints could not be taken away');
    }
  };
  const timer = setInterval(() => {
    running = running.then(prune);
  }, everyMs).unref();
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
