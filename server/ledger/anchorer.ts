// Anchors the log's newest signed root every few minutes. One at a time among all processes on a database: whoever holds the advisory lock.
// Nothing waits for it: it starts after the server listens, and whatever a chain does or does not do ends in a line of the log and
// another try.
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { ChainConfig } from '../config.ts';
import type { Log } from '../http/deps.ts';
import type { AnchorPoint, RoundResult } from './chain/anchor-round.ts';
import { LogContradictsAnchorError, runRound } from './chain/anchor-round.ts';
import type { Chain } from './chain/connect-chain.ts';
import { ChainNotReadyError, connectChain } from './chain/connect-chain.ts';
import { ChainKeyError } from './chain/chain-key.ts';
import { LocalChainMissingError } from './chain/local-chain.ts';
import { readChainId } from './chain/node-facts.ts';
import { logIdOf } from './public-anchors.ts';

// Any number but those of the migrations and the sequencer.
const lockKey = 0x616e_6368;
const channel = 'anchor_wanted';

export interface AnchorerOptions {
  connection: pg.ClientConfig;
  config: ChainConfig;
  dataDir: string;
  /** The log's name. */
  origin: string;
  now: () => number;
  randomBytes: (count: number) => Uint8Array;
  log: Log;
  /** Before the first look: the server's own start comes first. */
  firstPauseMs?: number;
  /** Between two looks. */
  pauseMs?: number;
  stuckAfterMs?: number;
  /** For tests: called at named points, may throw. */
  at?: (point: AnchorPoint) => void | Promise<void>;
}

export interface Anchorer {
  /** One round now, whatever the clock says. `elsewhere`: another process anchors; it has been told. Throws what the round throws. */
  anchorNow(): Promise<RoundResult | 'elsewhere'>;
  stop(): Promise<void>;
}

const usual = { firstPauseMs: 3_000, pauseMs: 15_000, localPauseMs: 3_000, stuckAfterMs: 120_000 };

export function startAnchorer(options: AnchorerOptions): Anchorer {
  const { config, log, now } = options;
  const everyMs = config.everyMinutes * 60_000;
  const pauseMs = options.pauseMs ?? (config.rpcUrl === undefined ? usual.localPauseMs : usual.pauseMs);
  const stopping = new AbortController();
  let woken = Promise.withResolvers<void>();
  let client: pg.Client | undefined;
  let elected = false;
  let chain: Chain | undefined;
  let wanted = false;
  let lastOutAtMs: number | undefined;
  let failures = 0;
  let turn: Promise<unknown> = Promise.resolve();

  const exclusively = <T>(act: () => Promise<T>): Promise<T> => {
    const next = turn.then(act, act);
    turn = next.catch(() => undefined);
    return next;
  };

  async function elect(): Promise<pg.Client | undefined> {
    if (!client) {
      const fresh = new pg.Client(options.connection);
      fresh.on('error', () => {
        // The lock went with the connection.
        client = undefined;
        elected = false;
      });
      fresh.on('notification', () => {
        wanted = true;
        woken.resolve();
      });
      await fresh.connect();
      client = fresh;
    }
    if (!elected) {
      const { rows } = await client.query({
        text: 'select pg_try_advisory_lock($1) as held',
        values: [lockKey],
      });
      if (!(rows[0] as { held: boolean }).held) return undefined;
      await client.query(`listen ${channel}`);
      elected = true;
    }
    return client;
  }

  async function open(): Promise<Chain> {
    if (chain?.hasEnded()) {
      log.error({ code: 'local-chain-ended' }, 'the local chain ended; starting it again');
      await closeChain();
    }
    chain ??= await connectChain({
      config,
      dataDir: options.dataDir,
      origin: options.origin,
      logId: logIdOf(options.origin),
      randomBytes: options.randomBytes,
      log,
      stopped: stopping.signal,
    });
    // An address that leads to another chain from now on must not get our transactions.
    if ((await readChainId(chain.rpc)) !== chain.place.chainId) {
      await closeChain();
      throw new ChainNotReadyError('chain-contract-differs', 'the node speaks of another chain than before');
    }
    return chain;
  }

  async function closeChain(): Promise<void> {
    const old = chain;
    chain = undefined;
    await old?.close();
  }

  async function round(force: boolean): Promise<RoundResult | 'elsewhere'> {
    const db = await elect();
    if (!db) return 'elsewhere';
    const due = force || wanted || lastOutAtMs === undefined || now() - lastOutAtMs >= everyMs;
    const result = await runRound(
      await open(),
      {
        db,
        now,
        randomBytes: options.randomBytes,
        log,
        logId: logIdOf(options.origin),
        stuckAfterMs: options.stuckAfterMs ?? usual.stuckAfterMs,
        at: async (point) => options.at?.(point),
      },
      due,
    );
    if (due) {
      wanted = false;
      lastOutAtMs = now();
    }
    return result;
  }

  async function look(): Promise<void> {
    try {
      await exclusively(() => round(false));
      failures = 0;
    } catch (error) {
      failures += 1;
      // A chain that is away for a day fills no disk: the first failures are told, then ever fewer.
      if ((failures & (failures - 1)) === 0) log.error({ ...factsOf(error), failures }, wordsOf(error));
      if (error instanceof LocalChainMissingError) stopping.abort();
    }
  }

  async function pause(ms: number): Promise<void> {
    const late = new AbortController();
    const signal = AbortSignal.any([late.signal, stopping.signal]);
    await Promise.race([sleep(ms, undefined, { signal }).catch(() => undefined), woken.promise]);
    late.abort();
    woken = Promise.withResolvers<void>();
  }

  const loop = (async () => {
    if (everyMs === 0) return;
    await pause(options.firstPauseMs ?? usual.firstPauseMs);
    while (!stopping.signal.aborted) {
      await look();
      await pause(pauseMs * Math.min(2 ** failures, 20));
    }
  })();

  return {
    async anchorNow() {
      const result = await exclusively(() => round(true));
      if (result === 'elsewhere') await client?.query(`notify ${channel}`);
      return result;
    },
    async stop() {
      stopping.abort();
      woken.resolve();
      await loop;
      await exclusively(async () => {
        await closeChain();
        const old = client;
        client = undefined;
        await old?.end().catch(() => undefined);
      });
    },
  };
}

function factsOf(error: unknown): object {
  const { code, name } = error as { code?: string; name?: string };
  return { code, name };
}

/** Words of our own errors only: those of a library may hold the node's address. */
function wordsOf(error: unknown): string {
  const own =
    error instanceof ChainNotReadyError ||
    error instanceof ChainKeyError ||
    error instanceof LocalChainMissingError ||
    error instanceof LogContradictsAnchorError ||
    (error instanceof Error && error.name === 'RpcError');
  return own ? `not anchored: ${error.message}` : 'not anchored; trying again';
}
