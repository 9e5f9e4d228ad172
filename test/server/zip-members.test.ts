// An archive in which some files are bad: each is taken or refused by itself, and says why; what means harm ends the whole of it.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { after, before, describe, test } from 'node:test';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { makeImage, makeZip, newUid } from '../harness/dicom.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';
import { upload } from '../harness/tus.ts';

type Member = Parameters<typeof makeZip>[0][number];

const zipOf = (members: readonly Member[]) => makeZip(members, (bytes) => crc32(bytes));
const deflated = (bytes: Buffer) => ({ bytes: deflateRawSync(bytes), method: 8 });

describe('an archive with bad files in it', () => {
  let server: TestServer;
  let asha: Person;
  before(async () => {
    server = await startServer();
    asha = await signUp(server.url);
  });
  after(() => server.stop());

  const told = async (members: readonly Member[]) => {
    const receipt = await upload(asha, zipOf(members));
    assert.deepEqual(readdirSync(join(server.dataDir, 'uploads')), [], 'nothing stays on its way');
    return {
      ...receipt,
      outcomes: receipt.files.map(({ name, outcome, reason }) => [name, reason ?? outcome]),
    };
  };
  const image = (name: string): Member => ({ name, bytes: makeImage() });

  test('the good files are in the record, each bad one says why', async () => {
    const [study, series] = [newUid(), newUid()];
    const good = (instance: number) => makeImage({ study, series, instance, sop: `${series}.${instance}` });
    const flipped = deflated(makeImage({ side: 64 }));
    flipped.bytes.writeUInt8(flipped.bytes.readUInt8(700) ^ 0xff, 700);
    const { state, outcomes, files } = await told([
      { name: 'a/1', bytes: good(1) },
      { name: 'a/2', bytes: good(2), packed: deflated(good(2)) },
      { name: 'a/secret', bytes: good(3), flags: 0x801 },
      { name: '../../etc/passwd', bytes: good(4) },
      { name: String.raw`..\..\windows`, bytes: good(5) },
      { name: '/root', bytes: good(6) },
      { name: 'C:/Users/x', bytes: good(7) },
      { name: 'a/1', bytes: good(8) },
      { name: 'nul\0.dcm', bytes: good(9) },
      { name: '', bytes: good(10) },
      { name: 'a/flipped', bytes: makeImage({ side: 64 }), packed: flipped },
      { name: 'a/sum', bytes: good(11), sum: 7 },
      { name: 'a/longer', bytes: good(12), packed: { ...deflated(good(12)), length: 20 } },
      { name: 'a/shorter', bytes: good(13), packed: { ...deflated(good(13)), length: 9000 } },
      { name: 'a/stored-longer', bytes: good(14), packed: { bytes: good(14), method: 0, length: 20 } },
      { name: 'a/strange', bytes: good(15), packed: { bytes: good(15), method: 93 } },
      { name: 'a/empty', bytes: Buffer.alloc(0) },
      { name: 'inner.zip', bytes: zipOf([image('x')]) },
      { name: 'रिपोर्ट/स्कैन', bytes: good(16) },
    ]);
    assert.equal(state, 'done');
    assert.deepEqual(outcomes, [
      ['a/1', 'stored'],
      ['a/2', 'stored'],
      ['a/secret', 'archive-encrypted'],
      ['../../etc/passwd', 'archive-name'],
      ['../../windows', 'archive-name'],
      ['/root', 'archive-name'],
      ['C:/Users/x', 'archive-name'],
      ['a/1', 'archive-name-twice'],
      ['nul\u{fffd}.dcm', 'archive-name'],
      ['', 'archive-name'],
      ['a/flipped', 'unreadable'],
      ['a/sum', 'unreadable'],
      ['a/longer', 'unreadable'],
      ['a/shorter', 'unreadable'],
      ['a/stored-longer', 'unreadable'],
      ['a/strange', 'archive-method'],
      ['a/empty', 'empty'],
      ['inner.zip', 'archive-in-archive'],
      ['रिपोर्ट/स्कैन', 'stored'],
    ]);
    const { resource } = files[0] ?? {};
    const { numberOfInstances } = (await asha.get(`/fhir/R4/${resource}`)).json<{
      numberOfInstances: number;
    }>();
    assert.equal(numberOfInstances, 3);
  });

  test('a name of sixty thousand signs is no name, and is not told whole', async () => {
    const { outcomes } = await told([image('ok'), image('n'.repeat(60_000))]);
    assert.deepEqual(outcomes, [
      ['ok', 'stored'],
      ['n'.repeat(1000), 'archive-name'],
    ]);
  });

  test('what is kept closed is one file: one bad file in it refuses it', async () => {
    const note = (name: string, more: object = {}): Member => ({
      name,
      bytes: Buffer.from('words'),
      ...more,
    });
    const other = note('b', { packed: { bytes: Buffer.from('packed'), method: 93 } });
    assert.equal((await told([note('a'), other])).state, 'done', 'a way of packing is no harm');
    for (const [bad, reason] of [
      [note('b', { flags: 1 }), 'archive-encrypted'],
      [note('../b'), 'archive-name'],
      [note('a'), 'archive-name-twice'],
      [note('b', { sum: 7 }), 'archive-damaged'],
    ] as const)
      assert.equal((await told([note('a'), bad])).refusal, reason);
  });

  test('a bomb ends the whole archive, also one that hides among images and lies about its size', async () => {
    const zeros = Buffer.alloc(30 * 1024 * 1024);
    const packed = deflated(zeros);
    const small = deflated(zeros.subarray(0, 1024 * 1024));
    for (const members of [
      [image('a'), { name: 'honest', bytes: zeros, packed }],
      [image('a'), { name: 'lie', bytes: zeros, packed: { ...packed, length: 10 } }, image('b')],
      // None of them alone is long enough to be one.
      [
        image('a'),
        ...Array.from({ length: 12 }, (_, at) => ({
          name: `lie-${at}`,
          bytes: zeros,
          packed: { ...small, length: 10 },
        })),
      ],
    ]) {
      const { state, refusal, counts } = await told(members);
      assert.deepEqual([state, refusal, counts.stored], ['refused', 'archive-ratio', 0]);
    }
  });
});
