// Notices to a person: that something happened, never what their record says. Stored with the entry they tell of.
import type { Queryable } from './queryable.ts';

export interface NewNotice {
  patientId: string;
  noticeId: string;
  /** 'card-scan', 'contact-scan', … */
  kind: string;
  entryId: string;
  /** Without health content: it may leave the app. */
  detail: Readonly<Record<string, string | number | boolean>>;
  createdAtMs: number;
}

export interface Notice {
  noticeId: string;
  kind: string;
  entryId: string | null;
  detail: Record<string, unknown>;
  createdAt: Date;
  readAt: Date | null;
}

/** Newest first, older than `before` when given. What is for a day to come waits for that day. */
export async function listNotices(
  db: Queryable,
  patientId: string,
  nowMs: number,
  limit: number,
  before: string = 'ffffffff-ffff-ffff-ffff-ffffffffffff',
): Promise<Notice[]> {
  const { rows } = await db.query({
    name: 'list-notices',
    text: `select notice_id as "noticeId", kind, entry_id as "entryId", detail, created_at as "createdAt", read_at as "readAt"
             from notice where patient_id = $1 and notice_id < $2::uuid and created_at <= to_timestamp($4::float8 / 1000)
            order by notice_id desc limit $3`,
    values: [patientId, before, limit, nowMs],
  });
  return rows as Notice[];
}

/** How many are unread; counts no further than `atMost`. */
export async function countUnreadNotices(
  db: Queryable,
  patientId: string,
  nowMs: number,
  atMost: number,
): Promise<number> {
  const { rows } = await db.query({
    name: 'count-unread-notices',
    text: `select count(*)::int as unread from
             (select 1 from notice where patient_id = $1 and read_at is null and created_at <= to_timestamp($3::float8 / 1000) limit $2) counted`,
    values: [patientId, atMost, nowMs],
  });
  return (rows[0] as { unread: number }).unread;
}

/** False when this person has no such notice. Marking twice keeps the first time. */
export async function markNoticeRead(
  db: Queryable,
  patientId: string,
  noticeId: string,
  nowMs: number,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'mark-notice-read',
    text: `update notice set read_at = coalesce(read_at, to_timestamp($3::float8 / 1000))
            where patient_id = $1 and notice_id = $2::uuid`,
    values: [patientId, noticeId, nowMs],
  });
  return rowCount === 1;
}

/** The six column arrays of notices, in the order every statement that stores notices takes them. */
export function noticeColumns(notices: readonly NewNotice[]): unknown[] {
  return [
    notices.map((n) => n.patientId),
    notices.map((n) => n.noticeId),
    notices.map((n) => n.kind),
    notices.map((n) => n.entryId),
    notices.map((n) => JSON.stringify(n.detail)),
    notices.map((n) => n.createdAtMs),
  ];
}

/** Stores notices inside the caller's transaction. */
export async function insertNotices(db: Queryable, notices: readonly NewNotice[]): Promise<void> {
  if (notices.length === 0) return;
  await db.query({
    name: 'insert-notices',
    text: `insert into notice (patient_id, notice_id, kind, entry_id, detail, created_at)
           select patient_id, notice_id, kind, entry_id, detail, to_timestamp(created_ms / 1000)
             from unnest($1::text[], $2::uuid[], $3::text[], $4::uuid[], $5::jsonb[], $6::float8[])
               as t(patient_id, notice_id, kind, entry_id, detail, created_ms)`,
    values: noticeColumns(notices),
  });
}
