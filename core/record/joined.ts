// Records that were joined to one, as its Patient says it: `link` of type *replaces*, with the moment of the joining as an extension.
import type { JsonObject } from '../fhir/types.ts';
import { objectAt, objectsAt, textAt } from './elements.ts';

/** Extension of `Patient.link`: when the two records were joined (`valueDateTime`). */
export const joinedOnUrl = 'urn:medallion:joined-on';

export interface Joined {
  readonly patientId: string;
  /** YYYY-MM-DD in UTC; absent where the link does not say. */
  readonly on?: string;
}

/** What a Patient says was joined to it. */
export function joinedIn(patient: JsonObject): Joined[] {
  return objectsAt(patient, 'link').flatMap((link) => {
    const patientId = /^Patient\/([A-Za-z0-9.-]{1,64})$/u.exec(
      textAt(objectAt(link, 'other'), 'reference') ?? '',
    )?.[1];
    if (textAt(link, 'type') !== 'replaces' || patientId === undefined) return [];
    const at = objectsAt(link, 'extension').find((one) => textAt(one, 'url') === joinedOnUrl);
    const on = textAt(at, 'valueDateTime')?.slice(0, 10);
    return [{ patientId, ...(on === undefined ? {} : { on }) }];
  });
}

/** The record that a resource stands in, where that is one of these; undefined for what stands in the record itself. */
export function joinedRecordOf(resource: JsonObject, joined: readonly Joined[]): Joined | undefined {
  const whose = textAt(objectAt(resource, 'patient') ?? objectAt(resource, 'subject'), 'reference');
  return joined.find(({ patientId }) => whose === `Patient/${patientId}`);
}
