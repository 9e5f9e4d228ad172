// Where the real data lies that tests read but the project does not carry: foreign logs, imported records.
// A test that needs it skips, with a plain reason, where the folder is absent.
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

/** The folder named by MEDALLION_SHARED_DATA, else `../shared/data` beside the repository; undefined when absent. */
export function sharedDataFolder(): string | undefined {
  const folder =
    process.env['MEDALLION_SHARED_DATA'] ?? path.resolve(import.meta.dirname, '..', '..', 'shared', 'data');
  return existsSync(folder) && statSync(folder).isDirectory() ? folder : undefined;
}

/** A test that is given the folder, or skipped with the reason 'shared data folder is absent'. */
export function testWithSharedData(name: string, run: (folder: string) => void | Promise<void>): void {
  const folder = sharedDataFolder();
  if (folder === undefined) test(name, { skip: 'shared data folder is absent' }, () => {});
  else test(name, () => run(folder));
}
