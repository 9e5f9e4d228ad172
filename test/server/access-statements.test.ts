// What a decision costs on the way of a read: nothing in one's own record, one statement in somebody else's, however it ends.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import type { Queryable } from '../../server/storage/queryable.ts';
import { insertAuthority } from '../../server/storage/authorities.ts';
import type { Client, Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import type { Clinician } from '../harness/clinician.ts';
import { signUpClinician } from '../harness/clinician.ts';
import { program } from '../harness/program.ts';
import { conditionOf } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

describe('statements of a read', () => {
  let server: TestServer;
  let asha: Person;
  let doctor: Clinician;
  let path: string;
  before(async () => {
    server = await startServer();
    asha = await signUp(server.url);
    doctor = await signUpClinician(server.url, server.pool);
    path = `/fhir/R4/Condition/${(await asha.create(conditionOf(asha.patientId))).id}`;
    await insertAuthority(server.pool, {
      patientId: asha.patientId,
      authorityId: randomUUID(),
      basis: 'grant',
      holderId: doctor.accountId,
      coverage: { sealed: false },
      purpose: 'TREAT',
      startsAtMs: Date.now() - 1000,
      endsAtMs: Date.now() + 3_600_000,
    });
  });
  after(() => server.stop());

  /** The names of the statements that one request costs; what runs in the background has none of these names. */
  async function statementsOf(who: Client, status: number): Promise<string[]> {
    // Once before: a name that was looked up is kept for a while.
    assert.equal((await who.get(path)).status, status);
    const names: string[] = [];
    const { pool, steady, asks } = server.deps.db;
    const plain = ([pool, steady, asks] as Queryable[]).map((one) => ({ one, query: one.query.bind(one) }));
    for (const { one, query } of plain)
      one.query = (async (statement: { name?: string; text?: string }) => {
        names.push(statement.name ?? statement.text ?? '');
        return (query as (statement: object) => Promise<unknown>)(statement);
      }) as typeof one.query;
    try {
      const answer = await who.get(path);
      assert.equal(answer.status, status, answer.text);
    } finally {
      for (const { one, query } of plain) one.query = query;
    }
    return names.filter((name) => /session|token|resource|version|authorit|entr|member|account/.test(name));
  }

  test('one’s own record: who asks, what stands, the entry; nothing for the decision', async () => {
    const names = await statementsOf(asha, 200);
    assert.equal(names.length, 3, names.join(', '));
    assert.ok(!names.some((name) => name.includes('authorit')));
  });

  test('a program’s scopes come with its token', async () => {
    const names = await statementsOf(await program(server), 200);
    assert.equal(names.length, 3, names.join(', '));
  });

  test('somebody else’s record: what was given is one statement more, for those alone who were given anything', async () => {
    const names = await statementsOf(doctor, 200);
    assert.equal(names.filter((name) => name.includes('authorit')).length, 1, names.join(', '));
    assert.equal(names.length, 4, names.join(', '));
    const stranger = await statementsOf(await signUp(server.url), 404);
    assert.equal(stranger.length, 3, stranger.join(', '));
  });
});
