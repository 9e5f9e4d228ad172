// Forms to AllergyIntolerance, Condition, MedicationStatement, Immunization and DeviceUseStatement.
// Each builder changes a stored resource or makes a new one; sources and times of writing are the server's.

import { isJsonObject } from '../fhir/json.ts';
import type { JsonObject, JsonValue, Resource } from '../fhir/types.ts';
import { allergens, reactions } from './code-lists/allergens.ts';
import { entryById } from './code-lists/code-list.ts';
import { conditions } from './code-lists/conditions.ts';
import { implants } from './code-lists/implants.ts';
import { medicines } from './code-lists/medicines.ts';
import { disabilities, routes } from './code-lists/small-lists.ts';
import { vaccines } from './code-lists/vaccines.ts';
import * as systems from './code-systems.ts';
import { reactionNotDescribed } from './read-allergies.ts';
import { codedText, firstDate, objectAt, objectsAt, optional, statusCode } from './elements.ts';
import type { Severity } from './facts.ts';
import type {
  AllergyForm,
  Choice,
  ConditionForm,
  DisabilityForm,
  ImplantForm,
  MedicineForm,
  VaccinationForm,
} from './forms.ts';
import {
  chosenConcept,
  codesOfChoice,
  concept,
  notesWith,
  patientReference,
  status,
  trimmed,
  withElements,
  type WriteContext,
} from './write-elements.ts';

export function allergyResource(form: AllergyForm, context: WriteContext, stored?: Resource): Resource {
  const base = stored ?? { resourceType: 'AllergyIntolerance', recordedDate: context.today };
  const chosen =
    form.substance.listId === undefined ? undefined : entryById(allergens, form.substance.listId);
  const category = form.category ?? chosen?.category;
  return withElements(base, {
    clinicalStatus: status(systems.allergyClinical, 'active'),
    verificationStatus: base['verificationStatus'] ?? status(systems.allergyVerification, 'confirmed'),
    code: keptConcept(allergens, form.substance, base, 'code'),
    patient: patientReference(context),
    category: category === undefined ? undefined : [category],
    criticality: form.criticality,
    reaction: reactionElements(form, objectsAt(base, 'reaction')),
    ...onset(base, form.since),
    lastOccurrence: form.lastReaction,
    note: notesWith(base['note'], form.note),
  });
}

function reactionElements(form: AllergyForm, stored: readonly JsonObject[]): JsonValue | undefined {
  const chosen = form.reactions ?? [];
  // R4 asks for a manifestation in every reaction, so a severity alone stands with "reaction not described".
  if (chosen.length === 0 && form.severity === undefined) return undefined;
  const manifestation =
    chosen.length === 0
      ? [concept(reactionNotDescribed)]
      : chosen.map((choice) => concept(choice.text.trim(), codesOfChoice(reactions, choice)));
  const element: JsonObject = { ...stored[0], manifestation };
  if (form.severity === undefined) delete element['severity'];
  else element['severity'] = form.severity;
  return [element];
}

export function conditionResource(form: ConditionForm, context: WriteContext, stored?: Resource): Resource {
  const base = conditionBase(context, stored, status(systems.conditionCategory, 'problem-list-item'));
  return withElements(base, {
    code: keptConcept(conditions, form.condition, base, 'code'),
    severity: form.severity === undefined ? undefined : severityConcept(form.severity),
    ...onset(base, form.since),
    note: notesWith(base['note'], form.note),
  });
}

export function disabilityResource(form: DisabilityForm, context: WriteContext, stored?: Resource): Resource {
  const category = concept('Disability', [
    { system: systems.snomed, code: '21134002', display: 'Disability' },
  ]);
  const base = conditionBase(context, stored, category);
  return withElements(base, {
    code: keptConcept(disabilities, form.disability, base, 'code'),
    ...onset(base, form.since),
    note: notesWith(base['note'], form.note),
  });
}

function conditionBase(context: WriteContext, stored: Resource | undefined, category: JsonObject): Resource {
  const base = stored ?? { resourceType: 'Condition', recordedDate: context.today };
  const clinical = statusCode(base, 'clinicalStatus');
  const stillTrue = clinical === 'recurrence' || clinical === 'relapse' || clinical === 'remission';
  return withElements(base, {
    clinicalStatus: stillTrue ? base['clinicalStatus'] : status(systems.conditionClinical, 'active'),
    verificationStatus: base['verificationStatus'] ?? status(systems.conditionVerification, 'confirmed'),
    category: base['category'] ?? [category],
    subject: patientReference(context),
  });
}

