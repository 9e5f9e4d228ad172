// The committed tables are what the generator makes of the definitions, and small enough to carry everywhere.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fhirDefinitionFiles } from '../../../build/fhir-definitions.ts';

const folder = path.resolve(import.meta.dirname, '../../../core/fhir/definitions');

test('the committed tables are current', () => {
  const files = fhirDefinitionFiles();
  assert.deepEqual(readdirSync(folder).sort(), [...files.keys()].sort());
  for (const [file, text] of files) assert.equal(readFileSync(path.join(folder, file), 'utf8'), text, file);
});

test('the tables stay small', () => {
  const sizes = readdirSync(folder).map((file) => readFileSync(path.join(folder, file)).length);
  assert.ok(sizes.reduce((sum, size) => sum + size, 0) < 500_000);
});
