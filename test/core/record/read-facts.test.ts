// Reading any record: what counts as current, who says so, and the three silences that are never mixed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseJson } from '../../../core/fhir/json.ts';
import { sectionIds, type Fact, type Section } from '../../../core/record/facts.ts';
import { readFacts } from '../../../core/record/read-facts.ts';
import { bodyMassIndex, groupFromWords } from '../../../core/record/read-observations.ts';

const snomed = 'http://snomed.info/sct';
const absent = 'http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips';
const subject = { reference: 'Patient/p' };

function facts<T>(section: Section<T>): readonly Fact<T>[] {
  assert.equal(section.state, 'recorded');
  return section.state === 'recorded' ? section.facts : [];
}

const author = (code: string, display?: string) => ({
  versionId: '3',
  tag: [{ system: 'urn:medallion:author', code, ...(display === undefined ? {} : { display }) }],
});

const allergy = (more: object = {}) => ({
  resourceType: 'AllergyIntolerance',
  id: 'a',
  code: { text: 'Penicillin' },
  patient: subject,
  ...more,
});
const condition = (text: string, more: object = {}) => ({
  resourceType: 'Condition',
  id: text,
  code: { text },
  subject,
  ...more,
});
const clinical = (code: string) => ({
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code }],
});
const taken = (more: object = {}) => ({
  resourceType: 'MedicationStatement',
  id: 'm',
  status: 'active',
  medicationCodeableConcept: { text: 'Warfarin' },
  subject,
  ...more,
});
const observation = (code: string, more: object) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code }] },
  subject,
  ...more,
});

test('nothing recorded reads as not recorded in every section', () => {
  for (const resources of [[], [{}], [null, 7, 'x', []], [{ resourceType: 'Patient' }]]) {
    const read = readFacts(resources);
    for (const id of sectionIds) assert.deepEqual(read[id], { state: 'not-recorded' }, id);
  }
});

test('none known is said only by a code, and only for its own section', () => {
  const denials: readonly (readonly [object, readonly string[]])[] = [
    [allergy({ code: { coding: [{ system: snomed, code: '716186003' }] } }), ['allergies']],
    [allergy({ code: { coding: [{ system: absent, code: 'no-known-allergies' }] } }), ['allergies']],
    [allergy({ code: { text: 'NKDA' } }), []],
    [allergy({ code: { text: 'No known allergies' } }), []],
    [allergy({ code: { coding: [{ system: absent, code: 'no-allergy-info' }] } }), []],
    [
      allergy({
        code: { coding: [{ system: snomed, code: '409137002', display: 'No known drug allergy' }] },
      }),
      [],
    ],
    [
      condition('none', { code: { coding: [{ system: absent, code: 'no-known-problems' }] } }),
      ['conditions'],
    ],
    [
      condition('none', { code: { coding: [{ system: snomed, code: '160245001' }] } }),
      ['conditions', 'disabilities'],
    ],
    [
      taken({ medicationCodeableConcept: { coding: [{ system: snomed, code: '787481004' }] } }),
      ['medicines'],
    ],
    [taken({ medicationCodeableConcept: { coding: [{ system: absent, code: 'no-medication-info' }] } }), []],
    [
      {
        resourceType: 'Immunization',
        status: 'not-done',
        vaccineCode: { coding: [{ system: absent, code: 'no-known-immunizations' }] },
      },
      ['vaccinations'],
    ],
  ];
  for (const [resource, sections] of denials) {
    const read = readFacts([resource]);
    for (const id of sectionIds) {
      const expected = sections.includes(id) ? 'none-known' : 'not-recorded';
      assert.equal(read[id].state, expected, `${id} for ${JSON.stringify(resource)}`);
    }
  }
});

test('a fact beside "none known" wins: it is never hidden', () => {
  const none = allergy({ id: 'n', code: { coding: [{ system: snomed, code: '716186003' }] } });
  assert.equal(facts(readFacts([none, allergy()]).allergies)[0]?.value.substance, 'Penicillin');
});

