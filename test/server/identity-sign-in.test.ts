// Signing in: exact passwords, equal answers for known and unknown logins, and limits that stop guessing without locking anybody out.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { LightMyRequestResponse } from 'fastify';
import { createAttempts } from '../../server/identity/attempt-limits.ts';
import { createPasswords } from '../../server/identity/passwords.ts';
import { hash } from '@node-rs/argon2';
import type { IdentityApp } from './identity-app.ts';
import {
  cookieLine,
  countOf,
  eventsOf,
  freshAddress,
  goodPassword,
  startIdentityApp,
  tokenOf,
} from './identity-app.ts';

describe('signing in', () => {
  let it: IdentityApp;
  before(async () => {
    it = await startIdentityApp();
  });
  after(() => it.stop());

  const signIn = (
    login: string,
    password: string,
    ip = freshAddress(),
    headers: Record<string, string> = {},
  ) => it.call('POST', '/api/sessions', { body: { login, password }, ip, headers });
  const codeOf = (answer: LightMyRequestResponse) => answer.json<{ code: string }>().code;

  test('the right password opens a session, says who it is, and is an entry', async () => {
    const person = await it.person();
    const answer = await signIn(person.login, goodPassword);
    assert.equal(answer.statusCode, 201);
    assert.equal(answer.json<{ patient: { id: string } }>().patient.id, person.patientId);
    assert.match(
      cookieLine(answer) ?? '',
      /^__Host-session=[A-Za-z0-9_-]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax$/,
    );
    assert.equal(
      (await eventsOf(it.pool, person.patientId)).filter((event) => event === 'sign-in').length,
      1,
    );
    assert.match(String(answer.headers['ledger-entry']), /^[0-9a-f-]{36}$/);
  });

  test('AUTH-08: an unknown login and a wrong password get the same answer, byte for byte but the request id', async () => {
    const person = await it.person();
    const normal = (answer: LightMyRequestResponse) => {
      const { requestId: _requestId, ...body } = answer.json<Record<string, unknown>>();
      const { 'x-request-id': _id, date: _date, ...headers } = answer.headers;
      return { status: answer.statusCode, headers, body };
    };
    const known = await signIn(person.login, 'a wrong password');
    const unknown = await signIn('nobody@example.org', 'a wrong password');
    assert.deepEqual(normal(unknown), normal(known));
    assert.equal(known.statusCode, 401);
    assert.equal(codeOf(known), 'credentials-wrong');
  });

  test('AUTH-08: an unknown login costs a full verification: the decoy hash has the parameters of a real one', async () => {
    const verified: string[] = [];
    const passwords = createPasswords((count) => new Uint8Array(count).fill(7));
    for (const stored of [undefined, await passwords.hash('quiet river stone')]) {
      verified.push(String(await passwords.verify(stored, 'another password')));
    }
    assert.deepEqual(verified, ['false', 'false']);
    // Even the decoy's own secret opens nothing.
    assert.equal(await passwords.verify(undefined, Buffer.alloc(32, 7).toString('latin1')), false);
  });

  test('a refused sign-in to a known login is seen by its owner, one to an unknown login leaves no entry', async () => {
    const person = await it.person();
    const entries = await countOf(it.pool, 'entry');
    await signIn('nobody-at-all@example.org', 'a wrong password');
    await signIn(person.login, 'a wrong password');
    // The entry is not waited for by the answer; the queue is in order, so one more entry waits for it.
    await signIn(person.login, goodPassword);
    while (!(await eventsOf(it.pool, person.patientId)).includes('sign-in-refused'))
      await new Promise(setImmediate);
    assert.equal(await countOf(it.pool, 'entry'), entries + 2);
  });

  const exact: [string, string, string][] = [
    ['beyond 72 bytes', `${'quiet river '.repeat(6)}Aone`, `${'quiet river '.repeat(6)}Atwo`],
    ['behind a NUL', 'quiet\u0000river', 'quiet\u0000stone'],
    ['cut at a NUL', 'quiet river\u0000stone', 'quiet river'],
    ['NFC for NFD', 'cafe\u0301 de la rivie\u0300re', 'caf\u00e9 de la rivi\u00e8re'],
    ['full width for plain', 'ｑuiet river 41', 'quiet river 41'],
    ['a space behind', 'quiet river 41', 'quiet river 41 '],
    ['another case', 'Quiet River 41', 'quiet river 41'],
  ];
  for (const [what, password, variant] of exact) {
    test(`a password that differs only ${what} is another password`, async () => {
      const person = await it.person(undefined, password);
      assert.equal((await signIn(person.login, variant)).statusCode, 401);
      assert.equal((await signIn(person.login, password)).statusCode, 201);
    });
  }

  test('AUTH-13: fifty passwords of a megabyte at once are refused before any of them is hashed', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => signIn('nobody@example.org', 'p'.repeat(1_000_000))),
    );
    assert.deepEqual([...new Set(answers.map((answer) => answer.statusCode))], [413]);
    assert.equal((await signIn('nobody@example.org', 'p'.repeat(300))).statusCode, 400);
  });

  test('AUTH-09: ten wrong passwords from one address are all; the right one then waits too, and elsewhere it does not', async () => {
    const person = await it.person();
    const [attacker, home] = [freshAddress(), freshAddress()];
    for (let tries = 0; tries < 10; tries++) {
      assert.equal((await signIn(person.login, `wrong password ${tries}`, attacker)).statusCode, 401);
    }
    const refused = await signIn(person.login, goodPassword, attacker);
    assert.equal(refused.statusCode, 429);
    assert.equal(codeOf(refused), 'too-many-attempts');
    assert.equal(refused.headers['retry-after'], '900');
    assert.equal((await signIn(person.login, goodPassword, home)).statusCode, 201);
    it.clock.nowMs += 15 * 60_000;
    assert.equal((await signIn(person.login, goodPassword, attacker)).statusCode, 201);
  });

  test('the limits for an unknown login are those for a known one', async () => {
    const ip = freshAddress();
    const statuses: number[] = [];
    for (let tries = 0; tries < 11; tries++)
      statuses.push((await signIn('ghost@example.org', 'wrong one', ip)).statusCode);
    assert.deepEqual(statuses, [...Array<number>(10).fill(401), 429]);
  });

  test('of forty wrong passwords at once no more than ten are tried', async () => {
    const person = await it.person();
    const ip = freshAddress();
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) => signIn(person.login, `wrong password ${n}`, ip)),
    );
    const tried = answers.filter((answer) => answer.statusCode === 401).length;
    assert.equal(tried, 10);
    assert.equal(answers.filter((answer) => answer.statusCode === 429).length, 30);
  });

  test('AUTH-09: X-Forwarded-For from a stranger does not make a new address', async () => {
    const person = await it.person();
    const ip = freshAddress();
    const statuses: number[] = [];
    for (let tries = 0; tries < 12; tries++) {
      const headers = {
        'x-forwarded-for': `203.0.113.${tries}`,
        forwarded: `for=203.0.113.${tries}`,
        'x-real-ip': `203.0.113.${tries}`,
      };
      statuses.push((await signIn(person.login, 'a wrong password', ip, headers)).statusCode);
    }
    assert.deepEqual(statuses.slice(10), [429, 429]);
  });

  test('one address has a hundred failures, whatever the logins; made-up logins beyond that make no counters', async () => {
    const ip = freshAddress();
    for (let tries = 0; tries < 100; tries++)
      assert.equal((await signIn(`made-up-${tries}@example.org`, 'wrong one', ip)).statusCode, 401);
    const counters = await countOf(it.pool, 'attempt_count');
    for (let tries = 100; tries < 150; tries++)
      assert.equal((await signIn(`made-up-${tries}@example.org`, 'wrong one', ip)).statusCode, 429);
    assert.equal(await countOf(it.pool, 'attempt_count'), counters);
  });

  test('right passwords use nothing up: one address may sign in as often as it likes', async () => {
    const person = await it.person();
    const ip = freshAddress();
    for (let tries = 0; tries < 105; tries++)
      assert.equal((await signIn(person.login, goodPassword, ip)).statusCode, 201);
    assert.equal(
      (
        await it.call('GET', '/api/sessions', {
          token: tokenOf(await signIn(person.login, goodPassword, ip)),
        })
      ).json<unknown[]>().length,
      50,
    );
  });

  test('forty right passwords at once, from one address and for one login, all open a session', async () => {
    const person = await it.person();
    const ip = freshAddress();
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => signIn(person.login, goodPassword, ip)),
    );
    assert.deepEqual([...new Set(answers.map((answer) => answer.statusCode))], [201]);
  });

  test('a thousand addresses against one login are stopped, and its owner still gets in where they were before', async () => {
    const person = await it.person();
    const home = freshAddress();
    assert.equal((await signIn(person.login, goodPassword, home)).statusCode, 201);
    const { rows } = await it.pool.query(
      `select key from attempt_count where purpose = 'sign-in-login' order by expires_at desc`,
    );
    assert.ok(rows.length > 0);
    // The counter of every login at its limit: what three hundred failures from everywhere leave behind.
    await it.pool.query(
      `update attempt_count set count = 300, expires_at = to_timestamp($1::float8 / 1000) where purpose = 'sign-in-login'`,
      [it.clock.nowMs + 3_600_000],
    );
    assert.equal((await signIn(person.login, goodPassword, freshAddress())).statusCode, 429);
    assert.equal((await signIn(person.login, goodPassword, home)).statusCode, 201);
    await it.pool.query(`delete from attempt_count where purpose = 'sign-in-login'`);
  });

  test('AUTH-09: the table of counters is bounded, and what is over goes first', async () => {
    const attempts = createAttempts(it.deps, undefined, 60);
    await it.pool.query('delete from attempt_count');
    await attempts.tryTake('sign-up-address', 'kept');
    for (let n = 0; n < 500; n++) {
      await attempts.tryTake('sign-in-address', `flood ${n}`);
      assert.ok((await countOf(it.pool, 'attempt_count')) <= 60 + 200);
    }
    // Windows of an hour outlive those of a quarter of an hour.
    const { rows } = await it.pool.query(`select 1 from attempt_count where purpose = 'sign-up-address'`);
    assert.equal(rows.length, 1);
    it.clock.nowMs += 3_600_000;
    for (let n = 0; n < 200; n++) await attempts.tryTake('sign-in-address', 'one');
    assert.equal(await countOf(it.pool, 'attempt_count'), 1);
  });

  test('a login that cannot be one is told so, and is no failure', async () => {
    const answer = await signIn('98765 43210', goodPassword);
    assert.equal(answer.statusCode, 400);
    assert.equal(codeOf(answer), 'login-invalid');
  });

  test('a closed account is told so only to whoever has the password', async () => {
    const person = await it.person();
    await it.pool.query('update account set disabled_at = now() where account_id = $1', [person.accountId]);
    assert.equal(codeOf(await signIn(person.login, 'a wrong password')), 'credentials-wrong');
    const right = await signIn(person.login, goodPassword);
    assert.equal(right.statusCode, 403);
    assert.equal(codeOf(right), 'account-disabled');
    assert.equal((await it.call('GET', '/api/me', { token: person.token })).statusCode, 401);
  });

  test('a hash made with less work is made anew at the next sign-in', async () => {
    const person = await it.person();
    const weak = await hash(goodPassword, { memoryCost: 8_192, timeCost: 1, parallelism: 1 });
    await it.pool.query('update account set password_hash = $2 where account_id = $1', [
      person.accountId,
      weak,
    ]);
    assert.equal((await signIn(person.login, goodPassword)).statusCode, 201);
    const { rows } = await it.pool.query<{ hash: string }>(
      'select password_hash as hash from account where account_id = $1',
      [person.accountId],
    );
    assert.match(rows[0]?.hash ?? '', /m=19456,t=2,p=1/);
    assert.equal((await signIn(person.login, goodPassword)).statusCode, 201);
  });

  test('more people at the door than may wait get 503 and Retry-After, and whoever waited gets in', async () => {
    const passwords = createPasswords((count) => new Uint8Array(count), { running: 1, waiting: 4 });
    const stored = await passwords.hash('quiet river stone');
    const results = await Promise.allSettled(
      Array.from({ length: 9 }, () => passwords.verify(stored, 'quiet river stone')),
    );
    assert.equal(results.filter((result) => result.status === 'fulfilled' && result.value).length, 5);
    const refused = results.filter((result) => result.status === 'rejected');
    assert.equal(refused.length, 4);
    for (const { reason } of refused) {
      const { status, code, headers } = reason as { status: number; code: string; headers: object };
      assert.deepEqual(
        { status, code, headers },
        { status: 503, code: 'busy', headers: { 'retry-after': '2' } },
      );
    }
    assert.equal(await passwords.verify(stored, 'quiet river stone'), true);
  });
});

describe('behind a trusted proxy', () => {
  let it: IdentityApp;
  before(async () => {
    it = await startIdentityApp({ TRUST_PROXY: 'loopback' });
  });
  after(() => it.stop());

  test('the address is the one the proxy names, an IPv6 network counts as one', async () => {
    const statusOf = async (from: string) =>
      (
        await it.call('POST', '/api/sessions', {
          body: { login: 'x@example.org', password: 'wrong one' },
          headers: { 'x-forwarded-for': from },
        })
      ).statusCode;
    for (let tries = 0; tries < 10; tries++) assert.equal(await statusOf(`2001:db8:1:2::${tries + 1}`), 401);
    assert.equal(await statusOf('2001:0db8:0001:0002:ffff::1'), 429);
    assert.equal(await statusOf('2001:db8:1:3::1'), 401);
    for (let tries = 0; tries < 10; tries++) assert.equal(await statusOf('203.0.113.9'), 401);
    assert.equal(await statusOf('::ffff:203.0.113.9'), 429);
    assert.equal(await statusOf('203.0.113.10'), 401);
  });
});
