// create, update, patch and delete (FHIR R4 RESTful API), plain and conditional: thin doors to `applyWrites`.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Deps } from '../http/deps.ts';
import { fhirError } from '../errors.ts';
import { uuidV7 } from '../storage/uuid.ts';
import type { FhirAnswer } from './answer.ts';
import { informationText, sendAnswer } from './answer.ts';
import { applyWrites } from './apply-writes.ts';
import { requireContext } from './asker.ts';
import { readJson, readResource } from './body.ts';
import type { Patch } from './patch.ts';
import { jsonPatchType } from './patch.ts';
import { readIfMatch, readIfNoneMatch } from './preconditions.ts';
import type { ReturnPreference } from './prefer.ts';
import { requireQuery, returnPreference } from './prefer.ts';
import { requireId, requireType } from './resource-types.ts';
import type { WriteOperation, Written } from './write-requests.ts';

interface Target {
  type: string;
  id: string;
}

/** What a write answers with; `prefer` as the client said. */
export function writeAnswer(
  base: string,
  written: Written,
  prefer: ReturnPreference | undefined,
): FhirAnswer {
  const { version, lastUpdatedMs, entryId, created, deleted, unchanged = false } = written;
  const headers: Record<string, string> =
    version === 0
      ? {}
      : {
          etag: `W/"${version}"`,
          'last-modified': new Date(lastUpdatedMs).toUTCString(),
          ...(entryId === '' ? {} : { 'ledger-entry': entryId }),
        };
  const said = prefer === 'OperationOutcome';
  if (deleted)
    return said
      ? {
          status: 200,
          headers,
          body: informationText(unchanged ? 'There is nothing to delete.' : 'Deleted.'),
        }
      : { status: 204, headers };
  headers['location'] = `${base}/${written.type}/${written.id}/_history/${version}`;
  const status = created ? 201 : 200;
  if (prefer === 'minimal') return { status, headers };
  if (said)
    return {
      status,
      headers,
      body: informationText(created ? 'Created.' : unchanged ? 'It stood already.' : 'Stored.'),
    };
  return { status, headers, body: written.content };
}

async function carryOut(
  deps: Deps,
  request: FastifyRequest,
  reply: FastifyReply,
  operation: WriteOperation,
): Promise<FastifyReply> {
  if (request.headers['x-provenance'] !== undefined)
    throw fhirError(400, 'not-supported', 'X-Provenance is not offered here.', 'http.X-Provenance');
  const [written] = await applyWrites(deps, requireContext(request), [operation]);
  const base = `${deps.config.publicUrl}/fhir/R4`;
  return sendAnswer(reply, writeAnswer(base, written as Written, returnPreference(request)));
}

const newId = (deps: Deps): string => uuidV7(deps.now(), deps.randomBytes);

/** Everything after the first question mark, without what only says how to answer. */
function conditionOf(request: FastifyRequest): string {
  const start = request.url.indexOf('?');
  const pairs = new URLSearchParams(start < 0 ? '' : request.url.slice(start + 1));
  pairs.delete('_format');
  pairs.delete('_pretty');
  return pairs.toString();
}

function single(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

const expected = (request: FastifyRequest): { ifMatch?: number } => {
  const ifMatch = readIfMatch(single(request, 'if-match'));
  return ifMatch === undefined ? {} : { ifMatch };
};

/** With `If-None-Exist` only where that search finds nothing. */
export const create = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  requireContext(request);
  const { type } = request.params as Target;
  requireType(type);
  requireQuery(request);
  const resource = readResource(request);
  requireSameType(resource.resourceType, type);
  const criteria = single(request, 'if-none-exist');
  return carryOut(deps, request, reply, {
    method: 'create',
    type,
    id: newId(deps),
    resource,
    // Some clients send the whole address of the search.
    ...(criteria === undefined ? {} : { ifNoneExist: criteria.replace(/^[^?=]*\?/, '') }),
  });
};

/** `PUT Type/id`, and `PUT Type?search`. */
export const update = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  requireContext(request);
  const { type, id } = request.params as Partial<Target> & Pick<Target, 'type'>;
  requireType(type);
  if (id !== undefined) {
    requireId(id);
    requireQuery(request);
  }
  const resource = readResource(request);
  requireSameType(resource.resourceType, type);
  if (id !== undefined && resource.id !== id)
    throw fhirError(400, 'value', 'The id in the body must be the one in the address.', `${type}.id`);
  return carryOut(deps, request, reply, {
    method: 'update',
    type,
    resource,
    ...(id === undefined ? { id: newId(deps), where: conditionOf(request) } : { id }),
    ...expected(request),
    ifNoneMatch: readIfNoneMatch(single(request, 'if-none-match')),
  });
};

/** `PATCH Type/id`, and `PATCH Type?search`. */
export const patch = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  requireContext(request);
  const { type, id } = request.params as Partial<Target> & Pick<Target, 'type'>;
  requireType(type);
  if (id !== undefined) {
    requireId(id);
    requireQuery(request);
  }
  return carryOut(deps, request, reply, {
    method: 'patch',
    type,
    patch: readPatch(request),
    ...(id === undefined ? { id: '', where: conditionOf(request) } : { id }),
    ...expected(request),
  });
};

function readPatch(request: FastifyRequest): Patch {
  const contentType = request.headers['content-type'] ?? '';
  if (contentType.startsWith(jsonPatchType)) return { kind: 'json', operations: readJson(request) };
  const parameters = readResource(request);
  if (parameters.resourceType !== 'Parameters')
    throw fhirError(
      400,
      'structure',
      'A patch is application/json-patch+json, or a Parameters resource with FHIRPath operations.',
      'Resource.resourceType',
    );
  return { kind: 'fhirpath', parameters };
}

/** `DELETE Type/id`, and `DELETE Type?search` of one. */
export const remove = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  requireContext(request);
  const { type, id } = request.params as Partial<Target> & Pick<Target, 'type'>;
  requireType(type);
  if (id !== undefined) {
    requireId(id);
    requireQuery(request);
  }
  return carryOut(deps, request, reply, {
    method: 'delete',
    type,
    ...(id === undefined ? { id: '', where: conditionOf(request) } : { id }),
    ...expected(request),
  });
};

function requireSameType(given: string, wanted: string): void {
  if (given !== wanted)
    throw fhirError(
      400,
      'value',
      'The resourceType in the body must be the one in the address.',
      'Resource.resourceType',
    );
}
