// Every rule of structural validation, each with a resource that breaks it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson, DecimalLiteral, parseJson } from '../../../core/fhir/json.ts';
import { findStructure } from '../../../core/fhir/structures.ts';
import { resourceTypes } from '../../../core/fhir/resource-types.ts';
import type { JsonValue, Resource } from '../../../core/fhir/types.ts';
import { maxIssues, validateResource } from '../../../core/fhir/validate.ts';
import { testWithSharedData } from '../../shared-data.ts';
import { broken, contained, extension, narrative } from './broken-resources.ts';
import { allergy, appointment, changed, condition, consent, make, observation, patient } from './examples.ts';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const found = (value: JsonValue): string[] =>
  validateResource(value).map((i) => `${i.messageKey} ${i.expression}`);

for (const resource of [patient, observation, allergy, condition, appointment, consent])
  test(`sound: the example ${resource.resourceType}`, () => assert.deepEqual(validateResource(resource), []));

for (const [rule, resource, issue] of broken)
  test(`refused: ${rule}`, () => assert.deepEqual(found(resource), [issue]));

const sound: readonly (readonly [rule: string, resource: Resource])[] = [
  [
    'a required code given by extension only',
    changed(observation, {
      status: undefined,
      _status: extension({
        url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason',
        valueCode: 'unknown',
      }),
    }),
  ],
  ['dates of all precisions', changed(condition, { onsetDateTime: '2024', recordedDate: '2024-02' })],
  ['29 February of a leap year', changed(patient, { birthDate: '2000-02-29' })],
  ['a leap second', changed(observation, { effectiveDateTime: '2016-12-31T23:59:60Z' })],
  ['a period open at one end', changed(patient, { name: [{ text: 'x', period: { start: '2024' } }] })],
  [
    'a period within one year',
    changed(patient, { name: [{ text: 'x', period: { start: '2024-05-02', end: '2024' } }] }),
  ],
  [
    'decimals as written',
    make({
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'x' },
      valueQuantity: { value: 1.1 },
    }),
  ],
  [
    'a contained resource that is referred to',
    contained({ resourceType: 'Patient', id: 'in', active: true }),
  ],
  [
    'a contained resource that refers to its container',
    changed(patient, {
      contained: [
        {
          resourceType: 'Provenance',
          id: 'pv',
          target: [{ reference: '#' }],
          recorded: '2024-05-02T10:00:00Z',
          agent: [{ who: { display: 'x' } }],
        },
      ],
    }),
  ],
  [
    'absolute, urn and versioned references',
    changed(observation, {
      subject: { reference: 'https://other.example/fhir/Patient/1' },
      encounter: { reference: 'urn:uuid:9afe28dc-7ad5-4e90-b6a6-16123eae98c3' },
      performer: [{ reference: 'Practitioner/d1/_history/3' }],
    }),
  ],
  [
    'an additional coding beside the required one',
    changed(condition, {
      clinicalStatus: {
        coding: [
          { system: 'http://local', code: 'a' },
          { system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' },
        ],
      },
    }),
  ],
  [
    'nested extensions',
    changed(
      patient,
      extension({ url: 'http://x', ...extension({ url: 'y', valueCodeableConcept: { text: 'z' } }) }),
    ),
  ],
  [
    'a rich narrative',
    narrative(
      '<h1 class="a">A</h1><table><tbody><tr><td colspan="2">b&nbsp;&#169;</td></tr></tbody></table><br/><img src="#pic" alt="x"/><a href="https://example.org/?a=1&amp;b=2">c</a><!-- d -->',
    ),
  ],
  [
    'a narrative with links into other pages and pictures of its own',
    narrative(
      '<a href="datatypes.html#code">a</a><a href="ftp://example.org/x">b</a><img src="data: image/png;base64,AAAA" alt="x"/><p style="background: url(dot.png)">c</p>',
    ),
  ],
  [
    'an observation of nothing but its reason',
    changed(observation, { component: undefined, dataAbsentReason: { text: 'x' } }),
  ],
];

for (const [rule, resource] of sound)
  test(`accepted: ${rule}`, () => assert.deepEqual(validateResource(resource), []));

test('a warning is told and is not an error', () => {
  const problem = {
    coding: [
      { system: 'http://terminology.hl7.org/CodeSystem/condition-category', code: 'problem-list-item' },
    ],
  };
  const issues = validateResource(changed(condition, { clinicalStatus: undefined, category: [problem] }));
  assert.deepEqual(
    issues.map((i) => [i.messageKey, i.severity]),
    [['con-3', 'warning']],
  );
});

