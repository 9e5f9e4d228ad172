// Getting back in: each route walked once, with the entries that its answer acknowledges.
import { newClient, signUp } from '../harness/client.ts';
import type { Act, World } from './world.ts';
import { keep, kept, ownAccount } from './world.ts';

const nothing = { token: 'A'.repeat(43) };
const post = (world: World, path: string, body: object) =>
  newClient(world.server.url).call('POST', `/api/recoveries${path}`, { body });

async function begin(world: World, login = world.asha.login) {
  const answer = await keep(world, 'recovery', post(world, '', { login }), 'token');
  world.kept.set('number', answer.json<{ number: string }>().number);
  return answer;
}

export const recoveryActs: readonly Act[] = [
  {
    route: 'GET /api/recoveries',
    act: ({ asha }) => asha.get('/api/recoveries'),
    leaves: [],
    why: ownAccount,
  },
  {
    route: 'POST /api/recoveries',
    act: (world) => begin(world),
    leaves: ['recovery-begin'],
    refused: (world) => post(world, '', { login: 'nobody' }),
  },
  {
    route: 'POST /api/recoveries/state',
    act: (world) => post(world, '/state', { token: kept(world, 'recovery') }),
    leaves: [],
    why: 'tells whoever asked how far it is; nothing of a record, and each step has its entry',
    refused: (world) => post(world, '/state', nothing),
  },
  {
    route: 'POST /api/recoveries/vouch',
    prepare: (world) =>
      world.server.pool.query(
        `insert into authority (patient_id, authority_id, basis, holder_id, level, purpose, starts_at)
         values ($1, gen_random_uuid(), 'guardian', $2, 'manage', 'TREAT', now() - interval '1 hour')`,
        [world.asha.patientId, world.mother.accountId],
      ),
    act: (world) =>
      world.mother.call('POST', '/api/recoveries/vouch', {
        body: { uhid: world.asha.uhid, number: kept(world, 'number') },
      }),
    leaves: ['recovery-vouch'],
  },
  {
    route: 'POST /api/recoveries/stop',
    act: (world) => post(world, '/stop', { token: world.alert().split('#')[1] }),
    leaves: ['recovery-stop'],
    refused: (world) => post(world, '/stop', nothing),
  },
  {
    route: 'POST /api/recoveries/desk',
    act: ({ officer, asha }) => officer.call('POST', '/api/recoveries/desk', { body: { uhid: asha.uhid } }),
    leaves: ['recovery-begin'],
  },
  {
    route: 'DELETE /api/recoveries',
    act: ({ asha }) => asha.call('DELETE', '/api/recoveries'),
    leaves: ['recovery-stop'],
  },
  {
    route: 'POST /api/recoveries/finish',
    prepare: async (world) => {
      const lost = await signUp(world.server.url, { name: 'Lata Sen' });
      await begin(world, lost.login);
      await world.server.pool.query(
        `update account_recovery set vouched_at = now(), ready_at = now() - interval '1 second' where patient_id = $1`,
        [lost.patientId],
      );
    },
    act: (world) =>
      post(world, '/finish', { token: kept(world, 'recovery'), password: 'seven kites over the river' }),
    leaves: ['recovery-done'],
    refused: (world) => post(world, '/finish', { ...nothing, password: 'seven kites over the river' }),
  },
];
