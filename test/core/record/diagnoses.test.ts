// The list that a diagnosis is searched in: found by everyday words in both languages, and no code that nobody is sure of.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { searchList } from '../../../core/record/code-lists/code-list.ts';
import { conditions } from '../../../core/record/code-lists/conditions.ts';
import { diagnoses } from '../../../core/record/code-lists/diagnoses.ts';

const all = [...diagnoses, ...conditions];

it('holds each name and each id once, and every entry in both languages', () => {
  for (const part of ['id', 'en'] as const) {
    const seen = diagnoses.map((one) => one[part].toLowerCase());
    assert.deepEqual(
      seen.filter((one, place) => seen.indexOf(one) !== place),
      [],
      part,
    );
  }
  for (const { id, hi } of diagnoses) assert.match(hi, /\p{Script=Devanagari}/u, id);
  for (const { id } of diagnoses) assert.match(id, /^[a-z0-9.-]+$/u);
});

for (const [typed, name] of [
  ['dengue', 'Dengue fever'],
  ['fit', 'Seizure'],
  ['croup', 'Croup'],
  ['साँप', 'Snake bite'],
  ['newborn jaundice', 'Neonatal jaundice'],
  ['heart attack', 'Acute coronary syndrome'],
  ['piles', 'Haemorrhoids'],
  ['dka', 'Diabetic ketoacidosis'],
  ['fever fit', 'Febrile seizure'],
  ['appendi', 'Acute appendicitis'],
] as const)
  it(`finds ${name} by “${typed}”`, () => {
    assert.ok(
      searchList(all, typed).some(({ en }) => en === name),
      searchList(all, typed)
        .map(({ en }) => en)
        .join(', '),
    );
  });
