// What a PATCH brings: JSON Patch or FHIRPath Patch, read once, applied to what stands. The id and the type are not its to change.
import { applyFhirPathPatch, FhirPathPatchError } from '../../core/fhir/fhirpath-patch.ts';
import { isJsonObject, parseJson } from '../../core/fhir/json.ts';
import { applyJsonPatch, JsonPatchError } from '../../core/fhir/json-patch.ts';
import type { JsonValue, Resource } from '../../core/fhir/types.ts';
import { fhirError } from '../errors.ts';

export type Patch = { kind: 'json'; operations: JsonValue } | { kind: 'fhirpath'; parameters: Resource };

export const jsonPatchType = 'application/json-patch+json';

/** Throws 422 when the patch does not fit, 400 when it is none, 413 when it is too much. */
export function applyPatch(content: string, patch: Patch): Resource {
  const before = parseJson(content) as Resource;
  const after = patched(before, patch);
  if (!isJsonObject(after) || after['resourceType'] !== before.resourceType || after['id'] !== before['id'])
    throw fhirError(422, 'business-rule', 'A patch changes neither the id nor the type of a resource.');
  return after as Resource;
}

function patched(before: Resource, patch: Patch): JsonValue {
  try {
    return patch.kind === 'json'
      ? applyJsonPatch(before, patch.operations)
      : applyFhirPathPatch(before, patch.parameters);
  } catch (error) {
    if (error instanceof JsonPatchError) throw refusal(error, `$[${error.operation}]`);
    if (error instanceof FhirPathPatchError) throw refusal(error, `Parameters.parameter[${error.operation}]`);
    throw error;
  }
}

function refusal({ code, message }: JsonPatchError | FhirPathPatchError, expression: string) {
  switch (code) {
    case 'patch-malformed':
      return fhirError(400, 'structure', `The patch is not understood: ${message}.`, expression);
    case 'patch-not-supported':
      return fhirError(400, 'not-supported', `The patch is not understood: ${message}.`, expression);
    case 'patch-too-costly':
      return fhirError(413, 'too-costly', `The patch is too much: ${message}.`, expression);
    case 'patch-test-failed':
      return fhirError(422, 'business-rule', `The patch does not hold: ${message}.`, expression);
    case 'patch-path':
      return fhirError(422, 'processing', `The patch does not fit: ${message}.`, expression);
  }
}
