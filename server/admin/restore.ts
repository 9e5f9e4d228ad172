// `restore`: a backup into an empty data folder and an empty database. Nothing is signed here: two servers that went on from one
// backup would show two histories. What was erased since the backup is erased again before anybody can see it.
import { createReadStream } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type pg from 'pg';
import { parseCheckpoint } from '../../core/ledger/checkpoint.ts';
import { parseNote } from '../../core/ledger/note.ts';
import { rootFromTiles } from '../../core/ledger/tiles.ts';
import { equalBytes } from '../../core/ledger/tree.ts';
import type { Config } from '../config.ts';
import { repeatErasures } from '../ledger/repeat-erasures.ts';
import type { SignedMark } from '../ledger/signed-mark.ts';
import { markPath, readMark } from '../ledger/signed-mark.ts';
import { tileReader } from '../ledger/tile-reader.ts';
import type { Database } from '../storage/database.ts';
import { fileStore } from '../storage/file-store.ts';
import { findHead } from '../storage/log-store.ts';
import { migrate, migrationsFolder } from '../storage/migrate.ts';
import {
  analyse,
  emptyTable,
  hasTables,
  insertRows,
  listMigrations,
  listTables,
  setCounters,
  withoutTimeLimits,
  withoutTriggers,
} from '../storage/table-copy.ts';
import { inTransaction } from '../storage/transaction.ts';
import { openDatabaseBeside } from '../stores.ts';
import type { Manifest } from './backup-folder.ts';
import { BackupDamagedError, readLines, readWholeManifest, writePart } from './backup-folder.ts';
import { storeOperatorEntry } from './operator-entry.ts';

const rowsAtOnce = 500;
const bytesAtOnce = 4_000_000;

export interface RestoreRequest {
  /** The backup. */
  folder: string;
  /** The folder `log` of the data folder that was lost, where it was saved: its mark and its erasures are newer than those of the backup. */
  logFolder: string | undefined;
}

export interface RestoreResult {
  readonly said: string;
  /** False: it is restored, but the log was signed further than this backup goes, so that the server will not start on it. */
  readonly mayStart: boolean;
}

/** Throws, and says why, before anything is written where the backup is damaged or the places are not empty. */
export async function restoreBackup(
  config: Config,
  { folder, logFolder }: RestoreRequest,
): Promise<RestoreResult> {
  const startedAt = Date.now();
  await requireEmpty(config.dataDir);
  if (logFolder !== undefined && !(await stat(logFolder).catch(() => undefined))?.isDirectory())
    throw new Error(
      `${logFolder} is no folder. --log names the folder log of the data folder that was lost.`,
    );
  const manifest = await readWholeManifest(folder);
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  // First the mark: whatever is cut short after this line, no server starts on half a database.
  await copyParts(manifest, folder, 'log/', join(config.dataDir, 'log'));
  if (logFolder !== undefined) await takeNewerLog(logFolder, config.dataDir);
  await copyParts(manifest, folder, 'keys/', join(config.dataDir, 'keys'));
  await storeFiles(manifest, folder, config.storageUrl);
  const db = await openDatabaseBeside(config);
  try {
    if (await hasTables(db.pool)) throw new Error('The database is not empty. Name another in DATABASE_URL.');
    await loadTables(db, manifest, folder);
    const headSize = await requireRoot(db, manifest);
    const erased = await repeatErasures({ config, db });
    await storeOperatorEntry(db.pool, 'restore', { backupOf: manifest.madeAt, erasedAgain: erased });
    return report({
      manifest,
      headSize,
      erased,
      tookMs: Date.now() - startedAt,
      mark: await readMark(config.dataDir),
      logFolder,
    });
  } finally {
    await db.stop();
  }
}

