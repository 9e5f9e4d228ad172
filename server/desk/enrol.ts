// Somebody without a phone or an address gets a record at the desk: a UHID, a card to print, and a code to take the record over later.
// The desk reads nothing of it afterwards: it prints while nothing else is in the record, and until somebody has taken it over.
import type { FastifyReply, FastifyRequest, RouteShorthandOptionsWithHandler } from 'fastify';
import type { Resource } from '../../core/fhir/types.ts';
import { displayName } from '../../core/record/human-name.ts';
import { ApiError } from '../errors.ts';
import { readName } from '../http/person-name.ts';
import { uuidV4 } from '../http/random-id.ts';
import { preparePerson } from '../storage/create-person.ts';
import type { Enrolment } from '../storage/desk-enrolments.ts';
import {
  findEnrolment,
  insertEnrolment,
  listEnrolments,
  replaceClaimCode,
} from '../storage/desk-enrolments.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import { inTransaction } from '../storage/transaction.ts';
import { writeBatch } from '../storage/write-batch.ts';
import { hashClaimCode, makeClaimCode } from './claim-code.ts';
import type { CardHolder, DeskRoom } from './desk-room.ts';
import { agentOf, bodyLimit, claimLimits, requireDesk, take } from './desk-room.ts';
import { findAlike, noteComparison } from './duplicates.ts';

interface EnrolBody {
  name: string;
  birthDate: string;
  gender?: string;
  phone?: string;
  address?: string;
  sure?: boolean;
}

/** `POST /api/desk/people`: 201 `{ id, uhid, name, claimCode, claimUntil }`; 409 `possible-duplicate` unless `sure`. */
export function postEnrolment(room: DeskRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['name', 'birthDate'],
        properties: {
          name: { type: 'string', maxLength: 1000 },
          birthDate: { type: 'string', maxLength: 10 },
          gender: { type: 'string', enum: ['male', 'female', 'other', 'unknown'] },
          phone: { type: 'string', maxLength: 40 },
          address: { type: 'string', maxLength: 300 },
          sure: { type: 'boolean' },
        },
      },
    },
    async handler(request, reply) {
      const { actor, desk, who } = await requireDesk(room, request);
      const body = request.body as EnrolBody;
      const resource = patientOf(body, room.now());
      await take(room, 'desk-compare', actor.accountId);
      const alike = await findAlike(room, resource);
      if (alike.length > 0) await noteComparison(room, alike, { who, agent: agentOf(request) });
      if (alike.length > 0 && body.sure !== true)
        throw new ApiError(
          409,
          'possible-duplicate',
          'Somebody very much like this is here already. Ask whether they have a card before you go on.',
        );
      await take(room, 'desk-enrol', actor.accountId);
      const patientId = uuidV4(room.randomBytes);
      const { code, hashed } = await newClaimCode(room, patientId);
      const by = { who, basis: 'desk', agent: agentOf(request) } as const;
      const done = await inTransaction(room.db.pool, async (client) => {
        const { uhid, version } = await preparePerson(
          client,
          { ...by, resource, patientId, author: 'organization' },
          room,
        );
        const entry = sealEntry(
          patientId,
          {
            ...by,
            event: 'desk-enrol',
            outcome: 'done',
            detail: { organization: desk.organizationName ?? '', sure: body.sure === true },
          },
          room,
        );
        await writeBatch(client, { versions: [version], entries: [entry] });
        await insertEnrolment(client, {
          patientId,
          organizationId: desk.organizationId,
          enrolledBy: actor.accountId,
          enrolledAtMs: room.now(),
          code: hashed,
        });
        return { uhid, entryId: entry.entryId };
      });
      await room.issueCard({ ...by, patientId });
      return reply
        .code(201)
        .header('ledger-entry', done.entryId)
        .header('cache-control', 'no-store')
        .send({
          id: patientId,
          uhid: done.uhid,
          name: displayName(resource['name']),
          claimCode: code,
          claimUntil: new Date(hashed.untilMs),
        });
    },
  };
}

async function newClaimCode(room: DeskRoom, patientId: string) {
  const code = makeClaimCode(room.randomBytes);
  const hash = await hashClaimCode(patientId, code, room.randomBytes);
  return {
    code,
    hashed: { hash, untilMs: room.now() + claimLimits.lifetimeMs, tries: claimLimits.tries },
  };
}

