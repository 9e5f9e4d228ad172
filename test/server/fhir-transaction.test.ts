// Transactions: everything or nothing, references inside the Bundle led to what they name, no way around a rule by wrapping.
import assert from 'node:assert/strict';
import { type IncomingMessage, request } from 'node:http';
import { after, before, describe, test } from 'node:test';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import type { BundleBody, OutcomeBody } from '../harness/resources.ts';
import { changed, conditionOf, postEntry, transactionOf, weightOf } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

const [one, two, three] = [
  'urn:uuid:3f1c2d5e-0000-4000-8000-000000000001',
  'urn:uuid:3f1c2d5e-0000-4000-8000-000000000002',
  'urn:uuid:3f1c2d5e-0000-4000-8000-000000000003',
];

describe('a transaction', () => {
  let server: TestServer;
  let asha: Person;
  before(async () => {
    server = await startServer();
    asha = await signUp(server.url);
  });
  after(() => server.stop());

  const send = (body: unknown) => asha.call('POST', '/fhir/R4', { body });

  async function everything(): Promise<string[]> {
    const { rows } = await server.pool.query<{ line: string }>(
      `select resource_type || '/' || resource_id || '/' || version || content as line from resource
       union all select resource_type || '/' || resource_id || '/' || version || content from resource_history
       union all select resource_id || search_keys::text from resource
       union all select entry_id::text from entry where kind = 1 order by 1`,
    );
    return rows.map(({ line }) => line);
  }

  test('creates, changes and deletes in one, and answers in the order of its entries', async () => {
    const [kept, gone] = [
      await asha.create(conditionOf(asha.patientId)),
      await asha.create(conditionOf(asha.patientId)),
    ];
    const answer = await send(
      transactionOf(
        { request: { method: 'DELETE', url: `Condition/${gone.id}`, ifMatch: 'W/"1"' } },
        postEntry(weightOf(asha.patientId)),
        {
          resource: changed(kept.text, { code: { text: 'changed' } }),
          request: { method: 'PUT', url: `Condition/${kept.id}`, ifMatch: 'W/"1"' },
        },
      ),
    );
    assert.equal(answer.status, 200, answer.text);
    const bundle = answer.json<{
      type: string;
      entry: {
        response: { status: string; location?: string; etag: string; extension: { valueUuid: string }[] };
      }[];
    }>();
    assert.equal(bundle.type, 'transaction-response');
    assert.deepEqual(
      bundle.entry.map(({ response }) => [response.status, response.etag]),
      [
        ['204 No Content', 'W/"2"'],
        ['201 Created', 'W/"1"'],
        ['200 OK', 'W/"2"'],
      ],
    );
    assert.equal((await asha.get(`/fhir/R4/${bundle.entry[1]?.response.location}`)).status, 200);
    assert.equal((await asha.get(`/fhir/R4/Condition/${gone.id}`)).status, 410);
    for (const { response } of bundle.entry) {
      const entryId = response.extension[0]?.valueUuid.replace('urn:uuid:', '') ?? '';
      assert.equal(
        (await asha.get(`/api/entries/${entryId}`)).status,
        200,
        'each names its entry in the log',
      );
    }
  });

  test('urn:uuid references lead to what was created, also in circles and before it is named', async () => {
    const subject = { reference: `Patient/${asha.patientId}` };
    const answer = await send(
      transactionOf(
        postEntry(
          { ...weightOf(asha.patientId), hasMember: [{ reference: two }], encounter: { reference: three } },
          one,
        ),
        postEntry(
          { ...weightOf(asha.patientId), hasMember: [{ reference: one, display: 'the other' }] },
          two,
        ),
        postEntry(
          {
            resourceType: 'Encounter',
            status: 'finished',
            class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
            subject,
          },
          three,
        ),
      ),
    );
    assert.equal(answer.status, 200, answer.text);
    const places = (answer.json<BundleBody>().entry ?? []).map(({ response }) => response?.location ?? '');
    const [first, second, third] = places.map((place) => place.replace('/_history/1', ''));
    const stored = await Promise.all(places.map(async (place) => (await asha.get(`/fhir/R4/${place}`)).text));
    assert.ok(stored[0]?.includes(`"hasMember":[{"reference":"${second}"}]`));
    assert.ok(stored[0]?.includes(`"encounter":{"reference":"${third}"}`));
    assert.ok(stored[1]?.includes(`"hasMember":[{"display":"the other","reference":"${first}"}]`));
    const found = await asha.get(`/fhir/R4/Observation?has-member=${first}`);
    assert.equal(found.json<BundleBody>().total, 1, 'what is searched is the reference as stored');
  });

  test('one bad entry anywhere leaves nothing of all the others, and is named', async () => {
    const good = () => postEntry(conditionOf(asha.patientId));
    const kept = await asha.create(conditionOf(asha.patientId));
    const put = (ifMatch: string) => ({
      resource: changed(kept.text, { code: { text: 'changed' } }),
      request: { method: 'PUT', url: `Condition/${kept.id}`, ifMatch },
    });
    const earlier = await everything();
    const bad: [string, unknown, number, RegExp?][] = [
      [
        'invalid',
        postEntry({ ...weightOf(asha.patientId), status: 'x' }),
        422,
        /^Bundle\.entry\[2\]\.resource\.status$/,
      ],
      [
        'a dangling urn',
        postEntry({ ...conditionOf(asha.patientId), encounter: { reference: one } }),
        422,
        /^Bundle\.entry\[2\]\.resource\.encounter$/,
      ],
      [
        'a dangling reference',
        postEntry({ ...conditionOf(asha.patientId), encounter: { reference: 'Encounter/none' } }),
        422,
        /^Bundle\.entry\[2\]/,
      ],
      ['somebody else’s', postEntry(conditionOf('somebody')), 403],
      ['a stale version', put('W/"7"'), 412, /^Bundle\.entry\[2\]/],
      [
        'an absent id',
        {
          resource: { ...conditionOf(asha.patientId), id: 'none' },
          request: { method: 'PUT', url: 'Condition/none' },
        },
        404,
      ],
      ['another id', { resource: conditionOf(asha.patientId), request: { method: 'PUT', url: '' } }, 404],
      [
        'two ids',
        {
          resource: { ...conditionOf(asha.patientId), id: 'other' },
          request: { method: 'PUT', url: `Condition/${kept.id}` },
        },
        400,
      ],
      ['a type that only the server writes', postEntry({ resourceType: 'Provenance' }), 422],
      ['a person', postEntry({ resourceType: 'Patient' }), 403],
      [
        'a GET of nothing',
        { request: { method: 'GET', url: 'Condition/none' } },
        404,
        /^Bundle\.entry\[2\]\.request\.url$/,
      ],
      ['a PATCH', { resource: {}, request: { method: 'PATCH', url: `Condition/${kept.id}` } }, 400],
      [
        'a conditional create',
        {
          ...postEntry(conditionOf(asha.patientId)),
          request: { method: 'POST', url: 'Condition', ifNoneExist: 'nonsense=x' },
        },
        400,
      ],
      ['a condition not understood', { request: { method: 'DELETE', url: 'Condition?nonsense=x' } }, 400],
      ['a method that is none', { request: { method: 'FETCH', url: 'Condition' } }, 400],
      ['an operation', { resource: {}, request: { method: 'POST', url: 'Condition/$validate' } }, 400],
      ['a condition that is empty', { request: { method: 'DELETE', url: 'Condition?' } }, 400],
      [
        'an absolute url',
        {
          ...postEntry(conditionOf(asha.patientId)),
          request: { method: 'POST', url: 'http://other.example/fhir/R4/Condition' },
        },
        400,
      ],
      [
        'a way up',
        { ...postEntry(conditionOf(asha.patientId)), request: { method: 'POST', url: '../R4/Condition' } },
        400,
      ],
      [
        'a create with an id',
        { ...postEntry(conditionOf(asha.patientId)), request: { method: 'POST', url: 'Condition/x' } },
        400,
      ],
      ['a longer url', { request: { method: 'DELETE', url: `Condition/${kept.id}/_history/1` } }, 400],
      [
        'another type',
        { resource: conditionOf(asha.patientId), request: { method: 'POST', url: 'Observation' } },
        400,
      ],
      ['no resource', { request: { method: 'POST', url: 'Condition' } }, 400],
      ['no request', { resource: conditionOf(asha.patientId) }, 400],
      ['no object', 'Condition', 400],
      ['null', null, 400],
      [
        'an ifMatch that is none',
        { ...put('W/"1"'), request: { method: 'PUT', url: `Condition/${kept.id}`, ifMatch: 1 } },
        400,
      ],
      ['a fullUrl that is none', { ...good(), fullUrl: 5 }, 400],
      ['a Bundle in a Bundle', postEntry(transactionOf(postEntry(conditionOf('somebody')))), 403],
    ];
    for (const [what, entry, status, place] of bad) {
      const answer = await send({
        resourceType: 'Bundle',
        type: 'transaction',
        entry: [good(), good(), entry],
      });
      assert.equal(answer.status, status, `${what}: ${answer.text}`);
      assert.equal(answer.json<OutcomeBody>().resourceType, 'OperationOutcome', what);
      if (place) assert.match(answer.json<OutcomeBody>().issue[0]?.expression?.[0] ?? '', place, what);
      assert.deepEqual(await everything(), earlier, `${what} leaves nothing`);
    }
  });

  test('an entry may be given twice only by mistake: both are refused', async () => {
    const kept = await asha.create(conditionOf(asha.patientId));
    const earlier = await everything();
    const put = {
      resource: JSON.parse(kept.text) as unknown,
      request: { method: 'PUT', url: `Condition/${kept.id}` },
    };
    for (const entry of [
      [put, put],
      [put, { request: { method: 'DELETE', url: `Condition/${kept.id}` } }],
      [postEntry(conditionOf(asha.patientId), one), postEntry(conditionOf(asha.patientId), one)],
    ]) {
      const answer = await send({ resourceType: 'Bundle', type: 'transaction', entry });
      assert.deepEqual([answer.status, answer.json<OutcomeBody>().issue[0]?.code], [400, 'duplicate']);
    }
    assert.deepEqual(await everything(), earlier);
  });

  test('what is no transaction is refused', async () => {
    for (const body of [
      conditionOf(asha.patientId),
      { resourceType: 'Bundle' },
      { resourceType: 'Bundle', type: 'collection', entry: [] },
      { resourceType: 'Bundle', type: 'transaction', entry: {} },
      { resourceType: 'Bundle', type: 'transaction', entry: 'x' },
    ]) {
      const answer = await send(body);
      assert.equal(answer.status, 400, answer.text);
    }
    assert.equal((await send(transactionOf())).status, 200, 'an empty one does nothing');
  });

  test('more entries than the limit are refused before any is looked at', async () => {
    const answer = await send(
      transactionOf(...Array.from({ length: 5001 }, () => ({ request: { method: 'GET', url: 'x' } }))),
    );
    assert.deepEqual([answer.status, answer.json<OutcomeBody>().issue[0]?.code], [413, 'too-costly']);
  });

  test('more bytes than the limit are refused, and the limit is stated', async () => {
    const answer = await send(
      `{"resourceType":"Bundle","type":"transaction","x":"${'x'.repeat(16 * 1024 * 1024)}"}`,
    );
    assert.equal(answer.status, 413, answer.text);
    assert.equal(answer.json<OutcomeBody>().resourceType, 'OperationOutcome');
    const { rest } = (await asha.get('/fhir/R4/metadata')).json<{ rest: { documentation: string }[] }>();
    assert.match(rest[0]?.documentation ?? '', /at most 5000 entries and 16 MB/);
  });

  test('while a large transaction is looked at, what others ask is answered', async (context) => {
    // It fails at its very last entry, before anything is stored: all the time between its last byte and its answer is spent on it alone.
    const component = Array.from({ length: 25 }, (_, i) => ({
      code: { coding: [{ system: 'http://loinc.org', code: `${i}` }] },
      valueQuantity: { value: i, unit: 'kg', system: 'http://unitsofmeasure.org', code: 'kg' },
    }));
    const large = postEntry({ ...weightOf(asha.patientId, 1), component });
    const wrong = postEntry({ resourceType: 'Observation', status: 'nonsense' });
    const body = Buffer.from(
      JSON.stringify(transactionOf(...Array.from({ length: 500 }, () => large), wrong)),
    );
    const { host, hostname, port } = new URL(server.url);
    const sent = request({
      hostname,
      port,
      method: 'POST',
      path: '/fhir/R4/',
      headers: {
        host,
        cookie: asha.cookie() ?? '',
        'content-type': 'application/fhir+json',
        'content-length': body.length,
      },
    });
    const answer = new Promise<IncomingMessage>((resolve, reject) => {
      sent.on('response', resolve);
      sent.on('error', reject);
    });
    const other = async () => assert.equal((await asha.get('/healthz')).status, 200);
    // All but its last byte, and time for the server to take it in.
    await new Promise((flushed) => {
      sent.write(body.subarray(0, -1), flushed);
    });
    for (let i = 0; i < 60; i += 1) await other();
    // By this clock each entry takes longer than a slice may: there are as many slices as entries, however fast the machine is.
    let clockMs = performance.now();
    context.mock.method(performance, 'now', () => (clockMs += 1000));
    let status: number | undefined;
    const whole = answer.then((one) => {
      status = one.statusCode;
      one.resume();
    });
    sent.end(body.subarray(-1));
    let before_ = 0;
    for (; status === undefined; before_ += 1) await other();
    await whole;
    assert.equal(status, 422);
    // In one piece it would let by the few that came before it began.
    assert.ok(before_ >= 20, `${before_} others were answered first`);
  });

  test('three hundred resources go in as one', async () => {
    const answer = await send(
      transactionOf(
        ...Array.from({ length: 300 }, (_, index) => postEntry(weightOf(asha.patientId, index + 1))),
      ),
    );
    assert.equal(answer.status, 200);
    const locations = new Set(answer.json<BundleBody>().entry?.map(({ response }) => response?.location));
    assert.equal(locations.size, 300);
  });
});
