// Documents a person adds: bytes to the file store, a DocumentReference to the record, both or neither.
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Decision } from '../../core/access/decide.ts';
import { decide } from '../../core/access/decide.ts';
import { partialDate } from '../../core/record/elements.ts';
import { ApiError } from '../errors.ts';
import { patientNamed } from '../http/acting-for.ts';
import type { Deps } from '../http/deps.ts';
import { requirePerson } from '../http/require-person.ts';
import { dropFile, putFile, readWholeFile } from '../storage/file-store.ts';
import { findFile, insertFile } from '../storage/files.ts';
import { findDocumentsOfFile } from '../storage/resource-store.ts';
import { uuidV7 } from '../storage/uuid.ts';
import { applyWrites } from './apply-writes.ts';
import type { RequestContext } from './asker.ts';
import { requireContext } from './asker.ts';
import { actingBy, decideOn, withAuthorities } from './authorise.ts';
import { documentOfFile } from './document-reference.ts';
import { recordLook } from './looks.ts';

export const documentByteLimit = 20 * 1024 * 1024;

export const fileQuery = {
  type: 'object',
  required: ['title'],
  additionalProperties: false,
  properties: {
    title: { type: 'string', minLength: 1, maxLength: 200 },
    kind: { type: 'string', minLength: 1, maxLength: 60 },
    date: { type: 'string', maxLength: 10 },
    patient: { type: 'string', minLength: 1, maxLength: 64 },
  },
} as const;

/** Known by their first bytes, never by what the sender calls them. */
export function contentTypeOf(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 16)).toString('latin1');
  if (head.startsWith('%PDF-')) return 'application/pdf';
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') return 'image/webp';
  return undefined;
}

export const postFile = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const context = requireContext(request);
  if (context.asker.kind !== 'person')
    throw new ApiError(403, 'forbidden', 'Only a person adds documents here.');
  // In another's record the write below is refused unless they may write there.
  const patientId = patientNamed(request, requirePerson(request));
  const { title, kind, date } = request.query as { title: string; kind?: string; date?: string };
  if (date !== undefined && partialDate(date) === undefined)
    throw new ApiError(400, 'invalid', 'The date of the document is not a date.', {
      fields: [{ field: 'date', code: 'not-a-date' }],
    });
  if (/\p{Cc}/u.test(title + (kind ?? '')))
    throw new ApiError(400, 'invalid', 'The title holds characters that cannot be shown.', {
      fields: [{ field: 'title', code: 'control-characters' }],
    });
  const bytes = request.body;
  if (!Buffer.isBuffer(bytes) || bytes.length === 0)
    throw new ApiError(400, 'structure', 'The request has no file.');
  const contentType = contentTypeOf(bytes);
  if (!contentType)
    throw new ApiError(
      415,
      'kind-not-accepted',
      'A document is a PDF, JPEG, PNG or WebP file. Nothing was saved.',
    );
  const fileId = uuidV7(deps.now(), deps.randomBytes);
  const sha256 = await putFile(deps.config.storageUrl, fileId, bytes);
  try {
    const nowMs = deps.now();
    const [written] = await applyWrites(
      deps,
      context,
      [
        {
          method: 'create',
          type: 'DocumentReference',
          id: uuidV7(nowMs, deps.randomBytes),
          resource: documentOfFile({
            publicUrl: deps.config.publicUrl,
            patientId,
            fileId,
            title,
            kind,
            contentType,
            sizeBytes: bytes.length,
            sha256,
            sha1: createHash('sha1').update(bytes).digest(),
            day: date,
            author: patientId === context.asker.patientId ? { reference: `Patient/${patientId}` } : undefined,
            nowMs,
          }),
        },
      ],
      {
        alongside: (client) =>
          insertFile(client, {
            patientId,
            fileId,
            sha256,
            sizeBytes: bytes.length,
            contentType,
            title,
            createdAtMs: nowMs,
          }),
      },
    );
    return reply
      .code(201)
      .header('ledger-entry', written?.entryId ?? '')
      .send({ id: written?.id, fileId, contentType, size: bytes.length });
  } catch (error) {
    // A commit whose answer was lost may have happened: bytes without a row do no harm, a row without bytes does.
    const stored = await findFile(deps.db.pool, fileId).catch(() => 'unknown');
    if (!stored) await dropFile(deps.config.storageUrl, fileId);
    throw error;
  }
};

export const getDocumentFile = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const context = requireContext(request);
  const { id } = request.params as { id: string };
  const absent = () => new ApiError(404, 'not-found', 'There is no such file, or you may not see it.');
  const file = /^[a-z0-9-]{20,64}$/.test(id) ? await findFile(deps.db.pool, id) : undefined;
  if (!file) throw absent();
  const inRecord = await withAuthorities(deps, context, [file.patientId]);
  const decision = await decideOnFile(deps, inRecord, file.patientId, id);
  await recordLook(deps, actingBy(inRecord, decision), file.patientId, {
    event: 'file',
    basis: decision.rule,
    outcome: decision.allowed ? 'done' : 'refused',
    on: { type: 'file', id },
  });
  if (!decision.allowed) throw absent();
  return (
    reply
      .header('content-length', String(file.sizeBytes))
      .type(file.contentType)
      .header(
        'content-disposition',
        `attachment; filename*=UTF-8''${encodeURIComponent(file.title).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)}`,
      )
      .header('content-security-policy', "default-src 'none'; sandbox")
      // Whatever it is, it is taken away and never a page of ours.
      .send(Readable.from(readWholeFile(deps.config.storageUrl, file), { objectMode: false }))
  );
};

/** A file is as open as the least open document that names it: one more beside it opens nothing. One of no document is its owner's. */
async function decideOnFile(
  deps: Deps,
  context: RequestContext,
  patientId: string,
  fileId: string,
): Promise<Decision> {
  const thing = { patientId, resourceType: 'DocumentReference' };
  const { asker } = context;
  if (asker.kind !== 'app' && (asker.kind !== 'person' || asker.patientId === patientId))
    return decide(context.asker, 'read', thing);
  const documents = await findDocumentsOfFile(deps.db.pool, patientId, fileId);
  const decisions = documents.map((document) => decideOn(context, 'read', document));
  return decisions.find(({ allowed }) => !allowed) ?? decisions[0] ?? decide(context.asker, 'read', thing);
}
