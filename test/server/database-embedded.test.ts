// The embedded database through its whole life: first and later starts, one owner, crashes of either side, a clean end.
import assert from 'node:assert/strict';
import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import pg from 'pg';
import { type Database, openDatabase } from '../../server/storage/database.ts';
import { inTransaction } from '../../server/storage/transaction.ts';
import { type OwnerProcess, startOwner } from '../harness/owner-process.ts';
import { databaseProcesses, serverPid, until } from '../harness/servers.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const home = mkdtempSync(join(tmpdir(), 'medallion-embedded-'));
after(() => rmSync(home, { recursive: true, force: true }));

const onlyLinux = process.platform === 'linux' ? false : 'needs /proc';

// Tests share a folder, since making one takes the longest; those that break it or need a first start take a new one.
let dataDir = '';
function takeNewFolder(): void {
  dataDir = join(mkdtempSync(join(home, 'new-')), 'data');
}

const opened: Database[] = [];
async function open(): Promise<Database> {
  const database = await openDatabase({ dataDir, databaseUrl: undefined }, silent);
  opened.push(database);
  return database;
}
// A test that failed half-way must not leave a server behind.
afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.stop()));
});

async function storedNumbers(): Promise<number[]> {
  const database = await open();
  const answer = await database.pool.query<{ number: number }>('SELECT number FROM written ORDER BY number');
  await database.stop();
  return answer.rows.map(({ number }) => number);
}

describe('the embedded database', () => {
  before(takeNewFolder);

  it('makes itself on the first start and is the same on the second', async () => {
    const first = await open();
    assert.equal(first.kind, 'embedded');
    await first.pool.query("CREATE TABLE kept AS SELECT 'Aśa — नमस्ते' AS word");
    await first.stop();
    const second = await open();
    const answer = await second.pool.query('SELECT word FROM kept');
    assert.deepEqual(answer.rows, [{ word: 'Aśa — नमस्ते' }]);
    await second.stop();
  });

  it('is durable, checked, deaf to the network, and serves the application without superuser rights', async () => {
    const database = await open();
    const setting = async (name: string) => {
      const answer = await database.pool.query<{ value: string }>('SELECT current_setting($1) AS value', [
        name,
      ]);
      return answer.rows[0]?.value;
    };
    assert.equal(await setting('fsync'), 'on');
    assert.equal(await setting('synchronous_commit'), 'on');
    assert.equal(await setting('full_page_writes'), 'on');
    assert.equal(await setting('data_checksums'), 'on');
    assert.equal(await setting('server_encoding'), 'UTF8');
    assert.equal(await setting('listen_addresses'), '');
    assert.equal(await setting('statement_timeout'), '15s');
    assert.equal(await setting('lock_timeout'), '10s');
    assert.equal(await setting('idle_in_transaction_session_timeout'), '30s');
    const role = await database.pool.query('SELECT rolsuper FROM pg_roles WHERE rolname = current_user');
    assert.deepEqual(role.rows, [{ rolsuper: false }]);
    assert.equal(statSync(join(dataDir, 'postgres')).mode & 0o777, 0o700);
    await database.stop();
  });

  it('returns int8 as a number and refuses one that a number cannot hold', async () => {
    const database = await open();
    const answer = await database.pool.query(
      `SELECT 9007199254740991::int8 AS long, '1931-02-28'::date AS day, 1.10::numeric AS decimal, '\\x00ff'::bytea AS bytes`,
    );
    assert.deepEqual(answer.rows, [
      { long: 9007199254740991, day: '1931-02-28', decimal: '1.10', bytes: Buffer.from([0, 255]) },
    ]);
    await assert.rejects(database.pool.query('SELECT 9007199254740992::int8'), RangeError);
    await assert.rejects(database.pool.query('SELECT -9007199254740992::int8'), RangeError);
    await database.stop();
  });

  it('leaves no process behind when it stops, and may be stopped twice', async () => {
    const database = await open();
    assert.notDeepEqual(databaseProcesses(dataDir), []);
    const held = await database.pool.connect();
    held.on('error', () => undefined);
    await Promise.all([database.stop(), database.stop()]);
    await database.stop();
    assert.deepEqual(databaseProcesses(dataDir), []);
  });

  it('writes nothing of what was asked or stored into its log', async () => {
    const database = await open();
    const name = 'Asha Rao 9845012345';
    await database.pool.query('CREATE TABLE person (name text PRIMARY KEY, age int CHECK (age < 150))');
    await database.pool.query('INSERT INTO person VALUES ($1, 1)', [name]);
    const failing: readonly (readonly [string, unknown[]])[] = [
      ['INSERT INTO person VALUES ($1, 1)', [name]],
      ['INSERT INTO person VALUES ($1, 151)', [name]],
      ['SELECT $1::int', [name]],
      [`SELECT '${name}'::int`, []],
      [`SELECT "${name}" FROM person`, []],
      [`DO $$ BEGIN RAISE WARNING '${name}'; END $$`, []],
    ];
    for (const [statement, values] of failing) {
      await database.pool.query(statement, values).catch(() => undefined);
    }
    await database.stop();
    const written = readFileSync(join(dataDir, 'postgres.log'), 'utf8');
    assert.match(written, /database system is ready/);
    assert.ok(!written.includes('Asha'));
    assert.ok(!written.includes('9845012345'));
  });

  it('works in a folder whose path is too long for a socket', async () => {
    dataDir = join(home, 'a'.repeat(60), 'b'.repeat(60), 'data');
    const database = await open();
    assert.equal((await database.pool.query('SELECT 1')).rowCount, 1);
    await database.stop();
  });

  it('is not disturbed by spaces and quotes in its path', async () => {
    dataDir = join(home, `Dr. O'Neil "& sons" $HOME %41`);
    const database = await open();
    assert.equal((await database.pool.query('SELECT 1')).rowCount, 1);
    await database.stop();
  });

  it('says so when the folder cannot be one', async () => {
    takeNewFolder();
    writeFileSync(dataDir, 'a file');
    await assert.rejects(open(), { name: 'DataFolderError', code: 'data-folder' });
  });

  it('says so when another version of PostgreSQL made the folder', async () => {
    takeNewFolder();
    mkdirSync(join(dataDir, 'postgres'), { recursive: true });
    writeFileSync(join(dataDir, 'postgres', 'PG_VERSION'), '14\n');
    await assert.rejects(open(), { name: 'DataFolderError', message: /PostgreSQL 14/ });
  });
});

