// SearchParameters to one compact line per resource type: `name type path,path…;…`. Paths are resolved against the
// structures here, so that at run time each step is a plain property name and the type at its end is known.
// A composite is `element(kind=path,path&kind=path)|…`: its parts are looked for together in each such element, or anywhere in the
// resource where no element is named; `^` before a path means that it starts at the resource all the same.
// The reader of this notation is core/fhir/search-parameters.ts.

import type { ElementTables } from './fhir-structures.ts';

export interface SearchParameterDefinition {
  readonly url: string;
  readonly code: string;
  readonly type: string;
  readonly base: readonly string[];
  readonly expression?: string;
  readonly xpathUsage?: string;
  readonly target?: readonly string[];
  readonly component?: readonly { readonly definition: string; readonly expression: string }[];
}

/** Types in which each kind of search parameter finds something to index. */
const indexedTypes: Record<string, readonly string[]> = {
  token: [
    'code',
    'id',
    'boolean',
    'string',
    'uri',
    'url',
    'canonical',
    'oid',
    'uuid',
    'Coding',
    'CodeableConcept',
    'Identifier',
    'ContactPoint',
  ],
  string: ['string', 'markdown', 'HumanName', 'Address'],
  reference: ['Reference', 'canonical', 'uri', 'url', 'Resource'],
  date: ['date', 'dateTime', 'instant', 'Period', 'Timing'],
  number: ['integer', 'positiveInt', 'unsignedInt', 'decimal', 'Range'],
  quantity: [
    'Quantity',
    'SimpleQuantity',
    'MoneyQuantity',
    'Age',
    'Duration',
    'Distance',
    'Count',
    'Money',
    'Range',
  ],
  uri: ['uri', 'url', 'canonical', 'oid', 'uuid'],
  special: ['>Location.position'],
};

export function searchTable(
  definitions: readonly SearchParameterDefinition[],
  tables: ElementTables,
): Record<string, string> {
  const table: Record<string, string> = {};
  for (const resourceType of tables.resourceTypes) {
    const own = definitions
      .filter((d) => d.base.includes(resourceType))
      .sort((a, b) => (a.code < b.code ? -1 : 1));
    table[resourceType] = own.map((d) => parameterText(d, resourceType, definitions, tables)).join(';');
  }
  return table;
}

function parameterText(
  definition: SearchParameterDefinition,
  resourceType: string,
  definitions: readonly SearchParameterDefinition[],
  tables: ElementTables,
): string {
  const targets = (definition.target ?? []).filter((t) => tables.resourceTypes.includes(t));
  const everyTarget = targets.length > 40;
  const type =
    definition.type === 'reference' && targets.length > 0
      ? `reference(${everyTarget ? '*' : targets.join('/')})`
      : definition.type;
  const head = `${definition.code} ${type}`;
  if (definition.type === 'composite')
    return `${head} ${compositeText(definition, resourceType, definitions, tables)}`;
  const paths = alternatives(definition, resourceType).flatMap((p) =>
    resolve(p, definition.type, resourceType, tables),
  );
  return paths.length === 0 ? head : `${head} ${[...new Set(paths)].join(',')}`;
}

/** Each alternative of a composite: its parts in one element, or in the whole resource where nothing on the way repeats. */
function compositeText(
  definition: SearchParameterDefinition,
  resourceType: string,
  definitions: readonly SearchParameterDefinition[],
  tables: ElementTables,
): string {
  const contexts = (definition.expression ?? '')
    .split(' | ')
    .filter((context) => new RegExp(`^${resourceType}(\\.|$)`).test(context));
  return contexts
    .map((context) => {
      const element = context.slice(resourceType.length + 1);
      const repeats = element !== '' && tables.elements.get(context)?.many === true;
      const components = definition.component ?? [];
      const kinds = components.map((c) => definitions.find((d) => d.url === c.definition)?.type ?? '');
      const parts = components.map(({ expression }, i) => {
        // R4 names the two parts of DocumentReference.relationship the wrong way round: the expression decides.
        for (const kind of [kinds[i] ?? '', ...kinds]) {
          const paths = expression.split(' | ').flatMap((one) => {
            const ofResource = one.startsWith('%resource.');
            const plain = ofResource ? one.slice('%resource.'.length) : one;
            const start =
              repeats && !ofResource ? (tables.elements.get(context)?.types[0] ?? '') : resourceType;
            const full = repeats || ofResource || element === '' ? plain : `${element}.${plain}`;
            return resolve(full, kind, start, tables).map((path) => (ofResource ? `^${path}` : path));
          });
          if (paths.length > 0) return `${kind}=${[...new Set(paths)].join(',')}`;
        }
        throw new Error(`${resourceType}.${definition.code}: nothing to compare`);
      });
      return `${repeats ? element : ''}(${parts.join('&')})`;
    })
    .join('|');
}

