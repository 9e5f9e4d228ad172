// Several pictures that are the pages of one document: one upload, one document, all or none.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import sharp from 'sharp';
import { documentResource } from '../../core/record/write-statements.ts';
import type { Resource } from '../../core/fhir/types.ts';
import { packOf } from '../../web/uploads/zip-pack.ts';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';
import { beginUpload, upload } from '../harness/tus.ts';

interface Document extends Resource {
  description: string;
  type: { text: string };
  author: { reference: string }[];
  content: { attachment: { url: string; title: string; creation?: string; contentType: string } }[];
}

describe('pages of one document', () => {
  let server: TestServer;
  let asha: Person;
  before(async () => {
    server = await startServer();
    asha = await signUp(server.url);
  });
  after(() => server.stop());

  const picture = (shade: number): Promise<Buffer> =>
    sharp({ create: { width: 40, height: 30, channels: 3, background: { r: shade, g: shade, b: shade } } })
      .withMetadata({ exif: { IFD0: { Make: 'A-camera' } } })
      .jpeg()
      .toBuffer();
  const pack = async (files: readonly Uint8Array[]): Promise<Buffer> => {
    const named = files.map((bytes, i) => ({
      name: `page-${i + 1}.jpg`,
      file: new Blob([Uint8Array.from(bytes)]),
    }));
    const { blob } = await packOf(named, new AbortController().signal);
    return Buffer.from(await blob.arrayBuffer());
  };
  const about = { title: 'Discharge letter', kind: 'discharge-summary', date: '2026-01-05', pages: '1' };
  const documents = async () =>
    (await asha.get(`/fhir/R4/DocumentReference?patient=${asha.patientId}`)).json<{
      total: number;
      entry?: { resource: Document }[];
    }>();

  test('are one document of the person’s own, in their order, with the day on it and nothing of the camera', async () => {
    const receipt = await upload(asha, await pack([await picture(10), await picture(200)]), about);
    assert.equal(receipt.state, 'done', JSON.stringify(receipt));
    assert.deepEqual(receipt.counts, { stored: 1, thereAlready: 0, refused: 0 });
    const document = (await asha.get(`/fhir/R4/${receipt.files[0]?.resource}`)).json<Document>();
    assert.equal(document.description, 'Discharge letter');
    assert.equal(document.type.text, 'Discharge summary');
    assert.deepEqual(document.author, [{ reference: `Patient/${asha.patientId}` }]);
    const pages = document.content.map(({ attachment }) => attachment);
    assert.deepEqual(
      pages.map(({ title, creation, contentType }) => [title, creation, contentType]),
      [1, 2].map((page) => [`Discharge letter ${page}/2`, '2026-01-05', 'image/jpeg']),
    );
    const shades: number[] = [];
    for (const { url } of pages) {
      const { bytes } = await asha.get(new URL(url).pathname);
      assert.ok(!bytes.includes('A-camera'));
      const { channels } = await sharp(bytes).stats();
      shades.push(Math.round(channels[0]?.mean ?? -1));
    }
    assert.ok(shades[0]! < 20 && shades[1]! > 190, String(shades));
    // A new title in the form leaves the other pages where they are.
    const renamed = documentResource(
      {
        title: 'Letter',
        kind: 'discharge-summary',
        url: pages[0]?.url ?? '',
        contentType: 'image/jpeg',
        sizeBytes: 1,
      },
      { patientId: asha.patientId, today: '2026-11-29' } as never,
      document,
    );
    assert.deepEqual((renamed as Document).content[1], document.content[1]);
  });

  for (const [name, files, reason] of [
    [
      'one that is no picture',
      async () => [await picture(1), Buffer.from('%PDF-1.7\nnot a picture')],
      'not-a-picture',
    ],
    [
      'one that is broken',
      async () => [await picture(1), (await picture(2)).subarray(0, 120)],
      'not-a-picture',
    ],
    [
      'forty-one of them',
      async () => Promise.all(Array.from({ length: 41 }, () => picture(1))),
      'too-many-pages',
    ],
    ['none', async () => [], 'empty'],
  ] as const)
    test(`with ${name} nothing of it is in the record`, async () => {
      const before = (await documents()).total;
      const receipt = await upload(asha, await pack(await files()), about);
      assert.equal(receipt.state, 'refused');
      assert.equal(receipt.refusal, reason);
      assert.equal((await documents()).total, before);
    });

  test('without being said to be pages an archive of pictures is a file as before', async () => {
    const receipt = await upload(asha, await pack([await picture(1)]), { title: 'Some pictures' });
    const document = (await asha.get(`/fhir/R4/${receipt.files[0]?.resource}`)).json<Document>();
    assert.equal(document.content[0]?.attachment.contentType, 'application/zip');
  });

  test('a day that is none is refused before anything is sent', async () => {
    const answer = await beginUpload(asha, 10, { title: 'Letter', date: '2026-02-30' });
    assert.equal(answer.status, 400);
    assert.equal(answer.json<{ fields: { field: string }[] }>().fields[0]?.field, 'date');
  });
});
