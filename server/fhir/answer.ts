// How a stored version leaves: its text unparsed, with the headers FHIR names for it.
import type { FastifyReply } from 'fastify';
import type { StoredVersion } from '../storage/resource-store.ts';

export const fhirJson = 'application/fhir+json; charset=utf-8';

export function sendVersion(reply: FastifyReply, found: StoredVersion, status = 200): FastifyReply {
  return reply
    .code(status)
    .headers({
      etag: `W/"${found.version}"`,
      'last-modified': found.lastUpdated.toUTCString(),
      'ledger-entry': found.entryId,
    })
    .type(fhirJson)
    .send(found.content);
}

/** Joins stored texts into a Bundle without parsing them. `entries` are ready JSON texts. */
export function bundleText(
  type: string,
  fields: Record<string, unknown>,
  entries: readonly string[],
): string {
  const head = JSON.stringify({ resourceType: 'Bundle', type, ...fields });
  return entries.length === 0 ? head : `${head.slice(0, -1)},"entry":[${entries.join(',')}]}`;
}
