// The live socket: R4's websocket channel and the envelope beside it; who may connect, bind and hear, and when they are cut off.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';
import type { Client, Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { signUpClinician } from '../harness/clinician.ts';
import { program } from '../harness/program.ts';
import { conditionOf, weightOf } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

interface Socket {
  readonly frames: string[];
  readonly closed: Promise<number>;
  say(text: string): void;
  /** The next frame not yet read. */
  next(): Promise<string>;
  end(): void;
}

const bySocket = (criteria: string) => ({
  resourceType: 'Subscription',
  status: 'requested',
  reason: 'test',
  criteria,
  channel: { type: 'websocket' },
});

describe('the live socket', () => {
  let server: TestServer;
  let asha: Person;
  let bala: Person;
  before(async () => {
    server = await startServer();
    asha = await signUp(server.url, { name: 'Asha Rao' });
    bala = await signUp(server.url, { name: 'Bala Iyer' });
  });
  after(() => server.stop());

  const open = (headers: Record<string, string>, path = '/ws'): Promise<Socket | number> =>
    new Promise((resolve) => {
      const socket = new WebSocket(server.url.replace('http', 'ws') + path, { headers });
      const frames: string[] = [];
      let read = 0;
      const closed = new Promise<number>((done) => {
        socket.on('close', (code) => done(code));
        // One that stays open is no failure of the runner's patience.
        setTimeout(() => done(0), 120_000).unref();
      });
      socket.on('message', (data: Buffer) => void frames.push(data.toString('utf8')));
      socket.on('error', () => undefined);
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
      socket.on('open', () =>
        resolve({
          frames,
          closed,
          say: (text) => socket.send(text),
          async next() {
            while (frames.length <= read) await sleep(10);
            read += 1;
            return frames[read - 1] ?? '';
          },
          end: () => socket.terminate(),
        }),
      );
    });
  const connect = async (headers: Record<string, string>): Promise<Socket> => {
    const socket = await open(headers);
    assert.ok(typeof socket !== 'number', 'the connection was refused');
    return socket;
  };
  const cookieOf = (person: Client) => ({ cookie: person.cookie() ?? '' });
  const subscribe = async (who: Client, criteria: string): Promise<string> => {
    const answer = await who.call('POST', '/fhir/R4/Subscription', { body: bySocket(criteria) });
    assert.equal(answer.status, 201, answer.text);
    const { id } = answer.json<{ id: string }>();
    while ((await who.get(`/fhir/R4/Subscription/${id}`)).json<{ status: string }>().status !== 'active')
      await sleep(50);
    return id;
  };

  test('bind, bound, and a ping for each thing that the criteria name', async () => {
    const id = await subscribe(asha, 'Observation?code=29463-7');
    const socket = await connect(cookieOf(asha));
    socket.say(`bind ${id}`);
    assert.equal(await socket.next(), `bound ${id}`);
    await asha.create(conditionOf(asha.patientId));
    const { id: observation } = await asha.create(weightOf(asha.patientId));
    assert.equal(await socket.next(), `ping ${id}`);
    const { rows } = await server.pool.query(
      `select 1 from entry where patient_id = $1 and statement like '%"event":"notify"%' and statement like $2`,
      [asha.patientId, `%${observation}%`],
    );
    assert.equal(rows.length, 1);
    socket.say(`unbind ${id}`);
    assert.equal(await socket.next(), `unbound ${id}`);
    await asha.create(weightOf(asha.patientId));
    await server.outbox.flush();
    socket.say(`bind ${id}`);
    assert.equal(await socket.next(), `bound ${id}`);
    socket.end();
  });

  test('the same in the envelope', async () => {
    const id = await subscribe(asha, 'Condition');
    const socket = await connect(cookieOf(asha));
    socket.say(JSON.stringify({ do: 'bind', topic: 'subscription', key: id }));
    assert.deepEqual(JSON.parse(await socket.next()), { event: 'bound', topic: 'subscription', key: id });
    await asha.create(conditionOf(asha.patientId));
    assert.deepEqual(JSON.parse(await socket.next()), { event: 'ping', topic: 'subscription', key: id });
    socket.say(JSON.stringify({ do: 'bind', topic: 'weather', key: 'x' }));
    assert.deepEqual(JSON.parse(await socket.next()), { event: 'refused', topic: 'weather', key: 'x' });
    socket.say(JSON.stringify({ do: 'bind', topic: 'constructor', key: 'x' }));
    assert.deepEqual(JSON.parse(await socket.next()), { event: 'refused', topic: 'constructor', key: 'x' });
    socket.end();
  });

  test('what is another’s, what is absent and what is told otherwise is refused alike', async () => {
    const id = await subscribe(asha, 'Observation');
    const socket = await connect(cookieOf(bala));
    for (const key of [id, '01a1f92f-0000-7000-8000-000000000000', 'x']) {
      socket.say(`bind ${key}`);
      assert.equal(await socket.next(), `refused ${key}`);
    }
    await asha.create(weightOf(asha.patientId));
    await server.outbox.flush();
    socket.say('bind y');
    assert.equal(await socket.next(), 'refused y');
    assert.ok(!socket.frames.some((frame) => frame.startsWith('ping')));
    socket.end();
  });

  test('a program connects with its token, and only with a good one', async () => {
    const partner = await program(server);
    const id = await subscribe(partner, `Observation?subject=Patient/${asha.patientId}`);
    const socket = await connect({ authorization: `Bearer ${partner.token}` });
    socket.say(`bind ${id}`);
    assert.equal(await socket.next(), `bound ${id}`);
    await bala.create(weightOf(bala.patientId));
    await asha.create(weightOf(asha.patientId));
    assert.equal(await socket.next(), `ping ${id}`);
    socket.end();
    for (const headers of [
      {},
      { authorization: 'Bearer x' },
      { authorization: `Bearer ${'A'.repeat(43)}` },
      { cookie: '__Host-session=none' },
    ] as Record<string, string>[])
      assert.equal(await open(headers), 401);
    assert.equal(await open({}, `/ws?access_token=${partner.token}`), 401);
  });

  test('a page of another site cannot connect with a person’s cookie', async () => {
    for (const origin of [
      'https://evil.example.org',
      'null',
      'http://localhost.evil.example.org',
      server.url.replace('http', 'https'),
    ])
      assert.equal(await open({ ...cookieOf(asha), origin }), 403, origin);
    const own = await connect({ ...cookieOf(asha), origin: server.url });
    own.end();
  });

  test('SES-03: signing out closes the socket, and nothing is heard after it', async () => {
    const person = await signUp(server.url, { name: 'Chitra Sen' });
    const id = await subscribe(person, 'Observation');
    const socket = await connect(cookieOf(person));
    socket.say(`bind ${id}`);
    assert.equal(await socket.next(), `bound ${id}`);
    const partner = await program(server);
    assert.equal((await person.call('DELETE', '/api/sessions/current')).status, 204);
    await partner.call('POST', '/fhir/R4/Observation', { body: weightOf(person.patientId) });
    assert.equal(await socket.closed, 1008);
    assert.ok(!socket.frames.some((frame) => frame.startsWith('ping')));
  });

  test('SES-04: a socket is closed when its session is ended elsewhere, its account or program is shut, its work is suspended or ends', async () => {
    const acts: Record<string, string> = {
      'a session that ended': `update session set ended_why = 'signed-out', ended_at = now() where account_id = $1`,
      'a closed account': `update account set disabled_at = now() where account_id = $1`,
      'a suspended membership': `update organization_member set suspended_at = now() where account_id = $1`,
      'a membership that ended': `update organization_member set ended_at = now() where account_id = $1`,
    };
    const neighbour = await connect(cookieOf(asha));
    for (const [what, act] of Object.entries(acts)) {
      const doctor = await signUpClinician(server.url, server.pool);
      const id = await subscribe(doctor, 'Observation');
      const socket = await connect(cookieOf(doctor));
      socket.say(`bind ${id}`);
      assert.equal(await socket.next(), `bound ${id}`, what);
      await server.pool.query(act, [doctor.accountId]);
      assert.equal(await socket.closed, 1008, what);
      await server.pool.query(`update account set disabled_at = null where account_id = $1`, [
        doctor.accountId,
      ]);
    }
    const partner = await program(server);
    const id = await subscribe(partner, `Observation?subject=Patient/${asha.patientId}`);
    const socket = await connect({ authorization: `Bearer ${partner.token}` });
    socket.say(`bind ${id}`);
    assert.equal(await socket.next(), `bound ${id}`);
    await server.pool.query(`update client set disabled_at = now() where client_id = $1`, [partner.clientId]);
    assert.equal(await socket.closed, 1008);
    neighbour.say('bind x');
    assert.equal(await neighbour.next(), 'refused x', 'nobody else is cut off');
    neighbour.end();
  });

  test('frames that are not understood, too long, binary or too many end the connection', async () => {
    const hostile = [
      '',
      'bind',
      'bind a b',
      'ping x',
      '{}',
      '[]',
      'null',
      '{"do":"bind"}',
      '{"do":"bind","topic":"a b","key":"x"}',
      `bind ${'x'.repeat(65)}`,
      'x'.repeat(5000),
      'bind ../x',
      '{"do":"bind","topic":"subscription","key":7}',
    ];
    for (const frame of hostile) {
      const socket = await connect(cookieOf(asha));
      socket.say(frame);
      assert.ok([1008, 1009].includes(await socket.closed), frame.slice(0, 50));
    }
    const eager = await connect(cookieOf(asha));
    for (let i = 0; i < 100; i += 1) eager.say('bind x');
    assert.equal(await eager.closed, 1008);
  });

  test('one person has so many connections and no more', async () => {
    const person = await signUp(server.url);
    const sockets = [];
    for (let i = 0; i < 10; i += 1) sockets.push(await connect(cookieOf(person)));
    const more = await connect(cookieOf(person));
    assert.equal(await more.closed, 1013);
    for (const socket of sockets) socket.end();
  });
});
