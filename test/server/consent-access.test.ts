// A clinician is let into a record and shut out again, over HTTP: the one-time code with all that may go wrong with it, answers in the
// app, what a grant covers on every route that reads, and that the next request after a revoke finds nothing.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { validateResource } from '../../core/fhir/validate.ts';
import { parseJson } from '../../core/fhir/json.ts';
import type { Resource } from '../../core/fhir/types.ts';
import type { Person } from '../harness/client.ts';
import { goodPassword, signUp } from '../harness/client.ts';
import type { Clinician } from '../harness/clinician.ts';
import { signUpClinician } from '../harness/clinician.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

const codes: { patientId: string; code: string }[] = [];
let nowMs = Date.now();
let server: TestServer;
let patient: Person;
let doctor: Clinician;

before(async () => {
  server = await startServer({
    sources: {
      now: () => nowMs,
      messenger: {
        async sendCode({ patientId }, code) {
          codes.push({ patientId, code });
          return 'sent';
        },
      },
    },
  });
});
after(async () => {
  await server?.stop();
});
beforeEach(async () => {
  nowMs = Math.max(nowMs, Date.now());
  await server.pool.query('delete from attempt_count');
  patient = await signUp(server.url);
  doctor = await signUpClinician(server.url, server.pool);
});

const whole = { scope: 'whole', purpose: 'TREAT', duration: 'P7D' };

async function ask(terms: object = whole, from: Person = doctor, to: Person = patient) {
  const answer = await from.call('POST', '/api/access-requests', { body: { patient: to.uhid, ...terms } });
  assert.equal(answer.status, 201, answer.text);
  return answer.json<{ id: string; codeSent: string }>();
}
const lastCode = (to: Person = patient): string =>
  codes.findLast(({ patientId }) => patientId === to.patientId)?.code ?? '';
const confirm = (id: string, code: string, from: Person = doctor) =>
  from.call('POST', `/api/access-requests/${id}/confirm`, { body: { code } });
const other = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

/** Sessions end after half an hour without a word: whoever comes back later signs in again. */
async function later(ms: number, ...people: Person[]): Promise<void> {
  nowMs += ms;
  for (const { call, login } of people)
    assert.equal(
      (await call('POST', '/api/sessions', { body: { login, password: goodPassword } })).status,
      201,
    );
}

async function letIn(terms: object = whole): Promise<{ grant: string; consent: string }> {
  const { id } = await ask(terms);
  const answer = await confirm(id, lastCode());
  assert.equal(answer.status, 201, answer.text);
  return answer.json<{ grant: string; consent: string }>();
}

const observation = (category: string, more: object = {}) => ({
  resourceType: 'Observation',
  status: 'final',
  category: [
    { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: category }] },
  ],
  code: { text: 'A measurement' },
  subject: { reference: `Patient/${patient.patientId}` },
  valueString: 'as measured',
  ...more,
});
const sealed = {
  meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'HIV' }] },
};

describe('asking', () => {
  it('needs a licence that is valid today', async () => {
    const layman = await signUp(server.url);
    const lapsed = await signUpClinician(server.url, server.pool, { licenceUntil: '2020-01-01' });
    const unchecked = await signUpClinician(server.url, server.pool, { licenceUntil: null });
    for (const one of [layman, lapsed, unchecked]) {
      const answer = await one.call('POST', '/api/access-requests', {
        body: { patient: patient.uhid, ...whole },
      });
      assert.equal(answer.status, 403);
      assert.equal(answer.json()['code'], 'licence-needed');
    }
  });

  it('is an entry in the person’s chain and a notice to them, and both sides see the request', async () => {
    const { id } = await ask();
    const mine = await patient.get('/api/access-requests');
    const [shown] = mine.json<{ id: string; state: string; requester: { name: string } }[]>();
    assert.deepEqual([shown?.id, shown?.state, shown?.requester.name], [id, 'requested', 'Meera Iyer']);
    const theirs = await doctor.get('/api/access-requests?by=me');
    assert.equal(theirs.json<{ id: string }[]>()[0]?.id, id);
    assert.match((await patient.get('/api/notices')).text, /access-asked/);
    const entries = (await patient.get('/api/entries?limit=50')).json<{ entries: { event: string }[] }>()
      .entries;
    assert.ok(entries.some(({ event }) => event === 'access-request'));
    const stranger = await signUp(server.url);
    assert.equal((await stranger.get(`/api/access-requests/${id}`)).status, 404);
    assert.equal((await stranger.get(`/api/access-requests?patient=${patient.patientId}`)).status, 404);
  });

  const refused: [string, object, number][] = [
    ['a health ID with a wrong digit', { patient: '12345678901234' }, 422],
    ['nobody', { patient: 'no-such-record' }, 404],
    ['a scope of nothing', { ...whole, scope: null }, 422],
    ['an invented purpose', { ...whole, purpose: 'X' }, 422],
    ['no body', {}, 400],
    ['a member that is not known', { ...whole, admin: true }, 400],
  ];
  for (const [what, body, status] of refused)
    it(`for ${what} is refused with ${status}`, async () => {
      const sent = 'patient' in body ? { ...whole, ...body } : { patient: patient.uhid, ...body };
      const answer = await doctor.call('POST', '/api/access-requests', {
        body: what === 'no body' ? {} : sent,
      });
      assert.equal(answer.status, status, answer.text);
    });
});

