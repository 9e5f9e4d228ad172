// What a value of a reference parameter means: which types it may name, and the texts under which it is stored.

import { isResourceId } from './ids.ts';
import { parseReference } from './references.ts';
import { isResourceType, resourceTypes } from './resource-types.ts';
import { SearchError } from './search-error.ts';
import type { SearchParameter } from './search-parameters.ts';
import { unescapeValue } from './search-split.ts';

/** Whether a reference parameter can name a resource of this type. */
export function mayName({ targets, paths }: SearchParameter, type: string): boolean {
  if (targets?.includes(type) === false) return false;
  return paths.some((path) => path.target === undefined || path.target === type);
}

/** Reads a reference value: the texts under which what it means is stored. @throws SearchError */
export function referenceTexts(
  parameter: SearchParameter,
  part: string,
  ownBase: string | undefined,
  type: string,
): readonly string[] {
  const param = parameter.name;
  const value = unescapeValue(param, part);
  const only = (names: readonly string[]): readonly string[] =>
    names.filter((name) => mayName(parameter, name));
  // A canonical stands as it was written, whatever it looks like.
  const canonical =
    parameter.paths.some((path) => path.type !== 'Reference') && /^\S+$/.test(value) ? [value] : [];
  if (isResourceId(value)) {
    const types = only(type === '' ? (parameter.targets ?? resourceTypes) : [type]);
    return [...types.map((t) => `${t}/${value}`), ...canonical];
  }
  const reference = parseReference(value, ownBase);
  if (reference.kind === 'local' && isResourceType(reference.type)) {
    if (type !== '' && type !== reference.type) throw new SearchError('search-value-invalid', param);
    // What a resource names is found by what it says, also where R4 does not expect such a type.
    return [`${reference.type}/${reference.id}`, ...canonical];
  }
  if (reference.kind === 'foreign' || reference.kind === 'urn') {
    if (type !== '' && !value.includes(`/${type}/`)) throw new SearchError('search-value-invalid', param);
    return [value.replace(/\/_history\/[^/]+$/, ''), ...canonical];
  }
  if (canonical.length > 0) return canonical;
  throw new SearchError('search-value-invalid', param);
}
