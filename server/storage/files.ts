// Rows of the file store. The bytes themselves are in server/storage/file-store.ts.
import type { Queryable } from './queryable.ts';

export interface StoredFile {
  patientId: string;
  fileId: string;
  sha256: Buffer;
  sizeBytes: number;
  contentType: string;
  title: string;
  createdAt: Date;
}

export async function insertFile(
  db: Queryable,
  file: Omit<StoredFile, 'createdAt'> & { createdAtMs: number },
): Promise<void> {
  await db.query({
    name: 'insert-file',
    text: `insert into stored_file (patient_id, file_id, sha256, size_bytes, content_type, title, created_at)
           values ($1, $2, $3, $4, $5, $6, to_timestamp($7::float8 / 1000))`,
    values: [
      file.patientId,
      file.fileId,
      file.sha256,
      file.sizeBytes,
      file.contentType,
      file.title,
      file.createdAtMs,
    ],
  });
}

export async function findFile(db: Queryable, fileId: string): Promise<StoredFile | undefined> {
  const { rows } = await db.query({
    name: 'find-file',
    text: `select patient_id as "patientId", file_id as "fileId", sha256, size_bytes as "sizeBytes", content_type as "contentType", title,
                  created_at as "createdAt" from stored_file where file_id = $1`,
    values: [fileId],
  });
  return rows[0] as StoredFile | undefined;
}

/** All files of a person, in the order in which they came. */
export async function listFiles(db: Queryable, patientId: string): Promise<StoredFile[]> {
  const { rows } = await db.query({
    name: 'list-files',
    text: `select patient_id as "patientId", file_id as "fileId", sha256, size_bytes as "sizeBytes", content_type as "contentType", title,
                  created_at as "createdAt" from stored_file where patient_id = $1 order by file_id`,
    values: [patientId],
  });
  return rows as StoredFile[];
}

/** Every file of everybody, for backups and the whole check. */
export async function listAllFiles(
  db: Queryable,
): Promise<{ fileId: string; sha256: Buffer; sizeBytes: number }[]> {
  const { rows } = await db.query({
    text: `select file_id as "fileId", sha256, size_bytes as "sizeBytes" from stored_file order by file_id`,
  });
  return rows as { fileId: string; sha256: Buffer; sizeBytes: number }[];
}
