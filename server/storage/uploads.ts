// Rows of files on their way, from the first byte to what became of them. The bytes themselves are in server/storage/staged-files.ts.
import type { StatementWho } from '../../core/ledger/statement.ts';
import type { Queryable } from './queryable.ts';

export type UploadState = 'open' | 'received' | 'waiting-for-scan' | 'done' | 'refused';

/** What became of one file that was in an upload. */
export interface FileOutcome {
  /** As its sender named it; absent where the upload is the file. */
  name?: string;
  outcome: 'stored' | 'there-already' | 'refused';
  /** Why, by a stable code, where it was refused. */
  reason?: string;
  /** `Type/id` of what names it in the record. */
  resource?: string;
  contentType?: string;
  /** Elements of the person's identity inside the file that are not those of the record. */
  differs?: readonly string[];
}

export interface Upload {
  uploadId: string;
  patientId: string;
  uploader: string;
  who: StatementWho;
  basis: string;
  agent: string;
  author: string;
  title: string;
  kind: string | null;
  /** Number of the order that it answers. */
  accession: string | null;
  /** An archive of pictures is one document, and they are its pages. */
  pages: boolean;
  /** That is on the document: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. */
  day: string | null;
  lengthBytes: number;
  offsetBytes: number;
  state: UploadState;
  refusal: string | null;
  sha256: Buffer | null;
  entryId: string | null;
  files: FileOutcome[];
  createdAt: Date;
  receivedAt: Date | null;
  expiresAt: Date;
}

const columns = `upload_id as "uploadId", patient_id as "patientId", uploader, who, basis, agent, author, title, kind, accession, pages, document_day as day,
  length_bytes as "lengthBytes", offset_bytes as "offsetBytes", state, refusal, sha256, entry_id as "entryId", files,
  created_at as "createdAt", received_at as "receivedAt", expires_at as "expiresAt"`;

export type NewUpload = Pick<
  Upload,
  | 'uploadId'
  | 'patientId'
  | 'uploader'
  | 'who'
  | 'basis'
  | 'agent'
  | 'author'
  | 'title'
  | 'kind'
  | 'accession'
  | 'pages'
  | 'day'
  | 'lengthBytes'
>;

/** False when this uploader has `most` unfinished ones already, or more bytes on their way than `mostBytes`: counted under one lock. */
export async function insertUpload(
  client: Queryable,
  upload: NewUpload,
  limits: { most: number; mostBytes: number },
  nowMs: number,
  expiresAtMs: number,
): Promise<boolean> {
  await client.query({
    text: `select pg_advisory_xact_lock(hashtextextended('upload:' || $1, 0))`,
    values: [upload.uploader],
  });
  const { rowCount } = await client.query({
    name: 'insert-upload',
    text: `insert into upload (upload_id, patient_id, uploader, who, basis, agent, author, title, kind, length_bytes, created_at, expires_at, accession, pages, document_day)
           select $1, $2, $3, $4::jsonb, $5, $6, $7, $8, $9, $10::bigint, to_timestamp($11::float8 / 1000), to_timestamp($12::float8 / 1000), $15, $16::boolean, $17
            where (select count(*) < $13::int and coalesce(sum(length_bytes), 0) + $10::bigint <= $14::bigint from upload
                    where uploader = $3 and state in ('open', 'received', 'waiting-for-scan'))`,
    values: [
      upload.uploadId,
      upload.patientId,
      upload.uploader,
      JSON.stringify(upload.who),
      upload.basis,
      upload.agent,
      upload.author,
      upload.title,
      upload.kind,
      upload.lengthBytes,
      nowMs,
      expiresAtMs,
      limits.most,
      limits.mostBytes,
      upload.accession,
      upload.pages,
      upload.day,
    ],
  });
  return rowCount === 1;
}

export async function findUpload(db: Queryable, uploadId: string): Promise<Upload | undefined> {
  const { rows } = await db.query({
    name: 'find-upload',
    text: `select ${columns} from upload where upload_id = $1`,
    values: [uploadId],
  });
  return rows[0] as Upload | undefined;
}

/** The newest first, at most `limit`. */
export async function listUploads(db: Queryable, uploader: string, limit: number): Promise<Upload[]> {
  const { rows } = await db.query({
    name: 'list-uploads',
    text: `select ${columns} from upload where uploader = $1 order by created_at desc, upload_id desc limit $2`,
    values: [uploader, limit],
  });
  return rows as Upload[];
}

/** Says that bytes are on disk. False when somebody else moved it meanwhile. */
export async function moveOffset(
  db: Queryable,
  uploadId: string,
  move: { from: number; to: number; by: Pick<Upload, 'who' | 'basis'> },
  nowMs: number,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'move-upload-offset',
    text: `update upload set offset_bytes = $3::bigint, who = $5, basis = $6,
             state = case when $3::bigint = length_bytes then 'received' else state end,
             received_at = case when $3::bigint = length_bytes then to_timestamp($4::float8 / 1000) else received_at end
            where upload_id = $1 and offset_bytes = $2 and state = 'open'`,
    values: [uploadId, move.from, move.to, nowMs, JSON.stringify(move.by.who), move.by.basis],
  });
  return rowCount === 1;
}

export async function waitForScan(db: Queryable, uploadId: string): Promise<void> {
  await db.query({
    name: 'upload-waits-for-scan',
    text: `update upload set state = 'waiting-for-scan' where upload_id = $1 and state = 'received'`,
    values: [uploadId],
  });
}

/** The end of it, once: false when it had one already. */
export async function endUpload(
  client: Queryable,
  uploadId: string,
  end: {
    state: 'done' | 'refused';
    refusal: string | null;
    sha256: Buffer;
    entryId: string | null;
    files: readonly FileOutcome[];
  },
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'end-upload',
    text: `update upload set state = $2, refusal = $3, sha256 = $4, entry_id = $5, files = $6
            where upload_id = $1 and state in ('received', 'waiting-for-scan')`,
    values: [uploadId, end.state, end.refusal, end.sha256, end.entryId, JSON.stringify(end.files)],
  });
  return rowCount === 1;
}

/** False when it is whole, and therefore no longer its sender's to take back. */
export async function deleteOpenUpload(db: Queryable, uploadId: string): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'delete-open-upload',
    text: `delete from upload where upload_id = $1 and state = 'open'`,
    values: [uploadId],
  });
  return rowCount === 1;
}

/** Takes away what ran out: unfinished files, and receipts that were kept long enough. Gives back whose bytes may go. */
export async function takeExpiredUploads(db: Queryable, nowMs: number, limit: number): Promise<string[]> {
  const { rows } = await db.query({
    name: 'take-expired-uploads',
    text: `delete from upload where upload_id in (
             select upload_id from upload where expires_at <= to_timestamp($1::float8 / 1000) and state not in ('received', 'waiting-for-scan')
              order by expires_at limit $2) returning upload_id as "uploadId"`,
    values: [nowMs, limit],
  });
  return (rows as { uploadId: string }[]).map(({ uploadId }) => uploadId);
}

/** Whole ones of which nothing became yet. */
export async function listReceivedUploads(db: Queryable, limit: number): Promise<string[]> {
  const { rows } = await db.query({
    name: 'list-received-uploads',
    text: `select upload_id as "uploadId" from upload where state in ('received', 'waiting-for-scan') order by received_at limit $1`,
    values: [limit],
  });
  return (rows as { uploadId: string }[]).map(({ uploadId }) => uploadId);
}
