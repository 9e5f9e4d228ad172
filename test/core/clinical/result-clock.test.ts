// A result that nobody looks at goes further by the clock alone, and nobody is kept from theirs for good.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  dayMs,
  escalationSteps,
  isReleased,
  longestHeldDays,
  releaseAt,
  resultDueAt,
  stepAt,
  stepBegins,
} from '../../../core/clinical/result-clock.ts';

const signedAtMs = Date.UTC(2026, 2, 1, 9);
const minute = 60_000;

describe('escalation', () => {
  it('of a critical result takes a quarter and half an hour, of another days', () => {
    const steps = (critical: boolean, ms: number) => stepAt(critical, signedAtMs, signedAtMs + ms);
    assert.equal(steps(true, 0), 'owner');
    assert.equal(steps(true, 15 * minute - 1), 'owner');
    assert.equal(steps(true, 15 * minute), 'orderer');
    assert.equal(steps(true, 30 * minute), 'organization');
    assert.equal(steps(false, 30 * minute), 'owner');
    assert.equal(steps(false, 3 * dayMs), 'orderer');
    assert.equal(steps(false, 5 * dayMs), 'organization');
    // A clock that was set back does not undo anything.
    assert.equal(steps(true, -minute), 'owner');
  });
  it('begins with the owner, whose time ends where the next begins', () => {
    for (const critical of [true, false]) {
      const begins = escalationSteps.map((step) => stepBegins(critical, signedAtMs, step));
      assert.deepEqual(
        begins,
        begins.toSorted((a, b) => a - b),
      );
      assert.equal(resultDueAt(critical, signedAtMs), begins[1]);
    }
  });
});

describe('release', () => {
  const usual = { critical: false, hasClinician: true, signedAtMs };
  it('is at once by that rule, and where no clinician is there to see it first', () => {
    assert.equal(releaseAt({ rule: 'at-once' }, usual), signedAtMs);
    assert.equal(releaseAt({ rule: 'after-seen' }, { ...usual, hasClinician: false }), signedAtMs);
  });
  it('comes after the days that were chosen, or at the latest after a fortnight', () => {
    assert.equal(releaseAt({ rule: 'after-days', days: 3 }, usual), signedAtMs + 3 * dayMs);
    assert.equal(releaseAt({ rule: 'after-days', days: 900 }, usual), signedAtMs + longestHeldDays * dayMs);
    assert.equal(releaseAt({ rule: 'after-seen' }, usual), signedAtMs + longestHeldDays * dayMs);
  });
  it('of a critical result does not wait longer than everybody who was told had', () => {
    for (const rule of ['after-seen', 'after-days'] as const)
      assert.equal(releaseAt({ rule, days: 9 }, { ...usual, critical: true }), signedAtMs + 30 * minute);
  });
  it('follows when a clinician saw it, but not before the days that were chosen', () => {
    const seen = { critical: false, releaseAtMs: signedAtMs + dayMs, acknowledgedAtMs: signedAtMs + minute };
    assert.equal(isReleased({ rule: 'after-seen' }, seen, signedAtMs + minute), true);
    assert.equal(isReleased({ rule: 'after-days', days: 1 }, seen, signedAtMs + minute), false);
    assert.equal(isReleased({ rule: 'after-days', days: 1 }, seen, signedAtMs + dayMs), true);
    const { acknowledgedAtMs: _unseen, ...unseen } = seen;
    assert.equal(isReleased({ rule: 'after-seen' }, unseen, signedAtMs + dayMs - 1), false);
    assert.equal(isReleased({ rule: 'after-days' }, { ...seen, critical: true }, signedAtMs + minute), true);
  });
});
