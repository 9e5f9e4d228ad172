// The other side of an invitation: who was asked says yes or no, sees where they work, and writes down the licence that their work needs.
import type { FastifyReply, FastifyRequest, RouteShorthandOptionsWithHandler } from 'fastify';
import { displayName } from '../../core/record/human-name.ts';
import { ApiError } from '../errors.ts';
import { requirePerson, requireProof, whoOfPerson } from '../http/require-person.ts';
import { hashToken } from '../http/session-cookie.ts';
import { findOwnAccount } from '../storage/accounts.ts';
import { listLicencesWaiting } from '../storage/licence-checks.ts';
import type { MemberInvite } from '../storage/member-invites.ts';
import { answerMemberInvite, findInviteToMe } from '../storage/member-invites.ts';
import { listOwnPlaces } from '../storage/staff.ts';
import { inTransaction } from '../storage/transaction.ts';
import { uuidV7 } from '../storage/uuid.ts';
import { inviteOver } from './invites.ts';
import { startMember } from './join-organization.ts';
import type { OrganizationsRoom } from './organizations-room.ts';
import { bodyLimit, noteAct } from './organizations-room.ts';

const notMine = () =>
  new ApiError(404, 'not-found', 'There is no such invitation, or it was sent to another address.');

async function requireInviteToMe(room: OrganizationsRoom, request: FastifyRequest): Promise<MemberInvite> {
  const { accountId } = requirePerson(request);
  const { token } = request.params as { token: string };
  const found = /^[A-Za-z0-9_-]{43}$/.test(token)
    ? await findInviteToMe(room.db.pool, accountId, hashToken(token))
    : undefined;
  if (!found) throw notMine();
  return found;
}

/** `GET /api/places/invitations/:token`: for whoever signs in with the address that it was sent to. */
export const getInvitation = (room: OrganizationsRoom) => async (request: FastifyRequest) => {
  const invite = await requireInviteToMe(room, request);
  const over = invite.state === 'open' && invite.expiresAt.getTime() <= room.now();
  return {
    organization: invite.organizationName,
    role: invite.role,
    from: displayName(invite.inviterName),
    expiresAt: invite.expiresAt,
    state: over ? 'expired' : invite.state,
  };
};

/** `POST /api/places/invitations/:token/accept`: 201 `{ id }`. */
export function acceptInvitation(room: OrganizationsRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    async handler(request, reply) {
      const actor = requireProof(request, room.now());
      const invite = await requireInviteToMe(room, request);
      const { organizationId, role } = invite;
      const inviter = await findOwnAccount(room.db.pool, invite.inviterId);
      const nowMs = room.now();
      const memberId = uuidV7(nowMs, room.randomBytes);
      const entryId = await inTransaction(room.db.pool, async (client) => {
        const started = await startMember(
          client,
          {
            memberId,
            accountId: actor.accountId,
            organizationId,
            role,
            practitionerId: null,
            licence: null,
            licenceUntil: null,
          },
          nowMs,
        );
        if (!(await answerMemberInvite(client, invite.inviteId, 'accepted', nowMs))) throw inviteOver();
        if (!started) throw new ApiError(409, 'has-role', 'You have this role there already.');
        return noteAct(client, room, request, {
          organizationId,
          chain: actor.patientId,
          event: 'member-add',
          who: whoOfPerson(actor),
          basis: 'invitation',
          detail: { role, person: actor.name, invite: invite.inviteId },
          tell: inviter
            ? [{ patientId: inviter.patientId, kind: 'place-taken', detail: { name: actor.name } }]
            : [],
        });
      });
      return reply.code(201).header('ledger-entry', entryId).send({ id: memberId });
    },
  };
}

/** `POST /api/places/invitations/:token/refuse` */
export const refuseInvitation =
  (room: OrganizationsRoom) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const actor = requirePerson(request);
    const invite = await requireInviteToMe(room, request);
    const entryId = await inTransaction(room.db.pool, async (client) => {
      if (!(await answerMemberInvite(client, invite.inviteId, 'refused', room.now()))) throw inviteOver();
      return noteAct(client, room, request, {
        organizationId: invite.organizationId,
        chain: '',
        event: 'member-invite-answer',
        who: whoOfPerson(actor),
        basis: 'invitation',
        detail: { role: invite.role, invite: invite.inviteId, answer: 'refused' },
      });
    });
    return reply.code(204).header('ledger-entry', entryId).send();
  };

/** `GET /api/places`: where one works, also where one is suspended, with the licence that counts and the one that waits. */
export const getPlaces = (room: OrganizationsRoom) => async (request: FastifyRequest) => {
  const { accountId } = requirePerson(request);
  const { pool } = room.db;
  const [places, waiting] = await Promise.all([
    listOwnPlaces(pool, accountId),
    listLicencesWaiting(pool, { accountId }),
  ]);
  return places.map((one) => {
    const entered = waiting.find(({ memberId }) => memberId === one.memberId);
    return {
      id: one.memberId,
      organization: one.organizationName,
      role: one.role,
      since: one.startedAt,
      suspended: one.suspendedAt !== null,
      licence:
        one.licence === null
          ? null
          : { number: one.licence, authority: one.licenceAuthority, until: one.licenceUntil },
      entered: entered
        ? { number: entered.number, authority: entered.authority, until: entered.until }
        : null,
    };
  });
};
