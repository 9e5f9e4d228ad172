// The demo as it starts: filled once, by the real door; everybody named in the guide can sign in.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { demoPassword, logins } from '../../demo/logins.ts';
import { people } from '../../demo/people.ts';
import { runDemo } from '../../demo/run.ts';
import { readConfig } from '../../server/config.ts';
import type { Running } from '../../server/start.ts';
import type { FreshDatabase } from '../harness/database.ts';
import { freshDatabase } from '../harness/database.ts';

let database: FreshDatabase;
let dataDir: string;
let running: Running;
let said: string[] = [];

const begin = async (): Promise<void> => {
  said = [];
  running = await runDemo(
    readConfig(
      {
        NODE_ENV: 'test',
        LOG_LEVEL: 'silent',
        PORT: '0',
        PUBLIC_URL: 'http://localhost:8080',
        DATA_DIR: dataDir,
        DATABASE_URL: database.url,
      },
      { demo: true },
    ),
    (line) => said.push(line),
  );
};

const counts = async (): Promise<Record<string, number>> => {
  const { rows } = await database.pool.query<Record<string, number>>(
    `select (select count(*)::int from person) as people, (select count(*)::int from account) as accounts,
            (select count(*)::int from resource) as resources, (select count(*)::int from resource_history) as former,
            (select count(*)::int from card) as cards,
            (select count(*)::int from entry where statement like '%"event":"scan%') as scans`,
  );
  return rows[0] ?? {};
};

