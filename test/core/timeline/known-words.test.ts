// Words of our own lists in a timeline: which titles have one in Hindi, and that what was written is never lost or shrunk.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, test } from 'node:test';
import { fieldsOf, type Form } from '../../../core/forms/form.ts';
import { conceptOfField } from '../../../core/forms/making.ts';
import { termIn } from '../../../core/record/code-lists/terms.ts';
import { knownWords } from '../../../core/timeline/known-words.ts';
import { timelineEntry } from '../../../core/timeline/timeline-entry.ts';

const loinc = 'http://loinc.org';
const snomed = 'http://snomed.info/sct';
const cvx = 'http://hl7.org/fhir/sid/cvx';
const rxNorm = 'http://www.nlm.nih.gov/research/umls/rxnorm';
const coded = (system: string, code: string, display?: string, text?: string) => ({
  coding: [{ system, code, ...(display === undefined ? {} : { display }) }],
  ...(text === undefined ? {} : { text }),
});

describe('words of our own lists', () => {
  const rows: readonly (readonly [
    string,
    string,
    Parameters<typeof knownWords>[1],
    string,
    string | undefined,
  ])[] = [
    [
      'a test by its LOINC code, whatever words it came with',
      'Observation',
      coded(loinc, '718-7', 'Hemoglobin [Mass/volume] in Blood'),
      'Hemoglobin [Mass/volume] in Blood',
      'हीमोग्लोबिन',
    ],
    ['a panel', 'DiagnosticReport', coded(loinc, '57698-3', 'Lipid Panel'), 'Lipid Panel', 'लिपिड प्रोफ़ाइल'],
    [
      'a condition by its SNOMED code',
      'Condition',
      coded(snomed, '44054006', 'Diabetes'),
      'Diabetes',
      'टाइप 2 मधुमेह',
    ],
    [
      'a bare code is said in words',
      'Condition',
      coded(snomed, '38341003'),
      'High blood pressure',
      'हाई ब्लड प्रेशर',
    ],
    [
      'a visit',
      'Encounter',
      coded(snomed, '185349003', 'Encounter for check up'),
      'Encounter for check up',
      'सामान्य जाँच',
    ],
    [
      'a vaccine keeps the name on the bottle',
      'Immunization',
      coded(cvx, '35', 'tetanus toxoid'),
      'tetanus toxoid',
      'टिटनेस (tetanus toxoid)',
    ],
    [
      'a medicine that is itself',
      'MedicationRequest',
      { text: 'Warfarin' },
      'Warfarin',
      'वारफ़रिन (Warfarin)',
    ],
    [
      'a product is never shrunk to its substance',
      'MedicationRequest',
      coded(rxNorm, '855332', 'Warfarin Sodium 5 MG Oral Tablet'),
      'Warfarin Sodium 5 MG Oral Tablet',
      undefined,
    ],
    [
      'a field of our own form says of what it is',
      'Observation',
      coded('urn:medallion:form-field', 'urine.protein', undefined, 'Protein'),
      'Urine: protein',
      'पेशाब: प्रोटीन',
    ],
    ['a code that nobody knows', 'Observation', coded('http://unknown.example', 'ZZ-9'), 'ZZ-9', undefined],
    [
      'a code of another system is another code',
      'Condition',
      coded(loinc, '44054006'),
      '44054006',
      undefined,
    ],
    [
      'words without a code that are no name of a list',
      'Observation',
      { text: 'Haemoglobin, I think' },
      'Haemoglobin, I think',
      undefined,
    ],
  ];
  for (const [rule, type, concept, title, hi] of rows)
    test(rule, () =>
      assert.deepEqual(knownWords(type, concept), hi === undefined ? { title } : { title, hi }),
    );

  test('nothing that names it', () => assert.equal(knownWords('Observation', undefined), undefined));

  test('an entry has both; a description that somebody wrote is not replaced', () => {
    const entry = timelineEntry({
      resourceType: 'Observation',
      code: coded(loinc, '4548-4', 'Hemoglobin A1c'),
    });
    assert.equal(entry?.title, 'Hemoglobin A1c');
    assert.deepEqual(entry.titleIn, { hi: 'HbA1c (तीन महीने की शुगर)' });
    const study = timelineEntry({
      resourceType: 'ImagingStudy',
      description: 'Thorax, second look',
      procedureCode: [coded(loinc, '24627-2', 'CT Chest')],
    });
    assert.equal(study?.title, 'Thorax, second look');
    assert.equal(study.titleIn, undefined);
  });

  test('every measured field of a form that comes with the program has its words', async () => {
    const folder = new URL('../../../core/forms/shipped/', import.meta.url);
    const without: string[] = [];
    for (const file of readdirSync(folder)) {
      const { form } = (await import(new URL(file, folder).href)) as { form: Form };
      for (const field of fieldsOf(form))
        if (
          (field.as === 'laboratory' || field.as === 'vital-signs') &&
          knownWords('Observation', conceptOfField(form, field))?.hi === undefined
        )
          without.push(`${form.id}.${field.id}`);
    }
    assert.deepEqual(without, []);
  });

  test('a section of the record says a bare code in the reader’s language, and keeps all other words', () => {
    const codes = [{ system: snomed, code: '38341003' }];
    assert.equal(termIn('en', 'conditions', '38341003', codes), 'High blood pressure');
    assert.equal(termIn('hi', 'conditions', '38341003', codes), 'हाई ब्लड प्रेशर');
    assert.equal(termIn('en', 'conditions', 'Pressure', codes), 'Pressure');
  });
});
