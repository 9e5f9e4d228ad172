// What a responder sees: the fastest killer first, three silences never mixed, nothing of what is held back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  defaultCardSettings,
  readCardSettings,
  type CardSettings,
} from '../../../core/card/card-settings.ts';
import { emergencySummaries, emergencySummary } from '../../../core/card/emergency-summary.ts';
import { plainTextFallback } from '../../../core/card/plain-text.ts';
import { sourceWords } from '../../../core/card/summary-words.ts';
import { say, sayAll } from '../../../core/card/words/say.ts';
import { sectionIds, type SectionId } from '../../../core/record/facts.ts';
import { readFacts } from '../../../core/record/read-facts.ts';

const today = '2026-11-20';
const snomed = 'http://snomed.info/sct';
const tagged = (kind: string) => ({ versionId: '1', tag: [{ system: 'urn:medallion:author', code: kind }] });

const asha = {
  resourceType: 'Patient',
  id: 'p',
  meta: tagged('patient'),
  name: [{ text: 'Asha Rao' }],
  gender: 'female',
  birthDate: '1980-02-01',
  identifier: [{ system: 'urn:medallion:uhid', value: '48210937665015' }],
  communication: [{ language: { coding: [{ system: 'urn:ietf:bcp:47', code: 'kn' }] }, preferred: true }],
  address: [{ city: 'Mysuru' }],
  photo: [{ url: '/photo' }],
  contact: [
    {
      relationship: [
        { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0131', code: 'C' }] },
        {
          coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-RoleCode', code: 'HUSB' }],
          text: 'Husband',
        },
      ],
      name: { text: 'Ravi Rao' },
      telecom: [{ system: 'phone', value: '+919000041122' }],
    },
  ],
};
const allergy = (text: string, more: object = {}) => ({
  resourceType: 'AllergyIntolerance',
  id: `allergy-${text}`,
  meta: tagged('professional'),
  asserter: { display: 'Dr Meera Iyer' },
  recordedDate: '2019-03-14',
  code: { text },
  ...more,
});
const condition = (text: string, more: object = {}) => ({
  resourceType: 'Condition',
  id: `condition-${text}`,
  meta: tagged('professional'),
  code: { text },
  ...more,
});
const medicine = (text: string, more: object = {}) => ({
  resourceType: 'MedicationStatement',
  id: `medicine-${text}`,
  meta: tagged('professional'),
  status: 'active',
  medicationCodeableConcept: { text },
  ...more,
});
const implant = (text: string, more: object = {}) => ({
  resourceType: 'DeviceUseStatement',
  id: `implant-${text}`,
  meta: tagged('organization'),
  status: 'active',
  device: { display: text },
  ...more,
});
const blood = (value: string, kind: string) => ({
  resourceType: 'Observation',
  id: `blood-${value}`,
  meta: tagged(kind),
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '882-1' }] },
  valueCodeableConcept: { text: value },
  effectiveDateTime: '2024-05-02',
});
const severe = {
  reaction: [{ manifestation: [{ text: 'Anaphylaxis' }], severity: 'severe', onset: '2019' }],
};

function settingsWith(tiers: Partial<CardSettings['tiers']>, more: Partial<CardSettings> = {}): CardSettings {
  return { ...defaultCardSettings, ...more, tiers: { ...defaultCardSettings.tiers, ...tiers } };
}

function summaryOf(resources: readonly object[], settings = defaultCardSettings) {
  return emergencySummary(readFacts(resources, today), settings, today);
}

function nouns(resources: readonly object[], settings = defaultCardSettings): string[] {
  return summaryOf(resources, settings).dangers.lines.map((line) => say('en', line.noun));
}

