// What resources are found by: the common search parameters, each with the values expected by hand.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capableTypes } from '../../../core/fhir/capability.ts';
import { earliestMs, latestMs } from '../../../core/fhir/dates.ts';
import { resourceTypes } from '../../../core/fhir/resource-types.ts';
import { searchParametersOf } from '../../../core/fhir/search-parameters.ts';
import { searchableText } from '../../../core/fhir/search-text.ts';
import { searchValues, type SearchValue } from '../../../core/fhir/search-values.ts';
import { allergy, appointment, changed, make, observation, patient } from './examples.ts';
import type { Resource } from '../../../core/fhir/types.ts';

/** A value in one line: `system|value [low..high]`. */
function line(value: SearchValue): string {
  const text = `${value.system === undefined ? '' : `${value.system}|`}${value.value ?? ''}`;
  return value.low === undefined ? text : `${text} ${value.low}..${value.high}`.trim();
}

function valuesOf(resource: Resource, param: string, ownBase?: string): string[] {
  return searchValues(resource, ownBase)
    .filter((value) => value.param === param)
    .map(line);
}

const day = (text: string): string => `${Date.parse(text)}..${Date.parse(text) + 86_399_999}`;
const second = (text: string): string => `${Date.parse(text)}..${Date.parse(text) + 999}`;
const loinc = (code: string): object => ({ coding: [{ system: 'http://loinc.org', code }] });
const concept = (code: string): object => ({ coding: [{ system: 'http://x', code }] });
const p1 = { reference: 'Patient/p1' };

const medication = make({
  resourceType: 'MedicationRequest',
  status: 'active',
  intent: 'order',
  medicationCodeableConcept: concept('m'),
  subject: p1,
  authoredOn: '2024-05-02',
  encounter: { reference: 'Encounter/e1' },
  requester: { reference: 'Practitioner/d1' },
});
const encounter = make({
  resourceType: 'Encounter',
  status: 'finished',
  class: { system: 'http://x', code: 'AMB' },
  subject: p1,
  period: { start: '2024-05-02' },
  location: [{ location: { reference: 'Location/l1' } }],
  participant: [{ individual: { reference: 'Practitioner/d1' } }],
});
const immunization = make({
  resourceType: 'Immunization',
  status: 'completed',
  vaccineCode: concept('v'),
  patient: p1,
  occurrenceDateTime: '2024-05',
  lotNumber: 'L1',
});

