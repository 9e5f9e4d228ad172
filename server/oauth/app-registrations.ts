// Registering an app: by somebody who signed in, or by the open door of RFC 7591. Either way it waits: no code and no token leaves for an
// app that no administrator approved.
import type { FastifyReply, FastifyRequest, RouteShorthandOptionsWithHandler } from 'fastify';
import { ApiError, OauthError } from '../errors.ts';
import { limitedAddress } from '../http/client-address.ts';
import { requirePerson, whoOfPerson } from '../http/require-person.ts';
import { decideOnApp, listApps, listAppsOf } from '../storage/app-clients.ts';
import type { Client } from '../storage/clients.ts';
import { disableClient } from '../storage/clients.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import type { Oauth } from './oauth.ts';
import { AppProblem, registerApp } from './register-app.ts';
import { requireAdministrator } from './require-administrator.ts';
import type { AppProof } from './register-app.ts';

const bodyLimit = 64 * 1024;

interface Registration {
  name: string;
  about?: string;
  contact?: string;
  redirectUris: string[];
  launchUri?: string;
  scope: string;
  proof: AppProof;
  jwks?: unknown;
}

/** `POST /api/app-registrations` */
export function postRegistration(oauth: Oauth): RouteShorthandOptionsWithHandler {
  const text = (maxLength: number) => ({ type: 'string', maxLength });
  return {
    bodyLimit,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['name', 'redirectUris', 'scope', 'proof'],
        properties: {
          name: text(200),
          about: text(1000),
          contact: text(400),
          redirectUris: { type: 'array', maxItems: 10, items: text(600) },
          launchUri: text(600),
          scope: text(8000),
          proof: { type: 'string', enum: ['none', 'secret', 'key'] },
          jwks: { type: 'object' },
        },
      },
    },
    async handler(request, reply) {
      const actor = requirePerson(request);
      const { about = '', contact = '', ...wanted } = request.body as Registration;
      try {
        const made = await registerApp(
          oauth,
          whoOfPerson(actor),
          { ...wanted, about, contact },
          { registeredBy: actor.accountId },
        );
        return await reply.code(201).send({ ...made, state: 'waiting' });
      } catch (error) {
        if (!(error instanceof AppProblem)) throw error;
        throw new ApiError(400, 'invalid', error.message, {
          fields: [{ field: error.field, code: 'not-accepted' }],
        });
      }
    },
  };
}

/** `GET /api/app-registrations`: one's own. */
export const getRegistrations = (oauth: Oauth) => async (request: FastifyRequest) => {
  const { accountId } = requirePerson(request);
  return { apps: (await listAppsOf(oauth.db.pool, accountId)).map(shown) };
};

/** `GET /api/admin/apps` */
export const getAllApps = (oauth: Oauth) => async (request: FastifyRequest) => {
  await requireAdministrator(oauth, request);
  return { apps: (await listApps(oauth.db.pool)).map(shown) };
};

/** `POST /api/admin/apps/:id/approve|refuse|disable`: a decision stands; what was approved can be shut. */
export const decideApp =
  (oauth: Oauth, act: 'approve' | 'refuse' | 'disable') =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const actor = await requireAdministrator(oauth, request);
    const { id } = request.params as { id: string };
    const done =
      act === 'disable'
        ? (await listApps(oauth.db.pool)).some(({ clientId }) => clientId === id) &&
          (await disableClient(oauth.db.pool, id, oauth.now()))
        : await decideOnApp(oauth.db.pool, id, act, oauth.now());
    if (!done) throw new ApiError(409, 'app-decided', 'There is no such app, or it was decided on before.');
    await oauth.entries.store(
      sealEntry(
        '',
        {
          event: act === 'disable' ? 'client-disable' : act === 'approve' ? 'app-approve' : 'app-refuse',
          outcome: 'done',
          who: whoOfPerson(actor),
          basis: 'administrator',
          detail: { client: id },
        },
        oauth,
      ),
    );
    return reply.code(204).send();
  };

function shown(app: Client) {
  return {
    id: app.clientId,
    name: app.name,
    about: app.about,
    contact: app.contact,
    redirectUris: app.redirectUris,
    launchUri: app.launchUri,
    scope: app.scope,
    proof: app.jwks ? 'key' : app.secretHash ? 'secret' : 'none',
    registeredAt: app.createdAt,
    state: app.disabledAt ? 'disabled' : app.approvedAt ? 'approved' : app.refusedAt ? 'refused' : 'waiting',
  };
}

interface Metadata {
  client_name?: unknown;
  redirect_uris?: unknown;
  scope?: unknown;
  token_endpoint_auth_method?: unknown;
  jwks?: unknown;
  initiate_login_uri?: unknown;
  contacts?: unknown;
  client_uri?: unknown;
}

const proofOf: Readonly<Record<string, AppProof>> = {
  none: 'none',
  client_secret_basic: 'secret',
  client_secret_post: 'secret',
  private_key_jwt: 'key',
};

/** `POST /oauth/register` (RFC 7591). Not signed in, hence few from one address. */
export const registerByDoor =
  (oauth: Oauth) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    await oauth.attempts.take('register-address', limitedAddress(request.ip));
    const given = metadataOf(request.body);
    const method = given.token_endpoint_auth_method ?? 'client_secret_basic';
    const proof = typeof method === 'string' ? proofOf[method] : undefined;
    if (proof === undefined)
      throw refusal('invalid_client_metadata', 'token_endpoint_auth_method is not offered.');
    const uris = given.redirect_uris;
    if (!Array.isArray(uris) || !uris.every((one) => typeof one === 'string'))
      throw refusal('invalid_redirect_uri', 'redirect_uris is a list of addresses.');
    try {
      const made = await registerApp(
        oauth,
        { role: 'anonymous' },
        {
          name: textOf(given.client_name),
          about: '',
          contact: Array.isArray(given.contacts) ? textOf(given.contacts[0]) : '',
          redirectUris: uris,
          launchUri: typeof given.initiate_login_uri === 'string' ? given.initiate_login_uri : undefined,
          scope: textOf(given.scope),
          proof,
          jwks: given.jwks,
        },
      );
      return await reply
        .code(201)
        .headers({ 'cache-control': 'no-store', pragma: 'no-cache' })
        .send({
          client_id: made.clientId,
          client_id_issued_at: Math.floor(oauth.now() / 1000),
          ...(made.secret === undefined ? {} : { client_secret: made.secret, client_secret_expires_at: 0 }),
          client_name: textOf(given.client_name).trim(),
          redirect_uris: uris,
          grant_types: ['authorization_code', 'refresh_token'],
          response_types: ['code'],
          token_endpoint_auth_method: method,
          scope: made.scope,
        });
    } catch (error) {
      if (!(error instanceof AppProblem)) throw error;
      const code = error.field === 'redirectUris' ? 'invalid_redirect_uri' : 'invalid_client_metadata';
      throw refusal(code, error.message);
    }
  };

function metadataOf(body: unknown): Metadata {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw refusal('invalid_client_metadata', 'A JSON object is expected.');
  return body;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const refusal = (code: string, message: string): OauthError => new OauthError(400, code, message);
