// What each asker may do, written down a second time, slowly and without core/access: the matrix of test/server/access-matrix.test.ts
// compares every answer of the server with this. A type that is named in none of the lists below is seen and written by its owner alone.
import { ownerElement } from './every-type.ts';

/** By what somebody comes to a record. One asker may have several. */
export type Basis =
  | { kind: 'owner' }
  | { kind: 'guardian'; level: 'view' | 'share' | 'act' | 'manage' }
  | ({ kind: 'grant' | 'edit' } & Given)
  | { kind: 'break-glass' };

export interface Given {
  parts?: readonly string[];
  entries?: readonly string[];
  sealed?: boolean;
}

export type Asker =
  | { kind: 'anonymous' }
  /** Whoever works somewhere and gave no second factor: whatever they hold, nothing is open. */
  | { kind: 'unproved' }
  /** `bases`: in the record that is asked about. */
  | { kind: 'person'; bases: readonly Basis[] }
  /** `scopes`: `*` or a type, with the letters of SMART. */
  | { kind: 'program'; scopes: readonly Scope[] }
  /** What its person may, and of that only what the scopes hold. */
  | { kind: 'app'; bases: readonly Basis[]; scopes: readonly Scope[] };

export interface Scope {
  type: string;
  letters: string;
}

export interface Thing {
  type: string;
  id: string;
  sealed: boolean;
  /** Where the entry itself says in which part of the record it is. */
  part?: string;
}

const partOf: Readonly<Record<string, readonly string[]>> = {
  identity: ['Patient', 'RelatedPerson', 'Person'],
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
  results: ['Specimen', 'MolecularSequence', 'VisionPrescription', 'DiagnosticReport', 'Observation'],
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
};

const directoryForAll = [
  'Practitioner',
  'PractitionerRole',
  'Organization',
  'Location',
  'HealthcareService',
  'Medication',
  'Questionnaire',
  'ValueSet',
  'CodeSystem',
  'StructureDefinition',
];
/** Who was let in and who looked. */
const aboutAccess = ['AuditEvent', 'Consent', 'Provenance'];
const writtenByServer = ['AuditEvent', 'Provenance'];
const givesAuthority = ['Consent', 'RelatedPerson', 'CareTeam', 'Group', 'Person'];
const levels = ['view', 'share', 'act', 'manage'];

/** A person's, or nobody's. A Subscription is its maker's; an AuditEvent is made of the log and stands nowhere. */
export function isInRecord(type: string): boolean {
  return type === 'Patient' || type === 'Subscription' || type in ownerElement;
}

export function sees(asker: Asker, thing: Thing): boolean {
  if (asker.kind === 'anonymous' || asker.kind === 'unproved') return false;
  if (asker.kind === 'program') return mayAsProgram(asker.scopes, 'r', thing.type);
  if (asker.kind === 'app') return false;
  if (!isInRecord(thing.type)) return directoryForAll.includes(thing.type);
  for (const basis of asker.bases) {
    if (basis.kind === 'owner') return true;
    const hidden = aboutAccess.includes(thing.type);
    if (basis.kind === 'guardian') {
      if (thing.sealed) continue;
      if (hidden && basis.level !== 'manage') continue;
      return true;
    }
    if (hidden) continue;
    if (basis.kind === 'break-glass') return true;
    if (isGiven(basis, thing)) return true;
  }
  return false;
}

/** Of things made and changed alike. */
export function writes(asker: Asker, thing: Thing): boolean {
  if (asker.kind !== 'person') return false;
  if (!isInRecord(thing.type)) return false;
  for (const basis of asker.bases) {
    if (writtenByServer.includes(thing.type)) continue;
    if (basis.kind === 'owner') return true;
    if (givesAuthority.includes(thing.type)) continue;
    if (basis.kind === 'guardian') {
      if (thing.sealed) continue;
      const needed = thing.type === 'Patient' ? 'manage' : 'act';
      if (levels.indexOf(basis.level) >= levels.indexOf(needed)) return true;
    }
    if (basis.kind === 'edit' && thing.type !== 'Patient' && isGiven(basis, thing)) return true;
  }
  return false;
}

export function deletes(asker: Asker, thing: Thing): boolean {
  if (asker.kind !== 'person') return false;
  const bases = asker.bases.filter(({ kind }) => kind === 'owner' || kind === 'guardian');
  return writes({ kind: 'person', bases }, thing);
}

