// The search index of a resource as the columns of its row, in PostgreSQL's text form, so that a batch carries one text for each.
import type { SearchIndex } from '../../core/fhir/search-found.ts';

/** Null where there is nothing: an absent array takes no room in the row. */
export interface SearchColumns {
  readonly present: string | null;
  readonly keys: string | null;
  readonly rangeKeys: string | null;
  readonly rangeBounds: string | null;
  readonly strings: string | null;
}

/** Of a deletion. */
export const noSearchColumns: SearchColumns = {
  present: null,
  keys: null,
  rangeKeys: null,
  rangeBounds: null,
  strings: null,
};

export function searchColumns(index: SearchIndex): SearchColumns {
  return {
    present: String(index.present),
    keys: list(index.keys),
    rangeKeys: list(index.rangeKeys),
    rangeBounds: list(index.rangeBounds),
    strings: list(index.strings.map(quoted)),
  };
}

function list(values: readonly (string | number | bigint)[]): string | null {
  return values.length === 0 ? null : `{${values.join(',')}}`;
}

function quoted(text: string): string {
  return `"${/["\\]/.test(text) ? text.replace(/["\\]/g, '\\$&') : text}"`;
}
