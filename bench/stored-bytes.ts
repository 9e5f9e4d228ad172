// What the database holds for each resource: nothing but creates on an empty database, their leaves in the log, dead rows swept away.
// Usage: node bench/stored-bytes.ts [seconds]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { embeddedUrl } from './import-rate.ts';
import { measure } from './load.ts';
import { operations } from './operations.ts';
import { makePerson } from './people.ts';
import { startProgram } from './programs.ts';
import { databaseSizes } from './sizes.ts';

const seconds = Number(process.argv[2] ?? 10);
const connections = 16;
const folder = mkdtempSync(join(tmpdir(), 'medallion-stored-bytes-'));
const server = await startProgram('server/main.ts', { DATA_DIR: join(folder, 'data') }, '/');

try {
  const person = await makePerson(server.url, 0);
  const create = operations([person], connections).find(({ name }) => name === 'create');
  if (!create) throw new Error('nothing to measure');
  await measure({ url: server.url, connections, seconds, next: create.ours, expect: create.expect });
  // The log takes its leaves within a second.
  await sleep(2000);
  const databaseUrl = embeddedUrl(join(folder, 'data'));
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('vacuum');
  await client.end();
  const { bytes, resources, textBytes } = await databaseSizes(databaseUrl);
  console.log(
    `Stored for each of ${resources} resources of ${Math.round(textBytes / resources)} bytes: ${Math.round(bytes / resources)} bytes ` +
      `with search, indexes, audit and leaf, ${(bytes / textBytes).toFixed(2)} × its text (3 are allowed)`,
  );
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
