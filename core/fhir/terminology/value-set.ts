// A value set as the rules it is made by, read from a shipped table or from a ValueSet resource. Expands nothing.

import type { JsonObject, JsonValue } from '../types.ts';
import { objects, text } from './code-system.ts';

export interface ValueSetFilter {
  readonly property: string;
  readonly op: string;
  readonly value: string;
}

export interface ListedConcept {
  readonly code: string;
  readonly display: string | undefined;
}

export interface ValueSetRule {
  readonly system: string | undefined;
  readonly version: string | undefined;
  /** Listed one by one; undefined means all of the system that the filters let through. */
  readonly concepts: readonly ListedConcept[] | undefined;
  readonly filters: readonly ValueSetFilter[];
  /** What is in all of these, and in the system if one is named. */
  readonly valueSets: readonly string[];
}

export interface ValueSet {
  readonly url: string;
  readonly version: string | undefined;
  readonly name: string | undefined;
  readonly title: string | undefined;
  readonly include: readonly ValueSetRule[];
  readonly exclude: readonly ValueSetRule[];
  /** An expansion that came with the value set, for one that has no rules. */
  readonly expansion: readonly (ListedConcept & { readonly system: string })[] | undefined;
}

/** A value set as build/fhir-terminology.ts writes it. */
export interface ValueSetTable {
  readonly version?: string;
  readonly name?: string;
  readonly title?: string;
  readonly include: readonly RuleTable[];
  readonly exclude?: readonly RuleTable[];
}

interface RuleTable {
  readonly system?: string;
  readonly version?: string;
  readonly valueSet?: readonly string[];
  readonly filter?: readonly ValueSetFilter[];
  readonly concept?: string;
}

export function valueSetOfTable(url: string, table: ValueSetTable): ValueSet {
  return {
    url,
    version: table.version,
    name: table.name,
    title: table.title ?? table.name,
    include: table.include.map(ruleOfTable),
    exclude: (table.exclude ?? []).map(ruleOfTable),
    expansion: undefined,
  };
}

function ruleOfTable(rule: RuleTable): ValueSetRule {
  return {
    system: rule.system,
    version: rule.version,
    concepts: rule.concept?.split('\n').map((one) => {
      const [code = '', display] = one.split('\t');
      return { code, display };
    }),
    filters: rule.filter ?? [],
    valueSets: rule.valueSet ?? [],
  };
}

/** Reads a ValueSet resource; the url may be absent in one that is only expanded, never stored. */
export function valueSetOfResource(resource: JsonObject): ValueSet {
  const compose = resource['compose'];
  const rules = (name: string): ValueSetRule[] =>
    typeof compose === 'object' && compose !== null && !Array.isArray(compose)
      ? objects((compose as JsonObject)[name]).map(ruleOfElement)
      : [];
  const expansion = resource['expansion'];
  return {
    url: text(resource['url']) ?? '',
    version: text(resource['version']),
    name: text(resource['name']),
    title: text(resource['title']) ?? text(resource['name']),
    include: rules('include'),
    exclude: rules('exclude'),
    expansion:
      compose === undefined && typeof expansion === 'object' && expansion !== null
        ? contained((expansion as JsonObject)['contains'])
        : undefined,
  };
}

function ruleOfElement(element: JsonObject): ValueSetRule {
  const listed = objects(element['concept']);
  return {
    system: text(element['system']),
    version: text(element['version']),
    concepts:
      element['concept'] === undefined
        ? undefined
        : listed.flatMap((one) => {
            const code = text(one['code']);
            return code === undefined ? [] : [{ code, display: text(one['display']) }];
          }),
    filters: objects(element['filter']).map((filter) => ({
      property: text(filter['property']) ?? '',
      op: text(filter['op']) ?? '',
      value: text(filter['value']) ?? '',
    })),
    valueSets: Array.isArray(element['valueSet'])
      ? element['valueSet'].filter((url): url is string => typeof url === 'string')
      : [],
  };
}

function contained(contains: JsonValue | undefined): (ListedConcept & { system: string })[] {
  return objects(contains).flatMap((one) => {
    const system = text(one['system']);
    const code = text(one['code']);
    const own =
      system === undefined || code === undefined || one['abstract'] === true
        ? []
        : [{ system, code, display: text(one['display']) }];
    return [...own, ...contained(one['contains'])];
  });
}
