// A whole file becomes part of the record: looked at by the scanner, known by its content, stored, and then in one transaction its
// rows, the resources that name it, the entry with its digest, and the end of the upload; all or none of each file. May run again after a crash.
import { mkdir, rm } from 'node:fs/promises';
import type { StatementWho } from '../../../core/ledger/statement.ts';
import type { Rule } from '../../../core/access/decide.ts';
import { FhirError } from '../../errors.ts';
import type { Deps } from '../../http/deps.ts';
import { dropFile, fileStore } from '../../storage/file-store.ts';
import { findFile, insertFile } from '../../storage/files.ts';
import type { AuthorCode } from '../../storage/prepare-version.ts';
import type { Queryable } from '../../storage/queryable.ts';
import type { SealedEntry } from '../../storage/sealed-entry.ts';
import { sealEntry } from '../../storage/sealed-entry.ts';
import { dropStaged, stagedPath, stagedSource } from '../../storage/staged-files.ts';
import { inTransaction } from '../../storage/transaction.ts';
import type { FileOutcome, Upload } from '../../storage/uploads.ts';
import { endUpload, findUpload, waitForScan } from '../../storage/uploads.ts';
import { writeBatch } from '../../storage/write-batch.ts';
import { applyWrites } from '../apply-writes.ts';
import type { RequestContext } from '../asker.ts';
import { storeArriving } from '../imaging/store-arriving.ts';
import type { NewFile, Part } from './become.ts';
import { becomeOf } from './become.ts';
import { scanFile } from './scan.ts';

/** Somebody else ended it: what this one wrote is taken back with its transaction. */
class EndedAlreadyError extends Error {
  override readonly name = 'EndedAlreadyError';
  readonly code = 'upload-ended';
}

/** As whom the record is written to: whoever sent it, by the rule by which they may, and nothing else in it. */
export function depositorContext(by: {
  patientId: string;
  basis: string;
  who: StatementWho;
  author: string;
  agent: string;
}): RequestContext {
  return {
    asker: { kind: 'depositor', patientId: by.patientId, rule: by.basis as Rule },
    who: by.who,
    author: by.author as AuthorCode,
    agent: by.agent,
  };
}

/** Throws where it is worth trying again: the scanner, the store or the database are not to be reached. */
export async function finishUpload(deps: Deps, uploadId: string): Promise<void> {
  const upload = await findUpload(deps.db.pool, uploadId);
  if (!upload || (upload.state !== 'received' && upload.state !== 'waiting-for-scan')) return;
  const { dataDir, scan } = deps.config;
  const path = stagedPath(dataDir, uploadId);
  const workId = `${uploadId}-work`;
  const workPath = stagedPath(dataDir, workId);
  const { sha256 } = await stagedSource(path);
  if (scan) {
    await waitForScan(deps.db.pool, uploadId);
    if ((await scanFile(scan, path)) === 'found') {
      await end(deps, upload, sha256, [{ outcome: 'refused', reason: 'malware' }]);
      return dropStaged(dataDir, uploadId);
    }
  }
  await rm(workPath, { recursive: true, force: true });
  await mkdir(workPath, { recursive: true, mode: 0o700 });
  try {
    await storeWhatIsTaken(deps, upload, sha256, await becomeOf(deps, upload, path, workPath));
  } catch (error) {
    if (!(error instanceof EndedAlreadyError)) throw error;
  } finally {
    await dropStaged(dataDir, workId);
  }
  await dropStaged(dataDir, uploadId);
}

/** Files that the record may refuse one after another; after so many it is asked no more. */
const mostRefusedByRecord = 32;

/** What the record refuses is left out, and the others are stored without it. */
async function storeWhatIsTaken(
  deps: Deps,
  upload: Upload,
  sha256: Buffer,
  all: readonly Part[],
): Promise<void> {
  let parts = all;
  for (let refusals = 1; ; refusals++) {
    try {
      return await store(deps, upload, sha256, parts);
    } catch (error) {
      if (!isRefusalForGood(error)) throw error;
      // Whoever runs the server is asked why; of the record these words say nothing.
      deps.log.warn(
        { uploadId: upload.uploadId, status: error.status, codes: error.issues.map(({ code }) => code) },
        'the record refused an upload',
      );
      const meant = new Set(refusals > mostRefusedByRecord ? [] : partsMeant(parts, error));
      const left = parts.map((part) =>
        meant.has(part) ? { refused: true as const, outcome: refusedByRecord(part) } : part,
      );
      if (meant.size === 0 || left.every((part) => 'refused' in part))
        return await end(deps, upload, sha256, parts.map(refusedByRecord));
      parts = left;
    }
  }
}

const placeOfDocument = (id: string): string => `Bundle.entry[document-${id}]`;
const placeOfStudy = (studyUid: string): string => `Bundle.entry[study-${studyUid}]`;

/** Those that an error names; images of one study stand in one resource. */
function partsMeant(parts: readonly Part[], error: FhirError): Part[] {
  const named = error.issues.flatMap(({ expression = [] }) => expression);
  return parts.filter((part) => {
    if ('refused' in part) return false;
    const place =
      'arriving' in part ? placeOfStudy(part.arriving.facts.studyUid) : placeOfDocument(part.document.id);
    return named.some((one) => one.startsWith(place));
  });
}

