// The signed-in holder's acts on their card: issue, rotate, revoke, report lost, claim a blank, set or take away the access code.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../errors.ts';
import { agentFamily } from '../http/agent-family.ts';
import type { PersonActor } from '../http/actor.ts';
import { patientNamed, requireActing } from '../http/acting-for.ts';
import { requirePerson, requireProof } from '../http/require-person.ts';
import { heldNow } from '../storage/authorities.ts';
import { lockPerson, saveAccessCode } from '../storage/cards.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import { inTransaction } from '../storage/transaction.ts';
import { writeBatch } from '../storage/write-batch.ts';
import { codeTries, hashCode, requireNewCode } from './access-code.ts';
import type { CardRoom } from './card-room.ts';
import type { CardChange, CardHolder } from './change-card.ts';
import { claimCard, endCard, issueCard, noCard, noSuchClaimCode, rotateCard } from './change-card.ts';
import { readClaimCode } from './token.ts';

/** The card of the one who asks, or with `?patient=` of somebody whose record they manage. Throws 403 and 404 as `requireActing`. */
export async function holderOf(
  room: Pick<CardRoom, 'deps'>,
  request: FastifyRequest,
  actor: PersonActor = requirePerson(request),
): Promise<CardHolder> {
  const patientId = patientNamed(request, actor);
  const { who, decision } = await requireActing(actor, 'keep-card', patientId, heldNow(room.deps), 'Patient');
  return { patientId, who, agent: agentFamily(request.headers['user-agent']), basis: decision.rule };
}

export const postCard = (room: CardRoom) => async (request: FastifyRequest, reply: FastifyReply) => {
  const issued = await issueCard(room, await holderOf(room, request));
  if (!issued)
    throw new ApiError(409, 'card-exists', 'There is a valid card already. Rotate it to get a new one.');
  return sendChange(reply, 201, issued, 'active');
};

export const postRotate = (room: CardRoom) => async (request: FastifyRequest, reply: FastifyReply) =>
  sendChange(reply, 200, await rotateCard(room, await holderOf(room, request)), 'active');

export const deleteCard = (room: CardRoom) => async (request: FastifyRequest, reply: FastifyReply) =>
  sendChange(reply, 200, await endCard(room, await holderOf(room, request), 'revoked'), 'revoked');

export const postLost = (room: CardRoom) => async (request: FastifyRequest, reply: FastifyReply) =>
  sendChange(reply, 200, await endCard(room, await holderOf(room, request), 'lost'), 'lost');

/** Tries are counted by account and by address: claim codes are short because people type them. */
export const postClaim = (room: CardRoom) => async (request: FastifyRequest, reply: FastifyReply) => {
  const actor = requireProof(request, room.deps.now());
  const { claimCode } = (request.body ?? {}) as { claimCode?: unknown };
  const withinShare = [`account ${actor.accountId}`, request.ip].every((who) => room.claimTries.take(who));
  if (!withinShare) {
    throw new ApiError(429, 'throttled', 'Too many claim codes were tried. Wait an hour.', {
      headers: { 'retry-after': '3600' },
    });
  }
  const code = typeof claimCode === 'string' ? readClaimCode(claimCode) : undefined;
  if (!code) throw noSuchClaimCode();
  return sendChange(reply, 200, await claimCard(room, await holderOf(room, request, actor), code), 'active');
};

export const putCode = (room: CardRoom) => async (request: FastifyRequest, reply: FastifyReply) => {
  const actor = requireProof(request, room.deps.now());
  const { code } = (request.body ?? {}) as { code?: unknown };
  const hash = await hashCode(requireNewCode(code));
  const entryId = await changeCode(room, await holderOf(room, request, actor), { hash, tries: codeTries });
  return reply.header('ledger-entry', entryId).send({ hasAccessCode: true, codeTriesLeft: codeTries });
};

export const deleteCode = (room: CardRoom) => async (request: FastifyRequest, reply: FastifyReply) => {
  const actor = requireProof(request, room.deps.now());
  const entryId = await changeCode(room, await holderOf(room, request, actor), undefined);
  return reply.header('ledger-entry', entryId).send({ hasAccessCode: false, codeTriesLeft: 0 });
};

function changeCode(
  room: CardRoom,
  holder: CardHolder,
  code: { hash: string; tries: number } | undefined,
): Promise<string> {
  return inTransaction(room.deps.db.pool, async (client) => {
    if (!(await lockPerson(client, holder.patientId))) throw noCard();
    await saveAccessCode(client, holder.patientId, code);
    const { who, agent } = holder;
    const entry = sealEntry(
      holder.patientId,
      {
        event: 'card-code',
        outcome: 'done',
        who,
        basis: holder.basis ?? 'self',
        agent,
        detail: { set: code !== undefined },
      },
      room.deps,
    );
    await writeBatch(client, { versions: [], entries: [entry] });
    return entry.entryId;
  });
}

function sendChange(reply: FastifyReply, status: number, change: CardChange, state: string): FastifyReply {
  return reply
    .code(status)
    .header('ledger-entry', change.entryId)
    .send({ number: change.number, state, entry: change.entryId });
}
