// A standing prescription prescribed again: what is plain is taken over, what is not stays words, and it is no second one of its kind.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { JsonObject, Resource } from '../../../core/fhir/types.ts';
import { newDraft } from '../../../core/visit/draft.ts';
import type { Prescribed } from '../../../core/visit/draft.ts';
import { findingsOf } from '../../../core/visit/findings.ts';
import { prescribeAgain } from '../../../core/visit/prescribe-again.ts';
import { prescription } from '../../../core/visit/prescription.ts';

const standing = (more: JsonObject): Resource => ({
  resourceType: 'MedicationRequest',
  id: 'old',
  status: 'active',
  intent: 'order',
  subject: { reference: 'Patient/p' },
  medicationCodeableConcept: { text: 'Bisoprolol' },
  authoredOn: '2026-09-01',
  ...more,
});
const plain = ({ dose, unit, perDay, days, route, asNeeded, note }: Omit<Prescribed, 'key'>) => ({
  dose,
  unit,
  perDay,
  days,
  route,
  asNeeded,
  note,
});

it('what was written here comes back as it was written', () => {
  const written: Prescribed = {
    key: 'a',
    text: 'Bisoprolol',
    codes: [],
    dose: '2.5',
    unit: 'mg',
    route: 'oral',
    perDay: '2',
    days: '30',
    asNeeded: true,
    note: 'With water',
    reasons: {},
  };
  const again = prescribeAgain({
    ...prescription(written, { patientId: 'p', at: '2026-09-01T10:00:00Z' }),
    id: 'old',
  });
  assert.ok(again);
  assert.deepEqual(plain(again), plain(written));
});

for (const [text, dose, unit, note] of [
  ['5 mg in the evening', '5', 'mg', 'in the evening'],
  ['4 to 6 units with meals', '', 'mg', '4 to 6 units with meals'],
  ['half a tablet', '', 'mg', 'half a tablet'],
] as const)
  it(`"${text}" is read as far as it is plain`, () => {
    const again = prescribeAgain(standing({ dosageInstruction: [{ text }] }));
    assert.deepEqual({ dose: again?.dose, unit: again?.unit, note: again?.note }, { dose, unit, note });
  });

it('a dose that is more than one instruction stays words', () => {
  const again = prescribeAgain(
    standing({ dosageInstruction: [{ text: '10 mg in the morning' }, { text: '5 mg at night' }] }),
  );
  assert.deepEqual([again?.dose, again?.note], ['', '10 mg in the morning; 5 mg at night']);
});

it('is no duplicate of what it continues, and a second one is', () => {
  const record = [standing({})];
  const draft = newDraft({
    id: 'd',
    patientId: 'p',
    startedAt: '2026-11-30T10:00:00Z',
    today: '2026-11-30',
    seen: {},
  });
  const again = prescribeAgain(record[0] ?? standing({}));
  assert.ok(again);
  const rules = (one: Omit<Prescribed, 'key'>): string[] =>
    [...findingsOf({ ...draft, medicines: [{ ...one, key: 'k' }] }, record, '2026-11-30').values()].flatMap(
      (found) => found.map(({ rule }) => rule),
    );
  assert.deepEqual(rules(again), []);
  assert.notDeepEqual(rules({ ...again, prior: undefined }), []);
});

it('what is no prescription is not prescribed again', () => {
  assert.equal(prescribeAgain({ ...standing({}), resourceType: 'MedicationStatement' }), undefined);
});
