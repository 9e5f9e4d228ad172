// Somebody with the database in their hands changes one thing. The person's own device, which trusts only the log's key, must notice
// and name the entry; changed back, it must pass again.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { verifyRecord } from '../../core/ledger/verify-record.ts';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { fetchRecord, verifyOverHttp } from '../harness/record.ts';
import { changed, conditionOf } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

describe('a record changed behind the server’s back', () => {
  let server: TestServer;
  let asha: Person;
  let other: Person;
  /** Entries of the version that stands and of the one before it. */
  let current: string;
  let former: string;
  let conditionId: string;
  let look: string;

  before(async () => {
    server = await startServer();
    [asha, other] = await Promise.all([signUp(server.url), signUp(server.url)]);
    const made = await asha.create(conditionOf(asha.patientId, 'Asthma'));
    conditionId = made.id;
    former = made.entryId;
    const put = await asha.call('PUT', `/fhir/R4/Condition/${made.id}`, {
      body: changed(made.text, { code: { text: 'Asthma, mild' } }),
    });
    current = put.headers.get('ledger-entry') ?? '';
    const gone = await asha.create(conditionOf(asha.patientId, 'Removed'));
    await asha.call('DELETE', `/fhir/R4/Condition/${gone.id}`);
    await asha.get(`/fhir/R4/Condition/${made.id}`);
    for (let i = 0; i < 10; i++) {
      await other.create(conditionOf(other.patientId));
      await asha.create(conditionOf(asha.patientId, `number ${i}`));
    }
    await server.sequencer.flush();
    const entries = (await asha.get('/api/entries?kind=looks')).json<{
      entries: { entryId: string; event: string }[];
    }>();
    look = entries.entries.find(({ event }) => event === 'read')?.entryId ?? '';
    await server.sequencer.flush();
    // From here on nobody but the tests writes to the log.
    await server.sequencer.stop();
  });
  after(() => server.stop());

  const flip = (column: string, at: number) => `set_byte(${column}, ${at}, get_byte(${column}, ${at}) # 1)`;
  const flipText = (column: string, from: string, to: string) => `replace(${column}, '${from}', '${to}')`;

  interface Tampering {
    table: string;
    set: string;
    where: string;
    /** The entry that must be named; undefined where another person's chain is hit as well. */
    entry?: string;
  }

  const table = (): Record<string, Tampering> => ({
    'the text of what stands': {
      table: 'resource',
      set: `content = ${flipText('content', 'mild', 'wild')}`,
      where: `entry_id = '${current}'`,
      entry: current,
    },
    'the text of a former version': {
      table: 'resource_history',
      set: `content = ${flipText('content', 'Asthma', 'Asthmb')}`,
      where: `entry_id = '${former}'`,
      entry: former,
    },
    'the version number of what stands': {
      table: 'resource',
      set: 'version = 9',
      where: `entry_id = '${current}'`,
      entry: current,
    },
    'the version number of a former version': {
      table: 'resource_history',
      set: 'version = 9',
      where: `entry_id = '${former}'`,
      entry: former,
    },
    'whose the former version is': {
      table: 'resource_history',
      set: `patient_id = 'x'`,
      where: `entry_id = '${former}'`,
      entry: former,
    },
    'the id of the resource': {
      table: 'resource',
      set: `resource_id = 'x'`,
      where: `entry_id = '${current}'`,
      entry: current,
    },
    'the type of the resource': {
      table: 'resource',
      set: `resource_type = 'Observation'`,
      where: `entry_id = '${current}'`,
      entry: current,
    },
    'the statement of a write': {
      table: 'entry',
      set: `statement = ${flipText('statement', '"create"', '"cre4te"')}`,
      where: `entry_id = '${former}'`,
      entry: former,
    },
    'who looked': {
      table: 'entry',
      set: `statement = ${flipText('statement', 'Asha', 'Usha')}`,
      where: `entry_id = 'LOOK'`,
      entry: 'LOOK',
    },
    'when somebody looked': {
      table: 'entry',
      set: `statement = ${flipText('statement', '"at":"2', '"at":"1')}`,
      where: `entry_id = 'LOOK'`,
      entry: 'LOOK',
    },
    'a statement that is no JSON': {
      table: 'entry',
      set: `statement = 'x'`,
      where: `entry_id = 'LOOK'`,
      entry: 'LOOK',
    },
    'the salt': {
      table: 'entry',
      set: `salt = ${flip('salt', 0)}`,
      where: `entry_id = '${former}'`,
      entry: former,
    },
    ...Object.fromEntries(
      [
        ['version', 0],
        ['kind', 1],
        ['time', 9],
        ['pseudonym', 10],
        ['number', 33],
        ['link', 34],
        ['commitment', 97],
      ].map(([part, at]): [string, Tampering] => [
        `the ${part} in the leaf`,
        {
          table: 'log_leaf',
          set: `leaf = ${flip('leaf', Number(at))}`,
          where: `entry_id = '${former}'`,
          entry: former,
        },
      ]),
    ),
    'a hash in the tiles': {
      table: 'log_tile',
      set: `hashes = ${flip('hashes', 40)}`,
      where: 'level = 0 and tile_index = 0',
    },
    'the text of the checkpoint': {
      table: 'log_checkpoint',
      set: `note = ${flipText('note', '/log', '/lug')}`,
      where: 'true',
    },
    'the signature of the checkpoint': {
      table: 'log_checkpoint',
      set: `note = overlay(note placing (case substr(note, length(note) - 20, 1) when 'A' then 'B' else 'A' end) from length(note) - 20 for 1)`,
      where: 'true',
    },
  });

  test('untouched it passes', async () => {
    const result = await verifyOverHttp(asha);
    assert.deepEqual([result.verdict, result.failures], ['passed', []]);
    assert.ok(result.writes >= 15 && result.others >= 2);
  });

  test('each single change is noticed and its entry named; changed back, all is well', async () => {
    for (const [what, raw] of Object.entries(table())) {
      const where = raw.where.replace('LOOK', look);
      const entry = raw.entry?.replace('LOOK', look);
      await server.pool.query('drop table if exists kept_aside');
      await server.pool.query(`create table kept_aside as select * from ${raw.table} where ${where}`);
      const changedRows = await server.pool.query(`update ${raw.table} set ${raw.set} where ${where}`);
      assert.ok((changedRows.rowCount ?? 0) > 0, `${what}: something was changed`);
      const { rowCount: unchanged } = await server.pool.query(
        `select * from kept_aside intersect select * from ${raw.table}`,
      );
      assert.equal(unchanged, 0, `${what}: nothing is what it was`);
      const result = await verifyOverHttp(asha);
      assert.equal(result.verdict, 'failed', what);
      assert.equal((await asha.get('/api/entries')).status, 200, `${what}: the list stays readable`);
      if (entry !== undefined)
        assert.ok(
          result.failures.some(({ entryId }) => entryId === entry),
          `${what}: ${JSON.stringify(result.failures)}`,
        );
      await restore(raw.table, where);
      assert.equal((await verifyOverHttp(asha)).verdict, 'passed', `${what}, changed back`);
    }
  });

  /** Puts back what was kept aside: by the columns that no change above touches. */
  async function restore(name: string, where: string): Promise<void> {
    const byKey: Record<string, string> = {
      resource: 'entry_id in (select entry_id from kept_aside)',
      resource_history: 'entry_id in (select entry_id from kept_aside)',
      entry: 'entry_id in (select entry_id from kept_aside)',
      log_leaf: 'entry_id in (select entry_id from kept_aside)',
    };
    await server.pool.query(`delete from ${name} where ${byKey[name] ?? where}`);
    await server.pool.query(`insert into ${name} select * from kept_aside`);
  }

  test('an entry that is taken away, with its leaf or without, leaves a gap that is noticed', async () => {
    for (const tables of [['entry'], ['log_leaf'], ['entry', 'log_leaf'], ['resource_history']]) {
      const kept = new Map<string, unknown[]>();
      for (const name of tables) {
        const { rows } = await server.pool.query(
          `select to_jsonb(t) as row from ${name} t where entry_id = $1`,
          [former],
        );
        kept.set(name, rows);
        await server.pool.query(`delete from ${name} where entry_id = $1`, [former]);
      }
      const result = await verifyOverHttp(asha);
      assert.equal(result.verdict, 'failed', tables.join(' and '));
      for (const [name, rows] of kept)
        for (const { row } of rows as { row: unknown }[])
          await server.pool.query(
            `insert into ${name} select * from jsonb_populate_record(null::${name}, $1)`,
            [JSON.stringify(row)],
          );
      assert.equal((await verifyOverHttp(asha)).verdict, 'passed');
    }
  });

  test('a record cut off at its end is shorter than the log says, for whoever knows its length', async () => {
    const whole = await fetchRecord(asha);
    const cut = { ...whole, links: whole.links.slice(0, -3) };
    assert.equal(verifyRecord(whole).verdict, 'passed');
    // A chain cut at its end is whole in itself: the server cannot be caught by this device alone.
    assert.equal(verifyRecord(cut).verdict, 'passed');
    const swapped = { ...whole, links: whole.links.with(2, whole.links[3]!).with(3, whole.links[2]!) };
    assert.equal(verifyRecord(swapped).verdict, 'failed');
  });

  test('the record of somebody else does not pass for one’s own', async () => {
    const [mine, theirs] = [await fetchRecord(asha), await fetchRecord(other)];
    assert.equal(verifyRecord(theirs).verdict, 'passed');
    assert.equal(verifyRecord({ ...theirs, expectedPseudonym: mine.expectedPseudonym }).verdict, 'failed');
  });

  test('a resource that was put in past the one door has no entry, and what has one is not hidden', async () => {
    await server.pool.query(
      `insert into resource (patient_id, resource_type, resource_id, version, deleted, last_updated, entry_id, content)
       select patient_id, resource_type, 'forged', 1, false, last_updated, gen_random_uuid(), replace(content, resource_id, 'forged')
         from resource where resource_id = $1`,
      [conditionId],
    );
    const forged = await asha.get('/fhir/R4/Condition/forged');
    const entryId = forged.headers.get('ledger-entry') ?? '';
    assert.equal((await asha.get(`/api/entries/${entryId}`)).status, 404, 'the entry it names is not there');
    const record = await fetchRecord(asha);
    assert.ok(!record.links.some((link) => link.entryId === entryId));
    await server.pool.query(`delete from resource where resource_id = 'forged'`);
  });
});
