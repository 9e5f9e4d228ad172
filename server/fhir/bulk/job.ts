// What exports and imports share: who a job belongs to, its addresses, its status, its end.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { FhirError, fhirError } from '../../errors.ts';
import type { Actor } from '../../http/actor.ts';
import { agentFamily } from '../../http/agent-family.ts';
import type { Deps } from '../../http/deps.ts';
import { countAttempt } from '../../storage/attempts.ts';
import type { BulkJob } from '../../storage/bulk-jobs.ts';
import { deleteBulkJob, findBulkJob, insertBulkJob } from '../../storage/bulk-jobs.ts';
import { inTransaction } from '../../storage/transaction.ts';
import { uuidV7 } from '../../storage/uuid.ts';
import { contextOfActor } from '../asker.ts';
import type { RequestContext } from '../asker.ts';
import { notFound } from '../read.ts';

/** Unfinished jobs and jobs in all that one client or person may have at a time. */
export const jobLimits = { open: 3, all: 20 };
/** Results are kept for a day; an upload that is never finished, for an hour. */
export const keptMs = 24 * 3_600_000;
export const uploadMs = 3_600_000;
export const retryAfterSeconds = 1;
/** Statuses asked for in a minute, for each job. */
const pollLimit = 120;

export const ndjson = 'application/fhir+ndjson';
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The actor as a job keeps them: enough for decisions and entries, nothing of a session. */
type Requester = Exclude<Actor, { kind: 'anonymous' }>;

export function ownerOfActor(actor: Actor): string {
  if (actor.kind === 'client') return `client:${actor.clientId}`;
  return actor.kind === 'person' ? `account:${actor.accountId}` : actor.kind;
}

export function contextOfJob(job: Pick<BulkJob, 'requester' | 'agent'>): RequestContext {
  return contextOfActor(job.requester as unknown as Requester, job.agent);
}

/** Makes the job of this request; throws 429 when its owner has too many. */
export async function startJob(
  deps: Deps,
  request: Pick<FastifyRequest, 'actor' | 'headers'>,
  job: Pick<BulkJob, 'kind' | 'request' | 'state' | 'position'>,
): Promise<string> {
  const jobId = uuidV7(deps.now(), deps.randomBytes);
  const { actor } = request;
  const requester =
    actor.kind === 'person' ? { ...actor, sessionId: '', provedAtMs: 0 } : ({ ...actor } as object);
  const made = await inTransaction(deps.db.pool, (client) =>
    insertBulkJob(
      client,
      {
        ...job,
        jobId,
        owner: ownerOfActor(actor),
        requester: requester as Record<string, unknown>,
        agent: agentFamily(request.headers['user-agent']),
      },
      jobLimits,
      deps.now(),
      deps.now() + (job.state === 'loading' ? uploadMs : keptMs),
    ),
  );
  if (made) return jobId;
  throw new FhirError(
    429,
    [
      {
        severity: 'error',
        code: 'throttled',
        diagnostics: `At most ${jobLimits.open} jobs run and ${jobLimits.all} are kept for one client. Wait for one, or delete one.`,
      },
    ],
    { 'retry-after': '60' },
  );
}

export const statusUrl = (deps: Deps, jobId: string): string =>
  `${deps.config.publicUrl}/fhir/R4/$bulk-status/${jobId}`;

export async function requireJob(deps: Deps, request: FastifyRequest): Promise<BulkJob> {
  const { job: jobId = '' } = request.params as { job?: string };
  const job = uuid.test(jobId)
    ? await findBulkJob(deps.db.pool, jobId, ownerOfActor(request.actor))
    : undefined;
  if (!job || deps.now() >= job.expiresAt.getTime()) throw notFound();
  return job;
}

/** Too many questions about one job are answered 429: asking does not make it faster. */
export async function limitPolling(deps: Deps, job: BulkJob): Promise<void> {
  const key = Buffer.from(job.jobId.replaceAll('-', ''), 'hex');
  const window = { purpose: 'bulk-status', key, limit: pollLimit, windowMs: 60_000 };
  const { allowed, retryAfterMs } = await countAttempt(deps.db.pool, window, deps.now());
  if (allowed) return;
  throw new FhirError(
    429,
    [{ severity: 'error', code: 'throttled', diagnostics: 'This job was asked about too often.' }],
    { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) },
  );
}

/** DELETE of a job: it stops, and what it holds is gone. 202, and 404 from then on. */
export const deleteJob = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const job = await requireJob(deps, request);
  if (!(await deleteBulkJob(deps.db.pool, job.jobId, job.owner))) throw notFound();
  return reply.code(202).send();
};

export function requireAsync(request: FastifyRequest): void {
  if (!/(^|[\s,;])respond-async([\s,;]|$)/.test(String(request.headers.prefer ?? '')))
    throw fhirError(
      400,
      'not-supported',
      'This is answered later: send the header Prefer: respond-async.',
      'http.Prefer',
    );
}
