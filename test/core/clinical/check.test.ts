// The clinical checks as a table: what is found, how gravely, and what must not be found; then rules that hold whatever the record says.
import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import fc from 'fast-check';
import type { Finding } from '../../../core/clinical/check.ts';
import { ageInMonths, checkMedicine, checkPair, needsWeight } from '../../../core/clinical/check.ts';
import { crossReactions } from '../../../core/clinical/allergy-rules.ts';
import { ageRules, dayRules, weeklyRules, weightRules } from '../../../core/clinical/dose-rules.ts';
import { ingredientsOfGroup } from '../../../core/clinical/ingredient-table.ts';
import { contentsOfMedicine, ingredientNames } from '../../../core/clinical/ingredients.ts';
import { interactionRules } from '../../../core/clinical/interaction-rules.ts';
import { ruleWords } from '../../../core/clinical/words.ts';
import { isTaken, readAllergen, readMedicine } from '../../../core/clinical/read-record.ts';
import type { JsonObject } from '../../../core/fhir/types.ts';
import { recordIndex } from '../../../core/record/record-index.ts';

const today = '2026-06-01';
const empty = recordIndex([]);

interface Dosing {
  mg: number;
  unit?: string;
  aDay?: number;
  route?: string;
}

function request(text: string, id: string, dosing?: Dosing): JsonObject {
  return {
    resourceType: 'MedicationRequest',
    id,
    status: 'active',
    intent: 'order',
    medicationCodeableConcept: { text },
    ...(dosing
      ? {
          dosageInstruction: [
            {
              ...(dosing.aDay
                ? { timing: { repeat: { frequency: dosing.aDay, period: 1, periodUnit: 'd' } } }
                : {}),
              ...(dosing.route ? { route: { text: dosing.route } } : {}),
              doseAndRate: [{ doseQuantity: { value: dosing.mg, unit: dosing.unit ?? 'mg' } }],
            },
          ],
        }
      : {}),
  };
}

const allergyTo = (text: string, more: JsonObject = {}): JsonObject => ({
  resourceType: 'AllergyIntolerance',
  id: 'allergy',
  clinicalStatus: { coding: [{ code: 'active' }] },
  code: { text },
  ...more,
});

function found(
  drug: JsonObject,
  record: readonly JsonObject[],
  person: { birthDate?: string; weightKg?: number } = {},
): Finding[] {
  const medicines = record
    .filter((one) => one['resourceType'] !== 'AllergyIntolerance' && isTaken(one, today))
    .map((one) => readMedicine(one, empty));
  const allergens = record.map(readAllergen).filter((one) => one !== undefined);
  return checkMedicine(readMedicine(drug, empty), { medicines, allergens }, person, today);
}

const short = (findings: readonly Finding[]): string[] =>
  findings.map(({ severity, rule }) => `${severity} ${rule}`);

describe('allergy and medicine', () => {
  const cases: [allergy: JsonObject, drug: string, expected: string[]][] = [
    [allergyTo('Penicillin'), 'Amoxicillin 500 mg capsule', ['severe allergy-penicillins']],
    [
      allergyTo('Allergy to penicillin'),
      'Amoxicillin and clavulanate potassium',
      ['severe allergy-penicillins'],
    ],
    [allergyTo('Amoxycillin'), 'amoxicillin', ['severe allergy-same']],
    [allergyTo('Amoxicillin'), 'Cephalexin 250 mg', ['moderate allergy-amino-side-chain']],
    [allergyTo('Penicillin'), 'Ceftriaxone 1 g', []],
    [allergyTo('Sulfa drugs'), 'Co-trimoxazole', ['severe allergy-sulfonamides']],
    [allergyTo('Sulphonamides'), 'Furosemide', []],
    [allergyTo('Aspirin'), 'Ibuprofen 400 mg', ['severe allergy-nsaids']],
    [allergyTo('NSAIDs'), 'Diclofenac sodium', ['severe allergy-nsaids']],
    [allergyTo('Ibuprofen'), 'Paracetamol', []],
    [allergyTo('Acetaminophen'), 'Paracetamol 500 mg', ['severe allergy-same']],
    [allergyTo('Opioids'), 'Morphine sulfate', ['severe allergy-group']],
    [allergyTo('Peanut'), 'Amoxicillin', []],
    [
      { ...allergyTo(''), code: { coding: [{ system: 'http://snomed.info/sct', code: '764146007' }] } },
      'Amoxicillin',
      ['severe allergy-penicillins'],
    ],
    [allergyTo('Codeine', { type: 'intolerance', criticality: 'low' }), 'Codeine', ['moderate allergy-same']],
    [allergyTo('Codeine', { type: 'intolerance', criticality: 'high' }), 'Codeine', ['severe allergy-same']],
    [allergyTo('Penicillin', { clinicalStatus: { coding: [{ code: 'resolved' }] } }), 'Amoxicillin', []],
    [allergyTo('Penicillin', { verificationStatus: { coding: [{ code: 'refuted' }] } }), 'Amoxicillin', []],
  ];
  for (const [allergy, drug, expected] of cases)
    it(`${JSON.stringify(allergy['code'])} and ${drug}: ${expected.join() || 'nothing'}`, () => {
      assert.deepEqual(short(found(request(drug, 'new'), [allergy])), expected);
    });

  it('is known by an ATC code alone', () => {
    const drug = {
      ...request('', 'new'),
      medicationCodeableConcept: { coding: [{ system: 'http://www.whocc.no/atc', code: 'J01CE08' }] },
    };
    assert.deepEqual(short(found(drug, [allergyTo('Penicillin')])), ['severe allergy-penicillins']);
  });
});

