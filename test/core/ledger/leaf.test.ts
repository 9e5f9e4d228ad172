import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { commitmentOf, contentDigest } from '../../../core/ledger/commitment.ts';
import { LedgerError } from '../../../core/ledger/errors.ts';
import { LEAF_KINDS, decodeLeaf, encodeLeaf, firstPrev, leafKindOf } from '../../../core/ledger/leaf.ts';
import type { Leaf, LeafKind } from '../../../core/ledger/leaf.ts';
import { hex } from './naive-tree.ts';

const malformed = { name: 'LedgerError', code: 'leaf-malformed' };
const example: Leaf = {
  kind: 'look',
  timeSeconds: 1_763_640_000,
  pseudonym: new Uint8Array(16).fill(0xab),
  seq: 2,
  prev: new Uint8Array(32).fill(0xcd),
  commitment: new Uint8Array(32).fill(0xef),
};

test('a leaf has the 98 bytes of its layout, numbers big-endian', () => {
  const expected =
    '01' +
    '02' +
    '00000000691f02c0' +
    'ab'.repeat(16) +
    '0000000000000002' +
    'cd'.repeat(32) +
    'ef'.repeat(32);
  assert.equal(hex(encodeLeaf(example)), expected);
  assert.deepEqual(decodeLeaf(new Uint8Array(Buffer.from(expected, 'hex'))), example);
});

test('the kinds keep their numbers', () => {
  assert.deepEqual(LEAF_KINDS, {
    write: 1,
    look: 2,
    refusedLook: 3,
    card: 4,
    account: 5,
    administration: 6,
    access: 7,
  });
  assert.equal(leafKindOf(3), 'refusedLook');
  for (const unknown of [0, 8, 255, undefined]) assert.equal(leafKindOf(unknown), undefined);
});

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
const anyLeaf: fc.Arbitrary<Leaf> = fc
  .record({
    kind: fc.constantFrom(...(Object.keys(LEAF_KINDS) as LeafKind[])),
    timeSeconds: fc.maxSafeNat(),
    pseudonym: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    seq: fc.oneof(fc.constant(1), fc.integer({ min: 2, max: Number.MAX_SAFE_INTEGER })),
    prev: hash,
    commitment: hash,
  })
  .map((leaf) => (leaf.seq === 1 ? { ...leaf, prev: firstPrev() } : { ...leaf, prev: leaf.prev.with(0, 1) }));

test('every leaf is read back as it was written', () => {
  fc.assert(
    fc.property(anyLeaf, (leaf) => {
      const again = decodeLeaf(encodeLeaf(leaf));
      assert.deepEqual({ ...again, kind: leaf.kind }, again);
      assert.equal(hex(encodeLeaf(again)), hex(encodeLeaf(leaf)));
      assert.deepEqual([again.timeSeconds, again.seq], [leaf.timeSeconds, leaf.seq]);
    }),
  );
});

test('bytes are either refused or the one encoding of what they are read as', () => {
  const changed = fc.record({
    leaf: anyLeaf,
    at: fc.integer({ min: 0, max: 97 }),
    byte: fc.integer({ min: 0, max: 255 }),
  });
  fc.assert(
    fc.property(changed, ({ leaf, at, byte }) => {
      const bytes = encodeLeaf(leaf).with(at, byte);
      let read: Leaf;
      try {
        read = decodeLeaf(bytes);
      } catch (error) {
        assert.ok(error instanceof LedgerError && error.code === 'leaf-malformed');
        return;
      }
      assert.equal(hex(encodeLeaf(read)), hex(bytes));
    }),
    { numRuns: 2000 },
  );
});

