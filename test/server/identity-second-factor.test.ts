// Second factors over HTTP: an authenticator app, codes by mail, codes for a lost phone; and that staff get nowhere without one.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { fromBase32 } from '../../core/sign-in/base32.ts';
import { hotp, stepAt } from '../../core/sign-in/totp.ts';
import { newAuthenticator } from '../harness/authenticator.ts';
import type { IdentityApp, SignedUp } from './identity-app.ts';
import { countOf, eventsOf, freshAddress, goodPassword, startIdentityApp, tokenOf } from './identity-app.ts';

const origin = 'http://localhost:8080';
const minuteMs = 60_000;
const half = 30_000;

let it: IdentityApp;
let person: SignedUp;
before(async () => {
  it = await startIdentityApp({ PUBLIC_URL: origin, SMTP_URL: 'smtp://127.0.0.1:1' });
});
after(async () => {
  await it?.stop();
});
beforeEach(async () => {
  it.clock.nowMs += 10 * minuteMs;
  await it.pool.query('delete from attempt_count');
  person = await it.person();
});

const codeAt = (secret: Uint8Array, atMs = it.clock.nowMs): string => hotp(secret, stepAt(atMs));
const wrong = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

interface Step {
  secondStep: { token: string; factors: string[] };
}

async function enrol(who: SignedUp): Promise<{ secret: Uint8Array; recoveryCodes: string[] }> {
  const begun = await it.call('POST', '/api/totp', { token: who.token });
  assert.equal(begun.statusCode, 201, begun.body);
  const {
    secret: text,
    address,
    code,
  } = begun.json<{
    secret: string;
    address: string;
    code: { size: number; path: string };
  }>();
  assert.ok(address.includes(text) && code.path.length > 1000 && code.size > 40);
  const secret = fromBase32(text);
  assert.ok(secret);
  const done = await it.call('POST', '/api/totp/confirm', {
    token: who.token,
    body: { code: codeAt(secret) },
  });
  assert.equal(done.statusCode, 201, done.body);
  who.token = tokenOf(done) ?? '';
  // What comes next is another code.
  it.clock.nowMs += half;
  return { secret, recoveryCodes: done.json<{ recoveryCodes: string[] }>().recoveryCodes };
}

const password = (who: SignedUp, ip = freshAddress()) =>
  it.call('POST', '/api/sessions', { ip, body: { login: who.login, password: goodPassword } });

async function begin(who: SignedUp): Promise<Step['secondStep']> {
  const answer = await password(who);
  assert.equal(answer.statusCode, 202, answer.body);
  assert.equal(tokenOf(answer), undefined, 'no session yet');
  return answer.json<Step>().secondStep;
}

const second = (token: string, factor: string, code: string) =>
  it.call('POST', '/api/sessions/second', { ip: freshAddress(), body: { token, factor, code } });

async function lastSignIn(patientId: string): Promise<{ event: string; detail?: { with?: string } }> {
  const { rows } = await it.pool.query<{ statement: string }>(
    `select statement from entry where patient_id = $1 and statement like '%"sign-in"%' order by recorded_at desc, entry_id desc limit 1`,
    [patientId],
  );
  return JSON.parse(rows[0]?.statement ?? '{}') as { event: string };
}

