// A new session, after a password or a passkey was verified and at no other time. Always a new token; what the browser held before ends.
import type { FastifyRequest } from 'fastify';
import { agentFamily } from '../http/agent-family.ts';
import { limitedAddress } from '../http/client-address.ts';
import type { SecondFactor } from '../../core/sign-in/factors.ts';
import type { Deps } from '../http/deps.ts';
import { newToken, readSessionCookie } from '../http/session-cookie.ts';
import { attemptKey } from '../storage/attempts.ts';
import type { Queryable } from '../storage/queryable.ts';
import { insertSession, replaceSession, tidySessions } from '../storage/sessions.ts';
import { uuidV4 } from '../http/random-id.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** Reasons: docs/decisions/sessions.md. */
export const sessionLimits = {
  patientIdleMs: 30 * minuteMs,
  /** Anybody who works somewhere, or has a role of the operator’s, sees or changes more than their own. */
  staffIdleMs: 15 * minuteMs,
  absoluteMs: 12 * 60 * minuteMs,
  mostPerAccount: 50,
  /** How long ended sessions are kept, and so how long an address counts as known. */
  keepMs: 30 * dayMs,
};

/**
 * Runs inside the caller's transaction; give the token to the browser only after the commit.
 * Undefined when the password is no longer the verified one, or the account was disabled meanwhile.
 */
export async function startSession(
  client: Queryable,
  deps: Pick<Deps, 'now' | 'randomBytes'>,
  request: FastifyRequest,
  account: { accountId: string; passwordHash: string },
  second: SecondFactor | null,
): Promise<{ token: string; sessionId: string } | undefined> {
  const nowMs = deps.now();
  const { token, tokenHash } = newToken(deps.randomBytes);
  const sessionId = uuidV4(deps.randomBytes);
  const session = {
    sessionId,
    accountId: account.accountId,
    tokenHash,
    addressKey: addressKeyOf(account.accountId, request.ip),
    agent: agentFamily(request.headers['user-agent']),
    startedAtMs: nowMs,
    idleMs: sessionLimits.patientIdleMs,
    staffIdleMs: sessionLimits.staffIdleMs,
    absoluteMs: sessionLimits.absoluteMs,
    second,
  };
  if (!(await insertSession(client, session, account.passwordHash))) return undefined;
  const held = readSessionCookie(request).tokenHash;
  if (held) await replaceSession(client, held, nowMs);
  await tidySessions(client, account.accountId, nowMs, sessionId, {
    most: sessionLimits.mostPerAccount,
    keepMs: sessionLimits.keepMs,
  });
  return { token, sessionId };
}

/** Bound to the account, so that rows of two accounts cannot be matched by their address. */
export function addressKeyOf(accountId: string, ip: string): Buffer {
  return attemptKey(accountId, limitedAddress(ip));
}
