// Value sets and code systems: what is shipped agrees with the official expansions; rules, filters, circles and bounds.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { terminologyFiles } from '../../../build/fhir-terminology.ts';
import { codePattern } from '../../../core/fhir/terminology/code-pattern.ts';
import { codesAbove, codesBelow, codeSystemOfResource } from '../../../core/fhir/terminology/code-system.ts';
import {
  expandValueSet,
  findMember,
  requireValueSet,
  subsumption,
  TerminologyError,
  type ExpandedCode,
  type TerminologySource,
} from '../../../core/fhir/terminology/expand.ts';
import { shippedTerminology, shippedValueSetUrls } from '../../../core/fhir/terminology/shipped.ts';
import { valueSetOfResource } from '../../../core/fhir/terminology/value-set.ts';
import { officialExamples } from '../../official-examples.ts';

const tables = path.resolve(import.meta.dirname, '../../../core/fhir/terminology/tables');

test('the committed tables are current, and not larger than they need to be', () => {
  const files = terminologyFiles();
  assert.deepEqual(readdirSync(tables).sort(), [...files.keys()].sort());
  let size = 0;
  for (const [file, text] of files) {
    assert.equal(readFileSync(path.join(tables, file), 'utf8'), text, file);
    size += text.length;
  }
  assert.ok(size < 1_800_000, `${size}`);
});

interface Expansion {
  readonly contains?: readonly {
    readonly system: string;
    readonly code?: string;
    readonly contains?: Expansion['contains'];
  }[];
}

const flat = (expansion: Expansion): string[] =>
  (expansion.contains ?? []).flatMap((one) => [
    ...(one.code === undefined ? [] : [`${one.system}|${one.code}`]),
    ...flat({ contains: one.contains ?? [] }),
  ]);

test('expansions have every code that the specification publishes, and no others', () => {
  const published = officialExamples().find(({ name }) => name === 'Bundle-valueset-expansions');
  assert.ok(published);
  const { entry } = JSON.parse(published.text) as {
    entry: { resource: { url: string; expansion?: Expansion & { parameter?: unknown[] } } }[];
  };
  let compared = 0;
  const longer: Record<string, number> = {};
  for (const { resource } of entry) {
    const valueSet = shippedTerminology.findValueSet(resource.url);
    if (valueSet === undefined || resource.expansion === undefined) continue;
    let own: ExpandedCode[];
    try {
      own = expandValueSet(shippedTerminology, valueSet);
    } catch (error) {
      assert.ok(error instanceof TerminologyError);
      assert.ok(
        ['code-system-unknown', 'code-system-partial', 'value-set-unknown'].includes(error.code),
        `${resource.url}: ${error.code}`,
      );
      continue;
    }
    compared += 1;
    const published = new Set(flat(resource.expansion));
    const keys = new Set(own.map((one) => `${one.system}|${one.code}`));
    for (const key of published) assert.ok(keys.has(key), `${resource.url} lacks ${key}`);
    // Published lists leave out codes that only group others or are no longer in use; here they are marked.
    const more = own.filter(
      (one) => !one.abstract && !one.inactive && !published.has(`${one.system}|${one.code}`),
    );
    if (more.length > 0) longer[resource.url] = more.length;
  }
  assert.ok(compared >= 490, `${compared}`);
  assert.deepEqual(longer, {
    // The published list ends at a thousand.
    'http://hl7.org/fhir/ValueSet/c80-doc-typecodes': 5401,
    // Codes that stand below two others are published below the first only.
    'http://hl7.org/fhir/ValueSet/detectedissue-category': 49,
    'http://terminology.hl7.org/ValueSet/v3-ActPharmacySupplyType': 3,
  });
});

