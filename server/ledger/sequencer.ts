// Keeps one sequencer at work among all processes on a database: whoever holds the advisory lock, on the one connection that also does
// the work. What the work is stands in sequence-leaves.ts.
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Log } from '../http/deps.ts';
import { isBehind, trySequencerLock } from '../storage/log-store.ts';
import type { SealingSources } from '../storage/sealed-entry.ts';
import type { RotationPoint } from './key-rotation.ts';
import type { LogKeys } from './log-key.ts';
import type { SequencePoint, SequencerWork } from './sequence-leaves.ts';
import { openWork } from './sequence-leaves.ts';
import type { MarkStore, SignedMark } from './signed-mark.ts';
import { LogBehindError, markFile } from './signed-mark.ts';

export interface SequencerOptions {
  connection: pg.ClientConfig;
  dataDir: string;
  key: LogKeys;
  sources: SealingSources;
  log: Log;
  /** From the beginning of a round to the next; 600 unless told: what is acknowledged is under a signature within a second. */
  pauseMs?: number;
  /** What the log is known to have signed beside its own mark, from witnesses. */
  signedElsewhere?: readonly SignedMark[];
  /** For tests: called at named points, may throw. */
  at?: (point: SequencerPoint) => void | Promise<void>;
  /** For tests: a connection or a mark that fails on purpose. */
  connect?: (connection: pg.ClientConfig) => pg.Client;
  mark?: MarkStore;
}
export type SequencerPoint = SequencePoint | RotationPoint;

export interface Sequencer {
  /** Settles when everything that waits now is in the log and under a signed checkpoint. */
  flush(): Promise<void>;
  /** Whether this process holds the lock. */
  leads(): boolean;
  /** A checkpoint with the log's own signature that somebody else holds: nothing more is signed until the tree is shown to contain it. */
  learnSigned(mark: SignedMark): void;
  stop(): Promise<void>;
}

/** Throws `LogBehindError` when the database does not contain what was signed. Runs until stopped. */
export async function startSequencer(options: SequencerOptions): Promise<Sequencer> {
  const pauseMs = options.pauseMs ?? 600;
  const connect = options.connect ?? ((connection) => new pg.Client(connection));
  const mark = options.mark ?? markFile(options.dataDir);
  let learned: SignedMark[] = [...(options.signedElsewhere ?? [])];
  let stopped = false;
  let client: pg.Client | undefined;
  let work: SequencerWork | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  const controller = new AbortController();

  /** One round under the lock; elects itself when nobody else is. Returns whether there may be more to do at once. */
  async function round(): Promise<boolean> {
    if (!client) {
      const fresh = connect(options.connection);
      fresh.on('error', () => {
        if (client !== fresh) return;
        client = undefined;
        work = undefined;
      });
      await fresh.connect();
      client = fresh;
    }
    if (!work) {
      if (!(await trySequencerLock(client))) return false;
      const { dataDir, key: keys, sources, at } = options;
      work = await openWork({
        client,
        dataDir,
        keys,
        sources,
        mark,
        at: async (point) => at?.(point),
      });
    }
    for (const one of learned) {
      await work.requireContinuationOf(one);
      learned = learned.filter((other) => other !== one);
    }
    return work.sequence();
  }

  async function reset(): Promise<void> {
    const old = client;
    client = undefined;
    work = undefined;
    await old?.end().catch(() => undefined);
  }

  /** After a failure what became of the transaction is not known: everything is read again before the next round. */
  async function tryRound(): Promise<boolean> {
    try {
      return await round();
    } catch (error) {
      await reset();
      throw error;
    }
  }

  /** Another process sequences: true, after a pause, as long as leaves wait for it. */
  async function othersAreAtWork(): Promise<boolean> {
    if (stopped || work || !client || !(await isBehind(client))) return false;
    await pause(pauseMs);
    return true;
  }

  const pause = (ms: number) => sleep(ms, undefined, { signal: controller.signal }).catch(() => undefined);

  const exclusively = <T>(act: () => Promise<T>): Promise<T> => {
    const next = turn.then(act, act);
    turn = next.catch(() => undefined);
    return next;
  };

  // The first round runs before the server listens: a log that must not be continued keeps the server from starting.
  let more = await exclusively(tryRound);

  const loop = (async () => {
    let beganMs = performance.now();
    while (!stopped) {
      // A long round is no reason for what came during it to wait the longer; a quarter is left to everybody else.
      if (!more) await pause(Math.max(pauseMs / 4, pauseMs - (performance.now() - beganMs)));
      if (stopped) break;
      more = false;
      beganMs = performance.now();
      try {
        more = await exclusively(tryRound);
      } catch (error) {
        const { name, message } = error as Error;
        const refused = error instanceof LogBehindError;
        options.log.error(
          { code: (error as { code?: string }).code, name, ...(refused ? { reason: message } : {}) },
          refused ? 'the log is not continued' : 'the log could not be extended; trying again',
        );
        if (refused) await pause(5000);
      }
    }
  })();

  return {
    async flush() {
      while ((await exclusively(tryRound)) || (await othersAreAtWork()));
    },
    leads: () => work !== undefined,
    learnSigned(one) {
      learned = [...learned, one];
    },
    async stop() {
      stopped = true;
      controller.abort();
      await loop;
      await exclusively(reset);
    },
  };
}
