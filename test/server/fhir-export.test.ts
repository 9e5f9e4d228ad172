// Bulk Data export as a program of another hospital uses it: kicked off, asked about, fetched file by file, bound to whoever asked.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import { disableClient } from '../../server/storage/clients.ts';
import { start } from '../../server/start.ts';
import { readConfig } from '../../server/config.ts';
import { shownDigest } from '../../server/fhir/looks.ts';
import type { Answer, Client, Person } from '../harness/client.ts';
import { newClient, signUp } from '../harness/client.ts';
import type { Program } from '../harness/program.ts';
import { program } from '../harness/program.ts';
import type { OutcomeBody } from '../harness/resources.ts';
import { conditionOf, weightOf } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { freePort } from '../harness/free-port.ts';
import { startServer } from '../harness/server.ts';

interface Manifest {
  transactionTime: string;
  request: string;
  requiresAccessToken: boolean;
  output: { type: string; url: string; count: number }[];
  error: unknown[];
}
interface Line {
  resourceType: string;
  id: string;
  meta: { versionId: string; tag?: { code: string }[] };
  subject?: { reference: string };
  [name: string]: unknown;
}

const later = { prefer: 'respond-async' };
const pathOf = (url: string): string => new URL(url).pathname;

describe('bulk export', () => {
  let server: TestServer;
  let hospital: Program;
  let people: Person[];
  let practitioner: string;
  let group: string;
  before(async () => {
    server = await startServer();
    hospital = await program(server);
    people = [];
    for (const name of ['Asha Rao', 'Bala Iyer', 'Chitra Sen'])
      people.push(await signUp(server.url, { name }));
    const made = await hospital.call('POST', '/fhir/R4/Practitioner', {
      body: { resourceType: 'Practitioner', name: [{ family: 'Menon' }] },
    });
    practitioner = made.json<{ id: string }>().id;
    await hospital.call('POST', '/fhir/R4/Organization', {
      body: { resourceType: 'Organization', name: 'Nobody refers to this' },
    });
    for (const person of people) {
      for (let i = 0; i < 3; i += 1) await person.create(weightOf(person.patientId, 60 + i));
      await person.create({
        ...conditionOf(person.patientId, `"reference":"Practitioner/none" of ${person.login}`),
        asserter: { reference: `Practitioner/${practitioner}` },
      });
    }
    const answer = await hospital.call('POST', '/fhir/R4/Group', {
      body: {
        resourceType: 'Group',
        type: 'person',
        actual: true,
        member: [
          { entity: { reference: `Patient/${people[0]?.patientId}` } },
          { entity: { reference: `Patient/${people[1]?.patientId}` } },
          { entity: { reference: `Patient/${people[2]?.patientId}` }, inactive: true },
        ],
      },
    });
    assert.equal(answer.status, 201, answer.text);
    group = answer.json<{ id: string }>().id;
  });
  after(() => server.stop());

  const kickOff = async (who: Client, path: string): Promise<string> => {
    const answer = await who.get(path, later);
    assert.equal(answer.status, 202, answer.text);
    return pathOf(answer.headers.get('content-location') ?? '');
  };
  const finished = async (who: Client, status: string): Promise<Manifest> => {
    for (let pauseMs = 50; ; pauseMs = Math.min(600, 2 * pauseMs)) {
      const answer = await who.get(status);
      if (answer.status === 200) return answer.json<Manifest>();
      assert.equal(answer.status, 202, answer.text);
      assert.match(answer.headers.get('x-progress') ?? '', /^.{1,99}$/);
      assert.match(answer.headers.get('retry-after') ?? '', /^\d+$/);
      await sleep(pauseMs);
    }
  };
  const linesOf = (text: string): Line[] =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Line);
  const fetchAll = async (who: Client, manifest: Manifest): Promise<Line[]> => {
    const all: Line[] = [];
    for (const { type, url, count } of manifest.output) {
      const answer = await who.get(pathOf(url));
      assert.equal(answer.status, 200, answer.text);
      assert.match(answer.headers.get('content-type') ?? '', /^application\/fhir\+ndjson/);
      assert.ok(answer.text.endsWith('\n'));
      const lines = linesOf(answer.text);
      assert.equal(lines.length, count);
      assert.ok(lines.every((line) => line.resourceType === type));
      all.push(...lines);
    }
    return all;
  };
  const run = async (
    who: Client,
    path: string,
  ): Promise<{ manifest: Manifest; lines: Line[]; status: string }> => {
    const status = await kickOff(who, path);
    const manifest = await finished(who, status);
    return { manifest, lines: await fetchAll(who, manifest), status };
  };
  const drop = async (who: Client, status: string) => {
    assert.equal((await who.call('DELETE', status)).status, 202);
  };
  const counted = (lines: Line[]): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const { resourceType } of lines) counts[resourceType] = (counts[resourceType] ?? 0) + 1;
    return counts;
  };

  test('the whole system: every resource once, as stored, with a manifest as the specification has it', async () => {
    const { manifest, lines, status } = await run(hospital, '/fhir/R4/$export');
    assert.equal(manifest.requiresAccessToken, true);
    assert.equal(manifest.request, `${server.url}/fhir/R4/$export`);
    assert.deepEqual(manifest.error, []);
    assert.ok(Math.abs(Date.parse(manifest.transactionTime) - Date.now()) < 600_000);
    const { rows } = await server.pool.query(
      `select resource_type || '/' || resource_id as key, content from resource where not deleted`,
    );
    const stored = new Map(
      rows.map(({ key, content }: { key: string; content: string }) => [key, JSON.parse(content) as unknown]),
    );
    assert.equal(lines.length, stored.size);
    for (const line of lines) assert.deepEqual(line, stored.get(`${line.resourceType}/${line.id}`));
    await drop(hospital, status);
  });

  test('all patients: their compartments and what these refer to, not the rest of the directory', async () => {
    const { lines, status } = await run(hospital, '/fhir/R4/Patient/$export');
    assert.deepEqual(counted(lines), { Patient: 3, Observation: 9, Condition: 3, Practitioner: 1 });
    assert.equal(lines.find(({ resourceType }) => resourceType === 'Practitioner')?.id, practitioner);
    await drop(hospital, status);
  });

  test('a group: its active members and nobody else', async () => {
    const { lines, status } = await run(hospital, `/fhir/R4/Group/${group}/$export`);
    assert.deepEqual(counted(lines), { Patient: 2, Observation: 6, Condition: 2, Practitioner: 1 });
    assert.ok(!JSON.stringify(lines).includes(people[2]?.patientId ?? '-'));
    await drop(hospital, status);
  });

  test('types, patients, elements and since narrow it; parameters may come by POST', async () => {
    const [asha, bala] = people;
    const typed = await run(
      hospital,
      '/fhir/R4/Patient/$export?_type=Observation,Condition&_outputFormat=ndjson',
    );
    assert.deepEqual(counted(typed.lines), { Observation: 9, Condition: 3 });
    await drop(hospital, typed.status);
    const posted = await hospital.call('POST', '/fhir/R4/Patient/$export', {
      headers: later,
      body: {
        resourceType: 'Parameters',
        parameter: [
          { name: 'patient', valueReference: { reference: `Patient/${asha?.patientId}` } },
          { name: 'patient', valueReference: { reference: `Patient/${bala?.patientId}` } },
          { name: '_type', valueString: 'Observation' },
          { name: '_elements', valueString: 'code,Observation.status' },
        ],
      },
    });
    assert.equal(posted.status, 202, posted.text);
    const status = pathOf(posted.headers.get('content-location') ?? '');
    const lines = await fetchAll(hospital, await finished(hospital, status));
    assert.equal(lines.length, 6);
    for (const line of lines) {
      assert.deepEqual(Object.keys(line).sort(), ['code', 'id', 'meta', 'resourceType', 'status']);
      assert.ok(line.meta.tag?.some(({ code }) => code === 'SUBSETTED'));
    }
    await drop(hospital, status);
    const sinceMs = Date.now() + 1;
    while (Date.now() <= sinceMs) await sleep(1);
    const added = await asha!.create(weightOf(asha!.patientId, 99));
    const since = await run(hospital, `/fhir/R4/Patient/$export?_since=${new Date(sinceMs).toISOString()}`);
    assert.deepEqual(
      since.lines.map(({ id }) => id),
      [added.id],
    );
    await drop(hospital, since.status);
    await asha!.call('DELETE', `/fhir/R4/Observation/${added.id}`);
  });

  test('a person exports their own record and nobody else’s', async () => {
    const [asha, bala] = people;
    const { lines, status } = await run(asha!, `/fhir/R4/Patient/${asha!.patientId}/$export`);
    assert.deepEqual(counted(lines), { Patient: 1, Observation: 3, Condition: 1, Practitioner: 1 });
    assert.ok(
      lines.every(
        ({ subject }) => subject === undefined || subject.reference === `Patient/${asha!.patientId}`,
      ),
    );
    const all = await run(asha!, '/fhir/R4/Patient/$export');
    assert.equal(all.lines.length, lines.length);
    assert.equal((await asha!.get('/fhir/R4/$export', later)).status, 403);
    assert.equal((await asha!.get(`/fhir/R4/Patient/${bala!.patientId}/$export`, later)).status, 404);
    assert.equal((await asha!.get(`/fhir/R4/Group/${group}/$export`, later)).status, 404);
    const other = await kickOff(asha!, `/fhir/R4/Patient/$export?patient=Patient/${asha!.patientId}`);
    await drop(asha!, other);
    const foreign = await asha!.get(`/fhir/R4/Patient/$export?patient=Patient/${bala!.patientId}`, later);
    assert.equal(foreign.status, 422);
    await drop(asha!, status);
    await drop(asha!, all.status);
  });

  test('every exported person has an entry of what was exported of theirs, before a file can be had', async () => {
    const bala = people[1]!;
    const { manifest, lines, status } = await run(hospital, `/fhir/R4/Group/${group}/$export`);
    const { rows } = await server.pool.query(
      `select statement from entry where patient_id = $1 and statement like '%"event":"bulk-export"%' order by entry_id desc limit 1`,
      [bala.patientId],
    );
    const statement = JSON.parse((rows[0] as { statement: string }).statement) as {
      at: string;
      who: { role: string; account: string };
      shown: { count: number; digest: string };
    };
    assert.equal(statement.who.account, hospital.clientId);
    const theirs = lines
      .filter(
        ({ id, subject }) => id === bala.patientId || subject?.reference === `Patient/${bala.patientId}`,
      )
      .map(({ resourceType, id, meta }) => ({
        resourceType,
        resourceId: id,
        version: Number(meta.versionId),
      }));
    const order = ['Condition', 'Observation', 'Patient'];
    theirs.sort(
      (a, b) =>
        order.indexOf(a.resourceType) - order.indexOf(b.resourceType) ||
        (a.resourceId < b.resourceId ? -1 : 1),
    );
    assert.deepEqual(statement.shown, shownDigest(theirs));
    assert.equal(manifest.output.length, 4);
    const looks = await bala.get('/api/entries?limit=20');
    assert.match(looks.text, /bulk-export/);
    await drop(hospital, status);
  });

  test('FHIR-16: what is another’s is as good as absent: status, files and deletion', async () => {
    const { manifest, status } = await run(hospital, '/fhir/R4/Patient/$export?_type=Patient');
    const file = pathOf(manifest.output[0]!.url);
    const absent = status.replace(/[0-9a-f]{4}$/, '0000');
    for (const other of [await program(server), people[0]!] as Client[]) {
      for (const path of [status, absent, file]) {
        const answer = await other.get(path);
        assert.equal(answer.status, 404, `${path}: ${answer.text}`);
        assert.ok(!answer.text.includes('Rao'));
      }
      assert.equal((await other.call('DELETE', status)).status, 404);
    }
    for (const path of [status, file]) assert.equal((await newClient(server.url).get(path)).status, 401);
    const odd = [
      '0.ndjson',
      '2.ndjson',
      '-1.ndjson',
      '1.ndjson.x',
      '1',
      '999999999999.ndjson',
      '%2e%2e',
      'constructor',
    ];
    for (const name of odd)
      assert.equal((await hospital.get(file.replace('1.ndjson', name))).status, 404, name);
    await drop(hospital, status);
    for (const path of [status, file]) assert.equal((await hospital.get(path)).status, 404);
    assert.equal((await hospital.call('DELETE', status)).status, 404);
    const { rows } = await server.pool.query('select count(*)::int as n from bulk_part');
    assert.equal((rows[0] as { n: number }).n, 0);
  });

  test('scopes count at the start and at the download; a disabled client gets nothing', async () => {
    const narrow = await program(server, 'system/Observation.rs system/Patient.rs');
    const all = await run(narrow, '/fhir/R4/Patient/$export');
    assert.deepEqual(Object.keys(counted(all.lines)).sort(), ['Observation', 'Patient']);
    for (const path of [
      '/fhir/R4/Patient/$export?_type=Condition',
      '/fhir/R4/$export?_type=Patient,Condition',
    ])
      assert.equal((await narrow.get(path, later)).status, 403, path);
    const system = await run(narrow, '/fhir/R4/$export');
    assert.deepEqual(Object.keys(counted(system.lines)).sort(), ['Observation', 'Patient']);
    const noPatients = await program(server, 'system/Observation.rs');
    assert.equal((await noPatients.get('/fhir/R4/Patient/$export', later)).status, 403);
    const writer = await program(server, 'system/*.cud');
    for (const path of ['/fhir/R4/$export', '/fhir/R4/Patient/$export'])
      assert.equal((await writer.get(path, later)).status, 403, path);
    const files = all.manifest.output.map(({ url }) => pathOf(url));
    await server.pool.query(`update access_token set scope = 'system/Patient.rs' where client_id = $1`, [
      narrow.clientId,
    ]);
    const statuses = await Promise.all(files.map(async (path) => (await narrow.get(path)).status));
    assert.deepEqual(
      statuses.toSorted((a, b) => a - b),
      [200, 403],
    );
    await disableClient(server.pool, narrow.clientId, Date.now());
    for (const path of [...files, all.status])
      assert.equal((await narrow.get(path).catch(() => undefined))?.status, 401, path);
  });

  const hostile: [string, number, Record<string, string>?][] = [
    ['$export', 400, {}],
    ['$export?_type=', 400],
    ['$export?_type=Nothing', 400],
    ['$export?_type=Patient%27--', 400],
    ['$export?_since=yesterday', 400],
    ['$export?_since=2026-13-01', 400],
    ['$export?_since=2026-01-01&_since=2026-01-02', 400],
    ['$export?_outputFormat=text/csv', 400],
    ['$export?_typeFilter=Observation%3Fcode%3Dx', 400],
    ['$export?_until=2026-01-01', 400],
    ['$export?includeAssociatedData=x', 400],
    ['$export?constructor=x', 400],
    ['$export?__proto__=x', 400],
    ['$export?_elements=a b', 400],
    ['$export?_elements=', 400],
    ['$export?patient=Patient/x', 400],
    ['Patient/$export?patient=Practitioner/x', 400],
    ['Patient/$export?patient=Patient/a%20b', 400],
    ['Patient/$export?_count=5', 400],
    ['Group/nothing/$export', 404],
    ['Group/%00/$export', 400],
    ['Patient/nothing/$export', 404],
    ['Practitioner/$export', 404],
  ];
  for (const [path, status, headers = later] of hostile)
    test(`${path} is answered ${status} and starts nothing`, async () => {
      const answer = await hospital.get(`/fhir/R4/${path}`, headers);
      assert.equal(answer.status, status, answer.text);
      assert.equal(answer.json<OutcomeBody>().resourceType, 'OperationOutcome');
    });

  const bodies: [string, unknown][] = [
    ['no Parameters', { resourceType: 'Patient' }],
    ['parameters that are none', { resourceType: 'Parameters', parameter: 'x' }],
    [
      'a type that is a number',
      { resourceType: 'Parameters', parameter: [{ name: '_type', valueString: 7 }] },
    ],
    [
      'a patient that is a text',
      { resourceType: 'Parameters', parameter: [{ name: 'patient', valueString: 'Patient/x' }] },
    ],
    [
      'a patient without a reference',
      { resourceType: 'Parameters', parameter: [{ name: 'patient', valueReference: {} }] },
    ],
    [
      'too many parameters',
      {
        resourceType: 'Parameters',
        parameter: Array.from({ length: 1001 }, () => ({ name: '_type', valueString: 'Patient' })),
      },
    ],
  ];
  for (const [what, body] of bodies)
    test(`a POST with ${what} is refused`, async () => {
      const answer = await hospital.call('POST', '/fhir/R4/Patient/$export', { body, headers: later });
      assert.equal(answer.status, 400, answer.text);
    });

  test('one client has so many jobs at a time and no more; too many questions are answered 429', async () => {
    const eager = await program(server);
    await server.pool.query(`update bulk_job set state = 'done' where state = 'running'`);
    const answers: Answer[] = [];
    for (let i = 0; i < 25; i += 1)
      answers.push(await eager.get('/fhir/R4/Patient/$export?_type=Patient', later));
    const refused = answers.filter(({ status }) => status === 429);
    assert.ok(refused.length >= 5);
    assert.match(refused[0]?.headers.get('retry-after') ?? '', /^\d+$/);
    const { rows } = await server.pool.query('select count(*)::int as n from bulk_job where owner = $1', [
      `client:${eager.clientId}`,
    ]);
    assert.ok((rows[0] as { n: number }).n <= 20);
    const status = pathOf(answers[0]?.headers.get('content-location') ?? '');
    let last = 0;
    for (let i = 0; i < 200 && last !== 429; i += 1) last = (await eager.get(status)).status;
    assert.equal(last, 429);
  });

  test('an export goes on where it stood, in another process, and a resource changed meanwhile is exported as it was', async () => {
    const client = await program(server);
    const asha = people[0]!;
    const changing = await asha.create(weightOf(asha.patientId, 70));
    const status = await kickOff(client, '/fhir/R4/Patient/$export');
    const done = await finished(client, status);
    const jobId = status.split('/').at(-1);
    // As if the process had died after its first step: nothing of the later steps was stored.
    const first = {
      phase: 'records',
      after: { patientId: '\u0001', resourceType: '', resourceId: '' },
      parts: 0,
      files: [],
    };
    await server.pool.query(`delete from bulk_part where job_id = $1`, [jobId]);
    await asha.call('PUT', `/fhir/R4/Observation/${changing.id}`, {
      body: { ...weightOf(asha.patientId, 75), id: changing.id },
    });
    const second = await start(
      readConfig({
        NODE_ENV: 'test',
        LOG_LEVEL: 'silent',
        PORT: String(await freePort()),
        PUBLIC_URL: server.url,
        DATA_DIR: server.dataDir,
        DATABASE_URL: server.databaseUrl,
      }),
    );
    try {
      await server.pool.query(
        `update bulk_job set state = 'running', finished_at = null, position = $2 where job_id = $1`,
        [jobId, JSON.stringify(first)],
      );
      const again = await finished(client, status);
      assert.deepEqual(again.output, done.output);
      const lines = await fetchAll(client, again);
      assert.equal(new Set(lines.map(({ resourceType, id }) => `${resourceType}/${id}`)).size, lines.length);
      const line = lines.find(({ id }) => id === changing.id);
      assert.equal(line?.meta.versionId, '1');
    } finally {
      await second.stop();
    }
  });

  test('an export expires', async () => {
    const client = await program(server);
    const status = await kickOff(client, '/fhir/R4/Patient/$export?_type=Patient');
    await finished(client, status);
    await server.pool.query(
      `update bulk_job set expires_at = now() - interval '1 second' where job_id = $1`,
      [status.split('/').at(-1)],
    );
    assert.equal((await client.get(status)).status, 404);
  });
});
