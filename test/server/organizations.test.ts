// Who works where, through HTTP: two kinds of administrator, invitations that open for one address, licences that somebody else looked at,
// and changes that hold for the next request.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { signUp } from '../harness/client.ts';
import {
  administrator,
  at,
  code,
  day,
  employ,
  employDoctor,
  found,
  hospital,
  invite,
  lastToken,
  later,
  licence,
  mails,
  nowMs,
  operator,
  server,
} from './organizations-world.ts';

describe('organisations', () => {
  test('are founded by the operator’s administrator alone, as an Organization that everybody may look up', async () => {
    const somebody = await signUp(server.url);
    for (const person of [administrator, somebody]) {
      const refused = await person.call('POST', '/api/admin/organizations', { body: { name: 'Mine' } });
      assert.equal(refused.status, 403, refused.text);
      assert.equal(code(refused), 'not-an-administrator');
    }
    const read = await somebody.get(`/fhir/R4/Organization/${hospital}`);
    assert.equal(read.status, 200);
    assert.partialDeepStrictEqual(read.json(), { active: true, name: 'Kaveri General Hospital' });
  });

  test('are renamed by either kind of administrator, each name a version with its entry', async () => {
    const renamed = await administrator.call('PUT', at(), { body: { name: 'Kaveri Hospital' } });
    assert.equal(renamed.status, 204, renamed.text);
    assert.ok(renamed.headers.get('ledger-entry'));
    const read = await administrator.get(`/fhir/R4/Organization/${hospital}`);
    assert.equal(read.headers.get('etag'), 'W/"2"');
    assert.equal(read.json<{ name: string }>().name, 'Kaveri Hospital');
    for (const name of ['', '  ', '1234', `x${'y'.repeat(300)}`, 'Kaveri\u202eHospital'])
      assert.equal((await administrator.call('PUT', at(), { body: { name } })).status, 400, name);
  });

  test('that are somebody else’s are as if they were not there', async () => {
    const other = await found('Neelkamal Hospital');
    const listed = (await administrator.get('/api/admin/organizations')).json<{
      operator: boolean;
      organizations: { id: string }[];
    }>();
    assert.deepEqual([listed.operator, listed.organizations.map(({ id }) => id)], [false, [hospital]]);
    const stranger = await signUp(server.url);
    const nowhere = '019abcde-0000-7000-8000-000000000000';
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['PUT', '', { name: 'Taken over' }],
      ['POST', '/invites', { to: stranger.login, role: 'desk' }],
      ['DELETE', `/invites/${nowhere}`, undefined],
      ['PUT', `/members/${nowhere}`, { role: 'desk' }],
      ['DELETE', `/members/${nowhere}`, undefined],
      ['POST', `/members/${nowhere}/suspend`, undefined],
      ['POST', `/members/${nowhere}/resume`, undefined],
      ['PUT', `/members/${nowhere}/licence`, licence],
      ['POST', `/licences/${nowhere}`, { finding: 'right' }],
    ] as const) {
      const theirs = await administrator.call(method, at(path, other), { body });
      const missing = await administrator.call(method, at(path, nowhere), { body });
      assert.equal(theirs.status, 404, `${method} ${path}`);
      assert.deepEqual(theirs.json(), { ...missing.json(), requestId: theirs.json()['requestId'] });
      assert.equal((await stranger.call(method, at(path), { body })).status, 404, `${method} ${path}`);
    }
    assert.equal((await administrator.call('POST', at('/close', other))).status, 403);
  });

  test('that are closed let nobody work, from the next request on, until they are opened', async () => {
    const doctor = await signUp(server.url);
    await employDoctor(doctor);
    const work = async () =>
      (await doctor.get('/api/me/work')).json<{ clinician: unknown; memberships: unknown[] }>();
    assert.notEqual((await work()).clinician, null);
    assert.equal((await operator.call('POST', at('/close'))).status, 204);
    assert.deepEqual([(await work()).clinician, (await work()).memberships], [null, []]);
    assert.equal((await administrator.get(at())).status, 404);
    const read = await doctor.get(`/fhir/R4/Organization/${hospital}`);
    assert.equal(read.json<{ active: boolean }>().active, false);
    const refused = await invite(await signUp(server.url), 'desk', operator);
    assert.equal(code(refused), 'organization-closed');
    assert.equal((await operator.call('POST', at('/open'))).status, 204);
    assert.notEqual((await work()).clinician, null);
  });
});

