// What every yes has in common: what the request becomes, for whom, and how it is answered over HTTP.
import type { FastifyReply } from 'fastify';
import { displayName } from '../../core/record/human-name.ts';
import type { AccessRequest } from '../storage/access-requests.ts';
import type { Granted } from './let-in.ts';

/** With `requestId` where the request was made by this very call. */
export function sendGranted(reply: FastifyReply, granted: Granted, requestId?: string) {
  return reply
    .code(201)
    .header('ledger-entry', granted.entryId)
    .send({
      ...(requestId === undefined ? {} : { id: requestId, codeSent: 'none', approved: true }),
      grant: granted.grantId,
      consent: `Consent/${granted.consentId}`,
      until: new Date(granted.untilMs),
      ...(granted.editUntilMs === undefined ? {} : { writeUntil: new Date(granted.editUntilMs) }),
    });
}

export function grantOf(found: AccessRequest) {
  const { patientId, requestId, coverage, share, writing, purpose, durationMs } = found;
  return { patientId, requestId, coverage, share, writing, purpose, durationMs };
}

export function holderOf(found: AccessRequest, practitionerId: string | null = null) {
  return {
    accountId: found.requesterId,
    patientId: found.requesterPatientId,
    name: displayName(found.requesterName),
    ...(found.organizationId === null ? {} : { organizationId: found.organizationId }),
    ...(practitionerId === null ? {} : { reference: `Practitioner/${practitionerId}` }),
  };
}