test('every shipped value set expands or says what is not known', () => {
  let expanded = 0;
  for (const url of shippedValueSetUrls) {
    try {
      const codes = expandValueSet(shippedTerminology, requireValueSet(shippedTerminology, url));
      for (const one of codes.slice(0, 3))
        assert.ok(
          findMember(shippedTerminology, requireValueSet(shippedTerminology, url), one.system, one.code),
          url,
        );
      expanded += 1;
    } catch (error) {
      assert.ok(error instanceof TerminologyError, url);
    }
  }
  assert.ok(expanded > 1100, `${expanded} of ${shippedValueSetUrls.length}`);
});

const animals = codeSystemOfResource({
  resourceType: 'CodeSystem',
  url: 'http://x/animals',
  content: 'complete',
  caseSensitive: false,
  concept: [
    {
      code: 'animal',
      property: [{ code: 'notSelectable', valueBoolean: true }],
      concept: [
        {
          code: 'bird',
          concept: [{ code: 'owl', display: 'Owl', property: [{ code: 'legs', valueInteger: 2 }] }],
        },
        { code: 'fish', concept: [{ code: 'cod', property: [{ code: 'status', valueCode: 'retired' }] }] },
      ],
    },
    { code: 'pet', property: [{ code: 'child', valueCode: 'owl' }] },
  ],
});
assert.ok(animals);
const system = animals;
const sets = new Map<string, Record<string, unknown>>();
const source: TerminologySource = {
  findCodeSystem: (url) => (url === system.url ? system : undefined),
  findValueSet: (url) => {
    const compose = sets.get(url);
    return compose && valueSetOfResource(JSON.parse(JSON.stringify({ url, compose })) as never);
  },
};

const expanded = (compose: Record<string, unknown>): string =>
  expandValueSet(
    source,
    valueSetOfResource(JSON.parse(JSON.stringify({ url: 'http://x/vs', compose })) as never),
  )
    .map((one) => one.code)
    .join(' ');
const filter = (property: string, op: string, value: string) => ({
  include: [{ system: system.url, filter: [{ property, op, value }] }],
});

for (const [rule, compose, codes] of [
  ['all of a system', { include: [{ system: system.url }] }, 'animal bird owl fish cod pet'],
  ['is-a has the code itself', filter('concept', 'is-a', 'bird'), 'bird owl'],
  ['is-a follows every parent', filter('concept', 'is-a', 'pet'), 'owl pet'],
  ['descendent-of has it not', filter('concept', 'descendent-of', 'animal'), 'bird owl fish cod'],
  ['is-not-a', filter('concept', 'is-not-a', 'animal'), 'pet'],
  ['generalizes', filter('concept', 'generalizes', 'owl'), 'animal bird owl pet'],
  ['= on a property', filter('legs', '=', '2'), 'owl'],
  ['= on parents', filter('parent', '=', 'animal'), 'bird fish'],
  ['in a list', filter('code', 'in', 'owl,cod'), 'owl cod'],
  ['not in a list', filter('code', 'not-in', 'owl,cod'), 'animal bird fish pet'],
  ['exists', filter('legs', 'exists', 'true'), 'owl'],
  ['regex', filter('code', 'regex', '[a-c]o.|p+et'), 'cod pet'],
  [
    'excluded codes go',
    { include: [{ system: system.url }], exclude: [{ system: system.url, concept: [{ code: 'owl' }] }] },
    'animal bird fish cod pet',
  ],
  [
    'listed codes',
    { include: [{ system: system.url, concept: [{ code: 'cod' }, { code: 'other' }] }] },
    'cod other',
  ],
  [
    'the same code once',
    { include: [{ system: system.url }, { system: system.url }] },
    'animal bird owl fish cod pet',
  ],
] as const)
  test(`expansion: ${rule}`, () => assert.equal(expanded(compose), codes));

