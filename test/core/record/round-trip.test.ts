// What a form says comes back as the same facts, as valid FHIR, and what the form does not know stays.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Resource } from '../../../core/fhir/types.ts';
import { validateResource } from '../../../core/fhir/validate.ts';
import { objectAt, objectsAt, textAt } from '../../../core/record/elements.ts';
import type { SectionId } from '../../../core/record/facts.ts';
import type { SectionForms } from '../../../core/record/forms.ts';
import { readFacts } from '../../../core/record/read-facts.ts';
import { validateForm } from '../../../core/record/validate-forms.ts';
import type { Change, WriteContext } from '../../../core/record/write-elements.ts';
import {
  canSayNoneKnown,
  FactsRecorded,
  removeFact,
  saveFact,
  sayNoneKnown,
  unsayNoneKnown,
} from '../../../core/record/write-facts.ts';

const today = '2026-11-20';
const patient: Resource = {
  resourceType: 'Patient',
  id: 'p1',
  name: [{ text: 'Asha Rao' }],
  identifier: [{ system: 'urn:medallion:uhid', value: '48210937665015' }],
};

/** A record that applies changes as the store does: ids given, versions counted. */
class Store {
  resources: Resource[];
  private count = 0;

  constructor(resources: readonly Resource[] = [patient]) {
    this.resources = [...resources];
  }

  get context(): WriteContext {
    return { patientId: 'p1', today, current: this.resources };
  }

  apply(changes: readonly Change[], author = 'patient'): Resource[] {
    return changes.map((change) => {
      const problems = validateResource(change.resource).filter((issue) => issue.severity === 'error');
      assert.deepEqual(problems, [], JSON.stringify(change.resource));
      const id = change.kind === 'create' ? `r${++this.count}` : (textAt(change.resource, 'id') ?? '');
      const meta = { versionId: '1', tag: [{ system: 'urn:medallion:author', code: author }] };
      const stored: Resource = { ...change.resource, id, meta };
      this.resources = [...this.resources.filter((one) => one['id'] !== id), stored];
      return stored;
    });
  }

  save<Id extends SectionId>(section: Id, form: SectionForms[Id], stored?: Resource): Resource[] {
    assert.deepEqual(validateForm(section, form, today), []);
    return this.apply(saveFact(section, form, this.context, stored));
  }

  first<Id extends SectionId>(section: Id) {
    const state = readFacts(this.resources, today)[section];
    assert.equal(state.state, 'recorded', section);
    const [fact] = state.state === 'recorded' ? state.facts : [];
    assert.ok(fact);
    return fact;
  }

  state(section: SectionId): string {
    return readFacts(this.resources, today)[section].state;
  }
}