const notCurrent: readonly (readonly [name: string, resource: object])[] = [
  ['an inactive allergy', allergy({ clinicalStatus: clinical('inactive') })],
  ['a resolved allergy', allergy({ clinicalStatus: clinical('resolved') })],
  ['a refuted allergy', allergy({ verificationStatus: clinical('refuted') })],
  ['an allergy entered in error', allergy({ verificationStatus: clinical('entered-in-error') })],
  ['a resolved condition', condition('Flu', { clinicalStatus: clinical('resolved') })],
  ['a condition with an end and no status', condition('Flu', { abatementDateTime: '2020' })],
  [
    'a refuted condition',
    condition('Flu', { clinicalStatus: clinical('active'), verificationStatus: clinical('refuted') }),
  ],
  ['a stopped medicine', taken({ status: 'stopped' })],
  ['a medicine that was never taken', taken({ status: 'not-taken' })],
  ['a medicine that ended', taken({ effectivePeriod: { end: '2026-11-19' } })],
  [
    'an order not to give',
    { ...taken(), resourceType: 'MedicationRequest', intent: 'order', doNotPerform: true },
  ],
  ['a proposed order', { ...taken(), resourceType: 'MedicationRequest', intent: 'proposal' }],
  [
    'a vaccination not done',
    { resourceType: 'Immunization', status: 'not-done', vaccineCode: { text: 'BCG' } },
  ],
  [
    'a cancelled blood group',
    observation('882-1', { status: 'cancelled', valueCodeableConcept: { text: 'A+' } }),
  ],
  [
    'a superseded document',
    { resourceType: 'DocumentReference', status: 'superseded', description: 'x', content: [] },
  ],
  [
    'a meter that is used, not implanted',
    { resourceType: 'Device', status: 'active', type: { text: 'Blood glucose meter' } },
  ],
  [
    'a care team of a visit',
    { resourceType: 'CareTeam', status: 'active', participant: [{ member: { display: 'Dr X' } }] },
  ],
];
for (const [name, resource] of notCurrent) {
  test(`${name} is not shown`, () => {
    const read = readFacts([resource], '2026-11-20');
    for (const id of sectionIds) assert.equal(read[id].state, 'not-recorded', id);
  });
}

const circumstances = [
  'Received higher education (finding)',
  'Full-time employment (finding)',
  'Not in labor force (finding)',
  'Unemployed (finding)',
  'Social isolation (finding)',
  'Limited social contact (finding)',
  'Stress (finding)',
  'Has a criminal record (finding)',
  'Housing unsatisfactory (finding)',
  'Victim of intimate partner abuse (finding)',
  'Medication review due (situation)',
  'Educated to high school level (finding)',
  'Refugee (person)',
];
test('circumstances of life are not shown as diseases', () => {
  for (const text of circumstances)
    assert.equal(readFacts([condition(text)]).conditions.state, 'not-recorded', text);
  const icd = condition('x', {
    code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'Z59.0', display: 'Homelessness' }] },
  });
  assert.equal(readFacts([icd]).conditions.state, 'not-recorded');
});

test('diseases whose names hold such words are shown', () => {
  for (const text of [
    'Stress fracture (disorder)',
    'Stress ulcer (disorder)',
    'School-age asthma',
    'Body mass index 30+ - obesity (finding)',
  ])
    assert.equal(readFacts([condition(text)]).conditions.state, 'recorded', text);
});

const sources: readonly (readonly [name: string, resource: object, expected: object])[] = [
  [
    'the patient says so, whatever asserter the resource names',
    allergy({
      meta: author('patient'),
      asserter: { reference: 'Practitioner/d', display: 'Dr Iyer' },
      recordedDate: '2026-08-09',
    }),
    { kind: 'patient', who: 'Asha', attributedTo: 'Dr Iyer', date: '2026-08-09', verified: false },
  ],
  [
    'a professional says so and is named',
    allergy({
      meta: author('professional'),
      asserter: { reference: 'Practitioner/d', display: 'Dr Iyer' },
      recordedDate: '2026-11-18T10:00:00Z',
    }),
    { kind: 'professional', who: 'Dr Iyer', date: '2026-11-18', verified: true },
  ],
  [
    'a laboratory says so',
    { ...allergy(), meta: author('organization', 'Kaveri Diagnostics') },
    { kind: 'organization', who: 'Kaveri Diagnostics', verified: true },
  ],
  [
    'a guardian says so',
    allergy({ meta: author('guardian', 'Ravi') }),
    { kind: 'guardian', who: 'Ravi', verified: false },
  ],
  [
    'a verification that only the resource itself claims is an import',
    allergy({ verificationStatus: clinical('confirmed'), asserter: { display: 'Dr Fake' } }),
    { kind: 'import', who: 'Dr Fake', verified: false },
  ],
  [
    'an unknown author code is an import',
    allergy({ meta: author('admin') }),
    { kind: 'import', verified: false },
  ],
];
for (const [name, resource, expected] of sources) {
  test(`source: ${name}`, () => {
    const read = readFacts([{ resourceType: 'Patient', id: 'p', name: [{ text: 'Asha' }] }, resource]);
    assert.deepEqual(facts(read.allergies)[0]?.source, expected);
  });
}

