// One resource for every rule of validation, each broken in one place, with the issue it must give.

import { DecimalLiteral } from '../../../core/fhir/json.ts';
import type { JsonValue, Resource } from '../../../core/fhir/types.ts';
import { allergy, appointment, changed, condition, consent, make, observation, patient } from './examples.ts';

export const extension = (value: object): Record<string, unknown> => ({ extension: [value] });
export const contained = (inner: object, more: object = {}): Resource =>
  changed(observation, { contained: [inner], subject: { reference: '#in' }, ...more });

export const narrative = (inner: string): Resource =>
  changed(patient, {
    text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${inner}</div>` },
  });

export const broken: readonly (readonly [rule: string, resource: JsonValue, issue: string])[] = [
  ['no object', 'x', 'resource-type-missing Resource'],
  ['an array', [], 'resource-type-missing Resource'],
  ['null', null, 'resource-type-missing Resource'],
  ['no resource type', { id: 'x' }, 'resource-type-missing Resource'],
  ['an unknown resource type', { resourceType: 'Person2' }, 'resource-type-unknown Resource'],
  ['an abstract resource type', { resourceType: 'DomainResource' }, 'resource-type-unknown Resource'],
  ['a data type as resource', { resourceType: 'HumanName' }, 'resource-type-unknown Resource'],
  ['an inherited name as resource type', { resourceType: 'toString' }, 'resource-type-unknown Resource'],
  ['an unknown element', changed(patient, { nickname: 'A' }), 'element-unknown Patient'],
  ['an element of another type', changed(patient, { status: 'active' }), 'element-unknown Patient'],
  ['a member of Object', changed(patient, { hasOwnProperty: 'x' }), 'element-unknown Patient'],
  [
    'an unknown element deep inside',
    changed(patient, { name: [{ first: 'A' }] }),
    'element-unknown Patient.name[0]',
  ],
  [
    'an extension of an object as sibling',
    changed(patient, { _name: [{ id: 'x' }] }),
    'element-unknown Patient',
  ],
  [
    'a missing required element',
    changed(observation, { status: undefined }),
    'element-missing Observation.status',
  ],
  [
    'a missing required element deep inside',
    changed(appointment, { participant: [{ actor: { reference: 'Patient/p1' } }] }),
    'element-missing Appointment.participant[0].status',
  ],
  [
    'a missing required choice',
    make({ resourceType: 'MedicationStatement', status: 'active', subject: { reference: 'Patient/p1' } }),
    'element-missing MedicationStatement.medication',
  ],
  ['a single value for a list', changed(patient, { name: { family: 'A' } }), 'array-expected Patient.name'],
  ['a list for a single value', changed(patient, { gender: ['female'] }), 'array-unexpected Patient.gender'],
  ['an empty list', changed(patient, { name: [] }), 'array-empty Patient.name'],
  ['an empty object', changed(patient, { maritalStatus: {} }), 'object-empty Patient.maritalStatus'],
  [
    'an object with nothing but an id',
    changed(patient, { maritalStatus: { id: 'x' } }),
    'object-empty Patient.maritalStatus',
  ],
  ['an empty string', changed(patient, { gender: '' }), 'string-empty Patient.gender'],
  [
    'an id without a value',
    changed(patient, { gender: undefined, _gender: { id: 'g1' } }),
    'object-empty Patient.gender',
  ],
  ['a null', changed(patient, { gender: null }), 'null-unexpected Patient.gender'],
  ['a null object in a list', changed(patient, { name: [null] }), 'null-unexpected Patient.name[0]'],
  [
    'a null value without extension',
    changed(patient, { name: [{ given: ['A', null] }] }),
    'null-unexpected Patient.name[0].given[1]',
  ],
  [
    'extensions of unequal length',
    changed(patient, { name: [{ given: ['A'], _given: [null, { id: 'x' }] }] }),
    'siblings-of-unequal-length Patient.name[0].given',
  ],
  [
    'null extensions without values',
    changed(patient, { name: [{ _given: [null] }] }),
    'null-unexpected Patient.name[0].given[0]',
  ],
  [
    'an extension list for a single value',
    changed(patient, { _gender: [{ id: 'x' }] }),
    'object-expected Patient.gender',
  ],
  [
    'a single extension for a list',
    changed(patient, { name: [{ given: ['A'], _given: { id: 'x' } }] }),
    'array-expected Patient.name[0].given',
  ],
  ['a value in the sibling', changed(patient, { _gender: 'x' }), 'object-expected Patient.gender'],
  [
    'a sibling with other properties',
    changed(patient, { _gender: { value: 'x' } }),
    'element-unknown Patient.gender',
  ],
  [
    'a choice in two types',
    changed(patient, { deceasedDateTime: '2020' }),
    'choice-repeated Patient.deceased',
  ],
  [
    'a choice once as value and once as extension',
    changed(patient, { _deceasedDateTime: extension({ url: 'http://x', valueCode: 'y' }) }),
    'choice-repeated Patient.deceased',
  ],
  [
    'a choice in a type it cannot have',
    changed(patient, { deceasedBoolean: undefined, deceasedString: 'x' }),
    'element-unknown Patient',
  ],
  ['a choice without type', changed(observation, { value: 1 }), 'element-unknown Observation'],
  [
    'a number for a string',
    changed(patient, { name: [{ family: 1 }] }),
    'value-of-wrong-type Patient.name[0].family',
  ],
  ['an object for a string', changed(patient, { gender: { x: 1 } }), 'value-of-wrong-type Patient.gender'],
  ['a string for an object', changed(patient, { name: ['Asha'] }), 'object-expected Patient.name[0]'],
  [
    'a decimal for an object',
    changed(patient, { maritalStatus: 1 }),
    'object-expected Patient.maritalStatus',
  ],
  ['a string for a boolean', changed(patient, { active: 'true' }), 'value-of-wrong-type Patient.active'],
  ['a number for a boolean', changed(patient, { active: 1 }), 'value-of-wrong-type Patient.active'],
  [
    'a string for a decimal',
    changed(observation, { component: undefined, valueQuantity: { value: '1' } }),
    'value-of-wrong-type Observation.value.value',
  ],
  [
    'a string for an integer',
    changed(observation, { component: undefined, valueInteger: '1' }),
    'value-of-wrong-type Observation.value',
  ],
  [
    'a fraction for an integer',
    changed(observation, { component: undefined, valueInteger: 1.5 }),
    'integer-malformed Observation.value',
  ],
  [
    'an integer written with a point',
    { ...observation, valueInteger: new DecimalLiteral('1.0') },
    'integer-malformed Observation.value',
  ],
  [
    'an integer beyond 32 bits',
    changed(observation, { valueInteger: 2147483648 }),
    'integer-out-of-range Observation.value',
  ],
  [
    'a negative unsignedInt',
    changed(appointment, { priority: -1 }),
    'integer-out-of-range Appointment.priority',
  ],
  [
    'a zero positiveInt',
    changed(appointment, { minutesDuration: 0 }),
    'integer-out-of-range Appointment.minutesDuration',
  ],
  ['an id with a space', changed(patient, { id: 'a b' }), 'id-malformed Patient.id'],
  ['an id with an underscore', changed(patient, { id: 'a_b' }), 'id-malformed Patient.id'],
  ['an id of 65 letters', changed(patient, { id: 'a'.repeat(65) }), 'id-malformed Patient.id'],
  [
    'a code with a space at its end',
    changed(patient, { language: 'en ' }),
    'code-malformed Patient.language',
  ],
  ['a code with two spaces', changed(patient, { language: 'a  b' }), 'code-malformed Patient.language'],
  [
    'a uri with a space',
    changed(patient, { implicitRules: 'http://a b' }),
    'uri-malformed Patient.implicitRules',
  ],
  [
    'a script uri',
    changed(patient, { photo: [{ url: 'JavaScript:alert(1)' }] }),
    'uri-unsafe Patient.photo[0].url',
  ],
  [
    'an HTML data uri',
    changed(patient, { photo: [{ url: 'data:text/html,<script>' }] }),
    'uri-unsafe Patient.photo[0].url',
  ],
  [
    'malformed base64',
    changed(patient, { photo: [{ contentType: 'image/png', data: 'abc' }] }),
    'base64-malformed Patient.photo[0].data',
  ],
  [
    'base64 of other characters',
    changed(patient, { photo: [{ contentType: 'image/png', data: 'ab-_' }] }),
    'base64-malformed Patient.photo[0].data',
  ],
  [
    'base64 with padding inside',
    changed(patient, { photo: [{ contentType: 'image/png', data: 'ab==abcd' }] }),
    'base64-malformed Patient.photo[0].data',
  ],
  [
    'a string of more than a mebibyte',
    changed(patient, { name: [{ text: 'a'.repeat(1024 * 1024 + 1) }] }),
    'string-too-long Patient.name[0].text',
  ],
  [
    'a control character',
    { ...patient, name: [{ text: 'a\u0000' }] },
    'string-control-character Patient.name[0].text',
  ],
  [
    'a lone surrogate',
    { ...patient, name: [{ text: '\ud800' }] },
    'string-control-character Patient.name[0].text',
  ],
  ['30 February', changed(patient, { birthDate: '2023-02-30' }), 'date-malformed Patient.birthDate'],
  [
    '29 February of no leap year',
    changed(patient, { birthDate: '1900-02-29' }),
    'date-malformed Patient.birthDate',
  ],
  ['month 13', changed(patient, { birthDate: '2023-13' }), 'date-malformed Patient.birthDate'],
  ['31 April', changed(patient, { birthDate: '2023-04-31' }), 'date-malformed Patient.birthDate'],
  ['day 0', changed(patient, { birthDate: '2023-04-00' }), 'date-malformed Patient.birthDate'],
  ['year 0', changed(patient, { birthDate: '0000' }), 'date-malformed Patient.birthDate'],
  ['a date of a short year', changed(patient, { birthDate: '90-02-28' }), 'date-malformed Patient.birthDate'],
  ['a date with slashes', changed(patient, { birthDate: '28/02/1990' }), 'date-malformed Patient.birthDate'],
  [
    'a date with a time',
    changed(patient, { birthDate: '1990-02-28T00:00:00Z' }),
    'date-malformed Patient.birthDate',
  ],
  ['a number for a date', changed(patient, { birthDate: 1990 }), 'value-of-wrong-type Patient.birthDate'],
  [
    'a time without zone',
    changed(observation, { effectiveDateTime: '2024-05-02T10:00:00' }),
    'date-malformed Observation.effective',
  ],
  [
    'a time without seconds',
    changed(observation, { effectiveDateTime: '2024-05-02T10:00Z' }),
    'date-malformed Observation.effective',
  ],
  [
    'hour 24',
    changed(observation, { effectiveDateTime: '2024-05-02T24:00:00Z' }),
    'date-malformed Observation.effective',
  ],
  [
    'minute 60',
    changed(observation, { effectiveDateTime: '2024-05-02T10:60:00Z' }),
    'date-malformed Observation.effective',
  ],
  [
    'second 61',
    changed(observation, { effectiveDateTime: '2024-05-02T10:00:61Z' }),
    'date-malformed Observation.effective',
  ],
  [
    'a zone of 15 hours',
    changed(observation, { effectiveDateTime: '2024-05-02T10:00:00+15:00' }),
    'date-malformed Observation.effective',
  ],
  [
    'an instant without time',
    changed(observation, { issued: '2024-05-02' }),
    'date-malformed Observation.issued',
  ],
  [
    'a time of day of 25 hours',
    changed(observation, { component: undefined, valueTime: '25:00:00' }),
    'time-malformed Observation.value',
  ],
  [
    'a code outside a required list',
    changed(observation, { status: 'nope' }),
    'code-unknown Observation.status',
  ],
  ['a code in the wrong case', changed(patient, { gender: 'Female' }), 'code-unknown Patient.gender'],
  [
    'an unknown code in a list',
    changed(make({ resourceType: 'Location' }), { mode: 'x' }),
    'code-unknown Location.mode',
  ],
  [
    'a concept outside a required list',
    changed(allergy, {
      clinicalStatus: {
        coding: [
          { system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'gone' },
        ],
      },
    }),
    'concept-unknown AllergyIntolerance.clinicalStatus',
  ],
  [
    'a required concept of another system',
    changed(condition, { clinicalStatus: { coding: [{ system: 'http://x', code: 'active' }] } }),
    'concept-unknown Condition.clinicalStatus',
  ],
  [
    'a required concept as text only',
    changed(condition, { clinicalStatus: { text: 'active' } }),
    'concept-unknown Condition.clinicalStatus',
  ],
  [
    'a malformed reference',
    changed(observation, { subject: { reference: 'p1' } }),
    'reference-malformed Observation.subject.reference',
  ],
  [
    'a reference with a space',
    changed(observation, { subject: { reference: 'Patient/p 1' } }),
    'reference-malformed Observation.subject.reference',
  ],
  [
    'a reference with path tricks',
    changed(observation, { subject: { reference: 'Patient/../Patient/p1' } }),
    'reference-malformed Observation.subject.reference',
  ],
  [
    'a script reference',
    changed(observation, { subject: { reference: 'javascript:alert(1)' } }),
    'reference-malformed Observation.subject.reference',
  ],
  [
    'a conditional reference',
    changed(observation, { subject: { reference: 'Patient?name=x' } }),
    'reference-conditional Observation.subject.reference',
  ],
  [
    'a reference to no R4 type',
    changed(observation, { subject: { reference: 'Human/p1' } }),
    'reference-type-unknown Observation.subject.reference',
  ],
  [
    'a reference to a type not allowed',
    changed(observation, { subject: { reference: 'Practitioner/p1' } }),
    'reference-target Observation.subject.reference',
  ],
  [
    'a contained reference to nothing',
    changed(observation, { subject: { reference: '#in' } }),
    'reference-not-contained Observation.subject',
  ],
  [
    'a contained resource of no type',
    contained({ id: 'in' }),
    'resource-type-missing Observation.contained[0]',
  ],
  [
    'a contained resource without id',
    changed(observation, { contained: [{ resourceType: 'Patient', active: true }] }),
    'contained-id-missing Observation.contained[0]',
  ],
  [
    'a contained resource nobody refers to',
    changed(observation, { contained: [{ resourceType: 'Patient', id: 'in' }] }),
    'contained-unused Observation.contained[0]',
  ],
  [
    'a contained resource with an unknown element',
    contained({ resourceType: 'Patient', id: 'in', x: 1 }),
    'element-unknown Observation.contained[0]',
  ],
  [
    'contained in contained',
    contained({ resourceType: 'Patient', id: 'in', contained: [{ resourceType: 'Patient', id: 'deeper' }] }),
    'contained-nested Observation.contained[0]',
  ],
  [
    'a contained resource with a version',
    contained({ resourceType: 'Patient', id: 'in', meta: { versionId: '1' } }),
    'contained-meta Observation.contained[0]',
  ],
  [
    'a contained resource with a security label',
    contained({ resourceType: 'Patient', id: 'in', meta: { security: [{ code: 'R' }] } }),
    'contained-meta Observation.contained[0]',
  ],
  [
    'an extension without url',
    changed(patient, extension({ valueString: 'x' })),
    'element-missing Patient.extension[0].url',
  ],
  [
    'an extension without value',
    changed(patient, extension({ url: 'http://x' })),
    'ext-1 Patient.extension[0]',
  ],
  [
    'an extension with value and extensions',
    changed(
      patient,
      extension({ url: 'http://x', valueString: 'x', ...extension({ url: 'y', valueString: 'z' }) }),
    ),
    'ext-1 Patient.extension[0]',
  ],
  [
    'an extension with two values',
    changed(patient, extension({ url: 'http://x', valueString: 'x', valueInteger: 1 })),
    'choice-repeated Patient.extension[0].value',
  ],
  [
    'an extension with an unknown value type',
    changed(patient, extension({ url: 'http://x', valueHtml: 'x' })),
    'element-unknown Patient.extension[0]',
  ],
  [
    'a narrative without div',
    changed(patient, { text: { status: 'generated', div: 'Asha' } }),
    'narrative-no-div Patient.text.div',
  ],
  [
    'a narrative in another element',
    changed(patient, { text: { status: 'generated', div: '<p xmlns="http://www.w3.org/1999/xhtml">x</p>' } }),
    'narrative-no-div Patient.text.div',
  ],
  [
    'a narrative without namespace',
    changed(patient, { text: { status: 'generated', div: '<div>x</div>' } }),
    'narrative-no-div Patient.text.div',
  ],
  [
    'text after the div',
    changed(patient, {
      text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">x</div>y' },
    }),
    'narrative-malformed Patient.text.div',
  ],
  ['a script', narrative('<script>alert(1)</script>'), 'narrative-unsafe Patient.text.div'],
  ['an upper-case script', narrative('<SCRIPT>alert(1)</SCRIPT>'), 'narrative-unsafe Patient.text.div'],
  ['an event handler', narrative('<p onclick="x()">a</p>'), 'narrative-unsafe Patient.text.div'],
  [
    'an event handler on an image',
    narrative('<img src="#a" onerror="x()"/>'),
    'narrative-unsafe Patient.text.div',
  ],
  ['a script link', narrative('<a href="javascript:x()">a</a>'), 'narrative-unsafe Patient.text.div'],
  [
    'a script link written with entities',
    narrative('<a href="java&#115;cript&#x3a;x()">a</a>'),
    'narrative-unsafe Patient.text.div',
  ],
  [
    'a script link with a line end inside',
    narrative('<a href="java\nscript:x()">a</a>'),
    'narrative-unsafe Patient.text.div',
  ],
  [
    'an HTML data link',
    narrative('<a href="data:text/html;base64,AAAA">a</a>'),
    'narrative-unsafe Patient.text.div',
  ],
  ['an SVG image', narrative('<svg/>'), 'narrative-unsafe Patient.text.div'],
  ['a form', narrative('<form action="http://x"><p>a</p></form>'), 'narrative-unsafe Patient.text.div'],
  ['a frame', narrative('<iframe src="http://x"></iframe>'), 'narrative-unsafe Patient.text.div'],
  [
    'a style that loads',
    narrative('<p style="background:url(http://x)">a</p>'),
    'narrative-unsafe Patient.text.div',
  ],
  [
    'a style that loads that names a host only',
    narrative('<p style="background:url(//x.example/a.png)">a</p>'),
    'narrative-unsafe Patient.text.div',
  ],
  [
    'a narrative with a link to code after a fragment',
    narrative('<a href="javascript:alert(1)#x">a</a>'),
    'narrative-unsafe Patient.text.div',
  ],
  ['an element left open', narrative('<p>a'), 'narrative-malformed Patient.text.div'],
  ['elements crossing', narrative('<b><i>a</b></i>'), 'narrative-malformed Patient.text.div'],
  ['an attribute without quotes', narrative('<p class=x>a</p>'), 'narrative-malformed Patient.text.div'],
  ['an attribute twice', narrative('<p class="a" class="b">a</p>'), 'narrative-malformed Patient.text.div'],
  ['a bare ampersand', narrative('a & b'), 'narrative-malformed Patient.text.div'],
  ['a document type', narrative('<!DOCTYPE html>a'), 'narrative-malformed Patient.text.div'],
  ['a CDATA section', narrative('<![CDATA[<script>]]>'), 'narrative-malformed Patient.text.div'],
  ['a narrative of nothing', narrative(' <p> </p> '), 'narrative-empty Patient.text.div'],
  [
    'elements 101 deep',
    narrative('<b>'.repeat(100) + 'x' + '</b>'.repeat(100)),
    'narrative-malformed Patient.text.div',
  ],
  ['ait-1', changed(allergy, { clinicalStatus: undefined }), 'ait-1 AllergyIntolerance'],
  [
    'ait-2',
    changed(allergy, {
      verificationStatus: {
        coding: [
          {
            system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification',
            code: 'entered-in-error',
          },
        ],
      },
    }),
    'ait-2 AllergyIntolerance',
  ],
  [
    'app-1',
    changed(appointment, { participant: [{ status: 'accepted' }] }),
    'app-1 Appointment.participant[0]',
  ],
  ['app-2', changed(appointment, { end: undefined, status: 'proposed' }), 'app-2 Appointment'],
  ['app-3', changed(appointment, { start: undefined, end: undefined }), 'app-3 Appointment'],
  ['app-4', changed(appointment, { cancelationReason: { text: 'x' } }), 'app-4 Appointment'],
  ['att-1', changed(patient, { photo: [{ data: 'AAAA' }] }), 'att-1 Patient.photo[0]'],
  ['con-4', changed(condition, { abatementDateTime: '2020' }), 'con-4 Condition'],
  [
    'con-5',
    changed(condition, {
      verificationStatus: {
        coding: [
          { system: 'http://terminology.hl7.org/CodeSystem/condition-ver-status', code: 'entered-in-error' },
        ],
      },
    }),
    'con-5 Condition',
  ],
  ['cpt-2', changed(patient, { telecom: [{ value: '1' }] }), 'cpt-2 Patient.telecom[0]'],
  [
    'obs-3',
    changed(observation, { referenceRange: [{ appliesTo: [{ text: 'x' }] }] }),
    'obs-3 Observation.referenceRange[0]',
  ],
  ['obs-6', changed(observation, { valueString: 'x', dataAbsentReason: { text: 'x' } }), 'obs-6 Observation'],
  [
    'obs-7',
    changed(observation, { valueString: 'x', component: [{ code: observation['code'], valueString: 'y' }] }),
    'obs-7 Observation',
  ],
  ['org-1', make({ resourceType: 'Organization', active: true }), 'org-1 Organization'],
  [
    'org-3',
    make({
      resourceType: 'Organization',
      name: 'x',
      telecom: [{ system: 'phone', value: '1', use: 'home' }],
    }),
    'org-3 Organization',
  ],
  ['pat-1', changed(patient, { contact: [{ gender: 'male' }] }), 'pat-1 Patient.contact[0]'],
  [
    'per-1',
    changed(patient, { name: [{ text: 'x', period: { start: '2024-05-02', end: '2024-05-01' } }] }),
    'per-1 Patient.name[0].period',
  ],
  ['ppc-1', changed(consent, { policyRule: undefined }), 'ppc-1 Consent'],
  ['ppc-2', changed(consent, { patient: undefined }), 'ppc-2 Consent'],
  [
    'qty-3',
    changed(observation, { component: undefined, valueQuantity: { value: 1, code: 'mg' } }),
    'qty-3 Observation.value',
  ],
  [
    'rng-2',
    changed(observation, { component: undefined, valueRange: { low: { value: 2 }, high: { value: 1 } } }),
    'rng-2 Observation.value',
  ],
  [
    'sqty-1',
    changed(observation, { referenceRange: [{ low: { value: 1, comparator: '<' } }] }),
    'element-unknown Observation.referenceRange[0].low',
  ],
  [
    'tim-2',
    make({
      resourceType: 'MedicationRequest',
      status: 'active',
      intent: 'order',
      subject: { reference: 'Patient/p1' },
      medicationCodeableConcept: { text: 'x' },
      dosageInstruction: [{ timing: { repeat: { frequency: 1, period: 1 } } }],
    }),
    'tim-2 MedicationRequest.dosageInstruction[0].timing.repeat',
  ],
  [
    'sev-1',
    make({
      resourceType: 'AuditEvent',
      type: { code: 'rest' },
      recorded: '2024-05-02T10:00:00Z',
      agent: [{ requestor: true }],
      source: { observer: { display: 'x' } },
      entity: [{ name: 'x', query: 'AAAA' }],
    }),
    'sev-1 AuditEvent.entity[0]',
  ],
  ['bdl-1', make({ resourceType: 'Bundle', type: 'collection', total: 1 }), 'bdl-1 Bundle'],
  [
    'bdl-3',
    make({
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [{ resource: { resourceType: 'Location' } }],
    }),
    'bdl-3 Bundle',
  ],
  [
    'bdl-7',
    make({
      resourceType: 'Bundle',
      type: 'collection',
      entry: [
        { fullUrl: 'urn:x', resource: { resourceType: 'Location' } },
        { fullUrl: 'urn:x', resource: { resourceType: 'Location' } },
      ],
    }),
    'bdl-7 Bundle',
  ],
  [
    'a bad resource in a Bundle',
    make({
      resourceType: 'Bundle',
      type: 'collection',
      entry: [{ resource: { resourceType: 'Location', mode: 'x' } }],
    }),
    'code-unknown Bundle.entry[0].resource.mode',
  ],
  [
    'a bad resource in Parameters',
    make({ resourceType: 'Parameters', parameter: [{ name: 'x', resource: { resourceType: 'Nothing' } }] }),
    'resource-type-unknown Parameters.parameter[0].resource',
  ],
  [
    'que-2',
    make({
      resourceType: 'Questionnaire',
      status: 'draft',
      item: [{ linkId: '1', type: 'group', item: [{ linkId: '1', type: 'string' }] }],
    }),
    'que-2 Questionnaire',
  ],
];
