// Resources of a result, kept back or not, as the changes that bring them into the record.
import { parseJson } from '../../../core/fhir/json.ts';
import type { Resource } from '../../../core/fhir/types.ts';
import type { WriteOperation } from '../write-requests.ts';

export type Identified = Resource & { id: string };

export function heldResources(held: string): Identified[] {
  return parseJson(held) as unknown as Identified[];
}

/** @param known ids that stand already; absent: none does */
export function asWrites(
  resources: readonly Identified[],
  known: Readonly<Record<string, string>> | undefined,
): WriteOperation[] {
  const stands = new Set(Object.values(known ?? {}));
  return resources.map((resource) => ({
    method: stands.has(resource.id) ? 'update' : 'create',
    type: resource.resourceType,
    id: resource.id,
    resource,
  }));
}
