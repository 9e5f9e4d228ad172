// One person and their own resources through the FHIR door: what is stored is what was sent, versions are counted, nothing of
// the client's is believed about who wrote it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { canonicalJson, parseJson } from '../../core/fhir/json.ts';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import type { BundleBody, OutcomeBody } from '../harness/resources.ts';
import { changed, conditionOf, weightText } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

describe('a resource of one’s own', () => {
  let server: TestServer;
  let asha: Person;
  before(async () => {
    server = await startServer();
    asha = await signUp(server.url);
  });
  after(() => server.stop());

  const put = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    asha.call('PUT', `/fhir/R4/${path}`, { body, headers });

  test('CON-09: id, version, time and author tag are the server’s; what the client says of them is dropped', async () => {
    const answer = await asha.call('POST', '/fhir/R4/Condition', {
      body: {
        ...conditionOf(asha.patientId),
        id: 'chosen-by-me',
        meta: {
          versionId: '99',
          lastUpdated: '2001-01-01T00:00:00Z',
          profile: ['http://hl7.org/fhir/uv/ips/StructureDefinition/Condition-uv-ips'],
          tag: [
            { system: 'urn:medallion:author', code: 'professional' },
            { system: 'urn:medallion:author', code: 'organization', display: 'City Hospital' },
            { system: 'urn:example', code: 'mine' },
          ],
        },
      },
    });
    assert.equal(answer.status, 201);
    const stored = answer.json<{ id: string; meta: Record<string, unknown> }>();
    assert.match(stored.id, /^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    assert.equal(stored.meta['versionId'], '1');
    assert.ok(String(stored.meta['lastUpdated']) > '2026');
    assert.deepEqual(stored.meta['profile'], [
      'http://hl7.org/fhir/uv/ips/StructureDefinition/Condition-uv-ips',
    ]);
    assert.deepEqual(stored.meta['tag'], [
      { system: 'urn:example', code: 'mine' },
      { system: 'urn:medallion:author', code: 'patient' },
    ]);
    assert.equal(answer.headers.get('location'), `${server.url}/fhir/R4/Condition/${stored.id}/_history/1`);
    assert.equal(answer.headers.get('etag'), 'W/"1"');
    assert.ok(answer.headers.get('last-modified'));
    assert.match(answer.headers.get('ledger-entry') ?? '', /^[0-9a-f-]{36}$/);
    assert.match(answer.headers.get('content-type') ?? '', /^application\/fhir\+json/);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
  });

  test('an update keeps the author tag the server’s too', async () => {
    const made = await asha.create(conditionOf(asha.patientId));
    const answer = await put(
      `Condition/${made.id}`,
      changed(made.text, { meta: { tag: [{ system: 'urn:medallion:author', code: 'professional' }] } }),
    );
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.json<{ meta: { tag: unknown } }>().meta.tag, [
      { system: 'urn:medallion:author', code: 'patient' },
    ]);
  });

  test('what is read is byte for byte what was answered, canonical, with decimals as written and arrays in order', async () => {
    for (const value of ['71.10', '1e2', '0.0', '-0', '12345678901234567.890', '71']) {
      const answer = await asha.call('POST', '/fhir/R4/Observation', {
        body: weightText(asha.patientId, value).replace(
          '"status"',
          '"note":[{"text":"z"},{"text":"é \\u0928"},{"text":"a"}],"status"',
        ),
      });
      assert.equal(answer.status, 201, answer.text);
      const { id } = answer.json<{ id: string }>();
      assert.ok(answer.text.includes(`"value":${value}}`), `${value} stays ${value}`);
      assert.ok(answer.text.includes('"note":[{"text":"z"},{"text":"é न"},{"text":"a"}]'));
      assert.equal(canonicalJson(parseJson(answer.text)), answer.text);
      const [read, vread, history, search] = await Promise.all([
        asha.get(`/fhir/R4/Observation/${id}`),
        asha.get(`/fhir/R4/Observation/${id}/_history/1`),
        asha.get(`/fhir/R4/Observation/${id}/_history`),
        asha.get(`/fhir/R4/Observation?_id=${id}`),
      ]);
      assert.deepEqual(read.bytes, answer.bytes);
      assert.deepEqual(vread.bytes, answer.bytes);
      assert.ok(history.text.includes(answer.text));
      assert.ok(search.text.includes(answer.text));
      const { rows } = await server.pool.query('select content from resource where resource_id = $1', [id]);
      assert.equal((rows[0] as { content: string }).content, answer.text);
    }
  });

  test('each write is one more version; earlier ones stay readable as they were', async () => {
    const made = await asha.create(conditionOf(asha.patientId, 'first'));
    const path = `/fhir/R4/Condition/${made.id}`;
    const second = await put(`Condition/${made.id}`, changed(made.text, { code: { text: 'second' } }));
    assert.deepEqual([second.status, second.headers.get('etag')], [200, 'W/"2"']);
    assert.notEqual(second.headers.get('ledger-entry'), made.entryId);
    const third = await put(`Condition/${made.id}`, changed(made.text, { code: { text: 'third' } }), {
      'if-match': 'W/"2"',
    });
    assert.deepEqual([third.status, third.headers.get('etag')], [200, 'W/"3"']);
    for (const [version, text] of [made.text, second.text, third.text].entries()) {
      const old = await asha.get(`${path}/_history/${version + 1}`);
      assert.deepEqual([old.status, old.text, old.headers.get('etag')], [200, text, `W/"${version + 1}"`]);
    }
    const gone = await asha.call('DELETE', path);
    assert.deepEqual([gone.status, gone.text, gone.headers.get('etag')], [204, '', 'W/"4"']);
    assert.ok(gone.headers.get('ledger-entry'));
    const read = await asha.get(path);
    assert.deepEqual([read.status, read.json<OutcomeBody>().issue[0]?.code], [410, 'deleted']);
    assert.equal((await asha.get(`${path}/_history/4`)).status, 410);
    assert.equal((await asha.get(`${path}/_history/3`)).text, third.text);
    assert.equal((await asha.get(`/fhir/R4/Condition?_id=${made.id}`)).json<BundleBody>().total, 0);
    const history = (await asha.get(`${path}/_history`)).json<{
      total: number;
      entry: { request: { method: string } }[];
    }>();
    assert.equal(history.total, 4);
    assert.deepEqual(
      history.entry.map(({ request }) => request.method),
      ['DELETE', 'PUT', 'PUT', 'POST'],
    );
    const again = await asha.call('DELETE', path);
    assert.deepEqual([again.status, again.headers.get('etag')], [204, 'W/"4"'], 'deleting twice is once');
    const back = await put(`Condition/${made.id}`, changed(made.text, { code: { text: 'back' } }));
    assert.deepEqual([back.status, back.headers.get('etag')], [200, 'W/"5"']);
    for (const absent of ['6', '0', '01', '-1', 'x', '99999999999999999999'])
      assert.equal((await asha.get(`${path}/_history/${absent}`)).status, 404, absent);
  });

  test('If-Match takes exactly the version that stands; anything stale is 412 and changes nothing', async () => {
    const made = await asha.create(conditionOf(asha.patientId));
    const body = changed(made.text, { code: { text: 'changed' } });
    for (const stale of ['W/"2"', 'W/"999999999"']) {
      const answer = await put(`Condition/${made.id}`, body, { 'if-match': stale });
      assert.deepEqual([answer.status, answer.json<OutcomeBody>().issue[0]?.code], [412, 'conflict']);
    }
    for (const junk of ['*', '1', 'W/"0"', 'W/"1", W/"2"', '""', 'W/"one"']) {
      const answer = await put(`Condition/${made.id}`, body, { 'if-match': junk });
      assert.equal(answer.status, 400, junk);
    }
    assert.equal((await asha.get(`/fhir/R4/Condition/${made.id}`)).text, made.text);
    const stale = await asha.call('DELETE', `/fhir/R4/Condition/${made.id}`, {
      headers: { 'if-match': 'W/"7"' },
    });
    assert.equal(stale.status, 412);
    assert.equal((await put(`Condition/${made.id}`, body, { 'if-match': 'W/"1"' })).status, 200);
  });

  test('an unchanged resource is not sent again', async () => {
    const made = await asha.create(conditionOf(asha.patientId));
    const path = `/fhir/R4/Condition/${made.id}`;
    const same = await asha.get(path, { 'if-none-match': 'W/"1"' });
    assert.deepEqual([same.status, same.text], [304, '']);
    assert.equal((await asha.get(path, { 'if-none-match': 'W/"2"' })).status, 200);
  });

  test('Prefer: return=minimal answers without the resource', async () => {
    const answer = await asha.call('POST', '/fhir/R4/Condition', {
      body: conditionOf(asha.patientId),
      headers: { prefer: 'return=minimal' },
    });
    assert.deepEqual([answer.status, answer.text], [201, '']);
    assert.ok(answer.headers.get('location') && answer.headers.get('ledger-entry'));
  });

  test('what the server does not offer is refused by name, not ignored', async () => {
    const made = await asha.create(conditionOf(asha.patientId));
    const body = conditionOf(asha.patientId);
    const table: [string, string, number, { body?: unknown; headers?: Record<string, string> }][] = [
      ['PUT', 'Condition/no-such-id', 404, { body: { ...body, id: 'no-such-id' } }],
      ['PUT', `Condition/${made.id}`, 400, { body }],
      ['PUT', `Condition/${made.id}`, 400, { body: { ...body, id: 'another' } }],
      ['PUT', `Observation/${made.id}`, 400, { body: { ...body, id: made.id } }],
      ['POST', 'Condition', 400, { body, headers: { 'if-none-exist': 'nonsense=x' } }],
      ['POST', 'Condition', 400, { body, headers: { 'if-none-exist': '' } }],
      ['POST', 'Condition', 400, { body, headers: { 'x-provenance': '{}' } }],
      ['POST', 'Condition?code=x', 400, { body }],
      ['GET', `Condition/${made.id}?code=x`, 400, {}],
      ['POST', 'Observation', 400, { body }],
      ['POST', 'Conditio', 404, { body }],
      ['PUT', 'Condition', 400, { body }],
      ['POST', `Condition/${made.id}`, 405, { body }],
      ['DELETE', 'Condition', 400, {}],
      ['PATCH', `Condition/${made.id}`, 400, { body: [] }],
      ['POST', 'Condition/_search', 415, { body }],
      ['GET', `Condition/${made.id}/Observation`, 400, {}],
      ['GET', `Condition/${made.id}/_history?_sort=_id`, 400, {}],
      ['GET', 'Condition/a b', 404, {}],
      ['GET', 'Observation/' + made.id, 404, {}],
      ['GET', 'toString/x', 404, {}],
      ['GET', '__proto__/x', 404, {}],
      ['DELETE', `Patient/${asha.patientId}`, 405, {}],
      ['POST', 'Patient', 403, { body: { resourceType: 'Patient' } }],
      ['POST', 'AuditEvent', 403, { body: auditEvent(asha.patientId) }],
      ['POST', 'Practitioner', 403, { body: { resourceType: 'Practitioner', active: true } }],
    ];
    for (const [method, path, status, call] of table) {
      const answer = await asha.call(method, `/fhir/R4/${path}`, call);
      assert.equal(answer.status, status, `${method} ${path}: ${answer.text}`);
      assert.equal(answer.json<OutcomeBody>().resourceType, 'OperationOutcome');
      assert.ok(answer.json<OutcomeBody>().issue[0]?.diagnostics, `${method} ${path} says why`);
    }
  });

  test('nobody changes their UHID or alias by writing their Patient', async () => {
    const path = `/fhir/R4/Patient/${asha.patientId}`;
    const earlier = await asha.get(path);
    const uhid = { system: 'urn:medallion:uhid', value: asha.uhid };
    for (const identifier of [
      undefined,
      [{ system: 'urn:medallion:uhid', value: '10000000000009' }],
      [
        { system: 'urn:medallion:alias', value: 'somebody.else' },
        { system: 'urn:medallion:uhid', value: '10000000000009' },
        { system: 'urn:medallion:uhid', value: asha.uhid },
        { system: 'http://hospital.example/mrn', value: '77' },
      ],
    ]) {
      const { identifier: _former, ...rest } = earlier.json();
      const answer = await put(`Patient/${asha.patientId}`, {
        ...rest,
        ...(identifier ? { identifier } : {}),
        birthDate: '1990-04-01',
      });
      assert.equal(answer.status, 200, answer.text);
      const stored = answer.json<{ identifier: { system: string; value: string }[]; birthDate: string }>();
      assert.deepEqual(
        stored.identifier.filter(({ system }) => system.startsWith('urn:medallion:')),
        [uhid],
      );
      assert.equal(
        stored.identifier.length,
        identifier?.length === 4 ? 2 : 1,
        'what is the person’s own stays',
      );
      assert.equal(stored.birthDate, '1990-04-01');
    }
  });

  test('a resource without a person, with two, or pointing nowhere is refused with the place', async () => {
    const subject = { reference: `Patient/${asha.patientId}` };
    const table: [Record<string, unknown>, string][] = [
      [{ resourceType: 'AllergyIntolerance', patient: { display: 'nobody' } }, 'AllergyIntolerance'],
      [{ ...conditionOf(asha.patientId), encounter: { reference: 'Encounter/none' } }, 'Condition.encounter'],
      [
        { ...conditionOf(asha.patientId), asserter: { reference: 'Practitioner/none' } },
        'Condition.asserter',
      ],
      [
        {
          ...conditionOf(asha.patientId),
          asserter: { reference: 'urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a' },
        },
        'Condition.asserter',
      ],
      [
        {
          resourceType: 'List',
          status: 'current',
          mode: 'working',
          subject,
          entry: [{ item: subject }, { item: { reference: 'Condition/none' } }],
        },
        'List.entry[1].item',
      ],
    ];
    for (const [body, expression] of table) {
      const answer = await asha.call('POST', `/fhir/R4/${String(body['resourceType'])}`, { body });
      assert.equal(answer.status, 422, answer.text);
      assert.deepEqual(answer.json<OutcomeBody>().issue[0]?.expression, [expression]);
    }
    const foreign = await asha.create({
      ...conditionOf(asha.patientId),
      asserter: { reference: 'https://hospital.example/fhir/Practitioner/9', display: 'Dr Iyer' },
      recorder: { reference: `${server.url}/fhir/R4/Patient/${asha.patientId}` },
    });
    assert.ok(foreign.text.includes('https://hospital.example/fhir/Practitioner/9'));
  });

  test('$everything gives the whole record in pages, each resource once, as stored', async () => {
    const everything = new Map<string, string>();
    let pages = 0;
    for (let path: string | undefined = `/fhir/R4/Patient/${asha.patientId}/$everything?_count=3`; path;) {
      const answer = await asha.get(path);
      assert.equal(answer.status, 200, answer.text);
      const bundle = answer.json<BundleBody>();
      assert.ok((bundle.entry?.length ?? 0) <= 3);
      for (const { resource } of bundle.entry ?? []) {
        const key = `${resource?.resourceType}/${resource?.id}`;
        assert.ok(!everything.has(key), `${key} comes once`);
        everything.set(key, answer.text);
      }
      path = bundle.link?.find(({ relation }) => relation === 'next')?.url.slice(server.url.length);
      pages += 1;
    }
    const { rows } = await server.pool.query<{ key: string; content: string }>(
      `select resource_type || '/' || resource_id as key, content from resource where patient_id = $1 and not deleted`,
      [asha.patientId],
    );
    assert.ok(pages > 3);
    assert.deepEqual([...everything.keys()].toSorted(), rows.map(({ key }) => key).toSorted());
    for (const { key, content } of rows) assert.ok(everything.get(key)?.includes(content), key);
    const some = await asha.get(`/fhir/R4/Patient/${asha.patientId}/$everything?_type=Patient,List`);
    assert.deepEqual(
      some.json<BundleBody>().entry?.map(({ resource }) => resource?.resourceType),
      ['Patient'],
    );
  });

  test('$everything refuses parameters it does not understand', async () => {
    for (const query of [
      '_count=0',
      '_count=-1',
      '_count=NaN',
      '_count=1e9',
      '_count=1&_count=2',
      '_type=Nonsense',
      'after=x',
      'after=Patient/%00',
      'after=Patient/1/2',
      'after=a&after=b',
    ]) {
      const answer = await asha.get(`/fhir/R4/Patient/${asha.patientId}/$everything?${query}`);
      assert.ok(answer.status === 400 || answer.status === 404, `${query}: ${answer.status} ${answer.text}`);
      assert.equal(answer.json<OutcomeBody>().resourceType, 'OperationOutcome');
    }
  });

  test('the capability statement promises only what was shown above', async () => {
    const statement = (await asha.get('/fhir/R4/metadata')).json<{
      fhirVersion: string;
      rest: { interaction: { code: string }[]; resource: { type: string; updateCreate: boolean }[] }[];
    }>();
    assert.equal(statement.fhirVersion, '4.0.1');
    assert.deepEqual(
      statement.rest[0]?.interaction.map(({ code }) => code),
      ['transaction', 'batch', 'search-system', 'history-system'],
    );
    assert.ok(statement.rest[0]?.resource.some(({ type }) => type === 'Condition'));
    const creating = statement.rest[0]?.resource.filter(({ updateCreate }) => !updateCreate);
    assert.deepEqual(
      creating?.map(({ type }) => type),
      ['AuditEvent'],
    );
  });
});

function auditEvent(patientId: string): Record<string, unknown> {
  return {
    resourceType: 'AuditEvent',
    type: { system: 'http://terminology.hl7.org/CodeSystem/audit-event-type', code: 'rest' },
    recorded: '2026-01-01T00:00:00Z',
    agent: [{ requestor: true, who: { reference: `Patient/${patientId}` } }],
    source: { observer: { display: 'me' } },
    entity: [{ what: { reference: `Patient/${patientId}` } }],
  };
}
