// `import` of NDJSON files: one job for all of them, so that a line may refer to one in another file. An interrupted import is carried on first.
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Deps } from '../http/deps.ts';
import { beginImport, loadLines } from '../fhir/bulk/import.ts';
import { startJob } from '../fhir/bulk/job.ts';
import { stepJob } from '../fhir/bulk/worker.ts';
import { deleteBulkJob, findBulkJob, listOpenBulkJobs } from '../storage/bulk-jobs.ts';
import type { LineCounts } from '../storage/bulk-lines.ts';
import { countLines, listOutcomes } from '../storage/bulk-lines.ts';

const owner = 'operator';
const shownErrors = 50;

export interface LinesImported {
  people: number;
  stored: number;
  known: number;
  refused: number;
}

export async function importLines(
  deps: Deps,
  files: readonly string[],
  write: (line: string) => void,
): Promise<LinesImported> {
  for (const { jobId } of await listOpenBulkJobs(deps.db.pool, owner)) {
    write('An import was interrupted; it is carried on first.');
    await finish(deps, jobId, write);
  }
  const jobId = await startJob(
    deps,
    { actor: { kind: 'operator', name: 'operator' }, headers: {} },
    { kind: 'import', state: 'loading', request: {}, position: {} },
  );
  try {
    const lines = await loadLines(
      deps,
      jobId,
      files.map((file) => ({ name: basename(file), bytes: createReadStream(file) })),
    );
    write(`${lines} lines of ${files.length} ${files.length === 1 ? 'file' : 'files'} are read.`);
    await beginImport(deps, jobId);
  } catch (error) {
    await deleteBulkJob(deps.db.pool, jobId, owner);
    throw error;
  }
  return finish(deps, jobId, write);
}

/** Does the steps, or waits while a server that runs beside does them. */
async function finish(deps: Deps, jobId: string, write: (line: string) => void): Promise<LinesImported> {
  const { pool } = deps.db;
  let saidAtMs = performance.now();
  for (;;) {
    const stepped = await stepJob(deps, jobId);
    const job = await findBulkJob(pool, jobId, owner);
    if (job?.state !== 'running') break;
    if (!stepped) await sleep(50);
    if (performance.now() - saidAtMs < 2000) continue;
    saidAtMs = performance.now();
    const counts = await countLines(pool, jobId);
    write(`  ${totalOf(counts) - counts.waiting} of ${totalOf(counts)} lines`);
  }
  const counts = await countLines(pool, jobId);
  const errors = await listOutcomes(pool, jobId, 0, shownErrors, true);
  for (const { file, fileLine, reason } of errors) write(`  ${file}, line ${fileLine}: ${reason}`);
  if (counts.refused > errors.length) write(`  and ${counts.refused - errors.length} more lines`);
  await deleteBulkJob(pool, jobId, owner);
  return counts;
}

const totalOf = ({ waiting, stored, known, refused }: LineCounts): number =>
  waiting + stored + known + refused;
