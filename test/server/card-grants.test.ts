// Card and access code at a desk, through HTTP: nothing is open before a second person of the same organisation said that it was so, and what
// is opened is for one clinician, for what was asked, and for half an hour.
import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { code, employ, employDoctor, later, server, statements } from './organizations-world.ts';

const accessCode = '482915';
let patient: Person;
let doctor: Person;
let witness: Person;
let card: string;

beforeEach(async () => {
  patient = await signUp(server.url, { name: 'Asha Rao' });
  doctor = await signUp(server.url, { name: 'Dr Meera Iyer' });
  witness = await signUp(server.url, { name: 'Imran Shaikh' });
  await employDoctor(doctor);
  await employ(witness, 'desk');
  card = (await patient.get('/api/emergency-card')).json<{ url: string }>().url;
  const set = await patient.call('PUT', '/api/emergency-card/code', { body: { code: accessCode } });
  assert.equal(set.status, 200, set.text);
});

const show = (more: object = {}, by: Person = doctor) =>
  by.call('POST', '/api/card-grants', {
    body: { card, code: accessCode, scope: { write: true }, purpose: 'TREAT', ...more },
  });
const shown = async (more: object = {}): Promise<string> => {
  const answer = await show(more);
  assert.equal(answer.status, 201, answer.text);
  return answer.json<{ id: string }>().id;
};
const say = (id: string, by: Person = witness) => by.call('POST', `/api/card-grants/${id}/witness`);
const read = async (by: Person = doctor) => (await by.get(`/fhir/R4/Patient/${patient.patientId}`)).status;
const write = async (by: Person = doctor) =>
  (
    await by.call('POST', '/fhir/R4/Observation', {
      body: {
        resourceType: 'Observation',
        status: 'final',
        code: { text: 'Pulse' },
        subject: { reference: `Patient/${patient.patientId}` },
        valueString: 'even',
      },
    })
  ).status;

describe('card, access code and a witness', () => {
  test('let this clinician read and write for half an hour, and nobody else', async () => {
    const colleague = await signUp(server.url, { name: 'Dr Leela Thomas' });
    await employDoctor(colleague);
    const id = await shown();
    assert.deepEqual([await read(), await write()], [404, 403], 'nothing before the witness');
    const waiting = (await witness.get('/api/card-grants')).json<{ id: string; cardEndsWith: string }[]>();
    assert.partialDeepStrictEqual(waiting, [
      { id, clinician: 'Dr Meera Iyer', cardEndsWith: patient.uhid.slice(-4), write: true },
    ]);
    for (const secret of ['Asha', patient.uhid, patient.patientId])
      assert.ok(!JSON.stringify(waiting).includes(secret), secret);
    const state = async (by: Person = doctor) => {
      const { state, patient: whose } = (await by.get(`/api/card-grants/${id}`)).json<{
        state?: string;
        patient?: string;
      }>();
      return [state, whose];
    };
    assert.deepEqual(await state(), ['waiting', undefined]);
    const granted = await say(id);
    assert.equal(granted.status, 201, granted.text);
    assert.deepEqual(await state(), ['witnessed', patient.patientId]);
    for (const other of [witness, colleague, patient])
      assert.deepEqual(await state(other), [undefined, undefined]);
    assert.deepEqual([await read(), await write()], [200, 201]);
    assert.deepEqual([await read(witness), await read(colleague), await write(colleague)], [404, 404, 403]);
    await later(30 * 60_000, doctor);
    assert.deepEqual([await read(), await write()], [404, 403]);
  });

  test('leave entries of both steps with a notice to the person', async () => {
    await say(await shown());
    const own = (await statements(patient.patientId)).filter(({ event }) => event.startsWith('access-'));
    assert.deepEqual(
      own.map(({ event, basis, who }) => [event, basis, who.name]),
      [
        ['access-card', 'card-and-code', 'Dr Meera Iyer'],
        ['access-approve', 'card-and-code', 'Imran Shaikh'],
      ],
    );
    const notices = await patient.get('/api/notices');
    assert.match(notices.text, /access-given/);
  });

  test('are witnessed by somebody else of the same organisation, once, within five minutes', async () => {
    const id = await shown();
    const stranger = await signUp(server.url);
    for (const by of [doctor, patient, stranger]) assert.equal((await say(id, by)).status, 404);
    const elsewhere = await signUp(server.url);
    await employ(elsewhere, 'desk');
    await server.pool.query(
      `update organization_member set organization_id = 'elsewhere' where account_id = $1`,
      [elsewhere.accountId],
    );
    assert.equal((await say(id, elsewhere)).status, 404);
    assert.deepEqual((await elsewhere.get('/api/card-grants')).json(), []);
    const answers = await Promise.all(Array.from({ length: 8 }, () => say(id)));
    assert.equal(answers.filter(({ status }) => status === 201).length, 1);
    const late = await shown();
    await later(5 * 60_000);
    assert.equal((await say(late)).status, 404);
  });

  test('of a clinician who was suspended meanwhile open nothing', async () => {
    const id = await shown();
    await server.pool.query(`update organization_member set suspended_at = now() where account_id = $1`, [
      doctor.accountId,
    ]);
    assert.equal((await say(id)).status, 404);
    assert.equal(code(await show()), 'licence-needed');
  });

  test('OTP-01 a wrong code takes a try for good and the person is told; ten shut it for the right one too', async () => {
    for (let tries = 0; tries < 10; tries += 1)
      assert.equal(code(await show({ code: `73916${tries}` })), 'card-closed');
    assert.equal(code(await show()), 'card-closed');
    const refused = (await statements(patient.patientId)).filter(({ event }) => event === 'access-card');
    assert.equal(refused.length, 10);
    assert.match((await patient.get('/api/notices')).text, /card-code-locked/);
  });

  test('a card that is no card, one that was replaced and one without a code are answered alike', async () => {
    const answers = [await show({ card: 'https://example.org/e/none' })];
    await patient.call('POST', '/api/emergency-card/rotate');
    answers.push(await show());
    card = (await patient.get('/api/emergency-card')).json<{ url: string }>().url;
    await patient.call('DELETE', '/api/emergency-card/code');
    answers.push(await show());
    const said = answers.map((answer) => ({ ...answer.json(), requestId: '' }));
    for (const one of said) assert.deepEqual(one, said[0]);
    assert.equal(answers[0]?.status, 404);
  });

  test('are a clinician’s to show: the desk and an administrator get nothing by them', async () => {
    assert.equal(code(await show({}, witness)), 'licence-needed');
  });
});
