// What is in force over a record and over others' records; letting somebody in without being asked; shutting them out on the next request.
import type { FastifyRequest, RouteShorthandOptionsWithHandler } from 'fastify';
import { endedConsent } from '../../core/access/consent-resource.ts';
import { parseJson } from '../../core/fhir/json.ts';
import type { JsonValue, Resource } from '../../core/fhir/types.ts';
import { displayName } from '../../core/record/human-name.ts';
import { ApiError } from '../errors.ts';
import type { Standing } from '../http/acting-for.ts';
import { patientNamed } from '../http/acting-for.ts';
import { agentFamily } from '../http/agent-family.ts';
import { requirePerson } from '../http/require-person.ts';
import type { ListedAuthority } from '../storage/authorities.ts';
import { endAuthorities, findAuthority, listGiven, listHeld, siblingsOf } from '../storage/authorities.ts';
import { waiting, wantTogether } from '../storage/agreements.ts';
import { findOwnAccount } from '../storage/accounts.ts';
import { isVerifiedClinician, listMemberships } from '../storage/members.ts';
import { prepareVersion } from '../storage/prepare-version.ts';
import { findResource } from '../storage/resource-store.ts';
import { inTransaction } from '../storage/transaction.ts';
import { writeBatch } from '../storage/write-batch.ts';
import type { ConsentRoom } from './consent-room.ts';
import { letIn } from './let-in.ts';
import { sendGranted } from './granted.ts';
import { bodyLimit, note, refuseKnowing, requireTerms, uuid } from './request-parts.ts';
import { requireStanding } from './standing.ts';

/** `GET /api/grants`: over the own record (`?patient=` for the one acted for), or with `?held=true` what one was given oneself. */
export function getGrants(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    async handler(request) {
      const actor = requirePerson(request);
      if ((request.query as { held?: unknown }).held === 'true')
        return (await listHeld(room.db.pool, actor.accountId)).map((one) => ({
          ...shown(room, one),
          person: personOf(room, one),
        }));
      const patientId = patientNamed(request, actor);
      await requireStanding(room, request, 'share', patientId);
      return (await listGiven(room.db.pool, patientId)).map((one) => shown(room, one));
    },
  };
}

/** `POST /api/grants {to, everybody?, scope, purpose, duration, patient?}`: the owner shares without being asked. `to` is a clinician's account id; with
 *  `everybody` all clinicians of their organisation are let in, who come and go. */
export function postGrant(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['to', 'scope', 'purpose', 'duration'],
        properties: {
          to: { type: 'string', maxLength: 64 },
          everybody: { type: 'boolean' },
          patient: { type: 'string', maxLength: 64 },
          scope: {},
          purpose: { type: 'string', maxLength: 20 },
          duration: { type: 'string', maxLength: 20 },
        },
      },
    },
    async handler(request, reply) {
      const actor = requirePerson(request);
      const body = request.body as {
        to: string;
        everybody?: boolean;
        patient?: string;
        scope: JsonValue;
        purpose: string;
        duration: string;
      };
      const terms = requireTerms(body);
      const standing = await requireStanding(
        room,
        request,
        'share',
        body.patient ?? patientNamed(request, actor),
      );
      if (standing.decision.rule !== 'self') refuseKnowing(terms);
      const holder = uuid.test(body.to) ? await findOwnAccount(room.db.pool, body.to) : undefined;
      const member =
        holder && isVerifiedClinician(await listMemberships(room.db.pool, holder.accountId), room.now());
      if (!holder || !member)
        throw new ApiError(404, 'no-clinician', 'There is no such clinician with a checked licence.');
      const everybody = body.everybody === true;
      if (everybody && terms.writing)
        throw new ApiError(422, 'scope-wrong', 'A pen is lent to one clinician, not to an organisation.', {
          fields: [{ field: 'scope', code: 'write' }],
        });
      const granted = await inTransaction(room.db.pool, async (client) => {
        // Several guardians share a record outside together, or not at all.
        const wish = {
          act: 'share',
          to: body.to,
          ...(everybody ? { everybody } : {}),
          scope: body.scope,
          purpose: body.purpose,
          duration: body.duration,
        } as const;
        const together = await wantTogether(client, room, standing, wish);
        if (!together.agreed) return together;
        const clinician = {
          accountId: holder.accountId,
          patientId: holder.patientId,
          name: displayName(holder.name),
          organizationId: member.organizationId,
          ...(member.practitionerId ? { reference: `Practitioner/${member.practitionerId}` } : {}),
        };
        const { organizationId, organizationName } = member;
        return letIn(client, room, {
          ...terms,
          patientId: standing.patientId,
          holder: everybody ? { organizationId, name: organizationName ?? organizationId } : clinician,
          ...(terms.writing ? { writer: clinician } : {}),
          by: standing.who,
          basis: standing.decision.rule,
          event: 'access-share',
          how: 'unasked',
          agent: agentFamily(request.headers['user-agent']),
        });
      });
      if ('agreed' in granted)
        return reply.code(202).header('ledger-entry', granted.entryId).send(waiting(granted));
      return sendGranted(reply, granted);
    },
  };
}