describe('one owner per data folder', () => {
  before(takeNewFolder);

  it('refuses a second process, naming the folder and the pid of the first', async () => {
    const owner = startOwner(dataDir);
    assert.equal(await owner.firstLine, 'ready');
    await assert.rejects(open(), (error: Error & { code?: string }) => {
      assert.equal(error.name, 'DataFolderInUseError');
      assert.equal(error.code, 'data-folder-in-use');
      assert.ok(error.message.includes(dataDir));
      assert.ok(error.message.includes(String(owner.child.pid)));
      return true;
    });
    await owner.stop();
    await (await open()).stop();
  });

  it('refuses a second opening within the same process', async () => {
    const database = await open();
    await assert.rejects(open(), { code: 'data-folder-in-use' });
    assert.equal((await database.pool.query('SELECT 1')).rowCount, 1);
    await database.stop();
  });

  it('lets exactly one of several simultaneous first starts through', async () => {
    takeNewFolder();
    const owners = Array.from({ length: 4 }, () => startOwner(dataDir));
    const said = await Promise.all(owners.map(({ firstLine }) => firstLine));
    assert.equal(said.filter((line) => line === 'ready').length, 1);
    assert.equal(said.filter((line) => line.startsWith('error DataFolderInUseError')).length, 3);
    await Promise.all(owners.map((owner) => owner.stop()));
  });
});

