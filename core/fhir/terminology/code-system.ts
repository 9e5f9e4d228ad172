// A code system as it can be asked about: its codes, their words, and which code is a kind of which.
// Read from a shipped table or from a CodeSystem resource; knows nothing of where either is kept.

import { isJsonObject } from '../json.ts';
import type { JsonObject, JsonValue } from '../types.ts';

export interface Concept {
  readonly code: string;
  readonly display: string | undefined;
  /** Only groups others; may not be chosen itself. */
  readonly abstract: boolean;
  /** Deprecated or retired. */
  readonly inactive: boolean;
  readonly parents: readonly string[];
  /** Other properties, and words in other languages; only of systems that were loaded as resources. */
  readonly properties: readonly JsonObject[];
  readonly designations: readonly JsonObject[];
  readonly definition: string | undefined;
}

export interface CodeSystem {
  readonly url: string;
  readonly version: string | undefined;
  readonly name: string | undefined;
  readonly title: string | undefined;
  /** `complete` has every code there is; a `fragment` or `example` only some, so an unknown code may still be right. */
  readonly content: 'complete' | 'fragment' | 'example';
  readonly caseSensitive: boolean;
  readonly concepts: ReadonlyMap<string, Concept>;
  readonly children: ReadonlyMap<string, readonly string[]>;
}

/** Reads the notation that build/fhir-terminology.ts writes. */
export function codeSystemOfTable(url: string, table: string): CodeSystem {
  const [head = '', ...lines] = table.split('\n');
  const [version, name, title, content, letters] = head.split('\t');
  const drafts: Draft[] = [];
  const path: string[] = [];
  for (const text of lines) {
    let depth = 0;
    while (text.charCodeAt(depth) === 0x09) depth += 1;
    const [code = '', display, marks = '', further] = text.slice(depth).split('\t');
    path.length = depth;
    drafts.push({
      code,
      display: display === '' ? undefined : display,
      parent: path.at(-1),
      abstract: marks.includes('!'),
      inactive: marks.includes('-'),
      furtherChildren: further === undefined ? [] : further.split(' '),
    });
    path.push(code);
  }
  return assemble({ url, version, name, title, content, caseSensitive: letters !== 'i' }, drafts);
}

/** Reads a CodeSystem resource; undefined for one that lists no codes (supplements, `not-present`). */
export function codeSystemOfResource(resource: JsonObject): CodeSystem | undefined {
  const { url, content } = resource;
  if (typeof url !== 'string' || content === 'supplement' || content === 'not-present') return undefined;
  const drafts: Draft[] = [];
  collect(resource['concept'], undefined, drafts);
  return assemble(
    {
      url,
      version: text(resource['version']),
      name: text(resource['name']),
      title: text(resource['title']),
      content: text(content),
      caseSensitive: resource['caseSensitive'] !== false,
    },
    drafts,
  );
}

interface Draft {
  readonly code: string;
  readonly display: string | undefined;
  readonly parent: string | undefined;
  readonly abstract: boolean;
  readonly inactive: boolean;
  readonly furtherChildren: readonly string[];
  readonly furtherParents?: readonly string[];
  readonly properties?: readonly JsonObject[];
  readonly designations?: readonly JsonObject[];
  readonly definition?: string | undefined;
}

function collect(concepts: JsonValue | undefined, parent: string | undefined, drafts: Draft[]): void {
  for (const concept of objects(concepts)) {
    const code = text(concept['code']);
    if (code === undefined) continue;
    const properties = objects(concept['property']);
    const coded = (name: string): string[] =>
      properties.flatMap((p) =>
        p['code'] === name && typeof p['valueCode'] === 'string' ? [p['valueCode']] : [],
      );
    drafts.push({
      code,
      display: text(concept['display']),
      parent,
      abstract: properties.some(
        (p) => (p['code'] === 'notSelectable' || p['code'] === 'abstract') && p['valueBoolean'] === true,
      ),
      inactive:
        coded('status').some((status) => status === 'retired' || status === 'deprecated') ||
        properties.some((p) => p['code'] === 'inactive' && p['valueBoolean'] === true),
      furtherChildren: coded('child'),
      furtherParents: [...coded('parent'), ...coded('subsumedBy')],
      properties,
      designations: objects(concept['designation']),
      definition: text(concept['definition']),
    });
    collect(concept['concept'], code, drafts);
  }
}

function assemble(
  head: Omit<CodeSystem, 'concepts' | 'children' | 'content'> & { readonly content: string | undefined },
  drafts: readonly Draft[],
): CodeSystem {
  const parents = new Map<string, Set<string>>();
  const children = new Map<string, string[]>();
  const known = new Set(drafts.map((draft) => draft.code));
  const link = (parent: string | undefined, child: string): void => {
    if (parent === undefined || !known.has(parent) || !known.has(child)) return;
    const above = parents.get(child) ?? new Set<string>();
    if (above.has(parent)) return;
    parents.set(child, above.add(parent));
    children.set(parent, [...(children.get(parent) ?? []), child]);
  };
  for (const draft of drafts) {
    link(draft.parent, draft.code);
    for (const parent of draft.furtherParents ?? []) link(parent, draft.code);
    for (const child of draft.furtherChildren) link(draft.code, child);
  }
  const concepts = new Map<string, Concept>();
  for (const draft of drafts)
    if (!concepts.has(draft.code))
      concepts.set(draft.code, {
        code: draft.code,
        display: draft.display,
        abstract: draft.abstract,
        inactive: draft.inactive,
        parents: [...(parents.get(draft.code) ?? [])],
        properties: draft.properties ?? [],
        designations: draft.designations ?? [],
        definition: draft.definition,
      });
  const content = head.content === 'fragment' || head.content === 'example' ? head.content : 'complete';
  return { ...head, content, concepts, children };
}

/** A code and everything that is a kind of it, in the order of the system's tree; a circle ends where it began. */
export function codesBelow(system: CodeSystem, code: string): string[] {
  return reach(system.concepts.has(code) ? [code] : [], (one) => system.children.get(one) ?? []);
}

/** A code and everything that it is a kind of. */
export function codesAbove(system: CodeSystem, code: string): string[] {
  return reach(system.concepts.has(code) ? [code] : [], (one) => system.concepts.get(one)?.parents ?? []);
}

function reach(start: readonly string[], next: (code: string) => readonly string[]): string[] {
  const found = new Set<string>(start);
  for (const code of found) for (const other of next(code)) found.add(other);
  return [...found];
}

/** The concept of a code, whatever its letters where the system does not mind them. */
export function findConcept(system: CodeSystem, code: string): Concept | undefined {
  const exact = system.concepts.get(code);
  if (exact !== undefined || system.caseSensitive) return exact;
  const lower = code.toLowerCase();
  for (const concept of system.concepts.values()) if (concept.code.toLowerCase() === lower) return concept;
  return undefined;
}

export function text(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function objects(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
