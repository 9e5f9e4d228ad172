// Laboratories and results: each route walked once, with the entries that its answer acknowledges.
import type { Laboratory } from '../harness/laboratory.ts';
import { accept, atOrder, enter, order, salts, sign } from '../harness/laboratory.ts';
import { findResources } from '../../server/storage/resource-store.ts';
import { importDirectory } from '../harness/directory.ts';
import { give } from '../access/world.ts';
import type { Act, World } from './world.ts';
import { firstStep, kept, ownDealings } from './world.ts';

/** The hospital of these people has one of its own. */
const lab = async ({ technician, server }: World): Promise<Laboratory> => {
  const id = 'a-hospital';
  const [standing] = await findResources(server.pool, [{ resourceType: 'Organization', resourceId: id }]);
  if (standing === undefined)
    await importDirectory(server.deps, [{ resourceType: 'Organization', id, name: 'A hospital' }]);
  return { id, person: technician };
};

/** The doctor may write in Asha's record, and orders something. */
async function ordered(world: World): Promise<void> {
  const { server, asha, doctor } = world;
  const change = { startsAtMs: Date.now() - 1000 };
  await give(server, asha.patientId, doctor, { kind: 'grant' }, change);
  await give(server, asha.patientId, doctor, { kind: 'edit' }, change);
  world.kept.set('order', await order(doctor, asha.patientId, (await lab(world)).id));
}
async function accepted(world: World): Promise<void> {
  await ordered(world);
  await accept(await lab(world), kept(world, 'order'));
}
async function entered(world: World): Promise<void> {
  await accepted(world);
  await enter(await lab(world), kept(world, 'order'), salts({ potassium: 4.2 }));
}
async function signed(world: World): Promise<void> {
  await accepted(world);
  world.kept.set('task', (await sign(await lab(world), kept(world, 'order'), { potassium: 4.2 })).result);
}
const asLab = async (world: World, method: string, step: string, body?: object) =>
  (await lab(world)).person.call(method, atOrder(kept(world, 'order'), step), body ? { body } : {});

/** Nobody's yet: its person chooses where it goes. */
async function unsent(world: World): Promise<void> {
  await ordered(world);
  const { doctor, asha } = world;
  world.kept.set('order', await order(doctor, asha.patientId, 'a-hospital', { performer: undefined }));
}
const asOwner = ({ asha, kept: of }: World, method: string, step: string, body: object) =>
  asha.call(method, `/api/orders/${of.get('order')}${step}?patient=${asha.patientId}`, { body });

export const resultActs: readonly Act[] = [
  {
    route: 'GET /api/laboratories',
    act: ({ asha }) => asha.get('/api/laboratories'),
    leaves: [],
    why: 'the directory: what it names is in nobody’s record',
  },
  {
    route: 'GET /api/orders',
    prepare: ordered,
    act: ({ asha }) => asha.get('/api/orders'),
    leaves: ['search'],
  },
  {
    route: 'GET /api/orders.pdf',
    prepare: ordered,
    act: ({ asha, kept: of }) => asha.get(`/api/orders.pdf?of=${of.get('order')}`),
    leaves: ['order-print'],
  },
  {
    route: 'PUT /api/orders/:id/laboratory',
    prepare: unsent,
    act: (world) => asOwner(world, 'PUT', '/laboratory', { laboratory: 'a-hospital' }),
    leaves: ['update', 'lab-send'],
  },
  {
    route: 'POST /api/orders/:id/cancel',
    prepare: unsent,
    act: (world) => asOwner(world, 'POST', '/cancel', { reason: 'Done elsewhere' }),
    leaves: ['update', 'lab-cancel'],
  },
  {
    route: 'POST /api/laboratory/orders/find',
    prepare: ordered,
    act: ({ technician, asha }) =>
      technician.call('POST', '/api/laboratory/orders/find', { body: { code: asha.uhid } }),
    leaves: ['search'],
  },
  {
    route: 'GET /api/laboratory/orders',
    act: ({ technician }) => technician.get('/api/laboratory/orders'),
    leaves: ['search'],
  },
  {
    route: 'GET /api/laboratory/orders/:id',
    prepare: ordered,
    act: (world) => asLab(world, 'GET', ''),
    leaves: ['read'],
  },
  {
    route: 'POST /api/laboratory/orders/:id/accept',
    prepare: ordered,
    act: (world) => asLab(world, 'POST', '/accept'),
    leaves: ['lab-accept'],
  },
  {
    route: 'POST /api/laboratory/orders/:id/decline',
    prepare: ordered,
    act: (world) => asLab(world, 'POST', '/decline', { reason: 'No reagent' }),
    leaves: ['lab-decline'],
  },
  {
    route: 'POST /api/laboratory/orders/:id/sample',
    prepare: accepted,
    act: (world) => asLab(world, 'POST', '/sample', { what: 'Blood' }),
    leaves: ['create'],
  },
  {
    route: 'PUT /api/laboratory/orders/:id/results',
    prepare: accepted,
    act: (world) => asLab(world, 'PUT', '/results', salts({ potassium: 4.2 })),
    leaves: [],
    why: firstStep,
  },
  {
    route: 'POST /api/laboratory/orders/:id/sign',
    prepare: entered,
    act: (world) => asLab(world, 'POST', '/sign'),
    leaves: ['create', 'create', 'update', 'result-sign'],
  },
  {
    route: 'GET /api/results/tasks',
    act: ({ doctor }) => doctor.get('/api/results/tasks'),
    leaves: [],
    why: ownDealings,
  },
  {
    route: 'GET /api/results/tasks/:id',
    prepare: signed,
    act: (world) => world.doctor.get(`/api/results/tasks/${kept(world, 'task')}`),
    leaves: ['read'],
  },
  {
    route: 'POST /api/results/tasks/:id/acknowledge',
    prepare: signed,
    act: (world) =>
      world.doctor.call('POST', `/api/results/tasks/${kept(world, 'task')}/acknowledge`, { body: {} }),
    leaves: ['result-acknowledge'],
  },
  {
    route: 'POST /api/results/tasks/:id/hand-over',
    prepare: signed,
    act: (world) =>
      world.doctor.call('POST', `/api/results/tasks/${kept(world, 'task')}/hand-over`, {
        body: { to: world.doctor.accountId },
      }),
    leaves: ['result-hand-over'],
  },
  {
    route: 'GET /api/results/waiting',
    act: ({ asha }) => asha.get('/api/results/waiting'),
    leaves: ['search'],
  },
  {
    route: 'GET /api/results/held',
    act: ({ doctor, asha }) => doctor.get(`/api/results/held?patient=${asha.patientId}`),
    leaves: ['search'],
  },
  {
    route: 'GET /api/results/release',
    act: ({ asha }) => asha.get('/api/results/release'),
    leaves: [],
    why: ownDealings,
  },
  {
    route: 'PUT /api/results/release',
    act: ({ asha }) => asha.call('PUT', '/api/results/release', { body: { rule: 'at-once' } }),
    leaves: ['result-rule'],
  },
];
