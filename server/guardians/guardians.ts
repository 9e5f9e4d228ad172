// Who looks after a record: the list, a level or an end that changes, and the end of a guardianship.
import type { FastifyRequest, RouteShorthandOptionsWithHandler } from 'fastify';
import type { GuardianLevel } from '../../core/access/authority.ts';
import { guardianLevels } from '../../core/access/authority.ts';
import { noticeBeforeMs } from '../../core/access/majority.ts';
import { agreementsNeeded } from '../../core/access/quorum.ts';
import { parseJson } from '../../core/fhir/json.ts';
import type { JsonValue, Resource } from '../../core/fhir/types.ts';
import { displayName } from '../../core/record/human-name.ts';
import { ApiError } from '../errors.ts';
import type { Standing } from '../http/acting-for.ts';
import { patientNamed, requireActing, whoFor } from '../http/acting-for.ts';
import { requirePerson, requireProof } from '../http/require-person.ts';
import {
  endAgreement,
  findDeciders,
  findDispute,
  listAgreements,
  waiting,
  wantTogether,
} from '../storage/agreements.ts';
import { endAuthorities, findAuthority, heldNow } from '../storage/authorities.ts';
import { lockPerson } from '../storage/cards.ts';
import { listInvites } from '../storage/guardian-invites.ts';
import type { Guardianship } from '../storage/guardians.ts';
import {
  changeGuardian,
  dropComingNotices,
  findAccountOfPatient,
  findMajority,
  listGuardians,
} from '../storage/guardians.ts';
import { prepareVersion } from '../storage/prepare-version.ts';
import type { Queryable } from '../storage/queryable.ts';
import { findResource } from '../storage/resource-store.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import { inTransaction } from '../storage/transaction.ts';
import type { VersionWrite } from '../storage/write-batch.ts';
import { endedRelatedPerson } from './begin-guardianship.ts';
import type { GuardiansRoom } from './guardians-room.ts';
import { agentOf, bodyLimit, note, notThere, uuid } from './guardians-room.ts';
import { shownInvite } from './invites.ts';
import { requireAnotherManager, requireNotMinor, requireUntil } from './rules.ts';

/** `GET /api/guardians`: over the own record, or `?patient=` over that of one whose guardian one is, at any level. */
export function getGuardians(room: GuardiansRoom): RouteShorthandOptionsWithHandler {
  return {
    async handler(request) {
      const actor = requirePerson(request);
      const patientId = patientNamed(request, actor);
      const standing = await requireActing(actor, 'read', patientId, heldNow(room), 'RelatedPerson');
      if (standing.decision.rule !== 'self' && standing.decision.rule !== 'guardian') throw notThere();
      if (patientId !== actor.patientId) await storeLook(room, request, standing);
      const { pool } = room.db;
      const nowMs = room.now();
      const [guardians, invites, agreements, dispute, majority, deciders, account] = await Promise.all([
        listGuardians(pool, patientId, nowMs),
        listInvites(pool, patientId, nowMs),
        listAgreements(pool, patientId, nowMs),
        findDispute(pool, patientId),
        findMajority(pool, patientId),
        findDeciders(pool, patientId, nowMs),
        findAccountOfPatient(pool, patientId),
      ]);
      return {
        guardians: guardians.map((one) => shown(one, actor.accountId)),
        invites: invites.map(shownInvite),
        agreements: agreements.map((one) => ({
          id: one.agreementId,
          act: one.act,
          wish: parseJson(one.wish),
          wantedBy: one.wantedBy.map((id) => nameOf(guardians, id)),
          byYou: one.wantedBy.includes(actor.accountId),
          createdAt: one.createdAt,
          expiresAt: one.expiresAt,
        })),
        needed: agreementsNeeded(deciders.managers.length),
        ...(dispute
          ? {
              dispute: {
                id: dispute.disputeId,
                raisedBy: nameOf(guardians, dispute.raisedBy),
                byYou: dispute.raisedBy === actor.accountId,
                reason: dispute.reason,
                raisedAt: dispute.raisedAt,
              },
            }
          : {}),
        ...(majority
          ? {
              majority: {
                at: majority,
                togetherFrom: new Date(majority.getTime() - noticeBeforeMs),
              },
            }
          : {}),
        signsIn: account !== undefined,
      };
    },
  };
}

