// What a search asks of a resource, as a closed tree over its search index. Contains no SQL and no text of parameter names:
// storage writes it as a statement, `matches` answers it in memory, and both must agree.

import type { HashSeed } from './search-hash.ts';
import type { SearchPath } from './search-parameters.ts';

/** One bound of a stored span. */
export interface Bound {
  readonly end: 'low' | 'high';
  readonly is: '<' | '<=' | '>' | '>=';
  readonly value: number;
}

/** Any of the lists, all bounds of it. */
export type RangeTest = readonly (readonly Bound[])[];

export type SearchCondition =
  | { readonly kind: 'and' | 'or'; readonly of: readonly SearchCondition[] }
  | { readonly kind: 'not'; readonly of: SearchCondition }
  /** At least one of the keys is stored. */
  | { readonly kind: 'keys'; readonly keys: readonly bigint[] }
  /** A span under one of the keys passes the test. */
  | { readonly kind: 'range'; readonly keys: readonly bigint[]; readonly test: RangeTest }
  | {
      readonly kind: 'string';
      readonly tags: readonly string[];
      readonly match: 'prefix' | 'contains' | 'whole';
      /** As `searchableText` writes it. */
      readonly value: string;
    }
  /** The parameter of one of the bits has a value. */
  | { readonly kind: 'present'; readonly bit: number }
  | { readonly kind: 'id'; readonly ids: readonly string[] }
  | { readonly kind: 'lastUpdated'; readonly test: RangeTest }
  /** The position stored under the key lies within so many metres. */
  | {
      readonly kind: 'near';
      readonly key: bigint;
      readonly latitude: number;
      readonly longitude: number;
      readonly metres: number;
    }
  /** A text at the end of one of the paths is exactly this, or goes on from it. */
  | {
      readonly kind: 'text';
      readonly paths: readonly SearchPath[];
      readonly match: 'exact' | 'below';
      readonly value: string;
    }
  /** A resource of one of the types that the asker may see is named by a reference, and meets the condition. */
  | { readonly kind: 'chain'; readonly links: readonly ChainLink[] }
  /** A resource of the type that the asker may see names this one, and meets the condition. */
  | {
      readonly kind: 'reverse';
      readonly resourceType: string;
      /** Of the parameter by which it names this one. */
      readonly bit: number;
      readonly places: readonly HashSeed[];
      readonly of: SearchCondition;
    };

export interface ChainLink {
  readonly resourceType: string;
  readonly places: readonly HashSeed[];
  /** `url`: the reference is a canonical and names the resource by its url. */
  readonly by: 'id' | 'url';
  readonly of: SearchCondition;
}

export const everything: SearchCondition = { kind: 'and', of: [] };
export const nothing: SearchCondition = { kind: 'or', of: [] };

export function and(of: readonly SearchCondition[]): SearchCondition {
  const [first] = of;
  return of.length === 1 && first !== undefined ? first : { kind: 'and', of };
}

/** Keys asked for side by side become one list. */
export function or(of: readonly SearchCondition[]): SearchCondition {
  const keys = of.flatMap((one) => (one.kind === 'keys' ? one.keys : []));
  const others = of.filter((one) => one.kind !== 'keys');
  const all: SearchCondition[] =
    keys.length === 0 ? others : [{ kind: 'keys', keys: [...new Set(keys)] }, ...others];
  const [first] = all;
  return all.length === 1 && first !== undefined ? first : { kind: 'or', of: all };
}
