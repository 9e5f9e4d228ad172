// Does the steps of exports and imports, one at a time, in whichever process is free. A job that cannot go on after several tries fails and says so.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Deps } from '../../http/deps.ts';
import type { BulkJob } from '../../storage/bulk-jobs.ts';
import { claimBulkJob, moveBulkJob, pruneBulkJobs, putBulkJobBehind } from '../../storage/bulk-jobs.ts';
import { inTransaction } from '../../storage/transaction.ts';
import { stepExport } from './export-steps.ts';
import { ImportTurnLostError, stepImport } from './import-steps.ts';
import { keptMs } from './job.ts';

export interface BulkWorker {
  /** There is something to do: look now. */
  wake(): void;
  stop(): Promise<void>;
}

/** Tries in a row, with pauses that double up to half a minute: some three minutes in all. */
const mostTries = 10;
const longestPause = 32;
const pruneEveryMs = 60_000;

class TurnLostError extends Error {
  override readonly name = 'TurnLostError';
}

/** A step failed for a reason that is not the job's own, such as a database that is away. */
class StepFailedError extends Error {
  override readonly name = 'StepFailedError';
  readonly job: BulkJob;
  constructor(job: BulkJob, cause: unknown) {
    super('a step failed', { cause });
    this.job = job;
  }
}

/**
 * One step of the job that waits longest, or of `only`. False when there is none, or somebody else is at it. The claim is held by this
 * transaction; an export also does its work in it, an import in that of its writes.
 */
export async function stepJob(deps: Deps, only?: string): Promise<boolean> {
  try {
    return await inTransaction(deps.db.pool, async (client) => {
      const job = await claimBulkJob(client, only);
      if (!job) return false;
      try {
        if (job.kind === 'import') await stepImport(deps, job);
        else if (!(await stepExport(deps, client, job))) throw new TurnLostError();
        return true;
      } catch (error) {
        throw error instanceof TurnLostError || error instanceof ImportTurnLostError
          ? error
          : new StepFailedError(job, error);
      }
    });
  } catch (error) {
    if (error instanceof TurnLostError || error instanceof ImportTurnLostError) return true;
    throw error;
  }
}

export function startBulkWorker(deps: Deps, pauseMs = 1000): BulkWorker {
  let stopped = false;
  let sleeping = new AbortController();
  const tries = new Map<string, number>();
  let pauses = 1;
  let prunedAtMs = 0;

  /** True when there was a job. */
  async function round(): Promise<boolean> {
    try {
      return await stepJob(deps);
    } catch (error) {
      const cause = error instanceof StepFailedError ? error.cause : error;
      const { name, code } = cause as { name?: string; code?: string };
      deps.log.error({ name, code }, 'a step of a bulk job failed');
      if (error instanceof StepFailedError) await countFailure(error.job);
      return false;
    }
  }

  async function countFailure(job: BulkJob): Promise<void> {
    const count = (tries.get(job.jobId) ?? 0) + 1;
    tries.set(job.jobId, count);
    pauses = Math.min(longestPause, 2 ** count);
    // Others go first meanwhile.
    if (count < mostTries) return putBulkJobBehind(deps.db.pool, job.jobId).catch(() => undefined);
    tries.delete(job.jobId);
    const to = {
      position: job.position,
      state: 'failed' as const,
      failure: 'exception',
      expiresAtMs: deps.now() + keptMs,
    };
    await moveBulkJob(deps.db.pool, job, to, deps.now()).catch(() => undefined);
  }

  const loop = (async () => {
    while (!stopped) {
      const busy = await round();
      if (busy) {
        tries.clear();
        pauses = 1;
      }
      if (deps.now() - prunedAtMs >= pruneEveryMs) {
        prunedAtMs = deps.now();
        await pruneBulkJobs(deps.db.pool, prunedAtMs).catch(() => undefined);
      }
      if (busy || stopped) continue;
      await sleep(pauseMs * pauses, undefined, { signal: sleeping.signal }).catch(() => undefined);
      sleeping = new AbortController();
    }
  })();

  return {
    wake: () => sleeping.abort(),
    async stop() {
      stopped = true;
      sleeping.abort();
      await loop;
    },
  };
}
