// One sound resource of every R4 type about one person, each with a mark of its owner. Made of the official examples: what they
// say stays, whom they name is replaced. Must not know what the server decides about any of it.
import { officialExamples, unsoundExamples } from '../official-examples.ts';

export type Plain = Record<string, unknown> & { resourceType: string };

/** Element of each type that says whose it is; types that are not here belong to nobody (R4 patient compartment, and house additions). */
export const ownerElement: Readonly<Record<string, string>> = {
  Account: 'subject',
  AdverseEvent: 'subject',
  AllergyIntolerance: 'patient',
  Appointment: 'participant.actor',
  AppointmentResponse: 'actor',
  AuditEvent: 'entity.what',
  Basic: 'subject',
  Binary: 'securityContext',
  BodyStructure: 'patient',
  Bundle: 'entry.resource',
  CarePlan: 'subject',
  CareTeam: 'subject',
  ChargeItem: 'subject',
  Claim: 'patient',
  ClaimResponse: 'patient',
  ClinicalImpression: 'subject',
  Communication: 'subject',
  CommunicationRequest: 'subject',
  Composition: 'subject',
  Condition: 'subject',
  Consent: 'patient',
  Contract: 'subject',
  Coverage: 'beneficiary',
  CoverageEligibilityRequest: 'patient',
  CoverageEligibilityResponse: 'patient',
  DetectedIssue: 'patient',
  Device: 'patient',
  DeviceRequest: 'subject',
  DeviceUseStatement: 'subject',
  DiagnosticReport: 'subject',
  DocumentManifest: 'subject',
  DocumentReference: 'subject',
  Encounter: 'subject',
  EnrollmentRequest: 'candidate',
  EpisodeOfCare: 'patient',
  ExplanationOfBenefit: 'patient',
  FamilyMemberHistory: 'patient',
  Flag: 'subject',
  Goal: 'subject',
  GuidanceResponse: 'subject',
  ImagingStudy: 'subject',
  Immunization: 'patient',
  ImmunizationEvaluation: 'patient',
  ImmunizationRecommendation: 'patient',
  Invoice: 'subject',
  List: 'subject',
  MeasureReport: 'subject',
  Media: 'subject',
  MedicationAdministration: 'subject',
  MedicationDispense: 'subject',
  MedicationRequest: 'subject',
  MedicationStatement: 'subject',
  MolecularSequence: 'patient',
  NutritionOrder: 'patient',
  Observation: 'subject',
  Person: 'link.target',
  Procedure: 'subject',
  Provenance: 'target',
  QuestionnaireResponse: 'subject',
  RelatedPerson: 'patient',
  RequestGroup: 'subject',
  ResearchSubject: 'individual',
  RiskAssessment: 'subject',
  Schedule: 'actor',
  ServiceRequest: 'subject',
  Specimen: 'subject',
  SupplyDelivery: 'patient',
  SupplyRequest: 'deliverTo',
  Task: 'for',
  VerificationResult: 'target',
  VisionPrescription: 'patient',
};

/** Types of which the official examples hold none that is sound and small. */
const further: readonly Plain[] = [
  {
    resourceType: 'Subscription',
    status: 'requested',
    reason: 'to be told',
    criteria: 'Observation?code=29463-7',
    channel: { type: 'websocket' },
  },
  { resourceType: 'Binary', contentType: 'text/plain', data: 'aGVsbG8=' },
  { resourceType: 'DeviceMetric', type: { text: 'x' }, category: 'measurement' },
  { resourceType: 'DeviceUseStatement', status: 'active', device: { display: 'x' } },
  { resourceType: 'EventDefinition', status: 'active', trigger: [{ type: 'named-event', name: 'x' }] },
  { resourceType: 'Parameters', parameter: [{ name: 'x', valueString: 'y' }] },
  { resourceType: 'SubstanceNucleicAcid' },
  { resourceType: 'SubstancePolymer' },
  { resourceType: 'SubstanceProtein' },
  { resourceType: 'SubstanceReferenceInformation' },
  { resourceType: 'SubstanceSourceMaterial' },
  { resourceType: 'Bundle', type: 'collection' },
  {
    resourceType: 'MeasureReport',
    status: 'complete',
    type: 'individual',
    measure: 'urn:x',
    period: { start: '2026' },
  },
  {
    resourceType: 'DocumentReference',
    status: 'current',
    content: [{ attachment: { contentType: 'text/plain', data: 'aGVsbG8=' } }],
  },
  { resourceType: 'Provenance', recorded: '2026-01-01T00:00:00Z', agent: [{ who: { display: 'x' } }] },
  { resourceType: 'Schedule', actor: [] },
  { resourceType: 'RiskAssessment', status: 'final' },
  { resourceType: 'SupplyRequest', itemCodeableConcept: { text: 'x' }, quantity: { value: 1 } },
];

