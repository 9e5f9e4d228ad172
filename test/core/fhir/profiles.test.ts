// Profiles: the examples of the International Patient Summary are what its profiles want, and each way of breaking one is found.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { profileFiles } from '../../../build/fhir-profiles.ts';
import { parseJson } from '../../../core/fhir/json.ts';
import { profileOf } from '../../../core/fhir/profiles/profile.ts';
import { shippedProfile, shippedProfileUrls } from '../../../core/fhir/profiles/shipped.ts';
import { validateProfile } from '../../../core/fhir/profiles/validate-profile.ts';
import { shippedTerminology } from '../../../core/fhir/terminology/shipped.ts';
import type { JsonObject, JsonValue } from '../../../core/fhir/types.ts';
import { summaryExamples } from '../../official-examples.ts';
import { read } from './examples.ts';

const ips = 'http://hl7.org/fhir/uv/ips/StructureDefinition/';
const sources = { findProfile: shippedProfile, terminology: shippedTerminology };
const examples = new Map(summaryExamples().map(({ name, text }) => [name, text]));

const found = (resource: JsonValue, profile: string): string[] => {
  const known = shippedProfile(ips + profile);
  assert.ok(known, profile);
  return validateProfile(resource as JsonObject, known, sources).map(
    (i) => `${i.messageKey} ${i.expression}`,
  );
};

test('the committed tables are current', () => {
  const folder = path.resolve(import.meta.dirname, '../../../core/fhir/profiles/tables');
  const files = profileFiles();
  assert.deepEqual(readdirSync(folder), [...files.keys()]);
  for (const [file, text] of files) assert.equal(readFileSync(path.join(folder, file), 'utf8'), text, file);
  assert.equal(shippedProfileUrls.length, 29);
});

test('every example is what the profile that it claims wants', () => {
  let judged = 0;
  for (const [name, text] of examples) {
    const resource = read(text);
    const claims =
      resource.resourceType === 'Bundle'
        ? [`${ips}Bundle-uv-ips`]
        : ((resource['meta'] as { profile?: string[] } | undefined)?.profile ?? []);
    for (const url of claims.map((claim) => claim.replace(/\|.*/, ''))) {
      if (!url.startsWith(ips)) continue;
      judged += 1;
      assert.deepEqual(found(resource, url.slice(ips.length)), [], name);
    }
  }
  assert.equal(judged, 44);
});

// oxlint-disable-next-line typescript/no-explicit-any -- broken on purpose, whatever its shape
type Loose = any;
type Change = (resource: Loose) => void;
const broken: readonly (readonly [
  rule: string,
  example: string,
  profile: string,
  change: Change,
  issue: string,
])[] = [
  [
    'a required element',
    'Patient-66033',
    'Patient-uv-ips',
    (p) => delete p.birthDate,
    'profile-min Patient.birthDate',
  ],
  ['a required list', 'Patient-66033', 'Patient-uv-ips', (p) => delete p.name, 'profile-min Patient.name'],
  [
    'an invariant',
    'Patient-66033',
    'Patient-uv-ips',
    (p) => (p.name = [{ use: 'official' }]),
    'ips-pat-1 Patient.name[0]',
  ],
  [
    'a required reference text',
    'Condition-eumfh-39-07-1',
    'Condition-uv-ips',
    (c) => (c.subject = { display: 'x' }),
    'profile-min Condition.subject.reference',
  ],
  [
    'a missing choice',
    'MedicationStatement-eumfh-39-07-1',
    'MedicationStatement-uv-ips',
    (m) => {
      for (const key of Object.keys(m))
        if (key.startsWith('effective') || key.startsWith('_effective')) delete m[key];
    },
    'profile-min MedicationStatement.effective',
  ],
  [
    'a type that is not allowed',
    'Observation-hemoglobin',
    'Observation-results-laboratory-pathology-uv-ips',
    (o) => {
      delete o.effectiveDateTime;
      o.effectiveInstant = '2024-01-01T00:00:00Z';
    },
    'profile-type Observation.effective',
  ],
  [
    'a slice by value',
    'Observation-hemoglobin',
    'Observation-results-laboratory-pathology-uv-ips',
    (o) => (o.category = [{ text: 'x' }]),
    'profile-min Observation.category',
  ],
  [
    'an invariant over several elements',
    'Observation-hemoglobin',
    'Observation-results-laboratory-pathology-uv-ips',
    (o) => {
      for (const key of Object.keys(o))
        if (/^(?:value|hasMember|component|dataAbsentReason)/.test(key)) delete o[key];
    },
    'ips-2 Observation',
  ],
  [
    'a required binding',
    'Flag-546482',
    'Flag-alert-uv-ips',
    (f) => (f.status = 'inactive'),
    'profile-fixed Flag.status',
  ],
  ['another type', 'Patient-66033', 'Condition-uv-ips', () => undefined, 'profile-type Patient'],
];
for (const [rule, example, profile, change, issue] of broken)
  test(`refused by a profile: ${rule}`, () => {
    const resource = JSON.parse(examples.get(example) ?? '');
    change(resource);
    const issues = found(resource, profile);
    assert.ok(issues.includes(issue), JSON.stringify(issues));
  });

