// Signing in with a passkey, and proving with one that it is still the same person. The device asked for finger, face or PIN:
// a passkey is two factors in one. Nothing here tells a stranger which accounts exist.
import type { FastifyRequest, RouteShorthandOptionsWithHandler } from 'fastify';
import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import { ApiError } from '../errors.ts';
import { agentFamily } from '../http/agent-family.ts';
import { limitedAddress } from '../http/client-address.ts';
import { proofLastsMs, requirePerson, whoOfPerson } from '../http/require-person.ts';
import { setSessionCookie } from '../http/session-cookie.ts';
import { type Account, findAccount } from '../storage/accounts.ts';
import { listPasskeys, notePasskeyUse, withPasskeys } from '../storage/passkeys.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import { inTransaction } from '../storage/transaction.ts';
import { writeBatch } from '../storage/write-batch.ts';
import type { Identity } from './identity.ts';
import { readMe } from './me.ts';
import { answerRefused, credentialSchema } from '../http/passkey-answer.ts';
import type { VerifiedPasskey } from '../http/passkey-verify.ts';
import { verifyPasskey } from '../http/passkey-verify.ts';
import {
  challengeLastsMs,
  makeChallenge,
  requireChallenge,
  requireRelyingParty,
} from '../http/relying-party.ts';
import { bodySchema, identityBodyLimit } from './schemas.ts';
import { startSession } from './start-session.ts';

const credentialBody = {
  bodyLimit: identityBodyLimit,
  schema: bodySchema({ credential: credentialSchema }),
};

/** `POST /api/sessions/passkey/options`: the same for everybody; the device offers the accounts that it knows. */
export function passkeySignInOptions(identity: Identity): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit: identityBodyLimit,
    async handler(request) {
      const party = requireRelyingParty(identity);
      await identity.attempts.take('passkey-address', limitedAddress(request.ip));
      const { generateAuthenticationOptions } = await import('@simplewebauthn/server');
      return generateAuthenticationOptions({
        rpID: party.id,
        challenge: await makeChallenge(withPasskeys(identity), 'sign-in', null),
        timeout: challengeLastsMs,
        userVerification: 'required',
      });
    },
  };
}

export function passkeySignIn(identity: Identity): RouteShorthandOptionsWithHandler {
  return {
    ...credentialBody,
    async handler(request, reply) {
      await identity.attempts.take('sign-in-address', limitedAddress(request.ip));
      const { passkey, account } = await verifyAnswer(identity, request, 'sign-in', null);
      if (account.disabled)
        throw new ApiError(403, 'account-disabled', 'This account was closed. Ask the help desk.');
      const me = await readMe(identity, account.accountId, 'passkey');
      const session = await begin(identity, request, account, me.patient.name, passkey, {});
      await identity.attempts.forgive([{ purpose: 'sign-in-address', parts: [limitedAddress(request.ip)] }]);
      setSessionCookie(reply, session.token);
      return reply.code(201).header('ledger-entry', session.entryId).send(me);
    },
  };
}

/** `POST /api/reauthenticate/passkey/options`: names the passkeys of the one who is signed in. */
export function passkeyProofOptions(identity: Identity): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit: identityBodyLimit,
    async handler(request) {
      const actor = requirePerson(request);
      const party = requireRelyingParty(identity);
      await identity.attempts.take('passkey-account', actor.accountId);
      const known = await listPasskeys(identity.db.pool, actor.accountId);
      if (known.length === 0) throw new ApiError(409, 'no-passkey', 'This account has no passkey.');
      const { generateAuthenticationOptions } = await import('@simplewebauthn/server');
      return generateAuthenticationOptions({
        rpID: party.id,
        challenge: await makeChallenge(withPasskeys(identity), 'prove', actor.accountId),
        timeout: challengeLastsMs,
        allowCredentials: known.map((one) => ({
          id: one.credentialId.toString('base64url'),
          transports: one.transports,
        })),
        userVerification: 'required',
      });
    },
  };
}

/** The old token is dead when the new one leaves. */
export function passkeyProof(identity: Identity): RouteShorthandOptionsWithHandler {
  return {
    ...credentialBody,
    async handler(request, reply) {
      const actor = requirePerson(request);
      const { passkey, account } = await verifyAnswer(identity, request, 'prove', actor.accountId);
      const session = await begin(identity, request, account, actor.name, passkey, { again: true });
      setSessionCookie(reply, session.token);
      return reply
        .code(201)
        .header('ledger-entry', session.entryId)
        .send({ provedUntil: new Date(identity.now() + proofLastsMs) });
    },
  };
}

interface Verified {
  passkey: VerifiedPasskey;
  account: Account;
}

/** Throws 422 `passkey-not-accepted` for everything that is wrong, in one way. */
async function verifyAnswer(
  identity: Identity,
  request: FastifyRequest,
  purpose: 'sign-in' | 'prove',
  accountId: string | null,
): Promise<Verified> {
  requireRelyingParty(identity);
  const { credential } = request.body as { credential: AuthenticationResponseJSON };
  const expectedChallenge = await requireChallenge(
    withPasskeys(identity),
    purpose,
    accountId,
    credential.response.clientDataJSON,
  );
  const passkey = await verifyPasskey(withPasskeys(identity), credential, expectedChallenge, accountId);
  const account = await findAccount(identity.db.pool, passkey.accountId);
  if (!account) throw answerRefused();
  return { passkey, account };
}

async function begin(
  identity: Identity,
  request: FastifyRequest,
  account: Account,
  name: string,
  passkey: Verified['passkey'],
  detail: { again?: true },
): Promise<{ token: string; entryId: string }> {
  const session = await inTransaction(identity.db.pool, async (client) => {
    const nowMs = identity.now();
    if (!(await notePasskeyUse(client, passkey, passkey.newCount, passkey.backedUp, nowMs))) return undefined;
    const started = await startSession(client, identity, request, account, 'passkey');
    if (!started) return undefined;
    const entry = sealEntry(
      account.patientId,
      {
        event: 'sign-in',
        outcome: 'done',
        who: whoOfPerson({ ...account, name }),
        basis: 'self',
        agent: agentFamily(request.headers['user-agent']),
        detail: { ...detail, with: 'passkey' },
      },
      identity,
      nowMs,
    );
    await writeBatch(client, { versions: [], entries: [entry] });
    return { token: started.token, entryId: entry.entryId };
  });
  // Taken away or used by a copy meanwhile, or the account was closed between the answer and here.
  if (!session) throw answerRefused();
  return session;
}
