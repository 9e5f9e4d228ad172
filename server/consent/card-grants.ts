// Letting a clinician in with card and access code, for somebody who has no phone: they show the card and say the code, and a second person of
// the same organisation, with a sign-in of their own, has to say that it was so. For half an hour, for this clinician alone.
import type { FastifyReply, FastifyRequest, RouteShorthandOptionsWithHandler } from 'fastify';
import { editMs } from '../../core/access/terms.ts';
import type { JsonValue } from '../../core/fhir/types.ts';
import { displayName } from '../../core/record/human-name.ts';
import { ApiError } from '../errors.ts';
import { agentFamily } from '../http/agent-family.ts';
import { requirePerson } from '../http/require-person.ts';
import { findCardGrant, insertCardGrant, listCardGrants, witnessCardGrant } from '../storage/card-grants.ts';
import { isVerifiedClinician, listMemberships } from '../storage/members.ts';
import { inTransaction } from '../storage/transaction.ts';
import { uuidV7 } from '../storage/uuid.ts';
import type { ConsentRoom } from './consent-room.ts';
import { sendGranted } from './granted.ts';
import { letIn } from './let-in.ts';
import { bodyLimit, note, requireTerms, take, uuid } from './request-parts.ts';
import { requireClinician, whoOfClinician } from './standing.ts';

export interface CardGrantRoom extends ConsentRoom {
  openCard: (
    scanned: string,
    code: string,
  ) => Promise<
    | { kind: 'open'; patientId: string }
    | { kind: 'wrong'; patientId: string; triesLeft: number }
    | { kind: 'closed' }
  >;
}

/** How long a witness has. */
const waitsMs = 5 * 60_000;

const cardClosed = () =>
  new ApiError(404, 'card-closed', 'This card and code open nothing. Ask the person in another way.', {
    fields: [{ field: 'code', code: 'wrong' }],
  });
const notWaiting = () =>
  new ApiError(404, 'not-found', 'Nothing like this waits for a witness, or it is not yours to witness.');

/** `POST /api/card-grants {card, code, scope, purpose}`: 201 `{ id, until }`. Nothing is open before a witness said yes. */
export function postCardGrant(room: CardGrantRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['card', 'code', 'scope', 'purpose'],
        properties: {
          card: { type: 'string', maxLength: 300 },
          code: { type: 'string', maxLength: 64 },
          scope: {},
          purpose: { type: 'string', maxLength: 40 },
        },
      },
    },
    async handler(request, reply) {
      const { actor, member } = await requireClinician(room, request);
      const body = request.body as { card: string; code: string; scope: JsonValue; purpose: string };
      const terms = requireTerms({ scope: body.scope, purpose: body.purpose, duration: 'P1D' });
      await take(room, 'card-grant-by-clinician', actor.accountId);
      const who = whoOfClinician(actor, member);
      const opened = await room.openCard(body.card, body.code);
      if (opened.kind === 'closed') throw cardClosed();
      const { patientId } = opened;
      if (opened.kind === 'wrong') {
        const { triesLeft } = opened;
        // The try is taken and the person is told, whatever the clinician does next.
        await inTransaction(room.db.pool, (client) =>
          note(client, room, request, {
            patientId,
            event: 'access-card',
            outcome: 'refused',
            who,
            basis: 'card-and-code',
            detail: { triesLeft },
            notices: [
              {
                patientId,
                kind: triesLeft === 0 ? 'card-code-locked' : 'card-code-wrong',
                detail: { triesLeft },
              },
            ],
          }),
        );
        throw cardClosed();
      }
      if (patientId === actor.patientId) throw cardClosed();
      await take(room, 'card-grant-to-person', patientId);
      const nowMs = room.now();
      const cardGrantId = uuidV7(nowMs, room.randomBytes);
      const entryId = await inTransaction(room.db.pool, async (client) => {
        await insertCardGrant(client, {
          patientId,
          cardGrantId,
          clinicianId: actor.accountId,
          organizationId: member.organizationId,
          coverage: terms.coverage,
          writing: terms.writing,
          purpose: terms.purpose,
          createdAtMs: nowMs,
          expiresAtMs: nowMs + waitsMs,
        });
        return note(client, room, request, {
          patientId,
          event: 'access-card',
          who,
          basis: 'card-and-code',
          detail: { writing: terms.writing },
          notices: [],
        });
      });
      return reply
        .code(201)
        .header('ledger-entry', entryId)
        .send({ id: cardGrantId, until: new Date(nowMs + waitsMs) });
    },
  };
}