describe('the one-time code', () => {
  it('lets in: a valid Consent, a grant, and the record is open', async () => {
    const seen = await patient.create(observation('laboratory'));
    assert.equal((await doctor.get(`/fhir/R4/Observation/${seen.id}`)).status, 404);
    const { consent } = await letIn();
    const read = await doctor.get(`/fhir/R4/Observation/${seen.id}`);
    assert.equal(read.status, 200);
    const stored = await patient.get(`/fhir/R4/${consent}`);
    assert.deepEqual(validateResource(parseJson(stored.text) as Resource), []);
    const [look] = (await patient.get('/api/entries?kind=looks&limit=20'))
      .json<{ entries: { who: { role: string; name?: string }; basis: string }[] }>()
      .entries.filter(({ who }) => who.role === 'professional');
    assert.deepEqual([look?.who.name, look?.basis], ['Meera Iyer', 'grant']);
  });

  it('is dead after five wrong tries, for the right code too, and the person hears of it', async () => {
    const { id } = await ask();
    const right = lastCode();
    for (let tries = 4; tries >= 1; tries--) {
      const wrong = await confirm(id, other(right));
      assert.equal(wrong.status, 403);
      assert.deepEqual(wrong.json<{ fields: { code: string }[] }>().fields[0]?.code, `tries-left-${tries}`);
    }
    assert.equal((await confirm(id, other(right))).json()['code'], 'code-dead');
    assert.equal((await confirm(id, right)).json()['code'], 'code-dead');
    assert.match((await patient.get('/api/notices')).text, /access-guessed/);
  });

  it('of two hundred guesses at once no more than five are compared', async () => {
    const { id } = await ask();
    const right = Number(lastCode());
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, i) =>
        confirm(id, String((right + 1 + i) % 1_000_000).padStart(6, '0')),
      ),
    );
    assert.equal(answers.filter(({ status }) => status === 201).length, 0);
    const { rows } = await server.pool.query<{ left: number; state: string }>(
      'select code_tries_left as left, state from access_request where request_id = $1',
      [id],
    );
    assert.deepEqual([rows[0]?.left, rows[0]?.state], [0, 'locked']);
  });

  it('right fifty times at once lets in once: one Consent, one grant, one entry', async () => {
    const { id } = await ask();
    const code = lastCode();
    const answers = await Promise.all(Array.from({ length: 50 }, () => confirm(id, code)));
    assert.equal(answers.filter(({ status }) => status === 201).length, 1);
    const { rows } = await server.pool.query<{ grants: number; consents: number; entries: number }>(
      `select (select count(*)::int from authority where patient_id = $1) as grants,
              (select count(*)::int from resource where patient_id = $1 and resource_type = 'Consent') as consents,
              (select count(*)::int from entry where patient_id = $1 and statement like '%"access-approve"%') as entries`,
      [patient.patientId],
    );
    assert.deepEqual(rows[0], { grants: 1, consents: 1, entries: 1 });
  });

  it('used once is used up', async () => {
    const { id } = await ask();
    const code = lastCode();
    assert.equal((await confirm(id, code)).status, 201);
    assert.equal((await confirm(id, code)).status, 403);
  });

  it('holds for five minutes by the server’s clock', async () => {
    const { id } = await ask();
    const code = lastCode();
    nowMs += 5 * 60_000;
    assert.equal((await confirm(id, code)).status, 403);
    const next = await ask();
    nowMs += 5 * 60_000 - 1;
    assert.equal((await confirm(next.id, lastCode())).status, 201);
  });

  it('is bound to its request and to who asked', async () => {
    const { id } = await ask();
    const code = lastCode();
    const colleague = await signUpClinician(server.url, server.pool, { name: 'Salim Qureshi' });
    assert.equal((await confirm(id, code, colleague)).status, 404);
    const second = await ask(whole, colleague);
    assert.equal((await confirm(second.id, code, colleague)).status, 403);
    assert.equal((await confirm(id, code)).status, 201);
  });

  it('sent again kills the one before, brings no new tries, and ends', async () => {
    const { id } = await ask();
    const first = lastCode();
    await confirm(id, other(first));
    assert.equal((await doctor.call('POST', `/api/access-requests/${id}/resend`)).status, 200);
    const second = lastCode();
    if (first !== second) assert.equal((await confirm(id, first)).status, 403);
    const { rows } = await server.pool.query<{ left: number }>(
      'select code_tries_left as left from access_request where request_id = $1',
      [id],
    );
    assert.ok((rows[0]?.left ?? 9) <= 4);
    const resent: number[] = [];
    for (let i = 0; i < 5; i++)
      resent.push((await doctor.call('POST', `/api/access-requests/${id}/resend`)).status);
    assert.equal(resent.at(-1), 429);
  });

  it('is nowhere but with its person: not in the answer, not in the tables, not in the entries', async () => {
    const answer = await doctor.call('POST', '/api/access-requests', {
      body: { patient: patient.uhid, ...whole },
    });
    const code = lastCode();
    assert.ok(!answer.text.includes(`"${code}"`));
    const { rows } = await server.pool.query<{ code_hash: string }>(
      'select code_hash from access_request where patient_id = $1',
      [patient.patientId],
    );
    assert.match(rows[0]?.code_hash ?? '', /^\$argon2id\$/);
    const { rows: statements } = await server.pool.query<{ statement: string }>(
      'select statement from entry where patient_id = $1',
      [patient.patientId],
    );
    assert.ok(statements.every(({ statement }) => !statement.includes(`"${code}"`)));
  });

  it('that is no code takes no try', async () => {
    const { id } = await ask();
    for (const text of ['12345', '1234567', 'abcdef', ''])
      assert.equal((await confirm(id, text)).status, 422);
    const spaced = lastCode().replace(/^(...)/, '$1 ');
    assert.equal((await confirm(id, spaced)).status, 201);
  });
});

