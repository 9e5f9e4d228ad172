// Dates, times, numbers and names are written the same everywhere, and nothing in them breaks across lines.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import {
  ageInYears,
  dayKey,
  formatDate,
  formatDateTime,
  formatDayHeading,
  formatDayMonth,
  formatNumber,
  formatQuantity,
  formatTime,
  formatUhid,
  initials,
  NBSP,
} from '../../../web/i18n/format.ts';

const plain = (text: string): string => text.replaceAll(NBSP, ' ');
const INDIA = 'Asia/Kolkata';

describe('dates', () => {
  for (const [value, english, hindi] of [
    ['2026-11-18', '18 Nov 2026', '18 नवं. 2026'],
    ['2026-02-01', '1 Feb 2026', '1 फ़र. 2026'],
    ['1980-02', 'Feb 1980', 'फ़र. 1980'],
    ['1980', '1980', '1980'],
    ['2026-11-18T23:30:00Z', '19 Nov 2026', '19 नवं. 2026'],
    ['around 1980', 'around 1980', 'around 1980'],
    ['', '', ''],
  ] as const) {
    it(`${value || 'nothing'} reads ${english || 'nothing'}`, () => {
      assert.equal(plain(formatDate(value, 'en', INDIA)), english);
      assert.equal(plain(formatDate(value, 'hi', INDIA)), hindi);
    });
  }
  it('no ordinary space is left in a date', () => {
    assert.doesNotMatch(formatDate('2026-11-18', 'en'), / /);
  });
  it('the clock has 24 hours and midnight is 00', () => {
    assert.equal(formatTime('2026-11-18T18:30:00Z', INDIA), '00:00');
    assert.equal(formatTime('2026-11-18T12:12:00Z', INDIA), '17:42');
    assert.equal(plain(formatDateTime('2026-11-18T12:12:00Z', 'en', INDIA)), '18 Nov 2026, 17:42');
  });
  it('a day is headed by its weekday and keyed by the reader’s wall clock', () => {
    assert.equal(plain(formatDayHeading('2026-11-18T05:00:00Z', 'en', INDIA)), 'Wednesday, 18 November');
    assert.equal(plain(formatDayHeading('2026-11-18T05:00:00Z', 'hi', INDIA)), 'बुधवार, 18 नवंबर');
    assert.equal(dayKey('2026-11-18T20:00:00Z', INDIA), '2026-11-19');
    assert.equal(plain(formatDayMonth('2026-11-18', 'en')), '18 Nov');
    assert.equal(plain(formatDayMonth('2026-11', 'en')), 'Nov 2026');
  });
});

describe('numbers', () => {
  it('large numbers are grouped the Indian way, in western digits', () => {
    assert.equal(formatNumber(1204331), '12,04,331');
    assert.equal(formatQuantity(1400, 'mg'), `1,400${NBSP}mg`);
    assert.equal(formatQuantity(3, ''), '3');
    assert.equal(formatQuantity(0.0625, 'mg'), `0.0625${NBSP}mg`);
    assert.equal(formatQuantity(71.23456789, 'kg'), `71.23${NBSP}kg`);
  });
  it('a health id is shown as 2-4-4-4, anything else as it is', () => {
    assert.equal(plain(formatUhid('48210937665015')), '48 2109 3766 5015');
    assert.equal(formatUhid('4821'), '4821');
  });
});

describe('ages', () => {
  for (const [birth, today, age] of [
    ['1980-02-01', '2026-02-01', 46],
    ['1980-02-02', '2026-02-01', 45],
    ['2000-02-29', '2026-02-28', 25],
    ['1980-03', '2026-02-28', 45],
    ['1980', '2026-11-20', 46],
    ['2027-01-01', '2026-11-20', undefined],
    ['unknown', '2026-11-20', undefined],
  ] as const) {
    it(`born ${birth}, on ${today}: ${age}`, () => assert.equal(ageInYears(birth, today), age));
  }
});

describe('initials', () => {
  for (const [name, letters] of [
    ['Asha Rao', 'AR'],
    ['asha', 'A'],
    ['  Venkata  Subramanian Iyer ', 'VI'],
    ['आशा राव', 'आरा'],
    ['', ''],
    ['(unknown)', ''],
  ] as const) {
    it(`${name || 'nothing'} is ${letters || 'nothing'}`, () => assert.equal(initials(name), letters));
  }
});
