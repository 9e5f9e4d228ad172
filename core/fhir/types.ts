// The shapes of JSON values and FHIR resources as every room passes them around.
// Types only: importing this file brings no code and no tables.

import type { DecimalLiteral } from './json.ts';

/** A number is a JavaScript number when that writes back exactly as it was read, else a `DecimalLiteral`. */
export type JsonNumber = number | DecimalLiteral;

export type JsonPrimitive = string | boolean | null | JsonNumber;

export type JsonValue = JsonPrimitive | JsonValue[] | JsonObject;

export interface JsonObject {
  [key: string]: JsonValue;
}

/** Any FHIR R4 resource as parsed JSON; `id` is absent before the first store. */
export interface Resource extends JsonObject {
  resourceType: string;
}
