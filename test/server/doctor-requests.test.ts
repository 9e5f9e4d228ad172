// A person asks a doctor: yes, no with a reason, a shut door that does not show, and what is given with a yes, over HTTP.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { give } from '../access/world.ts';
import type { Answer, Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { signUpClinician } from '../harness/clinician.ts';
import { doctor, later, nowMs, observation, patient, server, whole } from './consent-world.ts';

const words = 'My knee has hurt since the spring.';
const askFrom = (one: Person, more: object = {}): Promise<Answer> =>
  one.call('POST', '/api/doctor-requests', { body: { to: doctor.accountId, words, ...more } });
async function ask(more: object = {}): Promise<string> {
  const answer = await askFrom(patient, more);
  assert.equal(answer.status, 201, answer.text);
  return answer.json<{ id: string }>().id;
}
const act = (id: string, verb: string, body?: object, from: Person = doctor) =>
  from.call('POST', `/api/doctor-requests/${id}/${verb}`, body ? { body } : {});
interface Shown {
  id: string;
  state: string;
  reason?: string;
  words: string;
  person?: { name: string; uhid: string };
}
const asked = async () => (await patient.get('/api/doctor-requests')).json<Shown[]>();
const inbox = async () => (await doctor.get('/api/doctor-requests?to=me')).json<Shown[]>();
const kinds = async (one: Person) =>
  (await one.get('/api/notices')).json<{ notices: { kind: string }[] }>().notices.map(({ kind }) => kind);

describe('asking a doctor', () => {
  it('reaches their inbox with the person’s own words, tells them, and opens nothing before they accept', async () => {
    const entry = await patient.create(observation('laboratory'));
    const id = await ask({ offer: whole });
    const [shown] = await inbox();
    assert.deepEqual([shown?.id, shown?.words, shown?.person?.uhid], [id, words, patient.uhid]);
    assert.ok((await kinds(doctor)).includes('doctor-asked'));
    assert.equal((await doctor.get(`/fhir/R4/Observation/${entry.id}`)).status, 404);
  });

  it('a yes gives what was offered and nothing else, and tells the person', async () => {
    const result = await patient.create(observation('laboratory'));
    const vital = await patient.create(observation('vital-signs'));
    const id = await ask({ offer: { ...whole, scope: { categories: ['results'] } } });
    assert.equal((await act(id, 'accept')).status, 201);
    assert.equal((await doctor.get(`/fhir/R4/Observation/${result.id}`)).status, 200);
    assert.equal((await doctor.get(`/fhir/R4/Observation/${vital.id}`)).status, 404);
    assert.equal((await asked())[0]?.state, 'accepted');
    assert.ok((await kinds(patient)).includes('doctor-accepted'));
    const [grant] = (await patient.get('/api/grants')).json<{ consent: string }[]>();
    assert.equal((await patient.get(`/fhir/R4/${grant?.consent ?? ''}`)).json()['status'], 'active');
  });

  it('a yes to a question without an offer opens nothing', async () => {
    const id = await ask();
    const answer = await act(id, 'accept');
    assert.deepEqual([answer.status, answer.json()], [201, {}]);
    assert.deepEqual((await patient.get('/api/grants')).json(), []);
  });

  it('a no has a reason, which the person reads', async () => {
    const id = await ask();
    assert.equal((await act(id, 'reject', { reason: 'no' })).status, 422);
    assert.equal((await act(id, 'reject', { reason: 'I take no new patients this year.' })).status, 204);
    const [shown] = await asked();
    assert.deepEqual([shown?.state, shown?.reason], ['rejected', 'I take no new patients this year.']);
    assert.ok((await kinds(patient)).includes('doctor-rejected'));
  });

  it('accepted, rejected, withdrawn and over are four states, and of several answers the first counts', async () => {
    const one = await ask();
    const both = await Promise.all([
      act(one, 'accept'),
      act(one, 'reject', { reason: 'I take no new patients this year.' }),
      act(one, 'withdraw', undefined, patient),
    ]);
    assert.equal(both.filter(({ status }) => status < 300).length, 1);
    assert.deepEqual(
      both
        .map(({ status }) => status)
        .toSorted((a, b) => a - b)
        .slice(1),
      [409, 409],
    );
    const two = await ask();
    assert.equal((await act(two, 'withdraw', undefined, patient)).status, 204);
    assert.equal((await act(two, 'accept')).status, 409);
    const three = await ask();
    await later(14 * 86_400_000, patient, doctor);
    assert.equal((await act(three, 'accept')).status, 409);
    const states = await asked();
    assert.deepEqual(
      [two, three].map((id) => states.find((s) => s.id === id)?.state),
      ['withdrawn', 'expired'],
    );
  });

  it('is nobody else’s to answer, to take back or to read', async () => {
    const id = await ask();
    const stranger = await signUp(server.url);
    const colleague = await signUpClinician(server.url, server.pool);
    for (const one of [stranger, colleague, patient])
      for (const verb of ['accept', 'block'])
        assert.ok([403, 404].includes((await act(id, verb, undefined, one)).status), verb);
    for (const one of [stranger, doctor])
      assert.equal((await act(id, 'withdraw', undefined, one)).status, 404);
    assert.deepEqual((await colleague.get('/api/doctor-requests?to=me')).json(), []);
    assert.equal((await stranger.get(`/api/doctor-requests?patient=${patient.patientId}`)).status, 404);
  });

  it('is for clinicians with a checked licence, also on the day of the answer', async () => {
    const nobody = await signUp(server.url);
    const answer = await askFrom(patient, { to: nobody.accountId });
    assert.equal(answer.status, 404);
    const id = await ask({ offer: whole });
    await server.pool.query(
      `update organization_member set licence_until = '2020-01-01' where account_id = $1`,
      [doctor.accountId],
    );
    assert.equal((await act(id, 'accept')).status, 403);
  });

  it('one question to each doctor, five in all, counted also when they come together', async () => {
    await ask();
    assert.equal((await askFrom(patient)).status, 409);
    const others = await Promise.all(
      Array.from({ length: 6 }, () => signUpClinician(server.url, server.pool)),
    );
    const answers = await Promise.all(others.map(({ accountId }) => askFrom(patient, { to: accountId })));
    assert.deepEqual(
      answers.map(({ status }) => status).toSorted((a, b) => a - b),
      [201, 201, 201, 201, 409, 409],
    );
  });
});

describe('a shut door', () => {
  it('hides what this person asks, and answers them as if it were open', async () => {
    const other = await signUp(server.url);
    const open = await askFrom(other);
    const id = await ask();
    assert.equal((await act(id, 'block')).status, 204);
    const shape = ({ status, text }: Answer) => [
      status,
      text.replace(/"[0-9a-f-]{36}"|"\d{4}-[^"]+"/g, '""'),
    ];
    const before = (await kinds(doctor)).length;
    assert.deepEqual(
      (await inbox()).map((one) => one.person?.uhid),
      [other.uhid],
    );
    // To the person it waits like any other: it can be taken back, and asked again.
    assert.equal((await asked())[0]?.state, 'asked');
    assert.equal((await act(id, 'withdraw', undefined, patient)).status, 204);
    assert.deepEqual(shape(await askFrom(patient)), shape(open));
    assert.deepEqual(
      (await inbox()).map((one) => one.person?.uhid),
      [other.uhid],
    );
    assert.equal((await kinds(doctor)).length, before, 'no notice either');
    const { rows } = await server.pool.query<{ statement: string }>(
      'select statement from entry where patient_id = $1',
      [patient.patientId],
    );
    assert.ok(rows.every(({ statement }) => !statement.includes('doctor-block')));
  });

  it('is opened again by the doctor alone, for what comes later', async () => {
    const id = await ask();
    await act(id, 'block');
    const [block] = (await doctor.get('/api/doctor-blocks')).json<{ id: string; name: string }[]>();
    assert.equal(block?.name, 'Asha Rao');
    const path = `/api/doctor-blocks/${block.id}`;
    assert.equal((await patient.call('DELETE', path)).status, 404);
    assert.equal((await doctor.call('DELETE', path)).status, 204);
    assert.deepEqual(await inbox(), []);
    await act(id, 'withdraw', undefined, patient);
    await ask();
    assert.equal((await inbox()).length, 1);
  });
});

describe('a guardian', () => {
  it('asks at the level act, offers at the level share, and what they offered is not given when they are none any more', async () => {
    const [viewer, guardian] = [await signUp(server.url), await signUp(server.url)];
    await give(server, patient.patientId, viewer, { kind: 'guardian', level: 'view' }, { startsAtMs: nowMs });
    await give(
      server,
      patient.patientId,
      guardian,
      { kind: 'guardian', level: 'act' },
      { startsAtMs: nowMs },
    );
    assert.equal((await askFrom(viewer, { patient: patient.patientId })).status, 403);
    const answer = await askFrom(guardian, { patient: patient.patientId, offer: whole });
    assert.equal(answer.status, 201, answer.text);
    const { id } = answer.json<{ id: string }>();
    await server.pool.query(
      `update authority set ended_at = now(), ended_why = 'ended' where holder_id = $1`,
      [guardian.accountId],
    );
    assert.deepEqual((await act(id, 'accept')).json(), {});
    assert.equal((await doctor.get(`/fhir/R4/Patient/${patient.patientId}`)).status, 404);
  });
});
