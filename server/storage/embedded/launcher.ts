// The embedded PostgreSQL of one data folder: made on first start, owned by one process, restarted when it falls, gone when we go.
// Must not know migrations, tables or pools.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { DataFolderError, DatabaseUnavailableError } from '../database-errors.ts';
import { type Account, chooseAccount } from './account.ts';
import { ensureCluster, superuser } from './cluster.ts';
import { takeOwnerLock } from './owner-lock.ts';
import { type Postmaster, clearStalePostmaster, startPostmaster } from './postmaster.ts';
import { type Programs, findPrograms } from './programs.ts';
import { logSize, readLogSince, rotateLog } from './server-log.ts';
import { embeddedSettings } from './settings.ts';

export interface Log {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/** How to connect: `host` is the folder of the socket. */
export interface EmbeddedConnection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
}

export interface EmbeddedDatabase {
  /** As the application: owns its database and nothing else. */
  readonly connection: EmbeddedConnection;
  /** As the superuser, for tests that make databases. */
  readonly superuserConnection: EmbeddedConnection;
  /** Ends within a few seconds and leaves no process. Connections still open are cut. */
  stop(): Promise<void>;
}

const application = 'medallion';
/** Linux allows 107 bytes and macOS 103 for the path of a socket. */
const maxSocketPathBytes = 103;
const retryWindowMs = 20_000;
const recoveryWindowMs = 300_000;

/**
 * Starts the database of `dataDir`; resolves when it takes queries.
 * @param settings override single server settings (tests only)
 * @throws DataFolderInUseError, DataFolderError, DatabaseProgramsMissingError, DatabaseUnavailableError
 */
export async function startEmbedded(
  dataDir: string,
  log: Log,
  settings: Readonly<Record<string, string>> = {},
): Promise<EmbeddedDatabase> {
  const folder = resolve(dataDir);
  makeFolder(folder);
  const lock = await takeOwnerLock(folder);
  try {
    const cluster = openCluster(folder, { ...embeddedSettings, ...settings });
    try {
      await clearStalePostmaster(cluster.dir);
      const server = await superviseServer(cluster, log);
      return {
        connection: cluster.connection,
        superuserConnection: { ...cluster.connection, user: superuser, database: 'postgres' },
        async stop() {
          await server.stop();
          cluster.removeShortPath();
          lock.release();
        },
      };
    } catch (error) {
      cluster.removeShortPath();
      throw error;
    }
  } catch (error) {
    lock.release();
    throw error;
  }
}

interface Cluster {
  readonly dir: string;
  readonly logFile: string;
  readonly programs: Programs;
  readonly account: Account | undefined;
  readonly settings: Readonly<Record<string, string>>;
  readonly connection: EmbeddedConnection;
  removeShortPath(): void;
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataFolderError(`The data folder ${folder} cannot be made: ${reason}`, { cause: error });
  }
}

function openCluster(folder: string, settings: Readonly<Record<string, string>>): Cluster {
  const dir = join(folder, 'postgres');
  const account = chooseAccount(dir);
  const programs = findPrograms(folder, account);
  ensureCluster(folder, dir, programs, account);
  const port = Number(settings['port']);
  let host = dir;
  let shortPath: string | undefined;
  if (Buffer.byteLength(join(dir, `.s.PGSQL.${port}`)) > maxSocketPathBytes) {
    // The server binds the socket by a relative path, but we must name it: through a link in a private folder.
    shortPath = mkdtempSync(join(tmpdir(), 'medallion-'));
    host = join(shortPath, 'db');
    symlinkSync(dir, host);
  }
  return {
    dir,
    logFile: join(folder, 'postgres.log'),
    programs,
    account,
    settings,
    connection: { host, port, user: application, database: application },
    removeShortPath() {
      if (shortPath !== undefined) rmSync(shortPath, { recursive: true, force: true });
    },
  };
}

