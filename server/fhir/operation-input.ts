// What an operation is asked: the query of a GET or the Parameters of a POST, read against the list of what it takes.
// A parameter that is not on the list is refused by name: ignored, it would seem to have been obeyed.
import type { FastifyRequest } from 'fastify';
import { isJsonObject } from '../../core/fhir/json.ts';
import { isResource } from '../../core/fhir/resource-types.ts';
import type { JsonObject, JsonValue, Resource } from '../../core/fhir/types.ts';
import { FhirError, fhirError } from '../errors.ts';
import { asResource, readJson, requireValid } from './body.ts';

/** `text` takes every string-like type; a resource or an element cannot be said in an address. */
export type InputKind = 'text' | 'integer' | 'boolean' | 'Coding' | 'CodeableConcept' | 'resource';

export type InputList = Readonly<Record<string, InputKind>>;

export class OperationInput {
  readonly #values: ReadonlyMap<string, JsonValue>;

  constructor(values: ReadonlyMap<string, JsonValue>) {
    this.#values = values;
  }

  text(name: string): string | undefined {
    const value = this.#values.get(name);
    return typeof value === 'string' ? value : undefined;
  }

  number(name: string): number | undefined {
    const value = this.#values.get(name);
    return typeof value === 'number' ? value : undefined;
  }

  flag(name: string): boolean | undefined {
    const value = this.#values.get(name);
    return typeof value === 'boolean' ? value : undefined;
  }

  element(name: string): JsonObject | undefined {
    const value = this.#values.get(name);
    return isJsonObject(value) ? value : undefined;
  }

  resource(name: string): Resource | undefined {
    const value = this.#values.get(name);
    return isResource(value) ? value : undefined;
  }
}

/** `_format` and `_pretty` say how to answer and stand beside every operation's own parameters. */
const everywhere = new Set(['_format', '_pretty']);

/** @throws FhirError 400 for what is not on the list, of another kind, or given twice */
export function readOperationInput(request: FastifyRequest, list: InputList): OperationInput {
  const values = new Map<string, JsonValue>();
  for (const [name, value] of Object.entries(request.query as Record<string, unknown>)) {
    if (everywhere.has(name)) continue;
    const expression = `http.${name}`;
    const kind = requireListed(list, name, expression);
    if (typeof value !== 'string')
      throw fhirError(400, 'value', 'Each parameter is given once here.', expression);
    values.set(name, valueOfText(value, kind, expression));
  }
  if (request.method === 'POST') readParameters(parametersOf(request), list, values);
  return new OperationInput(values);
}

/** The Parameters in the body. */
function parametersOf(request: FastifyRequest): Resource {
  const body = asResource(readJson(request));
  if (body.resourceType !== 'Parameters')
    throw fhirError(400, 'structure', 'This operation takes a Parameters resource.', 'Resource');
  return body;
}

export function readParameters(
  parameters: Resource,
  list: InputList,
  values: Map<string, JsonValue>,
): OperationInput {
  for (const [i, parameter] of listOf(parameters['parameter']).entries()) {
    const expression = `Parameters.parameter[${i}]`;
    const name = isJsonObject(parameter) ? parameter['name'] : undefined;
    if (!isJsonObject(parameter) || typeof name !== 'string')
      throw fhirError(400, 'structure', 'A parameter has a name.', expression);
    const kind = requireListed(list, name, expression);
    if (values.has(name)) throw fhirError(400, 'value', 'Each parameter is given once here.', expression);
    const given = Object.keys(parameter).filter((key) => key === 'resource' || key.startsWith('value'));
    const [key] = given;
    if (key === undefined || given.length > 1)
      throw fhirError(400, 'structure', 'A parameter has one value or one resource.', expression);
    values.set(name, requireKind(parameter[key], key, kind, expression));
  }
  return new OperationInput(values);
}

function requireListed(list: InputList, name: string, expression: string): InputKind {
  const kind = Object.hasOwn(list, name) ? list[name] : undefined;
  if (kind === undefined)
    throw new FhirError(400, [
      {
        severity: 'error',
        code: 'not-supported',
        diagnostics: `This operation takes ${Object.keys(list).join(', ')} here, and nothing else.`,
        expression: [expression],
      },
    ]);
  return kind;
}

function valueOfText(value: string, kind: InputKind, expression: string): JsonValue {
  if (value.length > 4096) throw fhirError(400, 'too-long', 'This parameter is too long.', expression);
  if (kind === 'text' && value !== '') return value;
  if (kind === 'boolean' && (value === 'true' || value === 'false')) return value === 'true';
  if (kind === 'integer' && /^[0-9]{1,9}$/.test(value)) return Number(value);
  if (kind === 'text' || kind === 'boolean' || kind === 'integer')
    throw fhirError(400, 'value', 'This value is not of the kind that the parameter takes.', expression);
  throw fhirError(400, 'value', 'This parameter cannot be given in an address: send it by POST.', expression);
}

const textValues = /^value(?:String|Uri|Url|Canonical|Code|Id|Markdown|DateTime|Date)$/;

function requireKind(
  value: JsonValue | undefined,
  key: string,
  kind: InputKind,
  expression: string,
): JsonValue {
  const fits =
    kind === 'text'
      ? textValues.test(key) && typeof value === 'string' && value !== ''
      : kind === 'integer'
        ? /^value(?:Integer|UnsignedInt|PositiveInt)$/.test(key) &&
          typeof value === 'number' &&
          Number.isInteger(value) &&
          value >= 0
        : kind === 'boolean'
          ? key === 'valueBoolean' && typeof value === 'boolean'
          : kind === 'resource'
            ? key === 'resource' && isResource(value)
            : key === `value${kind}` && isJsonObject(value);
  if (value === undefined || !fits)
    throw fhirError(400, 'value', 'This value is not of the kind that the parameter takes.', expression);
  if (typeof value === 'string' && value.length > 4096)
    throw fhirError(400, 'too-long', 'This parameter is too long.', expression);
  if (kind === 'Coding' || kind === 'CodeableConcept')
    requireValid({ resourceType: 'Parameters', parameter: [{ name: 'value', [key]: value }] });
  return value;
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

/** A Parameters answer; entries without a value are left out. */
export function parametersOutput(
  entries: readonly (readonly [name: string, type: string, value: JsonValue | undefined])[],
): Resource {
  return {
    resourceType: 'Parameters',
    parameter: entries.flatMap(([name, type, value]) =>
      value === undefined ? [] : [{ name, [type === 'part' ? 'part' : `value${type}`]: value }],
    ),
  };
}
