// Resumable uploads by tus 1.0.0: core, creation, termination, expiration and checksum, as https://tus.io/protocols/resumable-upload
// says them. What is acknowledged is on disk. Knows nothing of what a file holds.
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { partialDate } from '../../../core/record/elements.ts';
import { ApiError } from '../../errors.ts';
import { appendStaged, beginStaged, dropStaged, stagedPath } from '../../storage/staged-files.ts';
import { inTransaction } from '../../storage/transaction.ts';
import type { Upload } from '../../storage/uploads.ts';
import { findUpload, insertUpload, moveOffset } from '../../storage/uploads.ts';
import { uuidV7 } from '../../storage/uuid.ts';
import { uploadLimits } from './limits.ts';
import type { UploadsRoom } from './uploads-room.ts';
import { forgetUpload } from './uploads-room.ts';
import { recordMeant, requireBringing, uploaderOf } from './who-brings.ts';

const version = '1.0.0';
const algorithms = ['sha1', 'sha256', 'sha512'];
export const chunkType = 'application/offset+octet-stream';
/** An answer does not wait longer for what the file becomes: the receipt says it later. */
const answerAfterMs = 15_000;

/** An onRequest hook: each answer names the version, and another version gets none. */
export async function speakTus(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  reply.header('tus-resumable', version);
  if (request.method === 'OPTIONS' || request.method === 'GET') return;
  if (request.headers['tus-resumable'] !== version)
    throw new ApiError(412, 'version-not-offered', 'This speaks tus 1.0.0.', {
      headers: { 'tus-version': version },
    });
}

export const describeTus = () => async (_request: FastifyRequest, reply: FastifyReply) =>
  reply
    .code(204)
    .headers({
      'tus-version': version,
      'tus-extension': 'creation,termination,expiration,checksum',
      'tus-max-size': String(uploadLimits.bytes),
      'tus-checksum-algorithm': algorithms.join(','),
    })
    .send();

function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** `key base64,key base64,key`: throws 400 for anything else. */
function readMetadata(text: string | undefined): Map<string, string> {
  const found = new Map<string, string>();
  if (text === undefined || text === '') return found;
  const wrong = () => new ApiError(400, 'invalid', 'Upload-Metadata cannot be read.');
  if (text.length > 8192) throw wrong();
  for (const pair of text.split(',')) {
    const [key = '', value = '', ...rest] = pair.trim().split(' ');
    if (!/^[\x21-\x2b\x2d-\x7e]{1,64}$/.test(key) || rest.length > 0 || found.has(key)) throw wrong();
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(value)) throw wrong();
    const bytes = Buffer.from(value, 'base64');
    try {
      found.set(key, new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    } catch {
      throw wrong();
    }
  }
  return found;
}

function readTitle(metadata: Map<string, string>): string {
  const title = (metadata.get('title') ?? metadata.get('filename') ?? metadata.get('name') ?? '').trim();
  const plain = title
    .replaceAll(/\p{Cc}/gu, ' ')
    .slice(0, 200)
    .trim()
    .toWellFormed();
  return plain === '' ? 'Document' : plain;
}

export const postUpload =
  (room: UploadsRoom) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    if (request.headers['upload-defer-length'] !== undefined)
      throw new ApiError(400, 'not-supported', 'The length must be known at the start.');
    const lengthBytes = wholeNumber(header(request, 'upload-length'));
    if (lengthBytes === undefined || lengthBytes === 0)
      throw new ApiError(400, 'invalid', 'Upload-Length is missing, or no length.', {
        fields: [{ field: 'Upload-Length', code: 'required' }],
      });
    if (lengthBytes > uploadLimits.bytes)
      throw new ApiError(413, 'too-long', 'This is larger than the server accepts. Nothing was saved.');
    const metadata = readMetadata(header(request, 'upload-metadata'));
    const day = metadata.get('date');
    if (day !== undefined && partialDate(day) === undefined)
      throw new ApiError(400, 'invalid', 'The date of the document is not a date.', {
        fields: [{ field: 'date', code: 'not-a-date' }],
      });
    const patientId = await recordMeant(room, request, {
      uhid: metadata.get('uhid'),
      patient: metadata.get('patient')?.slice(0, 64),
    });
    const bringing = await requireBringing(room, request, patientId);
    await room.clear();
    const nowMs = room.now();
    const uploadId = uuidV7(nowMs, room.randomBytes);
    const expiresAtMs = nowMs + uploadLimits.keptMs;
    await beginStaged(room.config.dataDir, uploadId);
    const kind = metadata
      .get('kind')
      ?.replaceAll(/\p{Cc}/gu, ' ')
      .slice(0, 60);
    const accession = metadata
      .get('accession')
      ?.replaceAll(/\p{Cc}/gu, ' ')
      .trim()
      .slice(0, 64)
      .toWellFormed();
    const pages = metadata.get('pages') === '1';
    const begun = await inTransaction(room.db.pool, (client) =>
      insertUpload(
        client,
        {
          uploadId,
          ...bringing,
          title: readTitle(metadata),
          kind: kind ?? null,
          accession: accession === undefined || accession === '' ? null : accession,
          pages,
          day: day ?? null,
          lengthBytes,
        },
        { most: uploadLimits.open, mostBytes: uploadLimits.openBytes },
        nowMs,
        expiresAtMs,
      ),
    );
    if (!begun) {
      await dropStaged(room.config.dataDir, uploadId);
      throw new ApiError(429, 'too-many-uploads', 'Too much is on its way already. Finish that first.', {
        headers: { 'retry-after': '60' },
      });
    }
    return reply
      .code(201)
      .headers({
        location: `${room.config.publicUrl}/api/uploads/${uploadId}`,
        'upload-offset': '0',
        'upload-expires': new Date(expiresAtMs).toUTCString(),
      })
      .send();
  };