/** Keeps a server running until `stop`: one that dies is started again, ever more patiently. */
async function superviseServer(cluster: Cluster, log: Log): Promise<{ stop(): Promise<void> }> {
  const stopping = new AbortController();
  let current = await startAndWait(cluster, stopping.signal);
  const rotation = setInterval(() => rotateLog(cluster.logFile), 600_000).unref();

  async function restart(): Promise<void> {
    for (let delayMs = 50; !stopping.signal.aborted; delayMs = Math.min(delayMs * 2, 5_000)) {
      try {
        // What died may have been the shell above a server that still runs.
        await clearStalePostmaster(cluster.dir);
        current = await startAndWait(cluster, stopping.signal);
        log.info({}, 'the database server is back');
        return;
      } catch (error) {
        log.error({ err: error }, 'the database server does not start');
        await sleep(delayMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  }

  async function supervise(): Promise<void> {
    while (!stopping.signal.aborted) {
      await current.exited;
      if (stopping.signal.aborted) return;
      log.error({}, 'the database server died; starting it again');
      await restart();
    }
  }

  const supervision = supervise();
  return {
    async stop() {
      stopping.abort();
      clearInterval(rotation);
      await current.stop();
      // A restart may have been under way when we were told to stop.
      await supervision;
      await current.stop();
    },
  };
}

/** Just after a crash old backends still hold the shared memory for a moment: such refusals are tried again. */
async function startAndWait(cluster: Cluster, cancelled: AbortSignal): Promise<Postmaster> {
  for (const startedAt = Date.now(); ;) {
    rotateLog(cluster.logFile);
    const logBytes = logSize(cluster.logFile);
    const postmaster = startPostmaster(
      cluster.dir,
      cluster.programs,
      cluster.account,
      cluster.settings,
      cluster.logFile,
    );
    let exited = false;
    void postmaster.exited.then(() => (exited = true));
    try {
      if (await becomesReady(cluster, () => exited || cancelled.aborted)) return postmaster;
    } catch (error) {
      await postmaster.stop();
      throw error;
    }
    await postmaster.stop();
    const said = readLogSince(cluster.logFile, logBytes);
    const passing = /pre-existing shared memory block|lock file .* already exists/.test(said);
    if (!passing || cancelled.aborted || Date.now() - startedAt > retryWindowMs) {
      const fatal = said.match(/(?:FATAL|PANIC): .*/)?.[0] ?? 'it ended without a word';
      throw new DatabaseUnavailableError(
        `The database server did not start: ${fatal} (see ${cluster.logFile})`,
      );
    }
    await sleep(50);
  }
}

/** False when the server ended first. Long waits are recoveries after a crash. */
async function becomesReady(cluster: Cluster, hasEnded: () => boolean): Promise<boolean> {
  for (const startedAt = Date.now(); !hasEnded(); await sleep(10)) {
    const client = new pg.Client({ ...cluster.connection, connectionTimeoutMillis: 5_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return true;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      // 28000: no such role; 3D000: no such database. A first start, or one that was cut short.
      if (code === '28000' || code === '3D000') await makeApplicationDatabase(cluster.connection);
      else if (Date.now() - startedAt > recoveryWindowMs) {
        throw new DatabaseUnavailableError('The database server did not become ready.', { cause: error });
      }
    }
  }
  return false;
}

async function makeApplicationDatabase(connection: EmbeddedConnection): Promise<void> {
  const client = new pg.Client({ ...connection, user: superuser, database: 'postgres' });
  await client.connect();
  try {
    const role = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [application]);
    if (role.rowCount === 0) await client.query(`CREATE ROLE ${application} LOGIN`);
    const database = await client.query('SELECT FROM pg_database WHERE datname = $1', [application]);
    if (database.rowCount === 0) await client.query(`CREATE DATABASE ${application} OWNER ${application}`);
  } finally {
    await client.end();
  }
}