describe('an authenticator app', () => {
  test('is asked for after the password from its first code on, and the entry says so', async () => {
    const { secret } = await enrol(person);
    const { token, factors } = await begin(person);
    assert.deepEqual(factors, ['totp', 'recovery-code']);
    const answer = await second(token, 'totp', codeAt(secret));
    assert.equal(answer.statusCode, 201, answer.body);
    assert.equal((await it.call('GET', '/api/me', { token: tokenOf(answer) })).statusCode, 200);
    assert.equal((await lastSignIn(person.patientId)).detail?.with, 'totp');
    assert.ok((await eventsOf(it.pool, person.patientId)).includes('factor-add'));
  });

  test('counts for nothing until a code proves it', async () => {
    await it.call('POST', '/api/totp', { token: person.token });
    assert.equal((await password(person)).statusCode, 201);
    const unproved = await it.call('POST', '/api/totp/confirm', {
      token: person.token,
      body: { code: '000000' },
    });
    assert.equal(unproved.statusCode, 403);
    assert.equal((await password(person)).statusCode, 201);
  });

  test('its secret is given out once and lies sealed, no code and no secret in any column', async () => {
    const { secret, recoveryCodes } = await enrol(person);
    const text = Buffer.from(secret).toString('hex');
    const { rows } = await it.pool.query<{ all: string }>(
      `select (select string_agg(t::text, '') from totp t) || (select string_agg(c::text, '') from recovery_code c)
         || (select string_agg(e.statement, '') from entry e) as all`,
    );
    const stored = rows[0]?.all ?? '';
    assert.ok(stored.length > 1000 && !stored.includes(text));
    for (const code of recoveryCodes) assert.ok(!stored.includes(code));
    assert.match(stored, /\$argon2id\$/);
    const again = await it.call('POST', '/api/totp', { token: person.token });
    assert.equal(again.statusCode, 409);
    assert.doesNotMatch((await it.call('GET', '/api/factors', { token: person.token })).body, /secret/i);
  });

  test('no code counts twice, nor one from before it; of fifty at once with one code exactly one gets in', async () => {
    const { secret } = await enrol(person);
    const code = codeAt(secret);
    assert.equal((await second((await begin(person)).token, 'totp', code)).statusCode, 201);
    assert.equal((await second((await begin(person)).token, 'totp', code)).statusCode, 403);
    const before = codeAt(secret, it.clock.nowMs - half);
    assert.equal((await second((await begin(person)).token, 'totp', before)).statusCode, 403);

    it.clock.nowMs += half;
    await it.pool.query('delete from attempt_count');
    await it.pool.query('update second_step set tries_left = 1000');
    const next = codeAt(secret);
    const { token } = await begin(person);
    await it.pool.query('update second_step set tries_left = 1000');
    const many = await Promise.all(Array.from({ length: 50 }, () => second(token, 'totp', next)));
    assert.equal(many.filter((one) => one.statusCode === 201).length, 1);
    assert.ok(many.every((one) => [201, 401, 403, 429].includes(one.statusCode)));
  });

  test('OTP-01, OTP-02: five tries for each right password and ten in a quarter of an hour, the right one included; they count whatever fails', async () => {
    const { secret } = await enrol(person);
    const first = await begin(person);
    for (let tries = 0; tries < 5; tries++)
      assert.equal((await second(first.token, 'totp', wrong(codeAt(secret)))).statusCode, 403);
    assert.equal((await second(first.token, 'totp', codeAt(secret))).statusCode, 401);
    const other = await begin(person);
    const guesses = await Promise.all(
      Array.from({ length: 40 }, (_, n) => second(other.token, 'totp', String(n).padStart(6, '0'))),
    );
    assert.equal(guesses.filter((one) => one.statusCode === 403).length, 5, 'judged in all');
    const third = await begin(person);
    const right = await second(third.token, 'totp', codeAt(secret));
    assert.equal(right.statusCode, 429);
    assert.ok(Number(right.headers['retry-after']) > 0);
    const events = await eventsOf(it.pool, person.patientId);
    assert.equal(events.filter((event) => event === 'sign-in-refused').length, 10);
    const notices = await it.call('GET', '/api/notices', { token: person.token });
    assert.match(notices.body, /second-factor-wrong/);
    it.clock.nowMs += 15 * minuteMs;
    assert.equal((await second((await begin(person)).token, 'totp', codeAt(secret))).statusCode, 201);
  });

  test('what cannot be a code takes no try', async () => {
    const { secret } = await enrol(person);
    const { token } = await begin(person);
    for (const code of ['12345', '1234567', 'abcdef', ' ', '12 34 5x', "' or 1=1"])
      for (let tries = 0; tries < 3; tries++)
        assert.equal((await second(token, 'totp', code)).statusCode, 422, code);
    const spaced = codeAt(secret).replace(/(...)/, '$1 ');
    assert.equal((await second(token, 'totp', spaced)).statusCode, 201);
  });

  test('OTP-06: a step opens nothing for anybody else, nor for another purpose, nor after its time or a new password', async () => {
    const { secret } = await enrol(person);
    const stranger = await it.person();
    const { secret: theirs } = await enrol(stranger);
    const step = await begin(person);
    assert.equal((await second(step.token, 'totp', codeAt(theirs))).statusCode, 403);
    const elsewhere = await it.call('POST', '/api/reauthenticate/second', {
      token: stranger.token,
      body: { token: step.token, factor: 'totp', code: codeAt(secret) },
    });
    assert.equal(elsewhere.statusCode, 401);
    assert.equal((await second('A'.repeat(43), 'totp', codeAt(secret))).statusCode, 401);
    for (const factor of ['mail', 'recovery-code'])
      assert.ok((await second(step.token, factor, codeAt(secret))).statusCode >= 400);
    it.clock.nowMs += 10 * minuteMs;
    assert.equal((await second(step.token, 'totp', codeAt(secret))).statusCode, 401);

    const late = await begin(person);
    const changed = await it.call('PUT', '/api/password', {
      token: person.token,
      body: { current: goodPassword, next: 'seven kites over the river' },
    });
    assert.equal(changed.statusCode, 204, changed.body);
    assert.equal((await second(late.token, 'totp', codeAt(secret))).statusCode, 401);
  });

  test('SES-07: adding it ends every other session, and taking it away needs it given just now', async () => {
    const elsewhere = tokenOf(await password(person));
    const { secret } = await enrol(person);
    assert.equal((await it.call('GET', '/api/me', { token: elsewhere })).statusCode, 401);
    it.clock.nowMs += 11 * minuteMs;
    const early = await it.call('DELETE', '/api/totp', { token: person.token });
    assert.equal(early.statusCode, 403);
    assert.equal(early.json<{ code: string }>().code, 'reauthentication-required');
    const proved = await it.call('POST', '/api/reauthenticate', {
      token: person.token,
      body: { password: goodPassword },
    });
    assert.equal(proved.statusCode, 202, 'the password alone proves nothing any more');
    assert.equal((await it.call('DELETE', '/api/totp', { token: person.token })).statusCode, 403);
    const { token } = proved.json<Step>().secondStep;
    const done = await it.call('POST', '/api/reauthenticate/second', {
      token: person.token,
      body: { token, factor: 'totp', code: codeAt(secret) },
    });
    assert.equal(done.statusCode, 201, done.body);
    const fresh = tokenOf(done);
    assert.notEqual(fresh, person.token);
    assert.equal((await it.call('GET', '/api/me', { token: person.token })).statusCode, 401);
    assert.equal((await it.call('DELETE', '/api/totp', { token: fresh })).statusCode, 204);
    assert.equal((await password(person)).statusCode, 201, 'the password is enough again');
    assert.ok((await eventsOf(it.pool, person.patientId)).includes('factor-remove'));
  });

  test('a session of a password alone, begun before, adds no factor of its own in its place', async () => {
    const { secret } = await enrol(person);
    const session = await second((await begin(person)).token, 'totp', codeAt(secret));
    const token = tokenOf(session);
    await it.pool.query(`update session set second = null where account_id = $1`, [person.accountId]);
    for (const [method, url] of [
      ['DELETE', '/api/totp'],
      ['POST', '/api/mail-step'],
      ['POST', '/api/recovery-codes'],
      ['POST', '/api/passkeys/options'],
    ] as const) {
      const answer = await it.call(method, url, { token });
      assert.equal(answer.json<{ code: string }>().code, 'second-factor-required', url);
    }
  });
});

