// An emergency opens a record for an hour, with a reason, to a verified clinician alone.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { signUpClinician } from '../harness/clinician.ts';
import { server, patient, doctor, later, observation, sealed } from './consent-world.ts';

describe('breaking the glass', () => {
  const reason = 'Unconscious after a road accident';
  const breakGlass = (from: Person, body: object) => from.call('POST', '/api/break-glass', { body });

  it('CON-15: opens everything clinical for an hour, sealed too, with the reason in the chain and a notice at once', async () => {
    const entry = await patient.create(observation('laboratory', sealed));
    const broken = await breakGlass(doctor, { patient: patient.uhid, reason });
    assert.equal(broken.status, 201, broken.text);
    assert.match((await patient.get('/api/notices')).text, /glass-broken/);
    assert.equal((await doctor.get(`/fhir/R4/Observation/${entry.id}`)).status, 200);
    const statements = await server.pool.query<{ statement: string }>(
      `select statement from entry where patient_id = $1 and statement like '%BTG%'`,
      [patient.patientId],
    );
    assert.ok(statements.rows.some(({ statement }) => statement.includes(reason)));
    assert.ok(
      statements.rows.some(({ statement }) => statement.includes('"read"')),
      'each look says BTG',
    );
    assert.equal(
      (await doctor.call('POST', '/fhir/R4/Observation', { body: observation('laboratory') })).status,
      403,
    );
    await later(60 * 60_000, doctor);
    assert.equal((await doctor.get(`/fhir/R4/Observation/${entry.id}`)).status, 404);
  });

  it('can be closed before, by who broke it', async () => {
    const entry = await patient.create(observation('laboratory'));
    const { id } = (await breakGlass(doctor, { patient: patient.uhid, reason })).json<{ id: string }>();
    assert.equal((await patient.call('DELETE', `/api/break-glass/${id}`)).status, 404);
    assert.equal((await doctor.call('DELETE', `/api/break-glass/${id}`)).status, 204);
    assert.equal((await doctor.get(`/fhir/R4/Observation/${entry.id}`)).status, 404);
  });

  const refused: [string, () => Promise<Person>, string, number][] = [
    ['without a reason', async () => doctor, '', 422],
    ['with a word for a reason', async () => doctor, 'urgent', 422],
    ['by a layman', () => signUp(server.url), reason, 403],
    [
      'with a lapsed licence',
      () => signUpClinician(server.url, server.pool, { licenceUntil: '2020-01-01' }),
      reason,
      403,
    ],
  ];
  for (const [what, who, text, status] of refused)
    it(`${what} is refused with ${status}`, async () => {
      const answer = await breakGlass(await who(), { patient: patient.uhid, reason: text });
      assert.equal(answer.status, status, answer.text);
    });

  it('CON-15: more than ten times a day is too often', async () => {
    const answers: number[] = [];
    for (let i = 0; i < 11; i++)
      answers.push((await breakGlass(doctor, { patient: patient.uhid, reason })).status);
    assert.deepEqual(answers.slice(-2), [201, 429]);
  });
});
