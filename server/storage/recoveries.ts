// Recoveries of accounts: asked for, vouched for, waiting, done or stopped. Decides nothing; what two could do at once is held by row locks.
import type { Standing, Voucher } from '../../core/sign-in/recovery.ts';
import type { Queryable } from './queryable.ts';

export interface Recovery {
  recoveryId: string;
  patientId: string;
  accountId: string;
  number: string;
  begunBy: string | null;
  state: 'open' | 'done' | 'stopped';
  begunAt: Date;
  expiresAt: Date;
  vouchedAt: Date | null;
  readyAt: Date | null;
  vouchers: (Voucher & { vouchedAt: string })[];
}

const columns = `r.recovery_id as "recoveryId", r.patient_id as "patientId", r.account_id as "accountId", r.number, r.begun_by as "begunBy",
  r.state, r.begun_at as "begunAt", r.expires_at as "expiresAt", r.vouched_at as "vouchedAt", r.ready_at as "readyAt",
  (select coalesce(json_agg(json_build_object('accountId', v.account_id, 'stands', v.stands, 'organizationId', v.organization_id,
      'vouchedAt', v.vouched_at) order by v.vouched_at), '[]') from recovery_voucher v
    where v.patient_id = r.patient_id and v.recovery_id = r.recovery_id) as vouchers`;

export interface NewRecovery {
  recoveryId: string;
  patientId: string;
  accountId: string;
  tokenHash: Buffer;
  stopHash: Buffer;
  number: string;
  begunBy: string | null;
  begunAtMs: number;
  expiresAtMs: number;
}

/** False when `most` of this account are open already. */
export async function insertRecovery(db: Queryable, recovery: NewRecovery, most: number): Promise<boolean> {
  await db.query({
    name: 'lock-account-for-recovery',
    text: `select 1 from account where account_id = $1 for update`,
    values: [recovery.accountId],
  });
  const { rowCount } = await db.query({
    name: 'insert-recovery',
    text: `insert into account_recovery (patient_id, recovery_id, account_id, token_hash, stop_hash, number, begun_by, state, begun_at, expires_at)
           select $1, $2::uuid, $3::uuid, $4::bytea, $5::bytea, $6, $7::uuid, 'open', to_timestamp($8::float8 / 1000), to_timestamp($9::float8 / 1000)
            where (select count(*) from account_recovery r where r.patient_id = $1 and r.state = 'open'
                      and r.expires_at > to_timestamp($8::float8 / 1000)) < $10`,
    values: [
      recovery.patientId,
      recovery.recoveryId,
      recovery.accountId,
      recovery.tokenHash,
      recovery.stopHash,
      recovery.number,
      recovery.begunBy,
      recovery.begunAtMs,
      recovery.expiresAtMs,
      most,
    ],
  });
  return rowCount === 1;
}

const open = (now: string): string =>
  `r.state = 'open' and r.expires_at > to_timestamp(${now}::float8 / 1000)`;

/** Of one person, the oldest first. */
export async function listOpenRecoveries(
  db: Queryable,
  patientIds: readonly string[],
  nowMs: number,
): Promise<Recovery[]> {
  const { rows } = await db.query({
    name: 'list-open-recoveries',
    text: `select ${columns} from account_recovery r where r.patient_id = any($1::text[]) and ${open('$2')}
            order by r.begun_at, r.recovery_id limit 100`,
    values: [patientIds, nowMs],
  });
  return rows as Recovery[];
}

/** By what the one who asks keeps, whatever became of it. */
export async function findRecoveryByToken(db: Queryable, tokenHash: Buffer): Promise<Recovery | undefined> {
  const { rows } = await db.query({
    name: 'find-recovery-by-token',
    text: `select ${columns} from account_recovery r where r.token_hash = $1`,
    values: [tokenHash],
  });
  return rows[0] as Recovery | undefined;
}

export async function findRecoveryByStop(db: Queryable, stopHash: Buffer): Promise<Recovery | undefined> {
  const { rows } = await db.query({
    name: 'find-recovery-by-stop',
    text: `select ${columns} from account_recovery r where r.stop_hash = $1`,
    values: [stopHash],
  });
  return rows[0] as Recovery | undefined;
}

