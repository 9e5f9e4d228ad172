// FHIRPath Patch: each kind of operation on each kind of element, and what is refused.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { applyFhirPathPatch, FhirPathPatchError } from '../../../core/fhir/fhirpath-patch.ts';
import { canonicalJson, parseJson } from '../../../core/fhir/json.ts';
import type { JsonObject, Resource } from '../../../core/fhir/types.ts';

type Part = [name: string, value: JsonObject];

const operation = (...parts: Part[]): JsonObject => ({
  name: 'operation',
  part: parts.map(([name, value]) => ({ name, ...value })),
});
const parameters = (...parameter: JsonObject[]): Resource => ({ resourceType: 'Parameters', parameter });
const type = (code: string): Part => ['type', { valueCode: code }];
const path = (text: string): Part => ['path', { valueString: text }];
const name = (text: string): Part => ['name', { valueString: text }];
const value = (one: JsonObject): Part => ['value', one];
const number = (what: string, one: number): Part => [what, { valueInteger: one }];

const patient = (): Resource =>
  parseJson(
    `{"resourceType":"Patient","id":"x","name":[{"use":"official","family":"Rao","given":["Asha","K"]},{"use":"nickname","text":"Ash"}],
      "birthDate":"1980-01-01","_birthDate":{"extension":[{"url":"urn:t","valueString":"a"}]},
      "telecom":[{"system":"phone","value":"1"},{"system":"email","value":"2"},{"system":"url","value":"3"}],
      "contact":[{"name":{"text":"Ravi"}}],"multipleBirthInteger":2,
      "extension":[{"url":"urn:a","valueDecimal":1.10},{"url":"urn:b","valueString":"b"}]}`,
  ) as Resource;

function patched(...operations: JsonObject[]): Record<string, unknown> {
  return JSON.parse(canonicalJson(applyFhirPathPatch(patient(), parameters(...operations)))) as Record<
    string,
    unknown
  >;
}

