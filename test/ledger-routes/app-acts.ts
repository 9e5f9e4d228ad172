// Programs and apps: each route walked once, with the entries that its answer acknowledges.
import type { AppBrowser, AppTokens } from '../harness/app.ts';
import {
  appBrowser,
  approvedApp,
  authorizeAddress,
  openQuestion,
  pkce,
  postForm,
  tokensOf,
} from '../harness/app.ts';
import type { Answer } from '../harness/client.ts';
import { newClient } from '../harness/client.ts';
import { basicOf } from '../harness/program.ts';
import type { Act, World } from './world.ts';
import { firstStep, keep, kept, ownAccount } from './world.ts';

const tokens = new WeakMap<World, AppTokens>();
const browsers = new WeakMap<World, AppBrowser>();

async function question(world: World, scope = 'launch/patient patient/*.rs'): Promise<void> {
  const app = await approvedApp(world.server, {});
  const browser = appBrowser(world.server, world.asha);
  const opened = await openQuestion(browser, authorizeAddress(world.server, app, pkce(), { scope }));
  browsers.set(world, browser);
  world.kept.set('question', opened.requestId);
}
async function addressOf(world: World): Promise<void> {
  const app = await approvedApp(world.server);
  world.kept.set('address', authorizeAddress(world.server, app, pkce()));
}
const inBrowser = (world: World, path: string, body?: object): Promise<Answer> => {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  return (browsers.get(world) ?? appBrowser(world.server)).go(path, init);
};
const registration = {
  name: 'Growth Chart',
  about: 'Draws curves.',
  contact: 'app@example.org',
  redirectUris: ['https://app.test/cb'],
  scope: 'launch/patient patient/*.rs',
  proof: 'none',
};
const register = (world: World) =>
  keep(
    world,
    'registered',
    world.asha.call('POST', '/api/app-registrations', { body: registration }),
    'clientId',
  );
const decide = (act: string, leaves: readonly string[], prepare?: Act['prepare']): Act => ({
  route: `POST /api/admin/apps/:id/${act}`,
  ...(prepare ? { prepare } : {}),
  act: (world) => world.administrator.call('POST', `/api/admin/apps/${kept(world, 'registered')}/${act}`),
  leaves,
});

const discovery = 'says what this server can do; nothing of anybody';

