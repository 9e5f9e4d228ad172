// Runs one PostgreSQL server process that cannot outlive this one, and clears away one that a crash left behind.
// Must not know how clusters are made or what is in them.
import { execFileSync, spawn } from 'node:child_process';
import {
  closeSync,
  openSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataFolderError, DatabaseUnavailableError } from '../database-errors.ts';
import { type Account, clusterPathFor } from './account.ts';
import { isAlive } from './owner-lock.ts';
import type { Programs } from './programs.ts';
import { watchdog } from './watchdog.ts';

export interface Postmaster {
  /** Settles when the server is gone, for whatever reason. */
  readonly exited: Promise<void>;
  /** Fast shutdown: open transactions are rolled back, then a checkpoint; harsher means when that takes too long. */
  stop(): Promise<void>;
}

/** Starts the server; it is not ready yet when this returns. */
export function startPostmaster(
  clusterDir: string,
  programs: Programs,
  account: Account | undefined,
  settings: Readonly<Record<string, string>>,
  logFile: string,
): Postmaster {
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = [programs.postgres, '-D', clusterPathFor(account, clusterDir), ...options];
  const log = openLog(logFile);
  const shell = spawn('/bin/sh', ['-c', watchdog, 'medallion-database', ...server], {
    ...account,
    cwd: clusterDir,
    // The secrets in our environment are none of the database's business.
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    // Its own session: Ctrl-C in a terminal reaches us alone, and we finish our requests before the database goes.
    detached: true,
    stdio: ['pipe', 'ignore', log],
  });
  closeSync(log);
  const { promise: exited, resolve } = Promise.withResolvers<void>();
  shell.once('exit', () => {
    // If the shell alone was killed, its other half still waits at the pipe, and the server still runs.
    shell.stdin?.destroy();
    resolve();
  });
  shell.once('error', () => resolve());
  shell.stdin?.on('error', () => undefined);
  return {
    exited,
    async stop() {
      shell.stdin?.end();
      for (const signal of ['SIGQUIT', 'SIGKILL'] as const) {
        if (await settlesWithin(exited, 5_000)) return;
        const pid = readServerPid(clusterDir);
        if (pid !== undefined && isServerOf(pid, clusterDir)) signalQuietly(pid, signal);
      }
      await exited;
    },
  };
}

function openLog(logFile: string): number {
  try {
    return openSync(logFile, 'a', 0o600);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataFolderError(`The database's log cannot be written: ${reason}`, { cause: error });
  }
}

/**
 * Stops a server that outlived its owner, or waits for one that is stopping. The caller owns the data folder, so no living
 * owner is robbed. A pid file that names a stranger's process is made harmless instead.
 * @throws DatabaseUnavailableError when the old server does not go
 */
export async function clearStalePostmaster(clusterDir: string): Promise<void> {
  const pid = readServerPid(clusterDir);
  if (pid === undefined) return;
  for (const [signal, waitMs] of [
    ['SIGINT', 10_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    if (!isServerOf(pid, clusterDir)) break;
    signalQuietly(pid, signal);
    for (let waitedMs = 0; waitedMs < waitMs && isServerOf(pid, clusterDir); waitedMs += 10) await sleep(10);
  }
  if (isServerOf(pid, clusterDir)) {
    throw new DatabaseUnavailableError(
      `An old database server (process ${pid}) for ${clusterDir} does not stop.`,
    );
  }
  // A server that stopped in the meantime has taken its pid file with it.
  if (isAlive(pid) && readServerPid(clusterDir) === pid) disownPidFile(clusterDir);
}

/**
 * The number was given to another process since (after a reboot, or in a new container). PostgreSQL would refuse to start;
 * an impossible number lets it, and keeps the line by which it recognises shared memory still in use.
 */
function disownPidFile(clusterDir: string): void {
  const file = join(clusterDir, 'postmaster.pid');
  const lines = readFileSync(file, 'utf8').split('\n');
  writeFileSync(file, ['999999999', ...lines.slice(1)].join('\n'));
  for (const name of readdirSync(clusterDir)) {
    if (name.startsWith('.s.PGSQL.') && name.endsWith('.lock')) rmSync(join(clusterDir, name));
  }
}

function readServerPid(clusterDir: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(join(clusterDir, 'postmaster.pid'), 'utf8'), 10);
    return pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Whether that process is a PostgreSQL server working in that folder: a server never leaves its cluster folder. */
function isServerOf(pid: number, clusterDir: string): boolean {
  try {
    if (process.platform === 'linux') {
      const program = readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
      return program === 'postgres' && readlinkSync(`/proc/${pid}/cwd`) === realpathSync(clusterDir);
    }
    const command = execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    return command.includes('postgres') && command.includes(clusterDir);
  } catch {
    return false;
  }
}

function signalQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone in the meantime.
  }
}

async function settlesWithin(promise: Promise<void>, timeoutMs: number): Promise<boolean> {
  const late = new AbortController();
  const timer = sleep(timeoutMs, false, { signal: late.signal }).catch(() => false);
  const settled = await Promise.race([promise.then(() => true), timer]);
  late.abort();
  return settled;
}
