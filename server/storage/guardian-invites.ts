// Invitations to become a guardian: bound to one login, answered once, over by the clock.
import type { GuardianLevel } from '../../core/access/authority.ts';
import type { Evidence } from './guardians.ts';
import type { Queryable } from './queryable.ts';

export interface GuardianInvite {
  patientId: string;
  inviteId: string;
  inviterId: string;
  inviterName: unknown;
  patientName: unknown;
  level: GuardianLevel;
  relationship: string;
  evidence: Evidence;
  documentId: string | null;
  guardianUntil: Date | null;
  state: 'open' | 'accepted' | 'declined' | 'cancelled';
  createdAt: Date;
  expiresAt: Date;
}

export interface NewInvite {
  patientId: string;
  inviteId: string;
  tokenHash: Buffer;
  inviterId: string;
  loginKey: string;
  level: GuardianLevel;
  relationship: string;
  evidence: Evidence;
  documentId: string | undefined;
  guardianUntilMs: number | undefined;
  createdAtMs: number;
  expiresAtMs: number;
}

const nameOf = (patientId: string): string =>
  `(select r.content::json -> 'name' from resource r where r.patient_id = ${patientId} and r.resource_type = 'Patient'
      and r.resource_id = ${patientId} and not r.deleted)`;
const columns = `i.patient_id as "patientId", i.invite_id as "inviteId", i.inviter_id as "inviterId",
  ${nameOf('(select a.patient_id from account a where a.account_id = i.inviter_id)')} as "inviterName",
  ${nameOf('i.patient_id')} as "patientName", i.level, i.relationship, i.evidence, i.document_id as "documentId",
  i.guardian_until as "guardianUntil", i.state, i.created_at as "createdAt", i.expires_at as "expiresAt"`;

export async function insertInvite(client: Queryable, invite: NewInvite): Promise<void> {
  await client.query({
    name: 'insert-guardian-invite',
    text: `insert into guardian_invite (patient_id, invite_id, token_hash, inviter_id, login_key, level, relationship, evidence, document_id,
             guardian_until, state, created_at, expires_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, to_timestamp($10::float8 / 1000), 'open', to_timestamp($11::float8 / 1000),
             to_timestamp($12::float8 / 1000))`,
    values: [
      invite.patientId,
      invite.inviteId,
      invite.tokenHash,
      invite.inviterId,
      invite.loginKey,
      invite.level,
      invite.relationship,
      invite.evidence,
      invite.documentId ?? null,
      invite.guardianUntilMs ?? null,
      invite.createdAtMs,
      invite.expiresAtMs,
    ],
  });
}

/** Open ones of one record, the newest first; at most 50. */
export async function listInvites(
  db: Queryable,
  patientId: string,
  nowMs: number,
): Promise<GuardianInvite[]> {
  const { rows } = await db.query({
    name: 'list-guardian-invites',
    text: `select ${columns} from guardian_invite i where i.patient_id = $1 and i.state = 'open'
              and i.expires_at > to_timestamp($2::float8 / 1000) order by i.created_at desc, i.invite_id limit 50`,
    values: [patientId, nowMs],
  });
  return rows as GuardianInvite[];
}

/** Open ones to whoever signs in with the login of this account; at most 50. */
export async function listReceivedInvites(
  db: Queryable,
  accountId: string,
  nowMs: number,
): Promise<GuardianInvite[]> {
  const { rows } = await db.query({
    name: 'list-received-invites',
    text: `select ${columns} from guardian_invite i join account me on me.account_id = $1 and me.login_key = i.login_key
            where i.state = 'open' and i.expires_at > to_timestamp($2::float8 / 1000) order by i.created_at desc, i.invite_id limit 50`,
    values: [accountId, nowMs],
  });
  return rows as GuardianInvite[];
}

/** By its id or by what its link carries, if it is for the login of this account; of nobody else's it is as if there were none. */
export async function findReceivedInvite(
  db: Queryable,
  accountId: string,
  by: { inviteId: string } | { tokenHash: Buffer },
): Promise<GuardianInvite | undefined> {
  const { rows } = await db.query({
    name: 'find-received-invite',
    text: `select ${columns} from guardian_invite i join account me on me.account_id = $1 and me.login_key = i.login_key
            where i.invite_id = $2::uuid or i.token_hash = $3`,
    values: [accountId, 'inviteId' in by ? by.inviteId : null, 'tokenHash' in by ? by.tokenHash : null],
  });
  return rows[0] as GuardianInvite | undefined;
}

export async function findInvite(db: Queryable, inviteId: string): Promise<GuardianInvite | undefined> {
  const { rows } = await db.query({
    name: 'find-guardian-invite',
    text: `select ${columns} from guardian_invite i where i.invite_id = $1`,
    values: [inviteId],
  });
  return rows[0] as GuardianInvite | undefined;
}

/** False when it was answered already, or is over: of several answers at once one counts. */
export async function answerInvite(
  client: Queryable,
  { patientId, inviteId }: Pick<GuardianInvite, 'patientId' | 'inviteId'>,
  state: Exclude<GuardianInvite['state'], 'open'>,
  nowMs: number,
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'answer-guardian-invite',
    text: `update guardian_invite set state = $3, answered_at = to_timestamp($4::float8 / 1000)
            where patient_id = $1 and invite_id = $2 and state = 'open' and expires_at > to_timestamp($4::float8 / 1000)`,
    values: [patientId, inviteId, state, nowMs],
  });
  return rowCount === 1;
}
