// One PostgreSQL for a whole test run, with a template database that is migrated once. Must not know node:test.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../../server/storage/migrate.ts';
import { connectionUrl } from '../../server/storage/database.ts';
import { type EmbeddedConnection, startEmbedded } from '../../server/storage/embedded/launcher.ts';

/** Where a test process finds the cluster that the runner started: JSON of the superuser's connection. */
export const clusterVariable = 'MEDALLION_TEST_CLUSTER';
export const templateDatabase = 'medallion_template';

export interface TestCluster {
  readonly superuser: EmbeddedConnection;
  stop(): Promise<void>;
}

const silent = { info: () => undefined, warn: () => undefined, error: console.error };

/** Nothing here outlives the run, so nothing is synced: crash tests start a server of their own. */
const fastSettings = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  max_connections: '200',
};

/** Starts a cluster in a temporary folder and migrates the template. */
export async function startTestCluster(): Promise<TestCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'medallion-test-'));
  const embedded = await startEmbedded(folder, silent, fastSettings);
  const cluster: TestCluster = {
    superuser: embedded.superuserConnection,
    async stop() {
      await embedded.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    await makeTemplate(embedded.superuserConnection, embedded.connection.user);
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

async function makeTemplate(superuser: EmbeddedConnection, owner: string): Promise<void> {
  const client = new pg.Client(superuser);
  await client.connect();
  await client.query(`CREATE DATABASE ${templateDatabase} OWNER ${owner}`);
  await client.end();
  const url = connectionUrl({ ...superuser, user: owner, database: templateDatabase });
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  await migrate(pool);
  // A database with a connection to it cannot be cloned.
  await pool.end();
}
