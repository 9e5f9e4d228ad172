// Who asks for a passkey (WebAuthn relying party): read from the public address, never from a request.
import { hash } from 'node:crypto';
import { isIP } from 'node:net';
import { ApiError } from '../errors.ts';
import type { ChallengePurpose } from '../storage/passkeys.ts';
import { insertChallenge, takeChallenge } from '../storage/passkeys.ts';
import type { Identity } from './identity.ts';
import { answerRefused, challengeOf } from './passkey-answer.ts';

/** How long a person may take with the dialogue of the device. */
export const challengeLastsMs = 5 * 60_000;

export interface RelyingParty {
  id: string;
  name: string;
  origin: string;
}

/** Undefined where browsers do not offer passkeys: under a bare IP address. */
export function findRelyingParty(publicUrl: string): RelyingParty | undefined {
  const { hostname, origin } = new URL(publicUrl);
  if (isIP(hostname) !== 0 || hostname.startsWith('[')) return undefined;
  return { id: hostname, name: 'Medallion', origin };
}

/** Throws 409 `passkeys-not-offered`. */
export function requireRelyingParty(identity: Identity): RelyingParty {
  const party = findRelyingParty(identity.config.publicUrl);
  if (!party)
    throw new ApiError(
      409,
      'passkeys-not-offered',
      'Passkeys need a host name: this server is known by a bare address only.',
    );
  return party;
}

/** A new challenge of 256 bits, good once. `accountId` null for a sign-in: who it will be is not known yet. */
export async function makeChallenge(
  identity: Identity,
  purpose: ChallengePurpose,
  accountId: string | null,
): Promise<Uint8Array<ArrayBuffer>> {
  const challenge = Uint8Array.from(identity.randomBytes(32));
  const nowMs = identity.now();
  await insertChallenge(
    identity.db.pool,
    { hash: hashOf(challenge), purpose, accountId, expiresAtMs: nowMs + challengeLastsMs },
    nowMs,
  );
  return challenge;
}

/**
 * The challenge that an answer names (base64url), taken away whatever the rest of the answer is worth.
 * Throws 422 `passkey-not-accepted` when it is none of ours, was answered before, has expired or was made for something else.
 */
export async function requireChallenge(
  identity: Identity,
  purpose: ChallengePurpose,
  accountId: string | null,
  clientDataJSON: string,
): Promise<string> {
  const challenge = challengeOf(clientDataJSON);
  const good =
    challenge !== undefined &&
    (await takeChallenge(
      identity.db.pool,
      hashOf(Buffer.from(challenge, 'base64url')),
      purpose,
      accountId,
      identity.now(),
    ));
  if (!good) throw answerRefused();
  return challenge;
}

function hashOf(challenge: Uint8Array): Buffer {
  return hash('sha256', challenge, 'buffer');
}
