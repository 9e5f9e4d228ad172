// The first administrator: one link, one use, and no other way in.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { makeSetupLink } from '../../server/identity/first-administrator.ts';
import type { IdentityApp } from './identity-app.ts';
import { countOf, eventsOf, freshAddress, goodPassword, startIdentityApp, tokenOf } from './identity-app.ts';

const dayMs = 24 * 60 * 60_000;

describe('the first administrator', () => {
  let it: IdentityApp;
  before(async () => {
    it = await startIdentityApp();
  });
  after(() => it.stop());

  const link = async () =>
    new URL((await makeSetupLink(it.deps)) ?? 'http://none').searchParams.get('token') ?? '';
  const setup = (token: string, login = 'admin@example.org', password = goodPassword) =>
    it.call('POST', '/api/setup', {
      body: { token, login, password, name: 'Meera Iyer' },
      ip: freshAddress(),
    });

  test('the link is at the address of the server, and only its hash is stored', async () => {
    const url = (await makeSetupLink(it.deps)) ?? '';
    assert.match(url, /^http:\/\/localhost:8080\/setup\?token=[A-Za-z0-9_-]{43}$/);
    const { rows } = await it.pool.query<{ row: string }>('select s::text as row from setup_link s');
    assert.equal(rows.length, 1);
    assert.ok(!rows[0]?.row.includes(url.slice(-43)));
  });

  test('a newer link replaces an older one, and a day ends it', async () => {
    const [older, newer] = [await link(), await link()];
    assert.equal((await setup(older)).statusCode, 403);
    it.clock.nowMs += dayMs;
    const late = await setup(newer);
    assert.equal(late.statusCode, 403);
    assert.equal(late.json<{ code: string }>().code, 'setup-link-invalid');
    assert.equal((await setup('')).statusCode, 403);
    assert.equal(await countOf(it.pool, 'account'), 0);
  });

  test('a form that is refused leaves the link alive; of many uses at once one makes the administrator; then no link works', async () => {
    await it.person('taken@example.org');
    const token = await link();
    assert.equal((await setup(token, 'admin@example.org', 'password')).statusCode, 400);
    assert.equal((await setup(token, 'taken@example.org')).statusCode, 409);
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, n) => setup(token, `admin${n}@example.org`)),
    );
    assert.deepEqual(
      answers.map((answer) => answer.statusCode).toSorted((a, b) => a - b),
      [201, 403, 403, 403, 403],
    );
    const made = answers.find((answer) => answer.statusCode === 201);
    const me = made?.json<{ account: { roles: string[] }; patient: { id: string } }>();
    assert.deepEqual(me?.account.roles, ['administrator']);
    assert.ok((await eventsOf(it.pool, me?.patient.id ?? '')).includes('sign-up'));
    assert.equal((await it.call('GET', '/api/me', { token: made && tokenOf(made) })).statusCode, 200);
    assert.equal(await countOf(it.pool, 'account'), 2);

    assert.equal(await makeSetupLink(it.deps), undefined);
    assert.equal((await setup(token)).statusCode, 403);
  });

  test('guessing is limited', async () => {
    const ip = freshAddress();
    const guess = () =>
      it.call('POST', '/api/setup', {
        body: { token: 'A'.repeat(43), login: 'x@example.org', password: goodPassword, name: 'X' },
        ip,
      });
    for (let tries = 0; tries < 20; tries++) assert.equal((await guess()).statusCode, 403);
    assert.equal((await guess()).statusCode, 429);
  });
});
