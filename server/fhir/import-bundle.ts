// One transaction Bundle brought in by the operator: directory entries that are known already are met again, not doubled;
// a person who is known already is left alone. All of the Bundle is stored, or none of it.
import { isJsonObject, parseJson } from '../../core/fhir/json.ts';
import type { JsonObject, Resource } from '../../core/fhir/types.ts';
import type { Deps } from '../http/deps.ts';
import type { IdentifiedType } from '../storage/identifiers.ts';
import { findByIdentifier } from '../storage/identifiers.ts';
import { uuidV7 } from '../storage/uuid.ts';
import { applyWrites } from './apply-writes.ts';
import { contextOfActor } from './asker.ts';
import { asResource } from './body.ts';
import { readTransaction } from './transaction.ts';

export type ImportResult =
  | { state: 'imported'; entries: number; reused: number; people: { patientId: string; uhid: string }[] }
  | { state: 'known-already' };

const sharedTypes = new Set(['Organization', 'Practitioner', 'Location']);

/** Throws FhirError with the place in the Bundle when anything in it is not acceptable. */
export async function importBundle(deps: Deps, operator: string, text: string): Promise<ImportResult> {
  const bundle = asResource(parseJson(text), 'Bundle');
  const reuse = new Map<string, string>();
  const entries = Array.isArray(bundle.entry) ? bundle.entry.filter(isJsonObject) : [];
  for (const { fullUrl, resource } of entries) {
    if (typeof fullUrl !== 'string' || !isJsonObject(resource)) continue;
    const type = resource.resourceType;
    if (typeof type !== 'string') continue;
    if (type !== 'Patient' && !sharedTypes.has(type)) continue;
    const known = await findKnown(deps, type as IdentifiedType, resource as Resource);
    if (known === undefined) continue;
    if (type === 'Patient') return { state: 'known-already' };
    reuse.set(fullUrl, `${type}/${known}`);
  }
  const base = `${deps.config.publicUrl}/fhir/R4`;
  const { writes } = readTransaction(bundle, base, () => uuidV7(deps.now(), deps.randomBytes));
  const operations = writes
    .map(({ operation }) => operation)
    .filter(({ fullUrl }) => fullUrl === undefined || !reuse.has(fullUrl));
  const context = contextOfActor({ kind: 'operator', name: operator }, 'a program');
  const written = await applyWrites(deps, context, operations, { known: reuse });
  return {
    state: 'imported',
    entries: written.length,
    reused: reuse.size,
    people: written.flatMap((w) => (w.uhid ? [{ patientId: w.id, uhid: w.uhid }] : [])),
  };
}

async function findKnown(deps: Deps, type: IdentifiedType, resource: Resource): Promise<string | undefined> {
  for (const one of Array.isArray(resource.identifier) ? resource.identifier : []) {
    const { system, value } = one as JsonObject;
    if (typeof system !== 'string' || typeof value !== 'string') continue;
    const [found] = await findByIdentifier(deps.db.pool, type, system, value);
    if (found) return found;
  }
  return undefined;
}
