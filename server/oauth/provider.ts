// The authorization library, set up for SMART App Launch: code with PKCE (S256), rotating refresh tokens, identity tokens. It is loaded
// when the first app asks. Who a client is was proved before; whom an app acts for and how much it gets is said by `app-requests.ts`.
import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import type { Configuration, KoaContextWithOIDC, Provider } from 'oidc-provider';
import { findOwnAccount } from '../storage/accounts.ts';
import { isPlainScope, plainScopes, readAppScope, wordsOf } from './app-scopes.ts';
import { errorPage } from './error-page.ts';
import { fhirUserOf } from './fhir-user.ts';
import type { Oauth } from './oauth.ts';
import { fhirBaseOf } from './oauth.ts';
import { providerAdapter } from './provider-adapter.ts';
import { openProviderKeys, providerKeysTime } from './provider-keys.ts';
import { finishIntrospection, finishToken } from './token-answer.ts';

export const accessTokenSeconds = 900;
const codeSeconds = 60;
const requestSeconds = 900;
const refreshTokenSeconds = 30 * 86_400;
/** However often it is renewed: after this the person is asked again. */
export const longestGrantSeconds = 90 * 86_400;

export const cookieNames = {
  session: '__Host-oauth',
  interaction: '__Host-oauth-request',
  resume: 'oauth-resume',
} as const;

export interface AppProvider {
  provider: Provider;
  /** The request of ours that a request of the library's came with. */
  cameWith: WeakMap<IncomingMessage, FastifyRequest>;
}

/** Loaded when first needed, so that a start does not wait for it, and anew when the operator changed its keys. */
export function appProvider(oauth: Oauth): () => Promise<AppProvider> {
  let opened: { keysOf: number | undefined; provider: Promise<AppProvider> } | undefined;
  return async () => {
    const keysOf = await providerKeysTime(oauth);
    if (opened && (opened.keysOf === undefined || opened.keysOf === keysOf)) {
      // The very first opening made the keys that it found to be missing.
      opened.keysOf ??= keysOf;
      return opened.provider;
    }
    const now = {
      keysOf,
      provider: open(oauth).catch((error: unknown) => {
        opened = undefined;
        throw error;
      }),
    };
    opened = now;
    return now.provider;
  };
}

async function open(oauth: Oauth): Promise<AppProvider> {
  const [library, keys] = await Promise.all([import('oidc-provider'), openProviderKeys(oauth)]);
  const { publicUrl } = oauth.config;
  const fhirBase = fhirBaseOf(oauth);
  const cameWith: AppProvider['cameWith'] = new WeakMap();
  const { InvalidRequest, InvalidScope, InvalidTarget, InvalidGrant } = library.errors;
  const cookie = { signed: true, httpOnly: true, secure: true, sameSite: 'lax', path: '/' } as const;
  const policy = library.interactionPolicy.base();
  // Every request is asked about anew: nobody is let in by what was said to another app, or to this one before.
  policy
    .get('login')
    ?.checks.add(
      new library.interactionPolicy.Check(
        'asked-each-time',
        'The person is asked each time.',
        (ctx) => ctx.oidc.result?.login === undefined,
      ),
    );
  const configuration: Configuration = {
    adapter: providerAdapter(oauth, {
      usedBefore: () => new InvalidGrant('it was used before'),
      givesBack: () => library.Provider.ctx?.oidc.route === 'revocation',
    }),
    jwks: keys.jwks,
    cookies: { keys: keys.cookieSecrets, names: cookieNames, long: cookie, short: cookie },
    clientAuthMethods: ['none'],
    responseTypes: ['code'],
    allowOmittingSingleRegisteredRedirectUri: false,
    scopes: [...plainScopes],
    claims: { openid: ['sub'], fhirUser: ['fhirUser'], profile: ['fhirUser'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    rotateRefreshToken: true,
    expiresWithSession: () => false,
    issueRefreshToken: (_ctx, _client, code) => code.scopes.has('offline_access'),
    routes: {
      authorization: '/oauth/authorize',
      token: '/oauth/token',
      jwks: '/oauth/jwks',
      revocation: '/oauth/revoke',
      introspection: '/oauth/introspect',
    },
    ttl: {
      AccessToken: accessTokenSeconds,
      AuthorizationCode: codeSeconds,
      IdToken: accessTokenSeconds,
      Interaction: requestSeconds,
      Session: requestSeconds,
      RefreshToken: refreshTokenSeconds,
      Grant: longestGrantSeconds,
    },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      clientCredentials: { enabled: false },
      revocation: {
        enabled: true,
        allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId,
      },
      introspection: {
        enabled: true,
        allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId,
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => fhirBase,
        useGrantedResource: () => true,
        getResourceServerInfo(ctx, resource) {
          if (resource !== fhirBase)
            throw new InvalidTarget('this server gives access to its own records only');
          return {
            scope: dataWordsOf(ctx).join(' '),
            audience: fhirBase,
            accessTokenTTL: accessTokenSeconds,
            accessTokenFormat: 'opaque' as const,
          };
        },
      },
    },
    extraParams: {
      aud(ctx, value) {
        // Where the app means to use the token: a server that only poses as this one cannot get one for it.
        if (value !== fhirBase) throw new InvalidRequest('aud must be the address of this FHIR server');
        for (const word of wordsOf(ctx.oidc.params?.['scope'])) {
          const problem = isPlainScope(word) ? undefined : readAppScope(oauth, word);
          // Words that are no scopes over data may mean something elsewhere: they are left out of what is given.
          if (typeof problem === 'string' && problem !== 'for-programs' && /[/.]/.test(word))
            throw new InvalidScope('a scope is not understood', word);
        }
      },
      launch() {
        // What it stands for is found out when the person is asked.
      },
    },
    async findAccount(_ctx, id) {
      const own = await findOwnAccount(oauth.db.pool, id);
      if (!own) return undefined;
      const fhirUser = await fhirUserOf(oauth, own);
      return {
        accountId: own.accountId,
        claims: () => ({ sub: own.accountId, fhirUser }),
      };
    },
    async loadExistingGrant(ctx) {
      const grantId = ctx.oidc.result?.consent?.grantId;
      return grantId === undefined ? undefined : ctx.oidc.provider.Grant.find(grantId);
    },
    interactions: {
      policy,
      url: (_ctx, interaction) => `${publicUrl}/apps/authorise?request=${interaction.uid}`,
    },
    renderError(ctx, out) {
      ctx.type = 'html';
      ctx.body = errorPage(out.error);
    },
  };
  const provider = new library.Provider(publicUrl, configuration);
  // Our own addresses come from the configuration, never from what a request says of itself.
  provider.proxy = true;
  provider.use(async (ctx, next) => {
    await next();
    const request = cameWith.get(ctx.req);
    if (request === undefined) return;
    if (ctx.path === '/oauth/token') await finishToken(oauth, request, ctx as KoaContextWithOIDC);
    if (ctx.path === '/oauth/introspect') await finishIntrospection(oauth, ctx as KoaContextWithOIDC);
  });
  return { provider, cameWith };
}

/** The words over data that this request is about: those asked for, or those that its code or refresh token stand for. */
function dataWordsOf(ctx: KoaContextWithOIDC): string[] {
  const { params, entities } = ctx.oidc;
  const texts = [params?.['scope'], entities.AuthorizationCode?.scope, entities.RefreshToken?.scope];
  const words = texts.flatMap(wordsOf);
  return [...new Set(words)].filter((word) => !isPlainScope(word));
}
