// A place of the log as its own person is answered, and as everybody else is: only the first learns what is behind it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Person } from '../harness/client.ts';
import { newClient, signUp } from '../harness/client.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

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

  test('what is no place is not found', async () => {
    for (const place of ['-1', 'x', '1e3', '99999999999999999999', '01', '%00'])
      assert.equal((await asha.get(`/api/leaves/${place}`)).status, 404, place);
  });
});
