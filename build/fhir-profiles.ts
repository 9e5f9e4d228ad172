// The profiles of the International Patient Summary to what they add to the base types: no texts, no mappings, nothing that
// R4 says already. Run it to rewrite core/fhir/profiles/tables.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const tablesFolder = fileURLToPath(new URL('../core/fhir/profiles/tables/', import.meta.url));

type Json = Readonly<Record<string, unknown>>;

interface Definition {
  readonly resourceType: string;
  readonly url: string;
  readonly version: string;
  readonly type: string;
  readonly derivation: string;
  readonly baseDefinition: string;
  readonly kind: string;
  readonly differential: { readonly element: readonly Json[] };
}

/** The generated files of core/fhir/profiles/tables: file name to text. */
export function profileFiles(): Map<string, string> {
  const folder = path.dirname(createRequire(import.meta.url).resolve('hl7.fhir.uv.ips/package.json'));
  const lines = readdirSync(folder)
    .filter((file) => file.startsWith('StructureDefinition-'))
    .map((file) => JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Definition)
    .filter((definition) => definition.derivation === 'constraint' && definition.kind !== 'logical')
    .sort((a, b) => (a.url < b.url ? -1 : 1))
    .map((definition) => `${JSON.stringify(definition.url)}:${JSON.stringify(added(definition))}`);
  return new Map([['patient-summary.json', `{\n${lines.join(',\n')}\n}\n`]]);
}

function added({ url, version, type, baseDefinition, differential }: Definition): Json {
  const element = differential.element
    .map(constraints)
    .filter((one, i) => i === 0 || Object.keys(one).length > 1);
  return { url, version, type, baseDefinition, differential: { element } };
}

function constraints(element: Json): Json {
  const kept: Record<string, unknown> = { id: element['id'] };
  for (const [key, value] of Object.entries(element)) {
    if (/^(?:min|max|sliceName|slicing)$/.test(key) || /^(?:fixed|pattern)[A-Z]/.test(key)) kept[key] = value;
    if (key === 'type') kept[key] = value;
    if (key === 'binding' && (value as Json)['strength'] === 'required')
      kept[key] = { strength: 'required', valueSet: (value as Json)['valueSet'] };
    if (key === 'constraint')
      kept[key] = (value as Json[]).map(({ key: name, severity, human, expression }) => ({
        key: name,
        severity,
        human,
        expression,
      }));
  }
  return kept;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [file, text] of profileFiles()) writeFileSync(path.join(tablesFolder, file), text);
}
