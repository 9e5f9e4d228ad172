// A doctor answers who asks them: yes, no with the reason, or a shut door that the other side does not see. What was offered is given
// with the yes, by whoever offered it, if they still may.
import type { FastifyRequest, RouteShorthandOptionsWithHandler } from 'fastify';
import { decide } from '../../core/access/decide.ts';
import type { StatementWho } from '../../core/ledger/statement.ts';
import { displayName } from '../../core/record/human-name.ts';
import { ApiError } from '../errors.ts';
import { agentFamily } from '../http/agent-family.ts';
import { requirePerson } from '../http/require-person.ts';
import { findOwnAccount } from '../storage/accounts.ts';
import { listAuthorities } from '../storage/authorities.ts';
import type { DoctorRequest } from '../storage/doctor-requests.ts';
import {
  answerDoctorRequest,
  deleteDoctorBlock,
  findDoctorRequest,
  insertDoctorBlock,
  listDoctorBlocks,
} from '../storage/doctor-requests.ts';
import type { Queryable } from '../storage/queryable.ts';
import { inTransaction } from '../storage/transaction.ts';
import { uuidV7 } from '../storage/uuid.ts';
import type { ConsentRoom } from './consent-room.ts';
import type { Offer } from './doctor-requests.ts';
import { noSuchAsk } from './doctor-requests.ts';
import type { Granted } from './let-in.ts';
import { letIn } from './let-in.ts';
import { bodyLimit, isOver, note, requireTerms, requireWords, uuid } from './request-parts.ts';
import { requireClinician, whoOfClinician } from './standing.ts';

/** `POST /api/doctor-requests/:id/accept`: 201 `{ grant?, until?, writeUntil? }`. */
export function acceptPatient(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    async handler(request, reply) {
      const { actor, member } = await requireClinician(room, request);
      const found = await requireAskedOf(room, request, actor.accountId);
      const accepted = await inTransaction(room.db.pool, async (client) => {
        if (!(await answerDoctorRequest(client, found, { state: 'accepted' }, room.now()))) return undefined;
        const entryId = await note(client, room, request, {
          patientId: found.patientId,
          event: 'doctor-answer',
          who: whoOfClinician(actor, member),
          basis: 'licence',
          detail: { request: found.requestId, accepted: true },
          notices: [
            {
              patientId: found.patientId,
              kind: 'doctor-accepted',
              detail: { name: displayName(found.doctorName) },
            },
          ],
        });
        const granted = await giveOffer(client, room, request, found, member.practitionerId);
        return { entryId, granted };
      });
      if (accepted === undefined) throw isOver();
      const { entryId, granted } = accepted;
      return reply
        .code(201)
        .header('ledger-entry', entryId)
        .send(
          granted === undefined
            ? {}
            : {
                grant: granted.grantId,
                until: new Date(granted.untilMs),
                ...(granted.editUntilMs === undefined ? {} : { writeUntil: new Date(granted.editUntilMs) }),
              },
        );
    },
  };
}

/** Undefined where nothing was offered, or whoever offered it may share this record no longer. */
async function giveOffer(
  client: Queryable,
  room: ConsentRoom,
  request: FastifyRequest,
  found: DoctorRequest,
  practitionerId: string | null,
): Promise<Granted | undefined> {
  if (found.offer === null) return undefined;
  const by = await whoOffers(client, room, found);
  if (by === undefined) return undefined;
  const terms = requireTerms(JSON.parse(found.offer) as Offer);
  const doctor = {
    accountId: found.doctorId,
    patientId: found.doctorPatientId,
    name: displayName(found.doctorName),
    organizationId: found.organizationId,
    ...(practitionerId === null ? {} : { reference: `Practitioner/${practitionerId}` }),
  };
  return letIn(client, room, {
    ...terms,
    patientId: found.patientId,
    holder: doctor,
    ...(terms.writing ? { writer: doctor } : {}),
    by,
    basis: by.role === 'guardian' ? 'guardian' : 'self',
    event: 'access-share',
    how: 'accepted',
    agent: agentFamily(request.headers['user-agent']),
  });
}