const examples: { readonly [Id in SectionId]: readonly [form: SectionForms[Id], expected: object] } = {
  identity: [
    {
      name: 'Asha R. Rao',
      localNames: [{ language: 'hi', text: 'आशा राव' }],
      birthDate: '1980-02-01',
      sex: 'female',
      sexAtBirth: 'female',
      languages: ['kn', 'en', 'hi'],
      photo: { url: '/api/photos/abc', contentType: 'image/jpeg' },
    },
    {
      name: 'Asha R. Rao',
      localNames: [{ language: 'hi', text: 'आशा राव' }],
      birthDate: '1980-02-01',
      sex: 'female',
      sexAtBirth: 'female',
      languages: [
        { code: 'kn', text: 'Kannada', preferred: true },
        { code: 'en', text: 'English', preferred: false },
        { code: 'hi', text: 'Hindi', preferred: false },
      ],
      photo: { url: '/api/photos/abc', contentType: 'image/jpeg' },
      uhid: '48210937665015',
    },
  ],
  address: [
    {
      phone: '+91 90000 41122',
      email: 'asha@example.org',
      lines: ['12 Temple Road'],
      city: 'Mysuru',
      state: 'Karnataka',
      postalCode: '570001',
      country: 'IN',
    },
    {
      home: {
        lines: ['12 Temple Road'],
        city: 'Mysuru',
        state: 'Karnataka',
        postalCode: '570001',
        country: 'IN',
      },
      phones: ['+919000041122'],
      emails: ['asha@example.org'],
    },
  ],
  allergies: [
    {
      substance: { text: 'Penicillin', listId: 'penicillin' },
      criticality: 'high',
      reactions: [{ text: 'Anaphylaxis', listId: 'anaphylaxis' }],
      severity: 'severe',
      since: '2019',
      lastReaction: '2019-03-14',
      note: 'In hospital',
    },
    {
      substance: 'Penicillin',
      category: 'medication',
      criticality: 'high',
      severity: 'severe',
      since: '2019',
      lastReaction: '2019-03-14',
      note: 'In hospital',
    },
  ],
  conditions: [
    {
      condition: { text: 'Type 1 diabetes', listId: 'type-1-diabetes' },
      since: '1996',
      severity: 'moderate',
      note: 'Pump',
    },
    {
      name: 'Type 1 diabetes',
      since: '1996',
      status: 'active',
      severity: 'moderate',
      uncertain: false,
      note: 'Pump',
    },
  ],
  medicines: [
    {
      medicine: { text: 'Warfarin', listId: 'warfarin' },
      doseText: 'Once a day, evening',
      doseValue: 5,
      doseUnit: 'mg',
      frequency: { times: 1, period: 1, unit: 'd' },
      route: 'oral',
      reason: 'Irregular heartbeat',
      since: '2021-06',
    },
    {
      name: 'Warfarin',
      basis: 'taken',
      doseText: 'Once a day, evening',
      dose: { value: 5, unit: 'mg' },
      frequency: { times: 1, period: 1, unit: 'd' },
      asNeeded: false,
      reason: 'Irregular heartbeat',
      since: '2021-06',
    },
  ],
  disabilities: [
    { disability: { text: 'Hard of hearing', listId: 'hard-of-hearing' }, note: 'Speak facing me' },
    { name: 'Hard of hearing', note: 'Speak facing me' },
  ],
  vaccinations: [
    { vaccine: { text: 'Tetanus', listId: 'tetanus' }, date: '2023-02-11', doseNumber: 3, lot: 'A12' },
    { vaccine: 'Tetanus', date: '2023-02-11', doseNumber: '3', lot: 'A12' },
  ],
  implants: [
    {
      implant: { text: 'Pacemaker', listId: 'pacemaker' },
      since: '2021-06-14',
      mri: 'conditional',
      model: 'Azure XT',
    },
    { kind: 'Pacemaker', since: '2021-06-14', mri: 'conditional', model: 'Azure XT' },
  ],
  'blood-group': [
    { group: 'ab-negative', knownFrom: 'lab-report', date: '2024-05-02' },
    { text: 'AB−', abo: 'AB', rhesus: 'negative', knownFrom: 'lab-report' },
  ],
  body: [{ weightKg: 61.5 }, { kind: 'weight', value: 61.5, unit: 'kg', date: today }],
  pregnancy: [
    { state: 'pregnant', due: '2027-03-01' },
    { state: 'pregnant', due: '2027-03-01', date: today },
  ],
  'care-team': [
    {
      doctor: {
        name: 'Dr Meera Iyer',
        specialty: 'Cardiology',
        place: 'Kaveri General, Mysuru',
        phone: '0821 555 0140',
      },
      hospital: { name: 'Kaveri General' },
    },
    {
      role: 'doctor',
      name: 'Dr Meera Iyer',
      specialty: 'Cardiology',
      place: 'Kaveri General, Mysuru',
      phone: '08215550140',
    },
  ],
  contacts: [
    {
      contacts: [
        { name: 'Ravi Rao', relation: { text: 'Husband', listId: 'husband' }, phone: '+91 90000 41122' },
      ],
    },
    { name: 'Ravi Rao', phone: '+919000041122', order: 1 },
  ],
  'organ-donor': [
    { answer: 'some', organs: [{ text: 'Kidneys', listId: 'kidney' }] },
    { answer: 'some', date: today },
  ],
  directives: [
    { kind: 'dnr', whereToFind: 'Blue folder, kitchen', date: '2025-01-02' },
    { kind: 'dnr', whereToFind: 'Blue folder, kitchen', date: '2025-01-02' },
  ],
  documents: [
    {
      title: 'Discharge letter',
      kind: 'discharge-summary',
      date: '2026-01-05',
      url: '/api/files/0199-abc',
      contentType: 'application/pdf',
      sizeBytes: 20_480,
    },
    {
      title: 'Discharge letter',
      kind: 'discharge-summary',
      date: '2026-01-05',
      fileId: '0199-abc',
      contentType: 'application/pdf',
      sizeBytes: 20_480,
    },
  ],
};