export const appActs: readonly Act[] = [
  // Programs and apps
  {
    route: 'POST /oauth/token',
    act: ({ server, hospital }) =>
      postForm(
        server,
        '/oauth/token',
        { grant_type: 'client_credentials' },
        { authorization: basicOf(hospital.clientId, hospital.secret) },
      ),
    leaves: ['token-issue'],
    refused: ({ server, hospital }) =>
      postForm(
        server,
        '/oauth/token',
        { grant_type: 'client_credentials' },
        { authorization: basicOf(hospital.clientId, 'wrong') },
      ),
  },
  {
    route: 'POST /oauth/introspect',
    prepare: async (world) => {
      const app = await approvedApp(world.server);
      tokens.set(world, await tokensOf(world.server, world.asha, app));
      world.kept.set('app', app.clientId);
    },
    act: (world) =>
      postForm(world.server, '/oauth/introspect', {
        token: tokens.get(world)?.access_token,
        client_id: kept(world, 'app'),
      }),
    leaves: [],
    why: 'tells an app whether its own token is still one',
  },
  {
    route: 'POST /oauth/revoke',
    act: ({ server, hospital }) =>
      postForm(
        server,
        '/oauth/revoke',
        { token: hospital.token },
        { authorization: basicOf(hospital.clientId, hospital.secret) },
      ),
    leaves: ['token-revoke'],
    refused: ({ server, hospital }) =>
      postForm(
        server,
        '/oauth/revoke',
        { token: hospital.token },
        { authorization: basicOf(hospital.clientId, 'wrong') },
      ),
  },
  {
    route: 'POST /oauth/register',
    act: ({ server }) =>
      newClient(server.url).call('POST', '/oauth/register', {
        body: {
          client_name: 'Growth Chart',
          redirect_uris: registration.redirectUris,
          scope: registration.scope,
          token_endpoint_auth_method: 'none',
        },
      }),
    leaves: ['app-register'],
    refused: ({ server }) => newClient(server.url).call('POST', '/oauth/register', { body: {} }),
  },
  {
    route: 'GET /oauth/authorize',
    status: 303,
    prepare: addressOf,
    act: (world) => appBrowser(world.server, world.asha).go(kept(world, 'address')),
    leaves: [],
    why: firstStep,
  },
  {
    route: 'POST /oauth/authorize',
    status: 303,
    prepare: addressOf,
    act: (world) => {
      const [path = '', body = ''] = kept(world, 'address').split('?');
      const type = 'application/x-www-form-urlencoded';
      return appBrowser(world.server, world.asha).go(path, { method: 'POST', body, type });
    },
    leaves: [],
    why: firstStep,
  },
  {
    route: 'GET /api/app-requests/:id',
    prepare: (world) => question(world),
    act: (world) => inBrowser(world, `/api/app-requests/${kept(world, 'question')}`),
    leaves: [],
    why: firstStep,
  },
  {
    route: 'POST /api/app-requests/:id/allow',
    act: async (world) => {
      const answer = await inBrowser(world, `/api/app-requests/${kept(world, 'question')}/allow`, {
        patient: world.asha.patientId,
        scopes: ['patient/*.rs'],
        comesBack: false,
      });
      world.kept.set('resume', answer.json<{ redirect?: string }>().redirect ?? '');
      return answer;
    },
    leaves: ['app-allow'],
    refused: (world) => {
      return appBrowser(world.server, world.stranger).go(
        `/api/app-requests/${kept(world, 'question')}/allow`,
        {
          method: 'POST',
          body: JSON.stringify({ patient: world.stranger.patientId, scopes: [], comesBack: false }),
        },
      );
    },
  },
  {
    route: 'GET /oauth/authorize/:uid',
    status: 303,
    act: (world) => inBrowser(world, kept(world, 'resume')),
    leaves: [],
    why: 'goes back to the app with a code; letting it in has its entry',
  },
  {
    route: 'POST /api/app-requests/:id/refuse',
    prepare: (world) => question(world),
    act: (world) => inBrowser(world, `/api/app-requests/${kept(world, 'question')}/refuse`, {}),
    leaves: [],
    why: 'nothing was asked of a record and nothing is given',
  },
  { route: 'POST /api/app-registrations', act: register, leaves: ['app-register'] },
  {
    route: 'GET /api/app-registrations',
    act: ({ asha }) => asha.get('/api/app-registrations'),
    leaves: [],
    why: ownAccount,
  },
  {
    route: 'GET /api/admin/apps',
    act: ({ administrator }) => administrator.get('/api/admin/apps'),
    leaves: [],
    why: 'lists programs; nothing of anybody’s record',
  },
  decide('approve', ['app-approve']),
  decide('disable', ['client-disable']),
  decide('refuse', ['app-refuse'], register),
  {
    route: 'GET /api/apps',
    act: async (world) => {
      const answer = await world.asha.get('/api/apps');
      world.kept.set('let in', answer.json<{ letIn: { id: string }[] }>().letIn[0]?.id ?? 'none');
      return answer;
    },
    leaves: [],
    why: ownAccount,
  },
  {
    route: 'POST /api/apps/:id/end',
    act: (world) => world.asha.call('POST', `/api/apps/${kept(world, 'let in')}/end`),
    leaves: ['app-end'],
  },
  {
    route: 'POST /api/apps/launches',
    prepare: async (world) => {
      const app = await approvedApp(world.server, { launchUri: 'https://app.test/launch' });
      world.kept.set('launched', app.clientId);
    },
    act: (world) => world.asha.call('POST', '/api/apps/launches', { body: { app: kept(world, 'launched') } }),
    leaves: [],
    why: firstStep,
  },
  ...['/oauth/jwks', '/.well-known/oauth-authorization-server', '/.well-known/openid-configuration'].map(
    (path): Act => ({
      route: `GET ${path}`,
      act: ({ asha }) => asha.get(path),
      leaves: [],
      why: discovery,
    }),
  ),
];
