// Images into a record: bytes to the store, then in one transaction their rows, the ImagingStudy of each study with what it had and
// what came, and whatever ends with it. Two that bring images of one study at a time both keep theirs.
import { parseJson } from '../../../core/fhir/json.ts';
import type { Resource } from '../../../core/fhir/types.ts';
import { FhirError } from '../../errors.ts';
import type { Deps } from '../../http/deps.ts';
import type { DicomInstance } from '../../storage/dicom-instances.ts';
import { findInstanceDigests, insertInstances } from '../../storage/dicom-instances.ts';
import { dropFile, fileStore } from '../../storage/file-store.ts';
import { findFile, insertFile } from '../../storage/files.ts';
import { findPerson } from '../../storage/people.ts';
import type { Queryable } from '../../storage/queryable.ts';
import { findResource } from '../../storage/resource-store.ts';
import type { SealedEntry } from '../../storage/sealed-entry.ts';
import { inTransaction } from '../../storage/transaction.ts';
import type { FileOutcome } from '../../storage/uploads.ts';
import { VersionConflictError, writeBatch } from '../../storage/write-batch.ts';
import { applyWrites } from '../apply-writes.ts';
import type { RequestContext } from '../asker.ts';
import type { WriteOperation } from '../write-requests.ts';
import type { Arriving } from './arriving.ts';
import { numberIn, textIn } from './dicom-json.ts';
import { imagingStudyId, mostInstances, withInstances } from './imaging-study.ts';
import { differsFrom } from './same-person.ts';

const mostTries = 8;

export interface StoreRequest {
  readonly arriving: readonly Arriving[];
  /** Written with them. */
  readonly more: readonly WriteOperation[];
  /** How an error names the entry of a study. */
  readonly placeOf?: (studyUid: string) => string;
  /** Told what became of each; runs in the same transaction and gives back the entries that go along. */
  readonly ending: (told: readonly Told[]) => (client: Queryable) => Promise<SealedEntry[]>;
}

export type Told = Pick<FileOutcome, 'outcome' | 'reason' | 'resource' | 'differs'>;

/** What became of each, in their order. */
export async function storeArriving(
  deps: Deps,
  context: RequestContext,
  patientId: string,
  request: StoreRequest,
): Promise<readonly Told[]> {
  const put = new Set<string>();
  try {
    for (let tried = 1; ; tried++) {
      try {
        return await attempt(deps, context, patientId, request, put);
      } catch (error) {
        if (tried === mostTries || !wasRaced(error)) throw error;
      }
    }
  } finally {
    // Bytes without a row do no harm, a row without bytes does: only what is certainly in no row goes.
    for (const fileId of put) {
      const stored = await findFile(deps.db.pool, fileId).catch(() => 'unknown');
      if (!stored) await dropFile(deps.config.storageUrl, fileId).catch(() => undefined);
    }
  }
}

function wasRaced(error: unknown): boolean {
  if (error instanceof VersionConflictError) return true;
  if (error instanceof FhirError) return error.status === 412;
  const { code, constraint } = error as { code?: string; constraint?: string };
  return code === '23505' && constraint === 'dicom_instance_pkey';
}

async function attempt(
  deps: Deps,
  context: RequestContext,
  patientId: string,
  { arriving, more, placeOf, ending }: StoreRequest,
  put: Set<string>,
): Promise<readonly Told[]> {
  const { pool } = deps.db;
  const person = await findPerson(pool, patientId);
  const patient = await findResource(pool, 'Patient', patientId);
  const inside: Resource =
    patient && !patient.deleted ? (parseJson(patient.content) as Resource) : { resourceType: 'Patient' };
  const known = await findInstanceDigests(
    pool,
    patientId,
    arriving.map(({ facts }) => facts.sopUid),
  );
  const fresh = new Map<string, Arriving[]>();
  const told = arriving.map((one): Told => {
    const { studyUid, sopUid, header } = one.facts;
    const resource = `ImagingStudy/${imagingStudyId(patientId, studyUid)}`;
    const there = known.get(sopUid);
    if (there)
      return there.equals(one.source.sha256)
        ? { outcome: 'there-already', resource }
        : { outcome: 'refused', reason: 'dicom-uid-taken' };
    known.set(sopUid, one.source.sha256);
    fresh.set(studyUid, [...(fresh.get(studyUid) ?? []), one]);
    const differs = differsFrom(header, inside, person?.uhid ?? '');
    return { outcome: 'stored', resource, ...(differs.length > 0 ? { differs } : {}) };
  });
  const operations: WriteOperation[] = [...more];
  const rows: DicomInstance[] = [];
  for (const [studyUid, images] of fresh) {
    const id = imagingStudyId(patientId, studyUid);
    const stands = await findResource(pool, 'ImagingStudy', id);
    const before = stands && !stands.deleted ? (parseJson(stands.content) as Resource) : undefined;
    const differs = [
      ...new Set(images.flatMap(({ facts }) => differsFrom(facts.header, inside, person?.uhid ?? ''))),
    ];
    const { publicUrl } = deps.config;
    const study = withInstances(before, images, { publicUrl, patientId, id, differs, nowMs: deps.now() });
    if (Number(study['numberOfInstances']) > mostInstances) {
      for (const [at, one] of arriving.entries())
        if (images.includes(one)) told[at] = { outcome: 'refused', reason: 'study-too-large' };
      continue;
    }
    const of = { type: 'ImagingStudy', id, resource: study, ...(placeOf ? { at: placeOf(studyUid) } : {}) };
    operations.push(
      stands ? { method: 'update', ...of, ifMatch: stands.version } : { method: 'create', ...of },
    );
    rows.push(...images.map((one) => rowOf(one, patientId, id)));
  }
  const stored = arriving.filter((_, at) => told[at]?.outcome === 'stored');
  for (const { fileId, source } of stored) {
    if (put.has(fileId)) continue;
    await fileStore(deps.config.storageUrl).put(fileId, source);
    put.add(fileId);
  }
  let entries: SealedEntry[] = [];
  const alongside = async (client: Queryable) => {
    for (const { fileId, source, title } of stored)
      await insertFile(client, {
        patientId,
        fileId,
        sha256: source.sha256,
        sizeBytes: source.sizeBytes,
        contentType: 'application/dicom',
        title,
        createdAtMs: deps.now(),
      });
    if (rows.length > 0) await insertInstances(client, rows);
    entries = await ending(told)(client);
  };
  if (operations.length === 0)
    await inTransaction(pool, async (client) => {
      await alongside(client);
      await writeBatch(client, { versions: [], entries });
    });
  else await applyWrites(deps, context, operations, { alongside, afterwards: async () => entries });
  return told;
}

function rowOf({ facts, fileId }: Arriving, patientId: string, id: string): DicomInstance {
  const { header } = facts;
  const short = (tag: string) => textIn(header, tag)?.replaceAll('\0', '').slice(0, 200) ?? null;
  const whole = (tag: string) => {
    const number = Math.trunc(numberIn(header, tag) ?? Number.NaN);
    return Math.abs(number) < 2 ** 31 ? number : null;
  };
  return {
    patientId,
    studyUid: facts.studyUid,
    seriesUid: facts.seriesUid,
    sopUid: facts.sopUid,
    fileId,
    imagingStudyId: id,
    modality: facts.modality,
    studyDate: short('00080020'),
    accession: short('00080050'),
    patientName: short('00100010'),
    seriesNumber: whole('00200011'),
    instanceNumber: whole('00200013'),
    header: JSON.stringify(header).replaceAll(String.raw`\u0000`, ''),
    pixels: facts.pixels,
  };
}
