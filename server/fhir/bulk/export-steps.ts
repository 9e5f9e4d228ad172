// One step of an export: a bounded number of rows is looked at, what the asker may read is noted by version, and everybody whose record is
// in it gets an entry, all in one transaction with the job's new position. A crash leaves whole steps; the next one goes on behind them.
import type pg from 'pg';
import { decide } from '../../../core/access/decide.ts';
import type { Deps } from '../../http/deps.ts';
import type { VersionKey } from '../../storage/bulk-export.ts';
import {
  insertBulkPart,
  listDirectoryReferences,
  noteDirectoryReferences,
  scanForExport,
} from '../../storage/bulk-export.ts';
import type { BulkJob } from '../../storage/bulk-jobs.ts';
import { moveBulkJob } from '../../storage/bulk-jobs.ts';
import { sealEntry } from '../../storage/sealed-entry.ts';
import { writeBatch } from '../../storage/write-batch.ts';
import type { RequestContext } from '../asker.ts';
import { directoryTypes } from '../directory-references.ts';
import { shownDigest } from '../looks.ts';
import type { ExportRequest } from './export-request.ts';
import { contextOfJob, keptMs } from './job.ts';

const rowsOfStep = 1000;
/** A file ends with the part that takes it over this many resources. */
export const resourcesOfFile = 50_000;

export interface ExportFile {
  readonly number: number;
  readonly type: string;
  readonly count: number;
}

export interface ExportPosition {
  readonly phase: 'records' | 'directory';
  readonly after: { patientId: string; resourceType: string; resourceId: string };
  readonly parts: number;
  readonly files: readonly ExportFile[];
}

export function firstPosition(request: ExportRequest): ExportPosition {
  // The directory has the empty patient id and so comes before everybody's record; U+0001 stands behind it and before any id.
  const patientId = request.system ? '' : '\u0001';
  return { phase: 'records', after: { patientId, resourceType: '', resourceId: '' }, parts: 0, files: [] };
}

/** False when the job was taken away meanwhile: the caller must not commit. */
export async function stepExport(deps: Deps, client: pg.PoolClient, job: BulkJob): Promise<boolean> {
  const request = job.request as unknown as ExportRequest;
  const position = job.position as unknown as ExportPosition;
  const context = contextOfJob(job);
  const { found, next } =
    position.phase === 'records'
      ? await lookAtRecords(client, job.jobId, context, request, position)
      : await lookAtDirectory(client, job.jobId, position);
  const readable = found.filter(
    ({ patientId, resourceType }) => decide(context.asker, 'read', { patientId, resourceType }).allowed,
  );
  const { parts, files } = await storeParts(client, job.jobId, position, readable);
  await writeBatch(client, { versions: [], entries: entriesOf(deps, context, readable) });
  const over = next === undefined;
  return moveBulkJob(
    client,
    job,
    {
      position: { ...(next ?? position), parts, files },
      ...(over ? { state: 'done' as const, expiresAtMs: deps.now() + keptMs } : {}),
    },
    deps.now(),
  );
}

interface Looked {
  found: VersionKey[];
  /** Undefined: there is nothing more to look at. */
  next: Pick<ExportPosition, 'phase' | 'after'> | undefined;
}

async function lookAtRecords(
  client: pg.PoolClient,
  jobId: string,
  context: RequestContext,
  request: ExportRequest,
  { after }: ExportPosition,
): Promise<Looked> {
  const { found, last } = await scanForExport(client, {
    after,
    asOfMs: request.asOfMs,
    limit: rowsOfStep,
    ...(request.patientIds ? { patientIds: request.patientIds } : {}),
    ...(request.types ? { types: request.types } : {}),
    ...(request.sinceMs === undefined ? {} : { sinceMs: request.sinceMs }),
  });
  if (request.system) return { found, next: last && { phase: 'records', after: last } };
  // Whoever gets records also gets the people and places that they name, unless the types were chosen without them.
  const readable = found.filter(
    ({ patientId, resourceType }) => decide(context.asker, 'read', { patientId, resourceType }).allowed,
  );
  const types = directoryTypes.filter((type) => request.types?.includes(type) ?? true);
  await noteDirectoryReferences(client, jobId, readable, types);
  const behind = { patientId: '', resourceType: '', resourceId: '' };
  return { found, next: last ? { phase: 'records', after: last } : { phase: 'directory', after: behind } };
}

async function lookAtDirectory(
  client: pg.PoolClient,
  jobId: string,
  { after }: ExportPosition,
): Promise<Looked> {
  const found = await listDirectoryReferences(client, jobId, after, rowsOfStep);
  const last = found.length < rowsOfStep ? undefined : found.at(-1);
  return { found, next: last && { phase: 'directory', after: last } };
}

async function storeParts(
  client: pg.PoolClient,
  jobId: string,
  position: ExportPosition,
  found: readonly VersionKey[],
): Promise<{ parts: number; files: ExportFile[] }> {
  let { parts } = position;
  const files = [...position.files];
  for (const [type, keys] of Map.groupBy(found, ({ resourceType }) => resourceType)) {
    const open = files.findLastIndex((file) => file.type === type && file.count < resourcesOfFile);
    const at = open < 0 ? files.length : open;
    const { number, count } = files[at] ?? { number: files.length + 1, count: 0 };
    files[at] = { number, type, count: count + keys.length };
    parts += 1;
    await insertBulkPart(client, jobId, { fileNumber: number, partNumber: parts, resourceType: type, keys });
  }
  return { parts, files };
}

/** One entry for each person whose record is in this step, and one of the system's for the directory. */
function entriesOf(deps: Deps, context: RequestContext, found: readonly VersionKey[]) {
  return [...Map.groupBy(found, ({ patientId }) => patientId)].map(([patientId, keys]) =>
    sealEntry(
      patientId,
      {
        event: 'bulk-export',
        outcome: 'done',
        who: context.who,
        basis: context.asker.kind === 'client' ? 'client-scope' : 'self',
        query: '$export',
        shown: shownDigest(keys),
        agent: context.agent,
      },
      deps,
    ),
  );
}
