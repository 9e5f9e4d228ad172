// Forms to Observation (blood group, weight, height, pregnancy, donor wish), CareTeam, directives and documents.

import { entryById } from './code-lists/code-list.ts';
import { bloodGroups, organs } from './code-lists/small-lists.ts';
import type { JsonObject, JsonValue, Resource } from '../fhir/types.ts';
import * as systems from './code-systems.ts';
import { codesOf, hasCode, objectAt, objectsAt, statusCode } from './elements.ts';
import type { BloodGroupOrigin, Code, DirectiveKind, OrganDonorWish, Pregnancy } from './facts.ts';
import type {
  BloodGroupForm,
  BodyForm,
  CareTeamForm,
  DirectiveForm,
  DocumentForm,
  OrganDonorForm,
  PregnancyForm,
  ProviderForm,
} from './forms.ts';
import { isPreferredTeam } from './read-care-team.ts';
import { plainPhone } from './validate-forms.ts';
import {
  codesOfChoice,
  concept,
  patientReference,
  trimmed,
  withElements,
  type WriteContext,
} from './write-elements.ts';

function observation(
  context: WriteContext,
  stored: Resource | undefined,
  category: string,
  code: Code,
  text: string,
  date: string,
): Resource {
  const base = stored ?? { resourceType: 'Observation' };
  return withElements(base, {
    status: stored === undefined ? 'final' : 'amended',
    category: base['category'] ?? [{ coding: [{ system: systems.observationCategory, code: category }] }],
    code: base['code'] ?? concept(text, [code]),
    subject: patientReference(context),
    effectiveDateTime: date,
    effectivePeriod: undefined,
    effectiveInstant: undefined,
    dataAbsentReason: undefined,
  });
}

export function bloodGroupResource(form: BloodGroupForm, context: WriteContext, stored?: Resource): Resource {
  const group = entryById(bloodGroups, form.group);
  if (group === undefined) throw new UnknownChoice('blood-group');
  const code = { system: systems.loinc, code: '882-1', display: 'ABO and Rh group [Type] in Blood' };
  // An ABO-only observation (883-9) cannot hold the Rh sign, so it is not the one to change.
  const fits = hasCode(codesOf(objectAt(stored, 'code')), systems.loinc, new Set(['882-1']))
    ? stored
    : undefined;
  const base = observation(context, fits, 'laboratory', code, 'Blood group', form.date ?? context.today);
  const value = concept(`${group.abo} RhD ${group.rhesus}`, group.codes);
  const origin = form.knownFrom === undefined ? undefined : origins[form.knownFrom];
  return withElements(base, {
    valueCodeableConcept: value,
    valueString: undefined,
    method:
      origin === undefined
        ? undefined
        : concept(origin, [{ system: systems.ownKnownFrom, code: form.knownFrom ?? '' }]),
  });
}

const origins: Readonly<Record<BloodGroupOrigin, string>> = {
  'lab-report': 'Read from a laboratory report',
  card: 'Read from a donor or hospital card',
  belief: 'Believed, no paper seen',
};

/** A form named something that is on no list; `validateForm` would have said so. */
export class UnknownChoice extends Error {
  override readonly name = 'UnknownChoice';
  readonly code = 'unknown-choice';

  constructor(what: string) {
    super(`The chosen ${what} is on no list`);
  }
}

/** A new measurement never overwrites an old one of another day: a child's weights are a curve. */
export function bodyResources(form: BodyForm, context: WriteContext): Resource[] {
  const date = form.date ?? context.today;
  const measure = (loincCode: string, text: string, value: number, unit: string): Resource => {
    const sameDay = context.current.find(
      (one) =>
        one.resourceType === 'Observation' &&
        one['effectiveDateTime'] === date &&
        statusCode(one, 'status') !== 'entered-in-error' &&
        isOwn(one) &&
        hasCode(codesOf(objectAt(one, 'code')), systems.loinc, new Set([loincCode])),
    );
    const code = { system: systems.loinc, code: loincCode, display: text };
    const base = observation(context, sameDay, 'vital-signs', code, text, date);
    return withElements(base, { valueQuantity: { value, unit, system: systems.ucum, code: unit } });
  };
  const resources: Resource[] = [];
  if (form.weightKg !== undefined) resources.push(measure('29463-7', 'Body weight', form.weightKg, 'kg'));
  if (form.heightCm !== undefined) resources.push(measure('8302-2', 'Body height', form.heightCm, 'cm'));
  return resources;
}

