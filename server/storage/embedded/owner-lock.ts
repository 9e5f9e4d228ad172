// One owner per data folder, held by the kernel and gone with the process, even after kill -9.
// Node has no flock; the lock that SQLite takes on a file is the kernel lock Node does carry. Nothing is stored in that file.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseSync } from 'node:sqlite';
import { DataFolderError, DataFolderInUseError } from '../database-errors.ts';

export interface OwnerLock {
  release(): void;
}

const sqliteBusy = 5;

/**
 * Takes the folder or refuses at once. Two simultaneous starters: exactly one gets it.
 * @throws DataFolderInUseError naming the folder and the owner's pid; DataFolderError when the folder cannot be locked at all
 */
export async function takeOwnerLock(dataDir: string): Promise<OwnerLock> {
  const pidFile = join(dataDir, 'owner.pid');
  const lock = lockFile(dataDir);
  if (lock === undefined) throw new DataFolderInUseError(dataDir, await readOwnerPid(pidFile));
  // The file of a predecessor may belong to another user: replaced, not overwritten.
  rmSync(pidFile, { force: true });
  writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 });
  return {
    release() {
      rmSync(pidFile, { force: true });
      lock.close();
    },
  };
}

function lockFile(dataDir: string): DatabaseSync | undefined {
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(join(dataDir, 'owner.lock'), { timeout: 0 });
    // No journal file beside it: nothing will be written.
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock?.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy) return undefined;
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataFolderError(`The data folder ${dataDir} cannot be locked: ${reason}`, { cause: error });
  }
}

/** The owner writes its pid just after it got the lock: until then the file is absent or names a dead predecessor. */
async function readOwnerPid(pidFile: string): Promise<number | undefined> {
  for (let tries = 0; tries < 10; tries += 1) {
    try {
      const pid = Number.parseInt(readFileSync(pidFile, 'utf8'), 10);
      if (pid > 0 && isAlive(pid)) return pid;
    } catch {
      // Not written yet.
    }
    await sleep(20);
  }
  return undefined;
}

/** Whether a process of this number exists, ours or not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
