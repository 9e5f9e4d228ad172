// Local times and their instants, where clocks jump: tables of the IANA's zones.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { instantOf, isZone, localAt } from '../../../core/doses/local-time.ts';

describe('the instant of a local time', () => {
  const table: [local: string, zone: string, instant: string, why: string][] = [
    ['2026-11-29T08:00', 'Asia/Kolkata', '2026-11-29T02:30Z', 'half an hour off the hour'],
    ['2026-11-29T08:00', 'Asia/Kathmandu', '2026-11-29T02:15Z', 'a quarter off the hour'],
    ['2026-03-29T01:59', 'Europe/Berlin', '2026-03-29T00:59Z', 'the last minute of winter'],
    ['2026-03-29T02:00', 'Europe/Berlin', '2026-03-29T01:00Z', 'does not come: when the clock jumps'],
    ['2026-03-29T02:30', 'Europe/Berlin', '2026-03-29T01:00Z', 'does not come: when the clock jumps'],
    ['2026-03-29T03:00', 'Europe/Berlin', '2026-03-29T01:00Z', 'the first minute of summer'],
    ['2026-10-25T02:30', 'Europe/Berlin', '2026-10-25T00:30Z', 'comes twice: the first of the two'],
    ['2026-10-25T03:00', 'Europe/Berlin', '2026-10-25T02:00Z', 'the first minute of winter'],
    ['2026-03-08T02:30', 'America/New_York', '2026-03-08T07:00Z', 'does not come'],
    ['2026-11-01T01:30', 'America/New_York', '2026-11-01T05:30Z', 'comes twice'],
    ['2026-10-04T02:15', 'Australia/Lord_Howe', '2026-10-03T15:30Z', 'a jump of half an hour'],
    ['2026-04-05T01:45', 'Australia/Lord_Howe', '2026-04-04T14:45Z', 'comes twice, half an hour apart'],
    ['2026-04-24T00:30', 'Africa/Cairo', '2026-04-23T22:00Z', 'midnight does not come'],
    ['2011-12-30T08:00', 'Pacific/Apia', '2011-12-30T10:00Z', 'a whole day that never was'],
    ['2026-06-01T00:00', 'Pacific/Kiritimati', '2026-05-31T10:00Z', 'fourteen hours ahead'],
  ];
  for (const [local, zone, instant, why] of table)
    it(`${local} in ${zone} (${why})`, () => {
      assert.equal(new Date(instantOf(local, zone)).toISOString(), new Date(instant).toISOString());
    });

  it('is never earlier for what is later on the clock, all through a year of two jumps', () => {
    for (const zone of ['Europe/London', 'America/Santiago', 'Australia/Lord_Howe', 'Africa/Casablanca']) {
      let before = -Infinity;
      for (let minute = 0; minute < 366 * 24 * 60; minute += 105) {
        const local = new Date(Date.UTC(2026, 0, 1) + minute * 60_000).toISOString().slice(0, 16);
        const at = instantOf(local, zone);
        assert.ok(at >= before, `${local} ${zone}`);
        assert.ok(localAt(at, zone) >= local, `${local} ${zone}`);
        before = at;
      }
    }
  });
});

describe('a zone', () => {
  for (const zone of ['Asia/Kolkata', 'UTC', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5'])
    it(`${zone} is one`, () => assert.ok(isZone(zone)));
  for (const zone of ['', '+05:30', 'Asia/Nowhere', 'Mars', '../etc/passwd', 'Asia/Kolkata ', 'a'.repeat(65)])
    it(`${JSON.stringify(zone)} is none`, () => assert.equal(isZone(zone), false));
});
