// The directory of the demo as FHIR resources that belong to nobody: places to go and who works there.
import * as systems from '../core/record/code-systems.ts';
import type { JsonObject, Resource } from '../core/fhir/types.ts';
import { languageEntry } from '../core/record/code-lists/languages.ts';
import type { DemoDoctor, DemoOrganization, OrganizationKind } from './directory-list.ts';
import { doctors, organizations, organizationOf, specialties } from './directory-list.ts';
import { cities, demoPhone } from './places.ts';
import { idOf } from './random.ts';

export type Identified = Resource & { id: string };

const organizationType = 'http://terminology.hl7.org/CodeSystem/organization-type';
/** Registration numbers of the demo: nobody's. */
const registrationSystem = 'urn:medallion:demo:registration';

const kindWords: Record<OrganizationKind, string> = {
  hospital: 'Hospital',
  laboratory: 'Medical laboratory',
  pharmacy: 'Pharmacy',
  'blood-bank': 'Blood bank',
};

/** A reference with the name as it is shown. */
export function organizationReference(key: string): JsonObject {
  return { reference: `Organization/${idOf(`Organization/${key}`)}`, display: organizationOf(key).name };
}

export function doctorReference(doctor: Pick<DemoDoctor, 'key' | 'name'>): JsonObject {
  return { reference: `Practitioner/${idOf(`Practitioner/${doctor.key}`)}`, display: doctor.name };
}

/** All of it, in an order in which nothing is named before it exists. */
export function directory(): Identified[] {
  return [
    ...organizations.map(organization),
    ...organizations.map(location),
    ...doctors.map(practitioner),
    ...doctors.map(practitionerRole),
    ...organizations.map(healthcareService),
  ];
}

function organization(one: DemoOrganization): Identified {
  return {
    resourceType: 'Organization',
    id: idOf(`Organization/${one.key}`),
    active: true,
    type: [
      {
        coding: [{ system: organizationType, code: 'prov', display: 'Healthcare Provider' }],
        text: kindWords[one.kind],
      },
    ],
    name: one.name,
    telecom: [{ system: 'phone', value: demoPhone(one.phone), use: 'work' }],
    address: [address(one)],
  };
}

function address({ city, street }: DemoOrganization): JsonObject {
  const { name, district, state, postalCode } = cities[city];
  return { use: 'work', line: [street], city: name, district, state, postalCode, country: 'IN' };
}

function location(one: DemoOrganization, index: number): Identified {
  const { latitude, longitude } = cities[one.city];
  // Spread over the city, so that no two stand on one spot.
  const shift = (index % 5) * 0.011;
  return {
    resourceType: 'Location',
    id: idOf(`Location/${one.key}`),
    status: 'active',
    name: one.name,
    mode: 'instance',
    telecom: [{ system: 'phone', value: demoPhone(one.phone), use: 'work' }],
    address: address(one),
    position: { latitude: rounded(latitude + shift), longitude: rounded(longitude - shift) },
    managingOrganization: organizationReference(one.key),
    ...(one.hours ? { hoursOfOperation: [hours(one.hours)] } : {}),
  };
}

const rounded = (degrees: number): number => Math.round(degrees * 10_000) / 10_000;
const everyDay = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

function hours([opens, closes]: readonly [string, string]): JsonObject {
  return { daysOfWeek: everyDay, openingTime: `${opens}:00`, closingTime: `${closes}:00` };
}

function practitioner(one: DemoDoctor, index: number): Identified {
  return {
    resourceType: 'Practitioner',
    id: idOf(`Practitioner/${one.key}`),
    active: true,
    identifier: [{ system: registrationSystem, value: `DEMO-${String(41_001 + index * 37)}` }],
    name: [{ use: 'official', text: one.name }],
    gender: one.sex,
    qualification: [{ code: { text: `MBBS, MD, ${specialties[one.specialty][1]}` } }],
    communication: one.languages.map((tag) => ({
      coding: [{ system: systems.bcp47, code: tag }],
      text: languageEntry(tag)?.en ?? tag,
    })),
  };
}

function practitionerRole(one: DemoDoctor): Identified {
  return {
    resourceType: 'PractitionerRole',
    id: idOf(`PractitionerRole/${one.key}`),
    active: true,
    practitioner: doctorReference(one),
    organization: organizationReference(one.hospital),
    code: [{ text: 'Doctor' }],
    specialty: [specialtyConcept(one.specialty)],
    location: [{ reference: `Location/${idOf(`Location/${one.hospital}`)}` }],
    availableTime: [
      {
        daysOfWeek: ['mon', 'tue', 'wed', 'thu', 'fri'],
        availableStartTime: '10:00:00',
        availableEndTime: '16:00:00',
      },
    ],
  };
}

export function specialtyConcept(specialty: DemoDoctor['specialty']): JsonObject {
  const [code, text] = specialties[specialty];
  return { coding: [{ system: systems.snomed, code, display: text }], text };
}

function healthcareService(one: DemoOrganization): Identified {
  const offered = doctors.filter((doctor) => doctor.hospital === one.key).map((doctor) => doctor.specialty);
  return {
    resourceType: 'HealthcareService',
    id: idOf(`HealthcareService/${one.key}`),
    active: true,
    providedBy: organizationReference(one.key),
    type: [{ text: kindWords[one.kind] }],
    ...(offered.length > 0 ? { specialty: [...new Set(offered)].map(specialtyConcept) } : {}),
    location: [{ reference: `Location/${idOf(`Location/${one.key}`)}` }],
    name: one.kind === 'hospital' ? `${one.name}, outpatients` : one.name,
    telecom: [{ system: 'phone', value: demoPhone(one.phone), use: 'work' }],
    availableTime: [one.hours ? openTime(one.hours) : { allDay: true, daysOfWeek: everyDay }],
  };
}

function openTime([opens, closes]: readonly [string, string]): JsonObject {
  return { daysOfWeek: everyDay, availableStartTime: `${opens}:00`, availableEndTime: `${closes}:00` };
}
