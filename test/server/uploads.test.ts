// Files into a record by tus 1.0.0: the protocol's rules, who may bring what, what becomes of each kind of file, and what a crash leaves.
import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import sharp from 'sharp';
import { Upload } from 'tus-js-client';
import { insertAuthority } from '../../server/storage/authorities.ts';
import { insertMember } from '../../server/storage/members.ts';
import type { Person } from '../harness/client.ts';
import { newClient, signUp } from '../harness/client.ts';
import { program } from '../harness/program.ts';
import { startServerProcess } from '../harness/server-process.ts';
import type { TestServer } from '../harness/server.ts';
import { freePort } from '../harness/free-port.ts';
import { startServer } from '../harness/server.ts';
import { provedTwice } from '../harness/staff.ts';
import { beginUpload, pathOf, receiptAt, sendChunk, upload } from '../harness/tus.ts';

const pdf = (size = 3000) => Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(size)]);
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

interface DocumentReference {
  author?: { reference?: string; display?: string }[];
  content: {
    attachment: {
      url: string;
      contentType: string;
      size: number;
      extension: { valueBase64Binary: string }[];
    };
  }[];
}

describe('uploads that can be resumed', () => {
  let server: TestServer;
  let asha: Person;
  let stranger: Person;
  before(async () => {
    server = await startServer();
    asha = await signUp(server.url, { name: 'Asha Rao' });
    stranger = await signUp(server.url, { name: 'Sam Roy' });
  });
  after(() => server.stop());

  const documentAt = async (resource: string | undefined, who = asha) =>
    (await who.get(`/fhir/R4/${resource}`)).json<DocumentReference>();
  const attachmentAt = async (resource: string | undefined) =>
    (await documentAt(resource)).content[0]!.attachment;
  const staged = () => readdirSync(join(server.dataDir, 'uploads'));
  const staff = async (role: 'desk' | 'auditor') => {
    const person = await signUp(server.url, { name: `Some ${role}` });
    await insertMember(
      server.pool,
      {
        memberId: randomUUID(),
        accountId: person.accountId,
        organizationId: 'a-hospital',
        role,
        practitionerId: null,
        licence: null,
        licenceUntil: null,
      },
      Date.now(),
    );
    await provedTwice(server.pool, person.accountId);
    return person;
  };
  const guardian = async (level: 'view' | 'act') => {
    const person = await signUp(server.url, { name: 'Anita Rao' });
    await insertAuthority(server.pool, {
      patientId: asha.patientId,
      authorityId: randomUUID(),
      basis: 'guardian',
      holderId: person.accountId,
      level,
      purpose: 'FAMRQT',
      sealed: false,
      share: false,
      startsAtMs: Date.now() - 1000,
    } as never);
    return person;
  };

  test('a file in three pieces is one document with its digest, one entry of the upload and a receipt', async () => {
    const bytes = pdf(5000);
    const begun = await beginUpload(asha, bytes.length, { title: 'Discharge', kind: 'discharge-summary' });
    assert.equal(begun.status, 201, begun.text);
    assert.equal(begun.headers.get('tus-resumable'), '1.0.0');
    assert.ok(Date.parse(begun.headers.get('upload-expires') ?? '') > Date.now());
    const path = pathOf(begun);
    for (const [from, to] of [
      [0, 1000],
      [1000, 1001],
      [1001, bytes.length],
    ] as const) {
      const head = await asha.call('HEAD', path, { headers: { 'tus-resumable': '1.0.0' } });
      assert.equal(head.headers.get('upload-offset'), String(from));
      assert.equal(head.headers.get('upload-length'), String(bytes.length));
      assert.equal(head.headers.get('cache-control'), 'no-store');
      const sent = await sendChunk(asha, path, from, bytes.subarray(from, to));
      assert.equal(sent.status, 204, sent.text);
      assert.equal(sent.headers.get('upload-offset'), String(to));
    }
    const receipt = await receiptAt(asha, path);
    assert.equal(receipt.state, 'done');
    assert.equal(receipt.sha256, sha256(bytes));
    assert.equal(receipt.scanned, false);
    const [file] = receipt.files;
    const attachment = await attachmentAt(file?.resource);
    assert.equal(attachment.contentType, 'application/pdf');
    assert.equal(
      Buffer.from(attachment.extension[0]!.valueBase64Binary, 'base64').toString('hex'),
      sha256(bytes),
    );
    const fetched = await asha.get(new URL(attachment.url).pathname);
    assert.deepEqual(fetched.bytes, bytes);
    assert.match(fetched.headers.get('content-disposition') ?? '', /^attachment; filename/);
    const { rows } = await server.pool.query<{ statement: string }>(
      `select statement from entry where entry_id = $1 and patient_id = $2`,
      [receipt.entry, asha.patientId],
    );
    const statement = JSON.parse(rows[0]?.statement ?? '{}') as { event: string; detail: { sha256: string } };
    assert.equal(statement.event, 'upload');
    assert.equal(statement.detail.sha256, sha256(bytes));
    assert.deepEqual(staged(), [], 'nothing stays on its way');
  });

  test('tus: what the protocol forbids is refused, and nothing of it is kept', async () => {
    const bytes = pdf(1000);
    const spoken = { 'tus-resumable': '1.0.0' };
    const path = pathOf(await beginUpload(asha, bytes.length));
    const statusOf = async (...args: Parameters<typeof sendChunk>) => (await sendChunk(...args)).status;
    assert.equal(await statusOf(asha, path, 5, bytes), 409, 'another offset');
    assert.equal(await statusOf(asha, path, 0, bytes, { 'content-type': 'text/plain' }), 415);
    assert.equal(await statusOf(asha, path, 0, bytes, { 'tus-resumable': '0.2.2' }), 412);
    assert.equal(await statusOf(asha, path, 0, bytes, { 'upload-checksum': 'crc32 AAAA' }), 400);
    assert.equal(await statusOf(asha, path, 0, bytes, { 'upload-checksum': `sha1 ${'A'.repeat(27)}=` }), 460);
    assert.equal(await statusOf(asha, path, 0, Buffer.concat([bytes, bytes])), 413, 'longer than announced');
    const head = await asha.call('HEAD', path, { headers: spoken });
    assert.equal(head.headers.get('upload-offset'), '0');
    const right = { 'upload-checksum': `sha256 ${createHash('sha256').update(bytes).digest('base64')}` };
    assert.equal(await statusOf(asha, path, 0, bytes, right), 204);
    assert.equal(await statusOf(asha, path, bytes.length, Buffer.alloc(0)), 204, 'asked again at its end');
    assert.equal((await receiptAt(asha, path)).counts.stored, 1);
    assert.equal((await asha.call('DELETE', path, { headers: spoken })).status, 409, 'whole ones stay');

    for (const [what, headers] of Object.entries({
      'no length': {},
      'a length of nothing': { 'upload-length': '0' },
      'no number': { 'upload-length': '1e3' },
      'a length that comes later': { 'upload-defer-length': '1' },
      'metadata that cannot be read': { 'upload-length': '9', 'upload-metadata': 'title !!!' },
      'metadata said twice': { 'upload-length': '9', 'upload-metadata': 'title YQ==,title Yg==' },
    })) {
      const answer = await asha.call('POST', '/api/uploads', { headers: { ...spoken, ...headers } });
      assert.equal(answer.status, 400, what);
    }
    assert.equal((await beginUpload(asha, 3 * 1024 ** 3)).status, 413, 'larger than any');
    const about = await asha.call('OPTIONS', '/api/uploads');
    assert.equal(about.headers.get('tus-version'), '1.0.0');
    assert.equal(about.headers.get('tus-extension'), 'creation,termination,expiration,checksum');

    const given = pathOf(await beginUpload(asha, 10));
    assert.equal((await asha.call('DELETE', given, { headers: spoken })).status, 204);
    assert.equal((await asha.call('HEAD', given, { headers: spoken })).status, 404);
    assert.deepEqual(staged(), []);
  });

  test('an upload that ran out is gone, and its bytes with it', async () => {
    const path = pathOf(await beginUpload(asha, 10));
    await server.pool.query(
      `update upload set expires_at = now() - interval '1 second' where upload_id = $1`,
      [path.split('/').at(-1)],
    );
    assert.equal((await asha.call('HEAD', path, { headers: { 'tus-resumable': '1.0.0' } })).status, 410);
    await upload(asha, pdf(10));
    assert.deepEqual(staged(), []);
  });

  test('a hospital’s program sends by UHID, has a receipt, and sees nothing of the record', async () => {
    const hospital = await program(server, 'system/DocumentReference.c');
    const bytes = pdf();
    const receipt = await upload(hospital, bytes, {
      uhid: asha.uhid,
      title: 'Blood count',
      kind: 'lab-report',
    });
    assert.equal(receipt.state, 'done');
    assert.equal(receipt.sha256, sha256(bytes));
    const resource = receipt.files[0]?.resource;
    assert.equal((await hospital.get(`/fhir/R4/${resource}`)).status, 403);
    const { url } = await attachmentAt(resource);
    assert.equal((await hospital.get(new URL(url).pathname)).status, 404);
    assert.deepEqual((await documentAt(resource)).author, [{ display: 'Partner' }]);
    await server.outbox.flush();
    const notices = (await asha.get('/api/notices')).text;
    assert.match(notices, /record-added/, 'the person is told');
    // Another program learns nothing of it.
    const other = await program(server, 'system/DocumentReference.c');
    assert.equal((await other.get(`/api/uploads/${receipt.id}`)).status, 404);
    assert.equal((await other.get('/api/uploads')).json<{ uploads: unknown[] }>().uploads.length, 0);
  });

  test('a report names the order that it answers by its number, without having seen it', async () => {
    const hospital = await program(server, 'system/DocumentReference.c');
    const orderOf = async (accession: string) => {
      const receipt = await upload(hospital, pdf(), { uhid: asha.uhid, title: 'Report', accession });
      const { context } = (await documentAt(receipt.files[0]?.resource)) as {
        context?: { related: { type: string; identifier: { system?: string; value: string } }[] };
      };
      return context?.related[0];
    };
    const ours = await orderOf('sc639-6khzr');
    assert.deepEqual(
      [ours?.type, ours?.identifier.system, ours?.identifier.value],
      ['ServiceRequest', 'urn:medallion:order', 'SC6396KHZR'],
    );
    const theirs = await orderOf('RIS 2026/114');
    assert.deepEqual([theirs?.identifier.system, theirs?.identifier.value], [undefined, 'RIS 2026/114']);
    assert.equal(await orderOf(' '), undefined);
  });

  test('who may not bring a file into a record is refused, with an entry where there is a record', async () => {
    const reader = await program(server, 'system/*.rs');
    const writer = await program(server, 'system/DocumentReference.c');
    assert.equal((await beginUpload(reader, 10, { uhid: asha.uhid })).status, 403);
    assert.equal((await beginUpload(writer, 10)).status, 400, 'a program says whose');
    assert.equal((await beginUpload(writer, 10, { uhid: '91-0000-0000-0000-00' })).status, 404);
    assert.equal((await beginUpload(stranger, 10, { uhid: asha.uhid })).status, 404);
    assert.equal((await beginUpload(stranger, 10, { patient: asha.patientId })).status, 404);
    assert.equal((await beginUpload(await staff('auditor'), 10, { uhid: asha.uhid })).status, 404);
    assert.equal((await beginUpload(await guardian('view'), 10, { patient: asha.patientId })).status, 403);
    assert.equal((await beginUpload(newClient(server.url), 10)).status, 401);
    const { rows } = await server.pool.query<{ count: number }>(
      `select count(*)::int as count from entry where patient_id = $1 and statement::jsonb ->> 'event' = 'upload'
          and statement::jsonb ->> 'outcome' = 'refused'`,
      [asha.patientId],
    );
    assert.equal(rows[0]?.count, 4);
  });

  test('the front desk and a guardian who acts bring files; what was taken back since holds in the middle of one', async () => {
    const desk = await staff('desk');
    const sent = await upload(desk, pdf(), { uhid: asha.uhid });
    assert.equal(sent.state, 'done');
    assert.equal((await desk.get(`/fhir/R4/${sent.files[0]?.resource}`)).status, 404);
    const mother = await guardian('act');
    assert.equal((await upload(mother, pdf(), { patient: asha.patientId })).state, 'done');
    const path = pathOf(await beginUpload(desk, 10, { uhid: asha.uhid }));
    await server.pool.query(`update organization_member set ended_at = now() where account_id = $1`, [
      desk.accountId,
    ]);
    assert.equal((await sendChunk(desk, path, 0, Buffer.alloc(5))).status, 404);
  });

  test('UP-02, UP-03: what it is, its content says: pages and drawings with programs are bytes to take away', async () => {
    const html = Buffer.from('<!doctype html><script>alert(1)</script>');
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>');
    for (const [name, bytes] of [
      ['report.pdf', html],
      ['picture.png', svg],
      ['scan.dcm', Buffer.from('MZ\u0090\u0000')],
    ] as const) {
      const receipt = await upload(asha, bytes, { filename: name, filetype: 'image/png' });
      const { url, contentType } = await attachmentAt(receipt.files[0]?.resource);
      assert.equal(contentType, 'application/octet-stream', name);
      const file = await asha.get(new URL(url).pathname);
      assert.equal(file.headers.get('content-type'), 'application/octet-stream');
      assert.equal(file.headers.get('x-content-type-options'), 'nosniff');
      assert.match(file.headers.get('content-disposition') ?? '', /^attachment/);
      assert.match(file.headers.get('content-security-policy') ?? '', /sandbox/);
      assert.deepEqual(file.bytes, bytes);
    }
  });

  test('words in UTF-8 are a text; what could be taken for a page, a drawing, data or a program is not', async () => {
    const long = `${'न'.repeat(1365)}ठीक है`;
    for (const [words, wanted] of [
      ['Seen today.\r\nNothing new.\n', 'text/plain'],
      ['मरीज़ ठीक है।', 'text/plain'],
      [`x${long}`, 'text/plain'],
      ['Seen <script>alert(1)</script>', 'application/octet-stream'],
      ['  \n<svg xmlns="http://www.w3.org/2000/svg"/>', 'application/octet-stream'],
      ['#!/bin/sh\nrm', 'application/octet-stream'],
      ['{"a": 1}', 'application/octet-stream'],
      ['a\u0000b', 'application/octet-stream'],
      ['\u001b]0;title', 'application/octet-stream'],
      ['   ', 'application/octet-stream'],
    ] as const) {
      const receipt = await upload(asha, Buffer.from(words), { filename: 'note.html' });
      const { url, contentType } = await attachmentAt(receipt.files[0]?.resource);
      assert.equal(contentType, wanted, words.slice(0, 40));
      const file = await asha.get(new URL(url).pathname);
      assert.match(file.headers.get('content-disposition') ?? '', /^attachment/);
      assert.equal(file.headers.get('x-content-type-options'), 'nosniff');
      assert.deepEqual(file.bytes, Buffer.from(words));
    }
    const latin = await upload(asha, Buffer.from('Gru\u00df', 'latin1'));
    assert.equal((await attachmentAt(latin.files[0]?.resource)).contentType, 'application/octet-stream');
  });

  test('a picture is kept without place, time and device, and upright', async () => {
    const secret = 'Pixel-of-Asha-7731';
    const taken = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#804020' } })
      .withExif({ IFD0: { Make: secret }, IFD3: { GPSLatitude: '28/1 36/1 50/1' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    assert.ok(taken.includes(secret));
    const receipt = await upload(asha, taken, { title: 'Rash' });
    assert.equal(receipt.sha256, sha256(taken), 'the receipt is for what was sent');
    const attachment = await attachmentAt(receipt.files[0]?.resource);
    const kept = (await asha.get(new URL(attachment.url).pathname)).bytes;
    assert.ok(!kept.includes(secret));
    const { width, height, exif } = await sharp(kept).metadata();
    assert.deepEqual([width, height, exif], [40, 60, undefined]);
    assert.equal(
      Buffer.from(attachment.extension[0]!.valueBase64Binary, 'base64').toString('hex'),
      sha256(kept),
    );
  });

  test('a picture of two gigapixels is refused by its header', async () => {
    const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#fff' } })
      .png()
      .toBuffer();
    const { crc32 } = await import('node:zlib');
    png.writeUInt32BE(50_000, 16);
    png.writeUInt32BE(40_000, 20);
    png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
    const receipt = await upload(asha, png);
    assert.equal(receipt.state, 'refused');
    assert.equal(receipt.refusal, 'too-many-pixels');
  });

  test('a foreign client sends a file in chunks and resumes where the server says', async () => {
    const bytes = pdf(400_000);
    const headers = { cookie: asha.cookie() ?? '' };
    const run = (uploadUrl?: string, stopAt = Number.POSITIVE_INFINITY) =>
      new Promise<string>((resolve, reject) => {
        const sending = new Upload(bytes, {
          endpoint: `${server.url}/api/uploads`,
          chunkSize: 64_000,
          metadata: { title: 'Foreign', filename: 'a.pdf' },
          headers,
          retryDelays: null,
          ...(uploadUrl === undefined ? {} : { uploadUrl }),
          onError: reject,
          onSuccess: () => resolve(sending.url ?? ''),
          onChunkComplete: (_size, accepted) => {
            if (accepted >= stopAt) void sending.abort().then(() => resolve(sending.url ?? ''));
          },
        });
        sending.start();
      });
    const url = await run(undefined, 128_000);
    const head = await asha.call('HEAD', new URL(url).pathname, { headers: { 'tus-resumable': '1.0.0' } });
    const offset = Number(head.headers.get('upload-offset'));
    assert.ok(offset >= 128_000 && offset < bytes.length, String(offset));
    await run(url);
    const receipt = await receiptAt(asha, new URL(url).pathname);
    assert.equal(receipt.state, 'done');
    assert.equal(receipt.sha256, sha256(bytes));
  });
});

test('a server killed in the middle of a file goes on from where it says, and the digest is right', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'medallion-upload-'));
  const port = await freePort();
  const bytes = pdf(24 * 1024 * 1024);
  try {
    const first = startServerProcess(dataDir, port);
    await first.ready();
    const asha = await signUp(first.url);
    const path = pathOf(await beginUpload(asha, bytes.length, { title: 'Long one' }));
    const part = await sendChunk(asha, path, 0, bytes.subarray(0, 3_000_000));
    assert.equal(part.status, 204, part.text);
    const killed = Promise.withResolvers<void>();
    // The rest goes out slowly, so that the end of the process meets it on its way.
    let sentBytes = 3_000_000;
    const slow = new ReadableStream<Uint8Array>({
      async pull(controller) {
        if (sentBytes >= bytes.length) return controller.close();
        controller.enqueue(bytes.subarray(sentBytes, sentBytes + 262_144));
        sentBytes += 262_144;
        if (sentBytes > 20_000_000) await new Promise((resolve) => setTimeout(resolve, 50));
        if (sentBytes > 23_000_000) await killed.promise;
      },
    });
    const cut = fetch(first.url + path, {
      method: 'PATCH',
      headers: {
        cookie: asha.cookie() ?? '',
        'tus-resumable': '1.0.0',
        'upload-offset': '3000000',
        'content-type': 'application/offset+octet-stream',
      },
      body: slow,
      duplex: 'half',
    } as RequestInit).catch(() => undefined);
    while (sentBytes < 21_000_000) await new Promise((resolve) => setTimeout(resolve, 20));
    await first.kill();
    killed.resolve();
    await cut;
    const second = startServerProcess(dataDir, port);
    await second.ready();
    const head = await asha.call('HEAD', path, { headers: { 'tus-resumable': '1.0.0' } });
    const offset = Number(head.headers.get('upload-offset'));
    assert.ok(offset > 3_000_000 && offset < bytes.length, `resumes at ${offset}`);
    const rest = await sendChunk(asha, path, offset, bytes.subarray(offset));
    assert.equal(rest.status, 204, rest.text);
    const receipt = await receiptAt(asha, path);
    assert.equal(receipt.state, 'done');
    assert.equal(receipt.sha256, sha256(bytes));
    await second.stop();
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});
