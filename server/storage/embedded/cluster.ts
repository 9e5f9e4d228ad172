// Makes the cluster folder once, whole or not at all. Must not know how the server is started.
import { spawnSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DataFolderError, DatabaseUnavailableError } from '../database-errors.ts';
import { type Account, clusterPathFor } from './account.ts';
import type { Programs } from './programs.ts';

/** The bootstrap role; the application itself connects as an ordinary one. */
export const superuser = 'postgres';

const freshPrefix = 'postgres-new-';

// Whoever can open the socket may already read the folder around it: a password would add nothing. No line for TCP.
const hostBasedAuthentication = 'local all all trust\n';

/**
 * Runs initdb unless the folder holds a cluster already. The caller owns the data folder.
 * @throws DataFolderError when another major version made it; DatabaseUnavailableError when initdb fails
 */
export function ensureCluster(
  dataDir: string,
  clusterDir: string,
  programs: Programs,
  account: Account | undefined,
): void {
  // Left behind by a crash within initdb.
  for (const name of readdirSync(dataDir)) {
    if (name.startsWith(freshPrefix)) rmSync(join(dataDir, name), { recursive: true, force: true });
  }
  if (existsSync(clusterDir)) {
    requireSameMajorVersion(clusterDir, programs);
    return;
  }
  const fresh = mkdtempSync(join(dataDir, freshPrefix));
  try {
    if (account !== undefined) chownSync(fresh, account.uid, account.gid);
    runInitdb(fresh, programs, account);
    writeFileSync(join(fresh, 'pg_hba.conf'), hostBasedAuthentication);
    // The folder gets its name only when it is complete.
    renameSync(fresh, clusterDir);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    throw error;
  }
}

function requireSameMajorVersion(clusterDir: string, programs: Programs): void {
  const versionFile = join(clusterDir, 'PG_VERSION');
  if (!existsSync(versionFile)) {
    throw new DataFolderError(
      `The folder ${clusterDir} exists but holds no PostgreSQL cluster. Move it away.`,
    );
  }
  const found = readFileSync(versionFile, 'utf8').trim();
  if (found !== programs.majorVersion) {
    throw new DataFolderError(
      `The database in ${clusterDir} was made by PostgreSQL ${found}, this installation has ${programs.majorVersion}. ` +
        'Export it with the version that made it.',
    );
  }
}

function runInitdb(folder: string, programs: Programs, account: Account | undefined): void {
  const args = [
    ['--pgdata', clusterPathFor(account, folder)],
    ['--username', superuser],
    ['--encoding', 'UTF8'],
    ['--locale', 'C'],
    ['--locale-provider', 'builtin'],
    ['--builtin-locale', 'C.UTF-8'],
    ['--auth', 'trust'],
    ['--data-checksums'],
    ['--no-instructions'],
  ].flat();
  const run = spawnSync(programs.initdb, args, {
    ...account,
    cwd: folder,
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    encoding: 'utf8',
  });
  if (run.status !== 0) {
    const reason =
      run.error?.message ?? (run.stderr.trim() || `initdb ended with ${run.signal ?? run.status}`);
    throw new DatabaseUnavailableError(`The database could not be made in ${folder}: ${reason}`);
  }
}
