// The kick-off of a Bulk Data export: its parameters read and judged before anything is started. What is not offered is refused by name.
import type { FastifyRequest } from 'fastify';
import { decide } from '../../../core/access/decide.ts';
import { dateRange } from '../../../core/fhir/dates.ts';
import { isJsonObject, parseJson } from '../../../core/fhir/json.ts';
import { parseReference } from '../../../core/fhir/references.ts';
import { isResourceType } from '../../../core/fhir/resource-types.ts';
import type { JsonObject, JsonValue } from '../../../core/fhir/types.ts';
import { fhirError } from '../../errors.ts';
import type { RequestContext } from '../asker.ts';
import { readResource } from '../body.ts';
import { readParameters } from '../parameters.ts';

export interface ExportRequest {
  /** As asked, for the manifest. */
  readonly url: string;
  readonly asOfMs: number;
  readonly sinceMs?: number;
  /** Absent: all that the asker may read. */
  readonly types?: readonly string[];
  /** Absent: everybody's. */
  readonly patientIds?: readonly string[];
  /** The whole directory, not only what is referred to. */
  readonly system: boolean;
  readonly elements?: readonly string[];
}

const kinds = {
  _outputFormat: { value: 'valueString' },
  _since: { value: 'valueInstant' },
  _type: { value: 'valueString', many: true },
  _elements: { value: 'valueString', many: true },
  patient: { value: 'valueReference', many: true },
} as const;
type Name = keyof typeof kinds;

const formats = new Set(['application/fhir+ndjson', 'application/ndjson', 'ndjson']);
const refusedByName = new Set([
  '_typeFilter',
  '_until',
  'includeAssociatedData',
  'organizeOutputBy',
  'allowPartialManifests',
]);
export const mostPatients = 10_000;

/** Name and texts of each parameter, from the query of a GET or the Parameters of a POST. */
function readGiven(request: FastifyRequest, ownBase: string): Map<Name, string[]> {
  const given = new Map<Name, string[]>();
  const pairs: [string, string][] = [];
  const query = request.url.indexOf('?');
  if (query >= 0) pairs.push(...new URLSearchParams(request.url.slice(query + 1)));
  if (request.method === 'POST' && request.body !== undefined) {
    for (const [name, values] of readParameters(readResource(request), kinds))
      pairs.push(...values.map((value): [string, string] => [name, textOf(value, name)]));
  }
  for (const [name, value] of pairs) {
    if (name === '_format' || name === '_pretty') continue;
    if (!Object.hasOwn(kinds, name)) {
      const known = refusedByName.has(name);
      throw fhirError(
        400,
        'not-supported',
        known ? `${name} is not offered by this export.` : 'This export has no such parameter.',
        known ? `http.${name}` : 'http.query',
      );
    }
    const key = name as Name;
    if (given.has(key) && !('many' in kinds[key]))
      throw fhirError(400, 'value', `${name} is given once.`, `http.${name}`);
    given.set(key, [
      ...(given.get(key) ?? []),
      ...(key === 'patient' ? [patientId(value, ownBase)] : value.split(',')),
    ]);
  }
  return given;
}

function textOf(value: JsonValue, name: string): string {
  if (typeof value === 'string') return value;
  if (isJsonObject(value) && typeof value['reference'] === 'string') return value['reference'];
  throw fhirError(400, 'value', `${name} is of another type.`, `http.${name}`);
}

function patientId(text: string, ownBase: string): string {
  const reference = parseReference(text, ownBase);
  if (reference.kind === 'local' && reference.type === 'Patient') return reference.id;
  throw fhirError(400, 'value', 'patient is a reference as Patient/id.', 'http.patient');
}

/**
 * Reads and judges a kick-off. `patientIds`: those the address itself names (a group's members, one person); undefined for all.
 * Throws 400 for what is not understood, 403 for a type beyond the asker's scopes.
 */
export function readExportRequest(
  request: FastifyRequest,
  context: RequestContext,
  base: { publicUrl: string; nowMs: number },
  level: { system: boolean; patientIds?: readonly string[] },
): ExportRequest {
  const ownBase = `${base.publicUrl}/fhir/R4`;
  const given = readGiven(request, ownBase);
  const [format] = given.get('_outputFormat') ?? [];
  if (format !== undefined && !formats.has(format))
    throw fhirError(
      400,
      'not-supported',
      'Exports are written as application/fhir+ndjson.',
      'http._outputFormat',
    );
  const [since] = given.get('_since') ?? [];
  const sinceRange = since === undefined ? undefined : dateRange(since);
  if (since !== undefined && sinceRange === undefined)
    throw fhirError(400, 'value', '_since is an instant.', 'http._since');
  const types = given.get('_type');
  for (const type of types ?? []) {
    if (!isResourceType(type))
      throw fhirError(400, 'value', 'This is not a FHIR R4 resource type.', 'http._type');
    requireType(context, type);
  }
  const elements = given.get('_elements');
  if (elements && !elements.every((one) => /^([A-Z][A-Za-z]{1,63}\.)?[a-z][A-Za-z0-9]{0,63}$/.test(one)))
    throw fhirError(
      400,
      'value',
      '_elements are names of elements, as code or Observation.code.',
      'http._elements',
    );
  const asked = given.get('patient');
  if (asked && level.system)
    throw fhirError(
      400,
      'not-supported',
      'patient belongs to an export of Patient or Group.',
      'http.patient',
    );
  if ((asked?.length ?? 0) > mostPatients)
    throw fhirError(400, 'too-costly', `At most ${mostPatients} patients are named.`, 'http.patient');
  const members = level.patientIds && new Set(level.patientIds);
  const stranger = asked?.find((id) => members && !members.has(id));
  if (stranger !== undefined)
    throw fhirError(422, 'not-found', 'A patient named is not a member of the group.', 'http.patient');
  const patientIds = asked ?? level.patientIds;
  return {
    url: `${base.publicUrl}${request.url}`,
    asOfMs: base.nowMs,
    system: level.system,
    ...(sinceRange ? { sinceMs: sinceRange.lowMs } : {}),
    ...(types ? { types: [...new Set(types)] } : {}),
    ...(patientIds ? { patientIds: [...new Set(patientIds)].sort() } : {}),
    ...(elements ? { elements: [...new Set(elements)] } : {}),
  };
}

/** What is asked for by name must be within the scopes; what is not named is narrowed to them as the export runs. */
function requireType(context: RequestContext, resourceType: string): void {
  const patientId = context.asker.kind === 'person' ? context.asker.patientId : '';
  if (!decide(context.asker, 'read', { patientId, resourceType }).allowed)
    throw fhirError(403, 'forbidden', 'You may not export this type.', 'http._type');
}

/** Ids of the people who are active members of a Group now. */
export function membersOf(content: string, ownBase: string): string[] {
  const group = parseJson(content) as JsonObject;
  const members = Array.isArray(group['member']) ? group['member'].filter(isJsonObject) : [];
  return members.flatMap((member) => {
    const entity = member['entity'];
    const text = isJsonObject(entity) ? entity['reference'] : undefined;
    const reference =
      typeof text === 'string' && member['inactive'] !== true ? parseReference(text, ownBase) : undefined;
    return reference?.kind === 'local' && reference.type === 'Patient' ? [reference.id] : [];
  });
}
