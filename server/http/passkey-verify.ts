// One answer of an authenticator checked against the passkey that it names: finger, face or PIN of its owner, for this server, now.
// Whose it is and what it opens is for whoever asked.
import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import { accountIdOf, answerRefused, refuseAnswer } from './passkey-answer.ts';
import type { KnownPasskey, PasskeySources } from './relying-party.ts';
import { requireRelyingParty } from './relying-party.ts';

export interface VerifiedPasskey extends KnownPasskey {
  newCount: number;
}

/** Throws 422 `passkey-not-accepted` for everything that is wrong, in one way. @param accountId whose it must be, where that is known */
export async function verifyPasskey(
  sources: PasskeySources,
  credential: AuthenticationResponseJSON,
  expectedChallenge: string,
  accountId: string | null = null,
): Promise<VerifiedPasskey> {
  const party = requireRelyingParty(sources);
  const passkey = await sources.passkeys.find(Buffer.from(credential.id, 'base64url'));
  if (!passkey || (accountId !== null && passkey.accountId !== accountId)) throw answerRefused();
  const { userHandle } = credential.response;
  if (userHandle && accountIdOf(userHandle) !== passkey.accountId) throw answerRefused();
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response: credential,
    expectedChallenge,
    expectedOrigin: party.origin,
    expectedRPID: party.id,
    requireUserVerification: true,
    credential: {
      id: credential.id,
      publicKey: Uint8Array.from(passkey.publicKey),
      counter: passkey.signCount,
    },
  }).catch(refuseAnswer);
  if (!verified) throw answerRefused();
  return {
    ...passkey,
    backedUp: authenticationInfo.credentialBackedUp,
    newCount: authenticationInfo.newCounter,
  };
}
