// Guardians of a person: who they are, what it rests on, until when. What one of them may do is decided by their authority row.
import type { GuardianLevel } from '../../core/access/authority.ts';
import type { Queryable } from './queryable.ts';

export const evidenceKinds = ['parent', 'court', 'power-of-attorney', 'wish'] as const;
export type Evidence = (typeof evidenceKinds)[number];

export interface Guardianship {
  authorityId: string;
  patientId: string;
  holderId: string;
  holderPatientId: string;
  holderName: unknown;
  level: GuardianLevel;
  relationship: string;
  evidence: Evidence;
  documentId: string | null;
  relatedPersonId: string;
  startsAt: Date;
  endsAt: Date | null;
  majorityAt: Date | null;
}

/** In force at `$2`, in epoch milliseconds. */
const holds = `a.basis = 'guardian' and a.ended_at is null and a.starts_at <= to_timestamp($2::float8 / 1000)
  and (a.ends_at is null or a.ends_at > to_timestamp($2::float8 / 1000))`;

/** Those who are guardians of this person at `nowMs`, the longest first. At most 50: no more are let in. */
export async function listGuardians(
  db: Queryable,
  patientId: string,
  nowMs: number,
): Promise<Guardianship[]> {
  const { rows } = await db.query({
    name: 'list-guardians',
    text: `select a.authority_id as "authorityId", a.patient_id as "patientId", a.holder_id as "holderId",
                  h.patient_id as "holderPatientId", r.content::json -> 'name' as "holderName", a.level,
                  coalesce(g.relationship, 'GUARD') as relationship, coalesce(g.evidence, 'wish') as evidence,
                  g.document_id as "documentId", coalesce(g.related_person_id, '') as "relatedPersonId",
                  a.starts_at as "startsAt", a.ends_at as "endsAt", g.majority_at as "majorityAt"
             from authority a join account h on h.account_id = a.holder_id
             left join guardianship g on g.patient_id = a.patient_id and g.authority_id = a.authority_id
             left join resource r on r.patient_id = h.patient_id and r.resource_type = 'Patient'
                                 and r.resource_id = h.patient_id and not r.deleted
            where a.patient_id = $1 and ${holds} order by a.starts_at, a.authority_id limit 50`,
    values: [patientId, nowMs],
  });
  return rows as Guardianship[];
}

/** One whom somebody may act for now. `name`, `photo` and `birthDate` are what the Patient resource says. */
export interface ActedFor {
  patientId: string;
  uhid: string;
  name: unknown;
  birthDate: string | null;
  level: GuardianLevel;
  relationship: string;
  endsAt: Date | null;
  majorityAt: Date | null;
  frozen: boolean;
}

/** At most 100; whoever looks after more is an organisation. */
export async function listActedFor(db: Queryable, accountId: string, nowMs: number): Promise<ActedFor[]> {
  const { rows } = await db.query({
    name: 'list-acted-for',
    text: `select a.patient_id as "patientId", p.uhid, r.content::json -> 'name' as name, r.content::json ->> 'birthDate' as "birthDate",
                  a.level, coalesce(g.relationship, 'GUARD') as relationship, a.ends_at as "endsAt", g.majority_at as "majorityAt",
                  exists (select from custody_dispute d where d.patient_id = a.patient_id and d.lifted_at is null) as frozen
             from authority a join person p on p.patient_id = a.patient_id
             left join guardianship g on g.patient_id = a.patient_id and g.authority_id = a.authority_id
             left join resource r on r.patient_id = a.patient_id and r.resource_type = 'Patient'
                                 and r.resource_id = a.patient_id and not r.deleted
            where a.holder_id = $1 and ${holds} order by a.starts_at, a.authority_id limit 100`,
    values: [accountId, nowMs],
  });
  return rows as ActedFor[];
}

