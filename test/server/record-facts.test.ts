// What the person's own pages are made of: the same facts as the whole record gives, without its thousand measurements.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { parseJson } from '../../core/fhir/json.ts';
import { objectAt, objectsAt, textAt } from '../../core/record/elements.ts';
import type { JsonObject } from '../../core/fhir/types.ts';
import { readFacts } from '../../core/record/read-facts.ts';
import { idOf } from '../../demo/random.ts';
import { people } from '../../demo/people.ts';
import { recordOf } from '../../demo/record.ts';
import type { Person } from '../harness/client.ts';
import { newClient, signUp } from '../harness/client.ts';
import { conditionOf, postEntry, transactionOf, weightOf } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

const today = '2026-11-20';

describe('facts of a record', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server.stop());

  const resourcesOf = (text: string): JsonObject[] =>
    objectsAt(parseJson(text) as JsonObject, 'entry').flatMap((entry) => {
      const resource = objectAt(entry, 'resource');
      return resource === undefined ? [] : [resource];
    });
  const factsOf = async (who: Person, query = ''): Promise<{ text: string; resources: JsonObject[] }> => {
    const answer = await who.get(`/api/facts${query}`);
    assert.equal(answer.status, 200, answer.text);
    return { text: answer.text, resources: resourcesOf(answer.text) };
  };
  const types = (resources: readonly JsonObject[]): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const one of resources) {
      const type = textAt(one, 'resourceType') ?? '';
      counts[type] = (counts[type] ?? 0) + 1;
    }
    return counts;
  };
  const send = async (who: Person, resources: readonly object[]): Promise<void> => {
    for (let from = 0; from < resources.length; from += 400) {
      const entries = resources
        .slice(from, from + 400)
        .map((one) => postEntry(one as Record<string, unknown>));
      const answer = await who.call('POST', '/fhir/R4', { body: transactionOf(...entries) });
      assert.equal(answer.status, 200, answer.text);
    }
  };

  for (const person of people.slice(0, 6))
    test(`are those of the whole record: ${person.key}`, async () => {
      const who = await signUp(server.url);
      const written = recordOf(person, who.patientId, today).map(({ resource }) => resource);
      const sent = written.map((one, place) => ({
        fullUrl: `urn:uuid:${idOf(`facts ${place}`)}`,
        resource: one,
        request: { method: 'POST', url: one.resourceType },
      }));
      // References inside the record follow what the server calls the entries.
      const names = new Map(
        written.map((one, place) => [`${one.resourceType}/${one.id}`, sent[place]?.fullUrl ?? '']),
      );
      const body = JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry: sent }).replaceAll(
        /"reference":"([A-Za-z]+\/[A-Za-z0-9.-]+)"/g,
        (whole, name: string) =>
          names.has(name)
            ? `"reference":"${names.get(name)}"`
            : name.startsWith('Patient/')
              ? whole
              : `"type":"${name.split('/')[0]}"`,
      );
      const answer = await who.call('POST', '/fhir/R4', { body: JSON.parse(body) as object });
      assert.equal(answer.status, 200, answer.text);
      const everything = await who.get(`/fhir/R4/Patient/${who.patientId}/$everything?_count=1000`);
      const { resources } = await factsOf(who);
      assert.ok(resources.length < resourcesOf(everything.text).length);
      assert.deepEqual(readFacts(resources, today), readFacts(resourcesOf(everything.text), today));
    });

  test('leave out what is only measured; of weight the newest are there', async () => {
    const who = await signUp(server.url);
    const day = (place: number): string => new Date(Date.UTC(2020, 0, 1 + place)).toISOString().slice(0, 10);
    const measured = (place: number, code: string) => ({
      ...weightOf(who.patientId, 60 + place / 100),
      code: { coding: [{ system: 'http://loinc.org', code }] },
      effectiveDateTime: day(place),
    });
    await send(who, [
      ...Array.from({ length: 300 }, (_, place) => measured(place, '29463-7')),
      ...Array.from({ length: 300 }, (_, place) => measured(place, '2339-0')),
      conditionOf(who.patientId),
    ]);
    const { resources } = await factsOf(who);
    assert.deepEqual(types(resources), { Patient: 1, Condition: 1, Observation: 20 });
    const facts = readFacts(resources, today);
    assert.ok(facts.body.state === 'recorded');
    assert.equal(facts.body.facts[0]?.value.date, day(299));
  });

  test('come in pages, none twice, none lost', async () => {
    const who = await signUp(server.url);
    await send(
      who,
      Array.from({ length: 520 }, (_, place) => conditionOf(who.patientId, `Condition ${place}`)),
    );
    const seen: string[] = [];
    let query = '';
    for (let page = 0; page < 3; page++) {
      const { text, resources } = await factsOf(who, query);
      seen.push(...resources.map((one) => `${textAt(one, 'resourceType') ?? ''}/${textAt(one, 'id') ?? ''}`));
      const next = objectsAt(parseJson(text) as JsonObject, 'link').find((one) => one['relation'] === 'next');
      if (next === undefined) break;
      query = new URL(textAt(next, 'url') ?? '').search;
    }
    assert.equal(seen.length, 521);
    assert.equal(new Set(seen).size, 521);
  });

  test('each answer is a look; strangers and others get what is as if not there; odd questions are refused', async () => {
    const [who, other] = [await signUp(server.url), await signUp(server.url)];
    const looks = async (): Promise<number> => {
      const { rows } = await server.pool.query(
        `select count(*)::int as n from entry where patient_id = $1 and statement like '%"event":"everything"%'`,
        [who.patientId],
      );
      return (rows[0] as { n: number }).n;
    };
    const before = await looks();
    await factsOf(who);
    assert.equal(await looks(), before + 1);
    assert.equal((await newClient(server.url).get('/api/facts')).status, 401);
    assert.equal((await other.get(`/api/facts?patient=${who.patientId}`)).status, 404);
    for (const odd of [
      '?patient=%00',
      '?after=x',
      '?after=Condition',
      '?_type=Patient',
      '?patient=a&patient=b',
    ])
      assert.ok([400, 404].includes((await who.get(`/api/facts${odd}`)).status), odd);
    assert.equal(await looks(), before + 1);
  });
});
