// Which looks are one line: of one asker, at one thing, close together; nothing is lost, and what needs an answer stands for itself.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Entry } from '../../../web/api/entries.ts';
import { foldLooks } from '../../../web/api/look-folds.ts';

const start = Date.parse('2026-11-29T08:32:00Z');
let count = 0;
const look = (seconds: number, more: object = {}): Entry =>
  ({
    entryId: `e${(count += 1)}`,
    recordedAt: new Date(start + seconds * 1000).toISOString(),
    event: 'images',
    outcome: 'done',
    who: { role: 'professional', account: 'd1', name: 'Dr Iyer' },
    basis: 'grant',
    on: { type: 'ImagingStudy', id: 's1' },
    ...more,
  }) as unknown as Entry;
const newestFirst = (...entries: Entry[]) =>
  entries.toSorted((a, b) => b.recordedAt.localeCompare(a.recordedAt));
const shape = (entries: readonly Entry[]) =>
  foldLooks(entries).map((one) => ('entries' in one ? one.entries.length : 1));

describe('looks', () => {
  it('of a session are one, with everything in it, the newest first', () => {
    const all = newestFirst(...Array.from({ length: 96 }, (_, i) => look(i * 2)));
    const [fold, ...more] = foldLooks(all);
    assert.deepEqual(more, []);
    assert.ok(fold !== undefined && 'entries' in fold);
    assert.deepEqual(fold.entries, all);
  });

  it('are two lines where somebody came back later', () => {
    const all = [0, 1, 2, 3, 400, 401, 402].map((seconds) => look(seconds));
    assert.deepEqual(shape(newestFirst(...all)), [3, 4]);
  });

  const three = (more: object) => [0, 1, 2].map((seconds) => look(seconds, more));
  const apart: [string, object, object][] = [
    ['of two askers', {}, { who: { role: 'professional', account: 'd2', name: 'Dr Shah' } }],
    ['at two studies', {}, { on: { type: 'ImagingStudy', id: 's2' } }],
    [
      'at two kinds',
      { event: 'read', on: { type: 'Condition', id: 'a' } },
      { event: 'read', on: { type: 'Observation', id: 'b' } },
    ],
    ['under two authorities', { detail: { authority: 'g1' } }, { detail: { authority: 'g2' } }],
    [
      'through an app',
      {},
      { who: { role: 'professional', account: 'd1', name: 'Dr Iyer', app: { client: 'a', name: 'A' } } },
    ],
  ];
  for (const [name, first, second] of apart)
    it(`${name} are two lines, also where they alternate`, () => {
      assert.deepEqual(shape(newestFirst(...three(first), ...three(second))), [3, 3]);
    });

  it('at single entries of one kind are one line', () => {
    const reads = ['a', 'b', 'c'].map((id, i) => look(i, { event: 'read', on: { type: 'Condition', id } }));
    assert.deepEqual(shape(newestFirst(...reads)), [3]);
  });

  for (const [name, more] of [
    ['that were refused', { outcome: 'refused' }],
    ['in an emergency', { basis: 'break-glass' }],
    ['at the card', { event: 'scan' }],
    ['that are acts', { event: 'create' }],
  ] as [string, object][])
    it(`${name} stand for themselves`, () => {
      assert.deepEqual(shape(newestFirst(...three(more))), [1, 1, 1]);
    });

  it('two alone stand for themselves, and the order of the day stays', () => {
    const two = [look(0), look(1)];
    const other = look(100, { event: 'create' });
    const later = [200, 201, 202].map((seconds) => look(seconds, { on: { type: 'ImagingStudy', id: 's9' } }));
    const folded = foldLooks(newestFirst(...two, other, ...later));
    assert.deepEqual(
      folded.map((one) => ('entries' in one ? 'fold' : one.event)),
      ['fold', 'create', 'images', 'images'],
    );
  });
});
