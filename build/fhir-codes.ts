// Value sets of required bindings to the list of their codes, for those that can be listed without a terminology server.
// `code` bindings become `a b c`; CodeableConcept bindings become `system|a b c` joined by `;`.

import { valueSetName } from './fhir-structures.ts';

export interface TerminologyResource {
  readonly resourceType: string;
  readonly url: string;
  readonly content?: string;
  readonly concept?: readonly Concept[];
  readonly compose?: { readonly include: readonly Include[] };
}

interface Concept {
  readonly code: string;
  readonly concept?: readonly Concept[];
}

interface Include {
  readonly system?: string;
  readonly concept?: readonly Concept[];
  readonly filter?: unknown;
  readonly valueSet?: unknown;
}

export function codeTables(
  terminology: readonly TerminologyResource[],
  boundValueSets: ReadonlyMap<string, 'code' | 'concept'>,
): Record<string, string> {
  const codeSystems = new Map(
    terminology.filter((r) => r.resourceType === 'CodeSystem').map((r) => [r.url, r]),
  );
  const valueSets = new Map(terminology.filter((r) => r.resourceType === 'ValueSet').map((r) => [r.url, r]));
  const tables: Record<string, string> = {};
  for (const [url, use] of boundValueSets) {
    const groups = expand(valueSets.get(url), codeSystems);
    if (groups === undefined) continue;
    const name = valueSetName(url);
    if (tables[name] !== undefined) throw new Error(`two bound value sets are called ${name}`);
    tables[name] =
      use === 'code'
        ? [...new Set(groups.flatMap((group) => group.codes))].join(' ')
        : groups.map((group) => `${group.system}|${group.codes.join(' ')}`).join(';');
  }
  return tables;
}

function expand(
  valueSet: TerminologyResource | undefined,
  codeSystems: ReadonlyMap<string, TerminologyResource>,
): { system: string; codes: string[] }[] | undefined {
  if (valueSet?.compose === undefined) return undefined;
  const groups = [];
  for (const include of valueSet.compose.include) {
    if (include.system === undefined || include.filter !== undefined || include.valueSet !== undefined)
      return undefined;
    const concepts = include.concept ?? codeSystems.get(include.system)?.concept;
    if (concepts === undefined) return undefined;
    const codes = codesOf(concepts);
    if (codes.some((code) => code.includes(' ')))
      throw new Error(`a code of ${valueSet.url} contains a space`);
    groups.push({ system: include.system, codes });
  }
  return groups;
}

function codesOf(concepts: readonly Concept[]): string[] {
  return concepts.flatMap((concept) => [concept.code, ...codesOf(concept.concept ?? [])]);
}
