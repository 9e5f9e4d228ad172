// Licences: written down by who has one or by an administrator, and counting only once an administrator who is somebody else has looked.
// From the first instant after its last day a clinician opens and writes nothing; no job has to run for that.
import type { FastifyReply, FastifyRequest, RouteShorthandOptionsWithHandler } from 'fastify';
import { displayName } from '../../core/record/human-name.ts';
import { ApiError } from '../errors.ts';
import { requireProof, whoOfPerson } from '../http/require-person.ts';
import type { LicenceCheck } from '../storage/licence-checks.ts';
import { findLicenceCheck, insertLicenceCheck, saveLicenceFinding } from '../storage/licence-checks.ts';
import { lockOrganization } from '../storage/organizations.ts';
import type { StaffMember } from '../storage/staff.ts';
import { findStaff, setLicence } from '../storage/staff.ts';
import { inTransaction } from '../storage/transaction.ts';
import { uuidV7 } from '../storage/uuid.ts';
import { clinicianRoles, isDay } from './join-organization.ts';
import type { OrganizationsRoom } from './organizations-room.ts';
import { bodyLimit, noteAct, notThere, requireStanding, take, uuid, wrong } from './organizations-room.ts';
import { practitionerOf } from './practitioner.ts';
import { ownPlace, requireStaff } from './staff.ts';

const licenceBody = {
  type: 'object',
  additionalProperties: false,
  required: ['number', 'authority', 'until'],
  properties: {
    number: { type: 'string', maxLength: 80 },
    authority: { type: 'string', maxLength: 200 },
    until: { type: 'string', maxLength: 10 },
  },
};

type Written = Pick<LicenceCheck, 'number' | 'authority' | 'until'>;

function requireLicence(body: unknown, nowMs: number): Written {
  const given = body as Written;
  const line = (field: 'number' | 'authority') => {
    const text = given[field].normalize('NFC').replace(/\s+/gu, ' ').trim();
    if (text === '' || !text.isWellFormed() || /[\p{Cc}\p{Cf}]/u.test(text))
      throw wrong(field, 'A licence has a number and an authority that gave it.', 'empty');
    return text;
  };
  const [number, authority] = [line('number'), line('authority')];
  if (!isDay(given.until)) throw wrong('until', 'The last day of a licence is written as 2027-12-31.');
  if (given.until < new Date(nowMs).toISOString().slice(0, 10))
    throw wrong('until', 'This licence has lapsed.', 'lapsed');
  return { number, authority, until: given.until };
}

async function enter(
  room: OrganizationsRoom,
  request: FastifyRequest,
  member: StaffMember,
  by: Pick<Parameters<typeof noteAct>[3], 'who' | 'basis'>,
): Promise<{ id: string; entryId: string }> {
  const nowMs = room.now();
  if (!clinicianRoles.has(member.role))
    throw new ApiError(409, 'no-licence-needed', 'Only the work of a doctor or a nurse needs a licence.');
  const written = requireLicence(request.body, nowMs);
  const id = uuidV7(nowMs, room.randomBytes);
  const entryId = await inTransaction(room.db.pool, async (client) => {
    await lockOrganization(client, member.organizationId);
    await insertLicenceCheck(
      client,
      { ...written, licenceId: id, memberId: member.memberId, accountId: member.accountId },
      nowMs,
    );
    return noteAct(client, room, request, {
      ...by,
      organizationId: member.organizationId,
      chain: member.patientId,
      event: 'licence-enter',
      detail: { role: member.role, person: displayName(member.name) ?? '', licenceUntil: written.until },
    });
  });
  return { id, entryId };
}

/** `PUT /api/places/:member/licence {number, authority, until}`: by who has it. It counts when an administrator has looked. */
export function putOwnLicence(room: OrganizationsRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    schema: { body: licenceBody },
    async handler(request, reply) {
      const actor = requireProof(request, room.now());
      const { member: id } = request.params as { member: string };
      const member = uuid.test(id) ? await findStaff(room.db.pool, id) : undefined;
      if (!member || member.endedAt !== null || member.accountId !== actor.accountId) throw notThere();
      await take(room, 'licence-enter', actor.accountId);
      const done = await enter(room, request, member, { who: whoOfPerson(actor), basis: 'self' });
      return reply.code(201).header('ledger-entry', done.entryId).send({ id: done.id });
    },
  };
}

/** `PUT /api/admin/organizations/:id/members/:member/licence`: by an administrator, from the paper. */
export function putLicence(room: OrganizationsRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    schema: { body: licenceBody },
    async handler(request, reply) {
      const standing = await requireStanding(room, request, { proved: true });
      const member = await requireStaff(room, request, standing);
      const done = await enter(room, request, member, standing);
      return reply.code(201).header('ledger-entry', done.entryId).send({ id: done.id });
    },
  };
}

/** `POST /api/admin/organizations/:id/licences/:licence {finding}`: looked at by an administrator who is somebody else. */
export function postLicenceFinding(room: OrganizationsRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['finding'],
        properties: { finding: { type: 'string', enum: ['right', 'wrong'] } },
      },
    },
    async handler(request, reply: FastifyReply) {
      const { actor, organization, who, basis } = await requireStanding(room, request, { proved: true });
      const { organizationId } = organization;
      const { licence: id } = request.params as { licence: string };
      const { finding } = request.body as { finding: 'right' | 'wrong' };
      const licence = uuid.test(id) ? await findLicenceCheck(room.db.pool, id) : undefined;
      const member = licence && (await findStaff(room.db.pool, licence.memberId));
      if (!licence || !member || member.organizationId !== organizationId || member.endedAt !== null)
        throw notThere();
      if (licence.accountId === actor.accountId) throw ownPlace();
      if (finding === 'right' && licence.until < new Date(room.now()).toISOString().slice(0, 10))
        throw wrong('until', 'This licence has lapsed.', 'lapsed');
      const entryId = await inTransaction(room.db.pool, async (client) => {
        await lockOrganization(client, organizationId);
        if (!(await saveLicenceFinding(client, id, { finding, by: actor.accountId }, room.now())))
          throw new ApiError(409, 'licence-checked', 'This licence was looked at already.');
        const { number, authority, until } = licence;
        const right = finding === 'right';
        if (right)
          await setLicence(
            client,
            member.memberId,
            { number, authority, until, checkedBy: actor.accountId },
            room.now(),
          );
        return noteAct(client, room, request, {
          versions: right ? await practitionerOf(client, room, member, licence, { who, basis }) : [],
          organizationId,
          chain: member.patientId,
          event: 'licence-check',
          who,
          basis,
          detail: {
            role: member.role,
            person: displayName(member.name) ?? '',
            finding,
            licenceUntil: licence.until,
          },
          tell: [
            {
              patientId: member.patientId,
              kind: 'licence-checked',
              detail: { finding, organization: organization.name ?? '' },
            },
          ],
        });
      });
      return reply.code(204).header('ledger-entry', entryId).send();
    },
  };
}