describe('an answer in the app', () => {
  it('may narrow what was asked for and never widen it', async () => {
    const laboratory = await patient.create(observation('laboratory'));
    const vital = await patient.create(observation('vital-signs'));
    const { id } = await ask({ ...whole, scope: { categories: ['results', 'vital-signs'], write: true } });
    const answer = await patient.call('POST', `/api/access-requests/${id}/approve`, {
      body: { scope: { categories: ['results', 'conditions'], sealed: true }, duration: 'P30D' },
    });
    assert.equal(answer.status, 201, answer.text);
    const until = new Date(answer.json<{ until: string }>().until).getTime();
    assert.ok(until <= nowMs + 7 * 86_400_000 + 1000);
    assert.equal(answer.json()['writeUntil'], undefined);
    assert.equal((await doctor.get(`/fhir/R4/Observation/${laboratory.id}`)).status, 200);
    assert.equal((await doctor.get(`/fhir/R4/Observation/${vital.id}`)).status, 404);
    const grants = (await patient.get('/api/grants')).json<
      { scope: { categories: string[]; sealed: boolean } }[]
    >();
    assert.deepEqual(grants[0]?.scope.categories, ['results']);
    assert.equal(grants[0]?.scope.sealed, false);
  });

  it('no, withdrawn and yes are three states, and each answer counts once', async () => {
    const one = await ask();
    assert.equal((await patient.call('POST', `/api/access-requests/${one.id}/decline`)).status, 204);
    assert.equal((await patient.call('POST', `/api/access-requests/${one.id}/approve`)).status, 409);
    assert.equal((await confirm(one.id, lastCode())).status, 403);
    const two = await ask();
    assert.equal((await doctor.call('POST', `/api/access-requests/${two.id}/withdraw`)).status, 204);
    const three = await ask();
    const both = await Promise.all([
      patient.call('POST', `/api/access-requests/${three.id}/approve`),
      patient.call('POST', `/api/access-requests/${three.id}/decline`),
    ]);
    assert.equal(both.filter(({ status }) => status < 300).length, 1);
    const states = (await patient.get('/api/access-requests')).json<{ id: string; state: string }[]>();
    assert.deepEqual(
      [one.id, two.id].map((id) => states.find((s) => s.id === id)?.state),
      ['refused', 'withdrawn'],
    );
  });

  it('nobody else answers: not who asked, not a stranger', async () => {
    const { id } = await ask();
    const stranger = await signUp(server.url);
    for (const one of [doctor, stranger])
      for (const act of ['approve', 'decline', 'block'])
        assert.equal((await one.call('POST', `/api/access-requests/${id}/${act}`)).status, 404, act);
  });

  it('to shut the door ends what is asked and keeps later requests out, until it is opened', async () => {
    const { id } = await ask();
    const pending = await ask();
    assert.equal((await patient.call('POST', `/api/access-requests/${id}/block`)).status, 204);
    assert.equal((await confirm(pending.id, lastCode())).status, 403);
    const again = await doctor.call('POST', '/api/access-requests', {
      body: { patient: patient.uhid, ...whole },
    });
    assert.equal(again.status, 403);
    assert.equal((await patient.call('DELETE', `/api/access-requests/${id}/block`)).status, 204);
    await ask();
  });

  it('after seven days there is nothing left to answer', async () => {
    const { id } = await ask();
    await later(7 * 86_400_000, patient);
    assert.equal((await patient.call('POST', `/api/access-requests/${id}/approve`)).status, 409);
    const [shown] = (await patient.get('/api/access-requests')).json<{ state: string }[]>();
    assert.equal(shown?.state, 'expired');
  });
});

