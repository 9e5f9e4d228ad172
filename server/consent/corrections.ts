// A person asks the organisation that wrote an entry to put it right: a case with a clock, like that of a questioned look, and handed on or
// closed like one (dispute-settle.ts). Put right it is by a new version (kept-entries.ts); left as it is, the person may say beside it that they disagree.
import type { FastifyRequest, RouteShorthandOptionsWithHandler } from 'fastify';
import { categoryOf, isSealed } from '../../core/access/categories.ts';
import { decide } from '../../core/access/decide.ts';
import { parseJson } from '../../core/fhir/json.ts';
import type { Resource } from '../../core/fhir/types.ts';
import type { Statement } from '../../core/ledger/statement.ts';
import { ApiError } from '../errors.ts';
import { patientNamed } from '../http/acting-for.ts';
import { requirePerson } from '../http/require-person.ts';
import type { Correction } from '../storage/corrections.ts';
import {
  findCorrection,
  insertCorrection,
  listCorrections,
  listOfficers,
  setDisagreement,
} from '../storage/corrections.ts';
import { findResources } from '../storage/resource-store.ts';
import { answerDispute, insertDispute } from '../storage/disputes.ts';
import { findKept } from '../storage/keepers.ts';
import { inTransaction } from '../storage/transaction.ts';
import { uuidV7 } from '../storage/uuid.ts';
import { listAuthorities } from '../storage/authorities.ts';
import { readWork } from './clinicians.ts';
import type { ConsentRoom } from './consent-room.ts';
import { answerWithinMs } from './disputes.ts';
import { requireOfficer, whoOfOfficer } from './office.ts';
import { bodyLimit, note, requireWords, take, uuid } from './request-parts.ts';
import { requireStanding } from './standing.ts';

const noCase = () => new ApiError(404, 'not-found', 'There is no such case.');
const noEntry = () => new ApiError(404, 'not-found', 'There is no such entry, or you may not see it.');

function entryNamed(text: unknown): { type: string; id: string } {
  const [, type, id] =
    (typeof text === 'string' && /^([A-Z][A-Za-z]{1,63})\/([A-Za-z0-9.-]{1,64})$/.exec(text)) || [];
  if (type === undefined || id === undefined)
    throw new ApiError(400, 'invalid', 'entry is the type and the id of an entry.');
  return { type, id };
}

/** `POST /api/corrections {entry, words, wished, patient?}`: 201 `{ id, dueAt }`. Once for each version. */
export function postCorrection(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['entry', 'words', 'wished'],
        properties: {
          entry: { type: 'string', maxLength: 130 },
          words: { type: 'string', maxLength: 1000 },
          wished: { type: 'string', maxLength: 1000 },
          patient: { type: 'string', maxLength: 64 },
        },
      },
    },
    async handler(request, reply) {
      const actor = requirePerson(request);
      const body = request.body as { entry: string; words: string; wished: string; patient?: string };
      const named = body.patient ?? patientNamed(request, actor);
      const { type, id } = entryNamed(body.entry);
      const { patientId, who, decision } = await requireStanding(room, request, 'answer', named);
      const kept = await findKept(room.db.pool, type, id);
      // Of what is sealed a guardian hears nothing.
      const hidden = decision.rule !== 'self' && kept && isSealed(parseJson(kept.content) as Resource);
      if (!kept || kept.patientId !== patientId || kept.statement === null || hidden) throw noEntry();
      const author = (JSON.parse(kept.statement) as Statement).who;
      if (author.role === 'patient' || author.role === 'guardian')
        throw new ApiError(422, 'own-entry', 'You wrote this yourself: change it as you like.');
      const words = requireWords(body.words);
      const wished = requireWords(body.wished);
      await take(room, 'dispute-by-person', actor.accountId);
      const nowMs = room.now();
      const disputeId = uuidV7(nowMs, room.randomBytes);
      const dueAtMs = nowMs + answerWithinMs;
      const officers =
        kept.organizationId === null ? [] : await listOfficers(room.db.pool, kept.organizationId);
      const entryId = await inTransaction(room.db.pool, async (client) => {
        const opened = await insertDispute(client, {
          patientId,
          disputeId,
          entryId: kept.entryId,
          looker: author.name ?? author.role,
          organizationId: kept.organizationId,
          words,
          openedAtMs: nowMs,
          dueAtMs,
        });
        if (!opened) return undefined;
        const about = { resourceType: type, resourceId: id, version: kept.version };
        await insertCorrection(client, { patientId, disputeId, ...about, wished });
        return note(client, room, request, {
          patientId,
          event: 'correction',
          who,
          basis: decision.rule,
          detail: {
            of: `${type}/${id}`,
            version: kept.version,
            words,
            wished,
            due: new Date(dueAtMs).toISOString(),
          },
          notices: officers.map((to) => ({ patientId: to, kind: 'correction-asked', detail: {} })),
        });
      });
      if (entryId === undefined)
        throw new ApiError(409, 'asked-already', 'You have asked to put this version right already.');
      return reply
        .code(201)
        .header('ledger-entry', entryId)
        .send({ id: disputeId, dueAt: new Date(dueAtMs) });
    },
  };
}

