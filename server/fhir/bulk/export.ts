// Bulk Data export over HTTP: kick-off, status with manifest, and the files. Everything is bound to whoever asked; every file is decided
// about again when it is fetched.
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { decide } from '../../../core/access/decide.ts';
import { fhirError } from '../../errors.ts';
import type { Deps } from '../../http/deps.ts';
import { readBulkPart } from '../../storage/bulk-export.ts';
import type { BulkJob } from '../../storage/bulk-jobs.ts';
import type { RequestContext } from '../asker.ts';
import { requireContext } from '../asker.ts';
import { recordLook } from '../looks.ts';
import { notFound, requireReadable } from '../read.ts';
import { requireId } from '../resource-types.ts';
import { onlyElements } from './elements.ts';
import type { ExportRequest } from './export-request.ts';
import { membersOf, mostPatients, readExportRequest } from './export-request.ts';
import type { ExportPosition } from './export-steps.ts';
import { firstPosition } from './export-steps.ts';
import { ndjson, requireAsync, retryAfterSeconds, startJob, statusUrl } from './job.ts';

type Level = { system: boolean; patientIds?: readonly string[] };

/** `level`: whom the address itself names. */
const kickOff =
  (
    deps: Deps,
    wake: () => void,
    levelOf: (request: FastifyRequest, context: RequestContext) => Promise<Level>,
  ) =>
  async (request: FastifyRequest, reply: FastifyReply) => {
    const context = requireContext(request);
    // A job would go on after the app was shut out.
    if (context.asker.kind === 'app')
      throw fhirError(403, 'forbidden', 'An app reads what it was let in to see; it exports nothing.');
    requireAsync(request);
    const level = await levelOf(request, context);
    const { publicUrl } = deps.config;
    const asked = readExportRequest(request, context, { publicUrl, nowMs: deps.now() }, level);
    const jobId = await startJob(deps, request, {
      kind: 'export',
      state: 'running',
      request: asked as unknown as Record<string, unknown>,
      position: firstPosition(asked) as unknown as Record<string, unknown>,
    });
    await recordLook(deps, context, '', {
      event: 'bulk-export',
      basis: context.asker.kind === 'client' ? 'client-scope' : 'self',
      query: `${request.routeOptions.url?.replace('/fhir/R4', '') ?? ''} started`,
    });
    wake();
    return reply.code(202).header('content-location', statusUrl(deps, jobId)).send();
  };

/** Everybody's: only for whoever reads everybody. A person has `Patient/:id/$export`. */
function requireEverybody(context: RequestContext, type: string): void {
  if (context.asker.kind !== 'client' || !reads(context, type))
    throw fhirError(403, 'forbidden', 'You may not export the records of others.');
}

const reads = (context: RequestContext, resourceType: string): boolean =>
  decide(context.asker, 'read', { patientId: '', resourceType }).allowed;

export const exportSystem = (deps: Deps, wake: () => void) =>
  kickOff(deps, wake, async (_request, context) => {
    if (context.asker.kind !== 'client' || context.asker.scopes.every(({ r }) => !r))
      throw fhirError(403, 'forbidden', 'You may not export the records of others.');
    return { system: true };
  });

export const exportPatients = (deps: Deps, wake: () => void) =>
  kickOff(deps, wake, async (_request, context) => {
    if (context.asker.kind === 'person') return { system: false, patientIds: [context.asker.patientId] };
    requireEverybody(context, 'Patient');
    return { system: false };
  });

export const exportPatient = (deps: Deps, wake: () => void) =>
  kickOff(deps, wake, async (request, context) => {
    const { id } = request.params as { id: string };
    await requireReadable(deps, context, 'Patient', requireId(id));
    return { system: false, patientIds: [id] };
  });

export const exportGroup = (deps: Deps, wake: () => void) =>
  kickOff(deps, wake, async (request, context) => {
    const { id } = request.params as { id: string };
    const { found } = await requireReadable(deps, context, 'Group', requireId(id));
    if (found.deleted) throw fhirError(410, 'deleted', 'This resource was deleted.');
    requireEverybody(context, 'Patient');
    const patientIds = membersOf(found.content, `${deps.config.publicUrl}/fhir/R4`);
    if (patientIds.length > mostPatients)
      throw fhirError(422, 'too-costly', `A group of more than ${mostPatients} is not exported.`);
    return { system: false, patientIds };
  });

/** 202 with progress while it runs; then the manifest, or the reason why there is none. */
export function exportStatus(deps: Deps, reply: FastifyReply, job: BulkJob): FastifyReply {
  const { files } = job.position as unknown as ExportPosition;
  const request = job.request as unknown as ExportRequest;
  if (job.state === 'failed') throw fhirError(500, 'exception', 'The export failed and was given up.');
  if (job.state !== 'done')
    return reply
      .code(202)
      .headers({
        'x-progress': `${files.reduce((sum, file) => sum + file.count, 0)} resources so far`,
        'retry-after': String(retryAfterSeconds),
      })
      .send();
  const base = `${deps.config.publicUrl}/fhir/R4/$bulk-file/${job.jobId}`;
  return reply
    .header('expires', job.expiresAt.toUTCString())
    .type('application/json; charset=utf-8')
    .send(
      JSON.stringify({
        transactionTime: new Date(request.asOfMs).toISOString(),
        request: request.url,
        requiresAccessToken: true,
        output: files.map(({ number, type, count }) => ({ type, url: `${base}/${number}.ndjson`, count })),
        error: [],
      }),
    );
}

/** One file, read and written a part at a time: however long it is, little of it is in memory. */
export async function exportFile(
  deps: Deps,
  context: RequestContext,
  job: BulkJob,
  file: string,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const number = /^([1-9][0-9]{0,5})\.ndjson$/.exec(file)?.[1];
  const { files } = job.position as unknown as ExportPosition;
  const known = files.find((one) => one.number === Number(number));
  if (!known) throw notFound();
  // Scopes may have shrunk since the export began: they count now as they did then.
  const patientId = context.asker.kind === 'person' ? context.asker.patientId : '';
  const decision = decide(context.asker, 'read', { patientId, resourceType: known.type });
  if (!decision.allowed) throw fhirError(403, 'forbidden', 'You may not read this type any more.');
  await recordLook(deps, context, '', {
    event: 'bulk-export',
    basis: decision.rule,
    query: `$bulk-file ${known.type}, ${known.count} resources`,
  });
  const { elements } = job.request as unknown as ExportRequest;
  return reply
    .header('content-type', ndjson)
    .send(Readable.from(linesOf(deps, context, job.jobId, known.number, elements), { objectMode: false }));
}

async function* linesOf(
  deps: Deps,
  context: RequestContext,
  jobId: string,
  fileNumber: number,
  elements: readonly string[] | undefined,
): AsyncGenerator<Buffer> {
  for (let after = 0; ;) {
    const part = await readBulkPart(deps.db.pool, jobId, fileNumber, after);
    if (!part) return;
    after = part.partNumber;
    const { resourceType } = part;
    const lines = part.rows
      .filter(
        ({ patientId, content }) =>
          content !== null && decide(context.asker, 'read', { patientId, resourceType }).allowed,
      )
      .map(({ content }) => `${elements ? onlyElements(content ?? '', elements) : content}\n`);
    if (lines.length > 0) yield Buffer.from(lines.join(''), 'utf8');
  }
}
