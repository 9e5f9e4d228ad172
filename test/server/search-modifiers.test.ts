// Every modifier of R4 on every kind of parameter, and every prefix: each finds what the table names, or is refused by name.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { importDirectory } from '../harness/directory.ts';
import type { BundleBody, OutcomeBody } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

const snomed = 'http://snomed.info/sct';
const clinical = 'http://terminology.hl7.org/CodeSystem/condition-clinical';
const clinicalSet = 'http://hl7.org/fhir/ValueSet/condition-clinical';
const ucum = 'http://unitsofmeasure.org';
const identifierType = 'http://terminology.hl7.org/CodeSystem/v2-0203';

const modifiers = [
  'exact',
  'contains',
  'missing',
  'not',
  'text',
  'above',
  'below',
  'in',
  'not-in',
  'identifier',
  'of-type',
  'iterate',
] as const;
type Modifier = (typeof modifiers)[number];

interface Row {
  readonly parameter: string;
  /** What each modifier is asked with, and what it finds. What is not here is refused. */
  readonly works: Partial<Record<Modifier, readonly (readonly [value: string, found: string])[]>>;
}

const rows: Record<string, Row> = {
  'token of concepts': {
    parameter: 'Condition?clinical-status',
    works: {
      missing: [
        ['true', 'unsaid'],
        ['false', 'active relapse'],
      ],
      not: [
        ['active', 'relapse unsaid'],
        [`${clinical}|active,${clinical}|relapse`, 'unsaid'],
        ['|active', 'active relapse unsaid'],
      ],
      text: [
        ['goes on', 'active'],
        ['GOES', 'active'],
        ['on', ''],
      ],
      above: [
        [`${clinical}|relapse`, 'active relapse'],
        [`${clinical}|active`, 'active'],
      ],
      below: [
        [`${clinical}|active`, 'active relapse'],
        [`${clinical}|relapse`, 'relapse'],
        [`${clinical}|inactive`, ''],
      ],
      in: [[clinicalSet, 'active relapse']],
      'not-in': [[clinicalSet, 'unsaid']],
    },
  },
  'token of identifiers': {
    parameter: 'Condition?identifier',
    works: {
      missing: [['true', 'unsaid']],
      not: [['urn:x|1', 'relapse unsaid']],
      text: [['record', 'active']],
      'of-type': [
        [`${identifierType}|MR|1`, 'active'],
        [`${identifierType}|MR|1,${identifierType}|SS|2`, 'active relapse'],
        [`${identifierType}|SS|1`, ''],
        ['urn:other|MR|1', ''],
      ],
    },
  },
  string: {
    parameter: 'Organization?name',
    works: {
      exact: [
        ['Clinic Śānti', 'clinic'],
        ['clinic Śānti', ''],
        ['Clinic', ''],
      ],
      contains: [
        ['santi', 'clinic'],
        ['LINI', 'clinic'],
      ],
      missing: [
        ['true', 'nameless'],
        ['false', 'clinic'],
      ],
    },
  },
  reference: {
    parameter: 'Condition?asserter',
    works: {
      missing: [['true', 'relapse']],
      identifier: [
        ['urn:staff|7', 'unsaid'],
        ['7', 'unsaid'],
        ['urn:staff|', 'unsaid'],
        ['urn:staff|8', ''],
        // The value of the reference itself is no identifier.
        ['doctor', ''],
      ],
    },
  },
  date: {
    parameter: 'Condition?onset-date',
    works: { missing: [['false', 'active relapse']] },
  },
  number: {
    parameter: 'RiskAssessment?probability',
    works: {
      missing: [
        ['true', 'riskless'],
        ['false', 'risk'],
      ],
    },
  },
  quantity: {
    parameter: 'Observation?value-quantity',
    works: { missing: [['true', 'unmeasured']] },
  },
  uri: {
    parameter: 'ValueSet?url',
    works: {
      missing: [['false', 'colours shades']],
      above: [
        ['http://colours.example/set/shades/dark', 'colours shades'],
        ['http://colours.example/set', 'colours'],
      ],
      below: [
        ['http://colours.example/set', 'colours shades'],
        ['http://colours.example/se', ''],
        ['http://colours.example/set/shades', 'shades'],
      ],
    },
  },
  composite: { parameter: 'Observation?code-value-quantity', works: {} },
  position: {
    parameter: 'Location?near',
    works: {
      missing: [
        ['true', 'nowhere'],
        ['false', 'delhi'],
      ],
    },
  },
};

