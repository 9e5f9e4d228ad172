// A standing yes, and why somebody can see something.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { insertMember } from '../../server/storage/members.ts';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { signUpClinician } from '../harness/clinician.ts';
import { provedTwice } from '../harness/staff.ts';
import { ask, doctor, letIn, observation, patient, sealed, server, whole } from './consent-world.ts';

const rule = (more: object = {}, from: Person = patient) =>
  from.call('POST', '/api/access-rules', { body: { to: doctor.accountId, ...whole, ...more } });
const stateOf = async (id: string) =>
  (await patient.get(`/api/access-requests/${id}`)).json<{ state: string }>().state;

describe('a rule of the owner', () => {
  it('says yes to what lies within it as it is asked, tells the person, and is named in the entry', async () => {
    const entry = await patient.create(observation('laboratory'));
    assert.equal((await rule({ scope: { categories: ['results', 'conditions'] } })).status, 201);
    const asked = await ask({ ...whole, scope: { categories: ['results'] } });
    assert.equal(await stateOf(asked.id), 'approved');
    assert.equal(asked.codeSent, 'none', 'no code is needed');
    assert.equal((await doctor.get(`/fhir/R4/Observation/${entry.id}`)).status, 200);
    assert.match((await patient.get('/api/notices')).text, /access-given/);
    const { entries } = (await patient.get('/api/entries?kind=access')).json<{
      entries: { event: string; basis: string; detail: { how?: string } }[];
    }>();
    const yes = entries.find(({ event }) => event === 'access-approve');
    assert.deepEqual([yes?.basis, yes?.detail.how], ['owner-rule', 'rule']);
  });

  const within = { categories: ['results'] };
  const beyond: [string, object][] = [
    ['another part', { scope: { categories: ['conditions'] } }],
    ['the whole record', { scope: 'whole' }],
    ['sealed entries too', { scope: { ...within, sealed: true } }],
    ['to pass it on', { scope: { ...within, share: true } }],
    ['to write', { scope: { ...within, write: true } }],
    ['longer', { scope: within, duration: 'P8D' }],
    ['for something else', { scope: within, purpose: 'HPAYMT' }],
  ];
  for (const [what, terms] of beyond)
    it(`says nothing to whoever asks for ${what} (CON-04, CON-06)`, async () => {
      assert.equal((await rule({ scope: within })).status, 201);
      assert.equal(await stateOf((await ask({ ...whole, ...terms })).id), 'requested');
    });

  it('speaks of one clinician, or of all of an organisation, and of nobody else', async () => {
    const colleague = await signUpClinician(server.url, server.pool);
    const elsewhere = await signUp(server.url);
    await insertMember(
      server.pool,
      {
        memberId: randomUUID(),
        accountId: elsewhere.accountId,
        organizationId: 'elsewhere',
        role: 'doctor',
        practitionerId: null,
        licence: 'KMC 1',
        licenceUntil: '2999-12-31',
      },
      Date.now(),
    );
    await provedTwice(server.pool, elsewhere.accountId);
    assert.equal((await rule()).status, 201);
    assert.equal(await stateOf((await ask(whole, colleague)).id), 'requested');
    assert.equal((await rule({ everybody: true })).status, 201);
    assert.equal(await stateOf((await ask(whole, colleague)).id), 'approved');
    assert.equal(await stateOf((await ask(whole, elsewhere)).id), 'requested');
  });

  it('ends for the next request, is the owner’s alone, and no shut door is opened by it', async () => {
    const { id } = (await rule()).json<{ id: string }>();
    assert.equal((await rule({ patient: patient.patientId }, await signUp(server.url))).status, 404);
    for (const one of [doctor, await signUp(server.url)])
      assert.equal((await one.call('DELETE', `/api/access-rules/${id}`)).status, 404);
    const first = await ask();
    assert.equal((await patient.call('POST', `/api/access-requests/${first.id}/block`)).status, 204);
    const shut = await doctor.call('POST', '/api/access-requests', {
      body: { patient: patient.uhid, ...whole },
    });
    assert.equal(shut.status, 403);
    assert.equal((await patient.call('DELETE', `/api/access-requests/${first.id}/block`)).status, 204);
    assert.equal((await patient.call('DELETE', `/api/access-rules/${id}`)).status, 204);
    assert.deepEqual((await patient.get('/api/access-rules')).json(), []);
    assert.equal(await stateOf((await ask()).id), 'requested');
  });
});

describe('why somebody can see this', () => {
  interface Seen {
    people: { holder: { id: string }; sees: boolean; rule: string }[];
  }
  const sees = async (entry: string) =>
    (await patient.get(`/api/who-sees?entry=${entry}`))
      .json<Seen>()
      .people.find(({ holder }) => holder.id === doctor.accountId);

  it('is said for every entry by the rule that decides, the same as the read itself', async () => {
    const entries = {
      covered: await patient.create(observation('laboratory')),
      other: await patient.create(observation('vital-signs')),
      sealed: await patient.create(observation('laboratory', sealed)),
    };
    await letIn({ ...whole, scope: { categories: ['results'] } });
    for (const [what, { id }] of Object.entries(entries)) {
      const said = await sees(`Observation/${id}`);
      const read = await doctor.get(`/fhir/R4/Observation/${id}`);
      assert.equal(said?.sees, read.status === 200, what);
      assert.equal(said?.rule, what === 'covered' ? 'grant' : 'not-covered', what);
    }
  });

  it('is said for a past look with the permission that it named, also when that is over', async () => {
    const entry = await patient.create(observation('laboratory'));
    const { grant } = await letIn();
    await doctor.get(`/fhir/R4/Observation/${entry.id}`);
    await patient.call('POST', `/api/grants/${grant}/revoke`);
    const { entries } = (await patient.get('/api/entries?kind=looks')).json<{
      entries: { entryId: string; who: { account?: string } }[];
    }>();
    const look = entries.find(({ who }) => who.account === doctor.accountId)?.entryId ?? '';
    const why = (await patient.get(`/api/entries/${look}/why`)).json<{
      rule: string;
      permission: { id: string; endedWhy: string };
    }>();
    assert.deepEqual([why.rule, why.permission.id, why.permission.endedWhy], ['grant', grant, 'revoked']);
    assert.equal((await doctor.get(`/api/entries/${look}/why`)).status, 404);
  });

  it('is the owner’s question alone, about an entry of theirs', async () => {
    const entry = await patient.create(observation('laboratory'));
    await letIn();
    const path = `/api/who-sees?entry=Observation/${entry.id}&patient=${patient.patientId}`;
    assert.equal((await doctor.get(path)).status, 404);
    const stranger = await signUp(server.url);
    assert.equal((await stranger.get(`/api/who-sees?entry=Observation/${entry.id}`)).status, 404);
    for (const wrong of ['', 'x', 'Observation/', '../x', 'Observation/a/b'])
      assert.equal((await patient.get(`/api/who-sees?entry=${wrong}`)).status, 400, wrong);
  });
});
