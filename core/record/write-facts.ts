// From forms to what has to be stored: creates and updates, "none known", taking back, and the conflicts between them.
// Nothing is deleted: what was a mistake becomes entered-in-error, what is over becomes inactive.

import type { JsonObject, Resource } from '../fhir/types.ts';
import * as systems from './code-systems.ts';
import { codesOf, objectAt, objectsAt, statusCode } from './elements.ts';
import type { SectionId } from './facts.ts';
import type { FormOf, SectionForms } from './forms.ts';
import { noneKnownCodes, noneKnownIn, type NoneKnownSection } from './none-known.ts';
import { readFacts } from './read-facts.ts';
import {
  allergyResource,
  conditionResource,
  disabilityResource,
  implantResource,
  medicineResource,
  vaccinationResource,
} from './write-clinical.ts';
import {
  changeOf,
  concept,
  patientReference,
  status,
  withElements,
  type Change,
  type WriteContext,
} from './write-elements.ts';
import { addressResource, contactsResource, identityResource } from './write-patient.ts';
import {
  bloodGroupResource,
  bodyResources,
  careTeamResource,
  directiveResource,
  documentResource,
  organDonorResource,
  pregnancyResource,
} from './write-statements.ts';

type Builders = {
  readonly [Id in SectionId]: (
    form: SectionForms[Id],
    context: WriteContext,
    stored?: Resource,
  ) => Resource[];
};

const builders: Builders = {
  identity: (form, context) => [identityResource(form, context)],
  address: (form, context) => [addressResource(form, context)],
  contacts: (form, context) => [contactsResource(form, context)],
  allergies: (form, context, stored) => [allergyResource(form, context, stored)],
  conditions: (form, context, stored) => [conditionResource(form, context, stored)],
  medicines: (form, context, stored) => [medicineResource(form, context, stored)],
  disabilities: (form, context, stored) => [disabilityResource(form, context, stored)],
  vaccinations: (form, context, stored) => [vaccinationResource(form, context, stored)],
  implants: (form, context, stored) => [implantResource(form, context, stored)],
  'blood-group': (form, context, stored) => [bloodGroupResource(form, context, stored)],
  body: (form, context) => bodyResources(form, context),
  pregnancy: (form, context, stored) => [pregnancyResource(form, context, stored)],
  'care-team': (form, context) => [careTeamResource(form, context)],
  'organ-donor': (form, context, stored) => [organDonorResource(form, context, stored)],
  directives: (form, context, stored) => [directiveResource(form, context, stored)],
  documents: (form, context, stored) => [documentResource(form, context, stored)],
};

/**
 * What to store for a valid form (see `validateForm`). `stored`: the resource the fact was read from, when one is
 * edited. A "none known" of the same section is ended in the same go.
 */
export function saveFact<Id extends SectionId>(
  section: Id,
  form: FormOf<Id>,
  context: WriteContext,
  stored?: Resource,
): Change[] {
  const resources = builders[section](form, context, stored);
  return [...resources.map(changeOf), ...endedDenials(section, context)];
}

export type RemovalReason = 'mistake' | 'over';

/** What to store so that a fact no longer shows: it was a mistake, or it is over (healed, stopped, taken out). */
export function removeFact(stored: Resource, reason: RemovalReason, context: WriteContext): Change[] {
  return [changeOf(withElements(stored, ended(stored, reason, context)))];
}

/** Said by `sayNoneKnown` where the section holds facts: they must be taken back first. */
export class FactsRecorded extends Error {
  override readonly name = 'FactsRecorded';
  readonly code = 'facts-recorded';
  readonly section: SectionId;

  constructor(section: SectionId) {
    super(`There are entries under ${section}, so it cannot be said that there is nothing`);
    this.section = section;
  }
}

export function canSayNoneKnown(section: SectionId): section is NoneKnownSection {
  return Object.hasOwn(noneKnownCodes, section);
}

/**
 * The coded statement that there is none. Nothing to store where it is already said.
 * @throws FactsRecorded where the section holds facts
 */
export function sayNoneKnown(section: NoneKnownSection, context: WriteContext): Change[] {
  const state = readFacts(context.current, context.today)[section].state;
  if (state === 'recorded') throw new FactsRecorded(section);
  if (state === 'none-known') return [];
  return [changeOf(noneKnownResource(section, context))];
}

/** Takes "none known" back, so that the section is not recorded again. */
export function unsayNoneKnown(section: NoneKnownSection, context: WriteContext): Change[] {
  return endedDenials(section, context);
}

