// Shared checks of records and access that no other file holds: nothing given is nothing seen, an administrator is no reader, a
// program stays inside its scope, hostile text stays text, closed accounts are out. Named by their ids.
import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { recordScopes } from '../../core/access/decide.ts';
import { makeCode } from '../../server/http/one-time-code.ts';
import { insertAuthority } from '../../server/storage/authorities.ts';
import { SearchSql } from '../../server/storage/search-sql.ts';
import type { Client, Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import type { Clinician } from '../harness/clinician.ts';
import { signUpClinician } from '../harness/clinician.ts';
import { program } from '../harness/program.ts';
import type { BundleBody } from '../harness/resources.ts';
import { conditionOf, postEntry, transactionOf, weightOf } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';
import { provedTwice } from '../harness/staff.ts';

const mark = 'canary-record-51c0de77aa90';

describe('records and access', () => {
  let server: TestServer;
  let asha: Person;
  let beena: Person;
  let doctor: Clinician;
  before(async () => {
    server = await startServer();
    asha = await signUp(server.url, { name: mark });
    beena = await signUp(server.url);
    doctor = await signUpClinician(server.url, server.pool);
    await asha.create(conditionOf(asha.patientId, mark));
  });
  after(() => server.stop());

  const letIn = async (
    who: Person,
    share: { categories?: readonly 'conditions'[] } = {},
  ): Promise<string> => {
    const authorityId = randomUUID();
    await insertAuthority(server.pool, {
      patientId: asha.patientId,
      authorityId,
      basis: 'grant',
      holderId: who.accountId,
      coverage: { sealed: false, ...share },
      purpose: 'TREAT',
      startsAtMs: Date.now() - 1000,
      endsAtMs: Date.now() + 3_600_000,
    });
    return authorityId;
  };
  const entriesOf = async (who: Client, path: string) =>
    JSON.stringify((await who.get(`/fhir/R4/${path}`)).json<BundleBody>().entry ?? []);

  test('CON-04: whoever was given nothing, or nothing any more, finds nothing: never all', async () => {
    const sql = new SearchSql(() => []);
    assert.match(sql.rows('r', 'Condition', { kind: 'and', of: [] }).where, /^false\b/);
    assert.deepEqual(
      recordScopes({ kind: 'person', patientId: 'me', authorities: [] }, 'Condition').map(
        (one) => one.patientId,
      ),
      ['me'],
    );
    const id = await letIn(doctor);
    assert.ok((await entriesOf(doctor, 'Condition')).includes(mark), 'the grant opens it');
    await server.pool.query(
      `update authority set ended_at = now(), ended_why = 'revoked' where authority_id = $1`,
      [id],
    );
    for (const who of [doctor, beena]) {
      const types = [
        'Condition',
        'Observation',
        'Patient',
        '?_type=Condition,Patient',
        'Condition/_history',
        '_history',
      ];
      for (const type of types) assert.ok(!(await entriesOf(who, type)).includes(mark), type);
      for (const path of [`Patient/${asha.patientId}/$everything`, `Patient/${asha.patientId}/$summary`])
        assert.equal((await who.get(`/fhir/R4/${path}`)).status, 404, path);
      assert.equal((await who.get('/fhir/R4/$export', { prefer: 'respond-async' })).status, 403);
    }
  });

  test('CON-16: an administrator reads no record, and nobody else administers', async () => {
    const admin = await signUp(server.url);
    await server.pool.query(`update account set roles = '{administrator}' where account_id = $1`, [
      admin.accountId,
    ]);
    await provedTwice(server.pool, admin.accountId);
    for (const path of [
      `Patient/${asha.patientId}`,
      `Patient/${asha.patientId}/$everything`,
      `Patient/${asha.patientId}/_history`,
    ])
      assert.equal((await admin.get(`/fhir/R4/${path}`)).status, 404, path);
    for (const path of ['Condition', 'Patient', `Patient/${asha.patientId}/Condition`, '_history'])
      assert.ok(!(await entriesOf(admin, path)).includes(mark), path);
    assert.equal((await admin.get('/fhir/R4/$export', { prefer: 'respond-async' })).status, 403);
    assert.equal((await admin.get(`/api/grants?patient=${asha.patientId}`)).status, 404);
    const forAdministrators = server.routes.filter((route) => route.includes(' /api/admin/'));
    for (const route of forAdministrators) {
      const [method = '', url = ''] = route.split(' ');
      const asked = ['GET', 'HEAD', 'DELETE'].includes(method) ? {} : { body: {} };
      for (const who of [asha, doctor]) {
        const answer = await who.call(method, url.replace(/:[a-z]+/gi, randomUUID()), asked);
        assert.ok([400, 403, 404].includes(answer.status), `${route}: ${answer.status}`);
      }
    }
    assert.ok(!server.routes.some((route) => /impersonat/.test(route)), 'nobody becomes somebody else');
  });

  test('CON-17: a link between two Patients opens neither of them to whoever may see the other', async () => {
    await letIn(doctor);
    const stands = await asha.get(`/fhir/R4/Patient/${asha.patientId}`);
    const linked = await asha.call('PUT', `/fhir/R4/Patient/${asha.patientId}`, {
      body: {
        ...stands.json<object>(),
        link: [{ other: { reference: `Patient/${beena.patientId}` }, type: 'replaced-by' }],
      },
    });
    assert.ok([200, 422].includes(linked.status), linked.text);
    await program(server).then(async (partner) => {
      const forced = await partner.call('PUT', `/fhir/R4/Patient/${asha.patientId}`, {
        body: {
          ...stands.json<object>(),
          link: [{ other: { reference: `Patient/${beena.patientId}` }, type: 'seealso' }],
        },
      });
      assert.ok([200, 422].includes(forced.status), forced.text);
    });
    assert.equal((await doctor.get(`/fhir/R4/Patient/${asha.patientId}`)).status, 200);
    assert.equal((await doctor.get(`/fhir/R4/Patient/${beena.patientId}`)).status, 404);
    assert.equal((await beena.get(`/fhir/R4/Patient/${asha.patientId}`)).status, 404);
    const found = await entriesOf(doctor, `Patient?_id=${asha.patientId}&_include=Patient:link`);
    assert.ok(found.includes(asha.patientId) && !found.includes(`Patient/${beena.patientId}","resource`));
  });

  test('FHIR-01: an include brings nothing from another record, whatever a program once wrote there', async () => {
    const partner = await program(server);
    const theirs = await beena.create({
      ...weightOf(beena.patientId),
      note: [{ text: 'canary-of-beena-1' }],
    });
    const made = await partner.call('POST', '/fhir/R4/Observation', {
      body: {
        ...weightOf(asha.patientId),
        hasMember: [{ reference: `Observation/${theirs.id}` }],
        focus: [{ reference: `Observation/${theirs.id}` }],
        performer: [{ reference: `Patient/${beena.patientId}` }],
      },
    });
    assert.equal(made.status, 201, made.text);
    const { id } = made.json<{ id: string }>();
    for (const include of [
      '*',
      'Observation:*',
      'Observation:has-member',
      'Observation:focus',
      'Observation:performer',
    ])
      for (const kind of ['_include', '_include:iterate', '_revinclude'].filter(
        (one) => one !== '_revinclude' || include === 'Observation:has-member',
      )) {
        const answer = await asha.get(`/fhir/R4/Observation?_id=${id}&${kind}=${include}`);
        if (answer.status === 400) continue;
        const { entry = [], total } = answer.json<BundleBody>();
        assert.equal(total, 1, include);
        assert.ok(!JSON.stringify(entry).includes('canary-of-beena'), include);
        assert.ok(
          entry.every(({ fullUrl }) => fullUrl?.endsWith(theirs.id) !== true),
          include,
        );
      }
  });

  test('FHIR-08: what is refused alone is refused inside a batch, and a transaction with it writes nothing', async () => {
    const hidden = await asha.create(conditionOf(asha.patientId, mark));
    const url = `Condition/${hidden.id}`;
    const requests = [
      { request: { method: 'GET', url } },
      { request: { method: 'GET', url: `${url}/_history/1` } },
      { request: { method: 'GET', url: `${url}/_history` } },
      { request: { method: 'GET', url: `Patient/${asha.patientId}` } },
      { request: { method: 'GET', url: `${server.url}/fhir/R4/${url}` } },
      { request: { method: 'GET', url: `Condition/x/../${hidden.id}` } },
      { request: { method: 'DELETE', url } },
      { request: { method: 'PUT', url }, resource: { ...conditionOf(beena.patientId), id: hidden.id } },
      { fullUrl: `${server.url}/fhir/R4/${url}`, ...postEntry(conditionOf(asha.patientId)) },
      postEntry({ resourceType: 'Bundle', type: 'batch', entry: [{ request: { method: 'GET', url } }] }),
    ];
    const batch = await beena.call('POST', '/fhir/R4', {
      body: { resourceType: 'Bundle', type: 'batch', entry: requests },
    });
    assert.equal(batch.status, 200, batch.text);
    for (const [i, entry] of (batch.json<BundleBody>().entry ?? []).entries())
      assert.match(entry.response?.status ?? '', /^4\d\d/, JSON.stringify(requests[i]));
    assert.ok(!batch.text.includes(mark));
    for (const request of requests) {
      const good = postEntry(conditionOf(beena.patientId, 'in a transaction'));
      const answer = await beena.call('POST', '/fhir/R4', { body: transactionOf(good, request) });
      assert.ok(answer.status >= 400 && answer.status < 500, `${JSON.stringify(request)}: ${answer.status}`);
      assert.ok(!answer.text.includes(mark));
    }
    assert.ok(!(await entriesOf(beena, 'Condition?_count=100')).includes('in a transaction'));
    assert.equal((await asha.get(`/fhir/R4/${url}`)).text, hidden.text);
  });

  test('FHIR-09: a condition that meets something hidden is answered like one that meets nothing', async () => {
    const value = 'X-77-hidden';
    await asha.create({ ...conditionOf(asha.patientId), identifier: [{ system: 'urn:sys', value }] });
    const ask = async (wanted: string) => {
      const condition = `identifier=urn:sys|${wanted}`;
      const body = conditionOf(beena.patientId);
      const answers = [
        await beena.call('PUT', `/fhir/R4/Condition?${condition}`, {
          body,
          headers: { 'if-match': 'W/"9"' },
        }),
        await beena.call('PATCH', `/fhir/R4/Condition?${condition}`, {
          body: [{ op: 'test', path: '/resourceType', value: 'x' }],
          headers: { 'content-type': 'application/json-patch+json' },
        }),
        await beena.call('DELETE', `/fhir/R4/Condition?${condition}`),
        await beena.call('POST', '/fhir/R4', {
          body: transactionOf(postEntry({ ...body, subject: { reference: `Patient?${condition}` } })),
        }),
        await beena.call('POST', '/fhir/R4/Condition', { body, headers: { 'if-none-exist': condition } }),
      ];
      return answers.map(({ status, text, headers }) => [
        status,
        [...headers.keys()].filter((name) => name !== 'date').toSorted(),
        status === 201 ? '' : text,
      ]);
    };
    assert.deepEqual(await ask(value), await ask('X-78-nobodys'));
    assert.ok(
      (await entriesOf(asha, `Condition?identifier=urn:sys|${value}`)).includes(value),
      'nothing became of it',
    );
  });

  const unsafe = [
    '<script>alert(1)</script>',
    '<img src="x" onerror="alert(1)"/>',
    '<svg><script>alert(1)</script></svg>',
    '<math><mtext>x</mtext></math>',
    '<iframe src="https://evil.example"></iframe>',
    '<base href="https://evil.example"/>',
    '<form action="https://evil.example"><input/></form>',
    '<meta http-equiv="refresh" content="0"/>',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt&#58;alert(1)">x</a>',
    '<a href="data:text/html,x">x</a>',
    '<p style="background:url(https://evil.example/x)">x</p>',
    '<p onclick="alert(1)">x</p>',
    '<style>p{background:url(https://evil.example)}</style>',
    '<object data="x"></object>',
    '<embed src="x"/>',
    '<link rel="stylesheet" href="https://evil.example"/>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">x</p></noscript>',
    '<!--><img src=x onerror=alert(1)>-->',
    '<p>x</p><![CDATA[<script>alert(1)</script>]]>',
    '<?xml-stylesheet href="x"?>',
    '<p xmlns:x="http://www.w3.org/2000/svg"><x:script>alert(1)</x:script></p>',
  ];
  test('WEB-02: a narrative that could do anything but be read is refused, in each place where one can stand', async () => {
    for (const inside of unsafe) {
      const text = { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${inside}</div>` };
      const bodies = [
        { ...conditionOf(asha.patientId), text },
        {
          ...conditionOf(asha.patientId),
          contained: [{ resourceType: 'Practitioner', id: 'p', text }],
          asserter: { reference: '#p' },
        },
      ];
      for (const body of bodies) {
        const answer = await asha.call('POST', '/fhir/R4/Condition', { body });
        assert.equal(answer.status, 422, inside);
        assert.ok(!answer.text.includes('evil.example'), 'the refusal repeats nothing');
      }
      const wrapped = await asha.call('POST', '/fhir/R4', {
        body: transactionOf(postEntry(bodies[0] ?? {})),
      });
      assert.equal(wrapped.status, 422, inside);
    }
  });

  test('WEB-04: what looks like markup in a text is kept as text, and every answer with it is JSON that no browser shows', async () => {
    for (const note of [
      '[x](javascript:alert(1))',
      '![](https://canary.example/x.png)',
      '<b onclick=alert(1)>x</b>',
      'https://evil.example',
    ]) {
      const made = await asha.create({ ...conditionOf(asha.patientId), note: [{ text: note }] });
      const read = await asha.get(`/fhir/R4/Condition/${made.id}`, { accept: 'text/html, */*' });
      assert.match(read.headers.get('content-type') ?? '', /^application\/fhir\+json/);
      assert.equal(read.headers.get('x-content-type-options'), 'nosniff');
      assert.equal(read.json<{ note: { text: string }[] }>().note[0]?.text, note);
    }
    // A narrative may name a picture elsewhere (R4): no page of ours fetches one, so that nobody learns when a record is read.
    const page = await server.app.inject({ method: 'GET', url: '/' });
    assert.match(String(page.headers['content-security-policy']), /img-src 'self' data: blob:;/);
  });

  test('OTP-09: codes are six digits, each as likely in each place, and tell nothing of the next', () => {
    // Bytes that are as good as drawn by chance, and the same in every run: what is judged is what becomes of them.
    let drawn = 0;
    const bytes = (count: number) =>
      new Uint8Array(createHash('sha256').update(`${drawn++}`).digest().subarray(0, count));
    const codes = Array.from({ length: 10_000 }, () => makeCode(bytes));
    assert.ok(codes.every((code) => /^\d{6}$/.test(code)));
    for (let place = 0; place < 6; place += 1) {
      const counts = Array<number>(10).fill(0);
      for (const code of codes) counts[Number(code[place])] = (counts[Number(code[place])] ?? 0) + 1;
      const chiSquare = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
      // Nine degrees of freedom: by chance above 43 once in half a million.
      assert.ok(chiSquare < 43, `place ${place}: ${chiSquare}`);
    }
    const values = codes.map(Number);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const spread = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const next = values
      .slice(1)
      .reduce((sum, value, i) => sum + (value - mean) * ((values[i] ?? 0) - mean), 0);
    assert.ok(Math.abs(next / spread) < 0.05, 'one code says something about the next');
    // Numbers from 2^32 − 2^32 mod 10^6 on would make small codes likelier: they are drawn again.
    const tooLate = [Buffer.from([255, 255, 255, 255]), Buffer.from([0, 0, 0, 7])];
    assert.equal(
      makeCode(() => new Uint8Array(tooLate.shift() ?? [])),
      '000007',
    );
  });

  test('SES-01: the cookie of a session is bound to this host, out of reach of scripts, and for this site alone', async () => {
    const answer = await server.app.inject({
      method: 'POST',
      url: '/api/sessions',
      payload: { login: beena.login, password: 'copper lantern 73 rain' },
    });
    assert.equal(answer.statusCode, 201, answer.body);
    const cookie = String(answer.headers['set-cookie']);
    assert.match(cookie, /^__Host-session=[\w-]{43}; /);
    for (const attribute of ['HttpOnly', 'Secure', 'Path=/', 'SameSite=Lax'])
      assert.ok(cookie.includes(attribute), cookie);
    assert.ok(!/domain=/i.test(cookie));
    const token = /=([\w-]{43})/.exec(cookie)?.[1] ?? '';
    assert.ok(!answer.body.includes(token), 'no script is told');
  });

  test('SES-04: a closed account and a lost licence count from the very next request on', async () => {
    const colleague = await signUpClinician(server.url, server.pool);
    await letIn(colleague);
    const path = `/fhir/R4/Patient/${asha.patientId}`;
    assert.equal((await colleague.get(path)).status, 200);
    await server.pool.query(`update organization_member set ended_at = now() where account_id = $1`, [
      colleague.accountId,
    ]);
    assert.equal((await colleague.get(path)).status, 404);
    const { rowCount } = await server.pool.query(
      `update account set disabled_at = now() where account_id = $1`,
      [colleague.accountId],
    );
    assert.equal(rowCount, 1);
    for (const url of ['/api/me', path, '/fhir/R4/Condition', '/api/sessions'])
      assert.equal((await colleague.get(url)).status, 401, url);
    const again = { body: { login: colleague.login, password: 'copper lantern 73 rain' } };
    assert.ok([401, 403].includes((await colleague.call('POST', '/api/sessions', again)).status));
  });
});
