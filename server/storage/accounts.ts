// Accounts: who may sign in, and which person they are. Knows no cookies and no password rules.
import { isStaff } from './factors.ts';
import type { Queryable } from './queryable.ts';

export interface Account {
  accountId: string;
  patientId: string;
  /** As the person wrote it. */
  login: string;
  passwordHash: string;
  language: string;
  roles: string[];
  disabled: boolean;
}

const columns = `account_id as "accountId", patient_id as "patientId", login, password_hash as "passwordHash",
  language, roles, disabled_at is not null as disabled`;

export interface NewAccount {
  accountId: string;
  patientId: string;
  login: string;
  loginKey: string;
  passwordHash: string;
  language: string;
  roles: readonly string[];
  createdAtMs: number;
}

/** False when the login belongs to an account already; of several at once exactly one is stored. */
export async function insertAccount(db: Queryable, account: NewAccount): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'insert-account',
    text: `insert into account (account_id, patient_id, login, login_key, password_hash, language, roles, created_at)
           values ($1, $2, $3, $4, $5, $6, $7, to_timestamp($8::float8 / 1000))
           on conflict on constraint account_login_unique do nothing`,
    values: [
      account.accountId,
      account.patientId,
      account.login,
      account.loginKey,
      account.passwordHash,
      account.language,
      account.roles,
      account.createdAtMs,
    ],
  });
  return rowCount === 1;
}

export async function findAccountByLogin(db: Queryable, loginKey: string): Promise<Account | undefined> {
  const { rows } = await db.query({
    name: 'find-account-by-login',
    text: `select ${columns} from account where login_key = $1`,
    values: [loginKey],
  });
  return rows[0] as Account | undefined;
}

export async function findAccount(db: Queryable, accountId: string): Promise<Account | undefined> {
  const { rows } = await db.query({
    name: 'find-account',
    text: `select ${columns} from account where account_id = $1`,
    values: [accountId],
  });
  return rows[0] as Account | undefined;
}

/** True when the hash was still `fromHash`: of two changes at once the second finds another. Locks the account until commit. */
export async function replacePasswordHash(
  db: Queryable,
  accountId: string,
  fromHash: string,
  toHash: string,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'replace-password-hash',
    text: `update account set password_hash = $3 where account_id = $1 and password_hash = $2`,
    values: [accountId, fromHash, toHash],
  });
  return rowCount === 1;
}

export async function setLanguage(db: Queryable, accountId: string, language: string): Promise<void> {
  await db.query({
    name: 'set-account-language',
    text: `update account set language = $2 where account_id = $1`,
    values: [accountId, language],
  });
}

/** By what a person can be written to outside the application; undefined for who has no open account. */
export async function findReach(
  db: Queryable,
  patientId: string,
): Promise<{ login: string; language: string } | undefined> {
  const { rows } = await db.query({
    name: 'find-reach',
    text: `select login, language from account where patient_id = $1 and disabled_at is null`,
    values: [patientId],
  });
  return rows[0] as { login: string; language: string } | undefined;
}

/** An account with its person, as shown to its owner. `name` and `photo` are what the Patient resource says now. */
export interface OwnAccount {
  accountId: string;
  login: string;
  language: string;
  roles: string[];
  /** Works with records or administers. */
  staff: boolean;
  patientId: string;
  uhid: string;
  alias: string | null;
  name: unknown;
  photo: unknown;
}

export async function findOwnAccount(db: Queryable, accountId: string): Promise<OwnAccount | undefined> {
  const { rows } = await db.query({
    name: 'find-own-account',
    text: `select a.account_id as "accountId", a.login, a.language, a.roles, ${isStaff} as staff, p.patient_id as "patientId", p.uhid, p.alias,
                  r.content::json -> 'name' as name, r.content::json -> 'photo' as photo
             from account a
             join person p on p.patient_id = a.patient_id
             left join resource r on r.patient_id = a.patient_id and r.resource_type = 'Patient'
                                 and r.resource_id = a.patient_id and not r.deleted
            where a.account_id = $1`,
    values: [accountId],
  });
  return rows[0] as OwnAccount | undefined;
}

/** Those of `aliases` that belong to somebody. */
export async function findTakenAliases(db: Queryable, aliases: readonly string[]): Promise<string[]> {
  const { rows } = await db.query({
    name: 'find-taken-aliases',
    text: `select alias from person where alias = any($1::text[])`,
    values: [aliases],
  });
  return (rows as { alias: string }[]).map((row) => row.alias);
}
