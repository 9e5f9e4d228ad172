// POST /api/reauthenticate and PUT /api/password: the password once more, for a fresh proof or for a new password.
import type { FastifyRequest, RouteShorthandOptionsWithHandler } from 'fastify';
import { ApiError } from '../errors.ts';
import { agentFamily } from '../http/agent-family.ts';
import type { PersonActor } from '../http/actor.ts';
import { proofLastsMs, requirePerson, whoOfPerson } from '../http/require-person.ts';
import { setSessionCookie } from '../http/session-cookie.ts';
import { type Account, findAccount, replacePasswordHash } from '../storage/accounts.ts';
import { insertNotices } from '../storage/notices.ts';
import { endRecoveries } from '../storage/recoveries.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import { endOtherSessions } from '../storage/sessions.ts';
import { inTransaction } from '../storage/transaction.ts';
import { uuidV7 } from '../storage/uuid.ts';
import { writeBatch } from '../storage/write-batch.ts';
import type { Identity } from './identity.ts';
import { requireGoodPassword } from './password-rules.ts';
import { bodySchema, identityBodyLimit, newPasswordSchema, passwordSchema } from './schemas.ts';
import { beginStep } from './second-step.ts';
import { endStepsOf } from '../storage/second-steps.ts';
import { startSession } from './start-session.ts';

/** Throws 403 `password-wrong`, 429. */
async function requirePassword(
  identity: Identity,
  actor: PersonActor,
  password: string,
  field: string,
): Promise<Account> {
  await identity.attempts.take('proof-account', actor.accountId);
  const account = await findAccount(identity.db.pool, actor.accountId);
  const right = await identity.passwords.verify(account?.passwordHash, password);
  if (!account || !right) {
    throw new ApiError(403, 'password-wrong', 'This is not your password.', {
      fields: [{ field, code: 'wrong' }],
    });
  }
  await identity.attempts.forgive([{ purpose: 'proof-account', parts: [actor.accountId], forget: true }]);
  return account;
}

const changedMeanwhile = () =>
  new ApiError(
    409,
    'password-changed-meanwhile',
    'The password was changed in another place. Sign in with the new one.',
  );

/** The old token is dead when the new one leaves. 202 with a second step where the account has one. */
export function reauthenticate(identity: Identity): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit: identityBodyLimit,
    schema: bodySchema({ password: passwordSchema }),
    async handler(request, reply) {
      const actor = requirePerson(request);
      const account = await requirePassword(
        identity,
        actor,
        (request.body as { password: string }).password,
        'password',
      );
      const step = await beginStep(identity, account, { purpose: 'prove', sessionId: actor.sessionId });
      if (step) return reply.code(202).send(step);
      const session = await inTransaction(identity.db.pool, async (client) => {
        const started = await startSession(client, identity, request, account, actor.second);
        if (!started) return undefined;
        const entry = sealEntry(
          actor.patientId,
          {
            event: 'sign-in',
            outcome: 'done',
            who: whoOfPerson(actor),
            basis: 'self',
            agent: agentOf(request),
            detail: { again: true, with: 'password' },
          },
          identity,
        );
        await writeBatch(client, { versions: [], entries: [entry] });
        return { ...started, entryId: entry.entryId };
      });
      if (!session) throw changedMeanwhile();
      setSessionCookie(reply, session.token);
      return reply
        .code(201)
        .header('ledger-entry', session.entryId)
        .send({ provedUntil: new Date(identity.now() + proofLastsMs) });
    },
  };
}

/** Ends every other session: whoever was inside with the old password is out. */
export function putPassword(identity: Identity): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit: identityBodyLimit,
    schema: bodySchema({ current: passwordSchema, next: newPasswordSchema }),
    async handler(request, reply) {
      const actor = requirePerson(request);
      const { current, next } = request.body as { current: string; next: string };
      const account = await requirePassword(identity, actor, current, 'current');
      requireGoodPassword(next, [account.login, actor.name], 'next');
      const passwordHash = await identity.passwords.hash(next);
      const session = await inTransaction(identity.db.pool, async (client) => {
        const replaced = await replacePasswordHash(
          client,
          actor.accountId,
          account.passwordHash,
          passwordHash,
        );
        const started = replaced
          ? await startSession(client, identity, request, { ...account, passwordHash }, actor.second)
          : undefined;
        if (!started) return undefined;
        const nowMs = identity.now();
        const ended = await endOtherSessions(
          client,
          actor.accountId,
          started.sessionId,
          'password-changed',
          nowMs,
        );
        await endStepsOf(client, actor.accountId);
        // Whoever changes the password has a way in: a recovery that was begun meanwhile is not theirs.
        await endRecoveries(client, actor.patientId, null, 'stopped', nowMs);
        const entry = sealEntry(
          actor.patientId,
          {
            event: 'password-change',
            outcome: 'done',
            who: whoOfPerson(actor),
            basis: 'self',
            agent: agentOf(request),
            detail: { sessionsEnded: ended },
          },
          identity,
        );
        await writeBatch(client, { versions: [], entries: [entry] });
        const noticeId = uuidV7(nowMs, identity.randomBytes);
        await insertNotices(client, [
          {
            patientId: actor.patientId,
            noticeId,
            kind: 'password-changed',
            entryId: entry.entryId,
            detail: {},
            createdAtMs: nowMs,
          },
        ]);
        return { ...started, entryId: entry.entryId };
      });
      if (!session) throw changedMeanwhile();
      setSessionCookie(reply, session.token);
      return reply.code(204).header('ledger-entry', session.entryId).send();
    },
  };
}

const agentOf = (request: FastifyRequest): string => agentFamily(request.headers['user-agent']);
