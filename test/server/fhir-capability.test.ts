// The CapabilityStatement is exact: what it says can be done is done, and what it does not say is refused by name.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type SearchParameter, searchParametersOf } from '../../core/fhir/search-parameters.ts';
import { program, type Program } from '../harness/program.ts';
import { startServer, type TestServer } from '../harness/server.ts';

interface Capable {
  type: string;
  interaction: { code: string }[];
  searchParam: { name: string; type: string }[];
  searchInclude?: string[];
  searchRevInclude?: string[];
  operation?: { name: string }[];
}

const samples: Readonly<Record<string, string>> = {
  token: 'x',
  string: 'x',
  date: '2020-01-01',
  number: '1',
  quantity: '1',
  uri: 'http://example.org/x',
  reference: 'Patient/x',
  special: '1|1|1|km',
};

function sampleOf(type: string, name: string, kind: string): string {
  const parameter: SearchParameter | undefined = searchParametersOf(type).get(name);
  if (kind === 'composite')
    return (parameter?.alternatives[0]?.parts ?? []).map((part) => samples[part.kind]).join('$');
  if (kind === 'reference' && parameter?.targets) return `${parameter.targets[0]}/x`;
  return samples[name === '_lastUpdated' ? 'date' : kind] ?? 'x';
}

describe('the CapabilityStatement', () => {
  let server: TestServer;
  let partner: Program;
  let resources: Capable[];
  let systemOperations: { name: string }[];
  before(async () => {
    server = await startServer();
    partner = await program(server);
    const { rest } = (await partner.get('/fhir/R4/metadata')).json<{
      rest: { resource: Capable[]; operation: { name: string }[] }[];
    }>();
    resources = rest[0]?.resource ?? [];
    systemOperations = rest[0]?.operation ?? [];
  });
  after(() => server.stop());

  /** Asks all, a few at a time, and gives those whose answer is not as wanted. */
  async function unlike(
    questions: readonly { method?: string; path: string; body?: object; type?: string }[],
    wanted: (status: number, body: string) => boolean,
  ): Promise<string[]> {
    const wrong: string[] = [];
    const waiting = [...questions];
    const worker = async () => {
      for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
        const { method = 'GET', path, body, type = 'application/fhir+json' } = one;
        const answer = await server.inject({
          method,
          url: `/fhir/R4/${path}`,
          headers: {
            authorization: `Bearer ${partner.token}`,
            ...(body === undefined ? {} : { 'content-type': type }),
          },
          ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
        });
        if (!wanted(answer.statusCode, answer.body))
          wrong.push(`${method} ${path}: ${answer.statusCode} ${answer.body.slice(0, 200)}`);
      }
    };
    await Promise.all(Array.from({ length: 8 }, worker));
    return wrong;
  }

  test('every search parameter that is named answers, and every type is there', async () => {
    assert.ok(resources.length > 140);
    const questions = resources.flatMap(({ type, searchParam }) =>
      searchParam.map(({ name, type: kind }) => ({
        path: `${type}?${name}=${encodeURIComponent(sampleOf(type, name, kind))}`,
      })),
    );
    assert.ok(questions.length > 1500, `${questions.length}`);
    assert.deepEqual(await unlike(questions, (status) => status === 200), []);
  });

  test('a search parameter that is not named for a type is refused there', async () => {
    const names = [
      ...new Set(resources.flatMap(({ searchParam }) => searchParam.map(({ name }) => name))),
      '_text',
      '_content',
      '_filter',
      '_query',
    ].sort();
    const questions = resources.flatMap(({ type, searchParam }, turn) => {
      const others = names.filter((name) => !searchParam.some((one) => one.name === name));
      // A different handful for each type: together every name is asked many times.
      return Array.from({ length: 10 }, (_, i) => others[(turn * 37 + i * 61) % others.length] ?? '').map(
        (name) => ({ path: `${type}?${name}=x` }),
      );
    });
    const refused = (status: number, body: string) =>
      status === 400 && /not-supported|not understood/.test(body);
    assert.deepEqual(await unlike(questions, refused), []);
    for (const name of ['_text', '_content', '_filter', '_query'])
      assert.deepEqual(
        await unlike([{ path: `Patient?${name}=x` }], (_, body) => body.includes(`http.${name}`)),
        [],
      );
  });

  test('includes are taken as they are named', async () => {
    const questions = resources.flatMap(({ type, searchInclude = [], searchRevInclude = [] }) => [
      ...searchInclude.map((value) => ({ path: `${type}?_id=x&_include=${value}` })),
      // Thinned: there are thousands of them, all read by one rule.
      ...searchRevInclude
        .filter((_, i) => i % 7 === 0)
        .map((value) => ({ path: `${type}?_id=x&_revinclude=${value}` })),
    ]);
    assert.deepEqual(await unlike(questions, (status) => status === 200), []);
  });

  test('every interaction that is named is taken, and every other refused', async () => {
    const asked = (
      type: string,
    ): [code: string, question: { method: string; path: string; body?: object }][] => [
      ['read', { method: 'GET', path: `${type}/none` }],
      ['vread', { method: 'GET', path: `${type}/none/_history/1` }],
      [
        'update',
        { method: 'PUT', path: `${type}/none`, body: { resourceType: type, id: 'none', nonsense: 1 } },
      ],
      ['patch', { method: 'PATCH', path: `${type}/none`, body: { resourceType: 'Parameters' } }],
      ['delete', { method: 'DELETE', path: `${type}/none` }],
      ['history-instance', { method: 'GET', path: `${type}/none/_history` }],
      ['history-type', { method: 'GET', path: `${type}/_history?_count=1` }],
      ['create', { method: 'POST', path: type, body: { resourceType: type, nonsense: 1 } }],
      ['search-type', { method: 'GET', path: `${type}?_count=1` }],
    ];
    const named: { method: string; path: string; body?: object }[] = [];
    const others: { method: string; path: string; body?: object }[] = [];
    for (const { type, interaction } of resources)
      for (const [code, question] of asked(type))
        (interaction.some((one) => one.code === code) ? named : others).push(question);
    assert.deepEqual(await unlike(named, (status) => [200, 204, 404, 422].includes(status)), []);
    // People are erased, not deleted: whether there is such a person is not told by the refusal of one who is not there.
    const deletesNobody = others.filter(({ path }) => path !== 'Patient/none');
    assert.ok(deletesNobody.length > 0);
    assert.deepEqual(await unlike(deletesNobody, (status) => status === 403 || status === 405), []);
  });

  test('every operation that is named has a route', async () => {
    const paths = [
      ...systemOperations.map(({ name }) => `$${name}`),
      ...resources.flatMap(({ type, operation = [] }) =>
        // Of one group, never of all.
        operation.map(({ name }) =>
          type === 'Group' && name === 'export' ? 'Group/none/$export' : `${type}/$${name}`,
        ),
      ),
    ];
    assert.ok(paths.length > 150);
    const answered = (status: number, body: string) =>
      status !== 405 && status < 500 && !/no such address/i.test(body);
    const body = { resourceType: 'Parameters' };
    assert.deepEqual(
      await unlike(
        paths.map((path) => ({ method: 'POST', path, body })),
        answered,
      ),
      [],
    );
  });
});