describe('after kill -9 of the owner', () => {
  before(takeNewFolder);

  const writeAndKill = async (): Promise<OwnerProcess> => {
    const owner = startOwner(dataDir, { task: 'write' });
    await owner.firstLine;
    await until(() => owner.acknowledged().length >= 50);
    await owner.kill();
    return owner;
  };

  it('the next start takes over at once and has every acknowledged row', async () => {
    for (let round = 0; round < 3; round += 1) {
      const owner = await writeAndKill();
      const stored = new Set(await storedNumbers());
      assert.deepEqual(
        owner.acknowledged().filter((number) => !stored.has(number)),
        [],
      );
    }
  });

  it('the server goes by itself', async () => {
    await writeAndKill();
    await until(() => databaseProcesses(dataDir).length === 0);
  });

  it('a server whose watchdog was killed too is stopped by the next start', { skip: onlyLinux }, async () => {
    const owner = startOwner(dataDir, { task: 'write' });
    await owner.firstLine;
    await until(() => owner.acknowledged().length >= 5);
    const orphan = serverPid(dataDir);
    for (const pid of databaseProcesses(dataDir)) if (isShell(pid)) process.kill(pid, 'SIGKILL');
    await owner.kill();
    const stored = new Set(await storedNumbers());
    assert.ok(owner.acknowledged().every((number) => stored.has(number)));
    assert.ok(!databaseProcesses(dataDir).includes(orphan));
  });

  it('CRASH-10 at any moment of a start, a later start succeeds', async () => {
    takeNewFolder();
    for (let round = 0; round < 8; round += 1) {
      const owner = startOwner(dataDir, { task: 'write' });
      await new Promise((resolve) => setTimeout(resolve, 100 + round * 90));
      await owner.kill();
    }
    const database = await open();
    assert.equal((await database.pool.query('SELECT 1')).rowCount, 1);
    await database.stop();
  });

  it('a pid file that now names a stranger does not keep the database from starting', async () => {
    await (await open()).stop();
    const cluster = join(dataDir, 'postgres');
    const owner = statSync(cluster);
    writeFileSync(join(cluster, 'postmaster.pid'), `${process.pid}\n${cluster}\n1\n5432\n.\n\n`, {
      mode: 0o600,
    });
    writeFileSync(join(cluster, '.s.PGSQL.5432.lock'), `${process.pid}\n`, { mode: 0o600 });
    if (process.getuid?.() === 0) {
      chownSync(join(cluster, 'postmaster.pid'), owner.uid, owner.gid);
      chownSync(join(cluster, '.s.PGSQL.5432.lock'), owner.uid, owner.gid);
    }
    await (await open()).stop();
  });
});

describe('CRASH-02 under the running application', () => {
  before(takeNewFolder);

  const shellOf = () => {
    const status = readFileSync(`/proc/${serverPid(dataDir)}/status`, 'utf8');
    return Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]);
  };
  const victims: readonly (readonly [string, () => number])[] = [
    ['the database server', () => serverPid(dataDir)],
    ['the shell that watches it', shellOf],
  ];
  for (const [name, victim] of victims) {
    it(
      `kill -9 of ${name} costs no acknowledged row, and it is started again`,
      { skip: onlyLinux },
      async () => {
        const database = await open();
        await database.pool.query('DROP TABLE IF EXISTS written');
        await database.pool.query('CREATE TABLE written (number int)');
        for (let round = 1; round <= 2; round += 1) {
          await database.pool.query('INSERT INTO written VALUES ($1)', [round]);
          const oldServer = serverPid(dataDir);
          process.kill(victim(), 'SIGKILL');
          // A connection of the old server may answer once more before it notices.
          await until(() => hasOtherServer(oldServer));
          await until(() =>
            database.pool.query('SELECT 1').then(
              () => true,
              () => false,
            ),
          );
          const answer = await database.pool.query('SELECT number FROM written WHERE number > 0');
          assert.equal(answer.rowCount, round);
        }
        await database.stop();
        // The other half of a shell that was killed takes a moment longer.
        await until(() => databaseProcesses(dataDir).length === 0);
      },
    );
  }

  it('CRASH-06 a server that stops answering costs a transaction an error and the pool nothing', async () => {
    const database = await open();
    await database.pool.query('DROP TABLE IF EXISTS written');
    await database.pool.query('CREATE TABLE written (number int)');
    const pool = new pg.Pool({ ...database.connection, query_timeout: 2000, max: 1 });
    pool.on('error', () => undefined);
    const stalled = inTransaction(pool, async (client) => {
      await client.query('INSERT INTO written VALUES (1)');
      for (const pid of databaseProcesses(dataDir)) process.kill(pid, 'SIGSTOP');
      await client.query('INSERT INTO written VALUES (2)');
    });
    await assert.rejects(stalled, /timeout/).finally(() => {
      for (const pid of databaseProcesses(dataDir)) process.kill(pid, 'SIGCONT');
    });
    assert.equal((await pool.query('SELECT FROM written')).rowCount, 0);
    await pool.end();
  });

  function hasOtherServer(old: number): boolean {
    try {
      return serverPid(dataDir) !== old;
    } catch {
      // Between two servers there is no pid file.
      return false;
    }
  }
});

function isShell(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() !== 'postgres';
  } catch {
    return false;
  }
}
