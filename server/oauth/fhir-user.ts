// Who a person is to an app, as `fhirUser` says it: a clinician at work is the Practitioner of the directory, everybody else their own Patient.
import { findPractitionerOf } from '../storage/staff.ts';
import type { Oauth } from './oauth.ts';
import { fhirBaseOf } from './oauth.ts';

export async function fhirUserOf(
  oauth: Oauth,
  { accountId, patientId }: { accountId: string; patientId: string },
): Promise<string> {
  const practitionerId = await findPractitionerOf(oauth.db.pool, accountId, oauth.now());
  return `${fhirBaseOf(oauth)}/${practitionerId === undefined ? `Patient/${patientId}` : `Practitioner/${practitionerId}`}`;
}
