// The holder's photo: any camera picture in, one small plain JPEG out, without place, time or device inside it.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { parseJson } from '../../core/fhir/json.ts';
import type { JsonObject, Resource } from '../../core/fhir/types.ts';
import { ApiError } from '../errors.ts';
import { patientNamed, requireActing } from '../http/acting-for.ts';
import type { Deps } from '../http/deps.ts';
import { requirePerson } from '../http/require-person.ts';
import { heldNow } from '../storage/authorities.ts';
import { findResource } from '../storage/resource-store.ts';
import { uuidV7 } from '../storage/uuid.ts';
import { applyWrites } from './apply-writes.ts';
import type { WriteOperation } from './write-requests.ts';
import type { RequestContext } from './asker.ts';
import { requireContext } from './asker.ts';
import { actingBy } from './authorise.ts';
import { recordLook } from './looks.ts';

const accepted = new Set(['jpeg', 'png', 'webp']);
const pixelLimit = 50_000_000;
const byteLimit = 20 * 1024;
/** The card's photo is 14 × 17.6 mm. */
const width = 336;
const height = 422;

/** Re-encodes to a JPEG of at most 20 kB, upright, without metadata. Throws 422 `not-a-picture`. */
export async function encodePhoto(bytes: Uint8Array): Promise<Buffer> {
  const { default: sharp } = await import('sharp');
  const refuse = () =>
    new ApiError(422, 'not-a-picture', 'This is not a JPEG, PNG or WebP picture. The photo you had is kept.');
  try {
    const input = sharp(bytes, { limitInputPixels: pixelLimit, failOn: 'error', animated: false });
    const { format } = await input.metadata();
    if (!format || !accepted.has(format)) throw refuse();
    const picture = input
      .rotate()
      .resize(width, height, { fit: 'cover', position: 'attention' })
      .flatten({ background: '#ffffff' });
    for (const quality of [82, 72, 60, 48, 36, 24, 12]) {
      const jpeg = await picture.clone().jpeg({ quality, mozjpeg: true }).toBuffer();
      if (jpeg.length <= byteLimit) return jpeg;
    }
    throw refuse();
  } catch (error) {
    throw error instanceof ApiError ? error : refuse();
  }
}

/** Whose photo: the own one, or with `?patient=` that of somebody in whose record one may look or write. */
function photoOf(request: FastifyRequest, context: RequestContext): string {
  if (context.asker.kind !== 'person') throw new ApiError(403, 'forbidden', 'Only a person has a photo.');
  return patientNamed(request, requirePerson(request));
}

async function currentPatient(
  deps: Deps,
  patientId: string,
): Promise<{ patient: Resource; version: number }> {
  const found = await findResource(deps.db.pool, 'Patient', patientId);
  if (!found) throw new ApiError(404, 'not-found', 'There is no such person.');
  return { patient: parseJson(found.content) as Resource, version: found.version };
}

function photoBinaryId(patient: Resource): string | undefined {
  const [photo] = Array.isArray(patient.photo) ? (patient.photo as JsonObject[]) : [];
  return typeof photo?.url === 'string' ? /^Binary\/([A-Za-z0-9\-.]{1,64})$/.exec(photo.url)?.[1] : undefined;
}

async function replacePhoto(
  deps: Deps,
  context: RequestContext,
  patientId: string,
  jpeg: Buffer | undefined,
): Promise<string> {
  const { patient, version } = await currentPatient(deps, patientId);
  const former = photoBinaryId(patient);
  const operations: WriteOperation[] = [];
  const { photo: _former, ...rest } = patient;
  const next: Resource = { ...rest, resourceType: 'Patient' };
  if (jpeg) {
    const id = uuidV7(deps.now(), deps.randomBytes);
    operations.push({
      method: 'create',
      type: 'Binary',
      id,
      resource: {
        resourceType: 'Binary',
        contentType: 'image/jpeg',
        securityContext: { reference: `Patient/${patientId}` },
        data: jpeg.toString('base64'),
      },
    });
    next.photo = [{ contentType: 'image/jpeg', url: `Binary/${id}`, size: jpeg.length }];
  }
  operations.push({ method: 'update', type: 'Patient', id: patientId, resource: next, ifMatch: version });
  if (former) operations.push({ method: 'delete', type: 'Binary', id: former });
  const written = await applyWrites(deps, context, operations);
  return written.find((one) => one.type === 'Patient')?.entryId ?? '';
}

/** Asked before the record is read: whoever may not change it learns nothing of it. */
async function requireWritable(
  deps: Deps,
  request: FastifyRequest,
  context: RequestContext,
): Promise<string> {
  const patientId = photoOf(request, context);
  const actor = requirePerson(request);
  if (patientId !== actor.patientId)
    await requireActing(actor, 'keep-card', patientId, heldNow(deps), 'Patient');
  return patientId;
}

/** PUT: the picture's bytes are the body. */
export const putPhoto = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const context = requireContext(request);
  const patientId = await requireWritable(deps, request, context);
  if (!Buffer.isBuffer(request.body) || request.body.length === 0)
    throw new ApiError(400, 'structure', 'The request has no picture.');
  const entryId = await replacePhoto(deps, context, patientId, await encodePhoto(request.body));
  return reply.code(204).header('ledger-entry', entryId).send();
};

export const deletePhoto = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const context = requireContext(request);
  const patientId = await requireWritable(deps, request, context);
  const entryId = await replacePhoto(deps, context, patientId, undefined);
  return reply.code(204).header('ledger-entry', entryId).send();
};

/** The photo of the signed-in person, or of one they look after, as a picture. Seeing it on one's own pages is no look worth an entry. */
export const getPhoto = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const context = requireContext(request);
  const patientId = photoOf(request, context);
  const actor = requirePerson(request);
  const standing =
    patientId === actor.patientId
      ? undefined
      : await requireActing(actor, 'read', patientId, heldNow(deps), 'Patient');
  if (standing && standing.decision.rule !== 'guardian')
    throw new ApiError(404, 'not-found', 'There is no photo.');
  const { patient } = await currentPatient(deps, patientId);
  const id = photoBinaryId(patient);
  const found = id ? await findResource(deps.db.pool, 'Binary', id) : undefined;
  if (!found || found.deleted || found.patientId !== patientId)
    throw new ApiError(404, 'not-found', 'There is no photo.');
  if (standing)
    await recordLook(deps, actingBy(context, standing.decision), patientId, {
      event: 'file',
      basis: standing.decision.rule,
      on: { type: 'Binary', id: found.resourceId, version: found.version },
    });
  const { data } = parseJson(found.content) as { data?: string };
  return reply
    .type('image/jpeg')
    .header('cache-control', 'private, no-cache')
    .header('etag', `"${id}"`)
    .send(Buffer.from(data ?? '', 'base64'));
};
