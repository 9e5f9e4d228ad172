// A dispute over custody: managing, sharing and taking away rest until it is settled. Looking, answering and every emergency go on.
import type { RouteShorthandOptionsWithHandler } from 'fastify';
import { ApiError } from '../errors.ts';
import { whoFor } from '../http/acting-for.ts';
import { requireProof } from '../http/require-person.ts';
import { findDispute, liftDispute, raiseDispute } from '../storage/agreements.ts';
import { lockPerson } from '../storage/cards.ts';
import { listGuardians } from '../storage/guardians.ts';
import { inTransaction } from '../storage/transaction.ts';
import { uuidV7 } from '../storage/uuid.ts';
import type { GuardiansRoom } from './guardians-room.ts';
import { bodyLimit, note, notThere } from './guardians-room.ts';

/** `POST /api/custody-disputes {patient, reason}`: by any guardian. */
export function postCustodyDispute(room: GuardiansRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['patient', 'reason'],
        properties: {
          patient: { type: 'string', minLength: 1, maxLength: 64 },
          reason: { type: 'string', minLength: 3, maxLength: 500 },
        },
      },
    },
    async handler(request, reply) {
      const actor = requireProof(request, room.now());
      const { patient: patientId, reason } = request.body as { patient: string; reason: string };
      const nowMs = room.now();
      const disputeId = uuidV7(nowMs, room.randomBytes);
      const entryId = await inTransaction(room.db.pool, async (client) => {
        await lockPerson(client, patientId);
        const guardians = await listGuardians(client, patientId, nowMs);
        if (!guardians.some(({ holderId }) => holderId === actor.accountId)) throw notThere();
        const raised = await raiseDispute(client, {
          patientId,
          disputeId,
          raisedBy: actor.accountId,
          reason: reason.trim(),
          atMs: nowMs,
        });
        if (!raised) throw new ApiError(409, 'dispute-open', 'There is a dispute over this record already.');
        return note(client, room, request, {
          patientId,
          event: 'dispute-raise',
          who: whoFor(actor, patientId),
          basis: 'guardian',
          detail: { dispute: disputeId },
          tell: [patientId, ...guardians.map((one) => one.holderPatientId)].map((to) => ({
            patientId: to,
            kind: 'dispute-raised',
            detail: { name: actor.name },
          })),
        });
      });
      return reply.code(201).header('ledger-entry', entryId).send({ id: disputeId });
    },
  };
}

/** `DELETE /api/custody-disputes/:patient`: taken back by whoever raised it; everybody else goes to the operator, who settles it. */
export function withdrawDispute(room: GuardiansRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    async handler(request, reply) {
      const actor = requireProof(request, room.now());
      const { patient: patientId } = request.params as { patient: string };
      const entryId = await inTransaction(room.db.pool, async (client) => {
        await lockPerson(client, patientId);
        const dispute = await findDispute(client, patientId);
        if (dispute?.raisedBy !== actor.accountId) throw notThere();
        await liftDispute(client, patientId, 'withdrawn', room.now());
        const guardians = await listGuardians(client, patientId, room.now());
        return note(client, room, request, {
          patientId,
          event: 'dispute-lift',
          who: whoFor(actor, patientId),
          basis: 'guardian',
          detail: { dispute: dispute.disputeId, why: 'withdrawn' },
          tell: [patientId, ...guardians.map((one) => one.holderPatientId)].map((to) => ({
            patientId: to,
            kind: 'dispute-lifted',
          })),
        });
      });
      return reply.code(204).header('ledger-entry', entryId).send();
    },
  };
}
