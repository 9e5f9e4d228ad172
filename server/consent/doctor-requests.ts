// A person asks a doctor to look after them: in their own words, and where they wish with what the doctor would see. Nothing is given
// before the doctor accepts. Whether a doctor hears of it shows nowhere here: a door that is shut looks like one that nobody opens yet.
import type { FastifyRequest, RouteShorthandOptionsWithHandler } from 'fastify';
import { canonicalJson } from '../../core/fhir/json.ts';
import type { JsonObject, JsonValue } from '../../core/fhir/types.ts';
import { displayName } from '../../core/record/human-name.ts';
import { ApiError } from '../errors.ts';
import type { Standing } from '../http/acting-for.ts';
import { patientNamed } from '../http/acting-for.ts';
import { requirePerson } from '../http/require-person.ts';
import { findOwnAccount } from '../storage/accounts.ts';
import { waiting, wantTogether } from '../storage/agreements.ts';
import { lockPerson } from '../storage/cards.ts';
import type { DoctorRequest } from '../storage/doctor-requests.ts';
import {
  answerDoctorRequest,
  findDoctorRequest,
  insertDoctorRequest,
  listDoctorRequests,
} from '../storage/doctor-requests.ts';
import { isVerifiedClinician, listMemberships } from '../storage/members.ts';
import { inTransaction } from '../storage/transaction.ts';
import { uuidV7 } from '../storage/uuid.ts';
import type { ConsentRoom } from './consent-room.ts';
import {
  bodyLimit,
  isOver,
  note,
  refuseKnowing,
  requireTerms,
  requireWords,
  take,
  uuid,
} from './request-parts.ts';
import { requireStanding } from './standing.ts';

/** A question that no doctor answers is over after this. */
export const askLifetimeMs = 14 * 86_400_000;
/** Open at one time. */
export const mostOpenAsks = 5;

export interface Offer {
  scope: JsonValue;
  purpose: string;
  duration: string;
}

export const noSuchAsk = () =>
  new ApiError(404, 'not-found', 'There is no such request, or you may not see it.');

/** `POST /api/doctor-requests {to, words, offer?: {scope, purpose, duration}, patient?}`: 201 `{ id, expiresAt }`. */
export function postDoctorRequest(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['to', 'words'],
        properties: {
          to: { type: 'string', maxLength: 64 },
          words: { type: 'string', maxLength: 1000 },
          patient: { type: 'string', maxLength: 64 },
          offer: {
            type: 'object',
            additionalProperties: false,
            required: ['scope', 'purpose', 'duration'],
            properties: {
              scope: {},
              purpose: { type: 'string', maxLength: 20 },
              duration: { type: 'string', maxLength: 20 },
            },
          },
        },
      },
    },
    async handler(request, reply) {
      const actor = requirePerson(request);
      const body = request.body as { to: string; words: string; patient?: string; offer?: Offer };
      const words = requireWords(body.words);
      const standing = await requireStanding(
        room,
        request,
        body.offer === undefined ? 'answer' : 'share',
        body.patient ?? patientNamed(request, actor),
      );
      if (body.offer !== undefined) {
        const terms = requireTerms(body.offer);
        if (standing.decision.rule !== 'self') refuseKnowing(terms);
      }
      const doctor = uuid.test(body.to) ? await findOwnAccount(room.db.pool, body.to) : undefined;
      const member =
        doctor && isVerifiedClinician(await listMemberships(room.db.pool, doctor.accountId), room.now());
      if (!doctor || !member)
        throw new ApiError(404, 'no-clinician', 'There is no such clinician with a checked licence.');
      if (doctor.patientId === standing.patientId)
        throw new ApiError(422, 'own-record', 'This is your own record: it is open to you already.');
      await take(room, 'doctor-ask-by-person', standing.patientId);
      const nowMs = room.now();
      const requestId = uuidV7(nowMs, room.randomBytes);
      const asked = await inTransaction(room.db.pool, async (client) => {
        // What several guardians must share together they must offer together.
        const wish = { act: 'share', to: body.to, ...body.offer } as JsonObject & { act: 'share' };
        const together =
          body.offer === undefined
            ? { agreed: true as const }
            : await wantTogether(client, room, standing, wish);
        if (!together.agreed) return together;
        await lockPerson(client, standing.patientId);
        const inserted = await insertDoctorRequest(
          client,
          {
            patientId: standing.patientId,
            requestId,
            doctorId: doctor.accountId,
            organizationId: member.organizationId,
            askedBy: actor.accountId,
            words,
            offer: body.offer === undefined ? null : canonicalJson({ ...body.offer }),
            createdAtMs: nowMs,
            expiresAtMs: nowMs + askLifetimeMs,
          },
          mostOpenAsks,
        );
        if (inserted === undefined) return undefined;
        const entryId = await note(client, room, request, {
          patientId: standing.patientId,
          event: 'doctor-ask',
          who: standing.who,
          basis: standing.decision.rule,
          detail: {
            request: requestId,
            to: displayName(doctor.name),
            account: doctor.accountId,
            offers: body.offer !== undefined,
          },
          notices: inserted.unseen
            ? []
            : [{ patientId: doctor.patientId, kind: 'doctor-asked', detail: { request: requestId } }],
        });
        return { entryId };
      });
      if (asked === undefined)
        throw new ApiError(
          409,
          'asked-already',
          'You have asked this doctor already, or too many of your questions are open. Take one back first.',
        );
      if ('agreed' in asked)
        return reply.code(202).header('ledger-entry', asked.entryId).send(waiting(asked));
      return reply
        .code(201)
        .headers({ 'ledger-entry': asked.entryId, location: `/api/doctor-requests/${requestId}` })
        .send({ id: requestId, expiresAt: new Date(nowMs + askLifetimeMs) });
    },
  };
}

