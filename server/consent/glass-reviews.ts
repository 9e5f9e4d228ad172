// After an emergency: the person says whether it was right, the organisation reviews it within 72 hours, auditors see the counts.
import type { RouteShorthandOptionsWithHandler } from 'fastify';
import { displayName } from '../../core/record/human-name.ts';
import { ApiError } from '../errors.ts';
import { patientNamed } from '../http/acting-for.ts';
import { requirePerson } from '../http/require-person.ts';
import type { GlassReview } from '../storage/glass-reviews.ts';
import {
  countGlasses,
  findGlassReview,
  listGlassReviews,
  saveFinding,
  savePersonAnswer,
} from '../storage/glass-reviews.ts';
import { inTransaction } from '../storage/transaction.ts';
import { readWork } from './clinicians.ts';
import type { ConsentRoom } from './consent-room.ts';
import { bodyLimit, note, requireWords, uuid } from './request-parts.ts';
import { requireStanding } from './standing.ts';

/** How long an organisation has. */
export const reviewWithinMs = 72 * 60 * 60_000;
const countedMs = 366 * 86_400_000;
const notThere = () => new ApiError(404, 'not-found', 'There is no such emergency access.');

/** `GET /api/glass-reviews`: of the own record (`?patient=`), or with `?at=work` those that one's organisation answers for. */
export function getGlassReviews(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    async handler(request) {
      if ((request.query as { at?: unknown }).at === 'work') {
        const { answersFor } = await readWork(room, request);
        const found = await listGlassReviews(room.db.pool, { organizationIds: answersFor });
        return found.map((one) => ({ ...shown(room, one), patient: undefined }));
      }
      const patientId = patientNamed(request, requirePerson(request));
      await requireStanding(room, request, 'answer', patientId);
      return (await listGlassReviews(room.db.pool, { patientId })).map((one) => shown(room, one));
    },
  };
}

/** `POST /api/glass-reviews/:id {finding, words}`: by the organisation's records officer or administrator, never by who broke the glass. */
export function postGlassReview(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['finding', 'words'],
        properties: {
          finding: { type: 'string', enum: ['justified', 'not-justified'] },
          words: { type: 'string', maxLength: 1000 },
        },
      },
    },
    async handler(request, reply) {
      const { actor, answersFor } = await readWork(room, request);
      const found = await requireReview(room, request.params as { id: string });
      if (!answersFor.includes(found.organizationId)) throw notThere();
      if (found.clinicianId === actor.accountId)
        throw new ApiError(403, 'own-emergency', 'Nobody reviews what they did themselves.');
      const { finding, words } = request.body as { finding: 'justified' | 'not-justified'; words: string };
      const said = requireWords(words);
      const entryId = await inTransaction(room.db.pool, async (client) => {
        const saved = await saveFinding(
          client,
          found,
          { finding, words: said, reviewerId: actor.accountId },
          room.now(),
        );
        if (!saved) return undefined;
        return note(client, room, request, {
          patientId: found.patientId,
          event: 'glass-review',
          who: { role: 'organization', account: actor.accountId, name: actor.name },
          basis: 'records-officer',
          detail: { of: found.entryId, finding, words: said },
          notices: [{ patientId: found.patientId, kind: 'glass-reviewed', detail: { finding } }],
        });
      });
      if (entryId === undefined)
        throw new ApiError(409, 'reviewed-already', 'This was reviewed already: the first finding stands.');
      return reply.code(204).header('ledger-entry', entryId).send();
    },
  };
}

/** `POST /api/glass-reviews/:id/answer {answer}`, by the person: "that was right", or the review hears that they question it. */
export function answerGlass(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['answer'],
        properties: { answer: { type: 'string', enum: ['right', 'questioned'] } },
      },
    },
    async handler(request, reply) {
      const found = await requireReview(room, request.params as { id: string });
      const standing = await requireStanding(room, request, 'answer', found.patientId).catch(() => {
        throw notThere();
      });
      const { answer } = request.body as { answer: 'right' | 'questioned' };
      const entryId = await inTransaction(room.db.pool, async (client) => {
        await savePersonAnswer(client, found, answer, room.now());
        return note(client, room, request, {
          patientId: found.patientId,
          event: 'glass-answer',
          who: standing.who,
          basis: standing.decision.rule,
          detail: { of: found.entryId, answer },
          notices: [],
        });
      });
      return reply.code(204).header('ledger-entry', entryId).send();
    },
  };
}

/** `GET /api/break-glass/counts`: for auditors, by organisation over the last year. Numbers only: whose records they were stays out. */
export function getGlassCounts(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    async handler(request) {
      const { isAuditor, isAdministrator } = await readWork(room, request);
      if (!isAuditor && !isAdministrator)
        throw new ApiError(403, 'auditors-only', 'These counts are for auditors.');
      const nowMs = room.now();
      return {
        since: new Date(nowMs - countedMs),
        organizations: await countGlasses(room.db.pool, nowMs - countedMs, nowMs),
      };
    },
  };
}

async function requireReview(room: ConsentRoom, { id }: { id: string }): Promise<GlassReview> {
  const found = uuid.test(id) ? await findGlassReview(room.db.pool, id) : undefined;
  if (!found) throw notThere();
  return found;
}

function shown(room: ConsentRoom, one: GlassReview) {
  return {
    id: one.authorityId,
    patient: one.patientId,
    entry: one.entryId,
    clinician: displayName(one.clinicianName),
    reason: one.reason,
    openedAt: one.openedAt,
    dueAt: one.dueAt,
    overdue: one.finding === null && one.dueAt.getTime() <= room.now(),
    personAnswer: one.personAnswer,
    finding: one.finding,
    words: one.words,
    reviewedAt: one.reviewedAt,
  };
}