async function requireEmpty(dataDir: string): Promise<void> {
  const names = await readdir(dataDir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  if (names.length > 0)
    throw new Error(`The data folder ${dataDir} is not empty. Restore into an empty one, by DATA_DIR.`);
}

async function copyParts(manifest: Manifest, folder: string, prefix: string, target: string): Promise<void> {
  for (const { path } of manifest.parts)
    if (path.startsWith(prefix))
      await writePart(target, path.slice(prefix.length), createReadStream(join(folder, path)), false);
}

/** Into whatever store is configured, which need not be the one that was backed up. */
async function storeFiles(manifest: Manifest, folder: string, storageUrl: string): Promise<void> {
  for (const { path, bytes, sha256 } of manifest.parts)
    if (path.startsWith('files/'))
      await fileStore(storageUrl).put(basename(path), {
        sizeBytes: bytes,
        sha256: Buffer.from(sha256, 'hex'),
        open: () => createReadStream(join(folder, path)),
      });
}

/** The folder outlived the database: its mark and its register know what the backup cannot. */
async function takeNewerLog(logFolder: string, dataDir: string): Promise<void> {
  const target = dirname(markPath(dataDir));
  const ofBackup = await readMark(dataDir);
  await mkdir(target, { recursive: true, mode: 0o700 });
  await cp(logFolder, target, { recursive: true, force: true });
  const newer = await readMark(dataDir);
  if (ofBackup && (!newer || newer.size < ofBackup.size)) {
    await rm(dataDir, { recursive: true, force: true });
    throw new Error(`${logFolder} is older than the backup: leave --log out, or name the newest copy.`);
  }
}

async function loadTables(db: Database, manifest: Manifest, folder: string): Promise<void> {
  await migrateAsBackedUp(db.pool, manifest);
  const byName = new Map(manifest.tables.map((table) => [table.table, table]));
  await inTransaction(db.pool, async (client) => {
    await withoutTimeLimits(client);
    const tables = await listTables(client);
    await withoutTriggers(client, tables, 'disable');
    for (const table of tables) {
      const kept = byName.get(table.table);
      if (!kept) throw new BackupDamagedError(`The backup has no table ${table.table}.`);
      await emptyTable(client, table.table);
      let loaded = 0;
      for await (const rows of batches(readLines(folder, kept.part))) {
        await insertRows(client, { table: table.table, columns: kept.columns }, rows);
        loaded += rows.length;
      }
      if (loaded !== kept.rows)
        throw new BackupDamagedError(`The backup has ${loaded} of ${kept.rows} rows of ${table.table}.`);
    }
    await setCounters(client, manifest.counters);
    await withoutTriggers(client, tables, 'enable');
  });
  // A backup of an older version is brought to this one.
  await migrate(db.pool);
  await analyse(db.pool);
}

/** The schema that the rows were written under: the first migrations of this version, unchanged since. */
async function migrateAsBackedUp(pool: pg.Pool, { migrations }: Manifest): Promise<void> {
  const chosen = await mkdtemp(join(tmpdir(), 'medallion-migrations-'));
  try {
    for (const { name } of migrations)
      await cp(join(migrationsFolder, name), join(chosen, name)).catch(() => {
        throw new Error(
          `The backup is of another version of Medallion, with migration ${name}. Restore it with that version.`,
        );
      });
    await migrate(pool, chosen);
  } finally {
    await rm(chosen, { recursive: true, force: true });
  }
  const made = await listMigrations(pool);
  const changed = made.find(({ checksum }, at) => checksum !== migrations[at]?.checksum);
  if (changed)
    throw new Error(
      `The backup is of another version of Medallion: migration ${changed.name} differs. Restore it with that version.`,
    );
}

async function* batches(lines: AsyncIterable<string>): AsyncGenerator<string[]> {
  let rows: string[] = [];
  let bytes = 0;
  for await (const line of lines) {
    rows.push(JSON.parse(line) as string);
    bytes += line.length;
    if (rows.length < rowsAtOnce && bytes < bytesAtOnce) continue;
    yield rows;
    rows = [];
    bytes = 0;
  }
  if (rows.length > 0) yield rows;
}

/** The tiles that came back give the root that was signed. Returns how many leaves there are. */
async function requireRoot(db: Database, manifest: Manifest): Promise<number> {
  const signed = parseCheckpoint(parseNote(manifest.checkpoint).text);
  const head = await findHead(db.pool);
  const size = head?.size ?? 0;
  const holds =
    size >= signed.size &&
    (signed.size === 0 || equalBytes(await rootFromTiles(signed.size, tileReader(db.pool)), signed.root));
  if (!holds)
    throw new BackupDamagedError('The rows of the backup do not give the root that the log signed.');
  return size;
}

function report(done: {
  manifest: Manifest;
  headSize: number;
  erased: number;
  tookMs: number;
  mark: SignedMark | undefined;
  logFolder: string | undefined;
}): RestoreResult {
  const { manifest, headSize, erased, tookMs, mark, logFolder } = done;
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
  const missing = Math.max(0, (mark?.size ?? 0) - headSize);
  const lines = [
    `Restored as of ${manifest.madeAt}: ${rows} rows, ${manifest.files} files, the log up to ${headSize} entries with the root that was signed, in ${(tookMs / 1000).toFixed(1)} s.`,
    `${erased} erasures that came after the backup were carried out again.`,
  ];
  if (logFolder === undefined)
    lines.push(
      `Erasures after ${manifest.madeAt} are not known: where the folder log of the old data folder was saved, restore again and name it with --log.`,
    );
  if (!manifest.withKeys)
    lines.push('The keys were not in the backup: put the folder keys into the data folder before you start.');
  if (missing === 0)
    lines.push(
      'Before you start it, be sure that the old server is stopped for good: two of them would show two histories.',
    );
  else
    lines.push(
      `The log was signed up to ${mark?.size} entries: ${missing} more than this backup holds. The server does not start on it, because going on would show two histories.`,
      'Restore a newer backup. If there is none, docs/backup.md says what can still be done, and what cannot.',
    );
  return { said: lines.join('\n'), mayStart: missing === 0 };
}
