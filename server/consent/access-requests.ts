// A clinician asks to be let into a record: the request, its one-time code, and how both sides see it.
import type { FastifyRequest, RouteShorthandOptionsWithHandler } from 'fastify';
import { parseUhid } from '../../core/card/uhid.ts';
import type { JsonValue } from '../../core/fhir/types.ts';
import type { StatementWho } from '../../core/ledger/statement.ts';
import type { Purpose } from '../../core/access/terms.ts';
import { ApiError } from '../errors.ts';
import { agentFamily } from '../http/agent-family.ts';
import { patientNamed } from '../http/acting-for.ts';
import { requirePerson } from '../http/require-person.ts';
import type { AccessRequest } from '../storage/access-requests.ts';
import {
  answerRequest,
  findRequest,
  insertRequest,
  isBlocked,
  listRequests,
  setCode,
} from '../storage/access-requests.ts';
import type { Member } from '../storage/members.ts';
import { findPeople, findPerson, findPersonByUhid } from '../storage/people.ts';
import { inTransaction } from '../storage/transaction.ts';
import { uuidV7 } from '../storage/uuid.ts';
import { giveAsAsked } from './give-as-asked.ts';
import { sendGranted } from './granted.ts';
import type { Granted } from './let-in.ts';
import { findYes } from './rules.ts';
import { hashCode, makeCode } from '../http/one-time-code.ts';
import type { AskingRoom, ConsentRoom } from './consent-room.ts';
import { codeLimits, requestLifetimeMs } from './consent-room.ts';
import {
  bodyLimit,
  isOver,
  note,
  notThere,
  refuseKnowing,
  requireOwnRequest,
  requireRequest,
  requireTerms,
  shown,
  take,
  uuid,
} from './request-parts.ts';
import { requireClinician, requireStanding, whoOfClinician } from './standing.ts';

/** `POST /api/access-requests`: 201 `{ id, codeSent, codeUntil, expiresAt }`. `patient` is a UHID, the id of a record, or what the code of a card says. */
export function postRequest(room: AskingRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['patient', 'scope', 'purpose', 'duration'],
        properties: {
          patient: { type: 'string', minLength: 1, maxLength: 300 },
          scope: { description: 'The word "whole", or { categories, entries, sealed, share, write }.' },
          purpose: { type: 'string', maxLength: 20 },
          duration: { type: 'string', maxLength: 20 },
          everybody: { type: 'boolean', description: 'For all clinicians of the own organisation.' },
        },
      },
    },
    async handler(request, reply) {
      const { actor, member } = await requireClinician(room, request);
      const body = request.body as {
        patient: string;
        scope: JsonValue;
        purpose: string;
        duration: string;
        everybody?: boolean;
      };
      const everybody = body.everybody === true;
      const terms = requireTerms(body);
      refuseKnowing(terms);
      await take(room, 'access-by-asker', actor.accountId);
      const patientId = body.patient.includes('/e/')
        ? await requireHolder(room, body.patient)
        : await findNamed(room, body.patient);
      if (patientId === actor.patientId)
        throw new ApiError(422, 'own-record', 'This is your own record: it is open to you already.');
      await take(room, 'access-to-person', patientId);
      if (await isBlocked(room.db.pool, patientId, actor.accountId))
        throw new ApiError(403, 'blocked', 'This person does not take requests from you.');
      const nowMs = room.now();
      const requestId = uuidV7(nowMs, room.randomBytes);
      const who = whoOfClinician(actor, member);
      const entryId = await inTransaction(room.db.pool, async (client) => {
        await insertRequest(client, {
          ...terms,
          patientId,
          requestId,
          requesterId: actor.accountId,
          organizationId: member.organizationId,
          everybody,
          codeTries: codeLimits.tries,
          createdAtMs: nowMs,
          expiresAtMs: nowMs + requestLifetimeMs,
        });
        return note(client, room, request, {
          patientId,
          event: 'access-request',
          who,
          basis: 'licence',
          detail: { request: requestId, writing: terms.writing, sealed: terms.coverage.sealed, everybody },
          notices: [{ patientId, kind: 'access-asked', detail: { name: actor.name, request: requestId } }],
        });
      });
      const granted = await approveByRule(room, request, requestId, member);
      if (granted)
        return sendGranted(reply.header('location', `/api/access-requests/${requestId}`), granted, requestId);
      const sent = await sendCode(room, request, { patientId, requestId }, who);
      return reply
        .code(201)
        .headers({ 'ledger-entry': entryId, location: `/api/access-requests/${requestId}` })
        .send({ id: requestId, ...sent, expiresAt: new Date(nowMs + requestLifetimeMs) });
    },
  };
}

/** What a rule of the person says yes to needs no code: it is answered as it comes, by the first answer like every other. */
async function approveByRule(
  room: ConsentRoom,
  request: FastifyRequest,
  requestId: string,
  member: Member,
): Promise<Granted | undefined> {
  const asked = await findRequest(room.db.pool, requestId);
  if (!asked) return undefined;
  const asker = { accountId: asked.requesterId, organizationId: member.organizationId };
  return inTransaction(room.db.pool, async (client) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- read from terms that were checked
    const rule = await findYes(client, { ...asked, purpose: asked.purpose as Purpose }, asker);
    if (!rule || !(await answerRequest(client, asked, 'approved', room.now()))) return undefined;
    return giveAsAsked(client, room, asked, {
      practitionerId: member.practitionerId,
      by: { role: 'patient', reference: `Patient/${asked.patientId}` },
      basis: 'owner-rule',
      how: 'rule',
      agent: agentFamily(request.headers['user-agent']),
    });
  });
}

