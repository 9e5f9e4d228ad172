// Opens the one database, embedded or by DATABASE_URL, and runs transactions on it. Must not know any table.
import pg from 'pg';
import type { Config } from '../config.ts';
import { askedTogether } from './asked-together.ts';
import { DatabaseUnavailableError, DatabaseUrlError, DatabaseVersionError } from './database-errors.ts';
import { type EmbeddedConnection, type Log, startEmbedded } from './embedded/launcher.ts';
import type { Queryable } from './queryable.ts';

export interface Database {
  readonly kind: 'embedded' | 'external';
  readonly pool: pg.Pool;
  /**
   * For the named statements of every request, which go by keys: one plan serves whatever the values are, where the planner would
   * make a new one each time because the lists it is given are shorter than it supposes.
   */
  readonly steady: pg.Pool;
  /** For the reads of every request that go by keys: those that come together are sent together. Never for a write. */
  readonly asks: Queryable;
  /** For clients outside the pool (listeners, pipelines): time limits and types as in the pool. Never log it. */
  readonly connection: pg.ClientConfig;
  /** Ends the pool, and the embedded server with it. May be called twice. */
  stop(): Promise<void>;
}

export interface DatabaseOptions {
  /** Connections in the pool; 10 unless told. The embedded server takes 60 in all. */
  readonly poolSize?: number;
}

const minimumVersion = 150_000;

/**
 * How values come back: int8 as number (an unsafe one fails the query), date and numeric as text, timestamptz as Date
 * (milliseconds), bytea as Buffer, json and jsonb parsed.
 */
const valueTypes = new pg.TypeOverrides();
const int8Type = 20;
const dateType = 1082;
const timestamptzType = pg.types.builtins.TIMESTAMPTZ;
const plainTimestamp = pg.types.getTypeParser(timestamptzType) as unknown as (text: string) => unknown;
valueTypes.setTypeParser(int8Type, parseSafeInteger);
valueTypes.setTypeParser(dateType, String);
valueTypes.setTypeParser(timestamptzType, parseTimestamp);

/** A stalled database costs a request an error, never the server its last connection. */
const limits: pg.ClientConfig = {
  application_name: 'medallion',
  connectionTimeoutMillis: 5_000,
  statement_timeout: 15_000,
  lock_timeout: 10_000,
  idle_in_transaction_session_timeout: 30_000,
  // The server's own limit answers first; this one is for a server that has stopped answering.
  query_timeout: 18_000,
  keepAlive: true,
  types: valueTypes,
};

/**
 * Starts the embedded database or connects to the external one, and proves it with a query. Runs no migration.
 * @throws DatabaseUrlError, DatabaseUnavailableError, DatabaseVersionError, or what `startEmbedded` throws
 */
export async function openDatabase(
  config: Pick<Config, 'dataDir' | 'databaseUrl'>,
  log: Log,
  options: DatabaseOptions = {},
): Promise<Database> {
  if (config.databaseUrl === undefined) {
    const embedded = await startEmbedded(config.dataDir, log);
    return assemble('embedded', embedded.connection, log, options, () => embedded.stop());
  }
  const external = readConnectionString(config.databaseUrl);
  await proveExternal(external);
  return assemble('external', external, log, options, async () => undefined);
}

/** The same database for a process that needs a plain address, such as a child with DATABASE_URL. */
export function connectionUrl(connection: EmbeddedConnection): string {
  const user = encodeURIComponent(connection.user);
  const database = encodeURIComponent(connection.database);
  return `postgresql://${user}@localhost:${connection.port}/${database}?host=${encodeURIComponent(connection.host)}`;
}

function assemble(
  kind: Database['kind'],
  where: pg.ClientConfig,
  log: Log,
  options: DatabaseOptions,
  stopServer: () => Promise<void>,
): Database {
  const connection: pg.ClientConfig = { ...limits, ...where };
  const pool = new Pool({ ...connection, max: options.poolSize ?? 10, idleTimeoutMillis: 60_000 });
  // Without a listener the loss of an idle connection would end the process.
  const steady = new Pool({ ...connection, ...onePlan(connection), max: 6, idleTimeoutMillis: 60_000 });
  for (const one of [pool, steady])
    one.on('error', (error) => log.warn({ code: errorCode(error) }, 'an idle database connection was lost'));
  let stopped: Promise<void> | undefined;
  return {
    kind,
    pool,
    steady,
    asks: askedTogether(steady),
    connection,
    stop() {
      stopped ??= (async () => {
        // A connection that is never given back must not keep the server up: shutdown cuts it.
        const ended = Promise.all([pool.end(), steady.end()]);
        await Promise.race([ended, after(3_000)]);
        await stopServer();
      })();
      return stopped;
    },
  };
}

/**
 * The driver's pool, except that a statement which the database refused does not cost its connection: where two writers meet, one
 * is refused, and a new connection for each such meeting would take a hundred times as long as the statement.
 */