describe('FHIRPath Patch', () => {
  test('add appends to a list, and sets what stands once and is absent', () => {
    const result = patched(
      operation(
        type('add'),
        path('Patient'),
        name('telecom'),
        value({ valueContactPoint: { system: 'sms', value: '4' } }),
      ),
      operation(type('add'), path('Patient'), name('gender'), value({ valueCode: 'female' })),
      operation(type('add'), path('Patient.contact[0]'), name('gender'), value({ valueCode: 'male' })),
      operation(
        type('add'),
        path("Patient.name.where(use = 'official')"),
        name('given'),
        value({ valueString: 'B' }),
      ),
    );
    assert.equal((result['telecom'] as unknown[]).length, 4);
    assert.equal(result['gender'], 'female');
    assert.deepEqual(result['contact'], [{ name: { text: 'Ravi' }, gender: 'male' }]);
    assert.deepEqual((result['name'] as { given: string[] }[])[0]?.given, ['Asha', 'K', 'B']);
  });

  test('add builds a backbone element from parts, choices included', () => {
    const result = patched(
      operation(type('add'), path('Patient'), name('contact'), [
        'value',
        {
          part: [
            { name: 'name', valueHumanName: { text: 'Ira' } },
            { name: 'telecom', valueContactPoint: { system: 'phone', value: '9' } },
            { name: 'telecom', valueContactPoint: { system: 'phone', value: '8' } },
          ],
        },
      ]),
      operation(type('delete'), path('Patient.multipleBirth')),
      operation(type('add'), path('Patient'), name('multipleBirth'), value({ valueBoolean: true })),
    );
    assert.deepEqual((result['contact'] as unknown[])[1], {
      name: { text: 'Ira' },
      telecom: [
        { system: 'phone', value: '9' },
        { system: 'phone', value: '8' },
      ],
    });
    assert.equal(result['multipleBirthBoolean'], true);
    assert.ok(!('multipleBirthInteger' in result));
  });

  test('insert puts at an index, first and last included, and into a list that is not there yet', () => {
    const result = patched(
      operation(
        type('insert'),
        path('Patient.name[0].given'),
        value({ valueString: 'Z' }),
        number('index', 0),
      ),
      operation(
        type('insert'),
        path('Patient.telecom'),
        value({ valueContactPoint: { value: '0' } }),
        number('index', 3),
      ),
      operation(
        type('insert'),
        path('Patient.address'),
        value({ valueAddress: { text: 'Here' } }),
        number('index', 0),
      ),
    );
    assert.deepEqual((result['name'] as { given: string[] }[])[0]?.given, ['Z', 'Asha', 'K']);
    assert.deepEqual(
      (result['telecom'] as { value: string }[]).map((one) => one.value),
      ['1', '2', '3', '0'],
    );
    assert.deepEqual(result['address'], [{ text: 'Here' }]);
  });

  test('delete takes one element away with what stands beside it; absent ones do not matter', () => {
    const result = patched(
      operation(type('delete'), path('Patient.birthDate')),
      operation(type('delete'), path("Patient.telecom.where(system = 'email' and value = '2')")),
      operation(type('delete'), path('Patient.photo[3]')),
      operation(type('delete'), path('Patient.contact[0]')),
      operation(type('delete'), path("Patient.extension('urn:b')")),
    );
    assert.ok(!('birthDate' in result) && !('_birthDate' in result) && !('contact' in result));
    assert.deepEqual(
      (result['telecom'] as { value: string }[]).map((one) => one.value),
      ['1', '3'],
    );
    assert.equal((result['extension'] as unknown[]).length, 1);
  });

  test('replace changes one value, whatever type a choice had before; decimals keep their text', () => {
    const text = canonicalJson(
      applyFhirPathPatch(
        patient(),
        parameters(
          operation(type('replace'), path('Patient.birthDate'), value({ valueDate: '1981-02-03' })),
          operation(type('replace'), path('Patient.name.first().family'), value({ valueString: 'Iyer' })),
          operation(type('replace'), path('Patient.name[0].given.last()'), value({ valueString: 'L' })),
          operation(type('replace'), path('Patient.multipleBirth'), value({ valueBoolean: false })),
        ),
      ),
    );
    const result = JSON.parse(text) as Record<string, unknown>;
    assert.equal(result['birthDate'], '1981-02-03');
    assert.ok(!('_birthDate' in result));
    assert.equal(result['multipleBirthBoolean'], false);
    assert.ok(!('multipleBirthInteger' in result));
    assert.deepEqual((result['name'] as { family: string; given: string[] }[])[0], {
      use: 'official',
      family: 'Iyer',
      given: ['Asha', 'L'],
    });
    assert.match(text, /"valueDecimal":1\.10/);
  });

  test('move changes the order, extensions beside values included', () => {
    const result = patched(
      operation(type('move'), path('Patient.telecom'), number('source', 2), number('destination', 0)),
    );
    assert.deepEqual(
      (result['telecom'] as { value: string }[]).map((one) => one.value),
      ['3', '1', '2'],
    );
    const names: Resource = {
      resourceType: 'Patient',
      name: [{ given: ['A', 'B'], _given: [null, { id: 'b' }] }],
    };
    const moved = applyFhirPathPatch(
      names,
      parameters(
        operation(type('move'), path('Patient.name[0].given'), number('source', 1), number('destination', 0)),
      ),
    );
    assert.deepEqual(moved['name'], [{ given: ['B', 'A'], _given: [{ id: 'b' }, null] }]);
  });

  test('the resource given stays as it was', () => {
    const before = patient();
    const text = canonicalJson(before);
    applyFhirPathPatch(
      before,
      parameters(
        operation(type('add'), path('Patient.name[0]'), name('given'), value({ valueString: 'B' })),
        operation(type('delete'), path('Patient.telecom[0]')),
      ),
    );
    assert.equal(canonicalJson(before), text);
  });

  test('what does not fit, is not understood or not well formed is refused by name', () => {
    const cases: [JsonObject, string][] = [
      [
        operation(type('add'), path('Patient'), name('birthDate'), value({ valueDate: '2000' })),
        'patch-path',
      ],
      [operation(type('add'), path('Patient'), name('nothing'), value({ valueDate: '2000' })), 'patch-path'],
      [
        operation(type('add'), path('Patient'), name('multipleBirth'), value({ valueString: 'x' })),
        'patch-path',
      ],
      [
        operation(type('add'), path('Patient.telecom'), name('rank'), value({ valuePositiveInt: 1 })),
        'patch-path',
      ],
      [operation(type('add'), path('Patient.photo'), name('url'), value({ valueUrl: 'x' })), 'patch-path'],
      [operation(type('add'), path('Patient'), name('__proto__'), value({ valueString: 'x' })), 'patch-path'],
      [operation(type('replace'), path('Patient.gender'), value({ valueCode: 'male' })), 'patch-path'],
      [operation(type('replace'), path('Patient'), value({ valueString: 'x' })), 'patch-path'],
      [operation(type('delete'), path('Patient')), 'patch-path'],
      [operation(type('delete'), path('Patient.telecom')), 'patch-path'],
      [
        operation(
          type('insert'),
          path('Patient.telecom'),
          value({ valueContactPoint: {} }),
          number('index', 9),
        ),
        'patch-path',
      ],
      [
        operation(type('insert'), path('Patient.gender'), value({ valueCode: 'male' }), number('index', 0)),
        'patch-path',
      ],
      [
        operation(type('move'), path('Patient.telecom'), number('source', 3), number('destination', 0)),
        'patch-path',
      ],
      [
        operation(type('move'), path('Patient.telecom'), number('source', -1), number('destination', 0)),
        'patch-path',
      ],
      [operation(type('move'), path('Patient.telecom'), number('source', 1)), 'patch-malformed'],
      [operation(type('fly'), path('Patient')), 'patch-malformed'],
      [operation(type('delete')), 'patch-malformed'],
      [operation(type('add'), path('Patient'), name('gender')), 'patch-malformed'],
      [{ name: 'other' }, 'patch-malformed'],
      [operation(type('delete'), path('Patient.name.select(given)')), 'patch-not-supported'],
      [operation(type('delete'), path('Patient.name.where(given.exists())')), 'patch-not-supported'],
      [operation(type('delete'), path('%resource.name')), 'patch-not-supported'],
      [operation(type('delete'), path('Patient.name[')), 'patch-not-supported'],
      [operation(type('delete'), path('')), 'patch-not-supported'],
      [
        operation(type('delete'), path(`Patient.name.where(use='${"a' and use='".repeat(200)}')`)),
        'patch-not-supported',
      ],
    ];
    for (const [one, code] of cases)
      assert.throws(
        () => applyFhirPathPatch(patient(), parameters(one)),
        (error: FhirPathPatchError) => error instanceof FhirPathPatchError && error.code === code,
        JSON.stringify(one).slice(0, 200),
      );
    assert.throws(() => applyFhirPathPatch(patient(), { resourceType: 'Parameters' }), FhirPathPatchError);
    assert.throws(() => applyFhirPathPatch(patient(), patient()), FhirPathPatchError);
  });
});
