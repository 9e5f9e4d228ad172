// Asking to be let in, and the one-time code with all that may go wrong with it, over HTTP.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseJson } from '../../core/fhir/json.ts';
import type { Resource } from '../../core/fhir/types.ts';
import { validateResource } from '../../core/fhir/validate.ts';
import { signUp } from '../harness/client.ts';
import { signUpClinician } from '../harness/clinician.ts';
import {
  server,
  patient,
  doctor,
  whole,
  ask,
  lastCode,
  confirm,
  other,
  letIn,
  observation,
  moveClock,
} from './consent-world.ts';

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

  it('OTP-01: is dead after five wrong tries, for the right code too, and the person hears of it', async () => {
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

  it('OTP-02: of two hundred guesses at once no more than five are compared', async () => {
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

  it('OTP-04: right fifty times at once lets in once: one Consent, one grant, one entry', async () => {
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

  it('OTP-03: used once is used up', async () => {
    const { id } = await ask();
    const code = lastCode();
    assert.equal((await confirm(id, code)).status, 201);
    assert.equal((await confirm(id, code)).status, 403);
  });

  it('OTP-05: holds for five minutes by the server’s clock', async () => {
    const { id } = await ask();
    const code = lastCode();
    moveClock(5 * 60_000);
    assert.equal((await confirm(id, code)).status, 403);
    const next = await ask();
    moveClock(5 * 60_000 - 1);
    assert.equal((await confirm(next.id, lastCode())).status, 201);
  });

  it('OTP-06: is bound to its request and to who asked', async () => {
    const { id } = await ask();
    const code = lastCode();
    const colleague = await signUpClinician(server.url, server.pool, { name: 'Salim Qureshi' });
    assert.equal((await confirm(id, code, colleague)).status, 404);
    const second = await ask(whole, colleague);
    assert.equal((await confirm(second.id, code, colleague)).status, 403);
    assert.equal((await confirm(id, code)).status, 201);
  });

  it('OTP-08: sent again kills the one before, brings no new tries, and ends', async () => {
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

  it('OTP-07: is nowhere but with its person: not in the answer, not in the tables, not in the entries', async () => {
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
