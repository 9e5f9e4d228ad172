// A Parameters resource as the input of an operation: each part is known by name and type, or the request is refused by name.
import { isJsonObject } from '../../core/fhir/json.ts';
import type { JsonValue, Resource } from '../../core/fhir/types.ts';
import { fhirError } from '../errors.ts';
import { asResource } from './body.ts';

/** What stands in `parameter[n]` for a name: `resource`, or the `value[x]` of this element name. `many`: it may be repeated. */
export interface ParameterKind {
  readonly value: 'resource' | `value${string}`;
  readonly many?: boolean;
}

export type GivenParameters = ReadonlyMap<string, readonly JsonValue[]>;

const mostParameters = 1000;

/** Throws 400 with the place of the part that is unknown, repeated or of another type. */
export function readParameters(
  body: Resource,
  kinds: Readonly<Record<string, ParameterKind>>,
): GivenParameters {
  if (body.resourceType !== 'Parameters')
    throw fhirError(400, 'structure', 'A Parameters resource is expected.', 'Resource.resourceType');
  const parts = body['parameter'] ?? [];
  if (!Array.isArray(parts))
    throw fhirError(400, 'structure', 'This element repeats and must be an array.', 'Parameters.parameter');
  if (parts.length > mostParameters)
    throw fhirError(
      400,
      'too-costly',
      `At most ${mostParameters} parameters are read.`,
      'Parameters.parameter',
    );
  const found = new Map<string, JsonValue[]>();
  for (const [index, part] of parts.entries()) {
    const at = `Parameters.parameter[${index}]`;
    const name = isJsonObject(part) ? part['name'] : undefined;
    if (!isJsonObject(part) || typeof name !== 'string')
      throw fhirError(400, 'structure', 'A parameter has a name.', at);
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind === undefined)
      throw fhirError(400, 'not-supported', 'This operation has no such parameter.', `${at}.name`);
    const value = part[kind.value];
    if (value === undefined) throw fhirError(400, 'value', `This parameter is given as ${kind.value}.`, at);
    const others = found.get(name) ?? [];
    if (others.length > 0 && kind.many !== true)
      throw fhirError(400, 'structure', 'This parameter is given once.', at);
    found.set(name, [...others, kind.value === 'resource' ? asResource(value, `${at}.resource`) : value]);
  }
  return found;
}
