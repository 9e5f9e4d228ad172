// The R4 invariants of level error, by the structure they belong to, and the warnings that matter to a health record. Each is
// asked only about elements whose own structure is sound. Those of everyday types are functions; those of definitions and
// of rare types are the published expressions, compiled when a first element of their kind is met.

import { compilePath, holdsTrue } from './fhirpath/compile.ts';
import tables from './invariant-tables/expressions.json' with { type: 'json' };
import type { Invariant } from './invariant-terms.ts';
import { exchangeInvariants } from './invariants-of-exchange.ts';
import { recordInvariants } from './invariants-of-records.ts';
import { typeInvariants } from './invariants-of-types.ts';

const written = new Map(Object.entries({ ...typeInvariants, ...recordInvariants, ...exchangeInvariants }));
const expressions = tables as unknown as Readonly<
  Record<string, readonly (readonly [string, string, string])[]>
>;
const all = new Map<string, readonly Invariant[]>();

/** @param path a type or backbone element, as `Structure.path` */
export function invariantsOf(path: string): readonly Invariant[] {
  const known = all.get(path);
  if (known !== undefined) return known;
  const published = Object.hasOwn(expressions, path) ? (expressions[path] ?? []) : [];
  const list = [...writtenInvariants(path), ...published.map(compiled)];
  all.set(path, list);
  return list;
}

/** Those that are functions. */
export function writtenInvariants(path: string): readonly Invariant[] {
  return written.get(path) ?? [];
}

function compiled([key, text, expression]: readonly [string, string, string]): Invariant {
  const path = compilePath(expression);
  return {
    key,
    severity: 'error',
    text,
    holds: (element) => holdsTrue(path, { value: element }, { root: element }),
  };
}