/** `POST /api/grants/:id/revoke`: everything that its Consent gave ends at once, also a pen that was lent with it. */
export function revokeGrant(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    async handler(request, reply) {
      const { id } = request.params as { id: string };
      const found = uuid.test(id) ? await findAuthority(room.db.pool, id) : undefined;
      if (!found || (found.basis !== 'grant' && found.basis !== 'edit')) throw notThere();
      const standing = await requireStanding(room, request, 'share', found.patientId).catch(
        (error: unknown) => {
          throw error instanceof ApiError && error.status === 404 ? notThere() : error;
        },
      );
      const entryId = await revoke(room, request, found, standing);
      if (entryId !== undefined) reply.header('ledger-entry', entryId);
      return reply.code(204).send();
    },
  };
}

const notThere = () => new ApiError(404, 'not-found', 'There is no such grant, or you may not see it.');

/** Undefined when it had ended already: revoking twice is the same as once. */
async function revoke(
  room: ConsentRoom,
  request: FastifyRequest,
  found: ListedAuthority,
  standing: Standing,
): Promise<string | undefined> {
  const { patientId, consentId } = found;
  return inTransaction(room.db.pool, async (client) => {
    const ids = await siblingsOf(client, patientId, found);
    const nowMs = room.now();
    if ((await endAuthorities(client, patientId, ids, 'revoked', nowMs)) === 0) return undefined;
    if (consentId !== null) {
      const current = await findResource(client, 'Consent', consentId);
      if (current && !current.deleted && current.patientId === patientId) {
        const version = prepareVersion(
          {
            patientId,
            resourceType: 'Consent',
            resourceId: consentId,
            version: current.version + 1,
            // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- stored by us
            resource: endedConsent(parseJson(current.content) as Resource),
            previousMs: current.lastUpdated.getTime(),
            author: standing.who.role === 'guardian' ? 'guardian' : 'patient',
            who: standing.who,
            basis: standing.decision.rule,
            agent: agentFamily(request.headers['user-agent']),
          },
          room,
        );
        await writeBatch(client, { versions: [version] });
      }
    }
    return note(client, room, request, {
      patientId,
      event: 'access-revoke',
      who: standing.who,
      basis: standing.decision.rule,
      detail:
        found.holderId === null
          ? { from: found.organization ?? '', organization: found.organizationId ?? '' }
          : { from: displayName(found.holderName), account: found.holderId },
      notices: [],
    });
  });
}

/** Their health ID was given to whoever asked; their name only while what is covered says who they are. */
function personOf(room: ConsentRoom, one: ListedAuthority) {
  const holds = one.endedAt === null && (one.endsAt === null || one.endsAt.getTime() > room.now());
  const covered =
    one.basis === 'guardian' ||
    one.basis === 'break-glass' ||
    (one.categories === null ? one.entries === null : one.categories.includes('identity'));
  return { uhid: one.uhid, ...(holds && covered ? { name: displayName(one.personName) } : {}) };
}

/** Whose it is, as people see it: a clinician, or with `everybody` an organisation. */
export function holderShown(one: ListedAuthority) {
  if (one.holderId !== null) return { id: one.holderId, name: displayName(one.holderName) };
  const id = one.organizationId ?? '';
  return { id, name: one.organization ?? id, everybody: true };
}

function shown(room: ConsentRoom, one: ListedAuthority) {
  const nowMs = room.now();
  const over = one.endsAt !== null && one.endsAt.getTime() <= nowMs;
  return {
    id: one.authorityId,
    patient: one.patientId,
    basis: one.basis,
    holder: holderShown(one),
    ...(one.organization === null ? {} : { organization: one.organization }),
    ...(one.level === null ? {} : { level: one.level }),
    scope: {
      ...(one.categories ? { categories: one.categories } : {}),
      ...(one.entries ? { entries: one.entries } : {}),
      sealed: one.sealed,
      ...(one.knowsSealed ? { knowsSealed: true } : {}),
      share: one.share,
    },
    purpose: one.purpose,
    ...(one.consentId === null ? {} : { consent: `Consent/${one.consentId}` }),
    startsAt: one.startsAt,
    endsAt: one.endsAt,
    state: one.endedWhy ?? (over ? 'expired' : 'active'),
    endedAt: one.endedAt ?? (over ? one.endsAt : null),
  };
}
