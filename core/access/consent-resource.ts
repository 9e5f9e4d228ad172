// A grant as a FHIR R4 Consent: what people and other systems read. Decisions are made from the authority written with it.
import type { JsonObject, Resource } from '../fhir/types.ts';
import type { Coverage } from './authority.ts';
import { typesOfCategory } from './categories.ts';

const consentScope = 'http://terminology.hl7.org/CodeSystem/consentscope';
const actCode = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
const actReason = 'http://terminology.hl7.org/CodeSystem/v3-ActReason';
const participation = 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType';
const consentAction = 'http://terminology.hl7.org/CodeSystem/consentaction';
const confidentiality = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality';
export const categorySystem = 'urn:medallion:part';
export const actionSystem = 'urn:medallion:action';

const concept = (system: string, code: string): JsonObject => ({ coding: [{ system, code }] });

export interface ConsentFacts {
  patientId: string;
  /** Instant with milliseconds. */
  at: string;
  until?: string;
  recipient: { name: string; reference?: string };
  organizationReference?: string;
  coverage: Coverage;
  share: boolean;
  writing: boolean;
  purpose: string;
}

/** An active Consent: opt-in for nothing but the one permission inside. */
export function consentOf(facts: ConsentFacts): Resource {
  const { coverage, recipient } = facts;
  const parts = coverage.categories ?? [];
  const actions = ['access', ...(facts.share ? ['disclose'] : []), ...(facts.writing ? ['correct'] : [])];
  const actors = [
    recipient.reference === undefined
      ? { display: recipient.name }
      : { reference: recipient.reference, display: recipient.name },
    ...(facts.organizationReference === undefined ? [] : [{ reference: facts.organizationReference }]),
  ];
  const permission: JsonObject = {
    type: 'permit',
    period: { start: facts.at, ...(facts.until === undefined ? {} : { end: facts.until }) },
    actor: actors.map((reference) => ({ role: concept(participation, 'IRCP'), reference })),
    action: actions.map((action) => concept(consentAction, action)),
    purpose: [{ system: actReason, code: facts.purpose }],
    ...(coverage.sealed
      ? {
          securityLabel: ['N', 'R', 'V'].map((code) => ({ system: confidentiality, code })),
        }
      : { securityLabel: [{ system: confidentiality, code: 'N' }] }),
    ...(parts.length === 0
      ? {}
      : {
          class: parts
            .flatMap(typesOfCategory)
            .map((code) => ({ system: 'http://hl7.org/fhir/resource-types', code })),
          code: parts.map((part) => ({ coding: [{ system: categorySystem, code: part }] })),
        }),
    ...(coverage.entries === undefined
      ? {}
      : { data: coverage.entries.map((reference) => ({ meaning: 'instance', reference: { reference } })) }),
  };
  // To know that something is there is less than access, and no action of the standard says it.
  const known: JsonObject = {
    type: 'permit',
    period: permission['period'] as JsonObject,
    actor: permission['actor'] as JsonObject[],
    action: [
      { coding: [{ system: actionSystem, code: 'know-of' }], text: 'to know that sealed entries exist' },
    ],
    securityLabel: ['R', 'V'].map((code) => ({ system: confidentiality, code })),
  };
  return {
    resourceType: 'Consent',
    status: 'active',
    scope: concept(consentScope, 'patient-privacy'),
    category: [concept('http://loinc.org', '59284-0')],
    patient: { reference: `Patient/${facts.patientId}` },
    dateTime: facts.at,
    policyRule: concept(actCode, 'OPTOUT'),
    provision: { provision: [permission, ...(coverage.knowsSealed === true ? [known] : [])] },
  };
}

/** The same Consent after it was revoked or ended. */
export function endedConsent(consent: Resource): Resource {
  return { ...consent, status: 'inactive' };
}
