// A person's passkeys: see them, add one, take one away. Adding and taking away are sensitive changes.
import type { FastifyRequest, RouteShorthandOptionsWithHandler } from 'fastify';
import type { RegistrationResponseJSON } from '@simplewebauthn/server';
import { ApiError } from '../errors.ts';
import { agentFamily } from '../http/agent-family.ts';
import type { PersonActor } from '../http/actor.ts';
import { requirePerson, whoOfPerson } from '../http/require-person.ts';
import { findAccount } from '../storage/accounts.ts';
import { insertNotices } from '../storage/notices.ts';
import { deletePasskey, insertPasskey, listPasskeys, withPasskeys } from '../storage/passkeys.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import { noteSecond } from '../storage/sessions.ts';
import { inTransaction } from '../storage/transaction.ts';
import { uuidV7 } from '../storage/uuid.ts';
import { writeBatch } from '../storage/write-batch.ts';
import { requireAnother, requireFactorProof } from './factor-change.ts';
import type { Identity } from './identity.ts';
import { answerRefused, refuseAnswer, userHandleOf, credentialSchema } from '../http/passkey-answer.ts';
import { uuidV4 } from '../http/random-id.ts';
import {
  challengeLastsMs,
  findRelyingParty,
  makeChallenge,
  requireChallenge,
  requireRelyingParty,
} from '../http/relying-party.ts';
import { bodySchema, identityBodyLimit, passkeyLabelSchema } from './schemas.ts';

/** More devices than anybody owns; the list stays readable. */
export const mostPasskeys = 20;

export function getPasskeys(identity: Identity): RouteShorthandOptionsWithHandler {
  return {
    async handler(request) {
      const actor = requirePerson(request);
      const passkeys = await listPasskeys(identity.db.pool, actor.accountId);
      return {
        offered: findRelyingParty(identity.config.publicUrl) !== undefined,
        passkeys: passkeys.map(({ passkeyId, label, backedUp, createdAt, lastUsedAt }) => ({
          id: passkeyId,
          label,
          backedUp,
          createdAt,
          lastUsedAt,
        })),
      };
    },
  };
}

/** `POST /api/passkeys/options`: what the browser needs to make a passkey (PublicKeyCredentialCreationOptionsJSON). */
export function passkeyOptions(identity: Identity): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit: identityBodyLimit,
    async handler(request) {
      const { actor } = await requireFactorProof(identity, request);
      const party = requireRelyingParty(identity);
      await identity.attempts.take('passkey-account', actor.accountId);
      const [account, known] = await Promise.all([
        findAccount(identity.db.pool, actor.accountId),
        listPasskeys(identity.db.pool, actor.accountId),
      ]);
      if (!account) throw new ApiError(401, 'not-signed-in', 'Sign in first.');
      const { generateRegistrationOptions } = await import('@simplewebauthn/server');
      return generateRegistrationOptions({
        rpName: party.name,
        rpID: party.id,
        userName: account.login,
        userDisplayName: actor.name || account.login,
        userID: userHandleOf(actor.accountId),
        challenge: await makeChallenge(withPasskeys(identity), 'add', actor.accountId),
        timeout: challengeLastsMs,
        attestationType: 'none',
        excludeCredentials: known.map((one) => ({
          id: one.credentialId.toString('base64url'),
          transports: one.transports,
        })),
        // Found without a login typed first, and never without the finger, face or PIN of its owner.
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      });
    },
  };
}

