// A request body read once: the parsed value is what validation, decision, hash and store all see.
import type { FastifyRequest } from 'fastify';
import { parseJson } from '../../core/fhir/json.ts';
import type { JsonValue, Resource } from '../../core/fhir/types.ts';
import { validateResource } from '../../core/fhir/validate.ts';
import { FhirError, fhirError } from '../errors.ts';

/** The resource in the body; 400 with the position for text that is not JSON, 400 for JSON that is no resource. */
export function readResource(request: FastifyRequest): Resource {
  return asResource(readJson(request));
}

export function readJson(request: FastifyRequest): JsonValue {
  if (!Buffer.isBuffer(request.body) || request.body.length === 0)
    throw fhirError(400, 'structure', 'The request has no body.');
  const text = decodeUtf8(request.body);
  try {
    return parseJson(text);
  } catch (error) {
    throw fhirError(400, 'structure', `The body is not valid JSON: ${(error as Error).message}.`);
  }
}

/** Bytes that are no UTF-8 are refused, not replaced: what is stored would not be what was sent. */
function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw fhirError(400, 'structure', 'The body is not UTF-8 text.');
  }
}

export function asResource(value: JsonValue | undefined, expression = 'Resource'): Resource {
  const type =
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Resource).resourceType
      : undefined;
  if (typeof type !== 'string')
    throw fhirError(400, 'structure', 'A JSON object with a resourceType is expected.', expression);
  return value as Resource;
}

/** Throws 422 with every error found; warnings are let through. */
export function requireValid(resource: Resource): void {
  const issues = validateResource(resource).filter(
    (issue) => issue.severity === 'error' || issue.severity === 'fatal',
  );
  if (issues.length === 0) return;
  throw new FhirError(
    422,
    issues.slice(0, 100).map((issue) => ({
      severity: issue.severity,
      code: issue.code,
      diagnostics: issue.diagnostics,
      expression: [issue.expression],
    })),
  );
}
