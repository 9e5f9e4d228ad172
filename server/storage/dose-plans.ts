// The clock of reminders, the plans behind it, and the ticks of a stretch of days. Judges nothing.
import type { DosePlan } from '../../core/doses/plan.ts';
import type { MedicineType } from '../../core/doses/tick.ts';
import { tickIdsBetween } from '../../core/doses/tick.ts';
import type { Queryable } from './queryable.ts';
import type { StoredVersion } from './resource-store.ts';

export interface StoredClock {
  patientId: string;
  zone: string;
  quietFrom: string | null;
  quietUntil: string | null;
  byMail: boolean;
  setBy: string;
  entryId: string;
  /** Local time. */
  settled: string;
}

const clockColumns = `patient_id as "patientId", zone, quiet_from as "quietFrom", quiet_until as "quietUntil", by_mail as "byMail",
  set_by as "setBy", entry_id as "entryId", settled`;

/** With `lock`: whoever changes it or reminds by it waits. */
export async function findDoseClock(
  db: Queryable,
  patientId: string,
  lock = false,
): Promise<StoredClock | undefined> {
  const { rows } = await db.query({
    name: lock ? 'lock-dose-clock' : 'find-dose-clock',
    text: `select ${clockColumns} from dose_clock where patient_id = $1${lock ? ' for update' : ''}`,
    values: [patientId],
  });
  return rows[0] as StoredClock | undefined;
}

export async function saveDoseClock(
  client: Queryable,
  clock: StoredClock & { nextAtMs: number | undefined },
): Promise<void> {
  await client.query({
    name: 'save-dose-clock',
    text: `insert into dose_clock (patient_id, zone, quiet_from, quiet_until, by_mail, set_by, entry_id, settled, next_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, to_timestamp($9::float8 / 1000))
           on conflict (patient_id) do update set zone = excluded.zone, quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until,
             by_mail = excluded.by_mail, set_by = excluded.set_by, entry_id = excluded.entry_id, settled = excluded.settled, next_at = excluded.next_at`,
    values: [
      clock.patientId,
      clock.zone,
      clock.quietFrom,
      clock.quietUntil,
      clock.byMail,
      clock.setBy,
      clock.entryId,
      clock.settled,
      clock.nextAtMs ?? null,
    ],
  });
}

/** Those whose next reminder is due. Locks them, and leaves out what another process has. */
export async function lockDueClocks(client: Queryable, nowMs: number, limit: number): Promise<StoredClock[]> {
  const { rows } = await client.query({
    name: 'lock-due-dose-clocks',
    text: `select ${clockColumns} from dose_clock where next_at <= to_timestamp($1::float8 / 1000)
            order by next_at, patient_id limit $2 for update skip locked`,
    values: [nowMs, limit],
  });
  return rows as StoredClock[];
}

export async function settleClock(
  client: Queryable,
  patientId: string,
  settled: string,
  nextAtMs: number | undefined,
): Promise<void> {
  await client.query({
    name: 'settle-dose-clock',
    text: `update dose_clock set settled = $2, next_at = to_timestamp($3::float8 / 1000) where patient_id = $1`,
    values: [patientId, settled, nextAtMs ?? null],
  });
}

export interface StoredPlan extends DosePlan {
  readonly planId: string;
  readonly patientId: string;
  readonly medicineType: MedicineType;
  readonly medicineId: string;
}

interface PlanRow {
  planId: string;
  patientId: string;
  medicineType: MedicineType;
  medicineId: string;
  times: string[];
  days: number[];
  begins: string;
  ends: string | null;
  from: string;
  until: string | null;
}

/** As many rows of one person: far more than their plans with all changes of some weeks. */
const mostRows = 1000;

