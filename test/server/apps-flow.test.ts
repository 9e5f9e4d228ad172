// Apps that people let in, from the first address to the last token: what AUTH-03 to AUTH-06 and SES-03 of the security plan ask.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Answer, Person } from '../harness/client.ts';
import { rotateProviderKeys } from '../../server/oauth/provider-keys.ts';
import { goodPassword, newClient, signUp } from '../harness/client.ts';
import { provedTwice } from '../harness/staff.ts';
import type { AppTokens, TestApp } from '../harness/app.ts';
import {
  appBrowser,
  approvedApp,
  authorizeAddress,
  letIn,
  openQuestion,
  pkce,
  postForm,
  redeem,
  redirectUri,
  renew,
  tokensOf,
  withToken,
} from '../harness/app.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

const offline = 'launch/patient offline_access patient/*.rs';
const errorOf = (answer: Answer): string => answer.json<{ error: string }>().error;

describe('an app that a person lets in', () => {
  const clock = { nowMs: Date.now() };
  let server: TestServer;
  let asha: Person;
  let app: TestApp;
  before(async () => {
    server = await startServer({ sources: { now: () => clock.nowMs } });
    asha = await signUp(server.url);
    app = await approvedApp(server);
  });
  after(() => server.stop());

  const codeOf = async (code = pkce(), scope = offline): Promise<{ code: string; verifier: string }> => {
    const back = await letIn(server, asha, app, code, { scope });
    return { code: back.searchParams.get('code') ?? '', verifier: code.verifier };
  };
  const reads = async (tokens: AppTokens): Promise<number> =>
    (await withToken(server, tokens.access_token, 'GET', `/fhir/R4/Patient/${asha.patientId}`)).status;
  const introspect = async (token: string) =>
    (await postForm(server, '/oauth/introspect', { token, client_id: app.clientId })).json<{
      active: boolean;
      scope?: string;
      patient?: string;
      sub?: string;
      client_id?: string;
    }>();

  test('gets what it was let in to see, and is told for which record; every look says "app X for Y"', async () => {
    const code = pkce();
    const back = await letIn(server, asha, app, code, { scope: `openid fhirUser ${offline}`, state: 'st-1' });
    assert.equal(back.origin + back.pathname, redirectUri);
    assert.equal(back.searchParams.get('state'), 'st-1');
    // RFC 9207: an app that knows several servers sees which one answered.
    assert.equal(back.searchParams.get('iss'), server.url);
    const answer = await redeem(server, app, back.searchParams.get('code') ?? '', code.verifier);
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    const tokens = answer.json<AppTokens>();
    assert.equal(tokens.patient, asha.patientId);
    assert.equal(tokens.scope, `openid fhirUser ${offline}`);
    assert.ok(tokens.expires_in <= 3600);
    const claims = JSON.parse(
      Buffer.from(tokens.id_token?.split('.')[1] ?? '', 'base64url').toString(),
    ) as Record<string, unknown>;
    assert.equal(claims['fhirUser'], `${server.url}/fhir/R4/Patient/${asha.patientId}`);
    assert.equal(claims['aud'], app.clientId);
    assert.equal(await reads(tokens), 200);
    const { rows } = await server.pool.query<{ statement: string }>(
      `select statement from entry where patient_id = $1 order by entry_id`,
      [asha.patientId],
    );
    const said = rows.map(
      ({ statement }) =>
        JSON.parse(statement) as {
          event: string;
          who: { account?: string; app?: { client: string; name: string } };
        },
    );
    assert.deepEqual(said.find(({ event }) => event === 'read')?.who.app, {
      client: app.clientId,
      name: 'Growth Chart',
    });
    assert.ok(said.some(({ event }) => event === 'app-allow'));
    const state = await introspect(tokens.access_token);
    assert.equal(state.active, true);
    assert.equal(state.patient, asha.patientId);
    assert.equal(state.client_id, app.clientId);
    const other = await approvedApp(server);
    const foreign = await postForm(server, '/oauth/introspect', {
      token: tokens.access_token,
      client_id: other.clientId,
    });
    assert.deepEqual(foreign.json(), { active: false });
  });

  test('AUTH-03 PKCE is mandatory and S256 only', async () => {
    const code = pkce();
    for (const parameters of [
      { code_challenge: undefined, code_challenge_method: undefined },
      { code_challenge: undefined },
      { code_challenge_method: 'plain' },
      { code_challenge_method: undefined },
      { code_challenge: 'short' },
      { code_challenge: `${code.challenge}=` },
    ]) {
      const answer = await appBrowser(server).go(authorizeAddress(server, app, code, { parameters }));
      assert.equal(answer.status, 303, JSON.stringify(parameters));
      const to = new URL(answer.headers.get('location') ?? '');
      assert.equal(to.origin + to.pathname, redirectUri, to.href);
      assert.equal(to.searchParams.get('error'), 'invalid_request', JSON.stringify(parameters));
      assert.equal(to.searchParams.get('code'), null);
    }
    for (const verifier of [undefined, pkce().verifier, 'x'.repeat(42), 'x'.repeat(129), code.challenge]) {
      const fresh = await codeOf();
      const answer = await redeem(server, app, fresh.code, verifier);
      assert.equal(answer.status, 400, String(verifier));
      assert.match(errorOf(answer), /^invalid_(grant|request)$/);
      assert.equal(answer.json<{ access_token?: string }>().access_token, undefined);
    }
  });

  test('AUTH-04 redirect_uri is compared character by character, and a wrong one leads nowhere', async () => {
    const code = pkce();
    for (const uri of [
      'https://app.test.evil.test/cb',
      'https://app.test/cb/',
      'https://app.test/cb/../x',
      'https://app.test/CB',
      'https://app.test/cb?x=1',
      'https://app.test/cb#f',
      'https://app.test@evil.test/cb',
      'https://evil.test/https://app.test/cb',
      'http://app.test/cb',
      'https://app.test:8443/cb',
      'https://app.test:443/cb',
      'https://app.test/%63b',
      'https://app.test/%2e%2e/cb',
      'https://app.test\\evil.test/cb',
      'https://app.test/cb\t',
      'https://app.test/cb\r\nLocation: https://evil.test',
      'https://[::1]/cb',
      'HTTPS://app.test/cb',
      '//app.test/cb',
      '/cb',
      'javascript:alert(1)',
      '',
    ]) {
      const address = authorizeAddress(server, app, code, { parameters: { redirect_uri: uri } });
      const answer = await appBrowser(server).go(address);
      assert.equal(answer.status, 400, uri);
      assert.equal(answer.headers.get('location'), null, uri);
      assert.match(answer.headers.get('content-type') ?? '', /^text\/html/);
      assert.ok(!answer.text.includes('evil.test'), uri);
    }
    const twice = `${authorizeAddress(server, app, code)}&redirect_uri=${encodeURIComponent('https://evil.test/cb')}`;
    const answer = await appBrowser(server).go(twice);
    assert.ok(!(answer.headers.get('location') ?? '').includes('evil.test'));
    for (const [name, value] of [
      ['client_id', 'nobody'],
      ['client_id', undefined],
    ] as const) {
      const unknown = await appBrowser(server).go(
        authorizeAddress(server, app, code, { parameters: { [name]: value } }),
      );
      assert.equal(unknown.status, 400);
      assert.equal(unknown.headers.get('location'), null);
    }
    const fresh = await codeOf();
    const differs = await redeem(server, app, fresh.code, fresh.verifier, {
      redirect_uri: 'https://app.test/cb2',
    });
    assert.equal(differs.status, 400);
  });

  test('an authorization request that is not whole is answered to the app with the reason and its state', async () => {
    for (const [parameters, error] of [
      [{ aud: undefined }, 'invalid_request'],
      [{ aud: 'https://evil.test/fhir' }, 'invalid_request'],
      [{ aud: `${server.url}/fhir/R4/` }, 'invalid_request'],
      [{ response_type: 'token' }, 'unsupported_response_type'],
      [{ response_type: 'code id_token' }, 'unsupported_response_type'],
      [{ scope: 'patient/Observation.sr' }, 'invalid_scope'],
      [{ scope: 'patient/Nothing.rs' }, 'invalid_scope'],
      [{ scope: 'patient/*.rs?category=x' }, 'invalid_scope'],
      [{ scope: 'patient/Observation.rs?no-such=x' }, 'invalid_scope'],
      [{ prompt: 'none' }, 'login_required'],
      [{ request: 'x' }, 'request_not_supported'],
      [{ request_uri: 'https://evil.test/r' }, 'request_uri_not_supported'],
      [{ resource: 'https://evil.test/' }, 'invalid_target'],
    ] as const) {
      const answer = await appBrowser(server, asha).go(
        authorizeAddress(server, app, pkce(), { state: 'st', parameters }),
      );
      // Answers of other kinds than a code come behind a number sign.
      const to = new URL((answer.headers.get('location') ?? server.url).replace('#', '?'));
      assert.equal(
        to.searchParams.get('error'),
        error,
        `${JSON.stringify(parameters)} ${answer.status} ${to.href}`,
      );
      assert.equal(to.searchParams.get('state'), 'st');
      assert.equal(to.origin, 'https://app.test');
    }
  });

  test('AUTH-05 a code is good once, for a minute; used again, what it gave is taken back', async () => {
    const once = await codeOf();
    const first = await redeem(server, app, once.code, once.verifier);
    assert.equal(first.status, 200, first.text);
    const tokens = first.json<AppTokens>();
    assert.equal(await reads(tokens), 200);
    const again = await redeem(server, app, once.code, once.verifier);
    assert.equal(again.status, 400);
    assert.equal(errorOf(again), 'invalid_grant');
    assert.equal(await reads(tokens), 401);
    assert.deepEqual(await introspect(tokens.access_token), { active: false });
    assert.equal((await renew(server, app, tokens.refresh_token ?? '')).status, 400);

    const many = await codeOf();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => redeem(server, app, many.code, many.verifier)),
    );
    const won = answers.filter(({ status }) => status === 200);
    assert.equal(won.length, 1);
    for (const { status } of answers) assert.ok(status === 200 || status === 400, String(status));
    assert.equal(await reads((won[0] as Answer).json<AppTokens>()), 401);

    const late = await codeOf();
    clock.nowMs += 61_000;
    const expired = await redeem(server, app, late.code, late.verifier);
    assert.equal(expired.status, 400);
    assert.equal(errorOf(expired), 'invalid_grant');
  });

  test('a code of one app is nothing to another, and an app with a secret never passes without it', async () => {
    const other = await approvedApp(server);
    const fresh = await codeOf();
    const stolen = await redeem(server, other, fresh.code, fresh.verifier);
    assert.equal(errorOf(stolen), 'invalid_grant');
    const confidential = await approvedApp(server, { proof: 'secret' });
    const code = pkce();
    const back = await letIn(server, asha, confidential, code, { scope: offline });
    const given = back.searchParams.get('code') ?? '';
    for (const proof of [
      { client_secret: undefined },
      { client_secret: 'wrong' },
      { client_id: app.clientId, client_secret: confidential.secret },
    ]) {
      const answer = await redeem(server, confidential, given, code.verifier, proof);
      assert.equal(answer.status, 401, JSON.stringify(Object.keys(proof)));
      assert.equal(errorOf(answer), 'invalid_client');
    }
    const right = await redeem(server, confidential, given, code.verifier);
    assert.equal(right.status, 200, right.text);
    const tokens = right.json<AppTokens>();
    const renewed = await postForm(server, '/oauth/token', {
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token,
      client_id: app.clientId,
    });
    assert.equal(errorOf(renewed), 'invalid_grant');
    const forItself = await postForm(server, '/oauth/token', {
      grant_type: 'client_credentials',
      client_id: confidential.clientId,
      client_secret: confidential.secret,
    });
    assert.equal(errorOf(forItself), 'unauthorized_client');
  });

  test('AUTH-06 refresh tokens are good once; one used again ends the whole family', async () => {
    const tokens = await tokensOf(server, asha, app, { scope: offline });
    const second = await renew(server, app, tokens.refresh_token ?? '');
    assert.equal(second.status, 200, second.text);
    const next = second.json<AppTokens>();
    assert.notEqual(next.refresh_token, tokens.refresh_token);
    assert.equal(next.patient, asha.patientId);
    assert.equal(next.scope, offline);
    const told = async (): Promise<number> =>
      (await asha.get('/api/notices')).text.split('app-token-reused').length - 1;
    const toldBefore = await told();
    const reused = await renew(server, app, tokens.refresh_token ?? '');
    assert.equal(errorOf(reused), 'invalid_grant');
    assert.equal((await renew(server, app, next.refresh_token ?? '')).status, 400);
    assert.equal(await reads(next), 401);
    assert.equal(await told(), toldBefore + 1, 'she is told once');
    const { rows } = await server.pool.query<{ statement: string }>(
      `select statement from entry where patient_id = $1 and statement like '%"app-end"%'`,
      [asha.patientId],
    );
    assert.match(rows.at(-1)?.statement ?? '', /"reused":true/);

    const third = await tokensOf(server, asha, app, { scope: offline });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => renew(server, app, third.refresh_token ?? '')),
    );
    const won = answers.filter(({ status }) => status === 200).map((one) => one.json<AppTokens>());
    assert.ok(won.length <= 1);
    for (const one of won) {
      assert.equal(await reads(one), 401);
      assert.equal((await renew(server, app, one.refresh_token ?? '')).status, 400);
    }

    const fourth = await tokensOf(server, asha, app, { scope: `${offline} patient/Observation.rs` });
    const wider = await renew(server, app, fourth.refresh_token ?? '', `${offline} patient/*.cruds`);
    assert.equal(errorOf(wider), 'invalid_scope');
    const narrower = await renew(server, app, fourth.refresh_token ?? '', 'patient/*.rs');
    assert.equal(narrower.json<AppTokens>().scope, 'patient/*.rs');
  });

  test('SES-04 tokens of somebody whose account is closed are nothing from the next request on', async () => {
    const gone = await signUp(server.url, { name: 'Gita Rao' });
    const tokens = await tokensOf(server, gone, app, { scope: offline });
    const path = `/fhir/R4/Patient/${gone.patientId}`;
    assert.equal((await withToken(server, tokens.access_token, 'GET', path)).status, 200);
    await server.pool.query('update account set disabled_at = now() where account_id = $1', [gone.accountId]);
    assert.equal((await withToken(server, tokens.access_token, 'GET', path)).status, 401);
    assert.equal((await introspect(tokens.access_token)).active, false);
    assert.equal((await renew(server, app, tokens.refresh_token ?? '')).status, 400);
  });

  test('SES-04 an app acts with what its person had proved: staff who let it in with a password alone have nothing of it', async () => {
    const nurse = await signUp(server.url, { name: 'Sunita Pawar' });
    const before = await tokensOf(server, nurse, app, { scope: offline });
    const path = `/fhir/R4/Patient/${nurse.patientId}`;
    assert.equal((await withToken(server, before.access_token, 'GET', path)).status, 200);
    await server.pool.query(`update account set roles = '{nurse}' where account_id = $1`, [nurse.accountId]);
    const refused = await withToken(server, before.access_token, 'GET', path);
    assert.equal(refused.status, 403, refused.text);
    await provedTwice(server.pool, nurse.accountId);
    const after = await tokensOf(server, nurse, app, { scope: offline });
    assert.equal((await withToken(server, after.access_token, 'GET', path)).status, 200);
  });

  test('the operator changes the key of identity tokens: the next are signed with the new one, the old one is shown for an hour, sign-ins under way go on', async () => {
    const kidOf = (jwt: string): string =>
      (JSON.parse(Buffer.from(jwt.split('.')[0] ?? '', 'base64url').toString()) as { kid: string }).kid;
    const keys = async (): Promise<string[]> =>
      (await newClient(server.url).get('/oauth/jwks'))
        .json<{ keys: { kid: string }[] }>()
        .keys.map(({ kid }) => kid);
    const scope = 'openid fhirUser launch/patient offline_access patient/*.rs';
    const old = await tokensOf(server, asha, app, { scope });
    const code = pkce();
    const browser = appBrowser(server, asha);
    const asked = await openQuestion(browser, authorizeAddress(server, app, code, { scope }));
    await rotateProviderKeys(server.deps);
    const fresh = await tokensOf(server, asha, app, { scope });
    const [oldKid, newKid] = [kidOf(old.id_token ?? ''), kidOf(fresh.id_token ?? '')];
    assert.notEqual(newKid, oldKid);
    assert.deepEqual(await keys(), [newKid, oldKid]);
    const allowed = await browser.go(`/api/app-requests/${asked.requestId}/allow`, {
      method: 'POST',
      body: JSON.stringify({
        patient: asked.question.people[0]?.id,
        scopes: asked.question.scopes.map(({ text }) => text),
        comesBack: false,
      }),
    });
    assert.equal(allowed.status, 200, allowed.text);
    clock.nowMs += 61 * 60_000;
    await rotateProviderKeys(server.deps);
    const [third, second, ...more] = await keys();
    assert.deepEqual([second, more], [newKid, []]);
    assert.notEqual(third, newKid);
    const { rows } = await server.pool.query<{ statement: string }>(
      `select statement from entry where patient_id = '' and statement like '%"apps"%'`,
    );
    assert.equal(rows.length, 2);
    const again = { login: asha.login, password: goodPassword };
    assert.equal((await asha.call('POST', '/api/sessions', { body: again })).status, 201);
  });

  test('without offline_access there is no refresh token, and the app ends with the session (SES-03)', async () => {
    const ravi = await signUp(server.url, { name: 'Ravi Rao' });
    const tokens = await tokensOf(server, ravi, app, { scope: 'launch/patient patient/*.rs' });
    assert.equal(tokens.refresh_token, undefined);
    const path = `/fhir/R4/Patient/${ravi.patientId}`;
    assert.equal((await withToken(server, tokens.access_token, 'GET', path)).status, 200);
    const { sessions } = {
      sessions: (await ravi.get('/api/sessions')).json<{ id: string; current: boolean }[]>(),
    };
    const here = sessions.find(({ current }) => current);
    assert.equal((await ravi.call('DELETE', `/api/sessions/${here?.id ?? ''}`)).status, 204);
    assert.equal((await withToken(server, tokens.access_token, 'GET', path)).status, 401);
  });

  test('an app gives its tokens back, and the person shuts it out for the next request', async () => {
    const given = await tokensOf(server, asha, app, { scope: offline });
    const back = await postForm(server, '/oauth/revoke', {
      token: given.refresh_token,
      client_id: app.clientId,
    });
    assert.equal(back.status, 200, back.text);
    assert.equal(await reads(given), 401);

    const tokens = await tokensOf(server, asha, app, { scope: offline });
    const listed = (await asha.get('/api/apps')).json<{ letIn: { id: string; app: { id: string } }[] }>();
    const grant = listed.letIn.find((one) => one.app.id === app.clientId);
    assert.ok(grant);
    const stranger = await signUp(server.url);
    assert.equal((await stranger.call('POST', `/api/apps/${grant.id}/end`)).status, 404);
    assert.equal(await reads(tokens), 200);
    assert.equal((await asha.call('POST', `/api/apps/${grant.id}/end`)).status, 204);
    assert.equal(await reads(tokens), 401);
    assert.equal((await renew(server, app, tokens.refresh_token ?? '')).status, 400);
    assert.deepEqual(
      (await asha.get('/api/apps'))
        .json<{ letIn: { id: string }[] }>()
        .letIn.filter(({ id }) => id === grant.id),
      [],
    );
  });

  test('a question belongs to the browser that the app sent, and to somebody who is signed in', async () => {
    const browser = appBrowser(server, asha);
    const { requestId } = await openQuestion(browser, authorizeAddress(server, app, pkce()));
    const victim = await signUp(server.url);
    assert.equal((await victim.get(`/api/app-requests/${requestId}`)).status, 404);
    const allowed = await victim.call('POST', `/api/app-requests/${requestId}/allow`, {
      body: { patient: victim.patientId, scopes: [], comesBack: false },
    });
    assert.equal(allowed.status, 404);
    assert.equal((await newClient(server.url).get(`/api/app-requests/${requestId}`)).status, 401);
    const refused = await browser.go(`/api/app-requests/${requestId}/refuse`, { method: 'POST' });
    const end = await browser.go(refused.json<{ redirect: string }>().redirect);
    const to = new URL(end.headers.get('location') ?? '');
    assert.equal(to.searchParams.get('error'), 'access_denied');
    assert.equal(to.searchParams.get('state'), 'a-state-of-the-app');
    assert.equal((await browser.go(`/api/app-requests/${requestId}`)).status, 404);
  });

  test('neither codes nor tokens lie in the database as they are', async () => {
    const fresh = await codeOf();
    const tokens = (await redeem(server, app, fresh.code, fresh.verifier)).json<AppTokens>();
    const { rows } = await server.pool.query<{ all: string }>(
      `select (select string_agg(t::text, ' ') from app_token t) || (select string_agg(e::text, ' ') from entry e)
              || (select string_agg(k::text, ' ') from app_key k) as all`,
    );
    const all = rows[0]?.all ?? '';
    assert.ok(all.length > 1000);
    for (const secret of [fresh.code, tokens.access_token, tokens.refresh_token ?? ''])
      assert.ok(!all.includes(secret));
    assert.ok(!all.includes('"d":'), 'a private key is stored sealed');
  });
});
