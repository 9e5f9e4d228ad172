// transaction Bundles: ids given first, urn:uuid references resolved, then everything or nothing through `applyWrites`.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { referencesOf, rewriteReferences } from '../../core/fhir/references.ts';
import type { JsonObject, JsonValue, Resource } from '../../core/fhir/types.ts';
import type { Deps } from '../http/deps.ts';
import { fhirError } from '../errors.ts';
import { uuidV7 } from '../storage/uuid.ts';
import { fhirJson } from './answer.ts';
import type { WriteOperation, Written } from './apply-writes.ts';
import { applyWrites } from './apply-writes.ts';
import type { RequestContext } from './asker.ts';
import { requireContext } from './asker.ts';
import { asResource, readResource } from './body.ts';
import { requireId, requireType } from './resource-types.ts';

export const transactionEntryLimit = 5000;
/** What the header Ledger-Entry says of a single write, for each entry of a transaction. */
const ledgerEntryUrl = 'urn:medallion:ledger-entry';

/** Reads the Bundle's entries as write operations. `reuse` names resources that already stand for a fullUrl (directory entries met again on import). */
export function readTransaction(
  bundle: Resource,
  newId: () => string,
  reuse: ReadonlyMap<string, string> = new Map(),
): { operations: WriteOperation[]; indexes: number[] } {
  if (bundle.resourceType !== 'Bundle' || bundle.type !== 'transaction')
    throw fhirError(400, 'not-supported', 'A Bundle of type transaction is expected.', 'Bundle.type');
  const entries = bundle.entry ?? [];
  if (!Array.isArray(entries))
    throw fhirError(400, 'structure', 'This element repeats and must be an array.', 'Bundle.entry');
  if (entries.length > transactionEntryLimit)
    throw fhirError(
      413,
      'too-costly',
      `A transaction has at most ${transactionEntryLimit} entries.`,
      'Bundle.entry',
    );
  const targets = new Map<string, string>(reuse);
  const read = entries.map((entry, index) => readEntry(entry, index, newId));
  for (const [index, one] of read.entries()) {
    if (!one.fullUrl || reuse.has(one.fullUrl)) continue;
    if (targets.has(one.fullUrl))
      throw fhirError(
        400,
        'duplicate',
        'Two entries have the same fullUrl.',
        `Bundle.entry[${index}].fullUrl`,
      );
    targets.set(one.fullUrl, `${one.operation.type}/${one.operation.id}`);
  }
  const operations: WriteOperation[] = [];
  const indexes: number[] = [];
  for (const [index, { fullUrl, operation }] of read.entries()) {
    if (fullUrl && reuse.has(fullUrl)) continue;
    indexes.push(index);
    if (operation.method === 'delete') operations.push(operation);
    else operations.push({ ...operation, resource: resolve(operation.resource, targets, index) });
  }
  const keys = operations.map((o) => `${o.type}/${o.id}`);
  if (new Set(keys).size !== keys.length)
    throw fhirError(400, 'duplicate', 'Two entries write the same resource.', 'Bundle.entry');
  return { operations, indexes };
}

function resolve(resource: Resource, targets: ReadonlyMap<string, string>, index: number): Resource {
  const resolved = rewriteReferences(resource, targets);
  const lost = referencesOf(resolved).find(({ text }) => text.startsWith('urn:'));
  if (lost)
    throw fhirError(
      422,
      'not-found',
      'This reference leads to no entry of the Bundle.',
      `Bundle.entry[${index}].resource: ${lost.path}`,
    );
  return resolved;
}

