// Signed results as tasks: who has to look, by when, who did; and what is kept back until its person sees it.
import type { EscalationStep, ReleaseChoice, ReleaseRule } from '../../core/clinical/result-clock.ts';
import type { StatementWho } from '../../core/ledger/statement.ts';
import { atWork } from './members.ts';
import type { Queryable } from './queryable.ts';

export interface LabResult {
  patientId: string;
  reportId: string;
  edition: number;
  resultId: string;
  orderId: string;
  organizationId: string;
  ordererId: string | null;
  ownerId: string | null;
  clinicId: string | null;
  critical: boolean;
  signedAt: Date;
  signedWho: StatementWho;
  releaseRule: ReleaseRule;
  releaseDays: number | null;
  releaseAt: Date;
  releasedAt: Date | null;
  held: string | null;
  told: EscalationStep;
  acknowledgedAt: Date | null;
  acknowledgedBy: string | null;
  acknowledgement: string | null;
  superseded: boolean;
}

const columns = `t.patient_id as "patientId", t.report_id as "reportId", t.edition, t.result_id as "resultId", t.order_id as "orderId",
  t.organization_id as "organizationId", t.orderer_id as "ordererId", t.owner_id as "ownerId", t.clinic_id as "clinicId", t.critical,
  t.signed_at as "signedAt", t.signed_who as "signedWho", t.release_rule as "releaseRule", t.release_days as "releaseDays",
  t.release_at as "releaseAt", t.released_at as "releasedAt", t.held, t.told, t.acknowledged_at as "acknowledgedAt",
  t.acknowledged_by as "acknowledgedBy", t.acknowledgement, t.superseded`;
const open = 't.acknowledged_at is null and not t.superseded and t.orderer_id is not null';

/** Those before it are no longer the ones to look at. */
export async function insertLabResult(
  client: Queryable,
  result: Omit<
    LabResult,
    | 'signedAt'
    | 'releaseAt'
    | 'releasedAt'
    | 'told'
    | 'acknowledgedAt'
    | 'acknowledgedBy'
    | 'acknowledgement'
    | 'superseded'
  > & { signedAtMs: number; releaseAtMs: number },
): Promise<void> {
  await client.query({
    name: 'supersede-lab-results',
    text: `update lab_result set superseded = true where patient_id = $1 and report_id = $2 and edition < $3`,
    values: [result.patientId, result.reportId, result.edition],
  });
  await client.query({
    name: 'insert-lab-result',
    text: `insert into lab_result (patient_id, report_id, edition, result_id, order_id, organization_id, orderer_id, owner_id, clinic_id, critical,
                                   signed_at, signed_who, release_rule, release_days, release_at, held, released_at, told)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, to_timestamp($11::float8 / 1000), $12, $13, $14, to_timestamp($15::float8 / 1000), $16,
                   case when $16::text is null then to_timestamp($11::float8 / 1000) end, 'owner')`,
    values: [
      result.patientId,
      result.reportId,
      result.edition,
      result.resultId,
      result.orderId,
      result.organizationId,
      result.ordererId,
      result.ownerId,
      result.clinicId,
      result.critical,
      result.signedAtMs,
      JSON.stringify(result.signedWho),
      result.releaseRule,
      result.releaseDays,
      result.releaseAtMs,
      result.held,
    ],
  });
}

export async function findLabResult(
  db: Queryable,
  resultId: string,
  lock = false,
): Promise<LabResult | undefined> {
  const { rows } = await db.query({
    name: lock ? 'lock-lab-result' : 'find-lab-result',
    text: `select ${columns} from lab_result t where t.result_id = $1${lock ? ' for update' : ''}`,
    values: [resultId],
  });
  return rows[0] as LabResult | undefined;
}

export interface OpenResult extends LabResult {
  /** Canonical text of the order. */
  order: string | null;
  patientName: unknown;
  laboratory: string | null;
}

