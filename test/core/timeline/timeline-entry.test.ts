// What the timeline says of a resource: its own words and numbers, under its own day.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { numberText, parseJson } from '../../../core/fhir/json.ts';
import type { Resource } from '../../../core/fhir/types.ts';
import { entryWords } from '../../../core/summary/entry-words.ts';
import { careDay, careMoment } from '../../../core/timeline/care-day.ts';
import { timelineEntry } from '../../../core/timeline/timeline-entry.ts';

const read = (text: string): Resource => parseJson(text) as Resource;

describe('the day of care', () => {
  const rows: readonly (readonly [string, string, string | undefined])[] = [
    [
      'the day where the care was, not in UTC',
      '{"resourceType":"Observation","effectiveDateTime":"2024-05-02T00:30:00+05:30"}',
      '2024-05-02',
    ],
    [
      'a month counts with its first day',
      '{"resourceType":"Procedure","performedDateTime":"2019-07"}',
      '2019-07-01',
    ],
    ['a year counts with its first day', '{"resourceType":"Condition","onsetDateTime":"1987"}', '1987-01-01'],
    [
      'a period begins',
      '{"resourceType":"Encounter","period":{"start":"2020-02-29T10:00:00Z","end":"2020-03-02"}}',
      '2020-02-29',
    ],
    ['a period that only ends', '{"resourceType":"Encounter","period":{"end":"2020-03-02"}}', '2020-03-02'],
    [
      'a condition stands where it was found',
      '{"resourceType":"Condition","onsetDateTime":"1987","recordedDate":"2026-01-05"}',
      '2026-01-05',
    ],
    [
      'a document tells of its context',
      '{"resourceType":"DocumentReference","date":"2026-01-05T10:00:00Z","context":{"period":{"start":"2025-12-24"}}}',
      '2025-12-24',
    ],
    [
      'a specimen was taken',
      '{"resourceType":"Specimen","collection":{"collectedDateTime":"2022-08-01"}}',
      '2022-08-01',
    ],
    ['nothing named', '{"resourceType":"Condition","code":{"text":"Asthma"}}', undefined],
    [
      'a day that does not exist',
      '{"resourceType":"Observation","effectiveDateTime":"2023-02-30"}',
      undefined,
    ],
    ['nonsense', '{"resourceType":"Observation","effectiveDateTime":{"a":[1]},"issued":7}', undefined],
    ['year 0', '{"resourceType":"Observation","effectiveDateTime":"0000-01-01"}', undefined],
  ];
  for (const [rule, text, day] of rows) test(rule, () => assert.equal(careDay(read(text)), day));

  test('the time is the one beside it', () => {
    assert.deepEqual(
      careMoment(read('{"resourceType":"Observation","effectiveDateTime":"2024-05-02T09:05:00+05:30"}')),
      {
        date: '2024-05-02',
        time: '09:05',
      },
    );
  });
});