describe('CON-14 an invitation', () => {
  test('says nothing of whether its address is known here', async () => {
    const known = await invite(await signUp(server.url), 'desk');
    const unknown = await invite('nobody.yet@example.org', 'desk');
    assert.deepEqual(
      [known.status, Object.keys(known.json())],
      [unknown.status, Object.keys(unknown.json())],
    );
    assert.equal(known.json<{ sent: string }>().sent, 'sent');
    assert.ok(!('link' in known.json()), 'what was mailed is not shown to who invites');
    assert.match(mails.at(-1)?.link ?? '', new RegExp(`^${server.url}/places/invitation/[A-Za-z0-9_-]{43}$`));
  });

  test('opens for nobody but who signs in with its address', async () => {
    const invited = await signUp(server.url);
    const thief = await signUp(server.url);
    await invite(invited, 'desk');
    const token = lastToken(invited);
    const missing = await thief.get(`/api/places/invitations/${'A'.repeat(43)}`);
    for (const [method, path] of [
      ['GET', ''],
      ['POST', '/accept'],
      ['POST', '/refuse'],
    ] as const) {
      const refused = await thief.call(method, `/api/places/invitations/${token}${path}`);
      assert.equal(refused.status, 404);
      assert.deepEqual(refused.json(), { ...missing.json(), requestId: refused.json()['requestId'] });
    }
    const shown = (await invited.get(`/api/places/invitations/${token}`)).json();
    assert.partialDeepStrictEqual(shown, {
      organization: 'Kaveri General Hospital',
      role: 'desk',
      from: 'Prakash Bhat',
      state: 'open',
    });
  });

  test('counts once, however many answers come at the same time', async () => {
    const invited = await signUp(server.url);
    await invite(invited, 'laboratory');
    const token = lastToken(invited);
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        invited.call('POST', `/api/places/invitations/${token}/${index % 3 === 0 ? 'refuse' : 'accept'}`),
      ),
    );
    assert.equal(answers.filter(({ status }) => status < 300).length, 1);
    assert.ok(answers.filter(({ status }) => status >= 300).every(({ status }) => status === 409));
  });

  test('that was refused, withdrawn, replaced or is a week old opens nothing', async () => {
    const invited = await signUp(server.url);
    const accept = (token: string) => invited.call('POST', `/api/places/invitations/${token}/accept`);
    await invite(invited, 'desk');
    const refused = lastToken(invited);
    assert.equal((await invited.call('POST', `/api/places/invitations/${refused}/refuse`)).status, 204);
    assert.equal(code(await accept(refused)), 'invite-over');

    const second = await invite(invited, 'desk');
    const withdrawn = lastToken(invited);
    const { id } = second.json<{ id: string }>();
    assert.equal((await administrator.call('DELETE', at(`/invites/${id}`))).status, 204);
    assert.equal(code(await administrator.call('DELETE', at(`/invites/${id}`))), 'invite-over');
    assert.equal(code(await accept(withdrawn)), 'invite-over');

    await invite(invited, 'desk');
    const replaced = lastToken(invited);
    await invite(invited, 'desk');
    const standing = lastToken(invited);
    assert.equal(code(await accept(replaced)), 'invite-over');

    await later(7 * day, invited, administrator);
    assert.equal(code(await accept(standing)), 'invite-over');
    const shown = await invited.get(`/api/places/invitations/${standing}`);
    assert.equal(shown.json<{ state: string }>().state, 'expired');
  });

  test('to oneself is refused: nobody gives themself another role', async () => {
    for (const person of [administrator, operator]) {
      const refused = await invite(person, 'auditor', person);
      assert.equal(refused.status, 403);
      assert.equal(code(refused), 'own-place');
    }
  });

  test('is for roles that there are', async () => {
    const invited = await signUp(server.url);
    for (const role of ['', 'Doctor', 'root', 'operator', '__proto__'])
      assert.equal((await invite(invited, role)).status, 422, role);
    for (const to of ['', 'nobody', 'a@b', '12345']) assert.equal((await invite(to, 'desk')).status, 400, to);
  });
});

