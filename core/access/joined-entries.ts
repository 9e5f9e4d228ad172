// What of a joined record follows to whoever was let into the one that stays: whole types that may kill, and of types that hold much else only
// what is asked when somebody cannot be: blood group, advance directives, organ donation. As a decision and as the filter of a search.
import { or, type SearchCondition } from '../fhir/search-condition.ts';
import { searchIndex } from '../fhir/search-index.ts';
import { codeForm, keyOf, placeOf, systemCodeForm } from '../fhir/search-keys.ts';
import { meets } from '../fhir/search-matches.ts';
import type { Resource } from '../fhir/types.ts';
import { directiveConsentCode, directiveSectionCode, directiveTypeCodes } from '../record/read-directives.ts';
import { safetyTypes } from './authority.ts';

/** LOINC: blood group (whole, ABO, Rh), organ donation, do not resuscitate. */
export const vitalObservationCodes = ['882-1', '883-9', '10331-7', '75781-5', '81351-9'] as const;

const keysAt = (type: string, path: string, forms: readonly string[]): SearchCondition => ({
  kind: 'keys',
  keys: forms.map((form) => keyOf(form, placeOf(type, path, 'token'))),
});
const systemForms = (codes: readonly string[]): string[] =>
  codes.map((one) => {
    const [system = '', code = ''] = one.split('|');
    return systemCodeForm(system, code);
  });

const vitalConditions: ReadonlyMap<string, SearchCondition> = new Map([
  ['Observation', keysAt('Observation', 'code:CodeableConcept', vitalObservationCodes.map(codeForm))],
  [
    'DocumentReference',
    or([
      keysAt('DocumentReference', 'type:CodeableConcept', systemForms(directiveTypeCodes)),
      keysAt('DocumentReference', 'category:CodeableConcept', systemForms([directiveSectionCode])),
    ]),
  ],
  [
    'Consent',
    or([
      keysAt('Consent', 'scope:CodeableConcept', systemForms([directiveConsentCode])),
      keysAt('Consent', 'category:CodeableConcept', systemForms(directiveTypeCodes)),
    ]),
  ],
]);

/** Types of which something follows. */
export const followingTypes: readonly string[] = [...safetyTypes, ...vitalConditions.keys()];

/** What of a type follows: all of it, what meets the condition, or nothing. */
export function followingOf(resourceType: string): 'all' | SearchCondition | undefined {
  return safetyTypes.has(resourceType) ? 'all' : vitalConditions.get(resourceType);
}

/** Whether one entry follows. What is not known of it counts against it. */
export function follows(resourceType: string, resource: Resource | undefined): boolean {
  const following = followingOf(resourceType);
  if (following === undefined || following === 'all') return following === 'all';
  return resource !== undefined && meets(resource, searchIndex(resource), following);
}
