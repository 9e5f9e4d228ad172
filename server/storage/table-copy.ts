// All rows of all tables as text, out of one snapshot and back in again, for backups that need no program of PostgreSQL's.
// A row travels as the database itself writes it (a composite value), so that nothing is lost or rounded. Must not know what tables mean.
import type pg from 'pg';
import type { Queryable } from './queryable.ts';

/** A counter of an identity column: which one, and where it stands. */
export interface Counter {
  table: string;
  column: string;
  /** The last value given; null when none was. */
  last: number | null;
}

export interface TableCopy {
  readonly table: string;
  /** As the database has them, in order: rows fit only where they are the same. */
  readonly columns: readonly string[];
}

const migrationsTable = 'schema_migration';
/** A fetch holds about this much, whatever a row weighs: one resource may have megabytes. */
const wantedBytes = 4_000_000;
const mostRows = 2_000;

/** Reads under one snapshot from first to last, however long `work` takes; nothing of it can be changed by anybody. */
export async function inSnapshot<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const onError = (error: Error): void => void (broken = error);
  client.on('error', onError);
  try {
    await client.query('begin isolation level repeatable read read only');
    await client.query('set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    broken ??= error instanceof Error ? error : new Error('unknown');
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

/** Every table but that of the migrations, each after those that its rows refer to. */
export async function listTables(db: Queryable): Promise<TableCopy[]> {
  const { rows } = await db.query({
    text: `select c.relname as "table", array_agg(a.attname::text order by a.attnum) as columns,
                  array(select distinct f.relname::text from pg_constraint k join pg_class f on f.oid = k.confrelid
                         where k.conrelid = c.oid and k.contype = 'f' and f.oid <> c.oid) as "refersTo"
             from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
            where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and c.relname <> $1
            group by c.oid order by c.relname`,
    values: [migrationsTable],
  });
  const left = rows as (TableCopy & { refersTo: string[] })[];
  const ordered: TableCopy[] = [];
  const placed = new Set<string>();
  while (left.length > 0) {
    const next = left.findIndex(({ refersTo }) => refersTo.every((name) => placed.has(name)));
    const { table, columns } = left.splice(Math.max(next, 0), 1)[0]!;
    placed.add(table);
    ordered.push({ table, columns });
  }
  return ordered;
}

export async function listMigrations(db: Queryable): Promise<{ name: string; checksum: string }[]> {
  const { rows } = await db.query({
    text: `select name, checksum from ${migrationsTable} order by number`,
  });
  return rows as { name: string; checksum: string }[];
}

/** Whether any table stands in this database. */
export async function hasTables(db: Queryable): Promise<boolean> {
  const { rows } = await db.query({
    text: `select exists (select from pg_class where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p', 'v', 'm')) as found`,
  });
  return (rows[0] as { found: boolean }).found;
}

/** Rows as text, some at a time. Only inside a snapshot. */
export async function* readRows(client: Queryable, table: string): AsyncGenerator<string[]> {
  await client.query({
    text: `declare rows_of_table no scroll cursor for select t::text as row from ${quoted(table)} t`,
  });
  for (let count = 100; ;) {
    const { rows } = await client.query({ text: `fetch ${count} from rows_of_table` });
    if (rows.length === 0) break;
    const texts = (rows as { row: string }[]).map(({ row }) => row);
    yield texts;
    const bytes = texts.reduce((sum, one) => sum + one.length, 1);
    count = Math.max(1, Math.min(mostRows, Math.floor((wantedBytes / bytes) * texts.length)));
  }
  await client.query({ text: 'close rows_of_table' });
}

/** Only into empty tables, inside a transaction in which `withoutTriggers` was called. */
export async function insertRows(
  client: Queryable,
  { table, columns }: TableCopy,
  rows: readonly string[],
): Promise<void> {
  const names = columns.map(quoted);
  await client.query({
    text: `insert into ${quoted(table)} (${names.join(', ')}) overriding system value
           select ${names.map((name) => `(r.one).${name}`).join(', ')}
             from (select t::${quoted(table)} as one from unnest($1::text[]) t offset 0) r`,
    values: [rows],
  });
}

/** For a load of any length; ends with the transaction. */
export async function withoutTimeLimits(client: Queryable): Promise<void> {
  await client.query({
    text: `select set_config(name, '0', true) from unnest(array['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout']) name`,
  });
}

/** What a migration put there is in the backup too. */
export async function emptyTable(client: Queryable, table: string): Promise<void> {
  await client.query({ text: `delete from ${quoted(table)}` });
}

/** So that the first questions after a load are planned by what is there. */
export async function analyse(db: Queryable): Promise<void> {
  await db.query({ text: 'analyze' });
}

/** What triggers would compute is copied with the rest. They stand again when the transaction ends, whichever way. */
export async function withoutTriggers(
  client: Queryable,
  tables: readonly TableCopy[],
  state: 'disable' | 'enable',
): Promise<void> {
  for (const { table } of tables)
    await client.query({ text: `alter table ${quoted(table)} ${state} trigger user` });
}

/** The identity columns, and where their counters stand. */
export async function readCounters(db: Queryable): Promise<Counter[]> {
  const { rows } = await db.query({
    text: `select c.relname as "table", a.attname as "column",
                  pg_sequence_last_value(pg_get_serial_sequence(quote_ident(c.relname), a.attname)::regclass) as last
             from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attidentity <> '' and not a.attisdropped
            where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' order by 1, 2`,
  });
  return rows as Counter[];
}

export async function setCounters(client: Queryable, counters: readonly Counter[]): Promise<void> {
  for (const { table, column, last } of counters)
    if (last !== null)
      await client.query({
        text: `select setval(pg_get_serial_sequence(quote_ident($1), $2)::regclass, $3)`,
        values: [table, column, last],
      });
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
