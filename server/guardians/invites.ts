// Invitations: one side offers a place beside a record, the other takes it. Nobody is a guardian before both said so.
import type { FastifyReply, FastifyRequest, RouteShorthandOptionsWithHandler } from 'fastify';
import type { GuardianLevel } from '../../core/access/authority.ts';
import { guardianLevels } from '../../core/access/authority.ts';
import { parseJson } from '../../core/fhir/json.ts';
import type { Resource } from '../../core/fhir/types.ts';
import { displayName } from '../../core/record/human-name.ts';
import { ApiError } from '../errors.ts';
import { requireActing, whoFor } from '../http/acting-for.ts';
import { readLogin } from '../http/login.ts';
import { requirePerson, requireProof, whoOfPerson } from '../http/require-person.ts';
import { newToken } from '../http/session-cookie.ts';
import { findOwnAccount } from '../storage/accounts.ts';
import { findAccountByLogin } from '../storage/accounts.ts';
import { waiting, wantTogether } from '../storage/agreements.ts';
import { heldNow } from '../storage/authorities.ts';
import { lockPerson } from '../storage/cards.ts';
import type { GuardianInvite } from '../storage/guardian-invites.ts';
import {
  answerInvite,
  findInvite,
  findReceivedInvite,
  insertInvite,
  listReceivedInvites,
} from '../storage/guardian-invites.ts';
import type { Evidence } from '../storage/guardians.ts';
import { evidenceKinds, listGuardians } from '../storage/guardians.ts';
import { findResource } from '../storage/resource-store.ts';
import { inTransaction } from '../storage/transaction.ts';
import { uuidV7 } from '../storage/uuid.ts';
import { hashToken } from '../http/session-cookie.ts';
import { beginGuardianship, majorityOf } from './begin-guardianship.ts';
import type { GuardiansRoom } from './guardians-room.ts';
import {
  agentOf,
  bodyLimit,
  inviteLifetimeMs,
  inviteOver,
  mostGuardians,
  note,
  notThere,
  relationships,
  take,
  uuid,
} from './guardians-room.ts';
import { requireNotMinor, requireUntil } from './rules.ts';

interface InviteBody {
  to: string;
  level: GuardianLevel;
  relationship: string;
  evidence: Evidence;
  document?: string;
  until?: string;
  patient?: string;
}

/** `POST /api/guardians/invites`: 201 `{ id, link, expiresAt }`, the same whether or not anybody has that login; 202 where others must agree. */
export function postInvite(room: GuardiansRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['to', 'level', 'relationship', 'evidence'],
        properties: {
          to: { type: 'string', maxLength: 320 },
          level: { type: 'string', enum: [...guardianLevels] },
          relationship: { type: 'string', enum: [...relationships] },
          evidence: { type: 'string', enum: [...evidenceKinds] },
          document: { type: 'string', pattern: '^[A-Za-z0-9.-]{1,64}$' },
          until: { type: 'string', maxLength: 40 },
          patient: { type: 'string', maxLength: 64 },
        },
      },
    },
    async handler(request, reply) {
      const actor = requireProof(request, room.now());
      const body = request.body as InviteBody;
      const login = readLogin(body.to, { bareHosts: room.config.demo });
      const standing = await requireActing(actor, 'guard', body.patient ?? actor.patientId, heldNow(room));
      const { patientId, who, decision } = standing;
      const untilMs = requireUntil(body.until, room.now());
      await requireNotMinor(room, standing);
      const invited = await findAccountByLogin(room.db.pool, login.key);
      if (invited?.patientId === patientId)
        throw new ApiError(422, 'own-record', 'Nobody is their own guardian.', {
          fields: [{ field: 'to', code: 'own-record' }],
        });
      await requireDocument(room, patientId, body.document);
      if (body.evidence === 'parent' && (await isOfAge(room, patientId)))
        throw new ApiError(422, 'of-age', 'A parent is a guardian of a child. Choose what it rests on now.', {
          fields: [{ field: 'evidence', code: 'of-age' }],
        });
      await take(room, 'guardian-invite', actor.accountId);
      const nowMs = room.now();
      const { token, tokenHash } = newToken(room.randomBytes);
      const inviteId = uuidV7(nowMs, room.randomBytes);
      const done = await inTransaction(room.db.pool, async (client) => {
        await lockPerson(client, patientId);
        if ((await listGuardians(client, patientId, nowMs)).length >= mostGuardians)
          throw new ApiError(409, 'too-many-guardians', 'Nobody has more than 20 guardians.');
        const together = await wantTogether(client, room, standing, {
          act: 'invite',
          to: login.key,
          level: body.level,
          relationship: body.relationship,
          evidence: body.evidence,
          document: body.document ?? null,
          until: untilMs === undefined ? null : new Date(untilMs).toISOString(),
        });
        if (!together.agreed) return together;
        await insertInvite(client, {
          ...body,
          patientId,
          inviteId,
          tokenHash,
          inviterId: actor.accountId,
          loginKey: login.key,
          documentId: body.document,
          guardianUntilMs: untilMs,
          createdAtMs: nowMs,
          expiresAtMs: nowMs + inviteLifetimeMs,
        });
        return note(client, room, request, {
          patientId,
          event: 'guardian-invite',
          who,
          basis: decision.rule,
          detail: { invite: inviteId, level: body.level, evidence: body.evidence },
          tell: [
            ...(invited
              ? [{ patientId: invited.patientId, kind: 'guardian-invited', detail: { name: actor.name } }]
              : []),
            ...(patientId === actor.patientId
              ? []
              : [{ patientId, kind: 'guardian-proposed', detail: { name: actor.name } }]),
          ],
        });
      });
      if (typeof done !== 'string')
        return reply.code(202).header('ledger-entry', done.entryId).send(waiting(done));
      return reply
        .code(201)
        .header('ledger-entry', done)
        .send({
          id: inviteId,
          link: `${room.config.publicUrl}/family/invitation/${token}`,
          expiresAt: new Date(nowMs + inviteLifetimeMs),
        });
    },
  };
}

