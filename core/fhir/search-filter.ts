// One parameter of a search as a condition: modifiers, chains and `_has` included. What is not understood is refused by name.

import { isResourceId } from './ids.ts';
import { isResourceType, resourceTypes } from './resource-types.ts';
import { compositeCondition } from './search-composite.ts';
import { and, nothing, or, type ChainLink, type SearchCondition } from './search-condition.ts';
import { type SearchContext, spend } from './search-context.ts';
import { SearchError, searchLimits } from './search-error.ts';
import { codeForm, keyOf, placeOf, stringTag, systemCodeForm, systemForm } from './search-keys.ts';
import { type SearchParameter, searchParametersOf } from './search-parameters.ts';
import { dateAsked } from './search-ranges.ts';
import { mayName } from './search-references.ts';
import { splitAt, splitValues, unescapeValue } from './search-split.ts';
import { searchableText } from './search-text.ts';
import { valueCondition } from './search-values.ts';

/** @throws SearchError */
export function parseFilter(
  resourceType: string,
  name: string,
  value: string,
  context: SearchContext,
  links = 0,
): SearchCondition {
  if (name.startsWith('_has:')) return parseReverse(resourceType, name, value, context, links);
  const dot = name.indexOf('.');
  const head = dot < 0 ? name : name.slice(0, dot);
  const colon = head.indexOf(':');
  const param = colon < 0 ? head : head.slice(0, colon);
  const modifier = colon < 0 ? '' : head.slice(colon + 1);
  if (colon >= 0 && modifier === '') throw new SearchError('search-modifier-not-supported', param);
  if (dot >= 0)
    return parseChain(resourceType, { param, modifier, rest: name.slice(dot + 1) }, value, context, links);
  if (param === '_id') return parseId(modifier, value);
  if (param === '_lastUpdated') {
    if (modifier !== '') throw new SearchError('search-modifier-not-supported', param);
    const parts = splitValues(param, value);
    return or(
      parts.map((part) => ({ kind: 'lastUpdated', test: dateAsked(param, part, context.nowMs).test })),
    );
  }
  if (param === '_list') return parseList(modifier, value);
  const parameter = searchParametersOf(resourceType).get(param);
  if (parameter === undefined) throw new SearchError('search-parameter-unknown', '');
  if (modifier === 'missing') return parseMissing(parameter, value);
  const parts = splitValues(param, value);
  spend(context, 'tests', parts.length * Math.max(1, parameter.paths.length), param);
  return parseValues(resourceType, parameter, modifier, parts, context);
}

function parseId(modifier: string, value: string): SearchCondition {
  if (modifier !== '' && modifier !== 'not') throw new SearchError('search-modifier-not-supported', '_id');
  const ids = splitValues('_id', value).map((part) => unescapeValue('_id', part));
  if (!ids.every((id) => isResourceId(id))) throw new SearchError('search-value-invalid', '_id');
  const among: SearchCondition = { kind: 'id', ids };
  return modifier === 'not' ? { kind: 'not', of: among } : among;
}