function noneKnownResource(section: NoneKnownSection, context: WriteContext): Resource {
  const { text, codes } = noneKnownCodes[section];
  const said = concept(text, codes);
  const subject = patientReference(context);
  const condition = (category: JsonObject): Resource => ({
    resourceType: 'Condition',
    clinicalStatus: status(systems.conditionClinical, 'active'),
    verificationStatus: status(systems.conditionVerification, 'confirmed'),
    category: [category],
    code: said,
    subject,
    recordedDate: context.today,
  });
  switch (section) {
    case 'allergies':
      return {
        resourceType: 'AllergyIntolerance',
        clinicalStatus: status(systems.allergyClinical, 'active'),
        verificationStatus: status(systems.allergyVerification, 'confirmed'),
        code: said,
        patient: subject,
        recordedDate: context.today,
      };
    case 'conditions':
      return condition(status(systems.conditionCategory, 'problem-list-item'));
    case 'disabilities':
      return condition(
        concept('Disability', [{ system: systems.snomed, code: '21134002', display: 'Disability' }]),
      );
    case 'medicines':
      return {
        resourceType: 'MedicationStatement',
        status: 'active',
        medicationCodeableConcept: said,
        subject,
        effectiveDateTime: context.today,
        dateAsserted: context.today,
      };
    case 'vaccinations':
      return {
        resourceType: 'Immunization',
        status: 'not-done',
        vaccineCode: said,
        patient: subject,
        occurrenceDateTime: context.today,
        recorded: context.today,
      };
    case 'implants':
      return {
        resourceType: 'DeviceUseStatement',
        status: 'active',
        contained: [{ resourceType: 'Device', id: 'device', type: said }],
        device: { reference: '#device' },
        subject,
        timingDateTime: context.today,
        recordedOn: context.today,
      };
    case 'directives':
    default:
      return {
        resourceType: 'Consent',
        status: 'active',
        scope: { coding: [{ system: systems.consentScope, code: 'adr' }] },
        category: [said],
        patient: subject,
        dateTime: context.today,
        policyRule: concept('No advance directive'),
      };
  }
}

/** Every standing "none known" of a section, ended. What denies two sections at once is ended for both. */
function endedDenials(section: SectionId, context: WriteContext): Change[] {
  return context.current
    .filter(
      (resource) => isStanding(resource) && (denies(resource) as readonly SectionId[]).includes(section),
    )
    .flatMap((resource) => removeFact(resource, 'over', context));
}

function denies(resource: Resource): readonly NoneKnownSection[] {
  const device = objectsAt(resource, 'contained').find((one) => one['resourceType'] === 'Device');
  const concepts = [
    objectAt(resource, 'code'),
    objectAt(resource, 'medicationCodeableConcept'),
    objectAt(resource, 'vaccineCode'),
    objectAt(device, 'type'),
    ...(resource.resourceType === 'Consent' ? objectsAt(resource, 'category') : []),
  ];
  return concepts.flatMap((one) => noneKnownIn(codesOf(one)));
}

function isStanding(resource: Resource): boolean {
  const over = ['inactive', 'resolved', 'completed', 'entered-in-error', 'stopped'];
  return !['clinicalStatus', 'verificationStatus', 'status'].some((key) =>
    over.includes(statusCode(resource, key) ?? ''),
  );
}

type Elements = Parameters<typeof withElements>[1];

function ended(stored: Resource, reason: RemovalReason, context: WriteContext): Elements {
  const mistake = reason === 'mistake';
  switch (stored.resourceType) {
    // ait-2 and con-5: no clinical status beside entered-in-error.
    case 'AllergyIntolerance':
      return mistake
        ? {
            clinicalStatus: undefined,
            verificationStatus: status(systems.allergyVerification, 'entered-in-error'),
          }
        : { clinicalStatus: status(systems.allergyClinical, 'inactive') };
    case 'Condition':
      return mistake
        ? {
            clinicalStatus: undefined,
            verificationStatus: status(systems.conditionVerification, 'entered-in-error'),
          }
        : { clinicalStatus: status(systems.conditionClinical, 'resolved') };
    case 'MedicationStatement':
      return mistake
        ? { status: 'entered-in-error' }
        : { status: 'stopped', ...endOfPeriod(stored, 'effectivePeriod', context) };
    case 'MedicationRequest':
      return { status: mistake ? 'entered-in-error' : 'stopped' };
    case 'DeviceUseStatement':
      return mistake
        ? { status: 'entered-in-error' }
        : { status: 'completed', ...endOfPeriod(stored, 'timingPeriod', context) };
    case 'Device':
      return { status: mistake ? 'entered-in-error' : 'inactive' };
    case 'DocumentReference':
      return { status: mistake ? 'entered-in-error' : 'superseded' };
    case 'Consent':
      return { status: mistake ? 'entered-in-error' : 'inactive' };
    case 'CareTeam':
      return { status: mistake ? 'entered-in-error' : 'inactive' };
    // A measurement or a vaccination that happened cannot be over; only the record of it can be wrong.
    default:
      return { status: 'entered-in-error' };
  }
}

function endOfPeriod(stored: Resource, key: string, context: WriteContext): Elements {
  const period = objectAt(stored, key);
  if (period === undefined) return {};
  const start = period['start'];
  // per-1: a period must not end before it starts.
  const early = typeof start === 'string' && start.slice(0, 10) > context.today;
  return { [key]: early ? period : { ...period, end: context.today } };
}
