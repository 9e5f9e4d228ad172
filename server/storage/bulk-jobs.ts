// Jobs of export and import: made, found by their owner, taken in turns by whichever process is free, and forgotten when they expire.
import type pg from 'pg';
import type { Queryable } from './queryable.ts';

export type BulkState = 'loading' | 'running' | 'done' | 'failed';

export interface BulkJob {
  jobId: string;
  kind: 'export' | 'import';
  owner: string;
  requester: Record<string, unknown>;
  agent: string;
  request: Record<string, unknown>;
  state: BulkState;
  position: Record<string, unknown>;
  failure: string | null;
  createdAt: Date;
  finishedAt: Date | null;
  expiresAt: Date;
}

const columns = `job_id as "jobId", kind, owner, requester, agent, request, state, position, failure,
  created_at as "createdAt", finished_at as "finishedAt", expires_at as "expiresAt"`;

export type NewBulkJob = Pick<
  BulkJob,
  'jobId' | 'kind' | 'owner' | 'requester' | 'agent' | 'request' | 'state' | 'position'
>;

/** False when the owner has `limits.open` unfinished or `limits.all` jobs already: counted and inserted under one lock. */
export async function insertBulkJob(
  client: Queryable,
  job: NewBulkJob,
  limits: { open: number; all: number },
  nowMs: number,
  expiresAtMs: number,
): Promise<boolean> {
  await client.query({
    text: `select pg_advisory_xact_lock(hashtextextended('bulk:' || $1, 0))`,
    values: [job.owner],
  });
  const { rowCount } = await client.query({
    text: `insert into bulk_job (job_id, kind, owner, requester, agent, request, state, position, created_at, stepped_at, expires_at)
           select $1, $2, $3, $4, $5, $6, $7, $8, to_timestamp($9::float8 / 1000), to_timestamp($9::float8 / 1000), to_timestamp($10::float8 / 1000)
            where (select count(*) from bulk_job where owner = $3 and state in ('loading', 'running')) < $11
              and (select count(*) from bulk_job where owner = $3) < $12`,
    values: [
      job.jobId,
      job.kind,
      job.owner,
      JSON.stringify(job.requester),
      job.agent,
      JSON.stringify(job.request),
      job.state,
      JSON.stringify(job.position),
      nowMs,
      expiresAtMs,
      limits.open,
      limits.all,
    ],
  });
  return rowCount === 1;
}

export async function findBulkJob(db: Queryable, jobId: string, owner: string): Promise<BulkJob | undefined> {
  const { rows } = await db.query({
    name: 'find-bulk-job',
    text: `select ${columns} from bulk_job where job_id = $1 and owner = $2`,
    values: [jobId, owner],
  });
  return rows[0] as BulkJob | undefined;
}

/** Unfinished jobs of one owner, oldest first. */
export async function listOpenBulkJobs(db: Queryable, owner: string): Promise<BulkJob[]> {
  const { rows } = await db.query({
    text: `select ${columns} from bulk_job where owner = $1 and state = 'running' order by created_at limit 100`,
    values: [owner],
  });
  return rows as BulkJob[];
}

/** The job and all it holds. False when this owner has none such. */
export async function deleteBulkJob(db: Queryable, jobId: string, owner: string): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'delete-bulk-job',
    text: `delete from bulk_job where job_id = $1 and owner = $2`,
    values: [jobId, owner],
  });
  return rowCount === 1;
}

/**
 * The running job that waits longest and that nobody else is at, held until the transaction ends: a process that dies lets go of it at once.
 * `only` asks for one job.
 */
export async function claimBulkJob(client: pg.PoolClient, only?: string): Promise<BulkJob | undefined> {
  const { rows } = await client.query({
    name: 'claim-bulk-job',
    text: `with waiting as materialized (
             select job_id from bulk_job where state = 'running' and ($1::uuid is null or job_id = $1) order by stepped_at, job_id limit 20
           ), claimed as materialized (
             select job_id from waiting where pg_try_advisory_xact_lock(hashtextextended('bulk-step:' || job_id::text, 0)) limit 1
           )
           select ${columns} from bulk_job where job_id = (select job_id from claimed) and state = 'running'`,
    values: [only ?? null],
  });
  return rows[0] as BulkJob | undefined;
}

/**
 * Moves a running job on, inside the transaction that stores what was done. False when the job is gone, over, or was moved by somebody else
 * meanwhile: then nothing of that transaction may be kept.
 */
export async function moveBulkJob(
  client: Queryable,
  job: Pick<BulkJob, 'jobId' | 'position'>,
  to: { position: Record<string, unknown>; state?: BulkState; failure?: string; expiresAtMs?: number },
  nowMs: number,
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'move-bulk-job',
    text: `update bulk_job set position = $3, state = $4, failure = $5, stepped_at = clock_timestamp(),
                  finished_at = case when $4 in ('done', 'failed') then to_timestamp($6::float8 / 1000) end,
                  expires_at = coalesce(to_timestamp($7::float8 / 1000), expires_at)
            where job_id = $1 and state = 'running' and position = $2::jsonb`,
    values: [
      job.jobId,
      JSON.stringify(job.position),
      JSON.stringify(to.position),
      to.state ?? 'running',
      to.failure ?? null,
      nowMs,
      to.expiresAtMs ?? null,
    ],
  });
  return rowCount === 1;
}

/** Every other job has its turn before this one. */
export async function putBulkJobBehind(db: Queryable, jobId: string): Promise<void> {
  await db.query({
    name: 'put-bulk-job-behind',
    text: 'update bulk_job set stepped_at = clock_timestamp() where job_id = $1',
    values: [jobId],
  });
}

/** Deletes jobs that are over their time, and uploads that were never finished. */
export async function pruneBulkJobs(db: Queryable, nowMs: number): Promise<void> {
  await db.query({
    name: 'prune-bulk-jobs',
    text: `delete from bulk_job where expires_at <= to_timestamp($1::float8 / 1000)`,
    values: [nowMs],
  });
}
