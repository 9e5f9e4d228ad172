// Lines of measured values: what shares one, what is left out, in which order, and what each point says of itself.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseJson } from '../../../core/fhir/json.ts';
import type { Resource } from '../../../core/fhir/types.ts';
import { pointText, seriesOf, timeOf } from '../../../core/record/series.ts';

const weight = { system: 'http://loinc.org', code: '29463-7', display: 'Body weight' };
const glucose = { system: 'http://loinc.org', code: '2339-0', display: 'Glucose' };

function measure(id: string, more: object = {}): Resource {
  return {
    resourceType: 'Observation',
    id,
    status: 'final',
    category: [{ coding: [{ code: 'vital-signs' }] }],
    code: { coding: [weight] },
    effectiveDateTime: '2024-03-01',
    valueQuantity: { value: 61.5, unit: 'kg' },
    ...more,
  };
}
const pressure = (id: string, parts: readonly (readonly [string, unknown])[], more: object = {}): Resource =>
  measure(id, {
    code: { text: 'Blood pressure' },
    valueQuantity: undefined,
    component: parts.map(([code, value]) => ({
      code: { coding: [{ system: 'http://loinc.org', code }] },
      valueQuantity: { value, unit: 'mmHg' },
    })),
    ...more,
  });
const idsOf = (resources: readonly Resource[]) =>
  seriesOf(resources).map(({ points }) => points.map(({ id }) => id));

describe('a value of a line', () => {
  it('is read with the digits that a laboratory gives, and drawn by all of them', () => {
    const [line] = seriesOf([measure('a', { valueQuantity: { value: 108.24057691508378, unit: 'kg' } })]);
    const [point] = line?.points ?? [];
    assert.equal(point?.value, 108.24057691508378);
    assert.equal(pointText(point), '108.2');
    assert.equal(pointText({ value: 118.123456, lower: 76 }), '118.1/76');
  });
});

describe('what shares a line', () => {
  it('the same code in the same unit, oldest first, equal times by their id', () => {
    const line = seriesOf([
      measure('c', { effectiveDateTime: '2024-05-01' }),
      measure('b', { effectiveDateTime: '2024-03-01T09:30:00+05:30' }),
      measure('a', { effectiveDateTime: '2023-12-31' }),
      measure('d', { effectiveDateTime: '2024-05-01' }),
    ]);
    assert.deepEqual(
      line.map(({ key, title, unit, kind }) => ({ key, title, unit, kind })),
      [{ key: 'http://loinc.org|29463-7 kg', title: 'Body weight', unit: 'kg', kind: 'line' }],
    );
    assert.deepEqual(
      line[0]?.points.map(({ id }) => id),
      ['a', 'b', 'c', 'd'],
    );
  });

  it('a value that is only known to lie beyond another keeps its sign; what is no sign of FHIR is none', () => {
    const signs = ['<', '<=', '>=', '>', '~', 5, undefined].map(
      (comparator) =>
        seriesOf([measure('a', { valueQuantity: { value: 5, unit: 'mg/dL', comparator } })])[0]?.points[0]
          ?.comparator,
    );
    assert.deepEqual(signs, ['<', '<=', '>=', '>', undefined, undefined, undefined]);
  });

  it('what is only counted has no unit to read', () => {
    for (const quantity of [{ unit: '{score}' }, { code: '{score}' }, { unit: '1' }, { code: '1' }, {}])
      assert.equal(seriesOf([measure('a', { valueQuantity: { value: 4, ...quantity } })])[0]?.unit, '');
    assert.equal(seriesOf([measure('a', { valueQuantity: { value: 4, code: 'kg' } })])[0]?.unit, 'kg');
  });
  it('different units never do, and neither do different codes of one name', () => {
    const pounds = measure('p', { valueQuantity: { value: 135, unit: 'lb' } });
    const other = measure('o', { code: { text: 'Body weight', coding: [{ system: 'urn:x', code: 'w' }] } });
    assert.equal(seriesOf([measure('a'), pounds, other]).length, 3);
  });

  it('words do where there is no code', () => {
    const own = (id: string) =>
      measure(id, { code: { text: 'Steps' }, valueQuantity: { value: 1, unit: '' } });
    assert.deepEqual(idsOf([own('a'), own('b')]), [['a', 'b']]);
  });

  it('vital signs come before the laboratory, and the longer line before the shorter', () => {
    const sugar = (id: string) =>
      measure(id, { category: [{ coding: [{ code: 'laboratory' }] }], code: { coding: [glucose] } });
    const height = measure('h', { code: { coding: [{ ...weight, code: '8302-2', display: 'Height' }] } });
    assert.deepEqual(
      seriesOf([sugar('1'), sugar('2'), sugar('3'), height, measure('a'), measure('b')]).map(
        ({ title, group }) => [title, group],
      ),
      [
        ['Body weight', 'vital-signs'],
        ['Height', 'vital-signs'],
        ['Glucose', 'laboratory'],
      ],
    );
  });
});

