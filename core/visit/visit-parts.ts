// What a visit found, ordered and planned, a resource each.
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { JsonObject, Resource } from '../fhir/types.ts';
import { quantityOf, readingOf } from '../forms/extract-measures.ts';
import { codingOfField } from '../forms/questionnaire.ts';
import { form as general } from '../forms/shipped/general.ts';
import { compute } from '../forms/compute.ts';
import { said } from '../forms/making.ts';
import { conditions } from '../record/code-lists/conditions.ts';
import { diagnoses } from '../record/code-lists/diagnoses.ts';
import {
  conditionCategory,
  conditionClinical,
  conditionVerification,
  loinc,
  observationCategory,
} from '../record/code-systems.ts';
import { orderCode, orderIdentifier } from '../record/order-code.ts';
import { codesOfChoice, concept, status } from '../record/write-elements.ts';
import type { Named, Place, VisitDraft, VitalId } from './draft.ts';
import { vitalIds } from './draft.ts';
import type { Signing, VisitEntry } from './entries.ts';
import { referenceTo, signer, visitSystem } from './entries.ts';
import { prescription } from './prescription.ts';
import { numberIn, vitalField } from './problems.ts';

/** Vitals, examination, diagnoses. */
export function findingResources(draft: VisitDraft, signing: Signing): VisitEntry[] {
  const subject = { reference: `Patient/${draft.patientId}` };
  const encounter = referenceTo(draft, 'encounter');
  const observation = (part: string, category: string, code: JsonObject, value: JsonObject): VisitEntry => ({
    part,
    resource: {
      resourceType: 'Observation',
      status: 'final',
      category: [{ coding: [{ system: observationCategory, code: category }] }],
      code,
      subject,
      encounter,
      effectiveDateTime: signing.at,
      performer: [signer(signing)],
      ...value,
    },
  });
  const vitals = vitalIds
    .filter((id) => id !== 'systolic' && id !== 'diastolic' && numberIn(draft.vitals[id]) !== undefined)
    .map((id) => observation(id, 'vital-signs', codeOf(id), valueOf(draft, id)));
  const bmi = compute('bmi', (id) => numberIn(draft.vitals[id as VitalId]));
  const examination = draft.examination.trim();
  return [
    ...vitals,
    ...(bmi === undefined ? [] : [observation('bmi', 'vital-signs', codeOf('bmi'), measured('bmi', bmi))]),
    ...pressureOf(draft).map((component) =>
      observation(
        'blood-pressure',
        'vital-signs',
        {
          coding: [
            { system: loinc, code: '85354-9', display: 'Blood pressure panel with all children optional' },
          ],
          text: 'Blood pressure',
        },
        { component },
      ),
    ),
    ...(examination === ''
      ? []
      : [
          observation(
            'examination',
            'exam',
            concept('Examination', [
              { system: loinc, code: '29545-1', display: 'Physical findings Narrative' },
            ]),
            { valueString: examination },
          ),
        ]),
    ...draft.diagnoses.map((one): VisitEntry => ({
      part: one.key,
      resource: {
        resourceType: 'Condition',
        clinicalStatus: status(conditionClinical, 'active'),
        verificationStatus: status(conditionVerification, one.probable ? 'provisional' : 'confirmed'),
        category: [{ coding: [{ system: conditionCategory, code: 'encounter-diagnosis' }] }],
        code: diagnosisConcept(one),
        subject,
        encounter,
        recordedDate: signing.at,
        recorder: signer(signing),
      },
    })),
  ];
}