describe('medicine and medicine', () => {
  const cases: [drug: string, other: string, expected: string[]][] = [
    ['Sildenafil 50 mg', 'Nitroglycerin 0.4 mg', ['severe nitrate-pde5']],
    ['Phenelzine', 'Sertraline hydrochloride', ['severe maoi-serotonergic']],
    ['Simvastatin', 'Clarithromycin', ['severe statin-cyp3a4']],
    ['Atorvastatin calcium', 'Calcium carbonate', []],
    ['Methotrexate', 'Co-trimoxazole', ['severe methotrexate-trimethoprim']],
    ['Warfarin sodium', 'Ibuprofen', ['moderate anticoagulant-nsaid']],
    ['Warfarin sodium', 'Clarithromycin 500 mg', ['severe warfarin-macrolide']],
    ['Erythromycin', 'Acenocoumarol', ['severe warfarin-macrolide']],
    ['Warfarin sodium', 'Azithromycin', []],
    ['Ivabradine', 'Clarithromycin', ['severe contraindicated-cyp3a4']],
    ['Eplerenone 25 mg', 'Itraconazole', ['severe contraindicated-cyp3a4']],
    ['Ivabradine', 'Azithromycin', []],
    ['Voriconazole', 'Rifampin', ['severe voriconazole-inducer']],
    ['Praziquantel', 'Rifampicin', ['severe rifampicin-takes-away']],
    ['Lamotrigine', 'Divalproex', ['moderate lamotrigine-valproate']],
    ['Apixaban', 'Phenytoin', ['moderate direct-anticoagulant-inducer']],
    ['Dabigatran', 'Phenytoin', []],
    ['Rivaroxaban', 'Ketoconazole', ['moderate direct-anticoagulant-raised']],
    ['Methotrexate', 'Naproxen', ['moderate methotrexate-nsaid']],
    ['Acetaminophen', 'Paracetamol 500 mg', ['moderate duplicate']],
    ['Salbutamol inhaler', 'Albuterol 90 mcg', ['moderate duplicate']],
    ['Unknownium forte 10 mg', 'unknownium FORTE 20 mg', ['moderate duplicate']],
    ['Unknownium', 'Otherium', []],
    ['Amlodipine', 'Losartan potassium', []],
    ['Citalopram', 'Citalopram', ['moderate duplicate']],
  ];
  for (const [drug, other, expected] of cases)
    it(`${drug} and ${other}: ${expected.join() || 'nothing'}`, () => {
      assert.deepEqual(short(found(request(drug, 'new'), [request(other, 'old')])), expected);
    });

  it('does not count what is over, proposed, or the very same entry', () => {
    const old = request('Nitroglycerin', 'old');
    for (const over of [
      { ...old, status: 'stopped' },
      { ...old, intent: 'proposal' },
      { ...old, doNotPerform: true },
      { ...old, dosageInstruction: [{ timing: { repeat: { boundsPeriod: { end: '2026-05-31' } } } }] },
      { ...old, id: 'new' },
    ])
      assert.deepEqual(short(found(request('Sildenafil', 'new'), [over])), []);
  });

  it('does not call a dispense the double of its own prescription', () => {
    const dispense: JsonObject = {
      resourceType: 'MedicationDispense',
      id: 'd',
      status: 'completed',
      medicationCodeableConcept: { text: 'Metformin' },
      authorizingPrescription: [{ reference: 'MedicationRequest/old/_history/2' }],
    };
    assert.deepEqual(short(found(dispense, [request('Metformin', 'old')])), []);
    assert.deepEqual(short(found(dispense, [request('Metformin', 'another')])), ['moderate duplicate']);
  });

  it('counts what was dispensed for as long as it lasts', () => {
    const handed = (whenHandedOver: string): JsonObject => ({
      resourceType: 'MedicationDispense',
      id: 'd',
      status: 'completed',
      medicationCodeableConcept: { text: 'Isosorbide mononitrate' },
      whenHandedOver,
      daysSupply: { value: 10 },
    });
    assert.deepEqual(short(found(request('Sildenafil', 'new'), [handed('2026-05-25')])), [
      'severe nitrate-pde5',
    ]);
    assert.deepEqual(short(found(request('Sildenafil', 'new'), [handed('2026-05-01')])), []);
  });
});

