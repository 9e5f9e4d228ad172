import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeBase64, encodeBase64 } from '../../../core/ledger/base64.ts';

test('base64 is the padded standard alphabet', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const text = Buffer.from(bytes).toString('base64');
      assert.equal(encodeBase64(bytes), text);
      assert.deepEqual(decodeBase64(text), new Uint8Array(bytes));
    }),
  );
});

test('any spelling of base64 but the canonical one is refused', () => {
  const malformed = { name: 'LedgerError', code: 'base64-malformed' };
  const refused = [
    'A',
    'AA',
    'AAA',
    'AAAAA',
    'AA=',
    'A===',
    '====',
    '=',
    'AA==AA==',
    'AB==',
    'AAB=',
    'AA=A',
    '-_-_',
    'AA A',
    ' AAA',
    'AAA\n',
    'AAAA\n',
    'AAA\u0000',
    'ＡAAA',
    '٠AAA',
    '\u{1f600}AA',
  ];
  for (const text of refused) assert.throws(() => decodeBase64(text), malformed, JSON.stringify(text));
});

test('a text is read exactly when it is how its bytes are written', () => {
  const character = fc.constantFrom(...'AQgw+/=09z-_ \n'.split(''));
  fc.assert(
    fc.property(fc.string({ unit: character, maxLength: 12 }), (text) => {
      const canonical = Buffer.from(text, 'base64').toString('base64') === text;
      if (canonical) assert.equal(encodeBase64(decodeBase64(text)), text);
      else assert.throws(() => decodeBase64(text), { name: 'LedgerError' });
    }),
    { numRuns: 3000 },
  );
});
