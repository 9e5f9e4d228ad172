// CRASH-05: the clock jumps, forwards and back, while people write, look and sign in.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { decodeLeaf } from '../../core/ledger/leaf.ts';
import type { Person } from '../harness/client.ts';
import { goodPassword, newClient, signUp } from '../harness/client.ts';
import { signUpClinician } from '../harness/clinician.ts';
import { fetchRecord, verifyOverHttp } from '../harness/record.ts';
import { changed, conditionOf } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const jumps: [string, number][] = [
  ['an hour back', -hour],
  ['an hour on', hour],
  ['a day on', day],
  ['a day back', -day],
  ['a second back', -1000],
  ['two days back', -2 * day],
  ['three days on', 3 * day],
];

describe('CRASH-05 a clock that jumps', () => {
  let server: TestServer;
  let asha: Person;
  let offsetMs = 0;
  const codes: string[] = [];
  before(async () => {
    server = await startServer({
      sources: {
        now: () => Date.now() + offsetMs,
        messenger: {
          async sendCode(_to, code) {
            codes.push(code);
            return 'sent';
          },
        },
      },
    });
    asha = await signUp(server.url);
  });
  after(() => server.stop());

  const signIn = async (person: Person) => {
    const answer = await person.call('POST', '/api/sessions', {
      body: { login: person.login, password: goodPassword },
    });
    assert.equal(answer.status, 201, answer.text);
  };

  test('writes and looks go on at each jump; versions of one entry never run backwards, in the record or in the log', async () => {
    const first = await asha.create(conditionOf(asha.patientId));
    const path = `/fhir/R4/Condition/${first.id}`;
    let text = first.text;
    for (const [what, ms] of jumps) {
      // Some writes are under way as it jumps.
      const write = async (n: number) =>
        asha.call('POST', '/fhir/R4/Condition', { body: conditionOf(asha.patientId, `${what} ${n}`) });
      const before = [write(1), write(2)];
      offsetMs += ms;
      const after = [write(3), write(4)];
      for (const answer of await Promise.all([...before, ...after]))
        assert.ok([201, 401].includes(answer.status), `${what}: ${answer.status} ${answer.text}`);
      if ((await asha.get('/api/me')).status !== 200) await signIn(asha);
      for (let n = 0; n < 2; n += 1) {
        const put = await asha.call('PUT', path, {
          body: changed(text, { code: { text: `${what} ${n}` } }),
        });
        assert.equal(put.status, 200, `${what}: ${put.text}`);
        text = put.text;
      }
      assert.equal((await asha.get(path)).text, text, what);
    }
    const { entry } = (await asha.get(`${path}/_history?_count=100`)).json<{
      entry: { resource: { meta: { versionId: string; lastUpdated: string } } }[];
    }>();
    const versions = entry
      .map(({ resource }) => resource.meta)
      .toSorted((a, b) => Number(a.versionId) - Number(b.versionId));
    assert.equal(versions.length, 1 + 2 * jumps.length);
    for (const [at, { lastUpdated }] of versions.entries())
      if (at > 0) assert.ok(lastUpdated > (versions[at - 1]?.lastUpdated ?? ''), `version ${at + 1}`);

    await server.sequencer.flush();
    const record = await fetchRecord(asha, 500);
    const times: bigint[] = [];
    for (const { statement, leafBytes } of record.links) {
      const { event, on } = JSON.parse(statement ?? '{}') as { event: string; on?: { id: string } };
      if (on?.id === first.id && (event === 'create' || event === 'update'))
        times.push(BigInt(decodeLeaf(leafBytes).timeSeconds));
    }
    assert.equal(times.length, versions.length);
    assert.deepEqual(
      times.toSorted((a, b) => Number(a - b)),
      times,
      'in the log too',
    );
    assert.equal((await verifyOverHttp(asha)).verdict, 'passed');
  });

  test('a session ends by its rule after a jump forwards, and is not lengthened by one back', async () => {
    const person = await signUp(server.url);
    const signedIn = async () => (await person.get('/api/me')).status;
    offsetMs -= hour;
    assert.equal(await signedIn(), 200, 'a clock that was put right does not sign anybody out');
    offsetMs += hour;
    assert.equal(await signedIn(), 200);
    offsetMs += day;
    assert.equal(await signedIn(), 401);
    offsetMs -= day;
    assert.equal(await signedIn(), 401, 'what has ended stays so');
  });

  test('a one-time code is over after a jump forwards, and works once whatever the clock does', async () => {
    const doctor = await signUpClinician(server.url, server.pool);
    const ask = async () => {
      const asked = await doctor.call('POST', '/api/access-requests', {
        body: { patient: asha.uhid, scope: 'whole', purpose: 'TREAT', duration: 'P7D' },
      });
      assert.equal(asked.status, 201, asked.text);
      return asked.json<{ id: string }>().id;
    };
    const confirm = async (id: string, code = codes.at(-1)) =>
      (await doctor.call('POST', `/api/access-requests/${id}/confirm`, { body: { code } })).status;
    const late = await ask();
    offsetMs += 6 * minute;
    assert.equal(await confirm(late), 403);
    const once = await ask();
    const code = codes.at(-1);
    offsetMs -= minute;
    assert.equal(await confirm(once, code), 201);
    offsetMs -= hour;
    assert.notEqual(await confirm(once, code), 201);
    offsetMs += hour;
  });

  test('the log goes on signing: no checkpoint is smaller or later taken back, and nobody is locked out', async () => {
    let size = 0;
    for (const [what, ms] of jumps) {
      offsetMs += ms;
      const person = await signUp(server.url);
      await person.create(conditionOf(person.patientId));
      await server.sequencer.flush();
      const grown = Number((await newClient(server.url).get('/log/checkpoint')).text.split('\n')[1]);
      assert.ok(grown > size, `${what}: ${grown} after ${size}`);
      size = grown;
    }
    const { rows } = await server.pool.query('select 1 from pending_leaf');
    assert.equal(rows.length, 0);
  });
});
