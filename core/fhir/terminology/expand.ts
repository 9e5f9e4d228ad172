// Which codes a value set has, and whether it has one. Works on what a source can find and says plainly what it cannot
// know: a system that is not here, one of which only part is here, a filter it does not understand, a list too long.

import type { JsonObject } from '../types.ts';
import { codePattern } from './code-pattern.ts';
import { codesAbove, codesBelow, findConcept, type CodeSystem, type Concept } from './code-system.ts';
import type { ValueSet, ValueSetFilter, ValueSetRule } from './value-set.ts';

/** Codes that one expansion may have before it is refused as too long. */
export const maxExpansion = 20_000;

const maxNesting = 20;

export interface TerminologySource {
  /** @param url without a version */
  readonly findCodeSystem: (url: string) => CodeSystem | undefined;
  readonly findValueSet: (url: string) => ValueSet | undefined;
}

export type TerminologyProblem =
  | 'value-set-unknown'
  | 'code-system-unknown'
  | 'code-system-partial'
  | 'filter-not-supported'
  | 'expansion-too-long'
  | 'value-set-circular';

export class TerminologyError extends Error {
  readonly code: TerminologyProblem;
  /** The canonical address that it is about. */
  readonly url: string;

  constructor(code: TerminologyProblem, url: string) {
    super(code);
    this.name = 'TerminologyError';
    this.code = code;
    this.url = url;
  }
}

export interface ExpandedCode {
  readonly system: string;
  readonly code: string;
  readonly display: string | undefined;
  readonly abstract: boolean;
  readonly inactive: boolean;
}

/** A canonical without the version behind `|`. */
export function withoutVersion(canonical: string): string {
  const bar = canonical.indexOf('|');
  return bar < 0 ? canonical : canonical.slice(0, bar);
}

/**
 * Every code of the value set once, in the order of its rules.
 * @throws TerminologyError
 */
export function expandValueSet(source: TerminologySource, valueSet: ValueSet): ExpandedCode[] {
  return [...expand(source, valueSet, []).values()];
}

type Expansion = Map<string, ExpandedCode>;

const keyOf = (system: string, code: string): string => `${system}|${code}`;

function expand(source: TerminologySource, valueSet: ValueSet, within: readonly string[]): Expansion {
  const found: Expansion = new Map();
  const add = (one: ExpandedCode): void => {
    const key = keyOf(one.system, one.code);
    if (found.has(key)) return;
    if (found.size >= maxExpansion) throw new TerminologyError('expansion-too-long', valueSet.url);
    found.set(key, one);
  };
  const inside = enter(valueSet, within);
  for (const one of valueSet.expansion ?? []) add({ ...one, abstract: false, inactive: false });
  for (const rule of valueSet.include) for (const one of codesOfRule(source, rule, inside)) add(one);
  for (const rule of valueSet.exclude)
    for (const one of codesOfRule(source, rule, inside)) found.delete(keyOf(one.system, one.code));
  return found;
}

function enter(valueSet: ValueSet, within: readonly string[]): string[] {
  if (within.length >= maxNesting || (valueSet.url !== '' && within.includes(valueSet.url)))
    throw new TerminologyError('value-set-circular', valueSet.url);
  return [...within, valueSet.url];
}

function codesOfRule(
  source: TerminologySource,
  rule: ValueSetRule,
  within: readonly string[],
): readonly ExpandedCode[] {
  const others = rule.valueSets.map((url) => expand(source, requireValueSet(source, url), within));
  const inAll = (one: ExpandedCode, sets: readonly Expansion[]): boolean =>
    sets.every((set) => set.has(keyOf(one.system, one.code)));
  if (rule.system === undefined) {
    const [first, ...rest] = others;
    return first === undefined ? [] : [...first.values()].filter((one) => inAll(one, rest));
  }
  return codesOfSystem(source, rule, rule.system).filter((one) => inAll(one, others));
}

function codesOfSystem(source: TerminologySource, rule: ValueSetRule, url: string): ExpandedCode[] {
  if (rule.concepts !== undefined) {
    const system = source.findCodeSystem(url);
    return rule.concepts.map(({ code, display }) => {
      const known = system === undefined ? undefined : findConcept(system, code);
      return {
        system: url,
        code,
        display: display ?? known?.display,
        abstract: known?.abstract ?? false,
        inactive: known?.inactive ?? false,
      };
    });
  }
  const system = requireWholeSystem(source, url);
  const tests = rule.filters.map((filter) => filterTest(system, filter));
  const chosen: ExpandedCode[] = [];
  for (const concept of system.concepts.values()) {
    if (!tests.every((test) => test(concept))) continue;
    if (chosen.length >= maxExpansion) throw new TerminologyError('expansion-too-long', url);
    const { code, display, abstract, inactive } = concept;
    chosen.push({ system: url, code, display, abstract, inactive });
  }
  return chosen;
}

export function requireValueSet(source: TerminologySource, canonical: string): ValueSet {
  const valueSet = source.findValueSet(withoutVersion(canonical));
  if (valueSet === undefined) throw new TerminologyError('value-set-unknown', canonical);
  return valueSet;
}

/** A system of which every code is here. */
export function requireWholeSystem(source: TerminologySource, url: string): CodeSystem {
  const system = source.findCodeSystem(withoutVersion(url));
  if (system === undefined) throw new TerminologyError('code-system-unknown', url);
  if (system.content === 'fragment') throw new TerminologyError('code-system-partial', url);
  return system;
}

/**
 * Whether the value set has the code; asks only as much as is needed, so a listed code is found also where another
 * rule of the set cannot be known.
 * @param system undefined asks for the code in whatever system; the one it is found in comes back
 * @throws TerminologyError when no rule has it and some rule cannot be known
 */
