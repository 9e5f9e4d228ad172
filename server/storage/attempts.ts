// Counters of attempts in fixed windows, shared by every process on the database. Knows neither logins nor addresses: keys are hashes.
import { hash } from 'node:crypto';
import type { Queryable } from './queryable.ts';

export interface AttemptWindow {
  purpose: string;
  /** 16 bytes. */
  key: Buffer;
  limit: number;
  windowMs: number;
}

/** Counts one attempt, first counted then judged, so that attempts made at once cannot share a place. */
export async function countAttempt(
  db: Queryable,
  window: AttemptWindow,
  nowMs: number,
): Promise<{ allowed: boolean; retryAfterMs: number }> {
  const { rows } = await db.query({
    name: 'count-attempt',
    text: `insert into attempt_count as c (purpose, key, count, expires_at)
           values ($1, $2, 1, to_timestamp(($4::float8 + $5::float8) / 1000))
           on conflict (purpose, key) do update
             set count = case when c.expires_at <= to_timestamp($4::float8 / 1000) then 1 else least(c.count + 1, $3 + 1) end,
                 expires_at = case when c.expires_at <= to_timestamp($4::float8 / 1000) then excluded.expires_at else c.expires_at end
           returning count, expires_at as "expiresAt"`,
    values: [window.purpose, window.key, window.limit, nowMs, window.windowMs],
  });
  const { count, expiresAt } = rows[0] as { count: number; expiresAt: Date };
  return { allowed: count <= window.limit, retryAfterMs: Math.max(0, expiresAt.getTime() - nowMs) };
}

/** Takes back attempts that turned out well: one each, or, with `forget`, the whole counter. */
export async function forgiveAttempts(
  db: Queryable,
  attempts: readonly { purpose: string; key: Buffer; forget: boolean }[],
): Promise<void> {
  await db.query({
    name: 'forgive-attempts',
    // Locked in one order, so that two sign-ins of one person cannot wait for each other.
    text: `with locked as (
             select c.purpose, c.key, t.forget
               from attempt_count c
               join unnest($1::text[], $2::bytea[], $3::bool[]) as t(purpose, key, forget) using (purpose, key)
              order by c.purpose, c.key for update of c
           )
           update attempt_count c set count = case when l.forget then 0 else greatest(c.count - 1, 0) end
             from locked l where c.purpose = l.purpose and c.key = l.key`,
    values: [attempts.map((a) => a.purpose), attempts.map((a) => a.key), attempts.map((a) => a.forget)],
  });
}

/** Deletes expired counters, then, beyond `cap`, those nearest to their end. */
export async function pruneAttempts(db: Queryable, nowMs: number, cap: number): Promise<void> {
  await db.query({
    name: 'prune-expired-attempts',
    text: `delete from attempt_count where (purpose, key) in (
             select purpose, key from attempt_count where expires_at <= to_timestamp($1::float8 / 1000)
                for update skip locked)`,
    values: [nowMs],
  });
  await db.query({
    name: 'prune-surplus-attempts',
    text: `delete from attempt_count where (purpose, key) in (
             select purpose, key from attempt_count order by expires_at, purpose, key
              limit greatest((select count(*) from attempt_count) - $1::bigint, 0) for update skip locked)`,
    values: [cap],
  });
}

/** 16 bytes over parts that cannot run into each other. */
export function attemptKey(...parts: readonly string[]): Buffer {
  return hash('sha256', JSON.stringify(parts), 'buffer').subarray(0, 16);
}
