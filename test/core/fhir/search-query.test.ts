// A search is understood completely or refused by name: every form, every refusal, and hostile names and values.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { resourceTypes } from '../../../core/fhir/resource-types.ts';
import { searchParametersOf } from '../../../core/fhir/search-parameters.ts';
import {
  maxSearchValues,
  parseSearch,
  SearchError,
  type SearchFilter,
} from '../../../core/fhir/search-query.ts';

const base = 'https://own.example/fhir';
const filter = (type: string, name: string, value: string): SearchFilter | undefined =>
  parseSearch(type, [[name, value]], base).filters[0];

const at = (text: string): number => Date.parse(text);
const any = undefined;

const understood: readonly (readonly [type: string, name: string, value: string, filter: object])[] = [
  [
    'Observation',
    'code',
    '1-2',
    { kind: 'token', param: 'code', not: false, values: [{ system: any, code: '1-2' }] },
  ],
  [
    'Observation',
    'code',
    'http://loinc.org|1-2,|x,http://s|',
    {
      kind: 'token',
      param: 'code',
      not: false,
      values: [
        { system: 'http://loinc.org', code: '1-2' },
        { system: null, code: 'x' },
        { system: 'http://s', code: any },
      ],
    },
  ],
  [
    'Observation',
    'code:not',
    'a',
    { kind: 'token', param: 'code', not: true, values: [{ system: any, code: 'a' }] },
  ],
  [
    'Observation',
    'code',
    'a\\,b\\|c\\$d\\\\e',
    { kind: 'token', param: 'code', not: false, values: [{ system: any, code: 'a,b|c$d\\e' }] },
  ],
  ['Observation', 'code:missing', 'true', { kind: 'missing', param: 'code', of: 'token', missing: true }],
  [
    'Observation',
    'subject:missing',
    'false',
    { kind: 'missing', param: 'subject', of: 'reference', missing: false },
  ],
  [
    'Patient',
    'name',
    'Rào,Sm  ith',
    {
      kind: 'string',
      param: 'name',
      match: 'prefix',
      values: ['rao', 'sm ith'],
      written: ['Rào', 'Sm  ith'],
    },
  ],
  [
    'Patient',
    'name:exact',
    'Rao',
    { kind: 'string', param: 'name', match: 'exact', values: ['rao'], written: ['Rao'] },
  ],
  [
    'Patient',
    'name:contains',
    '%_',
    { kind: 'string', param: 'name', match: 'contains', values: ['%_'], written: ['%_'] },
  ],
  ['Observation', 'patient', 'p1', { kind: 'reference', param: 'patient', values: ['Patient/p1'] }],
  ['Observation', 'patient', 'Patient/p1', { kind: 'reference', param: 'patient', values: ['Patient/p1'] }],
  [
    'Observation',
    'subject',
    'p1',
    { kind: 'reference', param: 'subject', values: ['Group/p1', 'Device/p1', 'Patient/p1', 'Location/p1'] },
  ],
  ['Observation', 'subject:Patient', 'p1', { kind: 'reference', param: 'subject', values: ['Patient/p1'] }],
  [
    'Observation',
    'subject',
    `${base}/Patient/p1`,
    { kind: 'reference', param: 'subject', values: ['Patient/p1'] },
  ],
  [
    'Observation',
    'subject',
    'https://other.example/Patient/p1',
    { kind: 'reference', param: 'subject', values: ['https://other.example/Patient/p1'] },
  ],
  [
    'QuestionnaireResponse',
    'questionnaire',
    'http://x/q|2',
    { kind: 'reference', param: 'questionnaire', values: ['http://x/q'] },
  ],
  [
    'Observation',
    'date',
    '2024-05',
    {
      kind: 'date',
      param: 'date',
      values: [{ prefix: 'eq', lowMs: at('2024-05-01'), highMs: at('2024-06-01') - 1 }],
    },
  ],
  [
    'Observation',
    'date',
    'ge2024-05-02T10:00:00+05:30',
    {
      kind: 'date',
      param: 'date',
      values: [{ prefix: 'ge', lowMs: at('2024-05-02T04:30:00Z'), highMs: at('2024-05-02T04:30:00.999Z') }],
    },
  ],
  [
    'Observation',
    'date',
    'lt2024-05-02T10:00',
    {
      kind: 'date',
      param: 'date',
      values: [{ prefix: 'lt', lowMs: at('2024-05-02T10:00:00Z'), highMs: at('2024-05-02T10:00:59.999Z') }],
    },
  ],
  [
    'Observation',
    '_lastUpdated',
    'sa2024',
    {
      kind: 'lastUpdated',
      values: [{ prefix: 'sa', lowMs: at('2024-01-01'), highMs: at('2025-01-01') - 1 }],
    },
  ],
  [
    'RiskAssessment',
    'probability',
    'gt0.5',
    { kind: 'number', param: 'probability', values: [{ prefix: 'gt', value: 0.5, low: 0.45, high: 0.55 }] },
  ],
  [
    'RiskAssessment',
    'probability',
    '100',
    { kind: 'number', param: 'probability', values: [{ prefix: 'eq', value: 100, low: 99.5, high: 100.5 }] },
  ],
  [
    'RiskAssessment',
    'probability',
    '1e2',
    { kind: 'number', param: 'probability', values: [{ prefix: 'eq', value: 100, low: 50, high: 150 }] },
  ],
  [
    'Observation',
    'value-quantity',
    'le5.5|http://unitsofmeasure.org|mg',
    {
      kind: 'quantity',
      param: 'value-quantity',
      values: [
        { prefix: 'le', value: 5.5, low: 5.45, high: 5.55, system: 'http://unitsofmeasure.org', unit: 'mg' },
      ],
    },
  ],
  [
    'Observation',
    'value-quantity',
    '5||mg',
    {
      kind: 'quantity',
      param: 'value-quantity',
      values: [{ prefix: 'eq', value: 5, low: 4.5, high: 5.5, system: any, unit: 'mg' }],
    },
  ],
  ['Questionnaire', 'url', 'http://x/q', { kind: 'uri', param: 'url', values: ['http://x/q'] }],
  ['Patient', '_id', 'a,b', { kind: 'id', not: false, values: ['a', 'b'] }],
  [
    'Patient',
    '_tag',
    'urn:medallion:author|patient',
    {
      kind: 'token',
      param: '_tag',
      not: false,
      values: [{ system: 'urn:medallion:author', code: 'patient' }],
    },
  ],
];