describe('dose', () => {
  const child = { birthDate: '2022-06-01', weightKg: 16 };
  const cases: [drug: string, dosing: Dosing, person: object, expected: string[]][] = [
    ['Paracetamol', { mg: 1000, aDay: 4 }, {}, []],
    ['Paracetamol', { mg: 1000, aDay: 5 }, {}, ['moderate day-paracetamol']],
    ['Paracetamol', { mg: 1000, aDay: 8 }, {}, ['severe day-paracetamol']],
    ['Paracetamol', { mg: 5, unit: 'g', aDay: 4 }, {}, ['severe day-paracetamol']],
    ['Paracetamol 500 mg tablet', { mg: 2, unit: 'tablet', aDay: 4 }, {}, []],
    ['Paracetamol 500 mg tablet', { mg: 4, unit: '{tbl}', aDay: 4 }, {}, ['severe day-paracetamol']],
    ['Paracetamol', { mg: 240, aDay: 4 }, child, []],
    ['Paracetamol', { mg: 500, aDay: 4 }, child, ['severe weight-paracetamol']],
    ['Ibuprofen', { mg: 200, aDay: 3 }, child, ['moderate weight-ibuprofen']],
    ['Aspirin', { mg: 75, aDay: 1 }, { birthDate: '2015-01-01' }, ['severe age-aspirin']],
    ['Aspirin', { mg: 75, aDay: 1 }, { birthDate: '1960' }, []],
    ['Codeine', { mg: 15, aDay: 3 }, { birthDate: '2016' }, ['severe age-codeine']],
    ['Methotrexate 2.5 mg', { mg: 15, aDay: 1 }, {}, ['severe weekly-methotrexate']],
    ['Methotrexate', { mg: 15, aDay: 1, route: 'Intravenous' }, {}, []],
    ['Citalopram', { mg: 60, aDay: 1 }, {}, ['severe day-citalopram']],
    ['Amoxicillin', { mg: 4, unit: 'mL', aDay: 3 }, child, []],
  ];
  for (const [drug, dosing, person, expected] of cases)
    it(`${drug} ${JSON.stringify(dosing)} for ${JSON.stringify(person)}: ${expected.join() || 'nothing'}`, () => {
      assert.deepEqual(short(found(request(drug, 'new', dosing), [], person)), expected);
    });

  it('asks for a weight only where a rule needs it', () => {
    const small = readMedicine(request('Paracetamol', 'new', { mg: 100 }), empty);
    assert.equal(needsWeight(small, { birthDate: '2022' }, today), true);
    assert.equal(needsWeight(small, { birthDate: '1990' }, today), false);
    assert.equal(
      needsWeight(readMedicine(request('Paracetamol', 'n'), empty), { birthDate: '2022' }, today),
      false,
    );
    assert.equal(
      needsWeight(readMedicine(request('Amlodipine', 'n', { mg: 5 }), empty), { birthDate: '2022' }, today),
      false,
    );
  });

  it('takes the latest day of half a birth date', () => {
    assert.equal(ageInMonths('2010', today), 185);
    assert.equal(ageInMonths('2010-06-01', today), 192);
    assert.equal(ageInMonths('2010-06-02', today), 191);
  });
});

