// What every program of the platform opens before it does anything: database at the right schema, the log's sequencer, the queue of looks.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from './config.ts';
import type { Deps } from './http/deps.ts';
import type { LogKeys } from './ledger/log-key.ts';
import { startKeepingCheckpoints } from './ledger/keep-checkpoints.ts';
import { openLogKey } from './ledger/log-key.ts';
import { repeatErasures } from './ledger/repeat-erasures.ts';
import type { Sequencer } from './ledger/sequencer.ts';
import { startSequencer } from './ledger/sequencer.ts';
import type { Witnessing } from './ledger/witnessing.ts';
import { readWitnessedMarks, startWitnessing } from './ledger/witnessing.ts';
import { createMailMessenger } from './messages/mail-messenger.ts';
import { createDemoOutbox, noMessenger } from './messages/messenger.ts';
import { createRandomBytes } from './random-bytes.ts';
import { DataFolderInUseError } from './storage/database-errors.ts';
import type { Database } from './storage/database.ts';
import { connectionUrl, openDatabase } from './storage/database.ts';
import { createEntryQueue } from './storage/entry-queue.ts';
import { createLogReads } from './storage/log-reads.ts';
import { findLatestCheckpoint } from './storage/log-store.ts';
import { migrate } from './storage/migrate.ts';
import { createResourceLookup } from './storage/resource-store.ts';
import { createWriteQueue } from './storage/write-queue.ts';

export interface Stores {
  deps: Deps;
  logKey: LogKeys;
  witnessing: Witnessing;
  sequencer: Sequencer;
  stop(): Promise<void>;
}

export type Sources = Partial<Pick<Deps, 'now' | 'randomBytes' | 'messenger'>>;

/** Throws a named error that says what is wrong with configuration, data folder or database; nothing is left open then. */
export async function openStores(config: Config, sources: Sources = {}): Promise<Stores> {
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const one of stops.splice(0).toReversed()) await one();
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
      randomBytes: sources.randomBytes ?? createRandomBytes(),
      entries: createEntryQueue(db.steady),
      resources: createResourceLookup(db.asks),
      logReads: createLogReads(db.asks),
      writes: createWriteQueue(db.steady),
      log,
      messenger: config.demo
        ? createDemoOutbox(sources.now ?? Date.now, (line) => process.stdout.write(`${line}\n`))
        : (sources.messenger ??
          (config.smtpUrl === undefined
            ? noMessenger
            : createMailMessenger(
                { smtpUrl: config.smtpUrl, from: config.mailFrom, publicUrl: config.publicUrl },
                db.pool,
                log,
              ))),
    };
    // Before anything is served: a backup brings back what was erased since.
    const repeated = await repeatErasures(deps);
    if (repeated > 0) log.warn({ repeated }, 'erasures were carried out again');
    const signedBefore = (await findLatestCheckpoint(db.pool)) !== undefined;
    const logKey = await openLogKey(config.dataDir, `${new URL(config.publicUrl).host}/log`, !signedBefore);
    const sequencer = await startSequencer({
      connection: db.connection,
      dataDir: config.dataDir,
      key: logKey,
      sources: deps,
      log,
      // A data folder put back from a backup knows nothing of what was signed since; witnesses do.
      signedElsewhere: await readWitnessedMarks(config.witnesses, logKey),
    });
    stops.push(() => sequencer.stop());
    const witnessing = startWitnessing({
      db: db.pool,
      config: config.witnesses,
      keys: logKey,
      leads: () => sequencer.leads(),
      learnSigned: (mark) => sequencer.learnSigned(mark),
      now: deps.now,
      log,
    });
    stops.push(() => witnessing.stop());
    const keeping = startKeepingCheckpoints({
      db: db.pool,
      leads: () => sequencer.leads(),
      now: deps.now,
      log,
    });
    stops.push(() => keeping.stop());
    return { deps, logKey, sequencer, witnessing, stop };
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
}

/** As `openStores`; where a running server owns the data folder, its database is used beside it. */
export async function openStoresBeside(config: Config, sources: Sources = {}): Promise<Stores> {
  try {
    return await openStores(config, sources);
  } catch (error) {
    if (!(error instanceof DataFolderInUseError)) throw error;
    return openStores({ ...config, databaseUrl: runningDatabase(config) }, sources);
  }
}

/** The database alone: nothing is migrated, sequenced or signed. Where a running server owns the data folder, its database is used beside it. */
export async function openDatabaseBeside(config: Config): Promise<Database> {
  try {
    return await openDatabase(config, consoleLog(config));
  } catch (error) {
    if (!(error instanceof DataFolderInUseError)) throw error;
    return openDatabase({ ...config, databaseUrl: runningDatabase(config) }, consoleLog(config));
  }
}

function runningDatabase({ dataDir }: Config): string {
  return connectionUrl({
    host: join(dataDir, 'postgres'),
    port: 5432,
    user: 'medallion',
    database: 'medallion',
  });
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
