// Reads that are sent together, on the real database: each gets its own answer, and what goes wrong with one stays with it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { askedTogether } from '../../server/storage/asked-together.ts';
import { TooManyQuestionsError } from '../../server/storage/gathered.ts';
import type { FreshDatabase } from '../harness/database.ts';
import { freshDatabase } from '../harness/database.ts';

const number = (n: number) => ({ name: 'number', text: 'select $1::int as n', values: [n] });
const refused = { name: 'refused', text: 'select 1 / $1::int as n', values: [0] };

describe('what is asked together', () => {
  let database: FreshDatabase;
  let pool: pg.Pool;
  before(async () => {
    database = await freshDatabase();
    pool = new pg.Pool({ connectionString: database.url, max: 2 });
    pool.on('error', () => undefined);
  });
  after(async () => {
    await pool.end();
    await database.drop();
  });

  test('comes back to whoever asked, whatever the statement', async () => {
    const together = askedTogether(pool);
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        n % 3 === 0
          ? together.query({ text: `select $1::text as t, null as nothing`, values: [`${n} “é”`] })
          : n % 3 === 1
            ? together.query(number(n))
            : together.query({
                name: 'rows',
                text: 'select i, $2::bytea as b from generate_series(1, $1::int) i',
                values: [n % 5, Buffer.from([n])],
              }),
      ),
    );
    for (const [n, { rows }] of answers.entries())
      assert.deepEqual(
        rows,
        n % 3 === 0
          ? [{ t: `${n} “é”`, nothing: null }]
          : n % 3 === 1
            ? [{ n }]
            : Array.from({ length: n % 5 }, (_, i) => ({ i: i + 1, b: Buffer.from([n]) })),
      );
  });

  test('goes down one connection in one piece', async () => {
    const together = askedTogether(pool);
    const backend = { text: 'select pg_backend_pid() as pid, transaction_timestamp() as at' };
    const answers = await Promise.all(Array.from({ length: 20 }, () => together.query(backend)));
    const seen = new Set(answers.map(({ rows }) => JSON.stringify(rows)));
    assert.equal(seen.size, 1, 'one backend, one turn at it');
  });

  test('fails alone when the database refuses it; what stood behind it is asked again, also by the same name', async () => {
    const together = askedTogether(pool);
    for (let round = 0; round < 3; round++) {
      const settled = await Promise.allSettled([
        together.query(number(1)),
        together.query(refused),
        together.query({ ...refused, values: [1] }),
        together.query({ text: 'select nonsense from nowhere' }),
        together.query({ name: `late-${round}`, text: 'select 7 as n' }),
        together.query(number(2)),
      ]);
      assert.deepEqual(
        settled.map((one) =>
          one.status === 'fulfilled' ? (one.value.rows as unknown) : (one.reason as { code?: string }).code,
        ),
        [[{ n: 1 }], '22012', [{ n: 1 }], '42P01', [{ n: 7 }], [{ n: 2 }]],
      );
    }
    assert.ok(pool.totalCount <= 2, 'a refusal costs no connection');
  });

  test('fails alone when a value cannot be written or read', async () => {
    const types = new pg.TypeOverrides();
    types.setTypeParser(20, (text) => {
      if (Number(text) > 2 ** 52) throw new RangeError('beyond');
      return Number(text);
    });
    const strict = new pg.Pool({ connectionString: database.url, max: 1, types });
    try {
      const together = askedTogether(strict);
      const loop: unknown[] = [];
      loop.push({ loop });
      const settled = await Promise.allSettled([
        together.query({ text: 'select $1::int8 as n', values: ['9007199254740993'] }),
        together.query({ text: 'select $1::jsonb as n', values: [{ loop }] }),
        together.query({ text: 'select $1::int8 as n', values: ['12'] }),
      ]);
      assert.deepEqual(
        settled.map((one) => (one.status === 'fulfilled' ? (one.value.rows as unknown) : one.status)),
        ['rejected', 'rejected', [{ n: 12 }]],
      );
    } finally {
      await strict.end();
    }
  });

  test('fails together when the connection is lost, and the next goes down a new one', async () => {
    const together = askedTogether(pool);
    const settled = await Promise.allSettled([
      together.query(number(1)),
      together.query({ text: 'select pg_terminate_backend(pg_backend_pid())' }),
      together.query(number(2)),
    ]);
    assert.deepEqual(
      settled.map(({ status }) => status),
      ['fulfilled', 'rejected', 'rejected'],
    );
    assert.deepEqual((await together.query(number(3))).rows, [{ n: 3 }]);
  });

  test('waits no longer than the pool’s time limit', async () => {
    const impatient = new pg.Pool({ connectionString: database.url, max: 1, query_timeout: 2000 });
    impatient.on('error', () => undefined);
    try {
      const together = askedTogether(impatient);
      await assert.rejects(together.query({ text: 'select pg_sleep(30)' }), /timeout/);
      assert.deepEqual((await together.query(number(4))).rows, [{ n: 4 }]);
    } finally {
      await impatient.end();
    }
  });

  test('is refused when too many wait, and the line moves on', async () => {
    const together = askedTogether(pool, { batch: 2, atOnce: 1, waiting: 4 });
    const settled = await Promise.allSettled(Array.from({ length: 6 }, (_, n) => together.query(number(n))));
    assert.deepEqual(
      settled.map((one) => (one.status === 'fulfilled' ? (one.value.rows[0] as { n: number }).n : 'refused')),
      [0, 1, 2, 3, 'refused', 'refused'],
    );
    const [, , , , fifth] = settled;
    assert.ok(fifth?.status === 'rejected' && fifth.reason instanceof TooManyQuestionsError);
    assert.deepEqual((await together.query(number(9))).rows, [{ n: 9 }]);
  });

  test('is told when no connection can be had', async () => {
    const nowhere = new pg.Pool({ host: '127.0.0.1', port: 1, connectionTimeoutMillis: 500 });
    const together = askedTogether(nowhere);
    await assert.rejects(together.query(number(1)));
    await nowhere.end();
  });
});