/** `GET /api/guardians/invites`: those to the login of whoever asks. */
export function getInvites(room: GuardiansRoom): RouteShorthandOptionsWithHandler {
  return {
    async handler(request) {
      const actor = requirePerson(request);
      return (await listReceivedInvites(room.db.pool, actor.accountId, room.now())).map(shownInvite);
    },
  };
}

/** `GET /api/guardians/invites/:invite`: what its link offers, to whom it was sent alone. */
export function getInvite(room: GuardiansRoom): RouteShorthandOptionsWithHandler {
  return { handler: async (request) => shownInvite(await requireReceived(room, request)) };
}

export function shownInvite(invite: GuardianInvite) {
  return {
    id: invite.inviteId,
    from: displayName(invite.inviterName),
    for: displayName(invite.patientName),
    level: invite.level,
    relationship: invite.relationship,
    evidence: invite.evidence,
    until: invite.guardianUntil,
    createdAt: invite.createdAt,
    expiresAt: invite.expiresAt,
    state: invite.state,
  };
}

/** `POST /api/guardians/invites/:invite/accept`; `:invite` is what the link carries, or the id. */
export function acceptInvite(room: GuardiansRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    async handler(request, reply) {
      const actor = requireProof(request, room.now());
      const invite = await requireReceived(room, request);
      const { patientId } = invite;
      const found = await findResource(room.db.pool, 'Patient', patientId);
      if (!found || found.deleted || actor.patientId === patientId) throw inviteOver();
      const majorityMs = majorityOf(parseJson(found.content) as Resource);
      const nowMs = room.now();
      const minor = majorityMs !== undefined && majorityMs > nowMs;
      if (invite.evidence === 'parent' && !minor) throw inviteOver();
      const inviter = await findOwnAccount(room.db.pool, invite.inviterId);
      const done = await inTransaction(room.db.pool, async (client) => {
        await lockPerson(client, patientId);
        const guardians = await listGuardians(client, patientId, nowMs);
        const stands =
          inviter?.patientId === patientId ||
          guardians.some(({ holderId, level }) => holderId === invite.inviterId && level === 'manage');
        if (!stands) throw inviteOver();
        if (guardians.some(({ holderId }) => holderId === actor.accountId))
          throw new ApiError(409, 'already-guardian', 'You are a guardian of this person already.');
        if (!(await answerInvite(client, invite, 'accepted', nowMs))) throw inviteOver();
        const who = whoFor(actor, patientId);
        const begun = await beginGuardianship(client, room, {
          patientId,
          holder: actor,
          level: invite.level,
          relationship: invite.relationship,
          evidence: invite.evidence,
          documentId: invite.documentId ?? undefined,
          untilMs: invite.guardianUntil?.getTime(),
          majorityAtMs: minor ? majorityMs : undefined,
          by: { who, basis: 'invitation', author: 'guardian', agent: agentOf(request) },
        });
        const entryId = await note(client, room, request, {
          patientId,
          event: 'guardian-accept',
          who,
          basis: 'invitation',
          detail: { invite: invite.inviteId, level: invite.level },
          versions: [begun.version],
          tell: [
            ...[patientId, ...guardians.map((one) => one.holderPatientId)].map((to) => ({
              patientId: to,
              kind: 'guardian-begun',
              detail: { name: actor.name },
            })),
            ...begun.tell,
          ],
        });
        return { entryId, ...begun };
      });
      return reply
        .code(201)
        .header('ledger-entry', done.entryId)
        .send({
          id: done.authorityId,
          patient: patientId,
          level: invite.level,
          endsAt: done.endsAtMs === undefined ? null : new Date(done.endsAtMs),
        });
    },
  };
}

