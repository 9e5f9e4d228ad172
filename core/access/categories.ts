// The parts of a record that a person can share or keep apart, and the part each resource belongs to. Decides nothing.
import { isJsonObject } from '../fhir/json.ts';
import type { JsonValue, Resource } from '../fhir/types.ts';

export const categories = [
  'identity',
  'allergies',
  'conditions',
  'medicines',
  'vaccinations',
  'results',
  'vital-signs',
  'imaging',
  'visits',
  'procedures',
  'documents',
  'care-plans',
  'insurance',
  'messages',
  'sharing',
  'other',
] as const;
export type Category = (typeof categories)[number];

const typesOf: Readonly<Record<Exclude<Category, 'other' | 'vital-signs'>, readonly string[]>> = {
  identity: ['Patient', 'RelatedPerson', 'Person', 'Group'],
  allergies: ['AllergyIntolerance', 'AdverseEvent'],
  conditions: [
    'Condition',
    'ClinicalImpression',
    'FamilyMemberHistory',
    'Flag',
    'DetectedIssue',
    'RiskAssessment',
  ],
  medicines: ['MedicationRequest', 'MedicationStatement', 'MedicationDispense', 'MedicationAdministration'],
  vaccinations: ['Immunization', 'ImmunizationEvaluation', 'ImmunizationRecommendation'],
  results: ['Specimen', 'MolecularSequence', 'VisionPrescription'],
  imaging: ['ImagingStudy', 'Media', 'BodyStructure'],
  visits: ['Encounter', 'EpisodeOfCare', 'Appointment', 'AppointmentResponse', 'Schedule'],
  procedures: [
    'Procedure',
    'ServiceRequest',
    'Device',
    'DeviceRequest',
    'DeviceUseStatement',
    'SupplyRequest',
    'SupplyDelivery',
  ],
  documents: [
    'DocumentReference',
    'DocumentManifest',
    'Composition',
    'Binary',
    'Bundle',
    'QuestionnaireResponse',
    'List',
  ],
  'care-plans': ['CarePlan', 'CareTeam', 'Goal', 'NutritionOrder', 'RequestGroup', 'GuidanceResponse'],
  insurance: [
    'Account',
    'ChargeItem',
    'Claim',
    'ClaimResponse',
    'Contract',
    'Coverage',
    'CoverageEligibilityRequest',
    'CoverageEligibilityResponse',
    'EnrollmentRequest',
    'ExplanationOfBenefit',
    'Invoice',
  ],
  messages: ['Communication', 'CommunicationRequest'],
  sharing: ['Consent', 'AuditEvent', 'Provenance'],
};

const categoryByType: ReadonlyMap<string, Category> = new Map(
  Object.entries(typesOf).flatMap(([category, types]) =>
    types.map((type): [string, Category] => [type, category as Category]),
  ),
);

export const firstSealedPart = 100;

/** A part of the record as a number in its row: the place in `categories`, and 100 more where the entry is sealed. */
export function partNumber(category: Category, sealed: boolean): number {
  return categories.indexOf(category) + (sealed ? firstSealedPart : 0);
}

/** The resource types of one part, as a Consent names them. */
export function typesOfCategory(category: Category): readonly string[] {
  if (category === 'vital-signs') return ['Observation'];
  if (category === 'results') return ['Observation', 'DiagnosticReport', ...typesOf.results];
  return category === 'other' ? ['Basic'] : typesOf[category];
}

/** By `category` of an Observation or a DiagnosticReport (THO observation-category, HL7 v2 0074). */
const categoryByCode: ReadonlyMap<string, Category> = new Map<string, Category>([
  ['vital-signs', 'vital-signs'],
  ['activity', 'vital-signs'],
  ['exam', 'vital-signs'],
  ['laboratory', 'results'],
  ['LAB', 'results'],
  ['imaging', 'imaging'],
  ['RAD', 'imaging'],
  ['social-history', 'conditions'],
  ['survey', 'documents'],
  ['procedure', 'procedures'],
  ['therapy', 'procedures'],
]);

/** The one part of the record that a resource belongs to. An Observation that does not say is a result. */
export function categoryOf(resource: Resource): Category {
  const { resourceType } = resource;
  if (resourceType === 'Observation' || resourceType === 'DiagnosticReport') {
    const named = listOf(resource.category)
      .flatMap((concept) => (isJsonObject(concept) ? listOf(concept.coding) : []))
      .map((coding) =>
        isJsonObject(coding) && typeof coding.code === 'string' ? categoryByCode.get(coding.code) : undefined,
      )
      .find((category) => category !== undefined);
    return named ?? 'results';
  }
  return categoryByType.get(resourceType) ?? 'other';
}

const confidentiality = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality';
const actCode = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
const restricted = new Set(['R', 'V']);
/** v3-ActCode, InformationSensitivityPolicy. */
const sensitive = new Set([
  'ETH',
  'ETHUD',
  'GDIS',
  'HIV',
  'MST',
  'PREGNANT',
  'SCA',
  'SDV',
  'SEX',
  'SPI',
  'BH',
  'COGN',
  'DVD',
  'EMOTDIS',
  'MH',
  'PSY',
  'PSYTHPN',
  'SUD',
  'OPIOIDUD',
  'STD',
  'TBOO',
  'VIO',
  'SICKLE',
  'SOC',
  'ADOL',
  'CEL',
  'DIA',
  'DRGIS',
  'EMP',
  'B42CFRPART2',
]);

/** Labelled as sensitive (`meta.security`): shown as sealed, or not at all, to whoever was not allowed it by name. */
export function isSealed(resource: Resource): boolean {
  const { meta } = resource;
  if (!isJsonObject(meta)) return false;
  return listOf(meta.security).some((label) => {
    if (!isJsonObject(label) || typeof label.code !== 'string') return false;
    return (
      (label.system === confidentiality && restricted.has(label.code)) ||
      (label.system === actCode && sensitive.has(label.code))
    );
  });
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
}