for (const section of Object.keys(examples) as SectionId[]) {
  test(`${section}: what a form says is read back, from valid FHIR, as self-reported`, () => {
    const store = new Store();
    const [form, expected] = examples[section];
    store.save(section, form);
    const fact = store.first(section);
    assert.deepEqual({ ...fact.value, ...expected }, fact.value);
    assert.equal(fact.source.kind, 'patient');
    assert.equal(fact.source.verified, false);
  });

  test(`${section}: saving what is already there changes nothing but the statement's own day`, () => {
    const store = new Store();
    const [form] = examples[section];
    const [stored] = store.save(section, form);
    assert.ok(stored);
    const before = store.first(section).value;
    store.save(section, form, stored);
    assert.deepEqual(store.first(section).value, before);
    const same = store.resources.filter((one) => one.resourceType === stored.resourceType);
    assert.equal(same.length, 1, 'an edit makes no second resource');
  });
}

test('codes stand beside the words where a list is sure, and only there', () => {
  const store = new Store();
  const [coded] = store.save('allergies', { substance: { text: 'Peanuts', listId: 'peanut' } });
  assert.deepEqual(objectAt(coded, 'code')?.['coding'], [
    { system: 'http://snomed.info/sct', code: '762952008' },
  ]);
  const [typed] = store.save('allergies', { substance: { text: 'Aunt May’s green soup' } });
  assert.deepEqual(typed?.['code'], { text: 'Aunt May’s green soup' });
  const [loose] = store.save('conditions', { condition: { text: 'diabetes' } });
  assert.deepEqual(loose?.['code'], { text: 'diabetes' }, 'nobody said which type');
});

