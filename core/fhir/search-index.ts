// What a resource can be found by, in the form that is stored beside it: keys of values, spans of numbers and times, plain texts.
// For each type one plan is made when it is first asked for, and each element is visited once. `_id` and `_lastUpdated` are the store's.

import { isJsonObject } from './json.ts';
import { Found, type SearchIndex } from './search-found.ts';
import { type Leaf, leafOf, pairLeaf } from './search-leaves.ts';
import { searchParametersOf, type SearchStep } from './search-parameters.ts';
import type { JsonValue, Resource } from './types.ts';

interface Branch extends SearchStep {
  readonly node: Node;
}

interface Node {
  readonly leaves: Leaf[];
  readonly branches: Branch[];
}

const plans = new Map<string, Node>();

/** @param ownBase the server's FHIR base URL without a final slash: absolute references below it count as its own */
export function searchIndex(resource: Resource, ownBase?: string): SearchIndex {
  const found = new Found(resource, ownBase);
  let plan = plans.get(resource.resourceType);
  if (plan === undefined) {
    plan = planOf(resource.resourceType);
    plans.set(resource.resourceType, plan);
  }
  visit(resource, plan, found);
  return {
    present: found.present,
    keys: [...found.keys],
    rangeKeys: found.rangeKeys,
    rangeBounds: found.rangeBounds,
    strings: [...found.strings],
  };
}

function visit(value: JsonValue, node: Node, found: Found): void {
  for (const leaf of node.leaves) leaf(value, found);
  if (node.branches.length === 0 || !isJsonObject(value)) return;
  for (const branch of node.branches) {
    const below = value[branch.property];
    if (below === undefined || below === null) continue;
    if (!Array.isArray(below)) follow(below, branch, found);
    else if (branch.index !== undefined) follow(below[branch.index], branch, found);
    else for (const item of below) follow(item, branch, found);
  }
}

function follow(value: JsonValue | undefined, { filter, node }: Branch, found: Found): void {
  if (value === undefined || value === null) return;
  if (filter !== undefined && !(isJsonObject(value) && value[filter.property] === filter.value)) return;
  visit(value, node, found);
}

function planOf(resourceType: string): Node {
  const root: Node = { leaves: [], branches: [] };
  /** Bits of each leaf: several parameters may read one path. */
  const leaves = new Map<string, { bits: number[]; byTarget: Map<string, number[]> }>();
  for (const parameter of searchParametersOf(resourceType).values()) {
    const { kind, name, bit } = parameter;
    for (const path of parameter.paths) {
      const use = name === 'phonetic' ? 'sound' : kind;
      const id = `${use} ${path.text}`;
      let bits = leaves.get(id);
      if (bits === undefined) {
        bits = { bits: [], byTarget: new Map() };
        leaves.set(id, bits);
        // Whether somebody has died is said of everybody, also where the resource says nothing.
        const node = path.type === 'deceased' ? root : nodeAt(root, path.steps);
        node.leaves.push(leafOf(resourceType, use, path, bits));
      }
      if (path.target === undefined) bits.bits.push(bit);
      else bits.byTarget.set(path.target, [...(bits.byTarget.get(path.target) ?? []), bit]);
    }
    for (const alternative of parameter.alternatives) {
      const id = `pair ${alternative.elementText} ${alternative.parts.map((p) => p.paths.map((x) => x.text).join()).join('&')}`;
      // Parts that stand anywhere in the resource are found by what is stored for each of them.
      if (alternative.element.length === 0 || leaves.has(id)) continue;
      leaves.set(id, { bits: [], byTarget: new Map() });
      nodeAt(root, alternative.element).leaves.push(pairLeaf(resourceType, alternative));
    }
  }
  return root;
}

function nodeAt(root: Node, steps: readonly SearchStep[]): Node {
  let node = root;
  for (const step of steps) {
    const { property, filter, index } = step;
    let branch = node.branches.find(
      (b) =>
        b.property === property &&
        b.index === index &&
        b.filter?.property === filter?.property &&
        b.filter?.value === filter?.value,
    );
    if (branch === undefined) {
      branch = { ...step, node: { leaves: [], branches: [] } };
      node.branches.push(branch);
    }
    node = branch.node;
  }
  return node;
}
