// What a search is read with, and the account of what it may cost.

import { SearchError } from './search-error.ts';

export interface SearchContext {
  /** The server's FHIR base URL without a final slash. */
  readonly ownBase?: string | undefined;
  /** For `ap` dates. */
  readonly nowMs: number;
  /** Codes of a value set by its URL, `system|code`; undefined if it is not known here. For `:in` and `:not-in`. */
  readonly expandValueSet?:
    ((url: string) => readonly { system: string; code: string }[] | undefined) | undefined;
  /** Counts down; below zero the search costs too much. */
  readonly left: { tests: number; chains: number };
}

export function spend(context: SearchContext, what: 'tests' | 'chains', cost: number, param: string): void {
  context.left[what] -= cost;
  if (context.left[what] < 0) throw new SearchError('search-too-costly', param);
}
