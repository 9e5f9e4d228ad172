// The invented people: believable, complete enough, nobody's, and the same every time.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { validateResource } from '../../../core/fhir/validate.ts';
import type { Resource } from '../../../core/fhir/types.ts';
import { codeLists } from '../../../core/record/code-lists/terms.ts';
import { validateForm } from '../../../core/record/validate-forms.ts';
import { sectionIds } from '../../../core/record/facts.ts';
import { readFacts } from '../../../core/record/read-facts.ts';
import { daysBefore } from '../../../demo/calendar.ts';
import { courses, courseOf } from '../../../demo/courses.ts';
import type { CourseKey } from '../../../demo/courses.ts';
import { directory } from '../../../demo/directory.ts';
import { doctors, organizations } from '../../../demo/directory-list.ts';
import { logins } from '../../../demo/logins.ts';
import { patientResource } from '../../../demo/patient.ts';
import { people, personOf } from '../../../demo/people.ts';
import { demoPhone } from '../../../demo/places.ts';
import { chanceOf, idOf } from '../../../demo/random.ts';
import { recordOf } from '../../../demo/record.ts';

const today = '2026-11-20';
const patientId = '5f0c1a52-6c6f-4a43-9a0b-7f6d6f1f0a11';
const listIds = new Map(
  Object.entries(codeLists).map(([name, list]) => [name, new Set(list.map(({ id }) => id))]),
);

/** A record as it is read back: with the tag that the server sets. */
function stored(key: string): Resource[] {
  const person = personOf(key);
  return [
    { ...patientResource(person, patientId, today), id: patientId },
    ...recordOf(person, patientId, today).map(({ author, resource }) => ({
      ...resource,
      meta: { tag: [{ system: 'urn:medallion:author', code: author }] },
    })),
  ];
}

test('there are at least 40 people in 12 families, and what the interface promises beside them', () => {
  assert.ok(people.length >= 40);
  assert.equal(new Set(people.map(({ family }) => family)).size, 12);
  const count = (kind: string) => organizations.filter((one) => one.kind === kind).length;
  assert.deepEqual(['hospital', 'laboratory', 'pharmacy', 'blood-bank'].map(count), [3, 2, 4, 2]);
  assert.equal(doctors.length, 12);
  assert.equal(new Set(doctors.map(({ specialty }) => specialty)).size, 8);
  for (const login of [
    'patient',
    'guardian',
    'doctor',
    'doctor2',
    'desk',
    'lab',
    'pharmacy',
    'auditor',
    'admin',
  ])
    assert.ok(
      logins.some((one) => one.login === `${login}@demo`),
      login,
    );
});

test('nobody shares a key, a name or a telephone number, and every number is of the range kept for the demo', () => {
  for (const part of ['key', 'name', 'hindiName'] as const)
    assert.equal(new Set(people.map((one) => one[part])).size, people.length, part);
  const serials = [...people.flatMap(({ phone = [] }) => phone), ...organizations.map(({ phone }) => phone)];
  assert.equal(new Set(serials).size, serials.length);
  for (const serial of serials) assert.match(demoPhone(serial), /^\+91900004\d{4}$/);
});

test('a login that is a telephone number is the number of that person', () => {
  for (const { login, phone } of people)
    if (login?.startsWith('+')) assert.equal(login, demoPhone(phone ?? 0));
});

test('everybody has somebody of the same family to call, who has a telephone', () => {
  for (const { key, family, contacts } of people) {
    assert.ok(contacts.length > 0, key);
    for (const contact of contacts) {
      const other = personOf(contact.key);
      assert.equal(other.family, family);
      assert.notEqual(other.key, key);
      assert.notEqual(other.phone, undefined, contact.key);
      assert.ok(listIds.get('relations')?.has(contact.relation), contact.relation);
    }
  }
});

