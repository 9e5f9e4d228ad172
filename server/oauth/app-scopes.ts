// Scopes of apps as words, read and remembered: the same texts come with every request.
import type { AppScope, AppScopeProblem } from '../../core/access/app-scopes.ts';
import { parseAppScope } from '../../core/access/app-scopes.ts';
import { isResourceType } from '../../core/fhir/resource-types.ts';
import type { SearchCondition } from '../../core/fhir/search-condition.ts';
import { parseSearch, SearchError } from '../../core/fhir/search-query.ts';
import type { Deps } from '../http/deps.ts';

/** Scopes that speak of no data: who it is, which record, whether the app may come back alone. */
export const plainScopes = [
  'openid',
  'fhirUser',
  'profile',
  'launch',
  'launch/patient',
  'offline_access',
] as const;

export const isPlainScope = (word: string): boolean => (plainScopes as readonly string[]).includes(word);

const mostRemembered = 500;
const remembered = new Map<string, AppScope | AppScopeProblem>();

/** One word over data; a problem when it is none that a person can give. */
export function readAppScope(
  { config, now }: Pick<Deps, 'config' | 'now'>,
  word: string,
): AppScope | AppScopeProblem {
  const key = `${config.publicUrl} ${word}`;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const scope = parseAppScope(word, isResourceType, (type, query) =>
    readFilter(config.publicUrl, now(), type, query),
  );
  if (remembered.size >= mostRemembered) remembered.clear();
  remembered.set(key, scope);
  return scope;
}

/** Data scopes of a text; what is none is left out and gives nothing. */
export function readAppScopes(deps: Pick<Deps, 'config' | 'now'>, text: string): AppScope[] {
  return wordsOf(text)
    .map((word) => readAppScope(deps, word))
    .filter((one): one is AppScope => typeof one !== 'string');
}

/** What is no text has no words. */
export const wordsOf = (text: unknown): string[] =>
  typeof text === 'string' ? text.split(' ').filter((word) => word !== '') : [];

/** Search parameters that say how to answer, or need other resources, are no filters of a scope. */
function readFilter(
  publicUrl: string,
  nowMs: number,
  type: string,
  query: string,
): SearchCondition | undefined {
  const pairs = [...new URLSearchParams(query)];
  if (
    pairs.length === 0 ||
    pairs.some(([name]) => /^_(?!id$|lastUpdated$|tag$|security$|profile$|source$)/.test(name))
  )
    return undefined;
  try {
    const { filters } = parseSearch(type, pairs, { ownBase: `${publicUrl}/fhir/R4`, nowMs });
    return filters.length === 1 ? filters[0]?.condition : undefined;
  } catch (error) {
    if (error instanceof SearchError) return undefined;
    throw error;
  }
}
