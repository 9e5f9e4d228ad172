// One person's current resources, findable by reference. References are followed inside this list only.

import { isJsonObject } from '../fhir/json.ts';
import type { JsonObject } from '../fhir/types.ts';
import { objectAt, objectsAt, textAt } from './elements.ts';

export type RecordIndex = {
  readonly byType: ReadonlyMap<string, readonly JsonObject[]>;
  readonly byReference: ReadonlyMap<string, JsonObject>;
};

/** Sorts resources by type. Bundle entries are accepted in place of resources, with their fullUrl as address. */
export function recordIndex(resources: readonly unknown[]): RecordIndex {
  const byType = new Map<string, JsonObject[]>();
  const byReference = new Map<string, JsonObject>();
  for (const item of resources) {
    if (!isJsonObject(item)) continue;
    const resource = objectAt(item, 'resource') ?? item;
    const type = textAt(resource, 'resourceType');
    if (type === undefined) continue;
    const sameType = byType.get(type);
    if (sameType === undefined) byType.set(type, [resource]);
    else sameType.push(resource);
    const id = textAt(resource, 'id');
    if (id !== undefined) {
      byReference.set(`${type}/${id}`, resource);
      byReference.set(`urn:uuid:${id}`, resource);
    }
    const fullUrl = resource === item ? undefined : textAt(item, 'fullUrl');
    if (fullUrl !== undefined) byReference.set(fullUrl, resource);
  }
  return { byType, byReference };
}

export function resourcesOf(index: RecordIndex, type: string): readonly JsonObject[] {
  return index.byType.get(type) ?? [];
}

/** What a Reference points to: a contained resource, or one of the person's list. */
export function resolve(
  index: RecordIndex,
  owner: JsonObject,
  reference: JsonObject | undefined,
): JsonObject | undefined {
  const address = textAt(reference, 'reference');
  if (address === undefined) return undefined;
  if (address.startsWith('#')) {
    return objectsAt(owner, 'contained').find((contained) => textAt(contained, 'id') === address.slice(1));
  }
  const current = address.replace(/\/_history\/[^/]+$/u, '');
  const known = index.byReference.get(current);
  if (known !== undefined) return known;
  const relative = /([A-Z][A-Za-z]+\/[A-Za-z0-9.-]+)$/u.exec(current)?.[1];
  return relative === undefined ? undefined : index.byReference.get(relative);
}

/** The type a Reference points to, as far as it says so. */
export function referenceType(
  index: RecordIndex,
  owner: JsonObject,
  reference: JsonObject | undefined,
): string | undefined {
  return (
    textAt(resolve(index, owner, reference), 'resourceType') ??
    textAt(reference, 'type') ??
    /(?:^|\/)([A-Z][A-Za-z]+)\/[A-Za-z0-9.-]+(?:\/_history\/[^/]+)?$/u.exec(
      textAt(reference, 'reference') ?? '',
    )?.[1]
  );
}