/** Tests and medicines, of one requisition each. */
export function orderResources(draft: VisitDraft, signing: Signing): VisitEntry[] {
  const encounter = referenceTo(draft, 'encounter');
  const group = (what: string) => ({ system: visitSystem, value: `${draft.id}.${what}` });
  return [
    ...draft.tests.map((one): VisitEntry => ({
      part: one.key,
      resource: {
        resourceType: 'ServiceRequest',
        identifier: [orderIdentifier(numberOf(draft, one.key))],
        status: 'active',
        intent: 'order',
        requisition: group('tests'),
        code: concept(one.text.trim(), one.codes),
        subject: { reference: `Patient/${draft.patientId}` },
        encounter,
        authoredOn: signing.at,
        requester: signer(signing),
        ...said({ performer: one.laboratory === undefined ? undefined : [addressed(one.laboratory)] }),
      },
    })),
    ...draft.medicines.map((one): VisitEntry => ({
      part: one.key,
      resource: prescription(one, {
        patientId: draft.patientId,
        at: signing.at,
        more: { encounter, requester: signer(signing), groupIdentifier: group('prescription') },
      }),
    })),
  ];
}

/** Of the same draft and test always the same. */
const numberOf = ({ id }: VisitDraft, key: string): string =>
  orderCode(sha256(utf8ToBytes(`${id} ${key} order`)));

const addressed = ({ id, name }: Place): JsonObject => ({ reference: `Organization/${id}`, display: name });

/** Procedures, notes, when to come again. */
export function planResources(draft: VisitDraft, signing: Signing): VisitEntry[] {
  const subject = { reference: `Patient/${draft.patientId}` };
  const encounter = referenceTo(draft, 'encounter');
  const notes = [draft.notes.trim(), draft.advice.trim()].filter((text) => text !== '').join('\n\n');
  return [
    ...draft.procedures.map((one): VisitEntry => ({
      part: one.key,
      resource: {
        resourceType: 'Procedure',
        status: 'completed',
        code: concept(one.text.trim(), one.codes),
        subject,
        encounter,
        performedDateTime: signing.at,
        performer: [{ actor: signer(signing) }],
      },
    })),
    ...(notes === ''
      ? []
      : [
          {
            part: 'notes',
            resource: {
              resourceType: 'ClinicalImpression',
              status: 'completed',
              subject,
              encounter,
              date: signing.at,
              assessor: signer(signing),
              summary: notes,
            } as Resource,
          },
        ]),
    ...(draft.followUp === ''
      ? []
      : [
          {
            part: 'follow-up',
            resource: {
              resourceType: 'Appointment',
              status: 'proposed',
              description: 'Follow-up',
              created: signing.at,
              requestedPeriod: [{ start: draft.followUp, end: draft.followUp }],
              participant: [{ actor: subject, status: 'needs-action' }],
            } as Resource,
          },
        ]),
  ];
}

export function diagnosisConcept(one: Named): JsonObject {
  const text = one.text.trim();
  return concept(
    text,
    one.codes.length > 0 ? one.codes : codesOfChoice([...diagnoses, ...conditions], { text }),
  );
}

function codeOf(id: VitalId | 'bmi'): JsonObject {
  const field = fieldOf(id);
  return { coding: [codingOfField(general, field)], text: field.words[0] };
}

const fieldOf = (id: VitalId | 'bmi') => (id === 'bmi' ? requireBmi() : vitalField(id));

function requireBmi() {
  const field = general.groups.flatMap(({ fields }) => fields).find(({ id }) => id === 'bmi');
  if (field === undefined) throw new Error('no field bmi');
  return field;
}

const measured = (id: VitalId | 'bmi', value: number): JsonObject => ({
  valueQuantity: quantityOf(fieldOf(id), value),
  ...readingOf(fieldOf(id), value),
});

const valueOf = (draft: VisitDraft, id: VitalId): JsonObject => measured(id, numberIn(draft.vitals[id]) ?? 0);

/** Both values of one measurement; none without a number. */
function pressureOf(draft: VisitDraft): JsonObject[][] {
  const component = (['systolic', 'diastolic'] as const)
    .filter((id) => numberIn(draft.vitals[id]) !== undefined)
    .map((id) => ({ code: codeOf(id), ...valueOf(draft, id) }));
  return component.length === 0 ? [] : [component];
}
