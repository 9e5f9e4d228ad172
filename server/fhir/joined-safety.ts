// What follows, of the records that were joined to one: what a summary and an export of the one that stays bring along.
import { followingTypes, follows, vitalObservationCodes } from '../../core/access/joined-entries.ts';
import { isJsonObject, parseJson, canonicalJson } from '../../core/fhir/json.ts';
import type { Resource } from '../../core/fhir/types.ts';
import type { Deps } from '../http/deps.ts';
import { listObservationsOf } from '../storage/everything-store.ts';
import { listJoined } from '../storage/merges.ts';
import type { StoredVersion } from '../storage/resource-store.ts';
import { listCompartment } from '../storage/resource-store.ts';
import type { RequestContext } from './asker.ts';
import { decideOn, withAuthorities } from './authorise.ts';

/** Of one joined record; more dangers nobody has. */
const most = 1000;
/** Of the measurements that are none: blood groups, wishes. */
const mostVital = 200;

export interface JoinedEntry extends StoredVersion {
  /** YYYY-MM-DD */
  joinedOn: string;
}

/** As far as the asker may read it; in the order of types and ids. */
export async function listJoinedSafety(
  deps: Deps,
  asking: RequestContext,
  patientId: string,
  types: readonly string[] = followingTypes,
): Promise<{ context: RequestContext; entries: JoinedEntry[] }> {
  const joined = await listJoined(deps.db.asks, [patientId]);
  const wanted = types.filter((type) => followingTypes.includes(type));
  if (joined.length === 0 || wanted.length === 0) return { context: asking, entries: [] };
  const context = await withAuthorities(deps, asking, [patientId]);
  const entries: JoinedEntry[] = [];
  for (const { mergedId, joinedAt } of joined) {
    const listed = wanted.filter((type) => type !== 'Observation');
    const rows: StoredVersion[] =
      listed.length === 0 ? [] : await listCompartment(deps.db.asks, mergedId, most, undefined, listed);
    if (wanted.includes('Observation'))
      rows.push(...(await listObservationsOf(deps.db.asks, mergedId, vitalObservationCodes, mostVital)));
    const joinedOn = joinedAt.toISOString().slice(0, 10);
    entries.push(
      ...rows
        .filter((one) => follows(one.resourceType, parseJson(one.content) as Resource))
        .filter((one) => decideOn(context, 'read', one).allowed)
        .map((one) => ({ ...one, joinedOn })),
    );
  }
  return { context, entries };
}

/** The text as a document about the person of the record that stays: it names them, and says where it stands. */
export function asOf({ content, joinedOn }: JoinedEntry, base: string, patientId: string): string {
  const resource = parseJson(content) as Resource;
  const whose = {
    reference: `${base}/Patient/${patientId}`,
    display: `In the record joined on ${joinedOn}`,
  };
  const element = isJsonObject(resource['patient']) ? 'patient' : 'subject';
  return canonicalJson({ ...resource, [element]: whose });
}
