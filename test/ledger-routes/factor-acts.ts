// Second factors: each route walked once, with the entries that its answer acknowledges. At the end Asha has none again.
import { fromBase32 } from '../../core/sign-in/base32.ts';
import { hotp, stepAt } from '../../core/sign-in/totp.ts';
import type { Answer } from '../harness/client.ts';
import { newClient } from '../harness/client.ts';
import type { Act, World } from './world.ts';
import { again, firstStep, keep, kept, ownAccount, passwordOf } from './world.ts';

async function keepStep(world: World, answer: Promise<Answer>): Promise<void> {
  const { token } = (await answer).json<{ secondStep: { token: string } }>().secondStep;
  world.kept.set('step', token);
}
const passwordGiven = (world: World) =>
  keepStep(
    world,
    newClient(world.server.url).call('POST', '/api/sessions', {
      body: { login: world.asha.login, password: passwordOf(world) },
    }),
  );
const given = (world: World) => ({ token: kept(world, 'step'), factor: 'mail', code: world.code() });
const nothing = { token: 'A'.repeat(43), factor: 'mail', code: '000000' };

export const factorActs: readonly Act[] = [
  { route: 'GET /api/factors', act: ({ asha }) => asha.get('/api/factors'), leaves: [], why: ownAccount },
  // By mail
  {
    route: 'POST /api/mail-step',
    act: (world) => keep(world, 'step', world.asha.call('POST', '/api/mail-step'), 'token'),
    leaves: [],
    why: firstStep,
  },
  {
    route: 'POST /api/mail-step/confirm',
    act: (world) =>
      world.asha.call('POST', '/api/mail-step/confirm', {
        body: { token: kept(world, 'step'), code: world.code() },
      }),
    leaves: ['factor-add'],
  },
  {
    route: 'POST /api/sessions/second/mail',
    prepare: passwordGiven,
    act: (world) =>
      newClient(world.server.url).call('POST', '/api/sessions/second/mail', {
        body: { token: kept(world, 'step') },
      }),
    leaves: [],
    why: firstStep,
    refused: ({ server }) =>
      newClient(server.url).call('POST', '/api/sessions/second/mail', { body: { token: nothing.token } }),
  },
  {
    route: 'POST /api/sessions/second',
    act: (world) => newClient(world.server.url).call('POST', '/api/sessions/second', { body: given(world) }),
    leaves: ['sign-in'],
    refused: ({ server }) => newClient(server.url).call('POST', '/api/sessions/second', { body: nothing }),
  },
  {
    route: 'POST /api/reauthenticate/second/mail',
    prepare: (world) => keepStep(world, again(world)),
    act: (world) =>
      world.asha.call('POST', '/api/reauthenticate/second/mail', { body: { token: kept(world, 'step') } }),
    leaves: [],
    why: firstStep,
  },
  {
    route: 'POST /api/reauthenticate/second',
    act: (world) => world.asha.call('POST', '/api/reauthenticate/second', { body: given(world) }),
    leaves: ['sign-in'],
  },
  // An authenticator app
  {
    route: 'POST /api/totp',
    act: (world) => keep(world, 'secret', world.asha.call('POST', '/api/totp'), 'secret'),
    leaves: [],
    why: firstStep,
  },
  {
    route: 'POST /api/totp/confirm',
    act: (world) => {
      const secret = fromBase32(kept(world, 'secret')) ?? new Uint8Array();
      const body = { code: hotp(secret, stepAt(Date.now())) };
      return world.asha.call('POST', '/api/totp/confirm', { body });
    },
    leaves: ['factor-add'],
  },
  {
    route: 'POST /api/recovery-codes',
    act: ({ asha }) => asha.call('POST', '/api/recovery-codes'),
    leaves: ['recovery-codes'],
  },
  {
    route: 'DELETE /api/totp',
    act: ({ asha }) => asha.call('DELETE', '/api/totp'),
    leaves: ['factor-remove'],
  },
  {
    route: 'DELETE /api/mail-step',
    act: ({ asha }) => asha.call('DELETE', '/api/mail-step'),
    leaves: ['factor-remove'],
  },
];
