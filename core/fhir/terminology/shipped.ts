// The code systems and value sets that come with the platform: those of R4 and of the International Patient Summary,
// and, of systems that are too large or not free to carry, the codes that the platform itself knows by name.

import { codeLists } from '../../record/code-lists/terms.ts';
import type { JsonObject } from '../types.ts';
import { codeSystemOfTable, type CodeSystem, type Concept } from './code-system.ts';
import type { TerminologySource } from './expand.ts';
import codeSystemTables from './tables/code-systems.json' with { type: 'json' };
import valueSetTables from './tables/value-sets.json' with { type: 'json' };
import { valueSetOfTable, type ValueSet, type ValueSetTable } from './value-set.ts';

const systemTables: Readonly<Record<string, string>> = codeSystemTables;
const setTables: Readonly<Record<string, ValueSetTable>> = valueSetTables;
const codeSystems = new Map<string, CodeSystem>();
const valueSets = new Map<string, ValueSet>();
let fragments: Map<string, CodeSystem> | undefined;

export const shippedTerminology: TerminologySource = {
  findCodeSystem: (url) => {
    const known = codeSystems.get(url);
    if (known !== undefined) return known;
    if (!Object.hasOwn(systemTables, url)) return (fragments ??= knownFragments()).get(url);
    const system = codeSystemOfTable(url, systemTables[url] ?? '');
    codeSystems.set(url, system);
    return system;
  },
  findValueSet: (url) => {
    const known = valueSets.get(url);
    if (known !== undefined) return known;
    const table = Object.hasOwn(setTables, url) ? setTables[url] : undefined;
    if (table === undefined) return undefined;
    const valueSet = valueSetOfTable(url, table);
    valueSets.set(url, valueSet);
    return valueSet;
  },
};

/** All that is shipped, by address. */
export const shippedCodeSystemUrls: readonly string[] = Object.keys(systemTables);
export const shippedValueSetUrls: readonly string[] = Object.keys(setTables);

/** Parts of LOINC, SNOMED CT, ATC and the like: what shipped value sets list and what the platform's own lists name. */
function knownFragments(): Map<string, CodeSystem> {
  const concepts = new Map<string, Map<string, Concept>>();
  const add = (system: string, code: string, display: string, designations: readonly JsonObject[]): void => {
    if (Object.hasOwn(systemTables, system)) return;
    const known = concepts.get(system) ?? new Map<string, Concept>();
    concepts.set(system, known);
    if (known.has(code)) return;
    known.set(code, {
      code,
      display,
      abstract: false,
      inactive: false,
      parents: [],
      properties: [],
      designations,
      definition: undefined,
    });
  };
  for (const table of Object.values(setTables))
    for (const { system, concept } of table.include)
      for (const line of system === undefined ? [] : (concept?.split('\n') ?? [])) {
        const [code = '', display] = line.split('\t');
        if (system !== undefined && display !== undefined) add(system, code, display, []);
      }
  for (const list of Object.values(codeLists))
    for (const entry of list)
      for (const { system, code } of entry.codes)
        add(system, code, entry.en, [{ language: 'hi', value: entry.hi }]);
  return new Map(
    [...concepts].map(([url, known]) => [
      url,
      {
        url,
        version: undefined,
        name: undefined,
        title: undefined,
        content: 'fragment',
        caseSensitive: true,
        concepts: known,
        children: new Map<string, readonly string[]>(),
      },
    ]),
  );
}
