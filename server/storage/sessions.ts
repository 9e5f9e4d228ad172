// Sessions, found by the hash of their token. Whether one is still good is decided by whoever asks, with their clock.
import type { SecondFactor } from '../../core/sign-in/factors.ts';
import { isStaff } from './factors.ts';
import type { Queryable } from './queryable.ts';

export type SessionEnd =
  | 'signed-out'
  | 'ended-by-owner'
  | 'password-changed'
  | 'factor-changed'
  | 'recovered'
  | 'replaced'
  | 'too-many';

export interface NewSession {
  sessionId: string;
  accountId: string;
  tokenHash: Buffer;
  addressKey: Buffer;
  agent: string;
  startedAtMs: number;
  /** Ends after this long without activity. */
  idleMs: number;
  /** The same for whoever works with records. */
  staffIdleMs: number;
  /** Ends after this long in any case. */
  absoluteMs: number;
  /** By what it was proved a second time; null: by the password alone. */
  second: SecondFactor | null;
}

/**
 * False when the account's password is no longer the one that was verified, or the account is disabled: a sign-in that
 * races a change of password must not outlive it. Locks the account row against such a change until commit.
 */
export async function insertSession(
  db: Queryable,
  session: NewSession,
  verifiedHash: string,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'insert-session',
    text: `insert into session (session_id, account_id, token_hash, address_key, agent, created_at, last_seen_at, proved_at, expires_at, idle_ms, second)
           select $1::uuid, a.account_id, $3::bytea, $4::bytea, $5, to_timestamp($6::float8 / 1000), to_timestamp($6::float8 / 1000),
                  to_timestamp($6::float8 / 1000), to_timestamp(($6::float8 + $8::float8) / 1000),
                  case when ${isStaff} then least($7::int, $11::int) else $7::int end, $10::text
             from account a
            where a.account_id = $2 and a.password_hash = $9 and a.disabled_at is null
              for share`,
    values: [
      session.sessionId,
      session.accountId,
      session.tokenHash,
      session.addressKey,
      session.agent,
      session.startedAtMs,
      session.idleMs,
      session.absoluteMs,
      verifiedHash,
      session.second,
      session.staffIdleMs,
    ],
  });
  return rowCount === 1;
}

/** A session with what every request needs to know of its account and person. */
export interface SessionActor {
  sessionId: string;
  accountId: string;
  patientId: string;
  lastSeenAt: Date;
  provedAt: Date;
  expiresAt: Date;
  idleMs: number;
  endedWhy: SessionEnd | null;
  disabled: boolean;
  second: SecondFactor | null;
  /** Works with records or administers. */
  staff: boolean;
  /** Whether the account was given anything over other people's records: what, is asked where it matters. */
  holdsAuthorities: boolean;
  /** Entry of the Patient resource as it stands, for `findNamesOfEntry`; null when there is none. */
  patientEntryId: string | null;
}

/** The one statement that requests with a cookie cost, however many come together: one answer for each hash, in order. */
export async function findSessionActors(
  db: Queryable,
  tokenHashes: readonly Uint8Array[],
): Promise<(SessionActor | undefined)[]> {
  const { rows } = await db.query({
    name: 'find-session-actors',
    text: `select asked.place, found.* from unnest($1::bytea[]) with ordinality asked(token_hash, place)
            cross join lateral (
              select s.session_id as "sessionId", s.account_id as "accountId", a.patient_id as "patientId",
                     s.last_seen_at as "lastSeenAt", s.proved_at as "provedAt", s.expires_at as "expiresAt",
                     s.idle_ms as "idleMs", s.ended_why as "endedWhy", a.disabled_at is not null as disabled,
                     s.second, ${isStaff} as staff,
                     exists (select from authority h where h.holder_id = a.account_id and h.ended_at is null)
                       or exists (select from organization_member m join authority h on h.organization_id = m.organization_id
                         and h.holder_id is null and h.ended_at is null where m.account_id = a.account_id and m.ended_at is null)
                       as "holdsAuthorities",
                     (select r.entry_id from resource r where r.patient_id = a.patient_id and r.resource_type = 'Patient'
                         and r.resource_id = a.patient_id and not r.deleted) as "patientEntryId"
                from session s join account a on a.account_id = s.account_id
               where s.token_hash = asked.token_hash offset 0) found`,
    values: [tokenHashes],
  });
  const found = Array<SessionActor | undefined>(tokenHashes.length).fill(undefined);
  for (const { place, ...actor } of rows as (SessionActor & { place: number })[]) found[place - 1] = actor;
  return found;
}

