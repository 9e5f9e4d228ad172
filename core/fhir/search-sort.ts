// `_sort` as what is compared: spans, texts of the index, or texts that only the resource itself holds.

import { SearchError, searchLimits } from './search-error.ts';
import { keyOf, placeOf, stringTag } from './search-keys.ts';
import { type SearchParameter, type SearchPath, searchParametersOf } from './search-parameters.ts';

export type SearchSort = { readonly param: string; readonly descending: boolean } & (
  | { readonly kind: 'id' | 'lastUpdated' }
  | { readonly kind: 'range'; readonly keys: readonly bigint[] }
  | { readonly kind: 'string'; readonly tags: readonly string[] }
  /** Texts at the end of these paths: codes, references, URIs. */
  | { readonly kind: 'text'; readonly paths: readonly SearchPath[] }
);

/** @throws SearchError */
export function parseSort(types: readonly (string | undefined)[], value: string | undefined): SearchSort[] {
  if (value === undefined) return [];
  const keys = value.split(',');
  if (keys.length > searchLimits.sortKeys) throw new SearchError('search-too-many-values', '_sort');
  return keys.map((key) => {
    const descending = key.startsWith('-');
    const param = descending ? key.slice(1) : key;
    if (param === '_id') return { param, kind: 'id', descending };
    if (param === '_lastUpdated') return { param, kind: 'lastUpdated', descending };
    const found = types.map((type) =>
      type === undefined ? undefined : { type, parameter: searchParametersOf(type).get(param) },
    );
    const [first] = found;
    const kind = first?.parameter?.kind;
    // Over several types all must have it, and of one kind.
    if (kind === undefined || kind === 'composite' || kind === 'special' || param === 'phonetic')
      throw new SearchError('search-value-invalid', '_sort');
    const known = found.flatMap((one) =>
      one?.parameter?.kind === kind ? [{ type: one.type, parameter: one.parameter }] : [],
    );
    if (known.length !== types.length) throw new SearchError('search-value-invalid', '_sort');
    return { param, descending, ...compared(kind, known) };
  });
}

function compared(
  kind: SearchParameter['kind'],
  known: readonly { type: string; parameter: SearchParameter }[],
) {
  const paths = known.flatMap(({ parameter }) => parameter.paths);
  if (kind === 'string')
    return { kind: 'string' as const, tags: [...new Set(paths.map((path) => stringTag(path)))] };
  if (kind === 'date' || kind === 'number' || kind === 'quantity')
    return {
      kind: 'range' as const,
      keys: known.flatMap(({ type, parameter }) =>
        parameter.paths.map((path) => keyOf('', placeOf(type, path.text, 'range'))),
      ),
    };
  return { kind: 'text' as const, paths: [...new Map(paths.map((path) => [path.text, path])).values()] };
}
