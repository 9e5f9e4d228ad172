// A grant as a FHIR R4 Consent: what people and other systems read. Decisions are made from the authority written with it.
import { isJsonObject } from '../fhir/json.ts';
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
  recipient: Recipient;
  /** Where that person works; left out where the recipient is the organisation itself, and so whoever works there. */
  organizationReference?: string;
  coverage: Coverage;
  share: boolean;
  /** Who may also write, and until when: never for longer than a pen is lent. */
  pen?: { recipient: Recipient; from: string; until: string };
  purpose: string;
}

export interface Recipient {
  name: string;
  reference?: string;
}

/** An active Consent: opt-in for nothing but the permissions inside. */
export function consentOf(facts: ConsentFacts): Resource {
  const { coverage, pen } = facts;
  const parts = coverage.categories ?? [];
  const permit = (to: Recipient, actions: readonly string[], period: JsonObject): JsonObject => ({
    type: 'permit',
    period,
    actor: actorsOf(to, facts.organizationReference),
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
  });
  const period = { start: facts.at, ...(facts.until === undefined ? {} : { end: facts.until }) };
  // To know that something is there is less than access, and no action of the standard says it.
  const known: JsonObject = {
    type: 'permit',
    period,
    actor: actorsOf(facts.recipient, facts.organizationReference),
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
    provision: {
      provision: [
        permit(facts.recipient, ['access', ...(facts.share ? ['disclose'] : [])], period),
        ...(coverage.knowsSealed === true ? [known] : []),
        ...(pen === undefined
          ? []
          : [permit(pen.recipient, ['access', 'correct'], { start: pen.from, end: pen.until })]),
      ],
    },
  };
}

function actorsOf(to: Recipient, organizationReference: string | undefined): JsonObject[] {
  const references = [
    to.reference === undefined ? { display: to.name } : { reference: to.reference, display: to.name },
    ...(organizationReference === undefined ? [] : [{ reference: organizationReference }]),
  ];
  return references.map((reference) => ({ role: concept(participation, 'IRCP'), reference }));
}

/** The same Consent with writing for longer: on from what still runs, or as one more stretch. Undefined where it lends no pen. */
export function prolongedConsent(consent: Resource, from: string, until: string): Resource | undefined {
  const provision = consent['provision'];
  const inner =
    isJsonObject(provision) && Array.isArray(provision['provision']) ? provision['provision'] : [];
  const pens = inner.filter(
    (one): one is JsonObject => isJsonObject(one) && JSON.stringify(one['action']).includes('"correct"'),
  );
  const last = pens.at(-1);
  const period = last?.['period'];
  if (last === undefined || !isJsonObject(period)) return undefined;
  const runs = typeof period['end'] === 'string' && period['end'] > from;
  const stretch = { ...last, period: { start: runs ? (period['start'] ?? from) : from, end: until } };
  const others = runs ? inner.filter((one) => one !== last) : inner;
  return { ...consent, provision: { ...(provision as JsonObject), provision: [...others, stretch] } };
}

/** The same Consent after it was revoked or ended. */
export function endedConsent(consent: Resource): Resource {
  return { ...consent, status: 'inactive' };
}