/** Open ones of which this account is owner or orderer, or whose orderers work where it works; whose turn it is, the caller says. */
export async function listOpenResults(
  db: Queryable,
  accountId: string,
  clinicIds: readonly string[],
  limit: number,
): Promise<OpenResult[]> {
  const { rows } = await db.query({
    name: 'list-open-results',
    text: `select ${columns}, o.content as "order", w.content::json -> 'name' as "patientName", l.content::json ->> 'name' as laboratory
             from lab_result t
             left join resource o on o.patient_id = t.patient_id and o.resource_type = 'ServiceRequest' and o.resource_id = t.order_id and not o.deleted
             left join resource w on w.patient_id = t.patient_id and w.resource_type = 'Patient' and w.resource_id = t.patient_id and not w.deleted
             left join resource l on l.patient_id = '' and l.resource_type = 'Organization' and l.resource_id = t.organization_id and not l.deleted
            where ${open} and (t.owner_id = $1 or t.orderer_id = $1 or t.clinic_id = any($2::text[]))
            order by t.critical desc, t.signed_at, t.result_id limit $3`,
    values: [accountId, clinicIds, limit],
  });
  return rows as OpenResult[];
}

/** False when somebody acknowledged it before, or a correction came. */
export async function saveAcknowledgement(
  client: Queryable,
  resultId: string,
  by: { accountId: string; words: string | null; nowMs: number },
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'acknowledge-lab-result',
    text: `update lab_result t set acknowledged_at = to_timestamp($4::float8 / 1000), acknowledged_by = $2, acknowledgement = $3
            where t.result_id = $1 and ${open}`,
    values: [resultId, by.accountId, by.words, by.nowMs],
  });
  return rowCount === 1;
}

export async function saveOwner(client: Queryable, resultId: string, accountId: string): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'hand-over-lab-result',
    text: `update lab_result t set owner_id = $2 where t.result_id = $1 and ${open}`,
    values: [resultId, accountId],
  });
  return rowCount === 1;
}

/** Of one person: kept back, oldest edition first. `latestMs`: only what is due by then. */
export async function listHeld(
  client: Queryable,
  patientId: string,
): Promise<(LabResult & { order: string | null; laboratory: string | null })[]> {
  const { rows } = await client.query({
    name: 'list-held-results',
    text: `select ${columns}, o.content as "order", l.content::json ->> 'name' as laboratory from lab_result t
             left join resource o on o.patient_id = t.patient_id and o.resource_type = 'ServiceRequest' and o.resource_id = t.order_id and not o.deleted
             left join resource l on l.patient_id = '' and l.resource_type = 'Organization' and l.resource_id = t.organization_id and not l.deleted
            where t.patient_id = $1 and t.released_at is null order by t.signed_at, t.edition limit 200`,
    values: [patientId],
  });
  return rows as (LabResult & { order: string | null; laboratory: string | null })[];
}

/** Kept back, of one report, the oldest edition first. */
export async function listHeldEditions(
  client: Queryable,
  patientId: string,
  reportId: string,
): Promise<LabResult[]> {
  const { rows } = await client.query({
    name: 'list-held-editions',
    text: `select ${columns} from lab_result t where t.patient_id = $1 and t.report_id = $2 and t.released_at is null order by t.edition limit 100`,
    values: [patientId, reportId],
  });
  return rows as LabResult[];
}

/** The text is in the record from now on, and nowhere else. False when it was before. */
export async function markReleased(client: Queryable, resultId: string, nowMs: number): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'release-lab-result',
    text: `update lab_result set held = null, released_at = to_timestamp($2::float8 / 1000) where result_id = $1 and released_at is null`,
    values: [resultId, nowMs],
  });
  return rowCount === 1;
}

