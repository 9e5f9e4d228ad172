// Broken glasses that wait for their review, and their counts. Knows organisations and times, never what was seen.
import type { Queryable } from './queryable.ts';

export interface GlassReview {
  patientId: string;
  authorityId: string;
  entryId: string;
  organizationId: string;
  clinicianId: string;
  /** `name` of the clinician's Patient resource. */
  clinicianName: unknown;
  reason: string;
  openedAt: Date;
  dueAt: Date;
  personAnswer: 'right' | 'questioned' | null;
  finding: 'justified' | 'not-justified' | null;
  words: string | null;
  reviewedAt: Date | null;
}

const columns = `g.patient_id as "patientId", g.authority_id as "authorityId", g.entry_id as "entryId", g.organization_id as "organizationId",
  g.clinician_id as "clinicianId", r.content::json -> 'name' as "clinicianName", g.reason, g.opened_at as "openedAt", g.due_at as "dueAt",
  g.person_answer as "personAnswer", g.finding, g.words, g.reviewed_at as "reviewedAt"`;
const joined = `glass_review g join account a on a.account_id = g.clinician_id
  left join resource r on r.patient_id = a.patient_id and r.resource_type = 'Patient' and r.resource_id = a.patient_id and not r.deleted`;

export async function insertGlassReview(
  client: Queryable,
  review: Pick<
    GlassReview,
    'patientId' | 'authorityId' | 'entryId' | 'organizationId' | 'clinicianId' | 'reason'
  > & { openedAtMs: number; dueAtMs: number },
): Promise<void> {
  await client.query({
    name: 'insert-glass-review',
    text: `insert into glass_review (patient_id, authority_id, entry_id, organization_id, clinician_id, reason, opened_at, due_at)
           values ($1, $2, $3, $4, $5, $6, to_timestamp($7::float8 / 1000), to_timestamp($8::float8 / 1000))`,
    values: [
      review.patientId,
      review.authorityId,
      review.entryId,
      review.organizationId,
      review.clinicianId,
      review.reason,
      review.openedAtMs,
      review.dueAtMs,
    ],
  });
}

export async function findGlassReview(db: Queryable, authorityId: string): Promise<GlassReview | undefined> {
  const { rows } = await db.query({
    name: 'find-glass-review',
    text: `select ${columns} from ${joined} where g.authority_id = $1`,
    values: [authorityId],
  });
  return rows[0] as GlassReview | undefined;
}

/** Of one person, or of the organisations named; those that wait first, then the newest; at most 200. */
export async function listGlassReviews(
  db: Queryable,
  whose: { patientId: string } | { organizationIds: readonly string[] },
): Promise<GlassReview[]> {
  const ofPerson = 'patientId' in whose;
  const { rows } = await db.query({
    name: ofPerson ? 'list-glass-reviews-of' : 'list-glass-reviews-at',
    text: `select ${columns} from ${joined} where ${ofPerson ? 'g.patient_id = $1' : 'g.organization_id = any($1::text[])'}
            order by (g.reviewed_at is null) desc, g.opened_at desc, g.authority_id limit 200`,
    values: [ofPerson ? whose.patientId : whose.organizationIds],
  });
  return rows as GlassReview[];
}

/** False when it was reviewed already: the first finding stands. */
export async function saveFinding(
  client: Queryable,
  review: Pick<GlassReview, 'patientId' | 'authorityId'>,
  found: { finding: 'justified' | 'not-justified'; words: string; reviewerId: string },
  nowMs: number,
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'save-glass-finding',
    text: `update glass_review set finding = $3, words = $4, reviewer_id = $5, reviewed_at = to_timestamp($6::float8 / 1000)
            where patient_id = $1 and authority_id = $2 and finding is null`,
    values: [review.patientId, review.authorityId, found.finding, found.words, found.reviewerId, nowMs],
  });
  return rowCount === 1;
}

/** What the person says of it; a later answer stands. */
export async function savePersonAnswer(
  client: Queryable,
  review: Pick<GlassReview, 'patientId' | 'authorityId'>,
  answer: 'right' | 'questioned',
  nowMs: number,
): Promise<void> {
  await client.query({
    name: 'save-glass-answer',
    text: `update glass_review set person_answer = $3, person_answered_at = to_timestamp($4::float8 / 1000)
            where patient_id = $1 and authority_id = $2`,
    values: [review.patientId, review.authorityId, answer, nowMs],
  });
}

export interface GlassCount {
  organizationId: string;
  organization: string | null;
  broken: number;
  reviewed: number;
  notJustified: number;
  questioned: number;
  overdue: number;
}

/** For each organisation since `sinceMs`; at most 500, the most first. */
export async function countGlasses(db: Queryable, sinceMs: number, nowMs: number): Promise<GlassCount[]> {
  const { rows } = await db.query({
    name: 'count-glasses',
    text: `select g.organization_id as "organizationId", min(o.content::json ->> 'name') as organization, count(*)::int as broken,
             count(g.finding)::int as reviewed, count(*) filter (where g.finding = 'not-justified')::int as "notJustified",
             count(*) filter (where g.person_answer = 'questioned')::int as questioned,
             count(*) filter (where g.finding is null and g.due_at <= to_timestamp($2::float8 / 1000))::int as overdue
             from glass_review g
             left join resource o on o.patient_id = '' and o.resource_type = 'Organization' and o.resource_id = g.organization_id and not o.deleted
            where g.opened_at >= to_timestamp($1::float8 / 1000)
            group by g.organization_id order by broken desc, g.organization_id limit 500`,
    values: [sinceMs, nowMs],
  });
  return rows as GlassCount[];
}
