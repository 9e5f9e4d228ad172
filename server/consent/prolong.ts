// A pen for longer, once somebody said yes to it: a new version of the same Consent, for at most half an hour more. Each stretch is a pen
// of its own, so that every entry names the yes it was written by.
import { prolongedConsent } from '../../core/access/consent-resource.ts';
import { editMs } from '../../core/access/terms.ts';
import { parseJson } from '../../core/fhir/json.ts';
import type { Resource } from '../../core/fhir/types.ts';
import { displayName } from '../../core/record/human-name.ts';
import { ApiError } from '../errors.ts';
import type { AccessRequest } from '../storage/access-requests.ts';
import type { ListedAuthority } from '../storage/authorities.ts';
import { findAuthority, insertAuthority } from '../storage/authorities.ts';
import { insertNotices } from '../storage/notices.ts';
import { prepareVersion } from '../storage/prepare-version.ts';
import type { Queryable } from '../storage/queryable.ts';
import { findResource } from '../storage/resource-store.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import { uuidV7 } from '../storage/uuid.ts';
import { writeBatch } from '../storage/write-batch.ts';
import type { ConsentRoom } from './consent-room.ts';
import type { Yes } from './give-as-asked.ts';
import type { Granted } from './let-in.ts';
import { coverageBy } from './let-in.ts';

export function coverageOf({ categories, entries, sealed }: ListedAuthority) {
  return { ...(categories ? { categories } : {}), ...(entries ? { entries } : {}), sealed };
}

const isGone = () => new ApiError(409, 'grant-over', 'This permission is over. Ask the person anew.');

/** Throws 409 `grant-over` when the pen was taken away between the asking and the yes: then nothing was answered. */
export async function prolong(
  client: Queryable,
  room: ConsentRoom,
  found: AccessRequest,
  penId: string,
  yes: Omit<Yes, 'practitionerId'>,
): Promise<Granted> {
  const pen = await findAuthority(client, penId);
  if (!pen || pen.endedAt !== null || pen.consentId === null) throw isGone();
  const { patientId, consentId } = pen;
  const current = await findResource(client, 'Consent', consentId);
  if (!current || current.deleted || current.patientId !== patientId) throw isGone();
  const nowMs = room.now();
  const untilMs = nowMs + editMs;
  const [from, until] = [new Date(nowMs).toISOString(), new Date(untilMs).toISOString()];
  const consent = prolongedConsent(parseJson(current.content) as Resource, from, until);
  if (consent === undefined) throw isGone();
  const version = prepareVersion(
    {
      patientId,
      resourceType: 'Consent',
      resourceId: consentId,
      version: current.version + 1,
      resource: consent,
      previousMs: current.lastUpdated.getTime(),
      author: yes.by.role === 'guardian' ? 'guardian' : 'patient',
      who: yes.by,
      basis: yes.basis,
      agent: yes.agent,
    },
    room,
  );
  const entry = sealEntry(
    patientId,
    {
      event: 'access-approve',
      outcome: 'done',
      who: yes.by,
      basis: yes.basis,
      purpose: found.purpose,
      on: { type: 'Consent', id: consentId, version: current.version + 1 },
      agent: yes.agent,
      detail: {
        how: yes.how,
        to: displayName(found.requesterName),
        account: found.requesterId,
        until,
        writing: true,
        extends: penId,
      },
    },
    room,
    nowMs,
  );
  await writeBatch(client, { versions: [version], entries: [entry] });
  const editId = uuidV7(nowMs, room.randomBytes);
  await insertAuthority(client, {
    patientId,
    authorityId: editId,
    basis: 'edit',
    holderId: found.requesterId,
    coverage: coverageBy(yes.by, coverageOf(pen)),
    purpose: pen.purpose,
    consentId,
    requestId: found.requestId,
    ...(pen.organizationId === null ? {} : { organizationId: pen.organizationId }),
    startsAtMs: nowMs,
    endsAtMs: untilMs,
  });
  const notice = (to: string, kind: string) => ({
    patientId: to,
    noticeId: uuidV7(nowMs, room.randomBytes),
    kind,
    entryId: entry.entryId,
    detail: { until },
    createdAtMs: nowMs,
  });
  await insertNotices(client, [
    notice(patientId, 'access-given'),
    notice(found.requesterPatientId, 'access-received'),
  ]);
  return { grantId: editId, editId, consentId, entryId: entry.entryId, untilMs, editUntilMs: untilMs };
}
