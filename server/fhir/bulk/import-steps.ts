// One step of an import. First who is known already: directory entries are met again, people are left alone. Then a chunk at a time: all
// lines of one person or of several, or some of the directory with what they refer to. What of a chunk can be stored is stored in one transaction with the
// lines' outcomes and the job's position, through the path of every write; each line that cannot be is named with its reason.
import { decide } from '../../../core/access/decide.ts';
import { parseReference, referencesOf, rewriteReferences } from '../../../core/fhir/references.ts';
import { parseJson } from '../../../core/fhir/json.ts';
import type { JsonObject, Resource } from '../../../core/fhir/types.ts';
import { FhirError } from '../../errors.ts';
import type { Deps } from '../../http/deps.ts';
import type { BulkJob } from '../../storage/bulk-jobs.ts';
import { moveBulkJob } from '../../storage/bulk-jobs.ts';
import type { LineByName, Settled, WaitingLine } from '../../storage/bulk-lines.ts';
import {
  findLines,
  listChunk,
  listIdentifiable,
  settleLines,
  settleRecordsOf,
} from '../../storage/bulk-lines.ts';
import type { Identified, IdentifiedType } from '../../storage/identifiers.ts';
import { findAllByIdentifier } from '../../storage/identifiers.ts';
import type { Queryable } from '../../storage/queryable.ts';
import { inTransaction } from '../../storage/transaction.ts';
import { sealEntry } from '../../storage/sealed-entry.ts';
import { applyWrites } from '../apply-writes.ts';
import type { RequestContext } from '../asker.ts';
import { requireValid } from '../body.ts';
import { contextOfJob, keptMs } from './job.ts';

export interface ImportPosition {
  readonly phase: 'known' | 'store';
  readonly afterLine: number;
  /** Grows with every step, so that no two positions are alike. */
  readonly step: number;
}

export const firstImportPosition: ImportPosition = { phase: 'known', afterLine: 0, step: 0 };

const identified: readonly IdentifiedType[] = ['Patient', 'Organization', 'Practitioner', 'Location'];
const linesLookedUp = 200;
const directoryLines = 500;
/** Records of few lines are stored together, up to this many lines. */
const linesOfStep = 1000;
export const mostLinesOfRecord = 20_000;
/** Lines of one chunk that are found wanting one after the other before the rest is refused as a whole. */
const mostAttempts = 50;

/** The job was moved or taken away by somebody else: nothing of this step is kept. */
export class ImportTurnLostError extends Error {
  override readonly name = 'ImportTurnLostError';
}

export async function stepImport(deps: Deps, job: BulkJob): Promise<void> {
  const position = job.position as unknown as ImportPosition;
  if (position.phase === 'known') return meetAgain(deps, job, position);
  const next = { ...position, step: position.step + 1 };
  let lines = await listChunk(deps.db.pool, job.jobId, linesOfStep + 1);
  const owner = lines[0]?.owner;
  if (owner === undefined) return move(deps, deps.db.pool, job, next, true);
  if (owner === '') {
    const directory = lines.filter((line) => line.owner === '').slice(0, directoryLines);
    return storeChunk(deps, job, next, await withReferred(deps, job.jobId, directory));
  }
  const last = lines.at(-1)?.owner;
  const alone = lines.length > linesOfStep && last === owner;
  if (alone) lines = await listChunk(deps.db.pool, job.jobId, mostLinesOfRecord + 1);
  const first = lines.filter((line) => line.owner === owner);
  if (first.length > mostLinesOfRecord) {
    const reason = `More than ${mostLinesOfRecord} lines belong to one person.`;
    return inTransaction(deps.db.pool, async (client) => {
      await settleLines(
        client,
        job.jobId,
        first.map(({ lineNumber }) => ({ lineNumber, state: 'refused', reason })),
      );
      await move(deps, client, job, next, false);
    });
  }
  // Whole records only: the last one of a full list may go on beyond it.
  const whole = lines.length > linesOfStep ? lines.filter((line) => line.owner !== last) : lines;
  if (alone || whole.length === first.length) return storeChunk(deps, job, next, first);
  try {
    await storeChunk(deps, job, next, whole, 1);
  } catch (error) {
    if (!(error instanceof FhirError) || error.status >= 500) throw error;
    // One record of several has something that only storing it shows: then each goes alone, this one now.
    await storeChunk(deps, job, next, first);
  }
}

async function move(
  deps: Deps,
  client: Queryable,
  job: BulkJob,
  position: ImportPosition,
  over: boolean,
): Promise<void> {
  const to = {
    position: { ...position },
    ...(over ? { state: 'done' as const, expiresAtMs: deps.now() + keptMs } : {}),
  };
  if (!(await moveBulkJob(client, job, to, deps.now()))) throw new ImportTurnLostError();
}

