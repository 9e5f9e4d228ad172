// Orders at a laboratory: those addressed to it that nobody took on yet, and its own work on the rest. Knows what was ordered and when,
// and of the person the number on their card; never their record.
import type { SearchCondition } from '../../core/fhir/search-condition.ts';
import { atWork } from './members.ts';
import type { Queryable } from './queryable.ts';
import { SearchSql } from './search-sql.ts';

export type LabState = 'accepted' | 'declined' | 'sampled' | 'entered' | 'signed';
export type LabKind = 'laboratory' | 'radiology';

export interface LabOrder {
  patientId: string;
  orderId: string;
  organizationId: string;
  kind: LabKind;
  state: LabState;
  acceptedAt: Date;
  specimenId: string | null;
  takenAt: Date | null;
  draft: string | null;
  enteredAt: Date | null;
  resourceIds: Record<string, string>;
  edition: number;
}

const columns = `o.patient_id as "patientId", o.order_id as "orderId", o.organization_id as "organizationId", o.kind, o.state,
  o.accepted_at as "acceptedAt", o.specimen_id as "specimenId", o.taken_at as "takenAt", o.draft, o.entered_at as "enteredAt",
  o.resource_ids as "resourceIds", o.edition`;

export interface ListedOrder {
  patientId: string;
  orderId: string;
  /** Canonical text of the ServiceRequest. */
  content: string;
  uhid: string;
  at: Date;
}

/** Addressed to it (the condition says so) and taken on by nobody; the oldest first. @param sinceMs not changed before */
export async function listNewOrders(
  db: Queryable,
  organizationIds: readonly string[],
  condition: SearchCondition,
  limit: number,
  sinceMs = 0,
): Promise<ListedOrder[]> {
  const sql = new SearchSql(() => 'everyone');
  const { where } = sql.rows('r', 'ServiceRequest', condition);
  const { rows } = await db.query({
    text: `select r.patient_id as "patientId", r.resource_id as "orderId", r.content, p.uhid, r.last_updated as at
             from resource r join person p on p.patient_id = r.patient_id
            where ${where} and r.last_updated >= to_timestamp(${sql.values.put(sinceMs)}::float8 / 1000) and not exists (
                    select from lab_order o where o.patient_id = r.patient_id and o.order_id = r.resource_id
                       and (o.state <> 'declined' or o.organization_id = any(${sql.values.put(organizationIds)}::text[])))
            order by r.last_updated, r.resource_id limit ${sql.values.put(limit)}`,
    values: sql.values.list,
  });
  return rows as ListedOrder[];
}

/**
 * Of what is addressed to it (the condition says so), what has this number or is of who has this UHID: nobody's whose order goes
 * elsewhere, or who has none.
 */
export async function findAddressedOrders(
  db: Queryable,
  organizationIds: readonly string[],
  condition: SearchCondition,
  uhid: string | null,
  limit: number,
): Promise<(ListedOrder & { state: LabState | null; edition: number })[]> {
  const sql = new SearchSql(() => 'everyone');
  const { where } = sql.rows('r', 'ServiceRequest', condition);
  const own = sql.values.put(organizationIds);
  const whose = sql.values.put(uhid);
  const { rows } = await db.query({
    text: `select r.patient_id as "patientId", r.resource_id as "orderId", r.content, p.uhid, r.last_updated as at,
                  o.state, coalesce(o.edition, 0) as edition
             from resource r join person p on p.patient_id = r.patient_id
             left join lab_order o on o.patient_id = r.patient_id and o.order_id = r.resource_id
            where ${where} and (${whose}::text is null or p.uhid = ${whose}::text)
              and (o.state is null or o.organization_id = any(${own}::text[]))
            order by r.last_updated desc, r.resource_id limit ${sql.values.put(limit)}`,
    values: sql.values.list,
  });
  return rows as (ListedOrder & { state: LabState | null; edition: number })[];
}

