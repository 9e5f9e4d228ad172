// The person is there: their passkey, at the clinician's device or on their own phone, answers exactly this request. As good as the code,
// and nobody can be told it.
import type { FastifyRequest, RouteShorthandOptionsWithHandler } from 'fastify';
import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import { decide } from '../../core/access/decide.ts';
import type { StatementWho } from '../../core/ledger/statement.ts';
import { displayName } from '../../core/record/human-name.ts';
import { agentFamily } from '../http/agent-family.ts';
import { answerRefused, credentialSchema } from '../http/passkey-answer.ts';
import { verifyPasskey } from '../http/passkey-verify.ts';
import {
  challengeLastsMs,
  makeChallenge,
  requireChallenge,
  requireRelyingParty,
} from '../http/relying-party.ts';
import { findOwnAccount } from '../storage/accounts.ts';
import { listAuthorities } from '../storage/authorities.ts';
import { notePasskeyUse, withPasskeys } from '../storage/passkeys.ts';
import { inTransaction } from '../storage/transaction.ts';
import { answerRequest } from '../storage/access-requests.ts';
import type { ConsentRoom } from './consent-room.ts';
import { sendGranted } from './granted.ts';
import { bodyLimit, isOver, requireOwnRequest, take } from './request-parts.ts';
import { requireClinician } from './standing.ts';
import { giveAsAsked } from './give-as-asked.ts';

/** `POST /api/access-requests/:id/passkey/options`, by the clinician who asked. Names nobody's passkeys: the device offers what it knows. */
export function presenceOptions(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    async handler(request) {
      const { actor } = await requireClinician(room, request);
      const party = requireRelyingParty(room);
      const found = await requireOwnRequest(room, request, actor.accountId);
      if (found.state !== 'requested') throw isOver();
      await take(room, 'access-by-asker', actor.accountId);
      const { generateAuthenticationOptions } = await import('@simplewebauthn/server');
      return generateAuthenticationOptions({
        rpID: party.id,
        challenge: await makeChallenge(withPasskeys(room), 'consent', actor.accountId, found.requestId),
        timeout: challengeLastsMs,
        userVerification: 'required',
      });
    },
  };
}

/** `POST /api/access-requests/:id/passkey {credential}`: 201 as with a code. Anybody else's passkey opens nothing. */
export function confirmByPasskey(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['credential'],
        properties: { credential: credentialSchema },
      },
    },
    async handler(request, reply) {
      const { actor, member } = await requireClinician(room, request);
      const found = await requireOwnRequest(room, request, actor.accountId);
      const { credential } = request.body as { credential: AuthenticationResponseJSON };
      const challenge = await requireChallenge(
        withPasskeys(room),
        'consent',
        actor.accountId,
        credential.response.clientDataJSON,
        found.requestId,
      );
      const passkey = await verifyPasskey(withPasskeys(room), credential, challenge);
      const by = await requirePresent(room, passkey.accountId, found.patientId);
      const granted = await inTransaction(room.db.pool, async (client) => {
        const used = await notePasskeyUse(client, passkey, passkey.newCount, passkey.backedUp, room.now());
        if (!used) throw answerRefused();
        if (!(await answerRequest(client, found, 'approved', room.now()))) return undefined;
        return giveAsAsked(client, room, found, {
          practitionerId: member.practitionerId,
          by,
          basis: by.role === 'guardian' ? 'guardian' : 'self',
          how: 'passkey',
          agent: agentOf(request),
        });
      });
      if (!granted) throw isOver();
      return sendGranted(reply, granted);
    },
  };
}

const agentOf = (request: FastifyRequest): string => agentFamily(request.headers['user-agent']);

/** The person themself, or a guardian who may answer for them. Throws what a wrong passkey throws. */
async function requirePresent(
  room: ConsentRoom,
  accountId: string,
  patientId: string,
): Promise<StatementWho> {
  const account = await findOwnAccount(room.db.pool, accountId);
  if (!account) throw answerRefused();
  const asker = {
    kind: 'person' as const,
    patientId: account.patientId,
    authorities: await listAuthorities(room.db.pool, accountId, room.now(), [patientId]),
  };
  if (!decide(asker, 'answer', { patientId, resourceType: 'Consent', sealed: false }).allowed)
    throw answerRefused();
  return {
    role: account.patientId === patientId ? 'patient' : 'guardian',
    account: accountId,
    reference: `Patient/${account.patientId}`,
    name: displayName(account.name),
  };
}
