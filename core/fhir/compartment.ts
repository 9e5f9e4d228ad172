// Whose record a resource belongs to: the official R4 patient compartment, and the few types it forgets.
// Decides nothing about access; core/access builds on it.

import officialPaths from './definitions/patient-compartment.json' with { type: 'json' };
import { isJsonObject } from './json.ts';
import { parseReference } from './references.ts';
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
      if (isJsonObject(inner) && typeof inner['resourceType'] === 'string')
        collectPatients(inner as Resource, found, ownBase);
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
