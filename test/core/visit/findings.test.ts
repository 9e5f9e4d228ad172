// What speaks against the medicines of a visit while it is typed, and what is new in the record since it was begun.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Resource } from '../../../core/fhir/types.ts';
import type { Prescribed, VisitDraft } from '../../../core/visit/draft.ts';
import { isBlank, newDraft } from '../../../core/visit/draft.ts';
import { findingsOf, isKnownMedicine, newSince, standingVersions } from '../../../core/visit/findings.ts';
import { problemsOf } from '../../../core/visit/problems.ts';

const today = '2026-11-29';
const medicine = (key: string, text: string, more: Partial<Prescribed> = {}): Prescribed => ({
  key,
  text,
  codes: [],
  dose: '',
  unit: 'mg',
  route: '',
  perDay: '',
  days: '',
  asNeeded: false,
  note: '',
  reasons: {},
  ...more,
});
const draft = (more: Partial<VisitDraft> = {}): VisitDraft => ({
  ...newDraft({
    id: '0c5f3f4e-0000-4000-8000-000000000001',
    patientId: 'p',
    startedAt: `${today}T10:00:00Z`,
    today,
    seen: {},
  }),
  ...more,
});
const record: readonly Resource[] = [
  { resourceType: 'Patient', id: 'p', birthDate: '2022-01-01' },
  {
    resourceType: 'AllergyIntolerance',
    id: 'a',
    meta: { versionId: '1' },
    patient: { reference: 'Patient/p' },
    code: { text: 'Penicillin' },
  },
  {
    resourceType: 'MedicationStatement',
    id: 'w',
    meta: { versionId: '2' },
    status: 'active',
    subject: { reference: 'Patient/p' },
    medicationCodeableConcept: { text: 'Warfarin 5 mg' },
  },
];

describe('findings of a visit', () => {
  it('name what of the record they are about, the gravest first, with their source', () => {
    const [first] =
      findingsOf(draft({ medicines: [medicine('m', 'Amoxicillin')] }), record, today).get('m') ?? [];
    assert.equal(first?.severity, 'severe');
    assert.equal(first.about, 'Penicillin');
    assert.ok(first.source.year > 2000);
    assert.equal(first.settled, false);
  });
  it('are settled by a reason, and by none of too few letters', () => {
    const settled = (reason: string): boolean | undefined => {
      const one = medicine('m', 'Amoxicillin', { reasons: { 'allergy-penicillins': reason } });
      return findingsOf(draft({ medicines: [one] }), record, today).get('m')?.[0]?.settled;
    };
    assert.equal(settled('Skin test negative'), true);
    assert.equal(settled('ok'), false);
  });
  it('hold between the lines of the visit itself', () => {
    const found = findingsOf(
      draft({ medicines: [medicine('one', 'Sildenafil'), medicine('two', 'Isosorbide mononitrate')] }),
      [],
      today,
    );
    assert.ok((found.get('one') ?? []).some(({ kind }) => kind === 'interaction'));
    assert.ok((found.get('two') ?? []).some(({ kind }) => kind === 'interaction'));
  });
  it('judge a dose by the weight of today before any that stands', () => {
    const kinds = (weight: string): string[] =>
      (
        findingsOf(
          draft({
            vitals: { weight },
            medicines: [medicine('m', 'Paracetamol', { dose: '500', perDay: '4' })],
          }),
          record,
          today,
        ).get('m') ?? []
      ).map(({ kind }) => kind);
    assert.ok(kinds('10').includes('dose'));
    assert.ok(!kinds('60').includes('dose'));
  });
  it('are not pretended for what no rule knows', () => {
    assert.equal(isKnownMedicine(medicine('m', 'Herbal mixture')), false);
    assert.equal(isKnownMedicine(medicine('m', 'Clarithromycin 500 mg')), true);
  });
});

describe('what is new since the visit was begun', () => {
  it('is what came, and what has another version', () => {
    const seen = standingVersions(record);
    assert.deepEqual(newSince(draft({ seen }), record), []);
    const later: Resource[] = [
      ...record.slice(0, 2),
      { ...record[2], resourceType: 'MedicationStatement', meta: { versionId: '3' } },
      { resourceType: 'Condition', id: 'c', meta: { versionId: '1' }, subject: { reference: 'Patient/p' } },
      {
        resourceType: 'Observation',
        id: 'o',
        meta: { versionId: '1' },
        status: 'final',
        code: { text: 'x' },
      },
    ];
    assert.deepEqual(
      newSince(draft({ seen }), later).map((one) => one['id']),
      ['w', 'c'],
    );
  });
});

describe('a draft', () => {
  it('is blank until something is written, and comes back in a week', () => {
    assert.equal(isBlank(draft()), true);
    assert.equal(draft().followUp, '2026-12-06');
    assert.equal(isBlank(draft({ vitals: { pulse: '80' } })), false);
  });
  it('says which fields cannot be right, and nothing about empty ones', () => {
    const fields = (more: Partial<VisitDraft>): string[] =>
      problemsOf(draft(more), today).map(({ field }) => field);
    assert.deepEqual(fields({ symptoms: 'Cough' }), []);
    assert.deepEqual(fields({}), ['visit']);
    assert.deepEqual(fields({ vitals: { pulse: '9000' } }), ['pulse']);
    assert.deepEqual(fields({ vitals: { temperature: '38,4' } }), []);
    assert.deepEqual(fields({ vitals: { weight: 'heavy' } }), ['weight']);
    assert.deepEqual(fields({ vitals: { systolic: '120' } }), ['systolic']);
    assert.deepEqual(fields({ symptoms: 'x', followUp: '2020-01-01' }), ['follow-up']);
    assert.deepEqual(fields({ medicines: [medicine('m', 'X', { perDay: '99' })] }), ['medicine:m']);
  });
});
