// To a guardian sealed entries are not there, and so no yes of theirs opens one: not in the app, not by a code, not by a rule, not unasked.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { signUpClinician } from '../harness/clinician.ts';
import { signUp } from '../harness/client.ts';
import type { Person } from '../harness/client.ts';
import { makeGuardian, mother, observation, server } from './guardians-world.ts';

const terms = { scope: { sealed: true }, purpose: 'TREAT', duration: 'P7D' };
const label = {
  meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'HIV' }] },
};

describe('CON-11: a guardian’s yes and sealed entries', () => {
  /** Somebody who keeps an entry sealed, with a guardian who manages. */
  async function kept(): Promise<{ person: Person; ids: { open: string; sealed: string } }> {
    const person = await signUp(server.url, { name: 'Arjun Rao' });
    await makeGuardian(undefined, person, mother, { evidence: 'wish' });
    const { patientId } = person;
    const open = await person.create(observation(patientId));
    const sealed = await person.create(observation(patientId, label));
    return { person, ids: { open: open.id, sealed: sealed.id } };
  }
  const seenBy = async (doctor: Person, ids: { open: string; sealed: string }) => [
    (await doctor.get(`/fhir/R4/Observation/${ids.open}`)).status,
    (await doctor.get(`/fhir/R4/Observation/${ids.sealed}`)).status,
  ];
  const ask = async (doctor: Person, person: Person): Promise<string> => {
    const asked = await doctor.call('POST', '/api/access-requests', {
      body: { patient: person.uhid, ...terms },
    });
    assert.equal(asked.status, 201, asked.text);
    return asked.json<{ id: string }>().id;
  };

  test('approving lets in to what is not sealed; the person’s own yes to both', async () => {
    const { person, ids } = await kept();
    const doctor = await signUpClinician(server.url, server.pool);
    const yes = await mother.call('POST', `/api/access-requests/${await ask(doctor, person)}/approve`);
    assert.equal(yes.status, 201, yes.text);
    assert.deepEqual(await seenBy(doctor, ids), [200, 404]);
    const consent = await person.get(`/fhir/R4/${yes.json<{ consent: string }>().consent}`);
    assert.equal(consent.status, 200);
    await person.call('POST', `/api/access-requests/${await ask(doctor, person)}/approve`);
    assert.deepEqual(await seenBy(doctor, ids), [200, 200]);
  });

  test('no code is drawn by a guardian while sealed entries are asked for; the person draws one', async () => {
    const { person } = await kept();
    const doctor = await signUpClinician(server.url, server.pool);
    const id = await ask(doctor, person);
    const drawn = await mother.call('POST', `/api/access-requests/${id}/code`);
    assert.equal(drawn.status, 409, drawn.text);
    assert.equal(drawn.json<{ code: string }>().code, 'sealed-asked');
    assert.equal((await person.call('POST', `/api/access-requests/${id}/code`)).status, 200);
  });

  test('sharing unasked leaves them out, and no rule of a guardian’s names them', async () => {
    const { person, ids } = await kept();
    const doctor = await signUpClinician(server.url, server.pool);
    const body = { to: doctor.accountId, ...terms, patient: person.patientId };
    const shared = await mother.call('POST', '/api/grants', { body });
    assert.equal(shared.status, 201, shared.text);
    assert.deepEqual(await seenBy(doctor, ids), [200, 404]);
    const rule = await mother.call('POST', '/api/access-rules', { body });
    assert.equal(rule.status, 422, rule.text);
    const without = { ...body, scope: { sealed: false } };
    assert.equal((await mother.call('POST', '/api/access-rules', { body: without })).status, 201);
  });
});