/** Those that stand, and those that ended after this local time. */
export async function listDosePlans(db: Queryable, patientId: string, since = '9999'): Promise<StoredPlan[]> {
  const { rows } = await db.query({
    name: 'list-dose-plans',
    text: `select plan_id as "planId", patient_id as "patientId", medicine_type as "medicineType", medicine_id as "medicineId", times, days,
                  to_char(begins, 'YYYY-MM-DD') as begins, to_char(ends, 'YYYY-MM-DD') as ends, from_time as "from", until_time as "until"
             from dose_plan where patient_id = $1 and (until_time is null or until_time > $2)
            order by until_time nulls first, from_time desc, plan_id limit ${mostRows}`,
    values: [patientId, since],
  });
  return (rows as PlanRow[]).map(({ ends, until, ...plan }) => ({
    ...plan,
    ...(ends === null ? {} : { ends }),
    ...(until === null ? {} : { until }),
  }));
}

export interface MedicineKey {
  patientId: string;
  medicineType: MedicineType;
  medicineId: string;
}

/** Ends what stands for this medicine; what is older than `forget` goes. False when nothing stood. */
export async function endDosePlan(
  client: Queryable,
  { patientId, medicineType, medicineId }: MedicineKey,
  until: string,
  forget: string,
): Promise<boolean> {
  await client.query({
    name: 'forget-dose-plans',
    text: 'delete from dose_plan where patient_id = $1 and until_time < $2',
    values: [patientId, forget],
  });
  const { rowCount } = await client.query({
    name: 'end-dose-plan',
    text: `update dose_plan set until_time = greatest($4, from_time) where patient_id = $1 and medicine_type = $2 and medicine_id = $3 and until_time is null`,
    values: [patientId, medicineType, medicineId, until],
  });
  return rowCount === 1;
}

export async function insertDosePlan(client: Queryable, plan: Omit<StoredPlan, 'until'>): Promise<void> {
  await client.query({
    name: 'insert-dose-plan',
    text: `insert into dose_plan (patient_id, plan_id, medicine_type, medicine_id, times, days, begins, ends, from_time)
           values ($1, $2, $3, $4, $5, $6, $7::date, $8::date, $9)`,
    values: [
      plan.patientId,
      plan.planId,
      plan.medicineType,
      plan.medicineId,
      plan.times,
      plan.days,
      plan.begins,
      plan.ends ?? null,
      plan.from,
    ],
  });
}

/** Ticks of doses from one day to another (`YYYY-MM-DD`), by the key of their rows; at most 5000, the newest. */
export async function listTicks(
  db: Queryable,
  patientId: string,
  from: string,
  to: string,
): Promise<StoredVersion[]> {
  const { rows } = await db.query({
    name: 'list-dose-ticks',
    text: `select patient_id as "patientId", resource_type as "resourceType", resource_id as "resourceId", version, deleted,
                  last_updated as "lastUpdated", entry_id as "entryId", content
             from resource where patient_id = $1 and resource_type = 'MedicationAdministration'
              and resource_id collate "C" between $2 and $3 and not deleted
            order by resource_id collate "C" desc limit 5000`,
    values: [patientId, ...tickIdsBetween(from, to)],
  });
  return rows as StoredVersion[];
}

/** A reminder that is out of date goes: at most one waits. */
export async function dropDoseNotices(client: Queryable, patientId: string, about: string): Promise<void> {
  await client.query({
    name: 'drop-dose-notices',
    text: `delete from notice where patient_id = $1 and kind in ('dose', 'dose-for') and detail ->> 'about' = $2`,
    values: [patientId, about],
  });
}

/** Somebody has been there: what reminded of this record is read. @param patientIds in whose notices it may stand */
export async function readDoseNotices(
  client: Queryable,
  patientIds: readonly string[],
  about: string,
  nowMs: number,
): Promise<void> {
  await client.query({
    name: 'read-dose-notices',
    text: `update notice set read_at = to_timestamp($3::float8 / 1000)
            where patient_id = any($1::text[]) and kind in ('dose', 'dose-for') and detail ->> 'about' = $2 and read_at is null`,
    values: [patientIds, about, nowMs],
  });
}
