// Bytes too big for a row: the same rules for a folder and for a bucket; requests to the bucket are signed as the documentation says.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { readConfig } from '../../server/config.ts';
import type { FileStore } from '../../server/storage/file-store.ts';
import {
  FileDamagedError,
  fileStore,
  readFileRange,
  readWholeFile,
} from '../../server/storage/file-store.ts';
import { authorizationOf } from '../../server/storage/sigv4.ts';
import { signUp } from '../harness/client.ts';
import type { TestBucket } from '../harness/s3-server.ts';
import { startBucket } from '../harness/s3-server.ts';
import { startServer } from '../harness/server.ts';
import { upload } from '../harness/tus.ts';

const id = (name: string) => `${name}-000000000000000000000`;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
const sourceOf = (bytes: Buffer, announced = bytes) => ({
  sizeBytes: announced.length,
  sha256: sha256(announced),
  open: async function* () {
    for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
  },
});
const whole = async (pieces: AsyncIterable<Buffer>) => {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
};

describe('where files lie', () => {
  let bucket: TestBucket;
  const folder = mkdtempSync(join(tmpdir(), 'medallion-files-'));
  const stores: [string, () => string][] = [
    ['a folder', () => pathToFileURL(folder).href],
    ['a bucket', () => bucket.url],
  ];
  before(async () => {
    bucket = await startBucket();
  });
  after(async () => {
    await bucket.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const [name, urlOf] of stores)
    describe(name, () => {
      const bytes = randomBytes(5500);
      let store: FileStore;
      before(() => {
        store = fileStore(urlOf());
      });

      test('gives back what it was given, whole and in part', async () => {
        await store.put(id('whole'), sourceOf(bytes));
        assert.deepEqual(await whole(store.read(id('whole'), 700)), bytes);
        const part = await readFileRange(urlOf(), id('whole'), { start: 990, length: 40 });
        assert.deepEqual(part, bytes.subarray(990, 1030));
        const tail = await readFileRange(urlOf(), id('whole'), { start: 5490, length: 40 });
        assert.deepEqual(tail, bytes.subarray(5490));
        assert.equal((await readFileRange(urlOf(), id('whole'), { start: 9000, length: 40 })).length, 0);
      });

      test('takes no other bytes than were announced, and keeps nothing of them', async () => {
        for (const wrong of [bytes.subarray(1), Buffer.concat([bytes, bytes]), randomBytes(5500)])
          await assert.rejects(store.put(id('wrong'), sourceOf(wrong, bytes)));
        await assert.rejects(whole(store.read(id('wrong'), 700)), { code: 'ENOENT' });
        assert.deepEqual(
          readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.part')),
          [],
        );
      });

      test('says that a file is not there; dropping it twice is no error', async () => {
        await store.put(id('gone'), sourceOf(bytes));
        await store.drop(id('gone'));
        await store.drop(id('gone'));
        await assert.rejects(whole(store.read(id('gone'), 700)), { code: 'ENOENT' });
      });

      test('no name leads out of it', async () => {
        for (const name of ['../../etc/passwd', 'a', `${id('x')}/../y`, ''])
          await assert.rejects(whole(store.read(name, 10)), TypeError);
      });

      test('of bytes that were changed the last piece is not handed out', async () => {
        await store.put(id('changed'), sourceOf(bytes));
        const file = { fileId: id('changed'), sha256: randomBytes(32), sizeBytes: bytes.length };
        const got: Buffer[] = [];
        await assert.rejects(async () => {
          for await (const piece of readWholeFile(urlOf(), file)) got.push(piece);
        }, FileDamagedError);
        assert.ok(Buffer.concat(got).length < bytes.length);
      });
    });

  test('a bucket that fails for now is asked again; one that refuses is not, and no error names its key', async () => {
    const store = fileStore(bucket.url);
    const bytes = randomBytes(3000);
    bucket.failures.push(503, 500);
    await store.put(id('again'), sourceOf(bytes));
    assert.deepEqual(await whole(store.read(id('again'), 700)), bytes);
    const before = bucket.seen.length;
    const stranger = fileStore(bucket.url.replace(/:[^:@/]+@/, ':another@'));
    await assert.rejects(store.put('x', sourceOf(bytes)), TypeError);
    await assert.rejects(stranger.put(id('refused'), sourceOf(bytes)), (error: Error) => {
      assert.equal((error as { status?: number }).status, 403);
      assert.ok(!JSON.stringify([error.message, error.stack]).includes('another'));
      return true;
    });
    assert.equal(bucket.seen.length, before + 1);
  });

  test('a server whose files lie in a bucket takes an upload, serves it, and erases it', async () => {
    const server = await startServer({ environment: { STORAGE_URL: bucket.url } });
    try {
      const asha = await signUp(server.url);
      const bytes = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(2000)]);
      const start = bucket.objects.size;
      const receipt = await upload(asha, bytes);
      assert.equal(bucket.objects.size, start + 1);
      const [file] = receipt.files;
      const document = (await asha.get(`/fhir/R4/${file?.resource}`)).json<{
        content: { attachment: { url: string } }[];
      }>();
      const address = new URL(document.content[0]!.attachment.url).pathname;
      assert.deepEqual((await asha.get(address)).bytes, bytes);
      const [type, resourceId] = (file?.resource ?? '').split('/');
      await server.sequencer.flush();
      const erased = await asha.call('POST', '/api/erasures', {
        body: { scope: 'resource', type, id: resourceId, confirm: 'erase for good' },
      });
      assert.ok(erased.status < 300, erased.text);
      assert.equal(bucket.objects.size, start);
    } finally {
      await server.stop();
    }
  });
});

test('signatures are those of the documentation’s examples', () => {
  const empty = createHash('sha256').update('').digest('hex');
  const key = {
    accessKey: 'AKIAIOSFODNN7EXAMPLE',
    secretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    region: 'us-east-1',
    service: 's3',
  };
  const stamp = { 'x-amz-date': '20130524T000000Z' };
  const host = { host: 'examplebucket.s3.amazonaws.com' };
  const cases: [string, Parameters<typeof authorizationOf>[0], string][] = [
    [
      'GET an object, in part',
      {
        method: 'GET',
        path: '/test.txt',
        headers: { ...host, ...stamp, range: 'bytes=0-9', 'x-amz-content-sha256': empty },
        payloadSha256: empty,
      },
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    ],
    [
      'GET the lifecycle of a bucket',
      {
        method: 'GET',
        path: '/',
        query: { lifecycle: '' },
        headers: { ...host, ...stamp, 'x-amz-content-sha256': empty },
        payloadSha256: empty,
      },
      'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    ],
    [
      'list a bucket',
      {
        method: 'GET',
        path: '/',
        query: { prefix: 'J', 'max-keys': '2' },
        headers: { ...host, ...stamp, 'x-amz-content-sha256': empty },
        payloadSha256: empty,
      },
      '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    ],
  ];
  for (const [name, request, signature] of cases)
    assert.equal(authorizationOf(request, key).split('Signature=')[1], signature, name);
});

test('an address of a bucket without key, secret or bucket is refused, and not repeated', () => {
  for (const value of [
    's3://host/bucket',
    's3://key@host/bucket',
    's3://key:hidden@host/',
    's3://key:hidden@host',
  ])
    assert.throws(
      () => readConfig({ STORAGE_URL: value }),
      (error: Error) => error.message.startsWith('STORAGE_URL') && !error.message.includes('hidden'),
    );
});
