// A visit and what came of it: encounter, findings, diagnoses, orders, prescriptions, when to come again.
import { ruleSystem } from '../clinical/detected-issue.ts';
import type { JsonObject } from '../fhir/types.ts';
import { medicines } from '../record/code-lists/medicines.ts';
import {
  conditionCategory,
  conditionClinical,
  conditionVerification,
  loinc,
  ucum,
} from '../record/code-systems.ts';
import { concept, codesOfChoice, status } from '../record/write-elements.ts';
import { observation } from './extract-measures.ts';
import type { Making, Parts } from './making.ts';
import { addDocuments, codings, conceptOfAnswer, conceptOfField, said, subjectOf } from './making.ts';

export function addVisit(making: Making, parts: Parts): void {
  const on = parts.date('date');
  const subject = subjectOf(making);
  const conditions = parts.texts('diagnosis').map((text) => ({
    resourceType: 'Condition',
    clinicalStatus: status(conditionClinical, 'active'),
    verificationStatus: status(conditionVerification, 'confirmed'),
    category: [{ coding: [{ system: conditionCategory, code: 'encounter-diagnosis' }] }],
    code: { text },
    subject,
    recordedDate: on ?? making.authored,
  }));
  const diagnoses = conditions.map((condition) => making.add(condition));
  const symptoms = parts.texts('symptoms');
  const encounter = making.add({
    resourceType: 'Encounter',
    status: 'finished',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB', display: 'ambulatory' },
    subject,
    ...said({
      period: on ? { start: on, end: on } : undefined,
      reasonCode: symptoms.length > 0 ? symptoms.map((text) => ({ text })) : undefined,
      diagnosis:
        diagnoses.length > 0 ? diagnoses.map((reference) => ({ condition: { reference } })) : undefined,
    }),
  });
  making.left.set('encounter', encounter);
  const at = { reference: encounter };
  const examination = parts.field('examination');
  for (const words of parts.texts('examination'))
    if (examination)
      observation(making, 'exam', conceptOfField(making.form, examination), {
        encounter: at,
        valueString: words,
      });
  for (const test of parts.texts('test'))
    making.add({
      resourceType: 'ServiceRequest',
      status: 'active',
      intent: 'order',
      code: { text: test },
      subject,
      encounter: at,
      authoredOn: making.now,
    });
  for (const summary of parts.texts('notes'))
    making.add({
      resourceType: 'ClinicalImpression',
      status: 'completed',
      subject,
      encounter: at,
      date: making.now,
      summary,
    });
  const again = parts.date('follow-up');
  if (again !== undefined)
    making.add({
      resourceType: 'Appointment',
      status: 'proposed',
      description: 'Follow-up',
      requestedPeriod: [{ start: again, end: again }],
      participant: [{ actor: subject, status: 'needs-action' }],
    });
  if (parts.flag('sent') === true)
    making.add({
      resourceType: 'Communication',
      status: 'completed',
      subject,
      recipient: [subject],
      encounter: at,
      sent: making.now,
    });
  const prescription = codings('Prescription', { system: loinc, code: '57833-6' });
  addDocuments(making, parts.files('prescription-picture'), prescription, { encounter });
  addDocuments(making, parts.files('attachment'), codings('Attachment of a visit'), { encounter });
}

export function addPrescription(making: Making, parts: Parts): void {
  const name = parts.words('name');
  if (name === undefined) return;
  const dose = parts.number('dose');
  const times = parts.number('times');
  const days = parts.number('days');
  const [route] = parts.all('route');
  const note = parts.words('note');
  const encounter = making.left.get('encounter');
  const dosage = said({
    text: note,
    timing:
      times === undefined && days === undefined
        ? undefined
        : {
            repeat: said({
              boundsDuration:
                days === undefined ? undefined : { value: days, unit: 'days', system: ucum, code: 'd' },
              ...(times === undefined ? {} : { frequency: times, period: 1, periodUnit: 'd' }),
            }),
          },
    route: route ? conceptOfAnswer(route) : undefined,
    doseAndRate:
      dose === undefined
        ? undefined
        : [{ doseQuantity: { value: dose, unit: 'mg', system: ucum, code: 'mg' } }],
  });
  making.add({
    resourceType: 'MedicationRequest',
    ...reasons(parts.texts('reason')),
    status: 'active',
    intent: 'order',
    medicationCodeableConcept: concept(name, codesOfChoice(medicines, { text: name })),
    subject: subjectOf(making),
    authoredOn: making.authored,
    ...said({
      encounter: encounter ? { reference: encounter } : undefined,
      dosageInstruction: Object.keys(dosage).length > 0 ? [dosage] : undefined,
    }),
  });
}

/** `rule: why`, one for each rule that is passed by. */
function reasons(texts: readonly string[]): JsonObject {
  const contained = texts.flatMap((text, i) => {
    const [, rule, why] = /^([a-z0-9-]+):\s*(.+)$/su.exec(text) ?? [];
    if (rule === undefined || why === undefined) return [];
    return [
      {
        resourceType: 'DetectedIssue',
        id: `why${i}`,
        status: 'mitigated',
        identifier: [{ system: ruleSystem, value: rule }],
        mitigation: [{ action: { text: why } }],
      },
    ];
  });
  if (contained.length === 0) return {};
  return { contained, detectedIssue: contained.map(({ id }) => ({ reference: `#${id}` })) };
}
