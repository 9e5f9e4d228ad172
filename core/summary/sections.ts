// The sections of an International Patient Summary (IPS 2.0) and which resource stands in which. Knows nothing of how a
// document is put together. What is over, refuted, entered in error or only proposed is in none of the current sections.

import type { JsonObject } from '../fhir/types.ts';
import { codedText, codesOf, objectAt, objectsAt, statusCode, textAt } from '../record/elements.ts';
import { noneKnownIn, saysNothing, type NoneKnownSection } from '../record/none-known.ts';
import { isActive, isCircumstance, isDisability, isStated } from '../record/read-conditions.ts';
import { isDirective } from '../record/read-directives.ts';

export interface SummarySection {
  readonly id: string;
  readonly code: string;
  readonly display: string;
  readonly title: string;
  /** What must be readable for the section to say anything. */
  readonly types: readonly string[];
  /** Present also when empty, with the reason. */
  readonly required?: NoneKnownSection;
}

/** In the order of the document. */
export const summarySections = [
  {
    id: 'allergies',
    code: '48765-2',
    display: 'Allergies and adverse reactions Document',
    title: 'Allergies and intolerances',
    types: ['AllergyIntolerance'],
    required: 'allergies',
  },
  {
    id: 'problems',
    code: '11450-4',
    display: 'Problem list - Reported',
    title: 'Problems',
    types: ['Condition'],
    required: 'conditions',
  },
  {
    id: 'medications',
    code: '10160-0',
    display: 'History of Medication use Narrative',
    title: 'Medications',
    types: ['MedicationStatement', 'MedicationRequest'],
    required: 'medicines',
  },
  {
    id: 'immunizations',
    code: '11369-6',
    display: 'History of Immunization note',
    title: 'Immunizations',
    types: ['Immunization'],
  },
  {
    id: 'results',
    code: '30954-2',
    display: 'Relevant diagnostic tests/laboratory data note',
    title: 'Results',
    types: ['Observation', 'DiagnosticReport'],
  },
  {
    id: 'procedures',
    code: '47519-4',
    display: 'History of Procedures Document',
    title: 'Procedures',
    types: ['Procedure'],
  },
  {
    id: 'devices',
    code: '46264-8',
    display: 'History of medical device use',
    title: 'Medical devices',
    types: ['DeviceUseStatement'],
  },
  {
    id: 'directives',
    code: '42348-3',
    display: 'Advance healthcare directives',
    title: 'Advance directives',
    types: ['Consent', 'DocumentReference'],
  },
  { id: 'alerts', code: '104605-1', display: 'Alert', title: 'Alerts', types: ['Flag'] },
  {
    id: 'function',
    code: '47420-5',
    display: 'Functional status assessment note',
    title: 'Functional status',
    types: ['Condition', 'ClinicalImpression'],
  },
  {
    id: 'past-problems',
    code: '11348-0',
    display: 'History of Past illness note',
    title: 'Past problems',
    types: ['Condition'],
  },
  {
    id: 'pregnancy',
    code: '10162-6',
    display: 'History of pregnancies Narrative',
    title: 'Pregnancies',
    types: ['Observation'],
  },
  {
    id: 'plan',
    code: '18776-5',
    display: 'Plan of care note',
    title: 'Plan of care',
    types: ['CarePlan', 'ImmunizationRecommendation'],
  },
  {
    id: 'social-history',
    code: '29762-2',
    display: 'Social history note',
    title: 'Social history',
    types: ['Observation'],
  },
  {
    id: 'vital-signs',
    code: '8716-3',
    display: 'Vital signs note',
    title: 'Vital signs',
    types: ['Observation'],
  },
] as const satisfies readonly SummarySection[];

export type SectionKey = (typeof summarySections)[number]['id'];

/** Every type that a section is made of. */
export const summaryTypes: readonly string[] = [...new Set(summarySections.flatMap(({ types }) => types))];

export type Placement =
  | { readonly in: SectionKey }
  /** Somebody asked, and there is none. */
  | { readonly denies: NoneKnownSection };

const loinc = 'http://loinc.org';
const pregnancyCodes = new Set(
  '82810-3 11778-8 11779-6 11780-4 11636-8 11637-6 11638-4 11639-2 11640-0 11612-9 11613-7 11614-5 33065-4 49051-6'.split(
    ' ',
  ),
);

const bloodGroupCodes = new Set(['882-1', '883-9', '10331-7']);

/** A blood group, or its ABO or Rh, whatever part of the record it was filed in. */
export function isBloodGroup(resource: JsonObject): boolean {
  return codesOf(objectAt(resource, 'code')).some(
    ({ system, code }) => system === loinc && bloodGroupCodes.has(code),
  );
}

