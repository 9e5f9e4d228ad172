// The clients that developers use, as they come from their makers, through the whole way: openid-client, oauth4webapi, fhirclient.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { after, before, describe, test } from 'node:test';
import smart from 'fhirclient';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import type { TestApp } from '../harness/app.ts';
import { appBrowser, approvedApp, openQuestion, redirectUri } from '../harness/app.ts';
import type { Person } from '../harness/client.ts';
import { newClient, signUp } from '../harness/client.ts';
import { conditionOf } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';
import { provedTwice } from '../harness/staff.ts';

describe('clients as they come', () => {
  let server: TestServer;
  let asha: Person;
  let fhirBase: string;
  before(async () => {
    server = await startServer();
    fhirBase = `${server.url}/fhir/R4`;
    asha = await signUp(server.url);
    await asha.create(conditionOf(asha.patientId, 'Asthma'));
  });
  after(() => server.stop());

  /** Lets the app in that sent the browser here; where the browser ends up. */
  const letInAt = async (address: string): Promise<URL> => {
    const browser = appBrowser(server, asha);
    const { requestId, question } = await openQuestion(browser, address);
    const allowed = await browser.go(`/api/app-requests/${requestId}/allow`, {
      method: 'POST',
      body: JSON.stringify({
        patient: asha.patientId,
        scopes: question.scopes.map(({ text }) => text),
        comesBack: question.comesBack,
      }),
    });
    assert.equal(allowed.status, 200, allowed.text);
    const back = await browser.go(allowed.json<{ redirect: string }>().redirect);
    return new URL(back.headers.get('location') ?? '');
  };
  const readsWith = async (token: string): Promise<number> =>
    (
      await newClient(server.url).get(`/fhir/R4/Condition?patient=${asha.patientId}`, {
        authorization: `Bearer ${token}`,
      })
    ).status;

  test('openid-client: a public app with PKCE, identity, refresh, introspection, revocation', async () => {
    const app = await approvedApp(server);
    const config = await openid.discovery(new URL(server.url), app.clientId, undefined, openid.None(), {
      // oxlint-disable-next-line typescript/no-deprecated -- its makers mark what is for tests alone in this way
      execute: [openid.allowInsecureRequests],
    });
    const verifier = openid.randomPKCECodeVerifier();
    const state = openid.randomState();
    const nonce = openid.randomNonce();
    const address = openid.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      scope: 'openid fhirUser launch/patient offline_access patient/*.rs',
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
      aud: fhirBase,
    });
    const tokens = await openid.authorizationCodeGrant(config, await letInAt(address.href), {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
    });
    assert.equal(tokens.claims()?.['fhirUser'], `${fhirBase}/Patient/${asha.patientId}`);
    assert.equal(tokens['patient'], asha.patientId);
    assert.equal(await readsWith(tokens.access_token), 200);
    const renewed = await openid.refreshTokenGrant(config, tokens.refresh_token ?? '');
    assert.equal(await readsWith(renewed.access_token), 200);
    assert.equal((await openid.tokenIntrospection(config, renewed.access_token)).active, true);
    await openid.tokenRevocation(config, renewed.refresh_token ?? '');
    assert.equal((await openid.tokenIntrospection(config, renewed.access_token)).active, false);
    assert.equal(await readsWith(renewed.access_token), 401);
  });

  const insecure = { [oauth.allowInsecureRequests]: true };
  const throughOauth4webapi = async (
    app: TestApp,
    proof: (as: oauth.AuthorizationServer) => oauth.ClientAuth,
  ) => {
    const issuer = new URL(server.url);
    const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure));
    const client: oauth.Client = { client_id: app.clientId };
    const verifier = oauth.generateRandomCodeVerifier();
    const state = oauth.generateRandomState();
    const address = new URL(as.authorization_endpoint ?? '');
    for (const [name, value] of Object.entries({
      response_type: 'code',
      client_id: app.clientId,
      redirect_uri: redirectUri,
      scope: 'openid launch/patient offline_access patient/Condition.rs',
      state,
      aud: fhirBase,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    }))
      address.searchParams.set(name, value);
    const parameters = oauth.validateAuthResponse(as, client, await letInAt(address.href), state);
    const auth = proof(as);
    const answer = await oauth.authorizationCodeGrantRequest(
      as,
      client,
      auth,
      parameters,
      redirectUri,
      verifier,
      insecure,
    );
    const tokens = await oauth.processAuthorizationCodeResponse(as, client, answer, { requireIdToken: true });
    assert.equal(await readsWith(tokens.access_token), 200);
    const renewed = await oauth.processRefreshTokenResponse(
      as,
      client,
      await oauth.refreshTokenGrantRequest(as, client, auth, tokens.refresh_token ?? '', insecure),
    );
    assert.equal(await readsWith(renewed.access_token), 200);
  };

  test('oauth4webapi: a confidential app with a secret', async () => {
    const app = await approvedApp(server, { proof: 'secret' });
    await throughOauth4webapi(app, () => oauth.ClientSecretBasic(app.secret ?? ''));
  });

  test('oauth4webapi: a confidential app with a key of its own (private_key_jwt)', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'ES384' }] };
    const app = await approvedApp(server, { proof: 'key', jwks });
    const key = await crypto.subtle.importKey(
      'pkcs8',
      privateKey.export({ format: 'der', type: 'pkcs8' }),
      { name: 'ECDSA', namedCurve: 'P-384' },
      false,
      ['sign'],
    );
    await throughOauth4webapi(app, (as) =>
      oauth.PrivateKeyJwt(
        { key, kid: 'k1' },
        {
          // SMART wants the address of the token door here.
          [oauth.modifyAssertion]: (_header, payload) => {
            payload['aud'] = as.token_endpoint ?? '';
          },
        },
      ),
    );
  });

  const smartThrough = async (app: TestApp, query: string): Promise<ReturnType<typeof smart.client>> => {
    const kept = new Map<string, unknown>();
    const storage = {
      get: async (key: string) => kept.get(key),
      set: async (key: string, value: unknown) => {
        kept.set(key, value);
        return value;
      },
      unset: async (key: string) => kept.delete(key),
    };
    let sentTo = '';
    const at = (url: string): IncomingMessage =>
      ({ url, headers: { host: 'app.test' }, socket: { encrypted: true } }) as unknown as IncomingMessage;
    const answer = {
      headersSent: false,
      writeHead(_status: number, headers: { Location?: string; location?: string }) {
        sentTo = headers.Location ?? headers.location ?? '';
        return answer;
      },
      end() {
        return answer;
      },
    };
    const response = answer as unknown as ServerResponse;
    const begin = smart(at(`/launch?${query}`), response, storage);
    await begin.authorize({
      clientId: app.clientId,
      scope: 'openid fhirUser launch launch/patient patient/*.rs',
      redirectUri,
      pkceMode: 'required',
    });
    const back = await letInAt(sentTo);
    return smart(at(`${back.pathname}${back.search}`), response, storage).ready();
  };

  test('fhirclient: SMART standalone launch', async () => {
    const client = await smartThrough(await approvedApp(server), `iss=${encodeURIComponent(fhirBase)}`);
    assert.equal(client.patient.id, asha.patientId);
    assert.equal(client.user.fhirUser, `Patient/${asha.patientId}`);
    const patient: unknown = await client.patient.read();
    assert.equal((patient as { id: string }).id, asha.patientId);
    const bundle: unknown = await client.request(`Condition?patient=${asha.patientId}`);
    assert.equal((bundle as { total: number }).total, 1);
  });

  test('fhirclient: SMART launch from inside Medallion, for the record that was chosen there', async () => {
    const app = await approvedApp(server, { launchUri: 'https://app.test/launch' });
    const launched = await asha.call('POST', '/api/apps/launches', { body: { app: app.clientId } });
    assert.equal(launched.status, 201, launched.text);
    const url = new URL(launched.json<{ url: string }>().url);
    assert.equal(url.origin + url.pathname, 'https://app.test/launch');
    assert.equal(url.searchParams.get('iss'), fhirBase);
    const client = await smartThrough(app, url.search.slice(1));
    assert.equal(client.patient.id, asha.patientId);
    // It opens one door once, and only for whoever opened it.
    await assert.rejects(smartThrough(app, url.search.slice(1)));
    const other = await signUp(server.url);
    const theirs = (await other.call('POST', '/api/apps/launches', { body: { app: app.clientId } })).json<{
      url: string;
    }>();
    await assert.rejects(smartThrough(app, new URL(theirs.url).search.slice(1)));
    const foreign = await asha.call('POST', '/api/apps/launches', {
      body: { app: app.clientId, patient: other.patientId },
    });
    assert.equal(foreign.status, 404);
  });

  test('an app registers itself by RFC 7591 and is nothing until an administrator approved it', async () => {
    const issuer = new URL(server.url);
    const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure));
    const answer = await oauth.dynamicClientRegistrationRequest(
      as,
      {
        client_name: 'Self-made',
        redirect_uris: [redirectUri],
        scope: 'patient/*.rs',
        token_endpoint_auth_method: 'none',
      },
      insecure,
    );
    const made = await oauth.processDynamicClientRegistrationResponse(answer);
    const address = `/oauth/authorize?${new URLSearchParams({
      response_type: 'code',
      client_id: made.client_id,
      redirect_uri: redirectUri,
      scope: 'patient/*.rs',
      state: 's',
      aud: fhirBase,
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
    }).toString()}`;
    const waiting = await appBrowser(server, asha).go(address);
    assert.equal(waiting.status, 400);
    assert.equal(waiting.headers.get('location'), null);
    const approve = `/api/admin/apps/${made.client_id}/approve`;
    assert.equal((await asha.call('POST', approve)).status, 403);
    await server.pool.query(`update account set roles = '{administrator}' where account_id = $1`, [
      asha.accountId,
    ]);
    await provedTwice(server.pool, asha.accountId);
    assert.equal((await asha.call('POST', approve)).status, 204);
    assert.equal((await asha.call('POST', approve)).status, 409);
    assert.equal((await appBrowser(server, asha).go(address)).status, 303);
    assert.equal((await asha.call('POST', `/api/admin/apps/${made.client_id}/disable`)).status, 204);
    assert.equal((await appBrowser(server, asha).go(address)).status, 400);
    for (const metadata of [
      { client_name: 'x', redirect_uris: ['javascript:alert(1)'], scope: 'patient/*.rs' },
      { client_name: 'x', redirect_uris: ['http://app.test/cb'], scope: 'patient/*.rs' },
      { client_name: 'x', redirect_uris: ['https://u:p@app.test/cb'], scope: 'patient/*.rs' },
      { client_name: 'x', redirect_uris: ['https://app.test/cb#f'], scope: 'patient/*.rs' },
      { client_name: 'x', redirect_uris: [], scope: 'patient/*.rs' },
      { client_name: 'x', redirect_uris: 'https://app.test/cb', scope: 'patient/*.rs' },
      { client_name: '', redirect_uris: [redirectUri], scope: 'patient/*.rs' },
      { client_name: 'x\u202Ey', redirect_uris: [redirectUri], scope: 'patient/*.rs' },
      { client_name: 'x', redirect_uris: [redirectUri], scope: 'system/*.rs' },
      { client_name: 'x', redirect_uris: [redirectUri], scope: '' },
      {
        client_name: 'x',
        redirect_uris: [redirectUri],
        scope: 'patient/*.rs',
        token_endpoint_auth_method: 'private_key_jwt',
      },
      {
        client_name: 'x',
        redirect_uris: [redirectUri],
        scope: 'patient/*.rs',
        token_endpoint_auth_method: 'tls_client_auth',
      },
      [],
    ]) {
      const refused = await newClient(server.url).call('POST', '/oauth/register', { body: metadata });
      assert.equal(refused.status, 400, `${JSON.stringify(metadata)} ${refused.text}`);
      assert.match(refused.json<{ error: string }>().error, /^invalid_(redirect_uri|client_metadata)$/);
    }
  });
});
