// How a long record is cut into stretches and gathered by visit, and how versions of an entry differ.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TimelineItem } from '../../../web/api/timeline.ts';
import { changesBetween, partsOf } from '../../../web/patient/timeline/entry-steps.ts';
import { countUntil, firstOf, yearsOf } from '../../../web/patient/timeline/stretches.ts';
import { gathered } from '../../../web/patient/timeline/visits.ts';

const item = (id: string, more: Partial<TimelineItem> = {}): TimelineItem => ({
  type: 'Observation',
  id,
  kind: 'results',
  lines: [],
  sealed: false,
  version: 1,
  day: '2026-11-18',
  by: 'patient',
  entryId: id,
  recordedAt: '2026-11-18T00:00:00Z',
  ...more,
});

describe('stretches', () => {
  test('every month is in exactly one stretch, none crosses a year, each is short unless a month is full', () => {
    const months = Array.from({ length: 300 }, (_, i) => ({
      month: `${2026 - Math.floor(i / 12)}-${String(12 - (i % 12)).padStart(2, '0')}`,
      count: i % 50 === 0 ? 500 : 1 + (i % 17),
    }));
    const years = yearsOf(months);
    assert.equal(years.length, 25);
    const stretches = years.flatMap((year) => year.stretches);
    assert.equal(
      stretches.reduce((sum, { count }) => sum + count, 0),
      months.reduce((sum, { count }) => sum + count, 0),
    );
    for (const { month } of months)
      assert.equal(stretches.filter(({ from, to }) => from <= month && month <= to).length, 1, month);
    for (const { from, to, count } of stretches) {
      assert.equal(from.slice(0, 4), to.slice(0, 4));
      assert.ok(count <= 40 || from === to);
    }
  });
  test('the newest are whole stretches until there are enough; what is left out begins where they end', () => {
    const years = yearsOf([
      { month: '2026-11', count: 30 },
      { month: '2026-02', count: 30 },
      { month: '2025-07', count: 5 },
      { month: '2024-01', count: 1 },
    ]);
    const shown = (most: number) => {
      const { years: some, next } = firstOf(years, most);
      return [some.map(({ year, count, stretches }) => [year, count, stretches.length]), next?.to];
    };
    assert.deepEqual(shown(1), [[['2026', 60, 1]], '2026-02']);
    assert.deepEqual(shown(30), [[['2026', 60, 1]], '2026-02']);
    assert.deepEqual(shown(31), [[['2026', 60, 2]], '2025-07']);
    assert.deepEqual(shown(61), [
      [
        ['2026', 60, 2],
        ['2025', 5, 1],
      ],
      '2024-01',
    ]);
    assert.deepEqual(shown(Number.POSITIVE_INFINITY)[1], undefined);
    assert.deepEqual(firstOf([], 60), { years: [], next: undefined });
    for (const { year } of years)
      assert.equal(firstOf(years, countUntil(years, year)).years.at(-1)?.year, year);
  });
  test('an empty record has none', () => assert.deepEqual(yearsOf([]), []));
});

describe('visits', () => {
  test('what belongs to a visit in sight stands under it, all else where it was; nothing is lost', () => {
    const visit = item('v', { type: 'Encounter', kind: 'visits' });
    const [inside, elsewhere, alone] = [item('a', { visit: 'v' }), item('b', { visit: 'far' }), item('c')];
    assert.deepEqual(gathered([alone, inside, visit, elsewhere]), [
      { item: alone, within: [] },
      { item: visit, within: [inside] },
      { item: elsewhere, within: [] },
    ]);
  });
  test('a visit that is part of another stays to be seen', () => {
    const outer = item('v', { type: 'Encounter' });
    const inner = item('w', { type: 'Encounter', visit: 'v' });
    assert.deepEqual(
      gathered([outer, inner]).map((one) => one.item.id),
      ['v', 'w'],
    );
  });
});

describe('reports', () => {
  const report = (id: string, holds: readonly string[], more: Partial<TimelineItem> = {}): TimelineItem =>
    item(id, { type: 'DiagnosticReport', holds, title: 'Lipid panel', ...more });
  test('carry the results they name, once; what is not in sight is not missed', () => {
    const [a, b, c] = [item('a'), item('b'), item('c')];
    const first = report('r', ['Observation/a', 'Observation/b', 'Observation/far']);
    const second = report('s', ['Observation/b', 'Observation/c']);
    assert.deepEqual(gathered([a, first, b, second, c]), [
      { item: first, within: [a, b] },
      { item: second, within: [c] },
    ]);
  });
  test('one result of the same name, and nothing else to say, is one entry that leads to both', () => {
    const inr = item('a', { title: 'INR', value: '2.2' });
    const plain = report('r', ['Observation/a'], { title: 'INR' });
    assert.deepEqual(gathered([plain, inr]), [{ item: inr, within: [], report: plain }]);
    for (const more of [
      { lines: ['Take less'] },
      { status: 'corrected' },
      { title: 'Clotting' },
      { sealed: true },
    ])
      assert.equal(
        gathered([report('r', ['Observation/a'], { title: 'INR', ...more }), inr])[0]?.report,
        undefined,
      );
  });
  test('a panel that holds values is not hidden in a report, nor lost where two name each other', () => {
    const panel = item('p', { holds: ['Observation/a'] });
    const whole = report('r', ['Observation/p']);
    const value = item('a');
    assert.deepEqual(gathered([whole, panel, value]), [
      { item: whole, within: [] },
      { item: panel, within: [value] },
    ]);
    const mutual = [item('x', { holds: ['Observation/y'] }), item('y', { holds: ['Observation/x'] })];
    assert.equal(gathered(mutual).length, 2);
  });
  test('results of a visit in sight stay with the visit', () => {
    const visit = item('v', { type: 'Encounter' });
    const [inside, ofVisit] = [item('a', { visit: 'v' }), report('r', ['Observation/a'], { visit: 'v' })];
    assert.deepEqual(gathered([visit, ofVisit, inside]), [{ item: visit, within: [ofVisit, inside] }]);
  });
});

test('versions differ by what a reader sees', () => {
  const was = partsOf(item('a', { title: 'Potassium', value: '5.1 mmol/L', flag: 'H', date: '2026-03-01' }));
  const now = partsOf(
    item('a', { title: 'Potassium', value: '4.1 mmol/L', date: '2026-03-01', status: 'corrected' }),
  );
  assert.deepEqual(changesBetween(was, now), [
    { part: 'value', was: '5.1 mmol/L', now: '4.1 mmol/L' },
    { part: 'flag', was: 'H', now: undefined },
    { part: 'status', was: undefined, now: 'corrected' },
  ]);
  assert.deepEqual(changesBetween(was, was), []);
});