export function findMember(
  source: TerminologySource,
  valueSet: ValueSet,
  system: string | undefined,
  code: string,
): ExpandedCode | undefined {
  return member(source, valueSet, system, code, []);
}

function member(
  source: TerminologySource,
  valueSet: ValueSet,
  system: string | undefined,
  code: string,
  within: readonly string[],
): ExpandedCode | undefined {
  const inside = enter(valueSet, within);
  const listed = valueSet.expansion?.find(
    (one) => one.code === code && (system ?? one.system) === one.system,
  );
  const found =
    listed === undefined
      ? memberOfRules(source, valueSet.include, system, code, inside)
      : { ...listed, abstract: false, inactive: false };
  if (found === undefined) return undefined;
  return memberOfRules(source, valueSet.exclude, found.system, code, inside) === undefined
    ? found
    : undefined;
}

function memberOfRules(
  source: TerminologySource,
  rules: readonly ValueSetRule[],
  system: string | undefined,
  code: string,
  within: readonly string[],
): ExpandedCode | undefined {
  let unknown: TerminologyError | undefined;
  for (const rule of rules) {
    try {
      const found = memberOfRule(source, rule, system, code, within);
      if (found !== undefined) return found;
    } catch (error) {
      if (!(error instanceof TerminologyError)) throw error;
      unknown ??= error;
    }
  }
  if (unknown !== undefined) throw unknown;
  return undefined;
}

function memberOfRule(
  source: TerminologySource,
  rule: ValueSetRule,
  system: string | undefined,
  code: string,
  within: readonly string[],
): ExpandedCode | undefined {
  if (rule.system !== undefined && system !== undefined && rule.system !== system) return undefined;
  let found: ExpandedCode | undefined;
  if (rule.system !== undefined) {
    found = codeOfSystem(source, rule, rule.system, code);
    if (found === undefined) return undefined;
  }
  for (const url of rule.valueSets) {
    const other = member(source, requireValueSet(source, url), found?.system ?? system, code, within);
    if (other === undefined) return undefined;
    found ??= other;
  }
  return found;
}

function codeOfSystem(
  source: TerminologySource,
  rule: ValueSetRule,
  url: string,
  code: string,
): ExpandedCode | undefined {
  if (rule.concepts !== undefined) {
    const listed = rule.concepts.find((one) => one.code === code);
    if (listed === undefined) return undefined;
    return codesOfSystem(source, { ...rule, concepts: [listed] }, url)[0];
  }
  const system = requireWholeSystem(source, url);
  const concept = findConcept(system, code);
  if (concept === undefined) return undefined;
  if (!rule.filters.every((filter) => filterTest(system, filter)(concept))) return undefined;
  const { display, abstract, inactive } = concept;
  return { system: url, code: concept.code, display, abstract, inactive };
}

function filterTest(system: CodeSystem, filter: ValueSetFilter): (concept: Concept) => boolean {
  const { property, op, value } = filter;
  const values = (concept: Concept): string[] => propertyValues(concept, system, property);
  const listed = new Set(value.split(',').map((one) => one.trim()));
  switch (op) {
    case 'is-a':
      return within(codesBelow(system, value));
    case 'descendent-of':
      return within(codesBelow(system, value).filter((code) => code !== value));
    case 'is-not-a': {
      const below = within(codesBelow(system, value));
      return (concept) => !below(concept);
    }
    case 'generalizes':
      return within(codesAbove(system, value));
    case '=':
      return (concept) => values(concept).includes(value);
    case 'in':
      return (concept) => values(concept).some((one) => listed.has(one));
    case 'not-in':
      return (concept) => !values(concept).some((one) => listed.has(one));
    case 'exists':
      return (concept) => values(concept).length > 0 === (value === 'true');
    case 'regex': {
      const pattern = codePattern(value);
      if (pattern !== undefined) return (concept) => values(concept).some(pattern);
      break;
    }
  }
  throw new TerminologyError('filter-not-supported', system.url);
}

function within(codes: readonly string[]): (concept: Concept) => boolean {
  const set = new Set(codes);
  return (concept) => set.has(concept.code);
}

function propertyValues(concept: Concept, system: CodeSystem, property: string): string[] {
  switch (property) {
    case 'code':
    case 'concept':
      return [concept.code];
    case 'display':
      return concept.display === undefined ? [] : [concept.display];
    case 'parent':
      return [...concept.parents];
    case 'child':
      return [...(system.children.get(concept.code) ?? [])];
    case 'inactive':
      return [String(concept.inactive)];
    case 'notSelectable':
    case 'abstract':
      return [String(concept.abstract)];
  }
  return concept.properties.filter((one) => one['code'] === property).map(propertyText);
}

function propertyText(property: JsonObject): string {
  for (const [name, value] of Object.entries(property)) {
    if (!name.startsWith('value')) continue;
    if (typeof value === 'string') return value;
    if (typeof value === 'boolean' || typeof value === 'number') return String(value);
    if (typeof value === 'object' && value !== null && !Array.isArray(value) && 'code' in value)
      return typeof value['code'] === 'string' ? value['code'] : '';
  }
  return '';
}

/** How one code stands to another: the FHIR outcomes of subsumption. Undefined when either is not in the system. */
export function subsumption(
  system: CodeSystem,
  a: string,
  b: string,
): 'equivalent' | 'subsumes' | 'subsumed-by' | 'not-subsumed' | undefined {
  if (!system.concepts.has(a) || !system.concepts.has(b)) return undefined;
  if (a === b) return 'equivalent';
  if (codesBelow(system, a).includes(b)) return 'subsumes';
  return codesBelow(system, b).includes(a) ? 'subsumed-by' : 'not-subsumed';
}
