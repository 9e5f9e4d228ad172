// Sound resources that the tests of this folder start from; each test breaks or asks about its own copy.

import { parseJson } from '../../../core/fhir/json.ts';
import { isResource } from '../../../core/fhir/resource-types.ts';
import type { JsonObject, Resource } from '../../../core/fhir/types.ts';

/** A resource with some properties changed; a property set to undefined is removed. */
export function changed(resource: Resource, changes: Record<string, unknown>): Resource {
  const copy: Record<string, unknown> = { ...resource };
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) delete copy[name];
    else copy[name] = value;
  }
  return read(JSON.stringify(copy));
}

export function read(text: string): Resource {
  const value = parseJson(text);
  if (!isResource(value)) throw new Error('an example must be a resource');
  return value;
}

export function make(content: Record<string, unknown> & { resourceType: string }): Resource {
  return read(JSON.stringify(content));
}

const coding = (system: string, code: string): JsonObject => ({ coding: [{ system, code }] });

export const patient = make({
  resourceType: 'Patient',
  id: 'p1',
  meta: {
    versionId: '1',
    profile: ['http://example.org/StructureDefinition/person'],
    tag: [{ system: 'urn:medallion:author', code: 'patient' }],
  },
  text: {
    status: 'generated',
    div: '<div xmlns="http://www.w3.org/1999/xhtml"><p>Asha <b>Rao</b></p></div>',
  },
  identifier: [{ system: 'urn:medallion:uhid', value: '48210937665015' }],
  active: true,
  name: [
    {
      use: 'official',
      family: 'Rào',
      given: ['Asha', null],
      _given: [null, { extension: [{ url: 'http://example.org/x', valueCode: 'none' }] }],
    },
  ],
  telecom: [
    { system: 'phone', value: '+91 98450 12345' },
    { system: 'email', value: 'asha@example.org' },
  ],
  gender: 'female',
  birthDate: '1990-02-28',
  _birthDate: {
    extension: [
      {
        url: 'http://hl7.org/fhir/StructureDefinition/patient-birthTime',
        valueDateTime: '1990-02-28T04:30:00+05:30',
      },
    ],
  },
  deceasedBoolean: false,
  address: [{ line: ['12 MG Road'], city: 'Bengaluru', postalCode: '560001', country: 'IN' }],
  contact: [
    {
      relationship: [coding('http://terminology.hl7.org/CodeSystem/v2-0131', 'C')],
      telecom: [{ system: 'phone', value: '1' }],
    },
  ],
  communication: [{ language: coding('urn:ietf:bcp:47', 'kn') }],
  generalPractitioner: [{ reference: 'Practitioner/d1' }],
});

export const observation = make({
  resourceType: 'Observation',
  id: 'o1',
  status: 'final',
  category: [coding('http://terminology.hl7.org/CodeSystem/observation-category', 'vital-signs')],
  code: { ...coding('http://loinc.org', '85354-9'), text: 'Blood pressure' },
  subject: { reference: 'Patient/p1' },
  effectiveDateTime: '2024-05-02T10:00:00+05:30',
  performer: [{ reference: 'Practitioner/d1' }],
  component: [
    {
      code: coding('http://loinc.org', '8480-6'),
      valueQuantity: { value: 120, unit: 'mmHg', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' },
    },
  ],
});

export const allergy = make({
  resourceType: 'AllergyIntolerance',
  id: 'a1',
  clinicalStatus: coding('http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', 'active'),
  code: coding('http://snomed.info/sct', '91936005'),
  patient: { reference: 'Patient/p1' },
});

export const condition = make({
  resourceType: 'Condition',
  id: 'c1',
  clinicalStatus: coding('http://terminology.hl7.org/CodeSystem/condition-clinical', 'active'),
  code: { text: 'Asthma' },
  subject: { reference: 'Patient/p1' },
});

export const appointment = make({
  resourceType: 'Appointment',
  id: 'ap1',
  status: 'booked',
  start: '2024-05-02T10:00:00Z',
  end: '2024-05-02T10:15:00Z',
  participant: [{ actor: { reference: 'Patient/p1' }, status: 'accepted' }],
});

export const consent = make({
  resourceType: 'Consent',
  id: 'cs1',
  status: 'active',
  scope: coding('http://terminology.hl7.org/CodeSystem/consentscope', 'patient-privacy'),
  category: [coding('http://loinc.org', '59284-0')],
  patient: { reference: 'Patient/p1' },
  policyRule: coding('http://terminology.hl7.org/CodeSystem/v3-ActCode', 'OPTOUT'),
});
