// Changes in who works where: another role, a rest, an end. What is changed holds for every request that starts after the answer.
// Nobody changes their own place, save that they leave it; an organisation never loses its last administrator this way.
import type { FastifyReply, FastifyRequest, RouteShorthandOptionsWithHandler } from 'fastify';
import type { StatementEvent, StatementWho } from '../../core/ledger/statement.ts';
import { displayName } from '../../core/record/human-name.ts';
import { ApiError } from '../errors.ts';
import { requireProof, whoOfPerson } from '../http/require-person.ts';
import { insertMember } from '../storage/members.ts';
import { lockOrganization } from '../storage/organizations.ts';
import type { Queryable } from '../storage/queryable.ts';
import type { StaffMember } from '../storage/staff.ts';
import { countOtherAdministrators, endMember, findStaff, setSuspended } from '../storage/staff.ts';
import { inTransaction } from '../storage/transaction.ts';
import { uuidV7 } from '../storage/uuid.ts';
import { requireRole } from './join-organization.ts';
import type { OrganizationsRoom, Standing } from './organizations-room.ts';
import { bodyLimit, noteAct, notThere, requireStanding, uuid } from './organizations-room.ts';

interface By {
  who: StatementWho;
  basis: string;
}

/** The member of the address in the organisation of the address, who is somebody else. Throws 404, and 403 `own-place`. */
export async function requireStaff(
  room: OrganizationsRoom,
  request: FastifyRequest,
  { organization, actor }: Standing,
): Promise<StaffMember> {
  const { member } = request.params as { member: string };
  const found = uuid.test(member) ? await findStaff(room.db.pool, member) : undefined;
  if (!found || found.endedAt !== null || found.organizationId !== organization.organizationId)
    throw notThere();
  if (found.accountId === actor.accountId) throw ownPlace();
  return found;
}

export const ownPlace = () =>
  new ApiError(403, 'own-place', 'Nobody changes their own place. Another administrator does.');
const changedMeanwhile = () =>
  new ApiError(409, 'place-changed', 'This was changed meanwhile. Look at the list again.');

/** Throws 409 `last-administrator`. Under the organisation's lock. */
async function requireAnother(client: Queryable, member: StaffMember): Promise<void> {
  if (member.role !== 'administrator' || member.suspendedAt !== null) return;
  if ((await countOtherAdministrators(client, member)) > 0) return;
  throw new ApiError(
    409,
    'last-administrator',
    'This is the last administrator of the organisation. Appoint another first.',
  );
}

/** One change under the organisation's lock, with its entry in the member's own chain, where they see it. */
async function change(
  room: OrganizationsRoom,
  request: FastifyRequest,
  { who, basis }: By,
  member: StaffMember,
  event: StatementEvent,
  act: (client: Queryable) => Promise<Record<string, string> | undefined>,
): Promise<string> {
  return inTransaction(room.db.pool, async (client) => {
    await lockOrganization(client, member.organizationId);
    const detail = await act(client);
    if (detail === undefined) throw changedMeanwhile();
    return noteAct(client, room, request, {
      organizationId: member.organizationId,
      chain: member.patientId,
      event,
      who,
      basis,
      detail: { role: member.role, person: displayName(member.name) ?? '', ...detail },
      tell: [
        {
          patientId: member.patientId,
          kind: 'place-changed',
          detail: { event, organization: member.organizationName ?? '' },
        },
      ],
    });
  });
}

/** `PUT /api/admin/organizations/:id/members/:member {role}`: the former place ends, and the licence with it where the work is another. */
export function putMember(room: OrganizationsRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['role'],
        properties: { role: { type: 'string', maxLength: 40 } },
      },
    },
    async handler(request, reply) {
      const standing = await requireStanding(room, request, { proved: true });
      const role = requireRole((request.body as { role: string }).role);
      const member = await requireStaff(room, request, standing);
      if (member.role === role) throw changedMeanwhile();
      const memberId = uuidV7(room.now(), room.randomBytes);
      const entryId = await change(room, request, standing, member, 'member-change', async (client) => {
        await requireAnother(client, member);
        if (!(await endMember(client, member.memberId, room.now()))) return undefined;
        const stored = await insertMember(
          client,
          {
            memberId,
            accountId: member.accountId,
            organizationId: member.organizationId,
            role,
            practitionerId: member.practitionerId,
            licence: null,
            licenceUntil: null,
          },
          room.now(),
        );
        if (!stored)
          throw new ApiError(409, 'has-role', 'They have this role there already. End one of the two.');
        if (member.suspendedAt !== null) await setSuspended(client, memberId, room.now());
        return { role, formerRole: member.role };
      });
      return reply.header('ledger-entry', entryId).send({ id: memberId });
    },
  };
}

/** `POST …/members/:member/suspend|resume` */
export const suspendMember =
  (room: OrganizationsRoom, suspending: boolean) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const standing = await requireStanding(room, request, { proved: true });
    const member = await requireStaff(room, request, standing);
    const event = suspending ? 'member-suspend' : 'member-resume';
    const entryId = await change(room, request, standing, member, event, async (client) => {
      if (suspending) await requireAnother(client, member);
      const at = suspending ? room.now() : undefined;
      return (await setSuspended(client, member.memberId, at)) ? {} : undefined;
    });
    return reply.code(204).header('ledger-entry', entryId).send();
  };

/** `DELETE …/members/:member`: by an administrator. */
export const deleteMember =
  (room: OrganizationsRoom) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const standing = await requireStanding(room, request, { proved: true });
    const member = await requireStaff(room, request, standing);
    return reply
      .code(204)
      .header('ledger-entry', await end(room, request, standing, member))
      .send();
  };

/** `DELETE /api/me/places/:member`: who works there leaves. */
export const leavePlace =
  (room: OrganizationsRoom) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const actor = requireProof(request, room.now());
    const { member: id } = request.params as { member: string };
    const member = uuid.test(id) ? await findStaff(room.db.pool, id) : undefined;
    if (!member || member.endedAt !== null || member.accountId !== actor.accountId) throw notThere();
    const entryId = await end(room, request, { who: whoOfPerson(actor), basis: 'self' }, member);
    return reply.code(204).header('ledger-entry', entryId).send();
  };

const end = (
  room: OrganizationsRoom,
  request: FastifyRequest,
  standing: By,
  member: StaffMember,
): Promise<string> =>
  change(room, request, standing, member, 'member-end', async (client) => {
    await requireAnother(client, member);
    return (await endMember(client, member.memberId, room.now())) ? {} : undefined;
  });