for (const [type, name, value, wanted] of understood)
  test(`understood: ${type}?${name}=${value}`, () => assert.deepEqual(filter(type, name, value), wanted));

const refused: readonly (readonly [type: string, name: string, value: string, code: string])[] = [
  ['Nothing', 'code', 'x', 'search-type-unknown'],
  ['Patient', 'nmae', 'x', 'search-parameter-unknown'],
  ['Patient', '', 'x', 'search-parameter-unknown'],
  ['Patient', '__proto__', 'x', 'search-parameter-unknown'],
  ['Patient', 'constructor', 'x', 'search-parameter-unknown'],
  ['Patient', 'toString', 'x', 'search-parameter-unknown'],
  ['Patient', 'Name', 'x', 'search-parameter-unknown'],
  ['Patient', "name'; drop table resource;--", 'x', 'search-parameter-unknown'],
  ['Patient', 'code', 'x', 'search-parameter-unknown'],
  ['Patient', 'phonetic', 'x', 'search-parameter-not-supported'],
  ['Location', 'near', '1|2', 'search-parameter-not-supported'],
  ['Observation', 'code-value-quantity', 'a$1', 'search-parameter-not-supported'],
  ['Observation', '_include', 'Observation:subject', 'search-parameter-not-supported'],
  ['Observation', '_include:iterate', 'x', 'search-parameter-not-supported'],
  ['Patient', '_revinclude', 'Observation:subject', 'search-parameter-not-supported'],
  ['Patient', '_has:Observation:patient:code', '1', 'search-parameter-not-supported'],
  ['Patient', '_filter', 'x', 'search-parameter-not-supported'],
  ['Patient', '_text', 'x', 'search-parameter-not-supported'],
  ['Observation', 'subject.name', 'x', 'search-parameter-not-supported'],
  ['Observation', 'subject:Patient.name', 'x', 'search-parameter-not-supported'],
  ['Observation', 'code:text', 'x', 'search-modifier-not-supported'],
  ['Observation', 'code:in', 'x', 'search-modifier-not-supported'],
  ['Observation', 'code:', '', 'search-value-empty'],
  ['Observation', 'subject:identifier', 'x', 'search-modifier-not-supported'],
  ['Observation', 'subject:Slot', 'x', 'search-modifier-not-supported'],
  ['Observation', 'date:exact', '2024', 'search-modifier-not-supported'],
  ['Questionnaire', 'url:below', 'http://x', 'search-modifier-not-supported'],
  ['Patient', 'name:below', 'x', 'search-modifier-not-supported'],
  ['Patient', '_id:exact', 'x', 'search-modifier-not-supported'],
  ['Patient', '_lastUpdated:not', '2024', 'search-modifier-not-supported'],
  ['Observation', 'date', 'ap2024', 'search-prefix-not-supported'],
  ['Observation', 'code', '', 'search-value-empty'],
  ['Observation', 'code', 'a,,b', 'search-value-empty'],
  ['Observation', 'code', '|', 'search-value-empty'],
  ['Patient', 'name', '  ', 'search-value-empty'],
  ['Patient', '_sort', '', 'search-value-empty'],
  ['Observation', 'code', 'a|b|c', 'search-value-invalid'],
  ['Observation', 'code', 'a\\x', 'search-value-invalid'],
  ['Observation', 'code', 'a\\', 'search-value-invalid'],
  ['Observation', 'code', 'a\u0000', 'search-value-invalid'],
  ['Observation', 'code:missing', 'maybe', 'search-value-invalid'],
  ['Observation', 'date', 'yesterday', 'search-value-invalid'],
  ['Observation', 'date', '2024-02-30', 'search-value-invalid'],
  ['Observation', 'date', 'gt', 'search-value-invalid'],
  ['RiskAssessment', 'probability', 'Infinity', 'search-value-invalid'],
  ['RiskAssessment', 'probability', '1e999', 'search-value-invalid'],
  ['RiskAssessment', 'probability', '0x10', 'search-value-invalid'],
  ['Observation', 'value-quantity', '5|mg', 'search-value-invalid'],
  ['Observation', 'subject', 'Patient/a b', 'search-value-invalid'],
  ['Observation', 'subject', 'Human/a', 'search-value-invalid'],
  ['Observation', 'subject:Patient', 'Group/a', 'search-value-invalid'],
  ['Patient', '_id', "a' or 1=1", 'search-value-invalid'],
  ['Patient', '_count', '-1', 'search-value-invalid'],
  ['Patient', '_count', 'all', 'search-value-invalid'],
  ['Patient', '_total', 'x', 'search-value-invalid'],
  ['Patient', '_summary', 'x', 'search-value-invalid'],
  ['Patient', '_elements', 'a;b', 'search-value-invalid'],
  ['Patient', '_sort', 'name;drop table x', 'search-value-invalid'],
  ['Patient', '_sort', 'nothing', 'search-value-invalid'],
  ['Patient', 'name', 'x'.repeat(300), 'search-value-too-long'],
  ['Patient', 'identifier', 'x'.repeat(2000), 'search-value-too-long'],
  ['Patient', '_id', 'x,'.repeat(maxSearchValues) + 'x', 'search-too-many-values'],
];

