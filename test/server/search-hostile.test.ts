// Queries that nobody would write: whatever stands in an address, the answer is a result or a refusal, never a failure.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { parseSearch, SearchError } from '../../core/fhir/search-query.ts';
import { resourceTypes } from '../../core/fhir/resource-types.ts';
import { searchParametersOf } from '../../core/fhir/search-parameters.ts';
import { program } from '../harness/program.ts';
import type { Program } from '../harness/program.ts';
import { startServer } from '../harness/server.ts';
import type { TestServer } from '../harness/server.ts';

const types = ['Observation', 'Patient', 'Condition', 'Location', 'ValueSet', 'MolecularSequence', 'Group'];
const names = [...new Set(types.flatMap((type) => [...searchParametersOf(type).keys()]))].concat([
  '_id',
  '_lastUpdated',
  '_list',
  '_sort',
  '_count',
  '_total',
  '_summary',
  '_elements',
  '_include',
  '_revinclude',
  '_type',
  '_page',
  '_text',
  '__proto__',
]);
const modifiers = [
  '',
  '',
  '',
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
  'Patient',
  'Group',
  'x',
  ':',
  '.',
];
const values = [
  'true',
  'x',
  '2025-01-01',
  'ge2025',
  'ap2024-02-29',
  '5.40',
  'lt1e5',
  '1e999',
  '-0',
  'urn:a|b',
  '|',
  '|x',
  'a|',
  'a|b|c',
  'a$b',
  '5||kg',
  '5|urn:u|kg',
  '$',
  '$$',
  ',',
  'a,b',
  '\\',
  '\\,',
  '\\|x',
  "'",
  "';drop table resource;--",
  '%',
  '\u0000',
  '\ud800',
  'é',
  '😀',
  'Patient/1',
  'Observation:subject',
  '*',
  '-date,_id',
  '0',
  '1',
  '28.6|77.2|5|km',
  '(select 1)',
  'http://x.example/a',
  'a'.repeat(1001),
];
const name = fc
  .tuple(
    fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(...names) },
      { weight: 1, arbitrary: fc.string({ maxLength: 12 }) },
    ),
    fc.constantFrom(...modifiers),
    fc.constantFrom('', '', '', '.name', '.code', '.subject.name', '._id'),
    fc.constantFrom('', '', '', '', '_has:Observation:subject:', '_has:Condition:'),
  )
  .map(([param, modifier, chain, has]) => `${has}${param}${modifier === '' ? '' : `:${modifier}`}${chain}`);
const value = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...values) },
  { weight: 1, arbitrary: fc.string({ maxLength: 30, unit: 'binary' }) },
);
const pairs = fc.array(fc.tuple(name, value), { minLength: 1, maxLength: 5 });

test('reading a query gives a tree or a named refusal, for every type', () => {
  fc.assert(
    fc.property(fc.constantFrom(...resourceTypes), pairs, (type, query) => {
      try {
        parseSearch(type, query, { nowMs: 0 });
      } catch (error) {
        assert.ok(error instanceof SearchError, String(error));
        assert.ok(error.message.length < 200, 'and quotes nothing at length');
      }
    }),
    { numRuns: 20_000 },
  );
});

describe('hostile queries over HTTP', () => {
  let server: TestServer;
  let partner: Program;
  before(async () => {
    server = await startServer();
    partner = await program(server);
    const made = await partner.call('POST', '/fhir/R4/Patient', {
      body: { resourceType: 'Patient', name: [{ family: 'Rao' }] },
    });
    const { id } = made.json<{ id: string }>();
    for (const code of ['a', 'b'])
      await partner.call('POST', '/fhir/R4/Observation', {
        body: {
          resourceType: 'Observation',
          status: 'final',
          code: { coding: [{ system: 'urn:c', code }] },
          subject: { reference: `Patient/${id}` },
        },
      });
  });
  after(() => server.stop());

  test('FHIR-13: no query makes the server fail', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...types, ''), pairs, async (type, query) => {
        const text = query.map(([n, v]) => `${encode(n)}=${encode(v)}`).join('&');
        const answer = await partner.get(`/fhir/R4${type === '' ? '' : `/${type}`}?${text}`);
        assert.ok(
          answer.status === 200 || (answer.status >= 400 && answer.status < 500),
          `${answer.status} ${type}?${text}`,
        );
        assert.match(answer.json<{ resourceType: string }>().resourceType, /^(Bundle|OperationOutcome)$/);
      }),
      { numRuns: 400 },
    );
  });
});

function encode(text: string): string {
  return text.isWellFormed() ? encodeURIComponent(text) : '%ED%A0%80';
}