/** What the desk may enter, as a Patient. Of a birth date many know the year alone. Throws 400 and 422. */
function patientOf(body: EnrolBody, nowMs: number): Resource {
  const wrong = (field: string, title: string) =>
    new ApiError(422, `${field}-wrong`, title, { fields: [{ field, code: 'wrong' }] });
  const name = readName(body.name);
  const { birthDate } = body;
  const [year, month = '01', day = '01'] = birthDate.split('-');
  const at = Date.parse(`${year}-${month}-${day}T00:00:00Z`);
  const isDay =
    /^\d{4}(-\d{2}(-\d{2})?)?$/.test(birthDate) &&
    !Number.isNaN(at) &&
    new Date(at).toISOString().startsWith(birthDate);
  if (!isDay || at > nowMs + 14 * 3_600_000 || at < Date.UTC(1880, 0, 1))
    throw wrong(
      'birthDate',
      'A birth date is a day, a month or a year that has come, like 1961 or 1961-05-31.',
    );
  const line = (field: 'phone' | 'address', pattern: RegExp, title: string) => {
    const text = (body[field] ?? '').normalize('NFC').replace(/\s+/gu, ' ').trim();
    if (text !== '' && (!text.isWellFormed() || /[\p{Cc}\p{Cf}]/u.test(text) || !pattern.test(text)))
      throw wrong(field, title);
    return text;
  };
  const phone = line('phone', /^\+?[\d\s().-]{6,24}$/, 'A phone number is written as +91 98765 43210.');
  const address = line('address', /^.{1,300}$/u, 'Write the address on one line.');
  return {
    resourceType: 'Patient',
    active: true,
    name: [{ text: name }],
    birthDate,
    ...(body.gender === undefined ? {} : { gender: body.gender }),
    // May be a neighbour's or the whole family's: it is no way to sign in.
    ...(phone === '' ? {} : { telecom: [{ system: 'phone', value: phone }] }),
    ...(address === '' ? {} : { address: [{ text: address }] }),
  };
}

/** `GET /api/desk/people`: whom this desk enrolled and nobody has taken over yet, by the number on their card: no name, which would be a look. */
export const getEnrolments = (room: DeskRoom) => async (request: FastifyRequest) => {
  const { desks } = await requireDesk(room, request);
  const found = await listEnrolments(
    room.db.pool,
    desks.map(({ organizationId }) => organizationId),
  );
  return found.map(shown);
};

const shown = (one: Enrolment) => ({
  id: one.patientId,
  uhid: one.uhid,
  enrolledAt: one.enrolledAt,
  claimUntil: one.codeUntil,
  /** Whether card and code can still be printed here. */
  printable: one.asEntered,
});

export const notOurs = () =>
  new ApiError(404, 'not-found', 'There is no such person, or somebody has taken their record over.');

/** Of this desk, not taken over, and nothing in it but what the desk entered. Throws 404, and 409 `record-grew`. */
async function requireAsEntered(room: DeskRoom, request: FastifyRequest) {
  const at = await requireDesk(room, request);
  const { id } = request.params as { id: string };
  const found = await findEnrolment(room.db.pool, id);
  if (!found || found.claimed || !at.desks.some((one) => one.organizationId === found.organizationId))
    throw notOurs();
  if (!found.asEntered)
    throw new ApiError(
      409,
      'record-grew',
      'There is more in this record now than the desk entered. It is no longer printed or handed over here.',
    );
  return { ...at, enrolment: found };
}

/** Whose card the desk prints, for the room of cards. */
export const deskCardHolder =
  (room: DeskRoom) =>
  async (request: FastifyRequest): Promise<CardHolder> => {
    const { who, enrolment } = await requireAsEntered(room, request);
    return { patientId: enrolment.patientId, who, agent: agentOf(request), basis: 'desk' };
  };

/** `POST /api/desk/people/:id/claim-code`: a new one; the former opens nothing any more. */
export const postClaimCode =
  (room: DeskRoom) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { actor, who, enrolment } = await requireAsEntered(room, request);
    const { patientId } = enrolment;
    await take(room, 'desk-claim-code', actor.accountId);
    const { code, hashed } = await newClaimCode(room, patientId);
    const entryId = await inTransaction(room.db.pool, async (client) => {
      if (!(await replaceClaimCode(client, patientId, hashed))) throw notOurs();
      const entry = sealEntry(
        patientId,
        { event: 'desk-claim-code', outcome: 'done', who, basis: 'desk', agent: agentOf(request) },
        room,
      );
      await writeBatch(client, { versions: [], entries: [entry] });
      return entry.entryId;
    });
    return reply
      .header('ledger-entry', entryId)
      .header('cache-control', 'no-store')
      .send({ claimCode: code, claimUntil: new Date(hashed.untilMs) });
  };
