// Transactions: all or nothing, tried again when two got in each other's way, never a connection lost to the pool.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type pg from 'pg';
import { inTransaction } from '../../server/storage/transaction.ts';
import { type FreshDatabase, freshDatabase } from '../harness/database.ts';

let database: FreshDatabase;
before(async () => {
  database = await freshDatabase({ empty: true });
  await database.pool.query('CREATE TABLE account (id int PRIMARY KEY, sum int NOT NULL)');
});
after(() => database.drop());

async function reset(): Promise<void> {
  await database.pool.query('TRUNCATE account');
  await database.pool.query('INSERT INTO account VALUES (1, 0), (2, 0)');
}

async function sums(): Promise<number[]> {
  const answer = await database.pool.query<{ sum: number }>('SELECT sum FROM account ORDER BY id');
  return answer.rows.map(({ sum }) => sum);
}

const add = (client: pg.PoolClient, id: number) =>
  client.query('UPDATE account SET sum = sum + 1 WHERE id = $1', [id]);

describe('a transaction', () => {
  it('stores all of its work or nothing', async () => {
    await reset();
    assert.equal(await inTransaction(database.pool, async (client) => (await add(client, 1)).rowCount), 1);
    const refusal = new Error('no');
    await assert.rejects(
      inTransaction(database.pool, async (client) => {
        await add(client, 1);
        throw refusal;
      }),
      refusal,
    );
    assert.deepEqual(await sums(), [1, 0]);
  });

  it('is not reported as stored when the failure of a statement was swallowed', async () => {
    await reset();
    await assert.rejects(
      inTransaction(database.pool, async (client) => {
        await add(client, 1);
        await client.query('SELECT 1 / 0').catch(() => undefined);
      }),
      { name: 'TransactionAbortedError', code: 'transaction-aborted' },
    );
    assert.deepEqual(await sums(), [0, 0]);
  });

  it('is tried again after a deadlock, so that both sides succeed', async () => {
    await reset();
    let tries = 0;
    let holding = 0;
    const bothHoldOne = Promise.withResolvers<void>();
    const cross = (first: number, second: number) =>
      inTransaction(database.pool, async (client) => {
        tries += 1;
        await add(client, first);
        holding += 1;
        if (holding === 2) bothHoldOne.resolve();
        await bothHoldOne.promise;
        await add(client, second);
      });
    await Promise.all([cross(1, 2), cross(2, 1)]);
    assert.deepEqual(await sums(), [2, 2]);
    assert.ok(tries > 2);
  });

  it('is tried again after a serialization failure', async () => {
    await reset();
    const increment = () =>
      inTransaction(database.pool, async (client) => {
        await client.query('SET TRANSACTION ISOLATION LEVEL SERIALIZABLE');
        const answer = await client.query<{ sum: number }>('SELECT sum FROM account WHERE id = 1');
        await client.query('UPDATE account SET sum = $1 WHERE id = 1', [(answer.rows[0]?.sum ?? 0) + 1]);
      });
    await Promise.all([increment(), increment(), increment()]);
    assert.deepEqual(await sums(), [3, 0]);
  });

  it('is tried five times and then fails with the conflict', async () => {
    let tries = 0;
    const conflict = Object.assign(new Error('conflict'), { code: '40001' });
    await assert.rejects(
      inTransaction(database.pool, () => {
        tries += 1;
        return Promise.reject(conflict);
      }),
      conflict,
    );
    assert.equal(tries, 5);
  });

  it('is not tried again after any other error', async () => {
    let tries = 0;
    await assert.rejects(
      inTransaction(database.pool, (client) => {
        tries += 1;
        return client.query('INSERT INTO account VALUES (1, NULL)');
      }),
      { code: '23502' },
    );
    assert.equal(tries, 1);
  });

  it('gives its connection back, also one that broke', async () => {
    const max = database.pool.options.max ?? 10;
    for (let round = 0; round < max + 1; round += 1) {
      await assert.rejects(
        inTransaction(database.pool, (client) =>
          client.query('SELECT pg_terminate_backend(pg_backend_pid())'),
        ),
      );
    }
    assert.equal((await database.pool.query('SELECT 1')).rowCount, 1);
  });
});

describe('a statement that the database refuses', () => {
  it('costs its caller an error and nobody the connection', async () => {
    const database = await freshDatabase({ poolSize: 1 });
    const process = async (): Promise<number> =>
      (await database.pool.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid ?? 0;
    const first = await process();
    await assert.rejects(database.pool.query('select 1 / 0'), { code: '22012' });
    await assert.rejects(database.pool.query('select refuse_unless_equal(1, 2)'), { code: 'MD409' });
    await assert.rejects(database.pool.query(`set statement_timeout = 20; select pg_sleep(5)`), {
      code: '57014',
    });
    await database.pool.query('reset statement_timeout');
    assert.equal(await process(), first);
    assert.equal(database.pool.totalCount, 1);
    await database.drop();
  });

  it('a connection that ended is replaced, and the next statement is answered', async () => {
    const database = await freshDatabase({ poolSize: 1 });
    await assert.rejects(database.pool.query('select pg_terminate_backend(pg_backend_pid())'));
    assert.equal((await database.pool.query('select 1 as one')).rows.length, 1);
    assert.equal(database.pool.totalCount, 1);
    await database.drop();
  });
});