const nameOf = (guardians: readonly Guardianship[], accountId: string): string =>
  displayName(guardians.find(({ holderId }) => holderId === accountId)?.holderName);

function shown(one: Guardianship, accountId: string) {
  return {
    id: one.authorityId,
    name: displayName(one.holderName),
    you: one.holderId === accountId,
    level: one.level,
    relationship: one.relationship,
    evidence: one.evidence,
    ...(one.documentId === null ? {} : { document: `DocumentReference/${one.documentId}` }),
    startsAt: one.startsAt,
    endsAt: one.endsAt,
  };
}

async function storeLook(room: GuardiansRoom, request: FastifyRequest, standing: Standing): Promise<void> {
  await room.entries.store(
    sealEntry(
      standing.patientId,
      {
        event: 'search',
        outcome: 'done',
        who: standing.who,
        basis: standing.decision.rule,
        purpose: 'FAMRQT',
        query: 'RelatedPerson',
        agent: agentOf(request),
      },
      room,
    ),
  );
}

interface Change {
  level?: GuardianLevel;
  until?: string | null;
}

/** `PUT /api/guardians/:id`: 200, or 202 where others must agree. */
export function putGuardian(room: GuardiansRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        minProperties: 1,
        properties: {
          level: { type: 'string', enum: [...guardianLevels] },
          until: { type: ['string', 'null'], maxLength: 40 },
        },
      },
    },
    async handler(request, reply) {
      const actor = requireProof(request, room.now());
      const found = await requireGuardianship(room, request);
      const standing = await requireActing(actor, 'guard', found.patientId, heldNow(room)).catch(asAbsent);
      await requireNotMinor(room, standing);
      const { level: wanted, until } = request.body as Change;
      const untilMs = until === undefined ? undefined : requireUntil(until, room.now());
      const { patientId } = found;
      const done = await inTransaction(room.db.pool, async (client) => {
        const { guardian, guardians } = await requireStillGuardian(client, room, found);
        const level = wanted ?? guardian.level;
        const ends = until === undefined ? guardian.endsAt?.getTime() : untilMs;
        const wish: { [key: string]: JsonValue } & { act: 'change' } = {
          act: 'change',
          guardian: found.authorityId,
          level,
          until:
            until === undefined
              ? 'as before'
              : untilMs === undefined
                ? null
                : new Date(untilMs).toISOString(),
        };
        const together = await wantTogether(client, room, standing, wish);
        if (!together.agreed) return together;
        if (level !== 'manage' && guardian.level === 'manage')
          await requireAnotherManager(client, patientId, guardians, found.authorityId, room.now());
        await changeGuardian(client, patientId, found.authorityId, { level, untilMs: ends });
        return note(client, room, request, {
          patientId,
          event: 'guardian-change',
          who: standing.who,
          basis: standing.decision.rule,
          detail: {
            guardian: found.authorityId,
            level,
            ...(ends === undefined ? {} : { until: new Date(ends).toISOString() }),
          },
          tell: [{ patientId: guardian.holderPatientId, kind: 'guardian-changed' }],
        });
      });
      if (typeof done !== 'string')
        return reply.code(202).header('ledger-entry', done.entryId).send(waiting(done));
      return reply.header('ledger-entry', done).send({ id: found.authorityId });
    },
  };
}

/** `DELETE /api/guardians/:id`: by the record's side, or by the guardian themself, who needs nobody's leave to go. */
export function deleteGuardian(room: GuardiansRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    async handler(request, reply) {
      const actor = requireProof(request, room.now());
      const found = await requireGuardianship(room, request);
      const { patientId } = found;
      const leaves = found.holderId === actor.accountId;
      const standing: Standing = leaves
        ? { actor, patientId, decision: { allowed: true, rule: 'guardian' }, who: whoFor(actor, patientId) }
        : await requireActing(actor, 'guard', patientId, heldNow(room)).catch(asAbsent);
      if (!leaves) await requireNotMinor(room, standing);
      const done = await inTransaction(room.db.pool, async (client) => {
        const { guardian, guardians } = await requireStillGuardian(client, room, found);
        if (!leaves) {
          const together = await wantTogether(client, room, standing, {
            act: 'end',
            guardian: found.authorityId,
          });
          if (!together.agreed) return together;
        }
        const nowMs = room.now();
        await requireAnotherManager(client, patientId, guardians, found.authorityId, nowMs);
        await endAuthorities(client, patientId, [found.authorityId], leaves ? 'left' : 'revoked', nowMs);
        await dropComingNotices(client, guardian.holderPatientId, patientId, nowMs);
        return note(client, room, request, {
          patientId,
          event: 'guardian-end',
          who: standing.who,
          basis: standing.decision.rule,
          detail: { guardian: found.authorityId, name: displayName(guardian.holderName), left: leaves },
          versions: await endedVersion(client, room, request, guardian, standing),
          tell: [patientId, ...guardians.map((one) => one.holderPatientId)].map((to) => ({
            patientId: to,
            kind: 'guardian-ended',
            detail: { name: displayName(guardian.holderName) },
          })),
        });
      });
      if (typeof done !== 'string')
        return reply.code(202).header('ledger-entry', done.entryId).send(waiting(done));
      return reply.code(204).header('ledger-entry', done).send();
    },
  };
}