test('every choice is an entry of its list, so that nothing is stored without its code', () => {
  const known = (list: string, id: string | undefined) =>
    assert.ok(id && listIds.get(list)?.has(id), `${list} ${id}`);
  for (const key of Object.keys(courses) as CourseKey[]) {
    known('conditions', courseOf(key).condition);
    for (const { medicine, route } of courseOf(key).medicines) {
      known('medicines', medicine.listId);
      if (route !== undefined) known('routes', route);
    }
  }
  for (const person of people) {
    for (const one of person.allergies === 'none' ? [] : (person.allergies ?? [])) {
      known('allergens', one.substance.listId);
      for (const reaction of one.reactions ?? []) known('reactions', reaction.listId);
      assert.deepEqual(validateForm('allergies', one, today), []);
    }
    for (const one of person.implants ?? []) known('implants', one.implant.listId);
    for (const one of person.disabilities ?? []) known('disabilities', one.listId);
    for (const one of person.ownMedicines ?? []) known('medicines', one.medicine.listId);
    if (person.bloodGroup) known('bloodGroups', person.bloodGroup.group);
    for (const language of person.languages) known('languages', language);
  }
});

test('every resource is valid FHIR, has an id of its own, and lies in the past', () => {
  const all = [
    ...directory(),
    ...people.flatMap((person) => recordOf(person, patientId, today).map(({ resource }) => resource)),
  ];
  for (const resource of all)
    assert.deepEqual(validateResource(resource), [], `${resource.resourceType}/${resource.id}`);
  for (const person of people)
    assert.deepEqual(validateResource(patientResource(person, patientId, today)), [], person.key);
  assert.equal(new Set(all.map(({ id }) => id)).size, all.length);
  const after = daysBefore(today, -1);
  for (const resource of all)
    for (const key of ['recordedDate', 'effectiveDateTime', 'authoredOn', 'occurrenceDateTime', 'date'])
      if (typeof resource[key] === 'string')
        assert.ok(resource[key] < after, `${resource.resourceType}.${key}`);
});

test('the same day gives the same records, byte for byte; another day gives the same people', () => {
  for (const person of people)
    assert.equal(
      JSON.stringify(recordOf(person, patientId, today)),
      JSON.stringify(recordOf(person, patientId, today)),
    );
  assert.equal(idOf('Patient/asha-rao'), idOf('Patient/asha-rao'));
  assert.notEqual(idOf('Patient/asha-rao'), idOf('Patient/ravi-rao'));
  assert.match(idOf('x'), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(chanceOf('a').next(), chanceOf('a').next());
});

test('every section of what matters is recorded for somebody, and all three silences but the holder’s own occur', () => {
  const states = people.flatMap(({ key }) => {
    const facts = readFacts(stored(key), today);
    return sectionIds.map((id) => `${id} ${facts[id].state}`);
  });
  for (const id of sectionIds) assert.ok(states.includes(`${id} recorded`), id);
  for (const id of ['allergies', 'conditions', 'medicines'])
    for (const state of ['none-known', 'not-recorded'])
      assert.ok(states.includes(`${id} ${state}`), `${id} ${state}`);
});

test('Asha’s record says what the guide to the demo says', () => {
  const facts = readFacts(stored('asha-rao'), today);
  const of = <T>(section: { state: string; facts?: readonly T[] }): readonly T[] => section.facts ?? [];
  const [identity] = of(facts.identity);
  assert.equal(identity?.value.name, 'Asha Rao');
  assert.deepEqual(
    identity?.value.languages.map(({ code }) => code),
    ['kn', 'en', 'hi'],
  );
  const [allergy] = of(facts.allergies);
  assert.equal(allergy?.value.substance, 'Penicillin');
  assert.equal(allergy?.source.who, 'Dr Meera Iyer');
  assert.deepEqual(
    of(facts.conditions)
      .map((one) => one.value.name)
      .toSorted(),
    ['Complete heart block', 'Type 1 diabetes'],
  );
  const medicines = of(facts.medicines).map((one) => [one.value.name, one.source.verified]);
  assert.deepEqual(medicines, [
    ['Warfarin', true],
    ['Insulin glargine', true],
    ['Insulin lispro', true],
    ['Iron tablets', false],
  ]);
  const [blood] = of(facts['blood-group']);
  assert.deepEqual(
    [blood?.value.text, blood?.source.who, blood?.source.date],
    ['A+', 'Kaveri Diagnostics', '2024-05-02'],
  );
  assert.deepEqual(
    of(facts.contacts).map((one) => [one.value.name, one.value.relation?.text]),
    [
      ['Ravi Rao', 'Husband'],
      ['Lata Rao', 'Mother-in-law'],
    ],
  );
  const results = recordOf(personOf('asha-rao'), patientId, today).filter(({ resource }) =>
    JSON.stringify(resource['code'] ?? '').includes('6301-6'),
  );
  assert.ok(results.length >= 18, 'a series of INR over 18 months');
});