class Pool extends pg.Pool {
  constructor(options: pg.PoolConfig) {
    super(options);
    this.query = (async (statement: pg.QueryConfig | string, values?: unknown[]) => {
      const client = await this.connect();
      let broken: Error | undefined;
      const onError = (error: Error): void => {
        broken = error;
      };
      client.on('error', onError);
      try {
        return await client.query(statement as pg.QueryConfig, values);
      } catch (error) {
        if (!isRefusal(error)) broken ??= error instanceof Error ? error : new Error('unknown');
        throw error;
      } finally {
        client.off('error', onError);
        client.release(broken);
      }
    }) as pg.Pool['query'];
  }
}

function onePlan({ options = '' }: pg.ClientConfig): pg.ClientConfig {
  return { options: `${options} -c plan_cache_mode=force_generic_plan`.trim() };
}

/** The server answered that it will not do this, and waits for the next statement. */
function isRefusal(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.severity === 'ERROR';
}

function after(timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, timeoutMs).unref();
  });
}

function readConnectionString(databaseUrl: string): pg.ClientConfig {
  const scheme = URL.canParse(databaseUrl) ? new URL(databaseUrl).protocol : '';
  if (scheme !== 'postgres:' && scheme !== 'postgresql:') {
    throw new DatabaseUrlError('DATABASE_URL must look like postgresql://user:password@host:5432/database.');
  }
  return { connectionString: databaseUrl };
}

async function proveExternal(where: pg.ClientConfig): Promise<void> {
  let client: pg.Client;
  try {
    client = new pg.Client({ ...limits, ...where });
  } catch {
    // A certificate file that is not there, for one. The driver's message may quote the address.
    throw new DatabaseUrlError(
      'DATABASE_URL cannot be used: its options are wrong or name a file that is not there.',
    );
  }
  client.on('error', () => undefined);
  try {
    await client.connect();
    const answer = await client.query<{ version: number }>(
      `SELECT current_setting('server_version_num')::int AS version`,
    );
    requireVersion(answer.rows[0]?.version ?? 0);
  } catch (error) {
    throw explain(error, `${client.host}:${client.port}`, client.user ?? '', client.database ?? '');
  } finally {
    await client.end().catch(() => undefined);
  }
}

function requireVersion(version: number): void {
  if (version >= minimumVersion) return;
  const major = Math.floor(version / 10_000);
  throw new DatabaseVersionError(`DATABASE_URL leads to PostgreSQL ${major}; 15 or newer is needed.`);
}

function explain(error: unknown, where: string, user: string, database: string): Error {
  if (error instanceof DatabaseVersionError) return error;
  const code = errorCode(error) ?? '';
  const reason = error instanceof Error ? error.message : 'unknown';
  if (code === '28P01' || code === '28000') {
    return new DatabaseUrlError(
      `DATABASE_URL: the server at ${where} refuses user "${user}" or the password.`,
    );
  }
  // The driver says this when a password is asked for and none was given.
  if (reason.includes('password must be a string')) {
    return new DatabaseUrlError(`DATABASE_URL: the server at ${where} wants a password for user "${user}".`);
  }
  if (code === '3D000') {
    return new DatabaseUrlError(`DATABASE_URL: the server at ${where} has no database "${database}".`);
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new DatabaseUrlError(`DATABASE_URL: there is no host by the name in ${where}.`);
  }
  if (code === 'ECONNREFUSED' || code === 'ENOENT') {
    return new DatabaseUnavailableError(`DATABASE_URL: nothing answers at ${where}. Is the server running?`);
  }
  return new DatabaseUnavailableError(`DATABASE_URL: the server at ${where} cannot be used: ${reason}.`);
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

function parseSafeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value))
    throw new RangeError('An int8 from the database is beyond the safe integers.');
  return value;
}

/** As the driver reads it, in a tenth of the time where the server writes UTC, as ours does: every row has one. */
export function parseTimestamp(text: string): unknown {
  const last = text.length - 1;
  const plain =
    last >= 21 &&
    text.charCodeAt(0) !== 0x30 &&
    text.charCodeAt(4) === 0x2d &&
    text.charCodeAt(last - 2) === 0x2b &&
    text.charCodeAt(last - 1) === 0x30 &&
    text.charCodeAt(last) === 0x30;
  if (!plain) return plainTimestamp(text);
  const two = (at: number): number => text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 528;
  let milliseconds = 0;
  for (let at = 20, unit = 100; unit >= 1; at++, unit /= 10)
    milliseconds += at < last - 2 ? (text.charCodeAt(at) - 48) * unit : 0;
  const year = two(0) * 100 + two(2);
  return new Date(Date.UTC(year, two(5) - 1, two(8), two(11), two(14), two(17), milliseconds));
}
