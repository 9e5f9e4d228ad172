// The entries of a batch or transaction Bundle, read one by one: what each asks for, in the words of the API.
import { isJsonObject, parseJson } from '../../core/fhir/json.ts';
import type { JsonObject, JsonValue, Resource } from '../../core/fhir/types.ts';
import { fhirError } from '../errors.ts';
import { asResource } from './body.ts';
import type { Patch } from './patch.ts';
import { jsonPatchType } from './patch.ts';
import { readIfMatch, readIfNoneMatch } from './preconditions.ts';
import { requireId, requireType } from './resource-types.ts';
import type { WriteOperation } from './write-requests.ts';

export const bundleEntryLimit = 5000;

const methods = ['DELETE', 'POST', 'PUT', 'PATCH', 'GET', 'HEAD'] as const;
export type EntryMethod = (typeof methods)[number];

export interface EntryRequest {
  /** `Bundle.entry[3]`. */
  readonly at: string;
  readonly method: EntryMethod;
  /** Below the base, without a slash before it: `Patient/x`. */
  readonly path: string;
  /** Behind the question mark; empty when there is none. */
  readonly query: string;
  readonly ifMatch?: string;
  readonly ifNoneMatch?: string;
  readonly ifModifiedSince?: string;
  readonly ifNoneExist?: string;
  readonly fullUrl?: string;
  readonly resource?: JsonValue;
}

/** Throws 400 for entries that are no array, 413 for too many. */
export function entriesOf(bundle: Resource): readonly JsonValue[] {
  const entries = bundle['entry'] ?? [];
  if (!Array.isArray(entries))
    throw fhirError(400, 'structure', 'This element repeats and must be an array.', 'Bundle.entry');
  if (entries.length > bundleEntryLimit)
    throw fhirError(413, 'too-costly', `A Bundle has at most ${bundleEntryLimit} entries.`, 'Bundle.entry');
  return entries;
}

