// A person's orders as they themself see them: what was ordered, and how far a laboratory is with it. Knows the rows; not who may look.
import type { SearchCondition } from '../../core/fhir/search-condition.ts';
import type { LabState } from './lab-orders.ts';
import type { Queryable } from './queryable.ts';
import { SearchSql } from './search-sql.ts';

export interface PersonsOrder {
  id: string;
  version: number;
  /** Canonical text of the ServiceRequest. */
  content: string;
  /** Absent while nobody took it on. */
  state: LabState | null;
  takenAt: Date | null;
  /** Resource id of the organisation that has it in hand, or declined it. */
  heldBy: string | null;
}

const columns = `r.resource_id as id, r.version, r.content, o.state, o.taken_at as "takenAt", o.organization_id as "heldBy"`;
const standing = `resource r left join lab_order o on o.patient_id = r.patient_id and o.order_id = r.resource_id
  where r.patient_id = $1 and r.resource_type = 'ServiceRequest' and not r.deleted`;

/** The newest first. */
export async function listPersonsOrders(
  db: Queryable,
  patientId: string,
  limit: number,
): Promise<PersonsOrder[]> {
  const { rows } = await db.query({
    name: 'list-persons-orders',
    text: `select ${columns} from ${standing} order by r.care_day desc nulls last, r.resource_id desc limit $2`,
    values: [patientId, limit],
  });
  return rows as PersonsOrder[];
}

export async function findPersonsOrder(
  db: Queryable,
  patientId: string,
  orderId: string,
): Promise<PersonsOrder | undefined> {
  const { rows } = await db.query({
    name: 'find-persons-order',
    text: `select ${columns} from ${standing} and r.resource_id = $2`,
    values: [patientId, orderId],
  });
  return rows[0] as PersonsOrder | undefined;
}

/** In a transaction: until commit nobody changes this order, nor takes it on. Gives back what stands. */
export async function lockOrder(
  client: Queryable,
  patientId: string,
  orderId: string,
): Promise<{ version: number; content: string } | undefined> {
  const { rows } = await client.query({
    name: 'lock-order',
    text: `select version, content from resource
            where patient_id = $1 and resource_type = 'ServiceRequest' and resource_id = $2 and not deleted for no key update`,
    values: [patientId, orderId],
  });
  return rows[0] as { version: number; content: string } | undefined;
}

/** What a laboratory took on, or declined, and did not begin, is open again. False where it was begun. */
export async function releaseOrder(client: Queryable, patientId: string, orderId: string): Promise<boolean> {
  const { rows } = await client.query({
    name: 'release-lab-order',
    text: `with gone as (
             delete from lab_order where patient_id = $1 and order_id = $2 and state in ('accepted', 'declined') returning 1)
           select (select count(*) from gone) + 0 = (select count(*) from lab_order where patient_id = $1 and order_id = $2) as free`,
    values: [patientId, orderId],
  });
  return (rows[0] as { free: boolean }).free;
}

/** Whether a report or a value of this record, written by whatever way, says that it is of this order. */
export async function hasResult(
  db: Queryable,
  patientId: string,
  condition: ResultConditions,
): Promise<boolean> {
  for (const [type, of] of Object.entries(condition)) {
    const sql = new SearchSql(() => 'everyone');
    const { where } = sql.rows('r', type, of);
    const { rows } = await db.query({
      text: `select from resource r where ${where} and r.patient_id = ${sql.values.put(patientId)}
              and r.content::json ->> 'status' not in ('registered', 'entered-in-error', 'cancelled') limit 1`,
      values: sql.values.list,
    });
    if (rows.length > 0) return true;
  }
  return false;
}
/** By type, what is based on the order. */
export type ResultConditions = Readonly<Record<'DiagnosticReport' | 'Observation', SearchCondition>>;
