// The operations of the FHIR API: each route walked once, with the entries that its answer acknowledges.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../harness/client.ts';
import { newClient } from '../harness/client.ts';
import { conditionOf } from '../harness/resources.ts';
import type { Act, World } from './world.ts';
import { condition, fhirBase as base, keep, kept, mine, newCondition } from './world.ts';

const noPerson = 'speaks of codes and definitions, and of nobody';
const nothingKept = 'says whether what was sent is sound; nothing of a record is shown or kept';
const ownJob = 'tells how far one’s own work is; the files and each fetching of one have their entries';
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const later = { prefer: 'respond-async' };
const parameters = (...parameter: object[]) => ({ resourceType: 'Parameters', parameter });

/** Begun, and waited for: the entries are written as the files are. */
async function finished(world: World, name: string, begun: Promise<Answer>): Promise<Answer> {
  const answer = await begun;
  const status = new URL(answer.headers.get('content-location') ?? 'http://none').pathname;
  const again = newClient(world.server.url);
  const authorization = `Bearer ${world.hospital.token}`;
  for (let tries = 0; tries < 600; tries++) {
    const now = await again.get(status, { authorization });
    if (now.status !== 202) {
      const { output } = now.json<{ output?: { url: string }[] }>();
      world.kept.set(name, status);
      world.kept.set(`${name} file`, new URL(output?.[0]?.url ?? 'http://none').pathname);
      break;
    }
    await sleep(50);
  }
  return answer;
}

async function people({ server }: World): Promise<number> {
  const { rows } = await server.pool.query<{ count: number }>('select count(*)::int as count from person');
  return rows[0]?.count ?? 0;
}

/** The same question by address and by body. */
function asked(
  route: string,
  question: (world: World) => { path?: string; query?: string; body: object },
  leaves: readonly string[],
  why?: string,
  prepare?: Act['prepare'],
): Act[] {
  const more = { leaves, ...(why ? { why } : {}), ...(prepare ? { prepare } : {}) };
  return [
    {
      ...more,
      route: `GET ${base}${route}`,
      act: (world) => {
        const { path = `${base}${route}`, query = '' } = question(world);
        return world.asha.get(`${path}${query}`);
      },
    },
    {
      ...more,
      route: `POST ${base}${route}`,
      act: (world) => {
        const { path = `${base}${route}`, body } = question(world);
        return world.asha.call('POST', path, { body });
      },
    },
  ];
}

const genders = 'http://hl7.org/fhir/administrative-gender';
const genderSet = 'http://hl7.org/fhir/ValueSet/administrative-gender';
const terms: [string, string, object[], string[]?][] = [
  ['/ValueSet/$expand', `?url=${genderSet}`, [{ name: 'url', valueUri: genderSet }]],
  ['/ValueSet/:id/$expand', '', [], ['read', 'search']],
  [
    '/ValueSet/$validate-code',
    `?url=${genderSet}&code=male`,
    [
      { name: 'url', valueUri: genderSet },
      { name: 'code', valueCode: 'male' },
    ],
  ],
  ['/ValueSet/:id/$validate-code', '?code=w1', [{ name: 'code', valueCode: 'w1' }], ['read', 'search']],
  [
    '/CodeSystem/$lookup',
    `?system=${genders}&code=male`,
    [
      { name: 'system', valueUri: genders },
      { name: 'code', valueCode: 'male' },
    ],
  ],
  [
    '/CodeSystem/$subsumes',
    `?system=${genders}&codeA=male&codeB=male`,
    [
      { name: 'system', valueUri: genders },
      { name: 'codeA', valueCode: 'male' },
      { name: 'codeB', valueCode: 'male' },
    ],
  ],
  [
    '/CodeSystem/:id/$subsumes',
    '?codeA=w1&codeB=w1',
    [
      { name: 'codeA', valueCode: 'w1' },
      { name: 'codeB', valueCode: 'w1' },
    ],
    ['read'],
  ],
  [
    '/CodeSystem/$validate-code',
    `?url=${genders}&code=male`,
    [
      { name: 'url', valueUri: genders },
      { name: 'code', valueCode: 'male' },
    ],
  ],
  ['/CodeSystem/:id/$validate-code', '?code=w1', [{ name: 'code', valueCode: 'w1' }], ['read', 'search']],
];

async function wards({ hospital }: World): Promise<void> {
  const common = { status: 'active', url: 'http://example.org/wards' };
  await hospital.call('PUT', `${base}/CodeSystem/wards`, {
    body: {
      resourceType: 'CodeSystem',
      id: 'wards',
      ...common,
      content: 'complete',
      concept: [{ code: 'w1', display: 'One' }],
    },
  });
  await hospital.call('PUT', `${base}/ValueSet/wards`, {
    body: {
      resourceType: 'ValueSet',
      id: 'wards',
      status: 'active',
      url: 'http://example.org/wards-in-use',
      compose: { include: [{ system: common.url }] },
    },
  });
}

