// What several guardians must want together: each asks for the same, and at the request of the last who is needed it happens, once.
// Whoever calls holds the person's row, so that two last ones cannot both be the last.
import type { JsonObject } from '../../core/fhir/types.ts';
import { canonicalJson } from '../../core/fhir/json.ts';
import type { Deciders } from '../../core/access/quorum.ts';
import { isAgreed, stillNeeded } from '../../core/access/quorum.ts';
import { noticeBeforeMs } from '../../core/access/majority.ts';
import type { Decision } from '../../core/access/decide.ts';
import type { StatementWho } from '../../core/ledger/statement.ts';
import { hash } from 'node:crypto';
import { lockPerson } from './cards.ts';
import { findAccountOfPatient, findMajority, listGuardians } from './guardians.ts';
import { insertNotices } from './notices.ts';
import type { Queryable } from './queryable.ts';
import type { SealingSources } from './sealed-entry.ts';
import { sealEntry } from './sealed-entry.ts';
import { uuidV7 } from './uuid.ts';
import { writeBatch } from './write-batch.ts';

export type TogetherAct = 'invite' | 'change' | 'end' | 'share' | 'export';
/** How long a wish waits for the others. */
export const agreementLifetimeMs = 14 * 86_400_000;

export interface Waiting {
  agreed: false;
  agreementId: string;
  stillNeeded: number;
  entryId: string;
}

/** As it is answered with 202. */
export const waiting = ({ agreementId, stillNeeded: needed }: Waiting) => ({
  agreement: agreementId,
  stillNeeded: needed,
});

/** Who decides over this record now. */
export async function findDeciders(db: Queryable, patientId: string, nowMs: number): Promise<Deciders> {
  const guardians = await listGuardians(db, patientId, nowMs);
  const managers = guardians.filter(({ level }) => level === 'manage').map(({ holderId }) => holderId);
  const majority = await findMajority(db, patientId);
  const together =
    majority !== undefined && nowMs < majority.getTime() && nowMs >= majority.getTime() - noticeBeforeMs;
  const young = together ? await findAccountOfPatient(db, patientId) : undefined;
  return { managers, ...(young ? { youngPerson: young.accountId } : {}) };
}

/** Notes the wish of one of them; `agreed` when they are enough. Somebody of age who decides for themself needs nobody. */
export async function wantTogether(
  client: Queryable,
  sources: SealingSources,
  standing: {
    patientId: string;
    actor: { accountId: string; patientId: string; name: string };
    who: StatementWho;
    decision: Decision;
  },
  wish: JsonObject & { act: TogetherAct },
): Promise<{ agreed: true } | Waiting> {
  const { patientId, actor, who, decision } = standing;
  const nowMs = sources.now();
  await lockPerson(client, patientId);
  const deciders = await findDeciders(client, patientId, nowMs);
  const own = actor.patientId === patientId;
  const alone = own ? deciders.youngPerson === undefined : deciders.managers.length <= 1;
  if (alone && deciders.youngPerson === undefined) return { agreed: true };
  const text = canonicalJson(wish);
  const wishHash = hash('sha256', text, 'buffer');
  await client.query({
    name: 'end-old-wish',
    text: `update guardian_agreement set state = 'refused', done_at = expires_at
            where patient_id = $1 and wish_hash = $2 and state = 'open' and expires_at <= to_timestamp($3::float8 / 1000)`,
    values: [patientId, wishHash, nowMs],
  });
  const { rows } = await client.query({
    name: 'want-together',
    text: `insert into guardian_agreement as g (patient_id, agreement_id, act, wish, wish_hash, wanted_by, state, created_at, expires_at)
           values ($1, $2, $3, $4, $5, array[$6::uuid], 'open', to_timestamp($7::float8 / 1000), to_timestamp($8::float8 / 1000))
           on conflict (patient_id, wish_hash) where state = 'open'
           do update set wanted_by = array(select distinct unnest(g.wanted_by || excluded.wanted_by))
           returning agreement_id as id, wanted_by as "wantedBy"`,
    values: [
      patientId,
      uuidV7(nowMs, sources.randomBytes),
      wish.act,
      text,
      wishHash,
      actor.accountId,
      nowMs,
      nowMs + agreementLifetimeMs,
    ],
  });
  const { id, wantedBy } = rows[0] as { id: string; wantedBy: string[] };
  const wanting = new Set(wantedBy);
  if (isAgreed(deciders, wanting)) {
    await endAgreement(client, patientId, id, 'done', nowMs);
    return { agreed: true };
  }
  const entry = sealEntry(
    patientId,
    {
      event: 'guardian-agree',
      outcome: 'done',
      who,
      basis: decision.rule,
      detail: { agreement: id, act: wish.act, stillNeeded: stillNeeded(deciders, wanting) },
    },
    sources,
    nowMs,
  );
  await writeBatch(client, { versions: [], entries: [entry] });
  const guardians = await listGuardians(client, patientId, nowMs);
  const told = guardians.filter(({ level, holderId }) => level === 'manage' && !wanting.has(holderId));
  await insertNotices(
    client,
    [...told.map(({ holderPatientId }) => holderPatientId), ...(own ? [] : [patientId])].map((to) => ({
      patientId: to,
      noticeId: uuidV7(nowMs, sources.randomBytes),
      kind: 'guardians-agree',
      entryId: entry.entryId,
      detail: { name: actor.name },
      createdAtMs: nowMs,
    })),
  );
  return {
    agreed: false,
    agreementId: id,
    stillNeeded: stillNeeded(deciders, wanting),
    entryId: entry.entryId,
  };
}

