// Every acknowledged event is one entry and one leaf, and there is no leaf for anything else: what each route leaves is
// in ledger-routes; here what goes wrong half way.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sealEntry } from '../../server/storage/sealed-entry.ts';
import { writeBatch } from '../../server/storage/write-batch.ts';
import type { Person } from '../harness/client.ts';
import { goodPassword, newClient, signUp } from '../harness/client.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

describe('events, entries and leaves', () => {
  let server: TestServer;
  let asha: Person;
  let other: Person;
  before(async () => {
    server = await startServer();
    [asha, other] = [await signUp(server.url), await signUp(server.url)];
  });
  after(() => server.stop());

  /** Entries without a leaf, leaves without an entry, kinds and commitments that are not those of the statement. */
  async function mismatches(): Promise<unknown[]> {
    await server.sequencer.flush();
    const { rows } = await server.pool.query(
      `select e.entry_id as entry, l.entry_id as leaf
         from entry e full join log_leaf l using (entry_id)
         left join person p on p.patient_id = e.patient_id
        where e.entry_id is null or l.entry_id is null
           or get_byte(l.leaf, 1) <> e.kind
           or substring(l.leaf from 11 for 16) <> coalesce(p.pseudonym, decode(repeat('00', 16), 'hex'))`,
    );
    return rows as unknown[];
  }

  const events = async (who: Person): Promise<string[]> => {
    const { rows } = await server.pool.query(
      `select coalesce(nullif(statement, '')::jsonb ->> 'event' || case nullif(statement, '')::jsonb ->> 'outcome' when 'done' then '' else ' refused' end, 'erased') as event
         from entry where patient_id = $1 order by entry_id`,
      [who.patientId],
    );
    return (rows as { event: string }[]).map(({ event }) => event);
  };

  test('sign-in, wrong password and sign-out are entries', async () => {
    const client = newClient(server.url);
    const attempt = (password: string) =>
      client.call('POST', '/api/sessions', { body: { login: other.login, password } });
    const start = (await events(other)).length;
    assert.equal((await attempt('copper lantern 74 rain')).status, 401);
    assert.equal((await attempt(goodPassword)).status, 201);
    // A refused sign-in is not waited for: the wait would tell a stranger that the login exists.
    for (let tries = 0; tries < 200 && (await events(other)).length < start + 2; tries++)
      await new Promise((resolve) => setTimeout(resolve, 25));
    assert.deepEqual((await events(other)).slice(start).toSorted(), ['sign-in', 'sign-in-refused refused']);
    assert.deepEqual(await mismatches(), []);
  });

  test('a batch that breaks leaves neither entry nor leaf nor version', async () => {
    const counts = async (): Promise<unknown> =>
      (
        await server.pool.query(
          `select (select count(*)::int from entry) as entries, (select count(*)::int from pending_leaf) as waiting,
                  (select count(*)::int from log_leaf) as leaves, (select count(*)::int from resource) as resources`,
        )
      ).rows[0];
    await server.sequencer.flush();
    const start = await counts();
    const seal = (patientId: string) =>
      sealEntry(
        patientId,
        { event: 'looks', outcome: 'done', who: { role: 'system' }, basis: 'self' },
        server.deps,
      );
    const good = seal(asha.patientId);
    const broken = {
      'an entry of nobody we know': [good, seal('nobody')],
      'one entry twice': [good, good],
      'a kind out of range': [good, { ...seal(asha.patientId), kind: 70_000 }],
      'a commitment that is none': [good, { ...seal(asha.patientId), commitment: Buffer.alloc(3) }],
      'a salt that is none': [good, { ...seal(asha.patientId), salt: Buffer.alloc(3) }],
      'a statement that is gone': [good, { ...seal(asha.patientId), statement: '' }],
    };
    for (const [what, entries] of Object.entries(broken)) {
      await assert.rejects(writeBatch(server.pool, { versions: [], entries }), what);
      assert.deepEqual(await counts(), start, what);
    }
    for (const entries of Object.values(broken)) {
      const stored = await Promise.allSettled(
        entries.slice(1).map((entry) => server.deps.entries.store(entry)),
      );
      // Alone and good, an entry may be stored; a broken one is refused.
      assert.ok(stored.every(({ status }, at) => status === 'rejected' || entries[at + 1] === good));
    }
    assert.deepEqual(await mismatches(), []);
  });
});
