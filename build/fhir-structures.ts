// StructureDefinitions to one compact line per type and backbone element: `kind|name cardinality types #binding;…`.
// The reader of this notation is core/fhir/structures.ts.

export interface StructureDefinition {
  readonly name: string;
  readonly type: string;
  readonly kind: string;
  readonly abstract: boolean;
  readonly snapshot: { readonly element: readonly ElementDefinition[] };
}

interface ElementDefinition {
  readonly path: string;
  readonly min: number;
  readonly max: string;
  readonly base?: { readonly path: string };
  readonly type?: readonly ElementType[];
  readonly contentReference?: string;
  readonly binding?: { readonly strength: string; readonly valueSet?: string };
}

interface ElementType {
  readonly code: string;
  readonly profile?: readonly string[];
  readonly targetProfile?: readonly string[];
  readonly extension?: readonly { readonly valueUrl?: string }[];
}

/** What the paths of search parameters are resolved against. */
export interface PathElement {
  readonly choice: boolean;
  /** May stand more than once. */
  readonly many: boolean;
  /** Type names; a backbone element is written as `>Path.of.element`. */
  readonly types: readonly string[];
}

export interface ElementTables {
  readonly structures: Record<string, string>;
  readonly boundValueSets: ReadonlyMap<string, 'code' | 'concept'>;
  readonly resourceTypes: readonly string[];
  readonly elements: ReadonlyMap<string, PathElement>;
}

// Parts of these come from R4B and are no types of FHIR 4.0.1.
const foreignTypes = new Set(['SubscriptionStatus', 'MetadataResource']);
const inheritedFrom = /^(Element|BackboneElement|Resource|DomainResource)\./;
const profilePrefix = 'http://hl7.org/fhir/StructureDefinition/';

export function elementTables(definitions: readonly StructureDefinition[]): ElementTables {
  const used = definitions.filter(
    (d) => !d.abstract && !foreignTypes.has(d.name) && (d.kind === 'resource' || d.kind === 'complex-type'),
  );
  const resourceTypes = used.filter((d) => d.kind === 'resource').map((d) => d.name);
  const structures: Record<string, string> = {};
  const boundValueSets = new Map<string, 'code' | 'concept'>();
  const elements = new Map<string, PathElement>();
  for (const definition of used) {
    const all = definition.snapshot.element;
    const root = definition.type;
    const rename = (p: string): string =>
      p === root ? definition.name : definition.name + p.slice(root.length);
    for (const parent of all) {
      const children = all.filter(
        (e) => e.path.startsWith(`${parent.path}.`) && !e.path.slice(parent.path.length + 1).includes('.'),
      );
      if (children.length === 0) continue;
      const own = children.filter((e) => !inheritedFrom.test(e.base?.path ?? '') && e.max !== '0');
      structures[rename(parent.path)] = `${kindOf(definition, parent, children)}|${own
        .map((e) => elementText(e, all, rename, boundValueSets, elements))
        .join(';')}`;
    }
  }
  return { structures, boundValueSets, resourceTypes, elements };
}

/** R resource, D domain resource, B backbone (with modifierExtension), E other element. */
function kindOf(
  definition: StructureDefinition,
  parent: ElementDefinition,
  children: readonly ElementDefinition[],
): string {
  const names = new Set(children.map((e) => e.path.slice(parent.path.length + 1)));
  if (definition.kind === 'resource' && parent.path === definition.type)
    return names.has('contained') ? 'D' : 'R';
  return names.has('modifierExtension') ? 'B' : 'E';
}

function elementText(
  element: ElementDefinition,
  all: readonly ElementDefinition[],
  rename: (p: string) => string,
  boundValueSets: Map<string, 'code' | 'concept'>,
  elements: Map<string, PathElement>,
): string {
  const name = element.path.slice(element.path.lastIndexOf('.') + 1);
  const types = typesOf(element, all, rename);
  elements.set(rename(element.path).replace('[x]', ''), {
    choice: name.endsWith('[x]'),
    many: element.max !== '0' && element.max !== '1',
    types: types.map((t) => t.replace(/\(.*\)$/, '')),
  });
  const open = types.length > 40;
  const text = `${name} ${element.min}${element.max} ${open ? '*' : types.join(',')}`;
  const binding = element.binding;
  if (binding?.strength !== 'required' || binding.valueSet === undefined) return text;
  const valueSet = binding.valueSet.split('|')[0] ?? '';
  const coded = types[0];
  if (coded !== 'code' && coded !== 'CodeableConcept') return text;
  boundValueSets.set(valueSet, coded === 'code' ? 'code' : 'concept');
  return `${text} #${valueSetName(valueSet)}`;
}

export function valueSetName(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}

function typesOf(
  element: ElementDefinition,
  all: readonly ElementDefinition[],
  rename: (p: string) => string,
): readonly string[] {
  if (element.contentReference !== undefined)
    return [`>${rename(element.contentReference.replace(/^.*#/, ''))}`];
  if (all.some((e) => e.path.startsWith(`${element.path}.`))) return [`>${rename(element.path)}`];
  return (element.type ?? []).map(typeText);
}

function typeText(type: ElementType): string {
  if (type.code.startsWith('http://hl7.org/fhirpath/'))
    return type.extension?.find((e) => e.valueUrl !== undefined)?.valueUrl ?? 'string';
  const profile = type.profile?.[0]?.replace(profilePrefix, '');
  if (profile === 'SimpleQuantity' || profile === 'MoneyQuantity') return profile;
  const targets = (type.targetProfile ?? []).map((target) => target.replace(profilePrefix, ''));
  if (type.code !== 'Reference' || targets.length === 0 || targets.includes('Resource')) return type.code;
  return `Reference(${targets.join('/')})`;
}