describe('what a grant covers', () => {
  it('narrow stays narrow on every route that reads', async () => {
    const laboratory = await patient.create(observation('laboratory'));
    const vital = await patient.create(observation('vital-signs'));
    const hidden = await patient.create(observation('laboratory', sealed));
    await letIn({ ...whole, scope: { categories: ['results'] } });
    const seen = (text: string) => [laboratory.id, vital.id, hidden.id].map((id) => text.includes(id));
    const p = patient.patientId;
    const found = await doctor.get(`/fhir/R4/Observation?subject=Patient/${p}`);
    assert.deepEqual(seen(found.text), [true, false, false]);
    assert.equal(found.json()['total'], 1);
    assert.equal(
      (await doctor.get(`/fhir/R4/Observation?subject=Patient/${p}&_summary=count`)).json()['total'],
      1,
    );
    assert.deepEqual(seen((await doctor.get(`/fhir/R4/Patient/${p}/Observation`)).text), [
      true,
      false,
      false,
    ]);
    assert.deepEqual(seen((await doctor.get(`/fhir/R4/Observation`)).text), [true, false, false]);
    for (const hiddenOne of [vital, hidden])
      for (const path of ['', '/_history', '/_history/1'])
        assert.equal((await doctor.get(`/fhir/R4/Observation/${hiddenOne.id}${path}`)).status, 404, path);
    assert.equal((await doctor.get(`/fhir/R4/Patient/${p}/$everything`)).status, 404);
    assert.equal((await doctor.get(`/fhir/R4/AuditEvent?patient=${p}`)).json()['total'] ?? 0, 0);
    const mine = await patient.get(`/fhir/R4/Observation?subject=Patient/${p}`);
    assert.deepEqual(seen(mine.text), [true, true, true]);
  });

  it('single entries are these alone', async () => {
    const one = await patient.create(observation('laboratory'));
    const two = await patient.create(observation('laboratory'));
    await letIn({ ...whole, scope: { entries: [`Observation/${one.id}`] } });
    assert.equal((await doctor.get(`/fhir/R4/Observation/${one.id}`)).status, 200);
    assert.equal((await doctor.get(`/fhir/R4/Observation/${two.id}`)).status, 404);
    const found = await doctor.get(`/fhir/R4/Observation?subject=Patient/${patient.patientId}`);
    assert.equal(found.json()['total'], 1);
  });

  it('an earlier version that was sealed stays sealed, and a version count does not tell of it', async () => {
    const entry = await patient.create(observation('laboratory', sealed));
    const open = await patient.call('PUT', `/fhir/R4/Observation/${entry.id}`, {
      body: { ...observation('laboratory'), id: entry.id },
    });
    assert.equal(open.status, 200, open.text);
    await letIn();
    assert.equal((await doctor.get(`/fhir/R4/Observation/${entry.id}`)).status, 200);
    assert.equal((await doctor.get(`/fhir/R4/Observation/${entry.id}/_history/1`)).status, 404);
    const history = await doctor.get(`/fhir/R4/Observation/${entry.id}/_history`);
    assert.equal(history.json<{ entry: unknown[] }>().entry.length, 1);
    assert.equal(history.json()['total'], undefined);
  });

  it('everything of a whole grant leaves out what is sealed', async () => {
    const seen = await patient.create(observation('laboratory'));
    const hidden = await patient.create(observation('laboratory', sealed));
    await letIn();
    const everything = await doctor.get(`/fhir/R4/Patient/${patient.patientId}/$everything`);
    assert.equal(everything.status, 200);
    assert.ok(everything.text.includes(seen.id));
    assert.ok(!everything.text.includes(hidden.id));
    assert.ok(!everything.text.includes('"Consent"'));
  });

  it('looking is not writing', async () => {
    const entry = await patient.create(observation('laboratory'));
    await letIn();
    const created = await doctor.call('POST', '/fhir/R4/Observation', { body: observation('laboratory') });
    assert.equal(created.status, 403);
    const changed = await doctor.call('PUT', `/fhir/R4/Observation/${entry.id}`, {
      body: { ...observation('laboratory'), id: entry.id },
    });
    assert.equal(changed.status, 403);
    assert.equal((await doctor.call('DELETE', `/fhir/R4/Observation/${entry.id}`)).status, 403);
  });

  it('ends at its instant without anything having to run', async () => {
    const entry = await patient.create(observation('laboratory'));
    await letIn({ ...whole, duration: 'PT10M' });
    const read = () => doctor.get(`/fhir/R4/Observation/${entry.id}`);
    assert.equal((await read()).status, 200);
    nowMs += 10 * 60_000 - 1;
    assert.equal((await read()).status, 200);
    nowMs += 1;
    assert.equal((await read()).status, 404);
  });

  it('lapses with the licence', async () => {
    const entry = await patient.create(observation('laboratory'));
    await letIn();
    await server.pool.query(
      `update organization_member set licence_until = '2020-01-01' where member_id = $1`,
      [doctor.memberId],
    );
    assert.equal((await doctor.get(`/fhir/R4/Observation/${entry.id}`)).status, 404);
  });
});

