// What a reference text means, where references are found, how they are replaced, and whose record a resource is in.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compartmentPaths, mayBelongToPerson, ownersOf, patientsOf } from '../../../core/fhir/compartment.ts';
import {
  literalReferences,
  parseReference,
  referencesOf,
  rewriteReferences,
} from '../../../core/fhir/references.ts';
import { resourceTypes } from '../../../core/fhir/resource-types.ts';
import { make, observation } from './examples.ts';

const base = 'https://own.example/fhir';
const invalid = { kind: 'invalid' };

const meanings: readonly (readonly [text: string, meaning: object])[] = [
  ['Patient/p1', { kind: 'local', type: 'Patient', id: 'p1' }],
  ['Patient/p1/_history/3', { kind: 'local', type: 'Patient', id: 'p1', version: '3' }],
  [`${base}/Patient/p1`, { kind: 'local', type: 'Patient', id: 'p1' }],
  ['https://own.example/fhirPatient/p1', { kind: 'foreign', url: 'https://own.example/fhirPatient/p1' }],
  ['https://evil.example/fhir/Patient/p1', { kind: 'foreign', url: 'https://evil.example/fhir/Patient/p1' }],
  [
    'urn:uuid:9afe28dc-7ad5-4e90-b6a6-16123eae98c3',
    { kind: 'urn', urn: 'urn:uuid:9afe28dc-7ad5-4e90-b6a6-16123eae98c3' },
  ],
  ['urn:oid:1.2.3', { kind: 'urn', urn: 'urn:oid:1.2.3' }],
  ['#', { kind: 'contained', id: '' }],
  ['#in', { kind: 'contained', id: 'in' }],
  ['Patient?identifier=a|b', { kind: 'conditional', type: 'Patient', query: 'identifier=a|b' }],
  ['', invalid],
  ['Patient', invalid],
  ['Patient/', invalid],
  ['patient/p1', invalid],
  ['/Patient/p1', invalid],
  ['Patient/p1/', invalid],
  ['Patient/p1/_history', invalid],
  ['Patient/p1/_history/', invalid],
  ['Patient/p1/history/1', invalid],
  ['Patient/p1/_history/1/2', invalid],
  ['Patient//p1', invalid],
  ['Patient/..', { kind: 'local', type: 'Patient', id: '..' }],
  ['../Patient/p1', invalid],
  ['Patient/p%201', invalid],
  ['Patient/p1#x', invalid],
  [' Patient/p1', invalid],
  ['Patient/p1\n', invalid],
  ['Patient/' + 'a'.repeat(65), invalid],
  ['#a b', invalid],
  ['javascript:alert(1)', invalid],
  ['http:///x', invalid],
  ['urn:uuid:', invalid],
  ['https://x/' + 'a'.repeat(5000), invalid],
];

for (const [text, meaning] of meanings)
  test(`means ${JSON.stringify(meaning).slice(0, 60)}: ${JSON.stringify(text.slice(0, 50))}`, () => {
    assert.deepEqual(parseReference(text, base), meaning);
  });

test('without an own base every absolute URL is foreign', () => {
  assert.deepEqual(parseReference(`${base}/Patient/p1`), { kind: 'foreign', url: `${base}/Patient/p1` });
});

const report = make({
  resourceType: 'DiagnosticReport',
  status: 'final',
  code: { text: 'x' },
  subject: { reference: 'urn:uuid:p', display: 'Asha' },
  result: [{ reference: 'urn:uuid:o1' }, { reference: 'Observation/o2' }, { display: 'no link' }],
  presentedForm: [{ contentType: 'text/plain', url: 'urn:uuid:b' }],
  text: { status: 'generated', div: '<div><a href="urn:uuid:o1">x</a> urn:uuid:o1</div>' },
  contained: [{ resourceType: 'Specimen', id: 's', subject: { reference: 'urn:uuid:p' } }],
  extension: [
    { url: 'http://x', valueReference: { reference: 'Patient/p9' } },
    { url: 'http://x', valueCanonical: 'urn:uuid:o1' },
    { url: 'http://x', valueExpression: { language: 'text/cql', reference: 'urn:uuid:o1' } },
  ],
});