/** Locked until commit, so that of several acts at once the first counts. Undefined when it is not open. */
export async function lockOpenRecovery(
  db: Queryable,
  of: Pick<Recovery, 'patientId' | 'recoveryId'>,
  nowMs: number,
): Promise<Recovery | undefined> {
  await db.query({
    name: 'lock-recovery',
    text: `select 1 from account_recovery where patient_id = $1 and recovery_id = $2 for update`,
    values: [of.patientId, of.recoveryId],
  });
  const { rows } = await db.query({
    name: 'find-open-recovery',
    text: `select ${columns} from account_recovery r where r.patient_id = $1 and r.recovery_id = $2 and ${open('$3')}`,
    values: [of.patientId, of.recoveryId, nowMs],
  });
  return rows[0] as Recovery | undefined;
}

/** False when this account vouched before. */
export async function insertVoucher(
  db: Queryable,
  of: Pick<Recovery, 'patientId' | 'recoveryId'>,
  voucher: { accountId: string; stands: Standing; organizationId: string | null },
  nowMs: number,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'insert-recovery-voucher',
    text: `insert into recovery_voucher (patient_id, recovery_id, account_id, stands, organization_id, vouched_at)
           values ($1, $2, $3, $4, $5, to_timestamp($6::float8 / 1000)) on conflict do nothing`,
    values: [of.patientId, of.recoveryId, voucher.accountId, voucher.stands, voucher.organizationId, nowMs],
  });
  return rowCount === 1;
}

export async function markVouched(
  db: Queryable,
  of: Pick<Recovery, 'patientId' | 'recoveryId'>,
  at: { vouchedAtMs: number; readyAtMs: number; expiresAtMs: number },
): Promise<void> {
  await db.query({
    name: 'mark-recovery-vouched',
    text: `update account_recovery set vouched_at = to_timestamp($3::float8 / 1000), ready_at = to_timestamp($4::float8 / 1000),
                  expires_at = to_timestamp($5::float8 / 1000)
            where patient_id = $1 and recovery_id = $2 and vouched_at is null`,
    values: [of.patientId, of.recoveryId, at.vouchedAtMs, at.readyAtMs, at.expiresAtMs],
  });
}

/** Ends one recovery, or with null all open ones of this person. Gives back how many were open. */
export async function endRecoveries(
  db: Queryable,
  patientId: string,
  recoveryId: string | null,
  state: 'done' | 'stopped',
  nowMs: number,
): Promise<number> {
  const { rowCount } = await db.query({
    name: 'end-recoveries',
    text: `update account_recovery r set state = $3, ended_at = to_timestamp($4::float8 / 1000)
            where r.patient_id = $1 and ($2::uuid is null or r.recovery_id = $2::uuid) and ${open('$4')}`,
    values: [patientId, recoveryId, state, nowMs],
  });
  return rowCount ?? 0;
}

/** A new password in place of every way in that there was: sessions, factors, passkeys, apps. Undefined for a closed account. */
export async function replaceEveryWayIn(
  db: Queryable,
  accountId: string,
  passwordHash: string,
  nowMs: number,
): Promise<{ sessions: number; apps: number } | undefined> {
  const { rowCount } = await db.query({
    name: 'recover-account',
    text: `update account set password_hash = $2, mail_step_at = null where account_id = $1 and disabled_at is null`,
    values: [accountId, passwordHash],
  });
  if (rowCount !== 1) return undefined;
  for (const table of ['totp', 'recovery_code', 'passkey', 'passkey_challenge', 'second_step'])
    await db.query({
      name: `recover-forget-${table}`,
      text: `delete from ${table} where account_id = $1`,
      values: [accountId],
    });
  const sessions = await db.query({
    name: 'recover-end-sessions',
    text: `update session set ended_at = to_timestamp($2::float8 / 1000), ended_why = 'recovered' where account_id = $1 and ended_at is null`,
    values: [accountId, nowMs],
  });
  const apps = await db.query({
    name: 'recover-end-apps',
    text: `with over as (
             update app_grant set ended_at = to_timestamp($2::float8 / 1000), ended_why = 'by-person'
              where account_id = $1 and ended_at is null returning grant_id
           ), gone as (delete from app_token t using over where t.grant_id = over.grant_id)
           select grant_id from over`,
    values: [accountId, nowMs],
  });
  return { sessions: sessions.rowCount ?? 0, apps: apps.rowCount ?? 0 };
}
