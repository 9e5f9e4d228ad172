// Sessions: where the token lives, when it ends, and that nobody but its owner ends or stretches it.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import type { LightMyRequestResponse } from 'fastify';
import { newToken } from '../../server/http/session-cookie.ts';
import { insertSession } from '../../server/storage/sessions.ts';
import type { IdentityApp } from './identity-app.ts';
import {
  cookieLine,
  cookieName,
  eventsOf,
  freshAddress,
  goodPassword,
  startIdentityApp,
  tokenOf,
} from './identity-app.ts';

const minuteMs = 60_000;

interface Listed {
  id: string;
  current: boolean;
  agent: string;
}

describe('sessions', () => {
  let it: IdentityApp;
  before(async () => {
    it = await startIdentityApp();
  });
  after(() => it.stop());

  const codeOf = (answer: LightMyRequestResponse) => answer.json<{ code: string }>().code;
  const meStatus = async (token: string) => (await it.call('GET', '/api/me', { token })).statusCode;
  async function signIn(login: string, token?: string, password = goodPassword): Promise<string> {
    const answer = await it.call('POST', '/api/sessions', {
      body: { login, password },
      ip: freshAddress(),
      token,
    });
    assert.equal(answer.statusCode, 201, answer.body);
    return tokenOf(answer) ?? '';
  }
  const list = async (token: string) => (await it.call('GET', '/api/sessions', { token })).json<Listed[]>();

  test('without a session the own pages answer 401 with a challenge', async () => {
    for (const [method, url, body] of [
      ['GET', '/api/me'],
      ['GET', '/api/sessions'],
      ['DELETE', '/api/sessions'],
      ['DELETE', '/api/sessions/current'],
      ['POST', '/api/reauthenticate', { password: goodPassword }],
      ['PUT', '/api/password', { current: goodPassword, next: 'quiet river 41' }],
      ['PUT', '/api/me/language', { language: 'hi' }],
      ['GET', '/api/me/alias'],
      ['PUT', '/api/me/alias', { alias: 'asha.rao' }],
    ] as const) {
      const answer = await it.call(method, url, { body });
      assert.equal(answer.statusCode, 401, `${method} ${url}`);
      assert.equal(codeOf(answer), 'not-signed-in');
      assert.equal(answer.headers['www-authenticate'], 'Bearer realm="medallion"');
    }
  });

  test('the database holds the hash of a token, never the token', async () => {
    const person = await it.person();
    const { rows } = await it.pool.query<{ row: string; hash: Buffer }>(
      'select s::text as row, token_hash as hash from session s where account_id = $1',
      [person.accountId],
    );
    assert.deepEqual(rows[0]?.hash, createHash('sha256').update(person.token).digest());
    assert.ok(!rows[0]?.row.includes(person.token));
  });

  test('SES-02: signing in gives a new token whatever the browser held, and what it held is dead', async () => {
    const [attacker, victim] = [await it.person(), await it.person()];
    const token = await signIn(victim.login, attacker.token);
    assert.notEqual(token, attacker.token);
    assert.equal(await meStatus(attacker.token), 401);
    assert.equal(
      (await it.call('GET', '/api/me', { token })).json<{ patient: { id: string } }>().patient.id,
      victim.patientId,
    );
    const planted = 'A'.repeat(43);
    const other = await signIn(victim.login, planted);
    assert.match(other, /^[A-Za-z0-9_-]{43}$/);
    assert.notEqual(other, planted);
    assert.equal(await meStatus(other), 200);
    assert.equal(await meStatus(planted), 401);
  });

  test('SES-02: giving the password again gives a new token, and the old one is dead', async () => {
    const person = await it.person();
    it.clock.nowMs += 11 * minuteMs;
    const answer = await it.call('POST', '/api/reauthenticate', {
      token: person.token,
      body: { password: goodPassword },
    });
    assert.equal(answer.statusCode, 201);
    const token = tokenOf(answer) ?? '';
    assert.notEqual(token, person.token);
    assert.equal(await meStatus(token), 200);
    const late = await it.call('GET', '/api/me', { token: person.token });
    assert.equal(late.statusCode, 401);
    // A request that was under way must not throw away the new cookie.
    assert.equal(cookieLine(late), undefined);
  });

  test('a wrong password proves nothing and ends nothing; after ten it is not even tried', async () => {
    const person = await it.person();
    for (let tries = 0; tries < 10; tries++) {
      const answer = await it.call('POST', '/api/reauthenticate', {
        token: person.token,
        body: { password: `wrong one ${tries}` },
      });
      assert.equal(answer.statusCode, 403);
      assert.equal(codeOf(answer), 'password-wrong');
    }
    const refused = await it.call('POST', '/api/reauthenticate', {
      token: person.token,
      body: { password: goodPassword },
    });
    assert.equal(refused.statusCode, 429);
    assert.equal(await meStatus(person.token), 200);
  });

  test('SES-03: signing out kills the token, clears the browser and is an entry', async () => {
    const person = await it.person();
    const other = await signIn(person.login);
    const answer = await it.call('DELETE', '/api/sessions/current', { token: person.token });
    assert.equal(answer.statusCode, 204);
    assert.equal(answer.headers['clear-site-data'], '"cookies", "storage"');
    assert.equal(cookieLine(answer), `${cookieName}=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax`);
    const again = await it.call('GET', '/api/me', { token: person.token });
    assert.equal(again.statusCode, 401);
    assert.equal(tokenOf(again), '');
    assert.equal(await meStatus(other), 200);
    assert.ok((await eventsOf(it.pool, person.patientId)).includes('sign-out'));
  });

  test('SES-05: a session ends after 30 minutes without activity, and activity carries it on', async () => {
    const person = await it.person();
    for (let times = 0; times < 5; times++) {
      it.clock.nowMs += 29 * minuteMs;
      assert.equal(await meStatus(person.token), 200);
    }
    it.clock.nowMs += 30 * minuteMs;
    const answer = await it.call('GET', '/api/me', { token: person.token });
    assert.equal(answer.statusCode, 401);
    assert.equal(tokenOf(answer), '');
  });

  test('SES-05: a session ends 12 hours after it began, however busy', async () => {
    const person = await it.person();
    const began = it.clock.nowMs;
    while (it.clock.nowMs - began < 12 * 60 * minuteMs - 20 * minuteMs) {
      it.clock.nowMs += 20 * minuteMs;
      assert.equal(await meStatus(person.token), 200);
    }
    it.clock.nowMs = began + 12 * 60 * minuteMs;
    assert.equal(await meStatus(person.token), 401);
  });

  test('whoever has a role is out after 15 minutes', async () => {
    const person = await it.person();
    await it.pool.query(`update account set roles = '{administrator}' where account_id = $1`, [
      person.accountId,
    ]);
    const token = await signIn(person.login);
    it.clock.nowMs += 15 * minuteMs;
    assert.equal(await meStatus(token), 401);
    await it.pool.query(`update account set roles = '{}' where account_id = $1`, [person.accountId]);
  });

  test('SES-05: so is whoever works somewhere, also from a place that they came to after they had signed in', async () => {
    const person = await it.person();
    const before = await signIn(person.login);
    await it.pool.query(
      `insert into organization_member (member_id, account_id, organization_id, role, started_at)
       values (gen_random_uuid(), $1, 'a-hospital', 'records', now())`,
      [person.accountId],
    );
    const after = await signIn(person.login);
    it.clock.nowMs += 14 * minuteMs;
    for (const token of [before, after]) assert.equal(await meStatus(token), 200);
    it.clock.nowMs += 15 * minuteMs;
    for (const token of [before, after]) assert.equal(await meStatus(token), 401);
  });

  test('SES-05: no parameter and no header stretches a session that has ended', async () => {
    const person = await it.person();
    it.clock.nowMs += 30 * minuteMs;
    for (const url of ['/api/me?skip_timeout_reset=1', '/api/me?refresh=1', '/api/me?background=true']) {
      const headers = { 'x-background': '1', 'x-refresh': '1', 'keep-alive': 'timeout=99999' };
      assert.equal((await it.call('GET', url, { token: person.token, headers })).statusCode, 401);
    }
  });

  test('activity is written down at most once a minute', async () => {
    const person = await it.person();
    const seen = async () => {
      const { rows } = await it.pool.query<{ at: Date }>(
        'select last_seen_at as at from session where account_id = $1',
        [person.accountId],
      );
      return rows[0]?.at.getTime();
    };
    const began = it.clock.nowMs;
    it.clock.nowMs += 59_000;
    await meStatus(person.token);
    assert.equal(await seen(), began);
    it.clock.nowMs += 1_000;
    await meStatus(person.token);
    assert.equal(await seen(), began + minuteMs);
  });

  const strangeCookies: [string, string][] = [
    ['an empty token', `${cookieName}=`],
    ['a token of another length', `${cookieName}=abc`],
    ['a token nobody was given', `${cookieName}=${'b'.repeat(43)}`],
    ['a megabyte-like token', `${cookieName}=${'c'.repeat(8000)}`],
    ['SQL', `${cookieName}=' or true --`],
    ['a NUL', `${cookieName}=%00`],
  ];
  for (const [what, cookie] of strangeCookies) {
    test(`a cookie with ${what} is nobody, and is taken away`, async () => {
      const answer = await it.call('GET', '/api/me', { headers: { cookie } });
      assert.equal(answer.statusCode, 401);
      assert.equal(tokenOf(answer), '');
    });
  }

  test('two cookies of that name are nobody: one of them was planted', async () => {
    const [one, two] = [await it.person(), await it.person()];
    const cookie = `${cookieName}=${one.token}; ${cookieName}=${two.token}`;
    assert.equal((await it.call('GET', '/api/me', { headers: { cookie } })).statusCode, 401);
  });

  test('SES-08: a token is taken from the cookie only: not from the address, not as a bearer, not from a body', async () => {
    const { token } = await it.person();
    for (const url of [
      `/api/me?access_token=${token}`,
      `/api/me?token=${token}`,
      `/api/me?${cookieName}=${token}`,
    ]) {
      const answer = await it.call('GET', url);
      assert.equal(answer.statusCode, 401);
      assert.ok(!answer.body.includes(token));
    }
    for (const url of ['/api/me', '/fhir/R4/Patient']) {
      for (const authorization of [`Bearer ${token}`, `bearer  ${token}`, 'Bearer']) {
        const answer = await it.call('GET', url, {
          headers: { authorization, cookie: `${cookieName}=${token}` },
        });
        assert.equal(answer.statusCode, 401, `${url} ${authorization.slice(0, 7)}`);
        assert.match(String(answer.headers['www-authenticate']), /error="invalid_token"/);
      }
    }
    assert.equal(
      (await it.call('GET', '/healthz', { headers: { authorization: 'Bearer x' } })).statusCode,
      200,
    );
  });

  test('SES-06: a person sees only their own sessions, and which one this is', async () => {
    const [asha, ravi] = [await it.person(), await it.person()];
    const agent = 'Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0';
    const answer = await it.call('POST', '/api/sessions', {
      body: { login: asha.login, password: goodPassword },
      headers: { 'user-agent': agent },
      ip: freshAddress(),
    });
    const sessions = await list(tokenOf(answer) ?? '');
    assert.deepEqual(
      sessions.map((session) => session.current).toSorted((a, b) => Number(a) - Number(b)),
      [false, true],
    );
    assert.equal(sessions.find((session) => session.current)?.agent, 'Firefox on Android');
    assert.equal((await list(ravi.token)).length, 1);
  });

  test("another person's session is not there, for any verb, and lives on", async () => {
    const [asha, ravi] = [await it.person(), await it.person()];
    const [theirs] = await list(ravi.token);
    const unknown = await it.call('DELETE', '/api/sessions/00000000-0000-4000-8000-000000000000', {
      token: asha.token,
    });
    for (const id of [theirs?.id ?? '', 'x', 'current ', "' or true --"]) {
      const answer = await it.call('DELETE', `/api/sessions/${encodeURIComponent(id)}`, {
        token: asha.token,
      });
      assert.equal(answer.statusCode, 404);
      assert.deepEqual(
        { ...answer.json<object>(), requestId: '' },
        { ...unknown.json<object>(), requestId: '' },
      );
    }
    assert.equal(await meStatus(ravi.token), 200);
  });

  test('SES-06: ending another of the own sessions needs a recent password, and tells the owner', async () => {
    const person = await it.person();
    const phone = await signIn(person.login);
    const id = (await list(person.token)).find((session) => !session.current)?.id ?? '';
    it.clock.nowMs += 11 * minuteMs;
    for (const url of [`/api/sessions/${id}`, '/api/sessions']) {
      const refused = await it.call('DELETE', url, { token: person.token });
      assert.equal(refused.statusCode, 403);
      assert.equal(codeOf(refused), 'reauthentication-required');
    }
    assert.equal(await meStatus(phone), 200);
    const proof = await it.call('POST', '/api/reauthenticate', {
      token: person.token,
      body: { password: goodPassword },
    });
    const token = tokenOf(proof) ?? '';
    assert.equal((await it.call('DELETE', `/api/sessions/${id}`, { token })).statusCode, 204);
    assert.equal(await meStatus(phone), 401);
    assert.ok((await eventsOf(it.pool, person.patientId)).includes('session-end'));
    const { rows } = await it.pool.query<{ kind: string }>('select kind from notice where patient_id = $1', [
      person.patientId,
    ]);
    assert.deepEqual(rows, [{ kind: 'sessions-ended' }]);
  });

  test('ending all other sessions leaves this one', async () => {
    const person = await it.person();
    const others = [await signIn(person.login), await signIn(person.login)];
    assert.equal((await it.call('DELETE', '/api/sessions', { token: person.token })).statusCode, 204);
    for (const other of others) assert.equal(await meStatus(other), 401);
    assert.equal(await meStatus(person.token), 200);
    // Nothing left to end is no error and no entry.
    const again = await it.call('DELETE', '/api/sessions', { token: person.token });
    assert.equal(again.statusCode, 204);
    assert.equal(again.headers['ledger-entry'], undefined);
  });

  test('SES-07: a new password ends every other session, renews this one, and the old password is dead', async () => {
    const person = await it.person();
    const other = await signIn(person.login);
    const next = 'seven kites over the river';
    const wrong = await it.call('PUT', '/api/password', {
      token: person.token,
      body: { current: 'not the password', next },
    });
    assert.equal(wrong.statusCode, 403);
    const weak = await it.call('PUT', '/api/password', {
      token: person.token,
      body: { current: goodPassword, next: 'password' },
    });
    assert.equal(weak.statusCode, 400);
    assert.deepEqual(weak.json<{ fields: object }>().fields, [{ field: 'next', code: 'common' }]);
    const changed = await it.call('PUT', '/api/password', {
      token: person.token,
      body: { current: goodPassword, next },
    });
    assert.equal(changed.statusCode, 204);
    const token = tokenOf(changed) ?? '';
    assert.equal(await meStatus(token), 200);
    for (const dead of [person.token, other]) assert.equal(await meStatus(dead), 401);
    const old = await it.call('POST', '/api/sessions', {
      body: { login: person.login, password: goodPassword },
      ip: freshAddress(),
    });
    assert.equal(old.statusCode, 401);
    await signIn(person.login, undefined, next);
    assert.ok((await eventsOf(it.pool, person.patientId)).includes('password-change'));
  });

  test('of two changes of password at once one wins', async () => {
    const person = await it.person();
    const phone = await signIn(person.login);
    const change = (token: string, next: string) =>
      it.call('PUT', '/api/password', { token, body: { current: goodPassword, next } });
    const answers = await Promise.all([
      change(person.token, 'seven kites over the river'),
      change(phone, 'nine boats under the bridge'),
    ]);
    const won = answers.filter((answer) => answer.statusCode === 204);
    assert.equal(won.length, 1);
    const lost = answers.find((answer) => answer.statusCode !== 204);
    // Too late to verify, or verified and overtaken: refused either way.
    assert.ok(lost && [401, 403, 409].includes(lost.statusCode), String(lost?.statusCode));
    assert.equal(await meStatus(tokenOf(won[0] as LightMyRequestResponse) ?? ''), 200);
  });

  test('a sign-in that verified the old password cannot begin after the change', async () => {
    const person = await it.person();
    const { rows } = await it.pool.query<{ hash: string }>(
      'select password_hash as hash from account where account_id = $1',
      [person.accountId],
    );
    const verified = rows[0]?.hash ?? '';
    const session = () => ({
      sessionId: crypto.randomUUID(),
      accountId: person.accountId,
      tokenHash: newToken(it.deps.randomBytes).tokenHash,
      addressKey: Buffer.alloc(16),
      agent: 'x',
      startedAtMs: it.clock.nowMs,
      idleMs: 1000,
      staffIdleMs: 1000,
      second: null,
      absoluteMs: 1000,
    });
    assert.equal(await insertSession(it.pool, session(), verified), true);
    await it.call('PUT', '/api/password', {
      token: person.token,
      body: { current: goodPassword, next: 'seven kites over the river' },
    });
    assert.equal(await insertSession(it.pool, session(), verified), false);
  });

  test('WEB-05: a request from another site changes nothing', async () => {
    const person = await it.person();
    for (const headers of [
      { origin: 'https://evil.test' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
    ] as Record<string, string>[]) {
      const answer = await it.call('DELETE', '/api/sessions/current', { token: person.token, headers });
      assert.equal(answer.statusCode, 403);
    }
    const form = await it.call('POST', '/api/reauthenticate', {
      token: person.token,
      body: `password=${goodPassword}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    assert.equal(form.statusCode, 415);
    assert.equal(await meStatus(person.token), 200);
  });

  test('the name of the person signed in is what their record says now', async () => {
    const person = await it.person();
    const read = await it.call('GET', `/fhir/R4/Patient/${person.patientId}`, { token: person.token });
    const renamed = {
      ...read.json<object>(),
      name: [
        { use: 'old', text: 'Asha Rao' },
        { use: 'official', given: ['Asha', 'K'], family: 'Nair' },
      ],
    };
    const put = await it.call('PUT', `/fhir/R4/Patient/${person.patientId}`, {
      token: person.token,
      body: renamed,
      headers: { 'content-type': 'application/fhir+json' },
    });
    assert.equal(put.statusCode, 200, put.body);
    const me = await it.call('GET', '/api/me', { token: person.token });
    assert.equal(me.json<{ patient: { name: string } }>().patient.name, 'Asha K Nair');
  });

  test('the language of the pages is kept with the account', async () => {
    const person = await it.person();
    const put = (language: string) =>
      it.call('PUT', '/api/me/language', { token: person.token, body: { language } });
    assert.equal((await put('hi')).statusCode, 200);
    assert.equal((await put('tlh')).statusCode, 400);
    assert.equal(
      (await it.call('GET', '/api/me', { token: person.token })).json<{ account: { language: string } }>()
        .account.language,
      'hi',
    );
  });
});
