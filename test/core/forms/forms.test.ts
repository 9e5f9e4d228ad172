// Every form that ships: a sound Questionnaire, every field with a home in FHIR, and what is filled in comes out as sound resources
// in which every home is there. Then what is refused.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it, test } from 'node:test';
import { formsDocument } from '../../../build/forms-doc.ts';
import fc from 'fast-check';
import { allBands, bandOf } from '../../../core/clinical/bands.ts';
import { readAnswers } from '../../../core/forms/answers.ts';
import { extract } from '../../../core/forms/extract.ts';
import type { Form } from '../../../core/forms/form.ts';
import { fieldsOf } from '../../../core/forms/form.ts';
import { homeOf } from '../../../core/forms/homes.ts';
import { codingOfOption, questionnaireOf } from '../../../core/forms/questionnaire.ts';
import { sheet } from '../../../core/forms/sheet.ts';
import { canonicalJson, parseJson } from '../../../core/fhir/json.ts';
import { findStructure } from '../../../core/fhir/structures.ts';
import type { JsonObject, JsonValue, Resource } from '../../../core/fhir/types.ts';
import { validateResource } from '../../../core/fhir/validate.ts';
import { shippedForms } from '../../../server/fhir/shipped-forms.ts';
import { answerOf, filledForm, itemOf } from './filled.ts';

const forms = [...(await shippedForms()).values()];
const formNamed = (id: string): Form => {
  const form = forms.find((one) => one.id === id);
  assert.ok(form, id);
  return form;
};

function extraction(form: Form, response: Resource) {
  let next = 0;
  return extract(form, response, {
    patientId: 'p1',
    now: '2026-03-01T10:00:00.000Z',
    authored: '2026-03-01',
    response: 'QuestionnaireResponse/q1',
    newUrl: () => `urn:uuid:0197c0de-0000-7000-8000-${String(next++).padStart(12, '0')}`,
  });
}

function extracted(form: Form, response: Resource): Resource[] {
  const { problems, extracted: found } = extraction(form, response);
  assert.deepEqual(problems, []);
  return found.map(({ resource }) => resource);
}

const errorsOf = (resource: Resource): string[] =>
  validateResource(resource)
    .filter(({ severity }) => severity === 'error' || severity === 'fatal')
    .map(({ expression, diagnostics }) => `${resource.resourceType} ${expression}: ${diagnostics}`);

/** All values at a path, through lists. */
function at(value: JsonValue | undefined, path: readonly string[]): JsonValue[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((one) => at(one, path));
  const [first, ...rest] = path;
  if (first === undefined) return [value];
  return typeof value === 'object' ? at((value as JsonObject)[first], rest) : [];
}

const has = (resources: readonly Resource[], home: string): boolean => {
  const [type, ...path] = home.split('.');
  return resources.some((one) => one.resourceType === type && at(one, path).length > 0);
};

/** Whether R4 has such an element. */
function isElement(home: string): boolean {
  let [path = '', ...rest] = home.split('.');
  for (const property of rest) {
    const rule = findStructure(path)?.rules.get(property);
    if (rule === undefined) return false;
    path = rule.type === 'BackboneElement' || rule.type === 'Element' ? `${path}.${rule.element}` : rule.type;
  }
  return findStructure(rest.length > 0 ? (home.split('.')[0] ?? '') : path) !== undefined;
}

test('forms of every kind ship', () => {
  assert.deepEqual(
    forms.map(({ id }) => id),
    [
      'advance-directive',
      'cardiac',
      'dental',
      'dermatology',
      'electrolytes',
      'family-history',
      'general',
      'glucose',
      'haematology',
      'insurance',
      'lipids',
      'medical-history',
      'medication-history',
      'mental-health',
      'organ-donation',
      'orthopaedics',
      'social-history',
      'treatment-history',
      'urine',
      'visit',
    ],
  );
});

