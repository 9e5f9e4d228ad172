// Three boxes become a FHIR date, or one named problem; an impossible day is never let through.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { readDate, splitDate } from '../../../web/ui/partial-date.ts';
import type { DateRules } from '../../../web/ui/partial-date.ts';
import { isServerPath, paths, safeNext, signInThen } from '../../../web/paths.ts';

const WHOLE: DateRules = { precision: 'day', today: '2026-11-20', allowFuture: false };
const read = (day: string, month: string, year: string, rules: Partial<DateRules> = {}): string => {
  const reading = readDate({ day, month, year }, { ...WHOLE, ...rules });
  return reading.kind === 'date' ? reading.value : reading.kind === 'problem' ? reading.problem : 'empty';
};

describe('a date in three boxes', () => {
  for (const [day, month, year, result] of [
    ['', '', '', 'empty'],
    ['1', '2', '1980', '1980-02-01'],
    [' 01 ', '02', '1980', '1980-02-01'],
    ['29', '2', '2024', '2024-02-29'],
    ['29', '2', '2023', 'date.impossible'],
    ['29', '2', '1900', 'date.impossible'],
    ['29', '2', '2000', '2000-02-29'],
    ['31', '4', '1980', 'date.impossible'],
    ['0', '1', '1980', 'date.impossible'],
    ['32', '1', '1980', 'date.impossible'],
    ['1', '13', '1980', 'date.impossible'],
    ['x', '1', '1980', 'date.impossible'],
    ['1', '1', '80', 'date.yearMissing'],
    ['1', '1', '१९८०', 'date.yearMissing'],
    ['1', '', '1980', 'date.monthMissing'],
    ['', '1', '1980', 'date.dayMissing'],
    ['', '', '1980', 'date.monthNeeded'],
    ['21', '11', '2026', 'date.future'],
    ['20', '11', '2026', '2026-11-20'],
    ['1', '1', '1492', 'date.tooEarly'],
  ] as const) {
    it(`${day}|${month}|${year} is ${result}`, () => assert.equal(read(day, month, year), result));
  }
  it('a year or a month alone is enough where that is allowed', () => {
    assert.equal(read('', '', '1980', { precision: 'year' }), '1980');
    assert.equal(read('', '5', '1980', { precision: 'month' }), '1980-05');
    assert.equal(read('', '', '1980', { precision: 'month' }), 'date.monthNeeded');
    assert.equal(read('', '12', '2026', { precision: 'month' }), 'date.future');
    assert.equal(read('', '', '2027', { precision: 'year', allowFuture: true }), '2027');
  });
  it('what was read is split back into the same boxes', () => {
    assert.deepEqual(splitDate('1980-02-01'), { day: '1', month: '2', year: '1980' });
    assert.deepEqual(splitDate('1980'), { day: '', month: '', year: '1980' });
    assert.deepEqual(splitDate(undefined), { day: '', month: '', year: '' });
  });
});

describe('where to go after signing in', () => {
  for (const hostile of [
    undefined,
    '',
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/api/me',
    '/e/token',
    'home',
  ]) {
    it(`${hostile ?? 'nothing'} leads home`, () => assert.equal(safeNext(hostile), paths.home));
  }
  it('a page of the app leads there', () => {
    assert.equal(safeNext('/record?kind=visit'), '/record?kind=visit');
    assert.equal(signInThen('/record?a=b'), '/sign-in?next=%2Frecord%3Fa%3Db');
  });
  it('pages that begin like a server address are the app’s own', () => {
    assert.equal(isServerPath('/log/checkpoint'), true);
    assert.equal(isServerPath('/e/abc'), true);
    assert.equal(isServerPath('/how-it-works'), false);
    assert.equal(isServerPath('/logbook'), false);
  });
});
