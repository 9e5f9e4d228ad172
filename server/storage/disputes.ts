// Looks that their person questions: cases with a clock, answered by the organisation that looked.
import type { Queryable } from './queryable.ts';

export interface Dispute {
  patientId: string;
  disputeId: string;
  entryId: string;
  looker: string;
  organizationId: string | null;
  organization: string | null;
  words: string;
  openedAt: Date;
  dueAt: Date;
  finding: 'right' | 'wrong' | null;
  answer: string | null;
  answeredAt: Date | null;
  answeredBy: string | null;
  /** Not content with the answer, or left without one: then the administrator of the installation answers. */
  escalatedAt: Date | null;
  escalation: string | null;
  finalFinding: 'right' | 'wrong' | null;
  finalAnswer: string | null;
  finalAt: Date | null;
  closedAt: Date | null;
}

export const disputeColumns = `d.patient_id as "patientId", d.dispute_id as "disputeId", d.entry_id as "entryId", d.looker, d.organization_id as "organizationId",
  o.content::json ->> 'name' as organization, d.words, d.opened_at as "openedAt", d.due_at as "dueAt", d.finding, d.answer,
  d.answered_at as "answeredAt", d.answered_by as "answeredBy", d.escalated_at as "escalatedAt", d.escalation, d.final_finding as "finalFinding",
  d.final_answer as "finalAnswer", d.final_at as "finalAt", d.closed_at as "closedAt"`;
export const joinedDispute = `dispute d
  left join resource o on o.patient_id = '' and o.resource_type = 'Organization' and o.resource_id = d.organization_id and not o.deleted`;

/** False when this look is questioned already. */
export async function insertDispute(
  client: Queryable,
  dispute: Pick<Dispute, 'patientId' | 'disputeId' | 'entryId' | 'looker' | 'organizationId' | 'words'> & {
    openedAtMs: number;
    dueAtMs: number;
  },
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'insert-dispute',
    text: `insert into dispute (patient_id, dispute_id, entry_id, looker, organization_id, words, opened_at, due_at)
           values ($1, $2, $3, $4, $5, $6, to_timestamp($7::float8 / 1000), to_timestamp($8::float8 / 1000))
           on conflict on constraint dispute_once do nothing`,
    values: [
      dispute.patientId,
      dispute.disputeId,
      dispute.entryId,
      dispute.looker,
      dispute.organizationId,
      dispute.words,
      dispute.openedAtMs,
      dispute.dueAtMs,
    ],
  });
  return rowCount === 1;
}

export async function findDispute(db: Queryable, disputeId: string): Promise<Dispute | undefined> {
  const { rows } = await db.query({
    name: 'find-dispute',
    text: `select ${disputeColumns} from ${joinedDispute} where d.dispute_id = $1`,
    values: [disputeId],
  });
  return rows[0] as Dispute | undefined;
}

const aboutLooks = `not exists (select from correction c where c.patient_id = d.patient_id and c.dispute_id = d.dispute_id)`;

/** Of looks, of one person, or those that these organisations answer (`null` among them: nobody's); open ones first; at most 200. */
export async function listDisputes(
  db: Queryable,
  whose: { patientId: string } | { organizationIds: readonly string[]; nobodys: boolean },
): Promise<Dispute[]> {
  const order = `order by (d.closed_at is null and coalesce(d.final_at, case when d.escalated_at is null then d.answered_at end) is null) desc, d.opened_at desc, d.dispute_id limit 200`;
  const { rows } = await db.query(
    'patientId' in whose
      ? {
          name: 'list-disputes-of',
          text: `select ${disputeColumns} from ${joinedDispute} where d.patient_id = $1 and ${aboutLooks} ${order}`,
          values: [whose.patientId],
        }
      : {
          name: 'list-disputes-at',
          text: `select ${disputeColumns} from ${joinedDispute}
                  where (d.organization_id = any($1::text[]) or ($2 and (d.organization_id is null or d.escalated_at is not null))) and ${aboutLooks} ${order}`,
          values: [whose.organizationIds, whose.nobodys],
        },
  );
  return rows as Dispute[];
}

/** False when it was answered already: the first answer stands. */
export async function answerDispute(
  client: Queryable,
  dispute: Pick<Dispute, 'patientId' | 'disputeId'>,
  answered: { finding: 'right' | 'wrong'; answer: string; by: string },
  nowMs: number,
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'answer-dispute',
    text: `update dispute set finding = $3, answer = $4, answered_by = $5, answered_at = to_timestamp($6::float8 / 1000)
            where patient_id = $1 and dispute_id = $2 and finding is null and escalated_at is null and closed_at is null`,
    values: [dispute.patientId, dispute.disputeId, answered.finding, answered.answer, answered.by, nowMs],
  });
  return rowCount === 1;
}

/** After an answer, or when it is late. False when it is closed, or was handed on before. */
export async function escalateDispute(
  client: Queryable,
  { patientId, disputeId }: Pick<Dispute, 'patientId' | 'disputeId'>,
  words: string,
  dueAtMs: number,
  nowMs: number,
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'escalate-dispute',
    text: `update dispute set escalated_at = to_timestamp($5::float8 / 1000), escalation = $3, due_at = to_timestamp($4::float8 / 1000)
            where patient_id = $1 and dispute_id = $2 and escalated_at is null and closed_at is null
              and (finding is not null or due_at <= to_timestamp($5::float8 / 1000))`,
    values: [patientId, disputeId, words, dueAtMs, nowMs],
  });
  return rowCount === 1;
}

/** The answer after which nobody is asked any more. */
export async function answerFinally(
  client: Queryable,
  { patientId, disputeId }: Pick<Dispute, 'patientId' | 'disputeId'>,
  answered: { finding: 'right' | 'wrong'; answer: string; by: string },
  nowMs: number,
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'answer-dispute-finally',
    text: `update dispute set final_finding = $3, final_answer = $4, final_by = $5, final_at = to_timestamp($6::float8 / 1000)
            where patient_id = $1 and dispute_id = $2 and escalated_at is not null and final_finding is null and closed_at is null`,
    values: [patientId, disputeId, answered.finding, answered.answer, answered.by, nowMs],
  });
  return rowCount === 1;
}

/** By whoever questioned it, once there is an answer. */
export async function closeDispute(
  client: Queryable,
  { patientId, disputeId }: Pick<Dispute, 'patientId' | 'disputeId'>,
  nowMs: number,
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'close-dispute',
    text: `update dispute set closed_at = to_timestamp($3::float8 / 1000)
            where patient_id = $1 and dispute_id = $2 and closed_at is null and (finding is not null or final_finding is not null)`,
    values: [patientId, disputeId, nowMs],
  });
  return rowCount === 1;
}
