// The quick ways of the hot path give exactly what the plain ways give.
import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import pg from 'pg';
import { createRandomBytes } from '../../server/random-bytes.ts';
import { parseTimestamp } from '../../server/storage/database.ts';
import { gathered } from '../../server/storage/gathered.ts';
import { hmacSha256 } from '../../server/storage/hmac.ts';
import type { Queryable } from '../../server/storage/queryable.ts';
import { createScanLookup } from '../../server/storage/scan-lookup.ts';

test('hmac: the same as the keyed hash of the library, for every length of key and for text of every kind', () => {
  const texts = [
    '',
    'a',
    '{"v":1}',
    'आशा राव',
    '😀'.repeat(50),
    '\u0000',
    'x'.repeat(63),
    'x'.repeat(64),
    'x'.repeat(5000),
  ];
  for (const length of [0, 1, 31, 32, 33, 63, 64]) {
    const key = randomBytes(length);
    for (const text of texts)
      assert.deepEqual(hmacSha256(key, text), createHmac('sha256', key).update(text, 'utf8').digest());
  }
});

test('hmac: a key longer than a block is refused, not hashed wrongly', () => {
  assert.throws(() => hmacSha256(new Uint8Array(65), 'x'), RangeError);
});

test('chance: as many bytes as asked for, none handed out twice, none shared with what comes after', () => {
  const take = createRandomBytes();
  const seen = new Set<string>();
  for (let i = 0; i < 3000; i++) {
    const bytes = take(16);
    assert.equal(bytes.length, 16);
    assert.equal(bytes.buffer.byteLength, 16, 'its own memory');
    seen.add(Buffer.from(bytes).toString('hex'));
    bytes.fill(0xff);
  }
  assert.equal(seen.size, 3000);
  assert.ok(!seen.has('f'.repeat(32)) && !seen.has('0'.repeat(32)));
  for (const count of [0, 1, 32, 64, 65, 5000]) assert.equal(take(count).length, count);
});

const token = (name: string): Uint8Array => Buffer.from(name);
const rowOf = (hash: Uint8Array) => {
  const name = Buffer.from(hash).toString();
  return name.startsWith('card')
    ? { patientId: name, cardId: name, number: 1, state: 'active', blank: null }
    : { patientId: null, blank: name.startsWith('blank') ? 'blank' : null };
};

test('scans that come together get each their own answer, from one statement at a time', async () => {
  let inFlight = 0;
  const sizes: number[] = [];
  const db = {
    async query({ values: [hashes] }: { values: [Uint8Array[]] }) {
      assert.equal(++inFlight, 1);
      sizes.push(hashes.length);
      await new Promise((resolve) => setImmediate(resolve));
      inFlight -= 1;
      return { rows: hashes.map(rowOf) };
    },
  } as unknown as Queryable;
  const lookup = createScanLookup(db, 4);
  const names = Array.from({ length: 11 }, (_one, i) => `${['card', 'blank', 'dead'][i % 3]}${i}`);
  const found = await Promise.all(names.map((name) => lookup.find(token(name))));
  for (const [i, name] of names.entries()) {
    const one = found[i];
    assert.equal(
      one?.kind,
      name.startsWith('card') ? 'card' : name.startsWith('blank') ? 'blank' : 'unknown',
    );
    if (one?.kind === 'card') assert.equal(one.patientId, name);
  }
  assert.deepEqual(sizes, [4, 4, 3]);
});

test('when the statement fails, those that waited for it are told, and the next is tried anew', async () => {
  let fails = true;
  const db = {
    async query({ values: [hashes] }: { values: [Uint8Array[]] }) {
      if (fails) throw new Error('gone');
      return { rows: hashes.map(rowOf) };
    },
  } as unknown as Queryable;
  const lookup = createScanLookup(db);
  const first = await Promise.allSettled([lookup.find(token('card1')), lookup.find(token('card2'))]);
  assert.deepEqual(
    first.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  fails = false;
  assert.equal((await lookup.find(token('card3'))).kind, 'card');
});

test('a question that cannot be read fails alone, and none of those that went with it', async () => {
  const ask = gathered(async (questions: readonly string[]) => {
    if (questions.includes('\0')) throw Object.assign(new Error('invalid byte sequence'), { code: '22021' });
    return questions.map((one) => one.length);
  });
  const settled = await Promise.allSettled(['a', '\0', 'abc'].map((one) => ask(one)));
  assert.deepEqual(
    settled.map((one) => (one.status === 'fulfilled' ? one.value : 'failed')),
    [1, 'failed', 3],
  );
});

test('questions beyond what may wait are refused at once, those before them are answered', async () => {
  const ask = gathered(async (questions: readonly number[]) => questions.map((one) => one * 2), {
    batch: 2,
    waiting: 3,
  });
  const settled = await Promise.allSettled([1, 2, 3, 4].map((one) => ask(one)));
  assert.deepEqual(
    settled.map((one) => (one.status === 'fulfilled' ? one.value : (one.reason as { code: string }).code)),
    [2, 4, 6, 'database-unavailable'],
  );
  assert.equal(await ask(5), 10);
});

test('times from the database: the quick way reads what the driver reads, and leaves to it what is unusual', () => {
  const byDriver = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ) as unknown as (
    text: string,
  ) => Date | number;
  for (const text of [
    '2026-11-28 22:15:38.123+00',
    '2026-11-28 22:15:38+00',
    '2026-02-28 00:00:00.1+00',
    '2024-02-29 23:59:59.99+00',
    '2026-01-01 00:00:00.123456+00',
    '2026-11-28 22:15:38.123+05:30',
    '2026-11-28 22:15:38-03',
    '0099-01-01 00:00:00+00',
    '1000-01-01 00:00:00+00',
    '10000-01-01 00:00:00+00',
    '0044-03-15 00:00:00+00 BC',
    'infinity',
    '-infinity',
  ])
    assert.equal(Number(parseTimestamp(text)), Number(byDriver(text)), text);
});
