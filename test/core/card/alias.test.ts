// The readable alias: what may be one, and what is suggested.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkAlias, suggestAliases } from '../../../core/card/alias.ts';

test('plain groups of letters and digits are accepted', () => {
  for (const alias of ['asha', 'asha.rao', 'asha_rao', 'a1b2', 'asha.rao_1980', 'a'.repeat(30), 'adminton'])
    assert.deepEqual(checkAlias(alias), { ok: true, alias });
});

test('everything else is refused with its reason', () => {
  const refused: readonly (readonly [string, string])[] = [
    ['', 'too-short'],
    ['abc', 'too-short'],
    ['a'.repeat(31), 'too-long'],
    ['Asha', 'upper-case'],
    ['asha rao', 'not-plain-letters'],
    ['asha-rao', 'not-plain-letters'],
    ['\u0430sha', 'not-plain-letters'],
    ['ashā', 'not-plain-letters'],
    ['आशाराव', 'not-plain-letters'],
    ['asha\u200brao', 'not-plain-letters'],
    ['asha\n', 'not-plain-letters'],
    ['9asha', 'must-begin-with-letter'],
    ['1234', 'must-begin-with-letter'],
    ['asha..rao', 'separator'],
    ['asha._rao', 'separator'],
    ['.asha', 'separator'],
    ['asha.', 'separator'],
    ['_asha', 'separator'],
    ['admin', 'reserved'],
    ['medallion.help', 'reserved'],
    ['asha.doctor', 'reserved'],
    ['admin7', 'reserved'],
  ];
  for (const [alias, problem] of refused) assert.deepEqual(checkAlias(alias), { ok: false, problem }, alias);
});

test('suggestions come from the name, the plainest first', () => {
  assert.deepEqual(suggestAliases('Asha Rao', 1980), ['asha.rao', 'asha_rao', 'asha.rao1980', 'a.rao']);
  assert.deepEqual(suggestAliases('Āshā', 7, 2), ['asha', 'asha.7']);
  assert.deepEqual(suggestAliases('आशा राव', 7), []);
  assert.deepEqual(suggestAliases('Admin', 7), []);
});

test('whatever the name, every suggestion is a good alias and none comes twice', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer(), (name, number) => {
      const suggestions = suggestAliases(name, number);
      assert.ok(suggestions.every((alias) => checkAlias(alias).ok));
      assert.equal(new Set(suggestions).size, suggestions.length);
    }),
  );
});
