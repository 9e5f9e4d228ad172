// Real records brought in by the operator: complete, each person with a number of their own, the same references, nothing doubled.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { checkUhid } from '../../core/card/uhid.ts';
import { canonicalJson, parseJson } from '../../core/fhir/json.ts';
import type { JsonObject, Resource } from '../../core/fhir/types.ts';
import { importFolder } from '../../server/admin/import.ts';
import { readConfig } from '../../server/config.ts';
import { startOutboxRelay } from '../../server/messages/outbox-relay.ts';
import type { Stores } from '../../server/stores.ts';
import { openStores } from '../../server/stores.ts';
import type { FreshDatabase } from '../harness/database.ts';
import { freshDatabase } from '../harness/database.ts';
import { testWithSharedData } from '../shared-data.ts';

interface Place {
  database: FreshDatabase;
  stores: Stores;
  dataDir: string;
  /** What the import printed. */
  lines: string[];
  run(folder: string): Promise<number>;
  rows<T>(text: string, values?: unknown[]): Promise<T[]>;
  close(): Promise<void>;
}

async function openPlace(): Promise<Place> {
  const database = await freshDatabase();
  const dataDir = mkdtempSync(join(tmpdir(), 'medallion-import-'));
  const stores = await openStores(
    readConfig({ NODE_ENV: 'test', LOG_LEVEL: 'silent', DATA_DIR: dataDir, DATABASE_URL: database.url }),
  );
  const lines: string[] = [];
  return {
    database,
    stores,
    dataDir,
    lines,
    run(folder) {
      lines.length = 0;
      return importFolder(stores, folder, (line) => void lines.push(line));
    },
    rows: async <T>(text: string, values: unknown[] = []) =>
      (await database.pool.query(text, values)).rows as T[],
    async close() {
      await stores.stop();
      await database.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Directory entries: met again in every file. */
const sharedTypes = new Set(['Organization', 'Practitioner', 'Location']);

const countAll = `select (select count(*)::int from person) as people, (select count(*)::int from resource) as resources,
  (select count(*)::int from resource_history) as former, (select count(*)::int from entry) as entries,
  (select count(*)::int from log_leaf) as leaves, (select count(*)::int from pending_leaf) as waiting`;

describe('the Synthea folder', () => {
  let place: Place;
  before(async () => {
    place = await openPlace();
  });
  after(() => place.close());

  testWithSharedData(
    'comes in completely, is all in the log, and changes nothing when it comes again',
    async (shared) => {
      const folder = join(shared, 'synthea');
      const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
      assert.equal(await place.run(folder), 0, place.lines.join('\n'));
      assert.equal(place.lines.filter((line) => line.startsWith('[')).length, files.length);
      assert.match(place.lines.at(-1) ?? '', /entries of 36 people/);

      const source = files.map((name) => readBundle(join(folder, name)));
      const wanted = new Map<string, number>();
      for (const { resource } of source.flat())
        if (!sharedTypes.has(resource.resourceType))
          wanted.set(resource.resourceType, (wanted.get(resource.resourceType) ?? 0) + 1);
      const stored = await place.rows<{ type: string; count: number }>(
        `select resource_type as type, count(*)::int as count from resource where patient_id <> '' group by 1`,
      );
      assert.deepEqual(
        Object.fromEntries(stored.map(({ type, count }) => [type, count])),
        Object.fromEntries(wanted),
      );

      const people = await place.rows<{ patientId: string; uhid: string; content: string }>(
        `select p.patient_id as "patientId", p.uhid, r.content from person p
         join resource r on r.patient_id = p.patient_id and r.resource_type = 'Patient'`,
      );
      assert.equal(people.length, 36);
      assert.equal(new Set(people.map(({ uhid }) => uhid)).size, 36);
      for (const { uhid, content } of people) {
        assert.ok(checkUhid(uhid), 'the check digit holds');
        assert.ok(content.includes(`{"system":"urn:medallion:uhid","value":"${uhid}"}`));
        assert.ok(content.includes('{"code":"import","system":"urn:medallion:author"}'));
      }

      const [directory] = await place.rows<{ count: number; named: number }>(
        `select count(distinct resource_id)::int as count, count(distinct (i ->> 'value') || coalesce(i ->> 'system', ''))::int as named
         from resource, jsonb_array_elements(content::jsonb -> 'identifier') i where patient_id = ''`,
      );
      assert.ok((directory?.count ?? 0) > 0);
      assert.equal(directory?.count, directory?.named, 'no hospital or doctor is there twice');

      const [earlier] = await place.rows<Record<string, number>>(countAll);
      assert.equal(earlier?.['entries'], earlier?.['leaves']);
      assert.equal(earlier?.['waiting'], 0);
      assert.equal(earlier?.['resources'], earlier?.['entries'], 'one entry each');
      assert.ok((earlier?.['resources'] ?? 0) >= 7767);
      assert.deepEqual(await danglingReferences(place), []);

      await assertSameAsSource(place, source);

      assert.equal(await place.run(folder), 0);
      assert.equal(place.lines.filter((line) => /known already, left as it is/.test(line)).length, 36);
      assert.deepEqual((await place.rows(countAll))[0], earlier);
    },
  );
});

type Entries = { fullUrl: string; resource: Resource }[];

function readBundle(path: string): Entries {
  const bundle = parseJson(readFileSync(path, 'utf8')) as JsonObject;
  return bundle['entry'] as unknown as Entries;
}

/** Local references of stored resources that lead to nothing. */
async function danglingReferences(place: Place): Promise<string[]> {
  const texts = await place.rows<{ content: string; key: string }>(
    `select resource_type || '/' || resource_id as key, content from resource`,
  );
  const keys = new Set(texts.map(({ key }) => key));
  const lost: string[] = [];
  for (const { content } of texts)
    for (const [, reference = ''] of content.matchAll(/"reference":"([^"#][^"]*)"/g))
      if (!keys.has(reference)) lost.push(reference);
  return lost;
}

/** One resource of the first person, element by element: only id, meta and references differ from the source. */
async function assertSameAsSource(place: Place, source: Entries[]): Promise<void> {
  const [entries] = source as [Entries];
  const patient = entries.find(({ resource }) => resource.resourceType === 'Patient')!;
  const original =
    entries.find(({ resource }) => resource.resourceType === 'MedicationRequest') ??
    entries.find(({ resource }) => resource.resourceType === 'Observation')!;
  const [{ family }] = patient.resource['name'] as unknown as [{ family: string }];
  const type = original.resource.resourceType;
  const stored = await place.rows<{ content: string; patientId: string }>(
    `select r.content, r.patient_id as "patientId" from resource r
       join resource p on p.patient_id = r.patient_id and p.resource_type = 'Patient' and position($2 in p.content) > 0
      where r.resource_type = $1`,
    [type, `"family":"${family}"`],
  );
  const bare = (resource: JsonObject) => {
    const { id: _id, meta: _meta, ...rest } = resource;
    return canonicalJson(rest).replace(/"reference":"[^"]*"/g, '"reference":"…"');
  };
  const wanted = bare(original.resource);
  const found = stored.filter(({ content }) => bare(parseJson(content) as JsonObject) === wanted);
  assert.ok(found.length >= 1, 'the same elements, codes, decimals and order');
  for (const { content, patientId } of found) {
    assert.ok(!content.includes('urn:uuid:'));
    assert.ok(content.includes(`"subject":{"reference":"Patient/${patientId}"}`));
    const { encounter } = parseJson(content) as { encounter?: { reference: string } };
    const [there] = await place.rows<{ count: number }>(
      `select count(*)::int as count from resource where patient_id = $1 and 'Encounter/' || resource_id = $2`,
      [patientId, encounter?.reference ?? ''],
    );
    assert.equal(there?.count, 1, 'the visit it names is in the same record');
  }
}

describe('a folder with something wrong in it', () => {
  let place: Place;
  let folder: string;
  before(async () => {
    place = await openPlace();
    folder = mkdtempSync(join(tmpdir(), 'medallion-bundles-'));
  });
  after(async () => {
    await place.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const patientUrl = 'urn:uuid:00000000-0000-4000-8000-000000000001';
  const hospitalUrl = 'urn:uuid:00000000-0000-4000-8000-000000000002';
  const post = (fullUrl: string, resource: Record<string, unknown>) => ({
    fullUrl,
    resource,
    request: { method: 'POST', url: resource['resourceType'] },
  });
  const hospital = post(hospitalUrl, {
    resourceType: 'Organization',
    identifier: [{ system: 'urn:x', value: 'city-hospital' }],
    name: 'City Hospital',
  });
  const person = (number: string) =>
    post(patientUrl, {
      resourceType: 'Patient',
      identifier: [
        { system: 'urn:mrn', value: number },
        { system: 'urn:medallion:uhid', value: '10000000000009' },
      ],
      name: [{ text: `Person ${number}` }],
      managingOrganization: { reference: hospitalUrl },
    });
  const condition = (text: string, more: Record<string, unknown> = {}) =>
    post(`urn:uuid:00000000-0000-4000-8000-0000000001${text}`, {
      resourceType: 'Condition',
      subject: { reference: patientUrl },
      code: { text },
      ...more,
    });
  const bundle = (...entry: unknown[]) =>
    JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry });

  test('each bad file is refused whole and named, and all the others come in', async () => {
    const files: Record<string, string> = {
      'a-good.json': bundle(hospital, person('1'), condition('01')),
      'b-broken.json': bundle(hospital, person('2')).slice(0, -3),
      'c-invalid.json': bundle(hospital, person('3'), condition('03', { recordedDate: '2025-02-30' })),
      'd-dangling.json': bundle(
        hospital,
        person('4'),
        condition('04', { encounter: { reference: 'urn:uuid:00000000-0000-4000-8000-00000000ffff' } }),
      ),
      'e-duplicate-key.json': bundle(hospital, person('5')).replace('"name"', '"name":[],"name"'),
      'f-not-a-bundle.json': '{"resourceType":"Patient"}',
      'g-empty.json': '',
      'h-good-again.json': bundle(hospital, person('8'), condition('08')),
      'i-two-people.json': bundle(
        hospital,
        person('9'),
        {
          ...person('10'),
          fullUrl: 'urn:uuid:00000000-0000-4000-8000-000000000003',
        },
        condition('09', { asserter: { reference: 'urn:uuid:00000000-0000-4000-8000-000000000003' } }),
      ),
      'j-collection.json': bundle(hospital, person('11')).replace('"transaction"', '"collection"'),
      'readme.txt': 'not looked at',
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    assert.equal(await place.run(folder), 1);
    const refused = place.lines.filter((line) => line.includes('refused, nothing of it was stored'));
    assert.deepEqual(
      refused.map((line) => /\] (\w)-/.exec(line)?.[1]),
      ['b', 'c', 'd', 'e', 'f', 'g', 'i', 'j'],
      place.lines.join('\n'),
    );
    assert.match(refused[1] ?? '', /entry\[2\]\.resource\.recordedDate/);
    const names = await place.rows<{ content: string }>(
      `select content from resource where resource_type = 'Patient'`,
    );
    assert.deepEqual(names.map(({ content }) => /Person \d+/.exec(content)?.[0] ?? '').toSorted(), [
      'Person 1',
      'Person 8',
    ]);
    for (const { content } of names)
      assert.ok(!content.includes('10000000000009'), 'a UHID is given, not brought');
    const [counts] = await place.rows<Record<string, number>>(countAll);
    assert.deepEqual(counts, { people: 2, resources: 5, former: 0, entries: 5, leaves: 5, waiting: 0 });
  });

  test('a mended file comes in the next time, beside those that are known', async () => {
    writeFileSync(join(folder, 'c-invalid.json'), bundle(hospital, person('3'), condition('03')));
    await place.run(folder);
    assert.equal(place.lines.filter((line) => line.includes('known already, left')).length, 2);
    const [counts] = await place.rows<Record<string, number>>(countAll);
    assert.deepEqual([counts?.['people'], counts?.['resources']], [3, 7]);
  });

  test('one file alone, an empty folder and a folder that is not there each say what happens', async () => {
    const alone = join(folder, 'alone.json');
    writeFileSync(alone, bundle(person('20')));
    assert.equal(await place.run(alone), 1, 'its hospital is not in it');
    writeFileSync(alone, bundle(hospital, person('20')));
    assert.equal(await place.run(alone), 0);
    const empty = mkdtempSync(join(folder, 'empty-'));
    assert.equal(await place.run(empty), 1);
    assert.match(place.lines[0] ?? '', /No \.json file/);
    await assert.rejects(place.run(join(folder, 'absent')), { code: 'ENOENT' });
  });

  test('people are told once that others added to their record, however much it was', async () => {
    const relay = startOutboxRelay(place.stores.deps, 3_600_000);
    await relay.flush();
    await relay.stop();
    const notices = await place.rows<{ patientId: string; count: number }>(
      `select patient_id as "patientId", (detail->>'count')::int as count from notice where kind = 'record-added' order by 1`,
    );
    const [counts] = await place.rows<Record<string, number>>(countAll);
    assert.equal(notices.length, counts?.['people']);
    assert.ok(notices.every(({ count }) => count === 1 || count === 2));
    assert.deepEqual(await place.rows('select 1 from outbox'), []);
  });
});
