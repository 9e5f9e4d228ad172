// Headers that make a request depend on the version that stands: If-Match, If-None-Match, If-Modified-Since, If-None-Exist (RFC 9110, FHIR R4).
import { fhirError } from '../errors.ts';

/** Version named by `If-Match: W/"n"`; 400 for anything else in that header. */
export function readIfMatch(header: string | undefined, expression = 'http.If-Match'): number | undefined {
  if (header === undefined) return undefined;
  const version = /^\s*(?:W\/)?"([1-9][0-9]{0,8})"\s*$/.exec(header)?.[1];
  if (!version) throw fhirError(400, 'value', 'If-Match takes one version, as W/"3".', expression);
  return Number(version);
}

/** On a write only `*` has a meaning: write only if there is nothing yet. */
export function readIfNoneMatch(header: string | undefined, expression = 'http.If-None-Match'): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  throw fhirError(400, 'not-supported', 'On a write If-None-Match takes * and nothing else.', expression);
}

export interface Conditional {
  readonly ifNoneMatch?: string | undefined;
  readonly ifModifiedSince?: string | undefined;
}

/** Whether the client has this version already, so that 304 is the whole answer. If-None-Match counts alone where both are given. */
export function isKnown(
  { ifNoneMatch, ifModifiedSince }: Conditional,
  stands: { version: number; lastUpdated: Date },
): boolean {
  if (ifNoneMatch !== undefined) {
    const tags = ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
    return tags.includes('*') || tags.includes(`"${stands.version}"`);
  }
  if (ifModifiedSince === undefined) return false;
  const sinceMs = Date.parse(ifModifiedSince);
  // A date that cannot be read is as if not sent (RFC 9110, section 13.1.3). Its seconds have no fractions.
  return !Number.isNaN(sinceMs) && Math.floor(stands.lastUpdated.getTime() / 1000) * 1000 <= sinceMs;
}
