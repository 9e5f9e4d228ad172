// Ranges by age and sex, flags, and what is critical: each rule with its source, and tables of values at the edges.
import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { criticalLimits } from '../../../core/clinical/critical-limits.ts';
import { criticalLimit, flagOf } from '../../../core/clinical/flags.ts';
import {
  isLaboratoryForm,
  laboratoryReport,
  measuredPerson,
} from '../../../core/clinical/laboratory-report.ts';
import type { LaboratoryReport } from '../../../core/clinical/laboratory-report.ts';
import { referenceRange } from '../../../core/clinical/reference-ranges.ts';
import type { JsonObject, Resource } from '../../../core/fhir/types.ts';
import { validateResource } from '../../../core/fhir/validate.ts';
import { fieldsOf } from '../../../core/forms/form.ts';
import { shippedForms } from '../../../server/fhir/shipped-forms.ts';

const forms = await shippedForms();
const field = (measure: string) => {
  const [form = '', id = ''] = measure.split('.');
  const found = forms.get(form);
  const one = found && fieldsOf(found).find((each) => each.id === id);
  assert.ok(found && one, measure);
  return one;
};
const flag = (
  measure: string,
  value: number,
  sex: 'female' | 'male' | undefined,
  years: number | undefined,
) => {
  const person = {
    ...(sex ? { sex } : {}),
    ...(years === undefined ? {} : { ageMonths: Math.round(years * 12) }),
  };
  return flagOf(value, referenceRange(measure, person, field(measure).bands), criticalLimit(measure, person));
};

describe('flags', () => {
  const table: [string, number, 'female' | 'male' | undefined, number | undefined, string | undefined][] = [
    ['haematology.haemoglobin', 12.5, 'female', 30, 'N'],
    ['haematology.haemoglobin', 12.5, 'male', 30, 'L'],
    ['haematology.haemoglobin', 11.2, 'male', 3, 'N'],
    ['haematology.haemoglobin', 11.2, 'male', 7, 'L'],
    ['haematology.haemoglobin', 11.9, 'female', 14.9, 'L'],
    ['haematology.haemoglobin', 6.9, 'female', 30, 'LL'],
    ['haematology.haemoglobin', 7, 'female', 30, 'L'],
    ['haematology.haemoglobin', 12.5, undefined, 30, undefined],
    ['haematology.haemoglobin', 6.9, undefined, undefined, 'LL'],
    ['haematology.haemoglobin', 15, 'female', 0.2, undefined],
    ['haematology.platelets', 150, 'male', 40, 'N'],
    ['haematology.platelets', 149, 'male', 40, 'L'],
    ['haematology.platelets', 411, 'male', 40, 'H'],
    ['haematology.platelets', 29.9, 'male', 40, 'LL'],
    ['electrolytes.potassium', 6.5, 'female', 60, 'HH'],
    ['electrolytes.potassium', 6.4, 'female', 60, 'H'],
    ['electrolytes.potassium', 2.5, 'female', 60, 'LL'],
    ['electrolytes.potassium', 5.3, 'female', 60, 'N'],
    ['electrolytes.potassium', 5.0, 'female', 10, undefined],
    ['electrolytes.sodium', 125, 'male', 10, 'LL'],
    ['electrolytes.sodium', 125, 'male', 30, 'L'],
    ['electrolytes.creatinine', 9, 'male', 30, undefined],
    ['glucose.fasting', 99, 'male', 30, 'N'],
    ['glucose.fasting', 100, 'male', 30, 'H'],
    ['glucose.fasting', 69, undefined, undefined, 'L'],
    ['glucose.random', 44.9, 'male', 30, 'LL'],
    ['glucose.random', 271, 'male', 15, 'HH'],
    ['glucose.random', 271, 'male', 16, 'H'],
    ['glucose.random', 451, 'male', 16, 'HH'],
    ['lipids.ldl', 130, 'male', 30, 'H'],
    ['lipids.ldl', 129, 'male', 30, 'N'],
    ['lipids.ldl', 200, 'male', 12, undefined],
    ['urine.pus-cells', 6, 'female', 30, 'H'],
    ['glucose.fasting', Number.NaN, 'male', 30, undefined],
  ];
  for (const [measure, value, sex, years, expected] of table)
    it(`${measure} ${value}, ${sex ?? 'sex not known'}, ${years ?? 'age not known'}: ${expected ?? 'no flag'}`, () => {
      assert.equal(flag(measure, value, sex, years), expected);
    });
});

test('every critical limit is of a measure that a laboratory can enter, and lies outside of the range', () => {
  for (const { measure, atMost, below, atLeast, above, years } of criticalLimits) {
    field(measure);
    const range = referenceRange(
      measure,
      { sex: 'female', ageMonths: 12 * (years?.[0] ?? 30) },
      field(measure).bands,
    );
    const [low, high] = [atMost ?? below, atLeast ?? above];
    if (low !== undefined && range?.low !== undefined) assert.ok(low < range.low, measure);
    if (high !== undefined && range?.high !== undefined) assert.ok(high > range.high, measure);
  }
});

