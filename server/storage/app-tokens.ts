// What the authorization library keeps: codes, tokens, requests under way. Found by the SHA-256 of their name alone; whatever hangs
// on what a person gave is gone the moment that it was taken back, its session ended, or its account or app was shut.
import { hash } from 'node:crypto';
import type { Queryable } from './queryable.ts';

export interface StoredToken {
  payload: Record<string, unknown>;
  consumedAt: Date | null;
}

const hashOf = (kind: string, name: string): Buffer =>
  // An access token is looked for by its hash alone, like every other one.
  hash('sha256', kind === 'AccessToken' ? name : `${kind} ${name}`, 'buffer');

/** What lets a grant `g` count. `$now` in epoch milliseconds. */
const grantHolds = (
  now: string,
): string => `g.ended_at is null and g.expires_at > to_timestamp(${now}::float8 / 1000)
  and exists (select from client c where c.client_id = g.client_id and c.disabled_at is null and c.approved_at is not null)
  and exists (select from account a where a.account_id = g.account_id and a.disabled_at is null)
  and (g.session_id is null or exists (select from session s where s.session_id = g.session_id and s.ended_at is null
        and s.expires_at > to_timestamp(${now}::float8 / 1000)))`;

export async function putAppToken(
  db: Queryable,
  kind: string,
  name: string,
  token: {
    payload: Record<string, unknown>;
    grantId: string | undefined;
    uid: string | undefined;
    expiresAtMs: number;
  },
): Promise<void> {
  await db.query({
    name: 'put-app-token',
    text: `insert into app_token (token_hash, kind, grant_id, uid, payload, expires_at)
           values ($1, $2, $3, $4, $5, to_timestamp($6::float8 / 1000))
           on conflict (token_hash) do update set payload = excluded.payload, grant_id = excluded.grant_id, uid = excluded.uid,
             expires_at = excluded.expires_at`,
    values: [
      hashOf(kind, name),
      kind,
      token.grantId ?? null,
      token.uid ?? null,
      JSON.stringify(token.payload),
      token.expiresAtMs,
    ],
  });
}

const live = `t.expires_at > to_timestamp($3::float8 / 1000)
  and (t.grant_id is null or exists (select from app_grant g where g.grant_id = t.grant_id and ${grantHolds('$3')}))`;

export async function findAppToken(
  db: Queryable,
  kind: string,
  name: string,
  nowMs: number,
): Promise<StoredToken | undefined> {
  const { rows } = await db.query({
    name: 'find-app-token',
    text: `select t.payload, t.consumed_at as "consumedAt" from app_token t where t.token_hash = $1 and t.kind = $2 and ${live}`,
    values: [hashOf(kind, name), kind, nowMs],
  });
  return rows[0] as StoredToken | undefined;
}

export async function findAppTokenByUid(
  db: Queryable,
  kind: string,
  uid: string,
  nowMs: number,
): Promise<StoredToken | undefined> {
  const { rows } = await db.query({
    name: 'find-app-token-by-uid',
    text: `select t.payload, t.consumed_at as "consumedAt" from app_token t where t.uid = $1 and t.kind = $2 and ${live}`,
    values: [uid, kind, nowMs],
  });
  return rows[0] as StoredToken | undefined;
}

/** Uses it up. False when that was done before: of two at once exactly one gets true. */
export async function consumeAppToken(
  db: Queryable,
  kind: string,
  name: string,
  nowMs: number,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'consume-app-token',
    text: `update app_token set consumed_at = to_timestamp($3::float8 / 1000)
            where token_hash = $1 and kind = $2 and consumed_at is null`,
    values: [hashOf(kind, name), kind, nowMs],
  });
  return rowCount === 1;
}

export async function deleteAppToken(db: Queryable, kind: string, name: string): Promise<void> {
  await db.query({
    name: 'delete-app-token',
    text: `delete from app_token where token_hash = $1 and kind = $2`,
    values: [hashOf(kind, name), kind],
  });
}

/** Forgets what is long over; at most a thousand at a time. */
export async function forgetAppTokens(db: Queryable, nowMs: number): Promise<void> {
  await db.query({
    name: 'forget-app-tokens',
    text: `with over as (select token_hash from app_token where expires_at < to_timestamp($1::float8 / 1000 - 86400) limit 1000),
                launches as (delete from app_launch where expires_at < to_timestamp($1::float8 / 1000))
           delete from app_token t using over where t.token_hash = over.token_hash`,
    values: [nowMs],
  });
}

/** When the keys of the authorization door were last changed; undefined before the first app asked. */
export async function findAppKeyTime(db: Queryable, purpose: string): Promise<number | undefined> {
  const { rows } = await db.query({
    name: 'find-app-key-time',
    text: `select (extract(epoch from created_at) * 1000)::float8 as at from app_key where purpose = $1`,
    values: [purpose],
  });
  return (rows[0] as { at: number } | undefined)?.at;
}

/** Takes the place of exactly the keys that were read. False when they were changed meanwhile. */
export async function replaceAppKeys(
  db: Queryable,
  purpose: string,
  keys: { was: Buffer; sealed: Buffer },
  nowMs: number,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'replace-app-keys',
    text: `update app_key set sealed = $3, created_at = greatest(to_timestamp($4::float8 / 1000), created_at + interval '1 millisecond')
            where purpose = $1 and sealed = $2`,
    values: [purpose, keys.was, keys.sealed, nowMs],
  });
  return rowCount === 1;
}

/** The sealed keys of the authorization door; those that were stored first stay. */
export async function keepAppKeys(
  db: Queryable,
  purpose: string,
  make: () => Promise<Buffer>,
  nowMs: number,
): Promise<Buffer> {
  const find = async (): Promise<Buffer | undefined> => {
    const { rows } = await db.query({
      name: 'find-app-key',
      text: `select sealed from app_key where purpose = $1`,
      values: [purpose],
    });
    return (rows[0] as { sealed: Buffer } | undefined)?.sealed;
  };
  const known = await find();
  if (known) return known;
  await db.query({
    name: 'keep-app-key',
    text: `insert into app_key (purpose, sealed, created_at) values ($1, $2, to_timestamp($3::float8 / 1000)) on conflict do nothing`,
    values: [purpose, await make(), nowMs],
  });
  const kept = await find();
  if (!kept) throw new Error('the keys of the authorization door could not be kept');
  return kept;
}
