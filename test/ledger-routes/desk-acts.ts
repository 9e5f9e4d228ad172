// The front desk: each route walked once, with the entries that its answer acknowledges.
import type { Answer } from '../harness/client.ts';
import { goodPassword, newClient } from '../harness/client.ts';
import type { Act, World } from './world.ts';
import { keep, kept } from './world.ts';

async function enrol(world: World, name: string, birthDate: string): Promise<Answer> {
  const answer = world.clerk.call('POST', '/api/desk/people', { body: { name, birthDate } });
  await keep(world, 'enrolled', answer);
  await keep(world, 'enrolled uhid', answer, 'uhid');
  return keep(world, 'claim code', answer, 'claimCode');
}
const claim = (world: World) => ({ uhid: kept(world, 'enrolled uhid'), code: kept(world, 'claim code') });
const enrolled = (world: World, path: string) => `/api/desk/people/${kept(world, 'enrolled')}/${path}`;

export const deskActs: readonly Act[] = [
  {
    route: 'POST /api/desk/people',
    act: (world) => enrol(world, 'Tsering Wangchuk', '1958-04-11'),
    leaves: ['create', 'desk-enrol', 'card-issue'],
  },
  {
    route: 'POST /api/desk/people',
    what: 'of somebody like whom there is one',
    act: (world) =>
      world.clerk.call('POST', '/api/desk/people', {
        body: { name: 'Tsering Wangchuk', birthDate: '1958-04-11' },
      }),
    status: 409,
    leaves: ['match'],
  },
  {
    route: 'GET /api/desk/people',
    act: ({ clerk }) => clerk.get('/api/desk/people'),
    leaves: [],
    why: 'shows numbers that this desk gave out, and nothing of a record',
  },
  {
    route: 'GET /api/desk/people/:id/card.pdf',
    act: (world) => world.clerk.get(enrolled(world, 'card.pdf')),
    leaves: ['card-print'],
  },
  {
    route: 'POST /api/desk/people/:id/claim-code',
    act: (world) =>
      keep(world, 'claim code', world.clerk.call('POST', enrolled(world, 'claim-code')), 'claimCode'),
    leaves: ['desk-claim-code'],
  },
  {
    route: 'POST /api/sign-up/claim',
    act: (world) =>
      newClient(world.server.url).call('POST', '/api/sign-up/claim', {
        body: { ...claim(world), login: 'taken.over@example.org', password: goodPassword },
      }),
    leaves: ['desk-claim', 'sign-up'],
    refused: (world) =>
      newClient(world.server.url).call('POST', '/api/sign-up/claim', {
        body: { ...claim(world), login: 'again@example.org', password: goodPassword },
      }),
  },
  {
    route: 'POST /api/claims',
    prepare: (world) => enrol(world, 'Xavier Fernandes', '1931'),
    act: (world) =>
      world.mother.call('POST', '/api/claims', { body: { ...claim(world), relationship: 'CHILD' } }),
    leaves: ['desk-claim', 'guardian-accept', 'create'],
  },
  {
    route: 'POST /api/card-grants',
    prepare: async (world) => {
      const set = await world.mother.call('PUT', '/api/emergency-card/code', { body: { code: '482915' } });
      await keep(world, 'card', world.mother.get('/api/emergency-card'), 'url');
      return set;
    },
    act: (world) =>
      keep(
        world,
        'card grant',
        world.doctor.call('POST', '/api/card-grants', {
          body: { card: kept(world, 'card'), code: '482915', scope: 'whole', purpose: 'TREAT' },
        }),
      ),
    leaves: ['access-card'],
  },
  {
    route: 'GET /api/card-grants',
    act: ({ clerk }) => clerk.get('/api/card-grants'),
    leaves: [],
    why: 'shows the last digits of a card and who asks; nothing of a record',
  },
  {
    route: 'GET /api/card-grants/:id',
    act: (world) => world.doctor.get(`/api/card-grants/${kept(world, 'card grant')}`),
    leaves: [],
    why: 'whether a witness has said yes to what one showed oneself',
  },
  {
    route: 'POST /api/card-grants/:id/witness',
    act: (world) => world.clerk.call('POST', `/api/card-grants/${kept(world, 'card grant')}/witness`),
    leaves: ['access-approve', 'create'],
  },
];
