// Sealed entries: to whoever may know of them they are a place and a month; to everybody else they are not there at all.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { give } from '../access/world.ts';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { signUpClinician } from '../harness/clinician.ts';
import { importDirectory } from '../harness/directory.ts';
import {
  doctor,
  letIn,
  moveClock,
  nowMs,
  observation,
  patient,
  sealed,
  server,
  whole,
} from './consent-world.ts';

interface Place {
  place: string | null;
  month: string;
}
const placesFor = async (one: Person): Promise<Place[]> => {
  const answer = await one.get(`/api/sealed-entries?patient=${patient.patientId}`);
  assert.equal(answer.status, 200, answer.text);
  return answer.json<Place[]>();
};
const knowing = { ...whole, scope: { knowsSealed: true } };
const share = (to: string, terms: object) => patient.call('POST', '/api/grants', { body: { to, ...terms } });
const month = () => new Date(nowMs).toISOString().slice(0, 7);
const summary = (one: Person) => one.get(`/fhir/R4/Patient/${patient.patientId}/$summary`);
const everything = (one: Person) => one.get(`/fhir/R4/Patient/${patient.patientId}/$everything`);
const seal = async (type: string, id: string) => {
  const { text } = await patient.get(`/fhir/R4/${type}/${id}`);
  const body = { ...(JSON.parse(text) as object), ...sealed };
  assert.equal((await patient.call('PUT', `/fhir/R4/${type}/${id}`, { body })).status, 200);
};

describe('whoever was let into the whole record and may know it', () => {
  it('hears that sealed entries exist, where from and when, and nothing of what they say', async () => {
    const entry = await patient.create(observation('laboratory', { ...sealed, valueString: 'secret words' }));
    assert.equal((await share(doctor.accountId, knowing)).status, 201);
    assert.deepEqual(await placesFor(doctor), [{ place: null, month: month() }]);
    assert.equal((await doctor.get(`/fhir/R4/Observation/${entry.id}`)).status, 404);
    const search = await doctor.get(`/fhir/R4/Observation?subject=Patient/${patient.patientId}`);
    assert.equal(search.json()['total'], 0);
    const all = await everything(doctor);
    assert.match(all.text, /"code":"suppressed"/);
    const document = await summary(doctor);
    assert.match(document.text, /Sealed entries/);
    for (const { text } of [all, document, search]) {
      assert.ok(!text.includes('secret words'));
      assert.ok(!text.includes(entry.id));
    }
  });

  it('the Consent says so, and the owner sees it among what was given', async () => {
    const given = (await share(doctor.accountId, knowing)).json<{ consent: string }>();
    const consent = await patient.get(`/fhir/R4/${given.consent}`);
    assert.match(consent.text, /"code":"know-of"/);
    const [grant] = (await patient.get('/api/grants')).json<{ scope: { knowsSealed?: boolean } }[]>();
    assert.equal(grant?.scope.knowsSealed, true);
  });

  it('hears it no more from the request after it was revoked, or when it is over', async () => {
    await patient.create(observation('laboratory', sealed));
    await share(doctor.accountId, { ...knowing, duration: 'PT2H' });
    const [grant] = (await patient.get('/api/grants')).json<{ id: string }[]>();
    assert.equal((await placesFor(doctor)).length, 1);
    const another = await signUpClinician(server.url, server.pool);
    await share(another.accountId, { ...knowing, duration: 'PT2M' });
    assert.equal((await placesFor(another)).length, 1);
    await patient.call('POST', `/api/grants/${grant?.id ?? ''}/revoke`);
    assert.deepEqual(await placesFor(doctor), []);
    moveClock(2 * 60_000);
    assert.deepEqual(await placesFor(another), []);
  });

  it('leaves a look in the log of the person', async () => {
    await patient.create(observation('laboratory', sealed));
    await share(doctor.accountId, knowing);
    await placesFor(doctor);
    const { entries } = (await patient.get('/api/entries?kind=looks')).json<{
      entries: { query?: string; who: { name: string }; basis: string }[];
    }>();
    const look = entries.find(({ query }) => query === 'places of sealed entries');
    assert.equal(look?.basis, 'grant');
  });
});

it('whoever wrote an entry before it was sealed hears of that one, with their own place, and of no other', async () => {
  await patient.create(observation('laboratory', sealed));
  await letIn({ ...whole, scope: { write: true } });
  await importDirectory(server.deps, [
    { resourceType: 'Organization', id: 'a-hospital', name: 'Kaveri Hospital' },
  ]);
  const written = await doctor.create(observation('laboratory'));
  assert.deepEqual(await placesFor(doctor), []);
  await seal('Observation', written.id);
  assert.deepEqual(await placesFor(doctor), [{ place: 'Kaveri Hospital', month: month() }]);
  const colleague = await signUpClinician(server.url, server.pool);
  await share(colleague.accountId, whole);
  assert.deepEqual(await placesFor(colleague), []);
});

describe('to everybody else', () => {
  it('CON-06: a record with sealed entries is answered like one without', async () => {
    const guardian = await signUp(server.url);
    await give(
      server,
      patient.patientId,
      guardian,
      { kind: 'guardian', level: 'manage' },
      { startsAtMs: nowMs },
    );
    const stranger = await signUp(server.url);
    await share(doctor.accountId, whole);
    const asked = async () => {
      const answers = [];
      for (const one of [doctor, guardian, stranger])
        for (const answer of [
          await one.get(`/api/sealed-entries?patient=${patient.patientId}`),
          await summary(one),
          await everything(one),
        ])
          answers.push([
            answer.status,
            answer.text.replace(/urn:uuid:[0-9a-f-]+|"(date|timestamp)":"[^"]+"/g, ''),
          ]);
      return answers;
    };
    const without = await asked();
    await patient.create(observation('laboratory', sealed));
    assert.deepEqual(await asked(), without);
  });

  it('nobody gives it but the owner: not the one who asks, not a rule, not a part of the record', async () => {
    const asks = await doctor.call('POST', '/api/access-requests', {
      body: { patient: patient.uhid, ...knowing },
    });
    assert.equal(asks.status, 422, asks.text);
    const rule = await patient.call('POST', '/api/access-rules', {
      body: { to: doctor.accountId, ...knowing },
    });
    assert.equal(rule.status, 422, rule.text);
    const part = await share(doctor.accountId, {
      ...whole,
      scope: { knowsSealed: true, categories: ['results'] },
    });
    assert.equal(part.status, 422, part.text);
  });

  it('the owner may say it with their answer to a request', async () => {
    await patient.create(observation('laboratory', sealed));
    const asked = await doctor.call('POST', '/api/access-requests', {
      body: { patient: patient.uhid, ...whole },
    });
    const { id } = asked.json<{ id: string }>();
    const body = { scope: { knowsSealed: true } };
    assert.equal((await patient.call('POST', `/api/access-requests/${id}/approve`, { body })).status, 201);
    assert.equal((await placesFor(doctor)).length, 1);
  });
});