/** Written by the person or a guardian, or not stored yet. */
function isOwn(resource: Resource): boolean {
  return objectsAt(objectAt(resource, 'meta'), 'tag').some(
    (tag) => tag['system'] === systems.authorTag && (tag['code'] === 'patient' || tag['code'] === 'guardian'),
  );
}

const pregnancyCodes: Readonly<Record<Pregnancy['state'], Code>> = {
  pregnant: { system: systems.snomed, code: '77386006', display: 'Pregnant' },
  'not-pregnant': { system: systems.snomed, code: '60001007', display: 'Not pregnant' },
  possible: { system: systems.snomed, code: '146799005', display: 'Possible pregnancy' },
  unknown: { system: systems.snomed, code: '261665006', display: 'Unknown' },
};

export function pregnancyResource(form: PregnancyForm, context: WriteContext, stored?: Resource): Resource {
  const code = { system: systems.loinc, code: '82810-3', display: 'Pregnancy status' };
  const fits = stored?.resourceType === 'Observation' ? stored : undefined;
  const base = observation(context, fits, 'social-history', code, 'Pregnancy status', context.today);
  const said = pregnancyCodes[form.state];
  const due = form.state === 'pregnant' || form.state === 'possible' ? form.due : undefined;
  const dueCode = { system: systems.loinc, code: '11778-8', display: 'Delivery date Estimated' };
  return withElements(base, {
    valueCodeableConcept: concept(said.display ?? form.state, [said]),
    component: due === undefined ? undefined : [{ code: concept('Due date', [dueCode]), valueDateTime: due }],
  });
}

const donorCodes: Readonly<Record<OrganDonorWish['answer'], readonly [code: string, text: string]>> = {
  // F: the wish is known here, the registry's document is not on file.
  yes: ['F', 'Yes'],
  some: ['F', 'Yes, only some organs'],
  no: ['N', 'No'],
  unsure: ['U', 'Not decided'],
  relatives: ['R', 'Relatives decide'],
};

export function organDonorResource(form: OrganDonorForm, context: WriteContext, stored?: Resource): Resource {
  const code = { system: systems.loinc, code: '75781-5' };
  const base = observation(context, stored, 'social-history', code, 'Organ donation wish', context.today);
  const [answer, text] = donorCodes[form.answer];
  const chosen = form.answer === 'some' ? (form.organs ?? []) : [];
  const component = chosen.map((organ) => ({
    code: concept('Organ or tissue offered'),
    valueCodeableConcept: concept(organ.text.trim(), codesOfChoice(organs, organ)),
  }));
  return withElements(base, {
    valueCodeableConcept: concept(text, [{ system: systems.organDonorCode, code: answer }]),
    component: component.length === 0 ? undefined : component,
  });
}

/**
 * One CareTeam with the doctor and the hospital inside it. Patient.generalPractitioner would mix it with the
 * person's own data: the team has its own source and version, and R4 takes both kinds of member.
 */
export function careTeamResource(form: CareTeamForm, context: WriteContext): Resource {
  const stored = context.current.find((one) => one.resourceType === 'CareTeam' && isPreferredTeam(one));
  const contained: JsonObject[] = [];
  const participant: JsonObject[] = [];
  const { doctor, hospital } = form;
  if (doctor !== undefined) {
    const specialty = trimmed(doctor.specialty);
    contained.push({
      ...member('Practitioner', 'doctor', doctor),
      name: [{ text: doctor.name.trim() }],
      ...(specialty === undefined ? {} : { qualification: [{ code: concept(specialty) }] }),
    });
    participant.push({
      role: [concept('Preferred doctor')],
      member: { reference: '#doctor', display: doctor.name.trim() },
    });
  }
  if (hospital !== undefined) {
    contained.push({ ...member('Organization', 'hospital', hospital), name: hospital.name.trim() });
    participant.push({
      role: [
        concept('Preferred hospital', [{ system: systems.snomed, code: '22232009', display: 'Hospital' }]),
      ],
      member: { reference: '#hospital', display: hospital.name.trim() },
    });
  }
  return withElements(stored ?? { resourceType: 'CareTeam' }, {
    status: participant.length === 0 ? 'inactive' : 'active',
    category: [
      concept('Preferred doctor and hospital', [{ system: systems.ownCareTeam, code: 'preferred' }]),
    ],
    subject: patientReference(context),
    contained: contained.length === 0 ? undefined : contained,
    participant: participant.length === 0 ? undefined : participant,
  });
}

function member(resourceType: string, id: string, form: ProviderForm): JsonObject {
  const place = trimmed(form.place);
  const phone = form.phone === undefined ? undefined : plainPhone(form.phone);
  return {
    resourceType,
    id,
    ...(place === undefined ? {} : { address: [{ text: place }] }),
    ...(phone === undefined ? {} : { telecom: [{ system: 'phone', value: phone }] }),
  };
}

