// OperationOutcomes are themselves sound FHIR, whatever they tell.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorOutcome, hasErrors, operationOutcome } from '../../../core/fhir/outcome.ts';
import { validateResource } from '../../../core/fhir/validate.ts';
import { broken } from './broken-resources.ts';

test('the outcome of every broken resource is a sound resource', () => {
  for (const [rule, resource] of broken) {
    const issues = validateResource(resource);
    assert.ok(hasErrors(issues), rule);
    assert.deepEqual(validateResource(operationOutcome(issues)), [], rule);
  }
});

test('an outcome without issues says that all is well', () => {
  const outcome = operationOutcome([]);
  assert.deepEqual(validateResource(outcome), []);
  assert.equal(hasErrors([]), false);
});

test('a single error names its element', () => {
  const outcome = errorOutcome('not-found', 'not-here', 'There is no such resource.', 'Patient.link');
  assert.deepEqual(validateResource(outcome), []);
  assert.deepEqual(outcome['issue'], [
    {
      severity: 'error',
      code: 'not-found',
      details: {
        coding: [{ system: 'urn:medallion:message', code: 'not-here' }],
        text: 'There is no such resource.',
      },
      diagnostics: 'There is no such resource.',
      expression: ['Patient.link'],
    },
  ]);
});

test('warnings do not forbid storing', () => {
  const warning = { severity: 'warning', code: 'invariant', messageKey: 'con-3', diagnostics: 'x' } as const;
  assert.equal(hasErrors([warning]), false);
});
