// Bytes that nobody's row names: left by a crash between the file and its row, or by half of a write. They are taken away a day later,
// when no upload can still be under way. A row is never touched here.
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Log } from './embedded/launcher.ts';
import type { Queryable } from './queryable.ts';

const keptMs = 24 * 60 * 60_000;
const everyMs = 6 * 60 * 60_000;
const atOnce = 500;

/** Returns how many were taken away. */
export async function sweepFiles(db: Queryable, storageUrl: string, nowMs: number): Promise<number> {
  if (!storageUrl.startsWith('file:')) return 0;
  let swept = 0;
  const top = fileURLToPath(storageUrl);
  for (const folder of await readdir(top, { withFileTypes: true }).catch(() => [])) {
    if (!folder.isDirectory() || !/^[a-z0-9-]{2}$/.test(folder.name)) continue;
    const old: string[] = [];
    for (const name of await readdir(join(top, folder.name))) {
      const found = await stat(join(top, folder.name, name)).catch(() => undefined);
      if (found?.isFile() && found.mtimeMs < nowMs - keptMs) old.push(name);
    }
    for (let from = 0; from < old.length; from += atOnce) {
      const names = old.slice(from, from + atOnce);
      const { rows } = await db.query({
        name: 'find-swept-files',
        text: `select file_id as id from stored_file where file_id = any($1::text[])`,
        values: [names],
      });
      const known = new Set((rows as { id: string }[]).map(({ id }) => id));
      for (const name of names) {
        // Only what this store writes: a file id, whole or half written.
        if (known.has(name) || !/^[a-z0-9-]{20,64}(\.part)?$/.test(name)) continue;
        await rm(join(top, folder.name, name), { force: true });
        swept += 1;
      }
    }
  }
  return swept;
}

/** Sweeps as the server starts and a few times a day; a sweep that fails is tried again with the next. */
export function startFileSweep(deps: {
  readonly pool: Queryable;
  readonly storageUrl: string;
  readonly now: () => number;
  readonly log: Log;
}): { stop(): Promise<void> } {
  let running: Promise<void> = Promise.resolve();
  const sweep = () => {
    running = running.then(async () => {
      try {
        const swept = await sweepFiles(deps.pool, deps.storageUrl, deps.now());
        if (swept > 0) deps.log.info({ swept }, 'files that no row names were taken away');
      } catch (error) {
        deps.log.warn({ err: error }, 'files that no row names could not be looked for');
      }
    });
  };
  sweep();
  const timer = setInterval(sweep, everyMs).unref();
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