describe('revoking', () => {
  it('holds for the very next request, on every route, and the Consent says so', async () => {
    const entry = await patient.create(observation('laboratory'));
    const { grant, consent } = await letIn({ ...whole, scope: { write: true } });
    const routes = [
      `/fhir/R4/Observation/${entry.id}`,
      `/fhir/R4/Observation/${entry.id}/_history`,
      `/fhir/R4/Patient/${patient.patientId}/$everything`,
      `/fhir/R4/Patient/${patient.patientId}`,
    ];
    for (const route of routes) assert.equal((await doctor.get(route)).status, 200, route);
    assert.equal((await patient.call('POST', `/api/grants/${grant}/revoke`)).status, 204);
    for (const route of routes) assert.equal((await doctor.get(route)).status, 404, route);
    const search = await doctor.get(`/fhir/R4/Observation?subject=Patient/${patient.patientId}`);
    assert.equal(search.json()['total'], 0);
    const late = await doctor.call('POST', '/fhir/R4/Observation', { body: observation('laboratory') });
    assert.equal(late.status, 403);
    assert.equal((await patient.get(`/fhir/R4/${consent}`)).json()['status'], 'inactive');
    const grants = (await patient.get('/api/grants')).json<{ state: string }[]>();
    assert.ok(grants.every(({ state }) => state === 'revoked'));
    assert.equal((await patient.call('POST', `/api/grants/${grant}/revoke`)).status, 204, 'twice is as once');
  });

  it('is the owner’s, not the holder’s, and not a stranger’s', async () => {
    const { grant } = await letIn();
    const stranger = await signUp(server.url);
    assert.equal((await stranger.call('POST', `/api/grants/${grant}/revoke`)).status, 404);
    assert.equal((await doctor.call('POST', `/api/grants/${grant}/revoke`)).status, 404);
  });
});

