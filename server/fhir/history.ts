// Instance history: every version of one resource, newest first, deletions included.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Deps } from '../http/deps.ts';
import { fhirError } from '../errors.ts';
import type { StoredVersion } from '../storage/resource-store.ts';
import { listVersions } from '../storage/resource-store.ts';
import { bundleText, fhirJson } from './answer.ts';
import { requireContext } from './asker.ts';
import { recordLook } from './looks.ts';
import { requireReadable } from './read.ts';
import { requireId, requireType } from './resource-types.ts';

const pageLimit = 100;

export const history = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const context = requireContext(request);
  const { type, id } = request.params as { type: string; id: string };
  requireType(type);
  requireId(id);
  const { before, ...unknown } = request.query as Record<string, string>;
  const [name] = Object.keys(unknown);
  if (name !== undefined)
    throw fhirError(400, 'not-supported', 'History takes no such parameter here.', 'http.query');
  if (before !== undefined && !/^[1-9][0-9]{0,8}$/.test(before))
    throw fhirError(400, 'value', 'before is a version number.', 'http.before');
  const { found, rule } = await requireReadable(deps, context, type, id);
  const versions = await listVersions(
    deps.db.pool,
    found.patientId,
    type,
    id,
    pageLimit,
    before ? Number(before) : undefined,
  );
  await recordLook(deps, context, found.patientId, {
    event: 'history',
    basis: rule,
    on: { type, id },
    shown: versions,
  });
  const base = `${deps.config.publicUrl}/fhir/R4`;
  const last = versions.at(-1);
  const link = [{ relation: 'self', url: `${base}/${type}/${id}/_history` }];
  if (last && last.version > 1)
    link.push({ relation: 'next', url: `${base}/${type}/${id}/_history?before=${last.version}` });
  return reply.type(fhirJson).send(
    bundleText(
      'history',
      { total: found.version, link },
      versions.map((v) => historyEntry(base, v)),
    ),
  );
};

function historyEntry(base: string, version: StoredVersion): string {
  const url = `${version.resourceType}/${version.resourceId}`;
  const method = version.deleted ? 'DELETE' : version.version === 1 ? 'POST' : 'PUT';
  const head = JSON.stringify({
    fullUrl: `${base}/${url}`,
    request: { method, url: method === 'POST' ? version.resourceType : url },
    response: {
      status: method === 'POST' ? '201' : method === 'DELETE' ? '204' : '200',
      etag: `W/"${version.version}"`,
      lastModified: version.lastUpdated.toISOString(),
    },
  });
  return version.deleted ? head : `${head.slice(0, -1)},"resource":${version.content}}`;
}
