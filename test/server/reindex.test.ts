// Computing anew what resources are found by: a few rows at a time, beside a server at work, from where it was stopped.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type pg from 'pg';
import { reindex } from '../../server/admin/reindex.ts';
import { reindexPlace, reindexStep } from '../../server/storage/reindex.ts';
import type { Stores } from '../../server/stores.ts';
import { type Person, signUp } from '../harness/client.ts';
import { program, type Program } from '../harness/program.ts';
import { conditionOf } from '../harness/resources.ts';
import { startServer, type TestServer } from '../harness/server.ts';

describe('reindex', () => {
  let server: TestServer;
  let asha: Person;
  let partner: Program;
  const made: string[] = [];
  before(async () => {
    server = await startServer();
    asha = await signUp(server.url);
    partner = await program(server);
    for (const text of ['Asthma', 'Migraine', 'Gout'])
      made.push((await asha.create({ ...conditionOf(asha.patientId, text), onsetDateTime: '2020' })).id);
  });
  after(() => server.stop());

  const found = async (search: string): Promise<number> => {
    const answer = await partner.get(`/fhir/R4/${search}`);
    assert.equal(answer.status, 200, answer.text);
    return answer.json<{ total: number }>().total;
  };
  const all = (): Promise<number[]> =>
    Promise.all([
      found('Condition?code:text=migraine'),
      found(`Condition?subject=Patient/${asha.patientId}`),
      found('Condition?onset-date=2020&code:text=gout'),
      found('Condition?code:missing=false'),
    ]);
  const forget = () =>
    server.pool.query(
      `update resource set search_present = null, search_keys = null, search_range_keys = null, search_range_bounds = null, search_strings = null, part = null`,
    );
  const base = () => `${server.url}/fhir/R4`;

  test('gives back what every resource is found by, and a second run changes nothing', async () => {
    const before = await all();
    assert.deepEqual(before, [1, 3, 1, 3]);
    const { rows: parts } = await server.pool.query('select resource_id, part from resource order by 1');
    await forget();
    assert.deepEqual(await all(), [0, 0, 0, 0]);
    const said = await reindex({ deps: server.deps } as Stores, () => undefined);
    assert.match(said, /^\d+ resources read, [1-9]\d* are found by something else/);
    assert.deepEqual(await all(), before);
    assert.deepEqual(
      (await server.pool.query('select resource_id, part from resource order by 1')).rows,
      parts,
    );
    assert.match(await reindex({ deps: server.deps } as Stores, () => undefined), /, 0 are found/);
  });

  test('goes on where it was stopped', async () => {
    await forget();
    const limits = { rows: 2, stepBytes: 1 };
    const first = await reindexStep(server.pool, { type: '', id: '' }, base(), limits);
    assert.equal(first?.seen, 1, 'one that is larger than a step is a step of its own');
    assert.deepEqual(await reindexPlace(server.pool), first?.last);
    const told: string[] = [];
    await reindex({ deps: server.deps } as Stores, (line) => told.push(line));
    assert.match(told[0] ?? '', /^Going on behind Condition\//);
    assert.deepEqual(await all(), [1, 3, 1, 3]);
    assert.deepEqual(await reindexPlace(server.pool), { type: '', id: '' }, 'the next run begins anew');
  });

  test('does not undo what was written while it ran', async () => {
    const id = made[0] ?? '';
    const changed = { ...conditionOf(asha.patientId, 'Scurvy'), id };
    const pool = server.pool;
    // The change comes between reading a row and writing what was computed of it.
    let written = false;
    const between = {
      query: async (text: pg.QueryConfig) => {
        const answer = await pool.query(text);
        if (!written) {
          written = true;
          assert.equal((await asha.call('PUT', `/fhir/R4/Condition/${id}`, { body: changed })).status, 200);
        }
        return answer;
      },
    };
    await reindexStep(between, { type: '', id: '' }, base(), { rows: 100, stepBytes: 1e6 });
    assert.equal(await found('Condition?code:text=scurvy'), 1);
    assert.equal(await found('Condition?code:text=asthma'), 0);
  });

  test('an absolute reference below the own base is found like a relative one', async () => {
    const absolute = { ...conditionOf(asha.patientId, 'Absolute') };
    absolute['subject'] = { reference: `${base()}/Patient/${asha.patientId}` };
    const answer = await partner.call('POST', '/fhir/R4/Condition', { body: absolute });
    assert.equal(answer.status, 201, answer.text);
    assert.match(answer.text, /"reference":"http/);
    for (const subject of [
      asha.patientId,
      `Patient/${asha.patientId}`,
      `${base()}/Patient/${asha.patientId}`,
    ])
      assert.equal(await found(`Condition?subject=${subject}&code:text=absolute`), 1, subject);
    assert.equal(await found(`Condition?subject:Patient.name=asha&code:text=absolute`), 1);
    assert.equal(await found(`Patient?_has:Condition:subject:code:text=absolute`), 1);
  });
});