export async function insertGuardianship(
  client: Queryable,
  given: {
    patientId: string;
    authorityId: string;
    relationship: string;
    evidence: Evidence;
    documentId: string | undefined;
    relatedPersonId: string;
    majorityAtMs: number | undefined;
  },
): Promise<void> {
  await client.query({
    name: 'insert-guardianship',
    text: `insert into guardianship (patient_id, authority_id, relationship, evidence, document_id, related_person_id, majority_at)
           values ($1, $2, $3, $4, $5, $6, to_timestamp($7::float8 / 1000))`,
    values: [
      given.patientId,
      given.authorityId,
      given.relationship,
      given.evidence,
      given.documentId ?? null,
      given.relatedPersonId,
      given.majorityAtMs ?? null,
    ],
  });
}

/** A level or an end; the end by age cannot be moved by whoever it binds. */
export async function changeGuardian(
  client: Queryable,
  patientId: string,
  authorityId: string,
  { level, untilMs }: { level: GuardianLevel; untilMs: number | undefined },
): Promise<void> {
  await client.query({
    name: 'change-guardian',
    text: `update authority a set level = $3,
              ends_at = least(to_timestamp($4::float8 / 1000),
                              (select g.majority_at from guardianship g where g.patient_id = $1 and g.authority_id = $2))
            where a.patient_id = $1 and a.authority_id = $2 and a.basis = 'guardian' and a.ended_at is null`,
    values: [patientId, authorityId, level, untilMs ?? null],
  });
}

/** The account by which a person signs in themself; undefined for a dependant. */
export async function findAccountOfPatient(
  db: Queryable,
  patientId: string,
): Promise<{ accountId: string } | undefined> {
  const { rows } = await db.query({
    name: 'find-account-of-patient',
    text: `select account_id as "accountId" from account where patient_id = $1 and disabled_at is null`,
    values: [patientId],
  });
  return rows[0] as { accountId: string } | undefined;
}

/** Until when the law of their guardians' time makes this person a minor; undefined when nobody is a guardian by age. */
export async function findMajority(db: Queryable, patientId: string): Promise<Date | undefined> {
  const { rows } = await db.query({
    name: 'find-majority',
    text: `select max(majority_at) as at from guardianship where patient_id = $1`,
    values: [patientId],
  });
  return (rows[0] as { at: Date | null }).at ?? undefined;
}

/** Whether anything in this record is, or ever was, sealed. */
export async function holdsSealedEntries(
  db: Queryable,
  patientId: string,
  firstSealedPart: number,
): Promise<boolean> {
  const { rows } = await db.query({
    name: 'holds-sealed-entries',
    text: `select exists (select from resource where patient_id = $1 and part >= $2)
               or exists (select from resource_history where patient_id = $1 and content like '%"security":%') as sealed`,
    values: [patientId, firstSealedPart],
  });
  return (rows[0] as { sealed: boolean }).sealed;
}

/** Those of the named resources, as `Type/id`, that are sealed as they stand. */
export async function findSealedAmong(
  db: Queryable,
  patientId: string,
  named: readonly { type: string; id: string }[],
  firstSealedPart: number,
): Promise<ReadonlySet<string>> {
  if (named.length === 0) return new Set();
  const { rows } = await db.query({
    name: 'find-sealed-among',
    text: `select resource_type || '/' || resource_id as place from resource
            where patient_id = $1 and part >= $4 and (resource_type, resource_id) in (select * from unnest($2::text[], $3::text[]))`,
    values: [patientId, named.map(({ type }) => type), named.map(({ id }) => id), firstSealedPart],
  });
  return new Set((rows as { place: string }[]).map(({ place }) => place));
}

/** Notices of a day to come, of a guardianship that ended before it. */
export async function dropComingNotices(
  client: Queryable,
  guardianPatientId: string,
  patientId: string,
  nowMs: number,
): Promise<void> {
  await client.query({
    name: 'drop-coming-notices',
    text: `delete from notice where patient_id = $1 and kind = 'majority-near' and detail ->> 'patient' = $2
              and created_at > to_timestamp($3::float8 / 1000)`,
    values: [guardianPatientId, patientId, nowMs],
  });
}
