// What a search is read with, and the account of what it may cost.

import { SearchError } from './search-error.ts';

/**
 * The codes that a value with `:in` (a value set's address), `:above` or `:below` (`system|code`) means; undefined where that
 * was not looked up.
 */
export type CodesMeant = (
  modifier: 'in' | 'above' | 'below',
  value: string,
) => readonly { readonly system: string; readonly code: string }[] | undefined;

export interface SearchContext {
  /** The server's FHIR base URL without a final slash. */
  readonly ownBase?: string | undefined;
  /** For `ap` dates. */
  readonly nowMs: number;
  /** Terminology, for the modifiers that need it; absent where none is at hand. */
  readonly codesMeant?: CodesMeant | undefined;
  /** Counts down; below zero the search costs too much. */
  readonly left: { tests: number; chains: number; codes: number };
}

export function spend(
  context: SearchContext,
  what: 'tests' | 'chains' | 'codes',
  cost: number,
  param: string,
): void {
  context.left[what] -= cost;
  if (context.left[what] < 0) throw new SearchError('search-too-costly', param);
}
