// Shared checks of what a server writes down about itself: no token of a card, a session or a program, no password, no code, whatever
// is asked and whatever goes wrong. The real server in a process of its own, as talkative as it can be.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { goodPassword, newClient, signUp } from '../harness/client.ts';
import { freshDatabase } from '../harness/database.ts';
import type { FreshDatabase } from '../harness/database.ts';
import { conditionOf } from '../harness/resources.ts';
import { freePort } from '../harness/free-port.ts';
import type { ServerProcess } from '../harness/server-process.ts';
import { startServerProcess } from '../harness/server-process.ts';

describe('what the server writes down', () => {
  let database: FreshDatabase;
  let server: ServerProcess;
  const dataDir = mkdtempSync(join(tmpdir(), 'medallion-logs-'));

  before(async () => {
    database = await freshDatabase({ poolSize: 1 });
    server = startServerProcess(dataDir, await freePort(), {
      LOG_LEVEL: 'trace',
      DATABASE_URL: database.url,
    });
    await server.ready();
  });
  after(async () => {
    await server?.stop();
    await database?.drop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  test('QR-07, SES-08, WEB-15: the log holds nothing secret or personal, and one line for each event', async () => {
    const name = 'Asha Canary Logs';
    const asha = await signUp(server.url, { name });
    const session = asha.cookie()?.split('=')[1] ?? '';
    const card = await asha.call('POST', '/api/emergency-card', { body: {} });
    assert.equal(card.status, 201, card.text);
    const face = (await asha.get('/api/emergency-card')).json();
    const token = /\/e\/([0-9A-Za-z]{20,})/.exec(JSON.stringify(face))?.[1];
    assert.ok(token, 'the holder is shown the address of the card');
    const stranger = newClient(server.url);
    await stranger.get(`/e/${token}`, { 'user-agent': 'evil\tagent', referer: `${server.url}/e/${token}` });
    await stranger.get(`/e/${token.slice(0, -1)}x`);
    await stranger.call('POST', `/e/${token}`, { body: { code: '482913' } });
    await stranger.get(`/e/${token}/photo/nothing`);
    await stranger.call('DELETE', `/e/${token}`);
    await asha.get(`/fhir/R4/Patient/${asha.patientId}?access_token=${session}`);
    await stranger.get(`/fhir/R4/Patient/${asha.patientId}?token=${session}`);
    await stranger.get(`/api/me/${session}`);
    await stranger.get('/api/me', { authorization: `Bearer ${session}` });
    await stranger.get(`/fhir/R4/Condition?code=${encodeURIComponent(name)}%0d%0a{"level":"fatal"}`);
    await stranger.call('POST', '/api/sessions', {
      body: { login: asha.login, password: `${goodPassword} wrong` },
    });
    await asha.create(conditionOf(asha.patientId, name));
    await asha.call('POST', '/fhir/R4/Condition', { body: `{"resourceType":"Condition","code":"${name}` });
    await asha.get(`/fhir/R4/Condition?patient.name=${encodeURIComponent(name)}`);
    assert.equal(await server.stop(), 0);
    const log = server.output();
    assert.ok(log.split('\n').length > 15, 'requests are logged');
    const secrets = { token, session, password: goodPassword };
    for (const [what, secret] of Object.entries(secrets))
      for (let from = 0; from + 12 <= secret.length; from += 1)
        assert.ok(!log.includes(secret.slice(from, from + 12)), `a piece of the ${what} is in the log`);
    for (const personal of [
      name,
      asha.login,
      asha.patientId,
      asha.uhid,
      asha.accountId,
      '482913',
      '127.0.0.2',
    ])
      assert.ok(!log.includes(personal), `${personal} is in the log`);
    // oxlint-disable-next-line no-control-regex -- exactly these must not be there
    assert.ok(!/[\u0000-\u0009\u000b-\u001f\u007f]/.test(log), 'no control character');
    const lines = log.split('\n').filter((line) => line.startsWith('{'));
    for (const line of lines) assert.doesNotThrow(() => JSON.parse(line) as unknown, line);
  });
});