function isGiven({ parts, entries, sealed = false }: Given, thing: Thing): boolean {
  if (thing.sealed && !sealed) return false;
  if (parts === undefined && entries === undefined) return true;
  if (entries?.includes(`${thing.type}/${thing.id}`)) return true;
  const part = thing.part ?? Object.keys(partOf).find((one) => partOf[one]?.includes(thing.type));
  return parts !== undefined && part !== undefined && parts.includes(part);
}

function mayAsProgram(
  scopes: readonly { type: string; letters: string }[],
  letter: string,
  type: string,
): boolean {
  return scopes.some((one) => (one.type === '*' || one.type === type) && one.letters.includes(letter));
}

export type Interaction =
  | 'read'
  | 'vread'
  | 'history-instance'
  | 'history-type'
  | 'search-type'
  | 'search-compartment'
  | 'create'
  | 'update'
  | 'patch'
  /** With an If-Match that never holds: whoever may delete hears that, and nothing is lost. */
  | 'delete';

export interface Expected {
  status: number;
  /** Whether the mark of the thing may be, and is, in the answer. */
  shows: boolean;
}

/** What the server must answer about a thing that stands. */
export function expected(asker: Asker, interaction: Interaction, thing: Thing): Expected {
  const answer = (status: number, shows = false): Expected => ({ status, shows });
  if (asker.kind === 'anonymous') return answer(401);
  if (asker.kind === 'unproved') return answer(403);
  if (asker.kind === 'app') {
    const person: Asker = { kind: 'person', bases: asker.bases };
    const needed: Record<Interaction, string> = {
      read: 'r',
      vread: 'r',
      'history-instance': 'r',
      'history-type': 's',
      'search-type': 's',
      'search-compartment': 's',
      create: 'c',
      update: 'u',
      patch: 'u',
      delete: 'd',
    };
    if (!mayAsProgram(asker.scopes, needed[interaction], thing.type)) return answer(403);
    const looks = !['create', 'update', 'patch', 'delete'].includes(interaction);
    // An app is not told of what happens, and gives nobody any authority.
    if (thing.type === 'Subscription')
      return answer(
        ['read', 'vread', 'history-instance', 'patch', 'delete'].includes(interaction) ? 404 : 403,
      );
    if (!looks && givesAuthority.includes(thing.type)) return answer(403);
    return expected(person, interaction, thing);
  }
  if (asker.kind === 'program') {
    // Programs report what was done at their place: a Provenance of theirs is one of the record.
    const may = (letter: string): boolean => mayAsProgram(asker.scopes, letter, thing.type);
    switch (interaction) {
      case 'read':
      case 'vread':
      case 'history-instance':
        return may('r') ? answer(200, true) : answer(403);
      case 'search-type':
        return may('s') ? answer(200, true) : answer(403);
      case 'history-type':
        // Each version is read, too.
        return may('s') ? answer(200, may('r')) : answer(403);
      case 'search-compartment':
        return may('s') ? answer(200, isInRecord(thing.type)) : answer(403);
      case 'create':
        return may('c') ? answer(201, true) : answer(403);
      case 'update':
      case 'patch':
        if (!may('u')) return answer(403);
        return thing.type === 'Subscription' ? answer(422) : answer(200, true);
      case 'delete':
        return may('d') ? answer(412) : answer(403);
    }
  }
  const seen = sees(asker, thing);
  const refused = seen ? answer(403) : answer(404);
  switch (interaction) {
    case 'read':
    case 'vread':
    case 'history-instance':
      return seen ? answer(200, true) : answer(404);
    case 'search-type':
      return answer(200, seen);
    case 'search-compartment':
      return answer(200, seen && isInRecord(thing.type));
    case 'history-type': {
      const own = asker.bases.some(({ kind }) => kind === 'owner');
      return answer(200, isInRecord(thing.type) ? own : seen);
    }
    case 'create':
      // Whoever makes a Subscription, it is their own.
      if (thing.type === 'Subscription') return answer(201, true);
      // A person is made by signing up or at a desk.
      return writes(asker, thing) && thing.type !== 'Patient' ? answer(201, true) : answer(403);
    case 'update':
    case 'patch':
      if (!writes(asker, thing)) return refused;
      // It would become theirs: nothing moves from one record into another.
      if (thing.type === 'Subscription' && asker.bases[0]?.kind !== 'owner') return answer(422);
      return answer(200, true);
    case 'delete':
      return deletes(asker, thing) ? answer(412) : refused;
  }
}
