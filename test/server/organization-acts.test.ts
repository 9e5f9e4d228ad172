// Acts of administrators through HTTP: each an entry of the log, shown to its member, and to auditors without anything of a record.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { signUp } from '../harness/client.ts';
import {
  administrator,
  at,
  code,
  employ,
  employDoctor,
  found,
  hospital,
  invite,
  later,
  licence,
  operator,
  server,
  statements,
} from './organizations-world.ts';

describe('every act of an administrator is an entry, seen by its member and by auditors', () => {
  test('of the kinds that there are, each with who did it and on what ground', async () => {
    const nurse = await signUp(server.url, { name: 'Sunita Pawar' });
    const memberId = await employ(nurse, 'nurse');
    const entered = await administrator.call('PUT', at(`/members/${memberId}/licence`), { body: licence });
    await administrator.call('POST', at(`/licences/${entered.json<{ id: string }>().id}`), {
      body: { finding: 'right' },
    });
    await administrator.call('POST', at(`/members/${memberId}/suspend`));
    await operator.call('POST', at(`/members/${memberId}/resume`));
    await administrator.call('PUT', at(`/members/${memberId}`), { body: { role: 'desk' } });
    const own = (await statements(nurse.patientId)).filter(({ event }) => /^(member|licence)-/.test(event));
    assert.deepEqual(
      own.map(({ event, who, basis }) => [event, who.name, basis]),
      [
        ['member-add', 'Sunita Pawar', 'invitation'],
        ['licence-enter', 'Prakash Bhat', 'organization-administrator'],
        ['licence-check', 'Prakash Bhat', 'organization-administrator'],
        ['member-suspend', 'Prakash Bhat', 'organization-administrator'],
        ['member-resume', 'Joseph Lobo', 'administrator'],
        ['member-change', 'Prakash Bhat', 'organization-administrator'],
      ],
    );
    const audit = await nurse.get('/fhir/R4/AuditEvent?_count=50');
    assert.equal(audit.status, 200);
    for (const event of ['member-suspend', 'licence-check']) assert.match(audit.text, new RegExp(event));

    const { acts } = (await administrator.get(`/api/admin/acts?organization=${hospital}`)).json<{
      acts: { event: string; by: string; person: string | null; role: string | null; act: string | null }[];
    }>();
    assert.deepEqual(acts.map(({ event, by, person }) => [event, by, person]).slice(0, 7), [
      ['member-change', 'Prakash Bhat', 'Sunita Pawar'],
      ['member-resume', 'Joseph Lobo', 'Sunita Pawar'],
      ['member-suspend', 'Prakash Bhat', 'Sunita Pawar'],
      ['licence-check', 'Prakash Bhat', 'Sunita Pawar'],
      ['licence-enter', 'Prakash Bhat', 'Sunita Pawar'],
      ['member-add', 'Sunita Pawar', 'Sunita Pawar'],
      ['member-invite', 'Prakash Bhat', null],
    ]);
    assert.deepEqual([acts.at(-1)?.event, acts.at(-1)?.act], ['create', 'create']);
  });

  test('an auditor reads those of their organisation and page by page, changes nothing and sees no record', async () => {
    const auditor = await signUp(server.url, { name: 'Leena Kapadia' });
    await employ(auditor, 'auditor');
    const other = await found('Hooghly Hospital');
    const patient = await signUp(server.url, { name: 'Canary Person' });
    const canary = 'canary-7f3a9c-allergy-to-peanuts';
    const allergy = await patient.create({
      resourceType: 'AllergyIntolerance',
      clinicalStatus: {
        coding: [
          { system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' },
        ],
      },
      patient: { reference: `Patient/${patient.patientId}` },
      code: { text: canary },
    });
    const doctor = await signUp(server.url, { name: 'Dr Meera Iyer' });
    await employDoctor(doctor);
    const broken = await doctor.call('POST', '/api/break-glass', {
      body: { patient: patient.uhid, reason: 'unconscious at the door, no time to ask' },
    });
    assert.equal(broken.status, 201, broken.text);
    assert.equal((await doctor.get(`/fhir/R4/AllergyIntolerance/${allergy.id}`)).status, 200);

    const seen: string[] = [];
    const look = async (path: string) => {
      const answer = await auditor.get(path);
      seen.push(answer.text);
      return answer;
    };
    assert.equal((await look('/api/admin/acts')).status, 200);
    assert.equal((await look(`/api/admin/acts?organization=${hospital}`)).status, 200);
    assert.equal((await look(`/api/admin/acts?organization=${other}`)).status, 404);
    const counts = (await look('/api/break-glass/counts')).json<{
      organizations: { organizationId: string; broken: number; reviewed: number }[];
    }>();
    assert.partialDeepStrictEqual(
      counts.organizations.find(({ organizationId }) => organizationId === hospital),
      { broken: 1, reviewed: 0 },
    );
    for (const path of [
      `/fhir/R4/AllergyIntolerance/${allergy.id}`,
      `/fhir/R4/Patient/${patient.patientId}`,
      `/fhir/R4/Patient/${patient.patientId}/$everything`,
    ])
      assert.equal((await look(path)).status, 404, path);
    await look('/fhir/R4/AllergyIntolerance');
    await look('/api/glass-reviews?at=work');
    const all = seen.join('\n');
    for (const secret of [canary, 'Canary Person', patient.uhid, patient.patientId])
      assert.ok(!all.includes(secret), secret);

    assert.equal((await auditor.get(at())).status, 404);
    assert.equal((await auditor.get('/api/admin/organizations')).status, 403);
    assert.equal((await invite(patient, 'desk', auditor)).status, 404);
    assert.equal((await patient.get('/api/admin/acts')).status, 403);
  });

  test('pages of acts follow each other without a gap', async () => {
    const clerk = await signUp(server.url);
    const memberId = await employ(clerk, 'desk');
    for (let times = 0; times < 30; times += 1)
      for (const act of ['suspend', 'resume'])
        assert.equal((await administrator.call('POST', at(`/members/${memberId}/${act}`))).status, 204);
    const events: string[] = [];
    let before = '';
    do {
      const page = (
        await administrator.get(`/api/admin/acts?organization=${hospital}${before && `&before=${before}`}`)
      ).json<{ acts: { event: string }[]; next: string | null }>();
      events.push(...page.acts.map(({ event }) => event));
      before = page.next ?? '';
    } while (before !== '');
    assert.equal(events.filter((event) => event === 'member-suspend').length, 30);
    assert.equal(events.filter((event) => event === 'member-resume').length, 30);
    assert.equal(events.at(-1), 'create');
  });

  test('acts ask for the password once more when it was given long ago', async () => {
    await later(11 * 60_000);
    const refused = await invite(await signUp(server.url), 'desk');
    assert.equal(code(refused), 'reauthentication-required');
  });
});
