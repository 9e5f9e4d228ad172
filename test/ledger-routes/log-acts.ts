// The own chain, erasing, the public log and the operator's questions: each route walked once, with the entries that its answer acknowledges.
import { conditionOf } from '../harness/resources.ts';
import type { Act } from './world.ts';
import { again, keep, kept } from './world.ts';

const operator = 'says whether the server is well; nothing of anybody';
const publicLog = 'the public log names nobody, and who reads it is nobody’s business';

export const logActs: readonly Act[] = [
  // The own chain
  {
    route: 'GET /api/entries',
    act: async (world) => {
      // The page is of the newest: one of them must be in the log already.
      await world.server.sequencer.flush();
      const answer = await world.asha.get('/api/entries');
      const { entries } = answer.json<{ entries: { entryId: string; leafIndex: number | null }[] }>();
      const logged = entries.find(({ leafIndex }) => leafIndex !== null);
      world.kept.set('entry', logged?.entryId ?? 'none');
      world.kept.set('index', String(logged?.leafIndex));
      return answer;
    },
    leaves: ['looks'],
  },
  {
    route: 'GET /api/entries/:id',
    act: (world) => world.asha.get(`/api/entries/${kept(world, 'entry')}`),
    leaves: ['verify'],
  },
  {
    route: 'GET /api/leaves/:index',
    act: (world) => world.asha.get(`/api/leaves/${kept(world, 'index')}`),
    leaves: ['verify'],
  },
  { route: 'GET /api/chain', act: ({ asha }) => asha.get('/api/chain'), leaves: ['verify'] },
  {
    route: 'GET /api/export',
    prepare: again,
    act: ({ asha }) => asha.get('/api/export'),
    leaves: ['export'],
  },
  {
    route: 'POST /api/erasures',
    prepare: (world) =>
      keep(
        world,
        'doomed',
        world.asha.call('POST', '/fhir/R4/Condition', { body: conditionOf(world.asha.patientId) }),
      ),
    act: async (world) => {
      const answer = await world.asha.call('POST', '/api/erasures', {
        body: { scope: 'resource', type: 'Condition', id: kept(world, 'doomed'), confirm: 'erase for good' },
      });
      world.kept.set('erasure', answer.headers.get('ledger-entry') ?? 'none');
      return answer;
    },
    leaves: ['erase'],
  },
  {
    route: 'GET /api/erasures/:id/receipt',
    prepare: ({ server }) => server.sequencer.flush(),
    act: (world) => world.asha.get(`/api/erasures/${kept(world, 'erasure')}/receipt`),
    leaves: [],
    why: 'shows that something was erased, and nothing of it',
  },
  // The public log and the server
  ...[
    '/log/checkpoint',
    '/log/witnesses',
    '/log/vkey',
    '/log/keys',
    '/log/leaf/:index',
    '/log/proof/inclusion',
    '/log/proof/consistency',
    '/log/anchors',
    '/log/tile/*',
  ].map((route): Act => ({
    route: `GET ${route}`,
    prepare: ({ server }) => server.sequencer.flush(),
    act: async ({ asha }) => {
      const size = Number((await asha.get('/log/checkpoint')).text.split('\n')[1]);
      const path = route
        .replace(':index', '0')
        .replace('/*', `/0/000.p/${size % 256}`)
        .replace('inclusion', `inclusion?index=0&size=${size}`)
        .replace('consistency', `consistency?from=1&to=${size}`);
      return asha.get(path);
    },
    leaves: [],
    why: publicLog,
  })),
  ...['/', '/healthz', '/readyz'].map((path): Act => ({
    route: `GET ${path}`,
    act: ({ asha }) => asha.get(path),
    leaves: [],
    why: operator,
  })),
];