/** `GET /api/doctor-requests`: those of the own record (`?patient=`), or with `?to=me` those that one is asked as a doctor. */
export function getDoctorRequests(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    async handler(request) {
      const actor = requirePerson(request);
      if ((request.query as { to?: unknown }).to === 'me')
        return (await listDoctorRequests(room.db.pool, { doctorId: actor.accountId })).map((one) =>
          shown(room, one, 'doctor'),
        );
      const patientId = patientNamed(request, actor);
      await requireStanding(room, request, 'answer', patientId);
      return (await listDoctorRequests(room.db.pool, { patientId })).map((one) => shown(room, one, 'person'));
    },
  };
}

/** `POST /api/doctor-requests/:id/withdraw`, by the person or a guardian. */
export function withdrawDoctorRequest(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    async handler(request, reply) {
      const { found, standing } = await requireOwnAsk(room, request);
      const entryId = await inTransaction(room.db.pool, async (client) => {
        if (!(await answerDoctorRequest(client, found, { state: 'withdrawn' }, room.now()))) return undefined;
        return note(client, room, request, {
          patientId: found.patientId,
          event: 'doctor-withdraw',
          who: standing.who,
          basis: standing.decision.rule,
          detail: { request: found.requestId, account: found.doctorId },
          notices: [],
        });
      });
      if (entryId === undefined) throw isOver();
      return reply.code(204).header('ledger-entry', entryId).send();
    },
  };
}

async function requireOwnAsk(
  room: ConsentRoom,
  request: FastifyRequest,
): Promise<{ found: DoctorRequest; standing: Standing }> {
  const { id } = request.params as { id: string };
  const found = uuid.test(id) ? await findDoctorRequest(room.db.pool, id) : undefined;
  if (!found) throw noSuchAsk();
  const standing = await requireStanding(room, request, 'answer', found.patientId).catch((error: unknown) => {
    throw error instanceof ApiError && error.status === 404 ? noSuchAsk() : error;
  });
  return { found, standing };
}

function shown(room: ConsentRoom, one: DoctorRequest, to: 'person' | 'doctor') {
  const expired = one.state === 'asked' && one.expiresAt.getTime() <= room.now();
  const offer = one.offer === null ? undefined : (JSON.parse(one.offer) as Offer);
  return {
    id: one.requestId,
    ...(to === 'person'
      ? { doctor: { id: one.doctorId, name: displayName(one.doctorName) } }
      : { person: { patient: one.patientId, uhid: one.uhid, name: displayName(one.personName) } }),
    organization: one.organization,
    state: expired ? 'expired' : one.state,
    words: one.words,
    ...(offer === undefined ? {} : { offer }),
    ...(one.reason === null ? {} : { reason: one.reason }),
    createdAt: one.createdAt,
    expiresAt: one.expiresAt,
    answeredAt: one.answeredAt ?? (expired ? one.expiresAt : null),
  };
}