/** `POST /api/passkeys`: what the browser made. 201 with the list's new line. */
export function postPasskey(identity: Identity): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit: identityBodyLimit,
    schema: bodySchema({ label: passkeyLabelSchema, credential: credentialSchema }),
    async handler(request, reply) {
      const { actor } = await requireFactorProof(identity, request);
      const party = requireRelyingParty(identity);
      const body = request.body as { label: string; credential: RegistrationResponseJSON };
      const label = body.label.normalize('NFC').replace(/\s+/gu, ' ').trim();
      if (label === '' || /\p{Cc}/u.test(label))
        throw new ApiError(422, 'label-wrong', 'Give the passkey a name, in one line.', {
          fields: [{ field: 'label', code: 'wrong' }],
        });
      const expectedChallenge = await requireChallenge(
        withPasskeys(identity),
        'add',
        actor.accountId,
        body.credential.response.clientDataJSON,
      );
      const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
      const { verified, registrationInfo } = await verifyRegistrationResponse({
        response: body.credential,
        expectedChallenge,
        expectedOrigin: party.origin,
        expectedRPID: party.id,
        requireUserVerification: true,
      }).catch(refuseAnswer);
      if (!verified) throw answerRefused();
      const { credential, credentialBackedUp } = registrationInfo;
      const passkeyId = uuidV4(identity.randomBytes);
      const stored = await change(identity, actor, request, 'passkey-add', async (client, nowMs) => {
        const added = await insertPasskey(
          client,
          {
            accountId: actor.accountId,
            passkeyId,
            credentialId: Buffer.from(credential.id, 'base64url'),
            publicKey: Buffer.from(credential.publicKey),
            signCount: credential.counter,
            transports: transportsOf(credential.transports),
            label,
            backedUp: credentialBackedUp,
          },
          nowMs,
          mostPasskeys,
        );
        // Its owner was checked by the device just now.
        if (added) await noteSecond(client, actor.sessionId, 'passkey');
        return added;
      });
      if (!stored)
        throw new ApiError(
          409,
          'passkey-not-added',
          `This passkey is known already, or there are ${mostPasskeys} of them.`,
        );
      return reply
        .code(201)
        .headers({ 'ledger-entry': stored.entryId, location: `/api/passkeys/${passkeyId}` })
        .send({
          id: passkeyId,
          label,
          backedUp: credentialBackedUp,
          createdAt: new Date(stored.atMs),
          lastUsedAt: null,
        });
    },
  };
}

export function removePasskey(identity: Identity): RouteShorthandOptionsWithHandler {
  return {
    async handler(request, reply) {
      const { actor, factors } = await requireFactorProof(identity, request);
      requireAnother(factors, 'passkey');
      const { id } = request.params as { id: string };
      const removed = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)
        ? await change(identity, actor, request, 'passkey-remove', (client) =>
            deletePasskey(client, actor.accountId, id),
          )
        : undefined;
      if (!removed) throw new ApiError(404, 'not-found', 'There is no such passkey.');
      return reply.code(204).header('ledger-entry', removed.entryId).send();
    },
  };
}

/** Does it with its entry and notice, or leaves no trace when `act` says that there was nothing to do. */
async function change(
  identity: Identity,
  actor: PersonActor,
  request: FastifyRequest,
  event: 'passkey-add' | 'passkey-remove',
  act: (client: Parameters<typeof writeBatch>[0], nowMs: number) => Promise<boolean>,
): Promise<{ entryId: string; atMs: number } | undefined> {
  return inTransaction(identity.db.pool, async (client) => {
    const nowMs = identity.now();
    if (!(await act(client, nowMs))) return undefined;
    const who = whoOfPerson(actor);
    const agent = agentFamily(request.headers['user-agent']);
    const entry = sealEntry(
      actor.patientId,
      { event, outcome: 'done', who, basis: 'self', agent },
      identity,
      nowMs,
    );
    await writeBatch(client, { versions: [], entries: [entry] });
    await insertNotices(client, [
      {
        patientId: actor.patientId,
        noticeId: uuidV7(nowMs, identity.randomBytes),
        kind: event === 'passkey-add' ? 'passkey-added' : 'passkey-removed',
        entryId: entry.entryId,
        detail: {},
        createdAtMs: nowMs,
      },
    ]);
    return { entryId: entry.entryId, atMs: nowMs };
  });
}

const knownTransports = new Set(['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb']);

/** Hints for the browser; what it says of them is stored only where it is one of the standard's words. */
function transportsOf(given: unknown): string[] {
  const list: unknown[] = Array.isArray(given) ? given : [];
  return [
    ...new Set(list.filter((one): one is string => typeof one === 'string' && knownTransports.has(one))),
  ];
}
