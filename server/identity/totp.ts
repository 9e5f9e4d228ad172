// The authenticator app of an account: shown once as QR and text, proved by a code, taken away after a fresh proof with a second factor.
import type { RouteShorthandOptionsWithHandler } from 'fastify';
import { toBase32 } from '../../core/sign-in/base32.ts';
import { stepOfCode, totpAddress, totpSecretBytes } from '../../core/sign-in/totp.ts';
import { ApiError } from '../errors.ts';
import { setSessionCookie } from '../http/session-cookie.ts';
import { findAccount } from '../storage/accounts.ts';
import {
  confirmTotp,
  deleteTotp,
  findTotp,
  putUnprovedTotp,
  replaceRecoveryCodes,
} from '../storage/factors.ts';
import { changeFactors, makeRecoveryCodes, requireAnother, requireFactorProof } from './factor-change.ts';
import type { Identity } from './identity.ts';
import { requireCode } from './judge-factor.ts';
import { bodySchema, identityBodyLimit } from './schemas.ts';
import { codeWrong, forgiveFactorTry, takeFactorTry } from './second-step.ts';
import { openTotpSecret, sealTotpSecret } from './totp-secret.ts';

const there = () =>
  new ApiError(409, 'totp-there', 'This account has an authenticator app already. Take it away first.');

/** `POST /api/totp`: a new secret, that is given out this once. Until a code proves it, it counts for nothing. */
export function postTotp(identity: Identity): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit: identityBodyLimit,
    async handler(request, reply) {
      const { actor, factors } = await requireFactorProof(identity, request);
      if (factors.totp) throw there();
      const account = await findAccount(identity.db.pool, actor.accountId);
      const secret = identity.randomBytes(totpSecretBytes);
      const sealed = await sealTotpSecret(identity, actor.accountId, secret);
      if (!(await putUnprovedTotp(identity.db.pool, actor.accountId, sealed, identity.now()))) throw there();
      const address = totpAddress(secret, 'Medallion', account?.login ?? '');
      return reply.code(201).send({ secret: toBase32(secret), address, code: await drawCode(address) });
    },
  };
}

/** `POST /api/totp/confirm {code}`: from here on it is asked for. Answers with recovery codes where there are none. */
export function confirmTotpByCode(identity: Identity): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit: identityBodyLimit,
    schema: bodySchema({ code: { type: 'string', minLength: 1, maxLength: 60 } }),
    async handler(request, reply) {
      const { actor, factors } = await requireFactorProof(identity, request);
      const code = requireCode('totp', (request.body as { code: string }).code);
      await takeFactorTry(identity, actor.accountId);
      const totp = await findTotp(identity.db.pool, actor.accountId);
      if (!totp) throw new ApiError(409, 'no-totp', 'Begin with a new secret.');
      if (totp.confirmed) throw there();
      const secret = await openTotpSecret(identity, actor.accountId, totp.sealedSecret);
      const step = stepOfCode(secret, code, identity.now());
      if (step === undefined) throw codeWrong();
      const made =
        factors.recoveryCodesLeft > 0 ? undefined : await makeRecoveryCodes(identity, actor.accountId);
      const changed = await changeFactors(
        identity,
        request,
        actor,
        { event: 'factor-add', detail: { factor: 'totp' }, notice: 'factor-added', second: 'totp' },
        async (client, nowMs) => {
          if (!(await confirmTotp(client, actor.accountId, totp.sealedSecret, step, nowMs))) return false;
          if (made) await replaceRecoveryCodes(client, actor.accountId, made.hashes);
          return true;
        },
      );
      if (!changed) throw there();
      await forgiveFactorTry(identity, actor.accountId);
      setSessionCookie(reply, changed.token);
      return reply
        .code(201)
        .header('ledger-entry', changed.entryId)
        .send({ recoveryCodes: made?.codes ?? [] });
    },
  };
}

export function removeTotp(identity: Identity): RouteShorthandOptionsWithHandler {
  return {
    async handler(request, reply) {
      const { actor, factors } = await requireFactorProof(identity, request);
      if (!factors.totp) throw new ApiError(404, 'not-found', 'There is no authenticator app to take away.');
      requireAnother(factors, 'totp');
      const changed = await changeFactors(
        identity,
        request,
        actor,
        {
          event: 'factor-remove',
          detail: { factor: 'totp' },
          notice: 'factor-removed',
          second: actor.second,
        },
        async (client) => {
          if (!(await deleteTotp(client, actor.accountId))) return false;
          // Codes for a lost phone mean nothing without a phone that is asked for.
          if (!factors.mail && factors.passkeys === 0)
            await replaceRecoveryCodes(client, actor.accountId, []);
          return true;
        },
      );
      if (!changed) throw new ApiError(404, 'not-found', 'There is no authenticator app to take away.');
      setSessionCookie(reply, changed.token);
      return reply.code(204).header('ledger-entry', changed.entryId).send();
    },
  };
}

/** A QR symbol as one path over a square of `size` modules, four of them left free at each side. */
async function drawCode(text: string): Promise<{ size: number; path: string }> {
  const { default: qrcode } = await import('qrcode');
  const { modules } = qrcode.create(text, { errorCorrectionLevel: 'M' });
  const quiet = 4;
  const rows = Array.from({ length: modules.size }, (_, y) =>
    Array.from({ length: modules.size }, (_unused, x) =>
      modules.get(y, x) ? `M${x + quiet} ${y + quiet}h1v1h-1z` : '',
    ).join(''),
  );
  return { size: modules.size + 2 * quiet, path: rows.join('') };
}