/** Lines whose identifier somebody or something here already has. */
async function meetAgain(deps: Deps, job: BulkJob, position: ImportPosition): Promise<void> {
  const lines = await listIdentifiable(
    deps.db.pool,
    job.jobId,
    identified,
    position.afterLine,
    linesLookedUp,
  );
  const settled: Settled[] = [];
  const people: string[] = [];
  for (const [line, known] of await findKnown(deps, lines)) {
    settled.push({ lineNumber: line.lineNumber, state: 'known', newId: known });
    if (line.resourceType === 'Patient') people.push(line.owner);
  }
  const last = lines.at(-1);
  await inTransaction(deps.db.pool, async (client) => {
    await settleLines(client, job.jobId, settled);
    if (people.length > 0) await settleRecordsOf(client, job.jobId, people);
    const { step } = position;
    const more = last !== undefined && lines.length === linesLookedUp;
    await move(
      deps,
      client,
      job,
      more
        ? { phase: 'known', afterLine: last.lineNumber, step: step + 1 }
        : { phase: 'store', afterLine: 0, step: step + 1 },
      false,
    );
  });
}

/** Which of these lines stand already, by the first of their identifiers that does: one question for all of them. */
async function findKnown(deps: Deps, lines: readonly WaitingLine[]): Promise<Map<WaitingLine, string>> {
  const named = lines.flatMap((line) => identifiersOf(line).map((identified) => ({ line, identified })));
  const ids = await findAllByIdentifier(
    deps.db.pool,
    named.map(({ identified }) => identified),
  );
  const known = new Map<WaitingLine, string>();
  for (const [i, { line }] of named.entries()) {
    const id = ids[i];
    if (id !== undefined && !known.has(line)) known.set(line, id);
  }
  return known;
}

function identifiersOf({ resourceType, content }: WaitingLine): Identified[] {
  const { identifier } = parseJson(content) as JsonObject;
  const type = resourceType as IdentifiedType;
  return (Array.isArray(identifier) ? identifier.slice(0, 20) : []).flatMap((one) => {
    const { system, value } = (one ?? {}) as JsonObject;
    return typeof system === 'string' && typeof value === 'string' ? [{ type, system, value }] : [];
  });
}

/** Lines of the directory with all waiting lines of the directory that they refer to, however far. */
async function withReferred(
  deps: Deps,
  jobId: string,
  first: readonly WaitingLine[],
): Promise<WaitingLine[]> {
  const chunk = new Map(first.map((line) => [line.lineNumber, line]));
  let fresh: readonly WaitingLine[] = first;
  while (fresh.length > 0 && chunk.size < mostLinesOfRecord) {
    const found = await findLines(
      deps.db.pool,
      jobId,
      fresh.flatMap(({ content }) => namesIn(deps, parseJson(content) as Resource)),
    );
    fresh = found.filter(
      (line): line is LineByName & WaitingLine =>
        line.state === 'waiting' && line.owner === '' && !chunk.has(line.lineNumber),
    );
    for (const line of fresh) chunk.set(line.lineNumber, line);
  }
  return [...chunk.values()];
}

function namesIn({ config }: Deps, resource: Resource): { type: string; id: string }[] {
  return referencesOf(resource).flatMap(({ text }) => {
    const reference = parseReference(text, `${config.publicUrl}/fhir/R4`);
    return reference.kind === 'local' ? [{ type: reference.type, id: reference.id }] : [];
  });
}

interface Line {
  line: WaitingLine;
  resource: Resource;
  /** Lines of this chunk that it refers to. */
  refersTo: Set<number>;
  reason?: string;
}