async function whoOffers(
  client: Queryable,
  room: ConsentRoom,
  { askedBy, patientId }: DoctorRequest,
): Promise<StatementWho | undefined> {
  const account = await findOwnAccount(client, askedBy);
  if (!account) return undefined;
  const asker = {
    kind: 'person' as const,
    patientId: account.patientId,
    authorities: await listAuthorities(client, askedBy, room.now(), [patientId]),
  };
  if (!decide(asker, 'share', { patientId, resourceType: 'Consent', sealed: false }).allowed)
    return undefined;
  const own = account.patientId === patientId;
  return {
    role: own ? 'patient' : 'guardian',
    account: askedBy,
    reference: `Patient/${account.patientId}`,
    name: displayName(account.name),
  };
}

/** `POST /api/doctor-requests/:id/reject {reason}`: the person reads the reason. */
export function rejectPatient(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['reason'],
        properties: { reason: { type: 'string', maxLength: 500 } },
      },
    },
    async handler(request, reply) {
      const { actor, member } = await requireClinician(room, request);
      const found = await requireAskedOf(room, request, actor.accountId);
      const reason = requireWords((request.body as { reason: string }).reason);
      const entryId = await inTransaction(room.db.pool, async (client) => {
        if (!(await answerDoctorRequest(client, found, { state: 'rejected', reason }, room.now())))
          return undefined;
        return note(client, room, request, {
          patientId: found.patientId,
          event: 'doctor-answer',
          who: whoOfClinician(actor, member),
          basis: 'licence',
          detail: { request: found.requestId, accepted: false },
          notices: [
            {
              patientId: found.patientId,
              kind: 'doctor-rejected',
              detail: { name: displayName(found.doctorName) },
            },
          ],
        });
      });
      if (entryId === undefined) throw isOver();
      return reply.code(204).header('ledger-entry', entryId).send();
    },
  };
}

/** `POST /api/doctor-requests/:id/block`: this person's questions are not heard any more, and they are not told so. */
export function blockPatient(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    async handler(request, reply) {
      const { actor, member } = await requireClinician(room, request);
      const found = await requireAskedOf(room, request, actor.accountId);
      const blockId = uuidV7(room.now(), room.randomBytes);
      const entryId = await inTransaction(room.db.pool, async (client) => {
        const block = { patientId: found.patientId, blockId, doctorId: actor.accountId };
        await insertDoctorBlock(client, block, room.now());
        // In the doctor's own chain: in the person's it would tell them.
        return note(client, room, request, {
          patientId: actor.patientId,
          event: 'doctor-block',
          who: whoOfClinician(actor, member),
          basis: 'licence',
          detail: { blocked: true },
          notices: [],
        });
      });
      return reply.code(204).header('ledger-entry', entryId).send();
    },
  };
}

/** `GET /api/doctor-blocks`: whose questions one does not hear. */
export function getBlocked(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    async handler(request) {
      const actor = requirePerson(request);
      return (await listDoctorBlocks(room.db.pool, actor.accountId)).map((one) => ({
        id: one.blockId,
        name: displayName(one.personName),
        since: one.blockedAt,
      }));
    },
  };
}

/** `DELETE /api/doctor-blocks/:id`: later questions are heard again. */
export function unblockPatient(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    async handler(request, reply) {
      const actor = requirePerson(request);
      const { id } = request.params as { id: string };
      const entryId = await inTransaction(room.db.pool, async (client) => {
        if (!uuid.test(id) || !(await deleteDoctorBlock(client, actor.accountId, id))) return undefined;
        return note(client, room, request, {
          patientId: actor.patientId,
          event: 'doctor-block',
          who: { role: 'professional', account: actor.accountId, name: actor.name },
          basis: 'self',
          detail: { blocked: false },
          notices: [],
        });
      });
      if (entryId === undefined) throw new ApiError(404, 'not-found', 'There is no such door.');
      return reply.code(204).header('ledger-entry', entryId).send();
    },
  };
}

/** What is not asked of them, or no longer shown to them, is not there. */
async function requireAskedOf(
  room: ConsentRoom,
  request: FastifyRequest,
  doctorId: string,
): Promise<DoctorRequest> {
  const { id } = request.params as { id: string };
  const found = uuid.test(id) ? await findDoctorRequest(room.db.pool, id) : undefined;
  if (!found || found.doctorId !== doctorId || found.unseen) throw noSuchAsk();
  return found;
}
