// One transaction Bundle brought in by the operator: directory entries that are known already are met again, not doubled;
// a person who is known already is left alone. All of the Bundle is stored, or none of it.
import { isJsonObject, parseJson } from '../../core/fhir/json.ts';
import type { Resource } from '../../core/fhir/types.ts';
import type { Deps } from '../http/deps.ts';
import type { Identified, IdentifiedType } from '../storage/identifiers.ts';
import { findAllByIdentifier } from '../storage/identifiers.ts';
import { uuidV7 } from '../storage/uuid.ts';
import { applyWrites } from './apply-writes.ts';
import { contextOfActor } from './asker.ts';
import { asResource } from './body.ts';
import { readTransaction } from './transaction.ts';
import type { Turns } from './turns.ts';
import { createTurns } from './turns.ts';

export type ImportResult =
  | { state: 'imported'; entries: number; reused: number; people: { patientId: string; uhid: string }[] }
  | { state: 'known-already' };

const identifiedTypes = new Set<IdentifiedType>(['Patient', 'Organization', 'Practitioner', 'Location']);

/**
 * Throws FhirError with the place in the Bundle when anything in it is not acceptable. With `turns`, Bundles that are brought in at the
 * same time and name the same person or place wait for each other: whichever comes second meets what the first made.
 */
export async function importBundle(
  deps: Deps,
  operator: string,
  text: string,
  turns: Turns = createTurns(),
): Promise<ImportResult> {
  const bundle = asResource(parseJson(text), 'Bundle');
  const names = [...identifiersIn(bundle)].map(({ type, system, value }) =>
    JSON.stringify([type, system, value]),
  );
  return turns.take(names, () => bringIn(deps, operator, bundle));
}

/** Identifiers of what may be known already, or be made known by another Bundle at this moment. */
function* identifiersIn(bundle: Resource): Generator<Identified & { fullUrl: string | undefined }> {
  const entries = Array.isArray(bundle.entry) ? bundle.entry.filter(isJsonObject) : [];
  for (const { fullUrl, resource } of entries) {
    if (!isJsonObject(resource) || !isIdentified(resource.resourceType)) continue;
    for (const one of Array.isArray(resource.identifier) ? resource.identifier : []) {
      if (!isJsonObject(one) || typeof one.system !== 'string' || typeof one.value !== 'string') continue;
      const { system, value } = one;
      yield {
        type: resource.resourceType,
        system,
        value,
        fullUrl: typeof fullUrl === 'string' ? fullUrl : undefined,
      };
    }
  }
}

function isIdentified(type: unknown): type is IdentifiedType {
  return identifiedTypes.has(type as IdentifiedType);
}

async function bringIn(deps: Deps, operator: string, bundle: Resource): Promise<ImportResult> {
  const reuse = new Map<string, string>();
  for (const { type, fullUrl, id } of await findKnown(deps, bundle)) {
    if (type === 'Patient') return { state: 'known-already' };
    reuse.set(fullUrl, `${type}/${id}`);
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

/** Which entries stand already, by the first of their identifiers that does. */
async function findKnown(
  deps: Deps,
  bundle: Resource,
): Promise<{ type: string; fullUrl: string; id: string }[]> {
  const named = [...identifiersIn(bundle)];
  const ids = await findAllByIdentifier(deps.db.pool, named);
  const known = new Map<string, { type: string; fullUrl: string; id: string }>();
  for (const [i, { type, fullUrl }] of named.entries()) {
    const id = ids[i];
    if (id !== undefined && fullUrl !== undefined && !known.has(fullUrl))
      known.set(fullUrl, { type, fullUrl, id });
  }
  return [...known.values()];
}
