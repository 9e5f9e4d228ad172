// A CT in the person's own file, as the stand-alone verifier reads it: the study that names each image by its SHA-256 is what was written,
// the entry of its upload has the digest of what came, and a digest that was changed afterwards is found.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { crc32 } from 'node:zlib';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { makeImage, makeZip, newUid } from '../harness/dicom.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';
import { upload } from '../harness/tus.ts';
import { runVerifierProgram, temporaryFolder } from '../harness/verifier.ts';

describe('images and the stand-alone verifier', () => {
  const folder = temporaryFolder();
  const record = folder.path('record.medallion.json');
  const study = newUid();
  const images = [1, 2, 3].map((instance) => makeImage({ study, instance }));
  const pack = makeZip(
    images.map((bytes, at) => ({ name: `I${at}`, bytes })),
    (bytes) => crc32(bytes),
  );
  const digest = (bytes: Uint8Array, as: 'hex' | 'base64') => createHash('sha256').update(bytes).digest(as);
  let server: TestServer;
  let asha: Person;
  let vkey = '';
  before(async () => {
    server = await startServer();
    asha = await signUp(server.url, { name: 'Asha Rao' });
    assert.equal((await upload(asha, pack)).counts.stored, 3);
    const exported = await asha.get('/api/export');
    writeFileSync(record, exported.bytes);
    await server.sequencer.flush();
    vkey = (await asha.get('/log/vkey')).text.trim();
  });
  after(async () => {
    folder.remove();
    await server.stop();
  });
  const verify = (path: string) =>
    runVerifierProgram(server.url, '--state', folder.path('state.json'), '--record', path, '--key', vkey);

  test('the file has the digest of each image and of what came, and holds', async () => {
    const text = readFileSync(record, 'utf8');
    for (const image of images) assert.ok(text.includes(digest(image, 'base64')), 'in the study');
    assert.ok(text.includes(digest(pack, 'hex')), 'in the entry of the upload');
    const { exitCode, out } = await verify(record);
    assert.equal(exitCode, 0, out);
    assert.match(out, /Record .*record\.medallion\.json: \d+ entries without a gap/);
  });

  test('the digest of one image changed, in the study or in the entry, is found', async () => {
    const [image = Buffer.alloc(0)] = images;
    for (const [was, now] of [
      [digest(image, 'base64'), digest(Buffer.from('another'), 'base64')],
      [digest(pack, 'hex'), digest(Buffer.from('another'), 'hex')],
    ] as const) {
      const forged = folder.path('forged.json');
      writeFileSync(forged, readFileSync(record, 'utf8').replaceAll(was, now));
      const { exitCode, out } = await verify(forged);
      assert.equal(exitCode, 9, out);
    }
  });

  test('the bytes that are given out have the digest that stands in the record', async () => {
    const [header] = (await asha.get(`/dicom-web/studies/${study}/instances`)).json<
      Record<string, { Value: string[] }>[]
    >();
    const { pathname } = new URL(header?.['00081190']?.Value[0] ?? '');
    const whole = await asha.get(pathname, { accept: 'application/dicom' });
    assert.ok(images.map((one) => digest(one, 'hex')).includes(digest(whole.bytes, 'hex')));
  });
});
