// The lines of an import: stored as they arrive, taken a chunk at a time, settled in the transaction that stores what they say.
import type { Queryable } from './queryable.ts';

export interface NewLine {
  lineNumber: number;
  file: string;
  fileLine: number;
  resourceType: string | null;
  sourceId: string | null;
  owner: string;
  newId: string;
  /** Absent: it waits. */
  reason?: string;
  content: string;
}

export interface WaitingLine {
  lineNumber: number;
  resourceType: string;
  sourceId: string | null;
  newId: string;
  owner: string;
  content: string;
}

export interface Settled {
  lineNumber: number;
  state: 'stored' | 'known' | 'refused';
  reason?: string;
  /** For a line that is known already: what stands for it. */
  newId?: string;
}

export async function insertLines(
  client: Queryable,
  jobId: string,
  lines: readonly NewLine[],
): Promise<void> {
  await client.query({
    name: 'insert-bulk-lines',
    text: `insert into bulk_line (job_id, line_number, file, file_line, resource_type, source_id, owner, new_id, state, reason, content)
           select $1, l.line_number, l.file, l.file_line, l.resource_type, l.source_id, l.owner, l.new_id,
                  case when l.reason is null then 'waiting' else 'refused' end, l.reason, case when l.reason is null then l.content end
             from unnest($2::int[], $3::text[], $4::int[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[])
               as l(line_number, file, file_line, resource_type, source_id, owner, new_id, reason, content)`,
    values: [
      jobId,
      lines.map((l) => l.lineNumber),
      lines.map((l) => l.file),
      lines.map((l) => l.fileLine),
      lines.map((l) => l.resourceType),
      lines.map((l) => l.sourceId),
      lines.map((l) => l.owner),
      lines.map((l) => l.newId),
      lines.map((l) => l.reason ?? null),
      lines.map((l) => l.content),
    ],
  });
}

/** When all lines are there: the second of two with one type and id is refused, and the job begins. */
export async function closeUpload(
  client: Queryable,
  jobId: string,
  position: Record<string, unknown>,
  expiresAtMs: number,
): Promise<void> {
  await client.query({
    text: `update bulk_line l set state = 'refused', content = null, reason = 'An earlier line has the same type and id.'
            where job_id = $1 and state = 'waiting' and source_id is not null
              and exists (select 1 from bulk_line o where o.job_id = l.job_id and o.resource_type = l.resource_type and o.source_id = l.source_id
                                                      and o.line_number < l.line_number)`,
    values: [jobId],
  });
  await client.query({
    text: `update bulk_job set state = 'running', position = $2, expires_at = to_timestamp($3::float8 / 1000) where job_id = $1 and state = 'loading'`,
    values: [jobId, JSON.stringify(position), expiresAtMs],
  });
}

const waiting = `line_number as "lineNumber", resource_type as "resourceType", source_id as "sourceId", new_id as "newId", owner, content`;

/** Waiting lines of these types that might be known already, after a line. */
export async function listIdentifiable(
  db: Queryable,
  jobId: string,
  types: readonly string[],
  afterLine: number,
  limit: number,
): Promise<WaitingLine[]> {
  const { rows } = await db.query({
    name: 'list-identifiable-lines',
    text: `select ${waiting} from bulk_line where job_id = $1 and state = 'waiting' and resource_type = any($2) and line_number > $3
            order by line_number limit $4`,
    values: [jobId, types, afterLine, limit],
  });
  return rows as WaitingLine[];
}

/** Waiting lines, those of one record together; the directory, whose owner is '', is first of all. */
export async function listChunk(db: Queryable, jobId: string, limit: number): Promise<WaitingLine[]> {
  const { rows } = await db.query({
    name: 'list-chunk',
    text: `select ${waiting} from bulk_line where job_id = $1 and state = 'waiting' order by owner, line_number limit $2`,
    values: [jobId, limit],
  });
  return rows as WaitingLine[];
}

export interface LineByName extends Omit<WaitingLine, 'content'> {
  state: 'waiting' | 'stored' | 'known' | 'refused';
  content: string | null;
}

/** The lines that stand for these types and ids of the source; of several the first. */
export async function findLines(
  db: Queryable,
  jobId: string,
  names: readonly { type: string; id: string }[],
): Promise<LineByName[]> {
  if (names.length === 0) return [];
  const { rows } = await db.query({
    name: 'find-bulk-lines',
    text: `select distinct on (l.resource_type, l.source_id) ${waiting.replace('line_number', 'l.line_number').replace('resource_type', 'l.resource_type')}, state
             from bulk_line l join unnest($2::text[], $3::text[]) n(resource_type, source_id) using (resource_type, source_id)
            where l.job_id = $1 order by l.resource_type, l.source_id, l.line_number`,
    values: [jobId, names.map((n) => n.type), names.map((n) => n.id)],
  });
  return rows as LineByName[];
}

export async function settleLines(
  client: Queryable,
  jobId: string,
  settled: readonly Settled[],
): Promise<void> {
  if (settled.length === 0) return;
  await client.query({
    name: 'settle-bulk-lines',
    text: `update bulk_line l set state = s.state, reason = s.reason, new_id = coalesce(s.new_id, l.new_id), content = null
             from unnest($2::int[], $3::text[], $4::text[], $5::text[]) s(line_number, state, reason, new_id)
            where l.job_id = $1 and l.line_number = s.line_number`,
    values: [
      jobId,
      settled.map((s) => s.lineNumber),
      settled.map((s) => s.state),
      settled.map((s) => s.reason ?? null),
      settled.map((s) => s.newId ?? null),
    ],
  });
}

/** All lines of people who are known already are left alone with them. */
export async function settleRecordsOf(
  client: Queryable,
  jobId: string,
  owners: readonly string[],
): Promise<void> {
  await client.query({
    name: 'settle-known-records',
    text: `update bulk_line set state = 'known', content = null where job_id = $1 and state = 'waiting' and owner = any($2)`,
    values: [jobId, owners],
  });
}

export interface LineCounts {
  /** Of those stored: how many are people. */
  people: number;
  waiting: number;
  stored: number;
  known: number;
  refused: number;
}

export async function countLines(db: Queryable, jobId: string): Promise<LineCounts> {
  const { rows } = await db.query({
    name: 'count-bulk-lines',
    text: `select count(*) filter (where state = 'waiting')::int as waiting, count(*) filter (where state = 'stored')::int as stored,
                  count(*) filter (where state = 'known')::int as known, count(*) filter (where state = 'refused')::int as refused,
                  count(*) filter (where state = 'stored' and resource_type = 'Patient')::int as people
             from bulk_line where job_id = $1`,
    values: [jobId],
  });
  return rows[0] as LineCounts;
}

export interface LineOutcome {
  lineNumber: number;
  file: string;
  fileLine: number;
  resourceType: string | null;
  newId: string;
  state: 'waiting' | 'stored' | 'known' | 'refused';
  reason: string | null;
}

/** What became of the lines, in their order, after one; `refusedOnly` for the list of errors. */
export async function listOutcomes(
  db: Queryable,
  jobId: string,
  afterLine: number,
  limit: number,
  refusedOnly: boolean,
): Promise<LineOutcome[]> {
  const { rows } = await db.query({
    name: 'list-line-outcomes',
    text: `select line_number as "lineNumber", file, file_line as "fileLine", resource_type as "resourceType", new_id as "newId", state, reason
             from bulk_line where job_id = $1 and line_number > $2 and (not $4 or state = 'refused') order by line_number limit $3`,
    values: [jobId, afterLine, limit, refusedOnly],
  });
  return rows as LineOutcome[];
}
