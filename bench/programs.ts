// The programs that are measured, each in a process of its own: started, waited for, looked at, ended.
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const root = join(import.meta.dirname, '..');

export interface Program {
  url: string;
  /** Spawn until the first page was served, in milliseconds. */
  startedInMs: number;
  /** Resident memory in MB; undefined where the system does not tell. */
  residentMb(): number | undefined;
  /** User and system time so far, in milliseconds. */
  cpuMs(): number;
  /** The same of all processes of its embedded database; 0 when it has none. */
  databaseCpuMs(): number;
  stop(): Promise<void>;
}

/**
 * As `npm start` runs it: room for the young objects of a burst, so that fewer of its answers wait for a collection, and old ones
 * collected when they grew by three quarters: otherwise what a burst left behind stays for hours.
 */
const asShipped = ['--max-semi-space-size=16', '--heap-growing-percent=75'];

export async function startProgram(
  script: string,
  environment: Record<string, string>,
  first: string,
  nodeOptions: readonly string[] = [],
): Promise<Program> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const beginMs = performance.now();
  const child = spawn(process.execPath, [...asShipped, ...nodeOptions, resolve(root, script)], {
    cwd: root,
    // Output is written as it is shipped, and read by nobody.
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...withoutOwnSettings(),
      ...environment,
      PORT: String(port),
      PUBLIC_URL: `http://localhost:${port}`,
    },
  });
  await firstAnswer(child, `${url}${first}`);
  return {
    url,
    startedInMs: performance.now() - beginMs,
    residentMb: () => residentMb(child.pid ?? 0),
    cpuMs: () => cpuMs(child.pid ?? 0),
    databaseCpuMs: () => databaseCpuMs(environment.DATA_DIR),
    stop: () => stop(child),
  };
}

/** Settings of the shell must not change what is measured. */
function withoutOwnSettings(): NodeJS.ProcessEnv {
  const { DATABASE_URL: _url, DATA_DIR: _folder, LOG_LEVEL: _level, NODE_ENV: _mode, ...rest } = process.env;
  return rest;
}

async function firstAnswer(child: ChildProcess, url: string): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode} before it served a page`);
    const answered = await fetch(url).then(
      (answer) => answer.ok,
      () => false,
    );
    if (answered) return;
    await sleep(10);
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

function residentMb(pid: number): number | undefined {
  try {
    const found = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return found === undefined ? undefined : Number(found) / 1024;
  } catch {
    return undefined;
  }
}

function cpuMs(pid: number): number {
  try {
    return sum(statOf(String(pid)).slice(11, 13)) * 10;
  } catch {
    return Number.NaN;
  }
}

/** Its postmaster, what that has ended, and the processes it has now. */
function databaseCpuMs(dataDir: string | undefined): number {
  if (dataDir === undefined) return 0;
  try {
    const master = readFileSync(join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n')[0] ?? '';
    let ticks = 0;
    for (const pid of readdirSync('/proc')) {
      if (!/^\d+$/.test(pid)) continue;
      const fields = statOf(pid);
      if (pid === master) ticks += sum(fields.slice(11, 15));
      else if (fields[1] === master) ticks += sum(fields.slice(11, 13));
    }
    return ticks * 10;
  } catch {
    return Number.NaN;
  }
}

/** Fields of /proc/<pid>/stat from the state on; empty for a process that ended meanwhile. */
function statOf(pid: string): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

function sum(values: readonly string[]): number {
  return values.reduce((total, value) => total + Number(value), 0);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
