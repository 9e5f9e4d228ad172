// A look that its person questions: a case with a clock, answered by the organisation that looked, or where there is none by the administrator.
import type { RouteShorthandOptionsWithHandler } from 'fastify';
import { kindOfEvent } from '../../core/ledger/statement.ts';
import type { Statement } from '../../core/ledger/statement.ts';
import { ApiError } from '../errors.ts';
import { patientNamed } from '../http/acting-for.ts';
import { requirePerson } from '../http/require-person.ts';
import { findCorrection } from '../storage/corrections.ts';
import type { Dispute } from '../storage/disputes.ts';
import {
  answerDispute,
  answerFinally,
  findDispute,
  insertDispute,
  listDisputes,
} from '../storage/disputes.ts';
import { findEntry } from '../storage/entries.ts';
import { listMemberships } from '../storage/members.ts';
import { inTransaction } from '../storage/transaction.ts';
import { uuidV7 } from '../storage/uuid.ts';
import { readWork } from './clinicians.ts';
import type { ConsentRoom } from './consent-room.ts';
import { bodyLimit, note, requireWords, take, uuid } from './request-parts.ts';
import { requireStanding } from './standing.ts';

/** How long whoever looked has to answer. */
export const answerWithinMs = 30 * 86_400_000;
const lookKind = 2;

const notThere = () => new ApiError(404, 'not-found', 'There is no such case.');

/** `POST /api/disputes {entry, words, patient?}`: 201 `{ id, dueAt }`. Once for each look. */
export function postDispute(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['entry', 'words'],
        properties: {
          entry: { type: 'string', maxLength: 64 },
          words: { type: 'string', maxLength: 1000 },
          patient: { type: 'string', maxLength: 64 },
        },
      },
    },
    async handler(request, reply) {
      const actor = requirePerson(request);
      const body = request.body as { entry: string; words: string; patient?: string };
      const standing = await requireStanding(
        room,
        request,
        'answer',
        body.patient ?? patientNamed(request, actor),
      );
      const { patientId } = standing;
      const words = requireWords(body.words);
      const entry = uuid.test(body.entry) ? await findEntry(room.db.pool, patientId, body.entry) : undefined;
      if (!entry || entry.erasedBy !== null)
        throw new ApiError(404, 'not-found', 'There is no such look in this record.');
      const { event, who } = JSON.parse(entry.statement) as Statement;
      const isLook = kindOfEvent[event] === lookKind || event === 'break-glass' || event === 'access-request';
      if (!isLook || who.account === actor.accountId)
        throw new ApiError(422, 'not-a-look', 'Only a look of somebody else can be questioned.');
      await take(room, 'dispute-by-person', actor.accountId);
      const [member] = who.account === undefined ? [] : await listMemberships(room.db.pool, who.account);
      const nowMs = room.now();
      const disputeId = uuidV7(nowMs, room.randomBytes);
      const dueAtMs = nowMs + answerWithinMs;
      const entryId = await inTransaction(room.db.pool, async (client) => {
        const opened = await insertDispute(client, {
          patientId,
          disputeId,
          entryId: entry.entryId,
          looker: who.name ?? who.role,
          organizationId: member?.organizationId ?? null,
          words,
          openedAtMs: nowMs,
          dueAtMs,
        });
        if (!opened) return undefined;
        return note(client, room, request, {
          patientId,
          event: 'dispute',
          who: standing.who,
          basis: standing.decision.rule,
          detail: { of: entry.entryId, words, due: new Date(dueAtMs).toISOString() },
          notices: [],
        });
      });
      if (entryId === undefined)
        throw new ApiError(409, 'questioned-already', 'You have questioned this look already.');
      return reply
        .code(201)
        .header('ledger-entry', entryId)
        .send({ id: disputeId, dueAt: new Date(dueAtMs) });
    },
  };
}

