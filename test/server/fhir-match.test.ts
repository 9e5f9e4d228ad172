// $match over HTTP: who may ask, what is found over all people, what is refused, and that everybody shown knows of it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import type { Program } from '../harness/program.ts';
import { program } from '../harness/program.ts';
import type { OutcomeBody } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

interface MatchBundle {
  resourceType: string;
  type: string;
  total: number;
  entry?: {
    fullUrl?: string;
    resource: { id: string; resourceType: string };
    search: { mode: string; score?: number; extension?: { url: string; valueCode: string }[] };
  }[];
}

const asha = {
  resourceType: 'Patient',
  name: [{ given: ['Asha'], family: 'Rao' }],
  gender: 'female',
  birthDate: '1981-05-03',
  telecom: [{ system: 'phone', value: '+91 98450 12345' }],
  address: [{ line: ['12 Temple Road'], city: 'Bengaluru', postalCode: '560003' }],
};
const changed = (change: object) => ({ ...asha, ...change });
const asked = (resource: unknown, more: object[] = []) => ({
  resourceType: 'Parameters',
  parameter: [{ name: 'resource', resource }, ...more],
});

describe('Patient/$match', () => {
  let server: TestServer;
  let clinic: Program;
  let ids: Record<string, string>;
  const path = '/fhir/R4/Patient/$match';

  before(async () => {
    server = await startServer();
    clinic = await program(server);
    ids = {};
    const people: [string, object][] = [
      ['asha', asha],
      ['twin', changed({ name: [{ given: ['Usha'], family: 'Rao' }] })],
      [
        'lakshmi',
        {
          resourceType: 'Patient',
          name: [{ text: 'Lakshmi' }],
          gender: 'female',
          birthDate: '1970-11-09',
          telecom: [{ system: 'phone', value: '080 2345 6789' }],
        },
      ],
      [
        'irfan',
        {
          resourceType: 'Patient',
          name: [{ given: ['Mohammed', 'Irfan'], family: 'Sheikh' }],
          gender: 'male',
          birthDate: '1992-07-21',
        },
      ],
      [
        'odd',
        {
          resourceType: 'Patient',
          name: [{ family: "O'Brien % _ \\ --" }],
          identifier: [{ system: 'urn:hospital:a', value: "x'; select 1" }],
        },
      ],
      [
        'stranger',
        {
          resourceType: 'Patient',
          name: [{ given: ['John'], family: 'Smith' }],
          gender: 'male',
          birthDate: '1955-02-02',
        },
      ],
    ];
    for (const [name, resource] of people) {
      const answer = await clinic.call('POST', '/fhir/R4/Patient', { body: resource });
      assert.equal(answer.status, 201, answer.text);
      ids[name] = answer.json<{ id: string }>().id;
    }
  });
  after(() => server.stop());

  const ask = async (resource: unknown, more: object[] = []): Promise<MatchBundle> => {
    const answer = await clinic.call('POST', path, { body: asked(resource, more) });
    assert.equal(answer.status, 200, answer.text);
    return answer.json<MatchBundle>();
  };
  const graded = ({ entry = [] }: MatchBundle) =>
    Object.fromEntries(
      entry.map(({ resource, search }) => [
        Object.keys(ids).find((name) => ids[name] === resource.id),
        search.extension?.[0]?.valueCode,
      ]),
    );

  test('the one described comes first, with score and grade; a twin is never certain', async () => {
    const found = await ask(asha);
    assert.equal(found.type, 'searchset');
    assert.equal(found.total, found.entry?.length);
    const [first, second] = found.entry ?? [];
    assert.equal(first?.resource.id, ids['asha']);
    assert.equal(first?.fullUrl, `${server.url}/fhir/R4/Patient/${ids['asha']}`);
    assert.equal(first?.search.mode, 'match');
    assert.ok((first?.search.score ?? 0) >= 0.99);
    assert.deepEqual(first?.search.extension, [
      { url: 'http://hl7.org/fhir/StructureDefinition/match-grade', valueCode: 'certain' },
    ]);
    assert.equal(second?.resource.id, ids['twin']);
    assert.notEqual(second?.search.extension?.[0]?.valueCode, 'certain');
    assert.equal(found.entry?.length, 2);
  });

  const findings: [string, object, Record<string, string>][] = [
    [
      'spelt another way',
      {
        resourceType: 'Patient',
        name: [{ given: ['Mohd', 'Irfan'], family: 'Shaikh' }],
        gender: 'male',
        birthDate: '1992-07-21',
      },
      { irfan: 'probable' },
    ],
    [
      'with day and month exchanged',
      {
        resourceType: 'Patient',
        name: [{ given: ['Mohammed', 'Irfan'], family: 'Sheikh' }],
        gender: 'male',
        birthDate: '1992-07-12',
      },
      { irfan: 'probable' },
    ],
    [
      'by one name and a phone',
      {
        resourceType: 'Patient',
        name: [{ text: 'Laxmi' }],
        birthDate: '1970-11-09',
        telecom: [{ system: 'phone', value: '+918023456789' }],
      },
      { lakshmi: 'certain' },
    ],
    [
      'in Devanagari, by birth date',
      {
        resourceType: 'Patient',
        name: [{ given: ['आशा'], family: 'राव' }],
        gender: 'female',
        birthDate: '1981-05-03',
      },
      { asha: 'probable' },
    ],
    [
      'with a birth date no one has',
      {
        resourceType: 'Patient',
        name: [{ given: ['John'], family: 'Smith' }],
        gender: 'male',
        birthDate: '1999-12-12',
      },
      {},
    ],
    [
      'nobody here',
      { resourceType: 'Patient', name: [{ given: ['Zubeida'], family: 'Qureshi' }], birthDate: '2001-01-31' },
      {},
    ],
    [
      'with signs of SQL in it',
      {
        resourceType: 'Patient',
        name: [{ text: `%' or 1=1 -- $1 \\ {{` }],
        identifier: [{ system: `'`, value: `')` }],
      },
      {},
    ],
  ];
  for (const [what, resource, expected] of findings)
    test(`somebody described ${what}`, async () => {
      assert.deepEqual(graded(await ask(resource)), expected);
    });

  test('a changed Patient is found by what it says now and no longer by what it said', async () => {
    const made = await clinic.call('POST', '/fhir/R4/Patient', {
      body: {
        resourceType: 'Patient',
        name: [{ given: ['Farida'], family: 'Contractor' }],
        birthDate: '1944-04-04',
        gender: 'female',
      },
    });
    const { id } = made.json<{ id: string }>();
    const before = {
      resourceType: 'Patient',
      name: [{ given: ['Farida'], family: 'Contractor' }],
      birthDate: '1944-04-04',
    };
    assert.equal((await ask(before)).entry?.[0]?.resource.id, id);
    const put = await clinic.call('PUT', `/fhir/R4/Patient/${id}`, {
      body: {
        resourceType: 'Patient',
        id,
        name: [{ given: ['Feroza'], family: 'Daruwala' }],
        birthDate: '1950-09-19',
        gender: 'female',
      },
    });
    assert.equal(put.status, 200, put.text);
    assert.equal((await ask(before)).total, 0);
    assert.equal(
      (
        await ask({
          resourceType: 'Patient',
          name: [{ given: ['Feroza'], family: 'Daruwala' }],
          birthDate: '1950-09-19',
        })
      ).entry?.[0]?.resource.id,
      id,
    );
  });

  test('only certain matches: one, or none when there are several', async () => {
    const certain = [{ name: 'onlyCertainMatches', valueBoolean: true }];
    assert.deepEqual(graded(await ask(asha, certain)), { asha: 'certain' });
    assert.equal((await ask(changed({ birthDate: '1981-03-05' }), certain)).total, 0);
    const copy = await clinic.call('POST', '/fhir/R4/Patient', { body: asha });
    ids['copy'] = copy.json<{ id: string }>().id;
    const several = await ask(asha, certain);
    assert.equal(several.total, 0);
    assert.equal(several.entry?.[0]?.resource.resourceType, 'OperationOutcome');
    assert.equal(several.entry?.[0]?.search.mode, 'outcome');
    assert.equal((await ask(asha, [{ name: 'count', valueInteger: 1 }])).entry?.length, 1);
  });

  test('each one shown has an entry of their own; nobody shown is an entry of the system', async () => {
    const rows = async (patientId: string) =>
      (
        await server.pool.query(
          `select statement from entry where patient_id = $1 and statement like '%"event":"match"%'`,
          [patientId],
        )
      ).rows.map(
        ({ statement }: { statement: string }) =>
          JSON.parse(statement) as {
            who: { role: string; account: string };
            shown?: { count: number };
            outcome: string;
          },
      );
    const before = [await rows(ids['irfan'] ?? ''), await rows(''), await rows(ids['stranger'] ?? '')];
    await ask({
      resourceType: 'Patient',
      name: [{ given: ['Mohammed', 'Irfan'], family: 'Sheikh' }],
      birthDate: '1992-07-21',
    });
    await ask({
      resourceType: 'Patient',
      name: [{ given: ['Nobody'], family: 'Here' }],
      birthDate: '1900-01-02',
    });
    const after = [await rows(ids['irfan'] ?? ''), await rows(''), await rows(ids['stranger'] ?? '')];
    assert.deepEqual(
      after.map((list, i) => list.length - (before[i]?.length ?? 0)),
      [1, 1, 0],
    );
    const last = after[0]?.at(-1);
    assert.equal(last?.who.role, 'client');
    assert.equal(last?.who.account, clinic.clientId);
    assert.equal(last?.shown?.count, 1);
  });

  test('a person may not ask, nor a program without the scopes; that they tried is an entry', async () => {
    const person: Person = await signUp(server.url);
    const refusals: { call: Person['call'] }[] = [
      person,
      await program(server, 'system/Observation.rs'),
      await program(server, 'system/Patient.r'),
      await program(server, 'system/Patient.s'),
    ];
    for (const one of refusals) {
      const answer = await one.call('POST', path, { body: asked(asha) });
      assert.equal(answer.status, 403, answer.text);
      assert.ok(!answer.text.includes('Temple'));
    }
    const { rows } = await server.pool.query(
      `select 1 from entry where patient_id = $1 and statement like '%"event":"match"%' and statement like '%refused%'`,
      [person.patientId],
    );
    assert.equal(rows.length, 1);
  });

  const hostile: [string, unknown, number][] = [
    ['no Parameters', asha, 400],
    ['no resource', { resourceType: 'Parameters', parameter: [] }, 400],
    ['parameters that are no list', { resourceType: 'Parameters', parameter: {} }, 400],
    ['a parameter that is null', { resourceType: 'Parameters', parameter: [null] }, 400],
    ['a parameter nobody knows', asked(asha, [{ name: 'threshold', valueDecimal: 0.1 }]), 400],
    [
      'a parameter named as a property of every object',
      asked(asha, [{ name: 'constructor', valueString: 'x' }]),
      400,
    ],
    [
      'a parameter twice',
      asked(asha, [
        { name: 'count', valueInteger: 1 },
        { name: 'count', valueInteger: 2 },
      ]),
      400,
    ],
    ['a count of nothing', asked(asha, [{ name: 'count', valueInteger: 0 }]), 400],
    ['a count that is a text', asked(asha, [{ name: 'count', valueString: '5' }]), 400],
    ['a broken count', asked(asha, [{ name: 'count', valueInteger: 1.5 }]), 400],
    ['certainty as a text', asked(asha, [{ name: 'onlyCertainMatches', valueBoolean: 'yes' }]), 400],
    ['another type', asked({ resourceType: 'Practitioner', name: [{ family: 'Rao' }] }), 400],
    ['a Patient that says nothing', asked({ resourceType: 'Patient' }), 422],
    [
      'a Patient whose name is a number',
      asked({ resourceType: 'Patient', name: 7, telecom: 'x', identifier: [null, 3] }),
      422,
    ],
    [
      'a list of resources',
      { resourceType: 'Parameters', parameter: [{ name: 'resource', resource: [asha] }] },
      400,
    ],
    ['no body', '', 400],
    ['no JSON', '{', 400],
  ];
  for (const [what, body, status] of hostile)
    test(`${what} is refused by name`, async () => {
      const answer = await clinic.call('POST', path, { body });
      assert.equal(answer.status, status, answer.text);
      assert.equal(answer.json<OutcomeBody>().resourceType, 'OperationOutcome');
    });

  test('a description as large as a body may be is answered', async () => {
    const large = changed({
      name: Array.from({ length: 3000 }, (_, i) => ({
        given: [`Asha${i}`, 'x'.repeat(200)],
        family: 'y'.repeat(300),
      })),
      telecom: Array.from({ length: 3000 }, (_, i) => ({
        system: 'phone',
        value: `98450${String(i).padStart(5, '0')}`,
      })),
    });
    assert.equal((await clinic.call('POST', path, { body: asked(large) })).status, 200);
  });
});