const markSystem = 'urn:example:mark';

let known: ReadonlyMap<string, Plain> | undefined;

/** The smallest sound example of each type, as it stands. */
function examples(): ReadonlyMap<string, Plain> {
  if (known) return known;
  const smallest = new Map<string, string>();
  for (const { name, text } of officialExamples()) {
    if (name in unsoundExamples) continue;
    const type = /"resourceType"\s*:\s*"([A-Za-z]+)"/.exec(text.slice(0, 300))?.[1];
    const found = type === undefined ? undefined : smallest.get(type);
    if (type !== undefined && text.length < (found?.length ?? 30_000)) smallest.set(type, text);
  }
  const read = new Map(
    [...smallest].map(([type, text]): [string, Plain] => [type, JSON.parse(text) as Plain]),
  );
  for (const one of further) read.set(one.resourceType, one);
  known = read;
  return read;
}

export interface Made {
  /** The person it is about; absent: nobody. */
  readonly patientId?: string;
  readonly mark: string;
  /** Labelled as sensitive. */
  readonly sealed?: boolean;
  readonly id?: string;
  /** Elements that replace those of the example. */
  readonly changes?: Record<string, unknown>;
}

/** A resource of this type about this person. */
export function resourceOf(type: string, { patientId, mark, sealed = false, id, changes = {} }: Made): Plain {
  const example = examples().get(type);
  if (example === undefined) throw new Error(`there is no example of ${type}`);
  const resource = withoutReferences(structuredClone(example)) as Plain;
  delete resource['text'];
  if (patientId !== undefined) setOwner(resource, { reference: `Patient/${patientId}` });
  resource['meta'] = {
    tag: [{ system: markSystem, code: mark }],
    ...(sealed
      ? { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'HIV' }] }
      : {}),
  };
  // What it says of itself would put it into another part of the record.
  if (type === 'Observation' || type === 'DiagnosticReport') delete resource['category'];
  delete resource['id'];
  if (id !== undefined) resource['id'] = id;
  return { ...resource, ...changes };
}

/** What an example names lies in other places: who it is about is set afterwards, everything else is named in words. */
function withoutReferences(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => withoutReferences(one));
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const [name, one] of Object.entries(value)) {
    if (name === 'reference' && typeof one === 'string' && !one.startsWith('#')) {
      copy['display'] ??= 'somebody';
      continue;
    }
    copy[name] = withoutReferences(one);
  }
  return copy;
}

function setOwner(resource: Plain, owner: { reference: string }): void {
  const { resourceType: type } = resource;
  const element = ownerElement[type];
  if (element === undefined) return;
  if (type === 'Bundle') {
    resource['entry'] = [{ resource: { resourceType: 'Basic', code: { text: 'x' }, subject: owner } }];
    return;
  }
  const lists = new Set(['Account', 'Contract', 'Provenance', 'Schedule', 'VerificationResult']);
  const [first = '', second] = element.split('.');
  if (second === undefined) resource[first] = lists.has(type) ? [owner] : owner;
  else {
    const list = (Array.isArray(resource[first]) ? resource[first] : [{}]) as Record<string, unknown>[];
    resource[first] = [{ ...list[0], [second]: owner }];
  }
}
