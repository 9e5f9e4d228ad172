// A place of the log as its own person is answered, and as everybody else is: only the first learns what is behind it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Person } from '../harness/client.ts';
import { newClient, signUp } from '../harness/client.ts';
import { signUpClinician } from '../harness/clinician.ts';
import { conditionOf, weightOf } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

interface Look {
  entryId: string;
  event: string;
  basis: string;
  who: { account: string; role: string };
  on?: object;
  detail?: { entry?: string };
}

interface Entry {
  entryId: string;
  state: string;
  leafIndex: number;
  anchor?: { block: number; local: boolean };
  evidence?: unknown;
}

describe('an entry by its place in the log', () => {
  let server: TestServer;
  let asha: Person;
  let ravi: Person;
  before(async () => {
    server = await startServer();
    asha = await signUp(server.url, { name: 'Asha Rao' });
    ravi = await signUp(server.url, { name: 'Ravi Rao' });
    await server.sequencer.flush();
    while ((await server.anchorer.anchorNow()) !== 'idle') await sleep(20);
    await server.sequencer.flush();
  });
  after(() => server.stop());

  test('its person gets it with its proof and the block it stands in; nobody else gets anything', async () => {
    const list = (await asha.get('/api/entries')).json<{ entries: Entry[] }>().entries;
    const entry = list.find(({ state }) => state === 'anchored');
    assert.ok(entry);
    assert.deepEqual([entry.anchor?.local, typeof entry.anchor?.block], [true, 'number']);
    const own = (await asha.get(`/api/leaves/${entry.leafIndex}`)).json<Entry>();
    assert.equal(own.entryId, entry.entryId);
    assert.ok(own.evidence);
    const other = await ravi.get(`/api/leaves/${entry.leafIndex}`);
    const absent = await ravi.get('/api/leaves/999999');
    assert.deepEqual([other.status, absent.status], [404, 404]);
    const body = ({ text }: { text: string }) => ({ ...(JSON.parse(text) as object), requestId: '' });
    assert.deepEqual(body(other), body(absent), 'not yours looks like not there');
    assert.equal((await newClient(server.url).get(`/api/leaves/${entry.leafIndex}`)).status, 401);
  });

  test('what comes after the anchor is in the log and not anchored yet', async () => {
    await asha.get('/api/entries');
    await server.sequencer.flush();
    const [newest] = (await asha.get('/api/entries')).json<{ entries: Entry[] }>().entries;
    assert.ok(newest && ['pending', 'logged'].includes(newest.state));
    assert.equal(newest.anchor, undefined);
  });

  test('asking what is behind it is a look of its own; who may not see it leaves nothing', async () => {
    const made = await asha.create(conditionOf(asha.patientId));
    await server.sequencer.flush();
    const { leafIndex } = (await asha.get(`/api/entries/${made.entryId}`)).json<Entry>();
    const looks = async () =>
      (await asha.get('/api/entries?kind=looks'))
        .json<{ entries: Look[] }>()
        .entries.filter(({ event, detail }) => event === 'verify' && detail?.entry === made.entryId);
    assert.equal((await looks()).length, 1, 'the evidence of one entry is a look as well');
    await asha.get(`/api/leaves/${leafIndex}`);
    await ravi.get(`/api/leaves/${leafIndex}`);
    const [newest, ...others] = await looks();
    assert.deepEqual([others.length, newest?.basis, newest?.who.account], [1, 'self', asha.accountId]);
  });

  test('a guardian and a clinician who was let in learn what was written there, by a look in that record; nothing of looks or of what is sealed', async () => {
    const doctor = await signUpClinician(server.url, server.pool);
    const made = await asha.create(conditionOf(asha.patientId));
    const sealed = await asha.create({
      ...conditionOf(asha.patientId),
      meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'HIV' }] },
    });
    await server.sequencer.flush();
    const placeOf = async (entryId: string) =>
      `/api/leaves/${(await asha.get(`/api/entries/${entryId}`)).json<Entry>().leafIndex}`;
    const [written, hidden] = [await placeOf(made.entryId), await placeOf(sealed.entryId)];
    const looked = (await asha.get('/api/entries?kind=looks')).json<{ entries: Look[] }>().entries[0];
    await server.sequencer.flush();
    const look = await placeOf(looked?.entryId ?? '');
    assert.equal((await doctor.get(written)).status, 404, 'before they were let in');
    const invited = await asha.call('POST', '/api/guardians/invites', {
      body: { to: ravi.login, level: 'view', relationship: 'MTH', evidence: 'wish' },
    });
    assert.equal(invited.status, 201, invited.text);
    const { id } = invited.json<{ id: string }>();
    assert.equal((await ravi.call('POST', `/api/guardians/invites/${id}/accept`)).status, 201);
    const given = await asha.call('POST', '/api/grants', {
      body: {
        to: doctor.accountId,
        scope: { categories: ['conditions'] },
        purpose: 'TREAT',
        duration: 'P7D',
      },
    });
    assert.equal(given.status, 201, given.text);
    for (const [who, role, basis] of [
      [ravi, 'guardian', 'guardian'],
      [doctor, 'professional', 'grant'],
    ] as const) {
      const answer = await who.get(written);
      assert.equal(answer.status, 200, answer.text);
      const body = answer.json<{ own: boolean; on: object; state: string }>();
      assert.deepEqual(
        [body.own, body.on, body.state],
        [false, { type: 'Condition', id: made.id, version: 1 }, 'logged'],
      );
      assert.ok(!answer.text.includes('salt') && !answer.text.includes('statement'));
      const [entry] = (await asha.get('/api/entries?kind=looks'))
        .json<{ entries: Look[] }>()
        .entries.filter(({ event, who: by }) => event === 'verify' && by.account === who.accountId);
      assert.deepEqual(
        [entry?.who.role, entry?.basis, entry?.on, entry?.detail?.entry],
        [role, basis, { type: 'Condition', id: made.id }, made.entryId],
      );
      assert.equal((await who.get(hidden)).status, 404, 'sealed');
      assert.equal((await who.get(look)).status, 404, 'a look');
    }
    assert.equal(
      (await doctor.get(await placeOf((await asha.create(weightOf(asha.patientId, 61))).entryId))).status,
      404,
      'another part',
    );
  });

  test('what is no place is not found', async () => {
    for (const place of ['-1', 'x', '1e3', '99999999999999999999', '01', '%00'])
      assert.equal((await asha.get(`/api/leaves/${place}`)).status, 404, place);
  });
});
