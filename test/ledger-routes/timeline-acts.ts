// The timeline: each of its routes walked once, with the entries that its answer acknowledges.
import type { Act } from './world.ts';
import { kept } from './world.ts';

export const timelineActs: readonly Act[] = [
  { route: 'GET /api/facts', act: ({ asha }) => asha.get('/api/facts'), leaves: ['everything'] },
  { route: 'GET /api/timeline', act: ({ asha }) => asha.get('/api/timeline'), leaves: ['search'] },
  {
    route: 'GET /api/timeline/months',
    act: ({ asha }) => asha.get('/api/timeline/months'),
    leaves: ['search'],
  },
  {
    route: 'POST /api/timeline/search',
    act: ({ asha }) => asha.call('POST', '/api/timeline/search', { body: { words: 'asthma' } }),
    leaves: ['search'],
  },
  {
    route: 'POST /api/entries/states',
    prepare: async (world) => {
      const { entries } = (await world.asha.get('/api/timeline')).json<{ entries: { entryId: string }[] }>();
      world.kept.set('timeline-entry', entries[0]?.entryId ?? 'none');
    },
    act: (world) =>
      world.asha.call('POST', '/api/entries/states', { body: { entries: [kept(world, 'timeline-entry')] } }),
    leaves: [],
    why: 'how far entries are proven says nothing of what they hold; the list they are in has its entry',
  },
];
