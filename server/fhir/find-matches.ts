// The search of a conditional write: what the asker may search, of one type, by filters alone, in the record that is written into.
// What is hidden from them there is not found: to the condition it does not exist.
import type { NamedValue } from '../../core/fhir/search-query.ts';
import { parseSearch, SearchError } from '../../core/fhir/search-query.ts';
import type { Deps } from '../http/deps.ts';
import { fhirError } from '../errors.ts';
import type { Queryable } from '../storage/queryable.ts';
import { searchPage } from '../storage/search-store.ts';
import type { RequestContext } from './asker.ts';
import { actingIn, withAuthorities } from './authorise.ts';
import { searchScopeOf, withinRecords } from './search-scope.ts';

export interface FoundMatch {
  readonly patientId: string;
  readonly id: string;
}

/** Enough to know that there is more than one, even when this very change deletes some of them. */
const mostMatches = 20;

/** The same words for the same search, whatever the order of its parts. */
export function normalCriteria(type: string, criteria: string): string {
  const pairs = new URLSearchParams(criteria);
  pairs.sort();
  return `${type}?${pairs.toString()}`;
}

/** What a condition found, and in which words the look at each of those records is told. */
export interface FoundMatches {
  readonly matches: readonly FoundMatch[];
  readonly lookAt: (patientId: string) => { context: RequestContext; rule: string };
}

/** Throws 400 for criteria that are empty, are no filters or are not understood; 403 where the asker may not search this type.
 *  @param records what is written is about these; undefined where it does not say, and then about all that is open to the asker */
export async function findMatches(
  client: Queryable,
  deps: Deps,
  context: RequestContext,
  type: string,
  criteria: string,
  records?: readonly string[],
): Promise<FoundMatches> {
  const pairs: NamedValue[] = [...new URLSearchParams(criteria)];
  const odd = pairs.find(([name]) =>
    /^_(sort|count|total|summary|elements|include|revinclude|format|pretty)(:|$)/.test(name),
  );
  if (pairs.length === 0 || odd !== undefined)
    throw fhirError(
      400,
      'value',
      'A condition is a search with at least one filter and nothing else.',
      'http.query',
    );
  const informed = await withAuthorities(deps, context, records, client);
  const { scope, ruleOf } = searchScopeOf(informed);
  const rule = ruleOf(type);
  if (rule === undefined) throw fhirError(403, 'forbidden', 'You may not search this.');
  try {
    const query = parseSearch(type, pairs, {
      ownBase: `${deps.config.publicUrl}/fhir/R4`,
      nowMs: deps.now(),
    });
    const { found } = await searchPage({ pool: client, asks: client }, withinRecords(scope, records), query, {
      limit: mostMatches,
    });
    return {
      matches: found.map(({ patientId, resourceId }) => ({ patientId, id: resourceId })),
      lookAt: (patientId) => ({ rule, ...actingIn(informed, patientId) }),
    };
  } catch (error) {
    if (!(error instanceof SearchError)) throw error;
    throw fhirError(
      400,
      /not-supported|unknown/.test(error.code) ? 'not-supported' : 'value',
      `The condition is not understood: ${error.message}.`,
      `http.${error.parameter || 'query'}`,
    );
  }
}
