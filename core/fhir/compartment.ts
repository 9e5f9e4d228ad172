// Whose record a resource belongs to: the official R4 patient compartment, and the few types it forgets.
// Decides nothing about access; core/access builds on it.

import officialPaths from './definitions/patient-compartment.json' with { type: 'json' };
import { isJsonObject } from './json.ts';
import { parseReference } from './references.ts';
import { isResource } from './resource-types.ts';
import type { JsonValue, Resource } from './types.ts';

// The official compartment leaves these out although they can speak about one person, or names the person last.
const ownPaths: Readonly<Record<string, string>> = {
  AuditEvent: 'entity.what,agent.who',
  Binary: 'securityContext',
  Contract: 'subject',
  Coverage: 'beneficiary,subscriber,policyHolder,payor',
  Device: 'patient',
  GuidanceResponse: 'subject',
  VerificationResult: 'target',
};

const pathsOfType = new Map<string, readonly (readonly string[])[]>(
  Object.entries({ ...officialPaths, ...ownPaths }).map(([type, paths]) => [
    type,
    paths.split(',').map((path) => path.split('.')),
  ]),
);
pathsOfType.delete('Patient');

/**
 * Whether a resource of this type can be part of a person's record at all. Practitioner, Organization, Location,
 * Medication, Slot, Questionnaire and the like never are.
 */
export function mayBelongToPerson(resourceType: string): boolean {
  return resourceType === 'Patient' || resourceType === 'Bundle' || pathsOfType.has(resourceType);
}

// Directory data unless a patient is named: a ward's device, a doctor's calendar, stock, a check of an organisation.
const sharedUnlessNamed = new Set([
  'Device',
  'MeasureReport',
  'Schedule',
  'SupplyDelivery',
  'SupplyRequest',
  'VerificationResult',
]);

/** Whether a resource of this type may be directory data. */
export function mayBelongToNobody(resourceType: string): boolean {
  return (
    !mayBelongToPerson(resourceType) || sharedUnlessNamed.has(resourceType) || resourceType === 'Observation'
  );
}

/**
 * Ids of the patients in whose record a resource is to be kept: those its first compartment element names (subject
 * or patient), else those that the others name. 'nobody' for directory data. An empty list means that a resource
 * which must be about somebody does not say about whom; more than one, that it cannot be kept in one record.
 * @param id the id of the resource, which its text need not have yet
 */
export function ownersOf(resource: Resource, id: string, ownBase?: string): readonly string[] | 'nobody' {
  const type = resource.resourceType;
  if (type === 'Patient') return [id];
  // A list of many people is in nobody's record: whoever may keep such lists may read each of those on it.
  if (type === 'Group') return 'nobody';
  if (!mayBelongToPerson(type)) return 'nobody';
  const about = new Set<string>();
  const [firstPath] = pathsOfType.get(type) ?? [];
  if (firstPath !== undefined) collectAlong(resource, firstPath, 0, about, ownBase);
  const owners = about.size > 0 ? [...about] : patientsOf(resource, ownBase);
  if (owners.length === 0 && (sharedUnlessNamed.has(type) || isAboutPlace(resource, ownBase)))
    return 'nobody';
  return owners;
}

/** An observation of a place, such as a blood bank's stock or the air of a town. */
function isAboutPlace(resource: Resource, ownBase: string | undefined): boolean {
  const subject = resource.resourceType === 'Observation' ? resource['subject'] : undefined;
  if (!isJsonObject(subject) || typeof subject['reference'] !== 'string') return false;
  const reference = parseReference(subject['reference'], ownBase);
  return reference.kind === 'local' && reference.type === 'Location';
}

/** The elements that make a resource of this type part of a person's record, without the type's name. */
export function compartmentPaths(resourceType: string): readonly string[] {
  return (pathsOfType.get(resourceType) ?? []).map((path) => path.join('.'));
}

/**
 * Ids of the patients to whose compartment the resource belongs, without repeats; the one it is about comes first
 * (subject or patient before performer, author and the like). A Patient belongs to itself only, a Bundle to
 * everybody its entries belong to. References to other servers, contained and logical ones do not count.
 * @param ownBase the server's FHIR base URL without a final slash
 */
export function patientsOf(resource: Resource, ownBase?: string): string[] {
  const found = new Set<string>();
  collectPatients(resource, found, ownBase);
  return [...found];
}

function collectPatients(resource: Resource, found: Set<string>, ownBase: string | undefined): void {
  if (resource.resourceType === 'Patient') {
    if (typeof resource['id'] === 'string') found.add(resource['id']);
  } else if (resource.resourceType === 'Bundle') {
    for (const entry of listOf(resource['entry'])) {
      const inner = isJsonObject(entry) ? entry['resource'] : undefined;
      if (isResource(inner)) collectPatients(inner, found, ownBase);
    }
  } else
    for (const path of pathsOfType.get(resource.resourceType) ?? [])
      collectAlong(resource, path, 0, found, ownBase);
}

function collectAlong(
  value: JsonValue | undefined,
  path: readonly string[],
  step: number,
  found: Set<string>,
  ownBase: string | undefined,
): void {
  for (const item of listOf(value)) {
    if (!isJsonObject(item)) continue;
    const name = path[step];
    if (name !== undefined) collectAlong(item[name], path, step + 1, found, ownBase);
    else if (typeof item['reference'] === 'string') {
      const reference = parseReference(item['reference'], ownBase);
      if (reference.kind === 'local' && reference.type === 'Patient') found.add(reference.id);
    }
  }
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
