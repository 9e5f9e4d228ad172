// Reads the generated table of R4 search parameters: which exist for a type, of which kind, and where their values are.
// A type's line is read when it is first asked for. The notation is written by build/fhir-search-parameters.ts.

import table from './definitions/search-parameters.json' with { type: 'json' };

const kinds = [
  'token',
  'string',
  'reference',
  'date',
  'number',
  'quantity',
  'uri',
  'composite',
  'special',
] as const;

export type SearchKind = (typeof kinds)[number];

export interface SearchStep {
  readonly property: string;
  /** Only elements whose property `filter.property` has the value count: `telecom.where(system='phone')`. */
  readonly filter?: { readonly property: string; readonly value: string };
  /** Only the element at this place counts: `entry[0]`. */
  readonly index?: number;
}

export interface SearchPath {
  readonly steps: readonly SearchStep[];
  /** R4 type of what stands at the end. */
  readonly type: string;
  /** Steps and type as written, without the target: parameters that share it share what is stored. */
  readonly text: string;
  /** Only references to this resource type count: `where(resolve() is Patient)`. */
  readonly target?: string;
}

/** One of the things that a composite compares; `ofResource`: its paths start at the resource, not at the element. */
export interface CompositePart {
  readonly kind: SearchKind;
  readonly ofResource: boolean;
  readonly paths: readonly SearchPath[];
}

export interface CompositeAlternative {
  /** Steps to the elements in each of which all parts are looked for; none: anywhere in the resource. */
  readonly element: readonly SearchStep[];
  readonly elementText: string;
  readonly parts: readonly CompositePart[];
}

export interface SearchParameter {
  readonly name: string;
  readonly kind: SearchKind;
  /** Resource types that a reference parameter can name; absent for all. */
  readonly targets?: readonly string[];
  readonly paths: readonly SearchPath[];
  /** Of a composite. */
  readonly alternatives: readonly CompositeAlternative[];
  /** Its bit in the mask of parameters that a resource has a value for. */
  readonly bit: number;
}

const lines: Readonly<Record<string, string>> = table;

/** What every resource can be found by, over all types alike. Their bits and stored keys do not depend on the type. */
const ofEveryType =
  '_profile uri meta.profile:canonical;_security token meta.security:Coding;' +
  '_source uri meta.source:uri;_tag token meta.tag:Coding';

const known = new Map<string, ReadonlyMap<string, SearchParameter>>();

/** The parameters of a resource type by name, `_profile`, `_security`, `_source` and `_tag` included; empty if R4 has no such type. */
export function searchParametersOf(resourceType: string): ReadonlyMap<string, SearchParameter> {
  const read = known.get(resourceType);
  if (read !== undefined) return read;
  if (!Object.hasOwn(lines, resourceType)) return new Map();
  const parameters = `${ofEveryType};${lines[resourceType]}`
    .split(';')
    .filter((text) => text !== '')
    .map(readParameter);
  const map = new Map(parameters.map((parameter) => [parameter.name, parameter]));
  known.set(resourceType, map);
  return map;
}

function readParameter(text: string, bit: number): SearchParameter {
  const [name = '', type = '', paths = ''] = text.split(' ');
  const plain = type.replace(/\(.*$/, '');
  const targets = /^reference\((.*)\)$/.exec(type)?.[1];
  return {
    name,
    kind: asKind(plain),
    ...(targets === undefined || targets === '*' ? {} : { targets: targets.split('/') }),
    paths: plain === 'composite' ? [] : readPaths(paths, plain),
    alternatives: plain === 'composite' ? paths.split('|').map(readAlternative) : [],
    bit,
  };
}

function asKind(text: string): SearchKind {
  return kinds.find((kind) => kind === text) ?? 'special';
}

function readAlternative(text: string): CompositeAlternative {
  const [, elementText = '', parts = ''] = /^([^(]*)\((.*)\)$/.exec(text) ?? [];
  return {
    element: elementText === '' ? [] : readSteps(elementText),
    elementText,
    parts: parts.split('&').map((part) => {
      const equals = part.indexOf('=');
      const kind = part.slice(0, equals);
      const paths = part.slice(equals + 1);
      const ofResource = paths.startsWith('^');
      return { kind: asKind(kind), ofResource, paths: readPaths(paths.replaceAll('^', ''), kind) };
    }),
  };
}

function readPaths(text: string, kind: string): SearchPath[] {
  return text
    .split(',')
    .map(readPath)
    .flatMap((path) => (kind === 'string' ? partsOf(path) : [path]));
}

function readPath(text: string): SearchPath {
  const [, written = '', type = '', target] = /^([^:]*):(\w+)(?:@(\w+))?$/.exec(text) ?? [];
  const path = { steps: readSteps(written), type, text: `${written}:${type}` };
  return target === undefined ? path : { ...path, target };
}

function readSteps(written: string): SearchStep[] {
  return written.split('.').map((step): SearchStep => {
    const [, property = '', name, value, index] = /^(\w+)(?:\{(\w+)=([\w-]+)\}|\[(\d+)\])?$/.exec(step) ?? [];
    if (index !== undefined) return { property, index: Number(index) };
    return name === undefined || value === undefined
      ? { property }
      : { property, filter: { property: name, value } };
  });
}

const partsOfType: Readonly<Record<string, readonly string[]>> = {
  HumanName: ['text', 'family', 'given', 'prefix', 'suffix'],
  Address: ['text', 'line', 'city', 'district', 'state', 'postalCode', 'country'],
};

/** A name or address is searched by each of its parts, so that `name` and `family` share what is stored of the family name. */
function partsOf(path: SearchPath): SearchPath[] {
  const parts = partsOfType[path.type];
  if (parts === undefined) return [path];
  const written = path.text.slice(0, path.text.indexOf(':'));
  return parts.map((part) => readPath(`${written}.${part}:string`));
}
