// Whatever a server answers instead of success becomes one kind of error that a page can put into words.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { readProblem } from '../../../web/api/client.ts';
import { checkpointSize } from '../../../web/api/log.ts';

describe('reading a problem', () => {
  it('problem details keep their code, title and fields', () => {
    const error = readProblem(
      400,
      {
        title: 'Not a login.',
        status: 400,
        code: 'login-invalid',
        fields: [{ field: 'login', code: 'phone' }],
      },
      null,
    );
    assert.deepEqual(
      [error.status, error.code, error.title, error.fieldErrors],
      [400, 'login-invalid', 'Not a login.', { login: 'phone' }],
    );
  });
  it('an OperationOutcome gives its first issue and the expression of each', () => {
    const error = readProblem(
      422,
      {
        resourceType: 'OperationOutcome',
        issue: [
          { severity: 'error', code: 'value', diagnostics: 'Not a date.', expression: ['Patient.birthDate'] },
          {
            severity: 'error',
            code: 'required',
            details: { text: 'Name is missing.' },
            expression: ['Patient.name'],
          },
        ],
      },
      null,
    );
    assert.equal(error.code, 'value');
    assert.deepEqual(error.fieldErrors, {
      'Patient.birthDate': 'Not a date.',
      'Patient.name': 'Name is missing.',
    });
  });
  it('the wait of Retry-After is read in seconds, and a date there is ignored', () => {
    assert.equal(readProblem(429, {}, '90').retryAfterSeconds, 90);
    assert.equal(readProblem(429, {}, 'Fri, 20 Nov 2026 10:00:00 GMT').retryAfterSeconds, undefined);
  });
  for (const hostile of [
    undefined,
    null,
    '',
    '<html>Bad gateway</html>',
    42,
    [],
    [{ code: 'x' }],
    { code: 7, title: {}, fields: 'no' },
    { fields: [null, 3, { field: 'a' }, { code: 'b' }] },
    { resourceType: 'OperationOutcome' },
    { resourceType: 'OperationOutcome', issue: [null, 1, { details: 'x', expression: 'y' }] },
  ]) {
    it(`a body that is no problem (${JSON.stringify(hostile) ?? 'nothing'}) is an unknown problem`, () => {
      const error = readProblem(502, hostile, null);
      assert.deepEqual([error.status, error.code, error.fieldErrors], [502, 'unknown', {}]);
    });
  }
});

describe('the size in a checkpoint', () => {
  for (const [text, size] of [
    ['origin\n1204331\nabc=\n\n— x y\n', 1204331],
    ['origin\n0\nabc=\n', 0],
    ['origin\n01\nabc=\n', undefined],
    ['origin\n-1\nabc=\n', undefined],
    ['origin', undefined],
    ['', undefined],
  ] as const) {
    it(`${JSON.stringify(text.slice(0, 14))} is ${size}`, () => assert.equal(checkpointSize(text), size));
  }
});
