// Sets `request.actor` from the access token or the session cookie: one prepared statement for the requests that came together,
// none for one that brings neither.
// Reads nothing else of the request: no parameter and no header can stretch a session.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../http/actor.ts';
import type { Deps } from '../http/deps.ts';
import { clearSessionCookie, readSessionCookie } from '../http/session-cookie.ts';
import { gathered } from '../storage/gathered.ts';
import { findSessionActors, touchSession } from '../storage/sessions.ts';
import { createNamesByEntry } from './names-by-entry.ts';
import { sessionLimits } from './start-session.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A route that pages call by themselves: such a call is no activity and does not keep a session alive. */
    poll?: boolean;
  }
}

/** Who has begun to work somewhere since they signed in is staff from then on. */
function idleMsOf({ idleMs, staff }: { idleMs: number; staff: boolean }): number {
  return staff ? Math.min(idleMs, sessionLimits.staffIdleMs) : idleMs;
}

/** Activity is noted no more often than this: a session may end this much early, never late. */
const touchEveryMs = 60_000;

/** An onRequest hook. An unknown, ended or expired session makes the request anonymous and takes the cookie away. */
export function authenticate(
  deps: Pick<Deps, 'db' | 'now'>,
  actorOfBearer: (request: FastifyRequest) => Promise<Actor | undefined>,
): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  const findSession = gathered((tokenHashes: readonly Uint8Array[]) =>
    findSessionActors(deps.db.asks, tokenHashes),
  );
  const nameOf = createNamesByEntry(deps.db.pool);
  return async (request, reply) => {
    request.actor = { kind: 'anonymous' };
    // Whoever brings a token means the token: a cookie beside it changes nothing.
    const bearer = await actorOfBearer(request);
    if (bearer) {
      request.actor =
        bearer.kind === 'app'
          ? { ...bearer, name: await nameOf(bearer.patientId, bearer.patientEntryId) }
          : bearer;
      return;
    }
    const cookie = readSessionCookie(request);
    if (!cookie.present) return;
    const session = cookie.tokenHash && (await findSession(cookie.tokenHash));
    if (!session) {
      clearSessionCookie(reply);
      return;
    }
    const nowMs = deps.now();
    const idleSinceMs = session.lastSeenAt.getTime();
    const good =
      session.endedWhy === null &&
      !session.disabled &&
      nowMs < session.expiresAt.getTime() &&
      nowMs < idleSinceMs + idleMsOf(session);
    if (!good) {
      // A request that was under way while its session got a new token must not take the new cookie with it.
      if (session.endedWhy !== 'replaced') clearSessionCookie(reply);
      return;
    }
    if (nowMs - idleSinceMs >= touchEveryMs && request.routeOptions.config.poll !== true) {
      await touchSession(deps.db.pool, session.sessionId, nowMs);
    }
    request.actor = {
      kind: 'person',
      accountId: session.accountId,
      sessionId: session.sessionId,
      patientId: session.patientId,
      name: await nameOf(session.patientId, session.patientEntryId),
      holdsAuthorities: session.holdsAuthorities,
      provedAtMs: session.provedAt.getTime(),
      second: session.second,
      lacksFactor: session.staff && session.second === null,
    };
  };
}
