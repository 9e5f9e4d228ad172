// Passkeys of accounts, and the challenges that wait for an answer. Knows nothing of WebAuthn.
import type { Queryable } from './queryable.ts';

export interface Passkey {
  passkeyId: string;
  accountId: string;
  credentialId: Buffer;
  publicKey: Buffer;
  signCount: number;
  transports: string[];
  label: string;
  backedUp: boolean;
  createdAt: Date;
  lastUsedAt: Date | null;
}

const columns = `passkey_id as "passkeyId", account_id as "accountId", credential_id as "credentialId", public_key as "publicKey",
  sign_count as "signCount", transports, label, backed_up as "backedUp", created_at as "createdAt", last_used_at as "lastUsedAt"`;

/** Of one account, the oldest first. */
export async function listPasskeys(db: Queryable, accountId: string): Promise<Passkey[]> {
  const { rows } = await db.query({
    name: 'list-passkeys',
    text: `select ${columns} from passkey where account_id = $1 order by created_at, passkey_id`,
    values: [accountId],
  });
  return rows as Passkey[];
}

export async function findPasskey(db: Queryable, credentialId: Buffer): Promise<Passkey | undefined> {
  const { rows } = await db.query({
    name: 'find-passkey',
    text: `select ${columns} from passkey where credential_id = $1`,
    values: [credentialId],
  });
  return rows[0] as Passkey | undefined;
}

/**
 * False when the credential is known already, or the account is closed or has `most` passkeys. Locks the account until
 * commit: counted in a statement of its own, after the lock, or two at once would each count without the other.
 */
export async function insertPasskey(
  client: Queryable,
  passkey: Omit<Passkey, 'createdAt' | 'lastUsedAt'>,
  createdAtMs: number,
  most: number,
): Promise<boolean> {
  const locked = await client.query({
    name: 'lock-account',
    text: `select 1 from account where account_id = $1 and disabled_at is null for update`,
    values: [passkey.accountId],
  });
  if (locked.rowCount !== 1) return false;
  const { rowCount } = await client.query({
    name: 'insert-passkey',
    text: `insert into passkey (account_id, passkey_id, credential_id, public_key, sign_count, transports, label, backed_up, created_at)
           select $1::uuid, $2::uuid, $3::bytea, $4::bytea, $5::bigint, $6::text[], $7, $8::boolean, to_timestamp($9::float8 / 1000)
            where (select count(*) from passkey where account_id = $1) < $10
           on conflict on constraint passkey_credential_unique do nothing`,
    values: [
      passkey.accountId,
      passkey.passkeyId,
      passkey.credentialId,
      passkey.publicKey,
      passkey.signCount,
      passkey.transports,
      passkey.label,
      passkey.backedUp,
      createdAtMs,
      most,
    ],
  });
  return rowCount === 1;
}

/**
 * Notes a use. False when the counter went on meanwhile: of two answers with one count, one is a copy. Counters that
 * stay at 0 do not count.
 */
export async function notePasskeyUse(
  db: Queryable,
  passkey: Pick<Passkey, 'accountId' | 'passkeyId'>,
  signCount: number,
  backedUp: boolean,
  usedAtMs: number,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'note-passkey-use',
    text: `update passkey set sign_count = $3, backed_up = $4, last_used_at = to_timestamp($5::float8 / 1000)
            where account_id = $1 and passkey_id = $2 and (sign_count < $3 or (sign_count = 0 and $3 = 0))`,
    values: [passkey.accountId, passkey.passkeyId, signCount, backedUp, usedAtMs],
  });
  return rowCount === 1;
}

/** False when this account has no such passkey. */
export async function deletePasskey(db: Queryable, accountId: string, passkeyId: string): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'delete-passkey',
    text: `delete from passkey where account_id = $1 and passkey_id = $2`,
    values: [accountId, passkeyId],
  });
  return rowCount === 1;
}

export type ChallengePurpose = 'add' | 'sign-in' | 'prove' | 'consent';

/** Stores a challenge and forgets the expired ones. */
export async function insertChallenge(
  db: Queryable,
  challenge: { hash: Buffer; purpose: ChallengePurpose; accountId: string | null; expiresAtMs: number },
  nowMs: number,
): Promise<void> {
  await db.query({
    name: 'insert-passkey-challenge',
    text: `with old as (
             delete from passkey_challenge where challenge_hash in
               (select challenge_hash from passkey_challenge where expires_at < to_timestamp($5::float8 / 1000)
                 limit 100 for update skip locked)
           )
           insert into passkey_challenge (challenge_hash, purpose, account_id, expires_at)
           values ($1, $2, $3, to_timestamp($4::float8 / 1000))`,
    values: [challenge.hash, challenge.purpose, challenge.accountId, challenge.expiresAtMs, nowMs],
  });
}

/** True once for each challenge, and only for the purpose and the account it was made for, before it expires. */
export async function takeChallenge(
  db: Queryable,
  hash: Buffer,
  purpose: ChallengePurpose,
  accountId: string | null,
  nowMs: number,
): Promise<boolean> {
  const { rows } = await db.query({
    name: 'take-passkey-challenge',
    text: `delete from passkey_challenge where challenge_hash = $1
           returning purpose = $2 and account_id is not distinct from $3::uuid and expires_at > to_timestamp($4::float8 / 1000) as good`,
    values: [hash, purpose, accountId, nowMs],
  });
  return (rows[0] as { good: boolean } | undefined)?.good === true;
}

/** These parts of the platform with the passkeys that it knows, as whoever asks with passkeys takes them. */
export function withPasskeys<Parts extends { db: { pool: Queryable } }>(parts: Parts) {
  const { pool } = parts.db;
  return {
    ...parts,
    passkeys: {
      insertChallenge: (challenge: Parameters<typeof insertChallenge>[1], nowMs: number) =>
        insertChallenge(pool, challenge, nowMs),
      takeChallenge: (hash: Buffer, purpose: ChallengePurpose, accountId: string | null, nowMs: number) =>
        takeChallenge(pool, hash, purpose, accountId, nowMs),
      find: (credentialId: Buffer) => findPasskey(pool, credentialId),
    },
  };
}
