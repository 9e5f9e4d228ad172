// Bulk import over HTTP: the lines are taken in as they arrive, the work is done behind; status, and what became of each line.
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { decide } from '../../../core/access/decide.ts';
import { fhirError } from '../../errors.ts';
import type { Deps } from '../../http/deps.ts';
import type { BulkJob } from '../../storage/bulk-jobs.ts';
import { deleteBulkJob } from '../../storage/bulk-jobs.ts';
import type { LineOutcome, NewLine } from '../../storage/bulk-lines.ts';
import { closeUpload, countLines, insertLines, listOutcomes } from '../../storage/bulk-lines.ts';
import { inTransaction } from '../../storage/transaction.ts';
import { uuidV7 } from '../../storage/uuid.ts';
import { requireContext } from '../asker.ts';
import { recordLook } from '../looks.ts';
import { notFound } from '../read.ts';
import { firstImportPosition } from './import-steps.ts';
import { keptMs, ndjson, ownerOfActor, requireAsync, retryAfterSeconds, startJob, statusUrl } from './job.ts';
import { judgeLine, linesOf, mostLines } from './read-lines.ts';

const linesOfInsert = 500;

/** Takes in the lines of several files under one job that is still loading. Throws 413/400; the caller then drops the job. */
export async function loadLines(
  deps: Deps,
  jobId: string,
  files: Iterable<{ name: string; bytes: AsyncIterable<Uint8Array> }>,
): Promise<number> {
  let lineNumber = 0;
  let batch: NewLine[] = [];
  const ownBase = `${deps.config.publicUrl}/fhir/R4`;
  const flush = async () => {
    if (batch.length > 0) await insertLines(deps.db.pool, jobId, batch);
    batch = [];
  };
  for (const { name, bytes } of files) {
    let fileLine = 0;
    for await (const text of linesOf(bytes)) {
      fileLine += 1;
      if (text.trim() === '') continue;
      lineNumber += 1;
      if (lineNumber > mostLines)
        throw fhirError(413, 'too-costly', `An import has at most ${mostLines} lines. Nothing was stored.`);
      const newId = uuidV7(deps.now(), deps.randomBytes);
      batch.push(judgeLine(text, { lineNumber, file: name, fileLine, newId }, ownBase));
      if (batch.length >= linesOfInsert) await flush();
    }
  }
  await flush();
  return lineNumber;
}

export async function beginImport(deps: Deps, jobId: string): Promise<void> {
  await inTransaction(deps.db.pool, (client) =>
    closeUpload(client, jobId, { ...firstImportPosition }, deps.now() + keptMs),
  );
}

/** POST $import with NDJSON as its body. Addresses to fetch from are refused: this server fetches nothing that a stranger names. */
export const startImport =
  (deps: Deps, wake: () => void) => async (request: FastifyRequest, reply: FastifyReply) => {
    const context = requireContext(request);
    requireAsync(request);
    const { asker } = context;
    if (asker.kind !== 'client' || asker.scopes.every(({ c }) => !c)) {
      await recordLook(deps, context, asker.kind === 'person' ? asker.patientId : '', {
        event: 'create',
        basis: decide(asker, 'import', { patientId: '', resourceType: 'Patient' }).rule,
        outcome: 'refused',
        query: '$import',
      });
      throw fhirError(403, 'forbidden', 'You may not import.');
    }
    const { body } = request;
    if (!(body instanceof Readable))
      throw fhirError(
        415,
        'not-supported',
        `Resources are uploaded as ${ndjson}; a manifest of addresses to fetch from is not taken.`,
        'http.Content-Type',
      );
    const jobId = await startJob(deps, request, {
      kind: 'import',
      state: 'loading',
      request: {},
      position: {},
    });
    try {
      const count = await loadLines(deps, jobId, [
        { name: '', bytes: body.iterator({ destroyOnReturn: false }) },
      ]);
      if (count === 0) throw fhirError(400, 'required', 'The body holds no line.');
      await beginImport(deps, jobId);
    } catch (error) {
      await deleteBulkJob(deps.db.pool, jobId, ownerOfActor(request.actor)).catch(() => undefined);
      // What is left of the upload is not read: the connection cannot be used for another request.
      reply.header('connection', 'close');
      throw error;
    }
    wake();
    return reply.code(202).header('content-location', statusUrl(deps, jobId)).send();
  };

export async function importStatus(deps: Deps, reply: FastifyReply, job: BulkJob): Promise<FastifyReply> {
  if (job.state === 'failed')
    throw fhirError(
      500,
      'exception',
      'The import failed and was given up; what was stored by then is stored.',
    );
  const counts = await countLines(deps.db.pool, job.jobId);
  const total = counts.waiting + counts.stored + counts.known + counts.refused;
  if (job.state !== 'done')
    return reply
      .code(202)
      .headers({
        'x-progress': `${total - counts.waiting} of ${total} lines`,
        'retry-after': String(retryAfterSeconds),
      })
      .send();
  const base = `${deps.config.publicUrl}/fhir/R4/$bulk-file/${job.jobId}`;
  return reply
    .header('expires', job.expiresAt.toUTCString())
    .type('application/json; charset=utf-8')
    .send(
      JSON.stringify({
        transactionTime: job.finishedAt?.toISOString(),
        request: `${deps.config.publicUrl}/fhir/R4/$import`,
        requiresAccessToken: true,
        stored: counts.stored,
        known: counts.known,
        refused: counts.refused,
        output: [{ url: `${base}/lines.ndjson`, count: total }],
        error:
          counts.refused > 0
            ? [{ type: 'OperationOutcome', url: `${base}/errors.ndjson`, count: counts.refused }]
            : [],
      }),
    );
}

/** `errors.ndjson`: an OperationOutcome for each line refused; `lines.ndjson`: for every line, where what it says stands now. */
export const importFile = (deps: Deps, job: BulkJob, file: string, reply: FastifyReply): FastifyReply => {
  if (file !== 'errors.ndjson' && file !== 'lines.ndjson') throw notFound();
  const refusedOnly = file === 'errors.ndjson';
  return reply
    .header('content-type', refusedOnly ? ndjson : 'application/x-ndjson; charset=utf-8')
    .send(Readable.from(outcomes(deps, job.jobId, refusedOnly), { objectMode: false }));
};

async function* outcomes(deps: Deps, jobId: string, refusedOnly: boolean): AsyncGenerator<Buffer> {
  for (let after = 0; ;) {
    const lines = await listOutcomes(deps.db.pool, jobId, after, 1000, refusedOnly);
    const last = lines.at(-1);
    if (!last) return;
    after = last.lineNumber;
    yield Buffer.from(
      lines.map((line) => `${JSON.stringify(refusedOnly ? outcomeOf(line) : stateOf(line))}\n`).join(''),
    );
  }
}

const stateOf = ({ lineNumber, file, fileLine, state, resourceType, newId, reason }: LineOutcome) => ({
  line: lineNumber,
  ...(file === '' ? {} : { file, fileLine }),
  state,
  ...(state === 'stored' || state === 'known' ? { location: `${resourceType}/${newId}` } : {}),
  ...(reason === null ? {} : { reason }),
});

const outcomeOf = ({ lineNumber, reason }: LineOutcome) => ({
  resourceType: 'OperationOutcome',
  issue: [
    {
      severity: 'error',
      code: 'processing',
      diagnostics: `Line ${lineNumber}: ${reason}`,
      expression: [`line[${lineNumber}]`],
    },
  ],
});
