// POST /oauth/token. A program that proves who it is gets a short-lived token, never for more than it may; an app that a person let in
// proves who it is here as well and is then answered by the authorization library.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { narrowScopes, parseClientScope, scopeText } from '../../core/access/client-scopes.ts';
import type { ClientScope } from '../../core/access/client-scopes.ts';
import { isResourceType } from '../../core/fhir/resource-types.ts';
import { OauthError } from '../errors.ts';
import { newToken } from '../http/session-cookie.ts';
import type { Client } from '../storage/clients.ts';
import { insertAccessToken } from '../storage/clients.ts';
import { authenticateApp, authenticateClient } from './authenticate-client.ts';
import { handOn } from './authorize.ts';
import type { FormFields, Oauth } from './oauth.ts';
import { invalidClient, provedForm, readForm, recordTokenEvent } from './oauth.ts';
import type { AppProvider } from './provider.ts';
import { readScopes } from './scopes.ts';

export const tokenSeconds = 900;
const mostScopes = 200;

const grantsOfApps = new Set(['authorization_code', 'refresh_token']);

export const token =
  (oauth: Oauth, open: () => Promise<AppProvider>) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const form = readForm(request);
    const grantType = form.get('grant_type');
    if (grantType === undefined) throw new OauthError(400, 'invalid_request', 'grant_type is missing.');
    if (grantsOfApps.has(grantType)) {
      const client = await authenticateApp(oauth, request, form);
      await oauth.attempts.take('token-client', client.clientId);
      return handOn(oauth, await open(), request, reply, { form: provedForm(form, client.clientId) });
    }
    return programToken(oauth, request, reply, form, grantType);
  };

async function programToken(
  oauth: Oauth,
  request: FastifyRequest,
  reply: FastifyReply,
  form: FormFields,
  grantType: string,
): Promise<FastifyReply> {
  const { client, method } = await authenticateClient(oauth, request, form);
  if (grantType !== 'client_credentials')
    throw new OauthError(400, 'unsupported_grant_type', 'This grant is not offered.');
  if (client.kind !== 'program')
    throw new OauthError(400, 'unauthorized_client', 'An app acts for a person and never for itself.');
  await oauth.attempts.take('token-client', client.clientId);
  const scopes = await grantedScopes(oauth, request, client, form.get('scope'));
  const scope = scopeText(scopes);
  const { token: accessToken, tokenHash } = newToken(oauth.randomBytes);
  const nowMs = oauth.now();
  const stored = await insertAccessToken(
    oauth.db.pool,
    { tokenHash, clientId: client.clientId, scope, expiresAtMs: nowMs + tokenSeconds * 1000 },
    nowMs,
  );
  if (!stored) throw invalidClient(false);
  await recordTokenEvent(oauth, request, 'token-issue', client, 'client-credentials', { method, scope });
  return reply
    .headers({ 'cache-control': 'no-store', pragma: 'no-cache' })
    .send({ access_token: accessToken, token_type: 'Bearer', expires_in: tokenSeconds, scope });
}

/** Never more than was registered. Asking for nothing asks for all of it. */
async function grantedScopes(
  oauth: Oauth,
  request: FastifyRequest,
  client: Client,
  asked: string | undefined,
): Promise<readonly ClientScope[]> {
  const registered = readScopes(client.scope);
  if (asked === undefined) return narrowScopes(registered, registered);
  const words = asked.split(' ').filter((word) => word !== '');
  if (words.length > mostScopes) throw new OauthError(400, 'invalid_scope', 'Too many scopes are asked for.');
  const parsed = words.map((word) => parseClientScope(word, isResourceType));
  // What only a person can give is not granted, and the answer says so by leaving it out; what cannot be read is refused.
  const unreadable = parsed.find((one) => typeof one === 'string' && one !== 'not-for-programs');
  if (unreadable !== undefined) throw new OauthError(400, 'invalid_scope', sayProblem(unreadable));
  const wanted = parsed.filter((one): one is ClientScope => typeof one !== 'string');
  const scopes = narrowScopes(wanted, registered);
  if (scopes.length > 0) return scopes;
  await recordTokenEvent(oauth, request, 'token-refused', client, 'scope-beyond-registration');
  throw new OauthError(400, 'invalid_scope', 'Nothing of what was asked for may be given to this client.');
}

function sayProblem(problem: string): string {
  if (problem === 'filter-not-offered')
    return 'A scope with a search filter is not offered here; ask for the whole type.';
  if (problem === 'type-unknown') return 'A scope names a type that FHIR R4 does not have.';
  return 'A scope is not of the form system/Type.cruds (letters in that order) or system/Type.read.';
}