async function storeChunk(
  deps: Deps,
  job: BulkJob,
  next: ImportPosition,
  waiting: readonly WaitingLine[],
  attempts = mostAttempts,
): Promise<void> {
  const context = { ...contextOfJob(job), referencesMustStand: true } as const;
  const chunk = await readChunk(deps, job.jobId, waiting);
  await refuseForbidden(deps, context, chunk);
  for (let attempt = 1; ; attempt += 1) {
    refuseDependants(chunk);
    const good = chunk.filter(({ reason }) => reason === undefined);
    const settle = async (client: Queryable): Promise<void> => {
      await settleLines(
        client,
        job.jobId,
        chunk.map(({ line: { lineNumber }, reason }) =>
          reason === undefined ? { lineNumber, state: 'stored' } : { lineNumber, state: 'refused', reason },
        ),
      );
      await move(deps, client, job, next, false);
    };
    if (good.length === 0) return inTransaction(deps.db.pool, settle);
    try {
      await applyWrites(
        deps,
        context,
        good.map(({ line, resource }, index) => ({
          method: 'create',
          at: `Bundle.entry[${index}]`,
          type: line.resourceType,
          id: line.newId,
          resource,
        })),
        { alongside: settle },
      );
      return;
    } catch (error) {
      if (!(error instanceof FhirError) || error.status >= 500) throw error;
      if (attempts === 1) throw error;
      const at = /^Bundle\.entry\[(\d+)\]/.exec(error.issues[0]?.expression?.[0] ?? '')?.[1];
      const guilty = good[good.length === 1 ? 0 : Number(at ?? Number.NaN)];
      const reason = reasonOf(error, guilty?.line.resourceType);
      if (guilty && attempt < attempts) guilty.reason = reason;
      else for (const one of good) one.reason = `Nothing of this record was stored: ${reason}`;
    }
  }
}

async function readChunk(deps: Deps, jobId: string, waiting: readonly WaitingLine[]): Promise<Line[]> {
  const parsed = waiting.map((line) => ({ line, resource: parseJson(line.content) as Resource }));
  const names = parsed.flatMap(({ resource }) => namesIn(deps, resource));
  const unique = [...new Map(names.map((name) => [`${name.type}/${name.id}`, name])).values()];
  const found = new Map(
    (await findLines(deps.db.pool, jobId, unique)).map((line) => [
      `${line.resourceType}/${line.sourceId}`,
      line,
    ]),
  );
  const inChunk = new Set(waiting.map(({ lineNumber }) => lineNumber));
  return parsed.map(({ line, resource }) => {
    const refersTo = new Set<number>();
    let reason: string | undefined;
    const rewritten = rewriteReferences(resource, (text) => {
      const reference = parseReference(text, `${deps.config.publicUrl}/fhir/R4`);
      const target = reference.kind === 'local' ? found.get(`${reference.type}/${reference.id}`) : undefined;
      if (!target) return text;
      if (target.state === 'refused')
        reason ??= `It refers to line ${target.lineNumber}, which was not stored.`;
      if (inChunk.has(target.lineNumber)) refersTo.add(target.lineNumber);
      return `${target.resourceType}/${target.newId}`;
    });
    reason ??= problemOf(rewritten);
    return { line, resource: rewritten, refersTo, ...(reason === undefined ? {} : { reason }) };
  });
}

/** What the importer may not write is refused before anything is tried; that it was refused is an entry. */
async function refuseForbidden(deps: Deps, context: RequestContext, chunk: readonly Line[]): Promise<void> {
  const act = context.asker.kind === 'operator' ? 'import' : 'create';
  const forbidden = new Map<string, number>();
  for (const one of chunk) {
    const { allowed, rule } = decide(context.asker, act, {
      patientId: one.line.owner,
      resourceType: one.line.resourceType,
    });
    if (allowed) continue;
    one.reason = 'You may not write this.';
    forbidden.set(rule, (forbidden.get(rule) ?? 0) + 1);
  }
  await Promise.all(
    [...forbidden].map(([basis, lines]) =>
      deps.entries.store(
        sealEntry(
          '',
          {
            event: 'create',
            outcome: 'refused',
            who: context.who,
            basis,
            query: '$import',
            agent: context.agent,
            detail: { lines },
          },
          deps,
        ),
      ),
    ),
  );
}

function problemOf(resource: Resource): string | undefined {
  try {
    requireValid(resource);
    return undefined;
  } catch (error) {
    if (!(error instanceof FhirError)) throw error;
    return reasonOf(error);
  }
}

/** Where and what, without a value of the resource. */
function reasonOf({ issues }: FhirError, resourceType = 'Resource'): string {
  const [first] = issues;
  const where = first?.expression?.[0]?.replace(/^Bundle\.entry\[\d+\]\.resource/, resourceType) ?? '';
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  return `${where === '' || where === 'Resource' ? '' : `${where}: `}${first?.diagnostics ?? 'refused'}${more}`;
}

/** What refers to a line that is not stored cannot be stored either, and so on. */
function refuseDependants(chunk: readonly Line[]): void {
  for (let changed = true; changed;) {
    changed = false;
    const refused = new Set(
      chunk.filter(({ reason }) => reason !== undefined).map(({ line }) => line.lineNumber),
    );
    for (const one of chunk) {
      if (one.reason !== undefined) continue;
      const lost = [...one.refersTo].find((lineNumber) => refused.has(lineNumber));
      if (lost === undefined) continue;
      one.reason = `It refers to line ${lost}, which was not stored.`;
      changed = true;
    }
  }
}
