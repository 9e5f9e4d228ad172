// A stored file as the DocumentReference that names it: what the log commits to is the SHA-256 that stands in it.
import type { JsonObject, Resource } from '../../core/fhir/types.ts';
import { orderIdentifier, readOrderCode } from '../../core/record/order-code.ts';
import { documentType } from '../../core/record/write-statements.ts';

export interface DocumentOfFile {
  readonly publicUrl: string;
  readonly patientId: string;
  readonly fileId: string;
  readonly title: string;
  readonly kind?: string | null | undefined;
  /** Number of the order that it answers. */
  readonly accession?: string | null | undefined;
  readonly contentType: string;
  readonly sizeBytes: number;
  readonly sha256: Buffer;
  /** R4 says SHA-1 here. */
  readonly sha1?: Buffer;
  /** The day that is on the document. */
  readonly day?: string | undefined;
  readonly author?: JsonObject | undefined;
  readonly nowMs: number;
}

/** As `Attachment`: the digest of what is stored stands beside its address. */
export function attachmentOf(
  file: Pick<
    DocumentOfFile,
    'publicUrl' | 'fileId' | 'title' | 'contentType' | 'sizeBytes' | 'sha256' | 'sha1'
  >,
): JsonObject {
  return {
    contentType: file.contentType,
    url: `${file.publicUrl}/api/files/${file.fileId}`,
    size: file.sizeBytes,
    ...(file.sha1 ? { hash: file.sha1.toString('base64') } : {}),
    title: file.title,
    extension: [{ url: 'urn:medallion:sha256', valueBase64Binary: file.sha256.toString('base64') }],
  };
}

/** By its number alone: whoever brings a file sees no order. One of ours is named as ours, another system's as an accession number. */
function orderOf(accession: string): JsonObject {
  const code = readOrderCode(accession);
  const type = {
    coding: [
      { system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'ACSN', display: 'Accession ID' },
    ],
  };
  const identifier = code === undefined ? { type, value: accession } : { type, ...orderIdentifier(code) };
  return { type: 'ServiceRequest', identifier };
}

type Stored = Parameters<typeof attachmentOf>[0];

export function documentOfFile(file: DocumentOfFile): Resource {
  return documentOfFiles([file], file);
}

/** One document of one or several files, its pages in their order. */
export function documentOfFiles(
  files: readonly Stored[],
  about: Pick<DocumentOfFile, 'patientId' | 'title' | 'kind' | 'day' | 'author' | 'accession' | 'nowMs'>,
): Resource {
  const { kind, day, author, accession } = about;
  return {
    resourceType: 'DocumentReference',
    status: 'current',
    ...(kind ? { type: documentType(kind) ?? { text: kind } } : {}),
    subject: { reference: `Patient/${about.patientId}` },
    ...(author ? { author: [author] } : {}),
    date: new Date(about.nowMs).toISOString(),
    description: about.title,
    content: files.map((file) => ({
      attachment: { ...attachmentOf(file), ...(day === undefined ? {} : { creation: day }) },
    })),
    ...(accession ? { context: { related: [orderOf(accession)] } } : {}),
  };
}
