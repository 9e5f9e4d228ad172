// Asking for a pen for longer: a request of its own with a code of its own, answered like every other.
import type { RouteShorthandOptionsWithHandler } from 'fastify';
import { editMs } from '../../core/access/terms.ts';
import { ApiError } from '../errors.ts';
import { insertRequest, isBlocked } from '../storage/access-requests.ts';
import type { ListedAuthority } from '../storage/authorities.ts';
import { findAuthority, listGiven } from '../storage/authorities.ts';
import { inTransaction } from '../storage/transaction.ts';
import { uuidV7 } from '../storage/uuid.ts';
import { sendCode } from './access-requests.ts';
import type { ConsentRoom } from './consent-room.ts';
import { codeLimits, requestLifetimeMs } from './consent-room.ts';
import { coverageOf } from './prolong.ts';
import { bodyLimit, note, take, uuid } from './request-parts.ts';
import { requireClinician, whoOfClinician } from './standing.ts';

const noPen = () => new ApiError(404, 'not-found', 'There is no such pen of yours.');

/** `POST /api/grants/:id/extend`, by the holder of a pen: a request with a code of its own, answered like every other. */
export function extendPen(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    async handler(request, reply) {
      const { actor, member } = await requireClinician(room, request);
      const { id } = request.params as { id: string };
      const pen = uuid.test(id) ? await findAuthority(room.db.pool, id) : undefined;
      if (!pen || pen.basis !== 'edit' || pen.holderId !== actor.accountId) throw noPen();
      if (!(await stillOpen(room, pen)))
        throw new ApiError(409, 'grant-over', 'This permission is over. Ask the person anew.');
      await take(room, 'access-by-asker', actor.accountId);
      await take(room, 'access-to-person', pen.patientId);
      if (await isBlocked(room.db.pool, pen.patientId, actor.accountId))
        throw new ApiError(403, 'blocked', 'This person does not take requests from you.');
      const { patientId } = pen;
      const nowMs = room.now();
      const requestId = uuidV7(nowMs, room.randomBytes);
      const who = whoOfClinician(actor, member);
      const entryId = await inTransaction(room.db.pool, async (client) => {
        await insertRequest(client, {
          patientId,
          requestId,
          requesterId: actor.accountId,
          organizationId: pen.organizationId,
          everybody: false,
          extendsId: pen.authorityId,
          coverage: coverageOf(pen),
          share: false,
          writing: true,
          purpose: pen.purpose,
          durationMs: editMs,
          codeTries: codeLimits.tries,
          createdAtMs: nowMs,
          expiresAtMs: nowMs + requestLifetimeMs,
        });
        return note(client, room, request, {
          patientId,
          event: 'access-request',
          who,
          basis: 'licence',
          detail: { request: requestId, writing: true, sealed: pen.sealed, extends: pen.authorityId },
          notices: [{ patientId, kind: 'access-asked', detail: { name: actor.name, request: requestId } }],
        });
      });
      const sent = await sendCode(room, request, { patientId, requestId }, who);
      return reply
        .code(201)
        .headers({ 'ledger-entry': entryId, location: `/api/access-requests/${requestId}` })
        .send({ id: requestId, ...sent, expiresAt: new Date(nowMs + requestLifetimeMs) });
    },
  };
}

/** Not taken away, and the looking that it came with, or the writing itself, still goes on. */
async function stillOpen(room: ConsentRoom, pen: ListedAuthority): Promise<boolean> {
  if (pen.endedAt !== null || pen.consentId === null) return false;
  const nowMs = room.now();
  return (await listGiven(room.db.pool, pen.patientId)).some(
    ({ consentId, endedAt, endsAt }) =>
      consentId === pen.consentId && endedAt === null && (endsAt === null || endsAt.getTime() > nowMs),
  );
}
