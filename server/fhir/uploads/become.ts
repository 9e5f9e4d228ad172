// What a whole file becomes: which bytes are stored under which names, and what of it the record says. Stores no bytes and no row.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Deps } from '../../http/deps.ts';
import type { FileSource } from '../../storage/file-store.ts';
import { firstBytes, stagedSource } from '../../storage/staged-files.ts';
import type { FileOutcome, Upload } from '../../storage/uploads.ts';
import { uuidV7 } from '../../storage/uuid.ts';
import { documentOfFiles } from '../document-reference.ts';
import type { Arriving } from '../imaging/arriving.ts';
import { readArriving } from '../imaging/arriving.ts';
import type { WriteOperation } from '../write-requests.ts';
import type { ContentKind } from './content-kind.ts';
import { contentKindOf, contentTypeOfKind, headBytes } from './content-kind.ts';
import { archiveLimits } from './limits.ts';
import { plainPicture } from './plain-picture.ts';
import { unpack } from './unpack.ts';

export interface NewFile {
  readonly fileId: string;
  readonly source: FileSource;
  readonly contentType: string;
  readonly title: string;
}

/** One file that was in the upload, and what it is to become. */
export type Part = { readonly outcome: FileOutcome } & (
  | { readonly refused: true }
  | { readonly files: readonly NewFile[]; readonly document: WriteOperation }
  | { readonly arriving: Arriving }
);

/** @param workPath a folder of this upload's own, for what is unpacked and changed */
export async function becomeOf(deps: Deps, upload: Upload, path: string, workPath: string): Promise<Part[]> {
  const kind = contentKindOf(await firstBytes(path, headBytes));
  if (kind === 'zip' && upload.pages) return [await documentOfPages(deps, upload, path, workPath)];
  if (kind !== 'zip') return [await partOf(deps, upload, { path, workPath, kind, title: upload.title })];
  const unpacked = await unpack(path, workPath);
  if (unpacked === 'whole')
    return [await partOf(deps, upload, { path, workPath, kind, title: upload.title })];
  if (typeof unpacked === 'string') return [refusedPart({}, unpacked)];
  const parts: Part[] = [];
  for (const { name, path: at, problem } of unpacked) {
    const head = at === undefined ? Buffer.alloc(0) : await firstBytes(at, headBytes);
    if (at === undefined || problem !== undefined) parts.push(refusedPart({ name }, problem ?? 'unreadable'));
    else {
      const title =
        (name.split('/').at(-1) ?? name)
          .replaceAll(/\p{Cc}/gu, ' ')
          .slice(0, 200)
          .toWellFormed() || upload.title;
      parts.push(await partOf(deps, upload, { path: at, workPath, kind: contentKindOf(head), title, name }));
    }
  }
  return parts;
}

interface Given {
  readonly path: string;
  readonly workPath: string;
  readonly kind: ContentKind;
  readonly title: string;
  /** Inside an archive. */
  readonly name?: string;
}

async function partOf(deps: Deps, upload: Upload, given: Given): Promise<Part> {
  const { path, kind, title, name } = given;
  const named = name === undefined ? {} : { name };
  const fileId = uuidV7(deps.now(), deps.randomBytes);
  if (kind === 'dicom') {
    const arriving = await readArriving(path, { fileId, title });
    if ('problem' in arriving) return refusedPart(named, arriving.problem);
    return { arriving, outcome: { ...named, outcome: 'stored', contentType: 'application/dicom' } };
  }
  // Inside an archive that is opened, another is not opened.
  if (kind === 'zip' && name !== undefined) return refusedPart(named, 'archive-in-archive');
  const source =
    kind === 'jpeg' || kind === 'png' || kind === 'webp'
      ? await plainPicture(path, join(given.workPath, `${fileId}-plain`), kind)
      : await stagedSource(path);
  if (typeof source === 'string') return refusedPart(named, source);
  if (source.sizeBytes === 0) return refusedPart(named, 'empty');
  const contentType = contentTypeOfKind(kind);
  return partOfFiles(deps, upload, [{ fileId, source, contentType, title }], title, named);
}

/** The pages of one document, all or none. Only pictures are pages. */
async function documentOfPages(deps: Deps, upload: Upload, path: string, workPath: string): Promise<Part> {
  const unpacked = await unpack(path, workPath, 'pages');
  if (typeof unpacked === 'string') return refusedPart({}, unpacked === 'whole' ? 'not-a-picture' : unpacked);
  if (unpacked.length > archiveLimits.pages) return refusedPart({}, 'too-many-pages');
  const pages: NewFile[] = [];
  for (const { path: at, problem } of unpacked) {
    if (at === undefined || problem !== undefined) return refusedPart({}, problem ?? 'unreadable');
    const kind = contentKindOf(await firstBytes(at, headBytes));
    if (kind !== 'jpeg' && kind !== 'png' && kind !== 'webp') return refusedPart({}, 'not-a-picture');
    const fileId = uuidV7(deps.now(), deps.randomBytes);
    const source = await plainPicture(at, join(workPath, `${fileId}-plain`), kind);
    if (typeof source === 'string') return refusedPart({}, source);
    const title = `${upload.title} ${pages.length + 1}/${unpacked.length}`;
    pages.push({ fileId, source, contentType: contentTypeOfKind(kind), title });
  }
  return pages.length === 0 ? refusedPart({}, 'empty') : partOfFiles(deps, upload, pages, upload.title, {});
}

async function partOfFiles(
  deps: Deps,
  upload: Upload,
  files: readonly NewFile[],
  title: string,
  named: { name?: string },
): Promise<Part> {
  const id = uuidV7(deps.now(), deps.randomBytes);
  const pages = await Promise.all(
    files.map(async (file) => ({
      ...file,
      publicUrl: deps.config.publicUrl,
      sizeBytes: file.source.sizeBytes,
      sha256: file.source.sha256,
      sha1: await sha1Of(file.source),
    })),
  );
  const contentType = files[0]?.contentType ?? 'application/octet-stream';
  return {
    files,
    document: {
      method: 'create',
      type: 'DocumentReference',
      id,
      resource: documentOfFiles(pages, {
        patientId: upload.patientId,
        title,
        kind: upload.kind,
        accession: upload.accession,
        day: upload.day ?? undefined,
        author: authorOf(upload),
        nowMs: deps.now(),
      }),
    },
    outcome: { ...named, outcome: 'stored', resource: `DocumentReference/${id}`, contentType },
  };
}

function authorOf({ who, patientId }: Upload): { reference: string } | { display: string } | undefined {
  if (who.role === 'patient' && who.reference === `Patient/${patientId}`) return { reference: who.reference };
  return who.name === undefined ? undefined : { display: who.name };
}

async function sha1Of(source: FileSource): Promise<Buffer> {
  const hash = createHash('sha1');
  for await (const piece of source.open()) hash.update(piece);
  return hash.digest();
}

function refusedPart(named: { name?: string }, reason: string): Part {
  return { refused: true, outcome: { ...named, outcome: 'refused', reason } };
}