describe('a licence', () => {
  test('counts only when an administrator has looked at it, and lets a doctor in from then on', async () => {
    const doctor = await signUp(server.url, { name: 'Dr Meera Iyer' });
    const patient = await signUp(server.url);
    const memberId = await employ(doctor, 'doctor');
    const ask = () =>
      doctor.call('POST', '/api/access-requests', {
        body: { patient: patient.uhid, scope: 'whole', purpose: 'TREAT', duration: 'P7D' },
      });
    assert.equal(code(await ask()), 'licence-needed');
    const entered = await doctor.call('PUT', `/api/places/${memberId}/licence`, { body: licence });
    assert.equal(entered.status, 201, entered.text);
    assert.equal(code(await ask()), 'licence-needed', 'written down is not looked at');
    const { id } = entered.json<{ id: string }>();
    const check = (finding: string) =>
      administrator.call('POST', at(`/licences/${id}`), { body: { finding } });
    assert.equal((await check('right')).status, 204);
    assert.equal((await ask()).status, 201);
    assert.equal(code(await check('wrong')), 'licence-checked', 'the first finding stands');
    const listed = (await administrator.get(at())).json<{ members: { id: string; licence: object }[] }>();
    assert.partialDeepStrictEqual(listed.members.find((one) => one.id === memberId)?.licence, {
      number: licence.number,
      authority: licence.authority,
      until: licence.until,
      valid: true,
    });
  });

  test('is looked at by somebody else: nobody vouches for themself, be they administrator twice over', async () => {
    // The operator’s administrator, who is a doctor here too.
    const memberId = await employ(operator, 'doctor');
    const entered = await operator.call('PUT', `/api/places/${memberId}/licence`, { body: licence });
    const path = at(`/licences/${entered.json<{ id: string }>().id}`);
    const refused = await operator.call('POST', path, { body: { finding: 'right' } });
    assert.equal(code(refused), 'own-place');
    await assert.rejects(
      server.pool.query(
        `update licence_check set finding = 'right', found_by = account_id, found_at = now() where member_id = $1`,
        [memberId],
      ),
      /check constraint/,
    );
    assert.equal((await administrator.call('POST', path, { body: { finding: 'right' } })).status, 204);
  });

  test('that an administrator found wrong lets nobody in', async () => {
    const doctor = await signUp(server.url);
    const memberId = await employ(doctor, 'nurse');
    const entered = await administrator.call('PUT', at(`/members/${memberId}/licence`), { body: licence });
    const path = at(`/licences/${entered.json<{ id: string }>().id}`);
    assert.equal((await administrator.call('POST', path, { body: { finding: 'wrong' } })).status, 204);
    const work = (await doctor.get('/api/me/work')).json<{ clinician: unknown }>();
    assert.equal(work.clinician, null);
  });

  test('that lapses ends what it opened, with its last day, and at each write', async () => {
    const doctor = await signUp(server.url);
    const patient = await signUp(server.url);
    const lastDay = new Date(nowMs + 2 * day).toISOString().slice(0, 10);
    await employDoctor(doctor, lastDay);
    await later(Date.parse(`${lastDay}T23:45:00Z`) - nowMs, doctor, patient);
    const given = await patient.call('POST', '/api/grants', {
      body: { to: doctor.accountId, scope: { write: true }, purpose: 'TREAT', duration: 'P30D' },
    });
    assert.equal(given.status, 201, given.text);
    const write = async () =>
      (
        await doctor.call('POST', '/fhir/R4/Observation', {
          body: {
            resourceType: 'Observation',
            status: 'final',
            code: { text: 'Pulse' },
            subject: { reference: `Patient/${patient.patientId}` },
            valueString: 'even',
          },
        })
      ).status;
    const read = async () => (await doctor.get(`/fhir/R4/Patient/${patient.patientId}`)).status;
    await later(14 * 60_000);
    assert.deepEqual([await read(), await write()], [200, 201]);
    await later(60_000);
    assert.deepEqual([await read(), await write()], [404, 403]);
  });

  for (const [what, body] of Object.entries({
    'no number': { ...licence, number: ' ' },
    'no authority': { ...licence, authority: '' },
    'a control character': { ...licence, number: 'KMC\u00001' },
    'no such day': { ...licence, until: '2031-02-29' },
    'a past day': { ...licence, until: '2001-01-01' },
  }))
    test(`with ${what} is not taken`, async () => {
      const doctor = await signUp(server.url);
      const memberId = await employ(doctor, 'doctor');
      const refused = await doctor.call('PUT', `/api/places/${memberId}/licence`, { body });
      assert.equal(refused.status, 422, refused.text);
    });
});

