// The timeline over HTTP: by month, newest first, only what may be seen, every answer a look.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { give } from '../access/world.ts';
import { insertAuthority } from '../../server/storage/authorities.ts';
import type { Person } from '../harness/client.ts';
import { newClient, signUp } from '../harness/client.ts';
import type { Clinician } from '../harness/clinician.ts';
import { signUpClinician } from '../harness/clinician.ts';
import { postEntry, transactionOf } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

interface Months {
  months: { month: string; count: number }[];
  kinds: Record<string, number>;
  places: object[];
}
interface Entries {
  entries: {
    type: string;
    id: string;
    title?: string;
    day: string;
    by: string;
    visit?: string;
    sealed: boolean;
    kind: string;
  }[];
  next?: string;
  more?: boolean;
}

const visitOf = (patientId: string, day: string, text: string) => ({
  resourceType: 'Encounter',
  status: 'finished',
  class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
  type: [{ text }],
  subject: { reference: `Patient/${patientId}` },
  period: { start: `${day}T09:00:00+05:30`, end: `${day}T09:30:00+05:30` },
});
const resultOf = (patientId: string, day: string | undefined, text: string, more: object = {}) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text },
  subject: { reference: `Patient/${patientId}` },
  ...(day === undefined ? {} : { effectiveDateTime: day }),
  valueQuantity: { value: 4.2, unit: 'mmol/L' },
  ...more,
});
const sealed = {
  meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }] },
};

