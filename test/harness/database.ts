// A fresh, migrated database for a test file, cloned from the template. Uses the runner's cluster, or starts one for this
// process alone when the file is run by itself.
import { randomBytes } from 'node:crypto';
import { after } from 'node:test';
import pg from 'pg';
import { connectionUrl, openDatabase } from '../../server/storage/database.ts';
import type { EmbeddedConnection } from '../../server/storage/embedded/launcher.ts';
import { type TestCluster, clusterVariable, startTestCluster, templateDatabase } from './cluster.ts';

export interface FreshDatabase {
  readonly name: string;
  /** Usable as DATABASE_URL. */
  readonly url: string;
  readonly pool: pg.Pool;
  /** Ends the pool and drops the database, with whatever is still connected to it. */
  drop(): Promise<void>;
}

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

let ownCluster: Promise<TestCluster> | undefined;
after(async () => {
  // A cluster that did not start has failed its test already.
  const cluster = await ownCluster?.catch(() => undefined);
  await cluster?.stop();
});

/**
 * @param options.empty leave out the migrations; @param options.poolSize 10 unless told
 * @param options.cloneOf a database to begin as, that nobody is connected to
 */
export async function freshDatabase(
  options: { readonly empty?: boolean; readonly poolSize?: number; readonly cloneOf?: string } = {},
): Promise<FreshDatabase> {
  const superuser = await findCluster();
  const name = `test_${randomBytes(8).toString('hex')}`;
  const template = options.empty ? 'template0' : (options.cloneOf ?? templateDatabase);
  await asSuperuser(superuser, `CREATE DATABASE ${name} OWNER medallion TEMPLATE ${template}`);
  const url = connectionUrl({ ...superuser, user: 'medallion', database: name });
  const database = await openDatabase({ dataDir: '', databaseUrl: url }, silent, {
    poolSize: options.poolSize ?? 10,
  });
  return {
    name,
    url,
    pool: database.pool,
    async drop() {
      if (!database.pool.ended) await database.stop();
      await asSuperuser(superuser, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

async function findCluster(): Promise<EmbeddedConnection> {
  const shared = process.env[clusterVariable];
  if (shared !== undefined) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by our own runner
    return JSON.parse(shared) as EmbeddedConnection;
  }
  ownCluster ??= startTestCluster();
  return (await ownCluster).superuser;
}

async function asSuperuser(superuser: EmbeddedConnection, sql: string): Promise<void> {
  const client = new pg.Client(superuser);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
