// $everything over HTTP: a whole compartment, what it refers to in the directory, narrowed by dates, time and type, in pages, for one or for all.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import type { Program } from '../harness/program.ts';
import { program } from '../harness/program.ts';
import type { OutcomeBody } from '../harness/resources.ts';
import { conditionOf, weightOf } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

interface Everything {
  type: string;
  link: { relation: string; url: string }[];
  entry?: {
    fullUrl: string;
    resource: { resourceType: string; id: string };
    search: { mode: string };
  }[];
}

describe('$everything', () => {
  let server: TestServer;
  let hospital: Program;
  let asha: Person;
  let bala: Person;
  const ids: Record<string, string> = {};
  before(async () => {
    server = await startServer();
    hospital = await program(server);
    asha = await signUp(server.url, { name: 'Asha Rao' });
    bala = await signUp(server.url, { name: 'Bala Iyer' });
    const make = async (name: string, who: Client, resource: Record<string, unknown>) => {
      const answer = await who.call('POST', `/fhir/R4/${String(resource['resourceType'])}`, {
        body: resource,
      });
      assert.equal(answer.status, 201, answer.text);
      ids[name] = answer.json<{ id: string }>().id;
    };
    await make('clinic', hospital, { resourceType: 'Organization', name: 'Clinic' });
    await make('stranger', hospital, { resourceType: 'Organization', name: 'Not referred to' });
    await make('doctor', hospital, { resourceType: 'Practitioner', name: [{ family: 'Menon' }] });
    const performer = [{ reference: `Practitioner/${ids['doctor']}` }];
    await make('old', asha, { ...weightOf(asha.patientId, 60), effectiveDateTime: '2019-05-01' });
    await make('new', asha, { ...weightOf(asha.patientId, 61), effectiveDateTime: '2024-05-01', performer });
    await make('asthma', asha, { ...conditionOf(asha.patientId), onsetDateTime: '2010' });
    await make('flu', asha, {
      ...conditionOf(asha.patientId, 'Influenza'),
      clinicalStatus: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'resolved' }],
      },
      onsetDateTime: '2018-01-01',
      abatementDateTime: '2018-02-01',
    });
    await make('visit', asha, {
      resourceType: 'Encounter',
      status: 'finished',
      class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
      subject: { reference: `Patient/${asha.patientId}` },
      period: { start: '2024-04-30', end: '2024-05-02' },
      serviceProvider: { reference: `Organization/${ids['clinic']}` },
    });
    await make('other', bala, weightOf(bala.patientId));
  });
  after(() => server.stop());

  const all = async (who: Client, path: string): Promise<Everything> => {
    const answer = await who.get(`/fhir/R4/${path}`);
    assert.equal(answer.status, 200, answer.text);
    return answer.json<Everything>();
  };
  const named = ({ entry = [] }: Everything, mode?: string): string[] =>
    entry
      .filter(({ search }) => mode === undefined || search.mode === mode)
      .map(
        ({ resource }) => Object.keys(ids).find((name) => ids[name] === resource.id) ?? resource.resourceType,
      )
      .toSorted();
  const own = () => `Patient/${asha.patientId}/$everything`;

  test('the compartment, and what it refers to in the directory, each once', async () => {
    const found = await all(asha, own());
    assert.equal(found.type, 'searchset');
    assert.deepEqual(named(found, 'match'), ['Patient', 'asthma', 'flu', 'new', 'old', 'visit']);
    assert.deepEqual(named(found, 'include'), ['clinic', 'doctor']);
    for (const { fullUrl, resource } of found.entry ?? [])
      assert.equal(fullUrl, `${server.url}/fhir/R4/${resource.resourceType}/${resource.id}`);
    assert.deepEqual(found.link, [{ relation: 'self', url: `${server.url}/fhir/R4/${own()}` }]);
  });

  const narrowed: [string, string[]][] = [
    ['start=2024-01-01', ['Patient', 'asthma', 'clinic', 'doctor', 'new', 'visit']],
    ['end=2019-12-31', ['Patient', 'asthma', 'flu', 'old']],
    ['start=2019-01-01&end=2019-12-31', ['Patient', 'asthma', 'old']],
    ['start=2024-05-02', ['Patient', 'asthma', 'clinic', 'visit']],
    ['end=2009', ['Patient']],
    ['_type=Observation', ['new', 'old']],
    ['_type=Observation,Practitioner', ['doctor', 'new', 'old']],
    ['_type=Condition&_type=Encounter', ['asthma', 'flu', 'visit']],
    ['_since=2126-01-01', []],
  ];
  for (const [query, expected] of narrowed)
    test(`narrowed by ${query}`, async () => {
      assert.deepEqual(named(await all(asha, `${own()}?${query}`)), expected);
    });

  test('_since leaves out what has not changed since', async () => {
    const sinceMs = Date.now() + 1;
    while (Date.now() <= sinceMs) await sleep(1);
    const { id } = await asha.create(conditionOf(asha.patientId, 'Cough'));
    const found = await all(asha, `${own()}?_since=${encodeURIComponent(new Date(sinceMs).toISOString())}`);
    assert.deepEqual(
      found.entry?.map(({ resource }) => resource.id),
      [id],
    );
    await asha.call('DELETE', `/fhir/R4/Condition/${id}`);
  });

  test('pages hold every match once; a link is worth nothing to another person', async () => {
    const seen: string[] = [];
    let path: string | undefined = `${own()}?_count=2`;
    let pages = 0;
    while (path !== undefined) {
      const found = await all(asha, path);
      pages += 1;
      seen.push(...named(found, 'match'));
      const next = found.link.find(({ relation }) => relation === 'next')?.url;
      if (next)
        assert.equal((await bala.call('GET', new URL(next).pathname + new URL(next).search)).status, 404);
      path = next?.slice(`${server.url}/fhir/R4/`.length);
    }
    assert.ok(pages >= 3);
    assert.deepEqual(seen.toSorted(), ['Patient', 'asthma', 'flu', 'new', 'old', 'visit']);
  });

  test('by POST as by GET', async () => {
    const answer = await asha.call('POST', `/fhir/R4/${own()}`, {
      body: {
        resourceType: 'Parameters',
        parameter: [
          { name: 'start', valueDate: '2024-01-01' },
          { name: '_type', valueCode: 'Observation' },
          { name: '_count', valueInteger: 5 },
        ],
      },
    });
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(named(answer.json<Everything>()), ['new']);
  });

  test('without an id a person gets their own record, a program one after the other, each told in its own chain', async () => {
    assert.deepEqual(named(await all(bala, 'Patient/$everything')), ['Patient', 'other']);
    const looks = async (patientId: string) =>
      (
        await server.pool.query(
          `select 1 from entry where patient_id = $1 and statement like '%"event":"everything"%' and statement like '%client-scope%'`,
          [patientId],
        )
      ).rows.length;
    const before = [await looks(asha.patientId), await looks(bala.patientId)];
    const seen: string[] = [];
    let path: string | undefined = 'Patient/$everything?_count=4';
    while (path !== undefined) {
      const found = await all(hospital, path);
      seen.push(
        ...(found.entry ?? [])
          .filter(({ search }) => search.mode === 'match')
          .map(({ resource }) => resource.id),
      );
      path = found.link
        .find(({ relation }) => relation === 'next')
        ?.url.slice(`${server.url}/fhir/R4/`.length);
    }
    assert.equal(seen.length, 8);
    assert.equal(new Set(seen).size, 8);
    const after = [await looks(asha.patientId), await looks(bala.patientId)];
    assert.ok(after.every((count, i) => count > (before[i] ?? 0)));
  });

  test('a program gets the types of its scopes and no others', async () => {
    const narrow = await program(server, 'system/Patient.r system/Observation.r');
    assert.deepEqual(named(await all(narrow, own())), ['Patient', 'new', 'old']);
    assert.deepEqual(named(await all(narrow, `${own()}?_type=Condition`)), []);
    const none = await program(server, 'system/Observation.rs');
    assert.equal((await none.get(`/fhir/R4/${own()}`)).status, 403);
    assert.equal((await none.get('/fhir/R4/Patient/$everything')).status, 403);
  });

  const hostile = [
    'start=soon',
    'end=2024-13-01',
    '_since=1',
    '_count=0',
    '_count=-1',
    '_count=x',
    '_count=1e9',
    '_type=Nothing',
    '_type=',
    'after=x',
    'after=%27',
    'after=a/b/c/d',
    'start=2024&start=2025',
    'colour=red',
    '__proto__=x',
    '_type=Patient,,',
  ];
  for (const query of hostile)
    test(`${query} is refused by name`, async () => {
      const answer = await asha.get(`/fhir/R4/${own()}?${query}`);
      assert.ok(answer.status === 400 || answer.status === 404, answer.text);
      assert.equal(answer.json<OutcomeBody>().resourceType, 'OperationOutcome');
    });
});
