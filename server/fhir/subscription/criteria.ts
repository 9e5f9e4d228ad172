// The criteria of a Subscription: a search of one type, read as every search is, and asked of one resource in memory.
import { matches, standsAlone } from '../../../core/fhir/search-matches.ts';
import type { SearchQuery } from '../../../core/fhir/search-query.ts';
import { SearchError, parseSearch } from '../../../core/fhir/search-query.ts';
import { isResourceType } from '../../../core/fhir/resource-types.ts';
import type { Resource } from '../../../core/fhir/types.ts';
import { fhirError } from '../../errors.ts';

/** Rendered, or the server's own doing: nothing of them comes through the outbox to be told of. */
const silentTypes = new Set(['AuditEvent', 'Subscription']);
const resultParameters =
  /^_(sort|count|total|summary|elements|include|revinclude|format|pretty|type|contained|list)/;

export interface Criteria {
  readonly resourceType: string;
  readonly query: SearchQuery;
}

/** Throws 422 for a search that is not understood or cannot be asked of one resource alone. */
export function readCriteria(text: string, ownBase: string, nowMs: number): Criteria {
  const at = 'Subscription.criteria';
  const [resourceType = '', ...rest] = text.split('?');
  if (!isResourceType(resourceType) || silentTypes.has(resourceType))
    throw fhirError(
      422,
      'value',
      'The criteria begin with a resource type, as Observation?code=29463-7.',
      at,
    );
  const pairs = [...new URLSearchParams(rest.join('?'))];
  if (pairs.some(([name]) => resultParameters.test(name)))
    throw fhirError(422, 'not-supported', 'Criteria say which resources, not how to answer.', at);
  let query: SearchQuery;
  try {
    query = parseSearch(resourceType, pairs, { ownBase, nowMs });
  } catch (error) {
    if (!(error instanceof SearchError)) throw error;
    throw fhirError(422, 'value', `The criteria are not understood: ${error.message}.`, at);
  }
  if (!query.filters.every(({ condition }) => standsAlone(condition)))
    throw fhirError(
      422,
      'not-supported',
      'Criteria ask about one resource: chains and _has are not offered.',
      at,
    );
  return { resourceType, query };
}

export function criteriaHold(resource: Resource, { query }: Criteria, ownBase: string): boolean {
  return matches(resource, query, ownBase);
}
