// Accounts and their ways in: each route walked once, with the entries that its answer acknowledges.
import type { Authenticator } from '../harness/authenticator.ts';
import { newAuthenticator } from '../harness/authenticator.ts';
import type { Answer } from '../harness/client.ts';
import { goodPassword, newClient } from '../harness/client.ts';
import type { Act, World } from './world.ts';
import { again, firstStep, keep, kept, ownAccount, passwordOf } from './world.ts';

const devices = new WeakMap<World, Authenticator>();
const deviceOf = (world: World): Authenticator => {
  const known = devices.get(world) ?? newAuthenticator(world.server.url);
  devices.set(world, known);
  return known;
};
const optionsOf = async (answer: Promise<Answer>) =>
  (await answer).json<{ challenge: string; rp: { id?: string }; user: { id: string } }>();
const signIn = (world: World) =>
  newClient(world.server.url).call('POST', '/api/sessions', {
    body: { login: world.asha.login, password: passwordOf(world) },
  });

export const accountActs: readonly Act[] = [
  // Accounts
  {
    route: 'POST /api/sign-up',
    act: ({ server }) =>
      newClient(server.url).call('POST', '/api/sign-up', {
        body: { login: 'walked@example.org', password: goodPassword, name: 'Wali Khan' },
      }),
    leaves: ['create', 'sign-up'],
    refused: ({ asha, server }) =>
      newClient(server.url).call('POST', '/api/sign-up', {
        body: { login: asha.login, password: 'password', name: 'Wali Khan' },
      }),
  },
  {
    route: 'POST /api/sessions',
    act: signIn,
    leaves: ['sign-in'],
    refused: ({ asha, server }) =>
      newClient(server.url).call('POST', '/api/sessions', {
        body: { login: asha.login, password: 'copper lantern 74 rain' },
      }),
  },
  { route: 'GET /api/sessions', act: ({ asha }) => asha.get('/api/sessions'), leaves: [], why: ownAccount },
  {
    route: 'DELETE /api/sessions/:id',
    prepare: async (world) => {
      await signIn(world);
      const sessions = (await world.asha.get('/api/sessions')).json<{ id: string; current: boolean }[]>();
      world.kept.set('session', sessions.find(({ current }) => !current)?.id ?? 'none');
    },
    act: (world) => world.asha.call('DELETE', `/api/sessions/${kept(world, 'session')}`),
    leaves: ['session-end'],
  },
  {
    route: 'DELETE /api/sessions',
    prepare: signIn,
    act: ({ asha }) => asha.call('DELETE', '/api/sessions'),
    leaves: ['session-end'],
  },
  { route: 'POST /api/reauthenticate', act: again, leaves: ['sign-in'] },
  {
    route: 'PUT /api/password',
    act: async (world) => {
      const body = { current: goodPassword, next: `${goodPassword}!` };
      const answer = await world.asha.call('PUT', '/api/password', { body });
      world.kept.set('password', body.next);
      return answer;
    },
    leaves: ['password-change'],
  },
  { route: 'GET /api/me', act: ({ asha }) => asha.get('/api/me'), leaves: [], why: ownAccount },
  {
    route: 'PUT /api/me/language',
    act: ({ asha }) => asha.call('PUT', '/api/me/language', { body: { language: 'en' } }),
    leaves: [],
    why: 'the language of the own screens: a setting of the account, not of the record',
  },
  { route: 'GET /api/me/alias', act: ({ asha }) => asha.get('/api/me/alias'), leaves: [], why: ownAccount },
  {
    route: 'PUT /api/me/alias',
    act: ({ asha }) => asha.call('PUT', '/api/me/alias', { body: { alias: 'asha.walked' } }),
    leaves: ['update', 'alias-change'],
  },
  // Passkeys
  {
    route: 'POST /api/passkeys/options',
    act: ({ asha }) => asha.call('POST', '/api/passkeys/options'),
    leaves: [],
    why: firstStep,
  },
  {
    route: 'POST /api/passkeys',
    act: async (world) => {
      const options = await optionsOf(world.asha.call('POST', '/api/passkeys/options'));
      const body = { label: 'My phone', credential: deviceOf(world).register(options) };
      return keep(world, 'passkey', world.asha.call('POST', '/api/passkeys', { body }));
    },
    leaves: ['passkey-add'],
  },
  { route: 'GET /api/passkeys', act: ({ asha }) => asha.get('/api/passkeys'), leaves: [], why: ownAccount },
  {
    route: 'POST /api/sessions/passkey/options',
    act: ({ server }) => newClient(server.url).call('POST', '/api/sessions/passkey/options'),
    leaves: [],
    why: firstStep,
  },
  {
    route: 'POST /api/sessions/passkey',
    act: async (world) => {
      const client = newClient(world.server.url);
      const options = await optionsOf(client.call('POST', '/api/sessions/passkey/options'));
      return client.call('POST', '/api/sessions/passkey', {
        body: { credential: deviceOf(world).answer(options) },
      });
    },
    leaves: ['sign-in'],
    refused: async (world) => {
      const client = newClient(world.server.url);
      const options = await optionsOf(client.call('POST', '/api/sessions/passkey/options'));
      return client.call('POST', '/api/sessions/passkey', {
        body: { credential: newAuthenticator(world.server.url).answer(options) },
      });
    },
  },
  {
    route: 'POST /api/reauthenticate/passkey/options',
    act: ({ asha }) => asha.call('POST', '/api/reauthenticate/passkey/options'),
    leaves: [],
    why: firstStep,
  },
  {
    route: 'POST /api/reauthenticate/passkey',
    act: async (world) => {
      const options = await optionsOf(world.asha.call('POST', '/api/reauthenticate/passkey/options'));
      return world.asha.call('POST', '/api/reauthenticate/passkey', {
        body: { credential: deviceOf(world).answer(options) },
      });
    },
    leaves: ['sign-in'],
  },
  {
    route: 'DELETE /api/passkeys/:id',
    act: (world) => world.asha.call('DELETE', `/api/passkeys/${kept(world, 'passkey')}`),
    leaves: ['passkey-remove'],
  },
];
