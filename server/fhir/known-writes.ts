// What a change meets: all that stands now of what it names, its patches carried out, and what its asker was given in those records.
// Two look-ups for the whole of it, three where patches refer to more.
import { ownersOf } from '../../core/fhir/compartment.ts';
import { parseReference, referencesOf } from '../../core/fhir/references.ts';
import type { Resource } from '../../core/fhir/types.ts';
import { FhirError, fhirError } from '../errors.ts';
import type { Deps } from '../http/deps.ts';
import type { Person } from '../storage/people.ts';
import { findPeople } from '../storage/people.ts';
import type { Queryable } from '../storage/queryable.ts';
import type { StoredVersion } from '../storage/resource-store.ts';
import { findResources } from '../storage/resource-store.ts';
import type { RequestContext } from './asker.ts';
import { decideOn, withAuthorities } from './authorise.ts';
import { requireValid } from './body.ts';
import { within } from './bundle-place.ts';
import { applyPatch } from './patch.ts';
import { notFound } from './read.ts';
import type { Settled } from './write-requests.ts';

export const keyOf = ({ type, id }: { type: string; id: string }): string => `${type}/${id}`;

export const fhirBase = (deps: Deps): string => `${deps.config.publicUrl}/fhir/R4`;

type PatchOperation = Extract<Settled, { method: 'patch' }>;

/** A patch is an update once it is carried out, or a refusal. */
export type Planned = Exclude<Settled, PatchOperation> | (PatchOperation & { refusal: FhirError });

/** What stands now of all that is named, and the operations with their patches carried out. */
export interface Known {
  resources: Map<string, StoredVersion>;
  /** The plumbing of people whose Patient is written. */
  people: ReadonlyMap<string, Person>;
  operations: readonly Planned[];
  /** With what the asker was given in the records that this is about. */
  context: RequestContext;
}

export async function loadKnown(
  client: Queryable | undefined,
  deps: Deps,
  asking: RequestContext,
  operations: readonly Settled[],
): Promise<Known> {
  const resources = new Map<string, StoredVersion>();
  const made = new Set(operations.flatMap((o) => (o.method === 'create' ? [keyOf(o)] : [])));
  const load = async (keys: ReadonlyMap<string, { resourceType: string; resourceId: string }>) => {
    const wanted = [...keys.values()];
    for (const f of await (client ? findResources(client, wanted) : deps.resources.findAll(wanted)))
      if (f) resources.set(`${f.resourceType}/${f.resourceId}`, f);
  };
  const keys = new Map<string, { resourceType: string; resourceId: string }>();
  for (const o of operations) {
    if (o.method === 'nothing') continue;
    // Nothing stands under an id that was just drawn; if something did, the batch would be refused.
    if (o.method !== 'create') keys.set(keyOf(o), { resourceType: o.type, resourceId: o.id });
    if (o.method === 'create' || o.method === 'update') addReferences(deps, o.resource, made, keys);
  }
  const changes = new Set(['update', 'patch']);
  const ids = operations.flatMap((o) => (changes.has(o.method) && o.type === 'Patient' ? [o.id] : []));
  const [found] = await Promise.all([findPeople(client ?? deps.db.pool, ids), load(keys)]);
  const people = new Map(found.flatMap((p) => (p ? [[p.patientId, p]] : [])));
  const context = await withAuthorities(
    deps,
    asking,
    recordsOf(deps, operations, resources),
    client ?? deps.db.pool,
  );
  // What a patch refers to is known only once it is carried out.
  const more = new Map<string, { resourceType: string; resourceId: string }>();
  const patched = operations.map((o): Planned => {
    if (o.method !== 'patch') return o;
    const resource = within(o.at, () => patchedResource(context, o, resources.get(keyOf(o))));
    if (resource instanceof FhirError) return { ...o, refusal: resource };
    addReferences(deps, resource, made, more);
    const { patch: _patch, ...plain } = o;
    return { ...plain, method: 'update', resource };
  });
  for (const key of resources.keys()) more.delete(key);
  if (more.size > 0) await load(more);
  return { resources, people, operations: patched, context };
}

/** The records that these operations are about: of what stands, and of what would come to be. */
function recordsOf(
  deps: Deps,
  operations: readonly Settled[],
  resources: ReadonlyMap<string, StoredVersion>,
): string[] {
  const records = new Set<string>();
  for (const o of operations) {
    if (o.method === 'nothing') continue;
    const current = resources.get(keyOf(o));
    if (current) records.add(current.patientId);
    if (o.method !== 'create' && o.method !== 'update') continue;
    const owners = ownersOf(o.resource, o.id, fhirBase(deps));
    if (owners !== 'nobody') for (const owner of owners) records.add(owner);
  }
  return [...records];
}

function addReferences(
  deps: Deps,
  resource: Resource,
  made: ReadonlySet<string>,
  keys: Map<string, { resourceType: string; resourceId: string }>,
): void {
  for (const { text } of referencesOf(resource)) {
    const reference = parseReference(text, fhirBase(deps));
    if (reference.kind !== 'local') continue;
    const key = `${reference.type}/${reference.id}`;
    if (!made.has(key)) keys.set(key, { resourceType: reference.type, resourceId: reference.id });
  }
}

/** Nobody learns from a patch what stands in a resource they may not change: then the patch is not even tried. */
function patchedResource(
  context: RequestContext,
  { patch, ifMatch }: PatchOperation,
  current: StoredVersion | undefined,
): Resource | FhirError {
  if (!current) return notFound();
  if (!decideOn(context, 'update', current).allowed)
    return decideOn(context, 'read', current).allowed ? mayNotWrite() : notFound();
  if (current.deleted) throw fhirError(410, 'deleted', 'This resource was deleted.');
  if (ifMatch !== undefined && ifMatch !== current.version) throw changedMeanwhile();
  const resource = applyPatch(current.content, patch);
  requireValid(resource);
  return resource;
}

export function changedMeanwhile(): FhirError {
  return fhirError(412, 'conflict', 'Somebody changed this first. Load it again and repeat your change.');
}

export function mayNotWrite(): FhirError {
  return fhirError(403, 'forbidden', 'You may not write this.');
}
