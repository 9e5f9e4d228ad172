// Subscriptions over HTTP: judged when written, set up, delivered in order and once, tried again, given up with a reason; nobody hears what they may not read.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { headerKept } from '../../core/fhir/subscription.ts';
import { readConfig } from '../../server/config.ts';
import { start } from '../../server/start.ts';
import { disableClient } from '../../server/storage/clients.ts';
import type { Client, Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import type { Hook } from '../harness/hook.ts';
import { startHook } from '../harness/hook.ts';
import type { Program } from '../harness/program.ts';
import { program } from '../harness/program.ts';
import type { OutcomeBody } from '../harness/resources.ts';
import { conditionOf, weightOf } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { freePort } from '../harness/free-port.ts';
import { startServer } from '../harness/server.ts';

interface Stored {
  id: string;
  status: string;
  error?: string;
  channel: { header?: string[]; endpoint?: string };
  meta: { versionId: string };
}

const subscription = (criteria: string, channel: object, more: object = {}) => ({
  resourceType: 'Subscription',
  status: 'requested',
  reason: 'test',
  criteria,
  channel,
  ...more,
});
const hookTo = (endpoint: string, more: object = {}) => ({ type: 'rest-hook', endpoint, ...more });
const withPayload = { payload: 'application/fhir+json' };

describe('subscriptions', () => {
  let server: TestServer;
  let hook: Hook;
  let asha: Person;
  let bala: Person;
  let partner: Program;
  before(async () => {
    server = await startServer({ environment: { SUBSCRIPTION_ALLOW_HOSTS: '127.0.0.1' } });
    asha = await signUp(server.url, { name: 'Asha Rao' });
    bala = await signUp(server.url, { name: 'Bala Iyer' });
    partner = await program(server);
  });
  beforeEach(async () => {
    await server.pool.query('delete from subscription');
    hook?.stop();
    hook = await startHook();
  });
  after(async () => {
    hook.stop();
    await server.stop();
  });

  const write = async (who: Client, resource: object): Promise<string> => {
    const answer = await who.call('POST', '/fhir/R4/Subscription', { body: resource });
    assert.equal(answer.status, 201, answer.text);
    return answer.json<{ id: string }>().id;
  };
  const read = async (who: Client, id: string): Promise<Stored> =>
    (await who.get(`/fhir/R4/Subscription/${id}`)).json<Stored>();
  const inState = async (who: Client, id: string, status: string): Promise<Stored> => {
    for (;;) {
      const stored = await read(who, id);
      if (stored.status === status) return stored;
      await sleep(50);
    }
  };
  const active = async (who: Client, resource: object): Promise<string> => {
    const id = await write(who, resource);
    await inState(who, id, 'active');
    return id;
  };
  const delivered = async (count: number) => {
    while (hook.deliveries().length < count) await sleep(20);
    return hook.deliveries();
  };
  /** What was written up to now has gone through the outbox, and nothing waits for delivery. */
  const settled = async () => {
    for (;;) {
      await server.outbox.flush();
      const { rows } = await server.pool.query(
        `select (select count(*) from outbox)::int + (select count(*) from subscription_delivery d join subscription s using (subscription_id)
           where s.state = 'active')::int as n`,
      );
      if ((rows[0] as { n: number }).n === 0) return;
      await sleep(20);
    }
  };

  test('a rest-hook without payload is told that something happened, by an empty POST, once and in order', async () => {
    await active(asha, subscription('Observation?code=29463-7', hookTo(`${hook.url}/told`)));
    await asha.create(weightOf(asha.patientId));
    await asha.create(conditionOf(asha.patientId));
    await settled();
    const calls = await delivered(1);
    assert.deepEqual(
      calls.map(({ method, path, body }) => [method, path, body]),
      [['POST', '/told', '']],
    );
    assert.equal(calls[0]?.headers['content-type'], undefined);
  });

  test('with a payload each version is PUT below the endpoint, as stored, in the order it was written', async () => {
    await active(asha, subscription('Observation?code=29463-7', hookTo(`${hook.url}/base/`, withPayload)));
    const { id, text } = await asha.create(weightOf(asha.patientId, 70));
    const texts = [text];
    for (const value of [71, 72, 73]) {
      const answer = await asha.call('PUT', `/fhir/R4/Observation/${id}`, {
        body: { ...weightOf(asha.patientId, value), id },
      });
      texts.push(answer.text);
    }
    const calls = await delivered(4);
    assert.deepEqual(
      calls.map(({ method, path }) => `${method} ${path}`),
      Array.from({ length: 4 }, () => `PUT /base/Observation/${id}`),
    );
    assert.deepEqual(
      calls.map(({ body }) => body),
      texts,
    );
    assert.match(calls[0]?.headers['content-type'] ?? '', /^application\/fhir\+json/);
  });

  test('headers are sent, and are in no answer, no history, no entry and no table in the clear', async () => {
    const secret = 'Bearer Zaq1-very-secret-9f3';
    const header = [`Authorization: ${secret}`, 'X-Kind: medallion'];
    const id = await active(partner, subscription('Observation', hookTo(`${hook.url}/x`, { header })));
    await asha.create(weightOf(asha.patientId));
    const [call] = await delivered(1);
    assert.equal(call?.headers.authorization, secret);
    assert.equal(call?.headers['x-kind'], 'medallion');
    const stored = await read(partner, id);
    assert.deepEqual(stored.channel.header, [`Authorization: ${headerKept}`, `X-Kind: ${headerKept}`]);
    const history = await partner.get(`/fhir/R4/Subscription/${id}/_history`);
    assert.ok(!history.text.includes('Zaq1'));
    for (const table of ['resource', 'resource_history', 'entry', 'outbox', 'subscription']) {
      const { rows } = await server.pool.query(`select t::text as row from ${table} t`);
      assert.ok(
        !rows.some(
          ({ row }: { row: string }) =>
            row.includes('Zaq1') || row.includes(Buffer.from('Zaq1').toString('hex')),
        ),
        table,
      );
    }
    // Written back as it was read, the headers go on; to another host they do not.
    const again = await partner.call('PUT', `/fhir/R4/Subscription/${id}`, { body: stored });
    assert.equal(again.status, 200, again.text);
    await inState(partner, id, 'active');
    await asha.create(weightOf(asha.patientId));
    const calls = await delivered(2);
    assert.equal(calls[1]?.headers.authorization, secret);
    const thief = await startHook();
    const moved = await partner.call('PUT', `/fhir/R4/Subscription/${id}`, {
      body: { ...stored, channel: { ...stored.channel, endpoint: `${thief.url}/x` } },
    });
    thief.stop();
    assert.equal(moved.status, 422, moved.text);
    assert.deepEqual(thief.calls, []);
  });

  test('FHIR-17: nobody hears of what they may not read, whatever the criteria say', async () => {
    const id = await active(bala, subscription('Observation', hookTo(`${hook.url}/bala`, withPayload)));
    await active(
      bala,
      subscription(`Observation?subject=Patient/${asha.patientId}`, hookTo(`${hook.url}/bala`)),
    );
    const narrow = await program(server, 'system/Subscription.cruds system/Condition.rs');
    await active(narrow, subscription('Observation', hookTo(`${hook.url}/narrow`, withPayload)));
    await asha.create(weightOf(asha.patientId));
    await settled();
    assert.deepEqual(hook.deliveries(), []);
    const own = await bala.create(weightOf(bala.patientId));
    const calls = await delivered(1);
    await settled();
    assert.deepEqual(
      calls.map(({ path }) => path),
      [`/bala/Observation/${own.id}`],
    );
    assert.equal((await asha.get(`/fhir/R4/Subscription/${id}`)).status, 404);
  });

  test('FHIR-17: rights are asked again at delivery: a disabled client and lost scopes hear nothing more', async () => {
    for (const lose of [
      (client: Program) => disableClient(server.pool, client.clientId, Date.now()),
      (client: Program) =>
        server.pool.query(`update client set scope = 'system/Condition.rs' where client_id = $1`, [
          client.clientId,
        ]),
    ]) {
      const client = await program(server, 'system/Subscription.cruds system/Observation.rs');
      const id = await active(client, subscription('Observation', hookTo(`${hook.url}/gone`, withPayload)));
      hook.answer(500);
      await asha.create(weightOf(asha.patientId));
      await delivered(1);
      await lose(client);
      hook.answer(204);
      const before = hook.deliveries().length;
      await asha.create(weightOf(asha.patientId));
      await server.outbox.flush();
      for (;;) {
        await server.pool.query('update subscription set next_try_at = now() where subscription_id = $1', [
          id,
        ]);
        const { rows } = await server.pool.query(
          `select (select count(*)::int from subscription_delivery where subscription_id = $1) as waiting, state from subscription where subscription_id = $1`,
          [id],
        );
        const { waiting, state } = rows[0] as { waiting: number; state: string };
        if (waiting === 0 || state === 'error') break;
        await sleep(50);
      }
      assert.equal(hook.deliveries().length, before);
    }
  });

  test('a failing endpoint is tried again in order, then given up with a reason; written again it goes on where it stood', async () => {
    const id = await active(asha, subscription('Observation', hookTo(`${hook.url}/fails`, withPayload)));
    hook.answer(503);
    const first = await asha.create(weightOf(asha.patientId, 1));
    const second = await asha.create(weightOf(asha.patientId, 2));
    const hurry = setInterval(() => {
      void server.pool
        .query('update subscription set next_try_at = now() where next_try_at > now()')
        .catch(() => undefined);
    }, 20);
    const stored = await inState(asha, id, 'error');
    clearInterval(hurry);
    assert.equal(stored.error, 'The endpoint answered 503.');
    const paths = hook.deliveries().map(({ path }) => path);
    assert.equal(paths.length, 8);
    assert.deepEqual([...new Set(paths)], [`/fails/Observation/${first.id}`]);
    // One look, however often it was tried.
    const { rows } = await server.pool.query(
      `select 1 from entry where patient_id = $1 and statement like '%"event":"notify"%' and statement like $2`,
      [asha.patientId, `%${first.id}%`],
    );
    assert.equal(rows.length, 1);
    hook.answer(200);
    const again = await asha.call('PUT', `/fhir/R4/Subscription/${id}`, { body: stored });
    assert.equal(again.json<Stored>().status, 'requested');
    assert.equal(again.json<Stored>().error, undefined);
    await delivered(10);
    await settled();
    assert.deepEqual(
      hook
        .deliveries()
        .slice(8)
        .map(({ path }) => path),
      [first.id, second.id].map((one) => `/fails/Observation/${one}`),
    );
  });

  test('a redirect is a failure and is not followed', async () => {
    await active(asha, subscription('Observation', hookTo(`${hook.url}/moved`)));
    const target = await startHook();
    hook.answer(307);
    await asha.create(weightOf(asha.patientId));
    await delivered(1);
    await sleep(50);
    assert.deepEqual(target.calls, []);
    target.stop();
  });

  test('an endpoint that is not there keeps a subscription from becoming active, and says why', async () => {
    const id = await write(
      asha,
      subscription('Observation', hookTo(`http://127.0.0.1:${await freePort()}/`)),
    );
    const hurry = setInterval(() => {
      void server.pool
        .query('update subscription set next_try_at = now() where next_try_at > now()')
        .catch(() => undefined);
    }, 20);
    const { error } = await inState(asha, id, 'error');
    clearInterval(hurry);
    assert.equal(error, 'The endpoint cannot be reached.');
  });

  test('off is quiet, an end is kept, a deleted one is forgotten', async () => {
    const off = await write(asha, subscription('Observation', hookTo(`${hook.url}/off`), { status: 'off' }));
    const ended = await active(
      asha,
      subscription('Observation', hookTo(`${hook.url}/ended`), { end: '2126-01-01T00:00:00Z' }),
    );
    await server.pool.query(
      `update subscription set ends_at = now() - interval '1 second' where subscription_id = $1`,
      [ended],
    );
    const gone = await active(asha, subscription('Observation', hookTo(`${hook.url}/gone`)));
    assert.equal((await asha.call('DELETE', `/fhir/R4/Subscription/${gone}`)).status, 204);
    await asha.create(weightOf(asha.patientId));
    await inState(asha, ended, 'off');
    await settled();
    assert.deepEqual(hook.deliveries(), []);
    assert.equal((await read(asha, off)).status, 'off');
  });

  test('several processes: nothing is delivered twice, nothing out of order', async () => {
    const second = await start(
      readConfig({
        NODE_ENV: 'test',
        LOG_LEVEL: 'silent',
        PORT: String(await freePort()),
        PUBLIC_URL: server.url,
        DATA_DIR: server.dataDir,
        DATABASE_URL: server.databaseUrl,
        SUBSCRIPTION_ALLOW_HOSTS: '127.0.0.1',
      }),
    );
    try {
      await active(asha, subscription('Observation', hookTo(`${hook.url}/a`, withPayload)));
      const ids: string[] = [];
      for (let i = 0; i < 30; i += 1) ids.push((await asha.create(weightOf(asha.patientId, i))).id);
      await delivered(30);
      await settled();
      assert.deepEqual(
        hook.deliveries().map(({ path }) => path),
        ids.map((id) => `/a/Observation/${id}`),
      );
    } finally {
      await second.stop();
    }
  });

  const refused: [string, object, number][] = [
    ['criteria that are no search', subscription('everything', hookTo('https://hooks.example.org/')), 422],
    [
      'criteria of a type nobody knows',
      subscription('Nothing?x=y', hookTo('https://hooks.example.org/')),
      422,
    ],
    [
      'a parameter nobody knows',
      subscription('Observation?colour=red', hookTo('https://hooks.example.org/')),
      422,
    ],
    [
      'a chain',
      subscription('Observation?subject:Patient.name=x', hookTo('https://hooks.example.org/')),
      422,
    ],
    [
      'how to answer',
      subscription('Observation?_include=Observation:subject', hookTo('https://hooks.example.org/')),
      422,
    ],
    [
      'subscriptions to subscriptions',
      subscription('Subscription?status=active', hookTo('https://hooks.example.org/')),
      422,
    ],
    ['mail', subscription('Observation', { type: 'email', endpoint: 'mailto:a@example.org' }), 422],
    ['text messages', subscription('Observation', { type: 'sms', endpoint: 'tel:112' }), 422],
    [
      'messages',
      subscription('Observation', { type: 'message', endpoint: 'https://hooks.example.org/' }),
      422,
    ],
    ['no endpoint', subscription('Observation', { type: 'rest-hook' }), 422],
    [
      'XML',
      subscription('Observation', hookTo('https://hooks.example.org/', { payload: 'application/fhir+xml' })),
      422,
    ],
    [
      'a websocket with an endpoint',
      subscription('Observation', { type: 'websocket', endpoint: 'wss://x.example.org' }),
      422,
    ],
    [
      'a header with a line break',
      subscription('Observation', hookTo('https://hooks.example.org/', { header: ['X: a\r\nHost: b'] })),
      422,
    ],
    [
      'a header without a name',
      subscription('Observation', hookTo('https://hooks.example.org/', { header: ['nothing'] })),
      422,
    ],
    [
      'the host header',
      subscription('Observation', hookTo('https://hooks.example.org/', { header: ['Host: 127.0.0.1'] })),
      422,
    ],
    [
      'the length header',
      subscription('Observation', hookTo('https://hooks.example.org/', { header: ['Content-Length: 5'] })),
      422,
    ],
    [
      'a header value that was never given',
      subscription(
        'Observation',
        hookTo('https://hooks.example.org/', { header: [`Authorization: ${headerKept}`] }),
      ),
      422,
    ],
    ...[
      'http://hooks.example.org/',
      'https://localhost/',
      'https://10.0.0.1/',
      'https://169.254.169.254/latest',
      'https://[::1]/',
      'https://[::ffff:127.0.0.1]/',
      'https://192.168.1.1/',
      'https://0x0a000001/',
      'https://metadata.google.internal/',
      'https://a:b@hooks.example.org/',
      'file:///etc/passwd',
      'gopher://hooks.example.org/',
      'hooks.example.org',
      'ftp://hooks.example.org/x',
    ].map((endpoint): [string, object, number] => [
      `the endpoint ${endpoint}`,
      subscription('Observation', hookTo(endpoint)),
      422,
    ]),
  ];
  for (const [what, resource, status] of refused)
    test(`${what} is refused by name`, async () => {
      const answer = await asha.call('POST', '/fhir/R4/Subscription', { body: resource });
      assert.equal(answer.status, status, answer.text);
      const { issue } = answer.json<OutcomeBody>();
      assert.match(issue[0]?.expression?.[0] ?? '', /Subscription/);
      const { rows } = await server.pool.query('select 1 from subscription');
      assert.equal(rows.length, 0);
    });

  test('a state that only the server may give is not taken from a writer, alone or in a transaction', async () => {
    hook.answer(0);
    for (const status of ['active', 'error']) {
      const answer = await asha.call('POST', '/fhir/R4', {
        body: {
          resourceType: 'Bundle',
          type: 'transaction',
          entry: [
            {
              resource: subscription('Observation', hookTo(hook.url), { status, error: 'made up' }),
              request: { method: 'POST', url: 'Subscription' },
            },
          ],
        },
      });
      assert.equal(answer.status, 200, answer.text);
    }
    const { rows } = await server.pool.query(
      `select content from resource where resource_type = 'Subscription' and not deleted order by last_updated desc limit 2`,
    );
    for (const { content } of rows as { content: string }[]) {
      const stored = JSON.parse(content) as Stored;
      assert.equal(stored.status, 'requested');
      assert.equal(stored.error, undefined);
    }
  });

  test('one person has so many subscriptions and no more', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 52; i += 1)
      statuses.push(
        (
          await bala.call('POST', '/fhir/R4/Subscription', {
            body: subscription('Observation', hookTo(hook.url), { status: 'off' }),
          })
        ).status,
      );
    assert.deepEqual(statuses, [...Array.from({ length: 50 }, () => 201), 422, 422]);
  });
});
