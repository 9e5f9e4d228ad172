// GET /api/notices and POST /api/notices/:id/read: what happened to the person's record and card. Never health content.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../errors.ts';
import type { Deps } from '../http/deps.ts';
import { patientNamed, requireActing } from '../http/acting-for.ts';
import { requirePerson } from '../http/require-person.ts';
import { heldNow } from '../storage/authorities.ts';
import { countUnreadNotices, listNotices, markNoticeRead } from '../storage/notices.ts';

const usualLimit = 50;
const largestLimit = 100;
/** Beyond this the count is given as this many: nobody reads the difference. */
const mostCounted = 999;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Newest first. `before=<notice id>` goes on where the last answer ended; `next` is its value. */
export const readNotices = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const { limit = String(usualLimit), before } = request.query as { limit?: string; before?: string };
  const count = /^\d{1,3}$/.test(limit) ? Math.min(Number(limit), largestLimit) : 0;
  if (count < 1 || (before !== undefined && !uuid.test(before))) {
    throw new ApiError(400, 'invalid', 'limit is a number from 1 to 100, before the id of a notice.');
  }
  const patientId = await noticesOf(deps, request);
  const { pool } = deps.db;
  const nowMs = deps.now();
  const [notices, unread] = await Promise.all([
    listNotices(pool, patientId, nowMs, count + 1, before),
    countUnreadNotices(pool, patientId, nowMs, mostCounted),
  ]);
  const shown = notices.slice(0, count);
  return reply.send({
    unread,
    notices: shown.map((one) => ({
      id: one.noticeId,
      kind: one.kind,
      entry: one.entryId,
      detail: one.detail,
      at: one.createdAt.toISOString(),
      readAt: one.readAt?.toISOString() ?? null,
    })),
    next: notices.length > count ? (shown.at(-1)?.noticeId ?? null) : null,
  });
};

export const markNotice = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const patientId = await noticesOf(deps, request);
  const { id } = request.params as { id: string };
  const marked = uuid.test(id) && (await markNoticeRead(deps.db.pool, patientId, id, deps.now()));
  if (!marked) throw new ApiError(404, 'not-found', 'There is no such notice.');
  return reply.code(204).send();
};

/** Whose notices: one's own, or with `?patient=` those of somebody for whom one answers. */
async function noticesOf(deps: Deps, request: FastifyRequest): Promise<string> {
  const actor = requirePerson(request);
  const patientId = patientNamed(request, actor);
  if (patientId !== actor.patientId) await requireActing(actor, 'answer', patientId, heldNow(deps));
  return patientId;
}
