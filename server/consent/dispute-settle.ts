// How a questioned look ends: whoever questioned it closes the case when they are content, or hands it on to the administrator of the
// installation when they are not, or when nobody answered in time.
import type { FastifyRequest, RouteShorthandOptionsWithHandler } from 'fastify';
import { ApiError } from '../errors.ts';
import { closeDispute, escalateDispute, findDispute } from '../storage/disputes.ts';
import { inTransaction } from '../storage/transaction.ts';
import type { ConsentRoom } from './consent-room.ts';
import { answerWithinMs } from './disputes.ts';
import { bodyLimit, note, requireWords, uuid } from './request-parts.ts';
import { requireStanding } from './standing.ts';

const notThere = () => new ApiError(404, 'not-found', 'There is no such case.');
const notNow = () =>
  new ApiError(409, 'not-now', 'This case is closed, was handed on already, or still waits for its answer.');

/** `POST /api/disputes/:id/close`, by the person or a guardian: once there is an answer. */
export function closeCase(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    async handler(request, reply) {
      const { found, standing } = await requireOwnCase(room, request);
      const entryId = await inTransaction(room.db.pool, async (client) => {
        if (!(await closeDispute(client, found, room.now()))) return undefined;
        return note(client, room, request, {
          patientId: found.patientId,
          event: 'dispute-close',
          who: standing.who,
          basis: standing.decision.rule,
          detail: { of: found.entryId },
          notices: [],
        });
      });
      if (entryId === undefined) throw notNow();
      return reply.code(204).header('ledger-entry', entryId).send();
    },
  };
}

/** `POST /api/disputes/:id/escalate {words}`: 200 `{ dueAt }`; the administrator has thirty days. */
export function escalateCase(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['words'],
        properties: { words: { type: 'string', maxLength: 1000 } },
      },
    },
    async handler(request, reply) {
      const { found, standing } = await requireOwnCase(room, request);
      const words = requireWords((request.body as { words: string }).words);
      const nowMs = room.now();
      const dueAtMs = nowMs + answerWithinMs;
      const entryId = await inTransaction(room.db.pool, async (client) => {
        if (!(await escalateDispute(client, found, words, dueAtMs, nowMs))) return undefined;
        return note(client, room, request, {
          patientId: found.patientId,
          event: 'dispute-escalate',
          who: standing.who,
          basis: standing.decision.rule,
          detail: { of: found.entryId, words, due: new Date(dueAtMs).toISOString() },
          notices: [],
        });
      });
      if (entryId === undefined) throw notNow();
      return reply.header('ledger-entry', entryId).send({ dueAt: new Date(dueAtMs) });
    },
  };
}

async function requireOwnCase(room: ConsentRoom, request: FastifyRequest) {
  const { id } = request.params as { id: string };
  const found = uuid.test(id) ? await findDispute(room.db.pool, id) : undefined;
  if (!found) throw notThere();
  const standing = await requireStanding(room, request, 'answer', found.patientId).catch((error: unknown) => {
    throw error instanceof ApiError && error.status === 404 ? notThere() : error;
  });
  return { found, standing };
}
