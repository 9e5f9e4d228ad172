// The witness as a partner runs it: `node witness/main.ts` in a process of its own. Must not know what a test does to it.
import { spawn } from 'node:child_process';
import { join } from 'node:path';

export interface WitnessProcess {
  readonly url: string;
  readonly vkey: string;
  /** All it has printed. */
  output(): string;
  readonly exited: Promise<number | null>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  stop(): Promise<number | null>;
}

const main = join(import.meta.dirname, '../../witness/main.ts');

/** Resolves when it answers; rejects with what it said when it ends before. */
export async function startWitness(
  dataDir: string,
  logVkeys: readonly string[],
  options: { readonly name?: string; readonly port?: number } = {},
): Promise<WitnessProcess> {
  const child = spawn(
    process.execPath,
    [
      main,
      '--data',
      dataDir,
      ...(options.name === undefined ? [] : ['--name', options.name]),
      '--port',
      String(options.port ?? 0),
      ...logVkeys.flatMap((vkey) => ['--log', vkey]),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'] ?? '' } },
  );
  let output = '';
  const exited = new Promise<number | null>((resolve) => {
    child.once('close', (code) => resolve(code));
  });
  const ready = new Promise<boolean>((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString('utf8');
        if (output.includes('It watches:')) resolve(true);
      });
  });
  if (!(await Promise.race([ready, exited.then(() => false)])))
    throw new Error(`the witness ended before it was ready: ${output}`);
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    return exited;
  };
  return {
    url: /is at (http:\S+)/.exec(output)?.[1] ?? '',
    vkey: /Its key: (\S+)/.exec(output)?.[1] ?? '',
    output: () => output,
    exited,
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
  };
}
