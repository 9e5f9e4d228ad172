// The Prefer header (RFC 7240) and the query parameters that every read may carry.
import type { FastifyRequest } from 'fastify';
import { hasElement, subsetOf } from '../../core/fhir/subset.ts';
import type { Subset, SummaryMode } from '../../core/fhir/subset.ts';
import { canonicalJson, parseJson } from '../../core/fhir/json.ts';
import type { Resource } from '../../core/fhir/types.ts';
import { fhirError } from '../errors.ts';

export type ReturnPreference = 'minimal' | 'representation' | 'OperationOutcome';

/** What a write should answer with; undefined when the client does not say. Preferences that are not known may be passed over. */
export function returnPreference(request: FastifyRequest): ReturnPreference | undefined {
  const found = /(?:^|[\s,;])return="?(minimal|representation|OperationOutcome)\b/.exec(
    String(request.headers.prefer ?? ''),
  )?.[1];
  return found as ReturnPreference | undefined;
}

const everywhere = new Set(['_format', '_pretty']);

/** Throws 400 by name for a query parameter that the address does not take, or that is given twice. */
export function requireQuery(
  request: FastifyRequest,
  allowed: readonly string[] = [],
): Readonly<Record<string, string>> {
  const query = request.query as Record<string, string | string[]>;
  for (const [name, value] of Object.entries(query)) {
    if (!allowed.includes(name) && !everywhere.has(name))
      throw fhirError(
        400,
        'not-supported',
        'This address does not take such a parameter.',
        /^_?[A-Za-z-]{1,40}$/.test(name) ? `http.${name}` : 'http.query',
      );
    if (typeof value !== 'string')
      throw fhirError(400, 'value', 'This parameter is given once.', `http.${name}`);
  }
  const { _pretty: pretty } = query;
  if (pretty !== undefined && pretty !== 'true' && pretty !== 'false')
    throw fhirError(400, 'value', '_pretty is true or false.', 'http._pretty');
  return query as Record<string, string>;
}

export const viewParameters = ['_summary', '_elements'];

/** `_summary` and `_elements` of a read. */
export function viewOf(query: Readonly<Record<string, string>>, type: string): Subset | undefined {
  const { _summary: summary, _elements: given } = query;
  if (summary !== undefined && !['true', 'text', 'data', 'false'].includes(summary))
    throw fhirError(
      400,
      summary === 'count' ? 'not-supported' : 'value',
      '_summary is true, text, data or false here; count is for searches.',
      'http._summary',
    );
  const elements = given?.split(',').map((name) => name.replace(`${type}.`, ''));
  if (elements?.some((name) => !hasElement(type, name)) === true || (elements?.length ?? 0) > 100)
    throw fhirError(
      400,
      'value',
      '_elements names an element that this type does not have.',
      'http._elements',
    );
  if ((summary === undefined || summary === 'false') && elements === undefined) return undefined;
  return { summary: summary as SummaryMode | undefined, elements };
}

/** The stored text, or as much of it as was asked for. */
export function viewText(content: string, view: Subset | undefined): string {
  if (view === undefined) return content;
  return canonicalJson(subsetOf(parseJson(content) as Resource, view));
}