/**
 * `GET /api/corrections`: those of the own record (`?patient=`), with `?entry=` of one entry, with `?at=work` those that one answers for;
 * with `?beside=entries` those of all entries that one may read. Whoever may read an entry sees that its person questions it, since when, how that ended
 * and what they say beside it; not the words of the case.
 */
export function getCorrections(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    async handler(request) {
      const { at, entry, beside } = request.query as { at?: unknown; entry?: unknown; beside?: unknown };
      if (at === 'work') {
        const { answersFor, isAdministrator } = await readWork(room, request);
        const whose = { organizationIds: answersFor, nobodys: isAdministrator };
        return (await listCorrections(room.db.pool, whose)).map((one) => ({
          ...shown(room, one),
          patient: undefined,
        }));
      }
      const patientId = patientNamed(request, requirePerson(request));
      if (beside === 'entries') return listBeside(room, request, patientId);
      if (entry === undefined) {
        await requireStanding(room, request, 'answer', patientId);
        return (await listCorrections(room.db.pool, { patientId })).map((one) => shown(room, one));
      }
      const { type, id } = entryNamed(entry);
      const whole = await requireReader(room, request, patientId, type, id);
      const found = await listCorrections(room.db.pool, { patientId, entry: { type, id } });
      if (whole) return found.map((one) => shown(room, one));
      return found.flatMap(({ disagreement, disagreedAt, version }) =>
        disagreement === null ? [] : [{ disagreement, disagreedAt, version }],
      );
    },
  };
}

/** Beside each entry of a record that the asker may read at this moment. Throws 404 where they may read nothing. */
async function listBeside(room: ConsentRoom, request: FastifyRequest, patientId: string) {
  const actor = requirePerson(request);
  const own = patientId === actor.patientId;
  const authorities = own
    ? []
    : await listAuthorities(room.db.pool, actor.accountId, room.now(), [patientId]);
  if (!own && !authorities.some(({ basis }) => basis !== 'joined')) throw noEntry();
  const asker = { kind: 'person', patientId: actor.patientId, authorities } as const;
  const found = await listCorrections(room.db.pool, { patientId });
  const rows = await findResources(
    room.db.pool,
    found.map(({ resourceType, resourceId }) => ({ resourceType, resourceId })),
  );
  return found.flatMap((one, place) => {
    const row = rows[place];
    if (row === undefined || row.deleted || row.patientId !== patientId) return [];
    const resource = parseJson(row.content) as Resource;
    const subject = {
      patientId,
      resourceType: one.resourceType,
      resourceId: one.resourceId,
      category: categoryOf(resource),
      sealed: isSealed(resource),
    };
    if (!decide(asker, 'read', subject).allowed) return [];
    const { entry, version, state, openedAt, disagreement } = shown(room, one);
    return [{ entry, version, state, openedAt, disagreement }];
  });
}

/** True for who speaks for the person; false for who only reads the entry. Throws 404 for everybody else. */
async function requireReader(
  room: ConsentRoom,
  request: FastifyRequest,
  patientId: string,
  type: string,
  id: string,
): Promise<boolean> {
  const actor = requirePerson(request);
  const kept = await findKept(room.db.pool, type, id);
  if (!kept || kept.patientId !== patientId) throw noEntry();
  if (patientId === actor.patientId) return true;
  const authorities = await listAuthorities(room.db.pool, actor.accountId, room.now(), [patientId]);
  const asker = { kind: 'person', patientId: actor.patientId, authorities } as const;
  const resource = parseJson(kept.content) as Resource;
  const subject = {
    patientId,
    resourceType: type,
    resourceId: id,
    category: categoryOf(resource),
    sealed: isSealed(resource),
  };
  if (!decide(asker, 'read', subject).allowed) throw noEntry();
  return decide(asker, 'answer', { patientId, resourceType: 'Consent', sealed: false }).allowed;
}

