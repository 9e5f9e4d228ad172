// A late write is refused, and there is a way on: the clinician sends it, the person takes it in or leaves it out.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { signUpClinician } from '../harness/clinician.ts';
import {
  ask,
  confirm,
  doctor,
  later,
  letIn,
  observation,
  other,
  patient,
  server,
  whole,
} from './consent-world.ts';

const condition = (of: Person = patient) => ({
  resourceType: 'Condition',
  subject: { reference: `Patient/${of.patientId}` },
  code: { text: 'Asthma' },
});
const send = (from: Person, resource: object = condition(), reason = 'Forgotten in the rush of the day') =>
  from.call('POST', '/api/amendments', { body: { patient: patient.patientId, resource, reason } });

describe('a late entry', () => {
  it('goes in under the clinician’s name when the person takes it in, and names the pen and the yes', async () => {
    await letIn({ ...whole, scope: { write: true } });
    await later(31 * 60_000, doctor, patient);
    assert.equal((await doctor.call('POST', '/fhir/R4/Condition', { body: condition() })).status, 403);
    const sent = await send(doctor);
    assert.equal(sent.status, 201, sent.text);
    const { id } = sent.json<{ id: string }>();
    assert.equal(
      (await patient.get('/fhir/R4/Condition')).json()['total'],
      0,
      'nothing stands before the yes',
    );
    const [waiting] = (await patient.get('/api/amendments')).json<{ title: string; state: string }[]>();
    assert.deepEqual([waiting?.title, waiting?.state], ['Asthma', 'proposed']);
    const answers = await Promise.all([
      patient.call('POST', `/api/amendments/${id}/accept`),
      patient.call('POST', `/api/amendments/${id}/accept`),
      patient.call('POST', `/api/amendments/${id}/reject`),
    ]);
    assert.equal(answers.filter(({ status }) => status < 300).length, 1, 'one answer counts');
    if (answers[2]?.status === 204) return;
    const found = (await patient.get('/fhir/R4/Condition')).json<{
      entry: { resource: { meta: { tag: { code: string }[] } } }[];
    }>();
    assert.equal(found.entry.length, 1);
    assert.ok(found.entry[0]?.resource.meta.tag.some(({ code }) => code === 'professional'));
    const accepted = answers.find(({ status }) => status === 201);
    const { rows } = await server.pool.query<{ statement: string }>(
      'select statement from entry where entry_id = $1',
      [accepted?.headers.get('ledger-entry')],
    );
    const { basis, who, detail } = JSON.parse(rows[0]?.statement ?? '{}') as {
      basis: string;
      who: { account: string };
      detail: Record<string, string>;
    };
    assert.equal(basis, 'amendment');
    assert.equal(who.account, doctor.accountId);
    assert.ok(detail['authority'] && detail['acceptedBy'] && detail['amendment'] === id);
  });

  it('is answered by nobody but the person, and not after thirty days', async () => {
    await letIn({ ...whole, scope: { write: true } });
    const { id } = (await send(doctor)).json<{ id: string }>();
    for (const one of [doctor, await signUp(server.url)])
      for (const act of ['accept', 'reject'])
        assert.equal((await one.call('POST', `/api/amendments/${id}/${act}`)).status, 404);
    await later(30 * 86_400_000, patient);
    assert.equal((await patient.call('POST', `/api/amendments/${id}/accept`)).status, 409);
    const [shown] = (await patient.get('/api/amendments')).json<{ state: string }[]>();
    assert.equal(shown?.state, 'expired');
  });

  it('comes only from who was lent a pen here, and not after it was taken away', async () => {
    assert.equal((await send(doctor)).status, 403, 'never let in');
    await letIn();
    assert.equal((await send(doctor)).status, 403, 'let in to look');
    const { grant } = await letIn({ ...whole, scope: { write: true } });
    const colleague = await signUpClinician(server.url, server.pool);
    assert.equal((await send(colleague)).status, 403, 'another clinician');
    assert.equal((await patient.call('POST', `/api/grants/${grant}/revoke`)).status, 204);
    assert.equal((await send(doctor)).status, 403, 'revoked');
  });

  const hostile: [string, () => object | Promise<object>][] = [
    ['of another person', async () => condition(await signUp(server.url))],
    ['of nobody', () => ({ resourceType: 'Condition', code: { text: 'Asthma' } })],
    ['that is no resource', () => ({ resourceType: 'Nothing' })],
    ['that gives authority', () => ({ resourceType: 'Consent', patient: condition().subject })],
    ['that changes who they are', () => ({ resourceType: 'Patient', id: patient.patientId })],
    ['of a part that was not covered', () => observation('vital-signs')],
    ['that refers to something else', () => ({ ...condition(), encounter: { reference: 'Encounter/x' } })],
  ];
  for (const [what, resource] of hostile)
    it(`${what} is refused with 422`, async () => {
      await letIn({ ...whole, scope: { categories: ['conditions'], write: true } });
      const answer = await send(doctor, await resource());
      assert.equal(answer.status, 422, answer.text);
    });
});

describe('a code on the own screen', () => {
  it('lets in like one that was sent, kills the one before, and is for the person alone (OTP-03, OTP-08)', async () => {
    const { id } = await ask();
    const show = (who: Person) => who.call('POST', `/api/access-requests/${id}/code`);
    assert.equal((await show(doctor)).status, 404);
    const first = (await show(patient)).json<{ code: string }>().code;
    const second = (await show(patient)).json<{ code: string }>().code;
    assert.match(second, /^\d{6}$/);
    if (first !== second) assert.equal((await confirm(id, first)).status, 403);
    assert.equal((await confirm(id, other(second))).status, 403);
    assert.equal((await confirm(id, second)).status, 201);
    assert.equal((await show(patient)).status, 409, 'nothing waits any more');
  });

  it('is one of the five that a request may have', async () => {
    const { id } = await ask();
    const statuses: number[] = [];
    for (let count = 0; count < 5; count++)
      statuses.push((await patient.call('POST', `/api/access-requests/${id}/code`)).status);
    assert.deepEqual(statuses, [200, 200, 200, 200, 429]);
  });
});

describe('what one was given', () => {
  it('names the person only while who they are is covered', async () => {
    const person = async () =>
      (await doctor.get('/api/grants?held=true')).json<{ person: { uhid: string; name?: string } }[]>()[0]
        ?.person;
    const narrow = await letIn({ ...whole, scope: { categories: ['results'] } });
    assert.deepEqual(await person(), { uhid: patient.uhid });
    await patient.call('POST', `/api/grants/${narrow.grant}/revoke`);
    await later(1000, doctor);
    const { grant } = await letIn();
    assert.equal((await person())?.name, 'Asha Rao');
    await patient.call('POST', `/api/grants/${grant}/revoke`);
    assert.equal((await person())?.name, undefined);
  });
});
