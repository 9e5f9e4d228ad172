// Two records of one person are joined: proposed by an officer, seconded by another, and agreed to by everybody who speaks for one of the
// two. The last yes joins them (merge-steps.ts). Reasons: docs/decisions/merging-records.md.
import type { FastifyRequest, RouteShorthandOptionsWithHandler } from 'fastify';
import type { StatementWho } from '../../core/ledger/statement.ts';
import { ApiError } from '../errors.ts';
import { patientNamed } from '../http/acting-for.ts';
import { requirePerson } from '../http/require-person.ts';
import { listGuardianPatients } from '../storage/authorities.ts';
import type { Merge, MergeVoice } from '../storage/merges.ts';
import {
  agreeToMerge,
  dropStaleMerges,
  endMerge,
  findMerge,
  findSides,
  insertMerge,
  isInMerge,
  listMerges,
  lockPeople,
} from '../storage/merges.ts';
import type { Queryable } from '../storage/queryable.ts';
import { inTransaction } from '../storage/transaction.ts';
import { uuidV7 } from '../storage/uuid.ts';
import type { ConsentRoom } from './consent-room.ts';
import { joinIfAgreed } from './merge-steps.ts';
import type { Office } from './office.ts';
import { requireOfficer, whoOfOfficer } from './office.ts';
import { bodyLimit, note, requireWords, take, uuid } from './request-parts.ts';
import { requireStanding } from './standing.ts';

const waitsMs = 30 * 86_400_000;
const noMerge = () => new ApiError(404, 'not-found', 'There is no such proposal.');
const isOver = () => new ApiError(409, 'merge-over', 'This was answered already, or it is over.');

/** `POST /api/merges {survivor, merged, reason}`, both by number: 201 `{ id }`. */
export function postMerge(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['survivor', 'merged', 'reason'],
        properties: {
          survivor: { type: 'string', maxLength: 40 },
          merged: { type: 'string', maxLength: 40 },
          reason: { type: 'string', maxLength: 1000 },
        },
      },
    },
    async handler(request, reply) {
      const office = await requireOfficer(room, request);
      const body = request.body as { survivor: string; merged: string; reason: string };
      const reason = requireWords(body.reason);
      await take(room, 'merge-propose', office.actor.accountId);
      const nowMs = room.now();
      const [survivor, merged] = await requireSides(room, body.survivor, body.merged, nowMs);
      requireNotOneself(office, [survivor.patientId, merged.patientId]);
      if (survivor.accountId === null)
        throw new ApiError(
          409,
          'no-account',
          'The record that stays must be one that its person signs in to.',
        );
      const mergedHasOwner = merged.accountId !== null || merged.guarded;
      const [first = ''] = office.officerAt;
      const organizationId = mergedHasOwner ? first : office.officerAt.find((id) => id === merged.enrolledAt);
      if (organizationId === undefined)
        throw new ApiError(
          403,
          'not-enrolled-here',
          'Nobody speaks for the other record yet, and it was not begun at your desk.',
        );
      const mergeId = uuidV7(nowMs, room.randomBytes);
      const entryId = await inTransaction(room.db.pool, async (client) => {
        const both = [survivor.patientId, merged.patientId] as const;
        await lockPeople(client, both);
        await dropStaleMerges(client, both, nowMs);
        if (await isInMerge(client, ...both)) return undefined;
        await insertMerge(client, {
          mergeId,
          survivorId: both[0],
          mergedId: both[1],
          organizationId,
          reason,
          proposedBy: office.actor.accountId,
          mergedHasOwner,
          proposedAtMs: nowMs,
          expiresAtMs: nowMs + waitsMs,
        });
        return noteBoth(client, room, request, {
          merge: { survivorId: both[0], mergedId: both[1], mergeId },
          event: 'merge-propose',
          who: whoOfOfficer(office.actor, organizationId),
          basis: 'records-officer',
          detail: { reason },
          notice: 'merge-proposed',
        });
      });
      if (entryId === undefined)
        throw new ApiError(409, 'merged-already', 'One of these records is part of a merge already.');
      return reply.code(201).header('ledger-entry', entryId).send({ id: mergeId });
    },
  };
}

