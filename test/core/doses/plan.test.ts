// Which doses a plan holds, when a reminder of each is due, which of them are told of, and how days are counted.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DoseClock, DosePlan } from '../../../core/doses/plan.ts';
import {
  clockProblem,
  countDays,
  dosesOn,
  dueReminders,
  isDoseTime,
  nextReminder,
  planProblems,
  remindAt,
  stateOf,
  stillHelps,
} from '../../../core/doses/plan.ts';

const daily: DosePlan = {
  times: ['08:00', '20:00'],
  days: [],
  begins: '2026-01-01',
  from: '2026-01-01T00:00',
};
const india: DoseClock = { zone: 'Asia/Kolkata' };
const iso = (ms: number | undefined) =>
  ms === undefined ? undefined : new Date(ms).toISOString().slice(0, 16);
const at = (text: string) => Date.parse(text);

describe('the doses of a day', () => {
  const table: [day: string, more: Partial<DosePlan>, times: string[]][] = [
    ['2026-11-29', {}, ['08:00', '20:00']],
    ['2025-12-31', {}, []],
    ['2026-11-30', { ends: '2026-11-29' }, []],
    ['2026-11-29', { ends: '2026-11-29' }, ['08:00', '20:00']],
    // A Sunday.
    ['2026-11-29', { days: [7] }, ['08:00', '20:00']],
    ['2026-11-29', { days: [1, 3, 5] }, []],
    // Set at noon: what was before is not late.
    ['2026-11-29', { from: '2026-11-29T12:00' }, ['20:00']],
    // Changed at noon: the evening is another plan's.
    ['2026-11-29', { until: '2026-11-29T12:00' }, ['08:00']],
  ];
  for (const [day, more, times] of table)
    it(`${day} ${JSON.stringify(more)}: ${times.join(' ') || 'none'}`, () => {
      assert.deepEqual(
        dosesOn({ ...daily, ...more }, day),
        times.map((time) => `${day}T${time}`),
      );
    });
});

describe('a reminder is due', () => {
  const night = { from: '22:00', until: '07:00' };
  const noon = { from: '13:00', until: '15:00' };
  const table: [dose: string, clock: DoseClock, instant: string][] = [
    ['2026-11-29T08:00', india, '2026-11-29T02:30'],
    ['2026-11-29T23:00', { ...india, quiet: night }, '2026-11-30T01:30'],
    ['2026-11-29T22:00', { ...india, quiet: night }, '2026-11-30T01:30'],
    ['2026-11-29T05:00', { ...india, quiet: night }, '2026-11-29T01:30'],
    ['2026-11-29T07:00', { ...india, quiet: night }, '2026-11-29T01:30'],
    ['2026-11-29T21:59', { ...india, quiet: night }, '2026-11-29T16:29'],
    ['2026-11-29T14:00', { ...india, quiet: noon }, '2026-11-29T09:30'],
    ['2026-11-29T15:00', { ...india, quiet: noon }, '2026-11-29T09:30'],
    ['2026-12-31T23:30', { ...india, quiet: night }, '2027-01-01T01:30'],
    // In the night in which the clock jumps over it: at the end of the quiet hours, which are an hour shorter.
    ['2026-03-29T02:30', { zone: 'Europe/Berlin', quiet: night }, '2026-03-29T05:00'],
    ['2026-03-29T02:30', { zone: 'Europe/Berlin' }, '2026-03-29T01:00'],
    ['2026-10-25T02:30', { zone: 'Europe/Berlin' }, '2026-10-25T00:30'],
  ];
  for (const [dose, clock, instant] of table)
    it(`of ${dose} in ${clock.zone}${clock.quiet ? `, quiet ${clock.quiet.from}–${clock.quiet.until}` : ''} at ${instant}Z`, () =>
      assert.equal(iso(remindAt(dose, clock)), instant));

  it('helps for an hour, and not after it', () => {
    assert.ok(stillHelps('2026-11-29T08:00', india, at('2026-11-29T03:30Z')));
    assert.ok(!stillHelps('2026-11-29T08:00', india, at('2026-11-29T03:31Z')));
    // Counted from the end of the quiet hours.
    assert.ok(stillHelps('2026-11-29T23:00', { ...india, quiet: night }, at('2026-11-30T02:00Z')));
  });
});