const severityCodes: Readonly<Record<Severity, string>> = {
  mild: '255604002',
  moderate: '6736007',
  severe: '24484000',
};

function severityConcept(severity: Severity): JsonObject {
  const display = severity.charAt(0).toUpperCase() + severity.slice(1);
  return concept(display, [{ system: systems.snomed, code: severityCodes[severity], display }]);
}

export function medicineResource(form: MedicineForm, context: WriteContext, stored?: Resource): Resource {
  // Editing a prescription does not change the prescription: what the person says they take is their own statement.
  const base =
    stored?.resourceType === 'MedicationStatement'
      ? stored
      : ({ resourceType: 'MedicationStatement', ...derivedFrom(stored) } satisfies Resource);
  const period = objectAt(base, 'effectivePeriod');
  return withElements(base, {
    status: 'active',
    subject: patientReference(context),
    medicationReference: undefined,
    medicationCodeableConcept: keptConcept(medicines, form.medicine, base, 'medicationCodeableConcept'),
    dateAsserted: context.today,
    effectiveDateTime: undefined,
    // IPS wants a time even where nobody knows when it began.
    effectivePeriod: form.since === undefined ? unknownStart(period) : { ...period, start: form.since },
    reasonCode: trimmed(form.reason) === undefined ? undefined : [concept(form.reason?.trim() ?? '')],
    dosage: dosageElement(form, objectsAt(base, 'dosage')),
    note: notesWith(base['note'], form.note),
  });
}

function derivedFrom(stored: Resource | undefined): { [key: string]: JsonValue } {
  const id = stored?.['id'];
  return stored === undefined || typeof id !== 'string'
    ? {}
    : { derivedFrom: [{ reference: `${stored.resourceType}/${id}` }] };
}

function unknownStart(period: JsonObject | undefined): JsonObject {
  const { start: _start, ...rest } = period ?? {};
  return { ...rest, _start: absent };
}

const absent: JsonObject = {
  extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }],
};

function dosageElement(form: MedicineForm, stored: readonly JsonObject[]): JsonValue | undefined {
  const dosage: JsonObject = { ...stored[0] };
  const set = (key: string, value: JsonValue | undefined): void => {
    if (value === undefined) delete dosage[key];
    else dosage[key] = value;
  };
  const route = form.route === undefined ? undefined : entryById(routes, form.route);
  set('text', trimmed(form.doseText));
  set('asNeededBoolean', form.asNeeded === true ? true : undefined);
  set('route', route === undefined ? undefined : concept(route.en, route.codes));
  const repeat = form.frequency;
  const timing: JsonObject = { ...objectAt(dosage, 'timing') };
  // Times of the day are set with the reminders and stay.
  const { timeOfDay, dayOfWeek, boundsPeriod } = objectAt(timing, 'repeat') ?? {};
  const atTimes =
    timeOfDay === undefined
      ? {}
      : { timeOfDay, ...optional('dayOfWeek', dayOfWeek), ...optional('boundsPeriod', boundsPeriod) };
  const often =
    repeat === undefined ? {} : { frequency: repeat.times, period: repeat.period, periodUnit: repeat.unit };
  const both: JsonObject = { ...often, ...atTimes };
  if (Object.keys(both).length === 0) delete timing['repeat'];
  else timing['repeat'] = both;
  set('timing', Object.keys(timing).length === 0 ? undefined : timing);
  set('doseAndRate', form.doseValue === undefined ? undefined : [{ doseQuantity: doseQuantity(form) }]);
  return Object.keys(dosage).length === 0 ? undefined : [dosage];
}

const ucumUnits: ReadonlySet<string> = new Set(['mg', 'g', 'ug', 'mL', 'L', 'mmol', '%']);

function doseQuantity(form: MedicineForm): JsonObject {
  const unit = trimmed(form.doseUnit);
  const quantity: JsonObject = { value: form.doseValue ?? 0 };
  if (unit === undefined) return quantity;
  const code = unit === 'ml' ? 'mL' : unit === 'mcg' || unit === 'µg' ? 'ug' : unit;
  return ucumUnits.has(code) ? { ...quantity, unit, system: systems.ucum, code } : { ...quantity, unit };
}