async function requireSides(room: ConsentRoom, survivor: string, merged: string, nowMs: number) {
  const digits = (text: string): string => text.normalize('NFKC').replace(/[\s-]/g, '');
  const sides = await findSides(room.db.pool, [digits(survivor), digits(merged)], nowMs);
  const stays = sides.find(({ uhid }) => uhid === digits(survivor));
  const goes = sides.find(({ uhid }) => uhid === digits(merged));
  if (!stays || !goes || stays === goes)
    throw new ApiError(422, 'uhid-wrong', 'Give two different numbers, as they stand on the cards.');
  return [stays, goes] as const;
}

function requireNotOneself({ actor }: Office, patientIds: readonly string[]): void {
  if (patientIds.includes(actor.patientId))
    throw new ApiError(403, 'own-record', 'Nobody decides about their own record.');
}

/** `GET /api/merges`: of the own record (`?patient=`), with `?at=work` those of one's organisations. */
export function getMerges(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    async handler(request) {
      if ((request.query as { at?: unknown }).at === 'work') {
        const { actor, officerAt } = await requireOfficer(room, request);
        const found = await listMerges(room.db.pool, { organizationIds: officerAt });
        return found.map((one) => ({
          ...shown(room, one),
          maySecond: one.secondedBy === null && one.proposedBy !== actor.accountId,
        }));
      }
      const patientId = patientNamed(request, requirePerson(request));
      await requireStanding(room, request, 'guard', patientId);
      return (await listMerges(room.db.pool, { patientId })).map((one) => {
        const stays = one.survivorId === patientId;
        return {
          ...shown(room, one),
          stays,
          agreed: (stays ? one.survivorAgreedBy : one.mergedAgreedBy) !== null,
        };
      });
    },
  };
}

/** `POST /api/merges/:id/second`, by another officer of the same organisation. */
export function secondMerge(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    async handler(request, reply) {
      const office = await requireOfficer(room, request);
      const found = await requireMerge(room, request);
      if (!office.officerAt.includes(found.organizationId)) throw noMerge();
      requireNotOneself(office, [found.survivorId, found.mergedId]);
      if (found.proposedBy === office.actor.accountId)
        throw new ApiError(403, 'own-proposal', 'Another officer looks at what you proposed.');
      const who = whoOfOfficer(office.actor, found.organizationId);
      return answerYes(room, request, reply, found, 'second', {
        who,
        basis: 'records-officer',
        accountId: office.actor.accountId,
      });
    },
  };
}

/** `POST /api/merges/:id/agree {patient?}`, by whoever speaks for one of the two. */
export function agreeMerge(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    async handler(request, reply) {
      const { found, standing } = await requireSide(room, request);
      const voice = standing.patientId === found.survivorId ? 'survivor' : 'merged';
      return answerYes(room, request, reply, found, voice, {
        who: standing.who,
        basis: standing.decision.rule,
        accountId: standing.actor.accountId,
      });
    },
  };
}

async function answerYes(
  room: ConsentRoom,
  request: FastifyRequest,
  reply: { header: (name: string, value: string) => { send: (body: object) => unknown } },
  found: Merge,
  voice: MergeVoice,
  by: { who: StatementWho; basis: string; accountId: string },
) {
  const done = await inTransaction(room.db.pool, async (client) => {
    await lockPeople(client, [found.survivorId, found.mergedId]);
    if (!(await agreeToMerge(client, found.mergeId, voice, by.accountId, room.now()))) return undefined;
    const entryId = await noteBoth(client, room, request, {
      merge: found,
      event: 'merge-agree',
      ...by,
      detail: { voice },
    });
    return { entryId, merged: await joinIfAgreed(client, room, request, found.mergeId, by) };
  });
  if (!done) throw isOver();
  return reply.header('ledger-entry', done.entryId).send({ state: done.merged ? 'merged' : 'proposed' });
}

