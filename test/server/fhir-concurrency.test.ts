// Many at once: nobody's change is lost, nothing is half done, and each acknowledged event is one entry and one leaf.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { insertAuthority } from '../../server/storage/authorities.ts';
import type { Answer, Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { signUpClinician } from '../harness/clinician.ts';
import type { BundleBody, OutcomeBody } from '../harness/resources.ts';
import { changed, conditionOf, postEntry, transactionOf, weightOf } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

describe('many at once', () => {
  let server: TestServer;
  let asha: Person;
  before(async () => {
    server = await startServer();
    asha = await signUp(server.url);
  });
  after(() => server.stop());

  const times = <T>(count: number, act: (index: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: count }, (_, index) => act(index)));

  async function versionsOf(type: string, id: string): Promise<number[]> {
    const { rows } = await server.pool.query<{ version: number }>(
      `select version from resource where resource_type = $1 and resource_id = $2
       union all select version from resource_history where resource_type = $1 and resource_id = $2 order by version`,
      [type, id],
    );
    return rows.map(({ version }) => version);
  }

  test('of fifty updates under one ETag one succeeds, the others are told, and no version is missing', async () => {
    const made = await asha.create(conditionOf(asha.patientId));
    for (let round = 1; round <= 3; round++) {
      const answers = await times(50, (index) =>
        asha.call('PUT', `/fhir/R4/Condition/${made.id}`, {
          body: changed(made.text, { code: { text: `writer ${index}` } }),
          headers: { 'if-match': `W/"${round}"` },
        }),
      );
      const won = answers.filter(({ status }) => status === 200);
      const stale = answers.filter(({ status }) => status === 412);
      assert.deepEqual([won.length, stale.length], [1, 49]);
      assert.equal((await asha.get(`/fhir/R4/Condition/${made.id}`)).text, won[0]?.text);
      assert.deepEqual(
        await versionsOf('Condition', made.id),
        Array.from({ length: round + 1 }, (_, index) => index + 1),
      );
    }
  });

  test('more writes at once than there are connections, each in a transaction that asks what its writer was given, are all answered', async () => {
    const doctor = await signUpClinician(server.url, server.pool);
    const given = {
      patientId: asha.patientId,
      basis: 'edit',
      holderId: doctor.accountId,
      coverage: { sealed: false },
      purpose: 'TREAT',
      startsAtMs: Date.now() - 1000,
      endsAtMs: Date.now() + 600_000,
    } as const;
    await insertAuthority(server.pool, { ...given, authorityId: randomUUID() });
    const conditional = (who: Person, index: number) =>
      who.call('POST', '/fhir/R4/Condition', {
        body: conditionOf(asha.patientId),
        headers: { 'if-none-exist': `identifier=urn:example|${index}` },
      });
    const allowed = await times(40, (index) => conditional(doctor, index));
    assert.deepEqual([...new Set(allowed.map(({ status }) => status))], [201]);
    // A refusal is an entry too, and must not wait for a connection that its own transaction holds.
    const stranger = await signUp(server.url);
    const refused = await times(40, (index) => conditional(stranger, index));
    assert.deepEqual([...new Set(refused.map(({ status }) => status))], [403]);
  });

  test('updates without If-Match all land one after the other, or say that they did not', async () => {
    const made = await asha.create(conditionOf(asha.patientId));
    const answers = await times(20, (index) =>
      asha.call('PUT', `/fhir/R4/Condition/${made.id}`, {
        body: changed(made.text, { code: { text: `writer ${index}` } }),
      }),
    );
    assert.ok(answers.every(({ status }) => status === 200 || status === 409));
    const written = answers.filter(({ status }) => status === 200);
    assert.deepEqual(
      await versionsOf('Condition', made.id),
      Array.from({ length: written.length + 1 }, (_, index) => index + 1),
    );
    for (const answer of written) {
      const version = /"([0-9]+)"/.exec(answer.headers.get('etag') ?? '')?.[1];
      const stored = await asha.get(`/fhir/R4/Condition/${made.id}/_history/${version}`);
      assert.equal(stored.text, answer.text, 'what was acknowledged is what that version says');
    }
  });

  test('transactions over the same resources in opposite orders are each whole or not there', async () => {
    const made = await times(6, () => asha.create(conditionOf(asha.patientId)));
    const answers = await times(20, (index) => {
      const order = index % 2 === 0 ? made : made.toReversed();
      const entry = order.map(({ id, text }) => ({
        resource: changed(text, { code: { text: `bundle ${index}` } }),
        request: { method: 'PUT', url: `Condition/${id}` },
      }));
      // Every fifth has an end that cannot be stored.
      const bad = index % 5 === 4 ? [postEntry({ ...weightOf(asha.patientId), status: 'nonsense' })] : [];
      return asha.call('POST', '/fhir/R4', { body: transactionOf(...entry, ...bad) });
    });
    for (const [index, { status, text }] of answers.entries())
      assert.ok(index % 5 === 4 ? status === 422 : status === 200 || status === 409, `${status} ${text}`);
    const histories = await Promise.all(
      made.map(async ({ id }) => {
        const bundle = (await asha.get(`/fhir/R4/Condition/${id}/_history`)).json<{
          entry: { resource: { code: { text: string } } }[];
        }>();
        return bundle.entry.map(({ resource }) => resource.code.text);
      }),
    );
    const done = answers.filter(({ status }) => status === 200).length;
    assert.ok(done > 0);
    for (const history of histories) {
      assert.equal(history.length, done + 1);
      assert.deepEqual(history, histories[0], 'all six saw the bundles in one and the same order');
    }
  });

  test('what was just written is there for the writer, and versions never go back', async () => {
    await times(10, async () => {
      const made = await asha.create(weightOf(asha.patientId));
      for (let version = 2; version <= 4; version++) {
        const put = await asha.call('PUT', `/fhir/R4/Observation/${made.id}`, {
          body: changed(made.text, { issued: `2026-03-0${version}T10:00:00Z` }),
        });
        const [read, found] = await Promise.all([
          asha.get(`/fhir/R4/Observation/${made.id}`),
          asha.get(`/fhir/R4/Observation?_id=${made.id}`),
        ]);
        assert.equal(read.text, put.text);
        assert.ok(found.text.includes(put.text));
        assert.equal(read.headers.get('etag'), `W/"${version}"`);
      }
    });
  });
});