export function vaccinationResource(
  form: VaccinationForm,
  context: WriteContext,
  stored?: Resource,
): Resource {
  const base = stored ?? { resourceType: 'Immunization', recorded: context.today, primarySource: false };
  const protocol: JsonObject = { ...objectsAt(base, 'protocolApplied')[0] };
  delete protocol['doseNumberString'];
  delete protocol['doseNumberPositiveInt'];
  const applied =
    form.doseNumber === undefined ? [] : [{ ...protocol, doseNumberPositiveInt: form.doseNumber }];
  return withElements(base, {
    status: 'completed',
    statusReason: undefined,
    vaccineCode: keptConcept(vaccines, form.vaccine, base, 'vaccineCode'),
    patient: patientReference(context),
    occurrenceString: undefined,
    occurrenceDateTime: form.date,
    lotNumber: trimmed(form.lot),
    protocolApplied: applied.length === 0 ? undefined : applied,
  });
}

const mriConcepts = {
  safe: ['C106045', 'Magnetic Resonance Safe'],
  conditional: ['C106046', 'Magnetic Resonance Conditional'],
  unsafe: ['C106047', 'Magnetic Resonance Unsafe'],
} as const;

/**
 * One DeviceUseStatement with the Device inside it: one thing the person says, one version, one line in the log.
 * A device on its own would be a second resource that could be left behind. A statement that was imported with an
 * outside Device keeps its reference and gains the changed device inside.
 */
export function implantResource(form: ImplantForm, context: WriteContext, stored?: Resource): Resource {
  const base: Resource =
    stored?.resourceType === 'DeviceUseStatement'
      ? stored
      : { resourceType: 'DeviceUseStatement', recordedOn: context.today };
  const others = objectsAt(base, 'contained').filter((one) => one['resourceType'] !== 'Device');
  const inside = objectsAt(base, 'contained').find((one) => one['resourceType'] === 'Device');
  const kept: Resource = { ...inside, resourceType: 'Device', id: 'device' };
  const mri = form.mri === undefined || form.mri === 'unknown' ? undefined : mriConcepts[form.mri];
  const safety =
    mri === undefined
      ? undefined
      : [concept(mri[1], [{ system: systems.nciThesaurus, code: mri[0], display: mri[1] }])];
  const device = withElements(kept, {
    type: keptConcept(implants, form.implant, kept, 'type'),
    manufacturer: trimmed(form.model) === undefined ? undefined : kept['manufacturer'],
    modelNumber: modelNumber(form.model, kept['manufacturer']),
    safety,
    patient: undefined,
  });
  return withElements(base, {
    status: 'active',
    subject: patientReference(context),
    contained: [...others, device],
    device: { reference: '#device' },
    timingTiming: undefined,
    timingDateTime: undefined,
    _timingDateTime: undefined,
    timingPeriod: form.since === undefined ? { _start: absent } : { start: form.since },
    note: notesWith(base['note'], form.note),
  });
}

// The form shows maker and model as one; only what is not the stored maker is the model.
function modelNumber(model: string | undefined, manufacturer: JsonValue | undefined): string | undefined {
  const text = trimmed(model);
  if (text === undefined || typeof manufacturer !== 'string' || !text.startsWith(`${manufacturer} `))
    return text;
  return text.slice(manufacturer.length + 1);
}

function keptConcept(
  list: Parameters<typeof chosenConcept>[0],
  choice: Choice,
  base: JsonObject,
  key: string,
): JsonObject {
  const stored = base[key];
  const text = isJsonObject(stored) ? codedText(stored)?.text : undefined;
  return chosenConcept(list, choice, stored, text);
}

/** An onset that the form could not show (an age, a range) stays unless a date is given. */
function onset(base: JsonObject, since: string | undefined): { [key: string]: JsonValue | undefined } {
  const shown = firstDate(base, ['onsetDateTime', 'onsetPeriod']) !== undefined;
  if (since === undefined && !shown) return {};
  return {
    onsetDateTime: since,
    ...(since === undefined && !shown
      ? {}
      : { onsetPeriod: undefined, onsetAge: undefined, onsetRange: undefined, onsetString: undefined }),
  };
}
