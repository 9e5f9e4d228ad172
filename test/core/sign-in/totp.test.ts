// One-time codes against the vectors of RFC 4226 and RFC 6238, and the codes for a lost phone.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fromBase32, toBase32 } from '../../../core/sign-in/base32.ts';
import { makeRecoveryCode, readRecoveryCode } from '../../../core/sign-in/recovery-codes.ts';
import { hotp, readSixDigits, stepAt, stepOfCode, totpAddress } from '../../../core/sign-in/totp.ts';

const secret = new TextEncoder().encode('12345678901234567890');

describe('codes of an authenticator app', () => {
  test('RFC 4226, appendix D', () => {
    const codes = '755224 287082 359152 969429 338314 254676 287922 162583 399871 520489'.split(' ');
    assert.deepEqual(
      codes.map((_, counter) => hotp(secret, counter)),
      codes,
    );
  });

  test('RFC 6238, appendix B (SHA-1, eight digits)', () => {
    for (const [seconds, code] of [
      [59, '94287082'],
      [1111111109, '07081804'],
      [1111111111, '14050471'],
      [1234567890, '89005924'],
      [2000000000, '69279037'],
      [20000000000, '65353130'],
    ] as const)
      assert.equal(hotp(secret, stepAt(seconds * 1000), 8), code, String(seconds));
  });

  test('a code counts in its own thirty seconds, in those before and those after, and no further', () => {
    const atMs = 1111111109_000;
    const step = stepAt(atMs);
    for (const [away, counts] of [
      [-2, false],
      [-1, true],
      [0, true],
      [1, true],
      [2, false],
    ] as const)
      assert.equal(stepOfCode(secret, hotp(secret, step + away), atMs), counts ? step + away : undefined);
    assert.equal(stepOfCode(secret, '000000', atMs), undefined);
    assert.equal(stepOfCode(secret, '', 0), undefined);
  });

  test('what a QR code holds names issuer and login, with every sign of theirs made safe', () => {
    assert.equal(
      totpAddress(secret, 'Medallion', 'a?b&c@example.org'),
      'otpauth://totp/Medallion:a%3Fb%26c%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Medallion',
    );
  });

  test('a code is read as people write it, and nothing else is one', () => {
    for (const text of ['123456', ' 123 456 ', '123-456', '१२३४५६', '１２３４５６'])
      assert.equal(readSixDigits(text), '123456', text);
    for (const text of ['', '12345', '1234567', '12345a', '123456\u0000', '−123456'])
      assert.equal(readSixDigits(text), undefined, text);
  });
});

describe('base32', () => {
  test('RFC 4648, section 10, without padding', () => {
    for (const [plain, text] of Object.entries({
      '': '',
      f: 'MY',
      fo: 'MZXQ',
      foo: 'MZXW6',
      foob: 'MZXW6YQ',
      fooba: 'MZXW6YTB',
      foobar: 'MZXW6YTBOI',
    })) {
      const bytes = new TextEncoder().encode(plain);
      assert.equal(toBase32(bytes), text);
      assert.deepEqual(fromBase32(text), bytes);
    }
    assert.deepEqual(fromBase32('mzxw 6ytb'), new TextEncoder().encode('fooba'));
    assert.equal(fromBase32('MZ1'), undefined);
  });
});

describe('codes for a lost phone', () => {
  const counting = () => {
    let next = 0;
    return (count: number) => Uint8Array.from({ length: count }, () => next++ % 256);
  };

  test('each says which of the ten it is, and is read again however it is written', () => {
    for (let slot = 0; slot < 10; slot++) {
      const code = makeRecoveryCode(slot, counting());
      assert.match(code, /^\d[2-9A-Z]{3}-[2-9A-Z]{4}-[2-9A-Z]{4}$/);
      for (const written of [
        code,
        code.toLowerCase(),
        code.replaceAll('-', ''),
        ` ${code.replaceAll('-', ' ')} `,
      ])
        assert.deepEqual(readRecoveryCode(written), { slot, code }, written);
    }
  });

  test('no sign is likelier than another, and none is taken for another', () => {
    const seen = new Map<string, number>();
    const bytes = counting();
    for (let n = 0; n < 31 * 8; n++)
      for (const sign of makeRecoveryCode(0, bytes).slice(1).replaceAll('-', ''))
        seen.set(sign, (seen.get(sign) ?? 0) + 1);
    assert.equal(seen.size, 31);
    const counts = [...seen.values()];
    assert.ok(Math.max(...counts) - Math.min(...counts) <= 8, String(counts));
    for (const sign of '01OIL') assert.ok(!seen.has(sign), sign);
  });

  test('what is none of ours is refused', () => {
    for (const text of ['', '123456', '4K7W-29XH-MBT', '4K7W-29XH-MBTCC', 'AK7W-29XH-MBTC', '4K7W-29XH-MBT0'])
      assert.equal(readRecoveryCode(text), undefined, text);
  });
});