const report = ({ asha }: World) => ({
  resourceType: 'AuditEvent',
  type: { system: 'http://terminology.hl7.org/CodeSystem/audit-event-type', code: 'rest' },
  recorded: '2026-03-01T10:00:00Z',
  agent: [{ requestor: true, who: { display: 'Ward' } }],
  source: { observer: { display: 'Ward' } },
  entity: [{ what: { reference: `Patient/${asha.patientId}` } }],
});

/** A form with one answer, which becomes one Observation. */
const weighed = (patientId: string) => ({
  resourceType: 'QuestionnaireResponse',
  questionnaire: 'urn:medallion:form:general',
  status: 'completed',
  subject: { reference: `Patient/${patientId}` },
  item: [{ linkId: 'body', item: [{ linkId: 'weight', answer: [{ valueDecimal: 70 }] }] }],
});

export const fhirOperationActs: readonly Act[] = [
  // Operations
  ...asked(
    '/Patient/:id/$everything',
    (world) => ({ path: mine(world, '/$everything'), body: parameters() }),
    ['everything'],
  ),
  ...asked('/Patient/$everything', () => ({ body: parameters() }), ['everything']),
  ...asked('/Patient/:id/$summary', (world) => ({ path: mine(world, '/$summary'), body: parameters() }), [
    'summary',
  ]),
  ...asked(
    '/Patient/$summary',
    ({ asha }) => ({
      query: `?identifier=urn:medallion:uhid|${asha.uhid}`,
      body: parameters({ name: 'identifier', valueString: `urn:medallion:uhid|${asha.uhid}` }),
    }),
    ['summary'],
  ),
  {
    route: `POST ${base}/QuestionnaireResponse/$extract`,
    act: ({ asha }) =>
      asha.call('POST', `${base}/QuestionnaireResponse/$extract`, { body: weighed(asha.patientId) }),
    leaves: [],
    why: nothingKept,
  },
  ...(['GET', 'POST'] as const).map((method): Act => ({
    route: `${method} ${base}/QuestionnaireResponse/:id/$extract`,
    prepare: async (world) => {
      const body = weighed(world.asha.patientId);
      const made = await world.asha.call('POST', `${base}/QuestionnaireResponse`, { body });
      world.kept.set('response', made.json<{ id: string }>().id);
    },
    act: (world) =>
      world.asha.call(
        method,
        `${base}/QuestionnaireResponse/${kept(world, 'response')}/$extract`,
        method === 'POST' ? { body: parameters() } : {},
      ),
    leaves: ['read'],
  })),
  ...(['/api/forms', '/api/forms/:form'] as const).map((route): Act => ({
    route: `GET ${route}`,
    act: ({ asha }) => asha.get(route.replace(':form', 'general')),
    leaves: [],
    why: 'the questions, which are the same for everybody',
  })),
  {
    route: 'POST /api/forms/:form',
    act: ({ asha }) => asha.call('POST', '/api/forms/general', { body: weighed(asha.patientId) }),
    leaves: ['create', 'create'],
    refused: ({ asha }) =>
      asha.call('POST', '/api/forms/general', { body: { ...weighed(asha.patientId), item: [] } }),
  },
  {
    route: `POST ${base}/Patient/$match`,
    act: ({ hospital }) =>
      hospital.call('POST', `${base}/Patient/$match`, {
        body: parameters({
          name: 'resource',
          resource: { resourceType: 'Patient', name: [{ text: 'Nobody at all' }], birthDate: '1931-02-03' },
        }),
      }),
    leaves: ['match'],
  },
  ...(
    [
      ['/$validate', () => '/$validate', (world) => conditionOf(world.asha.patientId), []],
      ['/:type/$validate', () => '/Condition/$validate', (world) => conditionOf(world.asha.patientId), []],
      ['/AuditEvent/$validate', () => '/AuditEvent/$validate', report, []],
      [
        '/:type/:id/$validate',
        (world) => `/Condition/${kept(world, 'condition')}/$validate`,
        (world) => ({ ...conditionOf(world.asha.patientId), id: kept(world, 'condition') }),
        ['read'],
      ],
    ] as [string, (world: World) => string, (world: World) => object, string[]][]
  ).map(([route, path, body, leaves]): Act => ({
    route: `POST ${base}${route}`,
    prepare: newCondition,
    act: (world) => world.asha.call('POST', `${base}${path(world)}`, { body: body(world) }),
    leaves,
    ...(leaves.length === 0 ? { why: nothingKept } : {}),
  })),
  {
    route: `GET ${base}/:type/:id/$validate`,
    act: (world) => world.asha.get(condition(world, '/$validate')),
    leaves: ['read'],
  },
  ...terms.flatMap(([route, query, parameter, leaves = []]) =>
    asked(
      route,
      () => ({ path: `${base}${route.replace(':id', 'wards')}`, query, body: parameters(...parameter) }),
      leaves,
      leaves.length === 0 ? noPerson : undefined,
      route.includes(':id') ? wards : undefined,
    ),
  ),
  // Bulk
  ...(['GET', 'POST'] as const).flatMap((method): Act[] =>
    (
      [
        // Once where it was begun, and in the chain of everybody whose data go out; of nobody's data in the system's own.
        ['/$export', () => '/$export', async (world) => 2 + (await people(world))],
        ['/Patient/$export', () => '/Patient/$export', async (world) => 1 + (await people(world))],
        ['/Patient/:id/$export', ({ asha }) => `/Patient/${asha.patientId}/$export`, async () => 2],
        ['/Group/:id/$export', (world) => `/Group/${kept(world, 'group')}/$export`, async () => 2],
      ] as [string, (world: World) => string, (world: World) => Promise<number>][]
    ).map(([route, path, count]) => ({
      route: `${method} ${base}${route}`,
      prepare: (world) =>
        keep(
          world,
          'group',
          world.hospital.call('POST', `${base}/Group`, {
            body: {
              resourceType: 'Group',
              type: 'person',
              actual: true,
              member: [{ entity: { reference: `Patient/${world.asha.patientId}` } }],
            },
          }),
        ),
      act: (world) =>
        finished(
          world,
          'export',
          world.hospital.call(method, `${base}${path(world)}`, {
            headers: later,
            ...(method === 'POST' ? { body: parameters() } : {}),
          }),
        ),
      leaves: async (world) => Array.from({ length: await count(world) }, () => 'bulk-export'),
    })),
  ),
  {
    route: `GET ${base}/$bulk-status/:job`,
    act: (world) => world.hospital.get(kept(world, 'export')),
    leaves: [],
    why: ownJob,
  },
  {
    route: `GET ${base}/$bulk-file/:job/:file`,
    act: (world) => world.hospital.get(kept(world, 'export file')),
    leaves: ['bulk-export'],
  },
  {
    route: `DELETE ${base}/$bulk-status/:job`,
    act: (world) => world.hospital.call('DELETE', kept(world, 'export')),
    leaves: [],
    why: ownJob,
  },
  {
    route: `POST ${base}/$import`,
    act: (world) =>
      finished(
        world,
        'import',
        world.hospital.call('POST', `${base}/$import`, {
          body: JSON.stringify({ ...conditionOf(world.asha.patientId), id: 'imported' }),
          headers: { ...later, 'content-type': 'application/fhir+ndjson' },
        }),
      ),
    leaves: ['create'],
  },
  // What other systems report
  {
    route: `POST ${base}/AuditEvent`,
    act: (world) =>
      keep(world, 'report', world.hospital.call('POST', `${base}/AuditEvent`, { body: report(world) })),
    leaves: ['create'],
  },
  {
    route: `GET ${base}/AuditEvent/:id`,
    act: (world) => world.hospital.get(`${base}/AuditEvent/${kept(world, 'report')}`),
    leaves: ['read'],
  },
  {
    route: `GET ${base}/AuditEvent`,
    act: (world) => world.hospital.get(`${base}/AuditEvent?patient=${world.asha.patientId}`),
    leaves: ['search'],
  },
  {
    route: `POST ${base}/AuditEvent/_search`,
    act: (world) =>
      world.hospital.call('POST', `${base}/AuditEvent/_search`, {
        body: `patient=${world.asha.patientId}`,
        headers: form,
      }),
    leaves: ['search'],
  },
  {
    route: `GET ${base}/AuditEvent/_history`,
    act: (world) => world.hospital.get(`${base}/AuditEvent/_history`),
    leaves: ['history'],
  },
  // What this server is able to do
  {
    route: `GET ${base}/metadata`,
    act: ({ asha }) => asha.get(`${base}/metadata`),
    leaves: [],
    why: noPerson,
  },
  {
    route: `GET ${base}/.well-known/smart-configuration`,
    act: ({ asha }) => asha.get(`${base}/.well-known/smart-configuration`),
    leaves: [],
    why: noPerson,
  },
];
