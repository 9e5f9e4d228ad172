// Where the photo of the person whose record is shown is shown from. The address changes with the picture, so no old one is shown.
import type { RecordFacts } from '../../../core/record/facts.ts';
import { addressFor } from '../../api/acting.ts';

export function photoAddress({ identity }: RecordFacts): string | undefined {
  const photo = identity.state === 'recorded' ? identity.facts[0]?.value.photo : undefined;
  if (photo?.url !== undefined) return addressFor(`/api/photo?of=${encodeURIComponent(photo.url)}`);
  return photo?.data === undefined
    ? undefined
    : `data:${photo.contentType ?? 'image/jpeg'};base64,${photo.data}`;
}
