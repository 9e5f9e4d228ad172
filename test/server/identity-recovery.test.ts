// Getting back in after everything was lost: who may vouch, how long it waits, who is told, how it is stopped, and that every earlier way
// in is gone afterwards.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { isVouched } from '../../core/sign-in/recovery.ts';
import { approvedApp, renew, tokensOf, withToken } from '../harness/app.ts';
import type { Person } from '../harness/client.ts';
import { goodPassword, newClient, signUp } from '../harness/client.ts';
import { signUpClinician } from '../harness/clinician.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';
import { until } from '../harness/servers.ts';
import { provedTwice } from '../harness/staff.ts';

const hourMs = 3_600_000;
const newPassword = 'seven kites over the river';
const alerts: { address: string; kind: string; link: string }[] = [];
let nowMs = Date.now();
let server: TestServer;
let asha: Person;
let mother: Person;
let father: Person;

before(async () => {
  server = await startServer({
    sources: {
      now: () => nowMs,
      messenger: {
        sendCode: async () => 'sent',
        async sendAlert({ address }, kind, link) {
          alerts.push({ address, kind, link });
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
  alerts.length = 0;
  await server.pool.query('delete from attempt_count');
  asha = await signUp(server.url, { name: 'Asha Rao' });
  mother = await signUp(server.url, { name: 'Anita Rao' });
  father = await signUp(server.url, { name: 'Ravi Rao' });
});

/** Stored as an accepted invitation stores it. */
async function guardian(of: Person, who: Person, level = 'manage'): Promise<void> {
  await server.pool.query(
    `insert into authority (patient_id, authority_id, basis, holder_id, level, purpose, starts_at)
     values ($1, gen_random_uuid(), 'guardian', $2, $3, 'TREAT', to_timestamp($4::float8 / 1000))`,
    [of.patientId, who.accountId, level, nowMs - hourMs],
  );
}

async function staff(role: string, organizationId = 'a-hospital'): Promise<Person> {
  const person = await signUp(server.url, { name: `A ${role} of ${organizationId}` });
  await server.pool.query(
    `insert into organization_member (member_id, account_id, organization_id, role, started_at)
     values (gen_random_uuid(), $1, $2, $3, now())`,
    [person.accountId, organizationId, role],
  );
  await provedTwice(server.pool, person.accountId);
  return person;
}

interface Begun {
  token: string;
  number: string;
}
const stranger = () => newClient(server.url);
async function begin(login = asha.login): Promise<Begun> {
  const answer = await stranger().call('POST', '/api/recoveries', { body: { login } });
  assert.equal(answer.status, 202, answer.text);
  return answer.json<Begun & Record<string, unknown>>();
}
const vouch = (by: Person, number: string, of = asha) =>
  by.call('POST', '/api/recoveries/vouch', { body: { uhid: of.uhid, number } });
const state = (token: string) => stranger().call('POST', '/api/recoveries/state', { body: { token } });
const finish = (token: string, password = newPassword) =>
  stranger().call('POST', '/api/recoveries/finish', { body: { token, password } });
const signIn = (password: string) =>
  stranger().call('POST', '/api/sessions', { body: { login: asha.login, password } });

/** Whoever waits three days is signed out: signs in anew. */
async function later(ms: number, ...people: Person[]): Promise<void> {
  nowMs += ms;
  for (const person of people)
    await person.call('POST', '/api/sessions', { body: { login: person.login, password: goodPassword } });
}

async function events(of = asha): Promise<{ event: string; who: { role: string; name?: string } }[]> {
  const { rows } = await server.pool.query<{ statement: string }>(
    'select statement from entry where patient_id = $1 order by recorded_at, entry_id',
    [of.patientId],
  );
  return rows.map(({ statement }) => JSON.parse(statement) as { event: string; who: { role: string } });
}

/** Those of these people alone: what earlier ones are told may come late. */
const alertsNow = (kind: string): typeof alerts =>
  alerts.filter(
    (one) =>
      one.kind === kind &&
      [asha.login, mother.login, father.login, 'asha.at.work@example.org'].includes(one.address),
  );

async function alertsOf(kind: string, count: number): Promise<typeof alerts> {
  await until(() => alertsNow(kind).length >= count);
  return alertsNow(kind);
}

describe('two people vouch, never one', () => {
  const of = (
    accountId: string,
    stands: 'guardian' | 'desk' | 'colleague',
    organizationId: string | null,
  ) => ({
    accountId,
    stands,
    organizationId,
  });
  const [g1, g2] = [of('1', 'guardian', null), of('2', 'guardian', null)];
  const [d1, d2, d3] = [of('3', 'desk', 'a'), of('4', 'desk', 'a'), of('5', 'desk', 'b')];
  const [c1, c2, c3] = [of('6', 'colleague', 'a'), of('7', 'colleague', 'b'), of('8', 'colleague', 'a')];
  for (const [words, vouchers, enough] of [
    ['nobody', [], false],
    ['a guardian alone', [g1], false],
    ['a guardian twice', [g1, g1], false],
    ['two guardians', [g1, g2], true],
    ['a guardian and a desk', [g1, d1], true],
    ['a guardian and a colleague', [g1, c1], false],
    ['a desk alone', [d1], false],
    ['two desks of one organisation', [d1, d2], true],
    ['two desks of two', [d1, d3], false],
    ['a desk and a colleague', [d1, c1], true],
    ['a desk and a colleague from elsewhere', [d1, c2], false],
    ['two colleagues', [c1, c3], false],
    ['many of whom two suffice', [c1, c2, d3, g1], true],
  ] as const)
    test(`${words}: ${enough ? 'enough' : 'not enough'}`, () => assert.equal(isVouched(vouchers), enough));
});

describe('by guardians', () => {
  test('AUTH-11: after two of them vouched and 72 hours passed, a new password is set once, and every earlier way in is gone', async () => {
    await guardian(asha, mother);
    await guardian(asha, father);
    const app = await approvedApp(server);
    const tokens = await tokensOf(server, asha, app, {
      scope: 'launch/patient offline_access patient/*.rs',
    });
    const { token, number } = await begin();
    assert.equal((await finish(token)).status, 409);
    assert.equal((await vouch(mother, number)).json<{ enough: boolean }>().enough, false);
    assert.equal((await vouch(mother, number)).status, 409, 'nobody counts twice');
    assert.equal((await vouch(father, number)).json<{ enough: boolean }>().enough, true);
    const waiting = (await state(token)).json<{ ready: boolean; readyAt: string; vouched: string[] }>();
    assert.deepEqual([waiting.ready, waiting.vouched], [false, ['guardian', 'guardian']]);
    assert.equal(Date.parse(waiting.readyAt), nowMs + 72 * hourMs);
    nowMs += 72 * hourMs - 1;
    assert.equal((await finish(token)).status, 409);
    // Somebody signed in with the old password in the meantime, and an app is there.
    const session = stranger();
    await session.call('POST', '/api/sessions', { body: { login: asha.login, password: goodPassword } });
    assert.equal((await session.get('/api/me')).status, 200);
    nowMs += 1;
    assert.equal((await state(token)).json<{ ready: boolean }>().ready, true);
    assert.equal((await finish(token, 'password')).status, 400);
    const done = await Promise.all(Array.from({ length: 8 }, () => finish(token)));
    assert.deepEqual(
      done.map(({ status }) => status).toSorted((a, b) => a - b),
      [204, ...Array<number>(7).fill(404)],
    );
    assert.equal((await session.get('/api/me')).status, 401);
    assert.equal((await renew(server, app, tokens.refresh_token ?? '')).status, 400);
    assert.equal(
      (await withToken(server, tokens.access_token, 'GET', `/fhir/R4/Patient/${asha.patientId}`)).status,
      401,
    );
    assert.equal((await signIn(goodPassword)).status, 401);
    assert.equal((await signIn(newPassword)).status, 201);
    assert.equal((await finish(token)).status, 404);
    const names = (await events()).map(({ event }) => event).filter((event) => event.startsWith('recovery'));
    assert.deepEqual(names.toSorted(), [
      'recovery-begin',
      'recovery-done',
      'recovery-ready',
      'recovery-vouch',
      'recovery-vouch',
    ]);
  });

  test('factors and passkeys are taken away with it', async () => {
    await guardian(asha, mother);
    await guardian(asha, father);
    await server.pool.query(
      `insert into totp (account_id, sealed_secret, confirmed_at, created_at) values ($1, '\\x00', now(), now())`,
      [asha.accountId],
    );
    await server.pool.query(`insert into recovery_code (account_id, slot, code_hash) values ($1, 0, 'x')`, [
      asha.accountId,
    ]);
    await server.pool.query(
      `insert into passkey (account_id, passkey_id, credential_id, public_key, sign_count, transports, label, backed_up, created_at)
       values ($1, gen_random_uuid(), decode(repeat('ab', 16), 'hex'), '\\x00', 0, '{}', 'Key', false, now())`,
      [asha.accountId],
    );
    const { token, number } = await begin();
    for (const one of [mother, father]) assert.equal((await vouch(one, number)).status, 201);
    nowMs += 72 * hourMs;
    assert.equal((await finish(token)).status, 204);
    for (const table of ['totp', 'recovery_code', 'passkey']) {
      const { rowCount } = await server.pool.query(`select 1 from ${table} where account_id = $1`, [
        asha.accountId,
      ]);
      assert.equal(rowCount, 0, table);
    }
    assert.equal((await signIn(newPassword)).status, 201, 'without a second step');
  });

  test('only those who manage the record vouch, with the number that the person reads to them, and it is no guessing', async () => {
    await guardian(asha, mother, 'act');
    await guardian(asha, father);
    const { number } = await begin();
    const other = String((Number(number) + 1) % 1_000_000).padStart(6, '0');
    for (const [who, given] of [
      [mother, number],
      [await signUp(server.url), number],
      [asha, number],
      [father, other],
      [father, '12'],
    ] as const)
      assert.equal((await vouch(who, given)).status, 404, given);
    const wrongPerson = await vouch(father, number, mother);
    assert.equal(wrongPerson.status, 404);
    for (let tries = 0; tries < 10; tries++) await vouch(father, other);
    assert.equal((await vouch(father, number)).status, 429);
  });

  test('a guardian sees that it was asked for, and never the number', async () => {
    await guardian(asha, mother);
    const { number } = await begin();
    const list = await mother.get('/api/recoveries');
    assert.ok(!list.text.includes(number), list.text);
    const { others } = list.json<{ others: { name: string; vouchedByYou: boolean }[] }>();
    assert.deepEqual(
      others.map(({ name, vouchedByYou }) => [name, vouchedByYou]),
      [['Asha Rao', false]],
    );
    assert.match((await mother.get('/api/notices')).text, /recovery-asked/);
    assert.deepEqual((await father.get('/api/recoveries')).json<{ others: unknown[]; own: unknown[] }>(), {
      own: [],
      others: [],
    });
  });
});

describe('at a desk', () => {
  test('one looks at the papers and somebody else of the same organisation vouches too; the log names both', async () => {
    const [desk, nurse] = [await staff('desk'), await staff('nurse')];
    const begun = await desk.call('POST', '/api/recoveries/desk', { body: { uhid: asha.uhid } });
    assert.equal(begun.status, 201, begun.text);
    const { link, number } = begun.json<{ link: string; number: string }>();
    assert.ok(link.startsWith(`${server.url}/recover#`), 'AUTH-11: the host is the configured one');
    assert.equal((await vouch(desk, number)).status, 409, 'the same person twice is one person');
    assert.equal(
      (await vouch(await staff('desk', 'elsewhere'), number)).json<{ enough: boolean }>().enough,
      false,
    );
    assert.equal((await vouch(nurse, number)).json<{ enough: boolean }>().enough, true);
    nowMs += 72 * hourMs;
    assert.equal((await finish(link.slice(link.indexOf('#') + 1))).status, 204);
    assert.equal((await signIn(newPassword)).status, 201);
    const acts = (await events()).filter(({ event }) => /^recovery-(begin|vouch)$/.test(event));
    assert.deepEqual(
      // The clock stands still: what is of one instant has no order.
      acts
        .map(({ event, who }) => [event, who.role, who.name])
        .toSorted((a, b) => (a.join() < b.join() ? -1 : 1)),
      [
        ['recovery-begin', 'professional', 'A desk of a-hospital'],
        ['recovery-vouch', 'professional', 'A desk of elsewhere'],
        ['recovery-vouch', 'professional', 'A nurse of a-hospital'],
      ],
    );
  });

  test('whoever works at no desk begins none, nobody begins their own, and a guardian with a desk is enough', async () => {
    const [desk, doctor] = [await staff('desk'), await signUpClinician(server.url, server.pool)];
    for (const who of [doctor, mother]) {
      const refused = await who.call('POST', '/api/recoveries/desk', { body: { uhid: asha.uhid } });
      assert.equal(refused.status, 403);
    }
    const own = await desk.call('POST', '/api/recoveries/desk', { body: { uhid: desk.uhid } });
    assert.equal(own.status, 403);
    await guardian(asha, mother);
    const { token, number } = await begin();
    await vouch(mother, number);
    assert.equal((await vouch(desk, number)).json<{ enough: boolean }>().enough, true);
    nowMs += 72 * hourMs;
    assert.equal((await finish(token)).status, 204);
  });
});

describe('the person', () => {
  test('is told at once at every address, and again when it gets serious and when it is done', async () => {
    const own = await asha.get(`/fhir/R4/Patient/${asha.patientId}`);
    const changed = await asha.call('PUT', `/fhir/R4/Patient/${asha.patientId}`, {
      body: {
        ...(JSON.parse(own.text) as object),
        telecom: [
          { system: 'email', value: 'asha.at.work@example.org' },
          { system: 'phone', value: '+919000040001' },
        ],
      },
      headers: { 'if-match': own.headers.get('etag') ?? '' },
    });
    assert.equal(changed.status, 200, changed.text);
    await guardian(asha, mother);
    await guardian(asha, father);
    const { token, number } = await begin();
    const first = await alertsOf('recovery-begun', 2);
    assert.deepEqual(
      first.map(({ address }) => address).toSorted(),
      ['asha.at.work@example.org', asha.login].toSorted(),
    );
    for (const { link } of first) {
      assert.ok(link.startsWith(`${server.url}/recover/stop#`), link);
      assert.ok(!link.includes(token), 'what stops it does not finish it');
    }
    await vouch(mother, number);
    await vouch(father, number);
    assert.equal((await alertsOf('recovery-vouched', 2)).length, 2);
    assert.match((await asha.get('/api/notices')).text, /recovery-begun.*|recovery-vouched/);
    nowMs += 72 * hourMs;
    await finish(token);
    assert.equal((await alertsOf('recovery-done', 2)).length, 2);
  });

  test('stops it by the link of the alert, without a sign-in; it is then over for good', async () => {
    await guardian(asha, mother);
    await guardian(asha, father);
    const { token, number } = await begin();
    const [alert] = await alertsOf('recovery-begun', 1);
    const stop = alert?.link.split('#')[1] ?? '';
    for (const one of [mother, father]) await vouch(one, number);
    assert.equal((await finish(stop)).status, 404);
    const stopped = await stranger().call('POST', '/api/recoveries/stop', { body: { token: stop } });
    assert.equal(stopped.status, 204, stopped.text);
    nowMs += 72 * hourMs;
    assert.equal((await finish(token)).status, 404);
    assert.equal(
      (await stranger().call('POST', '/api/recoveries/stop', { body: { token: stop } })).status,
      404,
    );
    assert.equal((await stranger().call('POST', '/api/recoveries/stop', { body: { token } })).status, 404);
    assert.equal((await signIn(goodPassword)).status, 201);
    assert.ok((await events()).some(({ event }) => event === 'recovery-stop'));
  });

  test('stops it from any session, whenever that was proved last', async () => {
    const { token, number } = await begin();
    nowMs += 20 * 60_000;
    assert.equal((await asha.get('/api/recoveries')).json<{ own: unknown[] }>().own.length, 1);
    assert.equal((await asha.call('DELETE', '/api/recoveries')).status, 204);
    assert.equal((await state(token)).json<{ state: string }>().state, 'stopped');
    await guardian(asha, mother);
    await later(1, mother);
    assert.equal((await vouch(mother, number)).status, 404);
    assert.equal((await mother.call('DELETE', '/api/recoveries')).status, 404, 'nobody else’s');
  });

  test('AUTH-11: a change of the password ends it, and so does its time; each token is bound to its own account', async () => {
    const one = await begin();
    await asha.call('PUT', '/api/password', { body: { current: goodPassword, next: newPassword } });
    assert.equal((await state(one.token)).json<{ state: string }>().state, 'stopped');
    const two = await begin();
    nowMs += 7 * 24 * hourMs;
    assert.equal((await state(two.token)).json<{ state: string }>().state, 'expired');
    await guardian(asha, father);
    await later(0, father);
    assert.equal((await vouch(father, two.number)).status, 404);

    await guardian(asha, mother);
    await later(0, mother);
    const three = await begin();
    const theirs = await begin(mother.login);
    for (const each of [mother, father]) assert.equal((await vouch(each, three.number)).status, 201);
    nowMs += 72 * hourMs;
    assert.equal((await finish(theirs.token)).status, 409, 'another account’s');
    nowMs += 3 * 24 * hourMs;
    assert.equal((await finish(three.token)).status, 404, 'nobody came for three days');
  });
});

describe('strangers', () => {
  test('AUTH-08: are answered alike for a login that exists and one that does not', async () => {
    const shape = (answer: Record<string, unknown>) =>
      Object.entries(answer).map(([key, value]) => [key, typeof value, String(value).length]);
    const [known, unknown] = [await begin(), await begin('nobody.here@example.org')];
    assert.deepEqual(shape({ ...known }), shape({ ...unknown }));
    assert.equal((await state(unknown.token)).status, 404);
  });

  test('cannot shut the door with requests of their own, nor flood the person', async () => {
    for (let n = 0; n < 3; n++) await begin();
    await server.pool.query('delete from attempt_count');
    const fourth = await begin();
    assert.equal((await state(fourth.token)).status, 404, 'three wait at most');
    assert.equal((await alertsOf('recovery-begun', 3)).length, 3);
    for (let n = 0; n < 4; n++) await begin();
    const answer = await stranger().call('POST', '/api/recoveries', { body: { login: asha.login } });
    assert.equal(answer.status, 429);
    assert.equal((await asha.call('DELETE', '/api/recoveries')).status, 204);
    await server.pool.query('delete from attempt_count');
    assert.equal(
      (await state((await begin()).token)).status,
      200,
      'once they are stopped there is room again',
    );
  });

  test('AUTH-11: no host that a request names is in a link, and no token is stored as it is or stands in an entry', async () => {
    const { token } = await begin();
    const headers = { host: 'evil.test', 'x-forwarded-host': 'evil.test' };
    await stranger().call('POST', '/api/recoveries', { body: { login: mother.login }, headers });
    const found = await alertsOf('recovery-begun', 2);
    assert.ok(found.length >= 2 && found.every(({ link }) => !link.includes('evil')));
    const stop = found[0]?.link.split('#')[1] ?? 'none';
    const { rows } = await server.pool.query<{ all: string }>(
      `select string_agg(r::text, '') || (select string_agg(statement, '') from entry) as all from account_recovery r`,
    );
    for (const secret of [token, stop]) {
      assert.ok(!(rows[0]?.all ?? '').includes(secret));
    }
  });
});
