// How a recovery goes on and ends: looked at and finished by whoever holds its token, stopped by the person from any session or by the link
// of the alert.
import type { RouteShorthandOptionsWithHandler } from 'fastify';
import { displayName } from '../../core/record/human-name.ts';
import { ApiError } from '../errors.ts';
import { limitedAddress } from '../http/client-address.ts';
import { requirePerson, whoOfPerson } from '../http/require-person.ts';
import { hashToken } from '../http/session-cookie.ts';
import { findOwnAccount } from '../storage/accounts.ts';
import { listActedFor } from '../storage/guardians.ts';
import {
  endRecoveries,
  findRecoveryByStop,
  findRecoveryByToken,
  listOpenRecoveries,
  lockOpenRecovery,
  replaceEveryWayIn,
} from '../storage/recoveries.ts';
import { inTransaction } from '../storage/transaction.ts';
import type { Identity } from './identity.ts';
import { requireGoodPassword } from './password-rules.ts';
import { alertPerson, noteRecovery, recoveryOver, shownRecovery } from './recovery-parts.ts';
import { bodySchema, identityBodyLimit, newPasswordSchema } from './schemas.ts';

const tokenSchema = { type: 'string', pattern: '^[A-Za-z0-9_-]{43}$' } as const;

/** `POST /api/recoveries/state {token}`: in a body, so that the token stands in no address. */
export function recoveryState(identity: Identity): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit: identityBodyLimit,
    schema: bodySchema({ token: tokenSchema }),
    async handler(request) {
      await identity.attempts.take('recovery-look', limitedAddress(request.ip));
      const { token } = request.body as { token: string };
      const recovery = await findRecoveryByToken(identity.db.pool, hashToken(token));
      if (!recovery) throw recoveryOver();
      return shownRecovery(recovery, identity.now());
    },
  };
}

/** `POST /api/recoveries/finish {token, password}`: once, after the waiting time. Every way in that there was is gone then. */
export function finishRecovery(identity: Identity): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit: identityBodyLimit,
    schema: bodySchema({ token: tokenSchema, password: newPasswordSchema }),
    async handler(request, reply) {
      const { token, password } = request.body as { token: string; password: string };
      await identity.attempts.take('recovery-look', limitedAddress(request.ip));
      const recovery = await findRecoveryByToken(identity.db.pool, hashToken(token));
      if (!recovery || !shownRecovery(recovery, identity.now()).ready) {
        if (recovery && shownRecovery(recovery, identity.now()).state === 'open')
          throw new ApiError(
            409,
            'recovery-not-ready',
            'This has to wait until enough people vouched and the time is over.',
          );
        throw recoveryOver();
      }
      const own = await findOwnAccount(identity.db.pool, recovery.accountId);
      if (!own) throw recoveryOver();
      const name = displayName(own.name);
      requireGoodPassword(password, [own.login, name]);
      const passwordHash = await identity.passwords.hash(password);
      const entryId = await inTransaction(identity.db.pool, async (client) => {
        const nowMs = identity.now();
        const locked = await lockOpenRecovery(client, recovery, nowMs);
        if (!locked || !shownRecovery(locked, nowMs).ready) throw recoveryOver();
        const ended = await replaceEveryWayIn(client, recovery.accountId, passwordHash, nowMs);
        if (!ended) throw recoveryOver();
        await endRecoveries(client, recovery.patientId, recovery.recoveryId, 'done', nowMs);
        // What else was asked for this person is answered by this one.
        await endRecoveries(client, recovery.patientId, null, 'stopped', nowMs);
        return noteRecovery(client, identity, request, recovery.patientId, {
          event: 'recovery-done',
          who: whoOfPerson({ ...own, name }),
          basis: 'recovery',
          detail: ended,
          notices: [{ patientId: recovery.patientId, kind: 'recovery-done' }],
        });
      });
      alertPerson(identity, recovery.patientId, 'recovery-done');
      return reply.code(204).header('ledger-entry', entryId).send();
    },
  };
}

/** `POST /api/recoveries/stop {token}`: by the link of the alert, without a sign-in. */
export function stopByLink(identity: Identity): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit: identityBodyLimit,
    schema: bodySchema({ token: tokenSchema }),
    async handler(request, reply) {
      await identity.attempts.take('recovery-look', limitedAddress(request.ip));
      const { token } = request.body as { token: string };
      const recovery = await findRecoveryByStop(identity.db.pool, hashToken(token));
      if (!recovery) throw recoveryOver();
      const entryId = await inTransaction(identity.db.pool, async (client) => {
        const { patientId, recoveryId } = recovery;
        if ((await endRecoveries(client, patientId, recoveryId, 'stopped', identity.now())) === 0)
          throw recoveryOver();
        return noteRecovery(client, identity, request, patientId, {
          event: 'recovery-stop',
          who: { role: 'anonymous' },
          basis: 'alert-link',
          detail: { by: 'link' },
          notices: [{ patientId, kind: 'recovery-stopped' }],
        });
      });
      return reply.code(204).header('ledger-entry', entryId).send();
    },
  };
}

/** `DELETE /api/recoveries`: the person stops whatever is open, from any session and without a proof: nothing is quicker. */
export function stopOwnRecoveries(identity: Identity): RouteShorthandOptionsWithHandler {
  return {
    async handler(request, reply) {
      const actor = requirePerson(request);
      const entryId = await inTransaction(identity.db.pool, async (client) => {
        const stopped = await endRecoveries(client, actor.patientId, null, 'stopped', identity.now());
        if (stopped === 0) throw recoveryOver();
        return noteRecovery(client, identity, request, actor.patientId, {
          event: 'recovery-stop',
          who: whoOfPerson(actor),
          basis: 'self',
          detail: { by: 'session', count: stopped },
          notices: [{ patientId: actor.patientId, kind: 'recovery-stopped' }],
        });
      });
      return reply.code(204).header('ledger-entry', entryId).send();
    },
  };
}

/** `GET /api/recoveries`: those of one's own account, and of people whose record one manages. Never a number: the person reads it out. */
export function getRecoveries(identity: Identity): RouteShorthandOptionsWithHandler {
  return {
    async handler(request) {
      const actor = requirePerson(request);
      const nowMs = identity.now();
      const managed = (await listActedFor(identity.db.pool, actor.accountId, nowMs)).filter(
        ({ level }) => level === 'manage',
      );
      const patientIds = [actor.patientId, ...managed.map(({ patientId }) => patientId)];
      const open = await listOpenRecoveries(identity.db.pool, patientIds, nowMs);
      const shown = open.map((one) => {
        const { begunAt, expiresAt, readyAt, vouched, ready } = shownRecovery(one, nowMs);
        return {
          id: one.recoveryId,
          atDesk: one.begunBy !== null,
          begunAt,
          expiresAt,
          readyAt,
          ready,
          vouched,
          vouchedByYou: one.vouchers.some(({ accountId }) => accountId === actor.accountId),
          patientId: one.patientId,
        };
      });
      return {
        own: shown.filter(({ patientId }) => patientId === actor.patientId),
        others: shown.flatMap((one) => {
          const who = managed.find(({ patientId }) => patientId === one.patientId);
          return who ? [{ ...one, name: displayName(who.name), uhid: who.uhid }] : [];
        }),
      };
    },
  };
}
