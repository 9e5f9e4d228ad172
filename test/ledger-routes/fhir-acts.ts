// The FHIR API, one entry and many: each route walked once, with the entries that its answer acknowledges.
import { conditionOf, postEntry, transactionOf, weightOf } from '../harness/resources.ts';
import type { Act, World } from './world.ts';
import { condition, fhirBase as base, kept, mine, newCondition } from './world.ts';

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const marked = (world: World, value: string) => ({
  ...conditionOf(world.asha.patientId),
  identifier: [{ system: 'urn:test', value }],
});
const patchOf = (text: string) => ({
  body: JSON.stringify([{ op: 'replace', path: '/code/text', value: text }]),
  headers: { 'content-type': 'application/json-patch+json' },
});

export const fhirActs: readonly Act[] = [
  // One entry
  {
    route: `POST ${base}/:type`,
    act: ({ asha }) => asha.call('POST', `${base}/Condition`, { body: conditionOf(asha.patientId) }),
    leaves: ['create'],
  },
  {
    route: `PUT ${base}/:type`,
    prepare: (world) => world.asha.call('POST', `${base}/Condition`, { body: marked(world, 'by condition') }),
    act: (world) =>
      world.asha.call('PUT', `${base}/Condition?identifier=urn:test|by condition`, {
        body: { ...marked(world, 'by condition'), note: [{ text: 'again' }] },
      }),
    leaves: ['search', 'update'],
  },
  {
    route: `PATCH ${base}/:type`,
    act: ({ asha }) => asha.call('PATCH', `${base}/Condition?identifier=urn:test|by condition`, patchOf('x')),
    leaves: ['search', 'update'],
  },
  {
    route: `DELETE ${base}/:type`,
    act: ({ asha }) => asha.call('DELETE', `${base}/Condition?identifier=urn:test|by condition`),
    leaves: ['search', 'delete'],
  },
  {
    route: `GET ${base}/:type/:id`,
    prepare: newCondition,
    act: (w) => w.asha.get(condition(w)),
    leaves: ['read'],
  },
  {
    route: `PUT ${base}/:type/:id`,
    act: (world) =>
      world.asha.call('PUT', condition(world), {
        body: { ...conditionOf(world.asha.patientId, 'New'), id: kept(world, 'condition') },
      }),
    leaves: ['update'],
  },
  {
    route: `PATCH ${base}/:type/:id`,
    act: (world) => world.asha.call('PATCH', condition(world), patchOf('Newer')),
    leaves: ['update'],
  },
  {
    route: `GET ${base}/:type/:id/_history/:vid`,
    act: (world) => world.asha.get(condition(world, '/_history/1')),
    leaves: ['vread'],
  },
  {
    route: `GET ${base}/:type/:id/_history`,
    act: (world) => world.asha.get(condition(world, '/_history')),
    leaves: ['history'],
  },
  {
    route: `GET ${base}/:type/_history`,
    act: ({ asha }) => asha.get(`${base}/Condition/_history`),
    leaves: ['history'],
  },
  { route: `GET ${base}/_history`, act: ({ asha }) => asha.get(`${base}/_history`), leaves: ['history'] },
  // Many
  { route: `GET ${base}/:type`, act: ({ asha }) => asha.get(`${base}/Condition`), leaves: ['search'] },
  {
    route: `POST ${base}/:type/_search`,
    act: ({ asha }) => asha.call('POST', `${base}/Condition/_search`, { body: '_count=2', headers: form }),
    leaves: ['search'],
  },
  {
    route: `GET ${base}/`,
    act: ({ asha }) => asha.get(`${base}/?_type=Condition,Patient`),
    leaves: ['search'],
  },
  {
    route: `GET ${base}`,
    act: ({ asha }) => asha.get(`${base}?_type=Condition,Patient`),
    leaves: ['search'],
  },
  {
    route: `POST ${base}/_search`,
    act: ({ asha }) => asha.call('POST', `${base}/_search`, { body: '_type=Condition', headers: form }),
    leaves: ['search'],
  },
  {
    route: `GET ${base}/:type/:id/:within`,
    act: (world) => world.asha.get(mine(world, '/Condition')),
    leaves: ['search'],
  },
  {
    route: `POST ${base}/:type/:id/:within/_search`,
    act: (world) => world.asha.call('POST', mine(world, '/Condition/_search'), { body: '', headers: form }),
    leaves: ['search'],
  },
  ...['', '/'].map((slash) => ({
    route: `POST ${base}${slash}`,
    act: ({ asha }: World) =>
      asha.call('POST', `${base}${slash}`, {
        body: transactionOf(postEntry(conditionOf(asha.patientId)), postEntry(weightOf(asha.patientId))),
      }),
    leaves: ['create', 'create'],
  })),
  {
    route: `DELETE ${base}/:type/:id`,
    act: (world) => world.asha.call('DELETE', condition(world)),
    leaves: ['delete'],
  },
];
