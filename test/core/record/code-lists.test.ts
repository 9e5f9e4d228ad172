// The lists: unique entries, codes in the right systems, search in two scripts, and no careless equations.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { searchList } from '../../../core/record/code-lists/code-list.ts';
import { medicineClasses, medicineEntry, medicines } from '../../../core/record/code-lists/medicines.ts';
import { codeLists, termIn, type CodeListName } from '../../../core/record/code-lists/terms.ts';
import { conditions } from '../../../core/record/code-lists/conditions.ts';

const listNames = Object.keys(codeLists) as CodeListName[];

for (const name of listNames) {
  test(`${name}: ids are unique and safe, both languages are there, no code stands twice`, () => {
    const ids = new Set<string>();
    const codes = new Set<string>();
    for (const entry of codeLists[name]) {
      assert.match(entry.id, /^[a-z0-9-]+$/);
      assert.ok(!ids.has(entry.id), entry.id);
      ids.add(entry.id);
      assert.notEqual(entry.en.trim(), '');
      assert.match(entry.hi, /\p{Script=Devanagari}/u, entry.id);
      for (const code of entry.codes) {
        const key = `${code.system}|${code.code}`;
        assert.ok(!codes.has(key), `${entry.id} ${key}`);
        codes.add(key);
      }
    }
  });
}

/** The Verhoeff check digit that every SNOMED CT identifier carries. */
function verhoeffHolds(digits: string): boolean {
  const multiply = [
    '0123456789',
    '1234067895',
    '2340178956',
    '3401289567',
    '4012395678',
    '5987604321',
    '6598710432',
    '7659821043',
    '8765932104',
    '9876543210',
  ];
  const permute = [
    '0123456789',
    '1576283094',
    '5803796142',
    '8916043527',
    '9453126870',
    '4286573901',
    '2793806415',
    '7046913258',
  ];
  let check = 0;
  for (const [place, digit] of digits.split('').toReversed().entries())
    check = Number(multiply[check]?.[Number(permute[place % 8]?.[Number(digit)])]);
  return check === 0;
}

test('every SNOMED CT code has a right check digit, every ATC code the shape of one', () => {
  let seen = 0;
  for (const name of listNames) {
    for (const entry of codeLists[name]) {
      for (const { system, code } of entry.codes) {
        if (system === 'http://snomed.info/sct') assert.ok(verhoeffHolds(code), `${entry.id} ${code}`);
        if (system === 'http://www.whocc.no/atc')
          assert.match(code, /^[A-Z]\d{2}[A-Z](?:[A-Z](?:\d{2})?)?$/, entry.id);
        seen += 1;
      }
    }
  }
  assert.ok(seen > 400);
});

const searches: readonly (readonly [list: CodeListName, query: string, first: string])[] = [
  ['medicines', 'warf', 'warfarin'],
  ['medicines', 'ecosp', 'aspirin'],
  ['medicines', 'वारफ', 'warfarin'],
  ['medicines', 'इंसुलिन ग्ल', 'insulin-glargine'],
  ['allergens', 'groundnut', 'peanut'],
  ['allergens', 'मूँगफ', 'peanut'],
  ['conditions', 'CROHN’S', 'crohn'],
  ['conditions', 'sickle', 'sickle-cell'],
  ['conditions', 'haemophi', 'haemophilia'],
  ['conditions', 'मिर', 'epilepsy'],
  ['languages', 'ಕನ್ನಡ', 'kn'],
  ['relations', 'सास', 'mother-in-law'],
  ['bloodGroups', 'o neg', 'o-negative'],
  ['vaccines', 'tetanus', 'tetanus'],
];
for (const [list, query, first] of searches)
  test(`searching ${list} for "${query}" finds ${first} first`, () => {
    assert.equal(
      searchList<{ id: string; en: string; hi: string; codes: []; aliases: [] }>(
        codeLists[list] as never,
        query,
      )[0]?.id,
      first,
    );
  });

test('accents and the nukta do not matter', () => {
  assert.equal(searchList(medicines, 'WÁRFARIN')[0]?.id, 'warfarin');
  assert.equal(searchList(medicines, 'वारफरिन')[0]?.id, 'warfarin');
});

test('what no entry holds finds nothing, and a huge query is no trouble', () => {
  assert.deepEqual(searchList(conditions, 'zzz'), []);
  assert.deepEqual(searchList(conditions, 'zz '.repeat(100_000)), []);
});

const products: readonly (readonly [name: string, id: string | undefined, ...classes: string[]])[] = [
  ['Clopidogrel 75 MG Oral Tablet', 'clopidogrel', 'antiplatelet'],
  ['predniSONE 5 MG Oral Tablet', 'prednisone', 'steroid'],
  ['Hydrocortisone 1% cream', 'hydrocortisone'],
  ['dexamethasone eye drops', 'dexamethasone'],
  ['Insulin glargine 100 UNT/ML Injectable Solution [Lantus]', 'insulin-glargine', 'insulin', 'diabetes'],
  ['Insulin', 'insulin', 'insulin', 'diabetes'],
  ['Acetaminophen 325 MG / oxyCODONE Hydrochloride 5 MG Oral Tablet', 'paracetamol', 'opioid'],
  ['Warfarinoid tea', undefined],
  ['Trinessa 28 Day Pack', undefined, 'contraception'],
];
for (const [name, id, ...classes] of products)
  test(`"${name}" is ${id ?? 'on no list'}: ${classes.join(', ') || 'no class'}`, () => {
    assert.equal(medicineEntry([], name)?.id, id);
    assert.deepEqual([...medicineClasses([], name)].sort(), [...classes].sort());
  });

test('a medicine is known by its ATC group even where its name is not', () => {
  const atc = (code: string) => medicineClasses([{ system: 'http://www.whocc.no/atc', code }], 'Unheard-of');
  assert.deepEqual(atc('B01AA07'), ['anticoagulant']);
  assert.deepEqual(atc('H02AB15'), ['steroid']);
  assert.deepEqual(atc('N02BE01'), []);
});

test('a vague word is not turned into a diagnosis in another language', () => {
  assert.equal(termIn('hi', 'conditions', 'diabetes', []), 'diabetes');
  assert.equal(termIn('hi', 'conditions', 'Type 1 diabetes', []), 'टाइप 1 मधुमेह');
  assert.equal(termIn('hi', 'medicines', 'Warfarin 5 MG Oral Tablet', []), 'Warfarin 5 MG Oral Tablet');
  assert.equal(termIn('en', 'conditions', 'anything', []), 'anything');
});
