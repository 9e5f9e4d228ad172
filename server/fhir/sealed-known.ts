// What a reader is told of sealed entries that they may not see: nothing, or place and month of each where they may know it.
import { knowsOfSealed } from '../../core/access/sealed-known.ts';
import type { JsonObject } from '../../core/fhir/types.ts';
import type { Deps } from '../http/deps.ts';
import type { SealedPlace } from '../storage/sealed-places.ts';
import { listSealedPlaces } from '../storage/sealed-places.ts';
import type { RequestContext } from './asker.ts';

/** `context` holds what the asker was given in this record. */
export async function sealedKnownTo(
  deps: Deps,
  { asker, who }: RequestContext,
  patientId: string,
): Promise<readonly SealedPlace[]> {
  const known = knowsOfSealed(asker, patientId);
  if (known === undefined || who.account === undefined) return [];
  return listSealedPlaces(deps.db.pool, patientId, known.of === 'own' ? who.account : undefined);
}

export function sealedWords({ place, month }: SealedPlace): string {
  return place === null ? `Sealed entry, ${month}` : `Sealed entry, kept by ${place}, ${month}`;
}

/** An answer's own word that something was left out (OperationOutcome, issue type `suppressed`). */
export function sealedOutcome(places: readonly SealedPlace[]): JsonObject {
  return {
    resourceType: 'OperationOutcome',
    issue: places.map((one) => ({
      severity: 'information',
      code: 'suppressed',
      details: { text: sealedWords(one) },
    })),
  };
}