describe('the sheet of fields', () => {
  const homes = sheet.flatMap(({ rows }) => rows.flatMap(([, ...all]) => all));
  it('gives every field a home', () => {
    for (const { title, rows } of sheet)
      for (const [field, ...all] of rows) assert.ok(all.length > 0, `${title}: ${field}`);
    for (const home of homes) if (typeof home !== 'string') assert.ok(isElement(home[0]), home[0]);
  });
  it('names every field of every form, and none that is not there', () => {
    const named = new Set(homes.filter((home) => typeof home === 'string'));
    const known = forms.flatMap((form) => fieldsOf(form).map(({ id }) => `${form.id}:${id}`));
    assert.deepEqual([...named].sort(), known.sort());
  });
  it('is what docs/forms.md says', async () => {
    const written = readFileSync(
      path.join(import.meta.dirname, '..', '..', '..', 'docs', 'forms.md'),
      'utf8',
    );
    assert.equal(written, await formsDocument(), 'run node build/forms-doc.ts');
  });
});

for (const form of forms)
  describe(`the form ${form.id}`, () => {
    it('is a sound Questionnaire in two languages, its linkIds and codes unique', () => {
      const questionnaire = questionnaireOf(form);
      assert.deepEqual(errorsOf(questionnaire), []);
      const ids = [...form.groups.map(({ id }) => id), ...fieldsOf(form).map(({ id }) => id)];
      assert.equal(new Set(ids).size, ids.length);
      for (const { words } of [
        form,
        ...form.groups,
        ...fieldsOf(form),
        ...fieldsOf(form).flatMap(({ options }) => options ?? []),
      ])
        assert.ok(words[0].trim() !== '' && /[\p{Script=Devanagari}\d/+A-Za-z]/u.test(words[1]), words[0]);
      for (const { options = [] } of fieldsOf(form)) {
        const codes = options.map((one) => canonicalJson({ ...codingOfOption(one), display: '' }));
        assert.equal(new Set(codes).size, codes.length);
      }
    });

    it('has a home for every field, which R4 knows', () => {
      for (const group of form.groups)
        for (const field of group.fields) {
          const home = homeOf(group, field);
          assert.ok(home, `${group.id}.${field.id}`);
          assert.ok(isElement(home), home);
        }
    });

    it('goes in complete and comes out as sound resources that hold every answer', () => {
      const response = filledForm(form);
      assert.deepEqual(errorsOf(response), []);
      const resources = extracted(form, response);
      assert.deepEqual(resources.flatMap(errorsOf), []);
      for (const group of form.groups)
        for (const field of group.fields) {
          const home = homeOf(group, field) ?? '';
          assert.ok(has(resources, home), `${field.id} is not in ${home}`);
        }
      if (form.sealed)
        for (const { meta } of resources)
          assert.equal(canonicalJson(meta as JsonValue).includes(form.sealed), true);
    });

    it('comes out sound whichever fields are left empty and whatever is chosen', () => {
      const answers = fc.record(
        Object.fromEntries(
          fieldsOf(form).map((field) => [
            field.id,
            fc.option(
              field.options
                ? fc
                    .constantFrom(...field.options)
                    .map((one): JsonObject => ({ valueCoding: codingOfOption(one) }))
                : field.kind === 'yes-no'
                  ? fc.boolean().map((flag): JsonObject => ({ valueBoolean: flag }))
                  : fc.constant(answerOf(field)),
            ),
          ]),
        ),
      );
      fc.assert(
        fc.property(answers, (given) => {
          const item = form.groups.flatMap((group) => {
            const filled = group.fields.flatMap((field) => {
              const one = given[field.id];
              return one && field.computed === undefined ? [{ linkId: field.id, answer: [one] }] : [];
            });
            return filled.length > 0 ? [{ linkId: group.id, item: filled }] : [];
          });
          const { problems, extracted: found } = extraction(form, { ...filledForm(form), item });
          for (const { code } of problems) assert.ok(code === 'missing' || code === 'no-answer', code);
          assert.deepEqual(
            found.flatMap(({ resource }) => errorsOf(resource)),
            [],
          );
        }),
        { numRuns: 60 },
      );
    });
  });

