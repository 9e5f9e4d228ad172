// A resource with fewer elements (`_summary`, `_elements`), marked as such. What R4 requires or what changes the meaning of the rest stays.

import summaryTables from './definitions/summary-elements.json' with { type: 'json' };
import { isJsonObject } from './json.ts';
import { findStructure } from './structures.ts';
import type { Structure } from './structures.ts';
import type { JsonObject, JsonValue, Resource } from './types.ts';

export type SummaryMode = 'true' | 'text' | 'data' | 'false';

export interface Subset {
  readonly summary?: SummaryMode | undefined;
  /** Names of elements at the top of the resource, as R4 defines them (`value` for valueQuantity). */
  readonly elements?: readonly string[] | undefined;
}

const tables: Readonly<Record<string, string>> = summaryTables;
const always = new Set(['id', 'meta', 'implicitRules', 'modifierExtension']);
const subsetted = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue',
  code: 'SUBSETTED',
};

/** Whether this is marked as a part of a resource: put in the place of the whole, it would lose the rest. */
export function isSubset({ meta }: Resource): boolean {
  const tags = isJsonObject(meta) && Array.isArray(meta['tag']) ? meta['tag'] : [];
  return tags.some(
    (tag) => isJsonObject(tag) && tag['system'] === subsetted.system && tag['code'] === subsetted.code,
  );
}

interface Marks {
  summary: ReadonlySet<string>;
  modifier: ReadonlySet<string>;
}
const marksOfPath = new Map<string, Marks>();

function marksOf(path: string): Marks {
  const known = marksOfPath.get(path);
  if (known) return known;
  const words = (Object.hasOwn(tables, path) ? (tables[path] ?? '') : '').split(' ');
  const marks: Marks = {
    summary: new Set(words.filter((word) => !word.startsWith('!')).map((word) => word.replace('!', ''))),
    modifier: new Set(words.filter((word) => word.includes('!')).map((word) => word.replace('!', ''))),
  };
  marksOfPath.set(path, marks);
  return marks;
}

/** Whether the type has an element of this name at its top. */
export function hasElement(resourceType: string, name: string): boolean {
  const structure = findStructure(resourceType);
  return structure !== undefined && [...structure.rules.values()].some((rule) => rule.element === name);
}

/** The resource itself when nothing is to be left out. */
export function subsetOf(resource: Resource, { summary, elements }: Subset): Resource {
  const structure = findStructure(resource.resourceType);
  if (structure === undefined) return resource;
  let shown: JsonObject = resource;
  if (summary === 'data') shown = keep(shown, structure, (name) => name !== 'text');
  else if (summary === 'text') shown = keep(shown, structure, (name) => name === 'text');
  else if (summary === 'true') shown = summaryOf(shown, structure, structure.path);
  if (elements !== undefined) {
    const { modifier } = marksOf(structure.path);
    shown = keep(shown, structure, (name) => elements.includes(name) || modifier.has(name));
  }
  return shown === resource ? resource : marked(shown, resource.resourceType);
}

/** Keeps what `wanted` names, and what is required; `_name` goes with `name`. */
function keep(object: JsonObject, structure: Structure, wanted: (name: string) => boolean): JsonObject {
  return Object.fromEntries(
    Object.entries(object).filter(([property]) => {
      const name = elementName(property, structure);
      return (
        property === 'resourceType' || always.has(name) || structure.required.includes(name) || wanted(name)
      );
    }),
  );
}

function elementName(property: string, structure: Structure): string {
  const plain = property.startsWith('_') ? property.slice(1) : property;
  return structure.rules.get(plain)?.element ?? plain;
}

function summaryOf(object: JsonObject, structure: Structure, path: string): JsonObject {
  const { summary } = marksOf(path);
  const kept = keep(object, structure, (name) => summary.has(name));
  for (const [property, value] of Object.entries(kept)) {
    const type = structure.rules.get(property)?.type ?? '';
    // A backbone element has marks of its own; a data type is shown whole.
    const inner = type.includes('.') ? findStructure(type) : undefined;
    if (inner) kept[property] = summaryValue(value, inner, type);
  }
  return kept;
}

function summaryValue(value: JsonValue, structure: Structure, path: string): JsonValue {
  if (Array.isArray(value)) return value.map((one) => summaryValue(one, structure, path));
  return isJsonObject(value) ? summaryOf(value, structure, path) : value;
}

function marked(object: JsonObject, resourceType: string): Resource {
  const meta = isJsonObject(object['meta']) ? object['meta'] : {};
  const tags = Array.isArray(meta['tag']) ? meta['tag'] : [];
  return { ...object, resourceType, meta: { ...meta, tag: [...tags, subsetted] } };
}
