// Migrations: in order, once, whole or not at all, whoever else is migrating and whenever somebody pulls the plug.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, afterEach, beforeEach, describe, it } from 'node:test';
import { migrate } from '../../server/storage/migrate.ts';
import { type FreshDatabase, freshDatabase } from '../harness/database.ts';
import { until } from '../harness/servers.ts';

const home = mkdtempSync(join(tmpdir(), 'medallion-migrate-'));
after(() => rmSync(home, { recursive: true, force: true }));

let database: FreshDatabase;
beforeEach(async () => {
  database = await freshDatabase({ empty: true });
});
afterEach(() => database.drop());

const people = ['0001-people.sql', 'CREATE TABLE people (id int PRIMARY KEY);'] as const;
const cards = [
  '0002-cards.sql',
  `CREATE TABLE cards (id int PRIMARY KEY);
   -- A body with its own semicolons.
   CREATE FUNCTION touch() RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; PERFORM 2; END $$;
   INSERT INTO cards VALUES (1), (2);`,
] as const;
const looks = ['0003-looks.sql', 'CREATE TABLE looks (id int PRIMARY KEY);'] as const;

function folderOf(...files: readonly (readonly [string, string])[]): string {
  const folder = mkdtempSync(join(home, 'set-'));
  for (const [name, sql] of files) writeFileSync(join(folder, name), sql);
  return folder;
}

