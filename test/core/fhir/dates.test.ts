// The span of time that a FHIR date covers, compared with the platform's own calendar; ids, entity tags, instants.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dateRange, earliestMs, latestMs } from '../../../core/fhir/dates.ts';
import {
  etagOf,
  formatDate,
  formatInstant,
  isResourceId,
  isVersionId,
  versionInEtag,
} from '../../../core/fhir/ids.ts';

test('a full instant is the moment that the platform reads', () => {
  const anyDate = fc.date({ min: new Date(earliestMs), max: new Date(latestMs), noInvalidDate: true });
  fc.assert(
    fc.property(anyDate, (date) => {
      const range = dateRange(date.toISOString());
      assert.equal(range?.lowMs, date.getTime());
      assert.equal(range?.highMs, date.getTime());
      const day = dateRange(date.toISOString().slice(0, 10));
      assert.equal(day?.lowMs, Math.floor(date.getTime() / 86_400_000) * 86_400_000);
      assert.equal((day?.highMs ?? 0) - (day?.lowMs ?? 0), 86_399_999);
    }),
  );
});

test('every day of four hundred years exists exactly when the calendar has it', () => {
  for (let year = 1800; year < 2200; year += 1)
    for (let month = 1; month <= 12; month += 1)
      for (const day of [28, 29, 30, 31]) {
        const text = `${year}-${String(month).padStart(2, '0')}-${day}`;
        const real = new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
        assert.equal(dateRange(text) !== undefined, real, text);
      }
});

const spans: readonly (readonly [text: string, low: string, high: string])[] = [
  ['2024', '2024-01-01T00:00:00.000Z', '2024-12-31T23:59:59.999Z'],
  ['2024-02', '2024-02-01T00:00:00.000Z', '2024-02-29T23:59:59.999Z'],
  ['0001', '0001-01-01T00:00:00.000Z', '0001-12-31T23:59:59.999Z'],
  ['9999-12-31', '9999-12-31T00:00:00.000Z', '9999-12-31T23:59:59.999Z'],
  ['2024-05-02T10:00', '2024-05-02T10:00:00.000Z', '2024-05-02T10:00:59.999Z'],
  ['2024-05-02T10:00:07', '2024-05-02T10:00:07.000Z', '2024-05-02T10:00:07.999Z'],
  ['2024-05-02T10:00:07.5Z', '2024-05-02T10:00:07.500Z', '2024-05-02T10:00:07.599Z'],
  ['2024-05-02T10:00:07.123456789Z', '2024-05-02T10:00:07.123Z', '2024-05-02T10:00:07.123Z'],
  ['2024-05-02T00:10:00-11:30', '2024-05-02T11:40:00.000Z', '2024-05-02T11:40:00.999Z'],
];

for (const [text, low, high] of spans)
  test(`covers from ${low} to ${high}: ${text}`, () => {
    const range = dateRange(text);
    assert.deepEqual([formatInstant(range?.lowMs ?? 0), formatInstant(range?.highMs ?? 0)], [low, high]);
  });

for (const text of [
  '',
  '24',
  '2024-1',
  '2024-5-2',
  '2024-05-2',
  '2024/05/02',
  '20240502',
  ' 2024',
  '2024 ',
  '2024-05-02T',
  '2024-05-02T10',
  '2024-05-02 10:00:00Z',
  '2024-05-02T10:00:00z',
  '2024-05-02T10:00:00+5',
  '2024-05-02T10:00:00.Z',
  '2024-05-02T10:00:00+14:01',
  '2024-05-02T10:00:00+05:60',
  '-2024',
  '12024',
  '２０２４',
])
  test(`is no date: ${JSON.stringify(text)}`, () => assert.equal(dateRange(text), undefined));

test('entity tags carry one version', () => {
  assert.equal(etagOf(3), 'W/"3"');
  assert.equal(versionInEtag('W/"3"'), '3');
  assert.equal(versionInEtag('"12"'), '12');
  for (const header of [
    '',
    '*',
    '3',
    'W/3',
    'W/"0"',
    'W/"03"',
    'W/"-1"',
    'W/"a"',
    'W/"1", W/"2"',
    'W/"' + '9'.repeat(30) + '"',
  ])
    assert.equal(versionInEtag(header), undefined, header);
});

test('ids and versions are what R4 and this server allow', () => {
  for (const id of ['a', 'A-1.b', '.', '0'.repeat(64)]) assert.equal(isResourceId(id), true, id);
  for (const id of ['', 'a_b', 'a b', 'é', '0'.repeat(65), 'a\n', 7, null])
    assert.equal(isResourceId(id), false);
  for (const version of ['1', '10']) assert.equal(isVersionId(version), true);
  for (const version of ['0', '01', '-1', '1.0', '', 1]) assert.equal(isVersionId(version), false);
  assert.equal(formatDate(0), '1970-01-01');
});