export function declineInvite(room: GuardiansRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    async handler(request, reply) {
      const actor = requirePerson(request);
      const invite = await requireReceived(room, request);
      const inviter = await findOwnAccount(room.db.pool, invite.inviterId);
      return answered(room, request, reply, invite, {
        state: 'declined',
        who: { ...whoOfPerson(actor), role: 'guardian' },
        basis: 'invitation',
        tell: inviter ? [{ patientId: inviter.patientId, kind: 'guardian-declined' }] : [],
      });
    },
  };
}

/** `DELETE /api/guardians/invites/:invite`: taken back by the side that sent it. */
export function cancelInvite(room: GuardiansRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    async handler(request, reply) {
      const actor = requirePerson(request);
      const { invite: id } = request.params as { invite: string };
      const invite = uuid.test(id) ? await findInvite(room.db.pool, id) : undefined;
      if (!invite) throw notThere();
      const standing = await requireActing(actor, 'guard', invite.patientId, heldNow(room)).catch(() => {
        throw notThere();
      });
      return answered(room, request, reply, invite, {
        state: 'cancelled',
        who: standing.who,
        basis: standing.decision.rule,
        tell: [],
      });
    },
  };
}

async function answered(
  room: GuardiansRoom,
  request: FastifyRequest,
  reply: FastifyReply,
  invite: GuardianInvite,
  answer: Pick<Parameters<typeof note>[3], 'who' | 'basis' | 'tell'> & { state: 'declined' | 'cancelled' },
): Promise<FastifyReply> {
  const entryId = await inTransaction(room.db.pool, async (client) => {
    if (!(await answerInvite(client, invite, answer.state, room.now()))) throw inviteOver();
    return note(client, room, request, {
      ...answer,
      patientId: invite.patientId,
      event: 'guardian-decline',
      detail: { invite: invite.inviteId, state: answer.state },
    });
  });
  return reply.code(204).header('ledger-entry', entryId).send();
}

/** Throws 404 for an invitation that is for somebody else, as for one that is not there. */
async function requireReceived(room: GuardiansRoom, request: FastifyRequest): Promise<GuardianInvite> {
  const actor = requirePerson(request);
  const { invite } = request.params as { invite: string };
  const by = uuid.test(invite)
    ? { inviteId: invite }
    : /^[A-Za-z0-9_-]{43}$/.test(invite)
      ? { tokenHash: hashToken(invite) }
      : undefined;
  const found = by && (await findReceivedInvite(room.db.pool, actor.accountId, by));
  if (!found) throw notThere();
  return found;
}

/** The document lies in the record of which it speaks. */
async function requireDocument(
  room: GuardiansRoom,
  patientId: string,
  documentId: string | undefined,
): Promise<void> {
  if (documentId === undefined) return;
  const found = await findResource(room.db.pool, 'DocumentReference', documentId);
  if (found && !found.deleted && found.patientId === patientId) return;
  throw new ApiError(422, 'document-unknown', 'There is no such document in this record.', {
    fields: [{ field: 'document', code: 'unknown' }],
  });
}

async function isOfAge(room: GuardiansRoom, patientId: string): Promise<boolean> {
  const found = await findResource(room.db.pool, 'Patient', patientId);
  const at = found && !found.deleted ? majorityOf(parseJson(found.content) as Resource) : undefined;
  return at === undefined || at <= room.now();
}
