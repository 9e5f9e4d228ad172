// CRASH-07: the server is killed during uploads. No row is without its bytes, and bytes without a row are taken away, later.
import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { freePort } from '../harness/free-port.ts';
import type { ServerProcess } from '../harness/server-process.ts';
import { startServerProcess } from '../harness/server-process.ts';

const rounds = 10;
const uploadsOfARound = 50;
const atOnce = 4;
const dayMs = 86_400_000;

interface Bundle {
  link?: { relation: string; url: string }[];
  entry?: { resource: { content: { attachment: { url: string; size: number } }[] } }[];
}

describe('CRASH-07 files and their rows', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'medallion-files-'));
  const store = join(dataDir, 'files');
  const sent = new Map<string, string>();
  let port: number;
  let server: ServerProcess;
  let asha: Person;
  before(async () => {
    port = await freePort();
    server = startServerProcess(dataDir, port);
    await server.ready();
    asha = await signUp(server.url);
  });
  after(async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
  const onDisk = (): string[] =>
    readdirSync(store, { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile())
      .map(({ name }) => name);

  /** Ids of all files that the record names. */
  async function named(): Promise<string[]> {
    const ids: string[] = [];
    for (let path: string | undefined = '/fhir/R4/DocumentReference?_count=200'; path !== undefined;) {
      const answer = await asha.get(path);
      assert.equal(answer.status, 200, answer.text);
      const bundle = answer.json<Bundle>();
      for (const { resource } of bundle.entry ?? [])
        ids.push(resource.content[0]?.attachment.url.split('/').at(-1) ?? '');
      const next = bundle.link?.find(({ relation }) => relation === 'next')?.url;
      path = next === undefined ? undefined : next.slice(next.indexOf('/fhir/'));
    }
    return ids;
  }

  test(`of ${rounds * uploadsOfARound} uploads with ${rounds} kills each that was acknowledged is whole, and no row lacks its bytes`, async () => {
    const acknowledged = new Map<string, string>();
    for (let round = 0; round < rounds; round += 1) {
      let left = uploadsOfARound;
      let done = 0;
      const enough = Promise.withResolvers<void>();
      const uploader = async () => {
        while (left > 0) {
          left -= 1;
          const bytes = Buffer.from(`%PDF-1.4 ${randomUUID().repeat(800)}`);
          sent.set(digest(bytes), '');
          const answer = await asha
            .call('POST', `/api/files?title=Report`, {
              body: bytes,
              headers: { 'content-type': 'application/pdf' },
            })
            .catch(() => undefined);
          if (answer === undefined) return;
          assert.equal(answer.status, 201, answer.text);
          acknowledged.set(answer.json<{ fileId: string }>().fileId, digest(bytes));
          done += 1;
          if (done === 5 + ((round * 7) % 30)) enough.resolve();
        }
        enough.resolve();
      };
      const uploads = Promise.all(Array.from({ length: atOnce }, uploader));
      await enough.promise;
      // At another moment of an upload in each round.
      await sleep((round * 3) % 17);
      await server.kill();
      await uploads;
      server = startServerProcess(dataDir, port);
      await server.ready();
    }
    const rows = await named();
    assert.ok(acknowledged.size >= rounds * 5);
    for (const id of acknowledged.keys())
      assert.ok(rows.includes(id), 'acknowledged, and named by the record');
    for (const id of rows) {
      const answer = await asha.get(`/api/files/${id}`);
      assert.equal(answer.status, 200, `${id} is named, and its bytes are there`);
      assert.ok(sent.has(digest(answer.bytes)), 'whole');
      const wanted = acknowledged.get(id);
      if (wanted !== undefined) assert.equal(digest(answer.bytes), wanted);
    }
  });

  test('bytes that no row names stay for a day, in which an upload may still be under way, and then go; others never do', async () => {
    const rows = await named();
    const orphan = randomUUID();
    const folder = join(store, orphan.slice(-2));
    mkdirSync(folder, { recursive: true });
    for (const name of [orphan, `${orphan}.part`, 'not-of-this-store.txt'])
      writeFileSync(join(folder, name), 'left behind');
    await server.stop();
    server = startServerProcess(dataDir, port);
    await server.ready();
    await asha.get('/api/files/none');
    assert.ok(onDisk().includes(orphan), 'not yet');

    const old = new Date(Date.now() - dayMs - 60_000);
    for (const { parentPath, name } of readdirSync(store, { recursive: true, withFileTypes: true }).filter(
      (one) => one.isFile(),
    ))
      utimesSync(join(parentPath, name), old, old);
    await server.stop();
    server = startServerProcess(dataDir, port);
    await server.ready();
    // The sweep begins with the server and ends before it does.
    assert.equal(await server.stop(), 0);
    assert.deepEqual(onDisk().toSorted(), [...rows, 'not-of-this-store.txt'].toSorted());
    assert.ok(statSync(join(folder, 'not-of-this-store.txt')).size > 0);
    server = startServerProcess(dataDir, port);
    await server.ready();
    for (const id of rows) assert.equal((await asha.get(`/api/files/${id}`)).status, 200);
  });
});
