// What an opened record says about medicines that stand in it already.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { chartFindings } from '../../../core/clinical/chart-findings.ts';
import { findingsOf } from '../../../core/visit/findings.ts';
import { newDraft } from '../../../core/visit/draft.ts';
import { joinedOnUrl } from '../../../core/record/joined.ts';
import type { Resource } from '../../../core/fhir/types.ts';

const subject = { reference: 'Patient/a' };
const taken = (id: string, text: string, more: object = {}): Resource => ({
  resourceType: 'MedicationStatement',
  id,
  status: 'active',
  subject,
  medicationCodeableConcept: { text },
  ...more,
});
const penicillin = (whose = 'a'): Resource => ({
  resourceType: 'AllergyIntolerance',
  id: 'p',
  patient: { reference: `Patient/${whose}` },
  code: { text: 'Penicillin' },
});
const today = '2026-06-01';

it('names each pair once, the grave before the moderate, with the names of both', () => {
  const record = [taken('w', 'Warfarin'), taken('i', 'Ibuprofen'), taken('x', 'Amoxicillin'), penicillin()];
  assert.deepEqual(
    chartFindings(record, today).map(({ severity, rule, medicine, about }) => [
      severity,
      rule,
      medicine,
      about,
    ]),
    [
      ['severe', 'allergy-penicillins', 'Amoxicillin', 'Penicillin'],
      ['moderate', 'anticoagulant-nsaid', 'Warfarin', 'Ibuprofen'],
    ],
  );
});

it('says nothing of what was stopped, is over, or does not speak against anything', () => {
  const stopped = taken('i', 'Ibuprofen', { status: 'stopped' });
  const over = taken('j', 'Ibuprofen', { effectivePeriod: { end: '2026-05-01' } });
  assert.deepEqual(chartFindings([taken('w', 'Warfarin'), stopped, over, penicillin()], today), []);
  assert.deepEqual(chartFindings([], today), []);
});

it('a visit is told that what speaks against its medicine stands in a joined record, and since when', () => {
  const link = {
    other: { reference: 'Patient/b' },
    type: 'replaces',
    extension: [{ url: joinedOnUrl, valueDateTime: '2026-03-04T10:00:00Z' }],
  };
  const person: Resource = { resourceType: 'Patient', id: 'a', link: [link] };
  const draft = {
    ...newDraft({ id: 'd', patientId: 'a', startedAt: `${today}T09:00:00Z`, today, seen: {} }),
    medicines: [
      {
        key: 'm',
        text: 'Amoxicillin',
        codes: [],
        dose: '',
        unit: 'mg' as const,
        route: '' as const,
        perDay: '',
        days: '',
        asNeeded: false,
        note: '',
        reasons: {},
      },
    ],
  };
  const [other] = findingsOf(draft, [person, penicillin('b')], today).get('m') ?? [];
  assert.deepEqual([other?.rule, other?.joinedOn], ['allergy-penicillins', '2026-03-04']);
  const [own] = findingsOf(draft, [person, penicillin('a')], today).get('m') ?? [];
  assert.deepEqual([own?.rule, own?.joinedOn], ['allergy-penicillins', undefined]);
});
