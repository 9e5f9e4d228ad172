// What references inside one document or resource lead to: contained resources and the entries of a Bundle.

import { childItems } from '../fhirpath/path-values.ts';
import { isJsonObject } from '../json.ts';
import type { JsonObject } from '../types.ts';

export function textAt(object: JsonObject, key: string): string {
  const value = object[key];
  return typeof value === 'string' ? value : '';
}

export const typeOf = (resource: JsonObject): string => textAt(resource, 'resourceType');

export function targetsOf(resource: JsonObject): Map<string, JsonObject> {
  const targets = new Map<string, JsonObject>();
  for (const { value } of childItems(resource, 'contained'))
    if (isJsonObject(value)) targets.set(`#${textAt(value, 'id')}`, value);
  for (const { value: entry } of childItems(resource, 'entry')) {
    const inner = isJsonObject(entry) ? entry['resource'] : undefined;
    if (!isJsonObject(entry) || !isJsonObject(inner)) continue;
    const fullUrl = entry['fullUrl'];
    if (typeof inner['id'] === 'string') targets.set(`${typeOf(inner)}/${inner['id']}`, inner);
    if (typeof fullUrl === 'string') {
      targets.set(fullUrl, inner);
      const end = /[A-Z][A-Za-z]+\/[A-Za-z0-9.-]+$/.exec(fullUrl)?.[0];
      if (end !== undefined) targets.set(end, inner);
    }
  }
  return targets;
}
