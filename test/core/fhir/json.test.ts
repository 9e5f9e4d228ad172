// The rules of strict, lossless JSON: what is refused, by which code, and what survives reading and writing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson, DecimalLiteral, JsonError, numberOf, parseJson } from '../../../core/fhir/json.ts';
import type { JsonValue } from '../../../core/fhir/types.ts';

const refused: readonly (readonly [rule: string, text: string, code: string])[] = [
  ['nothing', '', 'json-empty'],
  ['only white space', ' \n\t ', 'json-empty'],
  ['byte order mark', '\ufeff{}', 'json-byte-order-mark'],
  ['trailing comma in an object', '{"a":1,}', 'json-syntax'],
  ['trailing comma in an array', '[1,]', 'json-syntax'],
  ['leading comma', '[,1]', 'json-syntax'],
  ['line comment', '{"a":1}// x', 'json-syntax'],
  ['block comment', '{/* x */"a":1}', 'json-syntax'],
  ['two values', '{}{}', 'json-syntax'],
  ['single quotes', "{'a':1}", 'json-syntax'],
  ['bare key', '{a:1}', 'json-syntax'],
  ['missing colon', '{"a" 1}', 'json-syntax'],
  ['unclosed object', '{"a":1', 'json-syntax'],
  ['unclosed array', '[1', 'json-syntax'],
  ['unclosed string', '"abc', 'json-syntax'],
  ['unclosed after a backslash', '"abc\\', 'json-syntax'],
  ['mismatched brackets', '[1}', 'json-syntax'],
  ['NaN', 'NaN', 'json-syntax'],
  ['Infinity', '-Infinity', 'json-syntax'],
  ['undefined', 'undefined', 'json-syntax'],
  ['word cut short', 'tru', 'json-syntax'],
  ['word run on', 'truefalse', 'json-syntax'],
  ['no-break space', '\u00a0{}', 'json-syntax'],
  ['form feed as white space', '\f{}', 'json-syntax'],
  ['leading zero', '01', 'json-syntax'],
  ['negative leading zero', '-01', 'json-syntax'],
  ['plus sign', '+1', 'json-syntax'],
  ['bare dot', '.5', 'json-syntax'],
  ['dot at the end', '1.', 'json-syntax'],
  ['empty exponent', '1e', 'json-syntax'],
  ['exponent sign only', '1e+', 'json-syntax'],
  ['minus only', '-', 'json-syntax'],
  ['hexadecimal', '0x10', 'json-syntax'],
  ['separator in a number', '1_000', 'json-syntax'],
  ['raw tab in a string', '"a\tb"', 'json-syntax'],
  ['raw line end in a string', '"a\nb"', 'json-syntax'],
  ['unknown escape', '"\\x41"', 'json-syntax'],
  ['short unicode escape', '"\\u12"', 'json-syntax'],
  ['unicode escape of non-digits', '"\\u00zz"', 'json-syntax'],
  ['duplicate key', '{"status":"inactive","status":"active"}', 'json-duplicate-key'],
  ['duplicate key with null first', '{"a":null,"a":1}', 'json-duplicate-key'],
  ['duplicate key written with an escape', '{"a":1,"\\u0061":2}', 'json-duplicate-key'],
  ['duplicate deep inside', '[{"x":{"y":1,"z":2,"y":3}}]', 'json-duplicate-key'],
  ['duplicate of an inherited name', '{"toString":1,"toString":2}', 'json-duplicate-key'],
  ['__proto__', '{"__proto__":{"x":1}}', 'json-unsafe-key'],
  ['__proto__ with escapes', '{"\\u005f_proto__":{"x":1}}', 'json-unsafe-key'],
  ['constructor', '{"constructor":{"prototype":{"x":1}}}', 'json-unsafe-key'],
  ['prototype', '{"prototype":1}', 'json-unsafe-key'],
  ['raw NUL', '"a\u0000b"', 'json-control-character'],
  ['escaped NUL', '"a\\u0000b"', 'json-control-character'],
  ['escaped bell', '"\\u0007"', 'json-control-character'],
  ['escaped backspace', '"\\b"', 'json-control-character'],
  ['escaped form feed', '"\\f"', 'json-control-character'],
  ['control character in a key', '{"a\\u0001":1}', 'json-control-character'],
  ['raw high surrogate alone', '"\ud800"', 'json-lone-surrogate'],
  ['raw low surrogate alone', '"\udc00x"', 'json-lone-surrogate'],
  ['escaped high surrogate alone', '"\\ud800"', 'json-lone-surrogate'],
  ['escaped low surrogate alone', '"\\udc00"', 'json-lone-surrogate'],
  ['escaped high then ordinary', '"\\ud83dx"', 'json-lone-surrogate'],
  ['escaped pair the wrong way round', '"\\ude00\\ud83d"', 'json-lone-surrogate'],
  ['pair half escaped', '"\\ud83d\ude00"', 'json-lone-surrogate'],
  ['too large', '1e400', 'json-number-out-of-range'],
  ['too large, negative', '-1e400', 'json-number-out-of-range'],
  ['too small', '1e-400', 'json-number-out-of-range'],
  ['a million digits', '1'.repeat(1_000_000), 'json-number-too-long'],
  ['a million digits after the dot', '0.' + '1'.repeat(1_000_000), 'json-number-too-long'],
  ['a million digits in the exponent', '1e' + '0'.repeat(1_000_000), 'json-number-too-long'],
  ['41 digits', '1'.repeat(41), 'json-number-too-long'],
  ['100 000 arrays deep', '['.repeat(100_000), 'json-too-deep'],
  ['100 000 objects deep', '{"extension":'.repeat(100_000), 'json-too-deep'],
  ['65 deep', '['.repeat(65) + ']'.repeat(65), 'json-too-deep'],
];