/** `POST /api/merges/:id/refuse`, by one side or an officer, while it is proposed. */
export function refuseMerge(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    async handler(request, reply) {
      const found = await requireMerge(room, request);
      const by = await requireSideOrOfficer(room, request, found);
      const entryId = await inTransaction(room.db.pool, async (client) => {
        const ended = { from: 'proposed', by: by.accountId, why: 'refused', atMs: room.now() } as const;
        if (!(await endMerge(client, found.mergeId, ended))) return undefined;
        return noteBoth(client, room, request, {
          merge: found,
          event: 'merge-refuse',
          ...by,
          detail: {},
          notice: 'merge-refused',
        });
      });
      if (entryId === undefined) throw isOver();
      return reply.code(204).header('ledger-entry', entryId).send();
    },
  };
}

export async function requireMerge(room: ConsentRoom, request: FastifyRequest): Promise<Merge> {
  const { id } = request.params as { id: string };
  const found = uuid.test(id) ? await findMerge(room.db.pool, id) : undefined;
  if (!found) throw noMerge();
  return found;
}

async function requireSide(room: ConsentRoom, request: FastifyRequest) {
  const actor = requirePerson(request);
  const found = await requireMerge(room, request);
  const { patient } = (request.body ?? {}) as { patient?: unknown };
  const patientId = typeof patient === 'string' ? patient.slice(0, 64) : actor.patientId;
  if (patientId !== found.survivorId && patientId !== found.mergedId) throw noMerge();
  const standing = await requireStanding(room, request, 'guard', patientId).catch((error: unknown) => {
    throw error instanceof ApiError && error.status === 404 ? noMerge() : error;
  });
  return { found, standing };
}

export async function requireSideOrOfficer(
  room: ConsentRoom,
  request: FastifyRequest,
  found: Merge,
): Promise<{ who: StatementWho; basis: string; accountId: string; officer?: Office }> {
  const { patientId } = requirePerson(request);
  const { patient } = (request.body ?? {}) as { patient?: unknown };
  if (patientId === found.survivorId || patientId === found.mergedId || typeof patient === 'string') {
    const { standing } = await requireSide(room, request);
    return { who: standing.who, basis: standing.decision.rule, accountId: standing.actor.accountId };
  }
  const officer = await requireOfficer(room, request).catch(() => undefined);
  if (!officer?.officerAt.includes(found.organizationId)) throw noMerge();
  const who = whoOfOfficer(officer.actor, found.organizationId);
  return { who, basis: 'records-officer', accountId: officer.actor.accountId, officer };
}

/** One entry in each of the two chains; gives back that of the survivor. With `notice`, whoever speaks for one of them is told. */
export async function noteBoth(
  client: Queryable,
  room: ConsentRoom,
  request: FastifyRequest,
  what: {
    merge: Pick<Merge, 'survivorId' | 'mergedId' | 'mergeId'>;
    event: Parameters<typeof note>[3]['event'];
    who: StatementWho;
    basis: string;
    detail: Record<string, string | number | boolean>;
    notice?: string;
  },
): Promise<string> {
  const { merge, event, who, basis, detail, notice } = what;
  let first = '';
  for (const [patientId, place] of [
    [merge.survivorId, 'survivor'],
    [merge.mergedId, 'merged'],
  ] as const) {
    const told =
      notice === undefined ? [] : [patientId, ...(await listGuardianPatients(client, patientId, room.now()))];
    const entryId = await note(client, room, request, {
      patientId,
      event,
      who,
      basis,
      detail: { merge: merge.mergeId, place, ...detail },
      notices: told.map((to) => ({ patientId: to, kind: notice ?? '', detail: {} })),
    });
    if (first === '') first = entryId;
  }
  return first;
}

function shown(room: ConsentRoom, one: Merge) {
  const expired = one.state === 'proposed' && one.expiresAt.getTime() <= room.now();
  return {
    id: one.mergeId,
    survivor: one.survivorUhid,
    merged: one.mergedUhid,
    organization: one.organization,
    state: expired ? 'expired' : one.state,
    reason: one.reason,
    proposedAt: one.proposedAt,
    expiresAt: one.expiresAt,
    waitsFor: {
      officer: one.secondedBy === null,
      survivor: one.survivorAgreedBy === null,
      merged: one.mergedHasOwner && one.mergedAgreedBy === null,
    },
    mergedAt: one.mergedAt,
    endedAt: one.endedAt,
  };
}
