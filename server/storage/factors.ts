// Second factors of accounts: what they have, and each use, counted so that nothing is used twice. Knows no codes and no keys.
import type { AccountFactors } from '../../core/sign-in/factors.ts';
import type { Queryable } from './queryable.ts';

/** What makes an account `a` one of staff: a role of the installation, or work for an organisation that has not ended. */
export const isStaff = `(a.roles <> '{}' or exists (select from organization_member m where m.account_id = a.account_id and m.ended_at is null))`;

export interface Factors extends AccountFactors {
  totpSince: Date | null;
  mailSince: Date | null;
}

export async function findFactors(db: Queryable, accountId: string): Promise<Factors> {
  const { rows } = await db.query({
    name: 'find-factors',
    text: `select ${isStaff} as staff, t.confirmed_at is not null as totp, t.confirmed_at as "totpSince",
                  a.mail_step_at is not null as mail, a.mail_step_at as "mailSince",
                  (select count(*)::int from passkey p where p.account_id = a.account_id) as passkeys,
                  (select count(*)::int from recovery_code c where c.account_id = a.account_id and c.used_at is null) as "recoveryCodesLeft"
             from account a left join totp t using (account_id) where a.account_id = $1`,
    values: [accountId],
  });
  const none = { staff: false, totp: false, totpSince: null, mail: false, mailSince: null };
  return (rows[0] as Factors | undefined) ?? { ...none, passkeys: 0, recoveryCodesLeft: 0 };
}

export interface Totp {
  sealedSecret: Buffer;
  confirmed: boolean;
  lastStep: number;
}

export async function findTotp(db: Queryable, accountId: string): Promise<Totp | undefined> {
  const { rows } = await db.query({
    name: 'find-totp',
    text: `select sealed_secret as "sealedSecret", confirmed_at is not null as confirmed, last_step::float8 as "lastStep"
             from totp where account_id = $1`,
    values: [accountId],
  });
  return rows[0] as Totp | undefined;
}

/** Those that count, with their logins; for the demo, which shows what its staff's phones would. */
export async function listTotp(
  db: Queryable,
): Promise<(Pick<Totp, 'sealedSecret' | 'lastStep'> & { accountId: string; login: string })[]> {
  const { rows } = await db.query({
    text: `select a.account_id as "accountId", a.login, t.sealed_secret as "sealedSecret", t.last_step::float8 as "lastStep"
             from totp t join account a using (account_id) where t.confirmed_at is not null order by a.login limit 100`,
  });
  return rows as (Pick<Totp, 'sealedSecret' | 'lastStep'> & { accountId: string; login: string })[];
}

/** Keeps a secret that is still to be proved, in place of an earlier one. False when one was proved before. */
export async function putUnprovedTotp(
  db: Queryable,
  accountId: string,
  sealedSecret: Buffer,
  nowMs: number,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'put-unproved-totp',
    text: `insert into totp as t (account_id, sealed_secret, created_at) values ($1, $2, to_timestamp($3::float8 / 1000))
           on conflict (account_id) do update set sealed_secret = excluded.sealed_secret, created_at = excluded.created_at, last_step = -1
            where t.confirmed_at is null`,
    values: [accountId, sealedSecret, nowMs],
  });
  return rowCount === 1;
}

/** False when it was proved before, or another secret took the place of this one. */
export async function confirmTotp(
  db: Queryable,
  accountId: string,
  sealedSecret: Buffer,
  step: number,
  nowMs: number,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'confirm-totp',
    text: `update totp set confirmed_at = to_timestamp($4::float8 / 1000), last_step = $3
            where account_id = $1 and sealed_secret = $2 and confirmed_at is null`,
    values: [accountId, sealedSecret, step, nowMs],
  });
  return rowCount === 1;
}

/** Uses up this step and all before it. False when that was done already: of several at once exactly one gets true. */
export async function useTotpStep(db: Queryable, accountId: string, step: number): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'use-totp-step',
    text: `update totp set last_step = $2 where account_id = $1 and last_step < $2 and confirmed_at is not null`,
    values: [accountId, step],
  });
  return rowCount === 1;
}

export async function deleteTotp(db: Queryable, accountId: string): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'delete-totp',
    text: `delete from totp where account_id = $1 and confirmed_at is not null`,
    values: [accountId],
  });
  return rowCount === 1;
}

/** Since when codes by mail are the second step, or with null no longer. False when nothing changed. */
export async function setMailStep(
  db: Queryable,
  accountId: string,
  sinceMs: number | null,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'set-mail-step',
    text: `update account set mail_step_at = to_timestamp($2::float8 / 1000)
            where account_id = $1 and (mail_step_at is null) <> ($2::float8 is null)`,
    values: [accountId, sinceMs],
  });
  return rowCount === 1;
}

/** In place of all earlier ones. */
export async function replaceRecoveryCodes(
  db: Queryable,
  accountId: string,
  hashes: readonly string[],
): Promise<void> {
  await db.query({
    name: 'forget-recovery-codes',
    text: `delete from recovery_code where account_id = $1`,
    values: [accountId],
  });
  await db.query({
    name: 'insert-recovery-codes',
    text: `insert into recovery_code (account_id, slot, code_hash)
           select $1::uuid, place - 1, hash from unnest($2::text[]) with ordinality given(hash, place)`,
    values: [accountId, hashes],
  });
}

/** Undefined when it was used, or there is none. */
export async function findRecoveryCode(
  db: Queryable,
  accountId: string,
  slot: number,
): Promise<string | undefined> {
  const { rows } = await db.query({
    name: 'find-recovery-code',
    text: `select code_hash as hash from recovery_code where account_id = $1 and slot = $2 and used_at is null`,
    values: [accountId, slot],
  });
  return (rows[0] as { hash: string } | undefined)?.hash;
}

/** False when it was used before, or is no longer the one that was judged. */
export async function useRecoveryCode(
  db: Queryable,
  accountId: string,
  slot: number,
  hash: string,
  nowMs: number,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'use-recovery-code',
    text: `update recovery_code set used_at = to_timestamp($4::float8 / 1000)
            where account_id = $1 and slot = $2 and code_hash = $3 and used_at is null`,
    values: [accountId, slot, hash, nowMs],
  });
  return rowCount === 1;
}
