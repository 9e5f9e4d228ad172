// An answer as an entry of a batch-response or transaction-response.
import { STATUS_CODES } from 'node:http';
import type { FhirAnswer } from './answer.ts';

/** What the header Ledger-Entry says of a single write. */
const ledgerEntryUrl = 'urn:medallion:ledger-entry';

/** JSON text. The body of a failure, or what only says how it went, stands in `response.outcome`. */
export function entryText(base: string, { status, headers, body }: FhirAnswer): string {
  const { location, etag, 'last-modified': lastModified, 'ledger-entry': ledgerEntry } = headers;
  const relative = location?.startsWith(`${base}/`) === true ? location.slice(base.length + 1) : location;
  const isOutcome = body !== undefined && /^\{"(?:issue|resourceType":"OperationOutcome)/.test(body);
  const response = JSON.stringify({
    status: `${status} ${STATUS_CODES[status] ?? ''}`.trim(),
    ...(relative === undefined ? {} : { location: relative }),
    ...(etag === undefined ? {} : { etag }),
    ...(lastModified === undefined ? {} : { lastModified: new Date(lastModified).toISOString() }),
    ...(ledgerEntry === undefined
      ? {}
      : { extension: [{ url: ledgerEntryUrl, valueUuid: `urn:uuid:${ledgerEntry}` }] }),
  });
  if (body === undefined || body === '') return `{"response":${response}}`;
  if (isOutcome) return `{"response":${response.slice(0, -1)},"outcome":${body}}}`;
  const address = relative?.replace(/\/_history\/.*$/, '');
  const fullUrl = address === undefined ? '' : `"fullUrl":${JSON.stringify(`${base}/${address}`)},`;
  return `{${fullUrl}"resource":${body},"response":${response}}`;
}
