// A proof that a client signed with its own key (RFC 7523; SMART Backend Services): for this door, for a few minutes, once.
import { hash } from 'node:crypto';
import type { JSONWebKeySet } from 'jose';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import type { Client } from '../storage/clients.ts';
import { useAssertion } from '../storage/clients.ts';
import type { Oauth } from './oauth.ts';
import { tokenEndpoint } from './oauth.ts';

export const assertionAlgorithms = ['RS384', 'ES384'];
/** How far ahead a proof may expire. */
const longestSeconds = 300;
/** How far two clocks may differ. */
const skewSeconds = 10;

/** Who the proof says it is from, believed only after `assertionProblem` found none. */
export function assertedClientId(assertion: string): string | undefined {
  try {
    const { sub } = decodeJwt(assertion);
    return sub;
  } catch {
    return undefined;
  }
}

/** What is wrong with the proof, as a word for the entry; undefined when it is good, and then it is used up. */
export async function assertionProblem(
  oauth: Oauth,
  client: Client,
  assertion: string,
): Promise<string | undefined> {
  const nowMs = oauth.now();
  let jti: string;
  let expiresAtSeconds: number;
  try {
    // Keys come from the registration alone: `jku`, `jwk` and `x5u` in the header are never followed, and `kid` only chooses among ours.
    if (decodeProtectedHeader(assertion).kid === undefined) return 'assertion-no-kid';
    const { payload } = await jwtVerify(
      assertion,
      createLocalJWKSet(client.jwks as unknown as JSONWebKeySet),
      {
        algorithms: assertionAlgorithms,
        issuer: client.clientId,
        subject: client.clientId,
        audience: tokenEndpoint(oauth),
        clockTolerance: skewSeconds,
        currentDate: new Date(nowMs),
        requiredClaims: ['exp', 'jti'],
      },
    );
    if (typeof payload.jti !== 'string' || payload.jti === '' || payload.jti.length > 255)
      return 'assertion-no-jti';
    jti = payload.jti;
    expiresAtSeconds = payload.exp ?? 0;
  } catch (error) {
    const { code } = error as { code?: string };
    return `assertion-${(code ?? 'wrong').toLowerCase().replace(/^err_/, '').replaceAll('_', '-')}`;
  }
  if (expiresAtSeconds * 1000 > nowMs + (longestSeconds + skewSeconds) * 1000) return 'assertion-too-long';
  const fresh = await useAssertion(
    oauth.db.pool,
    client.clientId,
    hash('sha256', jti, 'buffer'),
    (expiresAtSeconds + skewSeconds) * 1000,
    nowMs,
  );
  return fresh ? undefined : 'assertion-replayed';
}