/** Whether whoever decides alone, or enough of several, wanted this within the time given. */
export async function findCarriedWish(
  db: Queryable,
  patientId: string,
  act: TogetherAct,
  nowMs: number,
  withinMs: number,
): Promise<boolean> {
  const { managers, youngPerson } = await findDeciders(db, patientId, nowMs);
  if (managers.length <= 1 && youngPerson === undefined) return true;
  const { rowCount } = await db.query({
    name: 'find-carried-wish',
    text: `select 1 from guardian_agreement where patient_id = $1 and act = $2 and state = 'done'
              and done_at > to_timestamp(($3::float8 - $4::float8) / 1000) limit 1`,
    values: [patientId, act, nowMs, withinMs],
  });
  return rowCount === 1;
}

export interface OpenAgreement {
  agreementId: string;
  act: TogetherAct;
  wish: string;
  wantedBy: string[];
  createdAt: Date;
  expiresAt: Date;
}

export async function listAgreements(
  db: Queryable,
  patientId: string,
  nowMs: number,
): Promise<OpenAgreement[]> {
  const { rows } = await db.query({
    name: 'list-agreements',
    text: `select agreement_id as "agreementId", act, wish, wanted_by as "wantedBy", created_at as "createdAt", expires_at as "expiresAt"
             from guardian_agreement where patient_id = $1 and state = 'open' and expires_at > to_timestamp($2::float8 / 1000)
            order by created_at, agreement_id limit 50`,
    values: [patientId, nowMs],
  });
  return rows as OpenAgreement[];
}

/** False when it was over already. */
export async function endAgreement(
  client: Queryable,
  patientId: string,
  agreementId: string,
  state: 'done' | 'refused',
  nowMs: number,
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'end-agreement',
    text: `update guardian_agreement set state = $3, done_at = to_timestamp($4::float8 / 1000) where patient_id = $1 and agreement_id = $2 and state = 'open'`,
    values: [patientId, agreementId, state, nowMs],
  });
  return rowCount === 1;
}

/** One at a time over a record: false when there is a dispute already. */
export async function raiseDispute(
  client: Queryable,
  dispute: { patientId: string; disputeId: string; raisedBy: string; reason: string; atMs: number },
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'raise-dispute',
    text: `insert into custody_dispute (patient_id, dispute_id, raised_by, reason, raised_at)
           values ($1, $2, $3, $4, to_timestamp($5::float8 / 1000))
           on conflict (patient_id) where lifted_at is null do nothing`,
    values: [dispute.patientId, dispute.disputeId, dispute.raisedBy, dispute.reason, dispute.atMs],
  });
  return rowCount === 1;
}

export interface Dispute {
  disputeId: string;
  raisedBy: string;
  reason: string;
  raisedAt: Date;
}

export async function findDispute(db: Queryable, patientId: string): Promise<Dispute | undefined> {
  const { rows } = await db.query({
    name: 'find-custody-dispute',
    text: `select dispute_id as "disputeId", raised_by as "raisedBy", reason, raised_at as "raisedAt"
             from custody_dispute where patient_id = $1 and lifted_at is null`,
    values: [patientId],
  });
  return rows[0] as Dispute | undefined;
}

export async function liftDispute(
  client: Queryable,
  patientId: string,
  why: 'withdrawn' | 'settled',
  nowMs: number,
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'lift-dispute',
    text: `update custody_dispute set lifted_at = to_timestamp($3::float8 / 1000), lifted_why = $2
            where patient_id = $1 and lifted_at is null`,
    values: [patientId, why, nowMs],
  });
  return rowCount === 1;
}
