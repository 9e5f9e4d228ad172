// Records that were begun at a desk and that nobody has taken over yet: their numbers, and the code that hands each over.
import type { Queryable } from './queryable.ts';

export interface Enrolment {
  patientId: string;
  organizationId: string;
  uhid: string;
  enrolledAt: Date;
  codeUntil: Date | null;
  claimed: boolean;
  /** Nothing but that is in the record. */
  asEntered: boolean;
}

const columns = `d.patient_id as "patientId", d.organization_id as "organizationId", p.uhid, d.enrolled_at as "enrolledAt",
  d.code_until as "codeUntil", d.claimed_at is not null as claimed,
  not exists (select from resource r where r.patient_id = d.patient_id
    and not (r.resource_type = 'Patient' and r.resource_id = d.patient_id and r.version = 1)) as "asEntered"`;
const joined = 'desk_enrolment d join person p using (patient_id)';

export async function insertEnrolment(
  client: Queryable,
  enrolment: {
    patientId: string;
    organizationId: string;
    enrolledBy: string;
    enrolledAtMs: number;
    code: NewCode;
  },
): Promise<void> {
  await client.query({
    name: 'insert-desk-enrolment',
    text: `insert into desk_enrolment (patient_id, organization_id, enrolled_by, enrolled_at, code_hash, code_until, code_tries_left)
           values ($1, $2, $3, to_timestamp($4::float8 / 1000), $5, to_timestamp($6::float8 / 1000), $7)`,
    values: [
      enrolment.patientId,
      enrolment.organizationId,
      enrolment.enrolledBy,
      enrolment.enrolledAtMs,
      enrolment.code.hash,
      enrolment.code.untilMs,
      enrolment.code.tries,
    ],
  });
}

export interface NewCode {
  hash: string;
  untilMs: number;
  tries: number;
}

/** Of one organisation, not taken over, the newest first; at most 200. */
export async function listEnrolments(
  db: Queryable,
  organizationIds: readonly string[],
): Promise<Enrolment[]> {
  const { rows } = await db.query({
    name: 'list-desk-enrolments',
    text: `select ${columns} from ${joined} where d.organization_id = any($1::text[]) and d.claimed_at is null
            order by d.enrolled_at desc, d.patient_id limit 200`,
    values: [organizationIds],
  });
  return rows as Enrolment[];
}

export async function findEnrolment(db: Queryable, patientId: string): Promise<Enrolment | undefined> {
  const { rows } = await db.query({
    name: 'find-desk-enrolment',
    text: `select ${columns} from ${joined} where d.patient_id = $1`,
    values: [patientId],
  });
  return rows[0] as Enrolment | undefined;
}

/** False when it was taken over meanwhile. */
export async function replaceClaimCode(
  client: Queryable,
  patientId: string,
  code: NewCode,
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'replace-claim-code',
    text: `update desk_enrolment set code_hash = $2, code_until = to_timestamp($3::float8 / 1000), code_tries_left = $4
            where patient_id = $1 and claimed_at is null`,
    values: [patientId, code.hash, code.untilMs, code.tries],
  });
  return rowCount === 1;
}

/** Takes a try before the code is compared, in a statement of its own: however many come at once, no more are compared than were left. */
export async function takeClaimTry(
  db: Queryable,
  uhid: string,
  nowMs: number,
): Promise<{ patientId: string; hash: string; triesLeft: number } | undefined> {
  const { rows } = await db.query({
    name: 'take-claim-try',
    text: `update desk_enrolment d set code_tries_left = d.code_tries_left - 1 from person p
            where p.uhid = $1 and d.patient_id = p.patient_id and d.claimed_at is null and d.code_hash is not null
              and d.code_tries_left > 0 and d.code_until > to_timestamp($2::float8 / 1000)
           returning d.patient_id as "patientId", d.code_hash as hash, d.code_tries_left as "triesLeft"`,
    values: [uhid, nowMs],
  });
  return rows[0] as { patientId: string; hash: string; triesLeft: number } | undefined;
}

/** The code was right, but nothing came of it: its try did not count. */
export async function giveBackClaimTry(
  db: Queryable,
  claim: { patientId: string; hash: string },
): Promise<void> {
  await db.query({
    name: 'give-back-claim-try',
    text: `update desk_enrolment set code_tries_left = code_tries_left + 1 where patient_id = $1 and code_hash = $2`,
    values: [claim.patientId, claim.hash],
  });
}

/** By exactly this code, once: of several at the same time one. */
export async function settleClaim(
  client: Queryable,
  claim: { patientId: string; hash: string },
  nowMs: number,
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'settle-claim',
    text: `update desk_enrolment set claimed_at = to_timestamp($3::float8 / 1000), code_hash = null, code_until = null, code_tries_left = 0
            where patient_id = $1 and code_hash = $2 and claimed_at is null and code_until > to_timestamp($3::float8 / 1000)`,
    values: [claim.patientId, claim.hash, nowMs],
  });
  return rowCount === 1;
}