describe('what is computed', () => {
  const of = (form: string, values: Readonly<Record<string, number>>): Resource => ({
    ...filledForm(formNamed(form)),
    item: formNamed(form).groups.flatMap(({ id, fields }) => {
      const item = fields.flatMap((field) =>
        values[field.id] === undefined
          ? []
          : [{ linkId: field.id, answer: [{ valueDecimal: values[field.id] as number }] }],
      );
      return item.length > 0 ? [{ linkId: id, item }] : [];
    }),
  });
  const valueOf = (resources: readonly Resource[], code: string): JsonValue | undefined =>
    at(
      resources.filter((one) => canonicalJson(one).includes(`"${code}"`)),
      ['valueQuantity', 'value'],
    )[0];

  const cases: [form: string, given: Record<string, number>, code: string, expected: number | undefined][] = [
    ['general', { weight: 70, height: 175 }, '39156-5', 22.9],
    ['general', { weight: 70 }, '39156-5', undefined],
    ['general', { weight: 70, height: 175, bmi: 22.86 }, '39156-5', 22.86],
    ['lipids', { cholesterol: 200, hdl: 50 }, 'lipids.cholesterol-hdl', 4],
    ['lipids', { ldl: 120, hdl: 50 }, 'lipids.ldl-hdl', 2.4],
    ['lipids', { triglycerides: 150 }, 'lipids.vldl', 30],
    ['lipids', { triglycerides: 500 }, 'lipids.vldl', undefined],
    ['lipids', { triglycerides: 150, vldl: 41 }, 'lipids.vldl', 41],
  ];
  for (const [form, given, code, expected] of cases)
    it(`${form} ${JSON.stringify(given)}: ${code} is ${expected ?? 'not computed'}`, () => {
      assert.equal(valueOf(extracted(formNamed(form), of(form, given)), code), expected);
    });

  it('a given value that cannot be is refused', () => {
    for (const [form, given, field] of [
      ['general', { weight: 70, height: 175, bmi: 29 }, 'bmi'],
      ['lipids', { cholesterol: 200, hdl: 50, 'cholesterol-hdl': 5 }, 'cholesterol-hdl'],
    ] as const)
      assert.deepEqual(extraction(formNamed(form), of(form, given)).problems, [
        { linkId: field, code: 'computed-differs' },
      ]);
  });

  it('the scores add up, and only where every question was answered', () => {
    const form = formNamed('mental-health');
    const resources = extracted(form, filledForm(form));
    assert.equal(valueOf(resources, '44261-6'), 27);
    const group = form.groups.find(({ id }) => id === 'phq');
    assert.ok(group);
    const some = { ...filledForm(form), item: [itemOf(group, group.fields.slice(1))] };
    assert.equal(valueOf(extracted(form, some), '44261-6'), undefined);
  });
});

describe('numbers', () => {
  it('keep their digits, and say what they mean and by whom', () => {
    const form = formNamed('general');
    const text = '{"linkId":"vitals","item":[{"linkId":"temperature","answer":[{"valueDecimal":38.50}]}]}';
    const [resource] = extracted(form, { ...filledForm(form), item: [parseJson(text)] });
    const written = canonicalJson(resource as Resource);
    assert.match(written, /"value":38.50/);
    assert.match(written, /"code":"H"/);
    assert.match(written, /Royal College of Physicians/);
  });
});

describe('bands', () => {
  it('go up without a gap, have a source, and name what is usual', () => {
    for (const { id, bands, source } of allBands) {
      const from = bands.map((one) => one.from ?? -Infinity);
      assert.deepEqual(
        from,
        [...from].sort((a, b) => a - b),
        id,
      );
      assert.equal(from.indexOf(-Infinity), 0, id);
      assert.ok(
        bands.some(({ tone }) => tone === 'normal'),
        id,
      );
      assert.ok(source.year > 1990 && source.address.startsWith('https://'), id);
    }
  });
  const cases: [id: string, value: number, band: string | undefined][] = [
    ['bmi', 18.4, 'underweight'],
    ['bmi', 18.5, 'usual'],
    ['bmi', 30, 'obese'],
    ['systolic', 139, 'high-normal'],
    ['systolic', 140, 'high'],
    ['hba1c', 6.5, 'in-the-range-of-diabetes'],
    ['oxygen-saturation', 95, 'low'],
    ['bmi', Number.NaN, undefined],
  ];
  for (const [id, value, band] of cases)
    it(`${id} ${value} is ${band ?? 'in none'}`, () => {
      const bands = allBands.find((one) => one.id === id);
      assert.ok(bands);
      assert.equal(bandOf(bands, value)?.id, band);
    });
});