test('editing keeps what the form does not know', () => {
  const imported: Resource = {
    resourceType: 'AllergyIntolerance',
    id: 'a1',
    clinicalStatus: {
      coding: [
        { system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' },
      ],
    },
    code: { coding: [{ system: 'http://snomed.info/sct', code: '91936005' }], text: 'Penicillin' },
    patient: { reference: 'Patient/p1' },
    identifier: [{ system: 'urn:x', value: '7' }],
    onsetAge: { value: 12, system: 'http://unitsofmeasure.org', code: 'a', unit: 'years' },
    reaction: [{ manifestation: [{ text: 'Hives' }], exposureRoute: { text: 'oral' } }],
    note: [{ text: 'first' }, { text: 'second' }],
  };
  const store = new Store([patient, imported]);
  const [stored] = store.save(
    'allergies',
    { substance: { text: 'Penicillin' }, reactions: [{ text: 'Rash' }], note: 'changed' },
    imported,
  );
  assert.deepEqual(stored?.['identifier'], imported['identifier']);
  assert.deepEqual(stored?.['onsetAge'], imported['onsetAge']);
  assert.deepEqual(stored?.['code'], imported['code'], 'the same words keep their codes');
  assert.deepEqual(objectsAt(stored, 'reaction')[0]?.['exposureRoute'], { text: 'oral' });
  assert.deepEqual(stored?.['note'], [{ text: 'changed' }, { text: 'second' }]);
});

test('identity, address and contacts live in one Patient and leave each other alone', () => {
  const store = new Store();
  for (const section of ['identity', 'address', 'contacts'] as const)
    store.save(section, examples[section][0]);
  const facts = readFacts(store.resources);
  assert.equal(facts.identity.state, 'recorded');
  assert.equal(facts.address.state, 'recorded');
  assert.equal(facts.contacts.state, 'recorded');
  assert.equal(store.resources.filter((one) => one.resourceType === 'Patient').length, 1);
  assert.deepEqual(store.resources[0]?.['identifier'], patient['identifier']);
});

test('contacts keep their order and an employer stays where it was', () => {
  const employer = {
    relationship: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0131', code: 'E' }] }],
    organization: { display: 'Mill' },
  };
  const store = new Store([{ ...patient, contact: [employer] }]);
  const contacts = [
    { name: 'Lata', phone: '100200' },
    { name: 'Ravi', phone: '100300', relation: { text: 'Husband', listId: 'husband' } },
    { name: 'Anil', phone: '100400', relation: { text: 'My dentist' } },
  ];
  store.save('contacts', { contacts });
  const read = readFacts(store.resources).contacts;
  assert.equal(read.state, 'recorded');
  assert.deepEqual(
    read.state === 'recorded' &&
      read.facts.map((fact) => [fact.value.name, fact.value.relation?.text, fact.value.order]),
    [
      ['Lata', undefined, 1],
      ['Ravi', 'Husband', 2],
      ['Anil', 'My dentist', 3],
    ],
  );
  assert.deepEqual(objectsAt(store.resources[0], 'contact').at(-1), employer);
});

test('a prescription that the person edits stays, and their own statement stands beside it', () => {
  const order: Resource = {
    resourceType: 'MedicationRequest',
    id: 'm1',
    status: 'active',
    intent: 'order',
    medicationCodeableConcept: { text: 'Warfarin' },
    subject: { reference: 'Patient/p1' },
  };
  const store = new Store([patient, order]);
  store.save('medicines', { medicine: { text: 'Warfarin' }, doseText: '3 mg' }, order);
  assert.equal(
    store.resources.find((one) => one['id'] === 'm1'),
    order,
  );
  const read = readFacts(store.resources).medicines;
  assert.equal(read.state === 'recorded' && read.facts.length, 2);
});

for (const section of [
  'allergies',
  'conditions',
  'medicines',
  'disabilities',
  'vaccinations',
  'implants',
  'directives',
] as const) {
  test(`${section}: none known is a code, ends with the first fact, and can be taken back`, () => {
    const store = new Store();
    assert.equal(store.state(section), 'not-recorded');
    store.apply(sayNoneKnown(section, store.context));
    assert.equal(store.state(section), 'none-known');
    for (const other of [
      'allergies',
      'conditions',
      'medicines',
      'disabilities',
      'vaccinations',
      'implants',
    ] as const)
      if (other !== section)
        assert.equal(store.state(other), 'not-recorded', `${section} says nothing about ${other}`);
    assert.deepEqual(sayNoneKnown(section, store.context), [], 'said once is enough');
    store.apply(unsayNoneKnown(section, store.context));
    assert.equal(store.state(section), 'not-recorded');

    store.apply(sayNoneKnown(section, store.context));
    store.save(section, examples[section][0]);
    assert.equal(store.state(section), 'recorded');
    assert.throws(() => sayNoneKnown(section, store.context), FactsRecorded);
    const fact = store.first(section);
    const stored = store.resources.find((one) => one['id'] === fact.resource.id);
    assert.ok(stored);
    store.apply(removeFact(stored, 'over', store.context));
    assert.equal(store.state(section), 'not-recorded', 'the denial does not come back by itself');
  });
}

test('only sections with a coded denial can say none known', () => {
  assert.equal(canSayNoneKnown('allergies'), true);
  for (const section of ['identity', 'blood-group', 'contacts', 'documents'] as const)
    assert.equal(canSayNoneKnown(section), false);
});

for (const section of Object.keys(examples) as SectionId[]) {
  for (const reason of ['mistake', 'over'] as const) {
    if (['identity', 'address', 'contacts'].includes(section)) continue;
    test(`${section}: what is taken back as ${reason} is valid FHIR and no longer shown`, () => {
      const store = new Store();
      const [stored] = store.save(section, examples[section][0]);
      assert.ok(stored);
      store.apply(removeFact(stored, reason, store.context));
      assert.equal(store.state(section), 'not-recorded');
      assert.ok(
        store.resources.some((one) => one['id'] === stored['id']),
        'nothing is deleted',
      );
    });
  }
}

test('weights of different days are all kept, the newest is shown', () => {
  const store = new Store();
  store.save('body', { weightKg: 60, date: '2026-01-01' });
  store.save('body', { weightKg: 61, heightCm: 165, date: '2026-02-01' });
  store.save('body', { weightKg: 62, date: '2026-02-01' });
  const weights = store.resources.filter((one) => JSON.stringify(one).includes('29463-7'));
  assert.equal(weights.length, 2);
  const body = readFacts(store.resources).body;
  assert.deepEqual(body.state === 'recorded' && body.facts.map((fact) => fact.value.value), [62, 165]);
});