test('the picture of the design: nouns, reasons and their order', () => {
  const summary = summaryOf([
    asha,
    implant('Pacemaker', { timingDateTime: '2021-06-14' }),
    medicine('Insulin glargine'),
    condition('Type 1 diabetes'),
    medicine('Warfarin', { dosage: [{ text: '5 mg daily' }] }),
    allergy('Penicillin', severe),
  ]);
  const words = summary.dangers.lines.map((line) => [say('en', line.noun), sayAll('en', line.detail)]);
  assert.deepEqual(words, [
    ['Penicillin allergy', 'Anaphylaxis in 2019. Do not give.'],
    ['Takes warfarin', 'Blood thinner, 5 mg daily. Bleeds easily.'],
    ['Needs insulin', 'Type 1 diabetes. Never stop it.'],
    ['Has a pacemaker', 'Since 2021. Ask cardiology before MRI.'],
  ]);
  const hindi = summary.dangers.lines.map((line) => say('hi', line.noun));
  assert.deepEqual(hindi, [
    'पेनिसिलिन (Penicillin) से एलर्जी',
    'वारफ़रिन (Warfarin) चल रही है',
    'इंसुलिन ज़रूरी है',
    'पेसमेकर लगा है',
  ]);
  const printed = summary.dangers.lines.map((line) => [say('en', line.shortNoun), sayAll('en', line.reason)]);
  assert.deepEqual(printed, [
    ['Penicillin', 'Anaphylaxis. Do not give.'],
    ['Warfarin', 'Blood thinner. Bleeds easily.'],
    ['Insulin', 'Type 1 diabetes. Never stop it.'],
    ['Pacemaker', 'Ask cardiology before MRI.'],
  ]);
  for (const [noun = '', reason = ''] of printed)
    assert.ok(noun.length <= 20 && reason.length <= 40, `${noun} ${reason}`);
});

test('danger lines stand in the order of how fast they kill, whatever the order of the record', () => {
  const order: readonly (readonly [noun: string, resource: object])[] = [
    ['Penicillin allergy', allergy('Penicillin', severe)],
    ['Peanuts allergy', allergy('Peanuts', { criticality: 'high' })],
    ['Difficult airway', condition('Difficult airway')],
    ['Takes apixaban', medicine('Apixaban')],
    ['Haemophilia A', condition('Haemophilia A')],
    ['Takes clopidogrel', medicine('Clopidogrel')],
    ['Codeine allergy', allergy('Codeine')],
    ['Needs insulin', medicine('Insulin aspart')],
    ['Needs steroids', medicine('Prednisolone 10 mg')],
    ['Has a heart defibrillator (ICD)', implant('Heart defibrillator (ICD)')],
    [
      'Do not resuscitate',
      {
        resourceType: 'Consent',
        id: 'd',
        status: 'active',
        scope: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'adr' }] },
        category: [
          { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentcategorycodes', code: 'dnr' }] },
        ],
        sourceAttachment: { title: 'Blue folder' },
      },
    ],
    [
      'Pregnant',
      {
        resourceType: 'Observation',
        id: 'pr',
        status: 'final',
        code: { coding: [{ system: 'http://loinc.org', code: '82810-3' }] },
        valueCodeableConcept: { text: 'Pregnant' },
        effectiveDateTime: '2026-10-01',
      },
    ],
    ['Epilepsy', condition('Epilepsy')],
    ['Weak immune system', medicine('Tacrolimus')],
    ['Latex allergy', allergy('Latex', { criticality: 'low' })],
    ['Grass pollen allergy', allergy('Grass pollen', { criticality: 'low' })],
  ];
  const expected = order.map(([noun]) => noun);
  assert.deepEqual(nouns(order.map(([, resource]) => resource)), expected);
  assert.deepEqual(nouns(order.map(([, resource]) => resource).toReversed()), expected);
});

test('every danger line has a source and names the resources it stands on', () => {
  const summary = summaryOf([allergy('Penicillin'), medicine('Warfarin', { meta: tagged('patient') })]);
  assert.deepEqual(
    summary.dangers.lines.map((line) => line.source.kind),
    ['patient', 'professional'],
  );
  assert.deepEqual(summary.dangers.lines[0]?.resources[0]?.id, 'medicine-Warfarin');
});

test('several mild allergies share one line that names them all, none is lost', () => {
  const mild = ['Peanuts', 'Tree pollen', 'Mould', 'Cats'].map((text) =>
    allergy(text, { criticality: 'low' }),
  );
  const [line] = summaryOf(mild).dangers.lines;
  assert.ok(line);
  assert.equal(say('en', line.noun), 'Allergies');
  assert.equal(sayAll('en', line.detail), 'Peanuts, Cats, Mould, Tree pollen');
  assert.equal(sayAll('en', line.reason), 'Peanuts, Cats and 2 more');
  assert.equal(line.resources.length, 4);
});