describe('the log after many at once', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server.stop());

  interface Expected {
    patientId: string;
    event: string;
    outcome: 'done' | 'refused';
  }

  test('LOG-06 500 mixed acts of five people leave exactly one entry and one leaf for each acknowledged event', async () => {
    const people = await Promise.all(
      ['a', 'b', 'c', 'd', 'e'].map((name) => signUp(server.url, { login: `${name}@example.org` })),
    );
    const own = await Promise.all(people.map((person) => person.create(conditionOf(person.patientId))));
    const expected: Expected[] = [];
    const headers = new Set<string>();
    for (const [i, { patientId }] of people.entries()) {
      for (const event of ['create', 'sign-up', 'create'])
        expected.push({ patientId, event, outcome: 'done' });
      headers.add(own[i]?.entryId ?? '');
    }
    const expect = (answer: Answer, status: number, ...events: Expected[]) => {
      assert.equal(answer.status, status, answer.text);
      expected.push(...events);
    };
    const act = async (index: number): Promise<void> => {
      const i = index % people.length;
      const person = people[i] as Person;
      const other = people[(i + 1) % people.length] as Person;
      const { patientId } = person;
      const mine = own[i]?.id ?? '';
      const theirs = own[(i + 1) % people.length]?.id ?? '';
      const note = (event: string): Expected => ({ patientId, event, outcome: 'done' });
      const refused = (event: string): Expected => ({
        patientId: other.patientId,
        event,
        outcome: 'refused',
      });
      switch (Math.floor(index / people.length) % 12) {
        case 0: {
          const answer = await person.call('POST', '/fhir/R4/Observation', { body: weightOf(patientId) });
          expect(answer, 201, note('create'));
          headers.add(answer.headers.get('ledger-entry') ?? '');
          return;
        }
        case 1:
          return expect(await person.get(`/fhir/R4/Condition/${mine}`), 200, note('read'));
        case 2:
          return expect(await person.get(`/fhir/R4/Condition/${theirs}`), 404, refused('read'));
        case 3:
          return expect(await person.get('/fhir/R4/Observation?code=29463-7'), 200, note('search'));
        case 4:
          return expect(await person.get(`/fhir/R4/Condition/${mine}/_history`), 200, note('history'));
        case 5:
          return expect(await person.get(`/fhir/R4/Condition/${mine}/_history/1`), 200, note('vread'));
        case 6:
          return expect(
            await person.get(`/fhir/R4/Patient/${patientId}/$everything`),
            200,
            note('everything'),
          );
        case 7: {
          const body = transactionOf(
            postEntry(weightOf(patientId)),
            postEntry(conditionOf(patientId)),
            postEntry(conditionOf(patientId)),
          );
          const answer = await person.call('POST', '/fhir/R4', { body });
          expect(answer, 200, note('create'), note('create'), note('create'));
          return;
        }
        case 8:
          return expect(await person.call('DELETE', `/fhir/R4/Condition/${theirs}`), 404, refused('delete'));
        case 9:
          return expect(await person.get('/api/entries?limit=5'), 200, note('looks'));
        case 10: {
          // Refused before anything is looked at: no event.
          const answer = await person.call('POST', '/fhir/R4/Observation', { body: '{' });
          return expect(answer, 400);
        }
        default: {
          const made = await person.create(conditionOf(patientId));
          headers.add(made.entryId);
          const gone = await person.call('DELETE', `/fhir/R4/Condition/${made.id}`);
          headers.add(gone.headers.get('ledger-entry') ?? '');
          return expect(gone, 204, note('create'), note('delete'));
        }
      }
    };
    await Promise.all(Array.from({ length: 500 }, (_, index) => act(index)));
    await server.sequencer.flush();

    const { rows: entries } = await server.pool.query<{ id: string; patientId: string; statement: string }>(
      `select entry_id as id, patient_id as "patientId", statement from entry where patient_id <> ''`,
    );
    const key = ({ patientId, event, outcome }: Expected) => `${patientId} ${event} ${outcome}`;
    const found = entries.map(({ patientId, statement }) => {
      const { event, outcome } = JSON.parse(statement) as Expected;
      return key({ patientId, event, outcome });
    });
    assert.deepEqual(found.toSorted(), expected.map(key).toSorted());
    for (const entryId of headers)
      assert.ok(
        entries.some(({ id }) => id === entryId),
        'an acknowledged entry is there',
      );

    const { rows: odd } = await server.pool.query(
      `select entry_id from entry e full join log_leaf l using (entry_id) where e.entry_id is null or l.entry_id is null
       union all select entry_id from log_leaf group by entry_id having count(*) > 1
       union all select entry_id from pending_leaf`,
    );
    assert.deepEqual(odd, [], 'entries and leaves are one to one, and none waits');
    const { rows: versions } = await server.pool.query(
      `select v.entry_id from (select entry_id from resource union all select entry_id from resource_history) v
         full join (select entry_id from entry where kind = 1) e using (entry_id)
        where v.entry_id is null or e.entry_id is null`,
    );
    assert.deepEqual(versions, [], 'versions and entries of writes are one to one');
  });

  test('a person reads their entries in pages, newest first, each once, by kind', async () => {
    const person = await signUp(server.url);
    for (let i = 0; i < 7; i++) await person.create(conditionOf(person.patientId, `number ${i}`));
    const seen: string[] = [];
    for (let earlier = ''; ;) {
      const page = (await person.get(`/api/entries?kind=writes&limit=3${earlier}`)).json<{
        entries: { entryId: string; kind: number; state: string; event: string }[];
        next?: string;
      }>();
      assert.ok(page.entries.every(({ kind, event }) => kind === 1 && event === 'create'));
      seen.push(...page.entries.map(({ entryId }) => entryId));
      if (page.next === undefined) break;
      earlier = `&before=${page.next}`;
    }
    assert.equal(seen.length, 8, 'the Patient and seven conditions');
    assert.equal(new Set(seen).size, 8);
    assert.deepEqual(seen, seen.toSorted().toReversed());
    for (const query of [
      'kind=__proto__',
      'kind=constructor',
      'kind=x',
      'limit=0',
      'limit=201',
      'limit=x',
      'before=x',
      'kind=all&kind=looks',
      'limit=1&limit=2',
    ])
      assert.equal((await person.get(`/api/entries?${query}`)).status, 400, query);
  });

  test('a look at the directory or a refused create leaves no trace in anybody else’s record', async () => {
    const person = await signUp(server.url);
    const earlier = await server.pool.query(
      'select count(*)::int as count from entry where patient_id <> $1',
      [person.patientId],
    );
    const refused = await person.call('POST', '/fhir/R4/Condition', { body: conditionOf('somebody') });
    assert.equal(refused.json<OutcomeBody>().issue[0]?.code, 'forbidden');
    assert.equal((await person.get('/fhir/R4/Condition/none')).status, 404);
    assert.equal((await person.get('/fhir/R4/Practitioner')).json<BundleBody>().total, 0);
    const { rows } = await server.pool.query(
      `select count(*)::int as count from entry where patient_id not in ($1, '')`,
      [person.patientId],
    );
    const { rows: system } = await server.pool.query(
      `select count(*)::int as count from entry where patient_id = ''`,
    );
    const countOf = (list: unknown[]) => (list[0] as { count: number }).count;
    assert.equal(countOf(rows) + countOf(system), countOf(earlier.rows) + 1, 'one look at the directory');
  });
});