/** `POST /api/corrections/:id/refuse {words}`: the entry stays as it is, and why. The first answer stands. */
export function refuseCorrection(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    schema: wordsOnly,
    async handler(request, reply) {
      const { actor, officerAt } = await requireOfficer(room, request);
      const found = await requireCase(room, request);
      const { organizationId } = found;
      if (organizationId === null || !officerAt.includes(organizationId)) throw noCase();
      if (found.patientId === actor.patientId)
        throw new ApiError(403, 'own-record', 'Nobody decides about their own record.');
      const words = requireWords((request.body as { words: string }).words);
      const entryId = await inTransaction(room.db.pool, async (client) => {
        const answered = { finding: 'right', answer: words, by: actor.accountId } as const;
        if (!(await answerDispute(client, found, answered, room.now()))) return undefined;
        return note(client, room, request, {
          patientId: found.patientId,
          event: 'correction-answer',
          who: whoOfOfficer(actor, organizationId),
          basis: 'records-officer',
          detail: { of: `${found.resourceType}/${found.resourceId}`, corrected: false, words },
          notices: [{ patientId: found.patientId, kind: 'correction-answered', detail: {} }],
        });
      });
      if (entryId === undefined)
        throw new ApiError(409, 'answered-already', 'This case was answered already.');
      return reply.code(204).header('ledger-entry', entryId).send();
    },
  };
}

const wordsOnly = {
  body: {
    type: 'object',
    additionalProperties: false,
    required: ['words'],
    properties: { words: { type: 'string', maxLength: 1000 } },
  },
};

/** `POST /api/corrections/:id/disagree {words}`, by the person or a guardian, once, where the entry stays as it is. */
export function disagree(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    schema: wordsOnly,
    async handler(request, reply) {
      const found = await requireCase(room, request);
      const standing = await requireStanding(room, request, 'answer', found.patientId).catch(
        (error: unknown) => {
          throw error instanceof ApiError && error.status === 404 ? noCase() : error;
        },
      );
      const words = requireWords((request.body as { words: string }).words);
      const entryId = await inTransaction(room.db.pool, async (client) => {
        if (!(await setDisagreement(client, found, words, room.now()))) return undefined;
        return note(client, room, request, {
          patientId: found.patientId,
          event: 'correction-disagree',
          who: standing.who,
          basis: standing.decision.rule,
          detail: { of: `${found.resourceType}/${found.resourceId}`, version: found.version, words },
          notices: [],
        });
      });
      if (entryId === undefined)
        throw new ApiError(
          409,
          'not-now',
          'There is nothing to disagree with: it was put right, waits for its answer, or you said so already.',
        );
      return reply.code(204).header('ledger-entry', entryId).send();
    },
  };
}

export async function requireCase(room: ConsentRoom, request: FastifyRequest): Promise<Correction> {
  const { id } = request.params as { id: string };
  const found = uuid.test(id) ? await findCorrection(room.db.pool, id) : undefined;
  if (!found) throw noCase();
  return found;
}

function shown(room: ConsentRoom, one: Correction) {
  const answered = one.finding !== null;
  const waits = one.escalatedAt ? one.finalFinding === null : !answered;
  const found = one.finalFinding ?? one.finding;
  return {
    id: one.disputeId,
    patient: one.patientId,
    entry: `${one.resourceType}/${one.resourceId}`,
    version: one.version,
    author: one.looker,
    organization: one.organization,
    words: one.words,
    wished: one.wished,
    openedAt: one.openedAt,
    dueAt: one.dueAt,
    overdue: waits && one.dueAt.getTime() <= room.now(),
    state:
      one.correctedVersion !== null
        ? 'corrected'
        : waits
          ? one.escalatedAt
            ? 'escalated'
            : 'open'
          : found === 'wrong'
            ? 'to-correct'
            : 'refused',
    answer: one.finalAnswer ?? one.answer,
    answeredAt: one.finalAt ?? one.answeredAt,
    correctedVersion: one.correctedVersion,
    mayHandOn:
      one.escalatedAt === null &&
      one.closedAt === null &&
      one.correctedVersion === null &&
      (answered || one.dueAt.getTime() <= room.now()),
    disagreement: one.disagreement,
    disagreedAt: one.disagreedAt,
  };
}
