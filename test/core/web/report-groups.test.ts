// A person's reports by test: the newest of each first, none lost, and found by what stands in them.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DiagnosticReport, Observation } from '@medplum/fhirtypes';
import { isFoundBy, reportGroups } from '../../../web/patient/results/report-groups.ts';

const cbc = { coding: [{ system: 'http://loinc.org', code: '58410-2', display: 'CBC panel' }] };
const value = (id: string, text: string): Observation => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { text },
});
const report = (id: string, day: string, more: Partial<DiagnosticReport> = {}): DiagnosticReport => ({
  resourceType: 'DiagnosticReport',
  id,
  status: 'final',
  code: cbc,
  effectiveDateTime: day,
  ...more,
});

const all = [
  report('a', '2025-02-01', { result: [{ reference: 'Observation/h' }] }),
  report('b', '2026-11-01T09:00:00Z', { code: { ...cbc, text: 'Blood count' }, conclusion: 'Anémie' }),
  report('c', '2026-03-01', {
    code: { text: 'Chest X-ray' },
    performer: [{ display: 'Tungabhadra Imaging' }],
  }),
  report('d', '2026-01-01', { code: { text: 'chest x-ray ' } }),
  report('e', '', { code: { text: '' } }),
  value('h', 'Haemoglobin'),
];
const groups = reportGroups(all);

describe('reports', () => {
  it('of one code, or of the same words where they have none, stand together, the newest first', () => {
    assert.deepEqual(
      groups.map(({ title, reports }) => [title, reports.map(({ report: { id } }) => id)]),
      [
        ['Blood count', ['b', 'a']],
        ['Chest X-ray', ['c', 'd']],
        ['', ['e']],
      ],
    );
  });

  it('are found by their name, values, conclusion, laboratory and day, every word of what was typed', () => {
    const found = (words: string): (string | undefined)[] =>
      groups.flatMap(({ reports }) =>
        reports.filter((one) => isFoundBy(one, words)).map(({ report: { id } }) => id),
      );
    for (const [words, ids] of [
      ['haemo', ['a']],
      ['ANEMIE', ['b']],
      ['tungabhadra chest', ['c']],
      ['2026-01', ['d']],
      ['chest nothing', []],
      ['  ', ['b', 'a', 'c', 'd', 'e']],
    ] as const)
      assert.deepEqual(found(words), ids, words);
  });
});
