// How a long record is cut into stretches and gathered by visit, and how versions of an entry differ.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TimelineItem } from '../../../web/api/timeline.ts';
import { changesBetween, partsOf } from '../../../web/patient/timeline/entry-steps.ts';
import { yearsOf } from '../../../web/patient/timeline/stretches.ts';
import { byVisit } from '../../../web/patient/timeline/visits.ts';

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
  test('an empty record has none', () => assert.deepEqual(yearsOf([]), []));
});

describe('visits', () => {
  test('what belongs to a visit in sight stands under it, all else where it was; nothing is lost', () => {
    const visit = item('v', { type: 'Encounter', kind: 'visits' });
    const [inside, elsewhere, alone] = [item('a', { visit: 'v' }), item('b', { visit: 'far' }), item('c')];
    assert.deepEqual(byVisit([alone, inside, visit, elsewhere]), [
      { item: alone, within: [] },
      { item: visit, within: [inside] },
      { item: elsewhere, within: [] },
    ]);
  });
  test('a visit that is part of another stays to be seen', () => {
    const outer = item('v', { type: 'Encounter' });
    const inner = item('w', { type: 'Encounter', visit: 'v' });
    assert.deepEqual(
      byVisit([outer, inner]).map((one) => one.item.id),
      ['v', 'w'],
    );
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