describe('what is refused', () => {
  const general = formNamed('general');
  const one = (group: string, field: string, ...answer: JsonValue[]): JsonValue => ({
    linkId: group,
    item: [{ linkId: field, answer }],
  });
  const cases: [name: string, item: JsonValue, linkId: string, code: string][] = [
    ['nothing', [], '', 'no-answer'],
    ['an unknown group', [{ linkId: 'x', item: [] }], 'x', 'unknown-item'],
    ['an unknown field', [one('body', 'x', { valueDecimal: 1 })], 'x', 'unknown-item'],
    ['a field of another group', [one('body', 'pulse', { valueDecimal: 60 })], 'pulse', 'unknown-item'],
    ['a weight in words', [one('body', 'weight', { valueString: '70' })], 'weight', 'wrong-kind'],
    ['a weight of nothing', [one('body', 'weight', { valueDecimal: 0 })], 'weight', 'out-of-range'],
    ['a weight of a tonne', [one('body', 'weight', { valueDecimal: 1000 })], 'weight', 'out-of-range'],
    [
      'two weights',
      [one('body', 'weight', { valueDecimal: 70 }, { valueDecimal: 71 })],
      'weight',
      'repeated',
    ],
    [
      'a group twice',
      [one('body', 'weight', { valueDecimal: 70 }), one('body', 'height', { valueDecimal: 170 })],
      'body',
      'repeated',
    ],
    [
      'a blood group that is none',
      [one('known', 'blood-group', { valueCoding: { system: 'http://snomed.info/sct', code: '1' } })],
      'blood-group',
      'not-an-option',
    ],
    [
      'a blood group in words',
      [one('known', 'blood-group', { valueString: 'A' })],
      'blood-group',
      'wrong-kind',
    ],
    [
      'an allergy of spaces',
      [one('known', 'food-allergy', { valueString: '  ' })],
      'food-allergy',
      'wrong-kind',
    ],
    [
      'an allergy of a page',
      [one('known', 'food-allergy', { valueString: 'x'.repeat(501) })],
      'food-allergy',
      'too-long',
    ],
    [
      'a field inside a field',
      [{ linkId: 'body', item: [{ linkId: 'weight', answer: [{ valueDecimal: 70 }], item: [] }] }],
      'weight',
      'unknown-item',
    ],
  ];
  for (const [name, item, linkId, code] of cases)
    it(name, () => {
      const { problems, extracted: found } = extraction(general, { ...filledForm(general), item });
      assert.ok(
        problems.some((p) => p.linkId === linkId && p.code === code),
        JSON.stringify(problems),
      );
      assert.deepEqual(found, []);
    });

  it('a response of another form, a missing answer, a file that carries its bytes or no address', () => {
    assert.deepEqual(readAnswers(general, filledForm(formNamed('urine'))).problems[0], {
      linkId: '',
      code: 'wrong-form',
    });
    const family = formNamed('family-history');
    const note = { linkId: 'relatives', item: [{ linkId: 'relative-note', answer: [{ valueString: 'x' }] }] };
    assert.deepEqual(readAnswers(family, { ...filledForm(family), item: [note] }).problems, [
      { linkId: 'relation', code: 'missing' },
      { linkId: 'illness', code: 'missing' },
    ]);
    const skin = formNamed('dermatology');
    for (const valueAttachment of [
      { data: 'AAAA' },
      { url: 'javascript:alert(1)' },
      { url: 'https://x.example/1', data: 'AAAA' },
    ])
      assert.deepEqual(
        readAnswers(skin, { ...filledForm(skin), item: [one('findings', 'pictures', { valueAttachment })] })
          .problems,
        [{ linkId: 'pictures', code: 'wrong-kind' }],
      );
  });

  it('whatever is sent, nothing breaks', () => {
    fc.assert(
      fc.property(fc.constantFrom(...forms), fc.jsonValue({ maxDepth: 5 }), (form, item) => {
        extraction(form, { ...filledForm(form), item: item as JsonValue });
      }),
      { numRuns: 500 },
    );
  });
});