/** The alternatives of an expression that start at the resource type, without its name. */
function alternatives(definition: SearchParameterDefinition, resourceType: string): string[] {
  const expression = definition.expression ?? '';
  if (expression === `${resourceType}.deceased.exists() and ${resourceType}.deceased != false`)
    return ['deceased!'];
  return expression.split(' | ').flatMap((part) => {
    const plain = part
      .trim()
      .replace(/^\((.*)\)$/, '$1')
      .replace(/^\(([^)]*\([^)]*\))\)/, '$1');
    if (/^[a-z]\w*$/.test(plain)) return [plain];
    return plain.startsWith(`${resourceType}.`) ? [plain.slice(resourceType.length + 1)] : [];
  });
}

interface Place {
  readonly written: string;
  /** Path of the structure that holds the next step, or the type's name at the end. */
  readonly types: readonly string[];
}

/** Gives `property.property:Type` for each concrete way through choices, with `{name=value}` and `@Type` filters. */
function resolve(
  expression: string,
  parameterType: string,
  resourceType: string,
  tables: ElementTables,
): string[] {
  if (expression === 'deceased!') return ['deceased:deceased'];
  const steps = expression.match(/[A-Za-z]+(?:\((?:[^()]|\([^()]*\))*\))?(?:\[\d+\])?/g) ?? [];
  let places: Place[] = [{ written: '', types: [resourceType] }];
  let target = '';
  for (let i = 0; i < steps.length; i += 1) {
    const step = steps[i] ?? '';
    if (step.startsWith('ofType(')) throw new Error(`no element before ${expression}`);
    const place = /^(\w+)(\[\d+\])$/.exec(step);
    const resolved = /^where\(resolve\(\) is (\w+)\)$/.exec(step);
    const filter = /^where\((\w+)='([\w-]+)'\)$/.exec(step);
    if (resolved !== null) target = `@${resolved[1]}`;
    else if (filter !== null)
      places = places.map((p) => ({ ...p, written: `${p.written}{${filter[1]}=${filter[2]}}` }));
    else if (place !== null)
      places = places
        .flatMap((p) => next(p, place[1] ?? '', undefined, tables))
        .map((p) => ({ ...p, written: p.written + (place[2] ?? '') }));
    else {
      const cast = /^ofType\((\w+)\)$/.exec(steps[i + 1] ?? '')?.[1]?.replace(/^DateTime$/, 'dateTime');
      if (cast !== undefined) i += 1;
      places = places.flatMap((p) => next(p, step, cast, tables));
    }
    if (places.length === 0) throw new Error(`${resourceType}: cannot resolve ${expression}`);
  }
  const wanted = indexedTypes[parameterType] ?? [];
  return places.flatMap((p) =>
    p.types
      .filter((type) => wanted.includes(type))
      .map((type) => `${p.written}:${type.startsWith('>') ? 'position' : type}${target}`),
  );
}

function next(place: Place, step: string, cast: string | undefined, tables: ElementTables): Place[] {
  const found: Place[] = [];
  for (const holder of place.types) {
    const element = tables.elements.get(`${holder.replace(/^>/, '')}.${step}`);
    if (element === undefined) continue;
    const prefix = place.written === '' ? '' : `${place.written}.`;
    if (!element.choice) found.push({ written: prefix + step, types: element.types });
    else
      for (const type of element.types) {
        const plainType = type.replace(/^(Simple|Money)Quantity$/, 'Quantity');
        if (cast !== undefined && plainType !== cast) continue;
        const property = step + plainType.charAt(0).toUpperCase() + plainType.slice(1);
        found.push({ written: prefix + property, types: [type] });
      }
  }
  return found;
}