/** What the record says no to today it says no to tomorrow; that somebody was first, or that much comes at once, passes. */
const passing = new Set([408, 409, 412, 423, 425, 429]);

function isRefusalForGood(error: unknown): error is FhirError {
  return error instanceof FhirError && error.status < 500 && !passing.has(error.status);
}

/** Says no more than that: why it was would tell whoever sees nothing of the record what is in it. */
function refusedByRecord({ outcome: { name, contentType, outcome, reason } }: Part): FileOutcome {
  return {
    ...(name === undefined ? {} : { name }),
    outcome: 'refused',
    reason: outcome === 'refused' && reason !== undefined ? reason : 'record-refused',
    ...(contentType === undefined ? {} : { contentType }),
  };
}

async function store(deps: Deps, upload: Upload, sha256: Buffer, parts: readonly Part[]): Promise<void> {
  const { patientId } = upload;
  const { storageUrl } = deps.config;
  const context = depositorContext(upload);
  const documents = parts.flatMap((part) => ('document' in part ? [part] : []));
  const images = parts.flatMap((part) => ('arriving' in part ? [part] : []));
  const operations = documents.map(({ document }) => ({ ...document, at: placeOfDocument(document.id) }));
  const files: NewFile[] = documents.flatMap((part) => part.files);
  try {
    for (const { fileId, source } of files) await fileStore(storageUrl).put(fileId, source);
    const insert = async (client: Queryable) => {
      for (const { fileId, source, contentType, title } of files)
        await insertFile(client, {
          patientId,
          fileId,
          sha256: source.sha256,
          sizeBytes: source.sizeBytes,
          contentType,
          title,
          createdAtMs: deps.now(),
        });
    };
    const ending = (outcomes: readonly FileOutcome[]) => async (client: Queryable) => {
      await insert(client);
      return [await endAlongside(client, deps, upload, sha256, outcomes)];
    };
    if (images.length > 0) {
      await storeArriving(deps, context, patientId, {
        arriving: images.map(({ arriving }) => arriving),
        more: operations,
        placeOf: placeOfStudy,
        ending: (told) => ending(outcomesOf(parts, told)),
      });
      return;
    }
    if (operations.length === 0)
      return await end(
        deps,
        upload,
        sha256,
        parts.map(({ outcome }) => outcome),
      );
    let entries: SealedEntry[] = [];
    await applyWrites(deps, context, operations, {
      alongside: async (client) => {
        entries = await ending(parts.map(({ outcome }) => outcome))(client);
      },
      afterwards: async () => entries,
    });
  } catch (error) {
    // A commit whose answer was lost may have happened: bytes without a row do no harm, a row without bytes does.
    for (const { fileId } of files) {
      const stored = await findFile(deps.db.pool, fileId).catch(() => 'unknown');
      if (!stored) await dropFile(storageUrl, fileId).catch(() => undefined);
    }
    throw error;
  }
}

/** What was found out of each image goes to its place among the others. */
function outcomesOf(parts: readonly Part[], told: readonly Partial<FileOutcome>[]): FileOutcome[] {
  const next = told.values();
  return parts.map((part) => ('arriving' in part ? { ...part.outcome, ...next.next().value } : part.outcome));
}

/** In the caller's transaction. Gives back the entry that is to be stored with it. Throws `EndedAlreadyError`. */
async function endAlongside(
  client: Queryable,
  deps: Deps,
  upload: Upload,
  sha256: Buffer,
  files: readonly FileOutcome[],
): Promise<SealedEntry> {
  const kept = files.filter(({ outcome }) => outcome !== 'refused').length;
  const refusal = files.find(({ outcome }) => outcome === 'refused')?.reason ?? null;
  const entry = sealEntry(
    upload.patientId,
    {
      event: 'upload',
      outcome: kept > 0 ? 'done' : 'refused',
      who: upload.who,
      basis: upload.basis,
      agent: upload.agent,
      on: { type: 'file', id: upload.uploadId },
      detail: {
        sha256: sha256.toString('hex'),
        bytes: upload.lengthBytes,
        files: kept,
        ...(kept === 0 && refusal !== null ? { reason: refusal } : {}),
      },
    },
    deps,
  );
  const ended = await endUpload(client, upload.uploadId, {
    state: kept > 0 ? 'done' : 'refused',
    refusal: kept > 0 ? null : refusal,
    sha256,
    entryId: entry.entryId,
    files,
  });
  if (!ended) throw new EndedAlreadyError();
  return entry;
}

/** Where nothing of it is taken into the record. */
async function end(deps: Deps, upload: Upload, sha256: Buffer, files: readonly FileOutcome[]): Promise<void> {
  await inTransaction(deps.db.pool, async (client) => {
    const entry = await endAlongside(client, deps, upload, sha256, files);
    await writeBatch(client, { versions: [], entries: [entry] });
  });
}
