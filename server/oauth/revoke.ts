// POST /oauth/revoke (RFC 7009): a client gives one of its tokens back. Of tokens that are not its own it learns nothing.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { OauthError } from '../errors.ts';
import { hashToken } from '../http/session-cookie.ts';
import { deleteAccessToken } from '../storage/clients.ts';
import { authenticateAny } from './authenticate-client.ts';
import { handOn } from './authorize.ts';
import type { Oauth } from './oauth.ts';
import { provedForm, readForm, recordTokenEvent } from './oauth.ts';
import type { AppProvider } from './provider.ts';

export const revoke =
  (oauth: Oauth, open: () => Promise<AppProvider>) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const form = readForm(request);
    const client = await authenticateAny(oauth, request, form);
    const token = form.get('token');
    if (token === undefined) throw new OauthError(400, 'invalid_request', 'token is missing.');
    if (client.kind === 'app') {
      await recordTokenEvent(oauth, request, 'token-revoke', client, 'app-grant');
      return handOn(oauth, await open(), request, reply, { form: provedForm(form, client.clientId) });
    }
    const ended = await deleteAccessToken(oauth.db.pool, client.clientId, hashToken(token));
    if (ended) await recordTokenEvent(oauth, request, 'token-revoke', client, 'client-credentials');
    return reply.headers({ 'cache-control': 'no-store', pragma: 'no-cache' }).send({});
  };