describe('codes for a lost phone', () => {
  test('there are ten, each gets in once, the others stay; the person sees how many are left', async () => {
    const { recoveryCodes } = await enrol(person);
    assert.equal(new Set(recoveryCodes).size, 10);
    const [one = '', another = ''] = recoveryCodes;
    const answer = await second((await begin(person)).token, 'recovery-code', one.toLowerCase());
    assert.equal(answer.statusCode, 201, answer.body);
    assert.equal((await lastSignIn(person.patientId)).detail?.with, 'recovery-code');
    assert.equal((await second((await begin(person)).token, 'recovery-code', one)).statusCode, 403);
    const many = await Promise.all(
      [await begin(person), await begin(person), await begin(person)].map(({ token }) =>
        second(token, 'recovery-code', another),
      ),
    );
    assert.equal(many.filter((each) => each.statusCode === 201).length, 1);
    const factors = await it.call('GET', '/api/factors', { token: tokenOf(answer) });
    assert.equal(factors.json<{ recoveryCodesLeft: number }>().recoveryCodesLeft, 8);
  });

  test('new ones take the place of the old, and need a fresh proof', async () => {
    const { recoveryCodes } = await enrol(person);
    const made = await it.call('POST', '/api/recovery-codes', { token: person.token });
    assert.equal(made.statusCode, 201, made.body);
    const { recoveryCodes: fresh } = made.json<{ recoveryCodes: string[] }>();
    const [old = ''] = recoveryCodes;
    assert.equal((await second((await begin(person)).token, 'recovery-code', old)).statusCode, 403);
    assert.equal(
      (await second((await begin(person)).token, 'recovery-code', fresh[0] ?? '')).statusCode,
      201,
    );
    const without = await it.person();
    assert.equal((await it.call('POST', '/api/recovery-codes', { token: without.token })).statusCode, 409);
  });
});

