// Histories over very many versions: a page costs what a page holds. Asked through HTTP; the statement that was sent is then explained
// by the database, and what it read is counted. Nothing here is timed.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { type Program, program } from '../harness/program.ts';
import type { BundleBody } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

const versions = 60_000;
const perPage = 50;
/** Of each of the types a page from either table, and what was written at the same instant as its last. */
const mostRows = 3_000;

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: PlanNode[];
}

describe('histories of 60,000 versions', () => {
  let server: TestServer;
  let asha: Person;
  let partner: Program;
  before(async () => {
    server = await startServer();
    asha = await signUp(server.url);
    partner = await program(server);
    await server.pool.query(
      `insert into person (patient_id, uhid, pseudonym, created_at)
       select 'p' || i, 20000000000000 + i, uuid_send(gen_random_uuid()), now() from generate_series(0, 999) i`,
    );
    // Half stand, half were replaced; nine at each instant, of three types and a thousand people, a third in the directory.
    for (const [table, from, version] of [
      ['resource', 20_000, 2],
      ['resource_history', 0, 1],
    ] as const)
      await server.pool.query(
        `insert into ${table} (patient_id, resource_type, resource_id, version, deleted, last_updated, entry_id, content)
         select case when i % 3 = 0 then '' else 'p' || i % 1000 end, (array['Practitioner', 'Observation', 'Condition'])[i % 3 + 1],
                'r' || i, ${version}, false, timestamptz '2026-01-01' + (i / 9 * 3 + ${from}) * interval '1 second', gen_random_uuid(), '{}'
           from generate_series(1, ${versions / 2}) i`,
      );
    await server.pool.query('analyze resource, resource_history');
  });
  after(() => server.stop());

  /** The page, and the plan of the statement that found it. */
  async function explained(
    who: Person | Program,
    path: string,
  ): Promise<{ page: BundleBody; nodes: PlanNode[] }> {
    const { pool } = server.deps.db;
    const query = pool.query.bind(pool);
    let sent: { text: string; values: unknown[] } | undefined;
    pool.query = (async (statement: { text?: string; values?: unknown[] }) => {
      if (statement.text?.includes('resource_history') === true && statement.text.startsWith('with page'))
        sent = { text: statement.text, values: statement.values ?? [] };
      return (query as (one: object) => Promise<unknown>)(statement);
    }) as unknown as typeof pool.query;
    const answer = await who.get(path).finally(() => {
      pool.query = query;
    });
    assert.equal(answer.status, 200, answer.text);
    assert.ok(sent, 'the statement was seen');
    const { rows } = await server.pool.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
      `explain (analyze, format json) ${sent.text}`,
      sent.values,
    );
    const nodes: PlanNode[] = [];
    const walk = (node: PlanNode) => {
      nodes.push(node);
      node.Plans?.forEach(walk);
    };
    walk((rows[0] as { 'QUERY PLAN': [{ Plan: PlanNode }] })['QUERY PLAN'][0].Plan);
    return { page: answer.json<BundleBody>(), nodes };
  }

  const read = (nodes: readonly PlanNode[]) =>
    nodes
      .filter((node) => node['Relation Name']?.startsWith('resource') === true)
      .reduce(
        (sum, node) =>
          sum + (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'],
        0,
      );
  const sorted = (nodes: readonly PlanNode[]) =>
    nodes
      .filter((node) => node['Node Type'] === 'Sort')
      .reduce(
        (most, { Plans: [input] = [] }) =>
          Math.max(most, (input?.['Actual Rows'] ?? 0) * (input?.['Actual Loops'] ?? 0)),
        0,
      );
  const nextOf = ({ link = [] }: BundleBody) =>
    link.find(({ relation }) => relation === 'next')?.url.slice(server.url.length);

  for (const [what, path] of [
    ['of everything', '/fhir/R4/_history'],
    ['of a type', '/fhir/R4/Observation/_history'],
    ['of a type, since then', '/fhir/R4/Condition/_history?_since=2026-01-01T00:00:05Z'],
    ['of everything, since then', '/fhir/R4/_history?_since=2026-01-01'],
  ] as const)
    test(`${what}, for a program: every page reads a page off an index and sorts no more`, async () => {
      let next: string | undefined = path;
      const seen = new Set<string>();
      let newest = Number.POSITIVE_INFINITY;
      for (let i = 0; i < 4 && next !== undefined; i += 1) {
        const { page, nodes }: { page: BundleBody; nodes: PlanNode[] } = await explained(partner, next);
        assert.ok(read(nodes) <= mostRows, `page ${i} reads ${read(nodes)} rows`);
        assert.ok(sorted(nodes) <= mostRows, `page ${i} sorts ${sorted(nodes)} rows`);
        assert.ok(
          !nodes.some((node) => node['Node Type'] === 'Seq Scan' && node['Relation Name'] !== undefined),
          `page ${i} reads a whole table`,
        );
        const entries = (page.entry ?? []) as unknown as {
          fullUrl: string;
          response: { etag: string; lastModified: string };
        }[];
        assert.equal(entries.length, perPage);
        for (const { fullUrl, response } of entries) {
          seen.add(`${fullUrl} ${response.etag}`);
          assert.ok(Date.parse(response.lastModified) <= newest, 'newest first');
          newest = Date.parse(response.lastModified);
        }
        next = nextOf(page);
      }
      assert.equal(seen.size, 4 * perPage, 'no version comes twice');
    });

  test('of a type of the directory, for a person: the same; of their own record no more than the record is read', async () => {
    const directory = await explained(asha, '/fhir/R4/Practitioner/_history');
    assert.equal(directory.page.entry?.length, perPage);
    assert.ok(read(directory.nodes) <= mostRows, `${read(directory.nodes)} rows`);
    const own = await explained(asha, '/fhir/R4/Patient/_history');
    assert.equal(own.page.entry?.length, 1);
    assert.ok(read(own.nodes) <= 10, `${read(own.nodes)} rows`);
  });

  test('all pages to the end hold every version once', async () => {
    const seen = new Set<string>();
    let entries = 0;
    let next: string | undefined = '/fhir/R4/Practitioner/_history?_count=100';
    while (next !== undefined) {
      const page: BundleBody = (await partner.get(next)).json<BundleBody>();
      for (const one of (page.entry ?? []) as unknown as { fullUrl: string; response: { etag: string } }[]) {
        seen.add(`${one.fullUrl} ${one.response.etag}`);
        entries += 1;
      }
      next = nextOf(page);
    }
    assert.deepEqual([seen.size, entries], [2 * Math.floor(versions / 6), 2 * Math.floor(versions / 6)]);
  });
});
