// Fewer elements than there are: what stays, what goes, and the mark that something is missing; text laid out for people.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseJson } from '../../../core/fhir/json.ts';
import { prettyJson } from '../../../core/fhir/pretty-json.ts';
import { hasElement, subsetOf } from '../../../core/fhir/subset.ts';
import type { Resource } from '../../../core/fhir/types.ts';

const patient: Resource = {
  resourceType: 'Patient',
  id: 'x',
  meta: { versionId: '1' },
  text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">A</div>' },
  active: true,
  name: [{ family: 'Rao' }],
  birthDate: '1980',
  _birthDate: { id: 'b' },
  deceasedBoolean: false,
  photo: [{ url: 'urn:x' }],
  contact: [{ name: { text: 'Ravi' } }],
  communication: [{ language: { text: 'Hindi' } }],
};
const tag = { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' };
const keysOf = (resource: Resource) => Object.keys(resource).toSorted();

test('_summary keeps what R4 marks, text the narrative, data all else; each is marked', () => {
  const all = subsetOf(patient, { summary: 'true' });
  assert.deepEqual(keysOf(all), [
    '_birthDate',
    'active',
    'birthDate',
    'deceasedBoolean',
    'id',
    'meta',
    'name',
    'resourceType',
  ]);
  assert.deepEqual((all['meta'] as { tag: unknown }).tag, [tag]);
  assert.deepEqual(keysOf(subsetOf(patient, { summary: 'text' })), ['id', 'meta', 'resourceType', 'text']);
  assert.ok(!('text' in subsetOf(patient, { summary: 'data' })));
  assert.equal(subsetOf(patient, { summary: 'false' }), patient);
});

test('_elements keeps what is named, what is required and what changes the meaning', () => {
  const few = subsetOf(patient, { elements: ['birthDate'] });
  assert.deepEqual(keysOf(few), [
    '_birthDate',
    'active',
    'birthDate',
    'deceasedBoolean',
    'id',
    'meta',
    'resourceType',
  ]);
  const observation: Resource = {
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'x' },
    valueQuantity: { value: 1 },
    note: [{ text: 'n' }],
  };
  assert.deepEqual(keysOf(subsetOf(observation, { elements: ['value'] })), [
    'code',
    'meta',
    'resourceType',
    'status',
    'valueQuantity',
  ]);
  assert.ok(hasElement('Observation', 'value') && !hasElement('Observation', 'valueQuantity'));
  assert.ok(!hasElement('Observation', 'nothing'));
});

test('a summary looks into backbone elements', () => {
  const list: Resource = {
    resourceType: 'Bundle',
    type: 'collection',
    entry: [{ fullUrl: 'urn:x', resource: { resourceType: 'Basic', code: { text: 'x' } } }],
  };
  const { entry } = subsetOf(list, { summary: 'true' });
  assert.deepEqual(entry, list['entry']);
});

test('pretty text says the same, numbers as written', () => {
  const text = '{"a":[1.10,-0,{"b":"x{}[],:\\"\\\\"}],"c":{},"d":[],"e":null}';
  const pretty = prettyJson(text);
  assert.equal(
    pretty,
    '{\n  "a": [\n    1.10,\n    -0,\n    {\n      "b": "x{}[],:\\"\\\\"\n    }\n  ],\n  "c": {},\n  "d": [],\n  "e": null\n}',
  );
  assert.deepEqual(parseJson(pretty), parseJson(text));
});
