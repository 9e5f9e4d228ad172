// The names of the R4 resource types; light enough for the browser.

import names from './definitions/resource-types.json' with { type: 'json' };
import { isJsonObject } from './json.ts';
import type { Resource } from './types.ts';

/** All concrete resource types of FHIR 4.0.1, in alphabetical order. */
export const resourceTypes: readonly string[] = names.all.split(' ');

const known: ReadonlySet<string> = new Set(resourceTypes);

export function isResourceType(name: string): boolean {
  return known.has(name);
}

/** Whether a value is an object that calls itself some resource; says nothing about whether it is sound. */
export function isResource(value: unknown): value is Resource {
  return isJsonObject(value) && typeof value['resourceType'] === 'string';
}