function readEntry(
  entry: JsonValue,
  index: number,
  newId: () => string,
): { fullUrl?: string; operation: WriteOperation } {
  const at = `Bundle.entry[${index}]`;
  const { fullUrl, request, resource } = asObject(entry, at);
  const { method, url, ifMatch, ifNoneExist } = asObject(request, `${at}.request`);
  if (fullUrl !== undefined && typeof fullUrl !== 'string')
    throw fhirError(400, 'structure', 'fullUrl is a text.', `${at}.fullUrl`);
  if (typeof url !== 'string' || ifNoneExist !== undefined)
    throw fhirError(
      400,
      'not-supported',
      'This kind of request is not offered in a transaction.',
      `${at}.request`,
    );
  if (url.includes('?'))
    throw fhirError(
      400,
      'not-supported',
      'Conditional requests are not offered in a transaction.',
      `${at}.request.url`,
    );
  const [type = '', id, rest] = url.replace(/^\//, '').split('/');
  requireType(type);
  if (rest !== undefined)
    throw fhirError(400, 'value', 'The request url is not Type or Type/id.', `${at}.request.url`);
  const version =
    ifMatch === undefined
      ? undefined
      : Number(
          /^W\/"([1-9][0-9]{0,8})"$/.exec(typeof ifMatch === 'string' ? ifMatch : '')?.[1] ?? Number.NaN,
        );
  if (Number.isNaN(version))
    throw fhirError(400, 'value', 'ifMatch takes one version, as W/"3".', `${at}.request.ifMatch`);
  const expected = version === undefined ? {} : { ifMatch: version };
  const named = fullUrl === undefined ? {} : { fullUrl };
  switch (typeof method === 'string' ? method : '') {
    case 'POST': {
      if (id !== undefined)
        throw fhirError(400, 'value', 'To create something the url is its type alone.', `${at}.request.url`);
      const body = sameType(asResource(resource, `${at}.resource`), type, at);
      return { ...named, operation: { method: 'create', type, id: newId(), resource: body } };
    }
    case 'PUT': {
      const body = sameType(asResource(resource, `${at}.resource`), type, at);
      if (body.id !== undefined && body.id !== id)
        throw fhirError(400, 'value', 'The id must be the one in the request url.', `${at}.resource.id`);
      return {
        ...named,
        operation: {
          method: 'update',
          type,
          id: requireId(id ?? ''),
          resource: { ...body, id: id ?? '' },
          ...expected,
        },
      };
    }
    case 'DELETE':
      return { ...named, operation: { method: 'delete', type, id: requireId(id ?? ''), ...expected } };
    default:
      throw fhirError(
        400,
        'not-supported',
        'Transactions take POST, PUT and DELETE here.',
        `${at}.request.method`,
      );
  }
}

function sameType(resource: Resource, type: string, at: string): Resource {
  if (resource.resourceType !== type)
    throw fhirError(400, 'value', 'The resourceType must be the one in the request url.', `${at}.resource`);
  return resource;
}

function asObject(value: JsonValue | undefined, expression: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw fhirError(400, 'structure', 'An object is expected.', expression);
  return value as JsonObject;
}

/** Carries out a transaction Bundle for the HTTP door. */
export async function runTransaction(
  deps: Deps,
  context: RequestContext,
  bundle: Resource,
): Promise<Written[]> {
  const { operations } = readTransaction(bundle, () => uuidV7(deps.now(), deps.randomBytes));
  return applyWrites(deps, context, operations);
}

export const transaction = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const context = requireContext(request);
  const written = await runTransaction(deps, context, readResource(request));
  const entry = written.map((w) => ({
    response: {
      status: w.deleted ? '204 No Content' : w.created ? '201 Created' : '200 OK',
      ...(w.deleted ? {} : { location: `${w.type}/${w.id}/_history/${w.version}` }),
      etag: `W/"${w.version}"`,
      lastModified: new Date(w.lastUpdatedMs).toISOString(),
      extension: [{ url: ledgerEntryUrl, valueUuid: `urn:uuid:${w.entryId}` }],
    },
  }));
  return reply
    .type(fhirJson)
    .send(JSON.stringify({ resourceType: 'Bundle', type: 'transaction-response', entry }));
};
