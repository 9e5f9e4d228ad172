// People who ask a doctor, and the doctor’s answers: each route walked once, with the entries that its answer acknowledges.
import type { Answer } from '../harness/client.ts';
import type { Act, World } from './world.ts';
import { keep, kept, ownDealings } from './world.ts';

const offer = { scope: 'whole', purpose: 'TREAT', duration: 'P7D' };

const ask = (world: World): Promise<Answer> =>
  keep(
    world,
    'asked',
    world.asha.call('POST', '/api/doctor-requests', {
      body: { to: world.doctor.accountId, words: 'My knee has hurt since the spring.', offer },
    }),
  );
const asked = (world: World, act: string) => `/api/doctor-requests/${kept(world, 'asked')}/${act}`;

async function blocked(world: World): Promise<void> {
  const [block] = (await world.doctor.get('/api/doctor-blocks')).json<{ id: string }[]>();
  world.kept.set('door', block?.id ?? 'none');
}

export const doctorActs: readonly Act[] = [
  { route: 'POST /api/doctor-requests', act: ask, leaves: ['doctor-ask'] },
  {
    route: 'GET /api/doctor-requests',
    act: ({ asha }) => asha.get('/api/doctor-requests'),
    leaves: [],
    why: ownDealings,
  },
  {
    route: 'POST /api/doctor-requests/:id/accept',
    act: (world) => world.doctor.call('POST', asked(world, 'accept')),
    leaves: ['doctor-answer', 'access-share', 'create'],
  },
  {
    route: 'POST /api/doctor-requests/:id/reject',
    prepare: ask,
    act: (world) =>
      world.doctor.call('POST', asked(world, 'reject'), { body: { reason: 'I take no new patients.' } }),
    leaves: ['doctor-answer'],
  },
  {
    route: 'POST /api/doctor-requests/:id/withdraw',
    prepare: ask,
    act: (world) => world.asha.call('POST', asked(world, 'withdraw')),
    leaves: ['doctor-withdraw'],
  },
  {
    route: 'POST /api/doctor-requests/:id/block',
    prepare: ask,
    act: (world) => world.doctor.call('POST', asked(world, 'block')),
    leaves: ['doctor-block'],
  },
  {
    route: 'GET /api/doctor-blocks',
    act: ({ doctor }) => doctor.get('/api/doctor-blocks'),
    leaves: [],
    why: ownDealings,
  },
  {
    route: 'DELETE /api/doctor-blocks/:id',
    prepare: blocked,
    act: (world) => world.doctor.call('DELETE', `/api/doctor-blocks/${kept(world, 'door')}`),
    leaves: ['doctor-block'],
  },
];