/** `GET /api/card-grants`: what waits for a witness where one works, by the last digits that stand on the card. */
export const getCardGrants = (room: CardGrantRoom) => async (request: FastifyRequest) => {
  const actor = requirePerson(request);
  const members = await listMemberships(room.db.pool, actor.accountId);
  const found = await listCardGrants(
    room.db.pool,
    members.map(({ organizationId }) => organizationId),
    room.now(),
  );
  return found
    .filter(({ clinicianId, patientId }) => clinicianId !== actor.accountId && patientId !== actor.patientId)
    .map((one) => ({
      id: one.cardGrantId,
      clinician: displayName(one.clinicianName),
      cardEndsWith: one.uhid.slice(-4),
      write: one.writing,
      purpose: one.purpose,
      createdAt: one.createdAt,
      until: one.expiresAt,
    }));
};

/** `GET /api/card-grants/:id`, by the clinician who showed the card: whether a witness has said yes. Whose it is, from then on. */
export const getCardGrant = (room: CardGrantRoom) => async (request: FastifyRequest) => {
  const actor = requirePerson(request);
  const { id } = request.params as { id: string };
  const found = uuid.test(id) ? await findCardGrant(room.db.pool, id) : undefined;
  if (found?.clinicianId !== actor.accountId) throw notWaiting();
  const over = found.expiresAt.getTime() <= room.now();
  return {
    id: found.cardGrantId,
    state: found.witnessed ? 'witnessed' : over ? 'over' : 'waiting',
    cardEndsWith: found.uhid.slice(-4),
    until: found.expiresAt,
    ...(found.witnessed ? { patient: found.patientId } : {}),
  };
};

/** `POST /api/card-grants/:id/witness`: by somebody else at work there. From now on, for at most half an hour. */
export const postWitness =
  (room: CardGrantRoom) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const actor = requirePerson(request);
    const { id } = request.params as { id: string };
    const found = uuid.test(id) ? await findCardGrant(room.db.pool, id) : undefined;
    const [members, theirs] = await Promise.all([
      listMemberships(room.db.pool, actor.accountId),
      found ? listMemberships(room.db.pool, found.clinicianId) : [],
    ]);
    const own = members.find(({ organizationId }) => organizationId === found?.organizationId);
    if (!found || !own || found.clinicianId === actor.accountId || found.patientId === actor.patientId)
      throw notWaiting();
    const at = theirs.filter(({ organizationId }) => organizationId === found.organizationId);
    const clinician = isVerifiedClinician(at, room.now());
    if (!clinician) throw notWaiting();
    const holder = {
      accountId: found.clinicianId,
      patientId: found.clinicianPatientId,
      name: displayName(found.clinicianName),
      organizationId: found.organizationId,
      ...(clinician.practitionerId ? { reference: `Practitioner/${clinician.practitionerId}` } : {}),
    };
    const granted = await inTransaction(room.db.pool, async (client) => {
      if (!(await witnessCardGrant(client, id, actor.accountId, room.now()))) return undefined;
      return letIn(client, room, {
        patientId: found.patientId,
        holder,
        ...(found.writing ? { writer: holder } : {}),
        coverage: found.coverage,
        share: false,
        purpose: found.purpose,
        durationMs: editMs,
        // Who says that the person was there and gave their code.
        by: {
          role: 'organization',
          account: actor.accountId,
          reference: `Organization/${found.organizationId}`,
          name: actor.name,
        },
        basis: 'card-and-code',
        event: 'access-approve',
        how: 'card',
        agent: agentFamily(request.headers['user-agent']),
      });
    });
    if (!granted) throw notWaiting();
    return sendGranted(reply, granted);
  };
