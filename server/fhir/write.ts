// create, update and delete (FHIR R4 RESTful API): thin doors to `applyWrites`.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Deps } from '../http/deps.ts';
import { fhirError } from '../errors.ts';
import { uuidV7 } from '../storage/uuid.ts';
import { fhirJson } from './answer.ts';
import type { Written } from './apply-writes.ts';
import { applyWrites } from './apply-writes.ts';
import { requireContext } from './asker.ts';
import { readResource } from './body.ts';
import { requireId, requireType } from './resource-types.ts';

interface Target {
  type: string;
  id: string;
}

/** Version named by `If-Match: W/"n"`; 400 for anything else in that header. */
function ifMatchOf(request: FastifyRequest): number | undefined {
  const header = request.headers['if-match'];
  if (header === undefined) return undefined;
  const version = /^(?:W\/)?"([1-9][0-9]{0,8})"$/.exec(header)?.[1];
  if (!version) throw fhirError(400, 'value', 'If-Match takes one version, as W/"3".', 'http.If-Match');
  return Number(version);
}

function refuseConditional(request: FastifyRequest): void {
  if (request.headers['if-none-exist'] !== undefined)
    throw fhirError(400, 'not-supported', 'Conditional create is not offered here.', 'http.If-None-Exist');
}

function answer(deps: Deps, request: FastifyRequest, reply: FastifyReply, written: Written): FastifyReply {
  reply.headers({
    etag: `W/"${written.version}"`,
    'last-modified': new Date(written.lastUpdatedMs).toUTCString(),
    'ledger-entry': written.entryId,
  });
  if (written.deleted) return reply.code(204).send();
  reply.code(written.created ? 201 : 200);
  reply.header(
    'location',
    `${deps.config.publicUrl}/fhir/R4/${written.type}/${written.id}/_history/${written.version}`,
  );
  if (/(^|[\s,;])return=minimal/.test(String(request.headers.prefer ?? ''))) return reply.send();
  return reply.type(fhirJson).send(written.content);
}

export const create = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const context = requireContext(request);
  const { type } = request.params as Target;
  requireType(type);
  refuseConditional(request);
  const resource = readResource(request);
  requireSameType(resource.resourceType, type);
  const [written] = await applyWrites(deps, context, [
    { method: 'create', type, id: uuidV7(deps.now(), deps.randomBytes), resource },
  ]);
  return answer(deps, request, reply, written as Written);
};

export const update = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const context = requireContext(request);
  const { type, id } = request.params as Target;
  requireType(type);
  requireId(id);
  const ifMatch = ifMatchOf(request);
  const resource = readResource(request);
  requireSameType(resource.resourceType, type);
  if (resource.id !== id)
    throw fhirError(400, 'value', 'The id in the body must be the one in the address.', `${type}.id`);
  const [written] = await applyWrites(deps, context, [
    { method: 'update', type, id, resource, ...(ifMatch === undefined ? {} : { ifMatch }) },
  ]);
  return answer(deps, request, reply, written as Written);
};

export const remove = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const context = requireContext(request);
  const { type, id } = request.params as Target;
  requireType(type);
  requireId(id);
  const ifMatch = ifMatchOf(request);
  const [written] = await applyWrites(deps, context, [
    { method: 'delete', type, id, ...(ifMatch === undefined ? {} : { ifMatch }) },
  ]);
  return answer(deps, request, reply, written as Written);
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