/** Reports that are due by the clock. */
export async function listDueReports(
  db: Queryable,
  nowMs: number,
  limit: number,
): Promise<{ patientId: string; reportId: string }[]> {
  const { rows } = await db.query({
    name: 'list-due-reports',
    text: `select distinct patient_id as "patientId", report_id as "reportId" from lab_result
            where released_at is null and release_at <= to_timestamp($1::float8 / 1000) limit $2`,
    values: [nowMs, limit],
  });
  return rows as { patientId: string; reportId: string }[];
}

/** Epoch milliseconds: what was signed by then has come to the next step. */
export interface StepBounds {
  readonly orderer: { readonly critical: number; readonly usual: number };
  readonly organization: { readonly critical: number; readonly usual: number };
}

/** Open ones that were told to fewer than their age says. Locks them, and leaves out what another process has. */
export async function lockWaitingResults(
  client: Queryable,
  bounds: StepBounds,
  limit: number,
): Promise<LabResult[]> {
  const by = (critical: string, usual: string) =>
    `t.signed_at <= to_timestamp((case when t.critical then ${critical}::float8 else ${usual}::float8 end) / 1000)`;
  const { rows } = await client.query({
    name: 'lock-waiting-results',
    text: `select ${columns} from lab_result t
            where ${open} and ((t.told = 'owner' and ${by('$1', '$2')}) or (t.told = 'orderer' and ${by('$3', '$4')}))
            order by t.critical desc, t.signed_at limit $5 for update skip locked`,
    values: [
      bounds.orderer.critical,
      bounds.orderer.usual,
      bounds.organization.critical,
      bounds.organization.usual,
      limit,
    ],
  });
  return rows as LabResult[];
}

export async function saveTold(client: Queryable, resultId: string, step: EscalationStep): Promise<void> {
  await client.query({
    name: 'save-result-told',
    text: `update lab_result set told = $2 where result_id = $1`,
    values: [resultId, step],
  });
}

/** Whom an organisation's duty reaches: its clinicians and administrators at work, as the records of their own that notices go to. */
export async function listDuty(
  db: Queryable,
  clinicId: string,
): Promise<{ patientId: string; accountId: string; role: string }[]> {
  const { rows } = await db.query({
    name: 'list-result-duty',
    text: `select distinct a.patient_id as "patientId", a.account_id as "accountId", m.role from organization_member m
             join account a on a.account_id = m.account_id
            where m.organization_id = $1 and m.role in ('doctor', 'administrator') and ${atWork('m')} and a.disabled_at is null
            order by 2 limit 100`,
    values: [clinicId],
  });
  return rows as { patientId: string; accountId: string; role: string }[];
}

/** The record that notices to an account go to. */
export async function findNoticePlace(db: Queryable, accountId: string): Promise<string | undefined> {
  const { rows } = await db.query({
    name: 'find-notice-place',
    text: 'select patient_id as "patientId" from account where account_id = $1',
    values: [accountId],
  });
  return (rows[0] as { patientId: string } | undefined)?.patientId;
}

export async function findReleaseChoice(db: Queryable, patientId: string): Promise<ReleaseChoice> {
  const { rows } = await db.query({
    name: 'find-release-choice',
    text: 'select rule, days from release_choice where patient_id = $1',
    values: [patientId],
  });
  const row = rows[0] as { rule: ReleaseRule; days: number | null } | undefined;
  if (row === undefined) return { rule: 'at-once' };
  return { rule: row.rule, ...(row.days === null ? {} : { days: row.days }) };
}

export async function saveReleaseChoice(
  client: Queryable,
  patientId: string,
  { rule, days }: ReleaseChoice,
  nowMs: number,
): Promise<void> {
  await client.query({
    name: 'save-release-choice',
    text: `insert into release_choice (patient_id, rule, days, chosen_at) values ($1, $2, $3, to_timestamp($4::float8 / 1000))
           on conflict (patient_id) do update set rule = excluded.rule, days = excluded.days, chosen_at = excluded.chosen_at`,
    values: [patientId, rule, days ?? null, nowMs],
  });
}