/** `name` of a Patient resource as this entry wrote it. A version never changes, so neither does the answer. */
export async function findNamesOfEntry(db: Queryable, patientId: string, entryId: string): Promise<unknown> {
  const { rows } = await db.query({
    name: 'find-names-of-entry',
    text: `select content::json -> 'name' as name from resource
            where patient_id = $1 and resource_type = 'Patient' and resource_id = $1 and entry_id = $2
           union all
           select content::json -> 'name' from resource_history
            where patient_id = $1 and resource_type = 'Patient' and resource_id = $1 and entry_id = $2 limit 1`,
    values: [patientId, entryId],
  });
  return (rows[0] as { name: unknown } | undefined)?.name;
}

/** A factor was added in this very session: it counts as proved by it. */
export async function noteSecond(db: Queryable, sessionId: string, second: SecondFactor): Promise<void> {
  await db.query({
    name: 'note-session-second',
    text: `update session set second = $2 where session_id = $1 and second is null`,
    values: [sessionId, second],
  });
}

/** Notes activity. Never revives a session that ended meanwhile. */
export async function touchSession(db: Queryable, sessionId: string, seenAtMs: number): Promise<void> {
  await db.query({
    name: 'touch-session',
    text: `update session set last_seen_at = greatest(last_seen_at, to_timestamp($2::float8 / 1000))
            where session_id = $1 and ended_at is null`,
    values: [sessionId, seenAtMs],
  });
}

export interface ListedSession {
  sessionId: string;
  agent: string;
  createdAt: Date;
  lastSeenAt: Date;
  expiresAt: Date;
}

/** Sessions of one account that are still good, the most recently used first. */
export async function listSessions(
  db: Queryable,
  accountId: string,
  nowMs: number,
): Promise<ListedSession[]> {
  const { rows } = await db.query({
    name: 'list-sessions',
    text: `select session_id as "sessionId", agent, created_at as "createdAt", last_seen_at as "lastSeenAt", expires_at as "expiresAt"
             from session
            where account_id = $1 and ended_at is null and expires_at > to_timestamp($2::float8 / 1000)
              and last_seen_at + idle_ms * interval '1 millisecond' > to_timestamp($2::float8 / 1000)
            order by last_seen_at desc, session_id limit 100`,
    values: [accountId, nowMs],
  });
  return rows as ListedSession[];
}

/** Ends one session of this account. False when the account has no such session that is still open. */
export async function endSession(
  db: Queryable,
  accountId: string,
  sessionId: string,
  why: SessionEnd,
  nowMs: number,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'end-session',
    text: `update session set ended_at = to_timestamp($4::float8 / 1000), ended_why = $3
            where session_id = $2 and account_id = $1 and ended_at is null`,
    values: [accountId, sessionId, why, nowMs],
  });
  return rowCount === 1;
}

/** Ends every open session of the account but one (or all, when `exceptId` is null). Returns how many. */
export async function endOtherSessions(
  db: Queryable,
  accountId: string,
  exceptId: string | null,
  why: SessionEnd,
  nowMs: number,
): Promise<number> {
  const { rowCount } = await db.query({
    name: 'end-other-sessions',
    text: `update session set ended_at = to_timestamp($4::float8 / 1000), ended_why = $3
            where account_id = $1 and ended_at is null and ($2::uuid is null or session_id <> $2::uuid)`,
    values: [accountId, exceptId, why, nowMs],
  });
  return rowCount ?? 0;
}

/** Ends whatever session a browser held before it signed in anew, whosever it was. */
export async function replaceSession(db: Queryable, tokenHash: Buffer, nowMs: number): Promise<void> {
  await db.query({
    name: 'replace-session',
    text: `update session set ended_at = to_timestamp($2::float8 / 1000), ended_why = 'replaced'
            where token_hash = $1 and ended_at is null`,
    values: [tokenHash, nowMs],
  });
}

/** Keeps the table small: forgets what is long over, and ends an account's oldest sessions beyond `most`, never `newestId`. */
export async function tidySessions(
  db: Queryable,
  accountId: string,
  nowMs: number,
  newestId: string,
  limits: { most: number; keepMs: number },
): Promise<void> {
  await db.query({
    name: 'forget-sessions',
    text: `delete from session where account_id = $1 and coalesce(ended_at, expires_at) < to_timestamp(($2::float8 - $3::float8) / 1000)`,
    values: [accountId, nowMs, limits.keepMs],
  });
  await db.query({
    name: 'end-surplus-sessions',
    text: `update session set ended_at = to_timestamp($2::float8 / 1000), ended_why = 'too-many'
            where session_id in (select session_id from session where account_id = $1 and ended_at is null
                                  order by session_id = $4 desc, created_at desc, session_id offset $3)`,
    values: [accountId, nowMs, limits.most, newestId],
  });
}

/** Whether this account signed in from this address since then. */
export async function addressIsKnown(
  db: Queryable,
  accountId: string,
  addressKey: Buffer,
  sinceMs: number,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'address-is-known',
    text: `select 1 from session where account_id = $1 and address_key = $2 and created_at > to_timestamp($3::float8 / 1000) limit 1`,
    values: [accountId, addressKey, sinceMs],
  });
  return rowCount === 1;
}