const directiveTypes: Readonly<Record<Exclude<DirectiveKind, 'dnr'>, readonly [code: string, text: string]>> =
  {
    'living-will': ['86533-7', 'Living will'],
    'care-plan': ['81334-5', 'Personal advance care plan'],
    'power-of-attorney': ['64298-3', 'Power of attorney for health care'],
    'portable-order': ['93037-0', 'Portable medical order'],
    other: ['42348-3', 'Advance directive'],
  };

/** A do-not-resuscitate wish is a Consent (category dnr); the other papers are DocumentReferences as in PACIO ADI. */
export function directiveResource(form: DirectiveForm, context: WriteContext, stored?: Resource): Resource {
  const where = trimmed(form.whereToFind);
  if (form.kind === 'dnr') {
    const base = stored?.resourceType === 'Consent' ? stored : { resourceType: 'Consent' };
    const paper: JsonObject = { ...objectAt(base, 'sourceAttachment') };
    if (where === undefined) delete paper['title'];
    else paper['title'] = where;
    return withElements(base, {
      status: 'active',
      scope: { coding: [{ system: systems.consentScope, code: 'adr' }] },
      category: [concept('Do not resuscitate', [{ system: systems.consentCategory, code: 'dnr' }])],
      patient: patientReference(context),
      dateTime: form.date ?? context.today,
      // ppc-1 asks for a policy; the signed paper itself is the rule.
      policyRule: base['policyRule'] ?? concept('As written in the signed paper'),
      sourceAttachment: Object.keys(paper).length === 0 ? undefined : paper,
    });
  }
  const base = stored?.resourceType === 'DocumentReference' ? stored : { resourceType: 'DocumentReference' };
  const [code, text] = directiveTypes[form.kind];
  const attachment: JsonObject = { title: text, ...objectAt(objectsAt(base, 'content')[0], 'attachment') };
  if (form.date === undefined) delete attachment['creation'];
  else attachment['creation'] = form.date;
  return withElements(base, {
    status: 'current',
    type: concept(text, [{ system: systems.loinc, code }]),
    category: [concept('Advance directive', [{ system: systems.loinc, code: '42348-3' }])],
    subject: patientReference(context),
    description: where,
    content: [{ attachment }],
  });
}

export function documentResource(form: DocumentForm, context: WriteContext, stored?: Resource): Resource {
  const base = stored ?? { resourceType: 'DocumentReference' };
  const kept = objectsAt(base, 'content')[0];
  const attachment: JsonObject = {
    ...objectAt(kept, 'attachment'),
    title: form.title.trim(),
    contentType: form.contentType,
    url: form.url,
    size: form.sizeBytes,
  };
  // R4's attachment.hash is SHA-1 of the bytes it was computed over; another file needs another one.
  if (objectAt(kept, 'attachment')?.['url'] !== form.url) delete attachment['hash'];
  if (form.date === undefined) delete attachment['creation'];
  else attachment['creation'] = form.date;
  const type: JsonValue = concept(documentTypes[form.kind][1], [documentCode(form.kind)]);
  return withElements(base, {
    status: 'current',
    type,
    subject: patientReference(context),
    description: form.title.trim(),
    // The first is what the form knows of; further pages stay.
    content: [{ ...kept, attachment }, ...objectsAt(base, 'content').slice(1)],
  });
}

const documentTypes: Readonly<
  Record<DocumentForm['kind'], readonly [loincCode: string | undefined, text: string]>
> = {
  prescription: ['57833-6', 'Prescription'],
  'lab-report': ['11502-2', 'Laboratory report'],
  imaging: ['18748-4', 'Imaging report'],
  'discharge-summary': ['18842-5', 'Discharge summary'],
  'visit-note': ['34133-9', 'Visit note'],
  insurance: ['64290-0', 'Insurance card'],
  identity: [undefined, 'Identity paper'],
  other: [undefined, 'Document'],
};

/** The kind of a document as a concept; undefined for a word that names no kind. */
export function documentType(kind: string): JsonObject | undefined {
  if (!isDocumentKind(kind)) return undefined;
  return concept(documentTypes[kind][1], [documentCode(kind)]);
}

function isDocumentKind(kind: string): kind is DocumentForm['kind'] {
  return Object.hasOwn(documentTypes, kind);
}

function documentCode(kind: DocumentForm['kind']): Code {
  const [loincCode] = documentTypes[kind];
  return loincCode === undefined
    ? { system: systems.ownDocumentKind, code: kind }
    : { system: systems.loinc, code: loincCode };
}