async function tables(): Promise<string[]> {
  const answer = await database.pool.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'schema_migration' ORDER BY 1`,
  );
  return answer.rows.map(({ name }) => name);
}

function migrateInProcess(folder: string): { said: Promise<string>; kill(): void } {
  const program = join(import.meta.dirname, '..', 'harness', 'migrate-process.ts');
  const child = spawn(process.execPath, [program, database.url, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { said: text(child.stdout), kill: () => child.kill('SIGKILL') };
}

const refused = (message: RegExp) => ({ name: 'MigrationError', code: 'migration', message });

describe('migrations', () => {
  it('are applied in order, each once', async () => {
    assert.deepEqual(await migrate(database.pool, folderOf(people)), ['0001-people.sql']);
    const more = folderOf(people, cards, looks);
    assert.deepEqual(await migrate(database.pool, more), ['0002-cards.sql', '0003-looks.sql']);
    assert.deepEqual(await migrate(database.pool, more), []);
    assert.deepEqual(await tables(), ['cards', 'looks', 'people']);
    const answer = await database.pool.query('SELECT number, name FROM schema_migration ORDER BY number');
    assert.deepEqual(answer.rows, [
      { number: 1, name: '0001-people.sql' },
      { number: 2, name: '0002-cards.sql' },
      { number: 3, name: '0003-looks.sql' },
    ]);
  });

  it('are the same with other line ends', async () => {
    await migrate(database.pool, folderOf(people, cards));
    const [name, sql] = cards;
    assert.deepEqual(
      await migrate(database.pool, folderOf(people, [name, sql.replaceAll('\n', '\r\n')])),
      [],
    );
  });

  it('leave other files of the folder alone', async () => {
    assert.deepEqual(await migrate(database.pool, folderOf(people, ['README.md', 'not SQL'])), [people[0]]);
  });

  it('are refused when the database is newer than the code', async () => {
    await migrate(database.pool, folderOf(people, cards));
    await assert.rejects(migrate(database.pool, folderOf(people)), refused(/newer.*0002-cards\.sql/));
  });

  it('are refused when one was changed after it was applied', async () => {
    await migrate(database.pool, folderOf(people, cards));
    const changed = folderOf([people[0], `${people[1]} -- better`], cards, looks);
    await assert.rejects(migrate(database.pool, changed), refused(/0001-people\.sql was changed/));
    assert.deepEqual(await tables(), ['cards', 'people']);
  });

  it('are refused when the record of the database has a gap', async () => {
    await migrate(database.pool, folderOf(people, cards, looks));
    await database.pool.query('DELETE FROM schema_migration WHERE number = 2');
    await assert.rejects(migrate(database.pool, folderOf(people, cards, looks)), refused(/gap/));
  });

  const wrongFolders: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
    ['does not begin at 0001', [cards]],
    ['has a gap', [people, looks]],
    ['has a number twice', [people, ['0001-persons.sql', 'SELECT 1']]],
    ['has a file without a number', [people, ['cards.sql', 'SELECT 1']]],
    ['has a number of three digits', [['001-people.sql', 'SELECT 1']]],
  ];
  for (const [problem, files] of wrongFolders) {
    it(`are refused when the folder ${problem}`, async () => {
      await assert.rejects(migrate(database.pool, folderOf(...files)), refused(/^The migration/));
      assert.deepEqual(await tables(), []);
    });
  }

  it('leave nothing of one that fails, and go on from there when it is mended', async () => {
    const broken = folderOf(people, ['0002-cards.sql', 'CREATE TABLE cards (id int); SELECT 1 / 0;'], looks);
    await assert.rejects(migrate(database.pool, broken), refused(/0002-cards\.sql failed: division by zero/));
    assert.deepEqual(await tables(), ['people']);
    assert.deepEqual(await migrate(database.pool, folderOf(people, cards, looks)), [cards[0], looks[0]]);
  });

  it('must not end the transaction they run in', async () => {
    const folder = folderOf(['0001-people.sql', 'CREATE TABLE people (id int); COMMIT; SELECT 1;']);
    await assert.rejects(migrate(database.pool, folder), refused(/ends the transaction/));
  });

  it('are not cut short by the time limits of the pool', async () => {
    const slow = folderOf(['0001-slow.sql', 'SELECT pg_sleep(0.3)']);
    const client = await database.pool.connect();
    await client.query(`SET statement_timeout = '100ms'`);
    client.release();
    assert.deepEqual(await migrate(database.pool, slow), ['0001-slow.sql']);
    const answer = await database.pool.query<{ limit: string }>(
      `SELECT current_setting('statement_timeout') AS limit`,
    );
    assert.notEqual(answer.rows[0]?.limit, '0');
  });

  it('are applied once by several processes at once', async () => {
    const folder = folderOf(people, cards, looks);
    const said = await Promise.all([1, 2, 3].map(() => migrateInProcess(folder).said));
    assert.deepEqual(said.map((line) => line.trim()).sort(), [
      JSON.stringify(['0001-people.sql', '0002-cards.sql', '0003-looks.sql']),
      '[]',
      '[]',
    ]);
  });

  for (const statement of [1, 2, 3]) {
    it(`CRASH-08 are whole after kill -9 at statement ${statement} of the second`, async () => {
      // The statement in question waits for a lock that we hold, so that the kill finds it there and nowhere else.
      const gate = 'SELECT pg_advisory_xact_lock(7)';
      const statements = [
        'CREATE TABLE cards (id int)',
        'INSERT INTO cards VALUES (1)',
        'CREATE INDEX ON cards (id)',
      ];
      const stopped = statements.toSpliced(statement, 0, gate).join(';\n');
      const folder = folderOf(people, ['0002-cards.sql', stopped], looks);
      const holder = await database.pool.connect();
      await holder.query('SELECT pg_advisory_lock(7)');
      const migrating = migrateInProcess(folder);
      const waiting = `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = 7 AND NOT granted`;
      await until(async () => (await holder.query(waiting)).rowCount === 1);
      migrating.kill();
      await migrating.said;
      await holder.query('SELECT pg_advisory_unlock(7)');
      holder.release();
      assert.deepEqual(await migrate(database.pool, folder), ['0002-cards.sql', '0003-looks.sql']);
      assert.deepEqual(await tables(), ['cards', 'looks', 'people']);
      assert.equal((await database.pool.query('SELECT FROM cards')).rowCount, 1);
    });
  }
});
