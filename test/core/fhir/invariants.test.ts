// The invariants of R4 that are expressions: the table is current, what they say is judged, and what is not judged is listed.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { invariantText, notJudged } from '../../../build/fhir-invariants.ts';
import { compilePath, holdsTrue } from '../../../core/fhir/fhirpath/compile.ts';
import { PathNotSupportedError } from '../../../core/fhir/fhirpath/path-values.ts';
import { parseJson } from '../../../core/fhir/json.ts';
import type { JsonObject } from '../../../core/fhir/types.ts';
import { validateResource } from '../../../core/fhir/validate.ts';
import { make } from './examples.ts';

test('the committed table of expressions is current', () => {
  const file = path.resolve(import.meta.dirname, '../../../core/fhir/invariant-tables/expressions.json');
  assert.equal(readFileSync(file, 'utf8'), invariantText());
});

test('what is not judged is a short list', () => assert.ok(Object.keys(notJudged).length <= 10));

const holds = (expression: string, resource: object): boolean => {
  const value = parseJson(JSON.stringify(resource)) as JsonObject;
  return holdsTrue(compilePath(expression), { value }, { root: value });
};

for (const [expression, resource, expected] of [
  ['name.exists() and name.given.count() = 2', { name: [{ given: ['a', 'b'] }] }, true],
  ['value.exists()', { valueString: 'x' }, true],
  ['value.exists()', { _valueString: { extension: [] } }, true],
  ['response.empty()', { responseCode: '200' }, true],
  ["status = 'a' implies code.exists()", { status: 'a' }, false],
  ["status = 'a' implies code.exists()", { status: 'b' }, true],
  ['code.exists() xor text.exists()', { code: 'a', text: 'b' }, false],
  ["type.where(code = 'x').empty()", { type: [{ code: 'x' }] }, false],
  ['item.select(id).isDistinct()', { item: [{ id: 'a' }, { id: 'a' }] }, false],
  ["name.matches('^[A-Z]+$')", { name: 'abc' }, false],
  ['min <= max.toInteger()', { min: 3, max: '2' }, false],
  ["max = '*' or (max.toInteger() > 0)", { max: '0' }, false],
  ['value is Quantity', { valueQuantity: { value: 1 } }, true],
  [
    'entry.tail().where(resource is Composition).empty()',
    { entry: [{}, { resource: { resourceType: 'Composition' } }] },
    false,
  ],
  ["kind in ('a' | 'b')", { kind: 'c' }, false],
  ['a.b.c.exists().not()', { a: [{ b: {} }] }, true],
  ['missing = 1', {}, true],
] as const)
  test(`FHIRPath: ${expression} of ${JSON.stringify(resource)} ${expected ? 'holds' : 'fails'}`, () =>
    assert.equal(holds(expression, resource), expected));

test('an expression that is not understood is said when it is read', () => {
  for (const expression of [
    'name.soundsLike()',
    'name.',
    '(name',
    '@2024',
    "name.matches('(a+)+')",
    '('.repeat(100),
    'a'.repeat(6000),
  ])
    assert.throws(() => compilePath(expression), PathNotSupportedError, expression.slice(0, 30));
});

test('an invariant of a definition refuses what breaks it', () => {
  const capability = {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: '2024',
    kind: 'instance',
    fhirVersion: '4.0.1',
    format: ['json'],
  };
  assert.deepEqual(
    validateResource(make({ ...capability, software: { name: 'x' }, rest: [{ mode: 'server' }] })).map(
      (i) => i.messageKey,
    ),
    ['cpb-14'],
  );
  const codes = (...list: string[]) =>
    make({
      resourceType: 'CodeSystem',
      status: 'active',
      content: 'complete',
      concept: list.map((code) => ({ code })),
    });
  assert.deepEqual(validateResource(codes('a', 'b')), []);
  assert.deepEqual(
    validateResource(codes('a', 'a')).map((i) => i.messageKey),
    ['csd-1'],
  );
  const definition = (...paths: string[]) =>
    make({
      resourceType: 'StructureDefinition',
      url: 'urn:x',
      name: 'X',
      status: 'active',
      kind: 'resource',
      abstract: false,
      type: 'Patient',
      baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Patient',
      derivation: 'constraint',
      differential: { element: paths.map((one) => ({ id: one, path: one })) },
    });
  assert.deepEqual(validateResource(definition('Patient', 'Patient.name')), []);
  assert.deepEqual(validateResource(definition('Patient.name')), []);
  for (const paths of [['Patient', 'Observation.code'], ['Observation']])
    assert.deepEqual(
      validateResource(definition(...paths)).map((i) => i.messageKey),
      ['sdf-8a'],
      paths.join(' '),
    );
});

test('sqty-1: a simple quantity has no comparator, where a quantity may', () => {
  const dose = { value: 1, comparator: '<', unit: 'mg' };
  const request = make({
    resourceType: 'MedicationRequest',
    status: 'active',
    intent: 'order',
    medicationCodeableConcept: { text: 'x' },
    subject: { reference: 'Patient/x' },
    dosageInstruction: [{ doseAndRate: [{ doseQuantity: dose }] }],
  });
  assert.deepEqual(
    validateResource(request).map(({ expression }) => expression),
    ['MedicationRequest.dosageInstruction[0].doseAndRate[0].dose'],
  );
  const observation = make({
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'x' },
    valueQuantity: dose,
  });
  assert.deepEqual(validateResource(observation), []);
});