test('the same allergy twice is one, the worse account of it', () => {
  const code = (c: string, text: string) => ({ coding: [{ system: snomed, code: c }], text });
  const read = readFacts([
    allergy({ id: '1', code: code('91936005', 'Allergy to penicillin (finding)') }),
    allergy({ id: '2', code: { text: 'penicillin' }, criticality: 'high' }),
    allergy({ id: '3', code: { text: 'Erythromycin' } }),
    allergy({ id: '4', code: { text: 'Azithromycin' } }),
  ]);
  assert.deepEqual(
    facts(read.allergies).map((one) => [one.value.substance, one.resource.id]),
    [
      ['Penicillin', '2'],
      ['Erythromycin', '3'],
      ['Azithromycin', '4'],
    ],
  );
});

test('a medicine in two doses is shown twice, in one dose once', () => {
  const dosage = (value: number) => [{ doseAndRate: [{ doseQuantity: { value, unit: 'mg' } }] }];
  const read = readFacts([
    taken({ id: '1', dosage: dosage(5) }),
    taken({ id: '2', dosage: dosage(5) }),
    taken({ id: '3', dosage: dosage(3) }),
  ]);
  assert.equal(facts(read.medicines).length, 2);
});

test('a medicine by reference is named by what it points to', () => {
  const contained = taken({
    medicationCodeableConcept: undefined,
    medicationReference: { reference: '#x' },
    contained: [{ resourceType: 'Medication', id: 'x', code: { text: 'Digoxin' } }],
  });
  const apart = taken({
    id: '2',
    medicationCodeableConcept: undefined,
    medicationReference: { reference: 'Medication/y' },
  });
  const read = readFacts([
    contained,
    apart,
    { resourceType: 'Medication', id: 'y', code: { text: 'Insulin glargine' } },
  ]);
  assert.deepEqual(
    facts(read.medicines).map((one) => one.value.name),
    ['Insulin glargine', 'Digoxin'],
  );
});

const groups: readonly (readonly [written: string, text: string])[] = [
  ['A+', 'A+'],
  ['O neg', 'O−'],
  ['AB RhD positive', 'AB+'],
  ['Blood group B Rh(D) negative', 'B−'],
  ['0 positive', 'O+'],
  ['b', 'B'],
  ['A1B', 'A1B'],
  ['not done', 'not done'],
];
for (const [written, text] of groups)
  test(`the blood group "${written}" reads as ${text}`, () =>
    assert.equal(groupFromWords(written).text, text));

test('ABO and Rh from two observations join only within one degree of trust', () => {
  const abo = observation('883-9', {
    id: 'a',
    meta: author('organization'),
    valueCodeableConcept: { coding: [{ system: snomed, code: '112144000', display: 'A' }] },
  });
  const rh = (kind: string) =>
    observation('10331-7', {
      id: 'r',
      meta: author(kind),
      valueCodeableConcept: { coding: [{ system: snomed, code: '165746003', display: 'neg' }] },
    });
  assert.equal(facts(readFacts([abo, rh('organization')])['blood-group'])[0]?.value.text, 'A−');
  assert.equal(facts(readFacts([abo, rh('patient')])['blood-group'])[0]?.value.text, 'A');
});

test('pounds and inches become kilograms and centimetres, nonsense is not believed', () => {
  const quantity = (value: number, code: string) => ({
    valueQuantity: { value, code },
    effectiveDateTime: '2026-01-01',
  });
  const read = readFacts([
    observation('29463-7', quantity(150, '[lb_av]')),
    observation('8302-2', quantity(70, '[in_i]')),
  ]);
  assert.deepEqual(
    facts(read.body).map((one) => one.value.value),
    [68, 177.8],
  );
  assert.equal(bodyMassIndex(read.body), 21.5);
  for (const odd of [quantity(7000, 'kg'), quantity(-3, 'kg'), quantity(60, 'stone'), {}])
    assert.equal(readFacts([observation('29463-7', odd)]).body.state, 'not-recorded');
});

test('a weight with a kept decimal (61.50) is read', () => {
  const kept = parseJson(
    JSON.stringify(observation('29463-7', { valueQuantity: { value: 0, code: 'kg' } })).replace(
      '"value":0',
      '"value":61.50',
    ),
  );
  assert.equal(facts(readFacts([kept]).body)[0]?.value.value, 61.5);
});

