// Scopes of apps only ever narrow what their person may: on every path by which data can leave, and for every act (AUTH-02, AUTH-07).
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { AppTokens, TestApp } from '../harness/app.ts';
import {
  approvedApp,
  letIn,
  openQuestion,
  appBrowser,
  authorizeAddress,
  pkce,
  redeem,
  tokensOf,
  withToken,
} from '../harness/app.ts';
import type { Answer, Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { conditionOf } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';
import { insertAuthority } from '../../server/storage/authorities.ts';
import { uuidV7 } from '../../server/storage/uuid.ts';

const category = 'http://terminology.hl7.org/CodeSystem/observation-category';
const laboratory = `patient/Observation.rs?category=${category}|laboratory`;

const observationOf = (patientId: string, kind: string, value: number) => ({
  resourceType: 'Observation',
  status: 'final',
  category: [{ coding: [{ system: category, code: kind }] }],
  code: { text: `${kind} ${value}` },
  subject: { reference: `Patient/${patientId}` },
  valueQuantity: { value },
});

describe('scopes of apps', () => {
  let server: TestServer;
  let asha: Person;
  let mira: Person;
  let app: TestApp;
  const ids = { lab: '', vital: '', condition: '', theirs: '', carePlan: '' };
  before(async () => {
    server = await startServer();
    asha = await signUp(server.url);
    mira = await signUp(server.url, { name: 'Mira Rao' });
    ids.lab = (await asha.create(observationOf(asha.patientId, 'laboratory', 7))).id;
    ids.vital = (await asha.create(observationOf(asha.patientId, 'vital-signs', 71))).id;
    ids.condition = (await asha.create(conditionOf(asha.patientId, 'Canary of a condition'))).id;
    ids.theirs = (await mira.create(conditionOf(mira.patientId, 'Canary of somebody else'))).id;
    ids.carePlan = (
      await asha.create({
        resourceType: 'Encounter',
        status: 'finished',
        class: { code: 'AMB' },
        subject: { reference: `Patient/${asha.patientId}` },
        reasonReference: [{ reference: `Condition/${ids.condition}` }],
      })
    ).id;
    await insertAuthority(server.pool, {
      patientId: mira.patientId,
      authorityId: uuidV7(Date.now(), server.deps.randomBytes),
      basis: 'guardian',
      holderId: asha.accountId,
      level: 'act',
      purpose: 'FAMRQT',
      startsAtMs: Date.now() - 1000,
    });
    app = await approvedApp(server);
  });
  after(() => server.stop());

  const given = (scope: string, patient?: string): Promise<AppTokens> =>
    tokensOf(server, asha, app, { scope }, patient === undefined ? {} : { patient });
  const ask = (tokens: AppTokens, path: string, method = 'GET', body?: unknown): Promise<Answer> =>
    withToken(server, tokens.access_token, method, `/fhir/R4/${path}`, body);
  const found = async (tokens: AppTokens, path: string): Promise<string[]> => {
    const answer = await ask(tokens, path);
    assert.equal(answer.status, 200, `${path} ${answer.text}`);
    const { entry = [] } = answer.json<{ entry?: { resource: { resourceType: string; id: string } }[] }>();
    return entry.map(({ resource }) => `${resource.resourceType}/${resource.id}`).sort();
  };

  test('FHIR-15 a scope with a filter shows what the filter finds, in reads, searches, counts, histories and Bundles', async () => {
    const tokens = await given(laboratory);
    assert.equal(tokens.scope, laboratory);
    assert.deepEqual(await found(tokens, 'Observation'), [`Observation/${ids.lab}`]);
    assert.deepEqual(await found(tokens, `Observation?_id=${ids.lab},${ids.vital}`), [
      `Observation/${ids.lab}`,
    ]);
    assert.deepEqual(await found(tokens, `Patient/${asha.patientId}/Observation`), [
      `Observation/${ids.lab}`,
    ]);
    assert.deepEqual(await found(tokens, `Patient/${asha.patientId}/*`), [`Observation/${ids.lab}`]);
    const count = await ask(tokens, 'Observation?_summary=count');
    assert.equal(count.json<{ total: number }>().total, 1);
    assert.equal((await ask(tokens, `Observation/${ids.lab}`)).status, 200);
    assert.equal((await ask(tokens, `Observation/${ids.lab}/_history`)).status, 200);
    for (const path of [
      `Observation/${ids.vital}`,
      `Observation/${ids.vital}/_history`,
      `Observation/${ids.vital}/_history/1`,
    ]) {
      const hidden = await ask(tokens, path);
      assert.equal(hidden.status, 404, path);
      assert.ok(!hidden.text.includes('vital-signs'));
    }
    const batch = await ask(tokens, '', 'POST', {
      resourceType: 'Bundle',
      type: 'batch',
      entry: [ids.lab, ids.vital].map((id) => ({ request: { method: 'GET', url: `Observation/${id}` } })),
    });
    const { entry } = batch.json<{ entry: { response: { status: string } }[] }>();
    assert.deepEqual(
      entry.map(({ response }) => response.status.slice(0, 3)),
      ['200', '404'],
    );
  });

  test('what a scope does not name leaks by no include, chain, _has, order or summary', async () => {
    const tokens = await given('patient/Observation.rs patient/Encounter.rs');
    const canary = (answer: Answer) => assert.ok(!answer.text.includes('Canary'), answer.text);
    for (const path of [
      'Encounter?_include=*',
      'Encounter?_include=Encounter:reason-reference',
      'Encounter?_include:iterate=Encounter:patient&_revinclude:iterate=Condition:patient',
      'Observation?_revinclude=Condition:patient',
      'Observation?_include=Observation:subject&_revinclude:iterate=Condition:subject',
    ]) {
      const answer = await ask(tokens, path);
      if (answer.status === 200) {
        const { entry = [] } = answer.json<{ entry?: { resource: { resourceType: string } }[] }>();
        for (const { resource } of entry)
          assert.match(resource.resourceType, /^(Observation|Encounter)$/, path);
      } else assert.ok(answer.status >= 400 && answer.status < 500, `${path} ${answer.status}`);
      canary(answer);
    }
    assert.deepEqual(await found(tokens, 'Encounter?reason-reference:Condition.code:text=Canary'), []);
    assert.deepEqual(await found(tokens, 'Encounter?subject:Patient.name=Asha'), []);
    const whole = await given('patient/Patient.rs patient/Observation.rs');
    assert.deepEqual(await found(whole, 'Patient?_has:Condition:patient:code:text=Canary'), []);
    assert.equal((await found(whole, `Patient?_has:Observation:patient:_id=${ids.lab}`)).length, 1);
    const all = await ask(whole, `Patient/${asha.patientId}/$everything`);
    assert.equal(all.status, 200, all.text);
    canary(all);
    const summary = await ask(whole, `Patient/${asha.patientId}/$summary`);
    assert.ok(summary.status < 500, summary.text);
    canary(summary);
    for (const path of [
      'Condition',
      `Condition/${ids.condition}`,
      'Condition/_history',
      `Patient/${asha.patientId}/Condition`,
    ]) {
      const refused = await ask(whole, path);
      assert.equal(refused.status, 403, path);
      canary(refused);
    }
    canary(await ask(whole, '_history'));
    canary(await ask(whole, `?_type=Condition,Observation`));
  });

  test('patient/ is the one record the app was opened for, user/ is every record the person may see', async () => {
    const own = await given('launch/patient patient/*.rs');
    assert.deepEqual(await found(own, 'Condition'), [`Condition/${ids.condition}`]);
    assert.equal((await ask(own, `Condition/${ids.theirs}`)).status, 404);
    const child = await given('launch/patient patient/*.rs', mira.patientId);
    assert.equal(child.patient, mira.patientId);
    assert.deepEqual(await found(child, 'Condition'), [`Condition/${ids.theirs}`]);
    assert.equal((await ask(child, `Condition/${ids.condition}`)).status, 404);
    assert.equal((await ask(child, `Patient/${asha.patientId}`)).status, 404);
    assert.equal((await ask(child, `Condition/${ids.condition}/_history`)).status, 404);
    const { rows } = await server.pool.query<{ statement: string }>(
      `select statement from entry where patient_id = $1 and statement like '%"app"%' order by entry_id desc limit 1`,
      [mira.patientId],
    );
    assert.match(rows[0]?.statement ?? '', /"role":"guardian"/);
    const both = await given('user/Condition.rs');
    assert.deepEqual(
      await found(both, 'Condition'),
      [`Condition/${ids.condition}`, `Condition/${ids.theirs}`].sort(),
    );
    await server.pool.query(
      `update authority set ended_at = now(), ended_why = 'revoked' where holder_id = $1`,
      [asha.accountId],
    );
    assert.deepEqual(await found(both, 'Condition'), [`Condition/${ids.condition}`]);
    assert.equal((await ask(child, `Condition/${ids.theirs}`)).status, 404);
    assert.notEqual((await ask(child, 'Condition')).text.includes('Canary'), true);
  });

  test('acts need their letters, on what stands and on what it would become', async () => {
    const reader = await given('patient/Condition.rs');
    const text = (await ask(reader, `Condition/${ids.condition}`)).json();
    for (const [method, path, body] of [
      ['POST', 'Condition', conditionOf(asha.patientId)],
      ['PUT', `Condition/${ids.condition}`, text],
      ['DELETE', `Condition/${ids.condition}`, undefined],
    ] as const)
      assert.equal((await ask(reader, path, method, body)).status, 403, `${method} ${path}`);
    const onlyReads = await given('patient/Condition.r');
    assert.equal((await ask(onlyReads, `Condition/${ids.condition}`)).status, 200);
    assert.equal((await ask(onlyReads, 'Condition')).status, 403);
    const labWriter = await given(`patient/Observation.cruds?category=${category}|laboratory`);
    const made = await ask(labWriter, 'Observation', 'POST', observationOf(asha.patientId, 'laboratory', 8));
    assert.equal(made.status, 201, made.text);
    const other = await ask(
      labWriter,
      'Observation',
      'POST',
      observationOf(asha.patientId, 'vital-signs', 8),
    );
    assert.equal(other.status, 403, other.text);
    const stored: Record<string, unknown> = made.json();
    const turned = await ask(labWriter, `Observation/${made.json<{ id: string }>().id}`, 'PUT', {
      ...stored,
      category: [{ coding: [{ system: category, code: 'vital-signs' }] }],
    });
    assert.equal(turned.status, 403, turned.text);
    const everything = await given('patient/*.cruds user/*.cruds');
    for (const [method, path, body] of [
      ['POST', 'Condition', conditionOf(mira.patientId)],
      ['POST', 'Consent', { resourceType: 'Consent', patient: { reference: `Patient/${asha.patientId}` } }],
      [
        'POST',
        'Subscription',
        {
          resourceType: 'Subscription',
          status: 'requested',
          reason: 'x',
          criteria: 'Condition?',
          channel: { type: 'websocket' },
        },
      ],
      ['GET', 'Subscription', undefined],
      ['POST', 'Patient', { resourceType: 'Patient' }],
      ['POST', 'Practitioner', { resourceType: 'Practitioner' }],
      ['GET', '$export', undefined],
      ['GET', 'Patient/$export', undefined],
      ['POST', 'Patient/$match', { resourceType: 'Parameters' }],
    ] as const) {
      const answer = await withToken(server, everything.access_token, method, `/fhir/R4/${path}`, body);
      assert.ok(
        [400, 403, 404, 422].includes(answer.status),
        `${method} ${path} ${answer.status} ${answer.text}`,
      );
    }
  });

  test('AUTH-07 an app gets no more than was registered, asked for, given, and its person may', async () => {
    const small = await approvedApp(server, { scope: 'patient/Observation.rs' });
    const code = pkce();
    const scope = 'patient/*.cruds user/*.cruds system/*.* openid offline_access launch/patient';
    const back = await letIn(server, asha, small, code, { scope });
    const answer = await redeem(server, small, back.searchParams.get('code') ?? '', code.verifier);
    assert.equal(answer.status, 200, answer.text);
    const tokens = answer.json<AppTokens>();
    assert.equal(tokens.scope, 'patient/Observation.rs');
    assert.equal(tokens.refresh_token, undefined);
    assert.equal(tokens.id_token, undefined);
    assert.equal((await ask(tokens, 'Condition')).status, 403);
    const changed = { ...observationOf(asha.patientId, 'laboratory', 9), id: ids.lab };
    assert.equal((await ask(tokens, `Observation/${ids.lab}`, 'PUT', changed)).status, 403);
    for (const [method, path] of [
      ['GET', '/api/me'],
      ['GET', '/api/admin/apps'],
      ['GET', '/api/apps'],
      ['GET', '/api/entries'],
      ['GET', '/api/export'],
      ['GET', '/api/emergency-card'],
      ['POST', '/api/app-registrations'],
      ['POST', '/api/grants'],
    ] as const) {
      const refused = await withToken(
        server,
        tokens.access_token,
        method,
        path,
        method === 'POST' ? {} : undefined,
      );
      assert.ok([400, 403].includes(refused.status), `${path} ${refused.status}`);
    }
    const browser = appBrowser(server, asha);
    const { requestId } = await openQuestion(browser, authorizeAddress(server, small, pkce(), { scope }));
    for (const body of [
      { patient: asha.patientId, scopes: ['patient/*.rs'], comesBack: false },
      { patient: asha.patientId, scopes: ['patient/Observation.cruds'], comesBack: false },
      { patient: asha.patientId, scopes: ['user/Observation.rs'], comesBack: false },
      { patient: asha.patientId, scopes: ['nonsense'], comesBack: false },
      { patient: 'somebody-else', scopes: ['patient/Observation.rs'], comesBack: false },
      { patient: mira.patientId, scopes: ['patient/Observation.rs'], comesBack: false },
      { patient: asha.patientId, scopes: 'patient/Observation.rs', comesBack: false },
      {},
    ]) {
      const refused = await browser.go(`/api/app-requests/${requestId}/allow`, {
        method: 'POST',
        body: JSON.stringify(body),
      });
      assert.ok([400, 404].includes(refused.status), `${JSON.stringify(body)} ${refused.status}`);
    }
  });

  test('the person narrows what is given, and the answer says so', async () => {
    const tokens = await tokensOf(
      server,
      asha,
      app,
      { scope: 'launch/patient offline_access patient/*.cruds' },
      { scopes: ['patient/Condition.rs', laboratory], comesBack: false },
    );
    assert.equal(tokens.scope, `launch/patient patient/Condition.rs ${laboratory}`);
    assert.equal(tokens.refresh_token, undefined);
    assert.deepEqual(await found(tokens, 'Condition'), [`Condition/${ids.condition}`]);
    assert.equal((await ask(tokens, 'Encounter')).status, 403);
    const v1 = await given('patient/Condition.read patient/Observation.*');
    assert.equal((await ask(v1, 'Condition')).status, 200);
    assert.equal((await ask(v1, `Condition/${ids.condition}`, 'DELETE')).status, 403);
  });

  test('AUTH-02 what is no access token of ours opens nothing', async () => {
    const tokens = await given('openid fhirUser offline_access patient/*.rs');
    const [head = '', body = ''] = tokens.id_token?.split('.') ?? [];
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    for (const token of [
      tokens.id_token ?? '',
      tokens.refresh_token ?? '',
      `${none}.${body}.`,
      `${head}.${body}.AAAA`,
      `${tokens.access_token}x`,
      tokens.access_token.slice(0, -1),
      tokens.access_token.toUpperCase(),
      "' or 1=1--",
      '../../dev/null',
    ]) {
      const answer = await withToken(server, token, 'GET', `/fhir/R4/Patient/${asha.patientId}`);
      assert.equal(answer.status, 401, token.slice(0, 20));
      assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer/);
    }
  });
});
