// The names in a FHIR URL, checked before anything is asked of the record.
import { isResourceType } from '../../core/fhir/resource-types.ts';
import { fhirError } from '../errors.ts';

/** Returns the type; throws 404 for a name that is no R4 resource type. */
export function requireType(type: string): string {
  if (!isResourceType(type))
    throw fhirError(404, 'not-supported', 'This is not a FHIR R4 resource type.', 'http.path');
  return type;
}

/** Throws 404: an id outside the FHIR id rule cannot name anything. */
export function requireId(id: string): string {
  if (!/^[A-Za-z0-9\-.]{1,64}$/.test(id))
    throw fhirError(404, 'not-found', 'There is no such resource, or you may not see it.');
  return id;
}
