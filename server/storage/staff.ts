// The people of one organisation: their memberships as administrators see and change them. Knows no record of theirs.
import type { Member, MemberRole } from './members.ts';
import { atWork } from './members.ts';
import type { Queryable } from './queryable.ts';

export interface StaffMember {
  memberId: string;
  accountId: string;
  patientId: string;
  organizationId: string;
  organizationName: string | null;
  /** `name` of their Patient resource. */
  name: unknown;
  role: MemberRole;
  practitionerId: string | null;
  licence: string | null;
  licenceAuthority: string | null;
  licenceUntil: string | null;
  startedAt: Date;
  suspendedAt: Date | null;
  endedAt: Date | null;
}

const columns = `m.member_id as "memberId", m.account_id as "accountId", a.patient_id as "patientId", m.organization_id as "organizationId",
  o.content::json ->> 'name' as "organizationName", r.content::json -> 'name' as name, m.role, m.practitioner_id as "practitionerId",
  m.licence, m.licence_authority as "licenceAuthority", m.licence_until as "licenceUntil", m.started_at as "startedAt",
  m.suspended_at as "suspendedAt", m.ended_at as "endedAt"`;
const joined = `organization_member m join account a using (account_id)
  left join resource r on r.patient_id = a.patient_id and r.resource_type = 'Patient' and r.resource_id = a.patient_id and not r.deleted
  left join resource o on o.patient_id = '' and o.resource_type = 'Organization' and o.resource_id = m.organization_id and not o.deleted`;

/** Memberships of an organisation that have not ended, the newest last; at most 1000. */
export async function listStaff(db: Queryable, organizationId: string): Promise<StaffMember[]> {
  const { rows } = await db.query({
    name: 'list-staff',
    text: `select ${columns} from ${joined} where m.organization_id = $1 and m.ended_at is null order by m.started_at, m.member_id limit 1000`,
    values: [organizationId],
  });
  return rows as StaffMember[];
}

/** Memberships of one account that have not ended, suspended or not; at most 100. */
export async function listOwnPlaces(db: Queryable, accountId: string): Promise<StaffMember[]> {
  const { rows } = await db.query({
    name: 'list-own-places',
    text: `select ${columns} from ${joined} where m.account_id = $1 and m.ended_at is null order by m.started_at, m.member_id limit 100`,
    values: [accountId],
  });
  return rows as StaffMember[];
}

export async function findStaff(db: Queryable, memberId: string): Promise<StaffMember | undefined> {
  const { rows } = await db.query({
    name: 'find-staff',
    text: `select ${columns} from ${joined} where m.member_id = $1`,
    values: [memberId],
  });
  return rows[0] as StaffMember | undefined;
}

/** Administrators of an organisation that are at work and can sign in, without one membership. Under the organisation's lock. */
export async function countOtherAdministrators(
  client: Queryable,
  { organizationId, memberId }: Pick<Member, 'organizationId' | 'memberId'>,
): Promise<number> {
  const { rows } = await client.query({
    name: 'count-other-administrators',
    text: `select count(*)::int as count from organization_member m join account a using (account_id)
            where m.organization_id = $1 and m.member_id <> $2 and m.role = 'administrator' and ${atWork('m')} and a.disabled_at is null`,
    values: [organizationId, memberId],
  });
  return (rows as { count: number }[])[0]?.count ?? 0;
}

/** False when it had ended already. */
export async function endMember(client: Queryable, memberId: string, atMs: number): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'end-member',
    text: `update organization_member set ended_at = to_timestamp($2::float8 / 1000) where member_id = $1 and ended_at is null`,
    values: [memberId, atMs],
  });
  return rowCount === 1;
}

/** False when it is so already, or has ended. `atMs` undefined: at work again. */
export async function setSuspended(
  client: Queryable,
  memberId: string,
  atMs: number | undefined,
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'set-member-suspended',
    text: `update organization_member set suspended_at = to_timestamp($2::float8 / 1000)
            where member_id = $1 and ended_at is null and (suspended_at is null) = ($2::float8 is not null)`,
    values: [memberId, atMs ?? null],
  });
  return rowCount === 1;
}

/** A licence that somebody else has looked at: from now on it counts. */
export async function setLicence(
  client: Queryable,
  memberId: string,
  licence: { number: string; authority: string; until: string; checkedBy: string },
  atMs: number,
): Promise<void> {
  await client.query({
    name: 'set-member-licence',
    text: `update organization_member set licence = $2, licence_authority = $3, licence_until = $4::date, licence_checked_by = $5,
             licence_checked_at = to_timestamp($6::float8 / 1000) where member_id = $1 and ended_at is null`,
    values: [memberId, licence.number, licence.authority, licence.until, licence.checkedBy, atMs],
  });
}

/** Who this account is in the directory, in every place where it works as a doctor or a nurse: as it is named already, else by `fresh`. */
export async function namePractitioner(client: Queryable, accountId: string, fresh: string): Promise<string> {
  const { rows } = await client.query({
    name: 'name-practitioner',
    text: `update organization_member m set practitioner_id = coalesce((
               select n.practitioner_id from organization_member n where n.account_id = $1 and n.practitioner_id is not null
                order by n.started_at limit 1), $2)
             where m.account_id = $1 and m.ended_at is null and m.role in ('doctor', 'nurse') and m.practitioner_id is null
           returning m.practitioner_id as id`,
    values: [accountId, fresh],
  });
  return (rows[0] as { id: string } | undefined)?.id ?? '';
}

/** Of a clinician at work with a licence that is valid on the day of `nowMs`. */
export async function findPractitionerOf(
  db: Queryable,
  accountId: string,
  nowMs: number,
): Promise<string | undefined> {
  const { rows } = await db.query({
    name: 'find-practitioner-of',
    text: `select m.practitioner_id as id from organization_member m where m.account_id = $1 and ${atWork('m')} and m.practitioner_id is not null
              and m.licence_until >= (to_timestamp($2::float8 / 1000) at time zone 'UTC')::date order by m.started_at limit 1`,
    values: [accountId, nowMs],
  });
  return (rows[0] as { id: string } | undefined)?.id;
}