describe('the next reminder', () => {
  const table: [after: string, plans: DosePlan[], instant: string | undefined][] = [
    ['2026-11-29T07:59', [daily], '2026-11-29T02:30'],
    ['2026-11-29T08:00', [daily], '2026-11-29T14:30'],
    ['2026-11-29T20:00', [daily], '2026-11-30T02:30'],
    ['2026-11-29T20:00', [{ ...daily, ends: '2026-11-29' }], undefined],
    ['2026-11-29T20:00', [{ ...daily, until: '2026-11-29T21:00' }], undefined],
    // Sundays only, after this Sunday's last.
    ['2026-11-29T20:00', [{ ...daily, days: [7] }], '2026-12-06T02:30'],
    ['2026-11-29T20:00', [{ ...daily, begins: '2027-03-01' }], '2027-03-01T02:30'],
    ['2026-11-29T20:00', [daily, { ...daily, times: ['06:00'] }], '2026-11-30T00:30'],
    ['2026-11-29T20:00', [], undefined],
  ];
  for (const [after, plans, instant] of table)
    it(`after ${after} of ${plans.length} plans is ${instant ?? 'none'}`, () =>
      assert.equal(iso(nextReminder(plans, india, after)), instant));
});

describe('what is due', () => {
  const dueAt = (after: string, now: string, clock = india, plans = [daily]) => {
    const { due, settled } = dueReminders(plans, clock, after, at(now));
    return { due: due.map(([, dose]) => dose), settled };
  };

  it('is each dose once', () => {
    assert.deepEqual(dueAt('2026-11-29T00:00', '2026-11-29T02:30Z'), {
      due: ['2026-11-29T08:00'],
      settled: '2026-11-29T08:00',
    });
    assert.deepEqual(dueAt('2026-11-29T08:00', '2026-11-29T02:31Z').due, []);
  });

  it('goes back two days at most, however long nobody looked, and is then settled', () => {
    const { due, settled } = dueAt('2026-06-01T20:00', '2026-11-29T02:30Z');
    assert.deepEqual(due, [
      '2026-11-27T08:00',
      '2026-11-27T20:00',
      '2026-11-28T08:00',
      '2026-11-28T20:00',
      '2026-11-29T08:00',
    ]);
    assert.equal(settled, '2026-11-29T08:00');
    // Also where the one dose that was due is long over.
    const weekly = { ...daily, days: [1] };
    const once = dueAt('2026-11-20T00:00', '2026-11-29T02:30Z', india, [weekly]);
    assert.deepEqual(once, { due: [], settled: '2026-11-27T00:00' });
    const next = nextReminder([weekly], india, once.settled);
    assert.ok(next !== undefined && next > at('2026-11-29T02:30Z'));
  });

  it('is not a second time what was told of before its person flew west', () => {
    // 08:00 in Kolkata; five hours later it is 02:30 in London, where 08:00 comes again.
    const { settled } = dueAt('2026-11-29T00:00', '2026-11-29T02:30Z');
    const london = { zone: 'Europe/London' };
    assert.deepEqual(dueAt(settled, '2026-11-29T08:00Z', london).due, []);
    assert.deepEqual(dueAt(settled, '2026-11-29T20:00Z', london).due, ['2026-11-29T20:00']);
  });

  it('is not told of late after its person flew east over it', () => {
    const { due } = dueAt('2026-11-28T20:00', '2026-11-29T13:30Z', { zone: 'Pacific/Auckland' });
    assert.ok(due.includes('2026-11-29T20:00'));
    assert.ok(due.every((dose) => !stillHelps(dose, { zone: 'Pacific/Auckland' }, at('2026-11-29T13:30Z'))));
  });

  it('comes once on the night that has an hour twice, and on the one that lacks it', () => {
    const berlin = { zone: 'Europe/Berlin' };
    const nightly = [{ ...daily, times: ['02:30'] }];
    for (const [first, second, day] of [
      ['2026-10-25T00:30Z', '2026-10-25T01:30Z', '2026-10-25'],
      ['2026-03-29T01:00Z', '2026-03-29T01:30Z', '2026-03-29'],
    ] as const) {
      const { due, settled } = dueAt(`${day}T00:00`, first, berlin, nightly);
      assert.deepEqual(due, [`${day}T02:30`]);
      assert.deepEqual(dueAt(settled, second, berlin, nightly).due, []);
    }
  });
});

