// The functions of FHIRPath that invariants use.

import { isJsonObject } from '../json.ts';
import type { JsonValue } from '../types.ts';
import {
  childItems,
  distinctItems,
  itemsAt,
  PathNotSupportedError,
  said,
  textOf,
  truth,
  type CompiledPath,
  type PathContext,
  type PathItem,
} from './path-values.ts';

function descendants(items: readonly PathItem[]): PathItem[] {
  const found: PathItem[] = [];
  const walk = (value: JsonValue): void => {
    if (Array.isArray(value)) value.forEach(walk);
    else {
      found.push({ value });
      if (isJsonObject(value)) Object.values(value).forEach(walk);
    }
  };
  for (const { value } of items) if (isJsonObject(value)) Object.values(value).forEach(walk);
  return found;
}

type Make = (given: readonly CompiledPath[]) => CompiledPath;

const each =
  (act: (focus: readonly PathItem[]) => readonly PathItem[]): Make =>
  () =>
    act;

/** A function of one text that gives one value; nothing for anything else. */
const ofText =
  (act: (text: string, given: string) => JsonValue | undefined): Make =>
  ([path]) =>
  (focus, context) => {
    const [item] = focus;
    const text = textOf(item?.value);
    if (text === undefined || focus.length > 1) return [];
    const given = path === undefined ? '' : textOf(path(focus, context)[0]?.value);
    if (given === undefined) return [];
    const value = act(text, given);
    return value === undefined ? [] : [{ value }];
  };

const test = (
  [path]: readonly CompiledPath[],
  focus: readonly PathItem[],
  context: PathContext,
): readonly PathItem[] =>
  path === undefined ? focus : focus.filter((item) => truth(path([item], context)) === true);

export const functions: Readonly<Record<string, Make>> = {
  exists: (given) => (focus, context) => said(test(given, focus, context).length > 0),
  empty: each((focus) => said(focus.length === 0)),
  not: each((focus) => {
    const value = truth(focus);
    return said(value === undefined ? undefined : !value);
  }),
  hasValue: each((focus) => said(focus.length === 1 && !isJsonObject(focus[0]?.value))),
  count: each((focus) => [{ value: focus.length }]),
  first: each((focus) => focus.slice(0, 1)),
  last: each((focus) => focus.slice(-1)),
  tail: each((focus) => focus.slice(1)),
  distinct: each(distinctItems),
  isDistinct: each((focus) => said(distinctItems(focus).length === focus.length)),
  children: each((focus) =>
    focus.flatMap(({ value }) =>
      isJsonObject(value) ? Object.keys(value).flatMap((key) => itemsAt(value, key)) : [],
    ),
  ),
  descendants: each(descendants),
  where: (given) => (focus, context) => test(given, focus, context),
  all:
    ([path]) =>
    (focus, context) =>
      said(focus.every((item) => path === undefined || truth(path([item], context)) === true)),
  select:
    ([path]) =>
    (focus, context) =>
      path === undefined ? [] : focus.flatMap((item) => [...path([item], context)]),
  combine:
    ([path]) =>
    (focus, context) => [...focus, ...(path?.(focus, context) ?? [])],
  iif:
    ([condition, then, otherwise]) =>
    (focus, context) =>
      (condition !== undefined && truth(condition(focus, context)) === true ? then : otherwise)?.(
        focus,
        context,
      ) ?? [],
  trace: each((focus) => focus),
  resolve: () => (focus, context) =>
    focus.flatMap(({ value }) => {
      const target = isJsonObject(value) ? context.resolve?.(value) : undefined;
      return target === undefined ? [] : [{ value: target }];
    }),
  extension:
    ([path]) =>
    (focus, context) => {
      const url = path?.(focus, context)[0]?.value;
      return focus
        .flatMap(({ value }) => childItems(value, 'extension'))
        .filter(({ value }) => isJsonObject(value) && value['url'] === url);
    },
  matches: ([path]) => {
    const pattern = literalPattern(path);
    return ofText((text) => pattern.test(text.slice(0, 2000)))([]);
  },
  startsWith: ofText((text, start) => text.startsWith(start)),
  endsWith: ofText((text, end) => text.endsWith(end)),
  contains: ofText((text, part) => text.includes(part)),
  length: ofText((text) => text.length),
  toString: ofText((text) => text),
  toInteger: ofText((text) => (/^[+-]?\d{1,10}$/.test(text) ? Number(text) : undefined)),
  lower: ofText((text) => text.toLowerCase()),
  upper: ofText((text) => text.toUpperCase()),
};

/** A pattern is part of a definition, never of a resource; one that repeats what repeats could take for ever. */
function literalPattern(path: CompiledPath | undefined): RegExp {
  const source = path?.([], { root: {} })[0]?.value;
  if (typeof source !== 'string' || source.length > 300 || /[*+}]\)[*+{]/.test(source))
    throw new PathNotSupportedError('matches()');
  try {
    return new RegExp(source);
  } catch {
    throw new PathNotSupportedError('matches()');
  }
}