test('an allergy of unknown severity counts as a danger', () => {
  assert.deepEqual(nouns([allergy('Peanuts')]), ['Peanuts allergy']);
});

test('a cream is no steroid danger and an inhaler no blood thinner', () => {
  assert.deepEqual(nouns([medicine('Hydrocortisone 1% cream'), medicine('Prednisolone eye drops')]), []);
});

test('a pregnancy that must be over is no danger, and the row says so', () => {
  const status = (date: string) => ({
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '82810-3' }] },
    valueCodeableConcept: { text: 'Pregnant' },
    effectiveDateTime: date,
  });
  const old = summaryOf([status('2025-11-01')]);
  assert.equal(old.dangers.lines.length, 0);
  const row = old.alsoUseful.find((one) => one.id === 'pregnancy');
  assert.equal(
    row?.value === undefined ? '' : say('en', row.value),
    'Pregnant on 1\u00a0Nov\u00a02025. May be over.',
  );
  assert.deepEqual(nouns([status('2026-05-01')]), ['Pregnant']);
});

test('nothing recorded shows not recorded everywhere, and never "none"', () => {
  const summary = summaryOf([]);
  assert.equal(summary.whoState, 'not-recorded');
  assert.equal(summary.dangers.state, 'none-recorded');
  assert.equal(summary.dangers.noKnownAllergies, undefined);
  for (const block of [
    summary.allergies,
    summary.conditions,
    summary.medicines,
    summary.implants,
    summary.bloodGroup,
    summary.contacts,
    summary.directives,
  ])
    assert.deepEqual(block, { state: 'not-recorded' });
  for (const row of summary.alsoUseful)
    assert.equal(row.state, row.id === 'organ-donor' ? 'needs-code' : 'not-recorded', row.id);
  const open = emergencySummary(readFacts([]), defaultCardSettings, today, 'second');
  for (const row of open.alsoUseful) assert.equal(row.state, 'not-recorded', row.id);
});

test('no known allergies carries who asked, and only when it is coded', () => {
  const none = allergy('x', { code: { coding: [{ system: snomed, code: '716186003' }] } });
  assert.equal(summaryOf([none]).dangers.noKnownAllergies?.source.who, 'Dr Meera Iyer');
  assert.equal(summaryOf([allergy('NKDA')]).dangers.noKnownAllergies, undefined);
});

const full = [
  asha,
  allergy('Penicillin', severe),
  condition('Epilepsy'),
  medicine('Warfarin'),
  implant('Pacemaker'),
  blood('A+', 'organization'),
  condition('Deaf', { category: [{ coding: [{ system: snomed, code: '21134002' }] }] }),
  {
    resourceType: 'Immunization',
    id: 'i',
    status: 'completed',
    vaccineCode: { text: 'Tetanus' },
    occurrenceDateTime: '2023-02-11',
  },
  {
    resourceType: 'Observation',
    id: 'w',
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '29463-7' }] },
    valueQuantity: { value: 61, code: 'kg' },
  },
  {
    resourceType: 'Observation',
    id: 'o',
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '75781-5' }] },
    valueCodeableConcept: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0316', code: 'Y' }],
    },
  },
  {
    resourceType: 'DocumentReference',
    id: 'doc',
    status: 'current',
    description: 'Letter',
    content: [{ attachment: { url: '/f/1' } }],
  },
];

for (const section of sectionIds) {
  for (const placement of ['second', 'none'] as const) {
    test(`${section} placed at ${placement}: the first tier is the same with and without facts in it`, () => {
      const settings = settingsWith({ [section]: placement });
      const facts = readFacts(full, today);
      const emptied = { ...facts, [section]: { state: 'not-recorded' } };
      const source = { kind: 'professional', verified: true } as const;
      const denied = {
        ...facts,
        [section]: { state: 'none-known', source, resource: { type: '', id: '', version: '' } },
      };
      const withFacts = emergencySummary(facts, settings, today);
      assert.deepEqual(emergencySummary(emptied, settings, today), withFacts);
      assert.deepEqual(emergencySummary(denied, settings, today), withFacts);
      assert.equal(
        plainTextFallback(withFacts, 'u'),
        plainTextFallback(emergencySummary(emptied, settings, today), 'u'),
      );
    });
  }
}