describe('a plan that cannot be', () => {
  const good = { times: ['08:00'], days: [] as number[], begins: '2026-11-29' };
  const table: [object, string][] = [
    [{ times: [] }, 'times'],
    [{ times: ['8:00'] }, 'times'],
    [{ times: ['24:00'] }, 'times'],
    [{ times: ['08:00', '08:00'] }, 'times'],
    [{ times: Array.from({ length: 13 }, (_, i) => `${String(i).padStart(2, '0')}:00`) }, 'times'],
    [{ days: [0] }, 'days'],
    [{ days: [8] }, 'days'],
    [{ days: [1, 1] }, 'days'],
    [{ days: [1.5] }, 'days'],
    [{ begins: '2026-02-30' }, 'begins'],
    [{ begins: 'soon' }, 'begins'],
    [{ ends: '2026-11-28' }, 'ends'],
  ];
  for (const [change, field] of table)
    it(JSON.stringify(change), () => assert.deepEqual(planProblems({ ...good, ...change }), [field]));
  it('is not this one', () => assert.deepEqual(planProblems({ ...good, ends: '2026-11-29' }), []));
  it('quiet hours have a beginning and another end', () => {
    assert.ok(clockProblem({ from: '22:00', until: '22:00' }));
    assert.ok(clockProblem({ from: '22:00', until: '7' }));
    assert.ok(!clockProblem({ from: '22:00', until: '07:00' }));
  });
  it('a dose is named by a local time and nothing else', () => {
    assert.ok(isDoseTime('2026-11-29T08:00'));
    for (const text of [
      '2026-11-29',
      '2026-11-31T08:00',
      '2026-11-29T08:00Z',
      '2026-11-29 08:00',
      '2026-11-29T25:00',
    ])
      assert.ok(!isDoseTime(text), text);
  });
});

describe('a dose', () => {
  const dose = '2026-11-29T08:00';
  const table: [now: string, tick: 'taken' | 'skipped' | undefined, state: string][] = [
    ['2026-11-29T02:29Z', undefined, 'later'],
    ['2026-11-29T02:30Z', undefined, 'due'],
    ['2026-11-29T03:30Z', undefined, 'late'],
    ['2026-11-29T03:30Z', 'taken', 'taken'],
    ['2026-11-29T02:00Z', 'skipped', 'skipped'],
  ];
  for (const [now, tick, state] of table)
    it(`of 08:00 in India is ${state} at ${now}`, () =>
      assert.equal(stateOf(dose, 'Asia/Kolkata', tick, at(now)), state));
});

describe('days', () => {
  it('count what was planned by now, what was taken and what was left out; a change of plan counts no dose twice', () => {
    const plans = [
      { ...daily, until: '2026-11-28T12:00' },
      { ...daily, times: ['09:00', '20:00'], from: '2026-11-28T12:00' },
    ];
    const key = (_plan: DosePlan, dose: string) => `m ${dose}`;
    const ticks = new Map(
      (
        [
          ['2026-11-27T08:00', 'taken'],
          ['2026-11-27T20:00', 'skipped'],
          ['2026-11-28T08:00', 'taken'],
          // Before its time, and so counted.
          ['2026-11-29T20:00', 'taken'],
        ] as const
      ).map(([dose, state]) => [`m ${dose}`, { dose, state }]),
    );
    const days = countDays(plans, key, ticks, {
      from: '2026-11-27',
      to: '2026-11-29',
      zone: 'Asia/Kolkata',
      nowMs: at('2026-11-29T06:00Z'),
    });
    assert.deepEqual(days, [
      { day: '2026-11-27', planned: 2, taken: 1, skipped: 1 },
      { day: '2026-11-28', planned: 2, taken: 1, skipped: 0 },
      { day: '2026-11-29', planned: 2, taken: 1, skipped: 0 },
    ]);
  });
});
