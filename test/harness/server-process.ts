// The server as its users run it: `node server/main.ts` in a process of its own, on its embedded database. Must not know what a test does to it.
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { join } from 'node:path';

export interface ServerProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** All it has printed. */
  output(): string;
  /** Resolves with the exit code; null after a signal. */
  readonly exited: Promise<number | null>;
  /** Resolves when it answers; rejects when it ends before. */
  ready(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Asks it to end. */
  stop(): Promise<number | null>;
}

const main = join(import.meta.dirname, '../../server/main.ts');

export function startServerProcess(
  dataDir: string,
  port: number,
  environment: Record<string, string> = {},
  /** What starts it: a command that ends by becoming the one it is given. */
  through: readonly string[] = [],
): ServerProcess {
  const url = `http://127.0.0.1:${port}`;
  const [command = process.execPath, ...between] = through;
  const child = spawn(command, [...between, ...(through.length > 0 ? [process.execPath] : []), main], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'] ?? '',
      NODE_ENV: 'test',
      LOG_LEVEL: 'error',
      PORT: String(port),
      PUBLIC_URL: url,
      DATA_DIR: dataDir,
      TRUST_PROXY: '127.0.0.1',
      // A test that wants anchors asks for them.
      CHAIN_EVERY_MINUTES: '0',
      ...environment,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
  const exited = new Promise<number | null>((resolve) => {
    child.once('close', (code) => resolve(code));
  });
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    return exited;
  };
  return {
    url,
    child,
    output: () => output,
    exited,
    async ready() {
      const greeted = new Promise<boolean>((resolve) => {
        const look = () => {
          if (output.includes('Medallion is at')) resolve(true);
        };
        child.stdout.on('data', look);
        look();
      });
      const up = await Promise.race([greeted, exited.then(() => false)]);
      if (!up) throw new Error(`the server ended before it was ready: ${output}`);
    },
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
  };
}
