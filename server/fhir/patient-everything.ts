// Patient/$everything: a person's whole compartment as it stands, in pages, as stored.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Deps } from '../http/deps.ts';
import { fhirError } from '../errors.ts';
import { listCompartment } from '../storage/resource-store.ts';
import { bundleText, fhirJson } from './answer.ts';
import { requireContext } from './asker.ts';
import { recordLook } from './looks.ts';
import { requireReadable } from './read.ts';
import { requireId, requireType } from './resource-types.ts';

const defaultCount = 500;
const countLimit = 1000;

export const patientEverything = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const context = requireContext(request);
  const { id } = request.params as { id: string };
  requireId(id);
  const { _count, _type, after, ...unknown } = request.query as Record<string, string>;
  if (Object.keys(unknown).length > 0)
    throw fhirError(400, 'not-supported', '$everything takes _count, _type and after here.', 'http.query');
  if ([_count, _type, after].some(Array.isArray))
    throw fhirError(400, 'value', 'Each parameter of $everything is given once.', 'http.query');
  const count = _count === undefined ? defaultCount : /^[1-9][0-9]{0,8}$/.test(_count) ? Number(_count) : 0;
  if (count === 0) throw fhirError(400, 'value', '_count is a whole number from 1.', 'http._count');
  const types = _type === undefined ? [] : _type.split(',').map((type) => requireType(type));
  const [, afterType = '', afterId = ''] =
    /^([A-Za-z]{1,64})\/([A-Za-z0-9\-.]{1,64})$/.exec(after ?? '') ?? [];
  if (after !== undefined && afterType === '')
    throw fhirError(400, 'value', 'after is the Type/id that the page before ended with.', 'http.after');
  const { rule } = await requireReadable(deps, context, 'Patient', id);
  const limit = Math.min(count, countLimit);
  const page = await listCompartment(
    deps.db.pool,
    id,
    limit + 1,
    { resourceType: afterType, resourceId: afterId },
    types,
  );
  const shown = page.slice(0, limit);
  await recordLook(deps, context, id, {
    event: 'everything',
    basis: rule,
    on: { type: 'Patient', id },
    shown,
  });
  const base = `${deps.config.publicUrl}/fhir/R4`;
  const last = shown.at(-1);
  const link: { relation: string; url: string }[] = [
    { relation: 'self', url: `${base}/Patient/${id}/$everything` },
  ];
  if (page.length > limit && last) {
    const next = new URLSearchParams({
      _count: String(limit),
      ...(_type ? { _type } : {}),
      after: `${last.resourceType}/${last.resourceId}`,
    });
    link.push({ relation: 'next', url: `${base}/Patient/${id}/$everything?${next.toString()}` });
  }
  const entries = shown.map(
    (v) =>
      `{"fullUrl":${JSON.stringify(`${base}/${v.resourceType}/${v.resourceId}`)},"resource":${v.content},"search":{"mode":"match"}}`,
  );
  return reply.type(fhirJson).send(bundleText('searchset', { link }, entries));
};
