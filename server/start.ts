// Everything a running platform consists of, started in order and stopped in reverse; used by main, the demo and tests alike.
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';
import { buildApp } from './app.ts';
import type { Config } from './config.ts';
import type { Deps } from './http/deps.ts';
import { openDatabase } from './storage/database.ts';
import { createEntryQueue } from './storage/entry-queue.ts';
import { findLatestCheckpoint } from './storage/log-store.ts';
import type { OutboxRelay } from './messages/outbox-relay.ts';
import { startOutboxRelay } from './messages/outbox-relay.ts';
import { migrate } from './storage/migrate.ts';
import { openLogKey } from './ledger/log-key.ts';
import type { Sequencer } from './ledger/sequencer.ts';
import { startSequencer } from './ledger/sequencer.ts';

export interface Running {
  app: FastifyInstance;
  deps: Deps;
  sequencer: Sequencer;
  outbox: OutboxRelay;
  /** Where it listens. */
  url: string;
  /** What the operator is told. */
  greeting: string;
  stop(): Promise<void>;
}

/** Throws a named error that says what is wrong with configuration, data folder or database; nothing is left running then. */
export async function start(
  config: Config,
  sources: Partial<Pick<Deps, 'now' | 'randomBytes'>> = {},
): Promise<Running> {
  await mkdir(config.dataDir, { recursive: true });
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const one of stops.reverse().splice(0)) await one();
  };
  try {
    const log = consoleLog(config);
    const db = await openDatabase(config, log);
    stops.push(() => db.stop());
    await migrate(db.pool);
    const deps: Deps = {
      config,
      db,
      now: sources.now ?? Date.now,
      randomBytes: sources.randomBytes ?? ((count) => randomBytes(count)),
      entries: createEntryQueue(db.pool),
      log,
    };
    const signedBefore = (await findLatestCheckpoint(db.pool)) !== undefined;
    const key = await openLogKey(config.dataDir, `${new URL(config.publicUrl).host}/log`, !signedBefore);
    const sequencer = await startSequencer({
      connection: db.connection,
      dataDir: config.dataDir,
      key,
      now: deps.now,
      log,
    });
    stops.push(() => sequencer.stop());
    const outbox = startOutboxRelay(deps);
    stops.push(() => outbox.stop());
    const app = await buildApp(deps, { logKey: key.vkey });
    stops.push(() => app.close());
    await app.listen({ port: config.port, host: config.host });
    const address = app.server.address();
    const port = typeof address === 'object' && address ? address.port : config.port;
    return {
      app,
      sequencer,
      outbox,
      deps,
      url: `http://${config.host}:${port}`,
      greeting: `Medallion is at ${config.publicUrl}`,
      stop,
    };
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
}

/** One line of JSON per event; used before and beside the web server's own log. */
function consoleLog(config: Config): Deps['log'] {
  const order = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];
  const write = (level: 'info' | 'warn' | 'error') => (fields: object, message: string) => {
    if (order.indexOf(level) < order.indexOf(config.logLevel)) return;
    process.stdout.write(
      `${JSON.stringify({ level, time: new Date().toISOString(), ...fields, msg: message })}\n`,
    );
  };
  return { info: write('info'), warn: write('warn'), error: write('error') };
}