describe('a filled demo', async () => {
  database = await freshDatabase();
  dataDir = mkdtempSync(join(tmpdir(), 'medallion-demo-'));
  await begin();
  after(async () => {
    await running.stop();
    await database.drop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  test('everybody has a record and a card, and every event is in the log', async () => {
    const { people: persons, cards = 0, resources = 0 } = await counts();
    const staff = logins.filter((one) => one.person === undefined).length;
    assert.equal(persons, people.length + staff);
    assert.ok(cards > people.length, 'one card each, and one that was lost');
    assert.ok(resources > 2000);
    await running.sequencer.flush();
    const { rows } = await database.pool.query<{ missing: number }>(
      'select count(*)::int as missing from entry e where not exists (select 1 from log_leaf l where l.entry_id = e.entry_id)',
    );
    assert.equal(rows[0]?.missing, 0);
  });

  test('every login of the guide signs in with the one password, staff with the code of their phone too, and the guide names it', async () => {
    const guide = said.join('\n');
    for (const { login } of logins) {
      const answer = await running.app.inject({
        method: 'POST',
        url: '/api/sessions',
        payload: { login, password: demoPassword },
      });
      assert.ok(guide.includes(login), login);
      if (answer.statusCode === 201) continue;
      assert.equal(answer.statusCode, 202, login);
      const shown = await running.app.inject({
        url: '/demo/codes',
        headers: { accept: 'application/json' },
      });
      const code = shown.json<{ login: string; code: string }[]>().find((one) => one.login === login)?.code;
      const { token } = answer.json<{ secondStep: { token: string } }>().secondStep;
      const second = await running.app.inject({
        method: 'POST',
        url: '/api/sessions/second',
        payload: { token, factor: 'totp', code },
      });
      assert.equal(second.statusCode, 201, `${login} ${second.body}`);
    }
  });

  test('the emergency page that the guide names shows Asha, her danger and her husband, and not her donor wish', async () => {
    const path = /http:\/\/localhost:8080(\/e\/\w+)/.exec(said.join('\n'))?.[1] ?? '';
    const { body, statusCode } = await running.app.inject({ url: path });
    assert.equal(statusCode, 200);
    for (const words of ['Asha Rao', 'Penicillin', 'Warfarin', 'Ravi Rao', 'Kept private by Asha'])
      assert.ok(body.includes(words), words);
  });

  test('who looked is not empty: scans, a code, a wrong code and a lost card are in Asha’s chain', async () => {
    const { rows } = await database.pool.query<{ statement: string }>(
      `select statement from entry e join account a using (patient_id) where a.login = 'patient@demo'`,
    );
    const events = rows.map((row) => JSON.parse(row.statement) as { event: string; outcome: string });
    const count = (event: string, outcome: string) =>
      events.filter((one) => one.event === event && one.outcome === outcome).length;
    assert.ok(count('scan', 'done') >= 3);
    assert.equal(count('scan', 'refused'), 1);
    assert.equal(count('scan-code', 'done'), 1);
    assert.equal(count('scan-code', 'refused'), 1);
  });

  test('a laboratory has an order in each state, a critical result waits, and a picture came with its order’s number', async () => {
    const { rows } = await database.pool.query<{ state: string; editions: number }>(
      'select state, max(edition)::int as editions from lab_order group by state order by state',
    );
    assert.deepEqual(
      rows.map(({ state }) => state),
      ['accepted', 'declined', 'entered', 'sampled', 'signed'],
    );
    assert.equal(rows.at(-1)?.editions, 2, 'one was corrected');
    const { rows: open } = await database.pool.query(
      'select 1 from lab_result where critical and acknowledged_at is null',
    );
    assert.equal(open.length, 1);
    const { rows: states } = await database.pool.query<{ status: string; count: number }>(
      `select content::json ->> 'status' as status, count(*)::int as count from resource
        where resource_type = 'ServiceRequest' and content like '%urn:medallion:order%' group by 1`,
    );
    assert.ok(states.some(({ status }) => status === 'revoked'));
    const { rows: studies } = await database.pool.query(
      `select 1 from resource where resource_type = 'ImagingStudy'`,
    );
    assert.equal(studies.length, 1);
  });

  test('Asha has times for her three medicines, and nobody else has any', async () => {
    const { rows } = await database.pool.query<{ times: string[]; patient: string }>(
      'select times, patient_id as patient from dose_plan order by times',
    );
    assert.deepEqual(
      rows.map(({ times }) => times),
      [['08:00', '13:00', '19:30'], ['20:00'], ['22:00']],
    );
    assert.equal(new Set(rows.map(({ patient }) => patient)).size, 1);
  });

  test('who wrote is told apart by the tag that the server set', async () => {
    const { rows } = await database.pool.query<{ author: string }>(
      `select distinct tag ->> 'code' as author from resource, json_array_elements(content::json -> 'meta' -> 'tag') tag
      where tag ->> 'system' = 'urn:medallion:author'`,
    );
    assert.deepEqual(rows.map(({ author }) => author).toSorted(), [
      'guardian',
      'import',
      'organization',
      'patient',
      'professional',
    ]);
  });

  test('a second start adds nothing', async () => {
    const first = await counts();
    await running.stop();
    await begin();
    assert.deepEqual(await counts(), first);
    assert.ok(!said.some((line) => line.startsWith('Making')));
  });

  test('filling that was cut off is taken up again without doubling anybody', async () => {
    const first = await counts();
    await running.stop();
    // As a crash after the first writes leaves it: the day is remembered, the end is not.
    await database.pool.query(`delete from resource where resource_type = 'Immunization'`);
    const file = join(dataDir, 'demo.json');
    const { day } = JSON.parse(readFileSync(file, 'utf8')) as { day: string };
    writeFileSync(file, JSON.stringify({ day, done: false }));
    await begin();
    const { people: persons, accounts, resources } = await counts();
    assert.deepEqual(
      { people: persons, accounts, resources },
      { people: first['people'], accounts: first['accounts'], resources: first['resources'] },
    );
  });
});

test('the demo refuses production and any address that others can reach', () => {
  const refused = (environment: Record<string, string>) =>
    assert.throws(() => readConfig(environment, { demo: true }), { name: 'ConfigError' });
  refused({ NODE_ENV: 'production' });
  refused({ PUBLIC_URL: 'https://health.example.org' });
  refused({ HOST: '0.0.0.0' });
});
