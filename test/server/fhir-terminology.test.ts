// $expand, $lookup, $subsumes and $validate-code through the FHIR door: shipped definitions and loaded ones, what is refused
// and in which words, and the entry that a look into the directory leaves.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { validateResource } from '../../core/fhir/validate.ts';
import { expandToCodes, relatedCodes } from '../../server/fhir/terminology-source.ts';
import type { Answer, Person } from '../harness/client.ts';
import { newClient, signUp } from '../harness/client.ts';
import type { OutcomeBody } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';
import { importDirectory } from '../harness/directory.ts';

interface Expanded {
  expansion: {
    total: number;
    offset: number;
    contains?: { code: string; display?: string; system: string }[];
  };
}
interface Output {
  parameter: {
    name: string;
    valueBoolean?: boolean;
    valueString?: string;
    valueCode?: string;
    part?: unknown[];
  }[];
}

const query = (values: Record<string, string>): string => new URLSearchParams(values).toString();
const gender = 'http://hl7.org/fhir/ValueSet/administrative-gender';
const roleCode = 'http://terminology.hl7.org/CodeSystem/v3-RoleCode';

describe('terminology', () => {
  let server: TestServer;
  let asha: Person;
  before(async () => {
    server = await startServer();
    asha = await signUp(server.url);
    await importDirectory(server.deps, [
      {
        resourceType: 'CodeSystem',
        id: 'wards',
        url: 'http://example.org/wards',
        version: '2',
        status: 'active',
        content: 'complete',
        concept: [
          {
            code: 'ward',
            concept: [
              { code: 'w1', display: 'Ward One', designation: [{ language: 'hi', value: 'वार्ड एक' }] },
            ],
          },
          { code: 'gate', display: 'Gate' },
        ],
      },
      {
        resourceType: 'ValueSet',
        id: 'wards',
        url: 'http://example.org/wards-in-use',
        status: 'active',
        compose: {
          include: [
            {
              system: 'http://example.org/wards',
              filter: [{ property: 'concept', op: 'is-a', value: 'ward' }],
            },
          ],
        },
      },
    ]);
  });
  after(() => server.stop());

  const get = (path: string, values: Record<string, string>) => asha.get(`/fhir/R4/${path}?${query(values)}`);
  const post = (path: string, parameter: unknown[]) =>
    asha.call('POST', `/fhir/R4/${path}`, { body: { resourceType: 'Parameters', parameter } });
  const output = (answer: Answer): Record<string, unknown> =>
    Object.fromEntries(
      answer
        .json<Output>()
        .parameter.map((p) => [p.name, p.valueBoolean ?? p.valueString ?? p.valueCode ?? p.part]),
    );

  test('a shipped value set is expanded, by GET and by POST alike', async () => {
    const answer = await get('ValueSet/$expand', { url: gender });
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(
      answer.json<Expanded>().expansion.contains?.map((one) => one.code),
      ['male', 'female', 'other', 'unknown'],
    );
    assert.deepEqual(validateResource(answer.json()), []);
    const posted = await post('ValueSet/$expand', [{ name: 'url', valueUri: `${gender}|4.0.1` }]);
    assert.deepEqual(posted.json<Expanded>().expansion.contains, answer.json<Expanded>().expansion.contains);
  });

  test('pages and words narrow a long one; unpaged it is refused', async () => {
    const url = 'http://hl7.org/fhir/ValueSet/c80-doc-typecodes';
    const whole = await get('ValueSet/$expand', { url });
    assert.equal(whole.status, 422);
    assert.equal(whole.json<OutcomeBody>().issue[0]?.code, 'too-costly');
    const first = (await get('ValueSet/$expand', { url, count: '3' })).json<Expanded>().expansion;
    const second = (await get('ValueSet/$expand', { url, count: '3', offset: '3' })).json<Expanded>()
      .expansion;
    assert.equal(first.total, 6401);
    assert.equal(
      new Set([...(first.contains ?? []), ...(second.contains ?? [])].map((one) => one.code)).size,
      6,
    );
    assert.equal(second.offset, 3);
    const found = (
      await get('ValueSet/$expand', { url, filter: 'discharge SUMMARY', count: '50' })
    ).json<Expanded>();
    assert.ok(found.expansion.total > 3 && found.expansion.total < 500);
    for (const one of found.expansion.contains ?? [])
      assert.match(one.display ?? '', /discharge.*summary|summary.*discharge/i);
    assert.equal(
      (await get('ValueSet/$expand', { url, filter: 'no such words', count: '5' })).json<Expanded>().expansion
        .total,
      0,
    );
  });

  test('what was loaded into the directory is used by address and by id, and the look is recorded', async () => {
    const before = await entriesOfDirectory();
    for (const answer of [
      await get('ValueSet/$expand', { url: 'http://example.org/wards-in-use' }),
      await get('ValueSet/wards/$expand', {}),
    ]) {
      assert.equal(answer.status, 200, answer.text);
      assert.deepEqual(
        answer.json<Expanded>().expansion.contains?.map((one) => one.code),
        ['ward', 'w1'],
      );
    }
    assert.ok((await entriesOfDirectory()) >= before + 3);
    const sent = await post('ValueSet/$expand', [
      {
        name: 'valueSet',
        resource: {
          resourceType: 'ValueSet',
          status: 'draft',
          compose: { include: [{ system: 'http://example.org/wards', concept: [{ code: 'gate' }] }] },
        },
      },
    ]);
    assert.deepEqual(sent.json<Expanded>().expansion.contains, [
      { code: 'gate', display: 'Gate', system: 'http://example.org/wards' },
    ]);
  });

  const entriesOfDirectory = async (): Promise<number> => {
    const { rows } = await server.pool.query(`select count(*)::int as n from entry where patient_id = ''`);
    return (rows[0] as { n: number }).n;
  };

  test('a code is looked up with its words and its place', async () => {
    const son = output(await get('CodeSystem/$lookup', { system: roleCode, code: 'SON' }));
    assert.equal(son['display'], 'natural son');
    assert.match(
      JSON.stringify(await get('CodeSystem/$lookup', { system: roleCode, code: 'SON' })),
      /NCHILD/,
    );
    const ward = await get('CodeSystem/$lookup', { system: 'http://example.org/wards', code: 'w1' });
    assert.match(ward.text, /वार्ड एक/);
    assert.equal(output(ward)['version'], '2');
    const known = await post('CodeSystem/$lookup', [
      { name: 'coding', valueCoding: { system: 'http://loinc.org', code: '34133-9' } },
    ]);
    assert.equal(output(known)['display'], 'Summary of episode note');
    assert.deepEqual(validateResource(ward.json()), []);
  });

  test('subsumption', async () => {
    const asked = { system: roleCode, codeA: 'CHILD', codeB: 'NCHILD' };
    assert.equal(output(await get('CodeSystem/$subsumes', asked))['outcome'], 'subsumes');
    const turned = { ...asked, codeA: 'NCHILD', codeB: 'CHILD' };
    assert.equal(output(await get('CodeSystem/$subsumes', turned))['outcome'], 'subsumed-by');
  });

  for (const [rule, path, values, result] of [
    [
      'a member',
      'ValueSet/$validate-code',
      { url: gender, system: 'http://hl7.org/fhir/administrative-gender', code: 'male' },
      true,
    ],
    ['a member whatever its system', 'ValueSet/$validate-code', { url: gender, code: 'male' }, true],
    ['no member', 'ValueSet/$validate-code', { url: gender, code: 'man' }, false],
    [
      'a member of another system',
      'ValueSet/$validate-code',
      { url: gender, system: 'http://x', code: 'male' },
      false,
    ],
    ['a right display', 'ValueSet/$validate-code', { url: gender, code: 'male', display: 'MALE' }, true],
    ['a wrong display', 'ValueSet/$validate-code', { url: gender, code: 'male', display: 'Woman' }, false],
    ['a code by instance', 'ValueSet/wards/$validate-code', { code: 'w1' }, true],
    ['a code outside the filter', 'ValueSet/wards/$validate-code', { code: 'gate' }, false],
    ['a code of a system', 'CodeSystem/$validate-code', { url: roleCode, code: 'SON' }, true],
    ['an unknown code of a system', 'CodeSystem/$validate-code', { url: roleCode, code: 'SUN' }, false],
    [
      'a display in another language',
      'CodeSystem/wards/$validate-code',
      { code: 'w1', display: 'वार्ड एक' },
      true,
    ],
  ] as const)
    test(`$validate-code: ${rule} gives ${result}`, async () => {
      const answer = await get(path, values);
      assert.equal(answer.status, 200, answer.text);
      assert.equal(output(answer)['result'], result);
      assert.deepEqual(validateResource(answer.json()), []);
    });

  test('a concept is right when one of its codings is', async () => {
    const answer = await post('ValueSet/$validate-code', [
      { name: 'url', valueUri: gender },
      {
        name: 'codeableConcept',
        valueCodeableConcept: {
          coding: [
            { system: 'http://x', code: 'm' },
            { system: 'http://hl7.org/fhir/administrative-gender', code: 'male' },
          ],
        },
      },
    ]);
    assert.equal(output(answer)['result'], true);
  });

  for (const [rule, path, values, status, code] of [
    ['an unknown value set', 'ValueSet/$expand', { url: 'http://x/none' }, 404, 'not-found'],
    ['another version', 'ValueSet/$expand', { url: `${gender}|3.0.1` }, 404, 'not-found'],
    [
      'a system known in part',
      'ValueSet/$expand',
      { url: 'http://hl7.org/fhir/ValueSet/condition-code' },
      422,
      'not-supported',
    ],
    ['an unknown parameter', 'ValueSet/$expand', { url: gender, flter: 'x' }, 400, 'not-supported'],
    ['no value set', 'ValueSet/$expand', {}, 400, 'required'],
    ['a negative count', 'ValueSet/$expand', { url: gender, count: '-1' }, 400, 'value'],
    ['a boolean that is none', 'ValueSet/$expand', { url: gender, activeOnly: 'yes' }, 400, 'value'],
    ['a resource in an address', 'ValueSet/$expand', { valueSet: '{}' }, 400, 'value'],
    ['an instance that is not there', 'ValueSet/none/$expand', {}, 404, 'not-found'],
    ['an unknown code', 'CodeSystem/$lookup', { system: roleCode, code: 'SUN' }, 404, 'not-found'],
    ['an unknown system', 'CodeSystem/$lookup', { system: 'http://x', code: 'a' }, 422, 'not-supported'],
    ['a look-up without a system', 'CodeSystem/$lookup', { code: 'a' }, 400, 'required'],
    [
      'a code that may be right elsewhere',
      'CodeSystem/$validate-code',
      { url: 'http://snomed.info/sct', code: '999' },
      422,
      'not-supported',
    ],
    ['no code', 'ValueSet/$validate-code', { url: gender }, 400, 'required'],
    [
      'codes of two systems',
      'CodeSystem/$subsumes',
      { system: roleCode, codeA: 'CHILD', codeB: 'x' },
      404,
      'not-found',
    ],
  ] as const)
    test(`refused: ${rule}`, async () => {
      const answer = await get(path, values);
      assert.equal(answer.status, status, answer.text);
      const [issue] = answer.json<OutcomeBody>().issue;
      assert.equal(issue?.code, code);
    });

  for (const [rule, body] of [
    ['text that is not JSON', '{'],
    ['another resource', { resourceType: 'Patient' }],
    ['a parameter without a name', { resourceType: 'Parameters', parameter: [{ valueUri: 'x' }] }],
    [
      'a parameter twice',
      {
        resourceType: 'Parameters',
        parameter: [
          { name: 'url', valueUri: 'x' },
          { name: 'url', valueUri: 'y' },
        ],
      },
    ],
    [
      'two values',
      { resourceType: 'Parameters', parameter: [{ name: 'url', valueUri: 'x', valueString: 'y' }] },
    ],
    [
      'a value of another type',
      { resourceType: 'Parameters', parameter: [{ name: 'url', valueBoolean: true }] },
    ],
    ['null', { resourceType: 'Parameters', parameter: [null] }],
    ['a list where none is', { resourceType: 'Parameters', parameter: { name: 'url' } }],
    [
      'a value set that is not sound',
      {
        resourceType: 'Parameters',
        parameter: [{ name: 'valueSet', resource: { resourceType: 'ValueSet', status: 'nope' } }],
      },
    ],
  ] as const)
    test(`a body is refused, not tripped over: ${rule}`, async () => {
      const answer = await asha.call('POST', '/fhir/R4/ValueSet/$expand', { body });
      assert.ok(answer.status === 400 || answer.status === 422, answer.text);
      assert.ok(answer.json<OutcomeBody>().issue.length > 0);
    });

  test('nobody is answered without signing in', async () => {
    const answer = await newClient(server.url).get(`/fhir/R4/ValueSet/$expand?${query({ url: gender })}`);
    assert.equal(answer.status, 401);
  });

  test('search gets the codes of a value set and the kinds of a code as plain data', async () => {
    assert.deepEqual(
      (await expandToCodes(server.pool, 'http://example.org/wards-in-use')).map((one) => one.code),
      ['ward', 'w1'],
    );
    assert.deepEqual(
      (await relatedCodes(server.pool, 'http://example.org/wards', 'w1', 'above')).map((one) => one.code),
      ['w1', 'ward'],
    );
    await assert.rejects(expandToCodes(server.pool, 'http://x/none'), { status: 404 });
  });
});