/** What these laboratories have in hand; what is signed and declined last and the newest of it only. */
export async function listLabOrders(
  db: Queryable,
  organizationIds: readonly string[],
  limit: number,
): Promise<(LabOrder & ListedOrder)[]> {
  const { rows } = await db.query({
    name: 'list-lab-orders',
    text: `select ${columns}, r.content, p.uhid, o.accepted_at as at
             from lab_order o join person p on p.patient_id = o.patient_id
             join resource r on r.patient_id = o.patient_id and r.resource_type = 'ServiceRequest' and r.resource_id = o.order_id
            where o.organization_id = any($1::text[]) and not r.deleted
            order by o.state in ('signed', 'declined'), case when o.state in ('signed', 'declined') then -extract(epoch from o.accepted_at)
                     else extract(epoch from o.accepted_at) end, o.order_id limit $2`,
    values: [organizationIds, limit],
  });
  return rows as (LabOrder & ListedOrder)[];
}

export interface StandingOrder {
  patientId: string;
  version: number;
  content: string;
  uhid: string;
  /** Canonical text of the Patient; null where there is none. */
  patient: string | null;
}

/** The order as it stands, whoever it is addressed to, with what a laboratory may know of its person. */
export async function findStandingOrder(db: Queryable, orderId: string): Promise<StandingOrder | undefined> {
  const { rows } = await db.query({
    name: 'find-standing-order',
    text: `select r.patient_id as "patientId", r.version, r.content, p.uhid, w.content as patient
             from resource r join person p on p.patient_id = r.patient_id
             left join resource w on w.patient_id = r.patient_id and w.resource_type = 'Patient' and w.resource_id = r.patient_id and not w.deleted
            where r.resource_type = 'ServiceRequest' and r.resource_id = $1 and not r.deleted`,
    values: [orderId],
  });
  return rows[0] as StandingOrder | undefined;
}

/** @param lock in a transaction: whoever else works on it waits */
export async function findLabOrder(
  db: Queryable,
  patientId: string,
  orderId: string,
  lock = false,
): Promise<LabOrder | undefined> {
  const { rows } = await db.query({
    name: lock ? 'lock-lab-order' : 'find-lab-order',
    text: `select ${columns} from lab_order o where o.patient_id = $1 and o.order_id = $2${lock ? ' for update' : ''}`,
    values: [patientId, orderId],
  });
  return rows[0] as LabOrder | undefined;
}

/** False when somebody took it on, or this laboratory declined it, before. What one declined, another may take that it goes to now. */
export async function insertLabOrder(
  client: Queryable,
  order: Pick<LabOrder, 'patientId' | 'orderId' | 'organizationId' | 'kind' | 'state'>,
  nowMs: number,
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'insert-lab-order',
    text: `insert into lab_order (patient_id, order_id, organization_id, kind, state, accepted_at)
           values ($1, $2, $3, $4, $5, to_timestamp($6::float8 / 1000))
           on conflict (patient_id, order_id) do update
              set organization_id = excluded.organization_id, kind = excluded.kind, state = excluded.state, accepted_at = excluded.accepted_at
            where lab_order.state = 'declined' and lab_order.organization_id <> excluded.organization_id`,
    values: [order.patientId, order.orderId, order.organizationId, order.kind, order.state, nowMs],
  });
  return rowCount === 1;
}

export async function saveSample(
  client: Queryable,
  { patientId, orderId }: Pick<LabOrder, 'patientId' | 'orderId'>,
  specimenId: string,
  takenAtMs: number,
): Promise<void> {
  await client.query({
    name: 'save-lab-sample',
    text: `update lab_order set state = case when state = 'accepted' then 'sampled' else state end, specimen_id = $3,
                  taken_at = to_timestamp($4::float8 / 1000) where patient_id = $1 and order_id = $2`,
    values: [patientId, orderId, specimenId, takenAtMs],
  });
}

