// Who says so: the source of a fact. The server's author tag decides self-reported or verified;
// the names come from what the resource itself says. Never believes a verification that the tag does not carry.

import type { JsonObject } from '../fhir/types.ts';
import { authorTag } from './code-systems.ts';
import { dateAt, firstDate, objectAt, objectsAt, optional, textAt } from './elements.ts';
import type { Fact, FactResource, FactSource, SourceKind } from './facts.ts';
import { agentName } from './human-name.ts';
import { referenceType, resolve, type RecordIndex } from './record-index.ts';

const kinds: ReadonlySet<string> = new Set<SourceKind>([
  'professional',
  'organization',
  'patient',
  'guardian',
  'import',
]);

/** Where each resource type names the people who vouch for it, the strongest first. */
const namedBy: Readonly<Record<string, readonly string[]>> = {
  AllergyIntolerance: ['asserter', 'recorder'],
  Condition: ['asserter', 'recorder'],
  MedicationRequest: ['requester', 'recorder'],
  MedicationStatement: ['informationSource'],
  Observation: ['performer'],
  DiagnosticReport: ['performer', 'resultsInterpreter'],
  Immunization: ['performer'],
  DeviceUseStatement: ['source'],
  DocumentReference: ['authenticator', 'author', 'custodian'],
  Consent: ['performer', 'organization'],
  CareTeam: ['managingOrganization'],
  Flag: ['author'],
};

const datedBy: Readonly<Record<string, readonly string[]>> = {
  AllergyIntolerance: ['recordedDate'],
  Condition: ['recordedDate', 'onsetDateTime'],
  MedicationRequest: ['authoredOn'],
  MedicationStatement: ['dateAsserted', 'effectiveDateTime', 'effectivePeriod'],
  Observation: ['effectiveDateTime', 'effectivePeriod', 'effectiveInstant', 'issued'],
  DiagnosticReport: ['effectiveDateTime', 'effectivePeriod', 'issued'],
  Immunization: ['recorded', 'occurrenceDateTime'],
  DeviceUseStatement: ['recordedOn', 'timingDateTime', 'timingPeriod'],
  DocumentReference: ['date'],
  Consent: ['dateTime'],
  Flag: ['period'],
};

type Named = { readonly name: string; readonly professional: boolean; readonly related: boolean };

function named(index: RecordIndex, resource: JsonObject): Named[] {
  const found: Named[] = [];
  for (const key of namedBy[textAt(resource, 'resourceType') ?? ''] ?? []) {
    for (const item of objectsAt(resource, key)) {
      // Immunization.performer holds the reference one level deeper than Observation.performer.
      const reference = objectAt(item, 'actor') ?? item;
      const name = textAt(reference, 'display') ?? agentName(resolve(index, resource, reference));
      if (name === undefined) continue;
      const type = referenceType(index, resource, reference);
      const related = type === 'RelatedPerson';
      found.push({ name, professional: !related && type !== 'Patient', related });
    }
  }
  return found;
}

function authorTagOf(resource: JsonObject): JsonObject | undefined {
  return objectsAt(objectAt(resource, 'meta'), 'tag').find((tag) => textAt(tag, 'system') === authorTag);
}

/** The source of everything a resource says. A resource without the server's tag counts as imported. */
export function readSource(index: RecordIndex, resource: JsonObject): FactSource {
  const tag = authorTagOf(resource);
  const code = textAt(tag, 'code') ?? '';
  const kind: SourceKind = kinds.has(code) ? (code as SourceKind) : 'import';
  const names = named(index, resource);
  const professional = names.find((one) => one.professional)?.name;
  const date =
    firstDate(resource, datedBy[textAt(resource, 'resourceType') ?? ''] ?? []) ??
    dateAt(objectAt(resource, 'meta'), 'lastUpdated');
  const tagged = textAt(tag, 'display');
  const self = kind === 'patient' || kind === 'guardian';
  const who = self ? (tagged ?? selfName(index, kind, names)) : (professional ?? tagged);
  return {
    kind,
    ...optional('who', who),
    ...(self ? optional('attributedTo', professional) : {}),
    ...optional('date', date),
    verified: kind === 'professional' || kind === 'organization',
  };
}

function selfName(index: RecordIndex, kind: SourceKind, names: readonly Named[]): string | undefined {
  if (kind === 'guardian') return names.find((one) => one.related)?.name;
  return agentName(index.byType.get('Patient')?.[0]);
}

export function factResource(resource: JsonObject): FactResource {
  return {
    type: textAt(resource, 'resourceType') ?? '',
    id: textAt(resource, 'id') ?? '',
    version: textAt(objectAt(resource, 'meta'), 'versionId') ?? '',
  };
}

export function fact<T>(index: RecordIndex, resource: JsonObject, value: T): Fact<T> {
  return { value, source: readSource(index, resource), resource: factResource(resource) };
}