/** `GET /api/disputes`: those of the own record (`?patient=`), or with `?at=work` those that one answers for. */
export function getDisputes(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    async handler(request) {
      if ((request.query as { at?: unknown }).at === 'work') {
        const { answersFor, isAdministrator } = await readWork(room, request);
        const found = await listDisputes(room.db.pool, {
          organizationIds: answersFor,
          nobodys: isAdministrator,
        });
        return found.map((one) => ({ ...shown(room, one), patient: undefined, entry: undefined }));
      }
      const patientId = patientNamed(request, requirePerson(request));
      await requireStanding(room, request, 'answer', patientId);
      return (await listDisputes(room.db.pool, { patientId })).map((one) => shown(room, one));
    },
  };
}

/** `POST /api/disputes/:id/answer {finding, words}`. The first answer stands. */
export function postDisputeAnswer(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['finding', 'words'],
        properties: {
          finding: { type: 'string', enum: ['right', 'wrong'] },
          words: { type: 'string', maxLength: 1000 },
        },
      },
    },
    async handler(request, reply) {
      const { actor, answersFor, isAdministrator } = await readWork(room, request);
      const { id } = request.params as { id: string };
      const found = uuid.test(id) ? await findDispute(room.db.pool, id) : undefined;
      const escalated = found !== undefined && found.escalatedAt !== null;
      const mayAnswer =
        found &&
        (escalated || found.organizationId === null
          ? isAdministrator
          : answersFor.includes(found.organizationId));
      if (!mayAnswer) throw notThere();
      const correction = await findCorrection(room.db.pool, id);
      // About an entry its organisation answers by putting it right, or with the reason why not (corrections.ts).
      if (correction && !escalated && found.organizationId !== null) throw notThere();
      const entry = await findEntry(room.db.pool, found.patientId, found.entryId);
      const looker =
        entry && entry.erasedBy === null ? (JSON.parse(entry.statement) as Statement).who.account : undefined;
      if (looker === actor.accountId)
        throw new ApiError(403, 'own-look', 'Nobody answers for a look of their own.');
      if (escalated && found.answeredBy === actor.accountId)
        throw new ApiError(403, 'own-answer', 'Nobody judges an answer of their own.');
      const { finding, words } = request.body as { finding: 'right' | 'wrong'; words: string };
      const said = requireWords(words);
      const entryId = await inTransaction(room.db.pool, async (client) => {
        const answered = { finding, answer: said, by: actor.accountId };
        const taken = escalated
          ? await answerFinally(client, found, answered, room.now())
          : await answerDispute(client, found, answered, room.now());
        if (!taken) return undefined;
        return note(client, room, request, {
          patientId: found.patientId,
          event: correction ? 'correction-answer' : 'dispute-answer',
          who: { role: 'organization', account: actor.accountId, name: actor.name },
          basis: escalated || found.organizationId === null ? 'administrator' : 'records-officer',
          detail: {
            of: correction ? `${correction.resourceType}/${correction.resourceId}` : found.entryId,
            finding,
            words: said,
            final: escalated,
          },
          notices: [
            correction
              ? { patientId: found.patientId, kind: 'correction-answered', detail: {} }
              : { patientId: found.patientId, kind: 'dispute-answered', detail: { finding } },
          ],
        });
      });
      if (entryId === undefined)
        throw new ApiError(409, 'answered-already', 'This case was answered already.');
      return reply.code(204).header('ledger-entry', entryId).send();
    },
  };
}

function shown(room: ConsentRoom, one: Dispute) {
  const waits = one.escalatedAt ? one.finalFinding === null : one.finding === null;
  return {
    id: one.disputeId,
    patient: one.patientId,
    entry: one.entryId,
    looker: one.looker,
    organization: one.organization,
    words: one.words,
    openedAt: one.openedAt,
    dueAt: one.dueAt,
    overdue: waits && one.dueAt.getTime() <= room.now(),
    state: one.closedAt ? 'closed' : waits ? (one.escalatedAt ? 'escalated' : 'open') : 'answered',
    finding: one.finding,
    answer: one.answer,
    answeredAt: one.answeredAt,
    escalatedAt: one.escalatedAt,
    escalation: one.escalation,
    finalFinding: one.finalFinding,
    finalAnswer: one.finalAnswer,
    finalAt: one.finalAt,
    closedAt: one.closedAt,
  };
}
