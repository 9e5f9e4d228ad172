// What whoever sent a file may know of it: that it came, when, its digest, and what became of it. Nothing of the record.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FileOutcome, Upload } from '../../storage/uploads.ts';
import { findUpload, listUploads } from '../../storage/uploads.ts';
import { requireOwnUpload } from './tus.ts';
import type { UploadsRoom } from './uploads-room.ts';
import { uploaderOf } from './who-brings.ts';

const mostListed = 100;
const mostFilesNamed = 1000;

/** Who sees nothing of the record learns from a receipt neither what it held before nor which of its elements are others. */
const withoutSight = new Set(['client-scope', 'staff-upload']);

export function outcomeTold(basis: string, { differs, ...told }: FileOutcome): object {
  if (!withoutSight.has(basis)) return { ...told, ...(differs ? { differs } : {}) };
  return {
    ...told,
    ...(told.outcome === 'there-already' ? { outcome: 'stored' } : {}),
    ...(differs ? { identityDiffers: true } : {}),
  };
}

function receiptOf(upload: Upload, scanned: boolean) {
  const files = upload.files.map((one) => outcomeTold(upload.basis, one) as FileOutcome);
  const count = (outcome: FileOutcome['outcome']) => files.filter((one) => one.outcome === outcome).length;
  return {
    id: upload.uploadId,
    title: upload.title,
    state: upload.state,
    bytes: upload.lengthBytes,
    received: upload.offsetBytes,
    createdAt: upload.createdAt.toISOString(),
    ...(upload.receivedAt ? { receivedAt: upload.receivedAt.toISOString() } : {}),
    ...(upload.sha256 ? { sha256: upload.sha256.toString('hex') } : {}),
    ...(upload.entryId === null ? {} : { entry: upload.entryId }),
    ...(upload.refusal === null ? {} : { refusal: upload.refusal }),
    /** Whether this server looks for malware at all. */
    scanned,
    counts: {
      stored: count('stored'),
      thereAlready: count('there-already'),
      refused: count('refused'),
    },
    files: files.slice(0, mostFilesNamed),
  };
}

/** GET /api/uploads/:id */
export const getReceipt =
  (room: UploadsRoom) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const upload = await requireOwnUpload(room, request);
    // What stopped half-way, because the server did or because something was not to be reached, goes on when it is asked for.
    if (upload.state === 'received' || upload.state === 'waiting-for-scan') {
      await Promise.race([room.finish(upload.uploadId), new Promise((resolve) => setTimeout(resolve, 2000))]);
    }
    const now = (await findUpload(room.db.pool, upload.uploadId)) ?? upload;
    return reply.send(receiptOf(now, room.config.scan !== undefined));
  };

/** GET /api/uploads: the newest first. */
export const getReceipts =
  (room: UploadsRoom) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const uploads = await listUploads(room.db.pool, uploaderOf(request.actor), mostListed);
    return reply.send({
      uploads: uploads.map((one) => ({
        ...receiptOf(one, room.config.scan !== undefined),
        files: undefined,
      })),
    });
  };
