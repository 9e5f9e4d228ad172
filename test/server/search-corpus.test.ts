// Every search parameter of R4 over the official examples: what the database finds, over everybody and inside one record, and what
// memory finds, is what a slow reference finds that was written from the specification.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { parseJson } from '../../core/fhir/json.ts';
import { isResource } from '../../core/fhir/resource-types.ts';
import { hash64, noSeed, seedNumber, seedOf } from '../../core/fhir/search-hash.ts';
import { searchIndex } from '../../core/fhir/search-index.ts';
import { meets } from '../../core/fhir/search-matches.ts';
import { searchParametersOf } from '../../core/fhir/search-parameters.ts';
import type { SearchCondition } from '../../core/fhir/search-condition.ts';
import { parseSearch, SearchError } from '../../core/fhir/search-query.ts';
import { type SearchScope, SearchSql } from '../../server/storage/search-sql.ts';
import { questionsFor } from '../harness/corpus-questions.ts';
import { freshDatabase, type FreshDatabase } from '../harness/database.ts';
import { type Corpus, loadCorpus } from '../harness/fhir-corpus.ts';
import { definitions } from '../harness/reference-search.ts';

const nowMs = Date.UTC(2026, 0, 1);

describe('every search parameter over the official examples', () => {
  let database: FreshDatabase;
  let corpus: Corpus;
  before(async () => {
    database = await freshDatabase();
    corpus = await loadCorpus(database.pool);
  });
  after(() => database.drop());

  /** Undefined when the question is refused. */
  function read(type: string, name: string, value: string): { condition: SearchCondition } | undefined {
    try {
      return parseSearch(type, [[name, value]], { nowMs }).filters[0];
    } catch (error) {
      if (error instanceof SearchError) return undefined;
      throw error;
    }
  }

  async function find(scope: SearchScope, type: string, condition: SearchCondition): Promise<string[]> {
    const sql = new SearchSql(scope);
    const { where } = sql.rows('r', type, condition);
    const { rows } = await database.pool.query<{ id: string }>(
      `select r.resource_id as id from resource r where ${where}`,
      sql.values.list,
    );
    return rows.map(({ id }) => id).sort();
  }

  test('a key is the same whether the product or the database makes it', async () => {
    const texts = [
      '',
      'a',
      'abcdefghijk',
      'abcdefghijkl',
      'abcdefghijklm',
      'आशा राव 😀 é',
      'Patient/1',
      'x'.repeat(2000),
    ];
    for (const text of texts)
      for (const seed of [noSeed, seedOf('Observation.code'), seedOf('')]) {
        const { rows } = await database.pool.query<{ hash: string }>(
          'select hashtextextended($1, $2::bigint)::text as hash',
          [text, String(seedNumber(seed))],
        );
        assert.equal(String(hash64(text, seed)), rows[0]?.hash, text.slice(0, 20));
      }
  });

  test('finds what the reference finds, of every type and parameter', async () => {
    const all = definitions();
    let turn = 0;
    let asked = 0;
    const parameters = new Set<string>();
    const wrong: string[] = [];
    for (const [type, resources] of corpus.byType) {
      const indexes = resources.map((plain) => {
        const resource = parseJson(JSON.stringify(plain));
        assert.ok(isResource(resource));
        return { resource, index: searchIndex(resource) };
      });
      for (const name of searchParametersOf(type).keys()) {
        const definition = all.find(
          ({ code, base }) => code === name && (base.includes(type) || base.includes('Resource')),
        );
        assert.ok(definition, `${type}.${name}`);
        turn += 1;
        const own = definition.base.includes(type)
          ? definition
          : { ...definition, expression: definition.expression?.replace('Resource.', `${type}.`) ?? '' };
        parameters.add(`${type}.${name}`);
        const questions = questionsFor(own, type, resources, all, turn);
        asked += questions.length;
        await Promise.all(
          questions.map(async ({ name: parameter, value, found }, i) => {
            const expected = [...found].sort().join();
            const scope: SearchScope = i % 2 === 0 ? () => 'everyone' : () => [corpus.patientId];
            const { condition } = read(type, parameter, value) ?? {};
            const inDatabase = (condition ? await find(scope, type, condition) : ['refused']).join();
            const inMemory = indexes
              .filter(({ resource, index }) => condition && meets(resource, index, condition))
              .map(({ resource }) => (typeof resource['id'] === 'string' ? resource['id'] : ''))
              .sort()
              .join();
            if (inDatabase !== expected || inMemory !== expected)
              wrong.push(
                `${type}?${parameter}=${value}\n  wanted   ${expected}\n  database ${inDatabase}\n  memory   ${inMemory}`.slice(
                  0,
                  900,
                ),
              );
          }),
        );
      }
    }
    assert.equal(wrong.length, 0, `${wrong.length} of ${asked} differ:\n${wrong.slice(0, 40).join('\n')}`);
    const offered = [...corpus.byType.keys()].flatMap((type) =>
      [...searchParametersOf(type).values()]
        .filter(({ kind }) => kind !== 'composite')
        .map(({ name }) => `${type}.${name}`),
    );
    assert.deepEqual(
      offered.filter((name) => !parameters.has(name)),
      [],
      'every parameter was asked for',
    );
  });
});
