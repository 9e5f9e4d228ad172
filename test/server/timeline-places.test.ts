// The timeline by place: which there are, what was done there with everything of its visits, only of what may be seen, ten thousand entries.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { give } from '../access/world.ts';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { signUpClinician } from '../harness/clinician.ts';
import { postEntry, transactionOf } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

interface Months {
  months: { month: string; count: number }[];
  places: { key: string; name: string; count: number }[];
}
const names = ['St Mary "Hill" Hospital', 'Clinic [North] {2}', 'अपोलो अस्पताल'] as const;

describe('the timeline by place', () => {
  let server: TestServer;
  let asha: Person;
  before(async () => {
    server = await startServer();
    asha = await signUp(server.url);
    const subject = { reference: `Patient/${asha.patientId}` };
    const visit = (place: object, day: string, more: object = {}) =>
      asha.create({
        resourceType: 'Encounter',
        status: 'finished',
        class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
        type: [{ text: 'Check' }],
        subject,
        period: { start: day },
        ...place,
        ...more,
      });
    const first = await visit({ serviceProvider: { display: names[0] } }, '2026-11-03');
    await visit({ serviceProvider: { display: names[0] } }, '2025-02-01');
    await visit({ location: [{ location: { display: names[1] } }] }, '2026-10-03');
    const sealed = [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }];
    await visit({ serviceProvider: { display: names[2] } }, '2026-09-03', { meta: { security: sealed } });
    const result = (text: string, more: object = {}) => ({
      resourceType: 'Observation',
      status: 'final',
      code: { text },
      subject,
      effectiveDateTime: '2026-11-03',
      valueQuantity: { value: 4.2, unit: 'mmol/L' },
      ...more,
    });
    await asha.create(result('INR', { encounter: { reference: `Encounter/${first.id}` } }));
    // Named in words, which is no place.
    await asha.create(result('Potassium', { note: [{ text: `Measured at ${names[0]}` }] }));
  });
  after(() => server.stop());

  const months = async (query = '', who = asha) =>
    (await who.get(`/api/timeline/months?${query}`)).json<Months>();
  const keyOf = async (name: string) => (await months()).places.find((one) => one.name === name)?.key ?? '';

  test('names the places, the most frequent first, and no name in an address', async () => {
    const { places } = await months();
    assert.deepEqual(
      places.map(({ name, count }) => [name, count]),
      [
        [names[0], 2],
        [names[1], 1],
        [names[2], 1],
      ].toSorted((a, b) => Number(b[1]) - Number(a[1])),
    );
    for (const { key } of places) assert.match(key, /^[0-9a-f]{16}$/);
  });

  test('holds what was done there and everything of its visits, in months, entries and words', async () => {
    const at = await keyOf(names[0]);
    assert.deepEqual((await months(`at=${at}`)).months, [
      { month: '2026-11', count: 2 },
      { month: '2025-02', count: 1 },
    ]);
    const { entries } = (await asha.get(`/api/timeline?at=${at}`)).json<{ entries: { title: string }[] }>();
    assert.deepEqual(entries.map(({ title }) => title).sort(), ['Check', 'Check', 'INR']);
    const found = await asha.call('POST', '/api/timeline/search', { body: { words: 'INR', at } });
    assert.equal(found.json<{ entries: object[] }>().entries.length, 1);
    const other = await asha.call('POST', '/api/timeline/search', { body: { words: 'Potassium', at } });
    assert.equal(other.json<{ entries: object[] }>().entries.length, 0);
    // The list of places stays while one is chosen, and goes with kind and author.
    assert.equal((await months(`at=${at}`)).places.length, 3);
    assert.deepEqual((await months(`at=${at}&kind=results`)).months, [{ month: '2026-11', count: 1 }]);
    assert.deepEqual((await months(`at=${at}&kind=medicines`)).months, []);
    for (const name of names.slice(1)) {
      const one = await months(`at=${await keyOf(name)}`);
      assert.equal(
        one.months.reduce((sum, { count }) => sum + count, 0),
        1,
        name,
      );
    }
  });

  test('knows no place that the asker may not see, and no key that is none', async () => {
    const doctor = await signUpClinician(server.url, server.pool);
    await give(server, asha.patientId, doctor, { kind: 'grant' }, { startsAtMs: Date.now() - 1000 });
    const seen = await months(`patient=${asha.patientId}`, doctor);
    assert.deepEqual(
      seen.places.map(({ name }) => name),
      names.slice(0, 2),
    );
    const hidden = await keyOf(names[2]);
    for (const at of [hidden, '0'.repeat(16), 'St Mary', "' or 1=1"]) {
      const answer = await doctor.get(`/api/timeline?patient=${asha.patientId}&at=${encodeURIComponent(at)}`);
      assert.equal(answer.status, 422, at);
      assert.equal(answer.json()['code'], 'place-unknown');
    }
  });

  test('finds the entries of one visit among ten thousand', async () => {
    const at = await keyOf(names[1]);
    const subject = { reference: `Patient/${asha.patientId}` };
    const many = Array.from({ length: 10_000 }, (_, i) =>
      postEntry({
        resourceType: 'Observation',
        status: 'final',
        code: { text: `Test ${i}` },
        subject,
        effectiveDateTime: new Date(Date.UTC(2024, 0, 1) - i * 86_400_000).toISOString().slice(0, 10),
        valueQuantity: { value: i % 9, unit: 'mmol/L' },
      }),
    );
    for (let from = 0; from < many.length; from += 1000) {
      const body = transactionOf(...many.slice(from, from + 1000));
      assert.equal((await asha.call('POST', '/fhir/R4', { body })).status, 200);
    }
    const { entries } = (await asha.get(`/api/timeline?at=${at}`)).json<{ entries: object[] }>();
    assert.equal(entries.length, 1);
    assert.equal(
      (await months()).months.reduce((sum, { count }) => sum + count, 0),
      10_006,
    );
  });
});
