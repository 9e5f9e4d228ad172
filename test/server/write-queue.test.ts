// Changes that share a statement: each is whole or not there, what one may not do fails it alone, and nothing is told to be
// stored that is not.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { insertPerson } from '../../server/storage/people.ts';
import { prepareVersion } from '../../server/storage/prepare-version.ts';
import type { Queryable } from '../../server/storage/queryable.ts';
import type { VersionWrite, WriteBatch } from '../../server/storage/write-batch.ts';
import {
  UhidTakenError,
  VersionConflictError,
  versionsOfPart,
  writeBatch,
  writeInParts,
} from '../../server/storage/write-batch.ts';
import { inTransaction } from '../../server/storage/transaction.ts';
import { createWriteQueue } from '../../server/storage/write-queue.ts';
import type { FreshDatabase } from '../harness/database.ts';
import { freshDatabase } from '../harness/database.ts';

const sources = { now: Date.now, randomBytes: (count: number) => new Uint8Array(randomBytes(count)) };

describe('changes that share a statement', () => {
  let database: FreshDatabase;
  before(async () => {
    database = await freshDatabase();
    for (const [index, patientId] of ['one', 'two', 'three'].entries())
      await insertPerson(database.pool, {
        patientId,
        uhid: `1000000000000${index}`,
        pseudonym: randomBytes(16),
        createdAtMs: 0,
      });
  });
  after(() => database.drop());

  function version(patientId: string, resourceId: string, number = 1, text = ''): VersionWrite {
    return prepareVersion(
      {
        patientId,
        resourceType: 'Basic',
        resourceId,
        version: number,
        resource: { resourceType: 'Basic', code: { text } },
        author: 'patient',
        who: { role: 'system' },
        basis: 'self',
      },
      sources,
    );
  }
  const one = (...of: Parameters<typeof version>): WriteBatch => ({ versions: [version(...of)] });

  async function count(text: string, values: unknown[] = []): Promise<number> {
    return Number(
      (await database.pool.query<{ n: string }>(`select count(*) as n ${text}`, values)).rows[0]?.n,
    );
  }

  /** How many statements of writing went through it. */
  function counted(): { db: Queryable; statements: () => number } {
    let statements = 0;
    return {
      db: {
        query: (statement) => {
          statements += 1;
          return database.pool.query(statement);
        },
      },
      statements: () => statements,
    };
  }

  test('what comes together goes in together, every change with its entry and its leaf', async () => {
    const { db, statements } = counted();
    const queue = createWriteQueue(db);
    const ids = Array.from({ length: 120 }, (_one, index) => `together-${index}`);
    await Promise.all(
      ids.map((id) => queue.write(one(['one', 'two', 'three', ''][id.length % 4] ?? '', id))),
    );
    assert.equal(await count('from resource where resource_id = any($1)', [ids]), 120);
    const joined = 'from resource join entry using (patient_id, entry_id) join pending_leaf using (entry_id)';
    assert.equal(await count(`${joined} where resource_id = any($1)`, [ids]), 120);
    assert.equal(statements(), 1);
  });

  test('one that may not be stored fails alone, whatever is wrong with it', async () => {
    await createWriteQueue(database.pool).write(one('one', 'standing'));
    const broken: [string, WriteBatch, (error: unknown) => boolean][] = [
      ['a version too far', one('one', 'standing', 3), (error) => error instanceof VersionConflictError],
      ['made already', one('one', 'standing', 1), (error) => error instanceof VersionConflictError],
      ['nobody by that id', one('nobody', 'lost'), (error) => error instanceof VersionConflictError],
      [
        'an id that another record has',
        one('two', 'standing', 1),
        (error) => error instanceof VersionConflictError,
      ],
      [
        'a UHID that is given',
        {
          people: [{ patientId: 'four', uhid: '10000000000000', pseudonym: randomBytes(16), createdAtMs: 0 }],
          versions: [version('four', 'four')],
        },
        (error) => error instanceof UhidTakenError,
      ],
      [
        'a character no text may hold',
        { versions: [{ ...version('one', 'nul'), content: 'a\u0000b' }] },
        (error) => (error as { code?: string }).code === '22021',
      ],
      [
        'an event that is no JSON',
        {
          ...one('one', 'event'),
          outbox: [{ topic: 't', patientId: 'one', entryId: 'no uuid', payload: {} }],
        },
        (error) => (error as { code?: string }).code === '22P02',
      ],
    ];
    for (const [name, batch, expected] of broken) {
      const queue = createWriteQueue(database.pool);
      const good = Array.from({ length: 9 }, (_one, index) => `${name} ${index}`);
      const writes = [
        ...good.slice(0, 4).map((id) => one('one', id)),
        batch,
        ...good.slice(4).map((id) => one('two', id)),
      ];
      const settled = await Promise.allSettled(writes.map((write) => queue.write(write)));
      const failed = settled.flatMap((s, index) =>
        s.status === 'rejected' ? [[index, s.reason] as const] : [],
      );
      assert.deepEqual(
        failed.map(([index]) => index),
        [4],
        name,
      );
      assert.ok(expected(failed[0]?.[1]), `${name}: ${String(failed[0]?.[1])}`);
      assert.equal(await count('from resource where resource_id = any($1)', [good]), 9, name);
      for (const { entry } of batch.versions)
        assert.equal(await count('from entry where entry_id = $1', [entry.entryId]), 0, name);
    }
    assert.equal(await count(`from person where patient_id = 'four'`), 0);
  });

  test('of changes to one resource that wait together exactly one is stored, and it is the first', async () => {
    const queue = createWriteQueue(database.pool);
    await queue.write(one('one', 'contended'));
    for (let number = 2; number <= 6; number++) {
      const settled = await Promise.allSettled(
        Array.from({ length: 12 }, (_one, index) =>
          queue.write(one('one', 'contended', number, `writer ${index}`)),
        ),
      );
      assert.deepEqual(
        settled.map((s) => s.status),
        ['fulfilled', ...Array<string>(11).fill('rejected')],
      );
    }
    assert.equal(await count(`from resource_history where resource_id = 'contended'`), 5);
  });

  test('a person, their Patient and their first resources come to be in one batch', async () => {
    const queue = createWriteQueue(database.pool);
    const people = Array.from({ length: 20 }, (_one, index) => ({
      patientId: `born-${index}`,
      uhid: `2${String(index).padStart(13, '0')}`,
      pseudonym: randomBytes(16),
      createdAtMs: Date.now(),
    }));
    await Promise.all(
      people.map((person) =>
        queue.write({
          people: [person],
          versions: [
            version(person.patientId, person.patientId),
            version(person.patientId, `of ${person.patientId}`),
          ],
        }),
      ),
    );
    assert.equal(
      await count(
        `from person p join entry e using (patient_id) join pending_leaf l using (entry_id, pseudonym) where uhid like '2%'`,
      ),
      40,
    );
  });

  test('when the connection is lost nobody is told that it is stored, and nothing is sent twice', async () => {
    let lose = true;
    const sent: number[] = [];
    const db: Queryable = {
      async query(statement) {
        const [patientIds] = statement.values ?? [];
        sent.push((patientIds as unknown[]).length);
        const answer = await database.pool.query(statement);
        if (!lose) return answer;
        // Stored, and the answer never came.
        throw Object.assign(new Error('Connection terminated unexpectedly'), { code: 'ECONNRESET' });
      },
    };
    const queue = createWriteQueue(db);
    const settled = await Promise.allSettled(
      ['lost 1', 'lost 2', 'lost 3'].map((id) => queue.write(one('one', id))),
    );
    assert.deepEqual(
      settled.map((s) => s.status),
      ['rejected', 'rejected', 'rejected'],
    );
    assert.deepEqual(sent, [3]);
    lose = false;
    await queue.write(one('one', 'found'));
    assert.deepEqual(sent, [3, 1]);
  });

  test('more than may wait is refused at once and stored never', async () => {
    const queue = createWriteQueue(database.pool, { alone: 100, together: 2, waiting: 4 });
    const ids = Array.from({ length: 10 }, (_one, index) => `full-${index}`);
    const settled = await Promise.allSettled(ids.map((id) => queue.write(one('one', id))));
    const refused = settled.filter((s) => s.status === 'rejected');
    assert.ok(refused.length > 0);
    assert.ok(refused.every((s) => (s.reason as { code: string }).code === 'database-unavailable'));
    assert.equal(await count(`from resource where resource_id like 'full-%'`), 10 - refused.length);
  });

  test('a version written over one that came while it waited is refused: none is lost from the history', async () => {
    await writeBatch(database.pool, one('one', 'awaited'));
    const late = await inTransaction(database.pool, async (client) => {
      await writeBatch(client, one('one', 'awaited', 2));
      const outcome = writeBatch(database.pool, one('one', 'awaited', 3)).catch((error: unknown) => error);
      // It waits for the row, and began before that was stored.
      while (
        (await count(
          `from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        )) === 0
      );
      return { outcome };
    });
    assert.ok((await late.outcome) instanceof VersionConflictError);
    assert.equal(await count(`from resource where resource_id = 'awaited' and version = 2`), 1);
    assert.equal(await count(`from resource_history where resource_id = 'awaited'`), 1);
  });

  test('whatever several processes write over each other, versions have no gap and each batch is whole or not there', async () => {
    const queues = [1, 2, 3].map(() =>
      createWriteQueue(database.pool, { alone: 4, together: 9, waiting: 5_000 }),
    );
    const resources = Array.from({ length: 8 }, (_one, index) => `race-${index}`);
    for (const [index, id] of resources.entries()) await queues[0]?.write(one(index % 2 ? 'one' : 'two', id));
    const stands = new Map(resources.map((id) => [id, 1]));
    const outcome: { batch: WriteBatch; stored: boolean }[] = [];
    const pick = (below: number): number => randomBytes(4).readUInt32BE() % below;
    await Promise.all(
      Array.from({ length: 24 }, async (_one, writer) => {
        for (let turn = 0; turn < 15; turn++) {
          const chosen = resources.filter(() => pick(3) === 0);
          const batch: WriteBatch = {
            versions: chosen.map((id) =>
              version(
                Number(id.at(-1)) % 2 ? 'one' : 'two',
                id,
                // Mostly what would come next, at times what is taken or too far.
                (stands.get(id) ?? 1) + (pick(12) === 0 ? pick(3) : 1),
                `${writer}/${turn}`,
              ),
            ),
          };
          const stored = await queues[pick(3)]?.write(batch).then(
            () => true,
            (error: unknown) => {
              const { code } = error as { code?: string };
              assert.ok(['version-conflict', '40P01', '40001'].includes(code ?? ''), String(error));
              return false;
            },
          );
          outcome.push({ batch, stored: stored ?? false });
          if (stored)
            for (const one of batch.versions)
              stands.set(one.resourceId, Math.max(stands.get(one.resourceId) ?? 1, one.version));
        }
      }),
    );
    assert.ok(outcome.some(({ stored, batch }) => stored && batch.versions.length > 1));
    assert.ok(outcome.some(({ stored }) => !stored));
    const idsIn = async (table: string): Promise<Set<string>> => {
      const { rows } = await database.pool.query<{ id: string }>(`select entry_id as id from ${table}`);
      return new Set(rows.map(({ id }) => id));
    };
    const tables = ['(select entry_id from resource union all select entry_id from resource_history) v'];
    for (const table of [...tables, 'entry', 'pending_leaf', 'outbox']) {
      const there = await idsIn(table);
      for (const { batch, stored } of outcome)
        for (const { entry } of batch.versions)
          assert.equal(
            there.has(entry.entryId),
            stored && (table !== 'outbox' || batch.outbox !== undefined),
          );
    }
    const { rows } = await database.pool.query<{ resource_id: string; versions: number[] }>(
      `select resource_id, array_agg(version order by version) as versions
         from (select resource_id, version from resource union all select resource_id, version from resource_history) v
        where resource_id like 'race-%' group by resource_id`,
    );
    assert.equal(rows.length, resources.length);
    for (const { versions } of rows)
      assert.deepEqual(
        versions,
        Array.from({ length: versions.length }, (_one, index) => index + 1),
      );
  });

  test('a large change goes in by several statements and is still all or nothing', async () => {
    const ids = Array.from({ length: versionsOfPart * 2 + 7 }, (_one, index) => `part-${index}`);
    const versions = ids.map((id) => version('one', id));
    const outbox = versions.map(({ patientId, entry }) => ({
      topic: 'resource.written',
      patientId,
      entryId: entry.entryId,
      payload: {},
    }));
    const stored = () => count('from resource where resource_id = any($1)', [ids]);
    const attempt = (batch: WriteBatch) =>
      inTransaction(database.pool, async (client) => {
        let statements = 0;
        await writeInParts({ query: (one) => ((statements += 1), client.query(one)) }, batch);
        return statements;
      });
    // The last of all in the order of keys stands already.
    const last = [...ids].toSorted().at(-1) ?? '';
    const queue = createWriteQueue(database.pool);
    await queue.write(one('one', last));
    await assert.rejects(attempt({ versions, outbox }), VersionConflictError);
    assert.equal(await stored(), 1);
    await database.pool.query('delete from resource where resource_id = $1', [last]);
    assert.equal(await attempt({ versions, outbox }), 3);
    assert.equal(await stored(), ids.length);
    const joined = 'from resource join entry using (patient_id, entry_id) join pending_leaf using (entry_id)';
    assert.equal(
      await count(`${joined} join outbox using (entry_id) where resource_id = any($1)`, [ids]),
      ids.length,
    );
  });
});
