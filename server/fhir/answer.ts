// How stored versions and outcomes leave: text unparsed, with the headers FHIR names for it.
import type { FastifyReply } from 'fastify';

export const fhirJson = 'application/fhir+json; charset=utf-8';

/** An answer before it is sent: to a client, or as an entry of a Bundle. */
export interface FhirAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Absent where there is nothing to say: 204, 304, `return=minimal`. */
  readonly body?: string;
}

export function sendAnswer(reply: FastifyReply, { status, headers, body }: FhirAnswer): FastifyReply {
  reply.code(status).headers(headers);
  return body === undefined ? reply.send() : reply.type(fhirJson).send(body);
}

/** Headers of a version: what caches and later writes refer to. */
export function versionHeaders(found: {
  version: number;
  lastUpdated: Date;
  entryId: string;
}): Record<string, string> {
  return {
    etag: `W/"${found.version}"`,
    'last-modified': found.lastUpdated.toUTCString(),
    'ledger-entry': found.entryId,
  };
}

/** An OperationOutcome that says what was done. */
export function informationText(diagnostics: string): string {
  return JSON.stringify({
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'information', code: 'informational', diagnostics }],
  });
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
