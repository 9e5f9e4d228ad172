// The table of protections that `npm run mutants` switches off fits the code: what it replaces stands there once, and its tests exist.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { protections } from './mutants/protections.ts';

const root = resolve(import.meta.dirname, '..');

test('every protection that can be switched off stands in its file exactly once', () => {
  for (const { without, file, find, replace, test: named } of protections) {
    assert.equal(readFileSync(join(root, file), 'utf8').split(find).length, 2, without);
    assert.notEqual(find, replace, without);
    assert.ok(existsSync(join(root, named)), named);
  }
  assert.ok(protections.length >= 15);
});
