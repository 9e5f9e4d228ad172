// Records that belong to one person: proposals, merges that stand, and merges that were undone.
import type { Queryable } from './queryable.ts';

export interface Merge {
  mergeId: string;
  survivorId: string;
  mergedId: string;
  survivorUhid: string;
  mergedUhid: string;
  organizationId: string;
  organization: string | null;
  state: 'proposed' | 'merged' | 'undone' | 'refused';
  reason: string;
  proposedBy: string;
  proposedAt: Date;
  expiresAt: Date;
  secondedBy: string | null;
  survivorAgreedBy: string | null;
  mergedAgreedBy: string | null;
  mergedHasOwner: boolean;
  activeBefore: string | null;
  authorityId: string | null;
  mergedAt: Date | null;
  endedAt: Date | null;
  endedWhy: string | null;
}

/** Of a row `g` of record_merge: what nobody agreed for ends on the day on which somebody has taken that record over. */
export const stands = (g: string): string =>
  `${g}.state = 'merged' and (${g}.merged_agreed_by is not null or not exists (select from account c where c.patient_id = ${g}.merged_id))`;

/** A record that was joined to another, and when. */
export interface JoinedRecordRow {
  survivorId: string;
  mergedId: string;
  joinedAt: Date;
}

/** What is joined to each of these records now. */
export async function listJoined(db: Queryable, survivorIds: readonly string[]): Promise<JoinedRecordRow[]> {
  const { rows } = await db.query({
    name: 'list-joined',
    text: `select g.survivor_id as "survivorId", g.merged_id as "mergedId", g.merged_at as "joinedAt" from record_merge g
            where g.survivor_id = any($1::text[]) and ${stands('g')} order by g.merged_at, g.merged_id limit 100`,
    values: [survivorIds],
  });
  return rows as JoinedRecordRow[];
}

const columns = `g.merge_id as "mergeId", g.survivor_id as "survivorId", g.merged_id as "mergedId", s.uhid as "survivorUhid", m.uhid as "mergedUhid",
  g.organization_id as "organizationId", o.content::json ->> 'name' as organization, g.state, g.reason, g.proposed_by as "proposedBy",
  g.proposed_at as "proposedAt", g.expires_at as "expiresAt", g.seconded_by as "secondedBy", g.survivor_agreed_by as "survivorAgreedBy",
  g.merged_agreed_by as "mergedAgreedBy", g.merged_has_owner as "mergedHasOwner", g.active_before as "activeBefore", g.authority_id as "authorityId",
  g.merged_at as "mergedAt", g.ended_at as "endedAt", g.ended_why as "endedWhy"`;
const joined = `record_merge g join person s on s.patient_id = g.survivor_id join person m on m.patient_id = g.merged_id
  left join resource o on o.patient_id = '' and o.resource_type = 'Organization' and o.resource_id = g.organization_id and not o.deleted`;

export async function findMerge(db: Queryable, mergeId: string): Promise<Merge | undefined> {
  const { rows } = await db.query({
    name: 'find-merge',
    text: `select ${columns} from ${joined} where g.merge_id = $1`,
    values: [mergeId],
  });
  return rows[0] as Merge | undefined;
}

/** Of one person (either side), or of organisations; the newest first, at most 100. */
export async function listMerges(
  db: Queryable,
  whose: { patientId: string } | { organizationIds: readonly string[] },
): Promise<Merge[]> {
  const { rows } = await db.query(
    'patientId' in whose
      ? {
          name: 'list-merges-of',
          text: `select ${columns} from ${joined} where g.survivor_id = $1 or g.merged_id = $1 order by g.proposed_at desc, g.merge_id limit 100`,
          values: [whose.patientId],
        }
      : {
          name: 'list-merges-at',
          text: `select ${columns} from ${joined} where g.organization_id = any($1::text[]) order by g.proposed_at desc, g.merge_id limit 100`,
          values: [whose.organizationIds],
        },
  );
  return rows as Merge[];
}

/** Both people, until the transaction ends, in one order for everybody. */
export async function lockPeople(client: Queryable, patientIds: readonly string[]): Promise<void> {
  await client.query({
    name: 'lock-people',
    text: 'select from person where patient_id = any($1::text[]) order by patient_id for update',
    values: [patientIds],
  });
}

/** Whether one of them is part of a merge already, proposed or standing, in a place that would make a chain. */
export async function isInMerge(db: Queryable, survivorId: string, mergedId: string): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'is-in-merge',
    text: `select from record_merge where state in ('proposed', 'merged')
              and (merged_id in ($1, $2) or survivor_id = $2) limit 1`,
    values: [survivorId, mergedId],
  });
  return (rowCount ?? 0) > 0;
}

/** Proposals that nobody answered in time make room. */
export async function dropStaleMerges(
  client: Queryable,
  patientIds: readonly string[],
  nowMs: number,
): Promise<void> {
  await client.query({
    name: 'drop-stale-merges',
    text: `update record_merge set state = 'refused', ended_why = 'expired', ended_by = proposed_by, ended_at = expires_at
            where state = 'proposed' and expires_at <= to_timestamp($2::float8 / 1000) and (merged_id = any($1::text[]) or survivor_id = any($1::text[]))`,
    values: [patientIds, nowMs],
  });
}

