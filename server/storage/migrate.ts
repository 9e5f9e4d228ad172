// Brings the schema to the version of this code: ordered files, each in its own transaction, recorded with its checksum.
// Must not know what the files contain.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';

/** The files and the database do not belong together, or a file is wrong. Nothing of the named migration was applied. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
  readonly code = 'migration';
}

/** The folder of the application's own migrations. */
export const migrationsFolder = join(import.meta.dirname, 'migrations');

interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

interface AppliedMigration {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
}

/** Any constant; the same for every process that migrates this database. */
const advisoryLock = 0x6d65_646c;

/** The pool's clients give up on an answer after a while; the longest the driver's timer can hold takes its place. */
const withoutTimeLimit = { query_timeout: 2_147_483_647 };

/**
 * Applies what is missing, in order; several processes may call at once. A crash leaves whole migrations only: the next
 * call goes on from there.
 * @param folder holds `NNNN-name.sql`, from 0001 without a gap
 * @returns the names applied by this call
 * @throws MigrationError when the database is newer than the files, a file was changed after it was applied, or one is missing
 */
export async function migrate(pool: pg.Pool, folder: string = migrationsFolder): Promise<string[]> {
  const migrations = readMigrations(folder);
  const client = await pool.connect();
  let broken = true;
  try {
    // Another process may be at a long migration: wait as long as it takes.
    await client.query('SET lock_timeout = 0; SET statement_timeout = 0; SET client_min_messages = warning');
    await client.query({ text: 'SELECT pg_advisory_lock($1)', values: [advisoryLock], ...withoutTimeLimit });
    const applied = await applyMissing(client, migrations);
    await client.query('SELECT pg_advisory_unlock($1)', [advisoryLock]);
    await client.query('RESET lock_timeout; RESET statement_timeout; RESET client_min_messages');
    broken = false;
    return applied;
  } finally {
    // Closing the connection gives the lock back, whatever state an error left it in.
    client.release(broken);
  }
}

/** Reads and checks the files of a folder. @throws MigrationError */
function readMigrations(folder: string): Migration[] {
  const migrations = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => readMigration(folder, name));
  migrations.forEach((migration, index) => {
    if (migration.number !== index + 1) {
      throw new MigrationError(
        `The migrations must be numbered from 0001 without gap or double: ${migration.name} is file ${index + 1}.`,
      );
    }
  });
  return migrations;
}

function readMigration(folder: string, name: string): Migration {
  const number = /^(\d{4})-[a-z0-9-]+\.sql$/.exec(name)?.[1];
  if (number === undefined)
    throw new MigrationError(`The migration ${name} must be named like 0001-people.sql.`);
  // A checkout with other line ends is the same migration.
  const sql = readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n');
  return { number: Number(number), name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
}

async function applyMissing(client: pg.PoolClient, migrations: readonly Migration[]): Promise<string[]> {
  await client.query(`CREATE TABLE IF NOT EXISTS schema_migration (
    number integer PRIMARY KEY,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
  )`);
  const answer = await client.query<AppliedMigration>(
    'SELECT number, name, checksum FROM schema_migration ORDER BY number',
  );
  answer.rows.forEach((row, index) => requireSame(row, migrations[index]));
  const missing = migrations.slice(answer.rows.length);
  for (const migration of missing) await apply(client, migration);
  return missing.map(({ name }) => name);
}

function requireSame(applied: AppliedMigration, migration: Migration | undefined): void {
  if (migration === undefined) {
    throw new MigrationError(
      `The database is newer than this version of Medallion: it has migration ${applied.name}. Install the newer version.`,
    );
  }
  if (applied.number !== migration.number) {
    throw new MigrationError(
      `The database has migration ${applied.name} where ${migration.name} belongs: its record has a gap.`,
    );
  }
  if (applied.checksum !== migration.checksum) {
    throw new MigrationError(
      `The migration ${migration.name} was changed after the database got it. Add a new migration instead.`,
    );
  }
}

async function apply(client: pg.PoolClient, migration: Migration): Promise<void> {
  try {
    await client.query('BEGIN');
    const before = await currentTransaction(client);
    await client.query({ text: migration.sql, ...withoutTimeLimit });
    if ((await currentTransaction(client)) !== before) {
      throw new MigrationError(`The migration ${migration.name} ends the transaction it runs in.`);
    }
    await client.query('INSERT INTO schema_migration (number, name, checksum) VALUES ($1, $2, $3)', [
      migration.number,
      migration.name,
      migration.checksum,
    ]);
    // A crash before this line leaves nothing of the migration, one after it all of it.
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    if (error instanceof MigrationError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new MigrationError(`The migration ${migration.name} failed: ${reason}`, { cause: error });
  }
}

async function currentTransaction(client: pg.PoolClient): Promise<string> {
  const answer = await client.query<{ id: string }>('SELECT pg_current_xact_id()::text AS id');
  return answer.rows[0]?.id ?? '';
}