/** The section of a resource, what it denies, or undefined for what a summary does not hold. */
export function placementOf(resource: JsonObject): Placement | undefined {
  const status = statusCode(resource, 'status') ?? '';
  const oneOf = (...statuses: readonly string[]): boolean => statuses.includes(status);
  switch (textAt(resource, 'resourceType') ?? '') {
    case 'AllergyIntolerance':
      if (!isStated(resource) || !isActive(resource)) return undefined;
      return ofConcept(resource, 'code', 'allergies', 'allergies');
    case 'Condition':
      return placementOfCondition(resource);
    case 'MedicationStatement':
      if (!oneOf('active', 'intended', 'on-hold', 'unknown')) return undefined;
      return ofConcept(resource, 'medicationCodeableConcept', 'medicines', 'medications');
    case 'MedicationRequest':
      if (!oneOf('active', 'on-hold') || resource['doNotPerform'] === true) return undefined;
      if (/^(?:proposal|option)$/.test(statusCode(resource, 'intent') ?? '')) return undefined;
      return { in: 'medications' };
    case 'Immunization':
      return status === 'completed'
        ? ofConcept(resource, 'vaccineCode', 'vaccinations', 'immunizations')
        : undefined;
    case 'Observation':
      return oneOf('final', 'amended', 'corrected', 'preliminary')
        ? placementOfObservation(resource)
        : undefined;
    case 'DiagnosticReport':
      return oneOf('final', 'amended', 'corrected', 'appended', 'preliminary', 'partial')
        ? { in: 'results' }
        : undefined;
    case 'Procedure':
      return oneOf('completed', 'in-progress', 'unknown') ? { in: 'procedures' } : undefined;
    case 'DeviceUseStatement':
      return oneOf('active', 'intended') ? { in: 'devices' } : undefined;
    case 'Consent':
      return status === 'active' && hasCoding(objectAt(resource, 'scope'), /^adr$/)
        ? { in: 'directives' }
        : undefined;
    case 'DocumentReference':
      return status === 'current' && isDirective(resource) ? { in: 'directives' } : undefined;
    case 'Flag':
      return status === 'active' ? { in: 'alerts' } : undefined;
    case 'ClinicalImpression':
      return status === 'completed' ? { in: 'function' } : undefined;
    case 'CarePlan':
      return oneOf('active', 'on-hold') ? { in: 'plan' } : undefined;
    case 'ImmunizationRecommendation':
      return { in: 'plan' };
  }
  return undefined;
}

function ofConcept(
  resource: JsonObject,
  key: string,
  section: NoneKnownSection,
  place: SectionKey,
): Placement | undefined {
  const concept = objectAt(resource, key);
  const codes = codesOf(concept);
  if (noneKnownIn(codes).includes(section)) return { denies: section };
  const said = codedText(concept);
  return said !== undefined && saysNothing(said.codes, said.text) ? undefined : { in: place };
}

function placementOfCondition(resource: JsonObject): Placement | undefined {
  if (!isStated(resource)) return undefined;
  const concept = objectAt(resource, 'code');
  const codes = codesOf(concept);
  if (noneKnownIn(codes).includes('conditions'))
    return isActive(resource) ? { denies: 'conditions' } : undefined;
  const said = codedText(concept);
  if (said === undefined || saysNothing(said.codes, said.text)) return undefined;
  if (isDisability(resource)) return isActive(resource) ? { in: 'function' } : undefined;
  if (isCircumstance(resource, said)) return undefined;
  return { in: isActive(resource) ? 'problems' : 'past-problems' };
}

function placementOfObservation(resource: JsonObject): Placement | undefined {
  const codes = codesOf(objectAt(resource, 'code')).filter((code) => code.system === loinc);
  if (codes.some(({ code }) => pregnancyCodes.has(code))) return { in: 'pregnancy' };
  if (isBloodGroup(resource)) return { in: 'results' };
  const categories = objectsAt(resource, 'category');
  const inCategory = (pattern: RegExp): boolean =>
    categories.some((category) => hasCoding(category, pattern));
  if (inCategory(/^vital-signs$/)) return { in: 'vital-signs' };
  if (inCategory(/^social-history$/) || codes.some(({ code }) => code === '72166-2' || code === '74013-4'))
    return { in: 'social-history' };
  return inCategory(/^(?:laboratory|imaging|procedure|exam)$/) ? { in: 'results' } : undefined;
}

function hasCoding(concept: JsonObject | undefined, pattern: RegExp): boolean {
  return codesOf(concept).some(({ code }) => pattern.test(code));
}
