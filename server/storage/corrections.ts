// Requests that an entry be put right: cases of `dispute` that are about an entry, with what only these have.
import type { Dispute } from './disputes.ts';
import { disputeColumns, joinedDispute } from './disputes.ts';
import type { Queryable } from './queryable.ts';

export interface Correction extends Dispute {
  resourceType: string;
  resourceId: string;
  version: number;
  wished: string;
  correctedVersion: number | null;
  disagreement: string | null;
  disagreedAt: Date | null;
}

const columns = `${disputeColumns}, c.resource_type as "resourceType", c.resource_id as "resourceId", c.version, c.wished,
  c.corrected_version as "correctedVersion", c.disagreement, c.disagreed_at as "disagreedAt"`;
const joined = `${joinedDispute} join correction c on c.patient_id = d.patient_id and c.dispute_id = d.dispute_id`;

export async function insertCorrection(
  client: Queryable,
  one: Pick<Correction, 'patientId' | 'disputeId' | 'resourceType' | 'resourceId' | 'version' | 'wished'>,
): Promise<void> {
  await client.query({
    name: 'insert-correction',
    text: `insert into correction (patient_id, dispute_id, resource_type, resource_id, version, wished) values ($1, $2, $3, $4, $5, $6)`,
    values: [one.patientId, one.disputeId, one.resourceType, one.resourceId, one.version, one.wished],
  });
}

export async function findCorrection(db: Queryable, disputeId: string): Promise<Correction | undefined> {
  const { rows } = await db.query({
    name: 'find-correction',
    text: `select ${columns} from ${joined} where c.dispute_id = $1`,
    values: [disputeId],
  });
  return rows[0] as Correction | undefined;
}

/** Of one person, of one entry, or those that these organisations answer; open ones first; at most 200. */
export async function listCorrections(
  db: Queryable,
  whose:
    | { patientId: string; entry?: { type: string; id: string } }
    | { organizationIds: readonly string[]; nobodys: boolean },
): Promise<Correction[]> {
  const order = `order by (d.closed_at is null and coalesce(d.final_at, case when d.escalated_at is null then d.answered_at end) is null) desc, d.due_at, d.dispute_id limit 200`;
  const { rows } = await db.query(
    'patientId' in whose
      ? {
          name: 'list-corrections-of',
          text: `select ${columns} from ${joined} where c.patient_id = $1 and ($2::text is null or (c.resource_type = $2 and c.resource_id = $3)) ${order}`,
          values: [whose.patientId, whose.entry?.type ?? null, whose.entry?.id ?? null],
        }
      : {
          name: 'list-corrections-at',
          text: `select ${columns} from ${joined}
                  where d.organization_id = any($1::text[]) or ($2 and (d.organization_id is null or d.escalated_at is not null)) ${order}`,
          values: [whose.organizationIds, whose.nobodys],
        },
  );
  return rows as Correction[];
}

/** Whether the person asked, and nobody has put it right: by this an officer sees an entry that is sealed. */
export async function isAskedFor(
  db: Queryable,
  patientId: string,
  entry: { type: string; id: string },
  organizationIds: readonly string[],
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'is-correction-asked',
    text: `select from correction c join dispute d on d.patient_id = c.patient_id and d.dispute_id = c.dispute_id
            where c.patient_id = $1 and c.resource_type = $2 and c.resource_id = $3 and c.corrected_version is null
              and d.organization_id = any($4::text[]) and (d.finding is null or d.final_finding = 'wrong') limit 1`,
    values: [patientId, entry.type, entry.id, organizationIds],
  });
  return (rowCount ?? 0) > 0;
}

export async function setCorrectedVersion(
  client: Queryable,
  { patientId, disputeId }: Pick<Correction, 'patientId' | 'disputeId'>,
  version: number,
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'set-corrected-version',
    text: `update correction set corrected_version = $3 where patient_id = $1 and dispute_id = $2 and corrected_version is null`,
    values: [patientId, disputeId, version],
  });
  return rowCount === 1;
}

/** Once, beside an entry that was left as it is. */
export async function setDisagreement(
  client: Queryable,
  { patientId, disputeId }: Pick<Correction, 'patientId' | 'disputeId'>,
  words: string,
  atMs: number,
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'set-disagreement',
    text: `update correction c set disagreement = $3, disagreed_at = to_timestamp($4::float8 / 1000)
             from dispute d
            where c.patient_id = $1 and c.dispute_id = $2 and d.patient_id = $1 and d.dispute_id = $2
              and c.disagreement is null and c.corrected_version is null and coalesce(d.final_finding, d.finding) = 'right'`,
    values: [patientId, disputeId, words, atMs],
  });
  return rowCount === 1;
}

/** People who keep the records of these organisations: they are told that something waits. At most 50. */
export async function listOfficers(db: Queryable, organizationId: string): Promise<string[]> {
  const { rows } = await db.query({
    name: 'list-officers',
    text: `select distinct a.patient_id as id from organization_member m join account a on a.account_id = m.account_id
            where m.organization_id = $1 and m.role = 'records' and m.ended_at is null and m.suspended_at is null order by 1 limit 50`,
    values: [organizationId],
  });
  return (rows as { id: string }[]).map(({ id }) => id);
}
