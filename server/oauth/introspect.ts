// POST /oauth/introspect (RFC 7662): a client asks what a token of its own is still good for. Of others it learns nothing.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { OauthError } from '../errors.ts';
import { hashToken } from '../http/session-cookie.ts';
import { findTokenClients } from '../storage/clients.ts';
import { authenticateAny } from './authenticate-client.ts';
import { handOn } from './authorize.ts';
import type { Oauth } from './oauth.ts';
import { provedForm, readForm } from './oauth.ts';
import type { AppProvider } from './provider.ts';

export const introspect =
  (oauth: Oauth, open: () => Promise<AppProvider>) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const form = readForm(request);
    const client = await authenticateAny(oauth, request, form);
    const token = form.get('token');
    if (token === undefined) throw new OauthError(400, 'invalid_request', 'token is missing.');
    if (client.kind === 'app')
      return handOn(oauth, await open(), request, reply, { form: provedForm(form, client.clientId) });
    const [found] = await findTokenClients(oauth.db.pool, [hashToken(token)]);
    const good =
      found?.clientId === client.clientId && !found.disabled && oauth.now() < found.expiresAt.getTime();
    return reply.headers({ 'cache-control': 'no-store', pragma: 'no-cache' }).send(
      good
        ? {
            active: true,
            scope: found.scope,
            client_id: found.clientId,
            token_type: 'Bearer',
            exp: Math.floor(found.expiresAt.getTime() / 1000),
          }
        : { active: false },
    );
  };