test('references are found with their places, also in contained resources and extensions', () => {
  assert.deepEqual(
    referencesOf(report).map(({ text, path }) => `${text} ${path}`),
    [
      'urn:uuid:p DiagnosticReport.subject',
      'urn:uuid:o1 DiagnosticReport.result[0]',
      'Observation/o2 DiagnosticReport.result[1]',
      'urn:uuid:p DiagnosticReport.contained[0].subject',
      'Patient/p9 DiagnosticReport.extension[0].valueReference',
    ],
  );
  assert.deepEqual(literalReferences(report), [
    { type: 'Observation', id: 'o2', expression: 'DiagnosticReport.result[1]' },
    { type: 'Patient', id: 'p9', expression: 'DiagnosticReport.extension[0].valueReference' },
  ]);
});

test('the uri of educational material is no reference', () => {
  const immunization = make({
    resourceType: 'Immunization',
    education: [{ reference: 'http://example.org/leaflet' }],
  });
  assert.deepEqual(referencesOf(immunization), []);
});

test('a map replaces references, uris and narrative links, but no canonicals and no other text', () => {
  const before = JSON.stringify(report);
  const written = JSON.stringify(
    rewriteReferences(
      report,
      new Map([
        ['urn:uuid:p', 'Patient/1'],
        ['urn:uuid:o1', 'Observation/2'],
        ['urn:uuid:b', 'Binary/3'],
      ]),
    ),
  );
  assert.equal(
    written,
    before
      .replaceAll('"reference":"urn:uuid:p"', '"reference":"Patient/1"')
      .replace('{"reference":"urn:uuid:o1"}', '{"reference":"Observation/2"}')
      .replace('"url":"urn:uuid:b"', '"url":"Binary/3"')
      .replace('href=\\"urn:uuid:o1\\"', 'href=\\"Observation/2\\"'),
  );
  assert.equal(JSON.stringify(report), before);
});

test('a function sees references only', () => {
  const seen: string[] = [];
  rewriteReferences(report, (text) => {
    seen.push(text);
    return text;
  });
  assert.deepEqual(seen.sort(), ['Observation/o2', 'Patient/p9', 'urn:uuid:o1', 'urn:uuid:p', 'urn:uuid:p']);
});

const p = (id: string): object => ({ reference: `Patient/${id}` });

