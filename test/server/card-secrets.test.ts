// The secrets of a card by themselves: tokens, sealed tokens, claim codes, access codes, photo tickets, throttles.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createThrottle } from '../../server/card/address-throttle.ts';
import { hashCode, normalCode, requireNewCode } from '../../server/card/access-code.ts';
import { CardKeyError, cardKey, openCardKey } from '../../server/card/card-key.ts';
import { checkPhotoTicket, makePhotoTicket } from '../../server/card/photo-ticket.ts';
import { hashToken, makeClaimCode, makeToken, readClaimCode, readToken } from '../../server/card/token.ts';

const chance = (count: number) => new Uint8Array(randomBytes(count));

test('QR-01: a token is 32 characters of 160 random bits: unique, evenly spread, never two alike', () => {
  const tokens = Array.from({ length: 1000 }, () => makeToken(chance));
  assert.equal(new Set(tokens).size, 1000);
  assert.equal(new Set(tokens.map((token) => token.slice(0, 8))).size, 1000);
  const counts = new Map<string, number>();
  for (const token of tokens) {
    assert.match(token, /^[0-9A-HJKMNP-TV-Z]{32}$/);
    assert.equal(readToken(token), token);
    for (const character of token) counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  assert.equal(counts.size, 32);
  // 1000 of each are expected; a letter that is favoured or missing would be far out.
  for (const count of counts.values()) assert.ok(count > 800 && count < 1200, String(count));
});

test('a token uses every bit it was given', () => {
  const zero = makeToken(() => new Uint8Array(20));
  for (let bit = 0; bit < 160; bit++) {
    const bytes = new Uint8Array(20);
    bytes[bit >> 3] = 1 << (bit & 7);
    assert.notEqual(
      makeToken(() => bytes),
      zero,
      `bit ${bit}`,
    );
  }
});

test('a token is read however it was typed, and nothing else is one', () => {
  const token = makeToken(chance);
  const typed = token
    .toLowerCase()
    .replace(/(.{8})/g, '$1 ')
    .replace(/0/g, 'o')
    .replace(/1/g, 'l');
  assert.equal(readToken(typed), token);
  for (const wrong of [
    '',
    'x',
    token.slice(1),
    `${token}0`,
    `${token.slice(1)}!`,
    '../../etc/passwd',
    'u'.repeat(32),
    '\u0000'.repeat(32),
    token.repeat(1000),
  ]) {
    assert.equal(readToken(wrong), undefined, JSON.stringify(wrong.slice(0, 40)));
  }
});

test('a sealed token opens only with its key, its context and all its bytes', () => {
  const key = cardKey(chance(32));
  const token = makeToken(chance);
  const context = hashToken(token);
  const sealed = key.seal(token, context, chance(12));
  assert.equal(key.open(sealed, context), token);
  assert.ok(!sealed.includes(Buffer.from(token)));
  assert.throws(() => cardKey(chance(32)).open(sealed, context), CardKeyError);
  assert.throws(() => key.open(sealed, hashToken('another')), CardKeyError);
  for (let index = 0; index < sealed.length; index++) {
    const altered = Buffer.from(sealed);
    altered[index] = (altered[index] ?? 0) ^ 1;
    assert.throws(() => key.open(altered, context), CardKeyError, `byte ${index}`);
  }
  for (const length of [0, 1, 28, sealed.length - 1]) {
    assert.throws(() => key.open(sealed.subarray(0, length), context), CardKeyError, `length ${length}`);
  }
});

test('the key of a data folder is made once, for its owner only, also when two start at the same time', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'card-key-'));
  try {
    const [one, two] = await Promise.all([openCardKey(folder), openCardKey(folder)]);
    const again = await openCardKey(folder);
    assert.deepEqual(one.sign('x'), again.sign('x'));
    assert.deepEqual(two.sign('x'), again.sign('x'));
    assert.deepEqual(readdirSync(join(folder, 'keys')), ['card.key']);
    assert.equal(statSync(join(folder, 'keys/card.key')).mode & 0o777, 0o600);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a claim code is read however it was typed', () => {
  const code = makeClaimCode(chance);
  assert.match(code, /^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
  assert.equal(readClaimCode(` ${code.toLowerCase().replace('-', ' ')} `), code);
  for (const wrong of ['', 'AAAA', 'AAAA-AAAAA', 'UUUU-UUUU', `${code}${code}${code}${code}${code}`])
    assert.equal(readClaimCode(wrong), undefined, wrong);
});

test('an access code has 6 to 12 digits that are not the first to be guessed', () => {
  for (const good of ['482913', '48 29 13', '4829-1375-0291', '४८२९१३'])
    assert.match(requireNewCode(good), /^\d{6,12}$/);
  for (const wrong of [
    undefined,
    482913,
    null,
    {},
    '',
    '48291',
    '4829137502918',
    '48291a',
    '123456',
    '654321',
    '000000',
    '111222',
    '121212',
    '９９９９９９',
  ]) {
    assert.throws(() => requireNewCode(wrong), { code: 'invalid' }, JSON.stringify(wrong));
  }
  assert.equal(normalCode('４８２９１３'), '482913');
});

test('an access code is kept as argon2id, never as itself', async () => {
  const hash = await hashCode('482913');
  assert.match(hash, /^\$argon2id\$/);
  assert.ok(!hash.includes('482913'));
  assert.notEqual(hash, await hashCode('482913'));
});

test('a photo ticket opens one card for a quarter of an hour', () => {
  const key = cardKey(chance(32));
  const nowMs = Date.UTC(2026, 10, 18, 12);
  const ticket = makePhotoTicket(key, 'card-1', nowMs);
  assert.ok(checkPhotoTicket(key, 'card-1', ticket, nowMs));
  assert.ok(checkPhotoTicket(key, 'card-1', ticket, nowMs + 14 * 60_000));
  assert.ok(!checkPhotoTicket(key, 'card-1', ticket, nowMs + 17 * 60_000));
  assert.ok(!checkPhotoTicket(key, 'card-1', ticket, nowMs - 2 * 60_000));
  assert.ok(!checkPhotoTicket(key, 'card-2', ticket, nowMs));
  assert.ok(!checkPhotoTicket(cardKey(chance(32)), 'card-1', ticket, nowMs));
  for (const wrong of [
    '',
    '-',
    `${ticket}x`,
    ticket.replace(/.$/, ''),
    ticket.replace('-', '--'),
    `zzzzzzzzz${ticket}`,
  ]) {
    assert.ok(!checkPhotoTicket(key, 'card-1', wrong, nowMs), wrong);
  }
});

test('a throttle counts an address, an IPv6 network as one, and forgets after its window', () => {
  let nowMs = 0;
  const throttle = createThrottle(() => nowMs, { limit: 3, windowMs: 1000, mostAddresses: 2 });
  assert.deepEqual(
    [1, 2, 3, 4].map(() => throttle.take('192.0.2.1')),
    [true, true, true, false],
  );
  assert.ok(throttle.spent('192.0.2.1'));
  assert.ok(!throttle.spent('192.0.2.2'));
  nowMs = 1000;
  assert.ok(throttle.take('192.0.2.1'));
  const network = ['2001:db8:1:2::1', '2001:db8:1:2::2', '2001:db8:1:2:ffff::3'];
  assert.deepEqual(
    network.map((address) => throttle.take(address)),
    [true, true, true],
  );
  assert.ok(!throttle.take('2001:db8:1:2::4'));
  assert.ok(throttle.take('2001:db8:1:3::4'));
  // Two addresses are remembered: the third made the first forgotten.
  assert.ok(!throttle.spent('192.0.2.1'));
});
