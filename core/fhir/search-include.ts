// `_include` and `_revinclude`: along which references other resources come with the matches.

import { isResourceType } from './resource-types.ts';
import { SearchError } from './search-error.ts';
import { type SearchParameter, searchParametersOf } from './search-parameters.ts';
import { mayName } from './search-references.ts';

export interface SearchInclude {
  /** `forward`: what the matches name. `reverse`: what names the matches. */
  readonly direction: 'forward' | 'reverse';
  /** Type of the resources that hold the references; undefined for all. */
  readonly source: string | undefined;
  /** Undefined for all reference parameters of the source. */
  readonly parameter: SearchParameter | undefined;
  /** Only resources of this type. */
  readonly target: string | undefined;
  /** Also along the references of what was included. */
  readonly iterate: boolean;
}

/** @throws SearchError */
export function parseInclude(name: string, value: string): SearchInclude {
  const [param = '', modifier = '', ...more] = name.split(':');
  if (more.length > 0 || !['', 'iterate', 'recurse'].includes(modifier))
    throw new SearchError('search-modifier-not-supported', param);
  const direction = param === '_include' ? 'forward' : 'reverse';
  const iterate = modifier !== '';
  if (value === '*' && direction === 'forward')
    return { direction, source: undefined, parameter: undefined, target: undefined, iterate };
  const [source = '', named = '', target, ...rest] = value.split(':');
  const invalid = new SearchError('search-value-invalid', param);
  if (!isResourceType(source) || named === '' || rest.length > 0) throw invalid;
  if (target !== undefined && !isResourceType(target)) throw invalid;
  if (named === '*' && direction === 'forward')
    return { direction, source, parameter: undefined, target, iterate };
  const parameter = searchParametersOf(source).get(named);
  if (parameter?.kind !== 'reference') throw invalid;
  if (target !== undefined && !mayName(parameter, target)) throw invalid;
  return { direction, source, parameter, target, iterate };
}