/** Throws 400 with the place of what is wrong. */
export function readEntry(entry: JsonValue, index: number, base: string): EntryRequest {
  const at = `Bundle.entry[${index}]`;
  const { fullUrl, request, resource } = asObject(entry, at);
  const fields = asObject(request, `${at}.request`);
  const { url } = fields;
  const method = methods.find((one) => one === fields['method']);
  if (method === undefined)
    throw fhirError(400, 'value', `method is one of ${methods.join(', ')}.`, `${at}.request.method`);
  if (typeof url !== 'string' || url.length > 8000)
    throw fhirError(400, 'structure', 'An entry says which address it asks.', `${at}.request.url`);
  const [path = '', query = ''] = splitOnce(url.startsWith(`${base}/`) ? url.slice(base.length) : url, '?');
  const plain = path.replace(/^\//, '');
  if (!/^[A-Za-z0-9\-._$*/]*$/.test(plain) || plain.split('/').some((part) => /^\.+$/.test(part)))
    throw fhirError(400, 'value', 'The address is relative to the base of this server.', `${at}.request.url`);
  return {
    at,
    method,
    path: plain,
    query,
    ...textOf(fullUrl, 'fullUrl', `${at}.fullUrl`),
    ...textOf(fields['ifMatch'], 'ifMatch', `${at}.request.ifMatch`),
    ...textOf(fields['ifNoneMatch'], 'ifNoneMatch', `${at}.request.ifNoneMatch`),
    ...textOf(fields['ifModifiedSince'], 'ifModifiedSince', `${at}.request.ifModifiedSince`),
    ...textOf(fields['ifNoneExist'], 'ifNoneExist', `${at}.request.ifNoneExist`),
    ...(resource === undefined ? {} : { resource }),
  };
}

function splitOnce(text: string, separator: string): string[] {
  const start = text.indexOf(separator);
  return start < 0 ? [text] : [text.slice(0, start), text.slice(start + 1)];
}

function textOf<N extends string>(
  value: JsonValue | undefined,
  name: N,
  expression: string,
): { [K in N]?: string } {
  if (value === undefined) return {};
  if (typeof value !== 'string' || value === '' || value.length > 8000 || /\p{Cc}/u.test(value))
    throw fhirError(400, 'structure', 'This element is a text.', expression);
  return { [name]: value } as { [K in N]?: string };
}

/** The write that an entry is; undefined for one that reads. Throws 400/404 with the place of what is wrong. */
export function writeOf(entry: EntryRequest, newId: () => string): WriteOperation | undefined {
  const { at, method, path, query, fullUrl } = entry;
  if (method === 'GET' || method === 'HEAD') return undefined;
  const [type = '', id, rest] = path.split('/');
  requireType(type);
  if (rest !== undefined || id?.startsWith('$') === true || id?.startsWith('_') === true)
    throw fhirError(400, 'not-supported', 'A transaction takes no operations.', `${at}.request.url`);
  if (id !== undefined && query !== '')
    throw fhirError(400, 'value', 'An address has an id or a search, not both.', `${at}.request.url`);
  const common = { type, at, ...(fullUrl === undefined ? {} : { fullUrl }) };
  const ifMatch = readIfMatch(entry.ifMatch, `${at}.request.ifMatch`);
  const expected = ifMatch === undefined ? {} : { ifMatch };
  if (method === 'POST') {
    if (id !== undefined || query !== '')
      throw fhirError(400, 'value', 'To create something the url is its type alone.', `${at}.request.url`);
    const resource = sameType(entry, type);
    const { ifNoneExist } = entry;
    return {
      ...common,
      method: 'create',
      id: newId(),
      resource,
      ...(ifNoneExist === undefined ? {} : { ifNoneExist: ifNoneExist.replace(/^[^?=]*\?/, '') }),
    };
  }
  if (id === undefined && query === '')
    throw fhirError(400, 'value', 'The address needs an id or a search.', `${at}.request.url`);
  const which = id === undefined ? { id: '', where: query } : { id: requireId(id) };
  if (method === 'DELETE') return { ...common, method: 'delete', ...which, ...expected };
  if (method === 'PATCH') return { ...common, method: 'patch', ...which, patch: patchOf(entry), ...expected };
  const resource = sameType(entry, type);
  if (id !== undefined && resource['id'] !== undefined && resource['id'] !== id)
    throw fhirError(400, 'value', 'The id must be the one in the request url.', `${at}.resource.id`);
  return {
    ...common,
    method: 'update',
    ...which,
    ...(id === undefined ? { id: newId(), resource } : { resource: { ...resource, id } }),
    ...expected,
    ifNoneMatch: readIfNoneMatch(entry.ifNoneMatch, `${at}.request.ifNoneMatch`),
  };
}

function sameType({ resource, at }: EntryRequest, type: string): Resource {
  const body = asResource(resource, `${at}.resource`);
  if (body.resourceType !== type)
    throw fhirError(400, 'value', 'The resourceType must be the one in the request url.', `${at}.resource`);
  return body;
}

/** FHIRPath Patch as Parameters; JSON Patch as the data of a Binary. */
export function patchOf({ resource, at }: EntryRequest): Patch {
  const body = asResource(resource, `${at}.resource`);
  if (body.resourceType === 'Parameters') return { kind: 'fhirpath', parameters: body };
  const { contentType, data } = body;
  if (body.resourceType !== 'Binary' || contentType !== jsonPatchType || typeof data !== 'string')
    throw fhirError(
      400,
      'structure',
      `A patch is a Parameters resource, or a Binary whose contentType is ${jsonPatchType}.`,
      `${at}.resource`,
    );
  try {
    return { kind: 'json', operations: parseJson(Buffer.from(data, 'base64').toString('utf8')) };
  } catch {
    throw fhirError(400, 'structure', 'The data of the Binary are not valid JSON.', `${at}.resource.data`);
  }
}

function asObject(value: JsonValue | undefined, expression: string): JsonObject {
  if (!isJsonObject(value)) throw fhirError(400, 'structure', 'An object is expected.', expression);
  return value;
}
