// The one-time link that makes the first administrator: one row at most, dead once any administrator exists.
import type { Queryable } from './queryable.ts';

const noAdministrator = `not exists (select 1 from account where 'administrator' = any (roles))`;

/** Stores the link in place of any older one. False when an administrator exists: then there is none. */
export async function replaceSetupLink(
  db: Queryable,
  tokenHash: Buffer,
  expiresAtMs: number,
): Promise<boolean> {
  const { rowCount } = await db.query({
    text: `insert into setup_link (token_hash, expires_at) select $1::bytea, to_timestamp($2::float8 / 1000) where ${noAdministrator}
           on conflict (only_row) do update set token_hash = excluded.token_hash, expires_at = excluded.expires_at`,
    values: [tokenHash, expiresAtMs],
  });
  return rowCount === 1;
}

/** True once: whoever comes second waits for the first and finds nothing. Runs inside the caller's transaction. */
export async function consumeSetupLink(db: Queryable, tokenHash: Buffer, nowMs: number): Promise<boolean> {
  const { rowCount } = await db.query({
    text: `delete from setup_link where token_hash = $1 and expires_at > to_timestamp($2::float8 / 1000) and ${noAdministrator}`,
    values: [tokenHash, nowMs],
  });
  return rowCount === 1;
}

/** Whether this link would work now; uses nothing up. */
export async function setupLinkIsGood(db: Queryable, tokenHash: Buffer, nowMs: number): Promise<boolean> {
  const { rowCount } = await db.query({
    text: `select 1 from setup_link where token_hash = $1 and expires_at > to_timestamp($2::float8 / 1000) and ${noAdministrator}`,
    values: [tokenHash, nowMs],
  });
  return rowCount === 1;
}