describe('rules as data', () => {
  const groups = new Set<string>(Object.keys(ingredientsOfGroup));
  const pairs = [...interactionRules, ...crossReactions];
  const doses = [...ageRules, ...dayRules, ...weightRules, ...weeklyRules];
  test('every member that a rule names is an ingredient or a group', () => {
    const named = [
      ...pairs.flatMap(({ one, other }) => [...one, ...other]),
      ...doses.flatMap(({ of }) => of),
    ];
    assert.deepEqual(
      named.filter((name) => !groups.has(name) && !ingredientNames.has(name)),
      [],
    );
  });
  test('every rule has an id of its own, words, and a source with a year and an address', () => {
    const all = [...pairs, ...doses];
    assert.equal(new Set(all.map(({ id }) => id)).size, all.length);
    for (const { id, words, source } of all) {
      assert.match(id, /^[a-z0-9-]+$/);
      assert.match(words, /^[A-Z].*\.$/, id);
      assert.ok(source.name.length > 10 && source.year > 1990 && source.address.length > 10, id);
    }
  });
  test('every ingredient is recognised by its own name, with its salt and strength', () => {
    for (const name of ingredientNames)
      assert.ok(contentsOfMedicine([], [`${name} hydrochloride 10 mg tablet`]).ingredients.has(name), name);
  });
});

describe('whatever the record says', () => {
  const names = [...ingredientNames];
  const name = fc.constantFrom(...names);

  test('a pair is found from both sides alike', () => {
    fc.assert(
      fc.property(name, name, (a, b) => {
        const one = { key: 'a', ...contentsOfMedicine([], [a]) };
        const other = { key: 'b', ...contentsOfMedicine([], [b]) };
        const of = (findings: Finding[]) =>
          findings.map(({ rule, severity, drugs }) => ({ rule, severity, drugs }));
        assert.deepEqual(of(checkPair(one, other)), of(checkPair(other, one)));
      }),
      { numRuns: 2000 },
    );
  });

  test('the order of the record changes nothing', () => {
    fc.assert(
      fc.property(
        name,
        fc.array(name, { maxLength: 8 }),
        fc.array(name, { maxLength: 4 }),
        (drug, taken, allergic) => {
          const record = [
            ...taken.map((one, i) => request(one, `m${i}`)),
            ...allergic.map((one, i) => ({ ...allergyTo(one), id: `a${i}` })),
          ];
          assert.deepEqual(
            found(request(drug, 'new'), record),
            found(request(drug, 'new'), record.toReversed()),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  test('another medicine in the record never takes a finding away', () => {
    fc.assert(
      fc.property(name, fc.array(name, { maxLength: 5 }), name, (drug, taken, more) => {
        const record = taken.map((one, i) => request(one, `m${i}`));
        const before = found(request(drug, 'new'), record);
        const after = found(request(drug, 'new'), [...record, request(more, 'more')]);
        for (const one of before)
          assert.ok(after.some((other) => JSON.stringify(other) === JSON.stringify(one)));
      }),
      { numRuns: 300 },
    );
  });

  test('whatever stands in the elements, nothing breaks', () => {
    const element = fc.jsonValue({ maxDepth: 3 });
    const hostile = fc.record(
      {
        resourceType: fc.constantFrom(
          'MedicationRequest',
          'MedicationDispense',
          'MedicationAdministration',
          'AllergyIntolerance',
        ),
        id: fc.oneof(fc.string(), element),
        status: element,
        medicationCodeableConcept: element,
        medicationReference: element,
        dosageInstruction: element,
        dosage: element,
        code: element,
        reaction: element,
        detectedIssue: element,
        whenHandedOver: element,
      },
      { requiredKeys: ['resourceType'] },
    );
    fc.assert(
      fc.property(hostile, fc.array(hostile, { maxLength: 3 }), (drug, record) => {
        found(drug as JsonObject, record as JsonObject[], { birthDate: '2020' });
      }),
      { numRuns: 1000 },
    );
  });

  test('a name of a megabyte is read as far as a name can be', () => {
    const long = request('aspirin '.repeat(130_000), 'new');
    assert.deepEqual(short(found(long, [request('x'.repeat(1_000_000), 'old')])), []);
  });
});

describe('the words of a rule', () => {
  const rules = [
    ...interactionRules,
    ...crossReactions,
    ...ageRules,
    ...dayRules,
    ...weightRules,
    ...weeklyRules,
    { id: 'allergy-same', words: 'same' },
    { id: 'allergy-group', words: 'group' },
    { id: 'duplicate', words: 'duplicate' },
  ];
  it('are there in Hindi for each rule, its own in English, and name the same numbers in both', () => {
    for (const { id, words } of rules) {
      assert.equal(ruleWords(id, words, 'en'), words);
      const hindi = ruleWords(id, words, 'hi');
      assert.match(hindi, /\p{Script=Devanagari}/u, id);
      if (words.length > 12)
        assert.deepEqual(hindi.match(/\d+/gu)?.toSorted(), words.match(/\d+/gu)?.toSorted(), id);
    }
  });
  it('are said in English where nobody put them into Hindi', () => {
    assert.equal(ruleWords('a-rule-of-tomorrow', 'To know.', 'hi'), 'To know.');
  });
});