export async function saveDraft(
  client: Queryable,
  { patientId, orderId }: Pick<LabOrder, 'patientId' | 'orderId'>,
  entered: { draft: string; accountId: string; nowMs: number },
): Promise<void> {
  await client.query({
    name: 'save-lab-draft',
    text: `update lab_order set state = 'entered', draft = $3, entered_by = $4, entered_at = to_timestamp($5::float8 / 1000)
            where patient_id = $1 and order_id = $2`,
    values: [patientId, orderId, entered.draft, entered.accountId, entered.nowMs],
  });
}

/** What was entered is signed: from now on it stands in a result. */
export async function saveSigned(
  client: Queryable,
  { patientId, orderId }: Pick<LabOrder, 'patientId' | 'orderId'>,
  edition: number,
  resourceIds: Readonly<Record<string, string>>,
): Promise<void> {
  await client.query({
    name: 'save-lab-signed',
    text: `update lab_order set state = 'signed', draft = null, entered_by = null, entered_at = null, edition = $3, resource_ids = $4
            where patient_id = $1 and order_id = $2`,
    values: [patientId, orderId, edition, JSON.stringify(resourceIds)],
  });
}

export interface Orderer {
  accountId: string;
  /** Where they work as a clinician, if they still do. */
  clinicId: string | null;
}

/** The clinician who made the first version of an order, as its entry says it; undefined where nobody at work did. */
export async function findOrderer(
  db: Queryable,
  patientId: string,
  orderId: string,
): Promise<Orderer | undefined> {
  const { rows } = await db.query({
    name: 'find-orderer',
    text: `with first as (
             select entry_id from resource where patient_id = $1 and resource_type = 'ServiceRequest' and resource_id = $2 and version = 1
              union all
             select entry_id from resource_history where patient_id = $1 and resource_type = 'ServiceRequest' and resource_id = $2 and version = 1)
           select a.account_id as "accountId",
                  (select m.organization_id from organization_member m where m.account_id = a.account_id and m.role in ('doctor', 'nurse')
                      and m.ended_at is null order by m.started_at, m.member_id limit 1) as "clinicId"
             from first join entry e on e.patient_id = $1 and e.entry_id = first.entry_id and e.erased_by is null
             join account a on a.account_id::text = e.statement::json -> 'who' ->> 'account'
            where e.statement::json -> 'who' ->> 'role' = 'professional' limit 1`,
    values: [patientId, orderId],
  });
  return rows[0] as Orderer | undefined;
}

export interface OrdererOf {
  orderId: string;
  accountId: string;
  /** Whether the account that asks is at work, as a clinician, where they are or were one. */
  colleague: boolean;
}

/** Of these orders the clinicians who made their first versions, beside one who asks; none where nobody at work did. */
export async function listOrderers(
  db: Queryable,
  patientId: string,
  orderIds: readonly string[],
  asking: string,
): Promise<OrdererOf[]> {
  const { rows } = await db.query({
    name: 'list-orderers',
    text: `with first as (
             select resource_id, entry_id from resource where patient_id = $1 and resource_type = 'ServiceRequest' and resource_id = any($2::text[]) and version = 1
              union all
             select resource_id, entry_id from resource_history where patient_id = $1 and resource_type = 'ServiceRequest' and resource_id = any($2::text[]) and version = 1)
           select first.resource_id as "orderId", a.account_id as "accountId",
                  exists (select from organization_member theirs join organization_member mine on mine.organization_id = theirs.organization_id
                           where theirs.account_id = a.account_id and theirs.role in ('doctor', 'nurse')
                             and mine.account_id = $3 and mine.role in ('doctor', 'nurse') and ${atWork('mine')}) as colleague
             from first join entry e on e.patient_id = $1 and e.entry_id = first.entry_id and e.erased_by is null
             join account a on a.account_id::text = e.statement::json -> 'who' ->> 'account'
            where e.statement::json -> 'who' ->> 'role' = 'professional'`,
    values: [patientId, orderIds, asking],
  });
  return rows as OrdererOf[];
}
