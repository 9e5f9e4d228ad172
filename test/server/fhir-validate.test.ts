// $validate through the FHIR door: by type, by id and for the whole server, with the resource bare or in Parameters; 200 whatever
// is found, and the same findings as a write would have.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { validateResource } from '../../core/fhir/validate.ts';
import type { Answer, Person } from '../harness/client.ts';
import { newClient, signUp } from '../harness/client.ts';
import { importDirectory } from '../harness/directory.ts';
import { conditionOf } from '../harness/resources.ts';
import type { OutcomeBody } from '../harness/resources.ts';
import { program } from '../harness/program.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';
import { summaryExamples } from '../official-examples.ts';

const bundleProfile = 'http://hl7.org/fhir/uv/ips/StructureDefinition/Bundle-uv-ips';
const patientProfile = 'http://hl7.org/fhir/uv/ips/StructureDefinition/Patient-uv-ips';
const ownProfile = 'http://example.org/StructureDefinition/named-patient';

describe('$validate', () => {
  let server: TestServer;
  let asha: Person;
  before(async () => {
    server = await startServer();
    asha = await signUp(server.url);
    await importDirectory(server.deps, [
      {
        resourceType: 'StructureDefinition',
        id: 'named-patient',
        url: ownProfile,
        name: 'NamedPatient',
        status: 'active',
        kind: 'resource',
        abstract: false,
        type: 'Patient',
        baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Patient',
        derivation: 'constraint',
        differential: {
          element: [
            { id: 'Patient', path: 'Patient' },
            { id: 'Patient.name', path: 'Patient.name', min: 1, max: '1' },
          ],
        },
      },
    ]);
  });
  after(() => server.stop());

  const post = (path: string, body: unknown): Promise<Answer> =>
    asha.call('POST', `/fhir/R4/${path}`, { body });
  const parameters = (resource: unknown, more: Record<string, string> = {}) => ({
    resourceType: 'Parameters',
    parameter: [
      { name: 'resource', resource },
      ...Object.entries(more).map(([name, value]) => ({ name, valueCode: value })),
    ],
  });
  const issues = (answer: Answer): string[] => {
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(validateResource(answer.json()), []);
    return answer
      .json<OutcomeBody>()
      .issue.map((one) => `${one.severity} ${one.code} ${one.expression?.[0] ?? ''}`.trim());
  };

  for (const [rule, path, body, expected] of [
    [
      'a sound resource, bare',
      'Patient/$validate',
      { resourceType: 'Patient' },
      ['information informational'],
    ],
    [
      'one in Parameters',
      'Patient/$validate',
      parameters({ resourceType: 'Patient' }),
      ['information informational'],
    ],
    [
      'for the whole server',
      '$validate',
      { resourceType: 'Patient', active: true },
      ['information informational'],
    ],
    [
      'one that is not sound',
      'Patient/$validate',
      { resourceType: 'Patient', gender: 'x', foo: 1 },
      ['error code-invalid Patient.gender', 'error structure Patient'],
    ],
    [
      'another type than the address',
      'Condition/$validate',
      { resourceType: 'Patient' },
      ['error invalid Resource'],
    ],
    [
      'a profile in the address',
      `Patient/$validate?profile=${patientProfile}`,
      { resourceType: 'Patient', name: [{ text: 'x' }] },
      ['error required Patient.birthDate'],
    ],
    [
      'a profile in Parameters',
      'Patient/$validate',
      parameters(
        { resourceType: 'Patient', birthDate: '2000' },
        { profile: `${patientProfile}|2.0.0`, mode: 'create' },
      ),
      ['error required Patient.name'],
    ],
    [
      'a profile that the resource claims',
      'Patient/$validate',
      { resourceType: 'Patient', meta: { profile: [patientProfile] }, birthDate: '2000' },
      ['error required Patient.name'],
    ],
    [
      'a profile that was loaded',
      `Patient/$validate?profile=${ownProfile}`,
      { resourceType: 'Patient' },
      ['error required Patient.name'],
    ],
    [
      'a profile that nobody knows',
      'Patient/$validate?profile=http://x',
      { resourceType: 'Patient' },
      ['error not-supported Patient.meta.profile'],
    ],
    [
      'a claim that nobody knows',
      'Patient/$validate',
      { resourceType: 'Patient', meta: { profile: ['http://x'] } },
      ['information not-supported Patient.meta.profile'],
    ],
    [
      'Parameters themselves',
      'Parameters/$validate',
      { resourceType: 'Parameters', parameter: [{ name: 'a' }] },
      ['error invariant Parameters.parameter[0]'],
    ],
  ] as const)
    test(`tells: ${rule}`, async () => assert.deepEqual(issues(await post(path, body)), expected));

  test('examples of the International Patient Summary are accepted by its profile out of the box', async () => {
    const documents = summaryExamples().filter(({ name }) => name.startsWith('Bundle-'));
    assert.equal(documents.length, 5);
    for (const { name, text } of documents) {
      const answer = await asha.call('POST', `/fhir/R4/Bundle/$validate?profile=${bundleProfile}`, {
        body: text,
      });
      assert.deepEqual(
        issues(answer).filter((one) => one.startsWith('error')),
        [],
        name,
      );
    }
  });

  test('all 44 of them are accepted by the profiles that they claim, and stored as they came', async () => {
    const partner = await program(server);
    const parsed = summaryExamples().map(({ name, text }) => {
      const resource = JSON.parse(text) as {
        resourceType: string;
        id: string;
        meta?: { profile?: string[] };
      };
      return { name, text, resource };
    });
    assert.equal(parsed.length, 44);
    // People first: what is about somebody is kept in their record.
    const people = parsed.filter(({ resource }) => resource.resourceType === 'Patient');
    for (const { name, text, resource } of [...people, ...parsed.filter((one) => !people.includes(one))]) {
      const { resourceType: type, id, meta } = resource;
      for (const profile of meta?.profile ?? (type === 'Bundle' ? [bundleProfile] : [])) {
        if (!profile.includes('/uv/ips/')) continue;
        const path = `/fhir/R4/${type}/$validate?profile=${encodeURIComponent(profile)}`;
        const judged = await partner.call('POST', path, { body: text });
        assert.deepEqual(
          issues(judged).filter((one) => one.startsWith('error')),
          [],
          `${name} ${profile}`,
        );
      }
      const stored = await partner.call('PUT', `/fhir/R4/${type}/${id}`, { body: text });
      assert.equal(stored.status, 201, `${name} ${stored.text.slice(0, 300)}`);
    }
  });

  test('what stands is judged by its id, and the look is recorded', async () => {
    const { id } = await asha.create(conditionOf(asha.patientId));
    const path = `Condition/${id}/$validate`;
    assert.deepEqual(issues(await asha.get(`/fhir/R4/${path}`)), ['information informational']);
    assert.deepEqual(
      issues(await post(path, { ...conditionOf(asha.patientId), id, clinicalStatus: { text: 'x' } })),
      ['error code-invalid Condition.clinicalStatus'],
    );
    assert.deepEqual(issues(await post(path, conditionOf(asha.patientId))), ['error invalid Condition.id']);
    assert.deepEqual(
      issues(
        await post(path, { resourceType: 'Parameters', parameter: [{ name: 'mode', valueCode: 'delete' }] }),
      ),
      ['information informational'],
    );
    const { rows } = await server.pool.query('select statement from entry where patient_id = $1', [
      asha.patientId,
    ]);
    const looks = (rows as { statement: string }[]).filter(({ statement }) =>
      statement.includes('"event":"read"'),
    );
    assert.equal(looks.length, 4);
    const stranger = await signUp(server.url);
    assert.equal((await stranger.get(`/fhir/R4/${path}`)).status, 404);
  });

  test('nothing is stored by asking', async () => {
    const count = async () =>
      (await server.pool.query(`select count(*)::int as n from resource`)).rows[0] as { n: number };
    const before = await count();
    await post('Condition/$validate', conditionOf(asha.patientId));
    assert.deepEqual(await count(), before);
  });

  for (const [rule, path, body] of [
    ['text that is not JSON', 'Patient/$validate', '{'],
    ['no resource', 'Patient/$validate', '[]'],
    ['an unknown mode', 'Patient/$validate?mode=guess', { resourceType: 'Patient' }],
    ['an unknown parameter', 'Patient/$validate?profil=x', { resourceType: 'Patient' }],
    [
      'nothing to judge',
      'Patient/$validate',
      { resourceType: 'Parameters', parameter: [{ name: 'mode', valueCode: 'create' }] },
    ],
    ['deletion of nothing', 'Patient/$validate?mode=delete', { resourceType: 'Patient' }],
  ] as const)
    test(`cannot be judged: ${rule}`, async () => {
      const answer = await post(path, body);
      assert.equal(answer.status, 400, answer.text);
      assert.ok(answer.json<OutcomeBody>().issue.length > 0);
    });

  test('a type that R4 does not have, and nobody signed in', async () => {
    assert.equal((await post('Nonsense/$validate', { resourceType: 'Patient' })).status, 404);
    const answer = await newClient(server.url).call('POST', '/fhir/R4/Patient/$validate', {
      body: { resourceType: 'Patient' },
    });
    assert.equal(answer.status, 401);
  });
});
