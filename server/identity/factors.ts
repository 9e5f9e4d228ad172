// The factors of an account as its owner sees them; codes by mail chosen or given up; new codes for a lost phone.
import type { RouteShorthandOptionsWithHandler } from 'fastify';
import { secondStepOf } from '../../core/sign-in/factors.ts';
import { ApiError } from '../errors.ts';
import { requirePerson } from '../http/require-person.ts';
import { hashToken, setSessionCookie } from '../http/session-cookie.ts';
import { findAccount } from '../storage/accounts.ts';
import { findFactors, replaceRecoveryCodes, setMailStep } from '../storage/factors.ts';
import { endStep } from '../storage/second-steps.ts';
import { changeFactors, makeRecoveryCodes, requireFactorProof } from './factor-change.ts';
import type { Identity } from './identity.ts';
import { bodySchema, identityBodyLimit } from './schemas.ts';
import {
  codeWrong,
  forgiveFactorTry,
  openStep,
  requireFactor,
  requireStep,
  sendStepCode,
} from './second-step.ts';

/** `GET /api/factors` */
export function getFactors(identity: Identity): RouteShorthandOptionsWithHandler {
  return {
    async handler(request) {
      const actor = requirePerson(request);
      const [factors, account] = await Promise.all([
        findFactors(identity.db.pool, actor.accountId),
        findAccount(identity.db.pool, actor.accountId),
      ]);
      const { config } = identity;
      return {
        needed: factors.staff,
        provedBy: actor.second,
        totpSince: factors.totpSince,
        mailSince: factors.staff ? null : factors.mailSince,
        mailOffered:
          !factors.staff &&
          account?.login.includes('@') === true &&
          (config.demo || config.smtpUrl !== undefined),
        passkeys: factors.passkeys,
        asked: secondStepOf(factors),
        recoveryCodesLeft: factors.recoveryCodesLeft,
      };
    },
  };
}

/** `POST /api/mail-step`: sends a code to the address; whoever reads it there can choose this factor. */
export function beginMailStep(identity: Identity): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit: identityBodyLimit,
    async handler(request, reply) {
      const { actor, factors } = await requireFactorProof(identity, request);
      if (factors.staff)
        throw new ApiError(
          409,
          'factor-too-weak',
          'Your work needs a passkey or an authenticator app. A code by mail is not enough.',
        );
      if (factors.mail) throw new ApiError(409, 'mail-step-there', 'Codes by mail are asked for already.');
      const account = await findAccount(identity.db.pool, actor.accountId);
      if (!account?.login.includes('@'))
        throw new ApiError(
          409,
          'no-mail-address',
          'You sign in with a phone number: there is no address to write to.',
        );
      const of = { purpose: 'mail', sessionId: actor.sessionId } as const;
      const { token, until } = await openStep(identity, account, of);
      await sendStepCode(identity, token, await requireStep(identity, token, of));
      return reply.code(202).send({ token, until });
    },
  };
}

/** `POST /api/mail-step/confirm {token, code}` */
export function confirmMailStep(identity: Identity): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit: identityBodyLimit,
    schema: bodySchema({
      token: { type: 'string', pattern: '^[A-Za-z0-9_-]{43}$' },
      code: { type: 'string', minLength: 1, maxLength: 60 },
    }),
    async handler(request, reply) {
      const { actor, factors } = await requireFactorProof(identity, request);
      const { token, code } = request.body as { token: string; code: string };
      const step = await requireStep(identity, token, { purpose: 'mail', sessionId: actor.sessionId });
      await requireFactor(identity, request, step, { token, factor: 'mail', code });
      const made =
        factors.recoveryCodesLeft > 0 ? undefined : await makeRecoveryCodes(identity, actor.accountId);
      const changed = await changeFactors(
        identity,
        request,
        actor,
        {
          event: 'factor-add',
          detail: { factor: 'mail' },
          notice: 'factor-added',
          second: actor.second ?? 'mail',
        },
        async (client, nowMs) => {
          if (!(await endStep(client, hashToken(token)))) return false;
          if (made) await replaceRecoveryCodes(client, actor.accountId, made.hashes);
          return setMailStep(client, actor.accountId, nowMs);
        },
      );
      if (!changed) throw codeWrong();
      await forgiveFactorTry(identity, actor.accountId);
      setSessionCookie(reply, changed.token);
      return reply
        .code(201)
        .header('ledger-entry', changed.entryId)
        .send({ recoveryCodes: made?.codes ?? [] });
    },
  };
}

export function removeMailStep(identity: Identity): RouteShorthandOptionsWithHandler {
  return {
    async handler(request, reply) {
      const { actor, factors } = await requireFactorProof(identity, request);
      const changed = await changeFactors(
        identity,
        request,
        actor,
        {
          event: 'factor-remove',
          detail: { factor: 'mail' },
          notice: 'factor-removed',
          second: actor.second,
        },
        async (client) => {
          if (!(await setMailStep(client, actor.accountId, null))) return false;
          if (!factors.totp && factors.passkeys === 0)
            await replaceRecoveryCodes(client, actor.accountId, []);
          return true;
        },
      );
      if (!changed) throw new ApiError(404, 'not-found', 'Codes by mail are not asked for.');
      setSessionCookie(reply, changed.token);
      return reply.code(204).header('ledger-entry', changed.entryId).send();
    },
  };
}

/** `POST /api/recovery-codes`: ten new ones; those from before open nothing any more. */
export function postRecoveryCodes(identity: Identity): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit: identityBodyLimit,
    async handler(request, reply) {
      const { actor, factors } = await requireFactorProof(identity, request);
      if (secondStepOf(factors).length === 0)
        throw new ApiError(409, 'no-second-factor', 'Without a second factor there is nothing to recover.');
      const { codes, hashes } = await makeRecoveryCodes(identity, actor.accountId);
      const changed = await changeFactors(
        identity,
        request,
        actor,
        {
          event: 'recovery-codes',
          detail: { count: codes.length },
          notice: 'recovery-codes-made',
          second: actor.second,
        },
        async (client) => {
          await replaceRecoveryCodes(client, actor.accountId, hashes);
          return true;
        },
      );
      if (!changed) throw codeWrong();
      setSessionCookie(reply, changed.token);
      return reply.code(201).header('ledger-entry', changed.entryId).send({ recoveryCodes: codes });
    },
  };
}
