// The records office: each route walked once, with the entries that its answer acknowledges.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { insertMember } from '../../server/storage/members.ts';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { provedTwice } from '../harness/staff.ts';
import { writeVisit } from './consent-acts.ts';
import type { Act, World } from './world.ts';
import { keep, kept, ownDealings } from './world.ts';

const reason = 'She came twice, with two spellings.';

async function anotherOfficer({ server }: World): Promise<Person> {
  const person = await signUp(server.url, { name: 'Another officer' });
  const at = { organizationId: 'a-hospital', role: 'records' } as const;
  const member = { memberId: randomUUID(), accountId: person.accountId, ...at };
  await insertMember(
    server.pool,
    { ...member, practitionerId: null, licence: null, licenceUntil: null },
    Date.now(),
  );
  await provedTwice(server.pool, person.accountId);
  return person;
}

let second: Person | undefined;

async function joinedTwin(world: World): Promise<void> {
  const twin = await signUp(world.server.url);
  const body = { survivor: world.asha.uhid, merged: twin.uhid, reason };
  await keep(world, 'joined', world.officer.call('POST', '/api/merges', { body }));
  const act = (who: Person, what: string) => who.call('POST', `/api/merges/${kept(world, 'joined')}/${what}`);
  await act(await anotherOfficer(world), 'second');
  await act(world.asha, 'agree');
  await act(twin, 'agree');
}

export const officeActs: readonly Act[] = [
  // What was written is wrong
  {
    route: 'POST /api/corrections',
    prepare: writeVisit,
    act: (world) =>
      keep(
        world,
        'correction',
        world.asha.call('POST', '/api/corrections', {
          body: {
            entry: `Encounter/${kept(world, 'visit')}`,
            words: 'I was not there on that day.',
            wished: 'Take this visit out.',
          },
        }),
      ),
    leaves: ['correction'],
  },
  {
    route: 'GET /api/corrections',
    act: ({ asha }) => asha.get('/api/corrections'),
    leaves: [],
    why: ownDealings,
  },
  {
    route: 'POST /api/corrections/:id/refuse',
    act: (world) =>
      world.officer.call('POST', `/api/corrections/${kept(world, 'correction')}/refuse`, {
        body: { words: 'The register of that day names her.' },
      }),
    leaves: ['correction-answer'],
  },
  {
    route: 'POST /api/corrections/:id/disagree',
    act: (world) =>
      world.asha.call('POST', `/api/corrections/${kept(world, 'correction')}/disagree`, {
        body: { words: 'Somebody else gave my name.' },
      }),
    leaves: ['correction-disagree'],
  },
  {
    route: 'GET /api/kept-entries/:type/:id',
    act: (world) => world.officer.get(`/api/kept-entries/Encounter/${kept(world, 'visit')}`),
    leaves: ['read'],
  },
  {
    route: 'POST /api/kept-entries/:type/:id',
    act: async (world) => {
      const address = `/api/kept-entries/Encounter/${kept(world, 'visit')}`;
      const { rows } = await world.server.pool.query<{ text: string }>(
        `select content as text from resource where resource_type = 'Encounter' and resource_id = $1`,
        [kept(world, 'visit')],
      );
      return world.officer.call('POST', address, {
        body: {
          version: 1,
          text: (rows[0]?.text ?? '').replace('"finished"', '"entered-in-error"'),
          reason: 'It was somebody else of that name.',
        },
      });
    },
    leaves: ['update', 'correction-answer'],
  },
  // Two records of one person
  {
    route: 'POST /api/duplicates',
    act: ({ officer }) => officer.call('POST', '/api/duplicates'),
    leaves: [],
    why: 'finds nobody here; whoever is found alike has an entry of it (merges.test.ts)',
  },
  {
    route: 'POST /api/merges',
    prepare: async (world) => {
      world.kept.set('twin', (await signUp(world.server.url)).uhid);
    },
    act: (world) =>
      keep(
        world,
        'merge',
        world.officer.call('POST', '/api/merges', {
          body: {
            survivor: world.asha.uhid,
            merged: kept(world, 'twin'),
            reason,
          },
        }),
      ),
    leaves: ['merge-propose', 'merge-propose'],
  },
  {
    route: 'GET /api/merges',
    act: ({ asha }) => asha.get('/api/merges'),
    leaves: [],
    why: ownDealings,
  },
  {
    route: 'POST /api/merges/:id/agree',
    act: (world) => world.asha.call('POST', `/api/merges/${kept(world, 'merge')}/agree`),
    leaves: ['merge-agree', 'merge-agree'],
  },
  {
    route: 'POST /api/merges/:id/second',
    prepare: async (world) => {
      second = await anotherOfficer(world);
    },
    act: async (world) => {
      assert.ok(second);
      return second.call('POST', `/api/merges/${kept(world, 'merge')}/second`);
    },
    leaves: ['merge-agree', 'merge-agree'],
  },
  {
    route: 'POST /api/merges/:id/refuse',
    act: (world) => world.asha.call('POST', `/api/merges/${kept(world, 'merge')}/refuse`),
    leaves: ['merge-refuse', 'merge-refuse'],
  },
  {
    route: 'POST /api/merges/:id/undo',
    prepare: joinedTwin,
    act: (world) =>
      world.asha.call('POST', `/api/merges/${kept(world, 'joined')}/undo`, {
        body: { reason: 'This is not my record at all.' },
      }),
    leaves: ['update', 'update', 'unmerge', 'unmerge'],
  },
];