describe('SES-04 a change of place holds for every request that starts after it', () => {
  test('a doctor who is suspended reads nothing on the next request, and again once resumed', async () => {
    const doctor = await signUp(server.url);
    const patient = await signUp(server.url);
    const memberId = await employDoctor(doctor);
    const given = await patient.call('POST', '/api/grants', {
      body: { to: doctor.accountId, scope: 'whole', purpose: 'TREAT', duration: 'P30D' },
    });
    assert.equal(given.status, 201, given.text);
    const read = async () => (await doctor.get(`/fhir/R4/Patient/${patient.patientId}`)).status;
    assert.equal(await read(), 200);
    const act = (path: string, method = 'POST') =>
      administrator.call(method, at(`/members/${memberId}${path}`));
    assert.equal((await act('/suspend')).status, 204);
    assert.equal(await read(), 404);
    assert.equal(code(await act('/suspend')), 'place-changed');
    assert.equal((await act('/resume')).status, 204);
    assert.equal(await read(), 200);
    assert.equal((await act('', 'DELETE')).status, 204);
    assert.equal(await read(), 404);
  });

  test('whoever came by invitation is a Practitioner of the directory once their licence was found right, one for all their places', async () => {
    const doctor = await signUp(server.url, { name: 'Dr Meera Iyer' });
    const first = await employDoctor(doctor);
    const named = async () =>
      (
        await server.pool.query<{ id: string | null }>(
          'select practitioner_id as id from organization_member where account_id = $1 order by started_at',
          [doctor.accountId],
        )
      ).rows.map(({ id }) => id);
    const [id] = await named();
    const found = await doctor.get(`/fhir/R4/Practitioner/${id ?? 'none'}`);
    assert.equal(found.status, 200, found.text);
    const { name, qualification } = found.json<{
      name: { text: string }[];
      qualification: { identifier: { value: string }[]; issuer: { display: string } }[];
    }>();
    assert.equal(name[0]?.text, 'Dr Meera Iyer');
    assert.equal(qualification[0]?.identifier[0]?.value, 'KMC 41001');
    assert.equal(qualification[0]?.issuer.display, 'Karnataka Medical Council');
    // What they are given names them, and what is named can be read.
    const patient = await signUp(server.url);
    const given = await patient.call('POST', '/api/grants', {
      body: { to: doctor.accountId, scope: 'whole', purpose: 'TREAT', duration: 'P1D' },
    });
    const consent = await patient.get(`/fhir/R4/${given.json<{ consent: string }>().consent}`);
    assert.match(consent.text, new RegExp(`Practitioner/${id}`));
    // Another licence check makes no second one.
    const entered = await doctor.call('PUT', `/api/places/${first}/licence`, { body: licence });
    await administrator.call('POST', at(`/licences/${entered.json<{ id: string }>().id}`), {
      body: { finding: 'right' },
    });
    assert.deepEqual(await named(), [id]);
  });

  test('another role takes the licence of the former one away', async () => {
    const doctor = await signUp(server.url);
    const memberId = await employDoctor(doctor);
    const changed = await administrator.call('PUT', at(`/members/${memberId}`), {
      body: { role: 'records' },
    });
    assert.equal(changed.status, 200, changed.text);
    const work = (await doctor.get('/api/me/work')).json<{
      clinician: unknown;
      answers: boolean;
      memberships: { role: string }[];
    }>();
    assert.deepEqual(
      [work.clinician, work.answers, work.memberships.map(({ role }) => role)],
      [null, true, ['records']],
    );
    const { id } = changed.json<{ id: string }>();
    const back = await administrator.call('PUT', at(`/members/${id}`), { body: { role: 'doctor' } });
    assert.equal(back.status, 200);
    const again = (await doctor.get('/api/me/work')).json<{ clinician: unknown }>();
    assert.equal(again.clinician, null, 'the licence is to be looked at anew');
  });

  test('an administrator who was suspended administers nothing any more', async () => {
    const second = await signUp(server.url);
    await employ(second, 'administrator');
    const listed = (await second.get(at())).json<{ members: { id: string; name: string }[] }>();
    const first = listed.members.find(({ name }) => name === 'Prakash Bhat');
    assert.equal((await second.call('POST', at(`/members/${first?.id}/suspend`))).status, 204);
    assert.equal((await administrator.get(at())).status, 404);
    assert.equal((await invite(await signUp(server.url), 'desk')).status, 404);
  });
});