describe('codes by mail', () => {
  const choose = async (who: SignedUp): Promise<void> => {
    const begun = await it.call('POST', '/api/mail-step', { token: who.token });
    assert.equal(begun.statusCode, 202, begun.body);
    const code = it.sent.at(-1)?.code ?? '';
    assert.ok(!begun.body.includes(code));
    const { token } = begun.json<{ token: string }>();
    const refused = await it.call('POST', '/api/mail-step/confirm', {
      token: who.token,
      body: { token, code: wrong(code) },
    });
    assert.equal(refused.statusCode, 403);
    const done = await it.call('POST', '/api/mail-step/confirm', { token: who.token, body: { token, code } });
    assert.equal(done.statusCode, 201, done.body);
    who.token = tokenOf(done) ?? '';
  };

  test('are a second factor where the person chose it, after a code showed that mail arrives', async () => {
    await choose(person);
    const { token, factors } = await begin(person);
    assert.deepEqual(factors, ['mail', 'recovery-code']);
    assert.equal((await second(token, 'mail', '123456')).statusCode, 403, 'nothing was sent yet');
    const sent = await it.call('POST', '/api/sessions/second/mail', { ip: freshAddress(), body: { token } });
    assert.equal(sent.statusCode, 202);
    const last = it.sent.at(-1);
    assert.deepEqual([last?.patientId, last?.purpose], [person.patientId, 'sign-in']);
    assert.equal((await second(token, 'mail', last?.code ?? '')).statusCode, 201);
    assert.equal((await second(token, 'mail', last?.code ?? '')).statusCode, 401, 'OTP-03: once');
  });

  test('OTP-05, OTP-06, OTP-08: they end after five minutes, belong to their step, a new one kills the old, and few are sent', async () => {
    await choose(person);
    const send = (token: string) =>
      it.call('POST', '/api/sessions/second/mail', { ip: freshAddress(), body: { token } });
    const one = await begin(person);
    await send(one.token);
    const first = it.sent.at(-1)?.code ?? '';
    const other = await begin(person);
    assert.equal((await second(other.token, 'mail', first)).statusCode, 403);
    await send(one.token);
    assert.equal((await second(one.token, 'mail', first)).statusCode, 403);
    it.clock.nowMs += 5 * minuteMs;
    assert.equal((await second(one.token, 'mail', it.sent.at(-1)?.code ?? '')).statusCode, 403);
    await send(one.token);
    assert.equal((await send(one.token)).statusCode, 429);
    assert.equal((await second(one.token, 'mail', it.sent.at(-1)?.code ?? '')).statusCode, 201);
    const count = it.sent.length;
    let refused = 0;
    for (let n = 0; n < 12; n++) if ((await send((await begin(person)).token)).statusCode === 429) refused++;
    assert.ok(refused >= 5 && it.sent.length - count <= 7, `${it.sent.length - count} were sent`);
  });

  test('are given up after a fresh proof, and somebody with a phone number has none', async () => {
    await choose(person);
    assert.equal((await it.call('DELETE', '/api/mail-step', { token: person.token })).statusCode, 204);
    assert.equal((await password(person)).statusCode, 201);
    const phone = await it.person('+919876543299');
    assert.equal((await it.call('POST', '/api/mail-step', { token: phone.token })).statusCode, 409);
  });
});

