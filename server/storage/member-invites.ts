// Invitations to work for an organisation: bound to one address, answered once, over by the clock.
import type { MemberRole } from './members.ts';
import type { Queryable } from './queryable.ts';

export interface MemberInvite {
  inviteId: string;
  organizationId: string;
  organizationName: string | null;
  /** To whom, as it was written. */
  login: string;
  loginKey: string;
  role: MemberRole;
  inviterId: string;
  /** `name` of the inviter's Patient resource. */
  inviterName: unknown;
  state: 'open' | 'accepted' | 'refused' | 'withdrawn';
  createdAt: Date;
  expiresAt: Date;
}

const columns = `i.invite_id as "inviteId", i.organization_id as "organizationId", o.content::json ->> 'name' as "organizationName", i.login,
  i.login_key as "loginKey", i.role, i.inviter_id as "inviterId", r.content::json -> 'name' as "inviterName", i.state,
  i.created_at as "createdAt", i.expires_at as "expiresAt"`;
const joined = `member_invite i left join account a on a.account_id = i.inviter_id
  left join resource r on r.patient_id = a.patient_id and r.resource_type = 'Patient' and r.resource_id = a.patient_id and not r.deleted
  left join resource o on o.patient_id = '' and o.resource_type = 'Organization' and o.resource_id = i.organization_id and not o.deleted`;

/** In place of one that is open to the same address for the same work. */
export async function insertMemberInvite(
  client: Queryable,
  invite: Pick<MemberInvite, 'inviteId' | 'organizationId' | 'login' | 'loginKey' | 'role' | 'inviterId'> & {
    tokenHash: Buffer;
    createdAtMs: number;
    expiresAtMs: number;
  },
): Promise<void> {
  await client.query({
    name: 'replace-member-invite',
    text: `update member_invite set state = 'withdrawn', answered_at = to_timestamp($4::float8 / 1000)
            where organization_id = $1 and login_key = $2 and role = $3 and state = 'open'`,
    values: [invite.organizationId, invite.loginKey, invite.role, invite.createdAtMs],
  });
  await client.query({
    name: 'insert-member-invite',
    text: `insert into member_invite (invite_id, organization_id, token_hash, login, login_key, role, inviter_id, state, created_at, expires_at)
           values ($1, $2, $3, $4, $5, $6, $7, 'open', to_timestamp($8::float8 / 1000), to_timestamp($9::float8 / 1000))`,
    values: [
      invite.inviteId,
      invite.organizationId,
      invite.tokenHash,
      invite.login,
      invite.loginKey,
      invite.role,
      invite.inviterId,
      invite.createdAtMs,
      invite.expiresAtMs,
    ],
  });
}

/** Open ones of an organisation, the newest first; at most 200. */
export async function listMemberInvites(
  db: Queryable,
  organizationId: string,
  nowMs: number,
): Promise<MemberInvite[]> {
  const { rows } = await db.query({
    name: 'list-member-invites',
    text: `select ${columns} from ${joined} where i.organization_id = $1 and i.state = 'open' and i.expires_at > to_timestamp($2::float8 / 1000)
            order by i.created_at desc, i.invite_id limit 200`,
    values: [organizationId, nowMs],
  });
  return rows as MemberInvite[];
}

export async function findMemberInvite(db: Queryable, inviteId: string): Promise<MemberInvite | undefined> {
  const { rows } = await db.query({
    name: 'find-member-invite',
    text: `select ${columns} from ${joined} where i.invite_id = $1`,
    values: [inviteId],
  });
  return rows[0] as MemberInvite | undefined;
}

/** By what its link carries, if it was sent to the login of this account; of anybody else's it is as if there were none. */
export async function findInviteToMe(
  db: Queryable,
  accountId: string,
  tokenHash: Buffer,
): Promise<MemberInvite | undefined> {
  const { rows } = await db.query({
    name: 'find-invite-to-me',
    text: `select ${columns} from ${joined} join account me on me.account_id = $1 and me.login_key = i.login_key where i.token_hash = $2`,
    values: [accountId, tokenHash],
  });
  return rows[0] as MemberInvite | undefined;
}

/** False when it was answered already, or is over: of several answers at once one counts. */
export async function answerMemberInvite(
  client: Queryable,
  inviteId: string,
  state: Exclude<MemberInvite['state'], 'open'>,
  nowMs: number,
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'answer-member-invite',
    text: `update member_invite set state = $2, answered_at = to_timestamp($3::float8 / 1000)
            where invite_id = $1 and state = 'open' and expires_at > to_timestamp($3::float8 / 1000)`,
    values: [inviteId, state, nowMs],
  });
  return rowCount === 1;
}
