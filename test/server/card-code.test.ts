// The access code over HTTP: what it opens, how often it may be wrong, and that every try is on record.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { CardApp } from './card-app.ts';
import { fillAsha, startCardApp } from './card-app.ts';
import { freshAddress } from './identity-app.ts';

let app: CardApp;
before(async () => {
  app = await startCardApp();
});
after(() => app.stop());

const code = '482913';

async function asha() {
  const person = await app.person();
  await fillAsha(app, person.patientId);
  await app.write(person.patientId, 'patient', {
    resourceType: 'Observation',
    status: 'final',
    subject: { reference: `Patient/${person.patientId}` },
    code: { coding: [{ system: 'http://loinc.org', code: '75781-5' }] },
    valueCodeableConcept: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0316', code: 'Y' }],
      text: 'Yes',
    },
    effectiveDateTime: '2026-01-02',
  });
  const set = await app.call('PUT', '/api/emergency-card/code', { token: person.token, body: { code } });
  assert.equal(set.statusCode, 200);
  return { ...person, path: await app.cardPath(person) };
}

/** The organ donor row, which the settings put behind the code. */
const donor = (body: string) => /<dt>Organ donor<\/dt>\s*<dd>(.*?)<\/dd>/s.exec(body)?.[1] ?? '';

test('the first tier says what the code would open and not what it is; the right code opens it', async () => {
  const { patientId, path } = await asha();
  const first = await app.scan(path);
  assert.match(donor(first.body), /Opens with the emergency code/);
  assert.match(first.body, /<form class="form" method="post"/);
  const second = await app.tryCode(path, code);
  assert.equal(second.statusCode, 200);
  assert.match(donor(second.body), /Yes/);
  assert.doesNotMatch(second.body, /<form/);
  assert.equal(second.headers['set-cookie'], undefined);
  const [entry] = await app.entries(patientId, 'scan-code');
  assert.deepEqual([entry?.outcome, entry?.basis], ['done', 'card-second-tier']);
});

test('QR-08: a code is taken from a form or from JSON, as code or pin, never from the address', async () => {
  const { path } = await asha();
  for (const body of [{ code }, { pin: code }, { code: '482 913' }]) {
    assert.equal((await app.call('POST', path, { body, ip: freshAddress() })).statusCode, 200);
  }
  const inQuery = await app.call('GET', `${path}?code=${code}`, { ip: freshAddress() });
  assert.match(donor(inQuery.body), /Opens with/);
  assert.equal(
    (await app.call('POST', `${path}?code=${code}`, { body: {}, ip: freshAddress() })).statusCode,
    422,
  );
});

test('a wrong code opens nothing, says how many tries are left, and is an entry and a notice', async () => {
  const { patientId, path } = await asha();
  const answer = await app.tryCode(path, '111119');
  assert.equal(answer.statusCode, 403);
  assert.match(answer.body, /9 tries left/);
  assert.match(donor(answer.body), /Opens with/);
  const [entry] = await app.entries(patientId, 'scan-code');
  assert.deepEqual([entry?.outcome, entry?.detail?.problem], ['refused', 'wrong']);
  assert.deepEqual(
    (await app.notices(patientId)).map((one) => one.kind),
    ['card-code-wrong'],
  );
});

test('QR-08: of fifty codes at the same time from as many addresses at most ten are compared; then the right one is refused too', async () => {
  const { patientId, path, token } = await asha();
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) => app.tryCode(path, String(500000 + index * 7))),
  );
  assert.ok(answers.every((answer) => answer.statusCode === 403));
  const tries = await app.entries(patientId, 'scan-code');
  assert.equal(tries.length, 50);
  assert.equal(tries.filter((one) => one.detail?.problem === 'wrong').length, 10);
  const right = await app.tryCode(path, code);
  assert.equal(right.statusCode, 403);
  assert.match(right.body, /locked/);
  assert.equal((await app.notices(patientId)).filter((one) => one.kind === 'card-code-locked').length, 1);
  assert.equal((await app.scan(path)).statusCode, 200, 'the first tier stays open');

  const again = await app.call('PUT', '/api/emergency-card/code', { token, body: { code: '915502' } });
  assert.equal(again.json<{ codeTriesLeft: number }>().codeTriesLeft, 10);
  assert.equal((await app.tryCode(path, '915502')).statusCode, 200);
  assert.equal((await app.tryCode(path, code)).statusCode, 403);
});

test('one address that tries many codes must wait, and takes no more of the tries', async () => {
  const { path, token } = await asha();
  const ip = freshAddress();
  const other = await asha();
  for (let i = 0; i < 20; i++) await app.tryCode(other.path, '', ip);
  const answer = await app.tryCode(path, '111119', ip);
  assert.equal(answer.statusCode, 429);
  assert.match(answer.body, /Wait ten minutes/);
  assert.match(answer.body, /Penicillin allergy/);
  const card = await app.call('GET', '/api/emergency-card', { token });
  assert.equal(card.json<{ codeTriesLeft: number }>().codeTriesLeft, 10);
});

test('without a code set nothing is asked for, and a posted code opens nothing', async () => {
  const person = await app.person();
  await fillAsha(app, person.patientId);
  const path = await app.cardPath(person);
  const page = await app.scan(path);
  assert.doesNotMatch(page.body, /<form/);
  assert.match(donor(page.body), /Kept private by Asha/);
  assert.equal((await app.tryCode(path, code)).statusCode, 403);
});

test('posting anything instead of scanning is a look that the holder hears of', async () => {
  const { patientId, path } = await asha();
  const answer = await app.tryCode(path, 'x');
  assert.equal(answer.statusCode, 422);
  assert.match(answer.body, /Penicillin allergy/);
  assert.equal((await app.entries(patientId, 'scan-code')).length, 1);
  assert.deepEqual(
    (await app.notices(patientId)).map((one) => one.kind),
    ['card-scan'],
  );
});

test('setting a code needs a recent password, and a code that is hard to guess', async () => {
  const { token } = await asha();
  for (const weak of ['123456', '000000', '12345', 'abcdef', '']) {
    const answer = await app.call('PUT', '/api/emergency-card/code', { token, body: { code: weak } });
    assert.equal(answer.statusCode, 422, weak);
    assert.equal(answer.json<{ code: string }>().code, 'invalid');
  }
  app.clock.nowMs += 11 * 60_000;
  for (const method of ['PUT', 'DELETE'] as const) {
    const answer = await app.call(method, '/api/emergency-card/code', {
      token,
      ...(method === 'PUT' ? { body: { code } } : {}),
    });
    assert.equal(answer.statusCode, 403);
    assert.equal(answer.json<{ code: string }>().code, 'reauthentication-required');
  }
});

test('the code is nowhere: not in the database, not in an answer', async () => {
  await asha();
  const { rows } = await app.pool.query<{ line: string }>(
    `select s::text as line from card_setting s union all select statement from entry union all select detail::text from notice`,
  );
  assert.ok(rows.length > 0);
  assert.ok(rows.every((row) => !row.line.includes(code)));
});

test('a dead card takes no code', async () => {
  const { path, token, patientId } = await asha();
  await app.call('DELETE', '/api/emergency-card', { token });
  const answer = await app.tryCode(path, code);
  assert.equal(answer.statusCode, 404);
  assert.equal(answer.body, (await app.scan(`/e/${'7'.repeat(32)}`)).body);
  assert.equal((await app.entries(patientId, 'scan-code')).length, 0);
});
