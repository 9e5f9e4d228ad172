// The 36 real-looking patients: every active allergy, condition and medicine of theirs comes out, and nothing else.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isJsonObject, parseJson } from '../../../core/fhir/json.ts';
import type { JsonObject } from '../../../core/fhir/types.ts';
import type { Section } from '../../../core/record/facts.ts';
import {
  objectAt,
  objectsAt,
  statusCode,
  textAt,
  withoutSemanticTag,
} from '../../../core/record/elements.ts';
import { substanceName } from '../../../core/record/read-allergies.ts';
import { readFacts } from '../../../core/record/read-facts.ts';
import { testWithSharedData } from '../../shared-data.ts';

function names<T>(section: Section<T>, name: (value: T) => string): string[] {
  return section.state === 'recorded' ? section.facts.map((fact) => name(fact.value)).sort() : [];
}

/** What the bundle itself says, by the plainest reading: active, by its text. */
function active(entries: readonly JsonObject[], type: string, field: string): string[] {
  const texts = entries
    .map((entry) => objectAt(entry, 'resource'))
    .filter((one) => one !== undefined && one['resourceType'] === type)
    .filter(
      (one) =>
        one !== undefined && (statusCode(one, 'clinicalStatus') ?? statusCode(one, 'status')) === 'active',
    )
    .map((one) => withoutSemanticTag(textAt(objectAt(one, field), 'text') ?? ''));
  return [...new Set(texts)].sort();
}

testWithSharedData(
  'every Synthea patient shows exactly their active allergies, conditions and medicines',
  (folder) => {
    const files = readdirSync(path.join(folder, 'synthea')).filter((file) => file.endsWith('.json'));
    assert.equal(files.length, 36);
    let shown = 0;
    for (const file of files) {
      const bundle = parseJson(readFileSync(path.join(folder, 'synthea', file), 'utf8'));
      assert.ok(isJsonObject(bundle));
      const entries = objectsAt(bundle, 'entry');
      const read = readFacts(entries, '2026-11-20');
      const allergies = names(read.allergies, (value) => value.substance);
      const conditions = names(read.conditions, (value) => value.name);
      const medicines = names(read.medicines, (value) => value.name);
      assert.deepEqual(
        allergies,
        active(entries, 'AllergyIntolerance', 'code').map(substanceName).sort(),
        file,
      );
      assert.deepEqual(conditions, active(entries, 'Condition', 'code'), file);
      assert.deepEqual(medicines, active(entries, 'MedicationRequest', 'medicationCodeableConcept'), file);
      assert.equal(read.identity.state, 'recorded', file);
      assert.equal(read.vaccinations.state, 'recorded', file);
      assert.equal(read.body.state, 'recorded', file);
      assert.equal(read.contacts.state, 'not-recorded', 'Synthea asks nobody for contacts');
      shown += allergies.length + conditions.length + medicines.length;
    }
    assert.ok(shown > 130, `only ${shown} facts`);
  },
);
