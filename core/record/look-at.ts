// What a resource opens: the paper that a document names, or the images of a study. Knows no page.
import type { Resource } from '../fhir/types.ts';
import { objectsAt, textAt } from './elements.ts';

export type LookAt =
  | { readonly kind: 'paper'; readonly id: string }
  /** By its DICOM number. */
  | { readonly kind: 'images'; readonly study: string };

/** Undefined for what is read where it stands. */
export function lookAt(resource: Resource): LookAt | undefined {
  const id = textAt(resource, 'id');
  if (resource.resourceType === 'DocumentReference')
    return id === undefined ? undefined : { kind: 'paper', id };
  if (resource.resourceType !== 'ImagingStudy') return undefined;
  const named = objectsAt(resource, 'identifier').find((one) => textAt(one, 'system') === 'urn:dicom:uid');
  const study = textAt(named, 'value')?.replace(/^urn:oid:/, '');
  return study === undefined ? undefined : { kind: 'images', study };
}