for (const [rule, text, code] of refused) {
  test(`refused: ${rule}`, () => {
    assert.throws(
      () => parseJson(text),
      (error) => error instanceof JsonError && error.code === code,
    );
  });
}

const kept: readonly (readonly [rule: string, text: string, canonical: string])[] = [
  ['white space between tokens', ' { "b" : [ 1 , 2 ] , "a" : { } } ', '{"a":{},"b":[1,2]}'],
  [
    'keys sort by code unit, not by letter',
    '{"é":1,"z":2,"Z":3,"a":4,"_a":5}',
    '{"Z":3,"_a":5,"a":4,"z":2,"é":1}',
  ],
  [
    'a surrogate pair sorts before the private use area',
    '{"\uffee":1,"\u{1f600}":2}',
    '{"\u{1f600}":2,"\uffee":1}',
  ],
  ['number-like keys sort as text', '{"10":1,"9":2,"1":3}', '{"1":3,"10":1,"9":2}'],
  ['array order is sacred', '[3,1,2]', '[3,1,2]'],
  ['trailing zeros', '[1.10,1.0,0.00]', '[1.10,1.0,0.00]'],
  ['negative zero', '[-0,-0.0]', '[-0,-0.0]'],
  ['exponents', '[1e2,1E+2,1.5e-7,0e5]', '[1e2,1E+2,1.5e-7,0e5]'],
  [
    'more digits than a double has',
    '[3.14159265358979323846,12345678901234567890]',
    '[3.14159265358979323846,12345678901234567890]',
  ],
  ['40 digits', '1'.repeat(40), '1'.repeat(40)],
  ['escapes become the shortest form', '"\\u0041\\/\\"\\\\\\n\\u00e9"', '"A/\\"\\\\\\né"'],
  ['an escaped pair becomes the character', '"\\ud83d\\ude00!"', '"\u{1f600}!"'],
  ['text before and after escapes', '"one\\ttwo\\u0020three"', '"one\\ttwo three"'],
  ['composed and decomposed stay apart', '["\u00e9","e\u0301"]', '["\u00e9","e\u0301"]'],
  ['words', '[true,false,null]', '[true,false,null]'],
  ['names of inherited members', '{"toString":1,"hasOwnProperty":2}', '{"hasOwnProperty":2,"toString":1}'],
  ['64 deep', '['.repeat(64) + ']'.repeat(64), '['.repeat(64) + ']'.repeat(64)],
  ['more than forty keys', `{${Array.from({ length: 60 }, (_, i) => `"k${59 - i}":${i}`).join(',')}}`, ''],
];

for (const [rule, text, canonical] of kept) {
  test(`kept: ${rule}`, () => {
    const written = canonicalJson(parseJson(text));
    if (canonical !== '') assert.equal(written, canonical);
    assert.deepEqual(JSON.parse(written), JSON.parse(text));
    assert.equal(canonicalJson(parseJson(written)), written);
    const keys = Object.keys(JSON.parse(written) ?? {});
    if (canonical === '') assert.deepEqual(keys, [...keys].sort());
  });
}

test('an exact number is a plain number, any other keeps its text', () => {
  assert.deepEqual(parseJson('[0,-7,3.5,1e+21,123456789012345]'), [0, -7, 3.5, 1e21, 123456789012345]);
  const value = parseJson('1.10');
  assert.ok(value instanceof DecimalLiteral);
  assert.equal(value.text, '1.10');
  assert.equal(numberOf(value), 1.1);
});

