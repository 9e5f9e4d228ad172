// What may be asked for: bounded, read whole or refused, narrowed and never widened by the answer.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Coverage } from '../../../core/access/authority.ts';
import { covers } from '../../../core/access/authority.ts';
import { categories } from '../../../core/access/categories.ts';
import { isTermsProblem, narrowCoverage, readDuration, readTerms } from '../../../core/access/terms.ts';
import type { JsonValue } from '../../../core/fhir/types.ts';

const good = { scope: 'whole', purpose: 'TREAT', duration: 'P7D' };

describe('terms', () => {
  it('of the whole record do not hold what is sealed, nor writing, nor handing on', () => {
    assert.deepEqual(readTerms(good), {
      coverage: { sealed: false },
      share: false,
      writing: false,
      purpose: 'TREAT',
      durationMs: 7 * 86_400_000,
    });
  });

  const refused: [string, Partial<Record<keyof typeof good, JsonValue>>, string][] = [
    ['no purpose', { purpose: null }, 'purpose'],
    ['an invented purpose', { purpose: 'CURIOSITY' }, 'purpose'],
    ['the purpose of an emergency, which has a door of its own', { purpose: 'BTG' }, 'purpose'],
    ['no duration', { duration: null }, 'duration'],
    ['a number for a duration', { duration: 7 }, 'duration'],
    ['no time at all', { duration: 'PT0M' }, 'duration'],
    ['two years', { duration: 'P731D' }, 'duration'],
    ['months, which are of no one length', { duration: 'P1M' }, 'duration'],
    ['a scope of nothing', { scope: null }, 'scope'],
    ['another word than whole', { scope: 'everything' }, 'scope'],
    ['no category', { scope: { categories: [] } }, 'scope'],
    ['an invented category', { scope: { categories: ['results', 'secrets'] } }, 'scope'],
    ['no entry', { scope: { entries: [] } }, 'scope'],
    ['an entry with a path', { scope: { entries: ['Observation/../x'] } }, 'scope'],
    [
      '201 entries',
      { scope: { entries: Array.from({ length: 201 }, (_, i) => `Observation/${i}`) } },
      'scope',
    ],
    ['a member that is not known', { scope: { category: ['results'] } }, 'scope'],
    ['a word for a truth', { scope: { sealed: 'yes' } }, 'scope'],
  ];
  for (const [what, change, field] of refused)
    it(`with ${what} are refused by the name of the field`, () => {
      const read = readTerms({ ...good, ...change });
      assert.ok(isTermsProblem(read), JSON.stringify(read));
      assert.equal(read.field, field);
    });
});

describe('durations', () => {
  const table: [string, number | undefined][] = [
    ['PT1M', 60_000],
    ['PT2H30M', 9_000_000],
    ['P1W', 604_800_000],
    ['P1W1DT1H', 694_800_000],
    ['P', undefined],
    ['PT', undefined],
    ['P1D1W', undefined],
    ['-P1D', undefined],
    ['P1.5D', undefined],
    ['1D', undefined],
    ['P1DT', undefined],
    ['P99999D', undefined],
  ];
  for (const [text, expected] of table)
    it(`${text} is ${expected ?? 'nothing'}`, () => {
      assert.equal(readDuration(text), expected);
    });
});

describe('an answer', () => {
  const coverage: fc.Arbitrary<Coverage> = fc.record(
    {
      categories: fc.subarray([...categories], { minLength: 1 }),
      entries: fc.subarray(['Observation/x', 'Condition/x', 'Observation/y'], { minLength: 1 }),
      sealed: fc.boolean(),
    },
    { requiredKeys: ['sealed'] },
  );
  const thing = fc.record({
    resourceType: fc.constantFrom('Observation', 'Condition'),
    resourceId: fc.constantFrom('x', 'y', 'z'),
    category: fc.constantFrom(...categories),
    sealed: fc.boolean(),
  });

  it('never covers what was not asked for, nor what was not allowed', () => {
    fc.assert(
      fc.property(coverage, coverage, thing, (asked, answered, one) => {
        const narrowed = narrowCoverage(asked, answered);
        if (narrowed === undefined || !covers(narrowed, one)) return;
        assert.ok(covers(asked, one), 'asked');
        assert.ok(covers(answered, one), 'answered');
      }),
      { numRuns: 20_000 },
    );
  });

  it('of the whole leaves what was asked for, and what has nothing in common is nothing', () => {
    const asked: Coverage = { categories: ['results'], sealed: false };
    assert.deepEqual(narrowCoverage(asked, { sealed: true }), asked);
    assert.equal(narrowCoverage(asked, { categories: ['imaging'], sealed: true }), undefined);
    assert.equal(narrowCoverage(asked, { entries: ['Observation/x'], sealed: true }), undefined);
  });
});
