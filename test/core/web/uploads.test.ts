// Sending files from a page: packs are ZIPs that others read, the same files give the same pack, what is shown adds up, and every reason
// that the guide names has words of its own.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { crc32 as nodeCrc32 } from 'node:zlib';
import { openPromise } from 'yauzl';
import { uploads as english } from '../../../web/i18n/en/uploads.ts';
import type { Chosen } from '../../../web/uploads/plan.ts';
import { fingerprintOf, isScan, namedFiles, planOf } from '../../../web/uploads/plan.ts';
import type { Sending } from '../../../web/uploads/sending.ts';
import { filesAt, filesWith, secondsLeft, totalsOf } from '../../../web/uploads/sending.ts';
import { crc32, packOf } from '../../../web/uploads/zip-pack.ts';
import { makeImage } from '../../harness/dicom.ts';

const never = new AbortController().signal;
const chosen = (path: string, bytes: Buffer): Chosen => ({
  path,
  file: new File([new Uint8Array(bytes)], path.split('/').at(-1) ?? '', { lastModified: 1_700_000_000_000 }),
});

test('a pack is a ZIP that another program reads, with the right sums, and always the same bytes', async () => {
  const files = [
    { name: 'a/scan 1.dcm', file: new Blob([Buffer.alloc(70_000, 7)]) },
    { name: 'a/रिपोर्ट', file: new Blob([Buffer.from('text')]) },
  ];
  const { blob, ends } = await packOf(files, never);
  const bytes = Buffer.from(await blob.arrayBuffer());
  assert.deepEqual(Buffer.from(await (await packOf(files, never)).blob.arrayBuffer()), bytes);
  const folder = mkdtempSync(join(tmpdir(), 'medallion-pack-'));
  try {
    writeFileSync(join(folder, 'pack.zip'), bytes);
    const archive = await openPromise(join(folder, 'pack.zip'), { autoClose: false, lazyEntries: true });
    const found: [string, number, number][] = [];
    for await (const entry of archive.eachEntry()) {
      const read: Buffer[] = [];
      for await (const piece of await archive.openReadStreamPromise(entry)) read.push(piece as Buffer);
      assert.equal(nodeCrc32(Buffer.concat(read)), entry.crc32);
      found.push([entry.fileName, entry.uncompressedSize, entry.relativeOffsetOfLocalHeader]);
    }
    archive.close();
    assert.deepEqual(found, [
      ['a/scan 1.dcm', 70_000, 0],
      ['a/रिपोर्ट', 4, ends[0]],
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  assert.equal(crc32(Buffer.from('whole')), nodeCrc32('whole'));
  assert.equal(crc32(Buffer.from('ole'), crc32(Buffer.from('wh'))), nodeCrc32('whole'), 'in two pieces');
});

test('scans go in packs of two hundred or 64 MB, everything else by itself, known by content and not by name', async () => {
  const scan = makeImage();
  const all = [
    chosen('CT/report.pdf', Buffer.from('%PDF-1.7')),
    ...Array.from({ length: 201 }, (_, at) => chosen(`CT/${at}`, scan)),
    chosen('CT/not-one.dcm', Buffer.from('text')),
  ];
  const scans = await Promise.all(all.map(({ file }) => isScan(file)));
  const plan = planOf(all, scans);
  assert.deepEqual(
    plan.map(({ title, packed, places }) => [title, packed, places.length]),
    [
      ['CT', true, 200],
      ['CT', false, 1],
      ['report.pdf', false, 1],
      ['not-one.dcm', false, 1],
    ],
  );
  const large = Array.from({ length: 3 }, () => ({ path: 'x', file: { size: 30_000_000 } as File }));
  assert.deepEqual(
    planOf(large, [true, true, true]).map(({ places }) => places),
    [[0, 1], [2]],
  );
  assert.deepEqual(
    namedFiles([chosen('a', scan), chosen('a', scan)], [0, 1]).map(({ name }) => name),
    ['a', '2-a'],
  );
});

test('an upload is known again by its files, its record and its sender, and by nothing that can be read', async () => {
  const files = [chosen('Asha Rao/1.dcm', Buffer.from('x'))];
  const mark = await fingerprintOf(['account', '48210937665015', ''], files);
  assert.match(mark, /^[0-9a-f]{64}$/);
  assert.equal(await fingerprintOf(['account', '48210937665015', ''], files), mark);
  assert.notEqual(await fingerprintOf(['account', '', ''], files), mark, 'another record');
  assert.notEqual(await fingerprintOf(['another', '48210937665015', ''], files), mark, 'another sender');
});

test('what is shown adds up: in a pack each file is as far as the server has bytes of it', () => {
  const files = ['a', 'b', 'c'].map((path) => ({ path, size: 100, step: 'waiting' as const, sent: 0 }));
  const half = filesAt(files, [0, 1, 2], [150, 300, 450], 220);
  assert.deepEqual(
    half.map(({ step, sent }) => [step, sent]),
    [
      ['checking', 100],
      ['sending', 20],
      ['waiting', 0],
    ],
  );
  const sending: Sending = {
    phase: 'running',
    atMs: 1000,
    files: half,
    receipts: [],
    since: { atMs: 0, bytes: 0 },
  };
  assert.equal(totalsOf(sending).sent, 120);
  assert.equal(secondsLeft(sending), undefined, 'too early to tell');
  assert.equal(secondsLeft({ ...sending, atMs: 12_000 }), 18);
  const done = filesWith(
    half,
    [0, 1, 2],
    [
      { outcome: 'stored' },
      { outcome: 'refused', reason: 'dicom-truncated' },
      { outcome: 'stored', identityDiffers: true },
    ],
  );
  assert.deepEqual(totalsOf({ ...sending, files: done }), {
    bytes: 300,
    sent: 300,
    files: 3,
    over: 3,
    stored: 2,
    refused: 1,
  });
  assert.equal(done[2]?.differs, true);
  const archive = filesWith(
    files.slice(0, 1),
    [0],
    [
      { name: 'a/b', outcome: 'refused', reason: 'empty' },
      { name: 'a/c', outcome: 'stored' },
    ],
  );
  assert.equal(archive[0]?.step, 'stored', 'of a ZIP that was opened something is in the record');
  assert.deepEqual(archive[0].inside, {
    stored: 1,
    refused: 1,
    wrong: [{ name: 'a/b', reason: 'empty' }],
  });
  const both = totalsOf({ ...sending, files: archive });
  assert.deepEqual([both.stored, both.refused], [1, 1], 'each file of it counts');
});

test('every reason of refusal in the guide has words of its own', () => {
  const guide = readFileSync(join(import.meta.dirname, '../../../docs/uploads.md'), 'utf8');
  const reasons = /Reasons of refusal: ([\s\S]*?)\n\n/.exec(guide)?.[1]?.matchAll(/`([a-z-]+)`/g) ?? [];
  const codes = [...reasons].map(([, code = '']) => code);
  assert.ok(codes.length >= 21, 'the guide names them');
  const words = english as Readonly<Record<string, string>>;
  assert.deepEqual(
    codes.filter((code) => words[`reason.${code}`] === undefined),
    [],
  );
});
