// Letting somebody in: Consent, authorities, entry and notices of one answer go in together, inside the caller's transaction.
import type { Recipient } from '../../core/access/consent-resource.ts';
import { consentOf } from '../../core/access/consent-resource.ts';
import type { Coverage } from '../../core/access/authority.ts';
import { editMs } from '../../core/access/terms.ts';
import type { StatementWho } from '../../core/ledger/statement.ts';
import type { NewAuthority } from '../storage/authorities.ts';
import { insertAuthority } from '../storage/authorities.ts';
import { insertNotices } from '../storage/notices.ts';
import { prepareVersion } from '../storage/prepare-version.ts';
import type { Queryable } from '../storage/queryable.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import { uuidV7 } from '../storage/uuid.ts';
import { writeBatch } from '../storage/write-batch.ts';
import type { ConsentRoom } from './consent-room.ts';

export interface Clinician {
  accountId: string;
  patientId: string;
  name: string;
  reference?: string;
  organizationId?: string;
}

/** One clinician, or everybody who is one at an organisation. */
export type Holder = Clinician | { accountId?: never; name: string; organizationId: string };

export interface LetIn {
  patientId: string;
  holder: Holder;
  /** Who writes, where it is asked for: always one clinician. */
  writer?: Clinician;
  coverage: Coverage;
  share: boolean;
  purpose: string;
  durationMs: number;
  requestId?: string;
  /** Own record of whoever asked. */
  askedBy?: string;
  by: StatementWho;
  /** Rule of `core/access` by which they may, and how they answered. */
  basis: string;
  event: 'access-approve' | 'access-share';
  how: 'card' | 'code' | 'in-app' | 'unasked' | 'rule' | 'accepted' | 'passkey';
  agent: string;
}

export interface Granted {
  grantId: string;
  editId?: string;
  consentId: string;
  entryId: string;
  untilMs: number;
  editUntilMs?: number;
}

function recipientOf(to: Holder): Recipient {
  if (to.accountId === undefined) return { name: to.name, reference: `Organization/${to.organizationId}` };
  return { name: to.name, ...(to.reference ? { reference: to.reference } : {}) };
}

/** To a guardian sealed entries are not there: no yes of theirs opens one, or tells of one. */
export function coverageBy({ role }: StatementWho, coverage: Coverage): Coverage {
  const { knowsSealed: _known, ...plain } = coverage;
  return role === 'guardian' ? { ...plain, sealed: false } : coverage;
}

/** Knowing of what is sealed goes with looking, not with the pen. */
function penCoverage({ knowsSealed: _known, ...coverage }: Coverage): Coverage {
  return coverage;
}

export async function letIn(client: Queryable, room: ConsentRoom, asked: LetIn): Promise<Granted> {
  const nowMs = room.now();
  const given = { ...asked, coverage: coverageBy(asked.by, asked.coverage) };
  const untilMs = nowMs + given.durationMs;
  const editUntilMs = Math.min(nowMs + editMs, untilMs);
  const { holder, writer } = given;
  const consent = consentOf({
    patientId: given.patientId,
    at: new Date(nowMs).toISOString(),
    until: new Date(untilMs).toISOString(),
    recipient: recipientOf(holder),
    ...(holder.accountId !== undefined && holder.organizationId
      ? { organizationReference: `Organization/${holder.organizationId}` }
      : {}),
    coverage: given.coverage,
    share: given.share,
    ...(writer
      ? {
          pen: {
            recipient: recipientOf(writer),
            from: new Date(nowMs).toISOString(),
            until: new Date(editUntilMs).toISOString(),
          },
        }
      : {}),
    purpose: given.purpose,
  });
  const consentId = uuidV7(nowMs, room.randomBytes);
  const version = prepareVersion(
    {
      patientId: given.patientId,
      resourceType: 'Consent',
      resourceId: consentId,
      version: 1,
      resource: consent,
      author: given.by.role === 'guardian' ? 'guardian' : 'patient',
      who: given.by,
      basis: given.basis,
      agent: given.agent,
    },
    room,
  );
  const entry = sealEntry(
    given.patientId,
    {
      event: given.event,
      outcome: 'done',
      who: given.by,
      basis: given.basis,
      purpose: given.purpose,
      on: { type: 'Consent', id: consentId, version: 1 },
      agent: given.agent,
      detail: {
        how: given.how,
        to: holder.name,
        ...(holder.accountId === undefined
          ? { organization: holder.organizationId }
          : { account: holder.accountId }),
        until: new Date(untilMs).toISOString(),
        writing: writer !== undefined,
      },
    },
    room,
    nowMs,
  );
  await writeBatch(client, { versions: [version], entries: [entry] });
  const authority = {
    patientId: given.patientId,
    coverage: given.coverage,
    purpose: given.purpose,
    consentId,
    ...(given.requestId ? { requestId: given.requestId } : {}),
    ...(holder.organizationId ? { organizationId: holder.organizationId } : {}),
    startsAtMs: nowMs,
  } satisfies Partial<NewAuthority>;
  const grantId = uuidV7(nowMs, room.randomBytes);
  await insertAuthority(client, {
    ...authority,
    ...(holder.accountId === undefined ? {} : { holderId: holder.accountId }),
    authorityId: grantId,
    basis: 'grant',
    share: given.share,
    endsAtMs: untilMs,
  });
  const editId = writer ? uuidV7(nowMs, room.randomBytes) : undefined;
  if (writer && editId !== undefined)
    await insertAuthority(client, {
      ...authority,
      holderId: writer.accountId,
      authorityId: editId,
      basis: 'edit',
      coverage: penCoverage(given.coverage),
      endsAtMs: editUntilMs,
    });
  const notice = (patientId: string, kind: string) => ({
    patientId,
    noticeId: uuidV7(nowMs, room.randomBytes),
    kind,
    entryId: entry.entryId,
    detail: { until: new Date(untilMs).toISOString() },
    createdAtMs: nowMs,
  });
  // Of what is given to an organisation nobody there is told one by one, but whoever asked for it.
  const told = holder.accountId === undefined ? given.askedBy : holder.patientId;
  await insertNotices(client, [
    notice(given.patientId, 'access-given'),
    ...(told === undefined ? [] : [notice(told, 'access-received')]),
  ]);
  return {
    grantId,
    consentId,
    entryId: entry.entryId,
    untilMs,
    ...(editId === undefined ? {} : { editId, editUntilMs }),
  };
}