/** The upload of the address, if it is the asker's. Throws 404, and 410 when it ran out. */
export async function requireOwnUpload(room: UploadsRoom, request: FastifyRequest): Promise<Upload> {
  const { id } = request.params as { id: string };
  const found = /^[0-9a-f-]{36}$/.test(id) ? await findUpload(room.db.pool, id) : undefined;
  if (!found || found.uploader !== uploaderOf(request.actor))
    throw new ApiError(404, 'not-found', 'There is no such upload, or it is not yours.');
  if (found.state === 'open' && found.expiresAt.getTime() <= room.now())
    throw new ApiError(410, 'upload-expired', 'This upload was not finished in time. Begin again.');
  return found;
}

export const headUpload =
  (room: UploadsRoom) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const upload = await requireOwnUpload(room, request);
    return reply
      .code(200)
      .headers({
        'upload-offset': String(upload.offsetBytes),
        'upload-length': String(upload.lengthBytes),
        'upload-expires': upload.expiresAt.toUTCString(),
        'cache-control': 'no-store',
      })
      .send();
  };

export const deleteUpload =
  (room: UploadsRoom) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { uploadId } = await requireOwnUpload(room, request);
    const gone = await room.alone(uploadId, () => forgetUpload(room, uploadId));
    if (gone === undefined) throw locked();
    if (!gone)
      throw new ApiError(409, 'upload-whole', 'This is whole already. What was sent is not taken back here.');
    return reply.code(204).send();
  };

const locked = () =>
  new ApiError(423, 'upload-busy', 'Somebody is sending to this upload. Try again in a moment.', {
    headers: { 'retry-after': '1' },
  });

export const patchUpload =
  (room: UploadsRoom) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { uploadId } = await requireOwnUpload(room, request);
    const done = await room.alone(uploadId, () => receive(room, request));
    if (done === undefined) throw locked();
    if (done.offset === done.lengthBytes) await soon(room.finish(uploadId));
    const now = await findUpload(room.db.pool, uploadId);
    return reply
      .code(204)
      .headers({
        'upload-offset': String(done.offset),
        'upload-expires': done.expiresAt.toUTCString(),
        ...(now && now.state !== 'open' ? { 'upload-state': now.state } : {}),
        ...(now?.entryId == null ? {} : { 'ledger-entry': now.entryId }),
      })
      .send();
  };

function soon(done: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, answerAfterMs);
    void done.finally(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

interface Received {
  offset: number;
  lengthBytes: number;
  expiresAt: Date;
}

/** Under the upload's own turn: nobody else writes to the file meanwhile. */
async function receive(room: UploadsRoom, request: FastifyRequest): Promise<Received> {
  const upload = await requireOwnUpload(room, request);
  const { uploadId, lengthBytes, expiresAt } = upload;
  const at = wholeNumber(header(request, 'upload-offset'));
  if (at === undefined) throw new ApiError(400, 'invalid', 'Upload-Offset is missing, or no offset.');
  if (at !== upload.offsetBytes)
    throw new ApiError(409, 'offset-differs', 'The server has another number of bytes. Ask for it first.', {
      headers: { 'upload-offset': String(upload.offsetBytes) },
    });
  if (upload.state !== 'open') return { offset: at, lengthBytes, expiresAt };
  const checksum = readChecksum(header(request, 'upload-checksum'));
  // What was taken back since holds for every request, also in the middle of a file.
  const by = await requireBringing(room, request, upload.patientId);
  const { body } = request;
  if (!(body instanceof Readable))
    throw new ApiError(415, 'not-supported', `The bytes come as ${chunkType}.`);
  let certain = at;
  const move = async (to: number) => {
    if (to === certain) return;
    if (!(await moveOffset(room.db.pool, uploadId, { from: certain, to, by }, room.now()))) throw locked();
    certain = to;
  };
  const hash = checksum && createHash(checksum.algorithm);
  const { offset, broken, tooLong } = await appendStaged(
    stagedPath(room.config.dataDir, uploadId),
    at,
    lengthBytes,
    body as AsyncIterable<Uint8Array>,
    { syncEvery: uploadLimits.syncEvery, reached: move, ...(hash ? { hash } : {}) },
  );
  if (tooLong) throw new ApiError(413, 'too-long', 'More bytes came than were announced.');
  if (checksum && (broken || hash?.digest('base64') !== checksum.digest))
    throw new ApiError(
      460,
      'checksum-differs',
      'The bytes are not those of the checksum. They were dropped.',
    );
  await move(offset);
  return { offset, lengthBytes, expiresAt };
}

/** `sha1 <base64>`. Throws 400. */
function readChecksum(text: string | undefined): { algorithm: string; digest: string } | undefined {
  if (text === undefined) return undefined;
  const [algorithm = '', digest = '', ...rest] = text.split(' ');
  if (!algorithms.includes(algorithm) || rest.length > 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(digest))
    throw new ApiError(400, 'invalid', `Upload-Checksum is one of ${algorithms.join(', ')} and its digest.`);
  return { algorithm, digest };
}
