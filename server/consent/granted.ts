// What every yes has in common: what the request becomes, for whom, and how it is answered over HTTP.
import type { FastifyReply } from 'fastify';
import { displayName } from '../../core/record/human-name.ts';
import type { AccessRequest } from '../storage/access-requests.ts';
import type { Clinician, Granted, Holder } from './let-in.ts';

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
  const { patientId, requestId, coverage, share, writing, everybody, purpose, durationMs } = found;
  const askedBy = found.requesterPatientId;
  return { patientId, requestId, askedBy, coverage, share, writing, everybody, purpose, durationMs };
}

/** Who is let in by a yes: whoever asked, or all of their organisation; and who of them writes. */
export function holdersOf(
  found: AccessRequest,
  { everybody, writing }: { everybody: boolean; writing: boolean },
  practitionerId: string | null = null,
): { holder: Holder; writer?: Clinician } {
  const asker = askerOf(found, practitionerId);
  const holder =
    everybody && found.organizationId !== null
      ? { name: found.organizationName ?? found.organizationId, organizationId: found.organizationId }
      : asker;
  return { holder, ...(writing ? { writer: asker } : {}) };
}

function askerOf(found: AccessRequest, practitionerId: string | null): Clinician {
  return {
    accountId: found.requesterId,
    patientId: found.requesterPatientId,
    name: displayName(found.requesterName),
    ...(found.organizationId === null ? {} : { organizationId: found.organizationId }),
    ...(practitionerId === null ? {} : { reference: `Practitioner/${practitionerId}` }),
  };
}
