// Licences as they were written down, and what somebody else found who looked at them. A constraint holds that nobody looks at their own.
import type { Queryable } from './queryable.ts';

export interface LicenceCheck {
  licenceId: string;
  memberId: string;
  accountId: string;
  organizationId: string;
  number: string;
  authority: string;
  /** YYYY-MM-DD, the last day it is valid. */
  until: string;
  enteredAt: Date;
  finding: 'right' | 'wrong' | null;
}

const columns = `l.licence_id as "licenceId", l.member_id as "memberId", l.account_id as "accountId", m.organization_id as "organizationId",
  l.number, l.authority, l.valid_until as until, l.entered_at as "enteredAt", l.finding`;
const joined = 'licence_check l join organization_member m using (member_id)';

/** In place of one that still waits. */
export async function insertLicenceCheck(
  client: Queryable,
  licence: Pick<LicenceCheck, 'licenceId' | 'memberId' | 'accountId' | 'number' | 'authority' | 'until'>,
  atMs: number,
): Promise<void> {
  await client.query({
    name: 'replace-licence-check',
    text: `delete from licence_check where member_id = $1 and finding is null`,
    values: [licence.memberId],
  });
  await client.query({
    name: 'insert-licence-check',
    text: `insert into licence_check (licence_id, member_id, account_id, number, authority, valid_until, entered_at)
           values ($1, $2, $3, $4, $5, $6::date, to_timestamp($7::float8 / 1000))`,
    values: [
      licence.licenceId,
      licence.memberId,
      licence.accountId,
      licence.number,
      licence.authority,
      licence.until,
      atMs,
    ],
  });
}

/** Those that wait, of members that are still there; at most 500. */
export async function listLicencesWaiting(
  db: Queryable,
  by: { organizationId: string } | { accountId: string },
): Promise<LicenceCheck[]> {
  const { rows } = await db.query({
    name: 'list-licences-waiting',
    text: `select ${columns} from ${joined} where l.finding is null and m.ended_at is null
              and ($1::text is null or m.organization_id = $1) and ($2::uuid is null or l.account_id = $2)
            order by l.entered_at, l.licence_id limit 500`,
    values: ['organizationId' in by ? by.organizationId : null, 'accountId' in by ? by.accountId : null],
  });
  return rows as LicenceCheck[];
}

export async function findLicenceCheck(db: Queryable, licenceId: string): Promise<LicenceCheck | undefined> {
  const { rows } = await db.query({
    name: 'find-licence-check',
    text: `select ${columns} from ${joined} where l.licence_id = $1`,
    values: [licenceId],
  });
  return rows[0] as LicenceCheck | undefined;
}

/** False when it was looked at already, or another stands in its place. */
export async function saveLicenceFinding(
  client: Queryable,
  licenceId: string,
  found: { finding: 'right' | 'wrong'; by: string },
  atMs: number,
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'save-licence-finding',
    text: `update licence_check set finding = $2, found_by = $3, found_at = to_timestamp($4::float8 / 1000)
            where licence_id = $1 and finding is null`,
    values: [licenceId, found.finding, found.by, atMs],
  });
  return rowCount === 1;
}
