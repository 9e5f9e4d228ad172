// What people gave to apps: for which record, how much, until when. Also the names that the pages show beside it.
import type { SecondFactor } from '../../core/sign-in/factors.ts';
import type { Queryable } from './queryable.ts';

export type GrantEnd = 'by-person' | 'by-app' | 'reused' | 'replaced';

export interface NewAppGrant {
  grantId: string;
  accountId: string;
  clientId: string;
  patientId: string;
  /** Absent: it outlives the session. */
  sessionId: string | undefined;
  scope: string;
  /** By what the session was proved in which it was given. */
  second: SecondFactor | null;
  createdAtMs: number;
  expiresAtMs: number;
}

/** What the same person gave this app for the same record before is replaced. */
export async function insertAppGrant(db: Queryable, grant: NewAppGrant): Promise<void> {
  await db.query({
    name: 'insert-app-grant',
    text: `with replaced as (
             update app_grant set ended_at = to_timestamp($7::float8 / 1000), ended_why = 'replaced'
              where account_id = $2 and client_id = $3 and patient_id = $4 and ended_at is null
           )
           insert into app_grant (grant_id, account_id, client_id, patient_id, session_id, scope, created_at, expires_at, second)
           values ($1, $2, $3, $4, $5, $6, to_timestamp($7::float8 / 1000), to_timestamp($8::float8 / 1000), $9)`,
    values: [
      grant.grantId,
      grant.accountId,
      grant.clientId,
      grant.patientId,
      grant.sessionId ?? null,
      grant.scope,
      grant.createdAtMs,
      grant.expiresAtMs,
      grant.second,
    ],
  });
}

export interface AppGrant {
  grantId: string;
  accountId: string;
  clientId: string;
  clientName: string;
  /** The record it was opened for. */
  patientId: string;
  /** Who the person is that gave it. */
  ownPatientId: string;
  /** `name` of the Patient as it stands. */
  patientName: unknown;
  scope: string;
  offline: boolean;
  createdAt: Date;
  expiresAt: Date;
}

const columns = `g.grant_id as "grantId", g.account_id as "accountId", g.client_id as "clientId", c.name as "clientName",
  g.patient_id as "patientId", (select a.patient_id from account a where a.account_id = g.account_id) as "ownPatientId", (select r.content::json -> 'name' from resource r where r.patient_id = g.patient_id
    and r.resource_type = 'Patient' and r.resource_id = g.patient_id and not r.deleted) as "patientName",
  g.scope, g.session_id is null as offline, g.created_at as "createdAt", g.expires_at as "expiresAt"`;

/** What is in force of one account, the newest first. */
export async function listAppGrants(db: Queryable, accountId: string, nowMs: number): Promise<AppGrant[]> {
  const { rows } = await db.query({
    name: 'list-app-grants',
    text: `select ${columns} from app_grant g join client c using (client_id)
             left join session s on s.session_id = g.session_id
            where g.account_id = $1 and g.ended_at is null and g.expires_at > to_timestamp($2::float8 / 1000) and c.disabled_at is null
              and (g.session_id is null or (s.ended_at is null and s.expires_at > to_timestamp($2::float8 / 1000)))
            order by g.created_at desc, g.grant_id limit 200`,
    values: [accountId, nowMs],
  });
  return rows as AppGrant[];
}

/** Undefined when there is no such grant, or it ended before. */
export async function findAppGrant(db: Queryable, grantId: string): Promise<AppGrant | undefined> {
  const { rows } = await db.query({
    name: 'find-app-grant',
    text: `select ${columns} from app_grant g join client c using (client_id) where g.grant_id = $1 and g.ended_at is null`,
    values: [grantId],
  });
  return rows[0] as AppGrant | undefined;
}

/** Ends it with all its codes and tokens. False when it had ended before. */
export async function endAppGrant(
  db: Queryable,
  grantId: string,
  why: GrantEnd,
  nowMs: number,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'end-app-grant',
    text: `with gone as (delete from app_token where grant_id = $1)
           update app_grant set ended_at = to_timestamp($3::float8 / 1000), ended_why = $2 where grant_id = $1 and ended_at is null`,
    values: [grantId, why, nowMs],
  });
  return rowCount === 1;
}

/** `name` of the Patient resources of these people, by id. */
export async function findPatientNames(
  db: Queryable,
  patientIds: readonly string[],
): Promise<Map<string, unknown>> {
  const { rows } = await db.query({
    name: 'find-patient-names',
    text: `select r.patient_id as id, r.content::json -> 'name' as name from resource r
            where r.patient_id = any($1::text[]) and r.resource_type = 'Patient' and r.resource_id = r.patient_id and not r.deleted`,
    values: [patientIds],
  });
  return new Map((rows as { id: string; name: unknown }[]).map(({ id, name }) => [id, name]));
}

export interface AppLaunch {
  clientId: string;
  accountId: string;
  patientId: string;
}

export async function insertAppLaunch(
  db: Queryable,
  launchHash: Buffer,
  launch: AppLaunch,
  expiresAtMs: number,
): Promise<void> {
  await db.query({
    name: 'insert-app-launch',
    text: `insert into app_launch (launch_hash, client_id, account_id, patient_id, expires_at) values ($1, $2, $3, $4, to_timestamp($5::float8 / 1000))`,
    values: [launchHash, launch.clientId, launch.accountId, launch.patientId, expiresAtMs],
  });
}

export async function findAppLaunch(
  db: Queryable,
  launchHash: Buffer,
  nowMs: number,
): Promise<AppLaunch | undefined> {
  const { rows } = await db.query({
    name: 'find-app-launch',
    text: `select client_id as "clientId", account_id as "accountId", patient_id as "patientId" from app_launch
            where launch_hash = $1 and expires_at > to_timestamp($2::float8 / 1000)`,
    values: [launchHash, nowMs],
  });
  return rows[0] as AppLaunch | undefined;
}

/** Opens one door once. */
export async function deleteAppLaunch(db: Queryable, launchHash: Buffer): Promise<void> {
  await db.query({
    name: 'delete-app-launch',
    text: `delete from app_launch where launch_hash = $1`,
    values: [launchHash],
  });
}
