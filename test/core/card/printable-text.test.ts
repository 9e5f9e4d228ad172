// Text as it may be printed: invisible trickery goes, letters stay.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fillIn, initials, printable } from '../../../core/card/drawing/printable-text.ts';
import { jpegSize } from '../../../core/card/drawing/jpeg-size.ts';

test('control characters, direction overrides and invisible tags go; joiners that letters need stay', () => {
  const table: readonly (readonly [string, string])[] = [
    ['Asha\u0000Rao', 'Asha Rao'],
    ['Asha\r\n\tRao', 'Asha Rao'],
    ['  Asha   Rao ', 'Asha Rao'],
    ['\u202eoaR ahsA', 'oaR ahsA'],
    ['Asha\u200b Rao\ufeff', 'Asha Rao'],
    ['Asha\u{e0041}\u{e007f}', 'Asha'],
    ['क्\u200dष', 'क्\u200dष'],
    ['lone \ud800 half', 'lone \ufffd half'],
    ['e\u0301', 'é'],
    ['48\u00a02109', '48\u00a02109'],
    ['<script>alert(1)</script>', '<script>alert(1)</script>'],
  ];
  for (const [text, wanted] of table) assert.equal(printable(text), wanted, JSON.stringify(text));
});

test('a tower of accents keeps two', () => {
  assert.match(printable(`Z${'\u0335\u0322\u034f'.repeat(40)}algo`), /^Z\p{M}{2}algo$/u);
});

test('a text beyond all measure says that it goes on', () => {
  assert.equal(printable('x'.repeat(10_000_000)).length, 5001);
  assert.ok(printable('x'.repeat(6000)).endsWith('…'));
});

test('initials are the first letters of the first and the last word', () => {
  assert.equal(initials('Asha Rao'), 'AR');
  assert.equal(initials('asha devi rao'), 'AR');
  assert.equal(initials('Asha'), 'A');
  assert.equal(initials('निशा राव'), 'निरा');
  assert.equal(initials('😀 42'), '');
});

test('an unknown placeholder stays visible', () => {
  assert.equal(fillIn('and {n} more of {what}', { n: 2 }), 'and 2 more of {what}');
});

test('only a JPEG has a JPEG size', () => {
  const frame = [0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 11, 8, 0, 176, 0, 140, 3, 1, 0x11, 0];
  assert.deepEqual(jpegSize(Uint8Array.from(frame)), { width: 140, height: 176 });
  const others = [
    [],
    [0x50, 0x4b, 3, 4, 0, 0],
    [0xff, 0xd8],
    [0xff, 0xd8, 0xff, 0xda, 0, 2, 0, 0],
    frame.slice(0, 14),
  ];
  for (const bytes of others) assert.equal(jpegSize(Uint8Array.from(bytes)), undefined);
});
