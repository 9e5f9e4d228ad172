// A person's entries as FHIR AuditEvents: each valid, each of their own, none that can be written.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { JsonValue } from '../../core/fhir/types.ts';
import { validateResource } from '../../core/fhir/validate.ts';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
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
});