test('value sets within value sets: those of one include meet, a circle is refused', () => {
  sets.set('http://x/birds', filter('concept', 'is-a', 'bird'));
  sets.set('http://x/pets', filter('concept', 'is-a', 'pet'));
  sets.set('http://x/self', { include: [{ valueSet: ['http://x/self'] }] });
  assert.equal(expanded({ include: [{ valueSet: ['http://x/birds', 'http://x/pets|1'] }] }), 'owl');
  assert.equal(expanded({ include: [{ system: system.url, valueSet: ['http://x/pets'] }] }), 'owl pet');
  assert.throws(() => expanded({ include: [{ valueSet: ['http://x/self'] }] }), {
    code: 'value-set-circular',
  });
  assert.throws(() => expanded({ include: [{ valueSet: ['http://x/none'] }] }), {
    code: 'value-set-unknown',
  });
  assert.throws(() => expanded({ include: [{ system: 'http://x/none' }] }), { code: 'code-system-unknown' });
  assert.throws(() => expanded(filter('code', 'regex', '(a+)+')), { code: 'filter-not-supported' });
  assert.throws(() => expanded(filter('code', 'sounds-like', 'a')), { code: 'filter-not-supported' });
});

test('a listed code is found although another rule of the set cannot be known', () => {
  const some = valueSetOfResource({
    url: 'http://x/some',
    compose: { include: [{ system: 'http://x/none' }, { system: system.url, concept: [{ code: 'cod' }] }] },
  });
  assert.equal(findMember(source, some, system.url, 'cod')?.code, 'cod');
  assert.equal(findMember(source, some, undefined, 'cod')?.system, system.url);
  assert.equal(findMember(source, some, system.url, 'owl'), undefined);
  assert.throws(() => findMember(source, some, 'http://x/none', 'owl'), { code: 'code-system-unknown' });
});

test('kinds of kinds: below, above, and how two codes stand to each other', () => {
  assert.deepEqual(codesBelow(system, 'animal'), ['animal', 'bird', 'fish', 'owl', 'cod']);
  assert.deepEqual(codesAbove(system, 'owl').sort(), ['animal', 'bird', 'owl', 'pet']);
  assert.equal(subsumption(system, 'animal', 'owl'), 'subsumes');
  assert.equal(subsumption(system, 'owl', 'animal'), 'subsumed-by');
  assert.equal(subsumption(system, 'owl', 'owl'), 'equivalent');
  assert.equal(subsumption(system, 'fish', 'owl'), 'not-subsumed');
  assert.equal(subsumption(system, 'fish', 'cow'), undefined);
  const circle = codeSystemOfResource({
    url: 'http://x/circle',
    concept: [
      { code: 'a', property: [{ code: 'child', valueCode: 'b' }] },
      { code: 'b', property: [{ code: 'child', valueCode: 'a' }] },
    ],
  });
  assert.ok(circle);
  assert.deepEqual(codesBelow(circle, 'a'), ['a', 'b']);
});

test('codes of large systems that the platform knows by name are a fragment, never the whole', () => {
  const loinc = shippedTerminology.findCodeSystem('http://loinc.org');
  assert.equal(loinc?.content, 'fragment');
  assert.equal(loinc.concepts.get('34133-9')?.display, 'Summary of episode note');
  assert.throws(
    () =>
      expandValueSet(
        shippedTerminology,
        valueSetOfResource({ url: 'http://x', compose: { include: [{ system: 'http://loinc.org' }] } }),
      ),
    { code: 'code-system-partial' },
  );
});

test('patterns are matched in linear time, and those that could not be are refused', () => {
  assert.equal(codePattern('[A-Z]{2}')?.('IN'), true);
  assert.equal(codePattern('[A-Z]{2}')?.('IND'), false);
  assert.equal(codePattern('a*a*a*a*a*a*b')?.('a'.repeat(150)), false);
  assert.equal(codePattern('.*')?.('a'.repeat(1_000_000)), false);
  assert.equal(codePattern('\\d+\\.\\d+')?.('12.5'), true);
  for (const pattern of [
    '(a)',
    '(a+)+$',
    '[',
    'a{99}',
    'a{3,1}',
    '\\',
    'a**',
    '[z-a]',
    'x'.repeat(300),
    '(?=a)',
  ])
    assert.equal(codePattern(pattern), undefined, pattern);
});
