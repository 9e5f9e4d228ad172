// Where in FHIR each answer is kept, by what its group and field become. The other half of the builders: a test fills every form and
// looks whether what comes out has these elements.
import { categoryOfField } from './extract-measures.ts';
import type { Field, Group } from './form.ts';

const homesInGroup: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'blood-pressure': {
    systolic: 'Observation.component.valueQuantity',
    diastolic: 'Observation.component.valueQuantity',
  },
  allergy: {
    substance: 'AllergyIntolerance.code',
    reaction: 'AllergyIntolerance.reaction.manifestation',
    severity: 'AllergyIntolerance.reaction.severity',
  },
  diagnosis: {
    name: 'Condition.code',
    since: 'Condition.onsetDateTime',
    state: 'Condition.clinicalStatus',
  },
  treatment: {
    name: 'Procedure.code',
    date: 'Procedure.performedDateTime',
    outcome: 'Procedure.outcome',
    report: 'DocumentReference.content.attachment',
  },
  medicine: {
    name: 'MedicationStatement.medicationCodeableConcept',
    kind: 'MedicationStatement.category',
    dose: 'MedicationStatement.dosage.text',
    since: 'MedicationStatement.effectivePeriod.start',
    until: 'MedicationStatement.effectivePeriod.end',
  },
  relative: {
    relation: 'FamilyMemberHistory.relationship',
    illness: 'FamilyMemberHistory.condition.code',
    age: 'FamilyMemberHistory.condition.onsetAge',
    note: 'FamilyMemberHistory.note.text',
  },
  tooth: { tooth: 'Observation.bodySite', state: 'Observation.valueCodeableConcept' },
  study: {
    date: 'Observation.effectiveDateTime',
    findings: 'Observation.valueString',
    file: 'DocumentReference.content.attachment',
  },
  directive: {
    kind: 'Consent.category',
    date: 'Consent.dateTime',
    words: 'Consent.policyRule.text',
    agent: 'Consent.provision.actor.reference',
    paper: 'Consent.sourceAttachment',
  },
  'organ-donation': {
    wish: 'Observation.valueCodeableConcept',
    organ: 'Observation.component.valueCodeableConcept',
    informed: 'Consent.verification.verified',
    contact: 'Consent.verification.verifiedWith',
    declared: 'Consent.status',
    date: 'Consent.dateTime',
    revoked: 'Consent.status',
  },
  policy: {
    insurer: 'Coverage.payor',
    number: 'Coverage.subscriberId',
    holder: 'Coverage.policyHolder',
    from: 'Coverage.period.start',
    until: 'Coverage.period.end',
    status: 'Coverage.status',
    papers: 'DocumentReference.content.attachment',
  },
  application: {
    number: 'EnrollmentRequest.identifier',
    date: 'EnrollmentRequest.created',
    status: 'EnrollmentRequest.status',
    papers: 'DocumentReference.content.attachment',
  },
  claim: {
    number: 'Claim.identifier',
    date: 'Claim.created',
    amount: 'Claim.total',
    status: 'Claim.status',
    papers: 'DocumentReference.content.attachment',
  },
  visit: {
    date: 'Encounter.period.start',
    symptoms: 'Encounter.reasonCode',
    examination: 'Observation.valueString',
    diagnosis: 'Condition.code',
    test: 'ServiceRequest.code',
    notes: 'ClinicalImpression.summary',
    'follow-up': 'Appointment.requestedPeriod.start',
    sent: 'Communication.sent',
    'prescription-picture': 'DocumentReference.content.attachment',
    attachment: 'DocumentReference.content.attachment',
  },
  prescription: {
    name: 'MedicationRequest.medicationCodeableConcept',
    dose: 'MedicationRequest.dosageInstruction.doseAndRate.doseQuantity',
    times: 'MedicationRequest.dosageInstruction.timing.repeat.frequency',
    days: 'MedicationRequest.dosageInstruction.timing.repeat.boundsDuration',
    route: 'MedicationRequest.dosageInstruction.route',
    note: 'MedicationRequest.dosageInstruction.text',
    reason: 'MedicationRequest.detectedIssue',
  },
};

const homesAlone: Readonly<Record<string, string>> = {
  condition: 'Condition.code',
  procedure: 'Procedure.note.text',
  'food-allergy': 'AllergyIntolerance.code',
  'medication-directive': 'Consent.policyRule.text',
  document: 'DocumentReference.content.attachment',
};

const valueOfKind: Readonly<Record<Field['kind'], string>> = {
  decimal: 'valueQuantity',
  integer: 'valueQuantity',
  choice: 'valueCodeableConcept',
  text: 'valueString',
  lines: 'valueString',
  date: 'valueDateTime',
  'yes-no': 'valueBoolean',
  file: 'value',
};

/** `Type.element` with choices in full, like `Observation.valueQuantity`; undefined for a field without a home, which a test refuses. */
export function homeOf(group: Group, field: Field): string | undefined {
  if (group.as !== undefined) return homesInGroup[group.as]?.[field.as];
  const alone = homesAlone[field.as];
  if (alone !== undefined) return alone;
  return categoryOfField(field) === undefined ? undefined : `Observation.${valueOfKind[field.kind]}`;
}
