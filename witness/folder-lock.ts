// One witness per data folder: two would each remember their own half of what they signed. Held by the kernel, gone with the process.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { WitnessError } from './witness-error.ts';

/** Node has no flock; the lock that SQLite takes on a file is one. Nothing is stored in it. @throws WitnessError */
export function lockFolder(dataDir: string): { release(): void } {
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(join(dataDir, 'witness.lock'), { timeout: 0 });
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch {
    lock?.close();
    throw new WitnessError(`The data folder ${dataDir} is in use by another witness, or cannot be written.`);
  }
  const held = lock;
  return { release: () => held.close() };
}