const expected: readonly (readonly [resource: Resource, param: string, values: readonly string[]])[] = [
  [patient, 'identifier', ['urn:medallion:uhid|48210937665015']],
  [patient, 'active', ['true']],
  [patient, 'name', ['rao', 'asha']],
  [patient, 'family', ['rao']],
  [patient, 'given', ['asha']],
  [patient, 'phone', ['+91 98450 12345']],
  [patient, 'email', ['asha@example.org']],
  [patient, 'telecom', ['+91 98450 12345', 'asha@example.org']],
  [patient, 'gender', ['female']],
  [patient, 'birthdate', [day('1990-02-28')]],
  [patient, 'deceased', ['false']],
  [patient, 'address', ['12 mg road', 'bengaluru', '560001', 'in']],
  [patient, 'address-city', ['bengaluru']],
  [patient, 'address-postalcode', ['560001']],
  [patient, 'language', ['urn:ietf:bcp:47|kn']],
  [patient, 'general-practitioner', ['Practitioner/d1']],
  [patient, 'phonetic', []],
  [patient, '_tag', ['urn:medallion:author|patient']],
  [patient, '_profile', ['http://example.org/StructureDefinition/person']],
  [observation, 'code', ['http://loinc.org|85354-9']],
  [observation, 'combo-code', ['http://loinc.org|85354-9', 'http://loinc.org|8480-6']],
  [observation, 'category', ['http://terminology.hl7.org/CodeSystem/observation-category|vital-signs']],
  [observation, 'status', ['final']],
  [observation, 'patient', ['Patient/p1']],
  [observation, 'subject', ['Patient/p1']],
  [observation, 'performer', ['Practitioner/d1']],
  [observation, 'date', [second('2024-05-02T04:30:00Z')]],
  [observation, 'component-value-quantity', ['http://unitsofmeasure.org|mm[Hg] 120..120']],
  [observation, 'value-quantity', []],
  [
    changed(observation, { valueQuantity: { value: 5, comparator: '<', unit: 'mg' } }),
    'value-quantity',
    ['mg -Infinity..5'],
  ],
  [changed(observation, { valueString: 'Pos  ITIVE' }), 'value-string', ['pos itive']],
  [
    changed(observation, { valueCodeableConcept: { ...concept('a'), text: 'B' } }),
    'value-concept',
    ['http://x|a'],
  ],
  [changed(observation, { subject: { reference: 'Group/g' } }), 'patient', []],
  [changed(observation, { subject: { reference: 'Group/g' } }), 'subject', ['Group/g']],
  [changed(observation, { subject: { reference: 'Patient/p1/_history/4' } }), 'subject', ['Patient/p1']],
  [
    changed(observation, { subject: { reference: 'https://x.example/fhir/Patient/1' } }),
    'patient',
    ['https://x.example/fhir/Patient/1'],
  ],
  [changed(observation, { subject: { reference: '#in' } }), 'subject', []],
  [
    changed(observation, { effectiveDateTime: undefined, effectivePeriod: { end: '2024-05-02' } }),
    'date',
    [`${earliestMs}..${Date.parse('2024-05-02') + 86_399_999}`],
  ],
  [
    changed(observation, {
      effectiveDateTime: undefined,
      effectiveTiming: { event: ['2024-05-02'], repeat: { boundsPeriod: { start: '2024-05-02' } } },
    }),
    'date',
    [day('2024-05-02'), `${Date.parse('2024-05-02')}..${latestMs}`],
  ],
  [allergy, 'clinical-status', ['http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical|active']],
  [allergy, 'code', ['http://snomed.info/sct|91936005']],
  [appointment, 'actor', ['Patient/p1']],
  [appointment, 'date', [second('2024-05-02T10:00:00Z')]],
  [medication, 'status', ['active']],
  [medication, 'intent', ['order']],
  [medication, 'code', ['http://x|m']],
  [medication, 'authoredon', [day('2024-05-02')]],
  [medication, 'encounter', ['Encounter/e1']],
  [medication, 'requester', ['Practitioner/d1']],
  [medication, 'patient', ['Patient/p1']],
  [encounter, 'class', ['http://x|AMB']],
  [encounter, 'date', [`${Date.parse('2024-05-02')}..${latestMs}`]],
  [encounter, 'location', ['Location/l1']],
  [encounter, 'participant', ['Practitioner/d1']],
  [encounter, 'practitioner', ['Practitioner/d1']],
  [immunization, 'vaccine-code', ['http://x|v']],
  [immunization, 'date', [`${Date.parse('2024-05-01')}..${Date.parse('2024-06-01') - 1}`]],
  [immunization, 'lot-number', ['l1']],
  [
    make({
      resourceType: 'Condition',
      subject: p1,
      onsetAge: { value: 30, code: 'a', system: 'http://unitsofmeasure.org' },
      abatementString: 'May',
    }),
    'onset-age',
    ['http://unitsofmeasure.org|a 30..30'],
  ],
  [
    make({ resourceType: 'Condition', subject: p1, onsetRange: { low: { value: 30, unit: 'y' } } }),
    'onset-age',
    ['y 30..Infinity'],
  ],
  [
    make({ resourceType: 'Condition', subject: p1, recordedDate: '2024' }),
    'recorded-date',
    [`${Date.parse('2024-01-01')}..${Date.parse('2025-01-01') - 1}`],
  ],
  [
    make({
      resourceType: 'DiagnosticReport',
      status: 'final',
      code: loinc('1'),
      result: [{ reference: 'Observation/o1' }],
    }),
    'result',
    ['Observation/o1'],
  ],
  [
    make({
      resourceType: 'DocumentReference',
      status: 'current',
      type: loinc('1'),
      subject: p1,
      content: [{ attachment: { contentType: 'application/pdf' } }],
    }),
    'contenttype',
    ['application/pdf'],
  ],
  [
    make({
      resourceType: 'Slot',
      schedule: { reference: 'Schedule/s' },
      status: 'free',
      start: '2024-05-02T10:00:00.5Z',
      end: '2024-05-02T10:15:00Z',
    }),
    'start',
    [`${Date.parse('2024-05-02T10:00:00.5Z')}..${Date.parse('2024-05-02T10:00:00.599Z')}`],
  ],
  [
    make({ resourceType: 'QuestionnaireResponse', status: 'completed', questionnaire: 'http://x/q|2' }),
    'questionnaire',
    ['http://x/q'],
  ],
  [make({ resourceType: 'Questionnaire', status: 'active', url: 'http://x/q' }), 'url', ['http://x/q']],
  [
    make({
      resourceType: 'Consent',
      status: 'active',
      dateTime: '2024-05-02',
      provision: {
        actor: [{ role: concept('r'), reference: { reference: 'Practitioner/d1' } }],
        period: { end: '2024' },
      },
    }),
    'actor',
    ['Practitioner/d1'],
  ],
  [
    make({
      resourceType: 'RiskAssessment',
      status: 'final',
      subject: p1,
      prediction: [{ probabilityDecimal: 0.25 }],
    }),
    'probability',
    ['0.25..0.25'],
  ],
  [
    make({ resourceType: 'Invoice', status: 'issued', totalNet: { value: 10.5, currency: 'INR' } }),
    'totalnet',
    ['urn:iso:std:iso:4217|INR 10.5..10.5'],
  ],
  [
    make({ resourceType: 'Practitioner', name: [{ family: 'प्रिया', given: ['José'] }] }),
    'name',
    ['प्रिया', 'jose'],
  ],
];

