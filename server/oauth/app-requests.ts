// The question that a person is asked when an app wants to be let in: what it would see, for which record, and their answer. The
// request belongs to the browser that the app sent here: a link that somebody else passes on opens nothing.
import type { FastifyReply, FastifyRequest, RouteShorthandOptionsWithHandler } from 'fastify';
import type { AppScope } from '../../core/access/app-scopes.ts';
import { appScopeText, holds, meetAppScopes } from '../../core/access/app-scopes.ts';
import { displayName } from '../../core/record/human-name.ts';
import { ApiError } from '../errors.ts';
import { agentFamily } from '../http/agent-family.ts';
import { requirePerson, whoOfPerson } from '../http/require-person.ts';
import type { PersonActor } from '../http/actor.ts';
import { hashToken } from '../http/session-cookie.ts';
import { deleteAppLaunch, findAppLaunch, findPatientNames, insertAppGrant } from '../storage/app-grants.ts';
import { listAuthorities } from '../storage/authorities.ts';
import type { Client } from '../storage/clients.ts';
import { findClient } from '../storage/clients.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import { inTransaction } from '../storage/transaction.ts';
import { writeBatch } from '../storage/write-batch.ts';
import { isPlainScope, readAppScopes, wordsOf } from './app-scopes.ts';
import { forLibrary } from './authorize.ts';
import type { Oauth } from './oauth.ts';
import { fhirBaseOf } from './oauth.ts';
import type { AppProvider } from './provider.ts';
import { longestGrantSeconds } from './provider.ts';

type Interaction = Awaited<ReturnType<AppProvider['provider']['interactionDetails']>>;

interface Asked {
  provider: AppProvider['provider'];
  interaction: Interaction;
  client: Client;
  /** What it would get at most: asked for and registered. */
  scopes: readonly AppScope[];
  plain: readonly string[];
  people: { id: string; name: string; own: boolean }[];
  /** The record is chosen already: the app was opened from inside Medallion. */
  chosen?: string;
  launchHash?: Buffer;
}

const gone = () =>
  new ApiError(
    404,
    'app-request-gone',
    'This request is over, or it was begun in another browser. Go back to the app and begin again.',
  );

async function readAsked(
  oauth: Oauth,
  open: () => Promise<AppProvider>,
  request: FastifyRequest,
  reply: FastifyReply,
  actor: PersonActor,
): Promise<Asked> {
  const { provider } = await open();
  const { id } = request.params as { id: string };
  const interaction = await provider
    .interactionDetails(forLibrary(oauth, request), reply.raw)
    .catch(() => undefined);
  if (!interaction || interaction.uid !== id || interaction.result !== undefined) throw gone();
  const { params } = interaction;
  const client = await findClient(oauth.db.pool, String(params['client_id']));
  if (client?.kind !== 'app' || !client.approvedAt || client.disabledAt) throw gone();
  const words = wordsOf(params['scope']);
  const registered = wordsOf(client.scope);
  const scopes = meetAppScopes(readAppScopes(oauth, words.join(' ')), readAppScopes(oauth, client.scope));
  const plain = words.filter((word) => isPlainScope(word) && registered.includes(word));
  const authorities = actor.holdsAuthorities
    ? await listAuthorities(oauth.db.pool, actor.accountId, oauth.now())
    : [];
  const others = [...new Set(authorities.map(({ patientId }) => patientId))].filter(
    (one) => one !== actor.patientId,
  );
  const names = await findPatientNames(oauth.db.pool, others);
  const people = [
    { id: actor.patientId, name: actor.name, own: true },
    ...others.map((one) => ({ id: one, name: displayName(names.get(one)), own: false })),
  ];
  const asked = { provider, interaction, client, scopes, plain, people };
  if (typeof params['launch'] !== 'string') return asked;
  const launchHash = hashToken(params['launch']);
  const launch = await findAppLaunch(oauth.db.pool, launchHash, oauth.now());
  const fits =
    launch?.clientId === client.clientId &&
    launch.accountId === actor.accountId &&
    people.some(({ id: one }) => one === launch.patientId);
  if (!fits) throw gone();
  return { ...asked, chosen: launch.patientId, launchHash };
}

/** `GET /api/app-requests/:id` */
export const getAppRequest =
  (oauth: Oauth, open: () => Promise<AppProvider>) =>
  async (request: FastifyRequest, reply: FastifyReply) => {
    const { interaction, client, scopes, plain, people, chosen } = await readAsked(
      oauth,
      open,
      request,
      reply,
      requirePerson(request),
    );
    return {
      app: {
        id: client.clientId,
        name: client.name,
        about: client.about,
        contact: client.contact,
        goesTo: hostOf(String(interaction.params['redirect_uri'])),
      },
      scopes: scopes.map((scope) => ({
        text: appScopeText(scope),
        level: scope.level,
        types: scope.types,
        letters: scope.letters,
        ...(scope.filter ? { filter: scope.filter.text } : {}),
      })),
      learnsWhoYouAre: plain.includes('fhirUser') || plain.includes('profile') || plain.includes('openid'),
      comesBack: plain.includes('offline_access'),
      people: chosen === undefined ? people : people.filter(({ id }) => id === chosen),
    };
  };

