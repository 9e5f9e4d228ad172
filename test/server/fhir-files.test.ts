// Pictures and documents: known by what they are and not by what they are called, without anything hidden in them, each one's own.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { after, before, describe, test } from 'node:test';
import sharp from 'sharp';
import type { Answer, Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

const zip = Buffer.concat([Buffer.from('PK\x03\x04\x14\x00\x00\x00\x08\x00', 'latin1'), randomBytes(2000)]);
const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
const html = Buffer.from('<!doctype html><script>alert(1)</script>');
const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

interface Patient {
  photo?: { url: string; contentType: string; size: number }[];
  meta: { versionId: string };
}

describe('pictures and documents', () => {
  let server: TestServer;
  let asha: Person;
  let bala: Person;
  before(async () => {
    server = await startServer();
    [asha, bala] = await Promise.all([signUp(server.url), signUp(server.url)]);
  });
  after(() => server.stop());

  const putPhoto = (body: Buffer, type = 'image/jpeg', person = asha) =>
    person.call('PUT', '/api/photo', { body, headers: { 'content-type': type } });
  const postFile = (body: Buffer, query: string, type = 'application/octet-stream') =>
    asha.call('POST', `/api/files?${query}`, { body, headers: { 'content-type': type } });
  const patientOf = async (person: Person) =>
    (await person.get(`/fhir/R4/Patient/${person.patientId}`)).json<Patient>();
  const codeOf = (answer: Answer) => answer.json<{ code: string }>().code;

  const camera = (width: number, height: number, red: number) =>
    sharp({ create: { width, height, channels: 3, background: { r: red, g: 90, b: 60 } } });

  test('a photo becomes one small upright JPEG without place, time or device in it', async () => {
    const secret = 'Pixel-of-Asha-7731';
    const taken = await camera(1200, 900, 200)
      .withExif({
        IFD0: { Make: secret, Software: secret, ImageDescription: secret },
        IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '28/1 36/1 50/1' },
      })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    assert.ok(taken.includes(secret), 'the camera did write it');
    const put = await putPhoto(taken);
    assert.deepEqual([put.status, put.text], [204, '']);
    assert.match(put.headers.get('ledger-entry') ?? '', /^[0-9a-f-]{36}$/);
    const got = await asha.get('/api/photo');
    assert.deepEqual([got.status, got.headers.get('content-type')], [200, 'image/jpeg']);
    assert.ok(got.bytes.length <= 20 * 1024);
    assert.ok(!got.bytes.includes(secret) && !got.bytes.includes('Exif'));
    const { format, exif, icc, orientation, width, height } = await sharp(got.bytes).metadata();
    assert.deepEqual(
      { format, exif, icc, orientation, width, height },
      { format: 'jpeg', exif: undefined, icc: undefined, orientation: undefined, width: 336, height: 422 },
    );
    const { photo } = await patientOf(asha);
    assert.deepEqual(
      [photo?.length, photo?.[0]?.contentType, photo?.[0]?.size],
      [1, 'image/jpeg', got.bytes.length],
    );
  });

  test('noise, PNG with transparency and WebP fit the same size', async () => {
    const noise = await sharp(randomBytes(1000 * 1200 * 3), {
      raw: { width: 1000, height: 1200, channels: 3 },
    })
      .png()
      .toBuffer();
    const clear = await sharp({ create: { width: 50, height: 80, channels: 4, background: '#0000' } })
      .png()
      .toBuffer();
    for (const picture of [noise, clear, await camera(640, 640, 10).webp().toBuffer()]) {
      const put = await putPhoto(picture, 'application/octet-stream');
      assert.equal(put.status, 204, put.text);
      assert.ok((await asha.get('/api/photo')).bytes.length <= 20 * 1024);
    }
  });

  test('what is no picture is refused whatever it is called, and the photo that was there stays', async () => {
    const earlier = await asha.get('/api/photo');
    const jpeg = await camera(300, 300, 50).jpeg().toBuffer();
    const bad: [string, Buffer, number][] = [
      ['a zip', zip, 422],
      ['an SVG', svg, 422],
      ['a page', html, 422],
      ['a GIF', gif, 422],
      ['a PDF', Buffer.from('%PDF-1.7\n'), 422],
      ['half a JPEG', jpeg.subarray(0, jpeg.length / 2), 422],
      ['the beginning of a JPEG', jpeg.subarray(0, 20), 422],
      ['noise', randomBytes(5000), 422],
      ['nothing', Buffer.alloc(0), 400],
      [
        'a small file that claims 400 million points',
        claimingSize(await camera(8, 8, 1).png().toBuffer(), 20_000),
        422,
      ],
      ['16 MB', Buffer.concat([jpeg, Buffer.alloc(16 * 1024 * 1024)]), 413],
    ];
    for (const [what, body, status] of bad) {
      const answer = await putPhoto(body);
      assert.equal(answer.status, status, `${what}: ${answer.text}`);
      assert.ok(answer.headers.get('content-type')?.startsWith('application/problem+json'), what);
      if (status === 422) assert.equal(codeOf(answer), 'not-a-picture', what);
    }
    assert.deepEqual((await asha.get('/api/photo')).bytes, earlier.bytes);
  });

  test('a new photo replaces the old one; taken away there is none', async () => {
    await putPhoto(await camera(300, 300, 10).jpeg().toBuffer());
    const [old] = (await patientOf(asha)).photo ?? [];
    await putPhoto(await camera(300, 300, 250).jpeg().toBuffer());
    const [next] = (await patientOf(asha)).photo ?? [];
    assert.notEqual(next?.url, old?.url);
    assert.equal((await asha.get(`/fhir/R4/${old?.url}`)).status, 410);
    assert.equal((await asha.get(`/fhir/R4/${next?.url}`)).status, 200);
    assert.equal((await bala.get(`/fhir/R4/${next?.url}`)).status, 404);
    assert.equal((await bala.get('/api/photo')).status, 404);
    assert.equal((await asha.call('DELETE', '/api/photo')).status, 204);
    assert.equal((await asha.get('/api/photo')).status, 404);
    assert.equal((await patientOf(asha)).photo, undefined);
  });

  test('a document is kept whole, named in the record, and comes back as it was', async () => {
    const kinds: [string, Buffer][] = [
      ['application/pdf', Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(100_000)])],
      ['image/jpeg', await camera(100, 100, 1).jpeg().toBuffer()],
      ['image/png', await camera(100, 100, 1).png().toBuffer()],
      ['image/webp', await camera(100, 100, 1).webp().toBuffer()],
    ];
    for (const [contentType, bytes] of kinds) {
      const made = await postFile(
        bytes,
        `title=${encodeURIComponent('Blood report; “März” (1).html')}&kind=Report`,
        'text/html',
      );
      assert.equal(made.status, 201, made.text);
      const { id, fileId } = made.json<{ id: string; fileId: string }>();
      const got = await asha.get(`/api/files/${fileId}`);
      assert.deepEqual([got.status, got.headers.get('content-type')], [200, contentType]);
      assert.deepEqual(got.bytes, bytes);
      assert.equal(
        got.headers.get('content-disposition'),
        `attachment; filename*=UTF-8''${encodeURIComponent('Blood report; “März” (1).html').replace('(', '%28').replace(')', '%29')}`,
      );
      assert.equal(got.headers.get('x-content-type-options'), 'nosniff');
      assert.match(got.headers.get('content-security-policy') ?? '', /sandbox/);
      const document = (await asha.get(`/fhir/R4/DocumentReference/${id}`)).json<{
        content: { attachment: { hash: string; size: number; extension: { valueBase64Binary: string }[] } }[];
      }>();
      const [attachment] = document.content.map((one) => one.attachment);
      assert.equal(attachment?.size, bytes.length);
      assert.equal(attachment.hash, createHash('sha1').update(bytes).digest('base64'));
      assert.equal(
        attachment.extension[0]?.valueBase64Binary,
        createHash('sha256').update(bytes).digest('base64'),
      );
      assert.equal((await bala.get(`/api/files/${fileId}`)).status, 404);
    }
  });

  test('other kinds, empty ones and bad titles are refused, and nothing is kept of them', async () => {
    const earlier = filesOn(server);
    const pdf = Buffer.from('%PDF-1.7\n');
    const bad: [string, Buffer, string, number][] = [
      ['a zip', zip, 'title=x', 415],
      ['an SVG', svg, 'title=x', 415],
      ['a page', html, 'title=x', 415],
      ['a GIF', gif, 'title=x', 415],
      ['a program', Buffer.from('\x7fELF'), 'title=x', 415],
      ['a PDF after something else', Buffer.from(' %PDF-1.7'), 'title=x', 415],
      ['nothing', Buffer.alloc(0), 'title=x', 400],
      ['no title', pdf, '', 400],
      ['an empty title', pdf, 'title=', 400],
      ['a long title', pdf, `title=${'x'.repeat(201)}`, 400],
      ['a title with a line end', pdf, 'title=a%0d%0ab', 400],
      ['a title with a NUL', pdf, 'title=a%00b', 400],
      ['a title with a C1 control', pdf, 'title=a%C2%85b', 400],
      ['another parameter', pdf, 'title=x&colour=y', 400],
      ['two titles', pdf, 'title=x&title=y', 400],
      ['21 MB', Buffer.concat([pdf, Buffer.alloc(21 * 1024 * 1024)]), 'title=x', 413],
    ];
    for (const [what, body, query, status] of bad) {
      const answer = await postFile(body, query);
      assert.equal(answer.status, status, `${what}: ${answer.status} ${answer.text}`);
      assert.ok(answer.headers.get('content-type')?.startsWith('application/problem+json'), what);
    }
    assert.deepEqual(filesOn(server), earlier);
  });

  test('a file whose bytes changed on disk is not given out', async () => {
    const made = await postFile(Buffer.from('%PDF-1.7 the truth'), 'title=x');
    const { fileId } = made.json<{ fileId: string }>();
    writeFileSync(join(server.dataDir, 'files', fileId.slice(-2), fileId), '%PDF-1.7 the truXX');
    const got = await asha.get(`/api/files/${fileId}`);
    assert.deepEqual(
      [got.status, got.headers.get('content-type')?.split(';')[0]],
      [500, 'application/problem+json'],
    );
    assert.ok(!got.text.includes('PDF'));
  });
});

/** A PNG whose header says that it is larger. */
function claimingSize(png: Buffer, side: number): Buffer {
  const claiming = Buffer.from(png);
  claiming.writeUInt32BE(side, 16);
  claiming.writeUInt32BE(side, 20);
  claiming.writeUInt32BE(crc32(claiming.subarray(12, 29)), 29);
  return claiming;
}

function filesOn(server: TestServer): string[] {
  return readdirSync(join(server.dataDir, 'files'), { recursive: true }).map(String).toSorted();
}