describe('timeline', () => {
  let server: TestServer;
  let asha: Person;
  let doctor: Clinician;
  before(async () => {
    server = await startServer();
    asha = await signUp(server.url);
    doctor = await signUpClinician(server.url, server.pool);
    const visit = await asha.create(visitOf(asha.patientId, '2026-11-18', 'Pacemaker check'));
    await asha.create(
      resultOf(asha.patientId, '2026-11-18', 'INR', { encounter: { reference: `Encounter/${visit.id}` } }),
    );
    await asha.create(resultOf(asha.patientId, '2026-11-03', 'HbA1c'));
    await asha.create(resultOf(asha.patientId, '2025-05', 'Potassium'));
    await asha.create(resultOf(asha.patientId, '2025-05-20', 'HIV test', sealed));
    await asha.create(resultOf(asha.patientId, '1999', 'Haemoglobin'));
    await asha.create({
      resourceType: 'Condition',
      code: { text: 'Asthma' },
      subject: { reference: `Patient/${asha.patientId}` },
      recordedDate: '2025-05-01',
    });
    const own = newClient(server.url);
    assert.equal((await own.get('/api/timeline')).status, 401);
  });
  after(() => server.stop());

  const months = async (who: Person, query = ''): Promise<Months> => {
    const answer = await who.get(`/api/timeline/months${query}`);
    assert.equal(answer.status, 200, answer.text);
    return answer.json<Months>();
  };
  const titles = async (who: Person, query = ''): Promise<string[]> => {
    const answer = await who.get(`/api/timeline${query}`);
    assert.equal(answer.status, 200, answer.text);
    return answer.json<Entries>().entries.map(({ title = '' }) => title);
  };

  test('months are counted, newest first; what is not care is not there', async () => {
    assert.deepEqual(await months(asha), {
      months: [
        { month: '2026-11', count: 3 },
        { month: '2025-05', count: 3 },
        { month: '1999-01', count: 1 },
      ],
      kinds: { visits: 1, results: 5, conditions: 1 },
      places: [],
    });
    assert.deepEqual((await months(asha, '?kind=visits')).months, [{ month: '2026-11', count: 1 }]);
  });

  test('entries come newest first, within the months asked for, as they say of themselves', async () => {
    const may = await titles(asha, '?from=2025-05&to=2025-05');
    assert.equal(may[0], 'HIV test');
    assert.deepEqual(may.slice(1).toSorted(), ['Asthma', 'Potassium']);
    const all = (await asha.get('/api/timeline')).json<Entries>().entries;
    assert.deepEqual(
      all.map(({ day }) => day),
      all
        .map(({ day }) => day)
        .toSorted()
        .toReversed(),
    );
    assert.equal(all.length, 7);
    const inr = all.find(({ title }) => title === 'INR');
    assert.equal(inr?.by, 'patient');
    assert.equal(inr?.visit, all.find(({ kind }) => kind === 'visits')?.id);
  });

  test('pages go on where the last ended, each entry once, however many share a day', async () => {
    const binta = await signUp(server.url);
    const entries = Array.from({ length: 450 }, (_, i) =>
      postEntry(resultOf(binta.patientId, '2026-02-02', `Test ${i}`)),
    );
    const stored = await binta.call('POST', '/fhir/R4', { body: transactionOf(...entries) });
    assert.equal(stored.status, 200, stored.text);
    const seen: string[] = [];
    let next: string | undefined = '';
    let pages = 0;
    while (next !== undefined) {
      const answer: Entries = (
        await binta.get(`/api/timeline?from=2026-02&to=2026-02&after=${next}`)
      ).json<Entries>();
      seen.push(...answer.entries.map(({ id }) => id));
      next = answer.next;
      pages++;
    }
    assert.equal(pages, 3);
    assert.equal(new Set(seen).size, 450);
    assert.equal(seen.length, 450);
  });

  test('an entry without a day stands under the day it came; a corrected day moves it', async () => {
    const chen = await signUp(server.url);
    const { id, text } = await chen.create(resultOf(chen.patientId, undefined, 'Undated'));
    const { lastUpdated } = (JSON.parse(text) as { meta: { lastUpdated: string } }).meta;
    assert.deepEqual((await months(chen)).months, [{ month: lastUpdated.slice(0, 7), count: 1 }]);
    const put = await chen.call('PUT', `/fhir/R4/Observation/${id}`, {
      body: { ...resultOf(chen.patientId, '2020-01-01', 'Undated'), id },
    });
    assert.equal(put.status, 200, put.text);
    assert.deepEqual((await months(chen)).months, [{ month: '2020-01', count: 1 }]);
    assert.equal((await chen.call('DELETE', `/fhir/R4/Observation/${id}`)).status, 204);
    assert.deepEqual((await months(chen)).months, []);
  });

  test('words are found in what an entry says, not in its making', async () => {
    const found = async (body: object): Promise<(string | undefined)[]> => {
      const answer = await asha.call('POST', '/api/timeline/search', { body });
      assert.equal(answer.status, 200, answer.text);
      return answer.json<Entries>().entries.map(({ title }) => title);
    };
    assert.deepEqual(await found({ words: 'pacemaker' }), ['Pacemaker check']);
    assert.deepEqual(await found({ words: 'HBA1C' }), ['HbA1c']);
    assert.deepEqual(await found({ words: 'check pace' }), ['Pacemaker check']);
    assert.deepEqual(await found({ words: 'final' }), [], 'a word of the format');
    assert.deepEqual(await found({ words: 'resourceType' }), []);
    assert.deepEqual(await found({ words: '%_' }), []);
    assert.deepEqual(await found({ words: 'mmol', kind: 'visits' }), []);
  });

  test('whose words they are: of the person and their family, or of one kind of others, in months, entries and words', async () => {
    const dara = await signUp(server.url);
    const leela = await signUpClinician(server.url, server.pool);
    await give(server, dara.patientId, leela, { kind: 'edit' }, { startsAtMs: Date.now() - 1000 });
    await dara.create(resultOf(dara.patientId, '2026-03-01', 'Weight at home'));
    await leela.create(resultOf(dara.patientId, '2026-02-01', 'Weight in the clinic'));
    for (const [by, expected] of [
      ['self', ['Weight at home']],
      ['professional', ['Weight in the clinic']],
      ['others', ['Weight in the clinic']],
      ['organization', []],
      ['import', []],
    ] as const) {
      assert.deepEqual(await titles(dara, `?by=${by}`), expected, by);
      assert.equal((await months(dara, `?by=${by}`)).months.length, expected.length, by);
      const found = await dara.call('POST', '/api/timeline/search', { body: { words: 'weight', by } });
      assert.deepEqual(
        found.json<Entries>().entries.map(({ title }) => title),
        expected,
        by,
      );
    }
  });

  test('bad asks are refused by name', async () => {
    for (const [query, code] of [
      ['?kind=secrets', 'kind-unknown'],
      ['?kind=visits,', 'kind-unknown'],
      ['?kind=insurance', 'kind-unknown'],
      ['?by=doctor', 'author-unknown'],
      ['?by=toString', 'author-unknown'],
      ['?by=__proto__', 'author-unknown'],
      ['?from=2026-13', 'month-unreadable'],
      ['?to=0000-01', 'month-unreadable'],
      ['?from=2026-01&from=2026-02', 'month-unreadable'],
      ['?after=x', 'place-unreadable'],
      ['?after=2026-02-31_x', 'place-unreadable'],
    ]) {
      const answer = await asha.get(`/api/timeline${query}`);
      assert.equal(answer.status, 422, `${query} ${answer.text}`);
      assert.equal(answer.json<{ code: string }>().code, code, query);
    }
    for (const body of [{}, { words: '' }, { words: 'a' }, { words: 7 }, { words: { a: 1 } }])
      assert.equal(
        (await asha.call('POST', '/api/timeline/search', { body })).status,
        422,
        JSON.stringify(body),
      );
  });

  test('nobody else sees one, and is not told that there is one', async () => {
    for (const who of [doctor, await signUp(server.url)]) {
      for (const path of ['/api/timeline', '/api/timeline/months']) {
        const [there, absent] = await Promise.all([
          who.get(`${path}?patient=${asha.patientId}`),
          who.get(`${path}?patient=${randomUUID()}`),
        ]);
        assert.equal(there.status, 404);
        assert.equal(there.json<{ code: string }>().code, absent.json<{ code: string }>().code);
      }
      const found = await who.call('POST', '/api/timeline/search', {
        body: { words: 'pacemaker', patient: asha.patientId },
      });
      assert.equal(found.status, 404);
    }
  });

  test('a grant shows its part alone, neither more counted nor found, and leaves a look for each answer', async () => {
    await insertAuthority(server.pool, {
      patientId: asha.patientId,
      authorityId: randomUUID(),
      basis: 'grant',
      holderId: doctor.accountId,
      coverage: { categories: ['results'], sealed: false },
      purpose: 'TREAT',
      startsAtMs: Date.now() - 1000,
      endsAtMs: Date.now() + 3_600_000,
    });
    const named = `patient=${asha.patientId}`;
    const seen = await months(doctor, `?${named}`);
    assert.deepEqual(seen.kinds, { results: 4 });
    assert.deepEqual((await titles(doctor, `?${named}`)).toSorted(), [
      'Haemoglobin',
      'HbA1c',
      'INR',
      'Potassium',
    ]);
    const found = await doctor.call('POST', '/api/timeline/search', {
      body: { words: 'hiv', patient: asha.patientId },
    });
    assert.deepEqual(found.json<Entries>().entries, []);
    const { entries } = (await asha.get('/api/entries?kind=looks&limit=10')).json<{
      entries: { who: { role: string }; query?: string; shown?: { count: number } }[];
    }>();
    const theirs = entries.filter(({ who }) => who.role === 'professional');
    assert.deepEqual(theirs.map(({ query, shown }) => [query, shown?.count]).slice(0, 3), [
      ['timeline', 0],
      ['timeline', 4],
      ['timeline months', 0],
    ]);
  });

  test('how far entries are proven is told of one’s own alone', async () => {
    const { entries } = (await asha.get('/api/timeline')).json<{ entries: { entryId: string }[] }>();
    const ids = entries.map(({ entryId }) => entryId);
    const states = async (who: Person): Promise<Record<string, { state: string }>> =>
      (await who.call('POST', '/api/entries/states', { body: { entries: ids } })).json<{
        states: Record<string, { state: string }>;
      }>().states;
    const mine = await states(asha);
    assert.deepEqual(Object.keys(mine).toSorted(), ids.toSorted());
    for (const { state } of Object.values(mine)) assert.match(state, /^(pending|logged)$/);
    assert.deepEqual(await states(doctor), {});
    const odd = await asha.call('POST', '/api/entries/states', { body: { entries: ["' or true --"] } });
    assert.equal(odd.status, 400);
  });
});