describe('nobody raises themself, and an organisation keeps an administrator', () => {
  test('one’s own place is changed by another, save that one leaves it', async () => {
    const second = await signUp(server.url);
    await employ(second, 'administrator');
    const own = (await second.get(at())).json<{ members: { id: string; own: boolean }[] }>();
    const id = own.members.find((one) => one.own)?.id ?? '';
    for (const [method, path, body] of [
      ['PUT', '', { role: 'doctor' }],
      ['POST', '/suspend', undefined],
      ['POST', '/resume', undefined],
      ['DELETE', '', undefined],
      ['PUT', '/licence', licence],
    ] as const) {
      const refused = await second.call(method, at(`/members/${id}${path}`), { body });
      assert.equal(code(refused), 'own-place', `${method} ${path}`);
    }
    assert.equal((await second.call('DELETE', `/api/places/${id}`)).status, 204);
    assert.equal((await second.get(at())).status, 404);
    assert.equal((await administrator.call('DELETE', `/api/places/${id}`)).status, 404);
  });

  test('the last administrator stays: not ended, suspended, given another role or gone by themself', async () => {
    const listed = (await operator.get(at())).json<{ members: { id: string }[] }>();
    const id = listed.members[0]?.id ?? '';
    for (const [method, path, body] of [
      ['DELETE', at(`/members/${id}`), undefined],
      ['POST', at(`/members/${id}/suspend`), undefined],
      ['PUT', at(`/members/${id}`), { role: 'desk' }],
    ] as const)
      assert.equal(code(await operator.call(method, path, { body })), 'last-administrator', path);
    assert.equal(code(await administrator.call('DELETE', `/api/places/${id}`)), 'last-administrator');
  });

  test('two administrators who remove each other at once: one stays, in every one of twenty rounds', async () => {
    for (let round = 0; round < 20; round += 1) {
      const [one, two] = [await signUp(server.url), await signUp(server.url)];
      const id = await found(`Hospital of round ${String.fromCodePoint(65 + round)}`);
      const places = [
        await employ(one, 'administrator', operator, id),
        await employ(two, 'administrator', operator, id),
      ];
      const remove = (by: typeof one, place: string | undefined, way: number) =>
        way === 0
          ? by.call('DELETE', at(`/members/${place}`, id))
          : way === 1
            ? by.call('POST', at(`/members/${place}/suspend`, id))
            : by.call('PUT', at(`/members/${place}`, id), { body: { role: 'desk' } });
      const answers = await Promise.all([
        remove(one, places[1], round % 3),
        remove(two, places[0], (round + 1) % 3),
        one.call('DELETE', `/api/places/${places[0]}`),
      ]);
      const listed = (await operator.get(at('', id))).json<{
        members: { role: string; suspended: boolean }[];
      }>();
      const left = listed.members.filter((member) => member.role === 'administrator' && !member.suspended);
      assert.equal(left.length, 1, `${round}: ${answers.map(({ status }) => status).join()}`);
    }
  });
});