test('control and direction characters never reach a fact', () => {
  const read = readFacts([allergy({ code: { text: 'Pen\u0000i\u202ecillin\n\n' } })]);
  assert.equal(facts(read.allergies)[0]?.value.substance, 'Pen i cillin');
});

const samples: readonly object[] = [
  {
    resourceType: 'Patient',
    id: 'p',
    name: [{ text: 'A' }],
    contact: [{ name: { text: 'R' }, telecom: [{ value: '1' }] }],
    communication: [{ language: { coding: [{ code: 'hi' }] } }],
  },
  allergy({
    reaction: [{ manifestation: [{ text: 'x' }], severity: 'severe' }],
    asserter: { reference: '#d' },
    contained: [{ resourceType: 'Practitioner', id: 'd', name: [{ family: 'Iyer' }] }],
  }),
  condition('Asthma', {
    clinicalStatus: clinical('active'),
    category: [{ coding: [{ system: snomed, code: '21134002' }] }],
  }),
  taken({
    dosage: [
      {
        text: 'x',
        timing: { repeat: { frequency: 1, period: 1, periodUnit: 'd' } },
        doseAndRate: [{ doseQuantity: { value: 1 } }],
      },
    ],
  }),
  {
    ...taken(),
    resourceType: 'MedicationRequest',
    intent: 'order',
    medicationReference: { reference: 'Medication/1' },
  },
  {
    resourceType: 'Immunization',
    status: 'completed',
    vaccineCode: { text: 'BCG' },
    protocolApplied: [{ doseNumberPositiveInt: 1 }],
  },
  {
    resourceType: 'DeviceUseStatement',
    status: 'active',
    device: { reference: '#d' },
    contained: [
      { resourceType: 'Device', id: 'd', type: { text: 'Pacemaker' }, safety: [{ text: 'MR safe' }] },
    ],
  },
  observation('882-1', { valueCodeableConcept: { text: 'A+' } }),
  observation('82810-3', {
    valueCodeableConcept: { text: 'Pregnant' },
    component: [
      { code: { coding: [{ system: 'http://loinc.org', code: '11778-8' }] }, valueDateTime: '2027-01-01' },
    ],
  }),
  observation('75781-5', {
    valueCodeableConcept: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0316', code: 'Y' }],
    },
  }),
  {
    resourceType: 'CareTeam',
    status: 'active',
    category: [{ coding: [{ system: 'urn:medallion:care-team', code: 'preferred' }] }],
    participant: [{ member: { reference: '#d', display: 'Dr' } }],
    contained: [{ resourceType: 'Practitioner', id: 'd', telecom: [{ system: 'phone', value: '1' }] }],
  },
  {
    resourceType: 'Consent',
    status: 'active',
    scope: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'adr' }] },
    category: [{ text: 'x' }],
    sourceAttachment: { title: 'here' },
  },
  {
    resourceType: 'DocumentReference',
    status: 'current',
    description: 'x',
    content: [{ attachment: { url: '/a/b', size: 3 } }],
  },
];

/** A copy with one value somewhere in it replaced by something it should not be. */
function mutated(value: unknown, path: readonly number[], replacement: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined || typeof value !== 'object' || value === null) return replacement;
  const keys = Object.keys(value);
  const key = keys[step % Math.max(keys.length, 1)];
  if (key === undefined) return replacement;
  if (Array.isArray(value))
    return value.map((item, place) =>
      String(place) === key ? mutated(item, rest, replacement) : (item as unknown),
    );
  return { ...value, [key]: mutated((value as Record<string, unknown>)[key], rest, replacement) };
}

test('the samples that are mutated are themselves shown', () => {
  const read = readFacts(samples);
  const empty = sectionIds.filter((id) => read[id].state !== 'recorded');
  assert.deepEqual(empty, ['address', 'conditions', 'body'], 'Asthma is filed as a disability here');
});

test('no mutation of a resource makes reading throw', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: samples.length - 1 }),
      fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 7 }),
      fc.jsonValue(),
      (which, path, replacement) => {
        const changed = samples.map((sample, place) =>
          place === which ? mutated(sample, path, replacement) : sample,
        );
        const read = readFacts(changed, '2026-11-20');
        for (const id of sectionIds) assert.notEqual(read[id].state, 'withheld');
      },
    ),
    { numRuns: 3000 },
  );
});

test('references in a circle end', () => {
  const practitioner = {
    resourceType: 'PractitionerRole',
    id: 'r',
    practitioner: { reference: 'PractitionerRole/r' },
  };
  const read = readFacts([practitioner, allergy({ asserter: { reference: 'PractitionerRole/r' } })]);
  assert.equal(facts(read.allergies).length, 1);
});
