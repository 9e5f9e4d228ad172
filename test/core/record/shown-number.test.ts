// Numbers on a page have the digits that somebody wrote or a laboratory would give, and nothing that matters is lost.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { DecimalLiteral, parseJson } from '../../../core/fhir/json.ts';
import { exactNumber, shownNumber } from '../../../core/record/shown-number.ts';

const shown = (text: string): string => shownNumber(parseJson(text) as number | DecimalLiteral);

describe('a number is shown', () => {
  for (const [written, read] of [
    ['108.24057691508378', '108.2'],
    ['7.3812345', '7.381'],
    ['9.99996', '10'],
    ['99.99999', '100'],
    ['0.0123456', '0.01235'],
    ['0.0000123456', '0.00001235'],
    ['123456.78901', '123457'],
    ['-3.14159265', '-3.142'],
    ['12345678901234567890.123456', '12345678901234567890.123456'],
    ['1e2', '100'],
    ['1.5e-3', '0.0015'],
    ['1.0000001', '1'],
  ] as const)
    it(`${written} as ${read}`, () => assert.equal(shown(written), read));

  for (const written of [
    '5',
    '1.10',
    '1.025',
    '4.200',
    '0.0625',
    '0.00012',
    '120',
    '0',
    '-0',
    '250000',
    '13.5',
  ])
    it(`${written} as it was written`, () => {
      assert.equal(shown(written), written);
      assert.equal(exactNumber(parseJson(written) as number | DecimalLiteral), undefined);
    });

  it('never further away than half of its fourth digit, never as nought, never as a power of ten', () => {
    const some = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 });
    fc.assert(
      fc.property(some, (value) => {
        if (Math.abs(value) < 1e-18) return;
        const read = shownNumber(value);
        assert.doesNotMatch(read, /e/i);
        assert.notEqual(Number(read), 0);
        assert.ok(Math.abs(Number(read) - value) <= Math.abs(value) * 0.00051, `${value} as ${read}`);
        if (exactNumber(value) === undefined) assert.equal(Number(read), value);
        else assert.equal(Number(exactNumber(value)), value);
      }),
    );
  });
});
