// What is said in two ways where only one can be right is kept whole: no order, no trust and no day chooses between two blood groups.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bloodGroupsDiffer, contradictions } from '../../core/record/contradictions.ts';
import { groupFromWords } from '../../core/record/read-observations.ts';
import { recordIndex } from '../../core/record/record-index.ts';

describe('blood groups', () => {
  const table: readonly (readonly [boolean, ...string[]])[] = [
    [false],
    [false, 'A+'],
    [false, 'A+', 'A pos', 'group A RhD positive'],
    [false, 'A', 'A+'],
    [false, 'A', 'Rh positive'],
    [true, 'A+', 'Rh negative'],
    [true, 'A+', 'A-'],
    [true, 'A', 'O+'],
    [true, 'A+', 'A+', 'AB+'],
    [true, 'Bombay (Oh)', 'O+'],
    [true, 'O+', 'Bombay (Oh)'],
    [false, 'Bombay (Oh)', 'bombay (oh) '],
  ];
  for (const [differs, ...said] of table)
    it(`${said.join(' and ') || 'none'} ${differs ? 'differ' : 'do not differ'}`, () => {
      assert.equal(bloodGroupsDiffer(said.map(groupFromWords)), differs);
    });
});

describe('two records', () => {
  const wish = (code: string, on: string) => ({
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '75781-5' }] },
    effectiveDateTime: on,
    valueCodeableConcept: {
      text: code,
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0316', code }],
    },
  });
  const answers = (...records: ReturnType<typeof wish>[][]) =>
    contradictions(records.map((one) => recordIndex(one))).organDonor.map(({ value }) => value.answer);

  it('of one record the newest answer counts, of two that differ both stand', () => {
    assert.deepEqual(answers([wish('Y', '2020'), wish('N', '2024')]), []);
    assert.deepEqual(answers([wish('Y', '2020')], [wish('N', '2024')]), ['yes', 'no']);
    assert.deepEqual(answers([wish('Y', '2020')], [wish('Y', '2024')]), []);
  });
});
