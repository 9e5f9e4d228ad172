// Groups that tell of a life so far: allergies, diagnoses, treatments, medicines taken, relatives, teeth, studies.
import type { JsonObject } from '../fhir/types.ts';
import { medicines } from '../record/code-lists/medicines.ts';
import { conditionClinical, conditionVerification, ucum } from '../record/code-systems.ts';
import { concept, codesOfChoice, status } from '../record/write-elements.ts';
import { allergyResource } from '../record/write-clinical.ts';
import type { Answer } from './answers.ts';
import { observation } from './extract-measures.ts';
import type { Field } from './form.ts';
import { fieldSystem } from './form.ts';
import type { Making, Parts } from './making.ts';
import { addDocuments, codings, conceptOfAnswer, conceptOfField, said, subjectOf } from './making.ts';

const writing = ({ patientId, now }: Making) => ({ patientId, today: now.slice(0, 10), current: [] });

export function addAllergy(making: Making, parts: Parts): void {
  const substance = parts.words('substance');
  if (substance === undefined) return;
  const reaction = parts.words('reaction');
  const severity = parts.option('severity');
  making.add(
    allergyResource(
      {
        substance: { text: substance },
        ...(reaction ? { reactions: [{ text: reaction }] } : {}),
        ...(severity === 'mild' || severity === 'moderate' || severity === 'severe' ? { severity } : {}),
      },
      writing(making),
    ),
  );
}

export function addFoodAllergies(making: Making, answers: readonly Answer[]): void {
  for (const answer of answers)
    if (answer.kind === 'text')
      making.add(allergyResource({ substance: { text: answer.text }, category: 'food' }, writing(making)));
}

const clinicalStates: Readonly<Record<string, string>> = {
  active: 'active',
  remission: 'remission',
  resolved: 'resolved',
};

export function addDiagnosis(making: Making, parts: Parts): void {
  const name = parts.words('name');
  if (name === undefined) return;
  addCondition(
    making,
    { text: name },
    clinicalStates[parts.option('state') ?? ''] ?? 'active',
    parts.date('since'),
  );
}

function addCondition(
  making: Making,
  code: JsonObject,
  clinical: string,
  since?: string,
  verification = 'confirmed',
) {
  return making.add({
    resourceType: 'Condition',
    clinicalStatus: status(conditionClinical, clinical),
    verificationStatus: status(conditionVerification, verification),
    category: [
      {
        coding: [
          { system: 'http://terminology.hl7.org/CodeSystem/condition-category', code: 'problem-list-item' },
        ],
      },
    ],
    code,
    subject: subjectOf(making),
    ...(since ? { onsetDateTime: since } : {}),
    recordedDate: making.now,
  });
}

/** A finding that is ticked or chosen: it is there, or it was looked for and is not. */
export function addFinding(making: Making, field: Field, answers: readonly Answer[]): void {
  const named = conceptOfField(making.form, field);
  for (const answer of answers) {
    const absent =
      (answer.kind === 'flag' && !answer.flag) || (answer.kind === 'option' && answer.option.id === 'no');
    if (absent) {
      addCondition(making, named, 'inactive', undefined, 'refuted');
      continue;
    }
    const kind = answer.kind === 'option' || answer.kind === 'text' ? conceptOfAnswer(answer) : undefined;
    const chosen = Array.isArray(kind?.['coding']) ? kind['coding'] : [];
    const coding = [...(Array.isArray(named['coding']) ? named['coding'] : []), ...chosen];
    const text = kind === undefined ? field.words[0] : `${field.words[0]}: ${kind['text'] as string}`;
    addCondition(making, { coding, text }, 'active');
  }
}

export function addTreatment(making: Making, parts: Parts): void {
  const name = parts.words('name');
  if (name === undefined) return;
  const on = parts.date('date');
  const [outcome] = parts.all('outcome');
  const reports = addDocuments(making, parts.files('report'), codings('Operative report'), on ? { on } : {});
  making.add({
    resourceType: 'Procedure',
    status: 'completed',
    code: { text: name },
    subject: subjectOf(making),
    ...said({
      performedDateTime: on,
      outcome: outcome ? conceptOfAnswer(outcome) : undefined,
      report: reports.length > 0 ? reports.map((reference) => ({ reference })) : undefined,
    }),
  });
}

/** A procedure that is told in a note. */
export function addProcedureNote(making: Making, field: Field, answers: readonly Answer[]): void {
  for (const answer of answers)
    if (answer.kind === 'text')
      making.add({
        resourceType: 'Procedure',
        status: 'completed',
        code: conceptOfField(making.form, field),
        subject: subjectOf(making),
        note: [{ text: answer.text }],
      });
}

export function addMedicine(making: Making, parts: Parts): void {
  const name = parts.words('name');
  if (name === undefined) return;
  const until = parts.date('until');
  const since = parts.date('since');
  const [kind] = parts.all('kind');
  const dose = parts.words('dose');
  const over = until !== undefined && until < making.now.slice(0, until.length);
  making.add({
    resourceType: 'MedicationStatement',
    status: over ? 'completed' : 'active',
    medicationCodeableConcept: concept(name, codesOfChoice(medicines, { text: name })),
    subject: subjectOf(making),
    dateAsserted: making.now,
    ...said({
      category: kind ? conceptOfAnswer(kind) : undefined,
      effectivePeriod: since || until ? said({ start: since, end: until }) : undefined,
      dosage: dose ? [{ text: dose }] : undefined,
    }),
  });
}

export function addRelative(making: Making, parts: Parts): void {
  const [relation] = parts.all('relation');
  const [illness] = parts.all('illness');
  if (relation === undefined || illness === undefined) return;
  const age = parts.number('age');
  const note = parts.words('note');
  making.add({
    resourceType: 'FamilyMemberHistory',
    status: 'completed',
    patient: subjectOf(making),
    date: making.now,
    relationship: conceptOfAnswer(relation),
    condition: [
      said({
        code: conceptOfAnswer(illness),
        onsetAge: age === undefined ? undefined : { value: age, unit: 'years', system: ucum, code: 'a' },
      }),
    ],
    ...(note ? { note: [{ text: note }] } : {}),
  });
}

export function addTooth(making: Making, parts: Parts): void {
  const [tooth] = parts.all('tooth');
  const [state] = parts.all('state');
  if (tooth === undefined || state === undefined) return;
  const code = {
    coding: [{ system: fieldSystem, code: 'dental.tooth-state', display: 'State of a tooth' }],
    text: 'State of a tooth',
  };
  observation(making, 'exam', code, {
    bodySite: conceptOfAnswer(tooth),
    valueCodeableConcept: conceptOfAnswer(state),
  });
}

/** What a study found, and its files. */
export function addStudy(making: Making, parts: Parts, name: string): void {
  const on = parts.date('date');
  const field = parts.field('findings');
  const code = field?.code ? codings(name, field.code) : codings(name);
  const [findings] = parts.texts('findings');
  const files = addDocuments(making, parts.files('file'), code, on ? { on } : {});
  if (findings === undefined && (on === undefined || files.length > 0)) return;
  observation(making, 'procedure', code, {
    effectiveDateTime: on ?? making.authored,
    ...(findings === undefined
      ? {
          dataAbsentReason: {
            coding: [{ system: 'http://terminology.hl7.org/CodeSystem/data-absent-reason', code: 'unknown' }],
          },
        }
      : { valueString: findings }),
  });
}
