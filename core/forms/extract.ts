// From a filled form to coded resources, each naming the response it came from where FHIR has a place for it. Pure: ids, clock and
// addresses are the caller's. The table of builders is also the table of homes: where in FHIR each field is kept.
import type { Resource } from '../fhir/types.ts';
import type { Answer, AnswerProblem, Filled } from './answers.ts';
import { numbersOf, readAnswers } from './answers.ts';
import { compute } from './compute.ts';
import {
  addAllergy,
  addDiagnosis,
  addFinding,
  addFoodAllergies,
  addMedicine,
  addProcedureNote,
  addRelative,
  addStudy,
  addTooth,
  addTreatment,
} from './extract-histories.ts';
import { addApplication, addClaim, addPolicy } from './extract-insurance.ts';
import { addBloodPressure, addMeasure, categoryOfField } from './extract-measures.ts';
import { addPrescription, addVisit } from './extract-visit.ts';
import { addDirective, addMedicationDirective, addOrganDonation } from './extract-wishes.ts';
import type { Field, Form } from './form.ts';
import { fieldsOf } from './form.ts';
import type { Extracted, Making } from './making.ts';
import { Parts, addDocuments, conceptOfField } from './making.ts';

export interface ExtractionContext {
  readonly patientId: string;
  /** FHIR instant. */
  readonly now: string;
  /** As the response says: date or time; absent: now. */
  readonly authored?: string;
  /** Reference to the response: `Type/id` or `urn:uuid:`. */
  readonly response: string;
  /** A fresh `urn:uuid:` each time. */
  newUrl(): string;
}

type GroupBuilder = (making: Making, parts: Parts, filled: Filled) => void;

const groupBuilders: Readonly<Record<string, GroupBuilder>> = {
  'blood-pressure': (making, _parts, { group, answers }) => addBloodPressure(making, group, answers),
  allergy: addAllergy,
  diagnosis: addDiagnosis,
  treatment: addTreatment,
  medicine: addMedicine,
  relative: addRelative,
  tooth: addTooth,
  study: (making, parts, { group }) => addStudy(making, parts, group.words[0]),
  directive: addDirective,
  'organ-donation': addOrganDonation,
  policy: addPolicy,
  application: addApplication,
  claim: addClaim,
  visit: addVisit,
  prescription: addPrescription,
};

type FieldBuilder = (making: Making, field: Field, answers: readonly Answer[]) => void;

const fieldBuilders: Readonly<Record<string, FieldBuilder>> = {
  condition: addFinding,
  procedure: addProcedureNote,
  'food-allergy': (making, _field, answers) => addFoodAllergies(making, answers),
  'medication-directive': addMedicationDirective,
  document: (making, field, answers) =>
    void addDocuments(
      making,
      answers.flatMap((one) => (one.kind === 'file' ? [one.attachment] : [])),
      conceptOfField(making.form, field),
    ),
};

export interface Extraction {
  readonly problems: readonly AnswerProblem[];
  readonly extracted: readonly Extracted[];
}

/** @returns problems, or what the answers become; never both */
export function extract(form: Form, response: Resource, context: ExtractionContext): Extraction {
  const { filled, problems } = readAnswers(form, response);
  if (problems.length > 0) return { problems, extracted: [] };
  const extracted: Extracted[] = [];
  const making: Making = {
    form,
    patientId: context.patientId,
    now: context.now,
    authored: context.authored ?? context.now,
    response: context.response,
    left: new Map(),
    add(resource) {
      const fullUrl = context.newUrl();
      extracted.push({ fullUrl, resource: form.sealed ? sealedAs(resource, form.sealed) : resource });
      return fullUrl;
    },
  };
  // In the order of the form: a prescription comes after the visit it belongs to.
  const order = new Map(form.groups.map(({ id }, i) => [id, i]));
  for (const one of [...filled].sort((a, b) => (order.get(a.group.id) ?? 0) - (order.get(b.group.id) ?? 0)))
    extractGroup(making, one);
  addComputed(making, filled);
  return { problems, extracted };
}

function extractGroup(making: Making, filled: Filled): void {
  const { group, answers } = filled;
  if (group.as !== undefined) {
    const build = groupBuilders[group.as];
    if (build === undefined) throw new Error(`no builder for ${group.as}`);
    build(making, new Parts(filled), filled);
    return;
  }
  for (const field of group.fields) {
    const given = answers.get(field.id);
    if (given === undefined) continue;
    const build = fieldBuilders[field.as];
    const category = categoryOfField(field);
    // "procedure" is a builder of its own, and the category of what a study found.
    if (build) build(making, field, given);
    else if (category) addMeasure(making, field, given, category);
    else throw new Error(`no builder for ${field.as}`);
  }
}

/** What was not given and can be computed is stored like a measurement. */
function addComputed(making: Making, filled: readonly Filled[]): void {
  const of = numbersOf(filled);
  for (const field of fieldsOf(making.form)) {
    if (field.computed === undefined || of(field.id) !== undefined) continue;
    const value = compute(field.computed, of);
    const category = categoryOfField(field);
    if (value !== undefined && category)
      addMeasure(making, field, [{ kind: 'number', value, written: value }], category);
  }
}

export function sealedAs(resource: Resource, code: string): Resource {
  const meta = typeof resource['meta'] === 'object' ? resource['meta'] : {};
  return {
    ...resource,
    meta: {
      ...(meta as object),
      security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code }],
    },
  };
}
