// Who works here and as what: the signed-in person's own work, and the clinicians that somebody may share with or ask.
import type { FastifyRequest, RouteShorthandOptionsWithHandler } from 'fastify';
import { displayName } from '../../core/record/human-name.ts';
import { ApiError } from '../errors.ts';
import type { PersonActor } from '../http/actor.ts';
import { requirePerson } from '../http/require-person.ts';
import { findOwnAccount } from '../storage/accounts.ts';
import { findClinicians } from '../storage/clinicians.ts';
import type { Member } from '../storage/members.ts';
import { isVerifiedClinician, listMemberships } from '../storage/members.ts';
import type { ConsentRoom } from './consent-room.ts';
import { bodyLimit, take } from './request-parts.ts';

/** Those who answer for an organisation's looks. */
const answering = new Set(['records', 'administrator']);

export interface Work {
  actor: PersonActor;
  members: readonly Member[];
  /** Organisations for whose looks this person answers. */
  answersFor: readonly string[];
  /** Sees counts of every organisation. */
  isAuditor: boolean;
  /** Answers where no organisation does. */
  isAdministrator: boolean;
}

export async function readWork(room: ConsentRoom, request: FastifyRequest): Promise<Work> {
  const actor = requirePerson(request);
  const [members, account] = await Promise.all([
    listMemberships(room.db.pool, actor.accountId),
    findOwnAccount(room.db.pool, actor.accountId),
  ]);
  const roles = account?.roles ?? [];
  return {
    actor,
    members,
    answersFor: [
      ...new Set(
        members.filter(({ role }) => answering.has(role)).map(({ organizationId }) => organizationId),
      ),
    ],
    isAuditor: roles.includes('auditor') || members.some(({ role }) => role === 'auditor'),
    isAdministrator: roles.includes('administrator'),
  };
}

/** `GET /api/me/work`: what the pages of staff need to know. */
export function getWork(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    async handler(request) {
      const work = await readWork(room, request);
      const clinician = isVerifiedClinician(work.members, room.now());
      return {
        clinician:
          clinician === undefined
            ? null
            : {
                organization: clinician.organizationName,
                organizationId: clinician.organizationId,
                practitioner: clinician.practitionerId,
                name: work.actor.name,
                licenceUntil: clinician.licenceUntil,
              },
        memberships: work.members.map(({ organizationId, organizationName, role, licenceUntil }) => ({
          organizationId,
          organization: organizationName,
          role,
          licenceUntil,
        })),
        answers: work.answersFor.length > 0 || work.isAdministrator,
        audits: work.isAuditor || work.isAdministrator,
        judges: work.isAdministrator,
        administers: work.isAdministrator || work.members.some(({ role }) => role === 'administrator'),
      };
    },
  };
}

/** `POST /api/clinicians/search {name}`: in a body, so that no name stands in an address. At most 20. */
export function searchClinicians(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['name'],
        properties: { name: { type: 'string', maxLength: 100 } },
      },
    },
    async handler(request) {
      const actor = requirePerson(request);
      const words = (request.body as { name: string }).name
        .normalize('NFC')
        .split(/[\s,.]+/u)
        .filter((word) => word !== '')
        .slice(0, 6);
      if (words.join('').length < 2)
        throw new ApiError(422, 'name-too-short', 'Write at least two letters of the name.', {
          fields: [{ field: 'name', code: 'too-short' }],
        });
      await take(room, 'clinician-search', actor.accountId);
      const found = await findClinicians(room.db.pool, words, room.now(), 20);
      return found
        .filter(({ accountId }) => accountId !== actor.accountId)
        .map((one) => ({
          id: one.accountId,
          name: displayName(one.name),
          role: one.role,
          organization: one.organization,
          place: one.place,
          licenceUntil: one.licenceUntil,
        }));
    },
  };
}
