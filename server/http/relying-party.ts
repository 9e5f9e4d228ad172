// Who asks for a passkey (WebAuthn relying party): read from the public address, never from a request.
import { hash } from 'node:crypto';
import { isIP } from 'node:net';
import { ApiError } from '../errors.ts';
import type { Deps } from './deps.ts';
import { answerRefused, challengeOf } from './passkey-answer.ts';

export type ChallengePurpose = 'add' | 'sign-in' | 'prove' | 'consent';

export interface KnownPasskey {
  passkeyId: string;
  accountId: string;
  publicKey: Buffer;
  signCount: number;
  backedUp: boolean;
}

/** Where challenges wait and passkeys are known; given by whoever asks. */
export interface PasskeyStore {
  insertChallenge(
    challenge: { hash: Buffer; purpose: ChallengePurpose; accountId: string | null; expiresAtMs: number },
    nowMs: number,
  ): Promise<void>;
  takeChallenge(
    hash: Buffer,
    purpose: ChallengePurpose,
    accountId: string | null,
    nowMs: number,
  ): Promise<boolean>;
  find(credentialId: Buffer): Promise<KnownPasskey | undefined>;
}

/** What asking with passkeys needs of the platform. */
export type PasskeySources = Pick<Deps, 'config' | 'now' | 'randomBytes'> & { passkeys: PasskeyStore };

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
export function requireRelyingParty(sources: Pick<PasskeySources, 'config'>): RelyingParty {
  const party = findRelyingParty(sources.config.publicUrl);
  if (!party)
    throw new ApiError(
      409,
      'passkeys-not-offered',
      'Passkeys need a host name: this server is known by a bare address only.',
    );
  return party;
}

/** A new challenge of 256 bits, good once. `accountId` null for a sign-in: who it will be is not known yet.
 *  @param bound what it is for, where that is one thing: an answer to it is good for nothing else */
export async function makeChallenge(
  sources: PasskeySources,
  purpose: ChallengePurpose,
  accountId: string | null,
  bound = '',
): Promise<Uint8Array<ArrayBuffer>> {
  const challenge = Uint8Array.from(sources.randomBytes(32));
  const nowMs = sources.now();
  await sources.passkeys.insertChallenge(
    { hash: hashOf(challenge, bound), purpose, accountId, expiresAtMs: nowMs + challengeLastsMs },
    nowMs,
  );
  return challenge;
}

/**
 * The challenge that an answer names (base64url), taken away whatever the rest of the answer is worth.
 * Throws 422 `passkey-not-accepted` when it is none of ours, was answered before, has expired or was made for something else.
 */
export async function requireChallenge(
  sources: PasskeySources,
  purpose: ChallengePurpose,
  accountId: string | null,
  clientDataJSON: string,
  bound = '',
): Promise<string> {
  const challenge = challengeOf(clientDataJSON);
  const good =
    challenge !== undefined &&
    (await sources.passkeys.takeChallenge(
      hashOf(Buffer.from(challenge, 'base64url'), bound),
      purpose,
      accountId,
      sources.now(),
    ));
  if (!good) throw answerRefused();
  return challenge;
}

function hashOf(challenge: Uint8Array, bound: string): Buffer {
  return hash('sha256', Buffer.concat([challenge, Buffer.from(bound)]), 'buffer');
}
