// The token door for programs: who gets a token, for how much, how long, and what it opens.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { SignJWT } from 'jose';
import { registerClient, endClient } from '../../server/oauth/register-client.ts';
import { newClient, signUp } from '../harness/client.ts';
import { askToken, basicOf, program } from '../harness/program.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

const desk = { role: 'operator', name: 'test' } as const;
const ec = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

interface TokenBody {
  access_token: string;
  token_type: string;
  expires_in: number;
  scope: string;
}

describe('the token door', () => {
  const clock = { nowMs: Date.UTC(2026, 10, 20, 9) };
  let server: TestServer;
  before(async () => {
    server = await startServer({ sources: { now: () => clock.nowMs } });
  });
  after(() => server.stop());

  const entriesOf = async (
    event: string,
    clientId: string,
  ): Promise<{ basis: string; outcome: string }[]> => {
    const { rows } = await server.pool.query<{ statement: string }>(
      `select statement from entry where patient_id = '' order by entry_id`,
    );
    return rows
      .map(
        (row) =>
          JSON.parse(row.statement) as {
            event: string;
            basis: string;
            outcome: string;
            who: { account?: string };
          },
      )
      .filter((one) => one.event === event && one.who.account === clientId);
  };

  test('a client with its secret gets a short-lived token for what was registered, by header or by body', async () => {
    const made = await registerClient(server.deps, desk, {
      name: 'Partner',
      scope: 'system/*.rs system/Patient.c',
    });
    const client = newClient(server.url);
    const secret = made.secret ?? '';
    for (const answer of [
      await askToken(client, {}, { authorization: basicOf(made.clientId, secret) }),
      await askToken(client, { client_id: made.clientId, client_secret: secret }),
    ]) {
      assert.equal(answer.status, 200, answer.text);
      const body = answer.json<TokenBody>();
      assert.equal(body.token_type, 'Bearer');
      assert.equal(body.scope, 'system/*.rs system/Patient.crs');
      assert.ok(body.expires_in <= 900);
      assert.match(body.access_token, /^[A-Za-z0-9_-]{43}$/);
      assert.equal(answer.headers.get('cache-control'), 'no-store');
      assert.ok(!('refresh_token' in body));
    }
    assert.equal((await entriesOf('token-issue', made.clientId)).length, 2);
  });

  test('neither tokens nor secrets lie in the database as they are', async () => {
    const it = await program(server);
    const { rows } = await server.pool.query<{ all: string }>(
      `select coalesce(string_agg(c::text, ' '), '') || (select string_agg(t::text, ' ') from access_token t) ||
              (select string_agg(e.statement, ' ') from entry e) as all from client c`,
    );
    assert.ok(!(rows[0]?.all ?? '').includes(it.secret));
    assert.ok(!(rows[0]?.all ?? '').includes(it.token));
    assert.ok((rows[0]?.all ?? '').includes(it.clientId));
  });

  test('wrong proofs are 401 invalid_client in one body, and leave an entry', async () => {
    const made = await registerClient(server.deps, desk, { name: 'Partner', scope: 'system/*.rs' });
    const client = newClient(server.url);
    const texts = new Set<string>();
    for (const [id, secret] of [
      [made.clientId, 'wrong'],
      [made.clientId, ''],
      ['client-unknown', made.secret ?? ''],
      [`${made.clientId}' or '1'='1`, made.secret ?? ''],
      ['', ''],
    ] as const) {
      const answer = await askToken(client, {}, { authorization: basicOf(id, secret) });
      assert.equal(answer.status, 401, answer.text);
      assert.match(answer.headers.get('www-authenticate') ?? '', /^Basic /);
      texts.add(answer.text);
    }
    assert.equal(texts.size, 1);
    assert.match([...texts][0] ?? '', /"error":"invalid_client"/);
    const refused = await entriesOf('token-refused', made.clientId);
    assert.deepEqual(
      refused.map(({ basis, outcome }) => [basis, outcome]),
      [
        ['secret-wrong', 'refused'],
        ['secret-wrong', 'refused'],
      ],
    );
  });

  test('guessing from one address is stopped, and others are not', async () => {
    const made = await registerClient(server.deps, desk, { name: 'Partner', scope: 'system/*.rs' });
    const guesser = newClient(server.url);
    let last = 0;
    for (let i = 0; i < 62; i++) {
      const answer = await askToken(guesser, {}, { authorization: basicOf(made.clientId, `guess${i}`) });
      last = answer.status;
      if (last === 429) {
        assert.ok(Number(answer.headers.get('retry-after')) > 0);
        assert.match(answer.text, /"error":/);
      }
    }
    assert.equal(last, 429);
    const good = { authorization: basicOf(made.clientId, made.secret ?? '') };
    assert.equal((await askToken(newClient(server.url), {}, good)).status, 200);
  });

  test('malformed requests are refused as RFC 6749 says', async () => {
    const made = await registerClient(server.deps, desk, { name: 'Partner', scope: 'system/Observation.rs' });
    const client = newClient(server.url);
    const authorization = basicOf(made.clientId, made.secret ?? '');
    const form = 'application/x-www-form-urlencoded';
    const raw = (body: string, headers: Record<string, string>) =>
      client.call('POST', '/oauth/token', { body, headers: { 'content-type': form, ...headers } });
    for (const [body, headers, status, error] of [
      ['grant_type=authorization_code&code=x', { authorization }, 400, 'unauthorized_client'],
      ['grant_type=password&username=a&password=b', { authorization }, 400, 'unsupported_grant_type'],
      ['scope=system%2F*.rs', { authorization }, 400, 'invalid_request'],
      [
        'grant_type=client_credentials&grant_type=client_credentials',
        { authorization },
        400,
        'invalid_request',
      ],
      [
        `grant_type=client_credentials&client_secret=${made.secret}&client_id=${made.clientId}`,
        { authorization },
        400,
        'invalid_request',
      ],
      ['grant_type=client_credentials&client_id=another', { authorization }, 400, 'invalid_request'],
      ['grant_type=client_credentials', {}, 401, 'invalid_client'],
      ['grant_type=client_credentials', { authorization: 'Basic !!!' }, 401, 'invalid_client'],
      [
        'grant_type=client_credentials',
        { authorization: `Basic ${Buffer.from('%ff:%').toString('base64')}` },
        401,
        'invalid_client',
      ],
      [
        '{"grant_type":"client_credentials"}',
        { authorization, 'content-type': 'application/json' },
        415,
        'invalid_request',
      ],
      [`grant_type=client_credentials&x=${'y'.repeat(70_000)}`, { authorization }, 413, 'invalid_request'],
      [
        'grant_type=client_credentials&scope=system%2FObservation.sr',
        { authorization },
        400,
        'invalid_scope',
      ],
      ['grant_type=client_credentials&scope=system%2FNothing.rs', { authorization }, 400, 'invalid_scope'],
      [
        'grant_type=client_credentials&scope=system%2FObservation.rs%3Fcategory%3Dx',
        { authorization },
        400,
        'invalid_scope',
      ],
      ['grant_type=client_credentials&scope=system%2FPatient.rs', { authorization }, 400, 'invalid_scope'],
      ['grant_type=client_credentials&scope=user%2F*.cruds', { authorization }, 400, 'invalid_scope'],
    ] as const) {
      const answer = await raw(body, headers);
      assert.equal(answer.status, status, `${body.slice(0, 80)} ${answer.text}`);
      assert.equal(answer.json<{ error: string }>().error, error, body.slice(0, 80));
      assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
    }
  });

  test('AUTH-07: what is granted is never more than registered, and is said', async () => {
    const made = await registerClient(server.deps, desk, {
      name: 'Partner',
      scope: 'system/Observation.rs system/Patient.read',
    });
    const client = newClient(server.url);
    const authorization = basicOf(made.clientId, made.secret ?? '');
    for (const [asked, granted] of [
      ['system/*.cruds', 'system/Observation.rs system/Patient.rs'],
      ['system/*.read', 'system/Observation.rs system/Patient.rs'],
      ['system/Observation.cruds openid user/*.cruds patient/*.*', 'system/Observation.rs'],
      ['system/Observation.r system/Observation.s', 'system/Observation.rs'],
      ['system/Patient.*', 'system/Patient.rs'],
      ['', 'system/Observation.rs system/Patient.rs'],
    ] as const) {
      const answer = await askToken(client, { scope: asked }, { authorization });
      assert.equal(answer.json<TokenBody>().scope, granted, asked);
    }
  });

  describe('proofs signed with a key', () => {
    let clientId: string;
    const claims = (over: Record<string, unknown> = {}) => ({
      iss: clientId,
      sub: clientId,
      aud: `${server.url}/oauth/token`,
      exp: Math.floor(clock.nowMs / 1000) + 240,
      jti: Math.random().toString(36),
      ...over,
    });
    const sign = (payload: object, header: object = {}, key: KeyObject = ec.privateKey): Promise<string> =>
      new SignJWT({ ...payload })
        .setProtectedHeader({ alg: 'ES384', kid: 'ec', typ: 'JWT', ...header })
        .sign(key);
    const ask = (assertion: string, more: Record<string, string> = {}) =>
      askToken(newClient(server.url), {
        client_assertion_type: assertionType,
        client_assertion: assertion,
        ...more,
      });
    before(async () => {
      const jwks = {
        keys: [
          { ...ec.publicKey.export({ format: 'jwk' }), kid: 'ec' },
          { ...rsa.publicKey.export({ format: 'jwk' }), kid: 'rsa' },
        ],
      };
      ({ clientId } = await registerClient(server.deps, desk, {
        name: 'Signer',
        scope: 'system/*.rs',
        jwks,
      }));
    });

    test('ES384 and RS384 open the door', async () => {
      assert.equal((await ask(await sign(claims()))).status, 200);
      const byRsa = await sign(claims(), { alg: 'RS384', kid: 'rsa' }, rsa.privateKey);
      assert.equal((await ask(byRsa, { client_id: clientId })).status, 200);
    });

    test('a proof opens once, of twenty at the same time exactly one', async () => {
      const one = await sign(claims());
      const answers = await Promise.all(Array.from({ length: 20 }, () => ask(one)));
      assert.equal(answers.filter(({ status }) => status === 200).length, 1);
      assert.equal(answers.filter(({ status }) => status === 401).length, 19);
    });

    test('AUTH-02: forged, foreign, stale and too generous proofs are refused alike', async () => {
      const nowSeconds = Math.floor(clock.nowMs / 1000);
      const unsigned = (header: object, payload: object, signature = '') =>
        [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.') +
        `.${signature}`;
      const strangerJwk = stranger.publicKey.export({ format: 'jwk' });
      const good = await sign(claims());
      const hostile: Record<string, string> = {
        'alg none': unsigned({ alg: 'none', kid: 'ec' }, claims()),
        'signed by another key': await sign(claims(), {}, stranger.privateKey),
        'own key embedded': await sign(claims(), { jwk: strangerJwk }, stranger.privateKey),
        'key address in the header': await sign(
          claims(),
          { jku: 'http://127.0.0.1:9/keys' },
          stranger.privateKey,
        ),
        'unknown kid': await sign(claims(), { kid: "../../dev/null' or 1=1--" }),
        'no kid': await sign(claims(), { kid: undefined }),
        'public key as HMAC secret': await new SignJWT(claims())
          .setProtectedHeader({ alg: 'HS384', kid: 'ec' })
          .sign(Buffer.from(ec.publicKey.export({ format: 'pem', type: 'spki' }))),
        'weaker algorithm': await sign(claims(), { alg: 'RS256', kid: 'rsa' }, rsa.privateKey),
        expired: await sign(claims({ exp: nowSeconds - 60 })),
        'not yet valid': await sign(claims({ nbf: nowSeconds + 3600 })),
        'valid for too long': await sign(claims({ exp: nowSeconds + 3600 })),
        'without an end': await sign(claims({ exp: undefined })),
        'without a number of its own': await sign(claims({ jti: undefined })),
        'for another door': await sign(claims({ aud: 'https://other.example/oauth/token' })),
        'for the FHIR base': await sign(claims({ aud: `${server.url}/fhir/R4` })),
        'issued by another': await sign(claims({ iss: 'demo-backend' })),
        'about another': await sign(claims({ sub: 'demo-backend' })),
        'unknown critical header': await sign(claims(), { crit: ['urn:x'], 'urn:x': 1 }).catch(() =>
          unsigned({ alg: 'ES384', kid: 'ec', crit: ['urn:x'], 'urn:x': 1 }, claims(), good.split('.')[2]),
        ),
        'flipped signature': `${good.slice(0, -6)}${good.slice(-6) === 'AAAAAA' ? 'BBBBBB' : 'AAAAAA'}`,
        'no token at all': 'x',
        'three empty parts': '..',
      };
      for (const [what, assertion] of Object.entries(hostile)) {
        const answer = await ask(assertion);
        assert.equal(answer.status, 401, `${what}: ${answer.text}`);
        assert.equal(answer.json<{ error: string }>().error, 'invalid_client', what);
      }
      const wrongType = await ask(good, { client_assertion_type: 'urn:other' });
      assert.equal(wrongType.status, 400);
    });

    test('private, weak and odd keys are not registered', async () => {
      const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' });
      const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
      for (const keys of [
        [{ ...ec.privateKey.export({ format: 'jwk' }), kid: 'a' }],
        [{ ...weak, kid: 'a' }],
        [{ ...p256, kid: 'a' }],
        [{ ...ec.publicKey.export({ format: 'jwk' }) }],
        [{ kty: 'EC', crv: 'P-384', x: 'AA', y: 'AA', kid: 'a' }],
        [null],
        [],
      ])
        await assert.rejects(
          registerClient(server.deps, desk, { name: 'X', scope: 'system/*.rs', jwks: { keys } }),
          Error,
          JSON.stringify(keys).slice(0, 60),
        );
    });
  });

  test('a token opens what its scope says, by interaction and by type', async () => {
    const person = await signUp(server.url);
    const condition = {
      resourceType: 'Condition',
      subject: { reference: `Patient/${person.patientId}` },
      code: { text: 'Asthma' },
    };
    const { id } = await person.create(condition);
    const reader = await program(server, 'system/Condition.r');
    const writer = await program(server, 'system/Condition.cu');
    assert.equal((await reader.get(`/fhir/R4/Condition/${id}`)).status, 200);
    assert.equal((await reader.get(`/fhir/R4/Condition/${id}/_history`)).status, 200);
    for (const [method, path, body] of [
      ['GET', `/fhir/R4/Patient/${person.patientId}`, undefined],
      ['GET', '/fhir/R4/Patient/free-id', undefined],
      ['POST', '/fhir/R4/Condition', condition],
      ['PUT', `/fhir/R4/Condition/${id}`, { ...condition, id }],
      ['DELETE', `/fhir/R4/Condition/${id}`, undefined],
    ] as const) {
      const answer = await reader.call(method, path, { body });
      assert.equal(answer.status, 403, `${method} ${path} ${answer.text}`);
      assert.match(answer.text, /"forbidden"/);
      assert.match(answer.headers.get('www-authenticate') ?? '', /insufficient_scope/);
    }
    assert.equal((await writer.call('POST', '/fhir/R4/Condition', { body: condition })).status, 201);
    assert.equal(
      (await writer.call('PUT', `/fhir/R4/Condition/${id}`, { body: { ...condition, id } })).status,
      200,
    );
    assert.equal((await writer.get(`/fhir/R4/Condition/${id}`)).status, 403);
    assert.equal((await writer.call('DELETE', `/fhir/R4/Condition/${id}`)).status, 403);
    const all = await program(server);
    assert.equal((await all.call('PUT', '/fhir/R4/AuditEvent/x', { body: {} })).status, 405);
    assert.equal((await all.call('DELETE', '/fhir/R4/AuditEvent/x')).status, 405);
    const { status } = await all.call('DELETE', '/fhir/R4/AuditEvent?_id=x');
    assert.equal(status, 405);
  });

  test('a program makes people and their records, and what it did is in their log with its name', async () => {
    const it = await program(server);
    const made = await it.call('POST', '/fhir/R4/Patient', {
      body: { resourceType: 'Patient', name: [{ family: 'Okafor' }] },
    });
    assert.equal(made.status, 201, made.text);
    const patient = made.json<{
      id: string;
      identifier: { system: string; value: string }[];
      meta: { tag: object[] };
    }>();
    assert.match(patient.identifier[0]?.value ?? '', /^[1-9][0-9]{13}$/);
    assert.deepEqual(patient.meta.tag, [{ system: 'urn:medallion:author', code: 'organization' }]);
    clock.nowMs += 1000;
    assert.equal((await it.get(`/fhir/R4/Patient/${patient.id}`)).status, 200);
    const org = await it.call('POST', '/fhir/R4/Organization', {
      body: { resourceType: 'Organization', name: 'Clinic' },
    });
    assert.equal(org.status, 201, org.text);
    const { rows } = await server.pool.query<{ statement: string }>(
      'select statement from entry where patient_id = $1 order by entry_id',
      [patient.id],
    );
    const said = rows.map(
      (row) => JSON.parse(row.statement) as { event: string; who: object; basis: string },
    );
    assert.deepEqual(
      said.map(({ event, who, basis }) => ({ event, who, basis })),
      ['create', 'read'].map((event) => ({
        event,
        who: { account: it.clientId, name: 'Partner', role: 'client' },
        basis: 'client-scope',
      })),
    );
  });

  test('SES-04: a token that expired, was given back, or whose client was disabled fails on the very next request', async () => {
    const invalid = async (it: { get(path: string): Promise<{ status: number; headers: Headers }> }) => {
      const answer = await it.get('/fhir/R4/Patient/x');
      assert.equal(answer.status, 401);
      assert.match(answer.headers.get('www-authenticate') ?? '', /invalid_token/);
    };
    const revoked = await program(server);
    const other = await program(server);
    assert.equal((await revoked.get('/fhir/R4/Patient/x')).status, 404);
    const revoke = (token: string, by: typeof revoked) =>
      revoked.call('POST', '/oauth/revoke', {
        body: new URLSearchParams({ token }).toString(),
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          authorization: basicOf(by.clientId, by.secret),
        },
      });
    assert.equal((await revoke(revoked.token, other)).status, 200);
    assert.equal((await revoked.get('/fhir/R4/Patient/x')).status, 404, 'nobody ends the token of another');
    assert.equal((await revoke(revoked.token, revoked)).status, 200);
    await invalid(revoked);
    const disabled = await program(server);
    assert.equal((await disabled.get('/fhir/R4/Patient/x')).status, 404);
    assert.equal(await endClient(server.deps, desk, disabled.clientId), true);
    await invalid(disabled);
    const again = await askToken(
      newClient(server.url),
      {},
      { authorization: basicOf(disabled.clientId, disabled.secret) },
    );
    assert.equal(again.status, 401);
    assert.equal((await other.get('/fhir/R4/Patient/x')).status, 404);
    clock.nowMs += 901_000;
    await invalid(other);
  });

  test('a token is no session: what is for people asks for a person', async () => {
    const it = await program(server);
    for (const path of ['/api/me', '/api/entries', '/api/sessions', '/api/emergency-card']) {
      const answer = await it.get(path);
      assert.equal(answer.status, 403, `${path} ${answer.text}`);
    }
  });

  test('discovery says where the door is, to anybody, whatever they accept', async () => {
    const client = newClient(server.url);
    const answer = await client.get('/fhir/R4/.well-known/smart-configuration', { accept: 'text/html' });
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
    assert.equal(answer.headers.get('access-control-allow-origin'), '*');
    const body = answer.json<{
      token_endpoint: string;
      grant_types_supported: string[];
      capabilities: string[];
    }>();
    assert.equal(body.token_endpoint, `${server.url}/oauth/token`);
    assert.ok(body.grant_types_supported.includes('client_credentials'));
    assert.ok(body.capabilities.includes('client-confidential-asymmetric'));
    const server8414 = await client.get('/.well-known/oauth-authorization-server');
    assert.equal(server8414.json<{ issuer: string }>().issuer, server.url);
  });
});