export async function insertMerge(
  client: Queryable,
  one: Pick<
    Merge,
    'mergeId' | 'survivorId' | 'mergedId' | 'organizationId' | 'reason' | 'proposedBy' | 'mergedHasOwner'
  > & { proposedAtMs: number; expiresAtMs: number },
): Promise<void> {
  await client.query({
    name: 'insert-merge',
    text: `insert into record_merge (merge_id, survivor_id, merged_id, organization_id, state, reason, proposed_by, merged_has_owner, proposed_at, expires_at)
           values ($1, $2, $3, $4, 'proposed', $5, $6, $7, to_timestamp($8::float8 / 1000), to_timestamp($9::float8 / 1000))`,
    values: [
      one.mergeId,
      one.survivorId,
      one.mergedId,
      one.organizationId,
      one.reason,
      one.proposedBy,
      one.mergedHasOwner,
      one.proposedAtMs,
      one.expiresAtMs,
    ],
  });
}

const agreed = { second: 'seconded_by', survivor: 'survivor_agreed_by', merged: 'merged_agreed_by' } as const;
export type MergeVoice = keyof typeof agreed;

/** A yes, while the proposal is open. False when it is not, or this side has said yes already. */
export async function agreeToMerge(
  client: Queryable,
  mergeId: string,
  voice: MergeVoice,
  by: string,
  nowMs: number,
): Promise<boolean> {
  const column = agreed[voice];
  const { rowCount } = await client.query({
    name: `agree-to-merge-${voice}`,
    text: `update record_merge set ${column} = $2
            where merge_id = $1 and state = 'proposed' and ${column} is null and expires_at > to_timestamp($3::float8 / 1000)`,
    values: [mergeId, by, nowMs],
  });
  return rowCount === 1;
}

export async function completeMerge(
  client: Queryable,
  mergeId: string,
  done: { authorityId: string; activeBefore: string | null; atMs: number },
): Promise<void> {
  await client.query({
    name: 'complete-merge',
    text: `update record_merge set state = 'merged', authority_id = $2, active_before = $3, merged_at = to_timestamp($4::float8 / 1000)
            where merge_id = $1 and state = 'proposed'`,
    values: [mergeId, done.authorityId, done.activeBefore, done.atMs],
  });
}

/** False when it was over already. */
export async function endMerge(
  client: Queryable,
  mergeId: string,
  ended: { from: 'proposed' | 'merged'; by: string; why: string; atMs: number },
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'end-merge',
    text: `update record_merge set state = case when $2 = 'merged' then 'undone' else 'refused' end, ended_by = $3, ended_why = $4,
             ended_at = to_timestamp($5::float8 / 1000) where merge_id = $1 and state = $2`,
    values: [mergeId, ended.from, ended.by, ended.why, ended.atMs],
  });
  return rowCount === 1;
}

/** Whose account a record is, whether guardians stand for it, and where it was begun at a desk. */
export async function findSides(
  db: Queryable,
  uhids: readonly string[],
  nowMs: number,
): Promise<
  { patientId: string; uhid: string; accountId: string | null; guarded: boolean; enrolledAt: string | null }[]
> {
  const { rows } = await db.query({
    name: 'find-merge-sides',
    text: `select p.patient_id as "patientId", p.uhid, a.account_id as "accountId",
                  exists (select from authority h where h.patient_id = p.patient_id and h.basis = 'guardian' and h.ended_at is null
                    and (h.ends_at is null or h.ends_at > to_timestamp($2::float8 / 1000))) as guarded,
                  d.organization_id as "enrolledAt"
             from person p left join account a on a.patient_id = p.patient_id left join desk_enrolment d on d.patient_id = p.patient_id
            where p.uhid = any($1::text[])`,
    values: [uhids, nowMs],
  });
  return rows as Awaited<ReturnType<typeof findSides>>;
}

/** People that these desks enrolled, the newest first, with what tells them apart. */
export async function listEnrolledPatients(
  db: Queryable,
  organizationIds: readonly string[],
  limit: number,
): Promise<{ patientId: string; uhid: string; content: string }[]> {
  const { rows } = await db.query({
    name: 'list-enrolled-patients',
    text: `select d.patient_id as "patientId", p.uhid, r.content from desk_enrolment d join person p using (patient_id)
             join resource r on r.patient_id = d.patient_id and r.resource_type = 'Patient' and r.resource_id = d.patient_id and not r.deleted
            where d.organization_id = any($1::text[]) and not exists (select from record_merge g where g.merged_id = d.patient_id and g.state in ('proposed', 'merged'))
            order by d.enrolled_at desc, d.patient_id limit $2`,
    values: [organizationIds, limit],
  });
  return rows as { patientId: string; uhid: string; content: string }[];
}
