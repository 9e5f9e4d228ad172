// DATABASE_URL: every way it can be wrong gets a named error that says what to mend and never repeats the password.
import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { type Server, type Socket, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import pg from 'pg';
import { openDatabase } from '../../server/storage/database.ts';
import { startEmbedded } from '../../server/storage/embedded/launcher.ts';
import { freePort } from '../harness/free-port.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const secret = 'hunter2secret';
const folder = mkdtempSync(join(tmpdir(), 'medallion-url-'));
const closers: (() => Promise<void> | void)[] = [];
let port = 0;

before(async () => {
  port = await freePort();
  const server = await startEmbedded(folder, silent, {
    listen_addresses: '127.0.0.1',
    port: String(port),
    fsync: 'off',
  });
  closers.push(() => server.stop());
  appendFileSync(join(folder, 'postgres', 'pg_hba.conf'), 'host all all 127.0.0.1/32 scram-sha-256\n');
  const superuser = new pg.Client(server.superuserConnection);
  await superuser.connect();
  await superuser.query(`CREATE ROLE asha LOGIN PASSWORD '${secret}'`);
  await superuser.query('SELECT pg_reload_conf()');
  await superuser.end();
});
after(async () => {
  for (const close of closers.toReversed()) await close();
  rmSync(folder, { recursive: true, force: true });
});

const open = (databaseUrl: string) => openDatabase({ dataDir: folder, databaseUrl }, silent);

async function assertRefused(databaseUrl: string, name: string, says: RegExp): Promise<void> {
  await assert.rejects(open(databaseUrl), (error: Error & { code?: string }) => {
    assert.equal(error.name, name);
    assert.match(error.code ?? '', /^database-(url|unavailable|version)$/);
    assert.match(error.message, says);
    assert.ok(!error.message.includes(secret));
    return true;
  });
}

describe('DATABASE_URL', () => {
  it('opens an external server, which stays up when we stop', async () => {
    const url = `postgresql://asha:${secret}@127.0.0.1:${port}/medallion`;
    for (let round = 0; round < 2; round += 1) {
      const database = await open(url);
      assert.equal(database.kind, 'external');
      const answer = await database.pool.query('SELECT current_user AS name');
      assert.deepEqual(answer.rows, [{ name: 'asha' }]);
      await database.stop();
    }
  });

  it('with a wrong password is refused', async () => {
    const url = `postgresql://asha:${secret}x@127.0.0.1:${port}/medallion`;
    await assertRefused(url, 'DatabaseUrlError', /refuses user "asha" or the password/);
  });

  it('without a password where one is needed is refused', async () => {
    const url = `postgresql://asha@127.0.0.1:${port}/medallion`;
    await assertRefused(url, 'DatabaseUrlError', /password/);
  });

  it('with an unknown user is refused', async () => {
    const url = `postgresql://nobody-here:${secret}@127.0.0.1:${port}/medallion`;
    await assertRefused(url, 'DatabaseUrlError', /refuses user "nobody-here"/);
  });

  it('with an unknown database is refused', async () => {
    const url = `postgresql://asha:${secret}@127.0.0.1:${port}/nowhere`;
    await assertRefused(url, 'DatabaseUrlError', /no database "nowhere"/);
  });

  it('with an unknown host is refused', async () => {
    await assertRefused(`postgresql://asha:${secret}@nohost.invalid/x`, 'DatabaseUrlError', /no host/);
  });

  it('where nothing listens is refused', async () => {
    const closed = await freePort();
    await assertRefused(
      `postgresql://asha:${secret}@127.0.0.1:${closed}/x`,
      'DatabaseUnavailableError',
      /nothing answers/,
    );
    await assertRefused(
      `postgresql://asha:${secret}@localhost/x?host=${encodeURIComponent(folder)}`,
      'DatabaseUnavailableError',
      /nothing answers/,
    );
  });

  it('that demands encryption from a server without is refused', async () => {
    const url = `postgresql://asha:${secret}@127.0.0.1:${port}/medallion?sslmode=require`;
    await assertRefused(url, 'DatabaseUnavailableError', /SSL/);
  });

  const malformed = [
    'not an address',
    '',
    `mysql://asha:${secret}@127.0.0.1/x`,
    `postgresql://asha:${secret}@127.0.0.1:99999/x`,
    `postgresql://asha:${secret}@127.0.0.1/x?sslrootcert=/nowhere/${secret}.pem`,
  ];
  for (const url of malformed) {
    it(`that is malformed (${url.replace(secret, '…')}) is refused`, async () => {
      await assertRefused(url, 'DatabaseUrlError', /^DATABASE_URL /);
    });
  }

  it('that leads to something else than PostgreSQL is refused', async () => {
    const other = await listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await assertRefused(
      `postgresql://asha:${secret}@127.0.0.1:${other}/x`,
      'DatabaseUnavailableError',
      /cannot be used/,
    );
  });

  it('that leads to a server which never answers is refused after a while', async () => {
    const mute = await listen(() => undefined);
    await assertRefused(
      `postgresql://asha:${secret}@127.0.0.1:${mute}/x`,
      'DatabaseUnavailableError',
      /time/,
    );
  });

  it('that leads to PostgreSQL 14 is refused', async () => {
    const old = await listen(answerAsVersion('140012'));
    await assertRefused(
      `postgresql://asha@127.0.0.1:${old}/x`,
      'DatabaseVersionError',
      /PostgreSQL 14; 15 or newer/,
    );
  });
});

async function listen(onConnection: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return portOf(server);
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** As much of the PostgreSQL protocol as it takes to say one's version: messages of a type byte, a length and a body. */
function answerAsVersion(version: string): (socket: Socket) => void {
  const message = (type: string, body: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(body.length + 4);
    return Buffer.concat([Buffer.from(type), length, body]);
  };
  const ready = message('Z', Buffer.from('I'));
  const authenticated = message('R', Buffer.alloc(4));
  const int4Column = Buffer.concat([
    Buffer.from('\0\u0001version\0', 'latin1'),
    Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 23, 0, 4, 255, 255, 255, 255, 0, 0]),
  ]);
  const value = Buffer.concat([Buffer.from([0, 1, 0, 0, 0, version.length]), Buffer.from(version)]);
  const answer = [
    message('T', int4Column),
    message('D', value),
    message('C', Buffer.from('SELECT 1\0')),
    ready,
  ];
  return (socket) => {
    let greeted = false;
    socket.on('data', () => {
      socket.write(Buffer.concat(greeted ? answer : [authenticated, ready]));
      greeted = true;
    });
  };
}
