// Starts `database-owner.ts` as a child process and follows what it says. Must not know what a test wants from it.
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface OwnerProcess {
  readonly child: ChildProcess;
  /** Everything it has printed so far. */
  readonly lines: readonly string[];
  /** The rows whose storage the database acknowledged, as far as the process could still tell us. */
  acknowledged(): number[];
  /** Resolves with its first line: `ready`, or `error …`; with '' when it ends without one. */
  readonly firstLine: Promise<string>;
  readonly exited: Promise<void>;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
  /** Asks it to end. */
  stop(): Promise<void>;
}

/** @param options.program where the script is, when not in this checkout */
export function startOwner(
  dataDir: string,
  options: SpawnOptions & { readonly task?: 'hold' | 'write'; readonly program?: string } = {},
): OwnerProcess {
  const {
    task = 'hold',
    program = join(import.meta.dirname, 'database-owner.ts'),
    ...spawnOptions
  } = options;
  const child = spawn(process.execPath, [program, dataDir, task], {
    ...spawnOptions,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  const first = Promise.withResolvers<string>();
  const exited = Promise.withResolvers<void>();
  if (child.stdout !== null) {
    const reader = createInterface(child.stdout);
    reader.on('line', (line) => {
      lines.push(line);
      first.resolve(line);
    });
    reader.on('close', () => first.resolve(''));
  }
  child.once('close', () => exited.resolve());
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await exited.promise;
  };
  return {
    child,
    lines,
    acknowledged: () => lines.filter((line) => /^\d+$/.test(line)).map(Number),
    firstLine: first.promise,
    exited: exited.promise,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}
