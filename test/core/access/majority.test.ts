// The day and the instant of coming of age: by country, for the leap day, at midnight where the person lives; and how many must agree.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { majorityAt, majorityDay } from '../../../core/access/majority.ts';
import { agreementsNeeded, isAgreed, stillNeeded } from '../../../core/access/quorum.ts';
import { zoneOffset } from '../../../server/guardians/begin-guardianship.ts';

describe('the day of majority', () => {
  const table: [string, string, string | undefined][] = [
    ['2008-05-31', 'IN', '2026-05-31'],
    ['2008-05-31', 'TH', '2028-05-31'],
    ['2008-05-31', 'KR', '2027-05-31'],
    ['2008-05-31', 'SG', '2029-05-31'],
    ['2008-02-29', 'IN', '2026-03-01'],
    ['2008-02-29', 'TW', '2026-02-28'],
    ['2008-02-29', 'NZ', '2028-02-29'],
    ['2004-02-29', 'TH', '2024-02-29'],
    // A country that is not in the table is judged as where the platform is at home.
    ['2008-05-31', 'XX', '2026-05-31'],
    ['2008-05', 'IN', undefined],
    ['2007-02-29', 'IN', undefined],
    ['2008-13-01', 'IN', undefined],
    ['', 'IN', undefined],
  ];
  for (const [birthDate, country, day] of table)
    it(`of somebody born ${birthDate || 'on no day'} in ${country} is ${day ?? 'not known'}`, () => {
      assert.equal(majorityDay(birthDate, country), day);
    });
});

describe('the instant of majority', () => {
  const at = (birthDate: string, country: string, zone?: string) =>
    new Date(majorityAt(birthDate, country, zoneOffset, zone) ?? NaN).toISOString();

  it('is midnight where the person lives, from twelve hours behind UTC to fourteen ahead', () => {
    assert.equal(at('2008-05-31', 'IN'), '2026-05-30T18:30:00.000Z');
    assert.equal(at('2008-05-31', 'IN', 'Etc/GMT+12'), '2026-05-31T12:00:00.000Z');
    assert.equal(at('2008-05-31', 'IN', 'Etc/GMT-12'), '2026-05-30T12:00:00.000Z');
    assert.equal(at('2008-05-31', 'IN', 'Pacific/Kiritimati'), '2026-05-30T10:00:00.000Z');
  });

  it('follows the clocks of that day, in summer and in winter', () => {
    assert.equal(at('2008-07-01', 'DE'), '2026-06-30T22:00:00.000Z');
    assert.equal(at('2008-01-01', 'DE'), '2025-12-31T23:00:00.000Z');
  });

  it('is the earlier reading where clocks change at midnight', () => {
    // Havana sets its clocks back from one to midnight on 1 November 2026: that day has two midnights.
    assert.equal(at('2008-11-01', 'US', 'America/Havana'), '2026-11-01T04:00:00.000Z');
  });
});

describe('agreeing', () => {
  it('takes more than half of the guardians, and never leaves a tie', () => {
    assert.deepEqual([0, 1, 2, 3, 4, 5].map(agreementsNeeded), [0, 1, 2, 2, 3, 3]);
  });

  it('counts those who manage and nobody else, each once', () => {
    const deciders = { managers: ['a', 'b', 'c'] };
    assert.ok(!isAgreed(deciders, new Set(['a', 'x', 'y'])));
    assert.ok(isAgreed(deciders, new Set(['a', 'c'])));
    assert.equal(stillNeeded(deciders, new Set(['a'])), 1);
  });

  it('happens in the last ninety days not against the young person, and not by them alone', () => {
    const deciders = { managers: ['a'], youngPerson: 'y' };
    assert.ok(!isAgreed(deciders, new Set(['a'])));
    assert.ok(!isAgreed(deciders, new Set(['y'])));
    assert.ok(isAgreed(deciders, new Set(['a', 'y'])));
  });
});