test('the second tier opens what is placed there, and never what is withheld', () => {
  const settings = settingsWith({ conditions: 'second', medicines: 'none' });
  const { first, second } = emergencySummaries(readFacts(full, today), settings, today);
  assert.equal(first.conditions.state, 'needs-code');
  assert.equal(first.medicines.state, 'withheld');
  assert.equal(first.moreWithCode, true);
  assert.equal(first.dangers.partly, true);
  assert.equal(second.conditions.state, 'recorded');
  assert.equal(second.medicines.state, 'withheld');
  assert.equal(second.moreWithCode, false);
  assert.ok(!second.dangers.lines.some((line) => line.section === 'medicines'));
});

test('with dangers held back and none shown, the block says so instead of "none recorded"', () => {
  assert.equal(summaryOf([], settingsWith({ allergies: 'none' })).dangers.state, 'withheld');
  assert.equal(
    summaryOf(
      full,
      settingsWith({ allergies: 'none', conditions: 'none', medicines: 'second', implants: 'none' }),
    ).dangers.state,
    'withheld',
  );
});

const sensitive: readonly (readonly [name: string, resource: object & { id: string }])[] = [
  [
    'HIV by code',
    condition('x', {
      code: {
        coding: [{ system: snomed, code: '86406008', display: 'Human immunodeficiency virus infection' }],
      },
    }),
  ],
  ['HIV by its medicine', medicine('Tenofovir, lamivudine, dolutegravir')],
  [
    'HIV by ICD-10',
    condition('x', {
      code: { text: 'B20', coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'B20' }] },
    }),
  ],
  ['depression', condition('Major depression disorder')],
  ['its medicine', medicine('Fluoxetine 25MG')],
  ['alcohol dependence', condition('Alcohol dependence (disorder)')],
  ['an overdose', condition('Drug overdose')],
  ['a miscarriage', condition('Miscarriage in first trimester')],
  ['the pill', medicine('Trinessa 28 Day Pack')],
  ['syphilis', condition('Syphilis')],
  ['a medicine by its reason', medicine('Propranolol', { reasonCode: [{ text: 'Panic attacks' }] })],
];
for (const [name, resource] of sensitive) {
  test(`${name} is kept off unless it is ticked, and its section does not say "not recorded"`, () => {
    const id = resource.id;
    const section: SectionId = id.startsWith('medicine') ? 'medicines' : 'conditions';
    const kept = summaryOf([resource]);
    assert.deepEqual(kept[section], { state: 'withheld' });
    assert.ok(!JSON.stringify(kept).includes(id));
    const beside = summaryOf([resource, section === 'medicines' ? medicine('Metformin') : condition('Gout')])[
      section
    ];
    assert.equal(beside.state === 'recorded' && beside.facts.length, 1);
    const ticked = summaryOf([resource], settingsWith({}, { includeSensitive: [id] }))[section];
    assert.equal(ticked.state, 'recorded');
  });
}

test('what emergency care needs is not taken for sensitive', () => {
  for (const text of ['Epilepsy', 'Dementia', 'Hepatitis B', 'Drug allergy', 'Preeclampsia'])
    assert.equal(summaryOf([condition(text)]).conditions.state, 'recorded', text);
  for (const text of ['Diazepam', 'Morphine', 'Insulin'])
    assert.equal(summaryOf([medicine(text)]).medicines.state, 'recorded', text);
});

test('a hidden fact is nowhere, and name and contacts cannot be hidden by accident with it', () => {
  const summary = summaryOf(full, settingsWith({}, { hidden: ['medicine-Warfarin', 'p'] }));
  assert.ok(!JSON.stringify(summary).includes('Warfarin'));
  assert.equal(summary.who?.name, 'Asha Rao');
  assert.equal(summary.contacts.state, 'recorded');
});

