// A prescription that a later one took the place of is not taken twice.
import { deepEqual } from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { JsonObject } from '../../../core/fhir/types.ts';
import { textAt } from '../../../core/record/elements.ts';
import { readMedicines } from '../../../core/record/read-medicines.ts';
import { recordIndex } from '../../../core/record/record-index.ts';
import { replacedPrescriptions } from '../../../core/record/replaced.ts';

const metformin = { coding: [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code: '6809' }] };

function prescription(id: string, prior?: string, more: JsonObject = {}): JsonObject {
  return {
    resourceType: 'MedicationRequest',
    id,
    status: 'active',
    intent: 'order',
    medicationCodeableConcept: { ...metformin, text: 'Metformin' },
    dosageInstruction: [{ text: `${id} mg` }],
    ...(prior === undefined ? {} : { priorPrescription: { reference: prior } }),
    ...more,
  };
}

const replacedOf = (...requests: JsonObject[]): string[] =>
  [...replacedPrescriptions(recordIndex(requests))].map((one) => textAt(one, 'id') ?? '').sort();
const takenOf = (...requests: JsonObject[]): string[] => {
  const section = readMedicines(recordIndex(requests), '2026-06-01');
  return section.state === 'recorded' ? section.facts.map(({ resource }) => resource.id).sort() : [];
};

describe('a prescription that took the place of another', () => {
  test('is the one that is taken, however long the chain', () => {
    const chain = [
      prescription('500'),
      prescription('850', 'MedicationRequest/500'),
      prescription('1000', 'MedicationRequest/850'),
    ];
    deepEqual(replacedOf(...chain), ['500', '850']);
    deepEqual(takenOf(...chain), ['1000']);
  });

  test('has taken it when it is over, too', () => {
    const ended = { status: 'completed' };
    deepEqual(takenOf(prescription('500'), prescription('850', 'MedicationRequest/500', ended)), []);
  });

  for (const [what, more] of [
    ['was a mistake', { status: 'entered-in-error' }],
    ['was called off', { status: 'cancelled' }],
    ['is a draft', { status: 'draft' }],
    ['is a proposal', { intent: 'proposal' }],
    ['forbids it', { doNotPerform: true }],
    ['is another medicine', { medicationCodeableConcept: { text: 'Warfarin' } }],
    ['names no medicine', { medicationCodeableConcept: {} }],
  ] as const)
    test(`has not where it ${what}`, () => {
      deepEqual(replacedOf(prescription('500'), prescription('850', 'MedicationRequest/500', more)), []);
    });

  test('is known by words alone, by a code alone, and by a Medication it refers to', () => {
    const byWords = { medicationCodeableConcept: { text: ' metformin ' } };
    const byCode = { medicationCodeableConcept: metformin };
    const referred = {
      medicationCodeableConcept: undefined,
      medicationReference: { reference: '#m' },
      contained: [{ resourceType: 'Medication', id: 'm', code: metformin }],
    } as unknown as JsonObject;
    for (const more of [byWords, byCode, referred])
      deepEqual(replacedOf(prescription('500'), prescription('850', 'MedicationRequest/500', more)), ['500']);
  });

  test('that itself, a stranger or a circle name hides nothing', () => {
    deepEqual(replacedOf(prescription('1', 'MedicationRequest/1')), []);
    deepEqual(replacedOf(prescription('1', 'MedicationRequest/gone')), []);
    const circle = [
      prescription('1', 'MedicationRequest/3'),
      prescription('2', 'MedicationRequest/1'),
      prescription('3', 'MedicationRequest/2'),
    ];
    deepEqual(replacedOf(...circle), []);
    deepEqual(takenOf(...circle), ['1', '2', '3']);
    // What leads into a circle replaces what it names, and no more.
    deepEqual(replacedOf(...circle, prescription('4', 'MedicationRequest/1')), ['1']);
  });

  test('is found in ten thousand of one chain', () => {
    const chain = Array.from({ length: 10_000 }, (_, at) =>
      prescription(String(at), at === 0 ? undefined : `MedicationRequest/${at - 1}`),
    );
    deepEqual(takenOf(...chain), ['9999']);
  });
});