describe('staff', () => {
  const employ = (who: SignedUp) =>
    it.pool.query(
      `insert into organization_member (member_id, account_id, organization_id, role, started_at)
       values (gen_random_uuid(), $1, 'a-hospital', 'desk', now())`,
      [who.accountId],
    );
  const roles = (who: SignedUp, role: string) =>
    it.pool.query(`update account set roles = array[$2] where account_id = $1`, [who.accountId, role]);
  const refusedEverywhere = async (token: string | undefined): Promise<void> => {
    for (const [method, url] of [
      ['GET', '/api/me/work'],
      ['GET', '/api/glass-reviews'],
      ['GET', '/api/admin/apps'],
      ['GET', '/api/entries'],
      ['POST', '/api/access-requests'],
      ['POST', '/api/break-glass'],
      ['GET', '/fhir/R4/Patient'],
      ['POST', '/fhir/R4/Observation'],
      ['PUT', '/api/password'],
      ['DELETE', '/api/totp'],
      ['POST', '/api/recovery-codes'],
    ] as const) {
      const answer = await it.call(method, url, { token });
      assert.equal(answer.statusCode, 403, `${method} ${url} ${answer.body}`);
    }
  };

  test('without a factor get only far enough to add one, from the very request on at which they became staff', async () => {
    for (const role of ['doctor', 'administrator', 'auditor']) {
      const one = await it.person();
      assert.equal((await it.call('GET', '/api/entries', { token: one.token })).statusCode, 200);
      await roles(one, role);
      await refusedEverywhere(one.token);
      const again = await password(one);
      assert.equal(again.statusCode, 201);
      const me = again.json<{ account: { lacksFactor: boolean } }>();
      assert.equal(me.account.lacksFactor, true);
      one.token = tokenOf(again) ?? '';
      await refusedEverywhere(one.token);
      await enrol(one);
      assert.equal((await it.call('GET', '/api/me/work', { token: one.token })).statusCode, 200, role);
    }
  });

  test('get in with a passkey, and a password alone then asks for it', async () => {
    await employ(person);
    await refusedEverywhere(person.token);
    const device = newAuthenticator(origin);
    const options = await it.call('POST', '/api/passkeys/options', { token: person.token });
    const added = await it.call('POST', '/api/passkeys', {
      token: person.token,
      body: {
        label: 'Key',
        credential: device.register(options.json<Parameters<typeof device.register>[0]>()),
      },
    });
    assert.equal(added.statusCode, 201, added.body);
    assert.equal((await it.call('GET', '/api/me/work', { token: person.token })).statusCode, 200);
    const { factors } = await begin(person);
    assert.deepEqual(factors, ['passkey']);
    const { id } = added.json<{ id: string }>();
    const last = await it.call('DELETE', `/api/passkeys/${id}`, { token: person.token });
    assert.deepEqual([last.statusCode, last.json<{ code: string }>().code], [409, 'last-factor']);
    const asked = await it.call('POST', '/api/sessions/passkey/options', { ip: freshAddress() });
    const signedIn = await it.call('POST', '/api/sessions/passkey', {
      ip: freshAddress(),
      body: { credential: device.answer(asked.json<{ challenge: string }>()) },
    });
    assert.equal(signedIn.statusCode, 201, signedIn.body);
    assert.equal((await it.call('GET', '/api/me/work', { token: tokenOf(signedIn) })).statusCode, 200);
    assert.equal((await lastSignIn(person.patientId)).detail?.with, 'passkey');
  });

  test('cannot choose mail, and what a patient had chosen no longer counts for them', async () => {
    const begun = await it.call('POST', '/api/mail-step', { token: person.token });
    const { token } = begun.json<{ token: string }>();
    const done = await it.call('POST', '/api/mail-step/confirm', {
      token: person.token,
      body: { token, code: it.sent.at(-1)?.code },
    });
    assert.equal(done.statusCode, 201, done.body);
    await employ(person);
    const again = await password(person);
    assert.equal(again.statusCode, 201);
    await refusedEverywhere(tokenOf(again));
    const mail = await it.call('GET', '/api/factors', { token: tokenOf(again) });
    assert.equal(mail.json<{ mailOffered: boolean }>().mailOffered, false);
  });

  test('whoever stops to be staff is a patient again', async () => {
    await employ(person);
    await refusedEverywhere(person.token);
    await it.pool.query(`update organization_member set ended_at = now() where account_id = $1`, [
      person.accountId,
    ]);
    assert.equal((await it.call('GET', '/api/entries', { token: person.token })).statusCode, 200);
  });
});

test('what waits for a factor does not pile up', async () => {
  await enrol(person);
  for (let n = 0; n < 3; n++) await begin(person);
  const open = await countOf(it.pool, 'second_step');
  assert.ok(open >= 3);
  it.clock.nowMs += 11 * minuteMs;
  await begin(person);
  assert.ok((await countOf(it.pool, 'second_step')) < open);
});
