// What the pages of a registered app may reach from a browser: the record by FHIR, its images by DICOMweb and its files, all alike.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { approvedApp, tokensOf } from '../harness/app.ts';
import type { Answer, Person } from '../harness/client.ts';
import { newClient, signUp } from '../harness/client.ts';
import { makeImage, newUid } from '../harness/dicom.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';
import { upload } from '../harness/tus.ts';

const viewer = 'https://viewer.example';

describe('pages of a registered app', () => {
  let server: TestServer;
  let asha: Person;
  let token = '';
  const study = newUid();
  let file = '';
  let doors: string[] = [];
  before(async () => {
    server = await startServer();
    asha = await signUp(server.url, { name: 'Asha Rao' });
    const app = await approvedApp(server, { redirectUris: [`${viewer}/back`] });
    const tokens = await tokensOf(server, asha, app, { scope: 'launch/patient patient/*.rs' });
    token = tokens.access_token;
    await upload(asha, makeImage({ study }));
    const [paper] = (await upload(asha, Buffer.from('%PDF-1.7\nnot much of one'))).files;
    const document = (await asha.get(`/fhir/R4/${paper?.resource}`)).json<{
      content: { attachment: { url: string } }[];
    }>();
    file = new URL(document.content[0]?.attachment.url ?? '').pathname;
    doors = [
      `/fhir/R4/Patient/${asha.patientId}`,
      '/dicom-web/studies',
      `/dicom-web/studies/${study}/metadata`,
      file,
    ];
  });
  after(() => server.stop());

  const ask = (method: string, path: string, origin: string, more: Record<string, string> = {}) =>
    newClient(server.url).call(method, path, { headers: { origin, ...more } });
  const before_ = (path: string, origin: string) =>
    ask('OPTIONS', path, origin, {
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'authorization',
    });
  const said = ({ headers }: Answer) =>
    [...headers].filter(([name]) => /^(access-control|cross-origin-resource|vary)/.test(name));

  test('are told before that they may ask, at each of its doors in the same words', async () => {
    const answers = [];
    for (const path of doors) answers.push(await before_(path, viewer));
    for (const answer of answers) {
      assert.equal(answer.status, 204);
      assert.equal(answer.headers.get('access-control-allow-origin'), viewer);
      assert.match(answer.headers.get('access-control-allow-headers') ?? '', /Authorization/);
      assert.equal(answer.headers.get('access-control-allow-credentials'), null);
      assert.deepEqual(said(answer), said(answers[0] as Answer));
    }
  });

  test('read with a token what the token opens, and can read refusals too', async () => {
    for (const path of doors) {
      const answer = await ask('GET', path, viewer, { authorization: `Bearer ${token}` });
      assert.equal(answer.status, 200, `${path} ${answer.text}`);
      assert.equal(answer.headers.get('access-control-allow-origin'), viewer, path);
      assert.equal(answer.headers.get('cross-origin-resource-policy'), 'cross-origin', path);
      const without = await ask('GET', path, viewer);
      assert.equal(without.status, 401, path);
      assert.equal(without.headers.get('access-control-allow-origin'), viewer, path);
    }
  });

  test('of nobody who is registered are told nothing, and no other door opens to anybody', async () => {
    for (const origin of ['https://evil.example', 'http://viewer.example', `${viewer}.evil.example`, 'null'])
      for (const path of doors) {
        const answer = await before_(path, origin);
        assert.equal(answer.headers.get('access-control-allow-origin'), null, `${origin} ${path}`);
        const read = await ask('GET', path, origin, { authorization: `Bearer ${token}` });
        assert.equal(read.headers.get('access-control-allow-origin'), null, `${origin} ${path}`);
        assert.equal(read.headers.get('cross-origin-resource-policy'), 'same-origin', `${origin} ${path}`);
      }
    for (const path of ['/api/me', '/api/files', '/api/uploads', '/dicom-webs', '/api/files/x/y'])
      assert.equal((await before_(path, viewer)).headers.get('access-control-allow-origin'), null, path);
  });
});