for (const [type, name, value, code] of refused)
  test(`refused: ${type}?${name}=${value.slice(0, 30)} (${code})`, () => {
    assert.throws(
      () => parseSearch(type, [[name, value]]),
      (error) => {
        assert.ok(error instanceof SearchError);
        assert.equal(error.code, code);
        assert.ok(!error.message.includes('drop table'));
        return true;
      },
    );
  });

test('result parameters are read once each', () => {
  const query = parseSearch('Observation', [
    ['_count', '5'],
    ['_sort', '-date,_id,_lastUpdated'],
    ['_total', 'accurate'],
    ['_summary', 'count'],
    ['_elements', 'code,subject'],
    ['_format', 'json'],
    ['_pretty', 'true'],
  ]);
  assert.deepEqual(query, {
    resourceType: 'Observation',
    filters: [],
    sort: [
      { param: 'date', kind: 'date', descending: true },
      { param: '_id', kind: 'id', descending: false },
      { param: '_lastUpdated', kind: 'lastUpdated', descending: false },
    ],
    count: 5,
    total: 'accurate',
    summary: 'count',
    elements: ['code', 'subject'],
  });
  assert.throws(
    () =>
      parseSearch('Observation', [
        ['_count', '5'],
        ['_count', '6'],
      ]),
    { code: 'search-repeated' },
  );
  assert.equal(parseSearch('Observation', [['_count', '999999']]).count, 1000);
});

test('a repeated filter means and, commas mean or', () => {
  const { filters } = parseSearch('Observation', [
    ['code', 'a,b'],
    ['code', 'c'],
  ]);
  assert.deepEqual(
    filters.map((f) => ('values' in f ? f.values.length : 0)),
    [2, 1],
  );
});

test('too many parameters are refused', () => {
  const pairs = Array.from({ length: 51 }, (): [string, string] => ['code', 'a']);
  assert.throws(() => parseSearch('Observation', pairs), { code: 'search-too-many-parameters' });
});

test('any names and values give a tree or a SearchError', () => {
  const name = fc.oneof(
    fc.constantFrom(...searchParametersOf('Observation').keys(), '_id', '_sort', '_count', '_lastUpdated'),
    fc.string(),
  );
  const modifier = fc.constantFrom('', ':missing', ':not', ':exact', ':Patient', ':contains');
  const value = fc.oneof(
    fc.string(),
    fc.constantFrom('true', 'gt5', '2024', 'a|b', 'Patient/1', "'; select pg_sleep(9)--", '\\', '$$', '%'),
  );
  fc.assert(
    fc.property(fc.constantFrom(...resourceTypes), name, modifier, value, (type, n, m, v) => {
      try {
        parseSearch(type, [[n + m, v]]);
      } catch (error) {
        assert.ok(error instanceof SearchError);
      }
    }),
    { numRuns: 3000 },
  );
});