/** `POST /:id/resend`: a new code; the one before is dead, and the tries that are left stay as they are. */
export function resendCode(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    async handler(request) {
      const { actor, member } = await requireClinician(room, request);
      const found = await requireOwnRequest(room, request, actor.accountId);
      if (found.state !== 'requested') throw isOver();
      await take(room, 'access-by-asker', actor.accountId);
      await take(room, 'access-to-person', found.patientId);
      const sent = await sendCode(room, request, found, whoOfClinician(actor, member));
      if (sent.codeSent === 'over')
        throw new ApiError(429, 'too-many-codes', 'No further code can be sent for this request. Ask anew.');
      return sent;
    },
  };
}

/** Whoever asked has typed or scanned it: the number is how they know whom they wait for. No name is told. */
async function withHealthIds(room: ConsentRoom, requests: readonly AccessRequest[]) {
  const people = await findPeople(
    room.db.pool,
    requests.map(({ patientId }) => patientId),
  );
  return requests.map((one, i) => ({ ...shown(room, one), uhid: people[i]?.uhid ?? '' }));
}

/** `GET /api/access-requests`: those to a record (`?patient=` for the one acted for), or with `?by=me` one's own. */
export function getRequests(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    async handler(request) {
      const actor = requirePerson(request);
      if ((request.query as { by?: unknown }).by === 'me')
        return await withHealthIds(room, await listRequests(room.db.pool, { requesterId: actor.accountId }));
      const patientId = patientNamed(request, actor);
      await requireStanding(room, request, 'answer', patientId);
      return (await listRequests(room.db.pool, { patientId })).map((one) => shown(room, one));
    },
  };
}

export function getRequest(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    async handler(request) {
      const actor = requirePerson(request);
      const found = await requireRequest(room, request);
      if (found.requesterId !== actor.accountId)
        await requireStanding(room, request, 'answer', found.patientId).catch(() => {
          throw notThere();
        });
      return shown(room, found);
    },
  };
}

/** `POST /:id/code`, by the person: a new code on their own screen, to be told to whoever stands there. The one before is dead. */
export function showOwnCode(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    async handler(request, reply) {
      const found = await requireRequest(room, request);
      const standing = await requireStanding(room, request, 'answer', found.patientId).catch(() => {
        throw notThere();
      });
      if (found.state !== 'requested') throw isOver();
      // The code gives all of what was asked, and to a guardian sealed entries are not there.
      if (standing.decision.rule !== 'self' && found.coverage.sealed)
        throw new ApiError(
          409,
          'sealed-asked',
          'Sealed entries are asked for. Answer here: your yes leaves them out.',
        );
      await take(room, 'access-to-person', found.patientId);
      const made = await storeCode(room, request, found, standing.who, standing.decision.rule);
      if (!made) throw new ApiError(429, 'too-many-codes', 'No further code can be made for this request.');
      reply.header('cache-control', 'no-store');
      return { code: made.code, until: new Date(made.untilMs) };
    },
  };
}

async function requireHolder(room: AskingRoom, scanned: string): Promise<string> {
  const patientId = await room.holderOfCard(scanned);
  if (patientId === undefined)
    throw new ApiError(
      404,
      'card-not-valid',
      'This card opens nothing: it was replaced, or it is none of ours.',
    );
  return patientId;
}

/** A UHID as written, or the id of a record. Throws 422 for digits that are no UHID, 404 for nobody's. */
export async function findNamed(room: ConsentRoom, patient: string): Promise<string> {
  const parsed = /^[\d\s-]+$/.test(patient) && !uuid.test(patient) ? parseUhid(patient) : undefined;
  if (parsed && !parsed.ok)
    throw new ApiError(422, 'uhid-wrong', 'This is not a health ID: check the digits.', {
      fields: [{ field: 'patient', code: parsed.problem }],
    });
  const person = parsed
    ? await findPersonByUhid(room.db.pool, parsed.uhid)
    : await findPerson(room.db.pool, patient);
  if (!person) throw new ApiError(404, 'not-found', 'Nobody has this health ID.');
  return person.patientId;
}

/** Sent after it is stored: a code that leaves is one that works. */
export async function sendCode(
  room: ConsentRoom,
  request: FastifyRequest,
  of: Pick<AccessRequest, 'patientId' | 'requestId'>,
  who: StatementWho,
): Promise<{ codeSent: 'sent' | 'none' | 'over'; codeUntil?: Date }> {
  const made = await storeCode(room, request, of, who, 'licence');
  if (!made) return { codeSent: 'over' };
  const codeSent = await room.messenger.sendCode(
    { patientId: of.patientId },
    made.code,
    made.untilMs,
    'access',
  );
  return { codeSent, codeUntil: new Date(made.untilMs) };
}

/** A new code of this request, stored as a hash. Undefined when it is answered, over, or had enough codes. */
async function storeCode(
  room: ConsentRoom,
  request: FastifyRequest,
  { patientId, requestId }: Pick<AccessRequest, 'patientId' | 'requestId'>,
  who: StatementWho,
  basis: string,
): Promise<{ code: string; untilMs: number } | undefined> {
  const nowMs = room.now();
  const code = makeCode(room.randomBytes);
  const untilMs = nowMs + codeLimits.lifetimeMs;
  const hash = await hashCode(requestId, code, room.randomBytes);
  const stored = await inTransaction(room.db.pool, async (client) => {
    const set = await setCode(
      client,
      { patientId, requestId },
      { hash, untilMs, mostSent: codeLimits.mostSent },
      nowMs,
    );
    if (set)
      await note(client, room, request, {
        patientId,
        event: 'access-code',
        who,
        basis,
        detail: { request: requestId },
        notices: [],
      });
    return set;
  });
  return stored ? { code, untilMs } : undefined;
}
