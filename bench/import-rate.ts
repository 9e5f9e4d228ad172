// How fast a folder of transaction Bundles comes in by the operator's tool, on an empty database of its own.
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connectionUrl } from '../server/storage/database.ts';
import { startProgram } from './programs.ts';
import type { Sizes } from './sizes.ts';
import { databaseSizes } from './sizes.ts';

export interface ImportRate {
  /** The tool's own last line. */
  summary: string;
  sizes: Sizes;
}

/** `files`: at most so many, the smallest. */
export async function importRate(folder: string, workFolder: string, files: number): Promise<ImportRate> {
  const chosen = join(workFolder, 'chosen');
  mkdirSync(chosen);
  const bySize = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => ({ name, size: statSync(join(folder, name)).size }))
    .sort((a, b) => a.size - b.size)
    .slice(0, files);
  for (const { name } of bySize) symlinkSync(join(folder, name), join(chosen, name));
  const dataDir = join(workFolder, 'import');
  // Beside a running server, as an operator would.
  const server = await startProgram('server/main.ts', { DATA_DIR: dataDir }, '/');
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(import.meta.dirname, '../server/admin.ts'), 'import', chosen],
      { env: { ...process.env, DATA_DIR: dataDir, PUBLIC_URL: server.url }, maxBuffer: 16 * 1024 * 1024 },
    );
    const sizes = await databaseSizes(embeddedUrl(dataDir));
    return { summary: stdout.trim().split('\n').at(-1) ?? '', sizes };
  } finally {
    await server.stop();
  }
}

/** The embedded database of a running server, for a program beside it. */
export function embeddedUrl(dataDir: string): string {
  return connectionUrl({
    host: join(dataDir, 'postgres'),
    port: 5432,
    user: 'medallion',
    database: 'medallion',
  });
}
