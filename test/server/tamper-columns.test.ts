// Somebody with the database in their hands changes one byte, in any column of any table. What is evidence must be found by the
// stand-alone verifier, run on the log and on the person's exported record; what is not evidence has its reason written down.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import type { ColumnRule, Protected } from '../harness/columns.ts';
import { columnRules, guardedTables, plumbing } from '../harness/columns.ts';
import { changed, conditionOf } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';
import { runVerifier, temporaryFolder, writeRecord } from '../harness/verifier.ts';

interface Column {
  readonly table: string;
  readonly column: string;
  readonly type: string;
}

const byType: Readonly<Record<string, (column: string) => string>> = {
  text: (c) =>
    `${c} = overlay(${c} placing (case substr(${c}, length(${c}) / 2 + 1, 1) when 'a' then 'b' else 'a' end) from length(${c}) / 2 + 1 for 1)`,
  bytea: (c) => `${c} = set_byte(${c}, octet_length(${c}) / 2, get_byte(${c}, octet_length(${c}) / 2) # 1)`,
  boolean: (c) => `${c} = not ${c}`,
  uuid: (c) => `${c} = gen_random_uuid()`,
  smallint: (c) => `${c} = ${c} + 1`,
  integer: (c) => `${c} = ${c} + 1`,
  bigint: (c) => `${c} = ${c} + 1`,
  'timestamp with time zone': (c) => `${c} = ${c} + interval '1 second'`,
};

