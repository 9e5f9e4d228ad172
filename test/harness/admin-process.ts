// The operator's tool as its user runs it: a process, a data folder, words and an exit code.
import { spawn } from 'node:child_process';
import { join } from 'node:path';

export interface AdminRun {
  readonly code: number | null;
  readonly out: string;
}

export async function runAdmin(
  dataDir: string,
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<AdminRun> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../server/admin.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'] ?? '',
      NODE_ENV: 'test',
      DATA_DIR: dataDir,
      PUBLIC_URL: 'http://127.0.0.1:8080',
      CHAIN_EVERY_MINUTES: '0',
      ...environment,
    },
  });
  let out = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      out += chunk.toString('utf8');
    });
  const code = await new Promise<number | null>((resolve) => {
    child.once('close', (status) => resolve(status));
  });
  return { code, out };
}
