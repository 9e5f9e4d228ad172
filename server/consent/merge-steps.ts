// Joining two records and parting them. No entry moves: one authority opens the merged record to the owner of the other, a row lets reads and
// scans follow, and `Patient.link` says it to people. Parting ends the authority and the row, and takes back what `link` and `active` said.
import type { FastifyRequest } from 'fastify';
import { isJsonObject, parseJson } from '../../core/fhir/json.ts';
import type { JsonValue, Resource } from '../../core/fhir/types.ts';
import type { StatementWho } from '../../core/ledger/statement.ts';
import { joinedOnUrl } from '../../core/record/joined.ts';
import { endAuthorities, insertAuthority } from '../storage/authorities.ts';
import type { Merge } from '../storage/merges.ts';
import { completeMerge, findMerge, findSides } from '../storage/merges.ts';
import type { AuthorCode } from '../storage/prepare-version.ts';
import { authorSystem, prepareVersion } from '../storage/prepare-version.ts';
import type { Queryable } from '../storage/queryable.ts';
import { findResource } from '../storage/resource-store.ts';
import { uuidV7 } from '../storage/uuid.ts';
import { writeBatch } from '../storage/write-batch.ts';
import type { ConsentRoom } from './consent-room.ts';
import { noteBoth } from './merges.ts';

/** True when this yes was the last that was needed. Inside the transaction of that yes, both people locked. */
export async function joinIfAgreed(
  client: Queryable,
  room: ConsentRoom,
  request: FastifyRequest,
  mergeId: string,
  by: { who: StatementWho; basis: string },
): Promise<boolean> {
  const merge = await findMerge(client, mergeId);
  if (merge?.state !== 'proposed') return false;
  const { survivorId, mergedId, mergedHasOwner } = merge;
  const nowMs = room.now();
  const sides = await findSides(client, [merge.survivorUhid, merge.mergedUhid], nowMs);
  const holderId = sides.find(({ patientId }) => patientId === survivorId)?.accountId;
  const other = sides.find(({ patientId }) => patientId === mergedId);
  // Somebody took the other record over meanwhile: now there is one who must say yes.
  const hasOwner = mergedHasOwner || (other !== undefined && (other.accountId !== null || other.guarded));
  const missing =
    merge.secondedBy === null ||
    merge.survivorAgreedBy === null ||
    (hasOwner && merge.mergedAgreedBy === null);
  if (missing || holderId == null) return false;
  const authorityId = uuidV7(nowMs, room.randomBytes);
  await insertAuthority(client, {
    patientId: mergedId,
    authorityId,
    basis: 'merged',
    holderId,
    // What is sealed there is opened only by the yes of whoever owns it, not of a guardian and not where nobody could say it.
    coverage: { sealed: other?.accountId != null && merge.mergedAgreedBy === other.accountId },
    purpose: 'PATRQT',
    startsAtMs: nowMs,
  });
  const activeBefore = await linkPatients(client, room, merge, nowMs);
  await completeMerge(client, mergeId, { authorityId, activeBefore, atMs: nowMs });
  await noteBoth(client, room, request, {
    merge,
    event: 'merge',
    ...by,
    detail: { authority: authorityId },
    notice: 'merge-done',
  });
  return true;
}

/** What `active` of the merged Patient said, as JSON text; null: nothing. */
async function linkPatients(
  client: Queryable,
  room: ConsentRoom,
  merge: Merge,
  atMs: number,
): Promise<string | null> {
  const { survivorId, mergedId } = merge;
  const joinedOn = { extension: [{ url: joinedOnUrl, valueDateTime: new Date(atMs).toISOString() }] };
  await changePatient(client, room, survivorId, merge, (patient) => ({
    ...patient,
    link: [...linksOf(patient), { ...linkTo(mergedId, 'replaces'), ...joinedOn }],
  }));
  let before: string | null = null;
  await changePatient(client, room, mergedId, merge, (patient) => {
    before = patient['active'] === undefined ? null : JSON.stringify(patient['active']);
    const link = [...linksOf(patient), { ...linkTo(survivorId, 'replaced-by'), ...joinedOn }];
    return { ...patient, active: false, link };
  });
  return before;
}

/** Takes back what joining said, and nothing that was changed since. */
export async function part(client: Queryable, room: ConsentRoom, merge: Merge): Promise<void> {
  const { survivorId, mergedId, authorityId, activeBefore } = merge;
  if (authorityId !== null) await endAuthorities(client, mergedId, [authorityId], 'unmerged', room.now());
  await changePatient(client, room, survivorId, merge, (patient) => without(patient, mergedId, 'replaces'));
  await changePatient(client, room, mergedId, merge, (patient) => {
    const { active, ...rest } = without(patient, survivorId, 'replaced-by');
    if (active !== false) return active === undefined ? rest : { ...rest, active };
    return activeBefore === null ? rest : { ...rest, active: JSON.parse(activeBefore) as boolean };
  });
}

const linkTo = (id: string, type: string) => ({ other: { reference: `Patient/${id}` }, type });

function linksOf(patient: Resource): readonly JsonValue[] {
  const { link } = patient;
  return Array.isArray(link) ? link : [];
}

function without({ link, ...rest }: Resource, id: string, type: string): Resource {
  const kept = (Array.isArray(link) ? link : []).filter(
    (one) =>
      !(
        isJsonObject(one) &&
        one['type'] === type &&
        isJsonObject(one['other']) &&
        one['other']['reference'] === `Patient/${id}`
      ),
  );
  return { ...rest, resourceType: 'Patient', ...(kept.length > 0 ? { link: kept } : {}) };
}

/** As the system: whoever was the last to say yes writes nobody's name and birth date, and answers for none of it. */
async function changePatient(
  client: Queryable,
  room: ConsentRoom,
  patientId: string,
  { mergeId }: Merge,
  change: (patient: Resource) => Resource,
): Promise<void> {
  const found = await findResource(client, 'Patient', patientId);
  if (!found || found.deleted) return;
  const patient = parseJson(found.content) as Resource;
  const version = prepareVersion(
    {
      patientId,
      resourceType: 'Patient',
      resourceId: patientId,
      version: found.version + 1,
      resource: change(patient),
      author: authorOf(patient),
      who: { role: 'system', name: 'Medallion' },
      basis: 'merge',
      ownBase: `${room.config.publicUrl}/fhir/R4`,
      previousMs: found.lastUpdated.getTime(),
      detail: { merge: mergeId },
    },
    room,
  );
  await writeBatch(client, { versions: [version] });
}

/** Whose words the rest of it is. */
export function authorOf({ meta }: Resource): AuthorCode {
  const tags = isJsonObject(meta) && Array.isArray(meta['tag']) ? meta['tag'] : [];
  const tag = tags.find((one) => isJsonObject(one) && one['system'] === authorSystem);
  const code = isJsonObject(tag) ? tag['code'] : undefined;
  return (typeof code === 'string' ? code : 'import') as AuthorCode;
}