/** The resources that a List names. */
function parseList(modifier: string, value: string): SearchCondition {
  if (modifier !== '') throw new SearchError('search-modifier-not-supported', '_list');
  const ids = splitValues('_list', value).map((part) => unescapeValue('_list', part).replace(/^List\//, ''));
  // R4 also has names for lists that a server makes up itself, such as $current-problems.
  if (!ids.every((id) => isResourceId(id))) throw new SearchError('search-value-invalid', '_list');
  const places = [placeOf('List', 'entry.item:Reference', 'reference')];
  const bit = searchParametersOf('List').get('item')?.bit ?? 0;
  return { kind: 'reverse', resourceType: 'List', bit, places, of: { kind: 'id', ids } };
}

function parseMissing({ name, kind, bit }: SearchParameter, value: string): SearchCondition {
  // R4 gives no meaning to it for a combination.
  if (kind === 'composite') throw new SearchError('search-modifier-not-supported', name);
  if (value !== 'true' && value !== 'false') throw new SearchError('search-value-invalid', name);
  const present: SearchCondition = { kind: 'present', bit };
  return value === 'true' ? { kind: 'not', of: present } : present;
}

function parseValues(
  resourceType: string,
  parameter: SearchParameter,
  modifier: string,
  parts: readonly string[],
  context: SearchContext,
): SearchCondition {
  const { name: param, kind } = parameter;
  if (modifier === '' && kind === 'composite')
    return or(parts.map((part) => compositeCondition(resourceType, parameter, part, context)));
  if (modifier === '') return or(parts.map((part) => valueCondition(resourceType, parameter, part, context)));
  const found =
    kind === 'token'
      ? tokenModified(resourceType, parameter, modifier, parts, context)
      : kind === 'string'
        ? stringModified(parameter, modifier, parts)
        : kind === 'reference'
          ? referenceModified(resourceType, parameter, modifier, parts, context)
          : kind === 'uri'
            ? uriModified(resourceType, parameter, modifier, parts, context)
            : undefined;
  if (found === undefined) throw new SearchError('search-modifier-not-supported', param);
  return found;
}

function tokenModified(
  resourceType: string,
  parameter: SearchParameter,
  modifier: string,
  parts: readonly string[],
  context: SearchContext,
): SearchCondition | undefined {
  const { name, paths } = parameter;
  if (modifier === 'not')
    return {
      kind: 'not',
      of: or(parts.map((part) => valueCondition(resourceType, parameter, part, context))),
    };
  if (modifier === 'text') {
    const tags = paths.map((path) => stringTag(path, 'display'));
    return or(parts.map((part) => ({ kind: 'string', tags, match: 'prefix', value: searched(name, part) })));
  }
  if (modifier === 'of-type') return parseOfType(resourceType, parameter, parts);
  const meant = modifier === 'not-in' ? 'in' : modifier;
  if (meant !== 'in' && meant !== 'above' && meant !== 'below') return undefined;
  if (context.codesMeant === undefined) return undefined;
  const among = or(parts.map((part) => codesMeant(resourceType, parameter, meant, part, context)));
  return modifier === 'not-in' ? { kind: 'not', of: among } : among;
}

function stringModified(
  { name, paths }: SearchParameter,
  modifier: string,
  parts: readonly string[],
): SearchCondition | undefined {
  if (name === 'phonetic') return undefined;
  const tags = paths.map((path) => stringTag(path));
  if (modifier === 'contains')
    return or(
      parts.map((part) => ({ kind: 'string', tags, match: 'contains', value: searched(name, part) })),
    );
  if (modifier !== 'exact') return undefined;
  // The index has forgotten case and accents; the stored text has not.
  return or(
    parts.map((part) =>
      and([
        { kind: 'string', tags, match: 'whole', value: searched(name, part) },
        { kind: 'text', paths, match: 'exact', value: unescapeValue(name, part) },
      ]),
    ),
  );
}

function referenceModified(
  resourceType: string,
  parameter: SearchParameter,
  modifier: string,
  parts: readonly string[],
  context: SearchContext,
): SearchCondition | undefined {
  if (modifier === 'identifier')
    return { kind: 'keys', keys: parts.flatMap((part) => identifierKeys(resourceType, parameter, part)) };
  if (!isResourceType(modifier) || !mayName(parameter, modifier)) return undefined;
  return or(parts.map((part) => valueCondition(resourceType, parameter, part, context, modifier)));
}

function uriModified(
  resourceType: string,
  { name, paths }: SearchParameter,
  modifier: string,
  parts: readonly string[],
  context: SearchContext,
): SearchCondition | undefined {
  if (modifier === 'below')
    return or(
      parts.map((part) => ({ kind: 'text', paths, match: 'below', value: unescapeValue(name, part) })),
    );
  if (modifier !== 'above') return undefined;
  const places = paths.map((path) => placeOf(resourceType, path.text, 'uri'));
  const above = parts.flatMap((part) => urlsAbove(unescapeValue(name, part)));
  spend(context, 'tests', above.length, name);
  return { kind: 'keys', keys: above.flatMap((url) => places.map((place) => keyOf(url, place))) };
}

function searched(param: string, part: string): string {
  const value = searchableText(unescapeValue(param, part));
  if (value === '') throw new SearchError('search-value-empty', param);
  return value;
}

/** The URL itself and each of which it is a part, by whole steps of its path. */
function urlsAbove(url: string): string[] {
  const found = [url];
  for (let end = url.lastIndexOf('/'); end > 0 && url[end - 1] !== '/'; end = url.lastIndexOf('/', end - 1))
    found.push(url.slice(0, end));
  return found;
}

function parseOfType(
  resourceType: string,
  { name, paths }: SearchParameter,
  parts: readonly string[],
): SearchCondition {
  const identifiers = paths.filter((path) => path.type === 'Identifier');
  if (identifiers.length === 0) throw new SearchError('search-modifier-not-supported', name);
  const keys = parts.flatMap((part) => {
    const [system, code, value, more] = splitAt(part, '|').map((text) => unescapeValue(name, text));
    if (!system || !code || !value || more !== undefined) throw new SearchError('search-value-invalid', name);
    return identifiers.map((path) =>
      keyOf(`t${system} ${code} ${value}`, placeOf(resourceType, path.text, 'token')),
    );
  });
  return { kind: 'keys', keys };
}

function codesMeant(
  resourceType: string,
  { name, paths }: SearchParameter,
  modifier: 'in' | 'above' | 'below',
  part: string,
  context: SearchContext,
): SearchCondition {
  const codes = context.codesMeant?.(modifier, unescapeValue(name, part));
  if (codes === undefined) throw new SearchError('search-value-invalid', name);
  spend(context, 'codes', codes.length * paths.length, name);
  const keys = codes.flatMap(({ system, code }) =>
    paths.map((path) => {
      // An element that holds a bare code leaves its system unsaid.
      const form = path.type === 'code' ? codeForm(code) : systemCodeForm(system, code);
      return keyOf(form, placeOf(resourceType, path.text, 'token'));
    }),
  );
  return { kind: 'keys', keys };
}

function identifierKeys(resourceType: string, { name, paths }: SearchParameter, part: string): bigint[] {
  const [first = '', second, third] = splitAt(part, '|').map((text) => unescapeValue(name, text));
  if (third !== undefined || (first === '' && !second)) throw new SearchError('search-value-invalid', name);
  const form =
    second === undefined
      ? codeForm(first)
      : second === ''
        ? systemForm(first)
        : systemCodeForm(first, second);
  return paths.map((path) => keyOf(form, placeOf(resourceType, path.text, 'identifier')));
}

interface Chained {
  readonly param: string;
  readonly modifier: string;
  readonly rest: string;
}

function parseChain(
  resourceType: string,
  { param, modifier, rest }: Chained,
  value: string,
  context: SearchContext,
  links: number,
): SearchCondition {
  const parameter = searchParametersOf(resourceType).get(param);
  if (parameter === undefined) throw new SearchError('search-parameter-unknown', '');
  if (parameter.kind !== 'reference') throw new SearchError('search-parameter-not-supported', param);
  if (links >= searchLimits.chainLinks) throw new SearchError('search-too-costly', param);
  if (modifier !== '' && !(isResourceType(modifier) && mayName(parameter, modifier)))
    throw new SearchError('search-modifier-not-supported', param);
  const candidates = (modifier === '' ? (parameter.targets ?? resourceTypes) : [modifier]).filter((type) =>
    mayName(parameter, type),
  );
  const next = /^[^:.]*/.exec(rest)?.[0] ?? '';
  // Where the type is not said, those are meant that have such a parameter.
  const types = candidates.filter(
    (type) => next.startsWith('_') || searchParametersOf(type).has(next) || modifier !== '',
  );
  if (types.length === 0) throw new SearchError('search-parameter-unknown', param);
  spend(context, 'chains', types.length, param);
  const found = types.flatMap((type): ChainLink[] => {
    const of = parseFilter(type, rest, value, context, links + 1);
    const named = parameter.paths.filter((path) => path.target === undefined || path.target === type);
    const byId = named.filter((path) => path.type === 'Reference' || path.type === 'Resource');
    const byUrl = named.filter((path) => path.type !== 'Reference' && path.type !== 'Resource');
    const places = (paths: typeof named) =>
      paths.map((path) => placeOf(resourceType, path.text, 'reference'));
    return [
      ...(byId.length === 0 ? [] : [{ resourceType: type, places: places(byId), by: 'id' as const, of }]),
      ...(byUrl.length === 0 ? [] : [{ resourceType: type, places: places(byUrl), by: 'url' as const, of }]),
    ];
  });
  return found.length === 0 ? nothing : { kind: 'chain', links: found };
}

/** `_has:Type:parameter:rest`: a resource of the type names this one by the parameter, and the rest holds for it. */
function parseReverse(
  resourceType: string,
  name: string,
  value: string,
  context: SearchContext,
  links: number,
): SearchCondition {
  const [, type = '', param = '', rest = ''] = /^_has:([^:]*):([^:]*):(.+)$/.exec(name) ?? [];
  const parameter = isResourceType(type) ? searchParametersOf(type).get(param) : undefined;
  if (parameter?.kind !== 'reference' || !mayName(parameter, resourceType))
    throw new SearchError('search-value-invalid', '_has');
  if (links >= searchLimits.chainLinks) throw new SearchError('search-too-costly', '_has');
  spend(context, 'chains', 1, '_has');
  const of = parseFilter(type, rest, value, context, links + 1);
  const places = parameter.paths
    .filter((path) => path.target === undefined || path.target === resourceType)
    .map((path) => placeOf(type, path.text, 'reference'));
  return { kind: 'reverse', resourceType: type, bit: parameter.bit, places, of };
}
