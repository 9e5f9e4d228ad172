// Who looks after whom: each route walked once, with the entries that its answer acknowledges.
import sharp from 'sharp';
import type { Answer, Person } from '../harness/client.ts';
import type { Act, World } from './world.ts';
import { keep, kept, ownDealings } from './world.ts';

const invite = (world: World, patient: string | undefined, from: Person, to: Person, more: object = {}) =>
  keep(
    world,
    'invite',
    from.call('POST', '/api/guardians/invites', {
      body: {
        to: to.login,
        level: 'manage',
        relationship: 'FTH',
        evidence: patient === undefined ? 'wish' : 'parent',
        ...(patient === undefined ? {} : { patient }),
        ...more,
      },
    }),
  );
const inviteAct = (world: World, act = '') => `/api/guardians/invites/${kept(world, 'invite')}${act}`;
const accept = (world: World, as: Person) =>
  keep(world, 'guardian', as.call('POST', inviteAct(world, '/accept')));

async function addChild(world: World): Promise<Answer> {
  const answer = await world.mother.call('POST', '/api/dependants', {
    body: { name: 'Arjun Rao', birthDate: '2017-05-31', relationship: 'MTH' },
  });
  if (answer.status === 201) world.kept.set('child', answer.json<{ patient: { id: string } }>().patient.id);
  return answer;
}
async function childOfTwo(world: World): Promise<void> {
  await addChild(world);
  await invite(world, kept(world, 'child'), world.mother, world.father);
  await accept(world, world.father);
}

export const guardianActs: readonly Act[] = [
  // Guardians
  { route: 'POST /api/dependants', act: addChild, leaves: ['create', 'create', 'dependant-add'] },
  {
    route: 'GET /api/photo',
    what: 'of somebody else',
    prepare: async (world) =>
      world.mother.call('PUT', `/api/photo?patient=${kept(world, 'child')}`, {
        body: await sharp({ create: { width: 400, height: 500, channels: 3, background: '#c96' } })
          .jpeg()
          .toBuffer(),
        headers: { 'content-type': 'image/jpeg' },
      }),
    act: (world) => world.mother.get(`/api/photo?patient=${kept(world, 'child')}`),
    leaves: ['file'],
  },
  {
    route: 'POST /api/guardians/invites',
    act: (world) => invite(world, kept(world, 'child'), world.mother, world.father),
    leaves: ['guardian-invite'],
  },
  {
    route: 'GET /api/guardians/invites',
    act: ({ father }) => father.get('/api/guardians/invites'),
    leaves: [],
    why: ownDealings,
  },
  {
    route: 'GET /api/guardians/invites/:invite',
    act: (world) => world.father.get(inviteAct(world)),
    leaves: [],
    why: ownDealings,
  },
  {
    route: 'POST /api/guardians/invites/:invite/accept',
    act: (world) => accept(world, world.father),
    leaves: ['guardian-accept', 'create'],
  },
  {
    route: 'GET /api/guardians',
    act: (world) => world.mother.get(`/api/guardians?patient=${kept(world, 'child')}`),
    leaves: ['search'],
  },
  {
    route: 'POST /api/guardians/export-agreement',
    act: (world) =>
      world.mother.call('POST', `/api/guardians/export-agreement?patient=${kept(world, 'child')}`),
    leaves: ['guardian-agree'],
  },
  {
    route: 'PUT /api/guardians/:id',
    prepare: async (world) => {
      await invite(world, undefined, world.asha, world.mother);
      await accept(world, world.mother);
    },
    act: (world) =>
      world.asha.call('PUT', `/api/guardians/${kept(world, 'guardian')}`, { body: { level: 'view' } }),
    leaves: ['guardian-change'],
  },
  {
    route: 'DELETE /api/guardians/:id',
    act: (world) => world.asha.call('DELETE', `/api/guardians/${kept(world, 'guardian')}`),
    leaves: ['guardian-end', 'update'],
  },
  {
    route: 'DELETE /api/guardians/invites/:invite',
    prepare: (world) => invite(world, undefined, world.asha, world.mother),
    act: (world) => world.asha.call('DELETE', inviteAct(world)),
    leaves: ['guardian-decline'],
  },
  {
    route: 'POST /api/guardians/invites/:invite/decline',
    prepare: (world) => invite(world, undefined, world.asha, world.mother),
    act: (world) => world.mother.call('POST', inviteAct(world, '/decline')),
    leaves: ['guardian-decline'],
  },
  {
    route: 'POST /api/guardians/agreements/:id/refuse',
    prepare: async (world) => {
      await childOfTwo(world);
      await keep(
        world,
        'agreement',
        world.mother.call('DELETE', `/api/guardians/${kept(world, 'guardian')}`),
        'agreement',
      );
    },
    act: (world) =>
      world.father.call(
        'POST',
        `/api/guardians/agreements/${kept(world, 'agreement')}/refuse?patient=${kept(world, 'child')}`,
      ),
    leaves: ['guardian-agree'],
  },
  {
    route: 'POST /api/custody-disputes',
    act: (world) =>
      world.father.call('POST', '/api/custody-disputes', {
        body: { patient: kept(world, 'child'), reason: 'The court decides in March.' },
      }),
    leaves: ['dispute-raise'],
  },
  {
    route: 'DELETE /api/custody-disputes/:patient',
    act: (world) => world.father.call('DELETE', `/api/custody-disputes/${kept(world, 'child')}`),
    leaves: ['dispute-lift'],
  },
];