const minimal = 'Bundle-bundle-minimal';
const document = (change: Change): JsonValue => {
  const bundle = JSON.parse(examples.get(minimal) ?? '');
  change(bundle);
  return bundle;
};
const composition = (bundle: Loose): Loose => bundle.entry[0].resource;
const brokenDocuments: readonly (readonly [rule: string, change: Change, issue: RegExp])[] = [
  ['another type of Bundle', (b) => (b.type = 'collection'), /^profile-fixed Bundle\.type$/],
  ['no identifier', (b) => delete b.identifier, /^profile-min Bundle\.identifier$/],
  ['no time', (b) => delete b.timestamp, /^profile-min Bundle\.timestamp$/],
  [
    'an entry without a full URL',
    (b) => delete b.entry[1].fullUrl,
    /^profile-min Bundle\.entry\[1\]\.fullUrl$/,
  ],
  [
    'an entry with a request',
    (b) => (b.entry[1].request = { method: 'GET', url: 'x' }),
    /^profile-max Bundle\.entry\[1\]\.request$/,
  ],
  ['two compositions', (b) => b.entry.push({ ...b.entry[0], fullUrl: 'urn:uuid:2' }), /^bdl-ips-1 Bundle$/],
  [
    'no patient',
    (b) => (b.entry = b.entry.filter((e: Loose) => e.resource.resourceType !== 'Patient')),
    /^profile-min Bundle\.entry$/,
  ],
  [
    'a patient who does not conform',
    (b) => {
      for (const e of b.entry) if (e.resource.resourceType === 'Patient') delete e.resource.birthDate;
    },
    /: profile-min|profile-min Bundle\.entry\[1\]: Patient\.birthDate/,
  ],
  [
    'another kind of document',
    (b) => (composition(b).type = { coding: [{ system: 'http://loinc.org', code: '34133-9' }] }),
    /profile-pattern .*Composition\.type/,
  ],
  ['a required section missing', (b) => composition(b).section.shift(), /profile-min .*Composition\.section/],
  [
    'a section without a title',
    (b) => delete composition(b).section[0].title,
    /profile-min .*section\[0\]\.title/,
  ],
  [
    'a section without a text',
    (b) => delete composition(b).section[0].text,
    /profile-min .*section\[0\]\.text/,
  ],
  [
    'a section with neither entries nor a reason',
    (b) => {
      delete composition(b).section[0].entry;
      delete composition(b).section[0].emptyReason;
    },
    /ips-comp-1 .*section\[0\]/,
  ],
  [
    'sections within sections',
    (b) => (composition(b).section[0].section = [{ title: 'x' }]),
    /profile-max .*section\[0\]\.section/,
  ],
  [
    'a section that names another kind of resource',
    (b) => {
      const patient = b.entry.find((e: Loose) => e.resource.resourceType === 'Patient').fullUrl;
      composition(b).section[0].entry = [{ reference: patient }];
    },
    /profile-target .*section\[0\]\.entry\[0\]/,
  ],
];
for (const [rule, change, issue] of brokenDocuments)
  test(`a summary is refused: ${rule}`, () => {
    const issues = found(document(change), 'Bundle-uv-ips');
    assert.ok(
      issues.some((one) => issue.test(one)),
      JSON.stringify(issues),
    );
  });

test('a profile that somebody loads: closed slices, required codes, presence, a base profile', () => {
  const own = profileOf(
    parseJson(
      JSON.stringify({
        resourceType: 'StructureDefinition',
        url: 'http://x/p',
        type: 'Patient',
        baseDefinition: `${ips}Patient-uv-ips`,
        snapshot: {
          element: [
            { id: 'Patient', path: 'Patient' },
            {
              id: 'Patient.identifier',
              path: 'Patient.identifier',
              slicing: { discriminator: [{ type: 'value', path: 'system' }], rules: 'closed' },
            },
            { id: 'Patient.identifier:mrn', path: 'Patient.identifier', sliceName: 'mrn', min: 1, max: '1' },
            {
              id: 'Patient.identifier:mrn.system',
              path: 'Patient.identifier.system',
              fixedUri: 'http://mrn',
            },
            {
              id: 'Patient.gender',
              path: 'Patient.gender',
              min: 1,
              binding: {
                strength: 'required',
                valueSet: 'http://hl7.org/fhir/ValueSet/administrative-gender|4.0.1',
              },
            },
            {
              id: 'Patient.telecom',
              path: 'Patient.telecom',
              slicing: { discriminator: [{ type: 'exists', path: 'period' }], rules: 'open' },
            },
            { id: 'Patient.telecom:old', path: 'Patient.telecom', sliceName: 'old', max: '1' },
            { id: 'Patient.telecom:old.period', path: 'Patient.telecom.period', min: 1 },
          ],
        },
      }),
    ) as JsonObject,
  );
  assert.ok(own);
  const judged = (patient: object): string[] =>
    validateProfile(JSON.parse(JSON.stringify({ resourceType: 'Patient', ...patient })), own, sources).map(
      (i) => `${i.messageKey} ${i.expression}`,
    );
  const good = {
    name: [{ text: 'x' }],
    birthDate: '2000',
    gender: 'male',
    identifier: [{ system: 'http://mrn', value: '1' }],
  };
  assert.deepEqual(judged(good), []);
  assert.deepEqual(judged({ ...good, gender: 'man' }), ['profile-binding Patient.gender']);
  assert.deepEqual(judged({ ...good, birthDate: undefined }), ['profile-min Patient.birthDate']);
  assert.deepEqual(judged({ ...good, identifier: [{ system: 'http://x' }, { system: 'http://mrn' }] }), [
    'profile-slice Patient.identifier[0]',
  ]);
  assert.deepEqual(
    judged({
      ...good,
      telecom: [{ period: { start: '2000' } }, { period: { end: '2001' } }, { value: '1' }],
    }),
    ['profile-max Patient.telecom'],
  );
});

test('resources that name each other in circles are judged once', () => {
  const issues = found(
    document((b) => {
      const patient = b.entry.find((e: Loose) => e.resource.resourceType === 'Patient');
      patient.resource.link = [{ other: { reference: patient.fullUrl }, type: 'seealso' }];
    }),
    'Bundle-uv-ips',
  );
  assert.deepEqual(issues, []);
});
