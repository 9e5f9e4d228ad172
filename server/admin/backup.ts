// `backup`: everything that is needed to stand the platform up again, out of one snapshot, beside a running server or alone.
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Config } from '../config.ts';
import { registerPath } from '../ledger/erasure-register.ts';
import { keyFolder } from '../ledger/log-key.ts';
import { markPath } from '../ledger/signed-mark.ts';
import { readFileInPieces } from '../storage/file-store.ts';
import { listAllFiles } from '../storage/files.ts';
import { findLatestCheckpoint } from '../storage/log-store.ts';
import type { Queryable } from '../storage/queryable.ts';
import {
  hasTables,
  inSnapshot,
  listMigrations,
  listTables,
  readCounters,
  readRows,
} from '../storage/table-copy.ts';
import { openDatabaseBeside } from '../stores.ts';
import type { Manifest, Part } from './backup-folder.ts';
import { backupFormat, makeEmptyFolder, writeManifest, writePart } from './backup-folder.ts';
import { storeOperatorEntry } from './operator-entry.ts';

const pieceBytes = 256 * 1024;

export interface BackupResult {
  readonly said: string;
  /** False when files were damaged before they came here. */
  readonly sound: boolean;
}

export async function makeBackup(
  config: Config,
  { folder, withKeys }: { folder: string; withKeys: boolean },
): Promise<BackupResult> {
  await makeEmptyFolder(folder);
  const startedAt = Date.now();
  const db = await openDatabaseBeside(config);
  try {
    if (!(await hasTables(db.pool))) throw new Error('There is nothing here yet that could be kept.');
    // In the backup too: whoever restores it sees when it was made.
    await storeOperatorEntry(db.pool, 'backup', { keys: withKeys });
    const parts: Part[] = [];
    // Before the rows: they then contain what the mark says.
    parts.push(...(await copyIfThere(folder, 'log/last-signed.json', markPath(config.dataDir))));
    const copied = await inSnapshot(db.pool, async (client) => {
      const tables = await copyTables(client, folder, parts);
      const checkpoint = await findLatestCheckpoint(client);
      if (!checkpoint) throw new Error('The log has signed nothing yet. Start the server once.');
      const files = await copyFiles(client, folder, config.storageUrl, parts);
      return {
        tables,
        ...files,
        checkpoint: checkpoint.note,
        counters: await readCounters(client),
        migrations: await listMigrations(client),
      };
    });
    // After the rows: what was erased meanwhile goes again.
    parts.push(...(await copyIfThere(folder, 'log/erasures.jsonl', registerPath(config.dataDir))));
    if (withKeys)
      for (const name of await readdir(keyFolder(config.dataDir)))
        parts.push(...(await copyIfThere(folder, `keys/${name}`, join(keyFolder(config.dataDir), name))));
    const manifest: Manifest = {
      format: backupFormat,
      madeAt: new Date(startedAt).toISOString(),
      ...copied,
      withKeys,
      parts,
    };
    await writeManifest(folder, manifest);
    return report(manifest, folder, Date.now() - startedAt);
  } finally {
    await db.stop();
  }
}

function report(manifest: Manifest, folder: string, tookMs: number): BackupResult {
  const rows = manifest.tables.reduce((sum, { rows: count }) => sum + count, 0);
  const bytes = manifest.parts.reduce((sum, part) => sum + part.bytes, 0);
  const size = manifest.checkpoint.split('\n')[1];
  const lines = [
    `The backup is in ${folder}: ${rows} rows of ${manifest.tables.length} tables, ${manifest.files} files, ${(bytes / 1e6).toFixed(1)} MB, in ${(tookMs / 1000).toFixed(1)} s.`,
    `It contains the log up to ${size} entries, as signed.`,
    manifest.withKeys
      ? 'The keys are in it, and everything can be read: lock it up, and encrypt it where it lies.'
      : `The keys are not in it: keep a copy of the folder keys elsewhere. Everything else can be read: encrypt it where it lies.`,
    ...manifest.damagedFiles.map((id) => `DAMAGED: file ${id} is not what was stored, or not there.`),
  ];
  return { said: lines.join('\n'), sound: manifest.damagedFiles.length === 0 };
}

async function copyTables(client: Queryable, folder: string, parts: Part[]): Promise<Manifest['tables']> {
  const tables: Manifest['tables'][number][] = [];
  for (const table of await listTables(client)) {
    let rows = 0;
    const part = `tables/${table.table}.jsonl.gz`;
    async function* lines(): AsyncGenerator<string> {
      for await (const texts of readRows(client, table.table)) {
        rows += texts.length;
        yield `${texts.map((text) => JSON.stringify(text)).join('\n')}\n`;
      }
    }
    parts.push(await writePart(folder, part, lines(), true));
    tables.push({ ...table, rows, part });
  }
  return tables;
}

async function copyFiles(
  client: Queryable,
  folder: string,
  storageUrl: string,
  parts: Part[],
): Promise<{ files: number; damagedFiles: string[] }> {
  const damagedFiles: string[] = [];
  let files = 0;
  for (const { fileId: id, sha256 } of await listAllFiles(client)) {
    const path = `files/${id.slice(-2)}/${id}`;
    try {
      const part = await writePart(folder, path, readFileInPieces(storageUrl, id, pieceBytes), false);
      parts.push(part);
      files += 1;
      if (part.sha256 !== sha256.toString('hex')) damagedFiles.push(id);
    } catch (error) {
      await rm(join(folder, path), { force: true });
      // Erased since the snapshot, or lost: an erasure is in the register, and a loss is told.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      damagedFiles.push(id);
    }
  }
  return { files, damagedFiles };
}

/** A small file of the data folder, as one piece: it may be replaced while it is read. */
async function copyIfThere(folder: string, path: string, from: string): Promise<Part[]> {
  let bytes: Buffer;
  try {
    bytes = await readFile(from);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return [await writePart(folder, path, Readable.from([bytes]), false)];
}
