// A profile as a tree of rules, read from the elements of a StructureDefinition: of its snapshot, or only of what it adds
// to the base type. Judges nothing.

import { isJsonObject } from '../json.ts';
import type { JsonObject, JsonValue } from '../types.ts';

export interface TypeRule {
  readonly code: string;
  readonly profiles: readonly string[];
  readonly targetProfiles: readonly string[];
}

export interface ProfileInvariant {
  readonly key: string;
  readonly severity: 'error' | 'warning';
  readonly human: string;
  readonly expression: string;
}

export interface Discriminator {
  readonly type: string;
  readonly path: string;
}

export interface ProfileNode {
  /** Without `[x]`. */
  readonly name: string;
  readonly choice: boolean;
  readonly sliceName: string | undefined;
  readonly min: number;
  readonly max: number;
  readonly types: readonly TypeRule[];
  /** What the value must be, or must have in it. */
  readonly fixed: JsonValue | undefined;
  readonly pattern: JsonValue | undefined;
  /** A value set that its codes must be from. */
  readonly requiredValueSet: string | undefined;
  readonly invariants: readonly ProfileInvariant[];
  readonly discriminators: readonly Discriminator[];
  readonly closed: boolean;
  readonly children: ProfileNode[];
  readonly slices: ProfileNode[];
}

export interface Profile {
  readonly url: string;
  /** The type that it constrains. */
  readonly type: string;
  readonly baseDefinition: string | undefined;
  readonly root: ProfileNode;
}

const typesPrefix = 'http://hl7.org/fhir/StructureDefinition/';

/** Reads a StructureDefinition; undefined for one that is no profile of a type. */
export function profileOf(definition: JsonObject): Profile | undefined {
  const { url, type, snapshot, differential, baseDefinition } = definition;
  const view = isJsonObject(snapshot) ? snapshot : differential;
  const elements = isJsonObject(view) && Array.isArray(view['element']) ? view['element'] : [];
  if (typeof url !== 'string' || typeof type !== 'string') return undefined;
  const nodes = new Map<string, ProfileNode>();
  let root: ProfileNode | undefined;
  for (const element of elements) {
    if (!isJsonObject(element)) continue;
    const id = typeof element['id'] === 'string' ? element['id'] : element['path'];
    if (typeof id !== 'string' || nodes.size > 5000) continue;
    if (root === undefined) {
      root = nodeOf(id.includes('.') || id.includes(':') ? { id: type } : element, type);
      nodes.set(type, root);
      if (id === type) continue;
    }
    place(nodes, id, element);
  }
  const base = typeof baseDefinition === 'string' ? baseDefinition : undefined;
  return { url, type, baseDefinition: base, root: root ?? nodeOf({}, type) };
}

/** Hangs an element under its parent; a parent that is not written stands there without rules of its own. */
function place(nodes: Map<string, ProfileNode>, id: string, element: JsonObject): ProfileNode | undefined {
  const known = nodes.get(id);
  if (known !== undefined) return known;
  const dot = id.lastIndexOf('.');
  if (dot < 0) return undefined;
  const last = id.slice(dot + 1);
  const colon = last.indexOf(':');
  const name = colon < 0 ? last : last.slice(0, colon);
  const parentId = colon < 0 ? id.slice(0, dot) : `${id.slice(0, dot)}.${name}`;
  const parent = nodes.get(parentId) ?? place(nodes, parentId, {});
  if (parent === undefined) return undefined;
  const node = nodeOf(element, name, colon < 0 ? undefined : last.slice(colon + 1));
  (colon < 0 ? parent.children : parent.slices).push(node);
  nodes.set(id, node);
  return node;
}

function nodeOf(element: JsonObject, name: string, sliceName?: string): ProfileNode {
  const { min, max, slicing, binding } = element;
  const slices = isJsonObject(slicing) ? slicing : {};
  return {
    name: name.replace(/\[x\]$/, ''),
    choice: name.endsWith('[x]'),
    sliceName,
    min: typeof min === 'number' ? min : 0,
    max: max === undefined || max === '*' ? Infinity : Number(max),
    types: objects(element['type']).map((type) => ({
      code: typeText(type['code']),
      profiles: texts(type['profile']).map(withoutVersion),
      targetProfiles: texts(type['targetProfile']).map(withoutVersion),
    })),
    fixed: startingWith(element, 'fixed'),
    pattern: startingWith(element, 'pattern'),
    requiredValueSet:
      isJsonObject(binding) && binding['strength'] === 'required' && typeof binding['valueSet'] === 'string'
        ? withoutVersion(binding['valueSet'])
        : undefined,
    invariants: objects(element['constraint']).flatMap((constraint) => invariantOf(constraint)),
    discriminators: objects(slices['discriminator']).map((one) => ({
      type: plainText(one['type']),
      path: plainText(one['path']),
    })),
    closed: slices['rules'] === 'closed',
    children: [],
    slices: [],
  };
}

/** Those of the base types are judged with every resource, profile or not. */
function invariantOf(constraint: JsonObject): ProfileInvariant[] {
  const { key, severity, human, expression, source } = constraint;
  if (typeof key !== 'string' || typeof expression !== 'string') return [];
  if (typeof source === 'string' && source.startsWith(typesPrefix)) return [];
  if (/^(?:ele|ext|dom)-\d$/.test(key)) return [];
  return [
    {
      key,
      severity: severity === 'warning' ? 'warning' : 'error',
      human: typeof human === 'string' ? human : key,
      expression,
    },
  ];
}

function typeText(code: JsonValue | undefined): string {
  return typeof code === 'string' ? code.replace(/^.*\//, '').replace(/^System\./, '') : '';
}

function plainText(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

export function withoutVersion(canonical: string): string {
  return canonical.replace(/\|.*$/, '');
}

function startingWith(element: JsonObject, start: string): JsonValue | undefined {
  for (const [key, value] of Object.entries(element))
    if (key.startsWith(start) && /^[A-Z]/.test(key.slice(start.length))) return value;
  return undefined;
}

function objects(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function texts(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

/** What judging by a profile leads to: other profiles, and the value sets that codes must be from. */
export function namedByProfile(profile: Profile): { profiles: string[]; valueSets: string[] } {
  const profiles = new Set<string>();
  const valueSets = new Set<string>();
  const walk = (node: ProfileNode): void => {
    for (const type of node.types)
      for (const url of [...type.profiles, ...type.targetProfiles]) profiles.add(url);
    if (node.requiredValueSet !== undefined) valueSets.add(node.requiredValueSet);
    [...node.children, ...node.slices].forEach(walk);
  };
  walk(profile.root);
  if (profile.baseDefinition !== undefined) profiles.add(withoutVersion(profile.baseDefinition));
  return { profiles: [...profiles], valueSets: [...valueSets] };
}
