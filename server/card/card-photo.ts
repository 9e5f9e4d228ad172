// The photo that a card shows: small, plain JPEG bytes without metadata, or none. Never fetched from anywhere.
import { parseJson } from '../../core/fhir/json.ts';
import type { Photo } from '../../core/record/facts.ts';
import type { Deps } from '../http/deps.ts';
import { findResource } from '../storage/resource-store.ts';

/** A scan must stay light: the photo may weigh no more than this. */
export const mostPhotoBytes = 25_000;

/** Reads the person's own Binary, or the picture inside the resource. Anything else, and anything that is no picture, is no photo. */
export async function readPhoto(
  deps: Pick<Deps, 'db' | 'log'>,
  patientId: string,
  photo: Photo,
): Promise<Buffer | undefined> {
  const data = photo.data ?? (await binaryData(deps, patientId, photo.url));
  if (data === undefined) return undefined;
  const bytes = Buffer.from(data, 'base64');
  const isOwnJpeg =
    photo.data === undefined &&
    bytes.length <= mostPhotoBytes &&
    bytes.subarray(0, 3).equals(Buffer.of(0xff, 0xd8, 0xff));
  return isOwnJpeg ? bytes : smallJpeg(bytes);
}

async function binaryData(
  deps: Pick<Deps, 'db'>,
  patientId: string,
  url: string | undefined,
): Promise<string | undefined> {
  const id = /^Binary\/([A-Za-z0-9\-.]{1,64})$/.exec(url ?? '')?.[1];
  const found = id ? await findResource(deps.db.pool, 'Binary', id) : undefined;
  if (!found || found.deleted || found.patientId !== patientId) return undefined;
  const { data } = parseJson(found.content) as { data?: unknown };
  return typeof data === 'string' ? data : undefined;
}

/** Pictures that came in by import: made anew, so that neither size nor place nor device travels with them. */
async function smallJpeg(bytes: Buffer): Promise<Buffer | undefined> {
  const { default: sharp } = await import('sharp');
  try {
    const picture = sharp(bytes, { limitInputPixels: 50_000_000, animated: false })
      .rotate()
      .resize(216, 264, { fit: 'cover', position: 'attention' })
      .flatten({ background: '#ffffff' });
    for (const quality of [78, 60, 40, 20]) {
      const jpeg = await picture.clone().jpeg({ quality, mozjpeg: true }).toBuffer();
      if (jpeg.length <= mostPhotoBytes) return jpeg;
    }
  } catch {
    // Not a picture: the initials stand in.
  }
  return undefined;
}
