// A person's entries as FHIR AuditEvents: each valid, each of their own, none that can be written; and what programs report of theirs.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { JsonValue } from '../../core/fhir/types.ts';
import { validateResource } from '../../core/fhir/validate.ts';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { program, type Program } from '../harness/program.ts';
import { conditionOf } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

interface AuditEvent {
  id: string;
  action: string;
  outcome: string;
  subtype: { code: string }[];
  entity: { what?: { reference: string } }[];
}

describe('the audit trail over FHIR', () => {
  let server: TestServer;
  let asha: Person;
  let ravi: Person;
  before(async () => {
    server = await startServer();
    [asha, ravi] = [await signUp(server.url), await signUp(server.url)];
  });
  after(() => server.stop());

  const list = async (query = ''): Promise<AuditEvent[]> => {
    const answer = await asha.get(`/fhir/R4/AuditEvent${query}`);
    assert.equal(answer.status, 200, answer.text);
    return (answer.json<{ entry?: { resource: AuditEvent }[] }>().entry ?? []).map(
      ({ resource }) => resource,
    );
  };

  test('every kind of event renders as a valid AuditEvent of this person', async () => {
    const { id } = (await asha.create(conditionOf(asha.patientId))) as unknown as { id: string };
    await asha.get(`/fhir/R4/Condition/${id}`);
    await asha.get('/fhir/R4/Condition?code=x');
    await asha.get('/api/emergency-card');
    await ravi.get(`/fhir/R4/Condition/${id}`);
    const events = await list();
    const seen = new Set(events.flatMap(({ subtype }) => subtype.map(({ code }) => code)));
    for (const code of ['create', 'read', 'search', 'card-issue', 'sign-up']) assert.ok(seen.has(code), code);
    assert.ok(
      events.some(({ outcome }) => outcome === '4'),
      'the look that was refused is there',
    );
    for (const event of events) {
      const problems = validateResource(event as unknown as JsonValue).filter(
        ({ severity }) => severity === 'error',
      );
      assert.deepEqual(problems, []);
      assert.equal(event.entity[0]?.what?.reference, `Patient/${asha.patientId}`);
    }
  });

  test('reads, searches and writes follow the patterns of IHE BALP: who, from which machine, to which, about whom', async () => {
    const { id } = (await asha.create(conditionOf(asha.patientId))) as unknown as { id: string };
    await asha.get(`/fhir/R4/Condition/${id}`);
    await asha.get('/fhir/R4/Condition?code=x');
    const events = (await asha.get('/fhir/R4/AuditEvent?_count=50')).json<{
      entry: {
        resource: {
          meta: { profile?: string[] };
          type: { code: string };
          action: string;
          agent: {
            type: { coding: { code: string }[] };
            requestor: boolean;
            network?: { address: string };
          }[];
          entity: { type: { code: string }; role: { code: string }; query?: string }[];
        };
      }[];
    }>().entry;
    for (const [pattern, action, client, own] of [
      ['PatientCreate', 'C', '110153', '110152'],
      ['PatientRead', 'R', '110152', '110153'],
      ['PatientQuery', 'E', '110153', '110152'],
    ] as const) {
      const event = events.find(({ resource }) =>
        resource.meta.profile?.[0]?.endsWith(`.${pattern}`),
      )?.resource;
      assert.ok(event, pattern);
      assert.equal(event.type.code, 'rest');
      assert.equal(event.action, action);
      assert.deepEqual(
        event.agent.map(({ type }) => type.coding[0]?.code),
        ['IRCP', client, own],
      );
      assert.deepEqual(
        event.agent.map(({ requestor }) => requestor),
        [true, false, false],
      );
      assert.ok(event.agent.slice(1).every(({ network }) => network?.address));
      assert.deepEqual([event.entity[0]?.type.code, event.entity[0]?.role.code], ['1', '1']);
      if (pattern !== 'PatientQuery') continue;
      const query = event.entity.find(({ role }) => role.code === '24')?.query ?? '';
      assert.match(Buffer.from(query, 'base64').toString(), /Condition/);
    }
  });

  test('one is read by its id, pages follow each other without repeats, and a look at it is an entry too', async () => {
    const [newest] = await list('?_count=1');
    const one = await asha.get(`/fhir/R4/AuditEvent/${newest?.id}`);
    assert.equal(one.json<AuditEvent>().id, newest?.id);
    const first = await list('?_count=3');
    const second = await list(`?_count=3&_before=${first.at(-1)?.id}`);
    assert.equal(new Set([...first, ...second].map(({ id }) => id)).size, 6);
    assert.ok((first[0]?.id ?? '') > (newest?.id ?? ''));
  });

  test('nobody reads another’s, nobody writes one, unknown parameters are refused', async () => {
    const [newest] = await list('?_count=1');
    assert.equal((await ravi.get(`/fhir/R4/AuditEvent/${newest?.id}`)).status, 404);
    const others = await ravi.get(`/fhir/R4/AuditEvent?patient=${asha.patientId}`);
    assert.equal(others.json<{ entry?: unknown[] }>().entry, undefined);
    for (const method of ['PUT', 'DELETE'] as const) {
      const answer = await asha.call(
        method,
        `/fhir/R4/AuditEvent/${newest?.id}`,
        method === 'PUT' ? { body: newest } : {},
      );
      assert.ok(answer.status >= 400 && answer.status < 500, `${method} ${answer.status}`);
    }
    for (const query of ['agent=x', '_count=0', '_count=1e9', '_before=x']) {
      assert.equal((await asha.get(`/fhir/R4/AuditEvent?${query}`)).status, 400, query);
    }
  });

  test('what a program reports of its own system is kept as it came, marked as its own, and is no part of the trail', async () => {
    const partner = await program(server);
    const reported = {
      resourceType: 'AuditEvent',
      type: { system: 'http://dicom.nema.org/resources/ontology/DCM', code: '110100' },
      recorded: '2026-01-01T00:00:00Z',
      agent: [{ requestor: true, who: { display: 'a clerk of the partner' } }],
      source: { observer: { display: 'Partner hospital' } },
      entity: [{ what: { reference: `Patient/${asha.patientId}` } }],
    };
    const before = (await list('?_count=200')).map(({ id }) => id);
    const made = await partner.call('POST', '/fhir/R4/AuditEvent', { body: reported });
    assert.equal(made.status, 201, made.text);
    const { id } = made.json<{ id: string }>();
    assert.match(made.text, /"code":"organization","system":"urn:medallion:author"/);
    const searched = async (who: Person | Program, path: string): Promise<string[]> =>
      ((await who.get(path)).json<{ entry?: { resource: AuditEvent }[] }>().entry ?? []).map(
        ({ resource }) => resource.id,
      );
    assert.equal((await partner.get(`/fhir/R4/AuditEvent/${id}`)).status, 200);
    assert.deepEqual(await searched(partner, `/fhir/R4/AuditEvent?patient=${asha.patientId}`), [id]);
    const form = await partner.call('POST', '/fhir/R4/AuditEvent/_search', {
      body: `patient=${asha.patientId}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    assert.equal(form.json()['total'], 1, form.text);
    assert.equal((await partner.get('/fhir/R4/AuditEvent/_history')).json()['total'] ?? 1, 1);
    // Nobody changes it, neither alone nor in a Bundle, and it is not among the entries of the log.
    for (const [method, status] of [
      ['PUT', '403 Forbidden'],
      ['DELETE', '403 Forbidden'],
    ] as const) {
      const entry = {
        resource: { ...reported, id },
        request: { method, url: `AuditEvent/${id}` },
      };
      const bundle = { resourceType: 'Bundle', type: 'batch', entry: [entry] };
      const answer = await partner.call('POST', '/fhir/R4/', { body: bundle });
      const [one] = answer.json<{ entry: { response: { status: string } }[] }>().entry;
      assert.ok(['403', '405'].includes(one?.response.status.slice(0, 3) ?? ''), `${status} ${answer.text}`);
    }
    assert.ok(!(await list('?_count=200')).some((event) => event.id === id));
    assert.ok(before.length > 0);
    // The person reads what was reported about them; another does not, and nobody without a program may report.
    assert.equal((await asha.get(`/fhir/R4/AuditEvent/${id}`)).status, 200);
    assert.deepEqual(await searched(asha, `/fhir/R4/Patient/${asha.patientId}/AuditEvent`), [id]);
    assert.equal((await ravi.get(`/fhir/R4/AuditEvent/${id}`)).status, 404);
    assert.equal((await asha.call('POST', '/fhir/R4/AuditEvent', { body: reported })).status, 403);
  });
});