describe('LOG-01 one byte changed behind the server’s back', () => {
  let server: TestServer;
  let asha: Person;
  let former: string;
  let columns: Column[];
  const folder = temporaryFolder();
  const state = folder.path('state.json');

  before(async () => {
    server = await startServer();
    asha = await signUp(server.url);
    const other = await signUp(server.url);
    const made = await asha.create(conditionOf(asha.patientId, 'Asthma'));
    former = made.entryId;
    await asha.call('PUT', `/fhir/R4/Condition/${made.id}`, {
      body: changed(made.text, { code: { text: 'Asthma, mild' } }),
    });
    await asha.call('PUT', '/api/me/alias', { body: { alias: 'asha.of.the.tests' } });
    const file = await asha.call('POST', '/api/files?title=Letter', {
      body: Buffer.from(`%PDF-1.4\n${'x'.repeat(500)}`),
      headers: { 'content-type': 'application/pdf' },
    });
    assert.equal(file.status, 201, file.text);
    await asha.get(`/fhir/R4/Condition/${made.id}`);
    for (let i = 0; i < 5; i++) await other.create(conditionOf(other.patientId));
    await server.sequencer.flush();
    await server.sequencer.stop();
    const { rows } = await server.pool.query(
      `select table_name as "table", column_name as "column", data_type as type from information_schema.columns
        where table_schema = 'public' order by table_name, ordinal_position`,
    );
    columns = rows as Column[];
  });
  after(async () => {
    folder.remove();
    await server.stop();
  });

  /** The log, and Asha's record as it stands now. An export that the server cannot make is found too. */
  async function verifyAll(): Promise<{ exitCode: number; codes: readonly string[] }> {
    const record = await writeRecord(server, asha.patientId, folder.path('record.json')).catch(
      () => undefined,
    );
    const log = await runVerifier(server.url, '--state', state, ...(record ? ['--record', record] : []));
    return record ? log : { exitCode: log.exitCode || 9, codes: [...log.codes, 'export-refused'] };
  }

  /** A row that is Asha's, and evidence. */
  const rowOf = (table: string): string => {
    const pseudonym = `pseudonym = (select pseudonym from person where patient_id = '${asha.patientId}')`;
    const rows: Record<string, string> = {
      person: `patient_id = '${asha.patientId}'`,
      resource: `patient_id = '${asha.patientId}' and resource_type = 'Condition'`,
      resource_history: `patient_id = '${asha.patientId}' and entry_id = '${former}'`,
      entry: `entry_id = '${former}'`,
      log_leaf: `entry_id = '${former}'`,
      log_chain: pseudonym,
      log_tile: 'level = 0 and tile_index = 0',
      log_checkpoint: 'size = (select max(size) from log_checkpoint)',
      stored_file: `patient_id = '${asha.patientId}'`,
    };
    return rows[table] ?? 'true';
  };

  test('every column of every table is judged: protected, or not evidence for a stated reason', () => {
    const unjudged = columns.filter(
      ({ table, column }) =>
        columnRules[table]?.[column] === undefined &&
        guardedTables[table] === undefined &&
        plumbing[table] === undefined,
    );
    assert.deepEqual(
      unjudged.map(({ table, column }) => `${table}.${column}`),
      [],
      'write into test/harness/columns.ts whether a change of it must be found',
    );
    const known = new Set(columns.map(({ table, column }) => `${table}.${column}`));
    const gone = Object.entries(columnRules).flatMap(([table, rules]) =>
      Object.keys(rules)
        .map((column) => `${table}.${column}`)
        .filter((name) => !known.has(name)),
    );
    assert.deepEqual(gone, [], 'columns that are no more');
  });

  test('untouched, all holds', async () => {
    const { exitCode, codes } = await verifyAll();
    assert.deepEqual([exitCode, codes], [0, []]);
  });

  const isProtected = (rule: ColumnRule | undefined): rule is Protected =>
    rule !== undefined && typeof rule !== 'string';

  test('a change in any protected column is found and named; changed back, all holds', async () => {
    let tried = 0;
    for (const { table, column, type } of columns) {
      const rule = columnRules[table]?.[column];
      if (!isProtected(rule)) continue;
      const what = `${table}.${column}`;
      const change = rule.change ?? byType[type]?.(column);
      assert.ok(change !== undefined, `${what}: how is a ${type} changed?`);
      const where = rowOf(table);
      await server.pool.query('drop table if exists kept_aside');
      await server.pool.query(`create table kept_aside as select * from ${table}`);
      const { rowCount } = await server.pool.query(`update ${table} set ${change} where ${where}`);
      assert.ok((rowCount ?? 0) > 0, `${what}: something was changed`);
      const { exitCode, codes } = await verifyThenPutBack(table);
      assert.notEqual(exitCode, 0, `${what} was changed and nobody noticed`);
      assert.ok(
        rule.found.some((code) => codes.includes(code)),
        `${what}: wanted ${rule.found.join(' or ')}, found ${[...new Set(codes)].join(', ')}`,
      );
      tried += 1;
    }
    assert.ok(tried >= 40, `${tried} columns were tried`);
    const { exitCode, codes } = await verifyAll();
    assert.deepEqual([exitCode, codes], [0, []], 'changed back');
  });

  async function verifyThenPutBack(table: string): ReturnType<typeof verifyAll> {
    try {
      return await verifyAll();
    } finally {
      await putBack(table);
    }
  }

  async function putBack(table: string): Promise<void> {
    await server.pool.query(`delete from ${table}`);
    await server.pool.query(`insert into ${table} select * from kept_aside`);
  }

  test('a row taken away, doubled or put in is found, in every table that is evidence', async () => {
    for (const table of Object.keys(columnRules)) {
      await server.pool.query('drop table if exists kept_aside');
      await server.pool.query(`create table kept_aside as select * from ${table}`);
      await server.pool.query(`delete from ${table} where ${rowOf(table)}`);
      const { exitCode } = await verifyThenPutBack(table);
      assert.notEqual(exitCode, 0, `a row of ${table} was deleted`);
    }
    const forgeries: Record<string, string> = {
      resource: `insert into resource select patient_id, resource_type, 'forged', 1, false, last_updated, gen_random_uuid(), content
                   from resource where ${rowOf('resource')}`,
      'resource, under an entry that wrote another': `insert into resource select patient_id, resource_type, 'forged', 1, false, last_updated, entry_id, content
                   from resource where ${rowOf('resource')}`,
      resource_history: `insert into resource_history select patient_id, resource_type, resource_id, 9, false, last_updated, gen_random_uuid(), content
                   from resource_history where ${rowOf('resource_history')}`,
      stored_file: `insert into stored_file select patient_id, file_id || '-forged', sha256, size_bytes, content_type, title, created_at
                   from stored_file where ${rowOf('stored_file')}`,
      entry: `insert into entry select patient_id, gen_random_uuid(), kind, recorded_at - interval '1 day', statement, salt from entry where ${rowOf('entry')}`,
    };
    for (const [what, insert] of Object.entries(forgeries)) {
      const table = what.split(',')[0] ?? '';
      await server.pool.query('drop table if exists kept_aside');
      await server.pool.query(`create table kept_aside as select * from ${table}`);
      await server.pool.query(insert);
      const { exitCode } = await verifyThenPutBack(table);
      assert.notEqual(exitCode, 0, `a row was put into ${what}`);
    }
    assert.equal((await verifyAll()).exitCode, 0);
  });

  test('two versions whose texts were swapped are found', async () => {
    await server.pool.query('create table kept_versions as select * from resource_history');
    await server.pool.query('drop table if exists kept_aside');
    await server.pool.query('create table kept_aside as select * from resource');
    await server.pool.query(
      `update resource r set content = h.content from resource_history h where h.entry_id = $1 and r.resource_id = h.resource_id`,
      [former],
    );
    await server.pool.query(
      `update resource_history h set content = k.content from kept_aside k where h.entry_id = $1 and k.resource_id = h.resource_id`,
      [former],
    );
    const { exitCode, codes } = await verifyAll();
    assert.deepEqual([exitCode, codes], [9, ['content-differs', 'content-differs']]);
    await putBack('resource');
    await server.pool.query('delete from resource_history');
    await server.pool.query('insert into resource_history select * from kept_versions');
    assert.equal((await verifyAll()).exitCode, 0);
  });

  test('a byte of a stored file is found', async () => {
    const files = fileURLToPath(server.deps.config.storageUrl);
    const [name] = readdirSync(files, { recursive: true, encoding: 'utf8' }).filter((one) => one.length > 20);
    const path = join(files, name ?? '');
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.with(100, bytes[100]! ^ 1));
    const { exitCode, codes } = await verifyAll();
    assert.deepEqual([exitCode, codes], [9, ['file-differs']]);
    writeFileSync(path, bytes);
    assert.equal((await verifyAll()).exitCode, 0);
  });
});
