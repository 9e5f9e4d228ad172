// An emergency opens a record to a verified clinician for an hour: with a reason, in the log before a byte is shown, and the person and
// their guardians told at once. `DELETE /api/break-glass/:id` closes it again.
import type { RouteShorthandOptionsWithHandler } from 'fastify';
import { ApiError } from '../errors.ts';
import { agentFamily } from '../http/agent-family.ts';
import { requirePerson } from '../http/require-person.ts';
import {
  endAuthorities,
  findAuthority,
  insertAuthority,
  listGuardianPatients,
} from '../storage/authorities.ts';
import { insertGlassReview } from '../storage/glass-reviews.ts';
import { insertNotices } from '../storage/notices.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import { inTransaction } from '../storage/transaction.ts';
import { uuidV7 } from '../storage/uuid.ts';
import { writeBatch } from '../storage/write-batch.ts';
import { findNamed } from './access-requests.ts';
import type { ConsentRoom } from './consent-room.ts';
import { reviewWithinMs } from './glass-reviews.ts';
import { bodyLimit, note, take, uuid } from './request-parts.ts';
import { requireClinician, whoOfClinician } from './standing.ts';

export const glassLastsMs = 60 * 60_000;

/** `POST /api/break-glass {patient, reason}`: 201 `{ id, patient, until }`. */
export function postBreakGlass(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['patient', 'reason'],
        properties: {
          patient: { type: 'string', minLength: 1, maxLength: 64 },
          reason: { type: 'string', maxLength: 500 },
        },
      },
    },
    async handler(request, reply) {
      const { actor, member } = await requireClinician(room, request);
      const body = request.body as { patient: string; reason: string };
      const reason = body.reason.normalize('NFC').replace(/\s+/gu, ' ').trim();
      if (Array.from(reason).length < 10 || /\p{Cc}/u.test(reason))
        throw new ApiError(422, 'reason-wrong', 'Say in at least ten characters why this cannot wait.', {
          fields: [{ field: 'reason', code: 'too-short' }],
        });
      await take(room, 'break-glass-by-clinician', actor.accountId);
      const patientId = await findNamed(room, body.patient);
      if (patientId === actor.patientId)
        throw new ApiError(422, 'own-record', 'This is your own record: it is open to you already.');
      const nowMs = room.now();
      const authorityId = uuidV7(nowMs, room.randomBytes);
      const untilMs = nowMs + glassLastsMs;
      const entryId = await inTransaction(room.db.pool, async (client) => {
        const entry = sealEntry(
          patientId,
          {
            event: 'break-glass',
            outcome: 'done',
            who: whoOfClinician(actor, member),
            basis: 'break-glass',
            purpose: 'BTG',
            on: { type: 'Patient', id: patientId },
            agent: agentFamily(request.headers['user-agent']),
            detail: {
              reason,
              until: new Date(untilMs).toISOString(),
              organization: member.organizationName ?? '',
            },
          },
          room,
          nowMs,
        );
        await writeBatch(client, { versions: [], entries: [entry] });
        await insertAuthority(client, {
          patientId,
          authorityId,
          basis: 'break-glass',
          holderId: actor.accountId,
          purpose: 'BTG',
          organizationId: member.organizationId,
          startsAtMs: nowMs,
          endsAtMs: untilMs,
        });
        await insertGlassReview(client, {
          patientId,
          authorityId,
          entryId: entry.entryId,
          organizationId: member.organizationId,
          clinicianId: actor.accountId,
          reason,
          openedAtMs: nowMs,
          dueAtMs: nowMs + reviewWithinMs,
        });
        const told = [patientId, ...(await listGuardianPatients(client, patientId, nowMs))];
        await insertNotices(
          client,
          told.map((to, index) => ({
            patientId: to,
            noticeId: uuidV7(nowMs, room.randomBytes),
            kind: index === 0 ? 'glass-broken' : 'glass-broken-for',
            entryId: entry.entryId,
            detail: { name: actor.name },
            createdAtMs: nowMs,
          })),
        );
        return entry.entryId;
      });
      return reply
        .code(201)
        .header('ledger-entry', entryId)
        .send({ id: authorityId, patient: patientId, until: new Date(untilMs) });
    },
  };
}

export function endBreakGlass(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    async handler(request, reply) {
      const actor = requirePerson(request);
      const { id } = request.params as { id: string };
      const found = uuid.test(id) ? await findAuthority(room.db.pool, id) : undefined;
      if (!found || found.basis !== 'break-glass' || found.holderId !== actor.accountId)
        throw new ApiError(404, 'not-found', 'There is no such access.');
      const entryId = await inTransaction(room.db.pool, async (client) => {
        const ended = await endAuthorities(client, found.patientId, [id], 'closed', room.now());
        if (ended === 0) return undefined;
        return note(client, room, request, {
          patientId: found.patientId,
          event: 'break-glass-end',
          who: { role: 'professional', account: actor.accountId, name: actor.name },
          basis: 'break-glass',
          detail: {},
          notices: [],
        });
      });
      if (entryId !== undefined) reply.header('ledger-entry', entryId);
      return reply.code(204).send();
    },
  };
}