test('an error names the place and never the content', () => {
  const place = (text: string): string => {
    try {
      parseJson(text);
    } catch (error) {
      assert.ok(error instanceof JsonError);
      assert.ok(!error.message.includes('Secret'), error.message);
      return `${error.position} ${error.path}`;
    }
    return 'accepted';
  };
  assert.equal(place('{"name":[{"family":"Secret"},{"given":["a","\\u0000"]}]}'), '44 $.name[1].given[1]');
  assert.equal(place('{"Secret name":1,"a":{"Secret, Asha":"\\u0000"}}'), '38 $.a.?');
  assert.equal(place('[1,2,{"x":"]\\"}{","y":01}]'), '22 $[2].y');
  assert.equal(place('{"a":1,"a":2}'), '7 $');
});

test('the depth limit is the caller’s to lower', () => {
  assert.deepEqual(parseJson('[[]]', { maxDepth: 2 }), [[]]);
  assert.throws(() => parseJson('[[[]]]', { maxDepth: 2 }), { code: 'json-too-deep' });
});

test('nothing that is parsed reaches the prototype of other objects', () => {
  for (const text of ['{"__proto__":{"polluted":1}}', '{"constructor":{"prototype":{"polluted":1}}}'])
    assert.throws(() => parseJson(text), { code: 'json-unsafe-key' });
  assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
});

test('characters that R4 lets stand are kept, also those that old encodings used as controls', () => {
  for (const text of ['"\u007f"', '"\u0080\u009b"', '"\\n\u0099"'])
    assert.equal(canonicalJson(parseJson(text)), text);
  assert.equal(canonicalJson(parseJson('"\\u009b"')), '"\u009b"');
});

const unwritable: readonly (readonly [rule: string, value: unknown, code: string])[] = [
  ['NaN', Number.NaN, 'json-not-a-value'],
  ['infinity', { a: [Infinity] }, 'json-not-a-value'],
  ['a hole in an array', [undefined], 'json-not-a-value'],
  ['a function', { a: () => 1 }, 'json-not-a-value'],
  ['a big integer', 1n, 'json-not-a-value'],
  ['NUL', 'a\u0000', 'json-control-character'],
  ['a lone surrogate', { a: '\ud800' }, 'json-lone-surrogate'],
  ['a lone surrogate in a key', { '\udc00': 1 }, 'json-lone-surrogate'],
  ['an unsafe key', JSON.parse('{"__proto__":1}'), 'json-unsafe-key'],
];

for (const [rule, value, code] of unwritable) {
  test(`not written: ${rule}`, () => {
    assert.throws(() => canonicalJson(value as JsonValue), { name: 'JsonError', code });
  });
}

test('properties that are undefined are left out', () => {
  assert.equal(canonicalJson({ b: undefined, a: 1 } as unknown as JsonValue), '{"a":1}');
});

const writableString = fc
  .string({ unit: 'grapheme' })
  .filter((text) => text.isWellFormed() && !/[^\P{Cc}\t\n\r]/u.test(text));
const jsonKey = writableString.filter((key) => !['__proto__', 'constructor', 'prototype'].includes(key));
const jsonValue = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    writableString,
    fc.boolean(),
    fc.constant(null),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => (Object.is(x, -0) ? 0 : x)),
    fc.integer(),
    fc.stringMatching(/^-?[1-9][0-9]{0,12}\.[0-9]{1,12}$/).map((text) => parseJson(text)),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(jsonKey, tie('value'), { maxKeys: 6, noNullPrototype: true }),
  ),
})).value;

test('LOG-11 any value survives writing and reading, and its canonical text is stable', () => {
  fc.assert(
    fc.property(jsonValue, (value) => {
      const text = canonicalJson(value);
      const again = parseJson(text);
      assert.deepEqual(again, value);
      assert.equal(canonicalJson(again), text);
    }),
    { numRuns: 300 },
  );
});

test('any text is either refused with a JsonError or means what JSON.parse says', () => {
  const tokens = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '"b"',
    '1',
    '-0',
    '1.50',
    'true',
    'null',
    ' ',
    '"',
    '\\',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(tokens).map((parts) => parts.join('')),
        fc.string(),
      ),
      (text) => {
        let value: JsonValue;
        try {
          value = parseJson(text);
        } catch (error) {
          assert.ok(error instanceof JsonError);
          return;
        }
        assert.deepEqual(JSON.parse(canonicalJson(value)), JSON.parse(text));
      },
    ),
    { numRuns: 1000 },
  );
});
