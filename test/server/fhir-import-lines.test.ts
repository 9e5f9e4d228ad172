// Import by NDJSON: lines in any order and any file, each stored or named with its reason, nothing lost; it goes on where it stood.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { importFolder } from '../../server/admin/import.ts';
import { beginImport, loadLines } from '../../server/fhir/bulk/import.ts';
import { startJob } from '../../server/fhir/bulk/job.ts';
import type { Client } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import type { Program } from '../harness/program.ts';
import { program } from '../harness/program.ts';
import { conditionOf, weightOf } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

interface Outcome {
  stored: number;
  known: number;
  refused: number;
  output: { url: string; count: number }[];
  error: { url: string; count: number }[];
}
interface LineState {
  line: number;
  state: string;
  location?: string;
  reason?: string;
}

const pathOf = (url: string): string => new URL(url).pathname;
const sendNdjson = { prefer: 'respond-async', 'content-type': 'application/fhir+ndjson' };
let mrn = 0;
const personLines = (id: string, family: string): object => {
  mrn += 1;
  return {
    resourceType: 'Patient',
    id,
    name: [{ family }],
    identifier: [{ system: 'urn:hospital:mrn', value: `m${mrn}` }],
  };
};

describe('import by NDJSON', () => {
  let server: TestServer;
  let hospital: Program;
  before(async () => {
    server = await startServer();
    hospital = await program(server);
  });
  after(() => server.stop());

  const send = async (
    who: Client,
    lines: readonly (object | string)[],
  ): Promise<{ status: string; outcome: Outcome; states: LineState[]; errors: string }> => {
    const body = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
    const answer = await who.call('POST', '/fhir/R4/$import', { body, headers: sendNdjson });
    assert.equal(answer.status, 202, answer.text);
    const status = pathOf(answer.headers.get('content-location') ?? '');
    for (let pauseMs = 50; ; pauseMs = Math.min(600, 2 * pauseMs)) {
      const now = await who.get(status);
      if (now.status === 200) {
        const outcome = now.json<Outcome>();
        const states = (await who.get(pathOf(outcome.output[0]!.url))).text
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as LineState);
        const [error] = outcome.error;
        return { status, outcome, states, errors: error ? (await who.get(pathOf(error.url))).text : '' };
      }
      assert.equal(now.status, 202, now.text);
      assert.match(now.headers.get('x-progress') ?? '', /^\d+ of \d+ lines$/);
      await sleep(pauseMs);
    }
  };
  const contentOf = async (location: string | undefined) => {
    const answer = await hospital.get(`/fhir/R4/${location}`);
    assert.equal(answer.status, 200, answer.text);
    return answer.json<Record<string, { reference: string } & { reference: string }[]>>();
  };

  test('lines may refer to lines before and after them, in the directory too; ids are new, references follow', async () => {
    const { outcome, states } = await send(hospital, [
      {
        ...weightOf('p1', 70),
        id: 'o1',
        performer: [{ reference: 'Practitioner/d1' }],
        hasMember: [{ reference: 'Observation/o2' }],
      },
      { ...conditionOf('p1'), id: 'c1' },
      {
        resourceType: 'PractitionerRole',
        id: 'r1',
        practitioner: { reference: 'Practitioner/d1' },
        organization: { reference: 'Organization/h1' },
      },
      personLines('p1', 'Rao'),
      { resourceType: 'Practitioner', id: 'd1', name: [{ family: 'Menon' }] },
      { resourceType: 'Organization', id: 'h2', name: 'Ward', partOf: { reference: 'Organization/h1' } },
      '',
      { resourceType: 'Organization', id: 'h1', name: 'Hospital' },
      { ...weightOf('p1', 71), id: 'o2' },
    ]);
    assert.deepEqual([outcome.stored, outcome.known, outcome.refused, outcome.error], [8, 0, 0, []]);
    const [o1, , role, patient, doctor, ward, house, o2] = states.map(({ location }) => location);
    const observation = await contentOf(o1);
    assert.equal((observation['subject'] as { reference: string }).reference, patient);
    assert.equal(observation['performer']?.[0]?.reference, doctor);
    assert.equal(observation['hasMember']?.[0]?.reference, o2);
    assert.equal((await contentOf(ward))['partOf']?.reference, house);
    assert.equal((await contentOf(role))['practitioner']?.reference, doctor);
    assert.ok(!o1?.endsWith('/o1'));
    // As for every write: entry and leaf.
    await server.sequencer.flush();
    const { rows } = await server.pool.query(
      `select e.statement from entry e join log_leaf l using (entry_id) where e.patient_id = $1 and statement like '%"event":"create"%'`,
      [patient?.split('/')[1]],
    );
    assert.equal(rows.length, 4);
    assert.ok(
      (rows as { statement: string }[]).every(({ statement }) => statement.includes(hospital.clientId)),
    );
  });

  test('each line that cannot be stored is named with its reason, with all that refers to it; the rest is stored', async () => {
    const { outcome, states, errors } = await send(hospital, [
      personLines('p1', 'Sen'),
      { ...weightOf('p1'), id: 'good' },
      { ...weightOf('p1'), id: 'bad', status: 'nonsense' },
      { ...weightOf('p1'), id: 'follows', hasMember: [{ reference: 'Observation/bad' }] },
      { ...weightOf('p1'), id: 'follows2', hasMember: [{ reference: 'Observation/follows' }] },
      { ...weightOf('p1'), id: 'lost', encounter: { reference: 'Encounter/nowhere' } },
      '{"resourceType":"Observation",',
      '[1,2]',
      { resourceType: 'Nothing', id: 'x' },
      { resourceType: 'Condition', id: 'nobody', subject: { display: 'somebody' } },
      { ...weightOf('p1'), id: 'good', status: 'amended' },
      { ...weightOf('nobody-here'), id: 'stranger' },
      { resourceType: 'Patient', id: 'p2', gender: 'sometimes' },
      { ...weightOf('p2'), id: 'of-p2' },
      {
        resourceType: 'AuditEvent',
        id: 'reported',
        type: { code: 'x' },
        recorded: '2026-01-01T00:00:00Z',
        agent: [{ requestor: true, who: { reference: 'Patient/p1' } }],
        source: { observer: { display: 'x' } },
        entity: [{ what: { reference: 'Patient/p1' } }],
      },
    ]);
    assert.deepEqual(
      states.map(({ line, state }) => `${line} ${state}`),
      [
        '1 stored',
        '2 stored',
        '3 refused',
        '4 refused',
        '5 refused',
        '6 refused',
        '7 refused',
        '8 refused',
        '9 refused',
        '10 refused',
        '11 refused',
        '12 refused',
        '13 refused',
        '14 refused',
        // What a program reports of its own house is a resource; the trail is another thing.
        '15 stored',
      ],
    );
    assert.equal(outcome.stored, 3);
    assert.equal(outcome.error[0]?.count, 12);
    const reasons = states.map(({ reason = '' }) => reason);
    assert.match(reasons[2] ?? '', /^Observation\.status: /);
    assert.equal(reasons[3], 'It refers to line 3, which was not stored.');
    assert.equal(reasons[4], 'It refers to line 4, which was not stored.');
    assert.match(reasons[5] ?? '', /Observation\.encounter: This reference leads to nothing/);
    assert.match(reasons[6] ?? '', /not valid JSON/);
    assert.match(reasons[10] ?? '', /earlier line/);
    assert.match(reasons[13] ?? '', /line 13/);
    assert.ok(reasons.every((reason, i) => i < 2 || i === 14 || reason !== ''));
    const parsed = errors
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { resourceType: string; issue: { diagnostics: string }[] });
    assert.equal(parsed.length, 12);
    assert.ok(parsed.every(({ resourceType }) => resourceType === 'OperationOutcome'));
    assert.match(parsed[0]?.issue[0]?.diagnostics ?? '', /^Line 3: /);
    assert.ok(!errors.includes('nonsense') && !errors.includes('somebody'));
  });

  test('a record of many lines and many records of few lines are stored whole, one bad line among them alone left out', async () => {
    const lines = [
      personLines('big', 'Big'),
      ...Array.from({ length: 2100 }, (_, i) => ({ ...weightOf('big', i), id: `b${i}` })),
      ...Array.from({ length: 30 }, (_, i) => personLines(`few${i}`, 'Few')),
      ...Array.from({ length: 30 }, (_, i) => weightOf(`few${i}`, i)),
      { ...weightOf('few7'), id: 'lost', encounter: { reference: 'Encounter/nowhere' } },
    ];
    const { outcome, states } = await send(hospital, lines);
    assert.deepEqual([outcome.stored, outcome.refused], [lines.length - 1, 1]);
    assert.match(states.at(-1)?.reason ?? '', /leads to nothing/);
  });

  test('who is known already is met again and left alone', async () => {
    const doctor = {
      resourceType: 'Practitioner',
      id: 'd',
      name: [{ family: 'Pillai' }],
      identifier: [{ system: 'urn:council', value: 'p-77' }],
    };
    const lines = [
      personLines('p', 'Pai'),
      doctor,
      { ...weightOf('p'), id: 'w', performer: [{ reference: 'Practitioner/d' }] },
    ];
    const first = await send(hospital, lines);
    assert.equal(first.outcome.stored, 3);
    const again = await send(hospital, [
      ...lines,
      personLines('q', 'Pai'),
      { ...weightOf('q'), id: 'w2', performer: [{ reference: 'Practitioner/d' }] },
    ]);
    assert.deepEqual([again.outcome.stored, again.outcome.known, again.outcome.refused], [2, 3, 0]);
    const added = await contentOf(again.states[4]?.location);
    assert.equal(added['performer']?.[0]?.reference, first.states[1]?.location);
  });

  test('who is known is asked once for two hundred lines, not for each of their identifiers', async () => {
    const people = Array.from({ length: 250 }, (_, i) => ({
      ...personLines(`many-${i}`, 'Iyer'),
      identifier: [1, 2].map((n) => ({ system: `urn:hospital:${n}`, value: `many-${i}` })),
    }));
    const { pool } = server.deps.db;
    const query = pool.query.bind(pool);
    let asked = 0;
    pool.query = (async (statement: { name?: string }, ...more: unknown[]) => {
      if (statement.name?.includes('identifier') === true) asked += 1;
      return (query as (...all: unknown[]) => Promise<unknown>)(statement, ...more);
    }) as unknown as typeof pool.query;
    try {
      const { outcome } = await send(hospital, people);
      assert.deepEqual([outcome.stored, outcome.refused], [250, 0]);
    } finally {
      pool.query = query;
    }
    assert.equal(asked, 2);
    // The second of two identifiers is as good as the first, and lines keep to their own.
    const again = [7, 3].map((i) => ({
      resourceType: 'Patient',
      id: `again-${i}`,
      name: [{ family: 'Iyer' }],
      identifier: [
        { system: 'urn:elsewhere', value: `again-${i}` },
        { system: 'urn:hospital:2', value: `many-${i}` },
      ],
    }));
    const { states } = await send(hospital, [...again, personLines('another', 'Iyer')]);
    assert.deepEqual(
      states.map(({ state }) => state),
      ['known', 'known', 'stored'],
    );
    for (const [i, { location }] of states.slice(0, 2).entries())
      assert.ok(JSON.stringify(await contentOf(location)).includes(`"many-${[7, 3][i]}"`));
  });

  test('a program imports what its scopes let it create; a person imports nothing', async () => {
    const narrow = await program(server, 'system/Patient.cr system/Observation.c');
    const { states } = await send(narrow, [personLines('p', 'Das'), weightOf('p'), { ...conditionOf('p') }]);
    assert.deepEqual(
      states.map(({ state }) => state),
      ['stored', 'stored', 'refused'],
    );
    for (const who of [await signUp(server.url), await program(server, 'system/*.ruds')] as Client[]) {
      const answer = await who.call('POST', '/fhir/R4/$import', { body: '{}', headers: sendNdjson });
      assert.equal(answer.status, 403, answer.text);
    }
  });

  const hostile: [string, string | Uint8Array, Record<string, string>, number][] = [
    ['without Prefer', '{}', { 'content-type': 'application/fhir+ndjson' }, 400],
    ['with nothing in it', '', sendNdjson, 400],
    ['with empty lines only', '\n\n\n', sendNdjson, 400],
    ['that is no text', new Uint8Array([0x7b, 0xff, 0xfe, 0x0a]), sendNdjson, 400],
    ['of one endless line', 'x'.repeat(5_000_000), sendNdjson, 413],
    [
      'of addresses to fetch from',
      JSON.stringify({
        resourceType: 'Parameters',
        parameter: [{ name: 'input', valueUrl: 'http://169.254.169.254/latest' }],
      }),
      { prefer: 'respond-async' },
      415,
    ],
    ['of another kind', 'a,b', { prefer: 'respond-async', 'content-type': 'text/csv' }, 415],
  ];
  for (const [what, body, headers, status] of hostile)
    test(`an upload ${what} is refused, and no job is left`, async () => {
      const answer = await hospital.call('POST', '/fhir/R4/$import', { body, headers });
      assert.equal(answer.status, status, answer.text);
      const { rows } = await server.pool.query(`select 1 from bulk_job where state = 'loading'`);
      assert.equal(rows.length, 0);
    });

  test('an import is its owner’s alone, and goes when it is deleted', async () => {
    const { status, outcome } = await send(hospital, [personLines('p', 'Nair')]);
    const other = await program(server);
    for (const path of [status, pathOf(outcome.output[0]!.url)])
      assert.equal((await other.get(path)).status, 404);
    assert.equal((await other.call('DELETE', status)).status, 404);
    assert.equal((await hospital.get(`${status.replace('status', 'file')}/1.ndjson`)).status, 404);
    assert.equal((await hospital.call('DELETE', status)).status, 202);
    assert.equal((await hospital.get(status)).status, 404);
    const { rows } = await server.pool.query('select count(*)::int as n from bulk_line where job_id = $1', [
      status.split('/').at(-1),
    ]);
    assert.equal((rows[0] as { n: number }).n, 0);
  });

  test('the operator imports a folder of files; an interrupted import is carried on, nothing is stored twice', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'medallion-ndjson-'));
    try {
      const { deps, sequencer } = server;
      const stores = {
        deps,
        sequencer,
        logKey: undefined as never,
        witnessing: undefined as never,
        stop: async () => undefined,
      };
      // Begun, and then its process died before the first step.
      const jobId = await startJob(
        deps,
        { actor: { kind: 'operator', name: 'operator' }, headers: {} },
        { kind: 'import', state: 'loading', request: {}, position: {} },
      );
      const interrupted = [personLines('i', 'Interrupted'), weightOf('i')]
        .map((line) => JSON.stringify(line))
        .join('\n');
      await loadLines(deps, jobId, [
        {
          name: 'before.ndjson',
          bytes: (async function* () {
            yield Buffer.from(interrupted);
          })(),
        },
      ]);
      await beginImport(deps, jobId);
      writeFileSync(
        join(folder, 'Observation.ndjson'),
        [1, 2, 3].map((value) => JSON.stringify(weightOf('p', value))).join('\n'),
      );
      writeFileSync(
        join(folder, 'Patient.ndjson'),
        `${JSON.stringify(personLines('p', 'Folder'))}\n{"resourceType":"Patient","id":"z","gender":"sometimes"}\n`,
      );
      const said: string[] = [];
      assert.equal(await importFolder(stores, folder, (line) => void said.push(line)), 1);
      const text = said.join('\n');
      assert.match(text, /Patient\.ndjson, line 2: Patient\.gender/);
      assert.match(text, /4 entries/);
      const { rows } = await server.pool.query(
        `select content from resource where resource_type = 'Patient' and (content like '%Interrupted%' or content like '%"Folder"%')`,
      );
      assert.equal(rows.length, 2);
      const open = await server.pool.query(`select 1 from bulk_job where owner = 'operator'`);
      assert.equal(open.rows.length, 0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
