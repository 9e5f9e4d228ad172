// The RESTful API as R4 has it, many at a time and in many forms: batches, transactions, histories, preferences, formats.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Person } from '../harness/client.ts';
import { newClient, signUp } from '../harness/client.ts';
import type { Program } from '../harness/program.ts';
import { program } from '../harness/program.ts';
import type { BundleBody, OutcomeBody } from '../harness/resources.ts';
import { conditionOf } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

type Body = Record<string, unknown>;
interface Entry {
  resource?: Body & { id: string };
  response: { status: string; location?: string; etag?: string; outcome?: OutcomeBody };
}

const patientOf = (mrn: string, more: Body = {}): Body => ({
  resourceType: 'Patient',
  identifier: [{ system: 'urn:mrn', value: mrn }],
  ...more,
});

describe('the RESTful API', () => {
  let server: TestServer;
  let it: Program;
  let asha: Person;
  let serial = 0;
  const fresh = (): string => `m${++serial}`;
  before(async () => {
    server = await startServer();
    it = await program(server);
    asha = await signUp(server.url);
  });
  after(() => server.stop());

  const fhir = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    it.call(method, `/fhir/R4/${path}`, { ...(body === undefined ? {} : { body }), headers });
  const make = async (resource: Body): Promise<string> => {
    const answer = await fhir('POST', String(resource['resourceType']), resource);
    assert.equal(answer.status, 201, answer.text);
    return answer.json<{ id: string }>().id;
  };

  describe('batches and transactions', () => {
    const send = (type: string, entry: unknown[], headers: Record<string, string> = {}) =>
      it.call('POST', '/fhir/R4', { body: { resourceType: 'Bundle', type, entry }, headers });
    const entriesOf = (text: string): Entry[] => (JSON.parse(text) as { entry: Entry[] }).entry;

    test('names, conditions and references are made plain, whatever the order of the entries', async () => {
      const mrn = fresh();
      const known = await make(patientOf(mrn));
      const gone = await make(conditionOf(known));
      const [one, two] = [
        'urn:uuid:5f1c6b1e-1111-4a2b-8c3d-000000000001',
        'urn:uuid:5f1c6b1e-1111-4a2b-8c3d-000000000002',
      ];
      const answer = await send('transaction', [
        { request: { method: 'GET', url: `Condition?subject=Patient/${known}` } },
        {
          fullUrl: two,
          resource: {
            ...conditionOf('x'),
            subject: { reference: one },
            encounter: { reference: 'urn:uuid:5f1c6b1e-1111-4a2b-8c3d-000000000003' },
          },
          request: { method: 'POST', url: 'Condition' },
        },
        {
          fullUrl: one,
          resource: patientOf(mrn),
          request: { method: 'POST', url: 'Patient', ifNoneExist: `identifier=urn:mrn|${mrn}` },
        },
        {
          fullUrl: 'urn:uuid:5f1c6b1e-1111-4a2b-8c3d-000000000003',
          resource: {
            resourceType: 'Encounter',
            status: 'finished',
            class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
            subject: { reference: `Patient?identifier=urn:mrn|${mrn}` },
          },
          request: { method: 'POST', url: 'Encounter' },
        },
        { request: { method: 'DELETE', url: `Condition/${gone}` } },
      ]);
      assert.equal(answer.status, 200, answer.text);
      const [found, condition, patient, encounter, deleted] = entriesOf(answer.text);
      assert.equal(patient?.response.status, '200 OK');
      assert.match(patient?.response.location ?? '', new RegExp(`^Patient/${known}/`));
      assert.equal(deleted?.response.status, '204 No Content');
      const shown = found?.resource as unknown as BundleBody;
      assert.equal(shown.total, 1, 'the search sees what was made and not what was deleted');
      const stored = await fhir('GET', (condition?.response.location ?? '').replace(/\/_history.*/, ''));
      const encounterId = (encounter?.response.location ?? '').split('/')[1];
      assert.deepEqual(stored.json<{ subject: object; encounter: object }>().subject, {
        reference: `Patient/${known}`,
      });
      assert.deepEqual(stored.json<{ encounter: object }>().encounter, {
        reference: `Encounter/${encounterId}`,
      });
    });

    test('links to what the Bundle makes are rewritten in addresses and narrative too', async () => {
      const patientId = await make(patientOf(fresh()));
      const binary = 'urn:uuid:5f1c6b1e-2222-4a2b-8c3d-000000000001';
      const answer = await send(
        'transaction',
        [
          {
            fullUrl: binary,
            resource: {
              resourceType: 'Binary',
              contentType: 'text/plain',
              data: 'QQ==',
              securityContext: { reference: `Patient/${patientId}` },
            },
            request: { method: 'POST', url: 'Binary' },
          },
          {
            resource: {
              resourceType: 'DocumentReference',
              status: 'current',
              subject: { reference: `Patient/${patientId}` },
              text: {
                status: 'generated',
                div: `<div xmlns="http://www.w3.org/1999/xhtml"><a href="${binary}">x</a></div>`,
              },
              content: [{ attachment: { contentType: 'text/plain', url: binary } }],
            },
            request: { method: 'POST', url: 'DocumentReference' },
          },
        ],
        { prefer: 'return=representation' },
      );
      assert.equal(answer.status, 200, answer.text);
      const [made, document] = entriesOf(answer.text);
      const text = JSON.stringify(document?.resource);
      assert.ok(!text.includes('urn:uuid:5f1c6b1e-2222'), text);
      assert.ok(text.includes(`\\"Binary/${made?.resource?.id}\\"`), text);
    });

    test('a transaction patches, and what fails anywhere undoes all of it', async () => {
      const patientId = await make(patientOf(fresh()));
      const id = await make(conditionOf(patientId));
      const patch = {
        resource: {
          resourceType: 'Binary',
          contentType: 'application/json-patch+json',
          data: Buffer.from('[{"op":"replace","path":"/code/text","value":"Patched"}]').toString('base64'),
        },
        request: { method: 'PATCH', url: `Condition/${id}` },
      };
      const missing = { request: { method: 'GET', url: 'Condition/none' } };
      assert.equal((await send('transaction', [patch, missing])).status, 404);
      assert.equal((await fhir('GET', `Condition/${id}`)).headers.get('etag'), 'W/"1"');
      const answer = await send('transaction', [
        { request: { method: 'GET', url: `Condition/${id}` } },
        patch,
      ]);
      assert.equal(answer.status, 200, answer.text);
      const [read] = entriesOf(answer.text);
      assert.equal(
        (read?.resource?.['code'] as { text: string } | undefined)?.text,
        'Patched',
        'what is read is what was written',
      );
    });

    test('a reference that finds nothing or several fails the transaction', async () => {
      const mrn = fresh();
      const entry = {
        resource: { ...conditionOf('x'), subject: { reference: `Patient?identifier=urn:mrn|${mrn}` } },
        request: { method: 'POST', url: 'Condition' },
      };
      const none = await send('transaction', [entry]);
      assert.equal(none.status, 422, none.text);
      assert.equal(none.json<OutcomeBody>().issue[0]?.expression?.[0], 'Bundle.entry[0].resource.subject');
      await make(patientOf(mrn));
      assert.equal((await send('transaction', [entry])).status, 200);
      await make(patientOf(mrn));
      assert.equal((await send('transaction', [entry])).status, 412);
    });

    test('in a batch each entry stands alone and is judged as it would be alone', async () => {
      const patientId = await make(patientOf(fresh()));
      const answer = await send('batch', [
        { resource: conditionOf(patientId), request: { method: 'POST', url: 'Condition' } },
        { resource: { resourceType: 'Condition' }, request: { method: 'POST', url: 'Condition' } },
        { request: { method: 'GET', url: `Patient/${patientId}` } },
        { request: { method: 'GET', url: 'Patient/none' } },
        { request: { method: 'GET', url: `Condition?subject=Patient/${patientId}&_summary=count` } },
        { request: { method: 'GET', url: '../../api/me' } },
        { request: { method: 'DELETE', url: `Patient/${patientId}` } },
        { request: { method: 'GET', url: 'metadata' } },
        'nonsense',
        { resource: { resourceType: 'Bundle', type: 'batch' }, request: { method: 'POST', url: '' } },
      ]);
      assert.equal(answer.status, 200, answer.text);
      const entries = entriesOf(answer.text);
      assert.deepEqual(
        entries.map(({ response }) => response.status.slice(0, 3)),
        ['201', '422', '200', '404', '200', '400', '405', '200', '400', '400'],
      );
      assert.equal(entries[0]?.resource, undefined, 'minimal unless asked');
      assert.equal(entries[1]?.response.outcome?.resourceType, 'OperationOutcome');
      assert.equal(entries[2]?.resource?.id, patientId);
      const denied = await asha.call('POST', '/fhir/R4', {
        body: {
          resourceType: 'Bundle',
          type: 'batch',
          entry: [{ request: { method: 'GET', url: `Patient/${patientId}` } }],
        },
      });
      assert.deepEqual(
        entriesOf(denied.text).map(({ response }) => response.status),
        ['404 Not Found'],
      );
    });
  });

  describe('histories', () => {
    test('of an instance, a type and everything; since, at, list, in pages', async () => {
      const patientId = await make(patientOf(fresh()));
      const id = await make(conditionOf(patientId, 'one'));
      const second = await fhir('PUT', `Condition/${id}`, { ...conditionOf(patientId, 'two'), id });
      const at = second.json<{ meta: { lastUpdated: string } }>().meta.lastUpdated;
      await fhir('DELETE', `Condition/${id}`);
      type History = {
        total?: number;
        link: { relation: string; url: string }[];
        entry?: { resource?: Body; request: { method: string } }[];
      };
      const get = async (path: string): Promise<History> => {
        const answer = await fhir('GET', path);
        assert.equal(answer.status, 200, `${path} ${answer.text}`);
        return answer.json<History & Body>();
      };
      const all = await get(`Condition/${id}/_history`);
      assert.deepEqual(
        all.entry?.map(({ request }) => request.method),
        ['DELETE', 'PUT', 'POST'],
      );
      assert.equal(all.total, 3);
      const seen: string[] = [];
      for (let path: string | undefined = `Condition/${id}/_history?_count=2`; path !== undefined;) {
        const page: History = await get(path);
        seen.push(...(page.entry ?? []).map(({ request }) => request.method));
        path = page.link
          .find(({ relation }) => relation === 'next')
          ?.url.replace(`${server.url}/fhir/R4/`, '');
      }
      assert.deepEqual(seen, ['DELETE', 'PUT', 'POST']);
      assert.equal((await get(`Condition/${id}/_history?_since=${at}`)).entry?.length, 2);
      const then = await get(`Condition/${id}/_history?_at=${at}`);
      assert.ok(
        then.entry?.some(
          ({ resource }) => (resource?.['code'] as { text?: string } | undefined)?.text === 'two',
        ),
      );
      assert.ok((await get('Condition/_history')).entry?.length);
      assert.ok((await get('_history?_count=3')).entry?.length === 3);
      const list = await make({
        resourceType: 'List',
        status: 'current',
        mode: 'working',
        subject: { reference: `Patient/${patientId}` },
        entry: [{ item: { reference: `Patient/${patientId}` } }],
      });
      const listed = await get(`_history?_list=${list}`);
      assert.equal(listed.entry?.length, 1);
      assert.equal(listed.entry?.[0]?.resource?.['id'], patientId);
      for (const bad of [
        '_since=x',
        '_at=x',
        '_count=-1',
        '_page=x',
        '_list=$current',
        '_nonsense=1',
        '_count=1&_count=2',
      ])
        assert.equal((await fhir('GET', `Condition/_history?${bad}`)).status, 400, bad);
    });

    test('a person’s histories hold their own record and nothing else', async () => {
      await asha.create(conditionOf(asha.patientId));
      const answer = await asha.get('/fhir/R4/_history?_count=100');
      assert.equal(answer.status, 200, answer.text);
      const ids = answer.json<{
        entry: { resource?: { resourceType: string; id: string; subject?: { reference: string } } }[];
      }>().entry;
      assert.ok(ids.length > 1);
      for (const { resource } of ids)
        assert.equal(
          resource?.resourceType === 'Patient' ? `Patient/${resource.id}` : resource?.subject?.reference,
          `Patient/${asha.patientId}`,
        );
    });
  });

  describe('what an answer looks like', () => {
    test('Prefer says how much of it comes back', async () => {
      const minimal = await fhir('POST', 'Patient', patientOf(fresh()), { prefer: 'return=minimal' });
      assert.deepEqual([minimal.status, minimal.text], [201, '']);
      const outcome = await fhir('POST', 'Patient', patientOf(fresh()), {
        prefer: 'return=OperationOutcome',
      });
      assert.equal(outcome.json<OutcomeBody>().resourceType, 'OperationOutcome');
      assert.ok(outcome.headers.get('location'));
      const whole = await fhir('POST', 'Patient', patientOf(fresh()), { prefer: 'return=representation' });
      assert.equal(whole.json<Body>()['resourceType'], 'Patient');
    });

    test('a version that is known is not sent again', async () => {
      const made = await fhir('POST', 'Patient', patientOf(fresh()));
      const path = `Patient/${made.json<{ id: string }>().id}`;
      const modified = made.headers.get('last-modified') ?? '';
      for (const [headers, status] of [
        [{ 'if-none-match': 'W/"1"' }, 304],
        [{ 'if-none-match': '"7", W/"1"' }, 304],
        [{ 'if-none-match': '*' }, 304],
        [{ 'if-none-match': 'W/"2"' }, 200],
        [{ 'if-modified-since': modified }, 304],
        [{ 'if-modified-since': new Date(Date.parse(modified) - 1000).toUTCString() }, 200],
        [{ 'if-modified-since': 'yesterday' }, 200],
        [{ 'if-none-match': 'W/"2"', 'if-modified-since': modified }, 200],
      ] as const) {
        const answer = await fhir('GET', path, undefined, headers);
        assert.equal(answer.status, status, JSON.stringify(headers));
        if (status === 304) assert.equal(answer.text, '');
      }
    });

    test('JSON is the one format; others are refused by name', async () => {
      const id = await make(patientOf(fresh()));
      for (const [query, accept, status] of [
        ['?_format=json', 'application/fhir+xml', 200],
        ['?_format=application/fhir%2Bjson', 'text/html', 200],
        ['?_format=application/fhir+json', '*/*', 200],
        ['?_format=xml', '*/*', 406],
        ['?_format=text/turtle', '*/*', 406],
        ['', 'application/fhir+xml', 406],
        ['', 'application/fhir+json; fhirVersion=5.0', 406],
        ['', 'application/fhir+json; fhirVersion=4.0', 200],
        ['', 'application/fhir+xml, application/json;q=0.5', 200],
        ['', 'text/html, */*;q=0.1', 200],
      ] as const) {
        const answer = await fhir('GET', `Patient/${id}${query}`, undefined, { accept });
        assert.equal(answer.status, status, `${query} ${accept}`);
        if (status === 406) assert.match(answer.text, /OperationOutcome.*(XML|Turtle|format)/);
      }
      for (const type of [
        'application/fhir+xml',
        'application/xml',
        'text/plain',
        'application/xml-patch+xml',
        'application/fhir+json; fhirVersion=5.0',
        'application/json; charset=utf-16',
      ]) {
        const answer = await it.call('POST', '/fhir/R4/Patient', {
          body: '<x/>',
          headers: { 'content-type': type },
        });
        assert.equal(answer.status, 415, type);
        assert.equal(answer.json<OutcomeBody>().issue[0]?.code, 'not-supported');
      }
    });

    test('_pretty, _summary, _elements and HEAD', async () => {
      const id = await make(patientOf(fresh(), { birthDate: '1980-01-01', photo: [{ url: 'urn:x' }] }));
      const plain = await fhir('GET', `Patient/${id}`);
      const pretty = await fhir('GET', `Patient/${id}?_pretty=true`);
      assert.match(pretty.text, /^\{\n {2}"birthDate"/);
      assert.deepEqual(pretty.json(), plain.json());
      const summary = (await fhir('GET', `Patient/${id}?_summary=true`)).json<Body>();
      assert.ok(!('photo' in summary) && 'birthDate' in summary);
      assert.match(JSON.stringify(summary['meta']), /SUBSETTED/);
      const few = (await fhir('GET', `Patient/${id}?_elements=photo`)).json<Body>();
      assert.ok('photo' in few && !('birthDate' in few));
      assert.equal((await fhir('GET', `Patient/${id}?_elements=nonsense`)).status, 400);
      assert.equal((await fhir('GET', `Patient/${id}?_summary=count`)).status, 400);
      const head = await fhir('HEAD', `Patient/${id}`);
      assert.deepEqual([head.status, head.text, head.headers.get('etag')], [200, '', 'W/"1"']);
    });

    test('an address says which methods it takes, and a request keeps its id', async () => {
      for (const [method, path] of [
        ['POST', 'Patient/x'],
        ['DELETE', 'metadata'],
        ['PUT', '_history'],
        ['PATCH', 'Patient/x/_history'],
        ['PUT', 'AuditEvent/x'],
        ['DELETE', ''],
      ] as const) {
        const answer = await fhir(method, path);
        assert.equal(answer.status, 405, `${method} ${path} ${answer.text}`);
        assert.match(answer.headers.get('allow') ?? '', /GET|POST/);
        assert.equal(answer.json<OutcomeBody>().issue[0]?.code, 'not-supported');
      }
      const named = await fhir('GET', 'Patient/none', undefined, { 'x-request-id': 'mine-17' });
      assert.equal(named.headers.get('x-request-id'), 'mine-17');
    });

    test('the CapabilityStatement is what runs, and open to anybody', async () => {
      const answer = await newClient(server.url).get('/fhir/R4/metadata');
      const statement = answer.json<{
        rest: {
          interaction: { code: string }[];
          operation?: { name: string }[];
          resource: (Body & {
            type: string;
            interaction: { code: string }[];
            operation?: { name: string }[];
          })[];
        }[];
      }>();
      const [rest] = statement.rest;
      const patient = rest?.resource.find(({ type }) => type === 'Patient');
      assert.deepEqual(
        patient?.interaction.map(({ code }) => code),
        ['read', 'vread', 'update', 'patch', 'history-instance', 'history-type', 'create', 'search-type'],
      );
      assert.equal(patient?.['conditionalDelete'], 'not-supported');
      assert.ok(patient?.operation?.some(({ name }) => name === 'everything'));
      assert.equal(rest?.resource.find(({ type }) => type === 'Condition')?.['conditionalDelete'], 'single');
      assert.equal(rest?.resource.length, new Set(rest?.resource.map(({ type }) => type)).size);
      assert.equal((await newClient(server.url).get('/fhir/R4/metadata?mode=nonsense')).status, 400);
    });
  });
});