test('issues never repeat a value of the record', () => {
  const secret = 'Secretvalue';
  for (const [, resource] of broken) {
    const text = JSON.stringify(validateResource(resource));
    assert.ok(!text.includes('alert'), text);
  }
  const issues = validateResource(
    changed(patient, {
      gender: secret,
      [secret]: secret,
      birthDate: secret,
      link: [{ other: { reference: secret } }],
    }),
  );
  assert.ok(issues.length >= 4);
  assert.ok(!JSON.stringify(issues).includes(secret));
});

test('the list of issues ends somewhere', () => {
  const name = Array.from({ length: 10_000 }, () => ({ first: 'x' }));
  assert.equal(validateResource(changed(patient, { name })).length, maxIssues);
});

test('nesting made in memory is refused before the stack is', () => {
  let nested: Record<string, unknown> = { url: 'http://x', valueString: 'x' };
  for (let i = 0; i < 10_000; i += 1) nested = { url: 'http://x', extension: [nested] };
  const deep = { resourceType: 'Patient', extension: [nested] };
  assert.deepEqual(
    validateResource(deep as unknown as JsonValue).map((i) => i.messageKey),
    ['too-deep'],
  );
});

test('every structure of R4 can be read', () => {
  for (const type of resourceTypes) assert.equal(findStructure(type)?.isResource, true, type);
  assert.equal(findStructure('constructor'), undefined);
  assert.equal(findStructure('Extension')?.rules.size, 53);
});

// With anything worse than linear work the runner's own time limit ends this test.
test('hostile texts are refused by every primitive that reads them', () => {
  const long = 50_000;
  for (const text of [
    'a'.repeat(long) + '!',
    'a '.repeat(long),
    ' '.repeat(long) + '!',
    '0.'.repeat(long),
    'AAAA'.repeat(long) + '!',
    '=\n'.repeat(long),
    'urn:oid:1' + '.1'.repeat(long) + 'x',
    '<p '.repeat(long),
    '&'.repeat(long),
  ]) {
    const value: Record<string, unknown> = { resourceType: 'Basic', code: { text: 'x' } };
    value['extension'] = [
      'Base64Binary',
      'Code',
      'Id',
      'Uri',
      'Oid',
      'Uuid',
      'Date',
      'DateTime',
      'Instant',
      'Time',
      'Markdown',
      'String',
      'Canonical',
    ].map((type) => ({ url: 'http://x', [`value${type}`]: text }));
    value['text'] = { status: 'generated', div: text };
    assert.ok(validateResource(value as JsonValue).length > 0);
    value['text'] = {
      status: 'generated',
      div: `<div xmlns="http://www.w3.org/1999/xhtml"><p title="${text.replaceAll('<', '')}`,
    };
    assert.ok(validateResource(value as JsonValue).length > 0);
  }
});

type Mutation = (value: JsonValue, at: number) => JsonValue;
const pieces: readonly JsonValue[] = [
  null,
  true,
  0,
  -1.5,
  '',
  'x',
  '#x',
  [],
  {},
  [null],
  [[]],
  { extension: [] },
  { reference: 'Patient/x' },
  new DecimalLiteral('1.0'),
];

/** Replaces the n-th node of a value, counted in the order of writing. */
function replaceNode(value: JsonValue, nth: number, replace: Mutation): JsonValue {
  let count = 0;
  const walk = (node: JsonValue): JsonValue => {
    count += 1;
    if (count === nth) return replace(node, nth);
    if (Array.isArray(node)) return node.map(walk);
    if (typeof node !== 'object' || node === null || node instanceof DecimalLiteral) return node;
    return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, walk(child)]));
  };
  return walk(value);
}

test('a resource changed anywhere gives a result, never an exception', () => {
  const start = fc.constantFrom(patient, observation, allergy, condition, appointment, consent);
  fc.assert(
    fc.property(
      start,
      fc.array(fc.tuple(fc.integer({ min: 1, max: 80 }), fc.constantFrom(...pieces)), {
        minLength: 1,
        maxLength: 4,
      }),
      (resource, changes) => {
        let value: JsonValue = resource;
        for (const [nth, piece] of changes) value = replaceNode(value, nth, () => piece);
        for (const issue of validateResource(value))
          assert.ok(issue.messageKey !== '' && issue.expression !== '');
      },
    ),
    { numRuns: 2000 },
  );
});

testWithSharedData('all Synthea resources are sound, and stay so through canonical text', (folder) => {
  const bundles = path.join(folder, 'synthea');
  let count = 0;
  for (const file of readdirSync(bundles).filter((name) => name.endsWith('.json'))) {
    const bundle = parseJson(readFileSync(path.join(bundles, file), 'utf8'));
    assert.deepEqual(validateResource(bundle), [], file);
    const text = canonicalJson(bundle);
    assert.equal(canonicalJson(parseJson(text)), text, file);
    count += 1;
  }
  assert.ok(count >= 36);
});
