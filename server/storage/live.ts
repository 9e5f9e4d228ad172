// Live events between processes, and who of those that hold a socket may still do so. Knows no sockets.
import { isStaff } from './factors.ts';
import type { Queryable } from './queryable.ts';

/** What triggers of the database announce there by themselves: a sign-in that is over, and work that changed. The key says whose. */
export const announced = { signIns: 'sign-ins', work: 'work' } as const;

export const listenStatement = 'LISTEN medallion_live';

/** Of these sessions, those that are still good. A socket is no activity: it does not keep a session alive. */
export async function findGoodSessions(
  db: Queryable,
  sessionIds: readonly string[],
  nowMs: number,
  staffIdleMs: number,
): Promise<Set<string>> {
  if (sessionIds.length === 0) return new Set();
  const { rows } = await db.query({
    name: 'find-good-sessions',
    text: `select s.session_id as id from session s join account a using (account_id)
            where s.session_id = any($1::uuid[]) and s.ended_why is null and a.disabled_at is null
              and s.expires_at > to_timestamp($2::float8 / 1000)
              and s.last_seen_at + make_interval(secs => (case when ${isStaff} then least(s.idle_ms, $3::int) else s.idle_ms end) / 1000.0) > to_timestamp($2::float8 / 1000)`,
    values: [sessionIds, nowMs, staffIdleMs],
  });
  return new Set((rows as { id: string }[]).map(({ id }) => id));
}

/** Of these token hashes (hexadecimal), those that are still good. */
export async function findGoodTokens(
  db: Queryable,
  hashes: readonly string[],
  nowMs: number,
): Promise<Set<string>> {
  if (hashes.length === 0) return new Set();
  const { rows } = await db.query({
    name: 'find-good-tokens',
    text: `select encode(t.token_hash, 'hex') as hash from access_token t join client c using (client_id)
            where t.token_hash = any($1::bytea[]) and c.disabled_at is null and t.expires_at > to_timestamp($2::float8 / 1000)`,
    values: [hashes.map((hash) => Buffer.from(hash, 'hex')), nowMs],
  });
  return new Set((rows as { hash: string }[]).map(({ hash }) => hash));
}
