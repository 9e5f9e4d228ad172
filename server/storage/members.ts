// Who works for which organisation, as what, and whether their licence was checked.
import type { Queryable } from './queryable.ts';

export const memberRoles = [
  'doctor',
  'nurse',
  'desk',
  'laboratory',
  'radiology',
  'pharmacy',
  'records',
  'administrator',
  'auditor',
] as const;
export type MemberRole = (typeof memberRoles)[number];

export interface Member {
  memberId: string;
  accountId: string;
  organizationId: string;
  /** `name` of the Organization as it stands. */
  organizationName: string | null;
  role: MemberRole;
  practitionerId: string | null;
  licence: string | null;
  /** YYYY-MM-DD, the last day it is valid. */
  licenceUntil: string | null;
}

const columns = `m.member_id as "memberId", m.account_id as "accountId", m.organization_id as "organizationId",
  o.content::json ->> 'name' as "organizationName", m.role, m.practitioner_id as "practitionerId", m.licence, m.licence_until as "licenceUntil"`;
const withOrganization = `organization_member m
  left join resource o on o.patient_id = '' and o.resource_type = 'Organization' and o.resource_id = m.organization_id and not o.deleted`;

/** Of a row `m`: neither ended nor suspended, and the organisation not closed. Who is not at work holds nothing by their work. */
export const atWork = (m: string): string =>
  `${m}.ended_at is null and ${m}.suspended_at is null
   and not exists (select from organization shut where shut.organization_id = ${m}.organization_id and shut.closed_at is not null)`;

/** Where one account is at work, and as what. */
export async function listMemberships(db: Queryable, accountId: string): Promise<Member[]> {
  const { rows } = await db.query({
    name: 'list-memberships',
    text: `select ${columns} from ${withOrganization} where m.account_id = $1 and ${atWork('m')} order by m.started_at, m.member_id`,
    values: [accountId],
  });
  return rows as Member[];
}

/** False when this account has this role there already. */
export async function insertMember(
  client: Queryable,
  member: Omit<Member, 'organizationName'>,
  atMs: number,
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'insert-member',
    text: `insert into organization_member (member_id, account_id, organization_id, role, practitioner_id, licence, licence_until, licence_checked_at, started_at)
           values ($1, $2, $3, $4, $5, $6, $7, case when $6::text is null then null else to_timestamp($8::float8 / 1000) end, to_timestamp($8::float8 / 1000))
           on conflict (account_id, organization_id, role) where ended_at is null do nothing`,
    values: [
      member.memberId,
      member.accountId,
      member.organizationId,
      member.role,
      member.practitionerId,
      member.licence,
      member.licenceUntil,
      atMs,
    ],
  });
  return rowCount === 1;
}

/** A clinician whose licence is valid on the day of `nowMs` (UTC). */
export function isVerifiedClinician(members: readonly Member[], nowMs: number): Member | undefined {
  const day = new Date(nowMs).toISOString().slice(0, 10);
  return members.find(
    ({ role, licenceUntil }) =>
      (role === 'doctor' || role === 'nurse') && licenceUntil !== null && licenceUntil >= day,
  );
}