const membership: readonly (readonly [
  rule: string,
  resource: Parameters<typeof make>[0],
  patients: string[],
  owners: string[] | 'nobody',
])[] = [
  [
    'a patient belongs to itself, not to those it is linked with',
    { resourceType: 'Patient', id: 'a', link: [{ other: p('b'), type: 'seealso' }] },
    ['a'],
    ['new'],
  ],
  [
    'an observation by its subject, then its performer',
    { resourceType: 'Observation', performer: [p('b')], subject: p('a') },
    ['a', 'b'],
    ['a'],
  ],
  [
    'an observation of a place belongs to nobody',
    { resourceType: 'Observation', subject: { reference: 'Location/l' } },
    [],
    'nobody',
  ],
  ['an observation that does not say whose', { resourceType: 'Observation' }, [], []],
  [
    'an observation of a group is nobody’s own',
    { resourceType: 'Observation', subject: { reference: 'Group/g' } },
    [],
    [],
  ],
  [
    'an appointment by its participants',
    {
      resourceType: 'Appointment',
      participant: [{ actor: { reference: 'Practitioner/d' } }, { actor: p('a') }],
    },
    ['a'],
    ['a'],
  ],
  [
    'an appointment of two patients',
    { resourceType: 'Appointment', participant: [{ actor: p('a') }, { actor: p('b') }] },
    ['a', 'b'],
    ['a', 'b'],
  ],
  [
    'a coverage by its beneficiary first',
    { resourceType: 'Coverage', policyHolder: p('b'), beneficiary: p('a') },
    ['a', 'b'],
    ['a'],
  ],
  [
    'a binary by its security context',
    { resourceType: 'Binary', contentType: 'image/png', securityContext: p('a') },
    ['a'],
    ['a'],
  ],
  ['a binary without one', { resourceType: 'Binary', contentType: 'image/png' }, [], []],
  ['an implant', { resourceType: 'Device', patient: p('a') }, ['a'], ['a']],
  ['a device of the ward', { resourceType: 'Device' }, [], 'nobody'],
  ['a task for somebody', { resourceType: 'Task', for: p('a') }, ['a'], ['a']],
  [
    'a doctor’s calendar',
    { resourceType: 'Schedule', actor: [{ reference: 'PractitionerRole/r' }] },
    [],
    'nobody',
  ],
  [
    'a versioned reference',
    { resourceType: 'Condition', subject: { reference: 'Patient/a/_history/2' } },
    ['a'],
    ['a'],
  ],
  [
    'an absolute reference to this server',
    { resourceType: 'Condition', subject: { reference: `${base}/Patient/a` } },
    ['a'],
    ['a'],
  ],
  [
    'an absolute reference to another server',
    { resourceType: 'Condition', subject: { reference: 'https://evil.example/fhir/Patient/a' } },
    [],
    [],
  ],
  [
    'a contained patient',
    {
      resourceType: 'Condition',
      subject: { reference: '#a' },
      contained: [{ resourceType: 'Patient', id: 'a' }],
    },
    [],
    [],
  ],
  ['a logical reference', { resourceType: 'Condition', subject: { identifier: { value: 'a' } } }, [], []],
  [
    'a reference in an extension',
    { resourceType: 'Practitioner', extension: [{ url: 'http://x', valueReference: p('a') }] },
    [],
    'nobody',
  ],
  [
    'a document by its entries',
    {
      resourceType: 'Bundle',
      entry: [
        { resource: { resourceType: 'Composition', subject: p('a') } },
        { resource: { resourceType: 'Organization' } },
      ],
    },
    ['a'],
    ['a'],
  ],
  ['the directory', { resourceType: 'Organization', name: 'x' }, [], 'nobody'],
  [
    'a hostile shape',
    {
      resourceType: 'Observation',
      subject: [{ reference: 7 }, null, 'Patient/a', { reference: ['Patient/a'] }],
    },
    [],
    [],
  ],
];

for (const [rule, content, patients, owners] of membership)
  test(`whose record: ${rule}`, () => {
    const resource = make(content);
    assert.deepEqual(patientsOf(resource, base), patients);
    assert.deepEqual(ownersOf(resource, 'new', base), owners);
  });

test('the directory types can never be part of a record', () => {
  const never = [
    'Practitioner',
    'PractitionerRole',
    'Organization',
    'Location',
    'HealthcareService',
    'Slot',
    'Medication',
    'Questionnaire',
    'Endpoint',
    'ChargeItemDefinition',
    'ValueSet',
  ];
  for (const type of never) assert.equal(mayBelongToPerson(type), false, type);
  const always = [
    'Patient',
    'Observation',
    'DocumentReference',
    'Consent',
    'Immunization',
    'AuditEvent',
    'RelatedPerson',
    'Binary',
  ];
  for (const type of always) assert.equal(mayBelongToPerson(type), true, type);
  assert.ok(resourceTypes.filter(mayBelongToPerson).length > 65);
});

test('compartment elements are those of the official definition', () => {
  assert.deepEqual(compartmentPaths('Observation'), ['subject', 'performer']);
  assert.deepEqual(compartmentPaths('AllergyIntolerance'), ['patient', 'recorder', 'asserter']);
  assert.deepEqual(compartmentPaths('Location'), []);
  assert.deepEqual(patientsOf(observation), ['p1']);
});