describe('modifiers and prefixes', () => {
  let server: TestServer;
  let asha: Person;
  const names = new Map<string, string>();

  before(async () => {
    server = await startServer();
    await importDirectory(server.deps, [
      { resourceType: 'Organization', id: 'clinic', name: 'Clinic Śānti' },
      { resourceType: 'Organization', id: 'nameless', identifier: [{ system: 'urn:o', value: '1' }] },
      { resourceType: 'Practitioner', id: 'doctor' },
      { resourceType: 'ValueSet', id: 'colours', status: 'active', url: 'http://colours.example/set' },
      { resourceType: 'ValueSet', id: 'shades', status: 'active', url: 'http://colours.example/set/shades' },
      { resourceType: 'Location', id: 'delhi', position: { latitude: 28.61, longitude: 77.2 } },
      { resourceType: 'Location', id: 'nowhere', name: 'Nowhere' },
    ]);
    asha = await signUp(server.url);
    const subject = { reference: `Patient/${asha.patientId}` };
    const make = async (name: string, resource: Record<string, unknown>) =>
      names.set((await asha.create({ subject, ...resource })).id, name);
    const status = (code: string, text?: string) => ({
      coding: [{ system: clinical, code }],
      ...(text === undefined ? {} : { text }),
    });
    const identifier = (code: string, value: string, text?: string) => [
      {
        system: 'urn:x',
        value,
        type: { coding: [{ system: identifierType, code }], ...(text === undefined ? {} : { text }) },
      },
    ];
    await make('active', {
      resourceType: 'Condition',
      clinicalStatus: status('active', 'Goes on'),
      code: { coding: [{ system: snomed, code: '195967001' }] },
      identifier: identifier('MR', '1', 'Record number'),
      asserter: { reference: 'Practitioner/doctor' },
      onsetDateTime: '2025-03',
    });
    await make('relapse', {
      resourceType: 'Condition',
      clinicalStatus: status('relapse'),
      identifier: identifier('SS', '2'),
      onsetDateTime: '2026-01-05T10:00:00Z',
    });
    await make('unsaid', {
      resourceType: 'Condition',
      code: { text: 'Asthma' },
      asserter: { identifier: { system: 'urn:staff', value: '7' } },
    });
    await make('risk', {
      resourceType: 'RiskAssessment',
      status: 'final',
      prediction: [{ probabilityDecimal: 0.5 }],
    });
    await make('riskless', { resourceType: 'RiskAssessment', status: 'final' });
    const weight = { resourceType: 'Observation', status: 'final', code: { coding: [{ code: 'weight' }] } };
    await make('measured', { ...weight, valueQuantity: { value: 70, unit: 'kg', system: ucum, code: 'kg' } });
    await make('unmeasured', weight);
  });
  after(() => server.stop());

  const ask = (query: string) => asha.get(`/fhir/R4/${query.replace('#', '%23')}`);

  async function find(query: string): Promise<string> {
    const answer = await ask(query);
    assert.equal(answer.status, 200, `${query}: ${answer.text}`);
    const { entry = [] } = answer.json<BundleBody>();
    return entry
      .map(({ resource }) => names.get(resource?.id ?? '') ?? resource?.id ?? '?')
      .toSorted()
      .join(' ');
  }

  async function refused(query: string, parameter: string): Promise<void> {
    for (const prefer of ['handling=strict', 'handling=lenient']) {
      const answer = await asha.get(`/fhir/R4/${query}`, { prefer });
      assert.equal(answer.status, 400, `${query} ${prefer}: ${answer.text}`);
      const [issue] = answer.json<OutcomeBody>().issue;
      assert.deepEqual(
        [issue?.code, issue?.expression?.[0]],
        ['not-supported', `http.${parameter}`],
        `${query}: ${answer.text}`,
      );
    }
  }

  for (const [kind, { parameter, works }] of Object.entries(rows)) {
    const name = parameter.split('?')[1] ?? '';
    test(`${kind}: each modifier finds what it says, or is refused by name`, async () => {
      for (const modifier of modifiers) {
        const asked = works[modifier];
        if (asked === undefined) {
          // What another kind takes as its value: it is the modifier that is refused.
          if (kind.startsWith('token') && ['above', 'below', 'in', 'not-in'].includes(modifier)) continue;
          await refused(`${parameter}:${modifier}=1`, name);
        }
        for (const [value, found] of asked ?? [])
          assert.equal(
            await find(`${parameter}:${modifier}=${encodeURIComponent(value)}`),
            found,
            `${modifier}=${value}`,
          );
      }
      await refused(`${parameter}:Exact=x`, name);
      await refused(`${parameter}:=x`, name);
    });
  }

  test('a type as modifier narrows a reference, and names only what the reference may name', async () => {
    assert.equal(await find('Condition?asserter:Practitioner=doctor'), 'active');
    assert.equal(await find('Condition?asserter:Patient=doctor'), '');
    await refused('Condition?asserter:Organization=doctor', 'asserter');
    await refused('Condition?clinical-status:Patient=x', 'clinical-status');
  });

  test('codes by set or hierarchy that nobody here knows are refused, not found in nothing', async () => {
    for (const query of [
      'Condition?clinical-status:in=http://nowhere.example/set',
      'Condition?clinical-status:not-in=http://nowhere.example/set',
      'Condition?clinical-status:below=urn:nowhere|x',
      'Condition?clinical-status:above=active',
    ]) {
      const answer = await ask(query);
      assert.ok(answer.status >= 400 && answer.status < 500, `${query}: ${answer.text}`);
    }
  });

  test(':iterate goes with _include and _revinclude alone', async () => {
    assert.equal((await ask('Condition?_include:iterate=Condition:asserter')).status, 200);
    assert.equal((await ask('Practitioner?_revinclude:iterate=Condition:asserter')).status, 200);
    for (const name of ['_include:exact', '_include:iterate:iterate', '_revinclude:missing'])
      assert.equal((await ask(`Condition?${name}=Condition:asserter`)).status, 400, name);
  });

  test('each prefix on each kind that has an order; elsewhere it is part of the value', async () => {
    // What the number, the quantity and the day of the fixtures answer to: below, at, above.
    const ordered: Record<string, [query: string, at: string, below: string, above: string, near: string]> = {
      risk: ['RiskAssessment?probability=', '0.5', '0.4', '0.6', '0.52'],
      measured: ['Observation?value-quantity=', '70', '60', '80', '72'],
      relapse: ['Condition?onset-date=', '2026-01-05', '2026-01-04', '2026-01-06', '2026-01-05'],
    };
    for (const [name, [query, at, below, above, near]] of Object.entries(ordered)) {
      const holds = async (prefix: string, value: string) =>
        (await find(query + prefix + value)).split(' ').includes(name);
      const table: [prefix: string, below: boolean, at: boolean, above: boolean][] = [
        ['', false, true, false],
        ['eq', false, true, false],
        ['ne', true, false, true],
        ['gt', true, false, false],
        ['ge', true, true, false],
        ['sa', true, false, false],
        ['lt', false, false, true],
        ['le', false, true, true],
        ['eb', false, false, true],
      ];
      for (const [prefix, ...wanted] of table)
        assert.deepEqual(
          [await holds(prefix, below), await holds(prefix, at), await holds(prefix, above)],
          // A day is a range: something within it neither ends before it nor begins after it, and is not after all of it.
          wanted,
          `${name} ${prefix}`,
        );
      assert.ok(await holds('ap', near), `${name} ap${near}`);
      assert.ok(!(await holds('ap', name === 'relapse' ? '1990-01-01' : '5')), `${name} ap`);
    }
    for (const query of [
      'Observation?value-quantity=>70',
      'RiskAssessment?probability=xx1',
      'Condition?onset-date=GT2025',
    ])
      assert.equal((await ask(query)).status, 400, query);
    assert.equal(await find('Organization?name=gtClinic'), '');
    assert.equal(await find('Condition?code=ne195967001'), '');
    assert.equal(await find('ValueSet?url=nehttp://colours.example/set'), '');
  });
});