describe('what is left out', () => {
  const table: readonly (readonly [string, object])[] = [
    ['entered in error', { status: 'entered-in-error' }],
    ['cancelled', { status: 'cancelled' }],
    ['without a time', { effectiveDateTime: undefined }],
    ['without a name', { code: {} }],
    ['without a number', { valueQuantity: undefined, valueString: 'high' }],
    ['with a number that is none', { valueQuantity: { value: 'NaN', unit: 'kg' } }],
    ['of another kind', { category: [{ coding: [{ code: 'social-history' }] }] }],
    ['no observation at all', { resourceType: 'Condition' }],
  ];
  for (const [what, more] of table)
    it(what, () => {
      assert.deepEqual(idsOf([measure('x', more), measure('kept')]), [['kept']]);
    });

  it('but not what has no category, nor what was issued without another time', () => {
    assert.deepEqual(idsOf([measure('a', { category: undefined })]), [['a']]);
    const [line] = seriesOf([measure('a', { effectiveDateTime: undefined, issued: '2024-03-01T10:00:00Z' })]);
    assert.equal(line?.points[0]?.at, '2024-03-01T10:00:00Z');
  });
});

describe('blood pressure', () => {
  it('is one line of two numbers, whoever named it, by LOINC or by the fields of the form', () => {
    const byForm = measure('f', {
      effectiveDateTime: '2024-04-01',
      valueQuantity: undefined,
      component: [
        ['general.systolic', 131],
        ['general.diastolic', 84],
      ].map(([code, value]) => ({
        code: { coding: [{ system: 'urn:medallion:form-field', code }] },
        valueQuantity: { value, unit: 'mmHg' },
      })),
    });
    const [line, ...others] = seriesOf([
      byForm,
      pressure('l', [
        ['8462-4', 80],
        ['8480-6', 120],
      ]),
    ]);
    assert.deepEqual(others, []);
    assert.equal(line?.kind, 'pressure');
    assert.deepEqual(
      line.points.map(({ id, value, lower }) => [id, value, lower]),
      [
        ['l', 120, 80],
        ['f', 131, 84],
      ],
    );
  });

  it('with one number alone is no pressure, and draws nothing', () => {
    assert.deepEqual(seriesOf([pressure('x', [['8480-6', 120]])]), []);
    assert.deepEqual(
      seriesOf([
        pressure('x', [
          ['8480-6', 120],
          ['8462-4', null],
        ]),
      ]),
      [],
    );
  });
});

describe('a point', () => {
  it('says its flag, its limits, who measured, who wrote it and that it was corrected', () => {
    const [line] = seriesOf([
      measure('x', {
        status: 'amended',
        meta: {
          tag: [
            { system: 'urn:other', code: 'no' },
            { system: 'urn:medallion:author', code: 'professional' },
          ],
        },
        performer: [{ display: 'Kaveri Diagnostics' }],
        interpretation: [{ coding: [{ code: 'H' }] }],
        referenceRange: [{ low: { value: 45 }, high: { value: 60 } }],
      }),
    ]);
    assert.deepEqual(line?.points[0], {
      by: 'professional',
      at: '2024-03-01',
      value: 61.5,
      id: 'x',
      corrected: true,
      who: 'Kaveri Diagnostics',
      flag: 'H',
      low: 45,
      high: 60,
    });
  });

  it('has no limits where several ranges are given: nobody knows which is meant', () => {
    const [line] = seriesOf([
      measure('x', { referenceRange: [{ low: { value: 1 } }, { low: { value: 2 } }] }),
    ]);
    assert.equal(line?.points[0]?.low, undefined);
  });

  it('keeps the number of a decimal that was stored with its digits', () => {
    const stored = parseJson(
      '{"resourceType":"Observation","id":"x","status":"final","code":{"text":"Potassium"},"effectiveDateTime":"2024","valueQuantity":{"value":4.10,"unit":"mmol/L"}}',
    );
    assert.equal(seriesOf([stored as unknown as Resource])[0]?.points[0]?.value, 4.1);
  });

  it('of a month or a year counts with its first moment, of nonsense with the beginning of time', () => {
    assert.equal(timeOf('2024'), Date.UTC(2024, 0, 1));
    assert.equal(timeOf('2024-02'), Date.UTC(2024, 1, 1));
    assert.equal(timeOf('yesterday'), 0);
  });
});
