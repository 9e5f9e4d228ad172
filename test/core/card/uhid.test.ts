// The Unique Health ID: which slips of the pen it catches, and how it is made, read and shown.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sha256 } from '@noble/hashes/sha2.js';
import {
  checkUhid,
  formatUhid,
  makeUhid,
  maskUhid,
  parseUhid,
  verhoeffDigit,
} from '../../../core/card/uhid.ts';

/** Random bytes that are the same in every run. */
function seededBytes(seed: number): (count: number) => Uint8Array {
  let block = sha256(Uint8Array.of(seed));
  return (count) => {
    block = sha256(block);
    return block.subarray(0, count);
  };
}

const numbers = Array.from({ length: 400 }, (_, seed) => {
  const random = seededBytes(seed % 256);
  for (let skip = 0; skip < seed / 256; skip += 1) random(1);
  return makeUhid(random);
});

test('a new number has 14 digits, does not begin with 0 and passes its own check', () => {
  for (const uhid of numbers) {
    assert.match(uhid, /^[1-9][0-9]{13}$/);
    assert.ok(checkUhid(uhid));
  }
  assert.equal(new Set(numbers).size, numbers.length);
});

test('the published Verhoeff examples hold', () => {
  assert.equal(verhoeffDigit('236'), '3');
  assert.equal(verhoeffDigit('12345'), '1');
  assert.equal(verhoeffDigit('52118513337'), '6');
});

test('every single wrong digit is caught', () => {
  for (const uhid of numbers) {
    for (let place = 0; place < 14; place += 1) {
      for (const digit of '0123456789') {
        const wrong = uhid.slice(0, place) + digit + uhid.slice(place + 1);
        assert.equal(checkUhid(wrong), digit === uhid[place], wrong);
      }
    }
  }
});

test('every swap of two neighbouring digits is caught', () => {
  for (const uhid of numbers) {
    for (let place = 0; place < 13; place += 1) {
      const [left = '', right = ''] = uhid.slice(place, place + 2);
      const swapped = uhid.slice(0, place) + right + left + uhid.slice(place + 2);
      assert.equal(checkUhid(swapped), left === right, swapped);
    }
  }
});

test('bytes that would favour some digits and a leading zero are thrown away', () => {
  const asked: number[] = [];
  const uhid = makeUhid((count) => {
    asked.push(count);
    return asked.length === 1
      ? Uint8Array.of(255, 250, 0, 10, 251, 3)
      : Uint8Array.from({ length: count }, (_, index) => 249 - index);
  });
  assert.equal(uhid.charAt(0), '3');
  assert.equal(uhid.slice(1, 13), '987654321098');
  assert.equal(asked.length, 2);
});

test('a number is read with spaces, non-breaking spaces and hyphens, and in no other dress', () => {
  const [uhid = ''] = numbers;
  const good = [
    uhid,
    formatUhid(uhid),
    ` ${uhid.slice(0, 2)} ${uhid.slice(2)} `,
    uhid.replace(/(....)$/, '-$1'),
  ];
  for (const text of good) assert.deepEqual(parseUhid(text), { ok: true, uhid });
  const last = (Number(uhid.at(-1)) + 1) % 10;
  const bad: readonly (readonly [string, string])[] = [
    ['', 'empty'],
    [' \u00a0- ', 'empty'],
    [uhid.slice(1), 'wrong-length'],
    [`${uhid}0`, 'wrong-length'],
    [`${uhid.slice(0, 13)}${last}`, 'check-digit'],
    [`0${uhid.slice(1)}`, 'check-digit'],
    [uhid.replace(/^./, '१'), 'not-digits'],
    [uhid.replace(/^./, '４'), 'not-digits'],
    [`${uhid}\n`, 'not-digits'],
    ["1' or '1'='1", 'not-digits'],
    ['9'.repeat(100_000), 'wrong-length'],
  ];
  for (const [text, problem] of bad) assert.deepEqual(parseUhid(text), { ok: false, problem });
});

test('a number is shown as 2-4-4-4 with spaces that do not break, and masked to its last four', () => {
  assert.equal(formatUhid('48210937665015'), '48\u00a02109\u00a03766\u00a05015');
  assert.equal(formatUhid('not a number'), 'not a number');
  assert.equal(maskUhid('48210937665015'), 'ends in 5015');
});
