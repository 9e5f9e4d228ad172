// Who works where: each route walked once, with the entries that its answer acknowledges.
import type { Answer, Person } from '../harness/client.ts';
import { provedTwice } from '../harness/staff.ts';
import type { Act, World } from './world.ts';
import { keep, kept } from './world.ts';

const ownPlaces = 'shows where one works oneself, or who invites one; nothing of a record';
const whoWorks = 'shows who works where; nobody’s record is asked';
const licence = { number: 'KMC 41001', authority: 'Karnataka Medical Council', until: '2999-12-31' };

const at = (world: World, path = '') => `/api/admin/organizations/${kept(world, 'organization')}${path}`;
const member = (world: World, act = '') => at(world, `/members/${kept(world, 'member')}${act}`);
const byAdministrator = (method: string, path: (world: World) => string, body?: object): Act['act'] => {
  return (world) => world.administrator.call(method, path(world), body === undefined ? {} : { body });
};

const invite = (world: World, to: Person, role = 'desk'): Promise<Answer> =>
  keep(
    world,
    'place invite',
    world.administrator.call('POST', at(world, '/invites'), { body: { to: to.login, role } }),
  );
const invitation = (world: World, act = '') => `/api/places/invitations/${world.invitation()}${act}`;
/** From then on they are staff, who prove themselves twice. */
const accept = async (world: World, who: Person): Promise<Answer> => {
  const accepted = await keep(world, 'member', who.call('POST', invitation(world, '/accept')));
  await provedTwice(world.server.pool, who.accountId);
  return accepted;
};
const employ = async (world: World, who: Person, role: string): Promise<Answer> => {
  await invite(world, who, role);
  return accept(world, who);
};

export const organizationActs: readonly Act[] = [
  {
    route: 'POST /api/admin/organizations',
    act: (world) =>
      keep(
        world,
        'organization',
        world.administrator.call('POST', '/api/admin/organizations', { body: { name: 'Kaveri Hospital' } }),
      ),
    leaves: ['create'],
  },
  {
    route: 'GET /api/admin/organizations',
    act: byAdministrator('GET', () => '/api/admin/organizations'),
    leaves: [],
    why: whoWorks,
  },
  {
    route: 'GET /api/admin/organizations/:id',
    act: byAdministrator('GET', at),
    leaves: [],
    why: whoWorks,
  },
  {
    route: 'PUT /api/admin/organizations/:id',
    act: byAdministrator('PUT', at, { name: 'Kaveri General Hospital' }),
    leaves: ['update'],
  },
  {
    route: 'POST /api/admin/organizations/:id/close',
    act: byAdministrator('POST', (world) => at(world, '/close')),
    leaves: ['update'],
  },
  {
    route: 'POST /api/admin/organizations/:id/open',
    act: byAdministrator('POST', (world) => at(world, '/open')),
    leaves: ['update'],
  },
  {
    route: 'POST /api/admin/organizations/:id/invites',
    act: (world) => invite(world, world.father),
    leaves: ['member-invite'],
  },
  {
    route: 'DELETE /api/admin/organizations/:id/invites/:invite',
    act: byAdministrator('DELETE', (world) => at(world, `/invites/${kept(world, 'place invite')}`)),
    leaves: ['member-invite-answer'],
  },
  {
    route: 'GET /api/places/invitations/:token',
    prepare: (world) => invite(world, world.father),
    act: (world) => world.father.get(invitation(world)),
    leaves: [],
    why: ownPlaces,
  },
  {
    route: 'POST /api/places/invitations/:token/refuse',
    act: (world) => world.father.call('POST', invitation(world, '/refuse')),
    leaves: ['member-invite-answer'],
  },
  {
    route: 'POST /api/places/invitations/:token/accept',
    prepare: (world) => invite(world, world.father, 'doctor'),
    act: (world) => accept(world, world.father),
    leaves: ['member-add'],
  },
  { route: 'GET /api/places', act: ({ father }) => father.get('/api/places'), leaves: [], why: ownPlaces },
  {
    route: 'PUT /api/places/:member/licence',
    act: (world) =>
      keep(
        world,
        'licence',
        world.father.call('PUT', `/api/places/${kept(world, 'member')}/licence`, { body: licence }),
      ),
    leaves: ['licence-enter'],
  },
  {
    route: 'POST /api/admin/organizations/:id/licences/:licence',
    act: byAdministrator('POST', (world) => at(world, `/licences/${kept(world, 'licence')}`), {
      finding: 'right',
    }),
    // Whoever is found right is somebody in the directory from then on.
    leaves: ['licence-check', 'create'],
  },
  {
    route: 'PUT /api/admin/organizations/:id/members/:member/licence',
    act: byAdministrator('PUT', (world) => member(world, '/licence'), { ...licence, number: 'KMC 41002' }),
    leaves: ['licence-enter'],
  },
  {
    route: 'POST /api/admin/organizations/:id/members/:member/suspend',
    act: byAdministrator('POST', (world) => member(world, '/suspend')),
    leaves: ['member-suspend'],
  },
  {
    route: 'POST /api/admin/organizations/:id/members/:member/resume',
    act: byAdministrator('POST', (world) => member(world, '/resume')),
    leaves: ['member-resume'],
  },
  {
    route: 'PUT /api/admin/organizations/:id/members/:member',
    act: byAdministrator('PUT', member, { role: 'nurse' }),
    leaves: ['member-change'],
  },
  {
    route: 'DELETE /api/admin/organizations/:id/members/:member',
    prepare: (world) => employ(world, world.father, 'desk'),
    act: byAdministrator('DELETE', member),
    leaves: ['member-end'],
  },
  {
    route: 'DELETE /api/places/:member',
    prepare: (world) => employ(world, world.father, 'desk'),
    act: (world) => world.father.call('DELETE', `/api/places/${kept(world, 'member')}`),
    leaves: ['member-end'],
  },
  {
    route: 'GET /api/admin/acts',
    act: ({ auditor }) => auditor.get('/api/admin/acts'),
    leaves: [],
    why: 'shows what administrators did; nobody’s record is asked',
  },
];
