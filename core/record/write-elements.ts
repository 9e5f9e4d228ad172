// Pieces that the resource builders share: changing a copy, coded words, dates, notes.
// A builder starts from the stored resource, so that what the form does not know stays as it was.

import type { JsonObject, JsonValue, Resource } from '../fhir/types.ts';
import { entryById, identicalEntry, type ListEntry } from './code-lists/code-list.ts';
import { isJsonObject } from '../fhir/json.ts';
import type { Code, PartialDate } from './facts.ts';
import type { Choice } from './forms.ts';

/** What a write needs to know. `current`: the person's current resources. `today`: YYYY-MM-DD. */
export type WriteContext = {
  readonly patientId: string;
  readonly today: PartialDate;
  readonly current: readonly Resource[];
};

/** `update` carries the id and, where known, the version it replaces in `meta.versionId`. Nothing is ever deleted. */
export type Change = { readonly kind: 'create' | 'update'; readonly resource: Resource };

/** A copy of a resource with some elements set; `undefined` takes an element away. */
export function withElements(
  base: Resource,
  elements: { readonly [key: string]: JsonValue | undefined },
): Resource {
  const resource: Resource = { ...base };
  for (const [key, value] of Object.entries(elements)) {
    if (value === undefined) delete resource[key];
    else resource[key] = value;
  }
  return resource;
}

export function changeOf(resource: Resource): Change {
  return { kind: typeof resource['id'] === 'string' ? 'update' : 'create', resource };
}

export function concept(text: string, codes: readonly Code[] = []): JsonObject {
  const coding: JsonValue[] = codes.map((code) => ({ ...code }));
  return coding.length === 0 ? { text } : { coding, text };
}

export function status(system: string, code: string): JsonObject {
  return { coding: [{ system, code }] };
}

/** The codes of what was chosen or typed: all codes a list is sure of, else none. */
export function codesOfChoice(list: readonly ListEntry[], choice: Choice): readonly Code[] {
  const chosen = choice.listId === undefined ? undefined : entryById(list, choice.listId);
  const entry = chosen ?? identicalEntry(list, [], choice.text);
  // Further codes of an entry serve to recognise imports; only the first of each system is what it means itself.
  const systems = new Set<string>();
  return (entry?.codes ?? []).filter((code) => {
    const first = !systems.has(code.system);
    systems.add(code.system);
    return first;
  });
}

/** The concept of a choice; where the words did not change, the stored concept with all its codes. */
export function chosenConcept(
  list: readonly ListEntry[],
  choice: Choice,
  stored: JsonValue | undefined,
  storedText: string | undefined,
): JsonObject {
  const text = choice.text.trim();
  if (isJsonObject(stored) && storedText === text) return stored;
  return concept(text, codesOfChoice(list, choice));
}

/** The notes of a resource with the first one replaced; an empty text takes it away. */
export function notesWith(stored: JsonValue | undefined, text: string | undefined): JsonValue | undefined {
  const rest = Array.isArray(stored) ? stored.slice(1) : [];
  const words = text?.trim() ?? '';
  const notes = words === '' ? rest : [{ text: words }, ...rest];
  return notes.length === 0 ? undefined : notes;
}

export function trimmed(text: string | undefined): string | undefined {
  const short = text?.trim();
  return short === undefined || short === '' ? undefined : short;
}

export function patientReference(context: WriteContext): JsonObject {
  return { reference: `Patient/${context.patientId}` };
}
