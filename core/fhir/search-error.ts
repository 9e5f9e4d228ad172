// Why a search is refused, and the limits that keep one from costing too much.

export type SearchErrorCode =
  | 'search-type-unknown'
  | 'search-parameter-unknown'
  | 'search-parameter-not-supported'
  | 'search-modifier-not-supported'
  | 'search-prefix-not-supported'
  | 'search-value-invalid'
  | 'search-value-empty'
  | 'search-value-too-long'
  | 'search-repeated'
  | 'search-too-many-parameters'
  | 'search-too-many-values'
  | 'search-too-costly';

/** A search that is not understood. `parameter` is the name as R4 defines it, or empty if it is none. */
export class SearchError extends Error {
  override readonly name = 'SearchError';
  readonly code: SearchErrorCode;
  readonly parameter: string;

  constructor(code: SearchErrorCode, parameter: string) {
    super(`${code}${parameter === '' ? '' : `: ${parameter}`}`);
    this.code = code;
    this.parameter = parameter;
  }
}

export const searchLimits = {
  /** Name and value pairs of one search. */
  parameters: 50,
  /** Values between commas of one parameter. */
  valuesOfParameter: 200,
  /** Values of all parameters together, each counted for every type and path it is looked for in. */
  tests: 2000,
  /** Characters of one value. */
  valueLength: 1000,
  /** Codes that value sets and hierarchies stand for, each counted for every path. */
  codes: 10_000,
  /** Links of a chain or of nested `_has`. */
  chainLinks: 3,
  /** Chains and `_has` of one search, each counted for every type it leads to. */
  chains: 20,
  /** `_include` and `_revinclude` together. */
  includes: 20,
  /** Rounds of `:iterate`. */
  includeRounds: 4,
  /** Included resources on a page. */
  included: 1000,
  sortKeys: 5,
  /** Resources on a page. */
  count: 1000,
  /** Types of a search over several. */
  types: 20,
  /** Names in `_elements`. */
  elements: 100,
} as const;