for (const [resource, param, values] of expected)
  test(`${resource.resourceType} is found by ${param}: ${values.join(', ').slice(0, 60)}`, () => {
    assert.deepEqual(
      valuesOf(resource, param),
      values.map((value) => value.normalize('NFD')),
    );
  });

test('an absolute reference to this server is one of its own', () => {
  const resource = changed(observation, { subject: { reference: 'https://own.example/fhir/Patient/p1' } });
  assert.deepEqual(valuesOf(resource, 'patient', 'https://own.example/fhir'), ['Patient/p1']);
});

test('a deceased patient is found by the day of death as well', () => {
  const resource = changed(patient, { deceasedBoolean: undefined, deceasedDateTime: '2024-05-02' });
  assert.deepEqual(valuesOf(resource, 'deceased'), ['true']);
  assert.deepEqual(valuesOf(resource, 'death-date'), [day('2024-05-02')]);
});

test('no value is given twice', () => {
  const resource = changed(patient, { name: [{ given: ['A', 'A'] }, { given: ['a'] }] });
  assert.deepEqual(valuesOf(resource, 'given'), ['a']);
});

test('values that no index can hold are cut short or left out', () => {
  const long = 'x'.repeat(5000);
  const resource = changed(patient, {
    name: [{ family: long }],
    identifier: [{ system: 'http://x', value: long }],
  });
  assert.deepEqual(valuesOf(resource, 'family'), ['x'.repeat(256)]);
  assert.deepEqual(valuesOf(resource, 'identifier'), []);
});

test('searchable text ignores case, accents and white space and keeps vowel signs', () => {
  assert.equal(searchableText('  Ǻsa  MÜLLER\n'), 'asa muller');
  assert.equal(searchableText('I\u0307stanbul'), searchableText('istanbul'));
  assert.notEqual(searchableText('की'), searchableText('क'));
  assert.equal(searchableText('\u00e9'), searchableText('e\u0301'));
});

test('hostile shapes give no values and no exception', () => {
  const pieces = [
    null,
    true,
    7,
    'x',
    [],
    {},
    [[]],
    [null],
    { coding: 'x' },
    { reference: {} },
    { start: 1 },
    { event: [1], repeat: 2 },
  ];
  for (const type of resourceTypes)
    for (const piece of pieces) {
      const content: Record<string, unknown> = {};
      for (const parameter of searchParametersOf(type).values())
        for (const { steps } of parameter.paths) content[steps[0]?.property ?? ''] = piece;
      assert.ok(Array.isArray(searchValues(make({ ...content, resourceType: type }))));
    }
});

test('what is not offered is listed', () => {
  const omitted = new Map(capableTypes().map((type) => [type.resourceType, type.omitted]));
  assert.deepEqual(omitted.get('Location'), ['near']);
  assert.deepEqual(omitted.get('Patient'), ['phonetic']);
  assert.ok(omitted.get('Observation')?.includes('code-value-quantity'));
  const offered = capableTypes(['Patient'])[0]?.searchParameters ?? [];
  assert.deepEqual(
    offered.find((parameter) => parameter.name === 'birthdate'),
    { name: 'birthdate', type: 'date' },
  );
  assert.ok(offered.some((parameter) => parameter.name === '_id'));
});