test('leaves of another length, version, kind, number or first link are refused', () => {
  const bytes = encodeLeaf(example);
  const first = encodeLeaf({ ...example, seq: 1, prev: firstPrev() });
  const refused: [string, Uint8Array][] = [
    ['empty', new Uint8Array(0)],
    ['97 bytes', bytes.slice(1)],
    ['99 bytes', Uint8Array.of(...bytes, 0)],
    ['version 0', bytes.with(0, 0)],
    ['version 2', bytes.with(0, 2)],
    ['kind 0', bytes.with(1, 0)],
    ['kind 8', bytes.with(1, 8)],
    ['time 2^53', bytes.with(3, 0x20)],
    ['time past 2^63', bytes.with(2, 0x80)],
    ['seq 0', bytes.with(33, 0)],
    ['seq 2^53', bytes.with(27, 0x20)],
    ['seq 1 with a previous leaf', bytes.with(33, 1)],
    ['seq 2 without a previous leaf', first.with(33, 2)],
  ];
  for (const [name, wrong] of refused) assert.throws(() => decodeLeaf(wrong), malformed, name);
});

test('what would be refused is not written', () => {
  const refused: unknown[] = [
    { ...example, kind: 'other' },
    { ...example, kind: 'toString' },
    { ...example, kind: 2 },
    { ...example, timeSeconds: -1 },
    { ...example, timeSeconds: 1.5 },
    { ...example, timeSeconds: Number.NaN },
    { ...example, timeSeconds: 2 ** 53 },
    { ...example, seq: 0 },
    { ...example, seq: -1 },
    { ...example, seq: 2 ** 63 },
    { ...example, seq: 1 },
    { ...example, prev: firstPrev() },
    { ...example, prev: new Uint8Array(31).fill(1) },
    { ...example, pseudonym: new Uint8Array(15) },
    { ...example, pseudonym: new Uint8Array(17) },
    { ...example, commitment: new Uint8Array(33) },
  ];
  for (const leaf of refused) assert.throws(() => encodeLeaf(leaf as Leaf), malformed);
});

test('a commitment is HMAC-SHA-256 of the statement under its salt', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), hash, (statement, salt) => {
      const expected = createHmac('sha256', salt).update(statement, 'utf8').digest('hex');
      assert.equal(hex(commitmentOf(statement, salt)), expected);
    }),
  );
});

test('a salt has 32 bytes, no more and no less', () => {
  for (const length of [0, 16, 31, 33, 64]) {
    assert.throws(() => commitmentOf('{}', new Uint8Array(length)), {
      name: 'LedgerError',
      code: 'salt-wrong-length',
    });
  }
});

test('a content digest is base64 of SHA-256 of the text as stored', () => {
  const text = '{"name":"आशा","value":1.10}';
  assert.equal(contentDigest(text), createHash('sha256').update(text, 'utf8').digest('base64'));
});

test('texts that differ in any way have different digests and commitments', () => {
  const salt = new Uint8Array(32).fill(1);
  const pairs: [string, string][] = [
    ['{"a":1,"b":2}', '{"b":2,"a":1}'],
    ['{"a":1.0}', '{"a":1}'],
    ['{"a":1.10}', '{"a":1.1}'],
    ['{"a":"é"}', '{"a":"e\u0301"}'],
    ['{"a":1}', '{"a":1,"a":1}'],
    ['{"a":"A"}', '{"a":"\\u0041"}'],
    ['{"a":null}', '{}'],
    ['{"a":[1,2]}', '{"a":[2,1]}'],
  ];
  for (const [one, other] of pairs) {
    assert.notEqual(contentDigest(one), contentDigest(other));
    assert.notEqual(hex(commitmentOf(one, salt)), hex(commitmentOf(other, salt)));
  }
});

test('a text with half a surrogate pair is refused, for it would hash like another text', () => {
  const refused = { name: 'LedgerError', code: 'text-not-well-formed' };
  for (const text of ['\ud800', 'a\udc00b', '\udc00\ud800']) {
    assert.throws(() => contentDigest(text), refused);
    assert.throws(() => commitmentOf(text, new Uint8Array(32)), refused);
  }
});