function hostOf(redirectUri: string): string {
  const { protocol, host } = new URL(redirectUri);
  return protocol === 'https:' || protocol === 'http:' ? host : protocol.replace(':', '');
}

interface Allowed {
  patient: string;
  scopes: string[];
  comesBack: boolean;
}

/** `POST /api/app-requests/:id/allow` {patient, scopes, comesBack}: never more than was asked for, and for one record. */
export function allowApp(oauth: Oauth, open: () => Promise<AppProvider>): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit: 64 * 1024,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['patient', 'scopes', 'comesBack'],
        properties: {
          patient: { type: 'string', maxLength: 64 },
          scopes: { type: 'array', maxItems: 300, items: { type: 'string', maxLength: 600 } },
          comesBack: { type: 'boolean' },
        },
      },
    },
    async handler(request, reply) {
      const actor = requirePerson(request);
      const asked = await readAsked(oauth, open, request, reply, actor);
      const { patient, scopes, comesBack } = request.body as Allowed;
      const given = readAppScopes(oauth, scopes.join(' '));
      const beyond = given.find((one) => !asked.scopes.some((wide) => holds(wide, one)));
      if (beyond || given.length !== scopes.length)
        throw new ApiError(400, 'invalid', 'More is given than the app asked for.', {
          fields: [{ field: 'scopes', code: 'not-asked-for' }],
        });
      const person = asked.people.find(({ id }) => id === patient);
      if (!person || (asked.chosen !== undefined && asked.chosen !== patient))
        throw new ApiError(404, 'not-found', 'There is no such person, or you may not act for them.');
      const plain = asked.plain.filter((word) => word !== 'offline_access' || comesBack);
      const redirect = await letIn(oauth, request, actor, asked, {
        patientId: patient,
        plain,
        data: given.map(appScopeText),
        offline: comesBack && asked.plain.includes('offline_access'),
      });
      return { redirect };
    },
  };
}

async function letIn(
  oauth: Oauth,
  request: FastifyRequest,
  actor: PersonActor,
  { provider, interaction, client, launchHash }: Asked,
  given: { patientId: string; plain: readonly string[]; data: readonly string[]; offline: boolean },
): Promise<string> {
  const nowMs = oauth.now();
  const grant = new provider.Grant({ accountId: actor.accountId, clientId: client.clientId });
  if (given.plain.length > 0) grant.addOIDCScope(given.plain.join(' '));
  if (given.data.length > 0) grant.addResourceScope(fhirBaseOf(oauth), given.data.join(' '));
  const grantId = await grant.save();
  const scope = [...given.plain, ...given.data].join(' ');
  await inTransaction(oauth.db.pool, async (db) => {
    await insertAppGrant(db, {
      grantId,
      accountId: actor.accountId,
      clientId: client.clientId,
      patientId: given.patientId,
      sessionId: given.offline ? undefined : actor.sessionId,
      scope,
      second: actor.second,
      createdAtMs: nowMs,
      expiresAtMs: nowMs + longestGrantSeconds * 1000,
    });
    if (launchHash) await deleteAppLaunch(db, launchHash);
    const entry = {
      event: 'app-allow' as const,
      outcome: 'done' as const,
      who: whoOfPerson(actor),
      basis: given.patientId === actor.patientId ? 'self' : 'acting-for',
      agent: agentFamily(request.headers['user-agent']),
      detail: { app: client.name, client: client.clientId, scope, comesBack: given.offline },
    };
    const chains = new Set([actor.patientId, given.patientId]);
    await writeBatch(db, {
      versions: [],
      entries: [...chains].map((patientId) => sealEntry(patientId, entry, oauth)),
    });
  });
  // From here on the request is about what was given and nothing else: codes and tokens carry these very words.
  interaction.params['scope'] = scope;
  interaction.result = {
    login: { accountId: actor.accountId, remember: false },
    consent: { grantId },
  };
  return finish(oauth, interaction);
}

/** `POST /api/app-requests/:id/refuse` */
export const refuseApp =
  (oauth: Oauth, open: () => Promise<AppProvider>) =>
  async (request: FastifyRequest, reply: FastifyReply) => {
    const { interaction } = await readAsked(oauth, open, request, reply, requirePerson(request));
    interaction.result = { error: 'access_denied', error_description: 'the person did not let the app in' };
    return { redirect: await finish(oauth, interaction) };
  };

async function finish(oauth: Oauth, interaction: Interaction): Promise<string> {
  await interaction.save(Math.max(1, interaction.exp - Math.floor(Date.now() / 1000)));
  return `${oauth.config.publicUrl}${new URL(interaction.returnTo).pathname}`;
}