test('age in months counts whole months, and a birth date in the future has none', () => {
  const months = (birthDate: string, day: string) =>
    measuredPerson({ resourceType: 'Patient', birthDate }, day).ageMonths;
  assert.equal(months('2020-01-31', '2020-02-28'), 0);
  assert.equal(months('2020-01-31', '2020-02-29'), 1);
  assert.equal(months('2020-01-15', '2021-01-14'), 11);
  assert.equal(months('2020-01-15', '2021-01-15'), 12);
  assert.equal(months('2020-02-29', '2021-02-28'), 12);
  assert.equal(months('2030-01-01', '2026-01-01'), undefined);
});

const answers = (given: Record<string, number>): Resource => ({
  resourceType: 'QuestionnaireResponse',
  questionnaire: 'urn:medallion:form:electrolytes|1',
  status: 'completed',
  item: [
    {
      linkId: 'electrolytes',
      item: Object.entries(given).map(([linkId, value]) => ({
        linkId,
        answer: [{ valueDecimal: value }],
      })),
    },
  ],
});

function report(given: Record<string, number>, more: Partial<Parameters<typeof laboratoryReport>[0]> = {}) {
  const form = forms.get('electrolytes');
  assert.ok(form);
  let next = 0;
  return laboratoryReport({
    panel: { form, response: answers(given) },
    ranges: {},
    kind: 'laboratory',
    patientId: 'p1',
    person: { sex: 'female', ageMonths: 720 },
    order: { resourceType: 'ServiceRequest', id: 'o1', code: { text: 'Salts' } },
    specimenId: 's1',
    laboratory: { id: 'l1', name: 'Kaveri Diagnostics' },
    takenAt: '2026-03-01T09:00:00.000Z',
    issuedAt: '2026-03-01T10:00:00.000Z',
    ids: {},
    newId: () => `n${next++}`,
    ...more,
  });
}

const sound = (given: ReturnType<typeof report>): LaboratoryReport => {
  assert.ok('resources' in given, JSON.stringify(given));
  for (const resource of given.resources) {
    const errors = validateResource(resource).filter(({ severity }) => severity === 'error');
    assert.deepEqual(errors, []);
  }
  return given;
};
const flagIn = ({ resources }: LaboratoryReport, id: string) =>
  (resources.find((one) => one.id === id)?.['interpretation'] as { coding: JsonObject[] }[] | undefined)?.[0]
    ?.coding[0]?.['code'];

describe('a report', () => {
  it('holds its values with range, source and flag, and is critical when one of them is', () => {
    const made = sound(report({ sodium: 140, potassium: 6.9 }));
    assert.equal(made.critical, true);
    assert.equal(flagIn(made, made.ids['electrolytes.potassium'] ?? ''), 'HH');
    assert.equal(flagIn(made, made.ids['electrolytes.sodium'] ?? ''), 'N');
    const last = made.resources.at(-1);
    assert.ok(last?.resourceType === 'DiagnosticReport');
    assert.equal(last['status'], 'final');
    assert.equal((last['result'] as unknown[]).length, 2);
    assert.match(JSON.stringify(made.resources[0]), /Pathology Harmony/);
  });
  it('goes by the laboratory’s own range where it gives one, and says whose it is', () => {
    const made = sound(report({ potassium: 5.2 }, { ranges: { potassium: { low: 3.5, high: 5.1 } } }));
    assert.equal(flagIn(made, made.ids['electrolytes.potassium'] ?? ''), 'H');
    assert.match(JSON.stringify(made.resources[0]), /Range of Kaveri Diagnostics/);
  });
  it('that is corrected keeps the ids, says corrected, and withdraws what is left out', () => {
    const first = sound(report({ sodium: 140, potassium: 6.9 }));
    const second = sound(report({ potassium: 4.9, urea: 30 }, { ids: first.ids, newId: () => 'fresh' }));
    assert.equal(second.critical, false);
    const by = new Map(second.resources.map((one) => [one.id, one['status']]));
    assert.equal(by.get(first.ids['electrolytes.potassium'] ?? ''), 'corrected');
    assert.equal(by.get(first.ids['electrolytes.sodium'] ?? ''), 'entered-in-error');
    assert.equal(by.get('fresh'), 'final');
    assert.equal(by.get(first.reportId), 'corrected');
  });
  it('with an impossible value, or none, is refused whole', () => {
    assert.deepEqual(Object.keys(report({ potassium: 69 })), ['problems']);
    assert.deepEqual(Object.keys(report({})), ['problems']);
  });
  it('in words has no values', () => {
    const { panel: _none, ...words } = { panel: 0 };
    const made = laboratoryReport({
      ...words,
      ranges: {},
      kind: 'radiology',
      conclusion: 'No fracture seen.',
      patientId: 'p1',
      person: {},
      order: { resourceType: 'ServiceRequest', id: 'o1', code: { text: 'X-ray of the wrist' } },
      laboratory: { id: 'l1', name: 'Kaveri' },
      takenAt: '2026-03-01T09:00:00.000Z',
      issuedAt: '2026-03-01T10:00:00.000Z',
      ids: {},
      newId: () => 'x',
    });
    assert.equal(sound(made).resources.length, 1);
  });
});

test('panels that a laboratory enters hold nothing but laboratory values', () => {
  const panels = [...forms.values()].filter(isLaboratoryForm).map(({ id }) => id);
  assert.deepEqual(panels, ['electrolytes', 'glucose', 'haematology', 'lipids', 'urine']);
});
