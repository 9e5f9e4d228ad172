// Signing up: what is accepted, what is refused and how, and that a person comes to be whole or not at all.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { checkUhid } from '../../core/card/uhid.ts';
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

describe('signing up', () => {
  let it: IdentityApp;
  before(async () => {
    it = await startIdentityApp();
  });
  after(() => it.stop());

  const signUp = (body: object, ip = freshAddress()) => it.call('POST', '/api/sign-up', { body, ip });

  interface Problem {
    code: string;
    title: string;
    status: number;
    requestId: string;
    fields?: { field: string; code: string }[];
  }

  test('signing up makes account, person, record and session, and says so in the log', async () => {
    const answer = await signUp({
      login: 'Asha.Rao@Example.ORG',
      password: goodPassword,
      name: '  Asha Rao  ',
      language: 'hi',
    });
    assert.equal(answer.statusCode, 201);
    const { account, patient, actingFor } = answer.json<{
      account: { id: string; login: string; alias?: string; language: string; roles: string[] };
      patient: { id: string; uhid: string; name: string };
      actingFor: unknown[];
    }>();
    assert.deepEqual(
      { ...account, id: '' },
      { id: '', login: 'Asha.Rao@example.org', language: 'hi', roles: [], lacksFactor: false },
    );
    assert.equal(patient.name, 'Asha Rao');
    assert.ok(checkUhid(patient.uhid));
    assert.deepEqual(actingFor, []);
    assert.equal(
      cookieLine(answer)?.replace(/=[^;]*/, '='),
      '__Host-session=; Path=/; Secure; HttpOnly; SameSite=Lax',
    );

    const { rows } = await it.pool.query<{ content: string; entry_id: string }>(
      `select content, entry_id from resource where patient_id = $1`,
      [patient.id],
    );
    assert.equal(rows.length, 1);
    assert.equal(answer.headers['ledger-entry'], rows[0]?.entry_id);
    const resource = JSON.parse(rows[0]?.content ?? '') as {
      name: unknown;
      identifier: { value: string }[];
      meta: { tag: object[] };
    };
    assert.deepEqual(resource.name, [{ text: 'Asha Rao' }]);
    assert.equal(resource.identifier[0]?.value, patient.uhid);
    assert.deepEqual(resource.meta.tag, [{ code: 'patient', system: 'urn:medallion:author' }]);
    assert.deepEqual((await eventsOf(it.pool, patient.id)).toSorted(), ['create', 'sign-up']);

    const token = tokenOf(answer);
    const me = await it.call('GET', '/api/me', { token });
    assert.deepEqual(me.json(), answer.json());
  });

  test('AUTH-10: the ids of account and record say nothing of the UHID, and the password is kept only as argon2id with its own salt', async () => {
    const [one, two] = [await it.person(), await it.person()];
    const { rows } = await it.pool.query<{ password_hash: string }>(
      'select password_hash from account where account_id = any($1)',
      [[one.accountId, two.accountId]],
    );
    const hashes = rows.map((row) => row.password_hash);
    for (const hash of hashes)
      assert.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    assert.notEqual(hashes[0], hashes[1]);
    for (const id of [one.accountId, one.patientId])
      assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.notEqual(one.accountId, one.patientId);
  });

  test('a second sign-up with the same login, however written, gets a clear error and leaves nothing behind', async () => {
    await it.person('ravi@example.org');
    await it.person('+919876543210');
    const before = [
      await countOf(it.pool, 'account'),
      await countOf(it.pool, 'person'),
      await countOf(it.pool, 'resource'),
    ];
    for (const login of [
      'ravi@example.org',
      ' RAVI@EXAMPLE.org ',
      'Ravi@example.ORG',
      '+91 98765-43210',
      '0091 (98765) 43210',
      '+९१ ९८७६५ ४३२१०',
    ]) {
      const answer = await signUp({ login, password: goodPassword, name: 'Ravi' });
      assert.equal(answer.statusCode, 409, login);
      assert.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8');
      const problem = answer.json<Problem>();
      assert.equal(problem.code, 'login-taken');
      assert.match(problem.title, /Sign in instead/);
      assert.equal(cookieLine(answer), undefined);
    }
    assert.deepEqual(
      [
        await countOf(it.pool, 'account'),
        await countOf(it.pool, 'person'),
        await countOf(it.pool, 'resource'),
      ],
      before,
    );
  });

  test('of many sign-ups with one login at once exactly one wins', async () => {
    const people = await countOf(it.pool, 'person');
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        signUp({
          login: index % 2 ? 'Twin@example.org' : 'twin@example.org',
          password: goodPassword,
          name: 'Twin',
        }),
      ),
    );
    assert.deepEqual(
      answers.map((a) => a.statusCode).toSorted((a, b) => a - b),
      [201, ...Array<number>(11).fill(409)],
    );
    assert.equal(await countOf(it.pool, 'person'), people + 1);
  });

  const badLogins: [string, string][] = [
    ['', 'empty'],
    ['   ', 'empty'],
    ['asha', 'neither'],
    ['asha@', 'email'],
    ['@example.org', 'email'],
    ['asha@example', 'email'],
    ['asha@patient@', 'email'],
    ['as ha@example.org', 'email'],
    ['asha@exam ple.org', 'email'],
    ['asha..rao@example.org', 'email'],
    ['.asha@example.org', 'email'],
    ['asha@-example.org', 'email'],
    ['asha@example..org', 'email'],
    ['asha@127.0.0.1', 'email'],
    ['asha@example.org\r\nBcc: x@y.z', 'email'],
    ['asha\u0000@example.org', 'email'],
    ['asha\u202e@example.org', 'email'],
    ['"asha"@example.org', 'email'],
    [`${'a'.repeat(65)}@example.org`, 'email'],
    ['98765 43210', 'phone-needs-country-code'],
    ['+91', 'phone'],
    ['+0123456789', 'phone'],
    ['+91987654321012345', 'phone'],
    ['+91 98765 43210 ext 5', 'neither'],
  ];
  for (const [login, code] of badLogins) {
    test(`a login ${JSON.stringify(login.slice(0, 40))} is refused as ${code}`, async () => {
      const answer = await signUp({ login, password: goodPassword, name: 'Asha' });
      assert.equal(answer.statusCode, 400);
      const problem = answer.json<Problem>();
      assert.equal(problem.code, 'login-invalid');
      assert.deepEqual(problem.fields, [{ field: 'login', code }]);
    });
  }

  const goodLogins = [
    'a@b.co',
    'o’neil@example.org',
    'first.last+tag@sub.example.co.in',
    'आशा@example.org',
    'asha@उदाहरण.भारत',
    '+1 202-555-0143',
    '+44 (0)20 7946 0958',
  ];
  for (const login of goodLogins) {
    test(`a login ${login} is accepted and signs in again`, async () => {
      const answer = await signUp({ login, password: goodPassword, name: 'Asha' });
      assert.equal(answer.statusCode, 201, answer.body);
      const again = await it.call('POST', '/api/sessions', {
        ip: freshAddress(),
        body: { login, password: goodPassword },
      });
      assert.equal(again.statusCode, 201);
    });
  }

  test('a host without a dot is a login in the demo only', async () => {
    assert.equal(
      (await signUp({ login: 'patient@demo', password: goodPassword, name: 'Asha' })).statusCode,
      400,
    );
  });

  const badPasswords: [string, string][] = [
    ['', 'too-short'],
    ['k7#vLq2', 'too-short'],
    ['😀😀😀😀😀😀😀', 'too-short'],
    ['x7'.repeat(128) + '!', 'too-long'],
    ['password', 'common'],
    ['PASSWORD', 'common'],
    ['password1', 'common'],
    ['P@ssw0rd!', 'common'],
    ['p4ssw0rd2024', 'common'],
    ['baseball', 'common'],
    ['trustno1', 'common'],
    ['sunshine', 'common'],
    ['iloveyou', 'common'],
    ['letmein99', 'common'],
    ['jennifer', 'common'],
    ['1q2w3e4r', 'common'],
    ['Medallion', 'common'],
    ['medallion-demo', 'common'],
    ['dragondragon', 'common'],
    ['12345678', 'pattern'],
    ['1234567890', 'pattern'],
    ['qwertyuiop', 'common'],
    ['poiuytre', 'pattern'],
    ['zxcvbnm,', 'pattern'],
    ['abcdefgh', 'pattern'],
    ['aaaaaaaa', 'pattern'],
    ['abababab', 'pattern'],
    ['11112222', 'pattern'],
    ['qwe123asd', 'pattern'],
    ['19900512', 'pattern'],
    ['12/05/1990', 'pattern'],
    ['a'.repeat(100), 'pattern'],
    ['asha.rao', 'about-you'],
    ['AshaRao1990', 'about-you'],
    ['weaver.of.pune', 'about-you'],
  ];
  for (const [password, code] of badPasswords) {
    test(`a password ${JSON.stringify(password.slice(0, 24))} is refused as ${code}`, async () => {
      const answer = await signUp({ login: 'weaver.of.pune@example.org', password, name: 'Asha Rao' });
      assert.equal(answer.statusCode, 400);
      const problem = answer.json<Problem>();
      assert.equal(problem.code, `password-${code}`);
      assert.deepEqual(problem.fields, [{ field: 'password', code }]);
    });
  }

  const goodPasswords = [
    'k7#vLq2p',
    '  x    y  ',
    'rice-and-lentils',
    'नदी पत्थर दीपक',
    '😀🌊🍋🎻🪁🧵🌙🚲',
    'kites',
    'a\u0000b\u0000cdmt',
  ].map((p) => (p === 'kites' ? 'seven kites over the quiet river 41 '.repeat(7).slice(0, 128) : p));
  for (const password of [...goodPasswords, 'mK4-'.repeat(64)]) {
    test(`a password of ${Array.from(password).length} characters, ${JSON.stringify(password.slice(0, 12))}, is accepted: no rules of composition`, async () => {
      const { login } = await it.person(undefined, password);
      const again = await it.call('POST', '/api/sessions', { ip: freshAddress(), body: { login, password } });
      assert.equal(again.statusCode, 201);
    });
  }

  const names: [string, string | undefined][] = [
    ['', 'empty'],
    [' \n ', 'empty'],
    ['1234', 'no-letter'],
    ['Asha\u0000Rao', 'not-text'],
    ['Asha\nRao', 'not-text'],
    ['Asha \u202eoaR', 'not-text'],
    ['अ'.repeat(201), 'too-long'],
    ['अ'.repeat(200), undefined],
    ['श्री‍मती आशा राव', undefined],
    ['X Æ A-12', undefined],
    ["D'Souza, Maria", undefined],
    ['<script>alert(1)</script>', undefined],
  ];
  for (const [name, code] of names) {
    test(`a name ${JSON.stringify(name.slice(0, 24))} (${name.length}) is ${code ? `refused as ${code}` : 'kept as given'}`, async () => {
      const answer = await signUp({
        login: `n${names.findIndex(([n]) => n === name)}@example.org`,
        password: goodPassword,
        name,
      });
      if (code) {
        assert.equal(answer.statusCode, 400);
        assert.deepEqual(answer.json<Problem>().fields, [{ field: 'name', code }]);
      } else {
        assert.equal(answer.statusCode, 201, answer.body);
        assert.equal(answer.json<{ patient: { name: string } }>().patient.name, name);
      }
    });
  }

  const hostileBodies: [string, string | object, string, number][] = [
    ['no body', '', 'application/json', 400],
    ['broken JSON', '{"login":', 'application/json', 400],
    ['an array', '[]', 'application/json', 400],
    ['null', 'null', 'application/json', 400],
    ['a number as login', { login: 5, password: goodPassword, name: 'A' }, 'application/json', 400],
    [
      'a list as password',
      { login: 'x@example.org', password: [goodPassword], name: 'A' },
      'application/json',
      400,
    ],
    ['no name', { login: 'x@example.org', password: goodPassword }, 'application/json', 400],
    [
      'a role of its own',
      { login: 'x@example.org', password: goodPassword, name: 'A', roles: ['administrator'] },
      'application/json',
      400,
    ],
    [
      'a prototype',
      '{"__proto__":{"roles":["administrator"]},"login":"x@example.org"}',
      'application/json',
      400,
    ],
    [
      'an unknown language',
      { login: 'x@example.org', password: goodPassword, name: 'A', language: 'xx' },
      'application/json',
      400,
    ],
    ['a form', 'login=x%40example.org&password=abc', 'application/x-www-form-urlencoded', 415],
    [
      'a million characters',
      { login: 'x@example.org', password: 'p'.repeat(1_000_000), name: 'A' },
      'application/json',
      413,
    ],
    [
      'half a surrogate',
      '{"login":"x@example.org","password":"quiet\\ud800river","name":"A"}',
      'application/json',
      400,
    ],
  ];
  for (const [what, body, type, status] of hostileBodies) {
    test(`a sign-up with ${what} is refused with ${status} and a problem`, async () => {
      const accounts = await countOf(it.pool, 'account');
      const answer = await it.call('POST', '/api/sign-up', {
        body,
        ip: freshAddress(),
        headers: { 'content-type': type },
      });
      assert.equal(answer.statusCode, status, answer.body);
      assert.equal(answer.json<Problem>().status, status);
      assert.equal(await countOf(it.pool, 'account'), accounts);
    });
  }

  test('one address signs up twenty people in an hour and no more; the next hour again', async () => {
    const ip = freshAddress();
    const once = (index: number) =>
      signUp({ login: `crowd${index}@example.org`, password: 'password', name: 'Crowd' }, ip);
    // A refused form is no attempt.
    for (let index = 0; index < 25; index++) assert.equal((await once(index)).statusCode, 400);
    const taken = () => signUp({ login: 'ravi@example.org', password: goodPassword, name: 'Crowd' }, ip);
    for (let index = 0; index < 20; index++) assert.equal((await taken()).statusCode, 409);
    const refused = await taken();
    assert.equal(refused.statusCode, 429);
    assert.equal(refused.json<Problem>().code, 'too-many-attempts');
    assert.equal(refused.headers['retry-after'], '3600');
    it.clock.nowMs += 3_600_000;
    assert.equal((await taken()).statusCode, 409);
  });
});