describe('an entry', () => {
  test('a measurement keeps its number as it was written, with unit, flag and range', () => {
    const entry = timelineEntry(
      read(
        `{"resourceType":"Observation","id":"a","status":"final","code":{"text":"Potassium"},"encounter":{"reference":"Encounter/v1"},
          "category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory"}]}],
          "effectiveDateTime":"2026-03-01","valueQuantity":{"value":5.10,"unit":"mmol/L"},"performer":[{"display":"Kaveri Diagnostics"}],
          "interpretation":[{"coding":[{"code":"H"}]}],"referenceRange":[{"low":{"value":3.5},"high":{"value":5.0,"unit":"mmol/L"}}]}`,
      ),
    );
    assert.deepEqual(entry, {
      type: 'Observation',
      id: 'a',
      kind: 'results',
      date: '2026-03-01',
      title: 'Potassium',
      titleIn: { hi: 'पोटैशियम' },
      value: '5.10 mmol/L',
      flag: 'H',
      range: '3.5–5.0 mmol/L',
      lines: [],
      who: 'Kaveri Diagnostics',
      visit: 'v1',
      sealed: false,
    });
  });

  test('a number that a machine computed is rounded for a list, in values, pressures and ranges, and whole where the entry is opened', () => {
    const measured = read(
      `{"resourceType":"Observation","code":{"text":"Glucose"},"valueQuantity":{"value":108.24057691508378,"unit":"mg/dL"},
        "component":[{"code":{"text":"Peak"},"valueQuantity":{"value":131.000049,"unit":"mg/dL"}}],
        "referenceRange":[{"high":{"value":99.99999,"unit":"mg/dL"}}]}`,
    );
    const listed = timelineEntry(measured);
    assert.deepEqual(
      [listed?.value, listed?.range, listed?.lines],
      ['108.2 mg/dL', '≤ 100 mg/dL', ['Peak: 131 mg/dL']],
    );
    const opened = timelineEntry(measured, numberText);
    assert.deepEqual(
      [opened?.value, opened?.range, opened?.lines],
      ['108.24057691508378 mg/dL', '≤ 99.99999 mg/dL', ['Peak: 131.000049 mg/dL']],
    );
    assert.match(
      entryWords(measured, () => undefined),
      /Glucose: 108\.2 mg\/dL/,
    );
  });

  test('a report names its results, a panel its members; what is no plain reference is left out', () => {
    const holds = (more: string): unknown =>
      timelineEntry(read(`{"resourceType":"DiagnosticReport",${more}}`))?.holds;
    assert.deepEqual(
      holds(
        '"result":[{"reference":"Observation/a"},{"display":"x"},{"reference":"#b"},{"reference":"https://x.example/Observation/c"}]',
      ),
      ['Observation/a'],
    );
    assert.deepEqual(holds('"hasMember":[{"reference":"Observation/a.1-b"}]'), ['Observation/a.1-b']);
    assert.equal(holds('"result":[]'), undefined);
  });
  test('both pressures are read as one', () => {
    const part = (code: string, value: number): string =>
      `{"code":{"coding":[{"system":"http://loinc.org","code":"${code}"}],"text":"x"},"valueQuantity":{"value":${value},"unit":"mmHg"}}`;
    const entry = timelineEntry(
      read(
        `{"resourceType":"Observation","code":{"text":"Blood pressure"},"component":[${part('8462-4', 88)},${part('8480-6', 138)}]}`,
      ),
    );
    assert.equal(entry?.value, '138/88 mmHg');
    assert.deepEqual(entry.lines, []);
  });

  test('a medicine says how to take it; a visit why', () => {
    const medicine = timelineEntry(
      read(
        `{"resourceType":"MedicationRequest","status":"stopped","authoredOn":"2026-01-05","medicationCodeableConcept":{"text":"Warfarin"},
          "dosageInstruction":[{"text":"5 mg in the evening"}],"requester":{"display":"Dr Meera Iyer"}}`,
      ),
    );
    assert.equal(medicine?.title, 'Warfarin');
    assert.deepEqual(medicine.lines, ['5 mg in the evening']);
    assert.equal(medicine.status, 'stopped');
    assert.equal(medicine.who, 'Dr Meera Iyer');
    const visit = timelineEntry(
      read(
        `{"resourceType":"Encounter","id":"v1","status":"finished","class":{"code":"AMB"},"type":[{"text":"Pacemaker check"}],
          "reasonCode":[{"text":"Yearly check"}],"period":{"start":"2026-11-18T10:40:00+05:30","end":"2026-11-18T11:02:00+05:30"},
          "serviceProvider":{"display":"Kaveri General Hospital"}}`,
      ),
    );
    assert.deepEqual(visit, {
      type: 'Encounter',
      id: 'v1',
      kind: 'visits',
      date: '2026-11-18',
      time: '10:40',
      title: 'Pacemaker check',
      lines: ['Yearly check'],
      place: 'Kaveri General Hospital',
      sealed: false,
    });
  });

  for (const type of ['Patient', 'Consent', 'Coverage', 'Communication', 'Provenance', 'Basic'])
    test(`${type} is not care`, () => assert.equal(timelineEntry({ resourceType: type }), undefined));

  test('whatever is odd reads as absent', () => {
    for (const odd of [
      'null',
      '[]',
      '"x"',
      '{}',
      '[[]]',
      '[null]',
      '{"coding":"x"}',
      '[{"coding":[null,{"display":7}]}]',
    ])
      for (const [type, key] of [
        ['Observation', 'code'],
        ['Observation', 'valueQuantity'],
        ['Observation', 'component'],
        ['Encounter', 'type'],
        ['Encounter', 'participant'],
        ['MedicationRequest', 'dosageInstruction'],
        ['DocumentReference', 'content'],
        ['CarePlan', 'activity'],
        ['DiagnosticReport', 'result'],
        ['Observation', 'hasMember'],
        ['Condition', 'clinicalStatus'],
      ])
        assert.ok(timelineEntry(read(`{"resourceType":"${type}","${key}":${odd}}`)), `${type}.${key} ${odd}`);
  });
});

const synthea = join(import.meta.dirname, '../../../../shared/data/synthea');
test(
  'real records: every entry of care has a day and names itself',
  { skip: !existsSync(synthea) && 'the data is not here' },
  () => {
    let entries = 0;
    const silent = new Map<string, number>();
    for (const name of readdirSync(synthea)
      .filter((one) => one.endsWith('.json'))
      .slice(0, 6)) {
      const bundle = parseJson(readFileSync(join(synthea, name), 'utf8')) as {
        entry: { resource: Resource }[];
      } & Resource;
      for (const { resource } of bundle.entry) {
        const entry = timelineEntry(resource);
        if (entry === undefined) continue;
        entries++;
        // A goal is set without a day.
        if (resource.resourceType !== 'Goal')
          assert.match(entry.date ?? '', /^\d{4}/, `${resource.resourceType} has a day`);
        if (entry.title === undefined)
          silent.set(resource.resourceType, (silent.get(resource.resourceType) ?? 0) + 1);
      }
    }
    assert.ok(entries > 500);
    assert.deepEqual([...silent.keys()], []);
  },
);