describe('writing with a pen that was lent', () => {
  it('holds for half an hour, names its authority, and a late write is refused', async () => {
    await letIn({ ...whole, scope: { write: true } });
    const written = await doctor.call('POST', '/fhir/R4/Condition', {
      body: {
        resourceType: 'Condition',
        subject: { reference: `Patient/${patient.patientId}` },
        code: { text: 'Asthma' },
      },
    });
    assert.equal(written.status, 201, written.text);
    const { rows } = await server.pool.query<{ statement: string }>(
      'select statement from entry where entry_id = $1',
      [written.headers.get('ledger-entry')],
    );
    const statement = JSON.parse(rows[0]?.statement ?? '{}') as {
      who: { role: string };
      basis: string;
      detail: { authority: string };
    };
    assert.deepEqual([statement.who.role, statement.basis], ['professional', 'edit-grant']);
    const grants = (await patient.get('/api/grants')).json<{ id: string; basis: string }[]>();
    assert.equal(statement.detail.authority, grants.find(({ basis }) => basis === 'edit')?.id);
    assert.match(written.text, /"code":"professional"/);
    await later(30 * 60_000, doctor);
    const late = await doctor.call('POST', '/fhir/R4/Condition', {
      body: {
        resourceType: 'Condition',
        subject: { reference: `Patient/${patient.patientId}` },
        code: { text: 'Late' },
      },
    });
    assert.equal(late.status, 403);
    assert.equal((await doctor.get(`/fhir/R4/Patient/${patient.patientId}`)).status, 200, 'looking goes on');
  });

  it('makes no authority, moves nothing between records and takes nothing away', async () => {
    const entry = await patient.create(observation('laboratory'));
    await letIn({ ...whole, scope: { write: true } });
    const p = { reference: `Patient/${patient.patientId}` };
    const forged: object[] = [
      { resourceType: 'RelatedPerson', patient: p },
      { resourceType: 'CareTeam', subject: p },
      {
        resourceType: 'Consent',
        status: 'active',
        scope: {
          coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }],
        },
        category: [{ text: 'x' }],
        patient: p,
        policyRule: { text: 'x' },
      },
    ];
    for (const body of forged)
      assert.equal(
        (await doctor.call('POST', `/fhir/R4/${(body as { resourceType: string }).resourceType}`, { body }))
          .status,
        403,
      );
    assert.equal((await doctor.call('DELETE', `/fhir/R4/Observation/${entry.id}`)).status, 403);
    const moved = await doctor.call('PUT', `/fhir/R4/Observation/${entry.id}`, {
      body: {
        ...observation('laboratory'),
        id: entry.id,
        subject: { reference: `Patient/${doctor.patientId}` },
      },
    });
    assert.ok([403, 422].includes(moved.status), String(moved.status));
    assert.equal(
      (await doctor.get(`/fhir/R4/Observation?subject=Patient/${doctor.patientId}`)).json()['total'],
      0,
    );
  });
});

describe('sharing without being asked', () => {
  it('lets a clinician in, and nobody without a checked licence', async () => {
    const entry = await patient.create(observation('laboratory'));
    const share = (to: string) => patient.call('POST', '/api/grants', { body: { to, ...whole } });
    assert.equal((await share((await signUp(server.url)).accountId)).status, 404);
    assert.equal((await share('nobody')).status, 404);
    assert.equal((await share(doctor.accountId)).status, 201);
    assert.equal((await doctor.get(`/fhir/R4/Observation/${entry.id}`)).status, 200);
    const held = (await doctor.get('/api/grants?held=true')).json<{ patient: string }[]>();
    assert.equal(held[0]?.patient, patient.patientId);
  });
});

describe('breaking the glass', () => {
  const reason = 'Unconscious after a road accident';
  const breakGlass = (from: Person, body: object) => from.call('POST', '/api/break-glass', { body });

  it('opens everything clinical for an hour, sealed too, with the reason in the chain and a notice at once', async () => {
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

  it('more than ten times a day is too often', async () => {
    const answers: number[] = [];
    for (let i = 0; i < 11; i++)
      answers.push((await breakGlass(doctor, { patient: patient.uhid, reason })).status);
    assert.deepEqual(answers.slice(-2), [201, 429]);
  });
});
