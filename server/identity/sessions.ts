// A person's sessions: see them, end one, end the others, sign out.
import type { FastifyReply, FastifyRequest, RouteShorthandOptionsWithHandler } from 'fastify';
import { ApiError } from '../errors.ts';
import { agentFamily } from '../http/agent-family.ts';
import type { PersonActor } from '../http/actor.ts';
import { requirePerson, requireProof, whoOfPerson } from '../http/require-person.ts';
import { clearSessionCookie } from '../http/session-cookie.ts';
import { insertNotices } from '../storage/notices.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import { endOtherSessions, endSession, listSessions } from '../storage/sessions.ts';
import { inTransaction } from '../storage/transaction.ts';
import { uuidV7 } from '../storage/uuid.ts';
import { writeBatch } from '../storage/write-batch.ts';
import type { Identity } from './identity.ts';

export function getSessions(identity: Identity): RouteShorthandOptionsWithHandler {
  return {
    async handler(request) {
      const actor = requirePerson(request);
      const sessions = await listSessions(identity.db.pool, actor.accountId, identity.now());
      return sessions.map(({ sessionId, ...rest }) => ({
        id: sessionId,
        ...rest,
        current: sessionId === actor.sessionId,
      }));
    },
  };
}

/** `/api/sessions/:id`, where `current` means this one. */
export function deleteSession(identity: Identity): RouteShorthandOptionsWithHandler {
  return {
    async handler(request, reply) {
      const actor = requirePerson(request);
      const { id } = request.params as { id: string };
      if (id === 'current' || id === actor.sessionId) return signOut(identity, actor, request, reply);
      const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);
      const open = isId ? await listSessions(identity.db.pool, actor.accountId, identity.now()) : [];
      // Another person's session and no session are one answer.
      if (!open.some((session) => session.sessionId === id)) throw notFound();
      requireProof(request, identity.now());
      const entryId = await endFor(identity, actor, request, async (client) =>
        (await endSession(client, actor.accountId, id, 'ended-by-owner', identity.now())) ? 1 : 0,
      );
      if (!entryId) throw notFound();
      return reply.code(204).header('ledger-entry', entryId).send();
    },
  };
}

/** `DELETE /api/sessions`: all but this one. */
export function deleteOtherSessions(identity: Identity): RouteShorthandOptionsWithHandler {
  return {
    async handler(request, reply) {
      const actor = requireProof(request, identity.now());
      const entryId = await endFor(identity, actor, request, (client) =>
        endOtherSessions(client, actor.accountId, actor.sessionId, 'ended-by-owner', identity.now()),
      );
      if (entryId) reply.header('ledger-entry', entryId);
      return reply.code(204).send();
    },
  };
}

const notFound = () => new ApiError(404, 'not-found', 'There is no such session.');

async function signOut(
  identity: Identity,
  actor: PersonActor,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const agent = agentFamily(request.headers['user-agent']);
  const entryId = await inTransaction(identity.db.pool, async (client) => {
    const ended = await endSession(client, actor.accountId, actor.sessionId, 'signed-out', identity.now());
    if (!ended) return undefined;
    const who = whoOfPerson(actor);
    const entry = sealEntry(
      actor.patientId,
      { event: 'sign-out', outcome: 'done', who, basis: 'self', agent },
      identity,
    );
    await writeBatch(client, { versions: [], entries: [entry] });
    return entry.entryId;
  });
  clearSessionCookie(reply);
  reply.header('clear-site-data', '"cookies", "storage"');
  if (entryId) reply.header('ledger-entry', entryId);
  return reply.code(204).send();
}

/** Ends sessions by `end`, which says how many; with entry and notice when there were any. */
async function endFor(
  identity: Identity,
  actor: PersonActor,
  request: FastifyRequest,
  end: (client: Parameters<typeof writeBatch>[0]) => Promise<number>,
): Promise<string | undefined> {
  const agent = agentFamily(request.headers['user-agent']);
  return inTransaction(identity.db.pool, async (client) => {
    const count = await end(client);
    if (count === 0) return undefined;
    const who = whoOfPerson(actor);
    const entry = sealEntry(
      actor.patientId,
      { event: 'session-end', outcome: 'done', who, basis: 'self', agent, detail: { count } },
      identity,
    );
    await writeBatch(client, { versions: [], entries: [entry] });
    const notice = {
      patientId: actor.patientId,
      kind: 'sessions-ended',
      entryId: entry.entryId,
      detail: { count },
    };
    const createdAtMs = identity.now();
    await insertNotices(client, [
      { ...notice, noticeId: uuidV7(createdAtMs, identity.randomBytes), createdAtMs },
    ]);
    return entry.entryId;
  });
}
