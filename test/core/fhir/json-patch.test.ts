// JSON Patch: the public test suite, what it leaves out (lossless numbers, hostile patches), and nothing changed in place.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { applyJsonPatch, JsonPatchError } from '../../../core/fhir/json-patch.ts';
import { canonicalJson, parseJson } from '../../../core/fhir/json.ts';
import type { JsonObject, JsonValue } from '../../../core/fhir/types.ts';
import { testWithSharedData } from '../../shared-data.ts';

const patched = (document: string, patch: string): string =>
  canonicalJson(applyJsonPatch(parseJson(document), parseJson(patch)));

for (const file of ['spec_tests.json', 'tests.json'])
  testWithSharedData(`the JSON Patch suite, ${file}`, (folder) => {
    const cases = JSON.parse(readFileSync(path.join(folder, 'json-patch', file), 'utf8')) as JsonObject[];
    let run = 0;
    for (const one of cases) {
      const { doc, patch, expected, error, comment, disabled } = one as Record<string, JsonValue>;
      if (disabled === true || patch === undefined) continue;
      run += 1;
      const what = typeof comment === 'string' ? comment : JSON.stringify(patch);
      if (error !== undefined) assert.throws(() => applyJsonPatch(doc!, patch), JsonPatchError, what);
      else {
        const result = applyJsonPatch(doc!, patch);
        if (expected !== undefined) assert.deepEqual(result, expected, what);
      }
    }
    assert.ok(run > 15, `${run} cases were run`);
  });

describe('beyond the suite', () => {
  test('what is not touched keeps its text, and what is added keeps its own', () => {
    assert.equal(
      patched(
        '{"a":1.10,"b":[2.0,3],"c":12345678901234567890}',
        '[{"op":"add","path":"/b/1","value":7.500}]',
      ),
      '{"a":1.10,"b":[2.0,7.500,3],"c":12345678901234567890}',
    );
    assert.equal(
      patched('{"a":1.10,"b":1}', '[{"op":"copy","from":"/a","path":"/b"}]'),
      '{"a":1.10,"b":1.10}',
    );
  });

  test('test compares numbers by value and objects by content', () => {
    assert.equal(patched('{"a":1.10}', '[{"op":"test","path":"/a","value":1.1}]'), '{"a":1.10}');
    patched('{"a":{"x":1,"y":[2]}}', '[{"op":"test","path":"/a","value":{"y":[2.0],"x":1}}]');
    for (const value of ['"1.1"', '1.2', 'true', 'null', '[1.1]', '{}'])
      assert.throws(
        () => patched('{"a":1.10}', `[{"op":"test","path":"/a","value":${value}}]`),
        (error: JsonPatchError) => error.code === 'patch-test-failed',
        value,
      );
  });

  test('the document given stays as it was', () => {
    const document = parseJson('{"a":[{"b":1},{"b":2}],"c":{"d":3}}');
    const before = canonicalJson(document);
    applyJsonPatch(
      document,
      parseJson(
        '[{"op":"remove","path":"/a/0"},{"op":"add","path":"/c/e","value":1},{"op":"move","from":"/c/d","path":"/a/-"},{"op":"replace","path":"/a/0/b","value":9}]',
      ),
    );
    assert.equal(canonicalJson(document), before);
  });

  test('hostile patches are refused by name', () => {
    const doubling = JSON.stringify([
      { op: 'add', path: '/a', value: [1, 2, 3, 4] },
      ...Array.from({ length: 40 }, () => ({ op: 'copy', from: '/a', path: '/a/-' })),
    ]);
    for (const [patch, code] of [
      ['{}', 'patch-malformed'],
      ['[1]', 'patch-malformed'],
      ['[{"op":"fly","path":"/a"}]', 'patch-malformed'],
      ['[{"op":"add","path":"a","value":1}]', 'patch-malformed'],
      ['[{"op":"add","path":"/a~2","value":1}]', 'patch-malformed'],
      ['[{"op":"add","path":"/a"}]', 'patch-malformed'],
      ['[{"op":"remove"}]', 'patch-malformed'],
      ['[{"op":"add","path":"/__proto__","value":{}}]', 'patch-path'],
      ['[{"op":"add","path":"/constructor/prototype/x","value":1}]', 'patch-path'],
      ['[{"op":"remove","path":"/toString"}]', 'patch-path'],
      ['[{"op":"remove","path":""}]', 'patch-path'],
      ['[{"op":"add","path":"/l/01","value":1}]', 'patch-path'],
      ['[{"op":"add","path":"/l/1e0","value":1}]', 'patch-path'],
      ['[{"op":"add","path":"/l/99999999999","value":1}]', 'patch-path'],
      ['[{"op":"replace","path":"/l/-","value":1}]', 'patch-path'],
      ['[{"op":"move","from":"/o","path":"/o/x"}]', 'patch-path'],
      [`[{"op":"add","path":"${'/a'.repeat(100)}","value":1}]`, 'patch-malformed'],
      [doubling, 'patch-too-costly'],
      [
        JSON.stringify(Array.from({ length: 1001 }, () => ({ op: 'test', path: '', value: 1 }))),
        'patch-too-costly',
      ],
    ] as const)
      assert.throws(
        () => patched('{"a":1,"l":[1,2],"o":{"x":1}}', patch),
        (error: JsonPatchError) => error instanceof JsonPatchError && error.code === code,
        patch.slice(0, 80),
      );
  });
});
