// Asking somebody to come and work: by mail to one address, with a link that is good once, for a week, and for whoever signs in with
// that address. Taken back as long as nobody answered.
import type { RouteShorthandOptionsWithHandler } from 'fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../errors.ts';
import { readLogin } from '../http/login.ts';
import { newToken } from '../http/session-cookie.ts';
import { findAccountByLogin } from '../storage/accounts.ts';
import { answerMemberInvite, findMemberInvite, insertMemberInvite } from '../storage/member-invites.ts';
import { lockOrganization } from '../storage/organizations.ts';
import { inTransaction } from '../storage/transaction.ts';
import { uuidV7 } from '../storage/uuid.ts';
import { organizationClosed, requireRole } from './join-organization.ts';
import type { OrganizationsRoom } from './organizations-room.ts';
import {
  bodyLimit,
  inviteLifetimeMs,
  noteAct,
  notThere,
  requireStanding,
  take,
  uuid,
} from './organizations-room.ts';
import { ownPlace } from './staff.ts';

export const inviteOver = () =>
  new ApiError(409, 'invite-over', 'This invitation was answered already, or it is over. Ask for a new one.');

/**
 * `POST /api/admin/organizations/:id/invites {to, role}`: 201 `{ id, expiresAt, sent }`, the same whether or not anybody has that
 * address. Where no mail leaves this server the link is in the answer, to be handed over.
 */
export function postMemberInvite(room: OrganizationsRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['to', 'role'],
        properties: { to: { type: 'string', maxLength: 320 }, role: { type: 'string', maxLength: 40 } },
      },
    },
    async handler(request, reply) {
      const standing = await requireStanding(room, request, { proved: true });
      const { actor, organization, who, basis } = standing;
      const body = request.body as { to: string; role: string };
      const login = readLogin(body.to, { bareHosts: room.config.demo });
      const role = requireRole(body.role);
      const invited = await findAccountByLogin(room.db.pool, login.key);
      if (invited?.accountId === actor.accountId) throw ownPlace();
      await take(room, 'member-invite', actor.accountId);
      const nowMs = room.now();
      const { token, tokenHash } = newToken(room.randomBytes);
      const inviteId = uuidV7(nowMs, room.randomBytes);
      const { organizationId, name } = organization;
      const expiresAtMs = nowMs + inviteLifetimeMs;
      const entryId = await inTransaction(room.db.pool, async (client) => {
        const { closed } = await lockOrganization(client, organizationId);
        if (closed) throw organizationClosed();
        await insertMemberInvite(client, {
          inviteId,
          organizationId,
          tokenHash,
          login: login.shown,
          loginKey: login.key,
          role,
          inviterId: actor.accountId,
          createdAtMs: nowMs,
          expiresAtMs,
        });
        return noteAct(client, room, request, {
          organizationId,
          chain: '',
          event: 'member-invite',
          who,
          basis,
          detail: { role, invite: inviteId },
          tell: invited
            ? [{ patientId: invited.patientId, kind: 'place-offered', detail: { organization: name ?? '' } }]
            : [],
        });
      });
      const link = `${room.config.publicUrl}/places/invitation/${token}`;
      const sent =
        (await room.messenger.sendInvitation?.(
          { login: login.shown, language: invited?.language ?? 'en' },
          link,
        )) ?? 'none';
      return reply
        .code(201)
        .header('ledger-entry', entryId)
        .send({ id: inviteId, expiresAt: new Date(expiresAtMs), sent, ...(sent === 'none' ? { link } : {}) });
    },
  };
}

/** `DELETE /api/admin/organizations/:id/invites/:invite` */
export const deleteMemberInvite =
  (room: OrganizationsRoom) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { organization, who, basis } = await requireStanding(room, request, { proved: true });
    const { organizationId } = organization;
    const { invite: id } = request.params as { invite: string };
    const invite = uuid.test(id) ? await findMemberInvite(room.db.pool, id) : undefined;
    if (invite?.organizationId !== organizationId) throw notThere();
    const entryId = await inTransaction(room.db.pool, async (client) => {
      if (!(await answerMemberInvite(client, id, 'withdrawn', room.now()))) throw inviteOver();
      return noteAct(client, room, request, {
        organizationId,
        chain: '',
        event: 'member-invite-answer',
        who,
        basis,
        detail: { role: invite.role, invite: id, answer: 'withdrawn' },
      });
    });
    return reply.code(204).header('ledger-entry', entryId).send();
  };
