// The one place where a bearer token becomes an actor: a program, or an app that a person let in.
import type { FastifyRequest } from 'fastify';
import { ApiError } from '../errors.ts';
import type { AppActor, ClientActor } from '../http/actor.ts';
import type { Deps } from '../http/deps.ts';
import { isGuarded } from '../http/guarded-paths.ts';
import { hashToken } from '../http/session-cookie.ts';
import { findTokenClients } from '../storage/clients.ts';
import { gathered } from '../storage/gathered.ts';
import { readAppScopes } from './app-scopes.ts';
import { readScopes } from './scopes.ts';

/**
 * Who the request's token stands for; undefined when it brings none, or when the route asks nobody who they are.
 * Throws 401 `invalid_token` for one that is unknown, taken back, expired, or of a client that was disabled: alike.
 */
export const actorOfBearer = (deps: Pick<Deps, 'config' | 'db' | 'now'>) => {
  const findToken = gathered((tokenHashes: readonly Uint8Array[]) =>
    findTokenClients(deps.db.asks, tokenHashes),
  );
  return async (request: FastifyRequest): Promise<ClientActor | AppActor | undefined> => {
    const { authorization } = request.headers;
    if (authorization === undefined || !/^bearer(\s|$)/i.test(authorization) || !isGuarded(request.url))
      return undefined;
    const text = /^bearer +([A-Za-z0-9_-]{43})$/i.exec(authorization)?.[1];
    const token = text === undefined ? undefined : await findToken(hashToken(text));
    if (!token || token.disabled || deps.now() >= token.expiresAt.getTime()) {
      throw new ApiError(401, 'invalid_token', 'This access token is not valid.', {
        headers: { 'www-authenticate': 'Bearer realm="medallion", error="invalid_token"' },
      });
    }
    const { clientId, name, scope, accountId } = token;
    if (accountId !== null) {
      const { patientId, inContext, holdsAuthorities, patientEntryId, lacksFactor } = token;
      return {
        kind: 'app',
        clientId,
        clientName: name,
        accountId,
        patientId,
        // Said by whoever knows names: see `authenticate`.
        name: '',
        patientEntryId,
        holdsAuthorities,
        lacksFactor,
        scopes: readAppScopes(deps, scope),
        inContext,
      };
    }
    return { kind: 'client', clientId, name, scopes: readScopes(scope) };
  };
};