test('photo and birth date follow their own switches, the age stays, the number is never whole', () => {
  const shown = summaryOf([asha]).who;
  assert.equal(shown?.photo?.url, '/photo');
  assert.equal(shown?.uhidEnding, '5015');
  const kept = summaryOf([asha], { ...defaultCardSettings, showPhoto: false, showBirthDate: false });
  assert.equal(kept.who?.photo, undefined);
  assert.equal(kept.who?.birthDate, undefined);
  assert.equal(kept.who?.age?.value, 46);
  assert.ok(!JSON.stringify(kept).includes('1980'));
  assert.ok(!JSON.stringify(kept).includes('48210937665015'));
});

test('a self-declared blood group never looks checked, and contradicting groups are all shown', () => {
  const self = summaryOf([blood('A+', 'patient')]).bloodGroup;
  assert.ok(self.state === 'recorded' && self.facts[0]?.source.verified === false);
  const words =
    self.state === 'recorded' && self.facts[0] ? sayAll('en', sourceWords(self.facts[0].source)) : '';
  assert.match(words, /Not checked by a doctor/);
  const both = summaryOf([blood('A+', 'patient'), blood('O-', 'organization')]).bloodGroup;
  assert.ok(both.state === 'recorded' && both.contradicts && both.facts.length === 2);
  assert.equal(both.state === 'recorded' && both.facts[0]?.value.text, 'O−', 'the laboratory first');
  const half = summaryOf([blood('A+', 'organization'), blood('A', 'patient')]).bloodGroup;
  assert.ok(half.state === 'recorded' && !half.contradicts && half.facts.length === 1);
});

test('tetanus is read from any vaccine that holds it; other vaccines do not answer for it', () => {
  const given = (text: string) => ({
    resourceType: 'Immunization',
    status: 'completed',
    vaccineCode: { text },
    occurrenceDateTime: '2023-02-11',
  });
  const row = (text: string) => summaryOf([given(text)]).alsoUseful.find((one) => one.id === 'tetanus');
  const tdap = row('Tdap')?.value;
  assert.equal(tdap === undefined ? '' : say('en', tdap), 'Last dose 11\u00a0Feb\u00a02023');
  assert.equal(row('BCG')?.state, 'not-recorded');
});

test('the plain text holds the lines of the sheet, fits a readable code and holds no control character', () => {
  const text = plainTextFallback(summaryOf(full), 'https://h.example/e/abc');
  assert.equal(
    text,
    [
      'EMERGENCY CARD - Asha Rao female b.1980-02-01 (kn)',
      'ALLERGY: Penicillin (Anaphylaxis)',
      'TAKES: Warfarin',
      'HAS: Epilepsy, Pacemaker',
      'BLOOD: A positive (lab 2024-05-02)',
      'CALL: Ravi Rao (Husband) +919000041122',
      'FULL: https://h.example/e/abc',
    ].join('\n'),
  );
  const many = Array.from({ length: 40 }, (_, place) =>
    allergy(`Some long substance number ${place}`, severe),
  );
  const long = plainTextFallback(summaryOf([asha, ...many]), 'https://h.example/e/abc');
  assert.ok(new TextEncoder().encode(long).length <= 287, long);
  assert.match(long, / \+\d\d\n/, 'says how many more there are');
  assert.match(plainTextFallback(summaryOf([]), 'u'), /ALLERGY: not recorded/);
  assert.match(
    plainTextFallback(summaryOf(full, settingsWith({ allergies: 'none' })), 'u'),
    /ALLERGY: not shown here/,
  );
});

test('settings from anywhere are complete and never more open than they say', () => {
  assert.deepEqual(readCardSettings(undefined), defaultCardSettings);
  assert.deepEqual(
    readCardSettings({ tiers: { allergies: 'everybody', __proto__: { medicines: 'none' } } }),
    defaultCardSettings,
  );
  assert.equal(readCardSettings({ tiers: { allergies: 'none' } }).tiers.allergies, 'none');
  assert.deepEqual(readCardSettings({ hidden: ['a', 'a', 7, '../x', ''] }).hidden, ['a']);
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const settings = readCardSettings({ tiers: value, hidden: value, showPhoto: value });
      assert.deepEqual(readCardSettings(JSON.parse(JSON.stringify(settings))), settings);
    }),
  );
});
