// What people ask of doctors, and whose questions a doctor does not want to hear. Knows rows, decides nothing.
import type { Queryable } from './queryable.ts';

export interface DoctorRequest {
  patientId: string;
  requestId: string;
  uhid: string;
  /** `name` of the Patient resource of who asks, and of the doctor. */
  personName: unknown;
  doctorId: string;
  doctorPatientId: string;
  doctorName: unknown;
  organizationId: string;
  organization: string | null;
  askedBy: string;
  state: 'asked' | 'accepted' | 'rejected' | 'withdrawn' | 'expired';
  words: string;
  offer: string | null;
  reason: string | null;
  unseen: boolean;
  createdAt: Date;
  expiresAt: Date;
  answeredAt: Date | null;
}

const columns = `q.patient_id as "patientId", q.request_id as "requestId", p.uhid, n.content::json -> 'name' as "personName",
  q.doctor_id as "doctorId", a.patient_id as "doctorPatientId", r.content::json -> 'name' as "doctorName", q.organization_id as "organizationId",
  o.content::json ->> 'name' as organization, q.asked_by as "askedBy", q.state, q.words, q.offer, q.reason, q.unseen, q.created_at as "createdAt",
  q.expires_at as "expiresAt", q.answered_at as "answeredAt"`;
const joined = `doctor_request q join account a on a.account_id = q.doctor_id join person p on p.patient_id = q.patient_id
  left join resource n on n.patient_id = q.patient_id and n.resource_type = 'Patient' and n.resource_id = q.patient_id and not n.deleted
  left join resource r on r.patient_id = a.patient_id and r.resource_type = 'Patient' and r.resource_id = a.patient_id and not r.deleted
  left join resource o on o.patient_id = '' and o.resource_type = 'Organization' and o.resource_id = q.organization_id and not o.deleted`;

export type NewDoctorRequest = Pick<
  DoctorRequest,
  'patientId' | 'requestId' | 'doctorId' | 'organizationId' | 'askedBy' | 'words' | 'offer'
> & { createdAtMs: number; expiresAtMs: number };

/**
 * Inside a transaction that holds the person's row, so that two at once are counted. Undefined: asked already, or too many are open.
 * Whether the doctor will ever see it is for their side alone.
 */
export async function insertDoctorRequest(
  client: Queryable,
  asked: NewDoctorRequest,
  mostOpen: number,
): Promise<{ unseen: boolean } | undefined> {
  const { patientId, doctorId, createdAtMs } = asked;
  await client.query({
    name: 'expire-doctor-requests',
    text: `update doctor_request set state = 'expired', answered_at = expires_at
            where patient_id = $1 and state = 'asked' and expires_at <= to_timestamp($2::float8 / 1000)`,
    values: [patientId, createdAtMs],
  });
  const { rows } = await client.query({
    name: 'insert-doctor-request',
    text: `insert into doctor_request (patient_id, request_id, doctor_id, organization_id, asked_by, state, words, offer, unseen, created_at, expires_at)
           select $1, $2, $3, $4, $5, 'asked', $6, $7, exists (select from doctor_block where patient_id = $1 and doctor_id = $3),
                  to_timestamp($8::float8 / 1000), to_timestamp($9::float8 / 1000)
            where (select count(*) from doctor_request where patient_id = $1 and state = 'asked') < $10
           on conflict (patient_id, doctor_id) where state = 'asked' do nothing returning unseen`,
    values: [
      patientId,
      asked.requestId,
      doctorId,
      asked.organizationId,
      asked.askedBy,
      asked.words,
      asked.offer,
      createdAtMs,
      asked.expiresAtMs,
      mostOpen,
    ],
  });
  return rows[0] as { unseen: boolean } | undefined;
}

export async function findDoctorRequest(
  db: Queryable,
  requestId: string,
): Promise<DoctorRequest | undefined> {
  const { rows } = await db.query({
    name: 'find-doctor-request',
    text: `select ${columns} from ${joined} where q.request_id = $1`,
    values: [requestId],
  });
  return rows[0] as DoctorRequest | undefined;
}

/** Of one person, or those that one doctor sees; the newest first, at most 200. */
export async function listDoctorRequests(
  db: Queryable,
  whose: { patientId: string } | { doctorId: string },
): Promise<DoctorRequest[]> {
  const { rows } = await db.query(
    'patientId' in whose
      ? {
          name: 'list-doctor-requests-of',
          text: `select ${columns} from ${joined} where q.patient_id = $1 order by q.created_at desc, q.request_id limit 200`,
          values: [whose.patientId],
        }
      : {
          name: 'list-doctor-requests-to',
          text: `select ${columns} from ${joined} where q.doctor_id = $1 and not q.unseen
                  order by (q.state = 'asked') desc, q.created_at desc, q.request_id limit 200`,
          values: [whose.doctorId],
        },
  );
  return rows as DoctorRequest[];
}

/** Of several answers at once the first counts. False when it was answered or is over. */
export async function answerDoctorRequest(
  client: Queryable,
  { patientId, requestId }: Pick<DoctorRequest, 'patientId' | 'requestId'>,
  answer: { state: 'accepted' | 'withdrawn' } | { state: 'rejected'; reason: string },
  nowMs: number,
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'answer-doctor-request',
    text: `update doctor_request set state = $3, reason = $4, answered_at = to_timestamp($5::float8 / 1000)
            where patient_id = $1 and request_id = $2 and state = 'asked' and expires_at > to_timestamp($5::float8 / 1000)`,
    values: [patientId, requestId, answer.state, 'reason' in answer ? answer.reason : null, nowMs],
  });
  return rowCount === 1;
}

/** What is still open is seen no more, and stays open for the person until it is over by itself. */
export async function insertDoctorBlock(
  client: Queryable,
  block: { patientId: string; blockId: string; doctorId: string },
  nowMs: number,
): Promise<void> {
  const { patientId, blockId, doctorId } = block;
  await client.query({
    name: 'insert-doctor-block',
    text: `insert into doctor_block (patient_id, block_id, doctor_id, blocked_at) values ($1, $2, $3, to_timestamp($4::float8 / 1000))
           on conflict on constraint doctor_block_once do nothing`,
    values: [patientId, blockId, doctorId, nowMs],
  });
  await client.query({
    name: 'hide-doctor-requests',
    text: `update doctor_request set unseen = true where patient_id = $1 and doctor_id = $2 and state = 'asked'`,
    values: [patientId, doctorId],
  });
}

export interface DoctorBlock {
  blockId: string;
  personName: unknown;
  blockedAt: Date;
}

export async function listDoctorBlocks(db: Queryable, doctorId: string): Promise<DoctorBlock[]> {
  const { rows } = await db.query({
    name: 'list-doctor-blocks',
    text: `select b.block_id as "blockId", n.content::json -> 'name' as "personName", b.blocked_at as "blockedAt" from doctor_block b
             left join resource n on n.patient_id = b.patient_id and n.resource_type = 'Patient' and n.resource_id = b.patient_id and not n.deleted
            where b.doctor_id = $1 order by b.blocked_at desc, b.block_id limit 200`,
    values: [doctorId],
  });
  return rows as DoctorBlock[];
}

/** False when there is none of theirs. */
export async function deleteDoctorBlock(
  client: Queryable,
  doctorId: string,
  blockId: string,
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'delete-doctor-block',
    text: `delete from doctor_block where doctor_id = $1 and block_id = $2`,
    values: [doctorId, blockId],
  });
  return rowCount === 1;
}
