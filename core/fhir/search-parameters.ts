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
}

export interface SearchPath {
  readonly steps: readonly SearchStep[];
  /** R4 type of what stands at the end. */
  readonly type: string;
  /** Only references to this resource type count: `where(resolve() is Patient)`. */
  readonly target?: string;
}

export interface SearchParameter {
  readonly name: string;
  readonly kind: SearchKind;
  /** Resource types that a reference parameter can name; absent for all. */
  readonly targets?: readonly string[];
  /** Empty where nothing is indexed: composite and special parameters, and references into a Bundle. */
  readonly paths: readonly SearchPath[];
}

const lines: Readonly<Record<string, string>> = table;

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

/** Whether resources are found by it; composite and special parameters and a few others are known but not offered. */
export function isOffered(parameter: SearchParameter): boolean {
  return parameter.paths.length > 0;
}

function readParameter(text: string): SearchParameter {
  const [name = '', type = '', paths] = text.split(' ');
  const plain = type.replace(/\(.*$/, '');
  const targets = /^reference\((.*)\)$/.exec(type)?.[1];
  return {
    name,
    kind: kinds.find((kind) => kind === plain) ?? 'special',
    ...(targets === undefined || targets === '*' ? {} : { targets: targets.split('/') }),
    paths: paths === undefined ? [] : paths.split(',').map(readPath),
  };
}

function readPath(text: string): SearchPath {
  const [, written = '', type = '', target] = /^([^:]*):(\w+)(?:@(\w+))?$/.exec(text) ?? [];
  const steps = written.split('.').map((step): SearchStep => {
    const [, property = '', name, value] = /^(\w+)(?:\{(\w+)=([\w-]+)\})?$/.exec(step) ?? [];
    return name === undefined || value === undefined
      ? { property }
      : { property, filter: { property: name, value } };
  });
  return { steps, type, ...(target === undefined ? {} : { target }) };
}
