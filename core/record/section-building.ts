// From facts and "none known" statements to a section in exactly one state; removing doubles; sorting.
// Knows facts, no FHIR.

import { plainKey } from './code-lists/code-list.ts';
import type { Code, Fact, FactResource, FactSource, PartialDate, Section } from './facts.ts';

export type Denial = { readonly source: FactSource; readonly resource: FactResource };

/** Facts win over "none known": a record that says both must not hide the fact. */
export function section<T>(facts: readonly Fact<T>[], denials: readonly Denial[] = []): Section<T> {
  if (facts.length > 0) return { state: 'recorded', facts };
  const [first] = [...denials].sort((a, b) => byTrust(a.source, b.source));
  return first === undefined ? { state: 'not-recorded' } : { state: 'none-known', ...first };
}

/** Verified before not, then the newer statement. Negative where `a` comes first. */
export function byTrust(a: FactSource, b: FactSource): number {
  if (a.verified !== b.verified) return a.verified ? -1 : 1;
  return newerFirst(a.date, b.date);
}

export function newerFirst(a: PartialDate | undefined, b: PartialDate | undefined): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  return a < b ? 1 : -1;
}

/** One fact per key, the most trustworthy; the order of first appearance stays. */
export function withoutDoubles<T>(
  facts: readonly Fact<T>[],
  keyOf: (value: T) => string,
  better: (a: Fact<T>, b: Fact<T>) => number = (a, b) => byTrust(a.source, b.source),
): Fact<T>[] {
  const kept = new Map<string, Fact<T>>();
  for (const one of facts) {
    const key = keyOf(one.value);
    const other = kept.get(key);
    if (other === undefined || better(one, other) < 0) kept.set(key, one);
  }
  return [...kept.values()];
}

/** The same key for the same thing, by its entry in a list, else by its words. */
export function sameThing(entryId: string | undefined, codes: readonly Code[], text: string): string {
  if (entryId !== undefined) return `entry ${entryId}`;
  const words = plainKey(text);
  return words === '' ? codes.map((code) => `${code.system}|${code.code}`).join(' ') : `words ${words}`;
}

export function sortFacts<T>(facts: readonly Fact<T>[], importance: (value: T) => number): Fact<T>[] {
  return facts
    .map((fact) => ({ fact, rank: importance(fact.value) }))
    .sort(
      (a, b) =>
        a.rank - b.rank ||
        byTrust(a.fact.source, b.fact.source) ||
        (a.fact.resource.id < b.fact.resource.id ? -1 : a.fact.resource.id > b.fact.resource.id ? 1 : 0),
    )
    .map(({ fact }) => fact);
}