/** `POST /api/guardians/agreements/:id/refuse`: any of those who would have to agree ends the wish. */
export function refuseAgreement(room: GuardiansRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    async handler(request, reply) {
      const actor = requirePerson(request);
      const patientId = patientNamed(request, actor);
      const standing = await requireActing(actor, 'guard', patientId, heldNow(room));
      const { id } = request.params as { id: string };
      const entryId = await inTransaction(room.db.pool, async (client) => {
        await lockPerson(client, patientId);
        if (!uuid.test(id) || !(await endAgreement(client, patientId, id, 'refused', room.now())))
          throw notThere();
        return note(client, room, request, {
          patientId,
          event: 'guardian-agree',
          who: standing.who,
          basis: standing.decision.rule,
          detail: { agreement: id, refused: true },
          tell: [],
        });
      });
      return reply.code(204).header('ledger-entry', entryId).send();
    },
  };
}

/** `POST /api/guardians/export-agreement?patient=`: a guardian wants the record taken away; 204 when enough do, for a day. */
export function agreeToExport(room: GuardiansRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    async handler(request, reply) {
      const actor = requireProof(request, room.now());
      const standing = await requireActing(actor, 'export', patientNamed(request, actor), heldNow(room));
      const together = await inTransaction(room.db.pool, (client) =>
        wantTogether(client, room, standing, { act: 'export' }),
      );
      if (together.agreed) return reply.code(204).send();
      return reply.code(202).header('ledger-entry', together.entryId).send(waiting(together));
    },
  };
}

function asAbsent(error: unknown): never {
  throw error instanceof ApiError && error.status === 404 ? notThere() : error;
}

async function requireGuardianship(room: GuardiansRoom, request: FastifyRequest) {
  const { id } = request.params as { id: string };
  const found = uuid.test(id) ? await findAuthority(room.db.pool, id) : undefined;
  if (found?.basis !== 'guardian') throw notThere();
  return found;
}

/** Under the lock of the person: of two who end each other at once the second finds one fewer. */
async function requireStillGuardian(
  client: Queryable,
  room: GuardiansRoom,
  { patientId, authorityId }: { patientId: string; authorityId: string },
): Promise<{ guardian: Guardianship; guardians: Guardianship[] }> {
  await lockPerson(client, patientId);
  const guardians = await listGuardians(client, patientId, room.now());
  const guardian = guardians.find((one) => one.authorityId === authorityId);
  if (!guardian) throw notThere();
  return { guardian, guardians };
}

async function endedVersion(
  client: Queryable,
  room: GuardiansRoom,
  request: FastifyRequest,
  guardian: Guardianship,
  standing: Standing,
): Promise<VersionWrite[]> {
  const current = await findResource(client, 'RelatedPerson', guardian.relatedPersonId);
  if (!current || current.deleted || current.patientId !== guardian.patientId) return [];
  return [
    prepareVersion(
      {
        patientId: guardian.patientId,
        resourceType: 'RelatedPerson',
        resourceId: guardian.relatedPersonId,
        version: current.version + 1,
        resource: endedRelatedPerson(parseJson(current.content) as Resource, room.now()),
        previousMs: current.lastUpdated.getTime(),
        author: standing.who.role === 'guardian' ? 'guardian' : 'patient',
        who: standing.who,
        basis: standing.decision.rule,
        agent: agentOf(request),
      },
      room,
    ),
  ];
}
