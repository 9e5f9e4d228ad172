// An organisation as the one who is let in: whoever is a clinician there at the time of the request, and nobody else.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import { insertMember } from '../../server/storage/members.ts';
import type { MemberRole } from '../../server/storage/members.ts';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { importDirectory } from '../harness/directory.ts';
import { provedTwice } from '../harness/staff.ts';
import { confirm, doctor, lastCode, observation, patient, server, whole } from './consent-world.ts';

const hospital = 'a-hospital';
let entryId = '';
const reads = async (one: Person) => (await one.get(`/fhir/R4/Observation/${entryId}`)).status;
const finds = async (one: Person) =>
  (await one.get(`/fhir/R4/Observation?subject=Patient/${patient.patientId}`)).json<{ total: number }>()
    .total;
const write = (one: Person) => one.call('POST', '/fhir/R4/Observation', { body: observation('laboratory') });

async function hire(
  {
    role = 'doctor',
    at = hospital,
    until = '2999-12-31',
  }: { role?: MemberRole; at?: string; until?: string } = {},
  one?: Person,
): Promise<Person> {
  const person = one ?? (await signUp(server.url, { name: 'Ravi Shenoy' }));
  await insertMember(
    server.pool,
    {
      memberId: randomUUID(),
      accountId: person.accountId,
      organizationId: at,
      role,
      practitionerId: null,
      licence: 'KMC 777',
      licenceUntil: until,
    },
    Date.now(),
  );
  await provedTwice(server.pool, person.accountId);
  return person;
}
const leave = (one: Person) =>
  server.pool.query('update organization_member set ended_at = now() where account_id = $1', [one.accountId]);
const share = (terms: object = whole) =>
  patient.call('POST', '/api/grants', { body: { to: doctor.accountId, everybody: true, ...terms } });

let named = false;
beforeEach(async () => {
  if (!named)
    await importDirectory(server.deps, [
      { resourceType: 'Organization', id: hospital, name: 'Kaveri Hospital' },
    ]);
  named = true;
  entryId = (await patient.create(observation('laboratory'))).id;
});

describe('a grant of an organisation', () => {
  it('holds for its clinicians, also for who comes later, and for nobody else who works there or elsewhere', async () => {
    const before = await hire();
    const others = [
      await hire({ role: 'desk' }),
      await hire({ role: 'administrator' }),
      await hire({ at: 'another-hospital' }),
      await hire({ until: '2020-01-01' }),
    ];
    assert.equal((await share()).status, 201);
    const later = await hire();
    for (const one of [doctor, before, later])
      assert.deepEqual([await reads(one), await finds(one)], [200, 1]);
    for (const one of others) assert.deepEqual([await reads(one), await finds(one)], [404, 0]);
    const held = (await later.get('/api/grants?held=true')).json<
      { holder: { name: string; everybody: boolean } }[]
    >();
    assert.deepEqual([held[0]?.holder.name, held[0]?.holder.everybody], ['Kaveri Hospital', true]);
  });

  it('CON-03: ends with the membership, with the licence and with its revoking, for the very next request', async () => {
    const colleague = await hire();
    await share();
    assert.equal(await reads(colleague), 200);
    await leave(colleague);
    assert.deepEqual([await reads(colleague), await finds(colleague)], [404, 0]);
    assert.equal(await reads(doctor), 200);
    await server.pool.query(
      `update organization_member set licence_until = '2020-01-01' where account_id = $1`,
      [doctor.accountId],
    );
    assert.equal(await reads(doctor), 404);
    const another = await hire();
    assert.equal(await reads(another), 200);
    const [grant] = (await patient.get('/api/grants')).json<{ id: string }[]>();
    assert.equal((await patient.call('POST', `/api/grants/${grant?.id ?? ''}/revoke`)).status, 204);
    assert.deepEqual([await reads(another), await finds(another)], [404, 0]);
  });

  it('is said by its Consent: the organisation is the recipient, and no person', async () => {
    const { consent } = (await share()).json<{ consent: string }>();
    const stored = (await patient.get(`/fhir/R4/${consent}`)).json<{
      provision: { provision: { actor: { reference: { reference: string; display: string } }[] }[] };
    }>();
    assert.deepEqual(
      stored.provision.provision.flatMap(({ actor }) => actor.map(({ reference }) => reference)),
      [{ reference: `Organization/${hospital}`, display: 'Kaveri Hospital' }],
    );
  });

  it('every look names who looked, and the permission of the organisation behind it', async () => {
    const colleague = await hire();
    await share();
    await reads(colleague);
    const { entries } = (await patient.get('/api/entries?kind=looks')).json<{
      entries: { entryId: string; event: string; who: { account?: string; role: string } }[];
    }>();
    const look = entries.find(({ event, who }) => event === 'read' && who.account === colleague.accountId);
    assert.equal(look?.who.role, 'professional');
    const why = (await patient.get(`/api/entries/${look.entryId}/why`)).json<{
      rule: string;
      permission: { holder: { name: string; everybody: boolean } };
    }>();
    assert.equal(why.rule, 'grant');
    assert.deepEqual(
      [why.permission.holder.name, why.permission.holder.everybody],
      ['Kaveri Hospital', true],
    );
    const sees = (await patient.get(`/api/who-sees?entry=Observation/${entryId}`)).json<{
      people: { holder: { name: string }; sees: boolean }[];
    }>();
    assert.deepEqual(
      sees.people.map(({ holder, sees: can }) => [holder.name, can]),
      [['Kaveri Hospital', true]],
    );
  });

  it('lends no pen: that is one clinician’s', async () => {
    assert.equal((await share({ ...whole, scope: { write: true } })).status, 422);
  });
});

describe('a request for everybody at the own organisation', () => {
  const ask = async (terms: object = whole) => {
    const answer = await doctor.call('POST', '/api/access-requests', {
      body: { patient: patient.uhid, everybody: true, ...terms },
    });
    assert.equal(answer.status, 201, answer.text);
    return answer.json<{ id: string; approved?: boolean }>();
  };

  it('is shown as such, lets all of them look and only whoever asked write', async () => {
    const colleague = await hire();
    const { id } = await ask({ ...whole, scope: { write: true } });
    const [shown] = (await patient.get('/api/access-requests')).json<{ everybody: boolean }[]>();
    assert.equal(shown?.everybody, true);
    assert.equal((await confirm(id, lastCode())).status, 201);
    assert.equal(await reads(colleague), 200);
    assert.equal((await write(doctor)).status, 201);
    assert.equal((await write(colleague)).status, 403);
  });

  it('can be narrowed to whoever asked', async () => {
    const colleague = await hire();
    const { id } = await ask();
    const answer = await patient.call('POST', `/api/access-requests/${id}/approve`, {
      body: { everybody: false },
    });
    assert.equal(answer.status, 201, answer.text);
    assert.deepEqual([await reads(doctor), await reads(colleague)], [200, 404]);
  });

  it('is not approved by a rule for one clinician, but by one for the organisation', async () => {
    const rule = (everybody: boolean) =>
      patient.call('POST', '/api/access-rules', { body: { to: doctor.accountId, everybody, ...whole } });
    const colleague = await hire();
    assert.equal((await rule(false)).status, 201);
    assert.equal((await ask()).approved, undefined);
    assert.equal(await reads(doctor), 404);
    assert.equal((await rule(true)).status, 201);
    assert.equal((await ask()).approved, true);
    assert.deepEqual([await reads(doctor), await reads(colleague)], [200, 200]);
  });
});
